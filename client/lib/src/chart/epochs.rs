//! A chart's epoch secrets. Its patient derives them; its doctors unseal the latest and walk back
//! from it.
//!
//! Before a client seals anything to a secret, or opens anything with it, it computes the secret's
//! public key again and compares it with the chain's, wherever the secret came from.

use crate::{
	Error, Keys, Result,
	chain::{self, Agreed, At, PatientInfo},
	trust,
};
use medblock_crypto::{
	EpochSecret, Identity, Pair, PublicKey as CryptoKey, SealContext, check_public_key, key_digest,
	unseal,
};
use medblock_primitives::*;
use std::collections::BTreeMap;

/// The context in which an epoch's secret is sealed to a version of a doctor's key.
pub(crate) fn epoch_context(
	genesis: [u8; 32],
	patient: &PatientInfo,
	doctor: DoctorId,
	epoch: Epoch,
	key_version: u32,
) -> SealContext {
	let pair = Pair { genesis, patient: patient.id.0, doctor: doctor.0 };
	SealContext::epoch(pair, patient.generation, epoch, key_version)
}

/// The public side of a chart's epochs, at one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartEpochs {
	/// The current epoch and its standby.
	pub keys: ChartKeys,
	/// The earlier epochs.
	pub past: Vec<(Epoch, PastEpoch)>,
	/// The current epoch's number.
	pub epoch: Epoch,
}

impl ChartEpochs {
	/// Reads the epochs from one node.
	pub async fn read(at: At, patient: PatientId) -> Result<Self> {
		let info = at.known_patient(patient).await?;
		let keys = at.chart_keys(patient).await?.ok_or(chain::Error::NoSuchPatient(patient))?;
		let past = at.past_epochs(patient).await?;
		Ok(Self { keys, past, epoch: info.epoch })
	}

	/// Reads the epochs from two nodes.
	pub async fn agreed(agreed: &Agreed, patient: PatientId) -> Result<Self> {
		agreed.read("the chart's keys", |at| Self::read(at, patient)).await
	}

	/// All epochs in order, each with its number, the digest of its public key, its salt, and the
	/// wrapped secret of the epoch before it.
	fn all(&self) -> Vec<(Epoch, [u8; 32], Salt, Option<&WrappedSecret>)> {
		let past = self
			.past
			.iter()
			.map(|(epoch, past)| (*epoch, past.key_digest, past.salt, past.previous.as_ref()));
		let current = [(self.epoch, &self.keys.distributed), (self.epoch + 1, &self.keys.standby)]
			.map(|(epoch, key)| (epoch, digest(&key.key), key.salt, key.previous.as_ref()));
		past.chain(current).collect()
	}

	/// The public key for encrypting records.
	pub fn sealing_key(&self, sealing_epoch: Epoch) -> Result<CryptoKey> {
		let key =
			if sealing_epoch == self.epoch { &self.keys.distributed } else { &self.keys.standby };
		Ok(check_public_key(&key.key)?)
	}
}

fn digest(key: &PublicKey) -> [u8; 32] {
	use sha2::{Digest, Sha256};
	Sha256::digest(key).into()
}

/// The epoch secrets that a reader holds.
pub struct Secrets(BTreeMap<Epoch, EpochSecret>);

impl Secrets {
	/// A patient's secrets: every epoch's, derived from the root and the salts on chain.
	///
	/// # Errors
	///
	/// [`trust::Error::ChartKeyMismatch`] if one does not give the public key that the chain names.
	pub fn of_patient(keys: &Keys, genesis: [u8; 32], epochs: &ChartEpochs) -> Result<Self> {
		let root = keys.root()?;
		let mut secrets = BTreeMap::new();
		for (epoch, digest, salt, _) in epochs.all() {
			let secret = EpochSecret::derive(&root, &genesis, &salt, epoch);
			if key_digest(&secret.public_key()) != digest {
				return Err(Error::Trust(trust::Error::ChartKeyMismatch(epoch)));
			}
			secrets.insert(epoch, secret);
		}
		Ok(Self(secrets))
	}

	/// A doctor's secrets: the one that came with the grant, and those of all earlier epochs.
	pub fn of_doctor(
		keys: &Keys,
		genesis: [u8; 32],
		patient: &PatientInfo,
		grant: &HeldGrant,
		epochs: &ChartEpochs,
	) -> Result<Self> {
		let context = epoch_context(genesis, patient, grant.doctor, grant.epoch, grant.key_version);
		let secret = unseal(&keys.identity(grant.key_version)?, &context, &grant.sealed.0)?;
		let mut secret = EpochSecret::from_bytes(*secret);
		let known = epochs.all();
		let digest_of = |epoch: Epoch| known.iter().find(|one| one.0 == epoch);
		let (_, expected, ..) = digest_of(grant.epoch)
			.ok_or(Error::Trust(trust::Error::ChartKeyMismatch(grant.epoch)))?;
		if key_digest(&secret.public_key()) != *expected {
			return Err(Error::Trust(trust::Error::ChartKeyMismatch(grant.epoch)));
		}
		if grant.epoch == epochs.epoch {
			let standby = check_public_key(&epochs.keys.standby.key)?;
			secret
				.check_standby(&standby, &epochs.keys.standby_tag)
				.map_err(|_| Error::Trust(trust::Error::StandbyKeyMismatch))?;
		}
		let mut secrets = BTreeMap::new();
		let mut epoch = grant.epoch;
		loop {
			let wrapped = digest_of(epoch).and_then(|one| one.3);
			let before = epoch.checked_sub(1).and_then(digest_of);
			secrets.insert(epoch, secret.clone());
			let (Some(wrapped), Some((number, digest, ..))) = (wrapped, before) else {
				return Ok(Self(secrets));
			};
			secret = secret.unwrap_previous(&genesis, epoch, digest, &wrapped.0)?;
			epoch = *number;
		}
	}

	/// No secrets.
	#[cfg(test)]
	pub(crate) fn none() -> Self {
		Self(BTreeMap::new())
	}

	/// The identity that opens data sealed to an epoch.
	pub fn identity(&self, epoch: Epoch) -> Option<Identity> {
		self.0.get(&epoch).map(EpochSecret::identity)
	}

	/// The secret of an epoch.
	pub fn secret(&self, epoch: Epoch) -> Option<&EpochSecret> {
		self.0.get(&epoch)
	}

	/// Identities of all epochs but one, newest first.
	pub fn others(&self, epoch: Epoch) -> impl Iterator<Item = (Epoch, Identity)> + '_ {
		let all = self.0.iter().rev().filter(move |one| *one.0 != epoch);
		all.map(|(number, secret)| (*number, secret.identity()))
	}
}

/// The key that came with a doctor's grant of a whole chart.
pub struct HeldGrant {
	/// The doctor.
	pub doctor: DoctorId,
	/// The epoch of the secret.
	pub epoch: Epoch,
	/// The version of the doctor's key to which it is sealed.
	pub key_version: u32,
	/// The sealed secret.
	pub sealed: SealedKey,
}
