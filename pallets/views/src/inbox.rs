//! What is new for a doctor.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Account, BlockRef, Time};
use medblock_primitives::{
	Author, ChangeStop, DoctorId, Epoch, HospitalId, PatientId, RecordIndex, Scope, Standing,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a finalized block brought for a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct InboxNotification {
	/// The block. Its number is the `after` of the next subscription, once all of this is dealt with.
	pub block: BlockRef,
	/// The events in order; none if the notification only says how far the inbox has got.
	pub events: Vec<InboxEvent>,
}

/// Something that concerns a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum InboxEvent {
	/// A patient gave the doctor access, or changed what was given.
	Granted {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The part of the chart that is open.
		scope: Scope,
		/// For single records: the number of records that are shared with the doctor now.
		records: Option<u32>,
		/// Whether the doctor may add records and notes.
		may_append: bool,
		/// The end that the patient has set. It is not announced when it comes.
		expires_at: Option<Time>,
	},
	/// A patient took the doctor's access back.
	Revoked {
		/// The patient whose chart it is.
		patient: PatientId,
	},
	/// The doctor gave access up.
	Relinquished {
		/// The patient whose chart it is.
		patient: PatientId,
	},
	/// There are new records that the doctor may see, the doctor's own included.
	RecordsAdded {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The author.
		author: Author,
		/// The first record's place in the chart.
		#[cfg_attr(feature = "schema", schemars(with = "schema::RecordIndex"))]
		first: RecordIndex,
		/// The number of records.
		count: u32,
	},
	/// A patient withdrew a record that the doctor could see.
	RecordWithdrawn {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The record.
		#[cfg_attr(feature = "schema", schemars(with = "schema::RecordIndex"))]
		record: RecordIndex,
	},
	/// A chart that the doctor may see has new keys.
	ChartKeyRotated {
		/// The patient whose chart it is.
		patient: PatientId,
		/// The new even epoch.
		#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
		epoch: Epoch,
	},
	/// The encrypted profile of a patient whose chart the doctor may see was replaced.
	PatientProfileUpdated {
		/// The patient.
		patient: PatientId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// The hospital verified, rejected, suspended or reinstated the doctor.
	StandingChanged {
		/// The doctor.
		doctor: DoctorId,
		/// The hospital's word from now on.
		standing: Standing,
	},
	/// The doctor's entry in the directory was changed.
	ProfileUpdated {
		/// The doctor.
		doctor: DoctorId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// The doctor proposed a change of the entry, which the hospital has not confirmed yet.
	ProfileProposed {
		/// The doctor.
		doctor: DoctorId,
	},
	/// The change that the doctor proposed was discarded.
	ProfileDiscarded {
		/// The doctor.
		doctor: DoctorId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// The hospital changed what it adds to the doctor's entry, or the licence's end.
	DetailsSet {
		/// The doctor.
		doctor: DoctorId,
		/// The end of the licence, if it has one. It is not announced when it comes.
		licence_expires: Option<Time>,
	},
	/// The doctor published a new encryption key.
	EncryptionKeySet {
		/// The doctor.
		doctor: DoctorId,
		/// The key's version.
		version: u32,
	},
	/// The hospital confirmed the doctor's encryption key.
	EncryptionKeyConfirmed {
		/// The doctor.
		doctor: DoctorId,
		/// The key's version.
		version: u32,
	},
	/// Another account is going to act for the doctor, unless that is stopped before.
	AccountChangeRequested {
		/// The doctor.
		doctor: DoctorId,
		/// The account that is to take over.
		new: Account,
		/// The time at which it takes over.
		due: Time,
	},
	/// A pending change of the doctor's account was stopped.
	AccountChangeStopped {
		/// The doctor.
		doctor: DoctorId,
		/// The reason for the stop.
		why: ChangeStop,
	},
	/// Another account acts for the doctor from now on.
	AccountChanged {
		/// The doctor.
		doctor: DoctorId,
		/// The account until now.
		old: Account,
		/// The account from now on.
		new: Account,
	},
	/// Another hospital answers for the doctor from now on.
	Moved {
		/// The doctor.
		doctor: DoctorId,
		/// The hospital until now.
		from: HospitalId,
		/// The hospital from now on.
		to: HospitalId,
	},
	/// A hospital does not take in the doctor, who had asked to move there and may ask again.
	MoveDeclined {
		/// The doctor.
		doctor: DoctorId,
		/// The hospital that was asked.
		hospital: HospitalId,
	},
	/// A hospital has not answered the doctor's request to move there in time. The doctor may ask again.
	MoveLapsed {
		/// The doctor.
		doctor: DoctorId,
		/// The hospital that was asked.
		hospital: HospitalId,
	},
	/// The doctor's registration was forgotten, since no hospital verified it in time.
	RegistrationLapsed {
		/// The doctor.
		doctor: DoctorId,
	},
}
