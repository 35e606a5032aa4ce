//! What an attacker has by acting for others: a representative's key, a guardian's or a holder's shares, and a new device.

use super::{Attacker, VERSIONS};
use medblock_client::medblock_crypto::{
	ActingPair, DividedKind, DividedSecret, EmergencyPlan, EpochSecret, Identity, Keeper,
	ProfileSecret, ProfileVersion, Root, SealContext, SecretShare, ShareContext, ShareKey,
	check_share, join, key_digest,
};
use medblock_primitives::*;
use medblock_runtime::{AccountId, Runtime};
use pallet_delegation::Call;
use std::collections::{BTreeMap, BTreeSet};

/// The hospitals whose desks are tried.
const HOSPITALS: u32 = 4;

/// A division of a secret: its commitments, and the secret under the key that enough shares give.
type Division = (Vec<[u8; 32]>, [u8; 60]);

/// A plan's secret, sealed, and the keys of the records that it opens.
type Chosen = (Vec<u8>, Vec<(RecordIndex, WrappedFileKey)>);

/// What the chain ever had of this, and what it opened.
#[derive(Default)]
pub(super) struct Acting {
	/// The person who acts for the patient, if the attacker is one.
	representative: Option<PatientId>,
	/// Divisions, each with its shares, sealed to their keepers.
	divisions: BTreeMap<Division, BTreeSet<Vec<u8>>>,
	/// Shares that were handed over, of whichever division.
	handed: BTreeSet<Vec<u8>>,
	/// The keys of chosen records that a plan opens.
	chosen: Vec<Chosen>,
	/// Versions of profile keys, each sealed to a registrar.
	profile_keys: Vec<(HospitalId, u32, KeyForRegistrar<AccountId>)>,
	salts: BTreeMap<Epoch, BTreeSet<[u8; 16]>>,
	/// Roots and other secrets that were opened.
	roots: BTreeSet<[u8; 32]>,
	plans: Vec<(EmergencyPlan, Identity)>,
	known: BTreeSet<[u8; 32]>,
}

impl Acting {
	/// A chart's key comes from the root and this salt.
	pub(super) fn note_salt(&mut self, epoch: Epoch, salt: [u8; 16]) {
		self.salts.entry(epoch).or_default().insert(salt);
	}

	/// A hospital has published its profile key, or shared it.
	pub(super) fn take_profile_key(
		&mut self,
		hospital: HospitalId,
		version: u32,
		sealed: impl IntoIterator<Item = KeyForRegistrar<AccountId>>,
	) {
		self.profile_keys.extend(sealed.into_iter().map(|one| (hospital, version, one)));
	}

	fn take_divided(&mut self, divided: Divided) {
		let division = (divided.commitments.into_inner(), divided.secret.0);
		let shares = self.divisions.entry(division).or_default();
		shares.extend(divided.shares.into_iter().map(|one| one.share.0.to_vec()));
	}
}

impl Attacker {
	/// Acts for the patient, too, as the patient of this number.
	#[must_use]
	pub fn acting_as(mut self, representative: PatientId) -> Self {
		self.acting.representative = Some(representative);
		self
	}

	/// Has the root of the patient's former words, as on a device that was lost.
	#[must_use]
	pub fn with_root(mut self, root: &Root) -> Self {
		self.acting.roots.insert(*root.expose());
		self
	}

	/// What is sealed in a call, whether it had an effect or not.
	pub(super) fn take_acting(&mut self, call: Call<Runtime>) {
		match call {
			Call::set_guardians { divided, .. } => self.acting.take_divided(divided),
			Call::set_emergency_plan { divided, set, .. } => {
				self.acting.take_divided(divided);
				match set {
					EmergencySet::Chart(sealed) => {
						self.sealed.insert(sealed.key.0.to_vec());
					},
					EmergencySet::Records { key, records } => {
						let records = records.into_inner().into_iter().collect();
						self.acting.chosen.push((key.0.to_vec(), records));
					},
				}
			},
			Call::renew_emergency_key { sealed, .. }
			| Call::seal_to_representative { sealed, .. } => {
				self.sealed.insert(sealed.key.0.to_vec());
			},
			Call::hand_over_share { share, .. } | Call::confirm_emergency { share, .. } => {
				self.acting.handed.insert(share.0.to_vec());
			},
			Call::grant_access_for { key, .. } => {
				self.sealed.insert(key.key.0.to_vec());
			},
			Call::finish_recovery { with: NewSecrets::Patient(rotation), .. } => {
				self.take(&rotation);
			},
			_ => {},
		}
	}

	/// Opens what these keys open, until nothing more opens.
	pub(super) fn infer_acting(&mut self, genesis: [u8; 32]) {
		loop {
			let before = (self.acting.known.len(), self.acting.roots.len(), self.secrets.len());
			self.open_profile_keys(genesis);
			self.join_shares(genesis);
			self.open_epochs(genesis);
			self.open_chosen();
			if before == (self.acting.known.len(), self.acting.roots.len(), self.secrets.len()) {
				break;
			}
		}
	}

	fn open_profile_keys(&mut self, genesis: [u8; 32]) {
		let mut found = Vec::new();
		for (hospital, version, sealed) in &self.acting.profile_keys {
			let this = ProfileVersion { genesis, hospital: hospital.0, version: *version };
			let registrar: [u8; 32] = sealed.registrar.clone().into();
			let context = SealContext::profile_key(this, registrar, sealed.key_version);
			let (tried, keys) = (&self.tried, self.identities.iter());
			found.extend(keys.filter_map(|own| tried.unseal(own, &context, &sealed.key.0)));
		}
		for secret in found {
			if self.acting.known.insert(secret) {
				self.identities.push(ProfileSecret::from_bytes(secret).identity());
			}
		}
	}

	/// The shares of a division that open, each with its number: those that came with it, in the context of each keeper, and
	/// all that were handed over.
	fn shares_of(
		&self,
		of: &DividedSecret,
		commitments: &[[u8; 32]],
		kept: &BTreeSet<Vec<u8>>,
	) -> Vec<(usize, SecretShare)> {
		let desks = (0..HOSPITALS).map(Keeper::Desk);
		let own = self.acting.representative.map(|one| Keeper::Patient(one.0));
		let keepers = desks.chain(own).chain([Keeper::Doctor(self.doctor.0)]);
		let contexts: Vec<SealContext> = keepers
			.flat_map(|keeper| (1..=VERSIONS).map(move |version| (keeper, version)))
			.map(|(keeper, version)| SealContext::kept_share(of, commitments, keeper, version))
			.collect();
		let mut opened = Vec::new();
		for own in &self.identities {
			for context in &contexts {
				let kept = kept.iter();
				opened.extend(kept.filter_map(|one| self.tried.unseal_share(own, context, one)));
			}
			let context = SealContext::handed_share(of, commitments, &own.public_key());
			let handed = self.acting.handed.iter();
			opened.extend(handed.filter_map(|one| self.tried.unseal_share(own, &context, one)));
		}
		let numbered = |share: SecretShare| {
			let is_its = |number: &usize| check_share(commitments, *number, &share).is_ok();
			(1..=8).find(is_its).map(|number| (number, share.clone()))
		};
		opened.into_iter().filter_map(numbered).collect()
	}

	fn join_shares(&mut self, genesis: [u8; 32]) {
		for ((commitments, wrapped), kept) in self.acting.divisions.clone() {
			for kind in [DividedKind::PatientRoot, DividedKind::EmergencyKey] {
				let of = DividedSecret { genesis, kind, owner: self.patient.0 };
				let shares = self.shares_of(&of, &commitments, &kept);
				let Ok(secret) = join(&of, &commitments, &wrapped, &shares) else { continue };
				if kind == DividedKind::PatientRoot {
					self.acting.roots.insert(*secret);
				} else if self.acting.known.insert(*secret) {
					let plan = EmergencyPlan::of(genesis, self.patient.0, &commitments);
					self.acting.plans.push((plan, Identity::from_seed(*secret)));
				}
			}
		}
	}

	/// Opens epochs' secrets, by a root, a representative's key, or a plan's.
	fn open_epochs(&mut self, genesis: [u8; 32]) {
		let mut found = BTreeSet::new();
		for root in &self.acting.roots {
			let root = Root::from_bytes(*root);
			for (epoch, salts) in &self.acting.salts {
				for salt in salts {
					let secret = EpochSecret::derive(&root, &genesis, salt, *epoch);
					let digest = key_digest(&secret.public_key());
					if self.digests.get(epoch).is_some_and(|known| known.contains(&digest)) {
						found.insert(*secret.expose());
					}
				}
			}
		}
		for sealed in &self.sealed {
			for epoch in self.digests.keys() {
				for (plan, own) in &self.acting.plans {
					let context = SealContext::emergency_epoch(*plan, *epoch);
					found.extend(self.tried.unseal(own, &context, sealed));
				}
				let Some(representative) = self.acting.representative else { continue };
				let (patient, representative) = (self.patient.0, representative.0);
				let pair = ActingPair { genesis, patient, representative };
				for (generation, version) in
					(0..2).flat_map(|one| (1..=VERSIONS).map(move |version| (one, version)))
				{
					let context = SealContext::representative(pair, generation, *epoch, version);
					let (tried, keys) = (&self.tried, self.identities.iter());
					found.extend(keys.filter_map(|own| tried.unseal(own, &context, sealed)));
				}
			}
		}
		self.secrets.extend(found);
	}

	/// Opens chosen records that a plan is for.
	fn open_chosen(&mut self) {
		for (plan, own) in &self.acting.plans {
			for (sealed, records) in &self.acting.chosen {
				let context = SealContext::emergency_records(*plan);
				let Some(secret) = self.tried.unseal(own, &context, sealed) else { continue };
				let key = ShareKey::from_bytes(secret);
				for (record, wrapped) in records {
					let context = ShareContext::emergency(*plan, *record);
					self.file_keys.extend(key.unwrap(&context, &wrapped.0));
				}
			}
		}
	}
}
