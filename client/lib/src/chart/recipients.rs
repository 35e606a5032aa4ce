//! The doctors and representatives to whose own keys the files of a due chart are encrypted too, so that they can go on
//! reading it.

use super::Target;
use crate::{
	Error, Result,
	chain::{self, Agreed},
	client::Client,
	rotation,
	trust::{self, Owner},
};
use futures::{StreamExt, TryStreamExt, stream};
use medblock_crypto::{Identity, PublicKey as CryptoKey, check_public_key, key_digest};
use pallet_medical_records_runtime_api::{RecipientInfo, RepresentativeRecipient};

/// The number of doctors' keys that the client asks for at the same time.
const AT_ONCE: usize = 8;

/// The number of a doctor's own keys that the client tries, the newest first.
const OWN_KEYS: usize = 16;

impl Client {
	/// Adds the own keys of doctors and representatives, if the chart is due. Two nodes say whose they are, and
	/// what their digests are; a key itself may then come from one.
	pub(crate) async fn with_recipients(&self, mut target: Target) -> Result<Target> {
		let (agreed, patient) = (&target.agreed, target.info.id);
		if target.epoch == target.info.epoch {
			return Ok(target);
		}
		let found = agreed
			.read("who may read the chart", |at| async move { at.recipients(patient).await })
			.await?;
		if found.sealing_epoch != target.epoch {
			return Err(rotation::Error::KeepsChanging.into());
		}
		let doctors: Vec<CryptoKey> = stream::iter(found.doctors)
			.map(|one| self.recipient_key(agreed, one))
			.buffered(AT_ONCE)
			.try_collect()
			.await?;
		let representatives: Vec<CryptoKey> = stream::iter(found.representatives)
			.map(|one| self.representative_recipient_key(agreed, one))
			.buffered(AT_ONCE)
			.try_collect()
			.await?;
		target.keys.extend(doctors.into_iter().chain(representatives));
		target.recipients = found.digest;
		Ok(target)
	}

	/// A recipient's key, if it is the one that two nodes name, and the one that was seen before.
	async fn recipient_key(&self, agreed: &Agreed, named: RecipientInfo) -> Result<CryptoKey> {
		let RecipientInfo { doctor, key_version, key_digest: expected } = named;
		let key = agreed.at().encryption_key(doctor).await?;
		let key = key.ok_or(chain::Error::NoSuchDoctor(doctor))?;
		let public = check_public_key(&key.key)?;
		let digest = key_digest(&public);
		if (key.version, digest) != (key_version, expected) {
			return Err(Error::Trust(trust::Error::RecipientKeyMismatch(doctor)));
		}
		self.pinned(doctor, key_version, digest).await?;
		Ok(public)
	}

	/// As [`Self::recipient_key`], of a representative.
	async fn representative_recipient_key(
		&self,
		agreed: &Agreed,
		named: RepresentativeRecipient,
	) -> Result<CryptoKey> {
		let RepresentativeRecipient { representative, key_version, key_digest: expected } = named;
		let mismatch = || Error::Trust(trust::Error::RepresentativeKeyMismatch(representative));
		let key = agreed.at().acting_key(representative).await?.ok_or_else(mismatch)?;
		let public = check_public_key(&key.key)?;
		let digest = key_digest(&public);
		if (key.version, digest) != (key_version, expected) {
			return Err(mismatch());
		}
		self.pinned(representative, key_version, digest).await?;
		Ok(public)
	}

	/// Compares a key with the one that was seen before, and keeps it.
	async fn pinned(&self, owner: impl Into<Owner>, version: u32, digest: [u8; 32]) -> Result<()> {
		let (owner, genesis) = (owner.into(), self.genesis());
		let mut pins = self.pins.lock().await;
		pins.check(genesis, owner, version, digest)?;
		// Keeping one rewrites the file.
		match pins.knows(genesis, owner, version) {
			true => Ok(()),
			false => pins.keep(genesis, owner, version, digest).await,
		}
	}

	/// The doctor's own keys, newest first. Files that were added while a chart was due may be encrypted to
	/// any of them.
	pub(crate) fn own_identities(&self, key_version: u32) -> Result<Vec<Identity>> {
		let own = (1..=key_version).rev().take(OWN_KEYS).map(|one| self.keys.identities(one));
		own.collect::<Result<Vec<_>>>().map(|all| all.into_iter().flatten().collect())
	}
}
