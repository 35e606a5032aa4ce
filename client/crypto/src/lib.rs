//! Keys, sealed secrets and encrypted records: all of MedBlock's cryptography, and nothing else.
//!
//! Everything starts at a [`Mnemonic`]. Its [`Seed`] gives the account that signs (as Substrate derives
//! it), a doctor's or a hospital's encryption [`Identity`], and a patient's [`Root`], from which each
//! epoch of their chart has an [`EpochSecret`]. A record is one age v1 file, made by [`encrypt`] and
//! read by [`open`], with one MIME entity inside ([`Headers`] and a body). [`seal`] hands a secret to
//! a doctor; a [`ShareKey`] hands over single records. A [`Challenge`] is what a wallet signs to sign
//! in at a gateway.
//!
//! The crate knows no chain: people are plain numbers here, and a chain is its genesis hash. It reads
//! no files and no clock. What comes from outside (files, keys, texts) is bounded before it is parsed and
//! never makes anything here panic. Secrets are erased when dropped, and print as their type's name.
//!
//! The formats, with test vectors, are written down in the crate's README.

mod bech32;
mod challenge;
mod digest;
mod encrypt;
mod epoch;
mod errors;
mod file;
mod file_name;
mod header;
mod hidden;
mod identity;
mod kdf;
mod mime;
mod open;
mod padding;
mod sealing;
mod seed;
mod sharing;
mod stanza;
mod text;
mod xwing;

pub use challenge::Challenge;
pub use digest::{Digest, Sealed, head_of};
pub use encrypt::encrypt;
pub use epoch::{EpochSecret, Salt, WRAPPED_LENGTH};
pub use errors::Error;
pub use file::{CHUNK, FileKey, Key, MAX_HEADER, MAX_RECIPIENTS, MAX_STANZAS, PEEK_LENGTH};
pub use file_name::safe_file_name;
pub use header::check_header;
pub use identity::{
	Identity, PUBLIC_KEY_LENGTH, PublicKey, check_public_key, key_digest, parse_recipient,
	recipient_to_bech32,
};
pub use mime::{Headers, MAX_TITLE};
pub use open::{Body, file_key, open, peek};
pub use sealing::{Purpose, SEALED_LENGTH, SealContext, seal, unseal};
pub use seed::{Mnemonic, Root, Seed};
pub use sharing::{ShareContext, ShareKey, WRAPPED_FILE_KEY_LENGTH};
