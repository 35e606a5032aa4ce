//! What a chart's present key is sealed to besides its doctors. A new key reaches the doctors in one step with
//! itself; the people who act for the patient, and the plan for emergencies, need a step each, which the patient's
//! device takes after it.

use crate::{
	Error, Result,
	client::{Client, Done, Mode},
	emergency::Renewal,
	representatives::{self, named},
};
use medblock_primitives::*;

/// The people who were given the chart's present key, and those who were not.
#[derive(Debug, Default)]
pub struct Resealed {
	/// The representatives who got it.
	pub given: Vec<(PatientId, Done)>,
	/// The representatives who did not, each with the reason.
	pub problems: Vec<(PatientId, Error)>,
	/// What became of the plan for emergencies; nothing if it lacked nothing.
	pub emergency: Option<Result<Renewal>>,
	/// Another key of the chart, if one who lost access meanwhile may have learned the one before.
	pub rotation: Option<Done>,
}

impl Resealed {
	/// Whether one who has no access any more may have learned the chart's present key.
	fn is_key_out(&self) -> bool {
		let is_out = |why: &Error| {
			matches!(why, Error::Representative(representatives::Error::KeyWasOut { .. }))
		};
		self.problems.iter().any(|(_, why)| is_out(why))
			|| matches!(self.emergency, Some(Ok(Renewal::Refused(_))))
	}
}

impl Client {
	/// Gives the chart's present key to all who are to have it besides the doctors. A chart that needs a new key is
	/// left as it is. Sends nothing if calls are only prepared.
	pub async fn reseal(&self) -> Result<Resealed> {
		let mut resealed = self.reseal_once().await?;
		if resealed.is_key_out() {
			resealed.rotation = Some(self.rotate_now().await?);
		}
		Ok(resealed)
	}

	/// The same after a new key, whose own outcome is known already. Returns whether the chart needs another one:
	/// someone has lost access meanwhile, and may have learned this one.
	pub(crate) async fn reseal_quietly(&self) -> bool {
		match self.reseal_once().await {
			Ok(resealed) => {
				if let Some(Err(why) | Ok(Renewal::Refused(why))) = &resealed.emergency {
					tracing::debug!("the plan for emergencies has not got the new key yet: {why}");
				}
				for (representative, why) in &resealed.problems {
					tracing::debug!("representative {} has no key yet: {why}", representative.0);
				}
				resealed.is_key_out()
			},
			Err(why) => {
				tracing::debug!("the new key was given to doctors only: {why}");
				false
			},
		}
	}

	async fn reseal_once(&self) -> Result<Resealed> {
		let mut resealed = Resealed::default();
		if self.mode != Mode::Submit {
			return Ok(resealed);
		}
		resealed.emergency = match self.renewed_emergency_plan().await {
			Some(Err(why)) if why.is_unreachable() => return Err(why),
			outcome => outcome,
		};
		let at = self.chain().finalized().await?;
		let representatives = self.own_representatives(&at).await?;
		if !representatives.iter().any(|one| one.state.lacks_key()) {
			return Ok(resealed);
		}
		let own = self.own_agreed_chart().await?;
		let is_due = own.info.sealing_epoch != own.info.epoch;
		// Until a due chart has a new key, its files are encrypted to the own keys of those who see it.
		if is_due || own.info.standing != Standing::Verified {
			return Ok(resealed);
		}
		for info in named(&own).await? {
			let wanted = representatives.iter().find(|one| {
				one.info.representative == info.representative && one.state.lacks_key()
			});
			if wanted.is_none() || !info.live || info.epoch == Some(own.info.epoch) {
				continue;
			}
			match self.give_key(&own, &info).await {
				Ok(done) => resealed.given.push((info.representative, done)),
				Err(why) if why.is_unreachable() => return Err(why),
				Err(why) => resealed.problems.push((info.representative, why)),
			}
		}
		Ok(resealed)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain, emergency::PlanState};

	#[test]
	fn only_a_key_that_is_out_makes_another_one_necessary() {
		let resealed =
			|why: Error| Resealed { problems: vec![(PatientId(1), why)], ..Resealed::default() };
		let refused = || Box::new(Error::from(chain::Error::Expired));
		let out = representatives::Error::KeyWasOut { why: refused(), rotation: None };
		assert!(resealed(out.into()).is_key_out());
		assert!(!resealed(representatives::Error::NotConfirmed(PatientId(1)).into()).is_key_out());
		let renewal = |one| Resealed { emergency: Some(Ok(one)), ..Resealed::default() };
		assert!(renewal(Renewal::Refused(*refused())).is_key_out());
		assert!(!renewal(Renewal::Replace(PlanState::Used)).is_key_out());
		assert!(!Resealed::default().is_key_out());
	}
}
