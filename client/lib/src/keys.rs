//! The keys with which an account signs and opens.

use crate::{Result, chain::AccountId};
use medblock_crypto::{Challenge, Identity, Root, Seed};
use subxt_signer::sr25519::{Keypair, Signature};

/// The reason why an account's keys can't be used for something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The key is in a wallet, which has to sign.
	#[error("this account's key is in a wallet")]
	InWallet,
	/// The account has no encryption secret here.
	#[error("this account has no secret words here, so it can neither encrypt nor open anything")]
	NoSecret,
}

/// A wallet that holds the account's key elsewhere, and signs the text that it is shown.
pub trait Wallet: Send + Sync {
	/// The sr25519 signature (context `substrate`) of `text` inside `<Bytes>` and `</Bytes>`.
	/// Wallets put these around anything that is not a transaction.
	fn sign(&self, text: &str) -> Result<[u8; 64]>;
}

/// An account's keys: the key for signing, and the secret that opens everything encrypted. Both
/// come from the same words, or from different ones if the account lives in a wallet.
pub struct Keys {
	account: AccountId,
	signer: Signer,
	seed: Option<Seed>,
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
		Self { account, signer: Signer::Here(Box::new(signer)), seed }
	}

	/// An account whose key is in a wallet.
	pub fn in_wallet(account: AccountId, wallet: Box<dyn Wallet>, seed: Option<Seed>) -> Self {
		Self { account, signer: Signer::Wallet(wallet), seed }
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

	/// Signs a vault's sign-in challenge.
	pub(crate) fn sign_in(&self, challenge: &Challenge) -> Result<[u8; 64]> {
		let text = challenge.text();
		match &self.signer {
			Signer::Here(signer) => {
				let Signature(bytes) = signer.sign(&Challenge::signed_bytes(&text));
				Ok(bytes)
			},
			Signer::Wallet(wallet) => wallet.sign(&text),
		}
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

	/// A doctor's encryption key, by its version.
	pub fn identity(&self, version: u32) -> Result<Identity> {
		Ok(self.seed()?.encryption_identity(version))
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
