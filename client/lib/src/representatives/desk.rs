//! The hospital's desk, which checks the representatives of its patients and their keys.

use super::{ActingKey, Error, RepresentativeInfo};
use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_crypto::key_digest;
use medblock_primitives::*;

/// A representative to confirm, as two nodes have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToConfirm {
	/// What the patient has named.
	pub info: RepresentativeInfo,
	/// The representative's key.
	pub key: ActingKey,
}

impl Client {
	/// The representatives who wait for the own hospital to confirm them.
	pub async fn awaiting_representatives(&self) -> Result<Vec<RepresentativeInfo>> {
		let hospital = self.own_hospital().await?;
		let at = self.chain().finalized().await?;
		let mut all = at.awaiting_representatives(hospital).await?;
		all.sort_by_key(|one| (one.named_at, one.patient, one.representative));
		Ok(all)
	}

	/// A representative of a patient of the own hospital, with the key that the desk compares.
	///
	/// # Errors
	///
	/// [`Error::NotNamed`], and [`Error::NoActingKey`].
	pub async fn representative_to_confirm(
		&self,
		patient: PatientId,
		representative: PatientId,
	) -> Result<ToConfirm> {
		let agreed = self.nodes.agreed().await?;
		let named = agreed
			.read("who acts for the patient", |at| async move { at.representatives(patient).await })
			.await?;
		let found = named.into_iter().find(|one| one.representative == representative);
		let info = found.ok_or(Error::NotNamed(representative))?;
		let (version, key) = self.acting_key_of(&agreed, representative).await?;
		let key = ActingKey { version, digest: key_digest(&key), is_own: false };
		Ok(ToConfirm { info, key })
	}

	/// Confirms a representative, or their new key, by the digest that they told at the desk. The rights and the
	/// end are those that were shown.
	///
	/// # Errors
	///
	/// [`Error::OtherKeyDigest`], and [`Error::NamingChanged`].
	pub async fn confirm_representative(
		&self,
		shown: &ToConfirm,
		key_digest: [u8; 32],
	) -> Result<Done> {
		let RepresentativeInfo { patient, representative, scopes, until, .. } = shown.info;
		if shown.key.digest != key_digest {
			return Err(Error::OtherKeyDigest(representative).into());
		}
		let call = Call::confirm_representative(patient, representative, scopes, until, key_digest);
		self.conclude(&call).await.map_err(|why| match why {
			why if why.is_refusal("KeyChanged") => Error::OtherKeyDigest(representative).into(),
			why if why.is_refusal("NamingChanged") => Error::NamingChanged(patient).into(),
			why => why,
		})
	}

	/// Refuses a representative of a patient of the own hospital.
	pub async fn refuse_representative(
		&self,
		patient: PatientId,
		representative: PatientId,
	) -> Result<Done> {
		self.conclude(&Call::refuse_representative(patient, representative)).await
	}
}
