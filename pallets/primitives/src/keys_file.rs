//! The file `keys.toml`, which a hospital's node prints and its client reads.

use serde::{Deserialize, Serialize};

/// The output of `medblock-node consortium keys` in TOML, and what hospitals exchange to found a chain.
/// Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysFile {
	/// The hospitals' validators: one, as it is printed.
	pub hospital: Vec<Validator>,
}

/// A hospital's validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Validator {
	/// The hospital's name.
	pub name: String,
	/// The URL of its gateway.
	pub gateway: String,
	/// The account that acts for the hospital, in SS58: the only one that can register these keys.
	pub controller: String,
	/// The accounts of the founding hospital's first registrars, in SS58.
	#[serde(default)]
	pub registrars: Vec<String>,
	/// The public session key for blocks (sr25519), in hexadecimal with 0x.
	pub aura: String,
	/// The public session key for finality (ed25519), in hexadecimal with 0x.
	pub grandpa: String,
	/// Both keys' signatures over [`ownership_statement`](crate::ownership_statement), SCALE-encoded,
	/// in hexadecimal with 0x.
	pub proof: String,
	/// The peer ids of the hospital's nodes, in base58.
	pub nodes: Vec<String>,
}
