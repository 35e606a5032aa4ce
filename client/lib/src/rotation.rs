//! A chart's next keys. Every attempt makes fresh ones, and seals them to exactly the doctors who
//! remain.

use crate::{
	Result,
	chain::{At, Call, PatientInfo},
	chart::{ChartEpochs, OwnChart, epoch_context},
	client::{Client, Done},
	notices::Notice,
	outbox::begun::{Named, Work},
	overtaken::Attempts,
	profiles,
	staging::recalled,
	trust,
};
use medblock_crypto::{
	EpochSecret, PublicKey as CryptoKey, Root, SEALED_LENGTH, SEALED_SHARE_LENGTH, seal,
};
use medblock_platform::clock::Duration;
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest as _, Sha256};

/// The time in which a command for a new key goes on with an interrupted one. Later, another key is meant.
const GOES_ON: Duration = Duration::from_secs(60 * 60);

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

/// A sealed share in the chain's type.
pub(crate) fn sealed_share(bytes: [u8; SEALED_SHARE_LENGTH]) -> SealedShare {
	SealedShare::new(bytes)
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
		for grant in at.all_grants(patient).await?.into_iter().filter(sees_all) {
			match grant.access {
				Ok(Allowed { key: KeyStatus::Current, .. }) => holders.have.push(grant.doctor),
				_ => holders.not_yet.push(grant.doctor),
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
			if !sees_all(&grant) || without.contains(&grant.doctor) {
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
	///
	/// If this was interrupted within the last hour after its key had become the chart's, that is the new key.
	pub async fn rotate(&self) -> Result<Done> {
		let Some(mut work) = self.begin("rotate", &[]).await? else {
			// Another run makes one. Two that are made at the same time are one.
			return self.rotate_now().await;
		};
		let is_interrupted = !work.begun.named.is_empty() && !work.begun.is_older_than(GOES_ON);
		let mut since = None;
		if is_interrupted {
			let own = self.own_agreed_chart().await?;
			if self.has_key_of(&own, &work).await? {
				self.vaults.notices.tell(&Notice::GoesOn);
				let done = rotated(&own);
				self.end(work, &done).await;
				return Ok(done);
			}
			// What that run has sent may still come.
			since = Some(own.info.epoch);
		}
		let done = self.rotate_since(since, Some(&mut work)).await?;
		self.end(work, &done).await;
		Ok(done)
	}

	/// Whether the chart's key is one that an interrupted run has made.
	async fn has_key_of(&self, own: &OwnChart, work: &Work) -> Result<bool> {
		let patient = own.info.id;
		let keys = own
			.agreed
			.read("the chart's keys", |at| async move { at.chart_keys(patient).await })
			.await?;
		let key = keys.map(|keys| digest(&keys.distributed.key));
		Ok(key.is_some_and(|key| work.begun.named.iter().any(|one| one.is(&key))))
	}

	/// Gives the chart a new key that no one had when this began. It may be one that another device makes meanwhile.
	pub(crate) async fn rotate_now(&self) -> Result<Done> {
		self.rotate_since(None, None).await
	}

	/// As [`Self::rotate_now`]; a key of an epoch after this one, if it is given, is new. Those who act for the
	/// patient are given the key then.
	async fn rotate_since(
		&self,
		since: Option<Epoch>,
		mut work: Option<&mut Work>,
	) -> Result<Done> {
		let done = self.rotate_once(since, work.as_deref_mut()).await?;
		if !self.reseal_quietly().await {
			return Ok(done);
		}
		match self.rotate_once(None, work).await {
			Ok(another) => {
				self.reseal_quietly().await;
				Ok(another)
			},
			// What the chart was given is a new key all the same.
			Err(why) => {
				tracing::debug!("the chart got no other key: {why}");
				Ok(done)
			},
		}
	}

	async fn rotate_once(&self, since: Option<Epoch>, mut work: Option<&mut Work>) -> Result<Done> {
		let (mut attempts, mut began) = (Attempts::new(), since);
		loop {
			let own = self.own_agreed_chart().await?;
			let before = *began.get_or_insert(own.info.epoch);
			// One of an account with other words would be no new key.
			if own.info.epoch > before && self.has_keys_of_present_words().await? {
				return Ok(rotated(&own));
			}
			let rotation = self.rotation(&own, &[]).await?;
			if let Some(work) = &mut work {
				let mut named = work.begun.named.clone();
				named.push(Named::new(&digest(&rotation.keys.distributed.key), ""));
				work.begun.names(named);
				self.outbox.note(&work.key, &work.begun).await?;
			}
			let outcome = self.conclude(&Call::rotate_chart_key(rotation)).await;
			if let Some(done) = attempts.settled(outcome)? {
				return Ok(done);
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
		self.rotate_now().await.map(Some)
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
			false => self.rotate_now().await.map(Some),
		}
	}
}

/// Whether a grant lets the doctor see the whole chart now. An emergency may do so for a doctor who was granted single
/// records, and gives no right to the chart's next keys.
pub(crate) fn sees_all(grant: &GrantInfo) -> bool {
	grant.scope == Scope::Chart && matches!(grant.access, Ok(Allowed { scope: Scope::Chart, .. }))
}

/// The outcome of a rotation, known by the chart's key.
fn rotated(own: &OwnChart) -> Done {
	let numbers = [("patient", own.info.id.0), ("epoch", own.info.epoch)];
	let call = "MedicalRecords.rotate_chart_key".to_owned();
	recalled(own.agreed.at(), call, "ChartKeyRotated", &numbers)
}

/// What tells a key from others.
fn digest(key: &PublicKey) -> [u8; 32] {
	Sha256::digest(&key[..]).into()
}

#[cfg(test)]
mod tests {
	use super::*;

	/// The chain refuses a new key that is sealed to a doctor without a grant of the whole chart.
	#[test]
	fn doctor_of_single_records_gets_no_new_key_in_an_emergency() {
		let key = KeyStatus::AwaitingPatient;
		let until = Some(9);
		let access = Ok(Allowed { scope: Scope::Chart, may_append: false, until, key });
		let grant = |scope| GrantInfo {
			patient: PatientId(1),
			doctor: DoctorId(2),
			scope,
			may_append: false,
			expires_at: None,
			granted_at: 0,
			appends_left: 0,
			epoch: None,
			key_version: None,
			access,
		};
		assert!(sees_all(&grant(Scope::Chart)));
		assert!(!sees_all(&grant(Scope::Records)));
		let denied = GrantInfo { access: Err(Denied::GrantExpired), ..grant(Scope::Chart) };
		assert!(!sees_all(&denied));
	}
}
