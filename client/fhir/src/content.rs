//! A record's content, from a file that may be larger than memory.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer, ser::Error};
use sha1::{Digest, Sha1};
use std::{
	cell::Cell,
	fmt,
	fs::File,
	io::{self, Read, Seek},
};

/// The number of bytes that are encoded at a time: a multiple of three, so that no padding comes in
/// between.
const PIECE: usize = 48 * 1024;

/// A decrypted record. Its serialized form is its bytes in base64, which are read piece by piece.
#[derive(Debug)]
pub struct Content {
	file: File,
	length: u64,
	hash: String,
}

impl Content {
	/// Reads the file to its end once, for its length and hash.
	pub fn read(mut file: File) -> io::Result<Self> {
		file.rewind()?;
		let mut hash = Sha1::new();
		let mut length = 0u64;
		let mut piece = vec![0; PIECE];
		loop {
			let some = full(&mut file, &mut piece)?;
			if some.is_empty() {
				break;
			}
			hash.update(some);
			length = length.saturating_add(some.len() as u64);
		}
		Ok(Self { file, length, hash: STANDARD.encode(hash.finalize()) })
	}

	/// Its length in bytes.
	pub fn length(&self) -> u64 {
		self.length
	}

	/// Its SHA-1 in base64, which R4 asks for. It reveals accidents, but not forgeries.
	pub fn hash(&self) -> &str {
		&self.hash
	}
}

/// The available bytes, up to the length of `piece`.
fn full<'a>(file: &mut impl Read, piece: &'a mut [u8]) -> io::Result<&'a [u8]> {
	let mut length = 0;
	while length < piece.len() {
		match file.read(&mut piece[length..]) {
			Ok(0) => break,
			Ok(some) => length += some,
			Err(why) if why.kind() == io::ErrorKind::Interrupted => {},
			Err(why) => return Err(why),
		}
	}
	Ok(&piece[..length])
}

impl Serialize for Content {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let failed = Cell::new(None);
		let done = serializer.collect_str(&Base64 { file: &self.file, failed: &failed });
		match failed.take() {
			Some(why) => Err(S::Error::custom(why)),
			None => done,
		}
	}
}

/// A file in base64.
struct Base64<'a> {
	file: &'a File,
	/// The reason why it could not be read. An error of formatting carries no reason, and
	/// serializers would take it for one of their own.
	failed: &'a Cell<Option<io::Error>>,
}

impl fmt::Display for Base64<'_> {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		let mut file = self.file;
		let mut piece = vec![0; PIECE];
		let mut text = String::new();
		if let Err(why) = file.rewind() {
			self.failed.set(Some(why));
			return Ok(());
		}
		loop {
			match full(&mut file, &mut piece) {
				Ok([]) => return Ok(()),
				Ok(some) => {
					text.clear();
					STANDARD.encode_string(some, &mut text);
					formatter.write_str(&text)?;
				},
				Err(why) => {
					self.failed.set(Some(why));
					return Ok(());
				},
			}
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use std::io::Write;

	fn content(bytes: &[u8]) -> Content {
		let mut file = tempfile::tempfile().unwrap();
		file.write_all(bytes).unwrap();
		Content::read(file).unwrap()
	}

	#[test]
	fn content_of_every_length_is_encoded_without_a_break() {
		for length in [0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
			let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
			let content = content(&bytes);
			let text: String =
				serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
			assert_eq!(STANDARD.decode(text).unwrap(), bytes, "{length}");
			assert_eq!(content.length(), length as u64);
		}
	}

	#[test]
	fn hash_is_the_sha_1_of_the_content() {
		// FIPS 180-4's example: a9993e36 4706816a ba3e2571 7850c26c 9cd0d89d.
		assert_eq!(content(b"abc").hash(), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
	}

	#[test]
	fn file_that_cannot_be_read_again_is_an_error() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("written");
		std::fs::write(&path, "abc").unwrap();
		let file = File::options().append(true).open(&path).unwrap();
		let unreadable = Content { file, length: 3, hash: String::new() };
		assert!(serde_json::to_string(&unreadable).is_err());
	}
}
