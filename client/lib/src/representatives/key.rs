//! The key with which a patient acts for others.

use super::Error;
use crate::{
	Keys, Result,
	chain::{Agreed, At, Call},
	client::{Client, Done},
	rotation::public,
};
use medblock_crypto::{PublicKey as CryptoKey, check_public_key, key_digest};
use medblock_primitives::*;

/// A patient's key for acting for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActingKey {
	/// Its version: 1 for the first.
	pub version: u32,
	/// The SHA-256 of the key, by which the hospital's desk compares it.
	pub digest: [u8; 32],
	/// Whether this account's words give it.
	pub is_own: bool,
}

impl Client {
	/// The own key for acting for others, if there is one.
	pub async fn own_acting_key(&self, at: &At) -> Result<Option<ActingKey>> {
		let patient = self.own_chart(at).await?.id;
		let Some(key) = at.acting_key(patient).await? else { return Ok(None) };
		let public = check_public_key(&key.key)?;
		let is_own = is_given_by(&self.keys, &public, key.version)?;
		Ok(Some(ActingKey { version: key.version, digest: key_digest(&public), is_own }))
	}

	/// Publishes a new key for acting for others. The represented patients' hospitals have to confirm it, and
	/// these patients to seal to it.
	pub async fn set_acting_key(&self) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		let version = at.acting_key(patient).await?.map_or(0, |key| key.version);
		// The number of an own key is not higher than its version on the chain, whatever another device does meanwhile.
		let number = version.saturating_add(1);
		let key = public(&self.keys.acting_identity(number)?.public_key());
		self.conclude(&Call::set_acting_key(SUITE_X_WING, key)).await
	}

	/// As [`Client::set_acting_key`], unless there is one that the present words give.
	pub async fn ensure_acting_key(&self) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		match self.own_acting_key(&at).await? {
			Some(key) if key.is_own => Ok(None),
			_ => self.set_acting_key().await.map(Some),
		}
	}

	/// As [`Client::ensure_acting_key`], if a key was published before: other words have replaced those that give it.
	pub async fn renew_acting_key(&self) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		match self.own_acting_key(&at).await? {
			Some(key) if !key.is_own => self.set_acting_key().await.map(Some),
			_ => Ok(None),
		}
	}

	/// A person's key for acting for others and its version: the same on two nodes, and the same as before.
	pub(crate) async fn acting_key_of(
		&self,
		agreed: &Agreed,
		person: PatientId,
	) -> Result<(u32, CryptoKey)> {
		let what = format!("the key of representative {}", person.0);
		let key = agreed
			.read(&what, |at| async move { at.acting_key(person).await })
			.await?
			.ok_or(Error::NoActingKey(person))?;
		let public = check_public_key(&key.key)?;
		let digest = key_digest(&public);
		self.pins.lock().await.keep(self.genesis(), person, key.version, digest).await?;
		Ok((key.version, public))
	}
}

/// The number of own keys that are compared with a published one, the newest first.
const COMPARED: usize = 64;

/// Whether the present words give this version of a key. A patient who was recovered counts own keys anew, so that
/// none has a higher number than its version.
fn is_given_by(keys: &Keys, published: &CryptoKey, version: u32) -> Result<bool> {
	for number in (1..=version).rev().take(COMPARED) {
		if keys.acting_identity(number)?.public_key() == *published {
			return Ok(true);
		}
	}
	Ok(false)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;

	#[test]
	fn key_is_known_as_own_under_a_later_version_and_not_after_new_words() {
		let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
		let keys = Keys::from_seed(old.seed("")).unwrap();
		let published = keys.acting_identity(1).unwrap().public_key();
		assert!(is_given_by(&keys, &published, 1).unwrap());
		assert!(is_given_by(&keys, &published, 3).unwrap(), "two devices published one each");
		let later = keys.acting_identity(4).unwrap().public_key();
		assert!(!is_given_by(&keys, &later, 3).unwrap());
		// The former words open what came before, and are no reason to keep the key.
		let renewed = Keys::from_seed(new.seed("")).unwrap().with_former(old.seed(""));
		assert!(!is_given_by(&renewed, &published, 1).unwrap());
		let own = crate::chart::acting_identities(&renewed, 1).unwrap();
		assert!(own.iter().any(|own| own.public_key() == published));
	}
}
