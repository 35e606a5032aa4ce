//! A patient's representatives: naming them, giving them the chart's key, ending it.

use super::{Error, RepresentativeInfo};
use crate::{
	Result, access,
	chain::{At, Call},
	chart::{OwnChart, representative_context},
	client::{Client, Done, Mode},
	grants::{Confirmed, Rotated},
	overtaken::came_late,
	repeated::done_before,
	rotation::sealed_key,
	trust,
};
use medblock_crypto::seal;
use medblock_primitives::*;

/// A person who acts for a patient, or is named to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representative {
	/// What the chain knows.
	pub info: RepresentativeInfo,
	/// What it comes to.
	pub state: State,
}

/// What a representative can do now, and what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
	/// The patient's hospital has yet to confirm them.
	Waiting,
	/// Their hospital has suspended them, or their time is over.
	Inactive,
	/// They act, and may not see the chart.
	WithoutSight,
	/// They have another key than the hospital has confirmed, so that nothing can be sealed to it.
	KeyNotConfirmed,
	/// They may see the chart, and the patient's device has yet to give them its key.
	WithoutKey,
	/// They have an earlier key of the chart, and not the present one.
	WithEarlierKey,
	/// They can see all of it.
	WithKey,
}

impl State {
	/// The state of a representative who has this version of the acting key, of a chart in this epoch.
	pub(super) fn of(info: &RepresentativeInfo, key_version: Option<u32>, epoch: Epoch) -> Self {
		match info.epoch {
			_ if !info.confirmed => Self::Waiting,
			_ if !info.live => Self::Inactive,
			_ if !info.scopes.include(Scopes::SEE) => Self::WithoutSight,
			Some(given) if given == epoch => Self::WithKey,
			_ if key_version != Some(info.key_version) => Self::KeyNotConfirmed,
			Some(_) => Self::WithEarlierKey,
			None => Self::WithoutKey,
		}
	}

	/// Whether the patient's device can give them the chart's present key.
	pub(crate) fn lacks_key(self) -> bool {
		matches!(self, Self::WithoutKey | Self::WithEarlierKey)
	}
}

/// A representative who was given the chart's present key.
#[derive(Debug)]
pub struct SealedTo {
	/// The chart's new key, if it needed one first.
	pub rotation: Option<Done>,
	/// The call. None if they were given the new key together with others, or if the new key is only prepared.
	pub done: Option<Done>,
}

/// A representation that was ended.
#[derive(Debug)]
pub struct Ended {
	/// The end.
	pub done: Done,
	/// The chart's new key.
	pub rotation: Rotated,
	/// How many nodes say that it has ended.
	pub confirmed: Confirmed,
}

impl Client {
	/// Names a person who may act for oneself, once the own hospital has confirmed it. `until` is its end.
	pub async fn name_representative(
		&self,
		representative: PatientId,
		scopes: Scopes,
		until: Option<Moment>,
	) -> Result<Done> {
		if !scopes.are_valid() {
			return Err(Error::BadScopes.into());
		}
		let at = self.chain().finalized().await?;
		access::ensure_verified(&self.own_chart(&at).await?)?;
		self.conclude(&Call::name_representative(representative, scopes, until)).await
	}

	/// The people who act for this account's patient, or are named to.
	pub async fn own_representatives(&self, at: &At) -> Result<Vec<Representative>> {
		let own = self.own_chart(at).await?;
		let mut all = Vec::new();
		// At most four.
		for info in at.representatives(own.id).await? {
			let key = at.acting_key(info.representative).await?;
			let state = State::of(&info, key.map(|key| key.version), own.epoch);
			all.push(Representative { info, state });
		}
		Ok(all)
	}

	/// Gives a representative the chart's present key. A chart that needs a new one gets it first.
	///
	/// # Errors
	///
	/// [`Error::NotNamed`], [`Error::NotConfirmed`] and [`Error::SeesNothing`].
	pub async fn seal_to_representative(&self, representative: PatientId) -> Result<SealedTo> {
		let mut own = self.own_agreed_chart().await?;
		access::ensure_verified(&own.info)?;
		self.can_be_given(&own, representative).await?;
		let mut rotation = None;
		if own.info.sealing_epoch != own.info.epoch {
			let done = self.rotate_now().await?;
			let is_prepared = matches!(done, Done::Prepared(_));
			rotation = Some(done);
			if is_prepared {
				return Ok(SealedTo { rotation, done: None });
			}
			own = self.own_agreed_chart().await?;
			// Those who may see the chart were given the new key with it.
			let found = self.can_be_given(&own, representative).await?;
			if found.epoch == Some(own.info.epoch) {
				return Ok(SealedTo { rotation, done: None });
			}
		}
		let info = self.can_be_given(&own, representative).await?;
		match self.give_key(&own, &info).await {
			Ok(done) => Ok(SealedTo { rotation, done: Some(done) }),
			Err(crate::Error::Representative(Error::KeyWasOut { why, .. })) => {
				let rotation = self.rotate_now().await.err().map(Box::new);
				Err(Error::KeyWasOut { why, rotation }.into())
			},
			Err(why) => Err(why),
		}
	}

	/// The representative, if the patient's device can give them the chart's key.
	async fn can_be_given(
		&self,
		own: &OwnChart,
		representative: PatientId,
	) -> Result<RepresentativeInfo> {
		let found = named(own).await?.into_iter().find(|one| one.representative == representative);
		let found = found.ok_or(Error::NotNamed(representative))?;
		if !found.scopes.include(Scopes::SEE) {
			return Err(Error::SeesNothing(representative).into());
		}
		match found.live {
			true => Ok(found),
			false => Err(Error::NotConfirmed(representative).into()),
		}
	}

	/// Seals the chart's present key to a representative.
	///
	/// # Errors
	///
	/// [`Error::KeyWasOut`] if the representative may have learned the key, and the chain does not count them as
	/// its holder. The chart then needs another key.
	pub(crate) async fn give_key(&self, own: &OwnChart, to: &RepresentativeInfo) -> Result<Done> {
		let representative = to.representative;
		let (version, key) = self.acting_key_of(&own.agreed, representative).await?;
		if version != to.key_version {
			return Err(Error::NotConfirmed(representative).into());
		}
		let (patient, epoch) = (&own.info, own.info.epoch);
		let secret = own
			.secrets
			.secret(epoch)
			.ok_or(crate::Error::Trust(trust::Error::ChartKeyMismatch(epoch)))?;
		let context = representative_context(
			self.genesis(),
			patient.id,
			representative,
			patient.generation,
			epoch,
			version,
		);
		let key = sealed_key(seal(&key, &context, secret.expose())?);
		let sealed = SealedEpoch { epoch, key };
		let call = Call::seal_to_representative(representative, version, sealed);
		match self.conclude(&call).await {
			// Nothing is added under an epoch that is not the chart's any more, and a key of the same person is no
			// one else's.
			Err(why) if why.is_final() && !came_late(&why) => {
				Err(Error::KeyWasOut { why: Box::new(why), rotation: None }.into())
			},
			outcome => outcome,
		}
	}

	/// No longer lets a person act for oneself, and gives the chart a new key if they had its present one. Doing it again
	/// asks both nodes once more, and does what is left.
	pub async fn end_representation(&self, representative: PatientId) -> Result<Ended> {
		let call = Call::end_representation(representative);
		let sent = self.conclude(&call).await;
		let before = self.ended_before(call.name(), representative);
		let done = self.or_done_before(sent, &["NotRepresentative"], before).await?;
		let rotation = match self.mode {
			Mode::Submit => match self.rotate_if_due().await {
				Ok(Some(done)) => Rotated::Separately(Box::new(done)),
				Ok(None) => Rotated::NotNeeded,
				Err(why) => Rotated::NotYet(why),
			},
			Mode::Include | Mode::Prepare => Rotated::Included,
		};
		let confirmed = self.confirmed(&done);
		Ok(Ended { done, rotation, confirmed })
	}

	/// The outcome, if the person does not act for oneself, and whether two nodes say so.
	async fn ended_before(&self, call: String, representative: PatientId) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		if acts(&at.representatives(patient).await?, representative) {
			return Ok(None);
		}
		let by_two = async {
			let agreed = self.nodes.agreed().await?;
			let all = agreed
				.read("who acts for you", |at| async move { at.representatives(patient).await })
				.await?;
			Ok::<_, crate::Error>((agreed.is_of_two(), acts(&all, representative)))
		};
		let is_confirmed = match self.until_final(by_two).await {
			Ok((_, true)) => return Ok(None),
			Ok((is_of_two, false)) => is_of_two,
			Err(why) => {
				tracing::debug!("it is one node's word: {why}");
				false
			},
		};
		Ok(Some(done_before(&at, call, Vec::new(), is_confirmed)))
	}
}

/// Whether this person is among those who act, or are named to.
fn acts(all: &[RepresentativeInfo], representative: PatientId) -> bool {
	all.iter().any(|one| one.representative == representative)
}

/// The people who act for the patient, as two nodes have it.
pub(crate) async fn named(own: &OwnChart) -> Result<Vec<RepresentativeInfo>> {
	let patient = own.info.id;
	let named = own
		.agreed
		.read("who acts for you", |at| async move { at.representatives(patient).await })
		.await?;
	Ok(named)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn info(scopes: Scopes, epoch: Option<Epoch>) -> RepresentativeInfo {
		RepresentativeInfo {
			patient: PatientId(1),
			representative: PatientId(2),
			scopes,
			until: None,
			named_at: 0,
			confirmed: true,
			key_version: 3,
			epoch,
			live: true,
		}
	}

	#[test]
	fn state_says_what_is_missing() {
		let seen = |epoch| info(Scopes(3), epoch);
		for (info, key_version, expected) in [
			(seen(Some(4)), Some(3), State::WithKey),
			(seen(Some(2)), Some(3), State::WithEarlierKey),
			(seen(None), Some(3), State::WithoutKey),
			(seen(None), Some(4), State::KeyNotConfirmed),
			(seen(Some(2)), Some(4), State::KeyNotConfirmed),
			// What was sealed to the key before opens with that.
			(seen(Some(4)), Some(4), State::WithKey),
			(info(Scopes::ADD, None), Some(3), State::WithoutSight),
			(RepresentativeInfo { live: false, ..seen(Some(4)) }, Some(3), State::Inactive),
			(RepresentativeInfo { confirmed: false, ..seen(None) }, None, State::Waiting),
		] {
			assert_eq!(State::of(&info, key_version, 4), expected, "{info:?}");
			let is_lacking = matches!(expected, State::WithoutKey | State::WithEarlierKey);
			assert_eq!(expected.lacks_key(), is_lacking);
		}
	}
}
