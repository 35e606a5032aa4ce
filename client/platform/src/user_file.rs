//! Files of the user's.

use crate::target::user_file as target;
use std::io;
use zeroize::Zeroizing;

/// A file of the user's: what becomes a record.
#[derive(Clone, Debug)]
pub enum UserFile {
	/// A path natively, and in browsers a file that the user picked.
	Given(target::Given),
	/// A file in memory.
	Bytes {
		/// A name for messages.
		name: String,
		/// The contents.
		bytes: Zeroizing<Vec<u8>>,
	},
}

impl UserFile {
	/// A path or name, for messages.
	pub fn place(&self) -> String {
		match self {
			Self::Given(file) => target::place(file),
			Self::Bytes { name, .. } => name.clone(),
		}
	}

	/// The length in bytes.
	pub fn length(&self) -> io::Result<u64> {
		match self {
			Self::Given(file) => target::length(file),
			Self::Bytes { bytes, .. } => Ok(bytes.len() as u64),
		}
	}

	/// The length, and the contents from the beginning: `Send` natively.
	pub fn open(&self) -> io::Result<(u64, target::Reading<'_>)> {
		match self {
			Self::Given(file) => target::open(file),
			Self::Bytes { bytes, .. } => Ok((bytes.len() as u64, Box::new(&bytes[..]))),
		}
	}

	/// What tells the file, as it is now, from every other one: its path (in a browser, the digest of its name
	/// and of its content's beginning and end), its length, and the time of its last change in nanoseconds
	/// since 1970. Nothing if that can't be told.
	pub fn version(&self) -> Option<(Vec<u8>, u64, u128)> {
		match self {
			Self::Given(file) => target::version(file),
			Self::Bytes { .. } => None,
		}
	}
}
