//! The types of the answers.

pub use medblock_primitives::{MAX_PAGE, Page};

use alloc::vec::Vec;
use codec::{Decode, Encode};
use medblock_primitives::*;
use scale_info::TypeInfo;

/// A patient, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PatientInfo<AccountId> {
	/// The patient's id.
	pub id: PatientId,
	/// The account that controls the chart.
	pub account: AccountId,
	/// The number of times that control was recovered. Keys are bound to it and to the id.
	pub generation: u32,
	/// The hospital that answers for the person's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the person has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// The number of records in the chart, withdrawn ones included.
	pub records: u32,
	/// The number of records that take up room in the chart: those that are not withdrawn, and, until
	/// the chain has counted the chart anew, those that were withdrawn under the runtime 100.
	pub live: u32,
	/// The number of doctors who have a grant, expired ones included until they are cleared away.
	pub grants: u32,
	/// The number of share keys that there have been, and of times that records were unshared; the next
	/// share key's generation is one more.
	pub shares: u32,
	/// The epoch whose secret doctors have.
	pub epoch: Epoch,
	/// The epoch that records have to be sealed to now. It differs from `epoch` if the chart is due for
	/// a rotation.
	pub sealing_epoch: Epoch,
	/// The hospital whose vault keeps new documents of the chart.
	pub vault: HospitalId,
	/// The hospital that the patient has chosen as a mirror.
	pub mirror: Option<HospitalId>,
	/// The moves of documents by the patient, by the hospital that they name.
	pub moves: Vec<VaultMove>,
	/// The vaults of the profile.
	pub profile_vaults: Option<Vaults>,
}

/// A doctor, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DoctorInfo<AccountId> {
	/// The doctor's id.
	pub id: DoctorId,
	/// The account that acts for the doctor.
	pub account: AccountId,
	/// The number of times that control was recovered. Keys are bound to it and to the id.
	pub generation: u32,
	/// The hospital that answers for the person's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// Whether patients can grant access to the doctor now, and if not, the reason.
	pub practises: Result<(), Denied>,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the person has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The end of the licence, if it has one.
	pub licence_expires: Option<Moment>,
	/// The directory entry; none if the doctor was rejected.
	pub profile: Option<DoctorProfile>,
	/// The hospital's addition to the entry.
	pub details: Details,
	/// The version of the published encryption key.
	pub key_version: u32,
	/// The last version that the hospital has confirmed, or 0.
	pub vouched_version: u32,
}

/// A change that a doctor proposes to the directory entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProposalInfo {
	/// The doctor who proposes it.
	pub doctor: DoctorId,
	/// The proposed entry.
	pub profile: DoctorProfile,
}

/// A change of the account that controls a person's entry, before it takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountChangeInfo<AccountId> {
	/// The person whose account is going to change.
	pub person: Person,
	/// The account that is to take over.
	pub new: AccountId,
	/// The time at which it takes over, unless the change is stopped before.
	pub due: Moment,
}

/// A record and its place in the chart.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RecordInfo {
	/// The record's place.
	pub index: RecordIndex,
	/// The record.
	pub record: Record,
	/// The vaults of its document; none once the patient has withdrawn it.
	pub vaults: Option<Vaults>,
}

/// A grant, and the access that it gives now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct GrantInfo {
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The doctor who may see it.
	pub doctor: DoctorId,
	/// The part of the chart that the grant opens.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The end of the grant, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave or changed the grant.
	pub granted_at: Moment,
	/// The number of records and notes that the doctor may still add, until the patient renews it.
	pub appends_left: u32,
	/// The newest epoch whose secret the doctor was given, for a grant to the whole chart.
	pub epoch: Option<Epoch>,
	/// The version of the doctor's key that this secret is sealed to.
	pub key_version: Option<u32>,
	/// The access that the doctor has now, or the reason for none.
	pub access: Result<Allowed, Denied>,
}

/// A permission to an institution to add records to a chart, of which it can read nothing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DepositInfo {
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The institution that may add records.
	pub institution: InstitutionId,
	/// The end of the permission, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave it.
	pub allowed_at: Moment,
	/// The number of records that the institution may still add, until the patient allows it again.
	pub appends_left: u32,
	/// Whether it holds now: it has not run out, and the institution is open.
	pub live: bool,
}

/// The keys with which a doctor opens single records.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ShareInfo {
	/// The share key.
	pub key: Option<ShareKey>,
	/// The records, with their file keys wrapped under it.
	pub records: Vec<SharedRecord>,
}

/// The doctors to whose own keys the files of a due chart are encrypted too.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RecipientsInfo {
	/// The epoch that files have to be sealed to now.
	pub sealing_epoch: Epoch,
	/// The digest that a transaction names if its files are encrypted to exactly these doctors; none
	/// while the chart is not due.
	pub digest: Option<RecipientsDigest>,
	/// The doctors in order of their ids, [`MAX_RECIPIENT_DOCTORS`] at most; empty while the chart is
	/// not due.
	pub doctors: Vec<RecipientInfo>,
	/// The representatives who see the chart, in order of their ids, [`MAX_REPRESENTATIVES`] at most; empty while
	/// the chart is not due. With any of them, there are at most
	/// [`MAX_RECIPIENT_DOCTORS_BESIDE_REPRESENTATIVES`] doctors.
	pub representatives: Vec<RepresentativeRecipient>,
}

/// A representative's own key, as the patient's hospital has checked it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RepresentativeRecipient {
	/// The representative who sees the whole chart.
	pub representative: PatientId,
	/// The version of the representative's key.
	pub key_version: u32,
	/// The SHA-256 of the key.
	pub key_digest: [u8; 32],
}

/// A doctor's own key, as confirmed by the doctor's hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RecipientInfo {
	/// The doctor who may see the whole chart.
	pub doctor: DoctorId,
	/// The version of the doctor's key.
	pub key_version: u32,
	/// The SHA-256 of the key.
	pub key_digest: [u8; 32],
}

/// A change in a block, for programs that keep doctors informed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Change<AccountId> {
	/// A patient granted a doctor access, or changed the grant, also by sharing fewer records.
	#[codec(index = 0)]
	Granted {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The doctor who may see it.
		doctor: DoctorId,
		/// The part of the chart that the grant opens.
		scope: Scope,
		/// The number of records that are shared with the doctor now, if the grant is to single ones.
		records: Option<u32>,
		/// Whether the doctor may add records and notes.
		may_append: bool,
		/// The end of the grant, if it has one.
		expires_at: Option<Moment>,
	},
	/// A patient took back a doctor's access.
	#[codec(index = 1)]
	Revoked {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The doctor who may no longer see it.
		doctor: DoctorId,
	},
	/// A doctor gave up access to a chart.
	#[codec(index = 2)]
	Relinquished {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The doctor who may no longer see it.
		doctor: DoctorId,
	},
	/// Records were added to a chart.
	#[codec(index = 3)]
	RecordsAdded {
		/// The patient whose chart changed.
		patient: PatientId,
		/// The author of the records.
		author: Author,
		/// The first record's place in the chart.
		first: RecordIndex,
		/// The number of records.
		count: u32,
	},
	/// A patient withdrew a record.
	#[codec(index = 4)]
	RecordWithdrawn {
		/// The patient whose chart changed.
		patient: PatientId,
		/// The record's place in the chart.
		record: RecordIndex,
	},
	/// A chart has new keys.
	#[codec(index = 5)]
	ChartKeyRotated {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The new distributed epoch.
		epoch: Epoch,
	},
	/// A patient's encrypted profile was replaced or removed.
	#[codec(index = 6)]
	PatientProfileUpdated {
		/// The patient whose profile changed.
		patient: PatientId,
		/// Whether the hospital replaced it.
		by_hospital: bool,
	},
	/// A doctor's hospital verified, rejected, suspended or reinstated them.
	#[codec(index = 7)]
	DoctorStandingChanged {
		/// The doctor whose standing changed.
		doctor: DoctorId,
		/// The new standing.
		standing: Standing,
	},
	/// A doctor's entry in the directory changed.
	#[codec(index = 8)]
	DoctorProfileUpdated {
		/// The doctor whose entry changed.
		doctor: DoctorId,
		/// Whether the hospital changed it.
		by_hospital: bool,
	},
	/// A doctor's hospital changed its details about them, or the end of the licence.
	#[codec(index = 9)]
	DoctorDetailsSet {
		/// The doctor whose details changed.
		doctor: DoctorId,
		/// The end of the licence, if it has one.
		licence_expires: Option<Moment>,
	},
	/// A doctor published a new encryption key.
	#[codec(index = 10)]
	EncryptionKeySet {
		/// The doctor whose key changed.
		doctor: DoctorId,
		/// The version of the key.
		version: u32,
	},
	/// A doctor's hospital confirmed their encryption key.
	#[codec(index = 11)]
	EncryptionKeyConfirmed {
		/// The doctor whose key was confirmed.
		doctor: DoctorId,
		/// The version of the key.
		version: u32,
	},
	/// Another account acts for a doctor from now on.
	#[codec(index = 12)]
	DoctorAccountChanged {
		/// The doctor whose account changed.
		doctor: DoctorId,
		/// The previous account.
		old: AccountId,
		/// The new account.
		new: AccountId,
	},
	/// Another hospital answers for a doctor from now on.
	#[codec(index = 13)]
	DoctorMoved {
		/// The doctor who moved.
		doctor: DoctorId,
		/// The previous hospital.
		from: HospitalId,
		/// The new hospital.
		to: HospitalId,
	},
	/// A doctor's registration was deleted, because no hospital verified the doctor in time.
	#[codec(index = 14)]
	DoctorRegistrationLapsed {
		/// The doctor whose registration was deleted.
		doctor: DoctorId,
	},
	/// A doctor proposed a change of the entry in the directory, which the hospital has not confirmed yet.
	#[codec(index = 20)]
	DoctorProfileProposed {
		/// The doctor who proposed it.
		doctor: DoctorId,
	},
	/// The change that a doctor proposed was discarded.
	#[codec(index = 21)]
	DoctorProfileDiscarded {
		/// The doctor who had proposed it.
		doctor: DoctorId,
		/// Whether the hospital discarded it, rather than the doctor.
		by_hospital: bool,
	},
	/// Another account is going to act for a doctor, unless that is stopped before.
	#[codec(index = 22)]
	DoctorAccountChangeRequested {
		/// The doctor whose account is going to change.
		doctor: DoctorId,
		/// The account that is to take over.
		new: AccountId,
		/// The time at which it takes over.
		due: Moment,
	},
	/// A pending change of a doctor's account was stopped.
	#[codec(index = 23)]
	DoctorAccountChangeStopped {
		/// The doctor whose account stays.
		doctor: DoctorId,
		/// The reason for the stop.
		why: ChangeStop,
	},
	/// A hospital does not take in a doctor who had asked to move there.
	#[codec(index = 24)]
	DoctorMoveDeclined {
		/// The doctor who had asked.
		doctor: DoctorId,
		/// The hospital that was asked.
		hospital: HospitalId,
	},
	/// A hospital has not answered a doctor's request to move there in time.
	#[codec(index = 25)]
	DoctorMoveLapsed {
		/// The doctor who had asked.
		doctor: DoctorId,
		/// The hospital that was asked.
		hospital: HospitalId,
	},
}
