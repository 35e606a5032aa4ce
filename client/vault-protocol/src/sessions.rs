//! Signing in with an account's key, and the token that a signed challenge is exchanged for.
//!
//! A client asks for a challenge, builds the text from the offer's fields (`medblock_crypto::Challenge`),
//! has the account's sr25519 key sign it between `<Bytes>` and `</Bytes>`, and sends both.

use crate::times;
use medblock_primitives::Person;
use serde::{Deserialize, Serialize};

/// How long a challenge can be answered, in seconds.
pub const CHALLENGE_LIFETIME: u64 = 120;

/// How long a token is good for, in seconds.
pub const TOKEN_LIFETIME: u64 = 15 * 60;

/// Letters in a token: the hexadecimal digits of 256 random bits.
pub const TOKEN_LENGTH: usize = 64;

/// The largest JSON body of a request, in bytes.
pub const MAX_JSON: usize = 4 * 1024;

/// The query of a request for a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChallengeQuery {
	/// The account that is going to sign, in SS58.
	pub account: String,
}

/// The parts of a text to sign. The client builds the text from them itself, after it has compared what it
/// knows, so that it can't be made to sign anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeOffer {
	/// The vault's [domain](crate::Address::domain).
	pub domain: String,
	/// The hash of the chain's block 0, in hexadecimal with `0x`.
	pub genesis: String,
	/// The account that is going to sign, in SS58.
	pub account: String,
	/// A value that is used once: 32 lower-case hexadecimal digits.
	pub nonce: String,
	/// When the vault made the challenge, in seconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::seconds")]
	pub issued: u64,
	/// When the vault no longer takes it, in seconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::seconds")]
	pub expires: u64,
	/// Whether the text may name a key of the session. Vaults of earlier versions do not say, and take no such text.
	#[serde(default)]
	pub session_key: bool,
}

/// A signed challenge.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
	/// The text, as it was signed.
	pub challenge: String,
	/// The account's signature over the text between `<Bytes>` and `</Bytes>`: 64 bytes in hexadecimal with
	/// `0x`.
	pub signature: String,
	/// The person that the account asks to take over. Accounts that the chain does not know otherwise sign in by it.
	/// Vaults of earlier versions take no such field.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub recovers: Option<Person>,
}

/// A token that stands for the account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
	/// The bearer token (RFC 6750): [`TOKEN_LENGTH`] hexadecimal digits.
	pub token: String,
	/// When the token ends, in seconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::seconds")]
	pub expires: u64,
}
