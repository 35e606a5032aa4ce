//! What several gateways know of sign-ins together, in their database. Each keeps in memory what it needs for most
//! requests, and hears of what the others have done a moment later.

use super::{KNOWN, MAX_TOKENS, Session, Sessions, TOKENS_PER_ACCOUNT, parse_signature};
use crate::{
	errors::{Refusal, SignInRefusal},
	http::now,
	receipts::Reader,
	state::{Change, Lock, Row, State, values},
};
use medblock_chain::AccountId;
use medblock_crypto::Challenge;
use std::{
	io,
	time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The time until a gateway hears that another one has ended a token.
const NEWS: Duration = Duration::from_secs(1);
/// So many times later, it hears who has signed in there, and what is over is removed.
const TICKS: u64 = 60;
/// How far back it looks then, in seconds: clocks differ a little.
const SLACK: u64 = 3 * 60;

impl Sessions {
	/// Sessions that all gateways with this database share.
	pub async fn shared(state: State) -> io::Result<Self> {
		let mut sessions = Self::default();
		*sessions.key = state.identity().await?.challenge_key;
		sessions.shared = Some(state);
		sessions.learn(now().saturating_sub(KNOWN)).await?;
		Ok(sessions)
	}

	/// Hears what other gateways do, for as long as this one runs.
	pub async fn follow(&self) {
		for tick in 1_u64.. {
			tokio::time::sleep(NEWS).await;
			let now = now();
			let mut heard = self.hear(now).await;
			if tick.is_multiple_of(TICKS) {
				let learnt = self.learn(now.saturating_sub(SLACK)).await;
				heard = heard.and(learnt).and(self.clear(now).await);
			}
			if let Err(why) = heard {
				tracing::warn!(%why, "what other gateways do can't be read now");
			}
		}
	}

	/// Ends the tokens here that ended at another gateway.
	pub(super) async fn hear(&self, now: u64) -> io::Result<()> {
		let Some(state) = &self.shared else { return Ok(()) };
		let rows = state.all("SELECT token FROM ended WHERE expires > $1", values![now]).await?;
		let ended: Vec<[u8; 32]> =
			rows.iter().map(|row| row.bytes(0)).collect::<io::Result<_>>()?;
		let mut sessions = self.state();
		for token in ended {
			sessions.tokens.remove(&token);
		}
		Ok(())
	}

	/// Learns which accounts have signed in since then.
	pub(super) async fn learn(&self, since: u64) -> io::Result<()> {
		let Some(state) = &self.shared else { return Ok(()) };
		let statement = "SELECT account, at FROM known WHERE at >= $1 ORDER BY at DESC LIMIT $2";
		let rows = state.all(statement, values![since, MAX_TOKENS as u64]).await?;
		let read =
			|row: &Row| -> io::Result<([u8; 32], u64)> { Ok((row.bytes(0)?, row.number(1)?)) };
		let known: Vec<_> = rows.iter().map(read).collect::<io::Result<_>>()?;
		let mut sessions = self.state();
		for (account, at) in known {
			sessions.know(account, at);
		}
		Ok(())
	}

	/// Removes what is over from the database.
	async fn clear(&self, now: u64) -> io::Result<()> {
		let Some(state) = &self.shared else { return Ok(()) };
		let mut change = state.change().await?;
		change.lock(Lock::Sessions).await?;
		for (statement, until) in [
			("DELETE FROM sessions WHERE expires <= $1", now),
			("DELETE FROM ended WHERE expires <= $1", now),
			("DELETE FROM nonces WHERE expires <= $1", now),
			("DELETE FROM known WHERE at <= $1", now.saturating_sub(KNOWN)),
		] {
			change.run(statement, values![until]).await?;
		}
		change.commit().await
	}

	/// Writes a sign-in down, and ends the account's oldest token if it has more than it may. Refuses a challenge that was
	/// used at any gateway.
	pub(super) async fn share(
		&self,
		token: [u8; 32],
		session: &Session,
		(nonce, nonce_expires): (&str, u64),
		now: u64,
	) -> Result<(), Refusal> {
		let Some(state) = &self.shared else { return Ok(()) };
		let account = session.account.0;
		let sharing = async {
			let mut change = state.change().await?;
			if !use_nonce(&mut change, account, nonce.as_bytes(), nonce_expires).await? {
				return Ok(false);
			}
			let statement = "INSERT INTO sessions \
				(token, account, challenge, signature, expires, opened) \
				VALUES ($1, $2, $3, $4, $5, $6)";
			let signature = parse_signature(&session.signature).unwrap_or([0; 64]);
			let challenge = session.challenge.as_str();
			let values = values![token, account, challenge, signature, session.expires, order()];
			change.run(statement, values).await?;
			let statement =
				"SELECT token, expires FROM sessions WHERE account = $1 ORDER BY opened DESC";
			let own = change.all(statement, values![account]).await?;
			for row in own.into_iter().skip(TOKENS_PER_ACCOUNT) {
				end(&mut change, row.bytes(0)?, row.number(1)?).await?;
			}
			let statement = "INSERT INTO known (account, at) VALUES ($1, $2) \
				ON CONFLICT (account) DO UPDATE SET at = excluded.at";
			change.run(statement, values![account, now]).await?;
			change.commit().await?;
			Ok::<_, io::Error>(true)
		};
		used_once(sharing.await)
	}

	/// Uses up a challenge at all gateways.
	pub(super) async fn share_use(
		&self,
		account: [u8; 32],
		nonce: &[u8],
		expires: u64,
	) -> Result<(), Refusal> {
		let Some(state) = &self.shared else { return Ok(()) };
		let using = async {
			let mut change = state.change().await?;
			let is_first = use_nonce(&mut change, account, nonce, expires).await?;
			change.commit().await?;
			Ok::<_, io::Error>(is_first)
		};
		used_once(using.await)
	}

	/// Ends a token at all gateways.
	pub(super) async fn share_end(&self, token: [u8; 32]) -> Result<(), Refusal> {
		let Some(state) = &self.shared else { return Ok(()) };
		let ending = async {
			let mut change = state.change().await?;
			let statement = "SELECT expires FROM sessions WHERE token = $1";
			if let Some(row) = change.run(statement, values![token]).await? {
				end(&mut change, token, row.number(0)?).await?;
			}
			change.commit().await
		};
		ending.await.map_err(|why| failed(&why))
	}

	/// The session of a token that another gateway has given.
	pub(super) async fn of_another(&self, token: [u8; 32]) -> Result<Option<Session>, Refusal> {
		let Some(state) = &self.shared else { return Ok(None) };
		let statement =
			"SELECT account, challenge, signature, expires FROM sessions WHERE token = $1";
		let row = state.one(statement, values![token]).await.map_err(|why| failed(&why))?;
		row.map(|row| session_in(&row)).transpose().map_err(|why| failed(&why))
	}
}

fn session_in(row: &Row) -> io::Result<Session> {
	let (challenge, signature) = (row.text(1)?, row.bytes::<64>(2)?);
	let named = Challenge::parse(&challenge).ok().filter(|one| one.session_key.is_some());
	let reader = named.and_then(|named| Reader::of(&named.genesis, &challenge, signature));
	Ok(Session {
		account: AccountId::from(row.bytes::<32>(0)?),
		challenge,
		signature: format!("0x{}", hex::encode(signature)),
		reader,
		expires: row.number(3)?,
	})
}

/// Whether a nonce was not used before.
async fn use_nonce(
	change: &mut Change,
	account: [u8; 32],
	nonce: &[u8],
	expires: u64,
) -> io::Result<bool> {
	let statement = "INSERT INTO nonces (account, nonce, expires) VALUES ($1, $2, $3) \
		ON CONFLICT (account, nonce) DO NOTHING RETURNING expires";
	let values = values![account, nonce.to_vec(), expires];
	Ok(change.run(statement, values).await?.is_some())
}

async fn end(change: &mut Change, token: [u8; 32], expires: u64) -> io::Result<()> {
	change.run("DELETE FROM sessions WHERE token = $1", values![token]).await?;
	let statement =
		"INSERT INTO ended (token, expires) VALUES ($1, $2) ON CONFLICT (token) DO NOTHING";
	change.run(statement, values![token, expires]).await.map(drop)
}

/// The place of a sign-in in the order of an account's.
fn order() -> u64 {
	let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

fn used_once(is_first: io::Result<bool>) -> Result<(), Refusal> {
	match is_first {
		Ok(true) => Ok(()),
		Ok(false) => Err(SignInRefusal::Used.into()),
		Err(why) => Err(failed(&why)),
	}
}

fn failed(why: &io::Error) -> Refusal {
	tracing::error!(%why, "sign-ins can't be read or written");
	Refusal::from_io(why)
}
