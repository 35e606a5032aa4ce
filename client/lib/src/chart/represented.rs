//! The keys with which a representative opens the chart of a patient.

use super::{ChartEpochs, Opener, Secrets, representative_context};
use crate::{
	Keys, Result,
	chain::{At, PatientInfo},
	client::Client,
};
use medblock_crypto::{EpochSecret, Identity, unseal};
use medblock_primitives::*;
use std::collections::BTreeMap;

/// The number of own keys that the client tries, the newest first.
const OWN_KEYS: usize = 16;

/// The number of versions of the key, and of the patient's generations, in which a sealed secret may have been sealed.
const EARLIER: usize = 4;

/// The chart's secret that a patient has given to a representative.
pub struct GivenKey {
	/// The representative.
	pub representative: PatientId,
	/// The epoch of the secret.
	pub epoch: Epoch,
	/// The version of the representative's key that the hospital has confirmed last. The secret may be sealed to an
	/// earlier one.
	pub key_version: u32,
	/// The sealed secret.
	pub sealed: SealedKey,
}

impl GivenKey {
	/// The secret, if one of these keys opens it. The chain does not tell which version of the key it is sealed to: the
	/// hospital may have confirmed a later one since.
	fn unseal(
		&self,
		keys: &Keys,
		genesis: [u8; 32],
		patient: &PatientInfo,
	) -> Result<Option<EpochSecret>> {
		let own = acting_identities(keys, self.key_version)?;
		let versions = || (1..=self.key_version).rev().take(EARLIER);
		let generations = (0..=patient.generation).rev().take(EARLIER);
		for (generation, version) in
			generations.flat_map(|one| versions().map(move |two| (one, two)))
		{
			let context = representative_context(
				genesis,
				patient.id,
				self.representative,
				generation,
				self.epoch,
				version,
			);
			let mut opened =
				own.iter().filter_map(|own| unseal(own, &context, &self.sealed.0).ok());
			if let Some(secret) = opened.next() {
				return Ok(Some(EpochSecret::from_bytes(*secret)));
			}
		}
		Ok(None)
	}
}

impl Secrets {
	/// A representative's secrets: the one that the patient has given, and those of all earlier epochs. None if the
	/// representative's words don't open what was given: they have replaced others since.
	pub fn of_representative(
		keys: &Keys,
		genesis: [u8; 32],
		patient: &PatientInfo,
		given: &GivenKey,
		epochs: &ChartEpochs,
	) -> Result<Self> {
		match given.unseal(keys, genesis, patient)? {
			Some(secret) => Self::back_from(given.epoch, secret, genesis, epochs),
			None => Ok(Self::none()),
		}
	}
}

/// The own keys for acting for others, newest first. A patient who was recovered counts them anew, so that none has
/// a higher number than its version.
pub(crate) fn acting_identities(keys: &Keys, version: u32) -> Result<Vec<Identity>> {
	let own = (1..=version).rev().take(OWN_KEYS).map(|number| keys.acting_identities(number));
	own.collect::<Result<Vec<_>>>().map(|all| all.into_iter().flatten().collect())
}

impl Client {
	/// The keys with which the patient `own` opens a represented patient's chart; nothing if they may not
	/// see it.
	pub(super) async fn representatives_opener(
		&self,
		at: &At,
		info: &PatientInfo,
		own: PatientId,
	) -> Result<Option<Opener>> {
		if at.representative_access(info.id, own, None).await?.is_err() {
			return Ok(None);
		}
		let secrets = match self.given_key(at, info.id, own).await? {
			Some(given) => {
				let epochs = ChartEpochs::read(at.clone(), info.id).await?;
				Secrets::of_representative(&self.keys, self.genesis(), info, &given, &epochs)?
			},
			None => Secrets::none(),
		};
		let version = at.acting_key(own).await?.map_or(0, |key| key.version);
		let own = acting_identities(&self.keys, version)?;
		Ok(Some(Opener::Chart { secrets, own, shared: BTreeMap::new() }))
	}

	/// What a patient has given to the representative `own`; nothing if it is still to come.
	pub(crate) async fn given_key(
		&self,
		at: &At,
		patient: PatientId,
		own: PatientId,
	) -> Result<Option<GivenKey>> {
		let found = at.represented(own).await?.into_iter().find(|one| one.patient == patient);
		let Some((found, epoch)) = found.and_then(|one| one.epoch.map(|epoch| (one, epoch))) else {
			return Ok(None);
		};
		let sealed = at.representative_key(patient, own).await?;
		Ok(sealed.map(|sealed| GivenKey {
			representative: own,
			epoch,
			key_version: found.key_version,
			sealed,
		}))
	}
}
