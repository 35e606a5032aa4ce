//! What somebody signs and opens with.

use crate::{Result, chain::AccountId};
use medblock_crypto::{Challenge, Identity, Root, Seed};
use subxt_signer::sr25519::{Keypair, Signature};

/// What an account's keys can't do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The key is in a wallet, which has to sign.
	#[error("this account's key is in a wallet")]
	InWallet,
	/// The account has no encryption secret here.
	#[error(
		"this account has no secret words here, so that nothing can be encrypted or opened with it"
	)]
	NoSecret,
}

/// A wallet that holds the account's key elsewhere, and signs what it is shown.
pub trait Wallet: Send + Sync {
	/// The sr25519 signature (context `substrate`) of `text` inside `<Bytes>` and `</Bytes>`, which
	/// wallets put around whatever is no transaction.
	fn sign(&self, text: &str) -> Result<[u8; 64]>;
}

/// Somebody's keys: the account's, to sign with, and the secret that everything encrypted is opened
/// with. Both come from the same words, or from different ones if the account lives in a wallet.
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
	/// Account and secret from the same seed. The account is the one that any Substrate wallet
	/// makes of the same words.
	pub fn from_seed(seed: Seed) -> Result<Self> {
		let signer = Keypair::from_secret_key(*seed.account())
			.map_err(|_| crate::Error::BadValue { what: "the seed", problem: "gives no key" })?;
		Ok(Self::new(signer, Some(seed)))
	}

	/// An account's key, and the seed for what is encrypted, if there is one.
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

	/// The key that transactions are signed with, unless it is in a wallet.
	pub fn signer(&self) -> Result<&Keypair> {
		match &self.signer {
			Signer::Here(signer) => Ok(signer),
			Signer::Wallet(_) => Err(Error::InWallet.into()),
		}
	}

	/// Signs in somewhere.
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

	/// Signs what is already inside `<Bytes>` and `</Bytes>`.
	pub(crate) fn sign_wrapped(&self, message: &[u8]) -> Result<[u8; 64]> {
		debug_assert!(message.starts_with(b"<Bytes>"));
		let Signature(bytes) = self.signer()?.sign(message);
		Ok(bytes)
	}

	/// What a patient's epoch secrets are derived from.
	pub fn root(&self) -> Result<Root> {
		Ok(self.seed()?.root())
	}

	/// A doctor's or a hospital's encryption key, by its version.
	pub fn identity(&self, version: u32) -> Result<Identity> {
		Ok(self.seed()?.encryption_identity(version))
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
