//! Emergencies: what a patient lets doctors see then, and how hospitals together open it.
//!
//! The patient's *plan* has a key of its own, to which the chart's secret, or the keys of chosen records, are sealed. The
//! secret of that key is divided among *holders*, the desks of different hospitals. A doctor asks with a reason; enough
//! holders confirm, each by sealing its share to the doctor; and the doctor's client joins the shares. No holder ever sees
//! another's, and vaults give nothing out unless the chain says that the emergency is open.
//!
//! Each share is checked against the plan's public commitments, by the holder who passes it on and by the doctor. The patient's
//! root gives the plan's key again, so that a node can't show the patient another's plan and have the chart's next secret
//! sealed to it.

mod asking;
mod confirming;
mod opening;
mod own;
mod plan;
mod text;

pub use asking::{DoctorsEmergency, Requested};
pub(crate) use opening::Opened;
pub use own::{OwnEmergencies, PlanState};
pub use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyOf, EmergencyPlanInfo, EmergencyRequestInfo,
};
pub use plan::{Chosen, MAX_DURATION, NewPlan, Planned, Renewal};
pub use text::LONGEST_TEXT;

use medblock_crypto::{DividedKind, DividedSecret, EmergencyPlan};
use medblock_primitives::*;
use pallet_delegation_runtime_api::KeeperInfo;

/// The reason why an emergency can't be planned, asked for or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The patient has no plan.
	#[error("patient {} has no plan for emergencies, so that no one can open the chart in one", .0.0)]
	NoPlan(PatientId),
	/// So many of so many hospitals can't have to agree.
	#[error(
		"of two to eight hospitals at least two have to confirm an emergency, and no more than there are: these are \
		{threshold} of {holders}"
	)]
	BadThreshold {
		/// The number that has to confirm.
		threshold: u32,
		/// The number of hospitals.
		holders: usize,
	},
	/// A hospital is named twice.
	#[error("hospital {} is named twice", .0.0)]
	HolderTwice(HospitalId),
	/// A hospital has no key to which a share could be sealed.
	#[error("hospital {} has published no key to which a share could be sealed: choose another one, or ask it", .0.0)]
	NoHolderKey(HospitalId),
	/// The plan would open nothing.
	#[error("choose the records that an emergency opens, or the whole chart")]
	NoRecords,
	/// The plan would open more records than one plan may.
	#[error(
		"an emergency opens at most {MAX_EMERGENCY_RECORDS} single records: choose fewer, or the whole chart"
	)]
	TooManyRecords,
	/// An emergency can't be open for so long.
	#[error("an emergency is open for a second at least, and for a week at most")]
	BadDuration,
	/// The hospital holds no share.
	#[error("patient {} has not chosen your hospital to confirm emergencies", .0.0)]
	NotHolder(PatientId),
	/// The doctor has not asked, or not any more.
	#[error("doctor {} does not ask for an emergency of patient {}, or not any more", .0.doctor.0, .0.patient.0)]
	NotAsked(EmergencyOf),
	/// The doctor has another key now than when asking.
	#[error("doctor {} has another encryption key now than when asking: the doctor has to ask again", .0.0)]
	AskedWithOtherKey(DoctorId),
	/// A share does not fit the plan's commitments.
	#[error("the share of hospital {} is not one of this plan: it is damaged, or was replaced", .0.0)]
	BadShare(HospitalId),
	/// What the plan opens does not fit the plan's key.
	#[error(
		"the shares are right, and what they open is damaged: the patient has to set the plan again"
	)]
	DamagedPlan,
	/// No emergency of this patient is open for the doctor.
	#[error("no emergency of patient {} is open for you", .0.0)]
	NotOpen(PatientId),
	/// There is nothing of this doctor's to refuse, close or judge.
	#[error("doctor {} has no emergency of yours, and asks for none", .0.0)]
	NothingToEnd(DoctorId),
	/// The doctor gave no reason in words.
	#[error("say in words why this is an emergency: the patient and the hospitals read it")]
	NoText,
	/// The doctor's words are too many.
	#[error("what you say of the emergency may have {LONGEST_TEXT} bytes at most")]
	TextTooLong,
	/// What came is not the doctor's words.
	#[error("what the doctor said of the emergency does not open: it is damaged, or not for you")]
	DamagedText,
}

/// The divided secret of a patient's plan, as contexts name it.
pub(crate) fn divided(genesis: [u8; 32], patient: PatientId) -> DividedSecret {
	DividedSecret { genesis, kind: DividedKind::EmergencyKey, owner: patient.0 }
}

/// A plan, as contexts name it.
pub(crate) fn plan_of(genesis: [u8; 32], info: &EmergencyPlanInfo) -> EmergencyPlan {
	EmergencyPlan::of(genesis, info.patient.0, &info.commitments)
}

/// The hospitals that hold a plan's shares, in the shares' order.
pub fn holders(plan: &EmergencyPlanInfo) -> Vec<HospitalId> {
	plan.holders.iter().filter_map(desk_of).collect()
}

/// The hospital whose desk keeps a share.
fn desk_of(keeper: &KeeperInfo) -> Option<HospitalId> {
	match keeper.delegate {
		Delegate::Desk(hospital) => Some(hospital),
		Delegate::Patient(_) | Delegate::Doctor(_) => None,
	}
}

#[cfg(test)]
pub(crate) mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::rotation::public;
	use medblock_crypto::{Division, Root, divide_new};
	use zeroize::Zeroizing;

	pub(crate) const GENESIS: [u8; 32] = [7; 32];
	pub(crate) const PATIENT: PatientId = PatientId(5);

	/// A plan of two of three hospitals for the whole chart in epoch 4, and its shares.
	pub(crate) fn a_plan(root: &Root) -> (EmergencyPlanInfo, Division) {
		let of = divided(GENESIS, PATIENT);
		let secret = |commitments: &[[u8; 32]]| -> Zeroizing<[u8; 32]> {
			EmergencyPlan::of(GENESIS, PATIENT.0, commitments).secret(root)
		};
		let division = divide_new(&of, 2, 3, secret).unwrap();
		let key = EmergencyPlan::of(GENESIS, PATIENT.0, &division.commitments).identity(root);
		let holder = |hospital| KeeperInfo {
			delegate: Delegate::Desk(HospitalId(hospital)),
			key_version: 1,
			able: true,
		};
		let plan = EmergencyPlanInfo {
			patient: PATIENT,
			commitments: division.commitments.clone(),
			secret: WrappedSecret(division.secret),
			suite: SUITE_X_WING,
			key: public(&key.public_key()),
			holders: (0..3).map(holder).collect(),
			records: None,
			epoch: Some(4),
			duration: 3_600_000,
			set_at: 1_780_000_000_000,
			used: false,
		};
		(plan, division)
	}

	#[test]
	fn holders_are_hospitals_in_the_shares_order() {
		let root = medblock_crypto::Mnemonic::generate().seed("").root();
		assert_eq!(holders(&a_plan(&root).0), [0, 1, 2].map(HospitalId));
	}
}
