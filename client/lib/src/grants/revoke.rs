//! Revoking grants.

use crate::{
	Error, Result,
	chain::{self, Call},
	client::{Client, Done, Mode},
	grants,
};
use medblock_platform::clock::{Duration, timeout};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;

/// The time that a new key has to be ready, or the revocation goes without it. Making one needs both nodes, and one that
/// accepts requests and answers none must not delay a revocation.
const KEY_IN_TIME: Duration = Duration::from_secs(5);
/// The same where the account's key is in a wallet, whose owner may be asked to sign in meanwhile.
const KEY_IN_TIME_BY_WALLET: Duration = Duration::from_secs(20);

/// A revocation, and the outcome of the new key.
#[derive(Debug)]
pub struct Revoked {
	/// The revocation.
	pub done: Done,
	/// The new key.
	pub rotation: Rotated,
	/// How many nodes say that access is taken back.
	pub confirmed: Confirmed,
}

/// How many nodes say that a revocation is final. One alone may lie, and doctors keep their access then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
	/// Two nodes, of different hospitals.
	ByTwo,
	/// One node, and the client knows no other.
	ByTheOnlyOne,
	/// One node. The client knows others, and none has confirmed it: it is not to be called done yet.
	ByOneAlone,
	/// The call is only prepared.
	NotSent,
}

/// The outcome of a new key for a chart from which a doctor was removed.
#[derive(Debug)]
pub enum Rotated {
	/// The chart has the new key, in this epoch.
	To(Epoch),
	/// The new key is part of the prepared call.
	Included,
	/// The key that was sent did not fit any more, or was not ready in time. This is another one, sent after the revocation.
	Separately(Box<Done>),
	/// No one has lost the chart's present key, so that it stays: the doctors had single records only, or nothing.
	NotNeeded,
	/// The chart has no new key yet. Until [`Client::rotate`] succeeds, clients seal new records to the
	/// standby key, which no doctor has, and to the own keys of the remaining doctors: of 61 at most, whose
	/// hospitals have confirmed them.
	NotYet(Error),
}

impl Client {
	/// Revokes grants to doctors, and gives the chart a new key at the same time, if one of them has the present one.
	///
	/// The client sends the revocation even if the new key fails, is not ready within five seconds, or is larger than the
	/// account's allowance. The chart then uses its standby key, and [`Revoked::rotation`] says what is left to do. If the
	/// allowance does not suffice for that either, the revocation names only those who have a grant.
	///
	/// It goes to all nodes that are known. [`Revoked::confirmed`] says whether two of them tell that it is final: a program
	/// calls it done only then.
	pub async fn revoke(&self, doctors: &[DoctorId]) -> Result<Revoked> {
		let named =
			DoctorIds::try_from(doctors.to_vec()).map_err(|_| grants::Error::TooManyRevoked)?;
		let (rotation, problem) = match self.rotation_in_time(doctors).await {
			Ok(rotation) => (rotation, None),
			Err(why) => (None, Some(why)),
		};
		let made = rotation.as_ref().map(|rotation| rotation.epoch);
		let sent = self.conclude(&Call::revoke_access(named.clone(), rotation)).await;
		let (done, problem) = match sent {
			Err(why) if made.is_some() && is_too_large(&why) => {
				(self.revoke_alone(named).await?, Some(why))
			},
			Err(why) if is_too_large(&why) => (self.revoke_granted(&named, why).await?, problem),
			sent => (sent?, problem),
		};
		let rotation = match (problem, done.receipt()) {
			(Some(why), _) => Rotated::NotYet(why),
			(None, None) => Rotated::Included,
			(None, Some(receipt)) if receipt.event("ChartKeyRotated").is_some() => {
				// A representative lost access meanwhile, and may have learned the key.
				if self.reseal_quietly().await
					&& let Err(why) = self.rotate_now().await
				{
					tracing::debug!("the chart got no other key: {why}");
				}
				Rotated::To(made.unwrap_or_default())
			},
			// The key did not fit any more, or was not ready. The revocation stands, and the chart needs another key.
			(None, Some(_)) if self.mode == Mode::Submit => match self.rotate_if_due().await {
				Ok(Some(done)) => Rotated::Separately(Box::new(done)),
				Ok(None) => Rotated::NotNeeded,
				Err(why) => Rotated::NotYet(why),
			},
			(None, Some(_)) => Rotated::Included,
		};
		let confirmed = self.confirmed(&done);
		Ok(Revoked { done, rotation, confirmed })
	}

	/// How many nodes say that a call that takes access back is final.
	pub(crate) fn confirmed(&self, done: &Done) -> Confirmed {
		match done {
			Done::Prepared(_) => Confirmed::NotSent,
			Done::Sent(receipt) if receipt.is_confirmed => Confirmed::ByTwo,
			Done::Sent(_) if self.nodes.knows_several() => Confirmed::ByOneAlone,
			Done::Sent(_) => Confirmed::ByTheOnlyOne,
		}
	}

	/// Revokes, without a new key.
	async fn revoke_alone(&self, named: DoctorIds) -> Result<Done> {
		match self.conclude(&Call::revoke_access(named.clone(), None)).await {
			Err(why) if is_too_large(&why) => self.revoke_granted(&named, why).await,
			sent => sent,
		}
	}

	/// Revokes the grants of those who have one, without a new key, after the chain refused to do so for all who are named.
	/// It takes no account into debt for a doctor who has none.
	async fn revoke_granted(&self, named: &DoctorIds, why: Error) -> Result<Done> {
		let Ok(granted) = self.granted().await else { return Err(why) };
		let narrowed = narrowed(named, &granted).ok_or(why)?;
		self.conclude(&Call::revoke_access(narrowed, None)).await
	}

	/// The doctors who have a grant in the best block, as far as the first node says.
	async fn granted(&self) -> Result<Vec<DoctorId>> {
		let at = self.chain().best().await?;
		let patient = self.own_chart(&at).await?.id;
		Ok(at.all_grants(patient).await?.into_iter().map(|one| one.doctor).collect())
	}

	/// The chart's next keys, if the revocation takes the present one from a doctor, or a doctor lost it before.
	async fn needed_rotation(&self, doctors: &[DoctorId]) -> Result<Option<Rotation>> {
		let own = self.own_agreed_chart().await?;
		if own.info.sealing_epoch == own.info.epoch {
			let patient = own.info.id;
			let grants = own
				.agreed
				.read("who has access", |at| async move { at.all_grants(patient).await })
				.await?;
			let has_it =
				|grant: &GrantInfo| grant.scope == Scope::Chart && doctors.contains(&grant.doctor);
			if !grants.iter().any(has_it) {
				return Ok(None);
			}
		}
		self.rotation(&own, doctors).await.map(Some)
	}

	/// The chart's next keys; none if they are not needed, or are not ready in time and can follow the revocation.
	async fn rotation_in_time(&self, doctors: &[DoctorId]) -> Result<Option<Rotation>> {
		let limit = match self.keys.are_in_wallet() {
			true => KEY_IN_TIME_BY_WALLET,
			false => KEY_IN_TIME,
		};
		match self.mode {
			// Nothing is sent.
			Mode::Prepare => self.prepared_rotation(doctors).await.map(Some),
			Mode::Submit => match timeout(limit, self.needed_rotation(doctors)).await {
				Ok(rotation) => rotation,
				Err(_) => Ok(None),
			},
			Mode::Include => {
				let in_time = timeout(limit, self.prepared_rotation(doctors)).await;
				in_time.map_err(|late| self.too_late(late))?.map(Some)
			},
		}
	}

	fn too_late(&self, why: impl std::fmt::Display) -> Error {
		let url = self.chain().url().to_owned();
		chain::Error::NodeUnreachable { url, why: why.to_string() }.into()
	}
}

/// Whether the chain may take the revocation without the new key. A thief who has the account's words can spend its
/// allowance, and the reserve that keys have, too. What only takes back a grant is never refused for that.
fn is_too_large(why: &Error) -> bool {
	matches!(why, Error::Chain(chain::Error::AllowanceSpent { .. }))
}

/// Those of the named doctors who have a grant, once each; none if those are all, or no doctor is left.
fn narrowed(named: &DoctorIds, granted: &[DoctorId]) -> Option<DoctorIds> {
	let mut narrowed = DoctorIds::default();
	for doctor in named.iter().filter(|doctor| granted.contains(doctor)) {
		if !narrowed.contains(doctor) {
			// As many as were named fit.
			let _ = narrowed.try_push(*doctor);
		}
	}
	(!narrowed.is_empty() && narrowed.len() < named.len()).then_some(narrowed)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn revocation_that_is_refused_names_only_those_who_have_a_grant() {
		let doctors =
			|ids: &[u32]| DoctorIds::truncate_from(ids.iter().copied().map(DoctorId).collect());
		let granted = [DoctorId(1), DoctorId(2), DoctorId(4)];
		for (named, expected) in [
			(vec![2, 3, 1], Some(doctors(&[2, 1]))),
			(vec![2, 2], Some(doctors(&[2]))),
			(vec![1, 2], None),
			(vec![3], None),
			(vec![], None),
		] {
			assert_eq!(narrowed(&doctors(&named), &granted), expected, "{named:?}");
		}
	}

	#[test]
	fn revocation_goes_without_a_key_that_the_allowance_has_no_room_for() {
		let spent =
			chain::Error::AllowanceSpent { left: 0, capacity: 9, seconds: 60, is_shared: false };
		assert!(is_too_large(&spent.into()));
		assert!(!is_too_large(&chain::Error::Expired.into()));
	}
}
