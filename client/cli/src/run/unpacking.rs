//! Unpacking the files of a record that has many.

use super::manifest::{Inside, sha256};
use crate::exit::Failure;
use medblock_client::{
	medblock_crypto::safe_file_name,
	records::packed::{Content, Member},
};
use medblock_platform::UnfinishedFolder;
use std::{collections::HashSet, fs::File, io, path::Path};
use unicode_normalization::UnicodeNormalization;

/// Unpacks a record's files into a folder that does not exist yet. It is there once all of it is. Nothing if something else is.
pub fn unpack(content: &Content, to: &Path) -> Result<Option<Vec<Inside>>, Failure> {
	let failed = |why: &io::Error| Failure::file("write", to, why);
	if let Some(files) = unpacked(content, to) {
		return Ok(Some(files));
	}
	if to.symlink_metadata().is_ok() {
		return Ok(None);
	}
	let beside = to.parent().unwrap_or(Path::new("."));
	let folder = UnfinishedFolder::new(beside).map_err(|why| failed(&why))?;
	let (mut names, mut files) = (HashSet::new(), Vec::new());
	for member in content.members() {
		let file = unique(&safe_path(member), &mut names);
		let written = folder.file(&file).and_then(|mut out| content.copy(member, &mut out));
		written.map_err(|why| failed(&why))?;
		files.push(Inside { file, bytes: member.length, sha256: hex::encode(member.digest) });
	}
	folder.put(to).map_err(|why| failed(&why))?;
	Ok(Some(files))
}

/// The record's files, if all of them are there, and only not in the manifest: a run was ended between the two.
fn unpacked(content: &Content, to: &Path) -> Option<Vec<Inside>> {
	to.symlink_metadata().ok().filter(|found| found.is_dir())?;
	let (mut names, mut files) = (HashSet::new(), Vec::new());
	for member in content.members() {
		let file = unique(&safe_path(member), &mut names);
		let found = File::open(to.join(&file)).and_then(sha256).ok()?;
		if found != member.digest {
			return None;
		}
		files.push(Inside { file, bytes: member.length, sha256: hex::encode(found) });
	}
	Some(files)
}

/// A file's path, of names that every system takes.
pub fn safe_path(member: &Member) -> String {
	let names: Vec<String> = member.path.split('/').map(safe_file_name).collect();
	names.join("/")
}

/// What is the same for all paths that some system takes for one, and that people do: large letters and small ones, and an
/// accent in one character with its letter or in two.
pub fn form(path: &str) -> String {
	let lower = path.nfc().collect::<String>().to_lowercase();
	// A small letter may have another form than the large one.
	lower.nfc().collect()
}

/// A path that no other file has, on systems that take similar ones for the same, too. None of its folders is a file's path,
/// and no folder has it for its own. `taken` has files as they are compared, and folders with a last `/`.
pub fn unique(path: &str, taken: &mut HashSet<String>) -> String {
	let (mut before, name) = (String::new(), path.rsplit('/').next().unwrap_or_default());
	let folders = path.strip_suffix(name).unwrap_or_default();
	for folder in folders.split_terminator('/') {
		let place = free(&before, folder, |place| !taken.contains(&form(place)));
		before = format!("{place}/");
		taken.insert(form(&before));
	}
	let is_free = |place: &str| {
		let place = form(place);
		!taken.contains(&format!("{place}/")) && !taken.contains(&place)
	};
	let unique = free(&before, name, is_free);
	taken.insert(form(&unique));
	unique
}

/// A name in a folder, which ends in `/`, or a similar one that is free. Returns the path.
fn free(folder: &str, name: &str, is_free: impl Fn(&str) -> bool) -> String {
	let mut place = format!("{folder}{name}");
	let mut number = 2;
	while !is_free(&place) {
		place = format!("{folder}{}", numbered(name, number));
		number += 1;
	}
	place
}

/// A path with a number before the extension of its last name: `letter (2).pdf`.
pub fn numbered(path: &str, number: u32) -> String {
	let end = path.rfind('.').filter(|dot| !path[*dot..].contains('/')).unwrap_or(path.len());
	let (stem, extension) = path.split_at(end);
	format!("{stem} ({number}){extension}")
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_client::{
		records::packed::{Found, pack},
		vault::unwatched,
	};
	use medblock_platform::{disk, files::UserFile};
	use std::fs;
	use tempfile::TempDir;
	use tokio::runtime::Runtime;

	#[test]
	fn no_two_files_get_one_name() {
		let mut taken = HashSet::new();
		let mut name = |path| unique(path, &mut taken);
		assert_eq!(name("a.b/IM1"), "a.b/IM1");
		assert_eq!(name("a.b/im1"), "a.b/im1 (2)");
		assert_eq!(name("a.b/IM1"), "a.b/IM1 (3)");
		assert_eq!(name("x.dcm"), "x.dcm");
		assert_eq!(name("X.DCM"), "X (2).DCM");
		// As systems of different makers write one name.
		assert_eq!(name("e\u{301}t\u{e9}.pdf"), "e\u{301}t\u{e9}.pdf");
		assert_eq!(name("\u{e9}t\u{e9}.pdf"), "\u{e9}t\u{e9} (2).pdf");
		assert_eq!(name("\u{c9}TE\u{301}.pdf"), "\u{c9}TE\u{301} (3).pdf");
	}

	/// Two names in a folder may differ only in what no path has: a file called `scan.`, and a folder called `scan`.
	#[test]
	fn no_file_gets_a_folders_path() {
		let mut taken = HashSet::new();
		let mut name = |path| unique(path, &mut taken);
		assert_eq!(name("a/scan"), "a/scan");
		assert_eq!(name("a/scan/1.dcm"), "a/scan (2)/1.dcm");
		assert_eq!(name("a/Scan/2.dcm"), "a/Scan (2)/2.dcm");
		assert_eq!(name("a/scan (2)"), "a/scan (2) (2)");
		assert_eq!(name("b/1/x"), "b/1/x");
		assert_eq!(name("b/1"), "b/1 (2)");
		assert_eq!(name("B"), "B (2)");
		assert_eq!(name("b/2"), "b/2");
	}

	#[test]
	fn a_record_with_a_folder_called_like_a_file_is_unpacked() {
		let home = TempDir::new().unwrap();
		let files = [("scan.", "file"), ("scan/1", "inside")].map(|(path, text)| {
			let file =
				UserFile::Bytes { name: path.into(), bytes: text.as_bytes().to_vec().into() };
			Found { path: path.into(), file, written_at: None }
		});
		let unwatched = unwatched();
		let packing = pack("folder".into(), files.into(), &unwatched);
		let packed = Runtime::new().unwrap().block_on(packing).unwrap();
		let archive = home.path().join("archive");
		let (length, mut reader) = packed.open().unwrap();
		io::copy(&mut reader, &mut File::create(&archive).unwrap()).unwrap();
		let content = Content::read(&disk::open(&archive).unwrap(), length).unwrap().unwrap();
		let folder = home.path().join("folder");
		// The same names again, if a run was ended before it wrote them down.
		for _ in 0..2 {
			let files = unpack(&content, &folder).unwrap().unwrap();
			let names: Vec<&str> = files.iter().map(|one| one.file.as_str()).collect();
			assert_eq!(names, ["scan", "scan (2)/1"]);
		}
		assert_eq!(fs::read_to_string(folder.join("scan")).unwrap(), "file");
		assert_eq!(fs::read_to_string(folder.join("scan (2)/1")).unwrap(), "inside");
	}
}
