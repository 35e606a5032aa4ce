//! Guardians and recoveries, representatives, and emergencies, as JSON.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Account, Bytes, Hex, Time};
use medblock_primitives::{
	Delegate, DoctorId, EmergencyReason, Epoch, HospitalId, PatientId, Person, RecordIndex, Review,
	Scopes,
};
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyPlanInfo, EmergencyRequestInfo, GuardiansInfo, KeeperInfo,
	RecoveryInfo, RepresentativeInfo,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A keeper of a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Keeper {
	/// The person, or the hospital's desk.
	pub delegate: Delegate,
	/// The version of their key that the share is sealed to.
	pub key_version: u32,
	/// Whether they can act now: the person is verified and was not recovered since, or the hospital is active.
	pub able: bool,
}

impl From<KeeperInfo> for Keeper {
	fn from(info: KeeperInfo) -> Self {
		let KeeperInfo { delegate, key_version, able } = info;
		Self { delegate, key_version, able }
	}
}

/// A person's guardians, who together can give the person a new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Guardians {
	/// The person whose guardians they are.
	pub person: Person,
	/// The number of guardians who have to agree.
	pub threshold: u32,
	/// The commitments by which shares are checked: compressed elements of ristretto255 (RFC 9496).
	pub commitments: Vec<Hex<32>>,
	/// What opens the person's data, encrypted under a key that the shares give.
	pub secret: Hex<60>,
	/// The guardians, in the order of their shares.
	pub guardians: Vec<Keeper>,
	/// The time in which the person can veto, in milliseconds.
	pub delay: u64,
	/// The time at which the person chose them.
	pub set_at: Time,
}

impl From<GuardiansInfo> for Guardians {
	fn from(info: GuardiansInfo) -> Self {
		Self {
			person: info.person,
			threshold: count(&info.commitments),
			commitments: info.commitments.into_iter().map(Hex).collect(),
			secret: Hex(info.secret.0),
			guardians: info.guardians.into_iter().map(Into::into).collect(),
			delay: info.delay,
			set_at: info.set_at.into(),
		}
	}
}

/// A request that a person gets a new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Recovery {
	/// The person who is to get a new account.
	pub person: Person,
	/// The new account.
	pub new: Account,
	/// The suite of the new device's key.
	pub suite: u8,
	/// The new device's key, to which guardians seal their shares.
	pub key: Bytes,
	/// The time of the request.
	pub requested_at: Time,
	/// The end of the delay; `null` before enough guardians have approved.
	pub due: Option<Time>,
	/// The time at which the request lapses.
	pub ends_at: Time,
	/// The guardians who have approved it.
	pub approvals: Vec<Delegate>,
	/// The guardians who have handed over their shares.
	pub handed_over: Vec<Delegate>,
}

impl<AccountId: AsRef<[u8; 32]>> From<RecoveryInfo<AccountId>> for Recovery {
	fn from(info: RecoveryInfo<AccountId>) -> Self {
		Self {
			person: info.person,
			new: Account::new(info.new),
			suite: info.suite,
			key: Bytes(info.key.into_inner()),
			requested_at: info.requested_at.into(),
			due: info.due.map(Into::into),
			ends_at: info.ends_at.into(),
			approvals: info.approvals,
			handed_over: info.handed_over,
		}
	}
}

/// A person who acts for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Representative {
	/// The patient.
	pub patient: PatientId,
	/// The person who acts, by the number of their own chart.
	pub representative: PatientId,
	/// What they may do: the sum of 1 for seeing, 2 for adding, 4 for granting and 8 for revoking.
	pub scopes: Scopes,
	/// The end, if there is one.
	pub until: Option<Time>,
	/// The time at which the patient named them.
	pub named_at: Time,
	/// Whether a hospital has confirmed them.
	pub confirmed: bool,
	/// The version of their key that a hospital has checked; 0 if none.
	pub key_version: u32,
	/// The even epoch whose secret they were given.
	#[cfg_attr(feature = "schema", schemars(with = "Option<schema::Epoch>"))]
	pub epoch: Option<Epoch>,
	/// Whether they may act now.
	pub live: bool,
}

impl From<RepresentativeInfo> for Representative {
	fn from(info: RepresentativeInfo) -> Self {
		Self {
			patient: info.patient,
			representative: info.representative,
			scopes: info.scopes,
			until: info.until.map(Into::into),
			named_at: info.named_at.into(),
			confirmed: info.confirmed,
			key_version: info.key_version,
			epoch: info.epoch,
			live: info.live,
		}
	}
}

/// What a patient has planned for an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct EmergencyPlan {
	/// The patient.
	pub patient: PatientId,
	/// The number of holders who have to confirm.
	pub threshold: u32,
	/// The commitments by which shares are checked: compressed elements of ristretto255 (RFC 9496).
	pub commitments: Vec<Hex<32>>,
	/// The secret of the plan's key, encrypted under a key that the shares give.
	pub secret: Hex<60>,
	/// The suite of the plan's key.
	pub suite: u8,
	/// The plan's key, to which what it opens is sealed.
	pub key: Bytes,
	/// The holders, in the order of their shares.
	pub holders: Vec<Keeper>,
	/// The records that it opens; `null` for the whole chart.
	#[cfg_attr(feature = "schema", schemars(with = "Option<Vec<schema::RecordIndex>>"))]
	pub records: Option<Vec<RecordIndex>>,
	/// The even epoch whose secret it opens; `null` if it opens records.
	#[cfg_attr(feature = "schema", schemars(with = "Option<schema::Epoch>"))]
	pub epoch: Option<Epoch>,
	/// The time for which an emergency is open, in milliseconds.
	pub duration: u64,
	/// The time at which the patient set it.
	pub set_at: Time,
	/// Whether doctors may have its key, so that it should be replaced.
	pub used: bool,
}

impl From<EmergencyPlanInfo> for EmergencyPlan {
	fn from(info: EmergencyPlanInfo) -> Self {
		Self {
			patient: info.patient,
			threshold: count(&info.commitments),
			commitments: info.commitments.into_iter().map(Hex).collect(),
			secret: Hex(info.secret.0),
			suite: info.suite,
			key: Bytes(info.key.into_inner()),
			holders: info.holders.into_iter().map(Into::into).collect(),
			records: info.records,
			epoch: info.epoch,
			duration: info.duration,
			set_at: info.set_at.into(),
			used: info.used,
		}
	}
}

/// A doctor's request for an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct EmergencyRequest {
	/// The patient.
	pub patient: PatientId,
	/// The doctor who asks.
	pub doctor: DoctorId,
	/// The doctor's reason.
	pub reason: EmergencyReason,
	/// The SHA-256 of what the hospital has written down.
	pub details: Hex<32>,
	/// The version of the doctor's key, to which holders seal their shares.
	pub key_version: u32,
	/// The time of the request.
	pub asked_at: Time,
	/// The time at which it lapses.
	pub ends_at: Time,
	/// The holders who have confirmed it.
	pub confirmed: Vec<HospitalId>,
	/// The number of holders who have to.
	pub threshold: u32,
}

impl From<EmergencyRequestInfo> for EmergencyRequest {
	fn from(info: EmergencyRequestInfo) -> Self {
		Self {
			patient: info.patient,
			doctor: info.doctor,
			reason: info.reason,
			details: Hex(info.details),
			key_version: info.key_version,
			asked_at: info.asked_at.into(),
			ends_at: info.ends_at.into(),
			confirmed: info.confirmed,
			threshold: info.threshold,
		}
	}
}

/// An emergency that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Emergency {
	/// The patient.
	pub patient: PatientId,
	/// The doctor who could see the chart.
	pub doctor: DoctorId,
	/// The doctor's reason.
	pub reason: EmergencyReason,
	/// The SHA-256 of what the hospital has written down.
	pub details: Hex<32>,
	/// The holders who confirmed it.
	pub confirmed: Vec<HospitalId>,
	/// The time at which it was opened.
	pub opened_at: Time,
	/// The time at which it closes, or was closed.
	pub until: Time,
	/// Whether it is open.
	pub open: bool,
	/// What the patient says of it.
	pub review: Option<Review>,
}

impl From<EmergencyInfo> for Emergency {
	fn from(info: EmergencyInfo) -> Self {
		Self {
			patient: info.patient,
			doctor: info.doctor,
			reason: info.reason,
			details: Hex(info.details),
			confirmed: info.confirmed,
			opened_at: info.opened_at.into(),
			until: info.until.into(),
			open: info.open,
			review: info.review,
		}
	}
}

/// The number of items.
fn count<Item>(items: &[Item]) -> u32 {
	u32::try_from(items.len()).unwrap_or(u32::MAX)
}
