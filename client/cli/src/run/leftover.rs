//! What an export leaves beside its archive if it is killed once that is in place.

use super::{
	gathering,
	manifest::{Line, NAME, lines_of, sha256},
};
use crate::exit::Failure;
use medblock_client::records::packed::{Content, Found};
use medblock_platform::disk;
use std::{
	collections::BTreeMap,
	io::{self, ErrorKind},
	path::Path,
};

/// The lines of the manifest in an archive that is whole, and has all that is left in this folder. Nothing if that is not so: it
/// may be another archive, and what is in the folder may be nowhere else.
pub fn packed(archive: &Path, folder: &Path) -> Result<Option<Vec<Line>>, Failure> {
	let unread = |why: io::Error| Failure::file("read", archive, &why);
	if !archive.is_file() || !folder.is_dir() {
		return Ok(None);
	}
	let file = disk::open(archive).map_err(unread)?;
	let length = file.length().map_err(unread)?;
	let Some(content) = Content::read(&file, length).map_err(unread)? else { return Ok(None) };
	let members = content.members().iter();
	let digests: BTreeMap<&str, [u8; 32]> =
		members.map(|one| (one.path.as_str(), one.digest)).collect();
	for Found { path, file, .. } in gathering::files_in(folder)? {
		let digest = file.open().and_then(|(_, reader)| sha256(reader));
		let digest = digest.map_err(|why| Failure::file("read", &folder.join(&path), &why))?;
		if digests.get(path.as_str()) != Some(&digest) {
			return Ok(None);
		}
	}
	let mut manifest: Option<Vec<u8>> = None;
	for member in content.members() {
		let copied = match member.path == NAME {
			true => content.copy(member, manifest.insert(Vec::new())),
			false => content.copy(member, &mut io::sink()),
		};
		match copied {
			Err(why) if why.kind() == ErrorKind::InvalidData => return Ok(None),
			copied => copied.map_err(unread)?,
		}
	}
	Ok(manifest.and_then(|text| lines_of(&text)))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::run::manifest::Manifest;
	use medblock_client::{records::packed::pack, vault::unwatched};
	use std::{fs, path::PathBuf};
	use tempfile::TempDir;
	use tokio::runtime::Runtime;

	/// A folder with a profile, and the archive of it.
	fn exported(home: &Path) -> (PathBuf, PathBuf) {
		let (folder, archive) = (home.join("all.zip.unfinished"), home.join("all.zip"));
		let mut manifest = Manifest::open(&folder).unwrap();
		manifest.write("profile.json", b"{}").unwrap();
		manifest.finish().unwrap();
		let files = gathering::files_in(&folder).unwrap();
		let packing = async { pack("all.zip".to_owned(), files, &unwatched()).await };
		let packed = Runtime::new().unwrap().block_on(packing).unwrap();
		let (_, mut reader) = packed.open().unwrap();
		io::copy(&mut reader, &mut fs::File::create(&archive).unwrap()).unwrap();
		(folder, archive)
	}

	#[test]
	fn what_an_archive_has_is_known_whatever_is_left_of_it() {
		let home = TempDir::new().unwrap();
		let (folder, archive) = exported(home.path());
		for left in ["", "profile.json", NAME] {
			if !left.is_empty() {
				fs::remove_file(folder.join(left)).unwrap();
			}
			let lines = packed(&archive, &folder).unwrap().unwrap();
			assert_eq!(lines.len(), 1, "{left}");
			assert_eq!(lines[0].file, "profile.json");
		}
	}

	#[test]
	fn what_an_archive_lacks_is_left_alone() {
		let home = TempDir::new().unwrap();
		let (folder, archive) = exported(home.path());
		fs::write(folder.join("0001 letter"), "only here").unwrap();
		assert!(packed(&archive, &folder).unwrap().is_none());
		fs::remove_file(folder.join("0001 letter")).unwrap();
		fs::write(folder.join("profile.json"), "[]").unwrap();
		assert!(packed(&archive, &folder).unwrap().is_none());
		fs::remove_file(folder.join("profile.json")).unwrap();
		assert!(packed(&archive, &folder).unwrap().is_some());
		// An archive that is damaged, is none, or has nothing beside it.
		let whole = fs::read(&archive).unwrap();
		let mut damaged = whole.clone();
		let at = whole.windows(2).position(|bytes| bytes == b"{}").unwrap();
		damaged[at] = b'[';
		for other in [&damaged[..], &whole[1..], b"another archive", b""] {
			fs::write(&archive, other).unwrap();
			assert!(packed(&archive, &folder).unwrap().is_none(), "{} bytes", other.len());
		}
		fs::write(&archive, whole).unwrap();
		assert!(packed(&archive, &home.path().join("nothing")).unwrap().is_none());
	}
}
