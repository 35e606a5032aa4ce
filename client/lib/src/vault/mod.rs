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

use crate::{Error, Keys, Nodes, Result, chain::At};
use futures::StreamExt;
use medblock_primitives::{HospitalId, Moment, PatientId, RecordIndex};
use reqwest::{Response, StatusCode, header::RETRY_AFTER};
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

/// How often something is tried that failed for the connection's sake, and got no further: for half a
/// minute, in which a vault is started again.
const ATTEMPTS: u32 = 7;

/// The longest wait that a vault may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(130);

/// The longest answer that is no document, in bytes: a page of disclosures has a quarter of that.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// How long such an answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(60);

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

	/// The vault of a hospital, by the address that the chain names: by two nodes, if there are two to
	/// ask, since one that lies could have uploads sent to nowhere.
	pub async fn of<'a>(
		&'a self,
		hospital: HospitalId,
		nodes: &'a Nodes,
		keys: &'a Keys,
	) -> Result<Vault<'a>> {
		let known = self.addresses.lock().ok().and_then(|all| all.get(&hospital).cloned());
		let url = match known {
			Some(url) => url,
			None => {
				let named = |at: At| async move { Ok(at.known_hospital(hospital).await?.gateway) };
				let gateway = match nodes.agreed().await {
					Ok(agreed) => agreed.read("where that hospital's vault is", named).await?,
					// Whoever is about to upload has compared two nodes before; others read, and compare
					// what comes with its digest.
					Err(Error::NodeUnreachable { .. } | Error::OneNode) => {
						named(nodes.first().finalized().await?).await?
					},
					Err(why) => return Err(why),
				};
				let url = address(&String::from_utf8_lossy(&gateway))?;
				if let Ok(mut all) = self.addresses.lock() {
					all.insert(hospital, url.clone());
				}
				url
			},
		};
		Ok(Vault { vaults: self, url, keys, genesis: nodes.first().genesis() })
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
		let mut waited = false;
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
			match self.checked(answer).await {
				Err(why) if !waited => match wanted_pause(&why) {
					Some(pause) => tokio::time::sleep(pause).await,
					None => return Err(why),
				},
				outcome => return outcome,
			}
			waited = true;
		}
	}

	/// Turns a refusal into an error.
	async fn checked(&self, answer: Response) -> Result<Response> {
		let status = answer.status();
		if status.is_success() {
			return Ok(answer);
		}
		let retry_after =
			answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
		let problem: Option<Problem> = self.json(answer).await.ok();
		let (code, message) = match problem {
			Some(problem) => (problem.error, problem.message),
			None => (status.as_str().to_owned(), "no reason given".to_owned()),
		};
		let url = self.url.to_string();
		Err(Error::VaultRefused { url, status: status.as_u16(), code, message, retry_after })
	}

	/// A JSON answer, which may be neither endless nor slow for ever.
	async fn json<T: serde::de::DeserializeOwned>(&self, answer: Response) -> Result<T> {
		let strange =
			|why: &str| Error::VaultUnreachable { url: self.url.to_string(), why: why.to_owned() };
		let reading = async {
			let mut bytes = Vec::new();
			let mut stream = answer.bytes_stream();
			while let Some(piece) = stream.next().await {
				bytes.extend_from_slice(&piece.map_err(|why| self.unreachable(why))?);
				if bytes.len() > LONGEST_ANSWER {
					return Err(strange("its answer is too long"));
				}
			}
			Ok(bytes)
		};
		let bytes = tokio::time::timeout(ANSWER_TIME, reading)
			.await
			.map_err(|_| strange("its answer doesn't end"))??;
		serde_json::from_slice(&bytes).map_err(|_| strange("its answer is no vault's"))
	}

	fn unreachable(&self, why: reqwest::Error) -> Error {
		// Without the address, which is in the sentence already and names a patient.
		Error::VaultUnreachable { url: self.url.to_string(), why: describe(&why.without_url()) }
	}
}

/// How long a vault that is asked too often wants to be left alone, if that is bearable.
fn wanted_pause(why: &Error) -> Option<Duration> {
	match why {
		Error::VaultRefused { status: 429, retry_after: Some(seconds), .. } => {
			Some(Duration::from_secs(*seconds)).filter(|pause| *pause <= LONGEST_WAIT)
		},
		_ => None,
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
