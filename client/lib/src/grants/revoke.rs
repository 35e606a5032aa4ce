//! Taking back what was granted.

use crate::{
	Error, Result,
	chain::Call,
	client::{Client, Done, Mode},
	grants,
};
use medblock_primitives::*;

/// A revocation, and what became of the new key.
#[derive(Debug)]
pub struct Revoked {
	/// The revocation.
	pub done: Done,
	/// The new key.
	pub rotation: Rotated,
}

/// What became of a new key for a chart from which somebody was removed.
#[derive(Debug)]
pub enum Rotated {
	/// The chart has it: this epoch.
	To(Epoch),
	/// It is part of the prepared call.
	Included,
	/// The one that was sent did not fit any more; this is another one, sent after it.
	Separately(Box<Done>),
	/// There is none yet. New records are sealed to the standby key, which no doctor has, until
	/// [`Client::rotate`] succeeds.
	NotYet(Error),
}

impl Client {
	/// Takes back what was granted to doctors, and at the same time gives the chart a new key.
	///
	/// Whatever hinders the new key, the revocation is sent: the chart then uses its standby key, and
	/// [`Revoked::rotation`] says what is left to do.
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
			// It did not fit any more; the revocation stands, and another one has to be made.
			(None, Some(_)) if self.mode == Mode::Submit => match self.rotate().await {
				Ok(done) => Rotated::Separately(Box::new(done)),
				Err(why) => Rotated::NotYet(why),
			},
			(None, Some(_)) => Rotated::Included,
		};
		Ok(Revoked { done, rotation })
	}
}
