//! A hospital's profile key: publishing versions, giving them to registrars, and opening what was
//! given.
//!
//! The secret is random, and belongs to no person. The publisher seals it to each registrar's own
//! key, and wraps the version before under it, so that one sealed secret opens every profile.

mod giving;

use crate::{
	Error as AnyError, Keys, Result,
	chain::{AccountId, At, RegistrarInfo},
	client::{Client, Done},
	profiles,
};
use medblock_crypto::{Identity, ProfileSecret, ProfileVersion, SealContext, key_digest, unseal};
use medblock_primitives::*;
use pallet_consortium_runtime_api::{HeldProfileKey, ProfileKeyInfo};
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
	/// An account would receive the key that the caller did not name.
	#[error(
		"the registrar {0} would receive the profile key too, and was not among those who were shown: \
		nothing was sent"
	)]
	NotShown(AccountId),
	/// The key of a registrar is new to this client, and only one node tells it.
	#[error(
		"only one node tells the own key of the registrar {0}, and this client has not sealed to it \
		before: nothing was sent"
	)]
	KeyUnwitnessed(AccountId),
	/// A call that carried the profile key was sent, and did not succeed.
	#[error("{why}; {}", aftermath(.renewal))]
	KeyWasOut {
		/// The reason for the failure.
		why: Box<AnyError>,
		/// What became of the profile key.
		renewal: Renewal,
	},
}

/// Whether a hospital received a new version of its profile key, after a call had told the current
/// one's secret to accounts that the chain does not count as its holders.
#[derive(Debug)]
pub enum Renewal {
	/// It did.
	Published,
	/// It did not, for this reason.
	Failed(Box<AnyError>),
	/// Nothing was tried: all recipients still work for the hospital, with the same keys.
	Due,
}

/// The state of a hospital after a call that told its profile key, and did not succeed.
fn aftermath(renewal: &Renewal) -> String {
	match renewal {
		Renewal::Published => "since the call had told the profile key to an account that is no \
			registrar any more, or has another key, the hospital was given a new version"
			.to_owned(),
		Renewal::Failed(why) => format!(
			"the call had told the profile key to accounts that do not count as its holders, so the \
			hospital needs a new version, and has none yet ({why})"
		),
		Renewal::Due => {
			"the call had told the profile key to accounts that do not count as its holders, \
			so the hospital needs a new version"
				.to_owned()
		},
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
		// A registrar can publish a version that no other can open.
		let given =
			unseal(&own, &context, &held.key.0).map_err(|_| Error::KeyMismatch(held.hospital))?;
		let mut secret = ProfileSecret::from_bytes(*given);
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

	/// The identity of one version, if it is known.
	pub(crate) fn identity(&self, version: u32) -> Option<Identity> {
		let place = usize::try_from(self.held.version.checked_sub(version)?).ok()?;
		self.secrets.get(place).map(ProfileSecret::identity)
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

	fn version(&self, hospital: HospitalId, version: u32) -> ProfileVersion {
		ProfileVersion { genesis: self.genesis(), hospital: hospital.0, version }
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::rotation::sealed_key;
	use medblock_crypto::{Mnemonic, seal};

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

	/// Guardians' shares name the version that they are sealed to.
	#[test]
	fn each_version_has_its_identity() {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let own = keys.registrar_identity(1).unwrap();
		let context = SealContext::profile_key(place(3), keys.account().0, 1);
		let key = sealed_key(seal(&own.public_key(), &context, secret(3).expose()).unwrap());
		let held = HeldProfileKey { hospital: HospitalId(7), version: 3, key_version: 1, key };
		let held = ProfileSecrets::open(&keys, place(3), held, &versions(3, &[])).unwrap();
		for version in 1..=3 {
			let identity = held.identity(version).unwrap();
			assert_eq!(identity.public_key(), secret(version).public_key());
		}
		assert!(held.identity(0).is_none() && held.identity(4).is_none());
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

	#[test]
	fn garbage_is_told_from_other_failures() {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let key = SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
		let held = HeldProfileKey { hospital: HospitalId(7), version: 1, key_version: 1, key };
		let refused = ProfileSecrets::open(&keys, place(1), held, &versions(1, &[]));
		assert!(matches!(refused, Err(AnyError::ProfileKey(Error::KeyMismatch(HospitalId(7))))));
	}
}
