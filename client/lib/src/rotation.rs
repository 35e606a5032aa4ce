//! A chart's next keys. Every attempt makes fresh ones, and seals them to exactly the doctors who
//! remain.

use crate::{
	Result,
	chain::{At, Call, PatientInfo},
	chart::{ChartEpochs, OwnChart, epoch_context},
	client::{Client, Done},
	profiles, trust,
};
use medblock_crypto::{EpochSecret, PublicKey as CryptoKey, Root, SEALED_LENGTH, seal};
use medblock_primitives::*;
use rand::{RngCore, rngs::OsRng};

/// The reason why the chart can't get a new key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The chart's epochs are used up.
	#[error("the chart has had as many keys as there can be")]
	NoMoreEpochs,
	/// More doctors have access than a rotation can reach.
	#[error("more doctors have access than a new key can be sealed to")]
	TooManyDoctors,
	/// The chart's key, or the doctors who may see a due chart, changed repeatedly during encryption.
	#[error("the chart's key, or the doctors who may see it, keep changing: try again")]
	KeepsChanging,
}

/// The number of times that something is made anew because another device changed the chart meanwhile.
pub(crate) const ATTEMPTS: u32 = 3;

/// 16 fresh random bytes, so that no two attempts ever make the same secret.
fn salt() -> Salt {
	let mut salt = [0; 16];
	OsRng.fill_bytes(&mut salt);
	salt
}

/// A public key in the chain's type.
pub(crate) fn public(key: &CryptoKey) -> PublicKey {
	PublicKey::truncate_from(key.to_vec())
}

/// The keys of an even epoch and its standby, and the secret of the even epoch.
pub(crate) fn chart_keys(
	root: &Root,
	genesis: &[u8; 32],
	epoch: Epoch,
	previous: Option<&EpochSecret>,
) -> (ChartKeys, EpochSecret) {
	let (salt, standby_salt, standby_epoch) = (salt(), salt(), epoch.saturating_add(1));
	let secret = EpochSecret::derive(root, genesis, &salt, epoch);
	let standby = EpochSecret::derive(root, genesis, &standby_salt, standby_epoch);
	let standby_key = standby.public_key();
	let keys = ChartKeys {
		suite: SUITE_X_WING,
		distributed: EpochKey {
			key: public(&secret.public_key()),
			salt,
			previous: previous
				.map(|previous| WrappedSecret(secret.wrap_previous(genesis, epoch, previous))),
		},
		standby: EpochKey {
			key: public(&standby_key),
			salt: standby_salt,
			previous: Some(WrappedSecret(standby.wrap_previous(genesis, standby_epoch, &secret))),
		},
		standby_tag: secret.standby_tag(&standby_key),
	};
	(keys, secret)
}

/// Seals an epoch's secret to a doctor's key.
pub(crate) fn seal_epoch(
	to: &CryptoKey,
	genesis: [u8; 32],
	patient: &PatientInfo,
	doctor: DoctorId,
	key_version: u32,
	epoch: Epoch,
	secret: &EpochSecret,
) -> Result<KeyForDoctor> {
	let context = epoch_context(genesis, patient, doctor, epoch, key_version);
	let sealed = seal(to, &context, secret.expose())?;
	Ok(KeyForDoctor { doctor, key_version, key: sealed_key(sealed) })
}

/// A sealed key in the chain's type.
pub(crate) fn sealed_key(bytes: [u8; SEALED_LENGTH]) -> SealedKey {
	SealedKey::new(bytes)
}

/// The doctors who may see a whole chart, by whether they have its present key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyHolders {
	/// Those who have it.
	pub have: Vec<DoctorId>,
	/// Those who don't. After a rotation, these are the doctors whose hospitals have not confirmed their own keys.
	pub not_yet: Vec<DoctorId>,
}

impl Client {
	/// The doctors who may see this patient's whole chart at a block, by whether they have its present key.
	pub async fn key_holders(&self, at: &At) -> Result<KeyHolders> {
		let patient = self.own_chart(at).await?.id;
		let mut holders = KeyHolders::default();
		for grant in at.all_grants(patient).await? {
			match grant.access {
				Ok(Allowed { scope: Scope::Chart, key: KeyStatus::Current, .. }) => {
					holders.have.push(grant.doctor);
				},
				Ok(Allowed { scope: Scope::Chart, .. }) => holders.not_yet.push(grant.doctor),
				_ => {},
			}
		}
		Ok(holders)
	}

	/// The next keys of the chart, sealed to every doctor who may see all of it and is not left
	/// out.
	pub(crate) async fn rotation(&self, own: &OwnChart, without: &[DoctorId]) -> Result<Rotation> {
		let epoch = own.info.epoch.checked_add(2).ok_or(Error::NoMoreEpochs)?;
		let before = own.secrets.secret(epoch.saturating_sub(1));
		let before = before
			.ok_or(crate::Error::Trust(trust::Error::ChartKeyMismatch(epoch.saturating_sub(1))))?;
		let genesis = self.genesis();
		let (keys, secret) = chart_keys(&self.keys.root()?, &genesis, epoch, Some(before));
		let patient = own.info.id;
		let grants = own
			.agreed
			.read("who has access", |at| async move { at.all_grants(patient).await })
			.await?;
		let mut sealed = KeysForDoctors::default();
		for grant in grants {
			let sees_all = matches!(grant.access, Ok(Allowed { scope: Scope::Chart, .. }));
			if !sees_all || without.contains(&grant.doctor) {
				continue;
			}
			let (version, key) = match self.key_of(&own.agreed, grant.doctor).await {
				// The chain requires that these are left out. Their grants stay, for older records.
				Err(crate::Error::Profile(profiles::Error::KeyNotConfirmed(_))) => continue,
				other => other?,
			};
			let one = seal_epoch(&key, genesis, &own.info, grant.doctor, version, epoch, &secret)?;
			sealed.try_push(one).map_err(|_| Error::TooManyDoctors)?;
		}
		Ok(Rotation { epoch, keys, sealed })
	}

	/// The next keys of the chart as a call would carry them, sealed to every doctor who may see
	/// all of it, except these. Sends nothing. Each call makes different keys.
	pub async fn prepared_rotation(&self, without: &[DoctorId]) -> Result<Rotation> {
		let own = self.own_agreed_chart().await?;
		self.rotation(&own, without).await
	}

	/// Gives the chart a new key, sealed to the doctors who may see all of it. Doctors who have
	/// lost access can't open what is added from then on; those who remain can open everything.
	pub async fn rotate(&self) -> Result<Done> {
		let mut attempt = 0;
		loop {
			let own = self.own_agreed_chart().await?;
			let rotation = self.rotation(&own, &[]).await?;
			let outcome = self.conclude(&Call::rotate_chart_key(rotation)).await;
			attempt += 1;
			match outcome {
				Err(why) if attempt < ATTEMPTS && no_longer_fits(&why) => continue,
				outcome => return outcome,
			}
		}
	}

	/// Gives the chart a new key if a doctor has lost access since it got the present one.
	pub async fn rotate_if_due(&self) -> Result<Option<Done>> {
		// Two nodes answer this: a single lying node could prevent the rotation.
		let chart = self.own_agreed_chart().await?.info;
		if chart.sealing_epoch == chart.epoch {
			return Ok(None);
		}
		self.rotate().await.map(Some)
	}
}

impl Client {
	/// Whether the chart's keys come from this account's present words. After an account with other words has
	/// taken over they do not, until [`Client::rotate_to_present_words`].
	pub async fn has_keys_of_present_words(&self) -> Result<bool> {
		let agreed = self.nodes.agreed().await?;
		let own = agreed.read("your chart", |at| async move { self.own_chart(&at).await }).await?;
		let epochs = ChartEpochs::agreed(&agreed, own.id).await?;
		Ok(epochs.come_from(&self.keys.root()?, &self.genesis()))
	}

	/// Gives the chart keys that come from this account's present words, unless it has them. Until then
	/// its former words still open what is added.
	///
	/// The keys need [`Keys::with_former`](crate::Keys::with_former) for this.
	pub async fn rotate_to_present_words(&self) -> Result<Option<Done>> {
		match self.has_keys_of_present_words().await? {
			true => Ok(None),
			false => self.rotate().await.map(Some),
		}
	}
}

/// Whether the chart changed between reading it and executing the call. Another attempt may then
/// succeed.
fn no_longer_fits(why: &crate::Error) -> bool {
	["StaleEpoch", "DoctorMissing", "DoctorUnexpected", "KeyChanged"]
		.iter()
		.any(|name| why.is_refusal(name))
}
