//! A hospital's profile key, to which patients' profiles are sealed, and its secret for each registrar.

use crate::{SealedKey, WrappedSecret};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The secret of a profile key for one registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct KeyForRegistrar<AccountId> {
	/// The registrar who receives the secret.
	pub registrar: AccountId,
	/// The version of the registrar's own key that the secret is sealed to.
	pub key_version: u32,
	/// The sealed secret.
	pub key: SealedKey,
}

/// A version of a hospital's profile key, and its place in the chain of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ProfileKeyVersion {
	/// The SHA-256 of the public key.
	pub key_digest: [u8; 32],
	/// The wrapped secret of the version before. The first version has none, nor has one that was
	/// published when no registrar held the version before.
	pub previous: Option<WrappedSecret>,
}
