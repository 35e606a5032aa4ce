#![doc = include_str!("../README.md")]

mod bech32;
mod cache;
mod challenge;
mod digest;
mod dividing;
mod emergency;
mod encrypt;
mod epoch;
mod errors;
mod file;
mod file_name;
mod header;
mod hidden;
mod identity;
mod kdf;
mod line;
mod mime;
mod open;
mod padding;
mod parts;
mod profile_key;
mod sealing;
mod seed;
mod sharing;
mod sheet;
mod stanza;
mod text;
mod title;
mod words;
mod wrapping;
mod xwing;

pub use cache::CacheKey;
pub use challenge::Challenge;
pub use digest::{Digest, Sealed, head_of, peek_length};
pub use dividing::{
	DividedKind, DividedSecret, Division, MAX_SHARES, MIN_SHARES, SHARE_LENGTH, SecretShare,
	check_share, divide, divide_new, is_division_of, join,
};
pub use emergency::EmergencyPlan;
pub use encrypt::{encrypt, encrypt_indexed, length_without_header};
pub use epoch::{EpochSecret, Salt};
pub use errors::Error;
pub use file::{
	CHUNK, FileKey, Key, MAX_HEADER, MAX_RECIPIENTS, MAX_STANZAS, PEEK_LENGTH, USUAL_PEEK_LENGTH,
};
pub use file_name::safe_file_name;
pub use header::check_header;
pub use identity::{
	Identity, PUBLIC_KEY_LENGTH, PublicKey, check_public_key, key_digest, parse_recipient,
	recipient_to_bech32,
};
pub use mime::{Headers, IndexDigest, MAX_TITLE};
pub use open::{Body, file_key, open, peek, peek_index};
pub use parts::Parts;
pub use profile_key::{ProfileSecret, ProfileVersion};
pub use sealing::{
	ActingPair, Keeper, Pair, SEALED_LENGTH, SEALED_SHARE_LENGTH, SealContext, seal, seal_share,
	unseal, unseal_share,
};
pub use seed::{Mnemonic, Root, Seed};
pub use sharing::{ShareContext, ShareKey, WRAPPED_FILE_KEY_LENGTH};
pub use sheet::{SHEETS, Sheet};
pub use title::{title_of, titles_of};
pub use wrapping::WRAPPED_LENGTH;
