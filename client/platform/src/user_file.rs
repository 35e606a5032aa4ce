//! Files of the user's.

pub use crate::joined::{Joined, JoinedPart};

use crate::target::user_file as target;
use std::{io, sync::Arc};
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
	/// Several files, one behind another, and an index of them behind the last.
	Joined(Arc<Joined>),
}

impl UserFile {
	/// A path or name, for messages.
	pub fn place(&self) -> String {
		match self {
			Self::Given(file) => target::place(file),
			Self::Bytes { name, .. } => name.clone(),
			Self::Joined(files) => files.name().to_owned(),
		}
	}

	/// The length in bytes.
	pub fn length(&self) -> io::Result<u64> {
		match self {
			Self::Given(file) => target::length(file),
			Self::Bytes { bytes, .. } => Ok(bytes.len() as u64),
			Self::Joined(files) => Ok(files.length()),
		}
	}

	/// The length, and the contents from the beginning: `Send` natively. Reading fails at the end if the file was written to
	/// meanwhile.
	pub fn open(&self) -> io::Result<(u64, target::Reading<'_>)> {
		match self {
			Self::Given(file) => target::open(file),
			Self::Bytes { bytes, .. } => Ok((bytes.len() as u64, Box::new(&bytes[..]))),
			Self::Joined(files) => Ok((files.length(), files.reader())),
		}
	}

	/// What tells the file, as it is now, from every other one: its path (in a browser, the digest of its name
	/// and of its content's beginning and end), its length, and the time of its last change in nanoseconds
	/// since 1970, or another number for a time before. The index tells joined files. Nothing if that can't be told.
	pub fn version(&self) -> Option<(Vec<u8>, u64, u128)> {
		match self {
			Self::Given(file) => target::version(file),
			Self::Bytes { .. } => None,
			Self::Joined(files) => Some((files.index().to_vec(), files.length(), 0)),
		}
	}

	/// The index at the end of joined files.
	pub fn index(&self) -> Option<&[u8]> {
		match self {
			Self::Joined(files) => Some(files.index()),
			Self::Given(_) | Self::Bytes { .. } => None,
		}
	}
}
