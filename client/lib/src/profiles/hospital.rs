//! The hospital's own words, with which its desk opens profiles.

use crate::{Error, Result, client::Client, profiles, rotation::public};
use medblock_crypto::{Identity, Seed};
use medblock_primitives::HospitalId;
use std::sync::Arc;

impl Client {
	/// Opens profiles with the hospital's words from now on, where they are not the account's own.
	/// The client keeps them in memory.
	///
	/// # Errors
	///
	/// [`profiles::Error::OtherHospitalKey`] if the hospital's published key is of other words.
	pub async fn use_hospital_words(&self, seed: Seed) -> Result<()> {
		let hospital = self.own_hospital().await?;
		if !self.is_key_of(hospital, |version| Ok(seed.encryption_identity(version))).await? {
			return Err(profiles::Error::OtherHospitalKey(hospital).into());
		}
		if let Ok(mut kept) = self.hospital.lock() {
			*kept = Some(Arc::new(seed));
		}
		Ok(())
	}

	/// Whether the desk's profiles open: the hospital's published key is of the words that the
	/// client has.
	pub async fn opens_profiles(&self) -> Result<bool> {
		let hospital = self.own_hospital().await?;
		self.is_key_of(hospital, |version| self.hospital_identity(version)).await
	}

	async fn is_key_of(
		&self,
		hospital: HospitalId,
		identity: impl Fn(u32) -> Result<Identity>,
	) -> Result<bool> {
		let at = self.chain().finalized().await?;
		let published = at.hospital_key(hospital).await?;
		let published = published.ok_or(Error::Profile(profiles::Error::NoHospitalKey))?;
		Ok(public(&identity(published.version)?.public_key()) == published.key)
	}

	/// The identity that opens profiles for this account's hospital.
	pub(crate) fn hospital_identity(&self, version: u32) -> Result<Identity> {
		let hospital = self.hospital.lock().ok().and_then(|kept| kept.clone());
		match hospital {
			Some(seed) => Ok(seed.encryption_identity(version)),
			None => self.keys.identity(version),
		}
	}
}
