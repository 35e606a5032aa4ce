//! A patient's plan: setting it, giving it the chart's present key, and removing it.

use super::{Error, PlanState, divided, own::is_key_of, plan_of};
use crate::{
	Result, access,
	chain::{self, Call},
	chart::OwnChart,
	client::{Client, Done},
	overtaken::{Attempts, came_late},
	profiles,
	repeated::done_before,
	rotation::{public, sealed_key, sealed_share},
	trust,
	vault::Progress,
};
use medblock_crypto::{
	EmergencyPlan, Keeper, PublicKey as CryptoKey, SealContext, ShareContext, divide_new, seal,
	seal_share,
};
use medblock_primitives::*;

/// The longest time for which an emergency is open: a week, in milliseconds.
pub const MAX_DURATION: Moment = 7 * 86_400_000;

/// The shortest time, in milliseconds.
const MIN_DURATION: Moment = 1_000;

/// The part of the chart that an emergency opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
	/// The whole chart.
	Chart,
	/// Single records, such as a summary.
	Records(Vec<RecordIndex>),
}

/// A plan to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlan {
	/// The hospitals whose desks can confirm an emergency.
	pub holders: Vec<HospitalId>,
	/// The number of them that have to.
	pub threshold: u32,
	/// The time for which an emergency is open, in milliseconds.
	pub duration: Moment,
	/// The part of the chart that it opens.
	pub chosen: Chosen,
}

impl NewPlan {
	/// Refuses what the chain would, before anything is fetched.
	fn check(&self) -> Result<(), Error> {
		let holders = self.holders.len();
		let is_possible = (MIN_THRESHOLD..=MAX_DELEGATES).contains(&self.threshold)
			&& holders <= MAX_DELEGATES as usize
			&& self.threshold as usize <= holders;
		if !is_possible {
			return Err(Error::BadThreshold { threshold: self.threshold, holders });
		}
		for (place, hospital) in self.holders.iter().enumerate() {
			if self.holders.iter().take(place).any(|other| other == hospital) {
				return Err(Error::HolderTwice(*hospital));
			}
		}
		if !(MIN_DURATION..=MAX_DURATION).contains(&self.duration) {
			return Err(Error::BadDuration);
		}
		match &self.chosen {
			Chosen::Records(records) if records.is_empty() => Err(Error::NoRecords),
			Chosen::Records(records) if records.len() > MAX_EMERGENCY_RECORDS as usize => {
				Err(Error::TooManyRecords)
			},
			Chosen::Records(_) | Chosen::Chart => Ok(()),
		}
	}
}

/// A plan, and the new key that the chart needed first.
#[derive(Debug)]
pub struct Planned {
	/// The chart's new key, if it needed one. If it is only prepared, the plan is still missing.
	pub rotation: Option<Done>,
	/// The plan.
	pub plan: Option<Done>,
}

/// The outcome of [`Client::renew_emergency_plan`].
#[derive(Debug)]
pub enum Renewal {
	/// There is no plan, or it has what it needs.
	NotNeeded,
	/// It has the chart's present key.
	Renewed(Done),
	/// The chain refused the call, which a block may show with the sealed key. Doctors who have the plan's key, or get it
	/// later, can open that, and the chain does not count them. So the chart needs another key.
	Refused(crate::Error),
	/// It has to be set again.
	Replace(PlanState),
}

impl Client {
	/// Chooses what doctors may see in an emergency, and which hospitals have to confirm it. It replaces an earlier plan,
	/// whose requests end, and whose open emergencies close. For the whole chart, a chart that needs a new key gets
	/// it first. Chosen records are fetched and verified whole before their keys are sealed.
	///
	/// # Errors
	///
	/// Those of a plan that can't be, and [`Error::NoHolderKey`].
	pub async fn set_emergency_plan(&self, plan: &NewPlan, progress: &Progress) -> Result<Planned> {
		plan.check()?;
		let mut rotation = None;
		let mut attempts = Attempts::new();
		loop {
			let own = self.own_agreed_chart().await?;
			access::ensure_verified(&own.info)?;
			// What is added to a due chart is sealed past the present key.
			let is_due = own.info.sealing_epoch != own.info.epoch;
			if plan.chosen == Chosen::Chart && is_due && rotation.is_none() {
				let done = self.rotate_now().await?;
				let is_prepared = matches!(done, Done::Prepared(_));
				rotation = Some(done);
				if is_prepared {
					return Ok(Planned { rotation, plan: None });
				}
				continue;
			}
			let call = self.plan_call(&own, plan, progress).await?;
			let outcome = self.conclude(&call).await;
			if let Some(done) = attempts.settled(outcome)? {
				return Ok(Planned { rotation, plan: Some(done) });
			}
		}
	}

	async fn plan_call(&self, own: &OwnChart, plan: &NewPlan, progress: &Progress) -> Result<Call> {
		let (genesis, patient) = (self.genesis(), own.info.id);
		let root = self.keys.root()?;
		let of = divided(genesis, patient);
		let mut keys = Vec::new();
		for hospital in &plan.holders {
			let key = self.delegate_key(&own.agreed, Delegate::Desk(*hospital)).await;
			keys.push(key.map_err(|why| without_key(*hospital, why))?);
		}
		let division = divide_new(&of, plan.threshold as usize, keys.len(), |commitments| {
			EmergencyPlan::of(genesis, patient.0, commitments).secret(&root)
		})?;
		let this = EmergencyPlan::of(genesis, patient.0, &division.commitments);
		let key = this.identity(&root).public_key();
		let set = match &plan.chosen {
			Chosen::Chart => EmergencySet::Chart(sealed_chart(own, this, &key)?),
			Chosen::Records(records) => {
				self.sealed_records(own, this, &key, records, progress).await?
			},
		};
		let mut shares = SharesFor::default();
		let keepers = plan.holders.iter().zip(keys).zip(&division.shares);
		for ((hospital, (key_version, to)), share) in keepers {
			let keeper = Keeper::Desk(hospital.0);
			let context = SealContext::kept_share(&of, &division.commitments, keeper, key_version);
			let share = sealed_share(seal_share(&to, &context, share)?);
			let delegate = Delegate::Desk(*hospital);
			shares
				.try_push(ShareFor { delegate, key_version, share })
				.map_err(|_| too_many(plan))?;
		}
		let commitments =
			Commitments::try_from(division.commitments).map_err(|_| too_many(plan))?;
		let divided = Divided { commitments, secret: WrappedSecret(division.secret), shares };
		Ok(Call::set_emergency_plan(divided, SUITE_X_WING, public(&key), set, plan.duration))
	}

	/// The file keys of these records, wrapped under a key of their own, which is sealed to the plan's.
	async fn sealed_records(
		&self,
		own: &OwnChart,
		plan: EmergencyPlan,
		to: &CryptoKey,
		records: &[RecordIndex],
		progress: &Progress,
	) -> Result<EmergencySet> {
		let share_key = medblock_crypto::ShareKey::generate();
		let mut wrapped = EmergencyRecords::default();
		for (index, file_key) in self.file_keys(own, records.to_vec(), records, progress).await? {
			let context = ShareContext::emergency(plan, index);
			let key = WrappedFileKey(share_key.wrap(&context, &file_key));
			wrapped.try_insert(index, key).map_err(|_| Error::TooManyRecords)?;
		}
		let context = SealContext::emergency_records(plan);
		let key = sealed_key(seal(to, &context, share_key.expose())?);
		Ok(EmergencySet::Records { key, records: wrapped })
	}

	/// Gives the plan for the whole chart the chart's present key, if it lacks it. Client functions that give the chart a
	/// new key do this by themselves.
	///
	/// A plan that doctors may have the key of, or that this account's root does not give, gets nothing: then
	/// [`Renewal::Replace`] says so. After [`Renewal::Refused`], the chart has another key.
	pub async fn renew_emergency_plan(&self) -> Result<Renewal> {
		let renewal = self.renewed_plan().await?;
		if let Renewal::Refused(_) = &renewal {
			self.rotate_now().await?;
		}
		Ok(renewal)
	}

	/// As [`Client::renew_emergency_plan`], and leaves it to the caller to give the chart another key.
	async fn renewed_plan(&self) -> Result<Renewal> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		// Most patients have none. A node that says so falsely only delays the renewal.
		if at.emergency_plan(patient).await?.is_none() {
			return Ok(Renewal::NotNeeded);
		}
		let mut attempts = Attempts::new();
		loop {
			let own = self.own_agreed_chart().await?;
			let plan =
				own.agreed
					.read("your plan for emergencies", |at| async move {
						at.emergency_plan(patient).await
					})
					.await?;
			let root = self.keys.root()?;
			let key = plan.as_ref().map(|plan| plan_of(self.genesis(), plan).identity(&root));
			let state =
				PlanState::of(plan.as_ref(), is_key_of(&plan, key.as_ref()), own.info.epoch);
			let (plan, key) = match (state, plan, key) {
				(PlanState::NewKeyNeeded, Some(plan), Some(key)) => (plan, key.public_key()),
				(state, ..) if state.has_to_be_replaced() => return Ok(Renewal::Replace(state)),
				_ => return Ok(Renewal::NotNeeded),
			};
			access::ensure_verified(&own.info)?;
			let sealed = sealed_chart(&own, plan_of(self.genesis(), &plan), &key)?;
			let outcome = self.conclude(&Call::renew_emergency_key(plan.set_at, sealed)).await;
			match attempts.settled(outcome) {
				Ok(Some(done)) => return Ok(Renewal::Renewed(done)),
				// Nothing is added under what was sealed: the chart has another key.
				Ok(None) => {},
				Err(why) if is_key_out(&why) => return Ok(Renewal::Refused(why)),
				Err(why) => return Err(why),
			}
		}
	}

	/// As [`Client::renew_emergency_plan`], for what gives the chart a new key, and then gives it another one if it has to.
	pub(crate) async fn renewed_emergency_plan(&self) -> Option<Result<Renewal>> {
		match self.renewed_plan().await {
			Ok(Renewal::NotNeeded) => None,
			outcome => Some(outcome),
		}
	}

	/// Has no plan for emergencies any more. What is open closes.
	pub async fn remove_emergency_plan(&self) -> Result<Done> {
		let call = Call::remove_emergency_plan();
		let sent = self.conclude(&call).await;
		let before = async {
			let agreed = self.nodes.agreed().await?;
			let own = agreed.read("your chart", |at| async move { self.own_chart(&at).await });
			let patient = own.await?.id;
			let plan = agreed
				.read("your plan", |at| async move { at.emergency_plan(patient).await })
				.await?;
			let is_of_two = agreed.is_of_two();
			let done = || done_before(agreed.at(), call.name(), Vec::new(), is_of_two);
			Ok::<_, crate::Error>(plan.is_none().then(done))
		};
		self.or_done_before(sent, &["NoEmergencyPlan"], before).await
	}
}

/// The secret of the chart's present epoch, sealed to a plan's key.
fn sealed_chart(own: &OwnChart, plan: EmergencyPlan, to: &CryptoKey) -> Result<SealedEpoch> {
	let epoch = own.info.epoch;
	let secret = own
		.secrets
		.secret(epoch)
		.ok_or(crate::Error::Trust(trust::Error::ChartKeyMismatch(epoch)))?;
	let context = SealContext::emergency_epoch(plan, epoch);
	Ok(SealedEpoch { epoch, key: sealed_key(seal(to, &context, secret.expose())?) })
}

/// Whether a call with the chart's key, sealed to the plan, was sent to all nodes and has no effect: a doctor's emergency
/// may have come first. A chart that got another key meanwhile adds nothing under that one.
fn is_key_out(why: &crate::Error) -> bool {
	let was_sent = matches!(
		why,
		crate::Error::Chain(
			chain::Error::Refused(_) | chain::Error::Expired | chain::Error::Overtaken
		)
	);
	was_sent && !came_late(why)
}

/// The refusal of a plan with more holders than there may be.
fn too_many(plan: &NewPlan) -> Error {
	Error::BadThreshold { threshold: plan.threshold, holders: plan.holders.len() }
}

/// The reason why there is no share for a hospital.
fn without_key(hospital: HospitalId, why: crate::Error) -> crate::Error {
	match why {
		crate::Error::Profile(profiles::Error::NoHospitalKey) => {
			Error::NoHolderKey(hospital).into()
		},
		why => why,
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn new_plan(threshold: u32, holders: &[u32]) -> NewPlan {
		NewPlan {
			holders: holders.iter().copied().map(HospitalId).collect(),
			threshold,
			duration: 3_600_000,
			chosen: Chosen::Chart,
		}
	}

	#[test]
	fn at_least_two_of_different_hospitals_have_to_confirm() {
		for (threshold, holders) in [(2, vec![0, 1]), (3, vec![0, 1, 2]), (8, (0..8).collect())] {
			assert_eq!(new_plan(threshold, &holders).check(), Ok(()));
		}
		for (threshold, holders) in
			[(0, vec![0, 1]), (1, vec![0, 1]), (3, vec![0, 1]), (2, vec![0]), (2, vec![])]
		{
			let refused = Error::BadThreshold { threshold, holders: holders.len() };
			assert_eq!(new_plan(threshold, &holders).check(), Err(refused));
		}
		let nine: Vec<u32> = (0..9).collect();
		assert!(new_plan(2, &nine).check().is_err());
		let twice = Err(Error::HolderTwice(HospitalId(1)));
		assert_eq!(new_plan(2, &[1, 0, 1]).check(), twice);
	}

	/// A doctor's emergency was opened between the reading of the plan and the call.
	#[test]
	fn key_that_a_refused_call_has_shown_is_out() {
		let refused = |name: &str| {
			let (name, sentence) = (name.to_owned(), String::new());
			let refusal = chain::Refusal { pallet: None, name, sentence };
			crate::Error::from(chain::Error::from(refusal))
		};
		assert!(is_key_out(&refused("NoEmergencyPlan")));
		assert!(is_key_out(&chain::Error::Expired.into()));
		assert!(!is_key_out(&refused("StaleEpoch")), "the chart has another key");
		let spent =
			chain::Error::AllowanceSpent { left: 0, capacity: 9, seconds: 60, is_shared: false };
		assert!(!is_key_out(&spent.into()), "it was not sent on");
	}

	#[test]
	fn plan_opens_something_and_not_for_ever() {
		let with = |chosen| NewPlan { chosen, ..new_plan(2, &[0, 1]) };
		assert_eq!(with(Chosen::Records(vec![3])).check(), Ok(()));
		assert_eq!(with(Chosen::Records(vec![])).check(), Err(Error::NoRecords));
		let many = (0..=MAX_EMERGENCY_RECORDS).collect();
		assert_eq!(with(Chosen::Records(many)).check(), Err(Error::TooManyRecords));
		for duration in [0, MIN_DURATION - 1, MAX_DURATION + 1] {
			let plan = NewPlan { duration, ..new_plan(2, &[0, 1]) };
			assert_eq!(plan.check(), Err(Error::BadDuration));
		}
	}
}
