//! A hospital's profile key: publishing versions, giving them to registrars, and opening what was
//! given.
//!
//! The secret is random, and belongs to no person. The publisher seals it to each registrar's own
//! key, and wraps the version before under it, so that one sealed secret opens every profile.

use crate::{
	Error as AnyError, Keys, Result,
	chain::{AccountId, At, Call, RegistrarInfo},
	client::{Client, Done},
	profiles,
	rotation::{ATTEMPTS, public, sealed_key},
};
use medblock_crypto::{
	Identity, ProfileSecret, ProfileVersion, SealContext, check_public_key, key_digest, seal,
	unseal,
};
use medblock_primitives::*;
use pallet_consortium_runtime_api::{HeldProfileKey, ProfileKeyInfo};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The reason why the hospital's profile key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The account has not received the key.
	#[error("no registrar of hospital {} has given this account the hospital's profile key yet", .0.0)]
	KeyNotHeld(HospitalId),
	/// There is no registrar with a key of their own.
	#[error("no registrar of hospital {} has published a key to which the profile key could be sealed", .0.0)]
	NoRegistrarKey(HospitalId),
	/// What the account was given is not what the hospital has published.
	#[error("the secret that this account was given is not that of hospital {}'s profile key", .0.0)]
	KeyMismatch(HospitalId),
	/// The profile key was sealed to an account that was no registrar any more.
	#[error("{why}; {}", aftermath(.publication))]
	KeyWasOut {
		/// The chain's reason for refusing.
		why: Box<AnyError>,
		/// The reason why no new version could be published, if there is one.
		publication: Option<Box<AnyError>>,
	},
}

/// The state of a hospital after an account that left may have learned its profile key.
fn aftermath(publication: &Option<Box<AnyError>>) -> String {
	match publication {
		None => "since the key had been sent to an account that is no registrar any more, the hospital was \
			given a new version"
			.to_owned(),
		Some(why) => format!(
			"the key had been sent to an account that is no registrar any more, so the hospital needs a new \
			version, and has none yet ({why})"
		),
	}
}

/// The secrets of a profile key that a registrar holds.
pub struct ProfileSecrets {
	/// The current version's secret, as it was sealed.
	held: HeldProfileKey,
	/// The secrets, the current version's first.
	secrets: Vec<ProfileSecret>,
}

impl ProfileSecrets {
	/// Unseals the current version's secret, and opens those before it.
	///
	/// # Errors
	///
	/// [`Error::KeyMismatch`] if the current version's is not that of the published key.
	fn open(
		keys: &Keys,
		this: ProfileVersion,
		held: HeldProfileKey,
		versions: &[(u32, ProfileKeyVersion)],
	) -> Result<Self> {
		let context = SealContext::profile_key(this, keys.account().0, held.key_version);
		let own = keys.registrar_identity(held.key_version)?;
		let known = |version: u32| versions.iter().find(|one| one.0 == version).map(|one| &one.1);
		let mut secret = ProfileSecret::from_bytes(*unseal(&own, &context, &held.key.0)?);
		let published = known(this.version).map(|link| link.key_digest);
		if published != Some(key_digest(&secret.public_key())) {
			return Err(Error::KeyMismatch(held.hospital).into());
		}
		let mut secrets = Vec::new();
		let mut version = this.version;
		loop {
			let wrapped = known(version).and_then(|link| link.previous.as_ref());
			let before = version.checked_sub(1).and_then(known);
			let opened = wrapped.zip(before).and_then(|(wrapped, before)| {
				let place = ProfileVersion { version, ..this };
				secret.unwrap_previous(&place, &before.key_digest, &wrapped.0).ok()
			});
			secrets.push(secret);
			// Where the chain of versions is broken, those after the break still open.
			let Some(opened) = opened else {
				return Ok(Self { held, secrets });
			};
			secret = opened;
			version = version.saturating_sub(1);
		}
	}

	/// The identities that open profiles, the current version's first.
	pub fn identities(&self) -> Vec<Identity> {
		self.secrets.iter().map(ProfileSecret::identity).collect()
	}
}

/// A hospital's profile key, as its desk sees it.
#[derive(Clone, Debug)]
pub struct DeskKey {
	/// The hospital.
	pub hospital: HospitalId,
	/// The key's state.
	pub info: ProfileKeyInfo,
	/// The hospital's registrars.
	pub registrars: Vec<RegistrarInfo>,
	/// Whether this account can open the current version.
	pub is_held: bool,
	/// Whether this account has published an own key.
	pub has_own_key: bool,
}

impl DeskKey {
	/// The current version; 0 if there is none.
	pub fn version(&self) -> u32 {
		self.info.key.as_ref().map_or(0, |key| key.version)
	}

	/// The registrars who can open the current version.
	pub fn holders(&self) -> impl Iterator<Item = AccountId> + '_ {
		self.registrars.iter().filter(|one| one.holds_profile_key).map(|one| one.account)
	}

	/// The registrars who have a key, and wait to be given the current version.
	pub fn waiting(&self) -> impl Iterator<Item = AccountId> + '_ {
		self.registrars.iter().filter(|one| waits(one)).map(|one| one.account)
	}

	/// The registrars who have to publish a key of their own first.
	pub fn keyless(&self) -> impl Iterator<Item = AccountId> + '_ {
		self.registrars.iter().filter(|one| one.key.is_none()).map(|one| one.account)
	}
}

fn waits(registrar: &RegistrarInfo) -> bool {
	registrar.key.is_some() && !registrar.holds_profile_key
}

/// A published version of a profile key.
#[derive(Debug)]
pub struct Published {
	/// The call.
	pub done: Done,
	/// The hospital.
	pub hospital: HospitalId,
	/// The version.
	pub version: u32,
	/// Whether the version before can't be opened any more, because no registrar held it.
	pub begins_anew: bool,
	/// The registrars who received it.
	pub registrars: Vec<AccountId>,
	/// The registrars who did not, since they have no key of their own yet.
	pub keyless: Vec<AccountId>,
}

/// A version of a profile key that was given to more registrars.
#[derive(Debug)]
pub struct SharedProfileKey {
	/// The call.
	pub done: Done,
	/// The version.
	pub version: u32,
	/// The registrars who received it.
	pub registrars: Vec<AccountId>,
}

impl Client {
	/// The profile key of the hospital for which this account verifies people.
	pub async fn desk_key(&self) -> Result<DeskKey> {
		let at = self.chain().finalized().await?;
		let hospital = self.own_hospital().await?;
		let (info, registrars) =
			futures::try_join!(at.profile_key(hospital), at.registrars(hospital))?;
		let account = self.keys.account();
		let own = registrars.iter().find(|one| one.account == account);
		let is_held = own.is_some_and(|own| own.holds_profile_key);
		let has_own_key = own.is_some_and(|own| own.key.is_some());
		Ok(DeskKey { hospital, info, registrars, is_held, has_own_key })
	}

	/// The account's secrets of a hospital's profile key.
	pub(crate) async fn held_profile_secrets(
		&self,
		at: &At,
		hospital: HospitalId,
	) -> Result<Arc<ProfileSecrets>> {
		let held = at.held_profile_key(self.keys.account()).await?;
		let Some(held) = held.filter(|held| held.hospital == hospital) else {
			let why = match at.profile_key(hospital).await?.key {
				None => profiles::Error::NoHospitalKey.into(),
				Some(_) => Error::KeyNotHeld(hospital).into(),
			};
			return Err(why);
		};
		let this = self.version(hospital, held.version);
		let mut kept = self.profile_secrets.lock().await;
		if let Some(known) = &*kept
			&& known.held == held
		{
			return Ok(known.clone());
		}
		let versions = at.profile_key_versions(hospital).await?;
		let opened = Arc::new(ProfileSecrets::open(&self.keys, this, held, &versions)?);
		*kept = Some(opened.clone());
		Ok(opened)
	}

	/// Publishes the next version of the hospital's profile key, with a fresh secret, for all
	/// registrars who have keys of their own. Profiles written from then on are closed to accounts
	/// that have left.
	///
	/// # Errors
	///
	/// [`Error::KeyNotHeld`] if other registrars hold the present version and this account does not.
	pub async fn publish_profile_key(&self) -> Result<Published> {
		let mut attempt = 0;
		loop {
			let outcome = self.publish_once().await;
			attempt += 1;
			match outcome {
				Err(why) if attempt < ATTEMPTS && no_longer_fits(&why) => continue,
				outcome => return outcome,
			}
		}
	}

	async fn publish_once(&self) -> Result<Published> {
		let agreed = self.nodes.agreed().await?;
		let hospital = self.staffed_hospital(agreed.at()).await?;
		let (info, registrars) = agreed
			.read("the registrars' keys", |at| async move {
				Ok::<_, AnyError>((at.profile_key(hospital).await?, at.registrars(hospital).await?))
			})
			.await?;
		let before = info.key.as_ref().map_or(0, |key| key.version);
		let version = before.saturating_add(1);
		let this = self.version(hospital, version);
		let secret = ProfileSecret::generate();
		let previous = match info.holders {
			0 => None,
			_ => {
				let held = self.current_profile_secret(agreed.at(), hospital, &info).await?;
				Some(WrappedSecret(secret.wrap_previous(&this, &held)))
			},
		};
		let (keyed, keyless): (Vec<_>, Vec<_>) =
			registrars.into_iter().partition(|one| one.key.is_some());
		if keyed.is_empty() {
			return Err(Error::NoRegistrarKey(hospital).into());
		}
		let sealed = sealed_to(&keyed, this, &secret)?;
		let key = public(&secret.public_key());
		let call =
			Call::publish_profile_key(hospital, version, SUITE_X_WING, key, previous, sealed);
		Ok(Published {
			done: self.conclude(&call).await?,
			hospital,
			version,
			begins_anew: before > 0 && info.holders == 0,
			registrars: accounts(&keyed),
			keyless: accounts(&keyless),
		})
	}

	/// Gives the hospital's profile key to all registrars who have keys of their own and wait for
	/// it. Returns nothing if there is no such registrar.
	///
	/// # Errors
	///
	/// [`Error::KeyNotHeld`] if this account does not hold it, and [`Error::KeyWasOut`] if a
	/// registrar left in the same moment.
	pub async fn share_profile_key(&self) -> Result<Option<SharedProfileKey>> {
		let mut attempt = 0;
		loop {
			let outcome = self.share_once().await;
			attempt += 1;
			match outcome {
				// An account that left may have seen the sealed key in the block that reverted the
				// call.
				Err(why) if why.is_refusal("RegistrarUnexpected") => {
					let publication = self.publish_profile_key().await.err().map(Box::new);
					return Err(Error::KeyWasOut { why: Box::new(why), publication }.into());
				},
				Err(why) if attempt < ATTEMPTS && no_longer_fits(&why) => continue,
				outcome => return outcome,
			}
		}
	}

	async fn share_once(&self) -> Result<Option<SharedProfileKey>> {
		let hospital = self.own_hospital().await?;
		let agreed = self.nodes.agreed().await?;
		let (info, mut registrars) = agreed
			.read("the registrars' keys", |at| async move {
				Ok::<_, AnyError>((at.profile_key(hospital).await?, at.registrars(hospital).await?))
			})
			.await?;
		let secret = self.current_profile_secret(agreed.at(), hospital, &info).await?;
		registrars.retain(waits);
		if registrars.is_empty() {
			return Ok(None);
		}
		let version = info.key.as_ref().map_or(0, |key| key.version);
		let sealed = sealed_to(&registrars, self.version(hospital, version), &secret)?;
		let done = self.conclude(&Call::share_profile_key(version, sealed)).await?;
		Ok(Some(SharedProfileKey { done, version, registrars: accounts(&registrars) }))
	}

	/// The secret of the current version, which has to be that of the key in `info`.
	async fn current_profile_secret(
		&self,
		at: &At,
		hospital: HospitalId,
		info: &ProfileKeyInfo,
	) -> Result<ProfileSecret> {
		let opened = self.held_profile_secrets(at, hospital).await?;
		let version = opened.held.version;
		let published = info.key.as_ref().map(|key| (key.version, digest(&key.key)));
		match opened.secrets.first() {
			Some(secret) if published == Some((version, key_digest(&secret.public_key()))) => {
				Ok(secret.clone())
			},
			_ => Err(Error::KeyMismatch(hospital).into()),
		}
	}

	fn version(&self, hospital: HospitalId, version: u32) -> ProfileVersion {
		ProfileVersion { genesis: self.genesis(), hospital: hospital.0, version }
	}
}

/// The secret, sealed to each of these registrars.
fn sealed_to(
	registrars: &[RegistrarInfo],
	this: ProfileVersion,
	secret: &ProfileSecret,
) -> Result<Vec<KeyForRegistrar<AccountId>>> {
	let with_keys = registrars.iter().filter_map(|one| Some((one.account, one.key.as_ref()?)));
	with_keys
		.map(|(registrar, own)| {
			let to = check_public_key(&own.key)?;
			let context = SealContext::profile_key(this, registrar.0, own.version);
			let key = sealed_key(seal(&to, &context, secret.expose())?);
			Ok(KeyForRegistrar { registrar, key_version: own.version, key })
		})
		.collect()
}

fn accounts(registrars: &[RegistrarInfo]) -> Vec<AccountId> {
	registrars.iter().map(|one| one.account).collect()
}

fn digest(key: &PublicKey) -> [u8; 32] {
	Sha256::digest(key).into()
}

/// Whether registrars or versions changed between reading them and executing the call. Another
/// attempt may then succeed.
fn no_longer_fits(why: &AnyError) -> bool {
	[
		"StaleVersion",
		"InvalidPrevious",
		"RegistrarMissing",
		"RegistrarUnexpected",
		"KeyChanged",
		"KeyAlreadyHeld",
	]
	.iter()
	.any(|name| why.is_refusal(name))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;

	fn place(version: u32) -> ProfileVersion {
		ProfileVersion { genesis: [1; 32], hospital: 7, version }
	}

	fn secret(version: u32) -> ProfileSecret {
		ProfileSecret::from_bytes([version as u8; 32])
	}

	/// Versions 1 to `last`, of which those in `broken` wrap nothing.
	fn versions(last: u32, broken: &[u32]) -> Vec<(u32, ProfileKeyVersion)> {
		let link = |version: u32| {
			let wraps = version > 1 && !broken.contains(&version);
			let previous = wraps.then(|| {
				WrappedSecret(secret(version).wrap_previous(&place(version), &secret(version - 1)))
			});
			(
				version,
				ProfileKeyVersion {
					key_digest: key_digest(&secret(version).public_key()),
					previous,
				},
			)
		};
		(1..=last).map(link).collect()
	}

	fn opened(
		given: &ProfileSecret,
		current: u32,
		versions: &[(u32, ProfileKeyVersion)],
	) -> Result<Vec<[u8; 32]>> {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let own = keys.registrar_identity(1).unwrap();
		let context = SealContext::profile_key(place(current), keys.account().0, 1);
		let key = sealed_key(seal(&own.public_key(), &context, given.expose()).unwrap());
		let hospital = HospitalId(7);
		let held = HeldProfileKey { hospital, version: current, key_version: 1, key };
		let held = ProfileSecrets::open(&keys, place(current), held, versions)?;
		assert_eq!(held.identities().len(), held.secrets.len());
		Ok(held.secrets.iter().map(|secret| *secret.expose()).collect())
	}

	#[test]
	fn one_sealed_secret_opens_all_versions() {
		let all = opened(&secret(3), 3, &versions(3, &[])).unwrap();
		assert_eq!(all, [3, 2, 1].map(|version| [version; 32]));
	}

	#[test]
	fn versions_after_a_break_open() {
		let all = opened(&secret(4), 4, &versions(4, &[3])).unwrap();
		assert_eq!(all, [4, 3].map(|version| [version; 32]));
		let mut spoiled = versions(3, &[]);
		spoiled[1].1.previous = Some(WrappedSecret([0; 60]));
		assert_eq!(opened(&secret(3), 3, &spoiled).unwrap(), [[3; 32], [2; 32]]);
	}

	#[test]
	fn secret_of_another_key_is_refused() {
		let refused = opened(&secret(2), 3, &versions(3, &[]));
		assert!(matches!(refused, Err(AnyError::ProfileKey(Error::KeyMismatch(HospitalId(7))))));
		assert!(opened(&secret(3), 4, &versions(3, &[])).is_err());
	}
}
