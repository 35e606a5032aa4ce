//! Revoking grants.

use crate::{
	Error, Result,
	chain::Call,
	client::{Client, Done, Mode},
	grants,
};
use medblock_primitives::*;

/// A revocation, and the outcome of the new key.
#[derive(Debug)]
pub struct Revoked {
	/// The revocation.
	pub done: Done,
	/// The new key.
	pub rotation: Rotated,
}

/// The outcome of a new key for a chart from which a doctor was removed.
#[derive(Debug)]
pub enum Rotated {
	/// The chart has the new key, in this epoch.
	To(Epoch),
	/// The new key is part of the prepared call.
	Included,
	/// The key that was sent did not fit any more. This is another one, sent after it.
	Separately(Box<Done>),
	/// The chart has no new key yet. Until [`Client::rotate`] succeeds, clients seal new records to the
	/// standby key, which no doctor has, and to the remaining doctors' own keys.
	NotYet(Error),
}

impl Client {
	/// Revokes grants to doctors, and gives the chart a new key at the same time.
	///
	/// The client sends the revocation even if the new key fails. The chart then uses its standby
	/// key, and [`Revoked::rotation`] says what is left to do.
	pub async fn revoke(&self, doctors: &[DoctorId]) -> Result<Revoked> {
		let named =
			DoctorIds::try_from(doctors.to_vec()).map_err(|_| grants::Error::TooManyRevoked)?;
		let (rotation, problem) = match self.prepared_rotation(doctors).await {
			Ok(rotation) => (Some(rotation), None),
			Err(why) => (None, Some(why)),
		};
		let made = rotation.as_ref().map(|rotation| rotation.epoch);
		let done = self.conclude(&Call::revoke_access(named, rotation)).await?;
		let rotation = match (problem, done.receipt()) {
			(Some(why), _) => Rotated::NotYet(why),
			(None, None) => Rotated::Included,
			(None, Some(receipt)) if receipt.event("ChartKeyRotated").is_some() => {
				Rotated::To(made.unwrap_or_default())
			},
			// The key did not fit any more. The revocation stands, and the chart needs another key.
			(None, Some(_)) if self.mode == Mode::Submit => match self.rotate().await {
				Ok(done) => Rotated::Separately(Box::new(done)),
				Err(why) => Rotated::NotYet(why),
			},
			(None, Some(_)) => Rotated::Included,
		};
		Ok(Revoked { done, rotation })
	}
}
