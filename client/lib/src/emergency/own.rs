//! A patient's own view: the plan's state, the doctors who ask, and judging what has been.

use super::{EmergencyInfo, EmergencyPlanInfo, EmergencyRequestInfo, Error, plan_of};
use crate::{
	Result,
	chain::{At, Call, Event},
	client::{Client, Done},
	repeated::done_before,
	rotation::public,
};
use medblock_crypto::Identity;
use medblock_primitives::*;

/// The state of a patient's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanState {
	/// There is none.
	None,
	/// It opens all that it is to open.
	Ready,
	/// It opens nothing that was added since the chart has had another key: [`Client::renew_emergency_plan`] helps.
	NewKeyNeeded,
	/// Doctors may have its key, from an emergency, or from requests that ended: it has to be set again.
	Used,
	/// It was made from other words than this account's: it has to be set again.
	OtherWords,
	/// Fewer hospitals than have to confirm belong to the consortium: it has to be set again.
	TooFewHolders,
	/// The patient has withdrawn all records that it opened: it has to be set again.
	OpensNothing,
}

impl PlanState {
	/// The state of a plan; `is_own` tells whether this account's root gives its key, and `epoch` is the chart's.
	pub(super) fn of(plan: Option<&EmergencyPlanInfo>, is_own: bool, epoch: Epoch) -> Self {
		let Some(plan) = plan else { return Self::None };
		let able = plan.holders.iter().filter(|holder| holder.able).count();
		if plan.used {
			return Self::Used;
		}
		if !is_own {
			return Self::OtherWords;
		}
		if able < plan.commitments.len() {
			return Self::TooFewHolders;
		}
		match (&plan.records, plan.epoch) {
			(Some(records), _) if records.is_empty() => Self::OpensNothing,
			(_, Some(its)) if its != epoch => Self::NewKeyNeeded,
			_ => Self::Ready,
		}
	}

	/// Whether only another plan helps.
	pub fn has_to_be_replaced(self) -> bool {
		matches!(self, Self::Used | Self::OtherWords | Self::TooFewHolders | Self::OpensNothing)
	}
}

/// What a patient has planned, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEmergencies {
	/// The patient.
	pub patient: PatientId,
	/// The plan.
	pub plan: Option<EmergencyPlanInfo>,
	/// The plan's state.
	pub state: PlanState,
	/// The doctors who ask.
	pub requests: Vec<EmergencyRequestInfo>,
	/// The last emergencies, oldest first.
	pub emergencies: Vec<EmergencyInfo>,
}

impl OwnEmergencies {
	/// The emergencies that are open.
	pub fn open(&self) -> impl Iterator<Item = &EmergencyInfo> {
		self.emergencies.iter().filter(|one| one.open)
	}

	/// Whether a doctor asks, or can see the chart: the patient is to be told at once.
	pub fn is_urgent(&self) -> bool {
		!self.requests.is_empty() || self.open().next().is_some()
	}
}

impl Client {
	/// What this account's patient has planned, the doctors who ask, and the last emergencies.
	pub async fn own_emergencies(&self, at: &At) -> Result<OwnEmergencies> {
		let info = self.own_chart(at).await?;
		let patient = info.id;
		let (plan, mut requests, emergencies, now) = futures::try_join!(
			at.emergency_plan(patient),
			at.emergency_requests(patient),
			at.emergencies(patient),
			at.now()
		)?;
		// What has lapsed may stay until a block has time for it.
		requests.retain(|one| now < one.ends_at);
		// Without words, this account can't tell, and can't change anything either.
		let is_own = match (&plan, self.keys.root()) {
			(Some(found), Ok(root)) => {
				let key = plan_of(self.genesis(), found).identity(&root);
				is_key_of(&plan, Some(&key))
			},
			_ => true,
		};
		let state = PlanState::of(plan.as_ref(), is_own, info.epoch);
		Ok(OwnEmergencies { patient, plan, state, requests, emergencies })
	}

	/// Refuses a doctor's request, or closes an open emergency. One that is closed already stays so.
	///
	/// # Errors
	///
	/// [`Error::NothingToEnd`] if the doctor has none of these.
	pub async fn end_emergency(&self, doctor: DoctorId) -> Result<Done> {
		let call = Call::end_emergency(doctor);
		let sent = self.conclude(&call).await;
		let before = self.closed_before(call.name(), doctor);
		let done = self.or_done_before(sent, &[NOT_FOUND], before).await;
		done.map_err(|why| without(why, Error::NothingToEnd(doctor)))
	}

	/// The outcome, if an emergency of the doctor has closed, none is open, and the doctor does not ask for one.
	async fn closed_before(&self, call: String, doctor: DoctorId) -> Result<Option<Done>> {
		let agreed = self.nodes.agreed().await?;
		let own = agreed.read("your chart", |at| async move { self.own_chart(&at).await });
		let patient = own.await?.id;
		let all = agreed
			.read("your emergencies", |at| async move {
				futures::try_join!(at.emergencies(patient), at.emergency_requests(patient))
			})
			.await?;
		if !is_closed(doctor, &all.0, &all.1) {
			return Ok(None);
		}
		let numbers = [("patient", patient.0), ("doctor", doctor.0)];
		let events = vec![Event::recalled("Delegation", "EmergencyClosed", &numbers)];
		Ok(Some(done_before(agreed.at(), call, events, agreed.is_of_two())))
	}

	/// Says whether an emergency was one, once it has closed. `opened_at` tells it from others of the same doctor.
	pub async fn review_emergency(
		&self,
		doctor: DoctorId,
		opened_at: Moment,
		review: Review,
	) -> Result<Done> {
		let done = self.conclude(&Call::review_emergency(doctor, opened_at, review)).await;
		done.map_err(|why| without(why, Error::NothingToEnd(doctor)))
	}
}

/// Whether a plan has this very key.
pub(super) fn is_key_of(plan: &Option<EmergencyPlanInfo>, key: Option<&Identity>) -> bool {
	plan.as_ref().zip(key).is_some_and(|(plan, key)| plan.key == public(&key.public_key()))
}

/// Whether the doctor had an emergency that is closed, has none that is open, and does not ask for one.
fn is_closed(
	doctor: DoctorId,
	emergencies: &[EmergencyInfo],
	requests: &[EmergencyRequestInfo],
) -> bool {
	let mut own = emergencies.iter().filter(|one| one.doctor == doctor).peekable();
	own.peek().is_some()
		&& own.all(|one| !one.open)
		&& !requests.iter().any(|one| one.doctor == doctor)
}

/// The chain's refusal of an emergency that is not there.
const NOT_FOUND: &str = "EmergencyNotFound";

/// The chain's refusal of what is not there, as what it means.
pub(super) fn without(why: crate::Error, means: Error) -> crate::Error {
	match why.is_refusal(NOT_FOUND) {
		true => means.into(),
		false => why,
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::{
		super::tests::{GENESIS, a_plan},
		*,
	};
	use medblock_crypto::Mnemonic;

	#[test]
	fn state_says_what_the_plan_lacks() {
		let root = Mnemonic::generate().seed("").root();
		let (plan, _) = a_plan(&root);
		assert_eq!(PlanState::of(None, true, 4), PlanState::None);
		assert_eq!(PlanState::of(Some(&plan), true, 4), PlanState::Ready);
		assert_eq!(PlanState::of(Some(&plan), true, 6), PlanState::NewKeyNeeded);
		assert_eq!(PlanState::of(Some(&plan), false, 6), PlanState::OtherWords);
		let mut records = plan.clone();
		(records.epoch, records.records) = (None, Some(vec![1]));
		assert_eq!(PlanState::of(Some(&records), true, 6), PlanState::Ready);
		// Its record was withdrawn.
		records.records = Some(vec![]);
		assert_eq!(PlanState::of(Some(&records), true, 6), PlanState::OpensNothing);
		let mut left = plan.clone();
		left.holders[0].able = false;
		assert_eq!(PlanState::of(Some(&left), true, 4), PlanState::Ready, "two are enough");
		left.holders[1].able = false;
		assert_eq!(PlanState::of(Some(&left), true, 4), PlanState::TooFewHolders);
		let mut used = left;
		used.used = true;
		assert_eq!(PlanState::of(Some(&used), false, 6), PlanState::Used);
	}

	#[test]
	fn emergency_is_closed_already_only_if_there_was_one() {
		let doctor = DoctorId(4);
		let had = |open| EmergencyInfo {
			patient: PatientId(1),
			doctor,
			reason: EmergencyReason::Other,
			details: [0; 32],
			confirmed: vec![],
			opened_at: 1,
			until: 2,
			open,
			review: None,
		};
		assert!(is_closed(doctor, &[had(false)], &[]));
		assert!(!is_closed(doctor, &[], &[]), "it may be a wrong number");
		assert!(!is_closed(DoctorId(5), &[had(false)], &[]));
		assert!(!is_closed(doctor, &[had(false), had(true)], &[]));
		let asks = EmergencyRequestInfo {
			patient: PatientId(1),
			doctor,
			reason: EmergencyReason::Other,
			details: [0; 32],
			key_version: 1,
			asked_at: 1,
			ends_at: 2,
			confirmed: vec![],
			threshold: 2,
		};
		assert!(!is_closed(doctor, &[had(false)], &[asks]));
	}

	/// What would be sealed to a plan of someone else's would be open to them.
	#[test]
	fn only_a_plan_of_the_own_root_is_known_again() {
		let (own, other) =
			(Mnemonic::generate().seed("").root(), Mnemonic::generate().seed("").root());
		let (plan, _) = a_plan(&own);
		let this = plan_of(GENESIS, &plan);
		let plan = Some(plan);
		assert!(is_key_of(&plan, Some(&this.identity(&own))));
		assert!(!is_key_of(&plan, Some(&this.identity(&other))));
		assert!(!is_key_of(&plan, None) && !is_key_of(&None, Some(&this.identity(&own))));
	}
}
