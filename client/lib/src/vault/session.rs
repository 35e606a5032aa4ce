//! Signing in with the account's key.

use super::Vault;
use crate::{Error, Result};
use medblock_crypto::Challenge;
use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};
use url::Url;

/// Where this client is signed in, until when (seconds since 1970).
#[derive(Clone)]
pub(super) struct Token {
	value: zeroize::Zeroizing<String>,
	expires: u64,
}

/// What a vault wants to be signed, in parts.
#[derive(Deserialize)]
struct Offered {
	domain: String,
	genesis: String,
	account: String,
	nonce: String,
	issued: u64,
	expires: u64,
}

#[derive(Serialize)]
struct Answer {
	challenge: String,
	signature: String,
}

#[derive(Deserialize)]
struct Session {
	token: String,
	expires: u64,
}

/// The longest that what is signed may be good for, and clocks may differ, in seconds.
const LONGEST: u64 = 600;

impl Vault<'_> {
	/// A token that is good for some seconds still; a new one if `renew`.
	pub(super) async fn token(&self, renew: bool) -> Result<String> {
		let mut tokens = self.vaults.tokens.lock().await;
		if let (Some(token), false) = (tokens.get(&self.url), renew) {
			if token.expires > now().saturating_add(10) {
				return Ok(token.value.to_string());
			}
		}
		let token = match self.sign_in().await {
			// Another run of this program may have used up what there is for a while.
			Err(why) => match super::wanted_pause(&why) {
				Some(pause) => {
					tokio::time::sleep(pause).await;
					self.sign_in().await?
				},
				None => return Err(why),
			},
			Ok(token) => token,
		};
		tokens.insert(self.url.clone(), token.clone());
		Ok(token.value.to_string())
	}

	async fn sign_in(&self) -> Result<Token> {
		let account = self.keys.account().to_string();
		let mut url = self.at("v1/challenge")?;
		url.query_pairs_mut().append_pair("account", &account);
		let answer = self.vaults.http.get(url).send().await.map_err(|why| self.unreachable(why))?;
		let offered: Offered = self.json(self.checked(answer).await?).await?;
		let challenge = self.accept(offered, &account)?;
		let signature = self.keys.sign_in(&challenge)?;
		let answer = Answer {
			challenge: challenge.text(),
			signature: format!("0x{}", hex::encode(signature)),
		};
		let answer = self
			.vaults
			.http
			.post(self.at("v1/session")?)
			.json(&answer)
			.send()
			.await
			.map_err(|why| self.unreachable(why))?;
		let session: Session = self.json(self.checked(answer).await?).await?;
		Ok(Token { value: session.token.into(), expires: session.expires })
	}

	/// The challenge, if it signs in to this vault, on this chain, with this account, now, and does
	/// nothing else.
	fn accept(&self, offered: Offered, account: &str) -> Result<Challenge> {
		let bad = || Error::BadChallenge(self.url.to_string());
		let genesis = hex::decode(offered.genesis.trim_start_matches("0x")).map_err(|_| bad())?;
		let now = now();
		let fits = offered.domain == domain(&self.url)
			&& genesis == self.genesis
			&& offered.account == account
			&& offered.issued <= now.saturating_add(LONGEST)
			&& offered.expires > now.saturating_sub(LONGEST)
			&& offered.expires.saturating_sub(offered.issued) <= LONGEST;
		let challenge = Challenge {
			domain: offered.domain,
			account: offered.account,
			genesis: self.genesis,
			nonce: offered.nonce,
			issued: offered.issued,
			expires: offered.expires,
		};
		// What can't be read back as just these fields is no challenge.
		if !fits || Challenge::parse(&challenge.text()).is_err() {
			return Err(bad());
		}
		Ok(challenge)
	}
}

/// The host, and the port unless it is the scheme's own.
fn domain(url: &Url) -> String {
	let host = url.host_str().unwrap_or_default();
	url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

fn now() -> u64 {
	SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
