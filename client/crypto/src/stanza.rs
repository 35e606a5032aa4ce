//! age's native post-quantum recipient: the stanza `mlkem768x25519`, whose argument is the encapsulated key and
//! whose body is the file key sealed with HPKE.

use std::{collections::HashSet, io};

use age::{DecryptError, EncryptError};
use age_core::{format, secrecy::ExposeSecret};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use crate::{
	FileKey, Identity, Key, PublicKey,
	xwing::{self, ENCAPSULATED, TAG},
};

const KIND: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";

/// The length of a sealed file key. Other lengths are refused, so that no ciphertext opens under many keys.
const BODY: usize = 16 + TAG;

/// age's label for recipients that may share a file: here, those that resist quantum computers.
const LABEL: &str = "postquantum";

/// A key to encrypt to.
pub(crate) struct Recipient<'a>(pub(crate) &'a PublicKey);

impl age::Recipient for Recipient<'_> {
	fn wrap_file_key(
		&self,
		file_key: &format::FileKey,
	) -> Result<(Vec<format::Stanza>, HashSet<String>), EncryptError> {
		let (encapsulated, body) = xwing::seal(self.0, INFO, file_key.expose_secret())
			.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
		let args = vec![BASE64_STANDARD_NO_PAD.encode(encapsulated)];
		let stanza = format::Stanza { tag: KIND.to_owned(), args, body };
		Ok((vec![stanza], HashSet::from([LABEL.to_owned()])))
	}
}

impl age::Identity for Identity {
	fn unwrap_stanza(
		&self,
		stanza: &format::Stanza,
	) -> Option<Result<format::FileKey, DecryptError>> {
		if stanza.tag != KIND {
			return None;
		}
		let encapsulated = match stanza.args.as_slice() {
			[argument] => BASE64_STANDARD_NO_PAD.decode(argument).ok(),
			_ => None,
		};
		let encapsulated = encapsulated.filter(|bytes| bytes.len() == ENCAPSULATED);
		let (Some(encapsulated), BODY) = (encapsulated, stanza.body.len()) else {
			return Some(Err(DecryptError::InvalidHeader));
		};
		// HPKE does not tell a stanza for another key from a damaged one.
		let opened = xwing::open(self.seed(), INFO, &encapsulated, &stanza.body)?;
		Some(Ok(format::FileKey::init_with_mut(|file_key| file_key.copy_from_slice(&opened))))
	}
}

impl age::Identity for Key<'_> {
	fn unwrap_stanza(
		&self,
		stanza: &format::Stanza,
	) -> Option<Result<format::FileKey, DecryptError>> {
		match self {
			Key::Identities(identities) => {
				identities.iter().find_map(|identity| identity.unwrap_stanza(stanza))
			},
			// The header's MAC tells whether the key is this file's.
			Key::File(file_key) => Some(Ok(format::FileKey::init_with_mut(|copy| {
				copy.copy_from_slice(file_key.expose())
			}))),
		}
	}
}

impl From<&format::FileKey> for FileKey {
	fn from(file_key: &format::FileKey) -> Self {
		FileKey::from_bytes(*file_key.expose_secret())
	}
}
