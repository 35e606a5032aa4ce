//! The one place that asks the chain who may do what.
//!
//! Every question is put to the node's final block and to its best one, and both have to agree: a
//! revocation counts from the moment it is in a block, a grant from the moment it is final. If the
//! node can't be asked, or its final block is older than [`MAX_AGE`], nobody may do anything.

mod decide;
mod facts;
mod nodes;
mod view;

pub use decide::{Question, Role};
pub use nodes::Nodes;
pub use view::{MAX_AGE, View, wall_clock};

use crate::{blob::Digest, errors::Refusal, sessions::Realm};
use decide::decide;
use facts::Facts;
use medblock_client::chain::{AccountId, At, BlockHash};
use medblock_primitives::{Document, HospitalId, Moment, PatientId, RecordIndex, Standing};
use std::{
	collections::HashMap,
	sync::{Mutex, PoisonError},
	time::{Duration, Instant},
};
use url::Url;

/// How long the vault's own URL is taken for what the chain said.
const ADDRESS_LIFETIME: Duration = Duration::from_secs(60);
/// Records that are asked for at a time.
const PAGE: u32 = 256;

/// What the chain allows.
#[derive(Clone, Debug)]
pub struct Permit {
	/// As what the account may do it.
	pub role: Role,
	/// What is to be read, if something is.
	pub document: Option<Document>,
	/// Whether the patient is not verified yet.
	pub pending: bool,
	/// The final block that was asked.
	pub finalized: Block,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
	/// Its number.
	pub number: u32,
	/// Its hash.
	pub hash: [u8; 32],
	/// Its time, in milliseconds since 1970.
	pub time: Moment,
}

/// Where among a chart's documents a digest occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
	/// In the final block's state.
	Final,
	/// In the best block's state alone.
	Best,
}

/// What the blocks of the last decision said, of one account, chart and question.
#[derive(Default)]
pub struct Seen(Vec<(BlockHash, Facts)>);

impl Seen {
	async fn facts(
		&self,
		at: &At,
		account: &AccountId,
		patient: PatientId,
		question: Question,
	) -> Result<Facts, medblock_client::Error> {
		match self.0.iter().find(|(hash, _)| *hash == at.hash()) {
			Some((_, facts)) => Ok(facts.clone()),
			None => Facts::read(at, account, patient, question).await,
		}
	}
}

/// Asks the chain.
pub struct Authority {
	nodes: Nodes,
	hospital: HospitalId,
	url: Option<Url>,
	address: Mutex<Option<(Instant, String)>>,
}

impl Authority {
	/// For the vault of `hospital`, known under `url` unless the chain is to say.
	pub fn new(nodes: Nodes, hospital: HospitalId, url: Option<Url>) -> Self {
		Self { nodes, hospital, url, address: Mutex::default() }
	}

	/// The blocks that are asked, if the final one is fresh enough.
	pub async fn view(&self) -> Result<View, Refusal> {
		self.nodes.view().await
	}

	/// Whether `account` may do what the question says with `patient`'s chart.
	pub async fn check(
		&self,
		account: &AccountId,
		patient: PatientId,
		question: Question,
	) -> Result<Permit, Refusal> {
		self.check_again(account, patient, question, &mut Seen::default()).await
	}

	/// As [`Self::check`], for who asks the same question many times: the decision is made anew, by
	/// the blocks and the time of now, but a block that was asked the last time is not asked again.
	pub async fn check_again(
		&self,
		account: &AccountId,
		patient: PatientId,
		question: Question,
		seen: &mut Seen,
	) -> Result<Permit, Refusal> {
		let view = self.view().await?;
		let now = view.now();
		let before: &Seen = seen;
		let read = |at| before.facts(at, account, patient, question);
		let (finalized, best) = if view.finalized.hash() == view.best.hash() {
			(read(&view.finalized).await, None)
		} else {
			let (finalized, best) = tokio::join!(read(&view.finalized), read(&view.best));
			(finalized, Some(best))
		};
		let finalized = finalized.map_err(|why| self.nodes.failed(&why))?;
		let best = best.transpose().map_err(|why| self.nodes.failed(&why))?;
		let permit = decide(question, &finalized, now)?;
		if let Some(best) = &best {
			decide(question, best, now)?;
		}
		let (role, standing) = (permit.role, permit.standing);
		let document = permit.document.cloned();
		seen.0 = [(&view.finalized, Some(finalized)), (&view.best, best)]
			.into_iter()
			.filter_map(|(at, facts)| Some((at.hash(), facts?)))
			.collect();
		if let Some(vault) = document.as_ref().map(|document| document.vault) {
			if vault != self.hospital {
				return Err(self.elsewhere(&view.finalized, vault).await);
			}
		}
		Ok(Permit {
			role,
			document,
			pending: standing == Standing::Pending,
			finalized: view.block(),
		})
	}

	/// Whether the chain knows the account at all: as a patient's, a doctor's or a registrar's.
	pub async fn knows(&self, account: &AccountId) -> Result<bool, Refusal> {
		let view = self.view().await?;
		for at in [&view.best, &view.finalized] {
			let found = async {
				let patient = at.patient_of(*account);
				let doctor = at.doctor_of(*account);
				let registrar = at.registrar_of(*account);
				let (patient, doctor, registrar) = tokio::try_join!(patient, doctor, registrar)?;
				Ok(patient.is_some() || doctor.is_some() || registrar.is_some())
			};
			if found.await.map_err(|why: medblock_client::Error| self.nodes.failed(&why))? {
				return Ok(true);
			}
		}
		Ok(false)
	}

	/// What challenges are bound to.
	pub async fn realm(&self) -> Result<Realm, Refusal> {
		let domain = match &self.url {
			Some(url) => domain_of(url).ok_or(Refusal::NoAddress)?,
			None => self.domain_on_chain().await?,
		};
		let genesis = match self.nodes.genesis() {
			Some(genesis) => genesis,
			None => {
				self.view().await?;
				self.nodes.genesis().ok_or(Refusal::NodeUnreachable)?
			},
		};
		Ok(Realm { domain, genesis })
	}

	/// Which of these digests a record or the profile of the chart names. Asks for the chart in
	/// pages, and keeps nothing of it.
	pub async fn named(
		&self,
		view: &View,
		patient: PatientId,
		digests: &[Digest],
	) -> Result<HashMap<Digest, Named>, Refusal> {
		let mut found = HashMap::new();
		let wanted: std::collections::HashSet<_> = digests.iter().copied().collect();
		if wanted.is_empty() {
			return Ok(found);
		}
		for (at, named) in [(&view.best, Named::Best), (&view.finalized, Named::Final)] {
			// What the final block names is found last, and stays.
			let note = |document: &Document| {
				let digest = Digest(document.digest);
				if wanted.contains(&digest) {
					found.insert(digest, named);
				}
			};
			each_document(at, patient, note).await.map_err(|why| self.nodes.failed(&why))?;
		}
		Ok(found)
	}

	async fn domain_on_chain(&self) -> Result<String, Refusal> {
		let known = self.address.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some((_, domain)) = known.filter(|(at, _)| at.elapsed() < ADDRESS_LIFETIME) {
			return Ok(domain);
		}
		let view = self.view().await?;
		let found = view.finalized.hospital(self.hospital).await;
		let found = found.map_err(|why| self.nodes.failed(&why))?.ok_or(Refusal::NoAddress)?;
		let url = String::from_utf8(found.gateway).ok().and_then(|text| text.parse().ok());
		let domain = url.as_ref().and_then(domain_of).ok_or(Refusal::NoAddress)?;
		*self.address.lock().unwrap_or_else(PoisonError::into_inner) =
			Some((Instant::now(), domain.clone()));
		Ok(domain)
	}

	async fn elsewhere(&self, at: &At, hospital: HospitalId) -> Refusal {
		let found = at.hospital(hospital).await.ok().flatten();
		let gateway = found.and_then(|found| String::from_utf8(found.gateway).ok());
		Refusal::OtherVault { hospital, gateway }
	}
}

/// Shows every document that the chart names in this block.
async fn each_document(
	at: &At,
	patient: PatientId,
	mut show: impl FnMut(&Document),
) -> Result<(), medblock_client::Error> {
	let profile = at.patient(patient).await?.and_then(|found| found.profile);
	if let Some(profile) = profile {
		show(&profile.document);
	}
	let mut after: Option<RecordIndex> = None;
	loop {
		let page = at.records(patient, after, PAGE).await?;
		for one in &page.items {
			if let Some(document) = &one.record.document {
				show(document);
			}
		}
		match page.next {
			Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
			_ => return Ok(()),
		}
	}
}

/// What a wallet shows of a URL: the host, and the port unless it is the scheme's own. Only https,
/// or http on this machine.
pub fn domain_of(url: &Url) -> Option<String> {
	let host = url.host_str()?;
	match url.scheme() {
		"https" => (),
		"http" if is_loopback(url) => (),
		_ => return None,
	}
	Some(match url.port() {
		Some(port) => format!("{host}:{port}"),
		None => host.to_owned(),
	})
}

/// Whether the URL's host is this machine.
pub fn is_loopback(url: &Url) -> bool {
	match url.host() {
		Some(url::Host::Domain(name)) => name == "localhost",
		Some(url::Host::Ipv4(address)) => address.is_loopback(),
		Some(url::Host::Ipv6(address)) => address.is_loopback(),
		None => false,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_domain_is_a_host_and_what_port_is_unusual() {
		for (url, domain) in [
			("https://gateway.example", Some("gateway.example")),
			("https://gateway.example:443/", Some("gateway.example")),
			("https://gateway.example:8440", Some("gateway.example:8440")),
			("http://127.0.0.1:8440", Some("127.0.0.1:8440")),
			("http://[::1]:8440", Some("[::1]:8440")),
			("http://localhost", Some("localhost")),
			("http://gateway.example", None),
			("http://127.0.0.1.example", None),
			("ftp://gateway.example", None),
			("file:///etc", None),
		] {
			assert_eq!(domain_of(&url.parse().unwrap()).as_deref(), domain, "{url}");
		}
	}
}
