//! Revoking grants.

use crate::{
	Error, Result,
	chain::{self, Call},
	client::{Client, Done, Mode},
	grants,
};
use medblock_platform::clock::{Duration, timeout};
use medblock_primitives::*;

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
	/// The chart has no new key yet. Until [`Client::rotate`] succeeds, clients seal new records to the
	/// standby key, which no doctor has, and to the remaining doctors' own keys.
	NotYet(Error),
}

impl Client {
	/// Revokes grants to doctors, and gives the chart a new key at the same time.
	///
	/// The client sends the revocation even if the new key fails, or is not ready within five seconds. The chart then
	/// uses its standby key, and [`Revoked::rotation`] says what is left to do.
	pub async fn revoke(&self, doctors: &[DoctorId]) -> Result<Revoked> {
		let named =
			DoctorIds::try_from(doctors.to_vec()).map_err(|_| grants::Error::TooManyRevoked)?;
		let (rotation, problem) = match self.rotation_in_time(doctors).await {
			Ok(rotation) => (rotation, None),
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
			// The key did not fit any more, or was not ready. The revocation stands, and the chart needs another key.
			(None, Some(_)) if self.mode == Mode::Submit => match self.rotate().await {
				Ok(done) => Rotated::Separately(Box::new(done)),
				Err(why) => Rotated::NotYet(why),
			},
			(None, Some(_)) => Rotated::Included,
		};
		Ok(Revoked { done, rotation })
	}

	/// The chart's next keys; none if they are not ready in time and can follow the revocation.
	async fn rotation_in_time(&self, doctors: &[DoctorId]) -> Result<Option<Rotation>> {
		let limit = match self.keys.are_in_wallet() {
			true => KEY_IN_TIME_BY_WALLET,
			false => KEY_IN_TIME,
		};
		match self.mode {
			// Nothing is sent.
			Mode::Prepare => self.prepared_rotation(doctors).await.map(Some),
			Mode::Submit => match timeout(limit, self.prepared_rotation(doctors)).await {
				Ok(rotation) => rotation.map(Some),
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
