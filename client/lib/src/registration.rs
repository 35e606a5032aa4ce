//! Registering, and why nodes take no registration.

use crate::{
	Error, Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;

impl Client {
	/// Sends a registration. An account that has nothing may send only what will succeed, and nodes
	/// refuse everything else without a reason; so the hospital's own rules are looked at before.
	pub(crate) async fn register(&self, hospital: HospitalId, call: &Call) -> Result<Done> {
		let account = self.keys.account();
		let at = self.chain().finalized().await?;
		if at.nonce(account).await? == 0 {
			match at.known_hospital(hospital).await?.registration {
				RegistrationMode::Open => {},
				RegistrationMode::SponsoredOnly => {
					if at.sponsor_of(account).await? != Some(hospital) {
						return Err(Error::NotInvited { hospital, account });
					}
				},
				RegistrationMode::Closed => return Err(Error::RegistrationClosed(hospital)),
			}
		}
		self.conclude(call).await
	}
}
