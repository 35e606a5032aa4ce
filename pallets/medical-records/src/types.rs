//! What the pallet stores, apart from what clients know it as too (see `medblock-primitives`).

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use medblock_primitives::*;
use scale_info::TypeInfo;

/// What the pallet has to know of the hospitals.
pub trait HospitalRegistry<AccountId> {
	/// Whether the hospital belongs to the consortium now.
	fn is_active(hospital: HospitalId) -> bool;

	/// How the hospital takes in people.
	fn registration(hospital: HospitalId) -> RegistrationMode;

	/// Whether one of the hospital's registrars has vouched for the account.
	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool;
}

/// What the chain keeps of a person, patient or doctor: who controls the entry, and who answers for it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Registration<AccountId> {
	/// The account that controls the person's entry now.
	pub account: AccountId,
	/// The number of times that control was recovered rather than handed over. Keys are bound to it.
	pub generation: u32,
	/// The hospital that answers for the person's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the person has asked to move to.
	pub moving_to: Option<HospitalId>,
}

impl<AccountId> Registration<AccountId> {
	/// A registration that waits for the hospital's decision.
	pub fn pending(account: AccountId, hospital: HospitalId, now: Moment) -> Self {
		Self {
			account,
			generation: 0,
			hospital,
			standing: Standing::Pending,
			registered_at: now,
			moving_to: None,
		}
	}

	/// Whether a hospital has known the person, suspended or not.
	pub fn was_verified(&self) -> bool {
		matches!(self.standing, Standing::Verified | Standing::Suspended)
	}

	/// Whether the person waits for this hospital, to be verified or to be taken in.
	pub fn awaits(&self, hospital: HospitalId) -> bool {
		self.moving_to == Some(hospital)
			|| (self.hospital == hospital && self.standing == Standing::Pending)
	}
}

/// A patient, apart from the large keys of their chart.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Patient<AccountId> {
	/// The patient's registration.
	pub registration: Registration<AccountId>,
	/// Name, birth date and the like, encrypted; for the hospital and granted doctors.
	pub profile: Option<SealedDocument>,
	/// The chart's counters.
	pub chart: Chart,
}

impl<AccountId> AsRef<Registration<AccountId>> for Patient<AccountId> {
	fn as_ref(&self) -> &Registration<AccountId> {
		&self.registration
	}
}

impl<AccountId> AsMut<Registration<AccountId>> for Patient<AccountId> {
	fn as_mut(&mut self) -> &mut Registration<AccountId> {
		&mut self.registration
	}
}

/// The counters of a chart. One small item, read and written by whatever happens to it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Chart {
	/// The distributed epoch: even.
	pub epoch: Epoch,
	/// Once somebody who held the distributed epoch's secret has lost access: how many records
	/// there were when the chain noticed, which is before any more were added.
	pub lost_from: Option<RecordIndex>,
	/// No holder's grant or licence ends before this; at this time, somebody's may.
	pub next_expiry: Option<Moment>,
	/// What `Lapses` was when all holders were last looked at.
	pub lapses_seen: u64,
	/// How many records there are, withdrawn ones included.
	pub records: RecordIndex,
	/// How many doctors have a grant, expired ones included.
	pub grants: u32,
	/// How many share keys there have been.
	pub shares: u32,
}

impl Chart {
	/// An empty chart at a time at which `lapses` is what the counter says.
	pub fn new(lapses: u64) -> Self {
		Self {
			epoch: 0,
			lost_from: None,
			next_expiry: None,
			lapses_seen: lapses,
			records: 0,
			grants: 0,
			shares: 0,
		}
	}

	/// The epoch that records and profiles have to be sealed to.
	pub fn sealing_epoch(&self) -> Epoch {
		match self.lost_from {
			Some(_) => self.epoch.saturating_add(1),
			None => self.epoch,
		}
	}

	/// Somebody who held the distributed epoch's secret has lost access.
	pub(crate) fn mark_lost(&mut self) {
		self.lost_from.get_or_insert(self.records);
	}

	/// Another holder, whose access ends at `until`.
	pub(crate) fn note_expiry(&mut self, until: Option<Moment>) {
		self.next_expiry = earlier(self.next_expiry, until);
	}
}

/// The earlier of two ends, where `None` is never.
pub(crate) fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
	match (one, other) {
		(Some(one), Some(other)) => Some(one.min(other)),
		(one, other) => one.or(other),
	}
}

/// Whether an end has come. It comes in the very millisecond that it names.
pub(crate) fn has_come(end: Option<Moment>, now: Moment) -> bool {
	end.is_some_and(|end| end <= now)
}

/// A doctor, apart from the directory entry and the encryption key.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Doctor<AccountId> {
	/// The doctor's registration.
	pub registration: Registration<AccountId>,
	/// When the licence runs out, if it does.
	pub licence_expires: Option<Moment>,
	/// The version of the encryption key that is published.
	pub key_version: u32,
	/// The last version that a registrar has confirmed; 0 if none.
	pub vouched_version: u32,
	/// What `Lapses` was when the doctor last lost access to everything; 0 if never.
	pub lapsed_at: u64,
	/// What `Lapses` was when the doctor came to this hospital.
	pub joined_at: u64,
}

impl<AccountId> AsRef<Registration<AccountId>> for Doctor<AccountId> {
	fn as_ref(&self) -> &Registration<AccountId> {
		&self.registration
	}
}

impl<AccountId> AsMut<Registration<AccountId>> for Doctor<AccountId> {
	fn as_mut(&mut self) -> &mut Registration<AccountId> {
		&mut self.registration
	}
}

impl<AccountId> Doctor<AccountId> {
	/// Whether the hospital has confirmed the key that is published now.
	pub fn is_key_vouched(&self) -> bool {
		self.vouched_version == self.key_version
	}
}

/// A doctor's directory entry.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct DirectoryEntry {
	/// The doctor's own words.
	pub profile: DoctorProfile,
	/// The hospital's.
	pub details: Details,
}

/// Which secret a doctor was given.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Seal {
	/// The epoch.
	pub epoch: Epoch,
	/// The version of the doctor's encryption key that it was sealed to.
	pub key_version: u32,
	/// What `Lapses` was then: whoever has lapsed since has lost this secret's trust.
	pub lapses: u64,
}

/// What a patient allows a doctor.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Grant {
	/// The secret that opens the whole chart; none if single records are shared.
	pub seal: Option<Seal>,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// When it ends by itself.
	pub expires_at: Option<Moment>,
	/// When it was last given or changed by the patient.
	pub granted_at: Moment,
}

impl Grant {
	/// How much of the chart it opens.
	pub fn scope(&self) -> Scope {
		match self.seal {
			Some(_) => Scope::Chart,
			None => Scope::Records,
		}
	}

	/// Whether the doctor was given this epoch's secret.
	pub fn holds(&self, epoch: Epoch) -> bool {
		self.seal.is_some_and(|seal| seal.epoch == epoch)
	}
}

/// A council decision to move everybody from a hospital that has left.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Relocation {
	/// The hospital that has left.
	pub from: HospitalId,
	/// The hospital that answers for its people now.
	pub to: HospitalId,
	/// The next patient to look at.
	pub next_patient: PatientId,
	/// Where the patients end who can be concerned.
	pub patients_end: PatientId,
	/// The next doctor to look at.
	pub next_doctor: DoctorId,
	/// Where the doctors end who can be concerned.
	pub doctors_end: DoctorId,
}
