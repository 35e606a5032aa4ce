//! What is new for a doctor.

use super::{Author, BlockRef, Scope, Standing};
use crate::{Account, schema};
use medblock_primitives::{DoctorId, Epoch, HospitalId, Moment, PatientId, RecordIndex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a finalized block brought for a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InboxNotification {
	/// The block. Its number is what to give as `after` once everything here has been dealt with.
	pub block: BlockRef,
	/// What happened, in order; nothing if the notification only says how far the inbox has got.
	pub events: Vec<InboxEvent>,
}

/// Something that concerns a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum InboxEvent {
	/// A patient gave the doctor access, or changed what was given.
	Granted {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
		/// How much of it.
		scope: Scope,
		/// For single records: how many are shared with the doctor now.
		records: Option<u32>,
		/// Whether the doctor may add records and notes.
		may_append: bool,
		/// When the patient has it end. That it has ended is not announced.
		#[schemars(with = "Option<schema::Moment>")]
		expires_at: Option<Moment>,
	},
	/// A patient took the doctor's access back.
	Revoked {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
	},
	/// The doctor gave access up.
	Relinquished {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
	},
	/// There are new records that the doctor may see, the doctor's own included.
	RecordsAdded {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
		/// Who added them.
		author: Author,
		/// The first one's place in the chart.
		#[schemars(with = "schema::RecordIndex")]
		first: RecordIndex,
		/// How many there are.
		count: u32,
	},
	/// A patient withdrew a record that the doctor could see.
	RecordWithdrawn {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
		/// Which record.
		#[schemars(with = "schema::RecordIndex")]
		record: RecordIndex,
	},
	/// A chart that the doctor may see has new keys.
	ChartKeyRotated {
		/// Whose chart.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
		/// The new even epoch.
		#[schemars(with = "schema::Epoch")]
		epoch: Epoch,
	},
	/// The encrypted profile of a patient whose chart the doctor may see was replaced.
	PatientProfileUpdated {
		/// Whose.
		#[schemars(with = "schema::PatientId")]
		patient: PatientId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// The hospital verified, rejected, suspended or reinstated the doctor.
	StandingChanged {
		/// Whom.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// What it says from now on.
		standing: Standing,
	},
	/// The doctor's entry in the directory was changed.
	ProfileUpdated {
		/// Whose.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// Whether the hospital did it.
		by_hospital: bool,
	},
	/// The hospital changed what it says of the doctor, or of the licence.
	DetailsSet {
		/// Of whom.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// When the licence runs out, if it does. That it has run out is not announced.
		#[schemars(with = "Option<schema::Moment>")]
		licence_expires: Option<Moment>,
	},
	/// The doctor published a new encryption key.
	EncryptionKeySet {
		/// Whose.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// Which of their keys.
		version: u32,
	},
	/// The hospital confirmed the doctor's encryption key.
	EncryptionKeyConfirmed {
		/// Whose.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// Which of their keys.
		version: u32,
	},
	/// Another account acts for the doctor from now on.
	AccountChanged {
		/// For whom.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// The account that no longer does.
		old: Account,
		/// The account that does.
		new: Account,
	},
	/// Another hospital answers for the doctor from now on.
	Moved {
		/// For whom.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
		/// The hospital until now.
		#[schemars(with = "schema::HospitalId")]
		from: HospitalId,
		/// The hospital from now on.
		#[schemars(with = "schema::HospitalId")]
		to: HospitalId,
	},
	/// The doctor's registration was forgotten, since no hospital verified it in time.
	RegistrationLapsed {
		/// Whose.
		#[schemars(with = "schema::DoctorId")]
		doctor: DoctorId,
	},
}
