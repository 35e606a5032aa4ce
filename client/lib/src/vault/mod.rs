//! Hospitals' vaults: signing in, uploading ciphertext, downloading it.
//!
//! The client believes nothing that a vault answers: it compares downloads with what the chain names, and
//! builds the text that it signs from fields that it has checked. The protocol is in
//! [`medblock_vault_protocol`].

mod arriving;
pub mod copies;
mod declined;
mod doors;
mod download;
mod emergencies;
mod error;
mod fetching;
mod heads;
mod limits;
mod log;
mod pages;
mod places;
mod reading;
mod server;
mod session;
mod silent;
mod slices;
#[cfg(all(test, not(target_family = "wasm")))]
mod tests;
mod upload;
mod waiting;

pub(crate) use arriving::{Arriving, Follower};
pub(crate) use doors::Sessions;
pub use error::Error;
pub(crate) use heads::Beginnings;
pub(crate) use places::{Place, Places};
pub(crate) use reading::Unreceipted;
use reading::{Came, CameTitles, Noted, Reading};
pub use upload::Upload;

pub use medblock_platform::http::Progress;
pub use medblock_vault_protocol::{Code, Disclosure, Item, Reason, door::Refused};

use crate::{
	Keys, Nodes, Result,
	chain::{self, At},
	notices::Notices,
};
use declined::Declined;
use medblock_platform::{
	clock::{Duration, Instant},
	http,
};
use medblock_primitives::{HospitalId, PatientId, Person};
use medblock_receipts::Receipt;
use medblock_vault_protocol::{
	Address, CHALLENGE_LIFETIME, DisclosuresPage, DisclosuresQuery, Limits, MAX_DISCLOSURES,
	headers, paths,
};
use pages::{Endless, Pages};
use reqwest::{Response, StatusCode};
use server::Server;
use silent::{Patience, Silent};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex},
};
use url::Url;

/// A progress that is not shown.
pub fn unwatched() -> Progress {
	Arc::new(|_, _| {})
}

/// Hospitals' vaults, and this client's sessions there.
pub struct Vaults {
	http: reqwest::Client,
	addresses: Mutex<HashMap<HospitalId, Address>>,
	tokens: futures::lock::Mutex<session::Tokens>,
	/// The gateways that did not know the account.
	declined: Declined,
	/// The person that the account asks to take over, if it does: see [`Vaults::is_to_recover`].
	recovers: Mutex<Option<Person>>,
	/// How much each takes; nothing of those that do not say.
	limits: Mutex<HashMap<Address, Option<Limits>>>,
	/// The vaults that did not answer.
	silent: Silent,
	/// The receipts that came, until the client keeps them.
	received: Mutex<Vec<Receipt>>,
	/// What came without one, until the client has asked the chain whether there should be one.
	without: Mutex<Vec<Unreceipted>>,
	/// When the chain named no account for hospitals' vaults.
	unpromised: Mutex<HashMap<HospitalId, Instant>>,
	/// The patient that the account is, once the chain has said so.
	own: Mutex<Option<PatientId>>,
	/// The listener to what the client waits for.
	pub(crate) notices: Notices,
}

/// Attempts in a row that may bring a transfer no further before the client gives up: half a minute, in
/// which a vault restarts.
const ATTEMPTS: u32 = 7;

/// The longest wait that a vault may ask for: until it forgets challenges, and a little more.
const LONGEST_WAIT: Duration = Duration::from_secs(CHALLENGE_LIFETIME + 10);

impl Vaults {
	/// Connects to no vault yet.
	pub fn new() -> Result<Self> {
		let http = http::client(concat!("medblock/", env!("CARGO_PKG_VERSION")))
			.map_err(|why| Error::Unreachable { url: String::new(), why: why.to_string() })?;
		Ok(Self {
			http,
			addresses: Mutex::default(),
			tokens: Default::default(),
			declined: Declined::default(),
			recovers: Mutex::default(),
			limits: Mutex::default(),
			silent: Silent::default(),
			received: Mutex::default(),
			without: Mutex::default(),
			unpromised: Mutex::default(),
			own: Mutex::default(),
			notices: Notices::default(),
		})
	}

	/// Forgets where vaults are, which may have changed on the chain, and which did not answer. Sessions stay, and so do
	/// the refusals of gateways that did not know the account.
	pub fn forget_places(&self) {
		self.silent.forget_all();
		if let Ok(mut all) = self.addresses.lock() {
			all.clear();
		}
	}

	/// The vault of a hospital, at the address that the chain names. Two nodes are asked for it, if there are
	/// two: a single lying node could have uploads sent to nowhere.
	pub async fn of<'a>(
		&'a self,
		hospital: HospitalId,
		nodes: &'a Nodes,
		keys: &'a Keys,
	) -> Result<Vault<'a>> {
		let known = self.addresses.lock().ok().and_then(|all| all.get(&hospital).cloned());
		let address = match known {
			Some(address) => address,
			None => {
				let named = |at: At| async move {
					Ok::<_, chain::Error>(at.known_hospital(hospital).await?.gateway)
				};
				let gateway = witnessed(nodes, "where that hospital's vault is", named).await?;
				let address = address_in(&gateway)?;
				if let Ok(mut all) = self.addresses.lock() {
					all.insert(hospital, address.clone());
				}
				address
			},
		};
		let vault = self.at(address, keys, nodes.first().genesis());
		Ok(Vault { hospital: Some(hospital), ..vault })
	}

	/// The vault at an address, on the chain with this genesis.
	fn at<'a>(&'a self, address: Address, keys: &'a Keys, genesis: [u8; 32]) -> Vault<'a> {
		let server = Server { http: self.http.clone(), address, patience: Patience::Long };
		Vault { vaults: self, server, keys, genesis, hospital: None }
	}

	/// The chain may know the account now: it has registered, or its person says so. Gateways that did not know it are
	/// asked again at once.
	pub fn registered(&self) {
		self.declined.forget();
	}

	/// This is a new device's account, which asks to take a person over. The chain does not know it otherwise, so
	/// gateways let it sign in for that alone, once a guardian has asked for it.
	pub(crate) fn is_to_recover(&self, person: Person) {
		let before = self.recovers.lock().ok().and_then(|mut now| now.replace(person));
		if before != Some(person) {
			self.registered();
		}
	}

	/// From now on the account is the person's, and signs in as such.
	pub(crate) fn has_recovered(&self) {
		if let Ok(mut now) = self.recovers.lock() {
			*now = None;
		}
		self.registered();
	}

	/// The person that the account asks to take over.
	fn recovers(&self) -> Option<Person> {
		self.recovers.lock().ok().and_then(|now| *now)
	}
}

/// Asks two nodes, if there are two, where vaults are.
pub(crate) async fn witnessed<T, F>(
	nodes: &Nodes,
	what: &str,
	question: impl Fn(At) -> F,
) -> Result<T>
where
	T: PartialEq,
	F: Future<Output = chain::Result<T>>,
{
	match nodes.agreed().await {
		Ok(agreed) => Ok(agreed.read(what, question).await?),
		// Before an upload the client has compared two nodes; a download is compared with its digest, and a copy
		// of an account's keys opens with a passkey only.
		Err(chain::Error::NodeUnreachable { .. } | chain::Error::OneNode) => {
			Ok(question(nodes.first().finalized().await?).await?)
		},
		Err(why) => Err(why.into()),
	}
}

/// The address of a vault, as the chain has it.
fn address_in(gateway: &[u8]) -> Result<Address> {
	let text = String::from_utf8_lossy(gateway);
	Ok(text.parse().map_err(|_| Error::BadAddress(text.clone().into_owned()))?)
}

/// One hospital's vault.
pub struct Vault<'a> {
	vaults: &'a Vaults,
	server: Server,
	keys: &'a Keys,
	genesis: [u8; 32],
	/// The hospital, if the vault was looked up as one's.
	hospital: Option<HospitalId>,
}

impl Vault<'_> {
	/// The vault's address.
	pub fn url(&self) -> &Url {
		self.server.address.as_url()
	}

	/// The same vault, which the client waits for so long.
	fn with(mut self, patience: Patience) -> Self {
		self.server.patience = patience;
		self
	}

	/// Everything that this vault gave out of a chart, oldest first. Only the patient may ask.
	pub async fn disclosures(&self, patient: PatientId) -> Result<Vec<Disclosure>> {
		let path = paths::disclosures(patient);
		let (mut all, mut pages) = (Vec::new(), Pages::default());
		loop {
			let query = DisclosuresQuery { after: pages.after, limit: Some(MAX_DISCLOSURES) };
			let page: DisclosuresPage = self
				.patiently(|| async {
					let answer = self.send(|http, url| http.get(url).query(&query), &path).await?;
					self.server.json(answer).await
				})
				.await?;
			let goes_on = pages.goes_on(page.items.len(), page.next);
			all.extend(page.items);
			if !goes_on.map_err(|Endless| self.endless())? {
				return Ok(all);
			}
		}
	}

	/// The error for a vault whose list does not end.
	pub(crate) fn endless(&self) -> crate::Error {
		self.server.strange("it gives a list that does not end")
	}

	/// Sends a request with the session's token. Signs in first where there is none, and once more if it
	/// has ended.
	async fn send(
		&self,
		request: impl Fn(&reqwest::Client, Url) -> reqwest::RequestBuilder,
		path: &str,
	) -> Result<Response> {
		Ok(self.send_signed(request, path, None).await?.0)
	}

	/// The same, for a document from byte `from` on. What it is to read is signed by the session's key, and the answer's
	/// receipt is noted. The caller tells which bytes came: that there is no receipt for them is noted, too.
	async fn send_to<'a>(
		&'a self,
		request: impl Fn(&reqwest::Client, Url) -> reqwest::RequestBuilder,
		path: &str,
		reading: &Reading,
		from: u64,
	) -> Result<(Response, Came<'a>)> {
		let (answer, noted) = self.send_signed(request, path, Some(reading)).await?;
		Ok((answer, Came::of(self, noted, from)))
	}

	/// The same, for an answer that may have given only a part: the caller knows whether a receipt is missing.
	async fn send_signed(
		&self,
		request: impl Fn(&reqwest::Client, Url) -> reqwest::RequestBuilder,
		path: &str,
		reading: Option<&Reading>,
	) -> Result<(Response, Option<Noted>)> {
		let url = self.server.at(path);
		let mut renewed = false;
		let mut waited = false;
		loop {
			let session = self.session(renewed).await?;
			let signed = reading.and_then(|reading| self.signed(&session, reading));
			let mut asked = request(&self.server.http, url.clone()).bearer_auth(&*session.value);
			if let Some(signed) = &signed {
				asked = asked.header(headers::READ_REQUEST, signed.header());
			}
			let answer = self.server.sent(asked).await?;
			if answer.status() == StatusCode::UNAUTHORIZED && !renewed {
				renewed = true;
				continue;
			}
			match self.server.checked(answer).await {
				Err(why) if !waited => match wanted_pause(&why) {
					Some(pause) => self.rest(pause, Some(&why)).await,
					None => return Err(why),
				},
				Ok(answer) => {
					let note = |reading| self.note(reading, signed, answer.headers());
					let noted = reading.and_then(note);
					return Ok((answer, noted));
				},
				Err(why) => return Err(why),
			}
			waited = true;
		}
	}
}

/// The reason when an answer has another form than the protocol's.
const NO_VAULT: &str = "its answer is no vault's";

/// The HTTP status of a vault's refusal. A connection that ends early, or a proxy, gives it without a code.
fn status_of(why: &crate::Error) -> Option<u16> {
	match why {
		crate::Error::Vault(Error::Refused { status, .. }) => Some(*status),
		_ => None,
	}
}

/// Whether the same request may succeed later. A vault that restarts, and a proxy before it, give the status
/// without a code: a proxy says 502 while the vault is away, and 504 while it takes too long.
fn is_passing(why: &crate::Error) -> bool {
	matches!(
		why,
		crate::Error::Vault(
			Error::Unreachable { .. } | Error::Refused { status: 408 | 429 | 502 | 503 | 504, .. }
		)
	)
}

/// The pause that a vault asks for after too many requests, if it is bearable.
fn wanted_pause(why: &crate::Error) -> Option<Duration> {
	match why {
		// A proxy before the vault gives the status without a code.
		crate::Error::Vault(Error::Refused { status: 429, retry_after: Some(seconds), .. }) => {
			Some(Duration::from_secs(*seconds)).filter(|pause| *pause <= LONGEST_WAIT)
		},
		_ => None,
	}
}
