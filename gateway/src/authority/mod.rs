//! The one place that asks the chain what an account may do.
//!
//! Every question is put to the node's final block and to its best one, and both have to agree: a
//! revocation counts as soon as it is in a block, a grant once it is final. If the node can't be asked, or
//! its final block is older than [`MAX_AGE`], every request is refused.

mod decide;
mod emergencies;
mod facts;
mod gateways;
mod keepers;
mod newcomers;
mod nodes;
mod view;
mod witness;

pub use decide::{Question, Role};
pub use gateways::{address_of, reachable};
pub use keepers::Kept;
pub use nodes::Nodes;
pub use view::{MAX_AGE, View, wall_clock};
pub use witness::{Witness, Witnessed};

use crate::{
	blob::Digest,
	errors::{Held, Refusal},
	sessions::Realm,
};
use decide::decide;
use facts::Facts;
use futures::future::OptionFuture;
use gateways::Gateways;
use medblock_chain::{AccountId, At, BlockHash, DisclosureLogInfo, HospitalInfo};
use medblock_portal_files::Origin;
use medblock_primitives::{
	Document, HospitalId, Moment, PatientId, PortalRelease, RecordIndex, Standing,
};
use medblock_vault_protocol::Address;
use pallet_consortium_runtime_api::SeatStatus;
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};

/// How long the vault's address on chain is cached.
const ADDRESS_LIFETIME: Duration = Duration::from_secs(60);
/// Records on a page of a chart.
const PAGE: u32 = 256;

/// The chain's permission.
#[derive(Clone, Debug)]
pub struct Permit {
	/// The role in which the account may act.
	pub role: Role,
	/// The document to read, for a question about one.
	pub document: Option<Document>,
	/// Whether the patient is not verified yet.
	pub pending: bool,
	/// The final block of the decision.
	pub finalized: Block,
}

/// A record, and whether an account may read it.
pub type Decided = (RecordIndex, Result<Permit, Refusal>);

/// A permission without its block.
struct Undated {
	role: Role,
	document: Option<Document>,
	pending: bool,
}

impl Undated {
	fn at(self, finalized: Block) -> Permit {
		let Self { role, document, pending } = self;
		Permit { role, document, pending, finalized }
	}
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
	/// The block's number.
	pub number: u32,
	/// The block's hash.
	pub hash: [u8; 32],
	/// The block's time, in milliseconds since 1970, and at most this machine's.
	pub time: Moment,
}

/// The block in whose state a chart names a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
	/// The final block.
	Final,
	/// The best block, and not the final one.
	Best,
}

/// The facts of the last decision's blocks, about one account, chart and question.
#[derive(Default)]
pub struct Seen(Vec<(BlockHash, Facts)>);

impl Seen {
	async fn facts(
		&self,
		at: &At,
		account: &AccountId,
		patient: PatientId,
		question: Question,
	) -> Result<Facts, medblock_chain::Error> {
		match self.0.iter().find(|(hash, _)| *hash == at.hash()) {
			Some((_, facts)) => Ok(facts.clone()),
			None => Facts::read(at, account, patient, question).await,
		}
	}
}

/// Asks the chain.
pub struct Authority {
	nodes: Nodes,
	witness: Witness,
	hospital: HospitalId,
	address: Option<Address>,
	on_chain: Mutex<Option<(Instant, String)>>,
	gateways: Gateways,
}

impl Authority {
	/// For the vault of `hospital` at `address`; without one, at the address that the chain names.
	pub fn new(
		nodes: Nodes,
		witness: Witness,
		hospital: HospitalId,
		address: Option<Address>,
	) -> Self {
		let gateways = Gateways::default();
		Self { nodes, witness, hospital, address, on_chain: Mutex::default(), gateways }
	}

	/// The chain that the vault's files belong to, once it knows the hospital.
	pub fn genesis(&self) -> Option<[u8; 32]> {
		self.nodes.settled_genesis()
	}

	/// Binds the vault to a chain. Fails if its files belong to another one.
	pub fn bind(&self, genesis: [u8; 32]) -> Result<(), Refusal> {
		self.nodes.bind(genesis)
	}

	/// The blocks to ask, if the final one is fresh enough.
	pub async fn view(&self) -> Result<View, Refusal> {
		self.nodes.view().await
	}

	/// The blocks of a node whose final one is too old to decide by, for what needs no decision.
	pub fn view_behind(&self) -> Option<View> {
		self.nodes.behind()
	}

	/// The refusal when a node failed to answer a question.
	pub fn failed(&self, why: &medblock_chain::Error) -> Refusal {
		self.nodes.failed(why)
	}

	/// Whether `account` may do what the question names with `patient`'s chart.
	pub async fn check(
		&self,
		account: &AccountId,
		patient: PatientId,
		question: Question,
	) -> Result<Permit, Refusal> {
		self.check_again(account, patient, question, &mut Seen::default()).await
	}

	/// As [`Self::check`], for a caller that asks the same question many times. The decision is made anew, by
	/// the current blocks and time, but a block that was asked the last time is not asked again.
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
		let (finalized, best) =
			self.both(read(&view.finalized), view.best_apart().map(read)).await?;
		let permit = decide(question, &finalized, now)?;
		if let Some(best) = &best {
			decide(question, best, now)?;
		}
		let (role, standing) = (permit.role, permit.standing);
		let document = permit.document.cloned();
		// Where it is kept is no secret and no permission: the final block is enough.
		let elsewhere = permit.vaults.filter(|vaults| !vaults.include(self.hospital));
		let elsewhere = elsewhere.map(|vaults| vaults.home);
		seen.0 = [(&view.finalized, Some(finalized)), (&view.best, best)]
			.into_iter()
			.filter_map(|(at, facts)| Some((at.hash(), facts?)))
			.collect();
		if let Some(home) = elsewhere {
			return Err(self.elsewhere(&view.finalized, home).await);
		}
		Ok(Permit {
			role,
			document,
			pending: standing == Standing::Pending,
			finalized: view.block(),
		})
	}

	/// Whether `account` may read each of these records, which are given in ascending order.
	pub async fn check_records(
		&self,
		account: &AccountId,
		patient: PatientId,
		records: &[RecordIndex],
	) -> Result<Vec<Decided>, Refusal> {
		let view = self.view().await?;
		let now = view.now();
		let read = |at| Facts::read_many(at, account, patient, records);
		let (finalized, best) =
			self.both(read(&view.finalized), view.best_apart().map(read)).await?;
		let mut best = best.map(Vec::into_iter);
		let decided = records.iter().zip(&finalized).map(|(index, finalized)| {
			let best = best.as_mut().and_then(Iterator::next);
			let permit = self.decide_one(Question::Record(*index), finalized, best.as_ref(), now);
			(*index, permit.map(|permit| permit.at(view.block())))
		});
		Ok(decided.collect())
	}

	/// What a node says of its final block, and of its best one unless that is the same.
	async fn both<T>(
		&self,
		finalized: impl Future<Output = Result<T, medblock_chain::Error>>,
		best: Option<impl Future<Output = Result<T, medblock_chain::Error>>>,
	) -> Result<(T, Option<T>), Refusal> {
		let (finalized, best) = tokio::join!(finalized, OptionFuture::from(best));
		let finalized = finalized.map_err(|why| self.nodes.failed(&why))?;
		let best = best.transpose().map_err(|why| self.nodes.failed(&why))?;
		Ok((finalized, best))
	}

	/// Decides about a document by the facts of two blocks, or of one that is both. A document that is kept elsewhere is
	/// refused without its address.
	fn decide_one(
		&self,
		question: Question,
		finalized: &Facts,
		best: Option<&Facts>,
		now: Moment,
	) -> Result<Undated, Refusal> {
		let decision = decide(question, finalized, now)?;
		if let Some(best) = best {
			decide(question, best, now)?;
		}
		match decision.vaults.filter(|vaults| !vaults.include(self.hospital)) {
			Some(vaults) => Err(Refusal::OtherVault { hospital: vaults.home, gateway: None }),
			None => Ok(Undated {
				role: decision.role,
				document: decision.document.cloned(),
				pending: decision.standing == Standing::Pending,
			}),
		}
	}

	/// The gateways of the active hospitals, as browsers name them, by the final block. While no node can be
	/// asked, the ones that were known before; this gateway's own address is always among them.
	pub async fn gateways(&self) -> Arc<[Origin]> {
		self.gateways.read(self.address.as_ref(), || self.gateways_on_chain()).await
	}

	async fn gateways_on_chain(&self) -> Result<Vec<Address>, Refusal> {
		let active =
			self.hospitals().await?.into_iter().filter(|one| one.seat != SeatStatus::Expelled);
		let address = |one: HospitalInfo| String::from_utf8(one.gateway).ok()?.parse().ok();
		Ok(active.filter_map(address).collect())
	}

	/// The releases of the portal that the council lists, by the final block.
	pub async fn portal_releases(&self) -> Result<Vec<PortalRelease>, Refusal> {
		let view = self.view().await?;
		view.finalized.portal_releases().await.map_err(|why| self.nodes.failed(&why))
	}

	/// All hospitals, expelled ones included, by the final block.
	pub async fn hospitals(&self) -> Result<Vec<HospitalInfo>, Refusal> {
		let view = self.view().await?;
		view.finalized.hospitals().await.map_err(|why| self.nodes.failed(&why))
	}

	/// The account of the hospital's vault, and its log, in the state of a final block.
	pub async fn disclosure_log(&self, block: &Block) -> Result<DisclosureLogInfo, Refusal> {
		let view = self.view().await?;
		let asking = async {
			let at = match view.finalized.hash().0 == block.hash {
				true => view.finalized.clone(),
				false => view.chain.at(block.hash.into()).await?,
			};
			at.disclosure_log(self.hospital).await
		};
		asking.await.map_err(|why: medblock_chain::Error| self.nodes.failed(&why))
	}

	/// The hospital whose gateway this is.
	pub fn hospital(&self) -> HospitalId {
		self.hospital
	}

	/// The gateway's own address, if the settings name it.
	pub fn address(&self) -> Option<&Address> {
		self.address.as_ref()
	}

	/// Whether the chain knows the account as a patient's, a doctor's or a registrar's, as an operator of an
	/// institution, as a vault's, or as the controller of an active hospital.
	pub async fn knows(&self, account: &AccountId) -> Result<bool, Refusal> {
		let view = self.view().await?;
		for at in [&view.best, &view.finalized] {
			let found = async {
				let patient = at.patient_of(*account);
				let doctor = at.doctor_of(*account);
				let registrar = at.registrar_of(*account);
				let operator = at.operator_of(*account);
				let vault = at.vault_of(*account);
				let (patient, doctor, registrar, operator, vault) =
					tokio::try_join!(patient, doctor, registrar, operator, vault)?;
				let is_person = patient.is_some() || doctor.is_some();
				let is_staff = registrar.is_some() || operator.is_some();
				Ok(is_person || is_staff || vault.is_some())
			};
			if found.await.map_err(|why: medblock_chain::Error| self.nodes.failed(&why))? {
				return Ok(true);
			}
		}
		// Last, because this reads all hospitals, and few accounts are controllers.
		let hospitals = self.hospitals().await?;
		let mut active = hospitals.iter().filter(|one| one.seat != SeatStatus::Expelled);
		Ok(active.any(|one| one.controller == *account))
	}

	/// The domain and chain that challenges are bound to.
	pub async fn realm(&self) -> Result<Realm, Refusal> {
		let domain = match &self.address {
			Some(address) => address.domain(),
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

	/// The digests among these that a record or the profile of the chart names, wherever that is kept now: a vault
	/// before may have the only copy. Reads the chart page by page, and keeps nothing of it.
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
			// The final block comes last, and its answer stays.
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

	/// The node of this view and another hospital's, which have to agree before anything is deleted.
	pub async fn witnessed(&self, view: &View) -> Result<Witnessed, Held> {
		self.witness.beside(&view.chain).await
	}

	async fn domain_on_chain(&self) -> Result<String, Refusal> {
		let known = self.on_chain.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some((_, domain)) = known.filter(|(at, _)| at.elapsed() < ADDRESS_LIFETIME) {
			return Ok(domain);
		}
		let view = self.view().await?;
		let found = view.finalized.hospital(self.hospital).await;
		let found = found.map_err(|why| self.nodes.failed(&why))?.ok_or(Refusal::NoAddress)?;
		let address: Option<Address> =
			String::from_utf8(found.gateway).ok().and_then(|text| text.parse().ok());
		let domain = address.ok_or(Refusal::NoAddress)?.domain();
		*self.on_chain.lock().unwrap_or_else(PoisonError::into_inner) =
			Some((Instant::now(), domain.clone()));
		Ok(domain)
	}

	async fn elsewhere(&self, at: &At, hospital: HospitalId) -> Refusal {
		let found = at.hospital(hospital).await.ok().flatten();
		let gateway = found.and_then(|found| String::from_utf8(found.gateway).ok());
		Refusal::OtherVault { hospital, gateway }
	}
}

/// Passes every document that the chart names in this block to `show`.
async fn each_document(
	at: &At,
	patient: PatientId,
	mut show: impl FnMut(&Document),
) -> Result<(), medblock_chain::Error> {
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
