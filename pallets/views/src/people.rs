//! Patients and doctors.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Account, Denial, SealedDocument, Time, text};
use medblock_primitives::{
	self as primitives, DoctorId, Epoch, HospitalId, PatientId, Person, Standing, VaultMove, Vaults,
};
use pallet_medical_records_runtime_api::{
	AccountChangeInfo, DoctorInfo, PatientInfo, ProposalInfo,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A patient, as the chain knows them: no name, no birth date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Patient {
	/// The patient's id.
	pub patient: PatientId,
	/// The account that controls the chart.
	pub account: Account,
	/// The number that keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	pub hospital: HospitalId,
	/// The hospital's word on the patient.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Time,
	/// The hospital that the patient has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The hospital whose vault keeps new documents of the chart.
	pub vault: HospitalId,
	/// The hospital that the patient has chosen as a mirror.
	pub mirror: Option<HospitalId>,
	/// The patient's moves of documents, by the hospital that they name.
	pub moves: Vec<VaultMove>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// The vaults of the profile.
	pub profile_vaults: Option<Vaults>,
	/// The number of records, withdrawn ones included.
	pub records: u32,
	/// The number of records that take up room in the chart: those that are not withdrawn, and, until
	/// the chain has counted the chart anew, those that were withdrawn under the runtime 100.
	pub live: u32,
	/// The number of doctors with a grant, expired ones included until they are cleared away.
	pub grants: u32,
	/// The number of share keys so far.
	pub shares: u32,
	/// The epoch whose secret doctors have.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub epoch: Epoch,
	/// The epoch that records have to be sealed to now.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub sealing_epoch: Epoch,
	/// Whether a doctor has lost access, so that the chart needs a new key.
	pub due_for_rotation: bool,
}

impl<AccountId: AsRef<[u8; 32]>> From<PatientInfo<AccountId>> for Patient {
	fn from(info: PatientInfo<AccountId>) -> Self {
		Self {
			patient: info.id,
			account: Account::new(info.account),
			generation: info.generation,
			hospital: info.hospital,
			standing: info.standing,
			registered_at: info.registered_at.into(),
			moving_to: info.moving_to,
			vault: info.vault,
			mirror: info.mirror,
			moves: info.moves,
			profile: info.profile.map(Into::into),
			profile_vaults: info.profile_vaults,
			records: info.records,
			live: info.live,
			grants: info.grants,
			shares: info.shares,
			epoch: info.epoch,
			sealing_epoch: info.sealing_epoch,
			due_for_rotation: info.sealing_epoch != info.epoch,
		}
	}
}

/// A doctor's entry in the public directory. Patients see it as a hospital has confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct DoctorProfile {
	/// The name that patients know.
	pub name: String,
	/// The specialty, for instance `cardiology`.
	pub specialty: String,
	/// The qualification, for instance `MD, board-certified`.
	pub qualification: String,
	/// The year in which the doctor began to practise.
	pub practising_since: u16,
}

impl From<primitives::DoctorProfile> for DoctorProfile {
	fn from(profile: primitives::DoctorProfile) -> Self {
		Self {
			name: text(&profile.name),
			specialty: text(&profile.specialty),
			qualification: text(&profile.qualification),
			practising_since: profile.practising_since,
		}
	}
}

/// A doctor, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Doctor {
	/// The doctor's id.
	pub doctor: DoctorId,
	/// The account that acts for the doctor.
	pub account: Account,
	/// The number that keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	pub hospital: HospitalId,
	/// The hospital's word on the doctor.
	pub standing: Standing,
	/// Whether patients can grant something to this doctor now.
	pub practises: bool,
	/// The reason why they can't.
	pub problem: Option<Denial>,
	/// The time of registration.
	pub registered_at: Time,
	/// The hospital that the doctor has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The end of the licence, if it has one.
	pub licence_expires: Option<Time>,
	/// The directory entry; `null` if the doctor was rejected.
	pub profile: Option<DoctorProfile>,
	/// What the hospital adds to the entry.
	pub details: String,
	/// The version of the published encryption key.
	pub key_version: u32,
	/// The last version that the hospital has confirmed; 0 if none.
	pub vouched_version: u32,
}

impl<AccountId: AsRef<[u8; 32]>> From<DoctorInfo<AccountId>> for Doctor {
	fn from(info: DoctorInfo<AccountId>) -> Self {
		Self {
			doctor: info.id,
			account: Account::new(info.account),
			generation: info.generation,
			hospital: info.hospital,
			standing: info.standing,
			practises: info.practises.is_ok(),
			problem: info.practises.err().map(Into::into),
			registered_at: info.registered_at.into(),
			moving_to: info.moving_to,
			licence_expires: info.licence_expires.map(Into::into),
			profile: info.profile.map(Into::into),
			details: text(&info.details),
			key_version: info.key_version,
			vouched_version: info.vouched_version,
		}
	}
}

/// A change that a doctor proposes to the directory entry. It counts once the hospital has confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ProposedProfile {
	/// The doctor who proposes it.
	pub doctor: DoctorId,
	/// The proposed entry.
	pub profile: DoctorProfile,
}

impl From<ProposalInfo> for ProposedProfile {
	fn from(info: ProposalInfo) -> Self {
		Self { doctor: info.doctor, profile: info.profile.into() }
	}
}

/// A change of the account that controls a person's entry, before it takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct AccountChange {
	/// The person whose account is going to change.
	pub person: Person,
	/// The account that is to take over.
	pub new: Account,
	/// The time at which it takes over, unless the change is stopped before.
	pub due: Time,
}

impl<AccountId: AsRef<[u8; 32]>> From<AccountChangeInfo<AccountId>> for AccountChange {
	fn from(info: AccountChangeInfo<AccountId>) -> Self {
		Self { person: info.person, new: Account::new(info.new), due: info.due.into() }
	}
}
