//! What an account is made of: the key that signs, and the words that everything else comes from.

use super::{
	Error, Name,
	secrets::{Key, Secrets},
};
use medblock_client::chain::AccountId;
use medblock_crypto::{Mnemonic, key_digest};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use subxt_signer::{SecretUri, polkadot_js_compat, sr25519::Keypair};

/// Characters of base64 in a Polkadot.js export of one sr25519 account: scrypt's salt and
/// parameters (44 bytes), nonce (24), tag (16) and the PKCS #8 structure (117).
const EXPORT_LENGTH: usize = (44 + 24 + 16 + 117) / 3 * 4;

/// Where the account's own key is, the one that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
	/// It comes from the words, as everything else does.
	Own,
	/// It was exported from Polkadot.js, with its password.
	PolkadotJs,
	/// It stays in a wallet: this program prepares calls, and the wallet signs them.
	Wallet,
	/// Everybody knows it. For tests and demonstrations.
	Development,
}

impl Kind {
	/// For people.
	pub fn describe(self) -> &'static str {
		match self {
			Self::Own => "own",
			Self::PolkadotJs => "from Polkadot.js",
			Self::Wallet => "in a wallet",
			Self::Development => "development (public!)",
		}
	}
}

/// What anybody may know of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
	/// Its name on this machine.
	pub name: Name,
	/// Its SS58 address, with the prefix 42 of all Substrate chains.
	pub address: String,
	/// Where its key is.
	pub kind: Kind,
	/// SHA-256 of the first version of the encryption key that it publishes as a doctor or hospital,
	/// in hex.
	pub encryption_key_digest: String,
	/// When it was made or imported (RFC 3339).
	pub created: String,
}

/// An account that was unlocked.
pub struct Account {
	/// What anybody may know of it.
	pub entry: Entry,
	/// Its address on chain.
	pub id: AccountId,
	/// What it signs with; nothing if its key stays in a wallet.
	pub signer: Option<Keypair>,
	/// What chart keys and encryption keys are derived from.
	pub words: Mnemonic,
}

impl Account {
	/// Computes an account's keys from what its file holds.
	pub(super) fn from_secrets(secrets: &Secrets) -> Result<Self, Error> {
		let words = Mnemonic::parse(&secrets.words).map_err(Error::Words)?;
		let seed = words.seed("");
		let signs = |signer: Keypair| (AccountId::from(signer.public_key().0), Some(signer));
		let (id, signer) = match &secrets.key {
			Key::Own => signs(Keypair::from_secret_key(*seed.account()).map_err(unexpected)?),
			Key::PolkadotJs { export, password } => signs(open_export(export, password)?),
			Key::Development { path } => signs(development(path)?),
			Key::Wallet { address } => (address.parse().map_err(unexpected)?, None),
		};
		let entry = Entry {
			name: secrets.name.clone(),
			address: id.to_string(),
			kind: secrets.key.kind(),
			encryption_key_digest: hex::encode(key_digest(
				&seed.encryption_identity(1).public_key(),
			)),
			created: secrets.created.clone(),
		};
		Ok(Self { entry, id, signer, words })
	}
}

impl Key {
	/// Whether the key can be had at all.
	pub fn check(&self) -> Result<(), Error> {
		match self {
			Self::PolkadotJs { export, password } => open_export(export, password).map(drop),
			Self::Development { path } => development(path).map(drop),
			Self::Own | Self::Wallet { .. } => Ok(()),
		}
	}
}

/// The key pair in what Polkadot.js exports for one account.
fn open_export(export: &str, password: &str) -> Result<Keypair, Error> {
	#[derive(Deserialize)]
	struct Export {
		encoded: String,
	}
	// The library indexes into the decoded bytes before it has counted them.
	let parsed: Export = serde_json::from_str(export).map_err(|_| Error::UnknownExport)?;
	if parsed.encoded.len() != EXPORT_LENGTH {
		return Err(Error::UnknownExport);
	}
	polkadot_js_compat::decrypt_json(export, password).map_err(|why| match why {
		polkadot_js_compat::Error::Secretbox(_) => Error::WrongExportPassword,
		_ => Error::UnknownExport,
	})
}

/// The key pair of a development account; `path` is like `//Alice//stash`.
fn development(path: &str) -> Result<Keypair, Error> {
	let steps = path.strip_prefix("//").ok_or(Error::NotForDevelopment)?;
	let plain = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_ascii_alphanumeric());
	if path.len() > 64 || !steps.split("//").all(plain) {
		return Err(Error::NotForDevelopment);
	}
	let uri = SecretUri::from_str(path).map_err(unexpected)?;
	Keypair::from_uri(&uri).map_err(unexpected)
}

fn unexpected(why: impl ToString) -> Error {
	Error::Unexpected(why.to_string())
}
