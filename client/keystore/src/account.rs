//! An account: the key that signs, and the words from which all other keys are derived.

use crate::{Error, Key, Name, secrets::Secrets};
use medblock_crypto::{Mnemonic, key_digest};
use medblock_primitives::may_be_address;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use subxt_signer::{SecretUri, polkadot_js_compat, sr25519::Keypair};
use subxt_utils_accountid32::AccountId32;

/// Characters of base64 in a Polkadot.js export of one sr25519 account: scrypt's salt and
/// parameters (44 bytes), nonce (24), tag (16) and the PKCS #8 structure (117).
const EXPORT_LENGTH: usize = (44 + 24 + 16 + 117) / 3 * 4;

/// The origin of an account's signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
	/// Derived from the words, like the account's other keys.
	Own,
	/// Exported from Polkadot.js, with its password.
	PolkadotJs,
	/// Kept in a wallet, which signs the calls that this program prepares.
	Wallet,
	/// Publicly known. For tests and demonstrations.
	Development,
}

impl Kind {
	/// The kind in words.
	pub fn describe(self) -> &'static str {
		match self {
			Self::Own => "own",
			Self::PolkadotJs => "from Polkadot.js",
			Self::Wallet => "in a wallet",
			Self::Development => "development (public!)",
		}
	}
}

/// The public part of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
	/// The account's name on this machine.
	pub name: Name,
	/// The SS58 address, with Substrate's generic prefix 42.
	pub address: String,
	/// The origin of the signing key.
	pub kind: Kind,
	/// SHA-256, in hex, of version 1 of the encryption key that a doctor or hospital publishes.
	pub encryption_key_digest: String,
	/// The time when the account was made or imported (RFC 3339).
	pub created: String,
}

/// An unlocked account.
pub struct Account {
	/// The public part.
	pub entry: Entry,
	/// The account on the chain.
	pub id: AccountId32,
	/// The key that signs; none if it is in a wallet.
	pub signer: Option<Keypair>,
	/// The words from which chart keys and encryption keys are derived.
	pub words: Mnemonic,
}

impl Account {
	/// Computes an account's keys from its file's contents.
	pub(super) fn from_secrets(secrets: &Secrets) -> Result<Self, Error> {
		let words = Mnemonic::parse(&secrets.words).map_err(Error::Words)?;
		let seed = words.seed("");
		let signs = |signer: Keypair| (AccountId32::from(signer.public_key().0), Some(signer));
		let (id, signer) = match &secrets.key {
			Key::Own => signs(Keypair::from_secret_key(*seed.account()).map_err(unexpected)?),
			Key::PolkadotJs { export, password } => signs(open_export(export, password)?),
			Key::Development { path } => signs(development(path)?),
			Key::Wallet { address } if may_be_address(address) => {
				(address.parse().map_err(unexpected)?, None)
			},
			Key::Wallet { .. } => return Err(unexpected("the wallet's address is too long")),
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
	/// Checks that the key can be used.
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
		address: String,
	}
	// The library indexes into the decoded bytes without checking their length, and panics on addresses that are too long.
	let parsed: Export = serde_json::from_str(export).map_err(|_| Error::UnknownExport)?;
	if parsed.encoded.len() != EXPORT_LENGTH || !may_be_address(&parsed.address) {
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

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn address_that_its_library_panics_on_is_refused() {
		let (encoded, address) = ("A".repeat(EXPORT_LENGTH), "1".repeat(200));
		let encoding = r#"{"content":["pkcs8","sr25519"],"type":["scrypt","xsalsa20-poly1305"],"version":"3"}"#;
		let export =
			format!(r#"{{"encoded":"{encoded}","encoding":{encoding},"address":"{address}"}}"#);
		let key = Key::PolkadotJs { export, password: "a password".into() };
		assert!(matches!(key.check(), Err(Error::UnknownExport)));
	}
}
