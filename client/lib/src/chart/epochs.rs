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
	ActingPair, EpochSecret, Identity, Pair, PublicKey as CryptoKey, Root, SealContext,
	check_public_key, key_digest,
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

/// The context in which an epoch's secret is sealed to a version of a representative's key.
pub(crate) fn representative_context(
	genesis: [u8; 32],
	patient: PatientId,
	representative: PatientId,
	generation: u32,
	epoch: Epoch,
	key_version: u32,
) -> SealContext {
	let pair = ActingPair { genesis, patient: patient.0, representative: representative.0 };
	SealContext::representative(pair, generation, epoch, key_version)
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

	/// Whether the current epoch and its standby come from this root, rather than from one before it.
	pub fn come_from(&self, root: &Root, genesis: &[u8; 32]) -> bool {
		[(self.epoch, &self.keys.distributed), (self.epoch.saturating_add(1), &self.keys.standby)]
			.into_iter()
			.all(|(epoch, key)| {
				let secret = EpochSecret::derive(root, genesis, &key.salt, epoch);
				key_digest(&secret.public_key()) == digest(&key.key)
			})
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
	/// A patient's secrets. The newest are derived from the words and the salts on chain. Epochs from
	/// before the words were replaced come out of the epoch after them, which wraps them.
	///
	/// # Errors
	///
	/// [`trust::Error::ChartKeyMismatch`] if one does not give the public key that the chain names.
	pub fn of_patient(keys: &Keys, genesis: [u8; 32], epochs: &ChartEpochs) -> Result<Self> {
		Self::of_roots(&keys.roots()?, genesis, epochs)
	}

	/// As [`Secrets::of_patient`], with the roots from which the newest secrets may come.
	pub(crate) fn of_roots(
		roots: &[Root],
		genesis: [u8; 32],
		epochs: &ChartEpochs,
	) -> Result<Self> {
		let mut secrets = BTreeMap::new();
		let mut later: Option<(EpochSecret, Option<&WrappedSecret>)> = None;
		for (epoch, digest, salt, wrapped) in epochs.all().into_iter().rev() {
			let is_right = |secret: &EpochSecret| key_digest(&secret.public_key()) == digest;
			let derived = roots
				.iter()
				.map(|root| EpochSecret::derive(root, &genesis, &salt, epoch))
				.find(is_right);
			let unwrapped = || {
				let (after, wrapped) = later.as_ref()?;
				let number = epoch.checked_add(1)?;
				after.unwrap_previous(&genesis, number, &digest, &(*wrapped)?.0).ok()
			};
			let secret = derived
				.or_else(unwrapped)
				.ok_or(Error::Trust(trust::Error::ChartKeyMismatch(epoch)))?;
			later = Some((secret.clone(), wrapped));
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
		let secret = keys.unseal(grant.key_version, &context, &grant.sealed.0)?;
		Self::back_from(grant.epoch, EpochSecret::from_bytes(*secret), genesis, epochs)
	}

	/// The secret of an even epoch that came sealed, and those of all earlier epochs.
	///
	/// # Errors
	///
	/// [`trust::Error::ChartKeyMismatch`] if it does not give the public key that the chain names, and
	/// [`trust::Error::StandbyKeyMismatch`] if it does not vouch for the standby key.
	pub(crate) fn back_from(
		from: Epoch,
		mut secret: EpochSecret,
		genesis: [u8; 32],
		epochs: &ChartEpochs,
	) -> Result<Self> {
		let known = epochs.all();
		let digest_of = |epoch: Epoch| known.iter().find(|one| one.0 == epoch);
		let (_, expected, ..) =
			digest_of(from).ok_or(Error::Trust(trust::Error::ChartKeyMismatch(from)))?;
		if key_digest(&secret.public_key()) != *expected {
			return Err(Error::Trust(trust::Error::ChartKeyMismatch(from)));
		}
		if from == epochs.epoch {
			let standby = check_public_key(&epochs.keys.standby.key)?;
			secret
				.check_standby(&standby, &epochs.keys.standby_tag)
				.map_err(|_| Error::Trust(trust::Error::StandbyKeyMismatch))?;
		}
		let mut secrets = BTreeMap::new();
		let mut epoch = from;
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
	pub(crate) fn none() -> Self {
		Self(BTreeMap::new())
	}

	/// These and others of the same chart. Each was compared with the chain's public keys before.
	pub(super) fn with(mut self, others: Self) -> Self {
		self.0.extend(others.0);
		self
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

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::rotation::chart_keys;
	use medblock_crypto::Mnemonic;

	const GENESIS: [u8; 32] = [7; 32];

	fn keys(words: &Mnemonic) -> Keys {
		Keys::from_seed(words.seed("")).unwrap()
	}

	fn retired(epoch: Epoch, key: &EpochKey) -> (Epoch, PastEpoch) {
		let EpochKey { key, salt, previous } = key.clone();
		(epoch, PastEpoch { key_digest: digest(&key), salt, previous, records_until: 0 })
	}

	/// A chart's first epochs, from these words.
	fn registered(words: &Mnemonic) -> ChartEpochs {
		let (keys, _) = chart_keys(&words.seed("").root(), &GENESIS, 0, None);
		ChartEpochs { keys, past: vec![], epoch: 0 }
	}

	/// The chart after a rotation from these words, by a client that holds `secrets`.
	fn rotated(before: &ChartEpochs, secrets: &Secrets, words: &Mnemonic) -> ChartEpochs {
		let epoch = before.epoch + 2;
		let wrapped = secrets.secret(epoch - 1);
		let (keys, _) = chart_keys(&words.seed("").root(), &GENESIS, epoch, wrapped);
		let mut past = before.past.clone();
		past.push(retired(before.epoch, &before.keys.distributed));
		past.push(retired(before.epoch + 1, &before.keys.standby));
		ChartEpochs { keys, past, epoch }
	}

	fn secrets(keys: &Keys, epochs: &ChartEpochs) -> Result<Secrets> {
		Secrets::of_patient(keys, GENESIS, epochs)
	}

	#[test]
	fn new_words_open_all_that_came_before_them_and_the_old_ones_nothing_after() {
		let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
		let first = registered(&old);
		let second = rotated(&first, &secrets(&keys(&old), &first).unwrap(), &old);
		let known = secrets(&keys(&old), &second).unwrap();
		let third = rotated(&second, &known, &new);
		// And once more, so that a new root's epoch lies between.
		let fourth = rotated(&third, &secrets(&keys(&new), &third).unwrap(), &new);
		for chart in [&third, &fourth] {
			let opened = secrets(&keys(&new), chart).unwrap();
			assert_eq!(opened.0.len() as u32, chart.epoch + 2);
			for (epoch, secret) in &known.0 {
				let same = opened.secret(*epoch).unwrap();
				assert_eq!(secret.expose(), same.expose(), "epoch {epoch}");
			}
			let refused = secrets(&keys(&old), chart).err().unwrap();
			let newest = trust::Error::ChartKeyMismatch(chart.epoch + 1);
			assert!(matches!(refused, Error::Trust(why) if why == newest));
			assert!(chart.come_from(&new.seed("").root(), &GENESIS));
			assert!(!chart.come_from(&old.seed("").root(), &GENESIS));
		}
	}

	#[test]
	fn until_the_rotation_both_words_together_open_the_chart() {
		let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
		let chart = registered(&old);
		assert!(secrets(&keys(&new), &chart).is_err());
		let both = keys(&new).with_former(old.seed(""));
		let chart = rotated(&chart, &secrets(&both, &chart).unwrap(), &new);
		assert!(secrets(&keys(&new), &chart).is_ok());
	}

	/// Each step back is checked against the digest on chain.
	#[test]
	fn epoch_that_was_replaced_on_the_way_is_noticed() {
		let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
		let first = registered(&old);
		let honest = rotated(&first, &secrets(&keys(&old), &first).unwrap(), &new);
		let other = registered(&Mnemonic::generate());
		let mut swapped = honest.clone();
		swapped.past[1] = retired(1, &other.keys.standby);
		let mut cut = honest.clone();
		cut.keys.distributed.previous = Some(WrappedSecret([0; 60]));
		for chart in [swapped, cut] {
			let refused = secrets(&keys(&new), &chart).err().unwrap();
			let broken = trust::Error::ChartKeyMismatch(1);
			assert!(matches!(refused, Error::Trust(why) if why == broken));
		}
	}
}
