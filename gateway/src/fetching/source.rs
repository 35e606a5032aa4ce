//! Another hospital's vault, asked for a file with the own vault's account.

use crate::http::now;
use bytes::Bytes;
use futures::{StreamExt, stream::BoxStream};
use medblock_chain::AccountId;
use medblock_crypto::Challenge;
use medblock_platform::http;
use medblock_primitives::HospitalId;
use medblock_vault_protocol::{
	Address, ChallengeOffer, ChallengeQuery, Code, Problem, SignIn, SignedIn, paths, ranges,
};
use reqwest::{Client, RequestBuilder, Response, header::RANGE};
use serde::de::DeserializeOwned;
use std::{
	collections::HashMap,
	ops::Range,
	sync::{self, Arc, PoisonError},
};
use subxt_signer::sr25519::Keypair;
use tokio::sync::Mutex;

/// The longest answer other than a file, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// The longest lifetime of a challenge that is signed, and the most by which the other vault's clock may differ, in
/// seconds.
const LONGEST: u64 = 600;
/// How long before its end a token is not used any more, in seconds.
const ENDS_SOON: u64 = 30;

/// Why a file did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
	/// The chain does not name the own vault's account, so that no vault would give anything.
	NoAccount,
	/// The other vault does not answer, or can't now.
	Away,
	/// The other vault answers, and gave no byte of this file.
	Unread,
	/// The other vault refuses.
	Refused,
	/// The other vault does not have the file.
	Absent,
	/// The bytes were others than the chain names.
	WrongBytes,
	/// The own vault could not take it: its disk, its store or a quota.
	NotTaken,
}

impl Why {
	/// All that are counted.
	pub const COUNTED: [Self; 5] =
		[Self::Away, Self::Unread, Self::Refused, Self::WrongBytes, Self::NotTaken];

	/// The reason in metrics and logs.
	pub fn as_str(self) -> &'static str {
		match self {
			Self::NoAccount => "no-account",
			Self::Away | Self::Unread => "away",
			Self::Refused => "refused",
			Self::Absent => "absent",
			Self::WrongBytes => "wrong-bytes",
			Self::NotTaken => "not-taken",
		}
	}
}

/// Another hospital's vault.
pub struct Source {
	/// The hospital.
	pub hospital: HospitalId,
	/// Its address, if the chain names one that may be asked.
	pub address: Option<Address>,
	/// Whether the hospital has left the consortium.
	pub has_left: bool,
}

/// Asks other vaults, and keeps the tokens.
pub struct Asking {
	http: Client,
	/// The token of each vault. It is locked while it is got, so that one sign-in is enough, and none waits for another
	/// vault's.
	tokens: Tokens,
}

type Tokens = sync::Mutex<HashMap<Address, Arc<Mutex<Option<SignedIn>>>>>;

/// The own vault's account, and the chain.
pub struct Own<'a> {
	/// The key of the account.
	pub key: &'a Keypair,
	/// The hash of the chain's first block.
	pub genesis: [u8; 32],
}

impl Asking {
	/// Asks none yet.
	pub fn new() -> Result<Self, http::Error> {
		let http = http::client(concat!("medblock-gateway/", env!("CARGO_PKG_VERSION")))?;
		Ok(Self { http, tokens: Tokens::default() })
	}

	/// The bytes of a file at this path, from some byte on.
	pub async fn bytes(
		&self,
		own: &Own<'_>,
		source: &Source,
		path: &str,
		range: Range<u64>,
	) -> Result<BoxStream<'static, Result<Bytes, http::Error>>, Why> {
		let address = source.address.as_ref().ok_or(Why::Away)?;
		let mut refused_token: Option<String> = None;
		loop {
			let token = self.token(own, address, refused_token.as_deref()).await?;
			let request = self.http.get(address.at(path)).bearer_auth(&token);
			let answer = sent(request.header(RANGE, ranges::header(&range))).await?;
			match answer.status().as_u16() {
				206 => return Ok(http::pieces(answer).boxed()),
				200 if range.start == 0 => return Ok(http::pieces(answer).boxed()),
				401 if refused_token.is_none() => refused_token = Some(token),
				status => return Err(refused(status, answer).await),
			}
		}
	}

	/// A token for the own vault's account, other than the one that the other vault has refused. Of several files that come
	/// at once, the first one's sign-in is enough.
	async fn token(
		&self,
		own: &Own<'_>,
		address: &Address,
		refused: Option<&str>,
	) -> Result<String, Why> {
		let of_vault = self.token_of(address);
		let mut token = of_vault.lock().await;
		if let Some(known) = token.as_ref()
			&& refused != Some(known.token.as_str())
			&& known.expires > now().saturating_add(ENDS_SOON)
		{
			return Ok(known.token.clone());
		}
		let signed_in = self.sign_in(own, address).await?;
		Ok(token.insert(signed_in).token.clone())
	}

	fn token_of(&self, address: &Address) -> Arc<Mutex<Option<SignedIn>>> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
		tokens.entry(address.clone()).or_default().clone()
	}

	async fn sign_in(&self, own: &Own<'_>, address: &Address) -> Result<SignedIn, Why> {
		let account = AccountId::from(own.key.public_key().0).to_string();
		let query = ChallengeQuery { account: account.clone() };
		let asking = self.http.get(address.at(paths::CHALLENGE)).query(&query);
		let offer: ChallengeOffer = json(sent(asking).await?).await?;
		let challenge = accepted(&offer, address.domain(), account, own.genesis, now());
		let text = challenge.ok_or(Why::Refused)?.text();
		let signature = own.key.sign(&Challenge::signed_bytes(&text)).0;
		let body = SignIn {
			challenge: text,
			signature: format!("0x{}", hex::encode(signature)),
			recovers: None,
		};
		json(sent(self.http.post(address.at(paths::SESSION)).json(&body)).await?).await
	}
}

/// The text to sign: all of it is what this vault expects, but for nonce and times.
fn accepted(
	offer: &ChallengeOffer,
	domain: String,
	account: String,
	genesis: [u8; 32],
	now: u64,
) -> Option<Challenge> {
	let ChallengeOffer { nonce, issued, expires, .. } = offer;
	let is_of_now = issued.abs_diff(now) <= LONGEST && expires.saturating_sub(*issued) <= LONGEST;
	let challenge = Challenge {
		domain,
		account,
		genesis,
		nonce: nonce.clone(),
		issued: *issued,
		expires: *expires,
		session_key: None,
	};
	// A text that does not read back as just these fields is no challenge.
	(is_of_now && Challenge::parse(&challenge.text()).is_ok()).then_some(challenge)
}

async fn sent(request: RequestBuilder) -> Result<Response, Why> {
	http::send(request).await.map_err(|why| {
		tracing::debug!(%why, "another vault does not answer");
		Why::Away
	})
}

/// The reason of a refusal.
async fn refused(status: u16, answer: Response) -> Why {
	let problem: Option<Problem> = body(answer).await.ok();
	let code = problem.and_then(|problem| problem.error.code());
	tracing::debug!(status, code = code.map(Code::as_str), "another vault refuses");
	match (status, code) {
		(404, Some(Code::BlobMissing)) => Why::Absent,
		// Perhaps it can't read this one alone.
		(_, Some(Code::StoreFailed)) => Why::Unread,
		(408 | 429 | 500.., _) => Why::Away,
		_ => Why::Refused,
	}
}

/// The body of an answer that is no refusal.
async fn json<T: DeserializeOwned>(answer: Response) -> Result<T, Why> {
	match answer.status() {
		status if status.is_success() => body(answer).await,
		status => Err(refused(status.as_u16(), answer).await),
	}
}

/// Reads a JSON body of bounded length.
async fn body<T: DeserializeOwned>(answer: Response) -> Result<T, Why> {
	let (mut pieces, mut bytes) = (http::pieces(answer), Vec::new());
	while let Some(piece) = pieces.next().await {
		bytes.extend_from_slice(&piece.map_err(|_| Why::Away)?);
		if bytes.len() > LONGEST_ANSWER {
			return Err(Why::Away);
		}
	}
	serde_json::from_slice(&bytes).map_err(|_| Why::Away)
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::time::Duration;
	use subxt_signer::sr25519::dev;
	use tokio::{
		net::TcpListener,
		time::{sleep, timeout},
	};

	const NOW: u64 = 1_795_442_700;

	fn offer() -> ChallengeOffer {
		ChallengeOffer {
			domain: "elsewhere.example".into(),
			genesis: format!("0x{}", "08".repeat(32)),
			account: "another".into(),
			nonce: "0f".repeat(16),
			issued: NOW,
			expires: NOW + 120,
			session_key: true,
		}
	}

	fn signed(offer: &ChallengeOffer) -> Option<Challenge> {
		accepted(offer, "vault.example".into(), "5FHneW46xGXgs5m".into(), [7; 32], NOW)
	}

	#[tokio::test]
	async fn a_vault_that_answers_no_sign_in_holds_up_no_other() {
		let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let [silent_at, gone_at] = [&silent, &gone].map(|one| -> Address {
			format!("http://{}", one.local_addr().unwrap()).parse().unwrap()
		});
		drop(gone);
		let (key, asking) = (dev::alice(), Asking::new().unwrap());
		let own = Own { key: &key, genesis: [7; 32] };
		let other = async {
			sleep(Duration::from_millis(100)).await;
			asking.token(&own, &gone_at, None).await
		};
		tokio::select! {
			_ = asking.token(&own, &silent_at, None) => panic!("it answers nothing"),
			token = timeout(Duration::from_secs(10), other) => {
				assert_eq!(token.expect("it does not wait"), Err(Why::Away));
			},
		}
	}

	/// A vault that was restarted knows none of its tokens.
	#[tokio::test]
	async fn one_sign_in_is_enough_for_all_files_whose_token_was_refused() {
		let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let address: Address = format!("http://{}", gone.local_addr().unwrap()).parse().unwrap();
		drop(gone);
		let (key, asking) = (dev::alice(), Asking::new().unwrap());
		let own = Own { key: &key, genesis: [7; 32] };
		let new = SignedIn { token: "new".into(), expires: now() + 900 };
		*asking.token_of(&address).lock().await = Some(new);
		let token = asking.token(&own, &address, Some("old")).await;
		assert_eq!(token.as_deref(), Ok("new"), "another file's sign-in has brought it");
		assert_eq!(asking.token(&own, &address, Some("new")).await, Err(Why::Away), "it asks");
	}

	#[tokio::test]
	async fn a_file_that_a_vault_cannot_read_is_told_from_a_vault_that_is_away() {
		let why = async |status: u16, code: Option<Code>| {
			let problem = code.map(|code| {
				let message = "a sentence".to_owned();
				Problem { error: code.into(), message, gateway: None }
			});
			let body = problem.map_or_else(Vec::new, |one| serde_json::to_vec(&one).unwrap());
			let answer = axum::http::Response::builder().status(status).body(body).unwrap();
			refused(status, answer.into()).await
		};
		assert_eq!(why(503, Some(Code::StoreFailed)).await, Why::Unread);
		assert_eq!(why(503, Some(Code::NodeBehind)).await, Why::Away);
		assert_eq!(why(429, Some(Code::TooManyRequests)).await, Why::Away);
		assert_eq!(why(502, None).await, Why::Away, "it is a proxy's");
		assert_eq!(why(404, Some(Code::BlobMissing)).await, Why::Absent);
		assert_eq!(why(403, Some(Code::VaultsOnly)).await, Why::Refused);
	}

	#[test]
	fn the_own_fields_are_signed_whatever_was_offered() {
		let challenge = signed(&offer()).unwrap();
		assert_eq!((challenge.domain.as_str(), challenge.genesis), ("vault.example", [7; 32]));
		assert_eq!((challenge.account.as_str(), challenge.session_key), ("5FHneW46xGXgs5m", None));
	}

	#[test]
	fn no_text_is_signed_that_says_anything_else() {
		for offer in [
			ChallengeOffer { nonce: format!("{}\n", "0f".repeat(16)), ..offer() },
			ChallengeOffer { nonce: String::new(), ..offer() },
			ChallengeOffer { issued: NOW + LONGEST + 1, expires: NOW + LONGEST + 2, ..offer() },
			ChallengeOffer { expires: NOW + LONGEST + 1, ..offer() },
			ChallengeOffer { expires: NOW, ..offer() },
		] {
			assert_eq!(signed(&offer), None, "{offer:?}");
		}
	}
}
