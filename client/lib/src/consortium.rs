//! A hospital's settings, which its controller changes: its gateway, and its registration mode.

use crate::{
	Error, Result,
	accounts::controlled,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;

impl Client {
	/// Sets the registration mode of the hospital that this account controls.
	pub async fn set_registration(&self, mode: RegistrationMode) -> Result<Done> {
		self.conclude(&Call::set_registration_mode(mode)).await
	}

	/// Lets the hospital that this account controls suspend so many more people of one kind within a day.
	pub async fn allow_suspensions(&self, capacity: Capacity, number: u32) -> Result<Done> {
		let hospital = controlled(&self.chain().finalized().await?, self.keys.account()).await?;
		self.conclude(&Call::allow_suspensions(hospital, capacity, number)).await
	}

	/// Sets the gateway's address of the hospital that this account controls.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] if it can't be a gateway's address.
	pub async fn set_gateway(&self, url: &str) -> Result<Done> {
		ensure_gateway(url)?;
		self.conclude(&Call::set_gateway(url.as_bytes().to_vec())).await
	}
}

/// Fails if this can't be the address of a hospital's gateway.
pub(crate) fn ensure_gateway(gateway: &str) -> Result<()> {
	if is_gateway(gateway.as_bytes()) {
		return Ok(());
	}
	Err(Error::BadValue {
		what: "the gateway's address",
		problem: "has to begin with https:// (with http:// only on this machine), and has no spaces",
	})
}
