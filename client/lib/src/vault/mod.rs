//! Speaking to hospitals' vaults: signing in, putting ciphertext there, getting it back.
//!
//! Nothing that a vault answers is believed: what is fetched is compared with what the chain names,
//! and what is signed is built here from fields that were checked.

mod arriving;
mod download;
mod session;
mod upload;

pub(crate) use arriving::{Arriving, Follower};
pub use upload::Upload;

use crate::{chain::Chain, Error, Keys, Result};
use medblock_primitives::{HospitalId, Moment, PatientId, RecordIndex};
use reqwest::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex},
	time::Duration,
};
use url::{Host, Url};

/// How a long transfer is going: bytes done, of how many.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A progress that nobody watches.
pub fn unwatched() -> Progress {
	Arc::new(|_, _| {})
}

/// A document of a chart, as vaults are asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
	/// The encrypted profile.
	Profile,
	/// A record.
	Record(RecordIndex),
}

/// Hospitals' vaults, and where this client is signed in.
pub struct Vaults {
	http: reqwest::Client,
	addresses: Mutex<HashMap<HospitalId, Url>>,
	tokens: tokio::sync::Mutex<HashMap<Url, session::Token>>,
}

/// How often something is tried that failed for the connection's sake.
const ATTEMPTS: u32 = 5;

impl Vaults {
	/// No vault is spoken to before something is wanted of it.
	pub fn new() -> Result<Self> {
		let http = reqwest::Client::builder()
			.connect_timeout(Duration::from_secs(10))
			.read_timeout(Duration::from_secs(60))
			.redirect(reqwest::redirect::Policy::none())
			.user_agent(concat!("medblock/", env!("CARGO_PKG_VERSION")))
			.build()
			.map_err(|why| Error::VaultUnreachable { url: String::new(), why: why.to_string() })?;
		Ok(Self { http, addresses: Mutex::default(), tokens: tokio::sync::Mutex::default() })
	}

	/// The vault of a hospital, by the address that the chain names.
	pub async fn of<'a>(
		&'a self,
		hospital: HospitalId,
		chain: &'a Chain,
		keys: &'a Keys,
	) -> Result<Vault<'a>> {
		let known = self.addresses.lock().ok().and_then(|all| all.get(&hospital).cloned());
		let url = match known {
			Some(url) => url,
			None => {
				let info = chain.finalized().await?.known_hospital(hospital).await?;
				let url = address(&String::from_utf8_lossy(&info.gateway))?;
				if let Ok(mut all) = self.addresses.lock() {
					all.insert(hospital, url.clone());
				}
				url
			},
		};
		Ok(Vault { vaults: self, url, keys, genesis: chain.genesis() })
	}
}

/// Checks a vault's address: encrypted, or on this machine.
fn address(text: &str) -> Result<Url> {
	let bad = || Error::BadVault(text.to_owned());
	let mut url = Url::parse(text).map_err(|_| bad())?;
	let local = match url.host() {
		Some(Host::Domain(name)) => name == "localhost",
		Some(Host::Ipv4(ip)) => ip.is_loopback(),
		Some(Host::Ipv6(ip)) => ip.is_loopback(),
		None => false,
	};
	if url.scheme() != "https" && !(url.scheme() == "http" && local) {
		return Err(bad());
	}
	if !url.path().ends_with('/') {
		url.set_path(&format!("{}/", url.path()));
	}
	url.set_query(None);
	url.set_fragment(None);
	Ok(url)
}

/// One hospital's vault.
pub struct Vault<'a> {
	vaults: &'a Vaults,
	url: Url,
	keys: &'a Keys,
	genesis: [u8; 32],
}

/// Somebody was given some bytes of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
	/// Counts the chart's disclosures at this vault.
	pub number: u64,
	/// When, in milliseconds since 1970, by the vault's clock.
	pub at: Moment,
	/// The final block by which it was allowed.
	pub block: u32,
	/// That block's hash.
	pub block_hash: String,
	/// Who asked, in SS58.
	pub account: String,
	/// As which doctor.
	pub doctor: Option<u32>,
	/// As registrar of which hospital.
	pub registrar: Option<u32>,
	/// Which record; nothing if it was the profile.
	pub record: Option<RecordIndex>,
	/// The first byte.
	pub from: u64,
	/// The one after the last.
	pub to: u64,
	/// What was signed to sign in.
	pub challenge: String,
	/// The signature, in hex.
	pub signature: String,
}

#[derive(Deserialize)]
struct Disclosures {
	items: Vec<Disclosure>,
	next: Option<u64>,
}

#[derive(Deserialize)]
struct Problem {
	error: String,
	message: String,
}

impl Vault<'_> {
	/// Its address.
	pub fn url(&self) -> &Url {
		&self.url
	}

	/// Everything that this vault gave out of a chart, oldest first. For its patient.
	pub async fn disclosures(&self, patient: PatientId) -> Result<Vec<Disclosure>> {
		let mut all = Vec::new();
		let mut after: Option<u64> = None;
		loop {
			let path = match after {
				None => format!("v1/patients/{}/disclosures?limit=256", patient.0),
				Some(after) => {
					format!("v1/patients/{}/disclosures?limit=256&after={after}", patient.0)
				},
			};
			let answer = self.send(|http, url| http.get(url), &path).await?;
			let page: Disclosures = self.json(answer).await?;
			all.extend(page.items);
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(all),
			}
		}
	}

	fn at(&self, path: &str) -> Result<Url> {
		self.url.join(path).map_err(|_| Error::BadVault(self.url.to_string()))
	}

	/// Sends a request as who is signed in, signing in first where needed, and again if the session
	/// has ended.
	async fn send(
		&self,
		request: impl Fn(&reqwest::Client, Url) -> reqwest::RequestBuilder,
		path: &str,
	) -> Result<Response> {
		let url = self.at(path)?;
		let mut renewed = false;
		loop {
			let token = self.token(renewed).await?;
			let answer = request(&self.vaults.http, url.clone())
				.bearer_auth(token)
				.send()
				.await
				.map_err(|why| self.unreachable(why))?;
			if answer.status() == StatusCode::UNAUTHORIZED && !renewed {
				renewed = true;
				continue;
			}
			return self.checked(answer).await;
		}
	}

	/// Turns a refusal into an error.
	async fn checked(&self, answer: Response) -> Result<Response> {
		let status = answer.status();
		if status.is_success() {
			return Ok(answer);
		}
		let problem: Option<Problem> = answer.json().await.ok();
		let (code, message) = match problem {
			Some(problem) => (problem.error, problem.message),
			None => (status.as_str().to_owned(), "no reason given".to_owned()),
		};
		let url = self.url.to_string();
		Err(Error::VaultRefused { url, status: status.as_u16(), code, message })
	}

	async fn json<T: serde::de::DeserializeOwned>(&self, answer: Response) -> Result<T> {
		answer.json().await.map_err(|why| self.unreachable(why))
	}

	fn unreachable(&self, why: reqwest::Error) -> Error {
		// Without the address, which is in the sentence already and names a patient.
		Error::VaultUnreachable { url: self.url.to_string(), why: describe(&why.without_url()) }
	}
}

/// An error and what caused it.
fn describe(error: &dyn std::error::Error) -> String {
	match error.source() {
		Some(cause) => format!("{error}: {}", describe(cause)),
		None => error.to_string(),
	}
}

/// Waits longer before each further attempt.
async fn pause(attempt: u32) {
	tokio::time::sleep(Duration::from_millis(200) * 2u32.saturating_pow(attempt)).await;
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn vaults_are_encrypted_or_on_this_machine() {
		for good in ["https://vault.example", "https://h.example:8443/med", "http://127.0.0.1:8440"]
		{
			assert!(address(good).unwrap().path().ends_with('/'), "{good}");
		}
		for bad in ["http://vault.example", "ftp://127.0.0.1", "vault", "http://127.0.0.1.example/"]
		{
			assert!(address(bad).is_err(), "{bad}");
		}
	}
}
