//! The files inside a record that was opened as a whole.

use super::{Member, PACKED_TYPE, PIECE, Sums, zip};
use medblock_crypto::Headers;
use medblock_platform::files::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use zeroize::Zeroizing;

/// Whether a record may have many files in it: its author says that it is an archive, which may be an ordinary one.
pub fn is_packed(headers: &Headers) -> bool {
	headers.media_type == PACKED_TYPE
}

/// The content of a record with many files.
pub struct Content {
	file: File,
	members: Vec<Member>,
}

impl Content {
	/// The files in an opened record's content, which has this length. Nothing if it is no such record: an ordinary archive,
	/// whose names may say anything, is left alone.
	///
	/// # Errors
	///
	/// Those of reading `file`.
	pub fn read(file: &File, length: u64) -> io::Result<Option<Self>> {
		let ending = length.min(zip::ENDING);
		let end = file.read_range(length - ending, ending as usize)?;
		let Ok(index_length) = zip::index_length(&end) else { return Ok(None) };
		let Some(from) = length.checked_sub(index_length) else { return Ok(None) };
		let index = file.read_range(from, index_length as usize)?;
		Ok(match zip::read_index(&index) {
			Ok((members, whole)) if whole == length && !members.is_empty() => {
				Some(Self { file: file.clone(), members })
			},
			_ => None,
		})
	}

	/// The files, in their order.
	pub fn members(&self) -> &[Member] {
		&self.members
	}

	/// Copies a file's content.
	///
	/// # Errors
	///
	/// [`io::ErrorKind::InvalidData`] if it is not what the index says.
	pub fn copy(&self, member: &Member, to: &mut impl Write) -> io::Result<()> {
		let mut reader = self.file.reader();
		reader.seek(SeekFrom::Start(member.at))?;
		let mut reader = reader.take(member.length);
		let (mut sums, mut piece) = (Sums::default(), Zeroizing::new(vec![0; PIECE]));
		loop {
			let read = reader.read(&mut piece)?;
			if read == 0 {
				break;
			}
			let bytes = piece.get(..read).unwrap_or_default();
			sums.take(bytes);
			to.write_all(bytes)?;
		}
		match sums.are_of(member) {
			true => Ok(()),
			false => Err(io::Error::new(
				io::ErrorKind::InvalidData,
				"a file in it is not what its index says",
			)),
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{
		records::packed::{joined, tests::found},
		vault::unwatched,
	};
	use medblock_platform::{Files, Memory};

	/// The content of a record, in memory.
	fn content(bytes: &[u8]) -> io::Result<Option<Content>> {
		let scratch = futures::executor::block_on(Memory::new().scratch("")).unwrap();
		scratch.file.writer().write_all(bytes).unwrap();
		Content::read(&scratch.file, bytes.len() as u64)
	}

	fn packed() -> Vec<u8> {
		let files = vec![found("a", b"one"), found("b/c", &[7; 300_000])];
		let file = joined("both".to_owned(), files, &unwatched()).unwrap();
		let mut bytes = Vec::new();
		file.open().unwrap().1.read_to_end(&mut bytes).unwrap();
		bytes
	}

	#[test]
	fn files_come_out_as_they_went_in() {
		let content = content(&packed()).unwrap().unwrap();
		let mut out = Vec::new();
		for member in content.members() {
			content.copy(member, &mut out).unwrap();
		}
		assert!(out.starts_with(b"one\x07") && out.len() == 300_003);
	}

	#[test]
	fn a_changed_file_is_noticed() {
		let mut bytes = packed();
		let at = bytes.iter().position(|byte| *byte == 7).unwrap();
		bytes[at + 1_000] = 8;
		let content = content(&bytes).unwrap().unwrap();
		let (one, other) = (&content.members()[0], &content.members()[1]);
		assert!(content.copy(one, &mut Vec::new()).is_ok());
		let why = content.copy(other, &mut Vec::new()).unwrap_err();
		assert_eq!(why.kind(), io::ErrorKind::InvalidData);
	}

	#[test]
	fn other_content_has_no_files_in_it() {
		let mut longer = b"before".to_vec();
		longer.extend(packed());
		let cut = packed();
		for bytes in [&b""[..], &b"PK\x05\x06"[..], &[0; 200][..], &longer[..], &cut[1..]] {
			assert!(content(bytes).unwrap().is_none(), "{} bytes", bytes.len());
		}
	}
}
