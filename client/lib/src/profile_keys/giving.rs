//! Publishing versions of a hospital's profile key, and giving the key to registrars.
//!
//! The key goes to accounts that the caller names, because a person has looked at them: a stolen
//! controller's account can make any account a registrar.

use super::{Error, ProfileSecrets, Published, Renewal, SharedProfileKey, waits};
use crate::{
	Error as AnyError, Result,
	chain::{self, AccountId, Agreed, At, Call, RegistrarInfo},
	client::{Client, Done},
	overtaken::ATTEMPTS,
	rotation::{public, sealed_key},
};
use medblock_crypto::{
	ProfileSecret, ProfileVersion, PublicKey as CryptoKey, SealContext, check_public_key,
	key_digest, seal,
};
use medblock_primitives::*;
use pallet_consortium_runtime_api::ProfileKeyInfo;
use sha2::{Digest, Sha256};

/// A call that carries a profile key's secret, and what it was made for.
struct Giving {
	call: Call,
	hospital: HospitalId,
	version: u32,
	/// The accounts that the call carries the secret to, with the versions of their own keys.
	recipients: Vec<(AccountId, u32)>,
	/// All registrars with keys of their own.
	keyed: Vec<AccountId>,
	/// The registrars without.
	keyless: Vec<AccountId>,
	/// Whether a recipient can open the version that was current before the call.
	opens_current: bool,
}

impl Giving {
	fn to(&self) -> Vec<AccountId> {
		self.recipients.iter().map(|one| one.0).collect()
	}

	fn published(self, done: Done) -> Published {
		Published {
			done,
			hospital: self.hospital,
			version: self.version,
			begins_anew: self.version > 1 && !self.opens_current,
			registrars: self.to(),
			keyless: self.keyless,
		}
	}
}

/// A registrar's own key, which may be sealed to.
struct Recipient {
	account: AccountId,
	version: u32,
	key: CryptoKey,
}

impl Client {
	/// The registrars who have keys of their own, by this client's first node. A publication of the
	/// profile key reaches all of them, and a sharing those who don't hold it yet.
	pub async fn profile_key_recipients(&self) -> Result<Vec<RegistrarInfo>> {
		let at = self.chain().finalized().await?;
		let hospital = self.staffed_hospital(&at).await?;
		let mut registrars = at.registrars(hospital).await?;
		registrars.retain(|one| one.key.is_some());
		Ok(registrars)
	}

	/// Publishes the next version of the hospital's profile key, with a fresh secret, for all
	/// registrars who have keys of their own. `shown` are the accounts that may receive it. Profiles
	/// written from then on are closed to accounts that have left.
	///
	/// # Errors
	///
	/// [`Error::KeyNotHeld`] if other registrars hold the present version and this account does not,
	/// [`Error::NotShown`] if an account would receive it that is not among `shown`, and
	/// [`Error::KeyWasOut`] if the call was sent, and did not succeed.
	pub async fn publish_profile_key(&self, shown: &[AccountId]) -> Result<Published> {
		let mut attempt = 0;
		// The failure of an attempt whose call may have told the current version's secret.
		let mut out = None;
		loop {
			let giving = match self.publication(shown).await {
				Ok(giving) => giving,
				Err(why) => return Err(with_aftermath(out, why)),
			};
			let why = match self.conclude(&giving.call).await {
				Ok(done) => return Ok(giving.published(done)),
				Err(why) => why,
			};
			attempt += 1;
			// An account that left may have seen the secret in the block that reverted the call.
			let has_stray = self.has_stray(&giving).await.unwrap_or(false);
			let again = attempt < ATTEMPTS && (has_stray || no_longer_fits(&why));
			let is_out = giving.opens_current && (has_stray || may_be_in_a_block(&why));
			match (again, is_out) {
				(true, true) => out = Some(why),
				(true, false) => (),
				(false, true) => return Err(was_out(why, Renewal::Due)),
				(false, false) => return Err(with_aftermath(out, why)),
			}
		}
	}

	/// Gives the hospital's profile key to the registrars who have keys of their own and wait for it.
	/// `shown` are the accounts that may receive it. Returns nothing if no registrar waits.
	///
	/// # Errors
	///
	/// [`Error::KeyNotHeld`] if this account does not hold it, [`Error::NotShown`] if an account waits
	/// that is not among `shown`, and [`Error::KeyWasOut`] if the call was sent, and did not succeed.
	pub async fn share_profile_key(&self, shown: &[AccountId]) -> Result<Option<SharedProfileKey>> {
		let mut attempt = 0;
		// The failure of an attempt whose call may have told the secret.
		let mut out = None;
		loop {
			let giving = match self.sharing(shown).await {
				Ok(Some(giving)) => giving,
				// All recipients hold it by now.
				Ok(None) => return Ok(None),
				Err(why) => return Err(with_aftermath(out, why)),
			};
			let why = match self.conclude(&giving.call).await {
				Ok(done) => {
					let (version, registrars) = (giving.version, giving.to());
					return Ok(Some(SharedProfileKey { done, version, registrars }));
				},
				Err(why) => why,
			};
			attempt += 1;
			let is_out = may_be_in_a_block(&why);
			match self.has_stray(&giving).await {
				// An account that left may have seen the secret in the block that reverted the call.
				Ok(true) => {
					let renewal = match self.publish_profile_key(&giving.keyed).await {
						Ok(_) => Renewal::Published,
						Err(why) => Renewal::Failed(why.into()),
					};
					return Err(was_out(why, renewal));
				},
				Ok(false) if attempt < ATTEMPTS && no_longer_fits(&why) => out = Some(why),
				Ok(false) if is_out => return Err(was_out(why, Renewal::Due)),
				Err(reading) if is_out => {
					return Err(was_out(why, Renewal::Failed(reading.into())));
				},
				Ok(false) | Err(_) => return Err(with_aftermath(out, why)),
			}
		}
	}

	/// The call that publishes the next version.
	async fn publication(&self, shown: &[AccountId]) -> Result<Giving> {
		let agreed = self.nodes.agreed().await?;
		let hospital = self.staffed_hospital(agreed.at()).await?;
		let (info, registrars, versions) = agreed
			.read("the registrars' keys", |at| async move {
				Ok::<_, AnyError>((
					at.profile_key(hospital).await?,
					at.registrars(hospital).await?,
					at.profile_key_versions(hospital).await?,
				))
			})
			.await?;
		// A hospital that was expelled has no current version, and its numbers go on.
		let version = versions.last().map_or(0, |one| one.0).saturating_add(1);
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
		ensure_shown(&keyed, shown)?;
		let recipients = self.recipients(&agreed, &keyed).await?;
		let opens_current = previous.is_some();
		let sealed = sealed_to(&recipients, this, &secret)?;
		let key = public(&secret.public_key());
		let call =
			Call::publish_profile_key(hospital, version, SUITE_X_WING, key, previous, sealed);
		Ok(Giving {
			call,
			hospital,
			version,
			recipients: recipients.iter().map(|one| (one.account, one.version)).collect(),
			keyed: accounts(&keyed),
			keyless: accounts(&keyless),
			opens_current,
		})
	}

	/// The call that gives the current version to those who wait for it; none if there are none.
	async fn sharing(&self, shown: &[AccountId]) -> Result<Option<Giving>> {
		let hospital = self.own_hospital().await?;
		let agreed = self.nodes.agreed().await?;
		let (info, registrars) = agreed
			.read("the registrars' keys", |at| async move {
				Ok::<_, AnyError>((at.profile_key(hospital).await?, at.registrars(hospital).await?))
			})
			.await?;
		let secret = self.current_profile_secret(agreed.at(), hospital, &info).await?;
		let (keyed, keyless): (Vec<_>, Vec<_>) =
			registrars.into_iter().partition(|one| one.key.is_some());
		let waiting: Vec<_> = keyed.iter().filter(|one| waits(one)).cloned().collect();
		if waiting.is_empty() {
			return Ok(None);
		}
		ensure_shown(&waiting, shown)?;
		let recipients = self.recipients(&agreed, &waiting).await?;
		let version = info.key.as_ref().map_or(0, |key| key.version);
		let sealed = sealed_to(&recipients, self.version(hospital, version), &secret)?;
		Ok(Some(Giving {
			call: Call::share_profile_key(version, sealed),
			hospital,
			version,
			recipients: recipients.iter().map(|one| (one.account, one.version)).collect(),
			keyed: accounts(&keyed),
			keyless: accounts(&keyless),
			opens_current: true,
		}))
	}

	/// The own keys of these registrars, if each may be sealed to: it is the same on two nodes, and the
	/// same as before. With one node only, it has to be known from before.
	async fn recipients(
		&self,
		agreed: &Agreed,
		registrars: &[RegistrarInfo],
	) -> Result<Vec<Recipient>> {
		let mut recipients = Vec::new();
		for RegistrarInfo { account, key, .. } in registrars {
			let Some(own) = key else { continue };
			let key = check_public_key(&own.key)?;
			let digest = key_digest(&key);
			if !self.is_own_key(*account, own.version, digest) {
				let mut pins = self.pins.lock().await;
				let genesis = self.genesis();
				if !agreed.is_of_two() && !pins.knows(genesis, *account, own.version) {
					return Err(Error::KeyUnwitnessed(*account).into());
				}
				pins.keep(genesis, *account, own.version, digest).await?;
			}
			recipients.push(Recipient { account: *account, version: own.version, key });
		}
		Ok(recipients)
	}

	/// Whether this account's secret gives the key.
	fn is_own_key(&self, account: AccountId, version: u32, digest: [u8; 32]) -> bool {
		if account != self.keys.account() {
			return false;
		}
		let own = self.keys.registrar_identity(version).map(|own| own.public_key());
		own.is_ok_and(|own| key_digest(&own) == digest)
	}

	/// Whether a recipient is no registrar any more, or has another own key.
	async fn has_stray(&self, giving: &Giving) -> Result<bool> {
		let hospital = giving.hospital;
		let agreed = self.nodes.agreed().await?;
		let registrars = agreed
			.read("the registrars' keys", |at| async move {
				Ok::<_, AnyError>(at.registrars(hospital).await?)
			})
			.await?;
		Ok(has_stray(&giving.recipients, &registrars))
	}

	/// The secret of the current version, which has to be that of the key in `info`.
	async fn current_profile_secret(
		&self,
		at: &At,
		hospital: HospitalId,
		info: &ProfileKeyInfo,
	) -> Result<ProfileSecret> {
		let opened = self.held_profile_secrets(at, hospital).await?;
		let ProfileSecrets { held, secrets } = &*opened;
		let digest = |key: &EncryptionKey| -> [u8; 32] { Sha256::digest(&key.key).into() };
		let published = info.key.as_ref().map(|key| (key.version, digest(key)));
		match secrets.first() {
			Some(secret) if published == Some((held.version, key_digest(&secret.public_key()))) => {
				Ok(secret.clone())
			},
			_ => Err(Error::KeyMismatch(hospital).into()),
		}
	}
}

/// Fails if one of the registrars is not among the accounts that a person has looked at.
fn ensure_shown(registrars: &[RegistrarInfo], shown: &[AccountId]) -> Result<()> {
	match registrars.iter().find(|one| !shown.contains(&one.account)) {
		Some(other) => Err(Error::NotShown(other.account).into()),
		None => Ok(()),
	}
}

/// The secret, sealed to each of these registrars.
fn sealed_to(
	recipients: &[Recipient],
	this: ProfileVersion,
	secret: &ProfileSecret,
) -> Result<Vec<KeyForRegistrar<AccountId>>> {
	let one = |to: &Recipient| -> Result<_> {
		let context = SealContext::profile_key(this, to.account.0, to.version);
		let key = sealed_key(seal(&to.key, &context, secret.expose())?);
		Ok(KeyForRegistrar { registrar: to.account, key_version: to.version, key })
	};
	recipients.iter().map(one).collect()
}

fn has_stray(recipients: &[(AccountId, u32)], registrars: &[RegistrarInfo]) -> bool {
	let is_reached = |(account, version): &(AccountId, u32)| {
		let mut keyed = registrars.iter().filter(|one| one.account == *account);
		keyed.any(|one| one.key.as_ref().is_some_and(|own| own.version == *version))
	};
	!recipients.iter().all(is_reached)
}

fn accounts(registrars: &[RegistrarInfo]) -> Vec<AccountId> {
	registrars.iter().map(|one| one.account).collect()
}

/// Whether a block contains the call, or may contain it. Blocks keep failed calls with all that they
/// carry.
fn may_be_in_a_block(why: &AnyError) -> bool {
	matches!(
		why,
		AnyError::Chain(
			chain::Error::Refused(_)
				| chain::Error::Expired
				| chain::Error::Unsettled { .. }
				| chain::Error::Stalled(_)
		)
	)
}

fn was_out(why: AnyError, renewal: Renewal) -> AnyError {
	Error::KeyWasOut { why: why.into(), renewal }.into()
}

/// The error, after an attempt that may have told the secret, if there was one.
fn with_aftermath(out: Option<AnyError>, why: AnyError) -> AnyError {
	match out {
		Some(first) => was_out(first, Renewal::Failed(why.into())),
		None => why,
	}
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

	fn registrar(number: u8, key_version: u32) -> RegistrarInfo {
		let key = PublicKey::truncate_from(vec![1; 1_216]);
		let key = EncryptionKey::new(SUITE_X_WING, key, key_version).ok();
		RegistrarInfo { account: AccountId::from([number; 32]), key, holds_profile_key: false }
	}

	#[test]
	fn only_accounts_that_were_shown_receive_the_key() {
		let both = [registrar(1, 1), registrar(2, 1)];
		let shown = accounts(&both);
		ensure_shown(&both, &shown).unwrap();
		// One of them has left since.
		ensure_shown(&both[..1], &shown).unwrap();
		let refused = ensure_shown(&both, &shown[..1]).unwrap_err();
		let other = both[1].account;
		assert!(
			matches!(refused, AnyError::ProfileKey(Error::NotShown(one)) if one == other),
			"{refused}"
		);
	}

	#[test]
	fn recipient_who_left_or_has_another_key_is_a_stray() {
		let sent = [(registrar(1, 1).account, 1), (registrar(2, 1).account, 1)];
		assert!(!has_stray(&sent, &[registrar(1, 1), registrar(2, 1), registrar(3, 1)]));
		assert!(has_stray(&sent, &[registrar(1, 1)]));
		assert!(has_stray(&sent, &[registrar(1, 1), registrar(2, 2)]));
		let keyless = RegistrarInfo { key: None, ..registrar(2, 1) };
		assert!(has_stray(&sent, &[registrar(1, 1), keyless]));
	}

	#[test]
	fn call_that_may_be_in_a_block_may_have_told_the_secret() {
		let unsettled = chain::Error::Unsettled { url: String::new(), why: String::new() };
		for why in [chain::Error::Expired, chain::Error::Stalled(9), unsettled] {
			assert!(may_be_in_a_block(&why.into()));
		}
		for why in [chain::Error::OneNode, chain::Error::TooManyNewcomers] {
			assert!(!may_be_in_a_block(&why.into()));
		}
		let first = Some(chain::Error::Expired.into());
		let told = with_aftermath(first, chain::Error::OneNode.into());
		let expected = "needs a new version, and has none yet (a second hospital's node";
		assert!(told.to_string().contains(expected), "{told}");
	}
}
