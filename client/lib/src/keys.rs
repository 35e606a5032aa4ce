//! The keys with which an account signs and opens.

use crate::{
	Result,
	chain::{AccountId, LIFETIME, NotSigned, Signer as Signs, Unsigned},
};
use futures::{
	FutureExt,
	future::{BoxFuture, ready},
};
use medblock_crypto::{Challenge, Identity, Root, SealContext, Seed, unseal};
use std::{
	iter,
	sync::{PoisonError, RwLock},
};
use subxt_signer::sr25519::{Keypair, PublicKey, Signature, verify};
use zeroize::Zeroizing;

/// The reason why an account's keys can't be used for something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The key is in a wallet, which has to sign.
	#[error("this account's key is in a wallet")]
	InWallet,
	/// The wallet, or its owner, did not sign.
	#[error(transparent)]
	NotSigned(#[from] NotSigned),
	/// The account has no encryption secret here.
	#[error("this account has no secret words here, so it can neither encrypt nor open anything")]
	NoSecret,
}

/// The number of blocks within which a transaction that a wallet signs can be included: with a block a second,
/// some eight minutes, in which its owner finds the wallet and reads what it shows.
const WALLET_LIFETIME: u64 = 512;

/// A wallet that holds the account's key elsewhere, and signs what it is shown.
///
/// Whatever it answers is checked: a signature that is not the account's, or is of something else, is an error.
pub trait Wallet: Send + Sync {
	/// The sr25519 signature (context `substrate`) of `text` inside `<Bytes>` and `</Bytes>`.
	/// Wallets put these around anything that is not a transaction.
	fn sign<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<[u8; 64]>>;

	/// Whether it can be asked to sign transactions.
	fn signs_transactions(&self) -> bool {
		false
	}

	/// The sr25519 signature (context `substrate`) of a transaction's payload.
	fn sign_transaction<'a>(
		&'a self,
		_: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
		ready(Err(NotSigned(Error::InWallet.to_string()))).boxed()
	}
}

/// An account's keys: the key for signing, and the secret that opens everything encrypted. Both
/// come from the same words, or from different ones if the account lives in a wallet.
pub struct Keys {
	account: AccountId,
	signer: Signer,
	seed: Option<Seed>,
	/// The seed of the words that were replaced by the present ones.
	former: Option<Seed>,
	/// A doctor's former encryption keys, each with its version, that guardians have given back.
	recovered: RwLock<Vec<(u32, Identity)>>,
}

enum Signer {
	Here(Box<Keypair>),
	Wallet(Box<dyn Wallet>),
}

impl Keys {
	/// Account and secret from the same seed. Any Substrate wallet makes the same account of the
	/// same words.
	pub fn from_seed(seed: Seed) -> Result<Self> {
		let signer = Keypair::from_secret_key(*seed.account())
			.map_err(|_| crate::Error::BadValue { what: "the seed", problem: "gives no key" })?;
		Ok(Self::new(signer, Some(seed)))
	}

	/// An account's key, and the seed for encryption, if there is one.
	pub fn new(signer: Keypair, seed: Option<Seed>) -> Self {
		let account = AccountId::from(signer.public_key().0);
		Self {
			account,
			signer: Signer::Here(Box::new(signer)),
			seed,
			former: None,
			recovered: RwLock::default(),
		}
	}

	/// An account whose key is in a wallet.
	pub fn in_wallet(account: AccountId, wallet: Box<dyn Wallet>, seed: Option<Seed>) -> Self {
		Self {
			account,
			signer: Signer::Wallet(wallet),
			seed,
			former: None,
			recovered: RwLock::default(),
		}
	}

	/// With the words that these keys replace as well. They open what the present words do not open yet;
	/// nothing new is made from them.
	pub fn with_former(mut self, former: Seed) -> Self {
		self.former = Some(former);
		self
	}

	/// The account.
	pub fn account(&self) -> AccountId {
		self.account
	}

	/// The key for signing transactions, unless it is in a wallet.
	pub fn signer(&self) -> Result<&Keypair> {
		match &self.signer {
			Signer::Here(signer) => Ok(signer),
			Signer::Wallet(_) => Err(Error::InWallet.into()),
		}
	}

	/// Whether the account's key is in a wallet, whose owner is asked for each signature.
	pub fn are_in_wallet(&self) -> bool {
		matches!(self.signer, Signer::Wallet(_))
	}

	/// Fails unless the account's transactions can be signed from here.
	pub(crate) fn ensure_signs(&self) -> Result<()> {
		match &self.signer {
			Signer::Wallet(wallet) if !wallet.signs_transactions() => Err(Error::InWallet.into()),
			Signer::Here(_) | Signer::Wallet(_) => Ok(()),
		}
	}

	/// Signs a vault's sign-in challenge.
	pub(crate) async fn sign_in(&self, challenge: &Challenge) -> Result<[u8; 64]> {
		let text = challenge.text();
		let bytes = Challenge::signed_bytes(&text);
		match &self.signer {
			Signer::Here(signer) => {
				let Signature(signature) = signer.sign(&bytes);
				Ok(signature)
			},
			Signer::Wallet(wallet) => {
				let signature = wallet.sign(&text).await?;
				Ok(self.checked(signature, &bytes).map_err(Error::NotSigned)?)
			},
		}
	}

	/// The signature of a wallet, if it is this account's and of these bytes.
	fn checked(&self, signature: [u8; 64], bytes: &[u8]) -> Result<[u8; 64], NotSigned> {
		if verify(&Signature(signature), bytes, &PublicKey(self.account.0)) {
			return Ok(signature);
		}
		Err(NotSigned("the wallet's signature is another account's, or of something else".into()))
	}

	/// Signs a message that is already inside `<Bytes>` and `</Bytes>`.
	pub(crate) fn sign_wrapped(&self, message: &[u8]) -> Result<[u8; 64]> {
		debug_assert!(message.starts_with(b"<Bytes>"));
		let Signature(bytes) = self.signer()?.sign(message);
		Ok(bytes)
	}

	/// The root from which a patient's epoch secrets are derived.
	pub fn root(&self) -> Result<Root> {
		Ok(self.seed()?.root())
	}

	/// The roots from which a patient's epoch secrets may come, the present one first.
	pub(crate) fn roots(&self) -> Result<Vec<Root>> {
		Ok(iter::once(self.seed()?).chain(&self.former).map(Seed::root).collect())
	}

	/// Opens what was sealed to a version of the doctor's encryption key: with the present words, with the former ones, or
	/// with a key that guardians have given back.
	pub(crate) fn unseal(
		&self,
		version: u32,
		context: &SealContext,
		sealed: &[u8],
	) -> Result<Zeroizing<[u8; 32]>> {
		let mut refused = None;
		for identity in self.identities(version)? {
			match unseal(&identity, context, sealed) {
				Ok(secret) => return Ok(secret),
				Err(why) => refused = Some(why),
			}
		}
		Err(refused.map_or(Error::NoSecret.into(), Into::into))
	}

	/// The encryption keys that a doctor may have had under a version, that of the present words first.
	pub(crate) fn identities(&self, version: u32) -> Result<Vec<Identity>> {
		let seeds = iter::once(self.seed()?).chain(&self.former);
		let recovered = self.recovered.read().unwrap_or_else(PoisonError::into_inner);
		let recovered = recovered.iter().filter(|one| one.0 == version).map(|one| one.1.clone());
		Ok(seeds.map(|seed| seed.encryption_identity(version)).chain(recovered).collect())
	}

	/// Opens with these former encryption keys, too, each of its version.
	pub(crate) fn recover(&self, keys: Vec<(u32, Identity)>) {
		self.recovered.write().unwrap_or_else(PoisonError::into_inner).extend(keys);
	}

	/// A doctor's encryption key, by its version.
	pub fn identity(&self, version: u32) -> Result<Identity> {
		Ok(self.seed()?.encryption_identity(version))
	}

	/// The key with which a patient acts for others, by its number among those of the present words.
	pub fn acting_identity(&self, number: u32) -> Result<Identity> {
		Ok(self.seed()?.acting_identity(number))
	}

	/// The keys for acting for others that a patient may have published with one number, that of the present words
	/// first.
	pub(crate) fn acting_identities(&self, number: u32) -> Result<Vec<Identity>> {
		let seeds = iter::once(self.seed()?).chain(&self.former);
		Ok(seeds.map(|seed| seed.acting_identity(number)).collect())
	}

	/// The key of this device to which guardians seal their shares of what opens another account's data.
	pub fn recovery_identity(&self) -> Result<Identity> {
		Ok(self.seed()?.recovery_identity())
	}

	/// A registrar's own key, by its version.
	pub fn registrar_identity(&self, version: u32) -> Result<Identity> {
		Ok(self.seed()?.registrar_identity(version))
	}

	fn seed(&self) -> Result<&Seed> {
		Ok(self.seed.as_ref().ok_or(Error::NoSecret)?)
	}
}

impl std::fmt::Debug for Keys {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		write!(formatter, "Keys({})", self.account)
	}
}

impl Signs for Keys {
	fn account(&self) -> AccountId {
		self.account
	}

	fn lifetime(&self) -> u64 {
		match &self.signer {
			Signer::Here(_) => LIFETIME,
			Signer::Wallet(_) => WALLET_LIFETIME,
		}
	}

	fn sign_transaction<'a>(
		&'a self,
		transaction: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
		match &self.signer {
			Signer::Here(signer) => signer.sign_transaction(transaction),
			Signer::Wallet(wallet) => async move {
				let signature = wallet.sign_transaction(transaction).await?;
				self.checked(signature, &transaction.payload)
			}
			.boxed(),
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use subxt::utils::H256;
	use subxt_signer::sr25519::dev;

	/// A wallet that signs other bytes than it is shown, if they are given.
	struct Shown(Option<Vec<u8>>);

	impl Shown {
		fn sign_bytes(&self, bytes: &[u8]) -> [u8; 64] {
			dev::alice().sign(self.0.as_deref().unwrap_or(bytes)).0
		}
	}

	impl Wallet for Shown {
		fn sign<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<[u8; 64]>> {
			ready(Ok(self.sign_bytes(&Challenge::signed_bytes(text)))).boxed()
		}

		fn signs_transactions(&self) -> bool {
			true
		}

		fn sign_transaction<'a>(
			&'a self,
			transaction: &'a Unsigned,
		) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
			ready(Ok(self.sign_bytes(&transaction.payload))).boxed()
		}
	}

	/// A wallet for sign-ins only.
	struct Texts;

	impl Wallet for Texts {
		fn sign<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<[u8; 64]>> {
			let declined = Error::NotSigned(NotSigned("declined".into()));
			ready(Err(crate::Error::Keys(declined))).boxed()
		}
	}

	fn keys(wallet: impl Wallet + 'static, owner: &Keypair) -> Keys {
		Keys::in_wallet(AccountId::from(owner.public_key().0), Box::new(wallet), None)
	}

	fn transaction() -> Unsigned {
		Unsigned {
			account: AccountId::from(dev::alice().public_key().0),
			name: "MedicalRecords.revoke_access".into(),
			call: vec![1],
			payload: vec![2; 64],
			nonce: 0,
			lifetime: WALLET_LIFETIME,
			number: 1,
			block: H256([3; 32]),
			genesis: H256([4; 32]),
			spec_version: 1,
			transaction_version: 1,
			extensions: Vec::new(),
		}
	}

	fn challenge() -> Challenge {
		Challenge {
			domain: "vault.example".into(),
			account: AccountId::from(dev::alice().public_key().0).to_string(),
			genesis: [4; 32],
			nonce: "0f".repeat(16),
			issued: 1_795_442_700,
			expires: 1_795_442_820,
			session_key: None,
		}
	}

	#[test]
	fn wallets_signature_counts_if_it_is_the_accounts_and_of_what_was_shown() {
		let signed = |keys: Keys| keys.sign_transaction(&transaction()).now_or_never().unwrap();
		assert!(signed(keys(Shown(None), &dev::alice())).is_ok());
		assert!(signed(keys(Shown(Some(vec![9; 64])), &dev::alice())).is_err());
		assert!(signed(keys(Shown(None), &dev::bob())).is_err());
	}

	#[test]
	fn wallets_sign_in_counts_if_it_is_the_accounts_and_of_what_was_shown() {
		let signed = |keys: Keys| keys.sign_in(&challenge()).now_or_never().unwrap();
		assert!(signed(keys(Shown(None), &dev::alice())).is_ok());
		for keys in [keys(Shown(Some(vec![9; 64])), &dev::alice()), keys(Shown(None), &dev::bob())]
		{
			let refused = signed(keys).unwrap_err();
			assert!(matches!(refused, crate::Error::Keys(Error::NotSigned(_))), "{refused}");
		}
	}

	#[test]
	fn wallet_that_is_not_asked_for_transactions_says_so_before_anything_is_sent() {
		let refused = keys(Texts, &dev::alice()).ensure_signs().unwrap_err();
		assert!(matches!(refused, crate::Error::Keys(Error::InWallet)), "{refused}");
		keys(Shown(None), &dev::alice()).ensure_signs().unwrap();
	}
}
