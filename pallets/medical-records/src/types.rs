//! The types that the pallet stores, apart from those that clients use too (see `medblock-primitives`).

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use medblock_primitives::*;
use scale_info::TypeInfo;

use crate::HospitalSet;

/// The time between the request for a change of account and its effect, unless genesis says otherwise:
/// a day, in milliseconds.
pub const ACCOUNT_DELAY: Moment = 86_400_000;

/// The pallet's knowledge of the hospitals and their institutions.
pub trait HospitalRegistry<AccountId> {
	/// Whether the hospital belongs to the consortium now.
	fn is_active(hospital: HospitalId) -> bool;

	/// Whether the hospital belongs to the consortium, or has left it.
	fn is_known(hospital: HospitalId) -> bool;

	/// The hospital's way of accepting registrations.
	fn registration(hospital: HospitalId) -> RegistrationMode;

	/// Whether one of the hospital's registrars has vouched for the account.
	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool;

	/// Counts one decision of this kind by the hospital, which has so many people of this kind, suspended
	/// ones included. Whether the hospital may make one more now.
	fn count_decision(hospital: HospitalId, what: Paced, capacity: Capacity, people: u32) -> bool;

	/// Whether the institution may add records where patients allow it: it is open, and its hospital
	/// belongs to the consortium. An institution that is closed never opens again.
	fn is_open(institution: InstitutionId) -> bool;

	/// The open institution that the account adds records for.
	fn operated_by(who: &AccountId) -> Option<InstitutionId>;
}

/// The numbers of a hospital's people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PeopleCount {
	/// The number of verified patients, suspended ones included.
	pub patients: u32,
	/// The number of verified doctors, suspended ones included.
	pub doctors: u32,
}

impl PeopleCount {
	/// The number of people of one kind.
	pub fn of(&mut self, capacity: Capacity) -> &mut u32 {
		match capacity {
			Capacity::Patient => &mut self.patients,
			Capacity::Doctor => &mut self.doctors,
		}
	}
}

/// The registration of a person, patient or doctor: the account in control, and the hospital that
/// answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Registration<AccountId> {
	/// The account that controls the person's entry now.
	pub account: AccountId,
	/// The number of times that control was recovered rather than handed over. Keys are bound to it.
	pub generation: u32,
	/// The hospital that answers for the person's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// The time of registration. If the person was moved while waiting to be verified, the time of the last move.
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

	/// The hospitals that the person waits for, to be verified or to be taken in.
	pub fn awaited(&self) -> impl Iterator<Item = HospitalId> {
		let to_decide = (self.standing == Standing::Pending).then_some(self.hospital);
		to_decide.into_iter().chain(self.moving_to)
	}

	/// Whether the person waits for this hospital.
	pub fn awaits(&self, hospital: HospitalId) -> bool {
		self.awaited().any(|awaited| awaited == hospital)
	}
}

/// A change of the account that controls a person's entry, before it takes effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AccountChange<AccountId> {
	/// The account that is to take over.
	pub new: AccountId,
	/// The time at which it takes over, unless the change is stopped before.
	pub due: Moment,
	/// The place in the queue of changes.
	pub place: u64,
}

/// A patient, apart from the large keys of their chart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Patient<AccountId> {
	/// The patient's registration.
	pub registration: Registration<AccountId>,
	/// The encrypted profile (name, birth date and the like), for the hospital and granted doctors.
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

/// The counters of a chart. One small item, which everything that happens to the chart reads and
/// writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Chart {
	/// The distributed epoch, an even number.
	pub epoch: Epoch,
	/// The number of records when the chain noticed that a holder of the distributed epoch's secret had
	/// lost access, before any more were added; none while all holders have access.
	pub lost_from: Option<RecordIndex>,
	/// The earliest time at which a holder's grant or licence may end.
	pub next_expiry: Option<Moment>,
	/// A reading of `Lapses` up to which the chain has noticed all losses of holders.
	pub lapses_seen: u64,
	/// The place of the next record: the number of records, withdrawn ones included.
	pub records: RecordIndex,
	/// The number of doctors who have a grant, expired ones included until they are cleared away.
	pub grants: u32,
	/// The number of share keys that there have been, and of times that records were unshared.
	pub shares: u32,
	/// The number of records that take up room: those that are not withdrawn, and, until
	/// [`crate::Recounting`] has passed the chart, those that were withdrawn under version 1 of the storage.
	pub live: u32,
	/// The hospitals of the holders, and perhaps of earlier ones.
	pub hospitals: HospitalSet,
}

impl Chart {
	/// An empty chart, at a time at which `Lapses` reads `lapses`.
	pub fn new(lapses: u64) -> Self {
		Self {
			epoch: 0,
			lost_from: None,
			next_expiry: None,
			lapses_seen: lapses,
			records: 0,
			grants: 0,
			shares: 0,
			live: 0,
			hospitals: HospitalSet::default(),
		}
	}

	/// The epoch that records and profiles have to be sealed to.
	pub fn sealing_epoch(&self) -> Epoch {
		match self.lost_from {
			Some(_) => self.epoch.saturating_add(1),
			None => self.epoch,
		}
	}

	/// Whether a holder of the distributed epoch's secret has lost access, as far as was noted.
	pub(crate) fn is_due(&self) -> bool {
		self.lost_from.is_some()
	}

	/// Notes that a holder of the distributed epoch's secret has lost access.
	pub(crate) fn mark_lost(&mut self) {
		self.lost_from.get_or_insert(self.records);
	}

	/// Notes another holder, whose access ends at `until`.
	pub(crate) fn note_holder(&mut self, hospital: HospitalId, until: Option<Moment>) {
		self.hospitals.insert(hospital);
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Doctor<AccountId> {
	/// The doctor's registration.
	pub registration: Registration<AccountId>,
	/// The end of the licence, if it has one.
	pub licence_expires: Option<Moment>,
	/// The version of the encryption key that is published.
	pub key_version: u32,
	/// The last version that a registrar has confirmed, or 0.
	pub vouched_version: u32,
	/// The reading of `Lapses` when the doctor last lost all access, or 0.
	pub lapsed_at: u64,
	/// The reading of `Lapses` when the doctor came to this hospital.
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct DirectoryEntry {
	/// The doctor's description, in the words that the hospital has confirmed.
	pub profile: DoctorProfile,
	/// The hospital's details.
	pub details: Details,
}

/// The secret that a doctor was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Seal {
	/// The epoch whose secret it is.
	pub epoch: Epoch,
	/// The version of the doctor's encryption key that it was sealed to.
	pub key_version: u32,
	/// The reading of `Lapses` then: a doctor who has lapsed since is no longer trusted with the
	/// secret.
	pub lapses: u64,
}

/// The access that a patient grants to a doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Grant {
	/// The secret that opens the whole chart; none if the grant is to single records.
	pub seal: Option<Seal>,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The end of the grant, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave or changed the grant.
	pub granted_at: Moment,
	/// The number of records and notes that the doctor may still add, until the patient renews it.
	pub appends_left: u32,
}

impl Grant {
	/// The part of the chart that the grant opens.
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

/// A patient's permission to an institution to add records to the chart. It comes with no key, and opens
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Deposit {
	/// The end of the permission, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave it.
	pub allowed_at: Moment,
	/// The number of records that the institution may still add, until the patient allows it again.
	pub appends_left: u32,
}

/// A council decision to move all people of a hospital that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Relocation {
	/// The hospital that has left.
	pub from: HospitalId,
	/// The hospital that answers for its people now.
	pub to: HospitalId,
	/// The next patient to look at.
	pub next_patient: PatientId,
	/// The end of the patients who can be concerned.
	pub patients_end: PatientId,
	/// The next doctor to look at.
	pub next_doctor: DoctorId,
	/// The end of the doctors who can be concerned.
	pub doctors_end: DoctorId,
}
