//! A hospital's settings, which its controller changes: its registrars, its gateway, its key, and
//! its registration mode.

use crate::{
	Error, Result,
	chain::{AccountId, Call},
	client::{Client, Done},
	rotation::public,
};
use medblock_primitives::*;

impl Client {
	/// Lets an account verify people for the hospital that this one controls, or ends that.
	pub async fn registrar(&self, account: AccountId, appointed: bool) -> Result<Done> {
		let call =
			if appointed { Call::add_registrar(account) } else { Call::remove_registrar(account) };
		self.conclude(&call).await
	}

	/// Publishes the key that profiles are encrypted to for the hospital that this account controls.
	pub async fn publish_hospital_key(&self, version: u32) -> Result<Done> {
		let key = public(&self.keys.identity(version)?.public_key());
		self.conclude(&Call::set_hospital_key(SUITE_X_WING, key)).await
	}

	/// Sets the registration mode of the hospital that this account controls.
	pub async fn set_registration(&self, mode: RegistrationMode) -> Result<Done> {
		self.conclude(&Call::set_registration_mode(mode)).await
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
