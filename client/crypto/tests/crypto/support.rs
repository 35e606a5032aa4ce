//! Keys and files that the tests share.

use std::{
	collections::HashSet,
	io::{Read, Write},
};

use age::{EncryptError, Encryptor};
use age_core::{
	format::{FileKey, Stanza},
	secrecy::ExposeSecret,
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use hpke::{
	Deserializable, Kem, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing,
};
use medblock_crypto::{Error, Headers, Identity, Key, PublicKey, encrypt, open};

/// A different key pair for each number.
pub fn identity(number: u8) -> Identity {
	Identity::from_seed([number; 32])
}

pub fn key(number: u8) -> PublicKey {
	identity(number).public_key()
}

pub fn headers() -> Headers {
	Headers {
		title: "Röntgen, linkes Knie".into(),
		media_type: "application/dicom".into(),
		file_name: Some("knie links.dcm".into()),
		written_at: Some(1_795_414_680),
	}
}

/// Bytes that differ from place to place.
pub fn body(length: usize) -> Vec<u8> {
	(0..length).map(|index| (index * 31 / 7) as u8).collect()
}

/// A record for identity 1.
pub fn record(body: &[u8]) -> Vec<u8> {
	record_to(&[key(1)], body)
}

pub fn record_to(to: &[PublicKey], body: &[u8]) -> Vec<u8> {
	let mut file = Vec::new();
	encrypt(to, &headers(), body, body.len() as u64, &mut file).unwrap();
	file
}

/// Opens and reads to the end.
pub fn read(key: Key, file: &[u8]) -> Result<(Headers, Vec<u8>), Error> {
	let (headers, mut reader) = open(key, file)?;
	let mut body = Vec::new();
	reader.read_to_end(&mut body).map_err(Error::from_read)?;
	Ok((headers, body))
}

/// Opens with identity 1.
pub fn read_with_1(file: &[u8]) -> Result<(Headers, Vec<u8>), Error> {
	read(Key::Identities(&[identity(1)]), file)
}

/// Any plaintext as an age file for identity 1, made by the age library.
pub fn age_file(plain: &[u8]) -> Vec<u8> {
	let recipient = Recipient(key(1));
	let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
	let mut file = Vec::new();
	let mut writer = encryptor.wrap_output(&mut file).unwrap();
	writer.write_all(plain).unwrap();
	writer.finish().unwrap();
	file
}

struct Recipient(PublicKey);

impl age::Recipient for Recipient {
	fn wrap_file_key(
		&self,
		file_key: &FileKey,
	) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
		let to = <XWing as Kem>::PublicKey::from_bytes(&self.0).unwrap();
		let (encapsulated, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
			&OpModeS::Base,
			&to,
			b"age-encryption.org/mlkem768x25519",
			file_key.expose_secret(),
			b"",
		)
		.unwrap();
		let argument = BASE64_STANDARD_NO_PAD.encode(encapsulated.to_bytes());
		let stanza = Stanza { tag: "mlkem768x25519".into(), args: vec![argument], body };
		Ok((vec![stanza], HashSet::from(["postquantum".to_owned()])))
	}
}
