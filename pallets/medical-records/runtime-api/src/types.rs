//! What the answers consist of.

pub use medblock_primitives::{MAX_PAGE, Page};

use alloc::vec::Vec;
use codec::{Decode, Encode};
use medblock_primitives::*;
use scale_info::TypeInfo;

/// A patient, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PatientInfo<AccountId> {
	/// Their id.
	pub id: PatientId,
	/// The account that controls the chart.
	pub account: AccountId,
	/// What keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	pub hospital: HospitalId,
	/// What it says.
	pub standing: Standing,
	/// When they registered.
	pub registered_at: Moment,
	/// The hospital that they have asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// How many records the chart has, withdrawn ones included.
	pub records: u32,
	/// How many doctors have a grant, expired ones included.
	pub grants: u32,
	/// How many share keys there have been; the next one's generation is one more.
	pub shares: u32,
	/// The epoch whose secret doctors have.
	pub epoch: Epoch,
	/// The epoch that records have to be sealed to now; another than `epoch` if the chart is due for
	/// a rotation.
	pub sealing_epoch: Epoch,
}

/// A doctor, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DoctorInfo<AccountId> {
	/// Their id.
	pub id: DoctorId,
	/// The account that acts for them.
	pub account: AccountId,
	/// What keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	pub hospital: HospitalId,
	/// What it says.
	pub standing: Standing,
	/// Whether patients can grant something to this doctor now, and if not, why.
	pub practises: Result<(), Denied>,
	/// When they registered.
	pub registered_at: Moment,
	/// The hospital that they have asked to move to.
	pub moving_to: Option<HospitalId>,
	/// When the licence runs out, if it does.
	pub licence_expires: Option<Moment>,
	/// The directory entry; none if the doctor was rejected.
	pub profile: Option<DoctorProfile>,
	/// What the hospital adds to it.
	pub details: Details,
	/// The version of the encryption key that is published.
	pub key_version: u32,
	/// The last version that the hospital has confirmed; 0 if none.
	pub vouched_version: u32,
}

/// A record and its place in the chart.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RecordInfo {
	/// Its place.
	pub index: RecordIndex,
	/// The record.
	pub record: Record,
}

/// A grant, and whether it is of use now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct GrantInfo {
	/// Whose chart.
	pub patient: PatientId,
	/// Who may see it.
	pub doctor: DoctorId,
	/// How much of it.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// When the patient has it end.
	pub expires_at: Option<Moment>,
	/// When the patient last gave or changed it.
	pub granted_at: Moment,
	/// For a whole chart: the newest epoch whose secret the doctor was given.
	pub epoch: Option<Epoch>,
	/// For a whole chart: the version of the doctor's key that this is sealed to.
	pub key_version: Option<u32>,
	/// What the doctor may do now, or why not.
	pub access: Result<Allowed, Denied>,
}

/// What a doctor needs to open single records.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ShareInfo {
	/// The share key.
	pub key: Option<ShareKey>,
	/// The records, with their file keys wrapped under it.
	pub records: Vec<SharedRecord>,
}

/// Something that a block changed, for whoever keeps doctors informed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Change<AccountId> {
	/// A patient gave a doctor access, or changed what was given.
	#[codec(index = 0)]
	Granted {
		/// Whose chart.
		patient: PatientId,
		/// Who may see it.
		doctor: DoctorId,
		/// How much of it.
		scope: Scope,
		/// For single records: how many are shared with this doctor now.
		records: Option<u32>,
		/// Whether the doctor may add records and notes.
		may_append: bool,
		/// When the patient has it end.
		expires_at: Option<Moment>,
	},
	/// A patient took a doctor's access back.
	#[codec(index = 1)]
	Revoked {
		/// Whose chart.
		patient: PatientId,
		/// Who may no longer see it.
		doctor: DoctorId,
	},
	/// A doctor gave their access up.
	#[codec(index = 2)]
	Relinquished {
		/// Whose chart.
		patient: PatientId,
		/// Who may no longer see it.
		doctor: DoctorId,
	},
	/// Records were added to a chart.
	#[codec(index = 3)]
	RecordsAdded {
		/// Whose chart.
		patient: PatientId,
		/// Who added them.
		author: Author,
		/// The first one's place in the chart.
		first: RecordIndex,
		/// How many there are.
		count: u32,
	},
	/// A patient withdrew a record.
	#[codec(index = 4)]
	RecordWithdrawn {
		/// Whose chart.
		patient: PatientId,
		/// Which record.
		record: RecordIndex,
	},
	/// A chart has new keys.
	#[codec(index = 5)]
	ChartKeyRotated {
		/// Whose chart.
		patient: PatientId,
		/// The new even epoch.
		epoch: Epoch,
	},
	/// A patient's encrypted profile was replaced.
	#[codec(index = 6)]
	PatientProfileUpdated {
		/// Whose.
		patient: PatientId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// A doctor's hospital verified, rejected, suspended or reinstated them.
	#[codec(index = 7)]
	DoctorStandingChanged {
		/// Whose.
		doctor: DoctorId,
		/// What the hospital says from now on.
		standing: Standing,
	},
	/// A doctor's entry in the directory was changed.
	#[codec(index = 8)]
	DoctorProfileUpdated {
		/// Whose.
		doctor: DoctorId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// A doctor's hospital changed what it says of them, or of the licence.
	#[codec(index = 9)]
	DoctorDetailsSet {
		/// Of whom.
		doctor: DoctorId,
		/// When the licence runs out, if it does.
		licence_expires: Option<Moment>,
	},
	/// A doctor published a new encryption key.
	#[codec(index = 10)]
	EncryptionKeySet {
		/// Whose.
		doctor: DoctorId,
		/// Which of their keys.
		version: u32,
	},
	/// A doctor's hospital confirmed their encryption key.
	#[codec(index = 11)]
	EncryptionKeyConfirmed {
		/// Whose.
		doctor: DoctorId,
		/// Which of their keys.
		version: u32,
	},
	/// Another account acts for a doctor from now on.
	#[codec(index = 12)]
	DoctorAccountChanged {
		/// For whom.
		doctor: DoctorId,
		/// The account that no longer does.
		old: AccountId,
		/// The account that does.
		new: AccountId,
	},
	/// Another hospital answers for a doctor from now on.
	#[codec(index = 13)]
	DoctorMoved {
		/// For whom.
		doctor: DoctorId,
		/// The hospital until now.
		from: HospitalId,
		/// The hospital from now on.
		to: HospitalId,
	},
	/// A doctor's registration was forgotten, since no hospital verified it in time.
	#[codec(index = 14)]
	DoctorRegistrationLapsed {
		/// Whose.
		doctor: DoctorId,
	},
}
