//! What version 1 of the storage had in another shape than today: the runtimes up to `spec_version` 100.
//! What later versions have beside that gets its first value here.

// `storage_alias` adds structs of its own, and documents none.
#![allow(missing_docs)]

use crate::{Config, HospitalSet, Pallet, Registration};
use codec::{Decode, Encode};
use frame_support::{Twox64Concat, pallet_prelude::OptionQuery, storage_alias};
use medblock_primitives::{
	DoctorId, Epoch, HospitalId, Moment, PatientId, RecordIndex, SealedDocument, Standing,
};

/// Every patient.
#[storage_alias]
pub type Patients<T: Config> = StorageMap<
	Pallet<T>,
	Twox64Concat,
	PatientId,
	Patient<<T as frame_system::Config>::AccountId>,
	OptionQuery,
>;

/// Every doctor.
#[storage_alias]
pub type Doctors<T: Config> = StorageMap<
	Pallet<T>,
	Twox64Concat,
	DoctorId,
	Doctor<<T as frame_system::Config>::AccountId>,
	OptionQuery,
>;

/// Every grant, expired ones included.
#[storage_alias]
pub type Grants<T: Config> = StorageDoubleMap<
	Pallet<T>,
	Twox64Concat,
	PatientId,
	Twox64Concat,
	DoctorId,
	Grant,
	OptionQuery,
>;

/// A patient, apart from the large keys of their chart.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Patient<AccountId> {
	/// The account that controls the chart now.
	pub account: AccountId,
	/// The number of times that control was recovered rather than handed over.
	pub generation: u32,
	/// The hospital that answers for the patient's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the patient.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the patient has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// The chart's counters.
	pub chart: Chart,
}

/// The counters of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chart {
	/// The distributed epoch, an even number.
	pub epoch: Epoch,
	/// The number of records when a holder of the distributed epoch's secret had lost access.
	pub lost_from: Option<RecordIndex>,
	/// The earliest time at which a holder's grant or licence may end.
	pub next_expiry: Option<Moment>,
	/// The reading of `Lapses` when the chain last looked at all holders.
	pub lapses_seen: u64,
	/// The number of records, withdrawn ones included.
	pub records: RecordIndex,
	/// The number of doctors who have a grant, expired ones included.
	pub grants: u32,
	/// The number of share keys that there have been.
	pub shares: u32,
}

/// A doctor, apart from the directory entry and the encryption key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Doctor<AccountId> {
	/// The account that acts for the doctor now.
	pub account: AccountId,
	/// The number of times that control was recovered rather than handed over.
	pub generation: u32,
	/// The hospital that answers for the doctor's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the doctor.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the doctor has asked to move to.
	pub moving_to: Option<HospitalId>,
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

/// The access that a patient grants to a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
	/// The secret that opens the whole chart; none if the grant is to single records.
	pub seal: Option<Seal>,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The end of the grant, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave or changed the grant.
	pub granted_at: Moment,
}

/// The secret that a doctor was given.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seal {
	/// The epoch whose secret it is.
	pub epoch: Epoch,
	/// The version of the doctor's encryption key that it was sealed to.
	pub key_version: u32,
	/// The reading of `Lapses` then.
	pub lapses: u64,
}

impl<AccountId> From<Patient<AccountId>> for crate::Patient<AccountId> {
	fn from(old: Patient<AccountId>) -> Self {
		let registration = Registration {
			account: old.account,
			generation: old.generation,
			hospital: old.hospital,
			standing: old.standing,
			registered_at: old.registered_at,
			moving_to: old.moving_to,
		};
		let chart = crate::Chart {
			epoch: old.chart.epoch,
			lost_from: old.chart.lost_from,
			next_expiry: old.chart.next_expiry,
			lapses_seen: old.chart.lapses_seen,
			records: old.chart.records,
			grants: old.chart.grants,
			shares: old.chart.shares,
			// Which of them are withdrawn, only a look at each record tells, which comes later: `Recounting`.
			live: old.chart.records,
			hospitals: HospitalSet::ALL,
		};
		Self { registration, profile: old.profile, chart }
	}
}

impl<AccountId> From<Doctor<AccountId>> for crate::Doctor<AccountId> {
	fn from(old: Doctor<AccountId>) -> Self {
		let registration = Registration {
			account: old.account,
			generation: old.generation,
			hospital: old.hospital,
			standing: old.standing,
			registered_at: old.registered_at,
			moving_to: old.moving_to,
		};
		Self {
			registration,
			licence_expires: old.licence_expires,
			key_version: old.key_version,
			vouched_version: old.vouched_version,
			lapsed_at: old.lapsed_at,
			joined_at: old.joined_at,
		}
	}
}

impl<AccountId: Clone + PartialEq> Patient<AccountId> {
	/// Whether a patient of today has everything that this one had. For tests.
	pub fn is_kept_by(&self, now: &crate::Patient<AccountId>) -> bool {
		let crate::Patient { registration, profile, chart } = now;
		let kept = Self {
			account: registration.account.clone(),
			generation: registration.generation,
			hospital: registration.hospital,
			standing: registration.standing,
			registered_at: registration.registered_at,
			moving_to: registration.moving_to,
			profile: profile.clone(),
			chart: Chart {
				epoch: chart.epoch,
				lost_from: chart.lost_from,
				next_expiry: chart.next_expiry,
				lapses_seen: chart.lapses_seen,
				records: chart.records,
				grants: chart.grants,
				shares: chart.shares,
			},
		};
		*self == kept
	}
}

impl<AccountId: Clone + PartialEq> Doctor<AccountId> {
	/// Whether a doctor of today has everything that this one had. For tests.
	pub fn is_kept_by(&self, now: &crate::Doctor<AccountId>) -> bool {
		let registration = &now.registration;
		let kept = Self {
			account: registration.account.clone(),
			generation: registration.generation,
			hospital: registration.hospital,
			standing: registration.standing,
			registered_at: registration.registered_at,
			moving_to: registration.moving_to,
			licence_expires: now.licence_expires,
			key_version: now.key_version,
			vouched_version: now.vouched_version,
			lapsed_at: now.lapsed_at,
			joined_at: now.joined_at,
		};
		*self == kept
	}
}

impl Grant {
	/// The grant of today, with which the doctor may add so many records.
	pub fn with_appends_left(self, appends_left: u32) -> crate::Grant {
		let seal = self.seal.map(|seal| crate::Seal {
			epoch: seal.epoch,
			key_version: seal.key_version,
			lapses: seal.lapses,
		});
		crate::Grant {
			seal,
			may_append: self.may_append,
			expires_at: self.expires_at,
			granted_at: self.granted_at,
			appends_left,
		}
	}

	/// Whether a grant of today has everything that this one had. For tests.
	pub fn is_kept_by(&self, now: &crate::Grant) -> bool {
		let seal = now.seal.map(|seal| Seal {
			epoch: seal.epoch,
			key_version: seal.key_version,
			lapses: seal.lapses,
		});
		let kept = Self {
			seal,
			may_append: now.may_append,
			expires_at: now.expires_at,
			granted_at: now.granted_at,
		};
		*self == kept
	}
}
