//! Many files of the user's as one.

use crate::{files::UserFile, target::user_file as target};
use std::io::{self, Read};

/// Several files, each behind some bytes of its own, and an index of them at the end.
#[derive(Debug)]
pub struct Joined {
	name: String,
	parts: Vec<JoinedPart>,
	index: Vec<u8>,
	length: u64,
}

/// One of several files.
#[derive(Debug)]
pub struct JoinedPart {
	/// What stands before the file.
	pub before: Vec<u8>,
	/// The file.
	pub file: UserFile,
	/// Its length in bytes, when the index was made.
	pub length: u64,
	/// Its [`version`](UserFile::version), when the index was made.
	pub version: Option<(Vec<u8>, u64, u128)>,
}

impl Joined {
	/// These files under a name for messages. The index has to tell their contents from all others: by their digests.
	pub fn new(name: String, parts: Vec<JoinedPart>, index: Vec<u8>) -> Self {
		let length_of = |part: &JoinedPart| part.length.saturating_add(part.before.len() as u64);
		let length = parts.iter().map(length_of).fold(index.len() as u64, u64::saturating_add);
		Self { name, parts, index, length }
	}

	/// The name for messages.
	pub fn name(&self) -> &str {
		&self.name
	}

	/// The index.
	pub fn index(&self) -> &[u8] {
		&self.index
	}

	/// The length of all, in bytes.
	pub fn length(&self) -> u64 {
		self.length
	}

	/// All of it, from the beginning. Only one file is open at a time.
	///
	/// Reading fails if a file has changed since the index was made, as far as its version tells.
	pub(crate) fn reader(&self) -> target::Reading<'_> {
		let pieces =
			self.parts.iter().flat_map(|part| [Piece::Bytes(&part.before), Piece::File(part)]);
		let pieces: Vec<_> = pieces.chain([Piece::Bytes(&self.index)]).collect();
		Box::new(Reader { pieces: pieces.into_iter(), now: None })
	}
}

impl JoinedPart {
	fn ensure_unchanged(&self) -> io::Result<()> {
		match self.version.is_none() || self.file.version() == self.version {
			true => Ok(()),
			false => Err(io::Error::other(format!(
				"{} changed while it was read: do it again",
				self.file.place(),
			))),
		}
	}
}

enum Piece<'a> {
	Bytes(&'a [u8]),
	File(&'a JoinedPart),
}

/// Reads piece after piece.
struct Reader<'a> {
	pieces: std::vec::IntoIter<Piece<'a>>,
	now: Option<(target::Reading<'a>, Option<&'a JoinedPart>)>,
}

impl Read for Reader<'_> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		if buffer.is_empty() {
			return Ok(0);
		}
		loop {
			if let Some((reader, part)) = &mut self.now {
				match reader.read(buffer)? {
					0 => {},
					some => return Ok(some),
				}
				if let Some(part) = part {
					part.ensure_unchanged()?;
				}
			}
			self.now = match self.pieces.next() {
				None => return Ok(0),
				Some(Piece::Bytes(bytes)) => {
					let reader: target::Reading<'_> = Box::new(bytes);
					Some((reader, None))
				},
				Some(Piece::File(part)) => {
					let (_, reader) = part.file.open()?;
					part.ensure_unchanged()?;
					Some((reader, Some(part)))
				},
			};
		}
	}
}
