//! Many files as one record: a study of thousands of images, or a folder.
//!
//! The record's body is a ZIP file (`zip.rs`) whose directory is the index, and the record's first chunk names that index's
//! digest. So one transaction, one upload and one download suffice, any program unpacks the result, and a reader may fetch
//! single files of it, each compared with a digest that the chain's head covers (ADR 47).

mod content;
mod contents;
mod sorting;
mod zip;

pub use content::{Content, is_packed};
pub use contents::Contents;
pub use sorting::{Found, Sorted, Study, archive_name, sort};

use crate::Result;
use medblock_platform::{
	Error as StorageError,
	files::{Joined, JoinedPart, UserFile},
	http::Progress,
	tasks,
};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use zeroize::Zeroizing;
use zip::{New, Writer};

/// The most files in one record.
pub const MAX_FILES: usize = 50_000;

/// The longest path of a file in a record, in bytes.
pub const MAX_PATH: usize = 512;

/// The media type of records with many files.
pub const PACKED_TYPE: &str = "application/zip";

/// The bytes that are read at a time.
const PIECE: usize = 256 * 1024;

/// A file inside a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
	/// Its path: names with `/` between them, none of which is empty, `.` or `..`, or has control characters.
	pub path: String,
	/// Its length in bytes.
	pub length: u64,
	/// SHA-256 of its content.
	pub digest: [u8; 32],
	/// Where its content begins in the record's body.
	at: u64,
}

/// An index, or a file, that is not as it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Corrupt;

/// The files that an index names; nothing if these bytes are no index.
pub fn read_index(index: &[u8]) -> Option<Vec<Member>> {
	zip::read_index(index).ok().map(|(members, _)| members)
}

/// Whether this may be the path of a file in a record.
fn is_path(path: &str) -> bool {
	let is_name = |name: &str| {
		!matches!(name, "" | "." | "..")
			&& !name.contains('\\')
			&& !name.chars().any(char::is_control)
	};
	path.len() <= MAX_PATH && path.split('/').all(is_name)
}

/// Joins files into the body of one record, in this order. Reads all of them, for their digests. `name` is for messages.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidInput`] for too many files, and for a path that is too long, or names two of them.
pub async fn pack(name: String, files: Vec<Found>, progress: &Progress) -> Result<UserFile> {
	let (place, progress) = (name.clone(), progress.clone());
	let packing = tasks::blocking(move || joined(name, files, &progress));
	let packed = packing.await.map_err(StorageError::cannot("finish", "this"))?;
	Ok(packed.map_err(StorageError::cannot("read", place))?)
}

fn joined(name: String, files: Vec<Found>, progress: &Progress) -> io::Result<UserFile> {
	let refused = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
	if files.len() > MAX_FILES {
		let many = files.len();
		return Err(refused(format!(
			"{many} files are more than the {MAX_FILES} that a record has"
		)));
	}
	let mut paths: Vec<&str> = files.iter().map(|one| one.path.as_str()).collect();
	paths.sort_unstable();
	let twice = paths.windows(2).find(|pair| pair.first() == pair.last());
	if let Some(path) = twice.and_then(|pair| pair.first()) {
		return Err(refused(format!("two of the files are called {path}")));
	}
	if let Some(path) = paths.iter().find(|path| !is_path(path)) {
		return Err(refused(format!(
			"the path {path} is longer than {MAX_PATH} bytes, or has a character that no path in a record has"
		)));
	}
	let mut total = 0_u64;
	for one in &files {
		total = total.saturating_add(one.file.length()?);
	}
	let (mut writer, mut parts, mut done) = (Writer::default(), Vec::new(), 0_u64);
	for Found { path, file, .. } in files {
		let version = file.version();
		let (length, checksum, digest) = digested(&file)
			.map_err(|why| io::Error::new(why.kind(), format!("{}: {why}", file.place())))?;
		let before = writer.file(&New { path: &path, length, checksum, digest });
		parts.push(JoinedPart { before, file, length, version });
		done = done.saturating_add(length);
		progress(done, total.max(done));
	}
	Ok(UserFile::Joined(Joined::new(name, parts, writer.index()).into()))
}

/// A file's length, CRC-32 and SHA-256.
fn digested(file: &UserFile) -> io::Result<(u64, u32, [u8; 32])> {
	let (_, mut reader) = file.open()?;
	let mut sums = Sums::default();
	let mut piece = Zeroizing::new(vec![0; PIECE]);
	loop {
		match reader.read(&mut piece) {
			Ok(0) => break,
			Ok(some) => sums.take(piece.get(..some).unwrap_or_default()),
			Err(why) if why.kind() == io::ErrorKind::Interrupted => {},
			Err(why) => return Err(why),
		}
	}
	let Sums { length, checksum, digest } = sums;
	Ok((length, checksum.finalize(), digest.finalize().into()))
}

/// What tells a file's content.
#[derive(Default)]
struct Sums {
	length: u64,
	checksum: crc32fast::Hasher,
	digest: Sha256,
}

impl Sums {
	fn take(&mut self, bytes: &[u8]) {
		self.length = self.length.saturating_add(bytes.len() as u64);
		self.checksum.update(bytes);
		self.digest.update(bytes);
	}

	/// Whether all of a member's content was taken, and nothing else.
	fn are_of(self, member: &Member) -> bool {
		let digest: [u8; 32] = self.digest.finalize().into();
		self.length == member.length && digest == member.digest
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::vault::unwatched;

	pub(super) fn found(path: &str, content: &[u8]) -> Found {
		let bytes = content.to_vec().into();
		let file = UserFile::Bytes { name: path.to_owned(), bytes };
		Found { path: path.to_owned(), file, written_at: None }
	}

	fn packed(files: &[(&str, &[u8])]) -> io::Result<UserFile> {
		let files = files.iter().map(|(path, content)| found(path, content)).collect();
		joined("a folder".to_owned(), files, &unwatched())
	}

	#[test]
	fn packed_files_are_a_zip_file_with_their_contents() {
		let file = packed(&[("a.txt", &b"one"[..]), ("b/c.txt", &b"another"[..])]).unwrap();
		let (length, mut reader) = file.open().unwrap();
		let mut body = Vec::new();
		reader.read_to_end(&mut body).unwrap();
		assert_eq!(length, body.len() as u64);
		assert!(body.starts_with(b"PK\x03\x04"));
		let index = file.index().unwrap();
		assert!(body.ends_with(index));
		let (members, whole) = zip::read_index(index).unwrap();
		assert_eq!(whole, length);
		let content = |member: &Member| {
			let from = member.at as usize;
			body[from..from + member.length as usize].to_vec()
		};
		assert_eq!(members.iter().map(content).collect::<Vec<_>>(), [&b"one"[..], b"another"]);
		// CRC-32 of "one" (ISO 3309), so that other programs unpack it.
		assert_eq!(&body[14..18], 0x7a6c_86f1_u32.to_le_bytes());
		let digest: [u8; 32] = Sha256::digest(b"another").into();
		assert_eq!(members[1].digest, digest);
	}

	#[test]
	fn paths_that_leave_a_folder_or_name_two_files_are_refused() {
		for paths in [
			["a", "a"],
			["a", ".."],
			["a", "../b"],
			["a", "/b"],
			["a", "b/"],
			["a", "b//c"],
			["a", "b\\c"],
			["a", "b\nc"],
			["a", ""],
			["a", "b".repeat(MAX_PATH + 1).as_str()],
		] {
			let why = packed(&paths.map(|path| (path, &b""[..]))).unwrap_err();
			assert_eq!(why.kind(), io::ErrorKind::InvalidInput, "{paths:?}");
		}
		assert!(packed(&[("b".repeat(MAX_PATH).as_str(), &b""[..])]).is_ok());
	}
}
