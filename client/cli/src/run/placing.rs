//! The places of opened records in a folder of several.

use super::{
	manifest::{ContentOf, Inside, Line, Manifest, sha256},
	many::Wanted,
	opening,
	unpacking::{numbered, safe_path, unpack},
};
use crate::exit::Failure;
use medblock_client::records::{
	Opened,
	packed::{Content, MAX_PATH, is_packed},
};
use medblock_platform::{Destination as Place, files::Scratch};
use std::{fs::File, io, iter, path::Path};

/// How many names are tried for one record.
const NAMES: u32 = 10_000;

/// The bytes of a path that stay free for the numbers of names that others have, too.
const NUMBERS: usize = 64;

/// Gives an opened record its place in the folder. What is there already keeps its name, and the record gets another: the
/// folder may have records of several charts, under the same numbers and names.
pub fn keep(
	wanted: &Wanted<'_>,
	manifest: &Manifest,
	of: ContentOf,
	opened: Opened,
	digest: &[u8; 32],
) -> Result<Line, Failure> {
	let Opened { title, content, length } = opened;
	let failed = |why: io::Error| Failure::file("write into", wanted.folder, &why);
	// The number comes first, so that no two of a chart have one name, and the same command gives the same names.
	let name = format!("{:04} {}", of.record, opening::file_name(&title.headers));
	let packed = match wanted.unpack && is_packed(&title.headers) {
		true => Content::read(&content.file, length).map_err(failed)?,
		false => None,
	};
	let has_room =
		|packed: &Content| wanted.archive.is_none_or(|most| takes(manifest, most, packed, &name));
	let packed = packed.filter(has_room);
	let (file, files) = match packed {
		Some(packed) => {
			let name = name.strip_suffix(".zip").unwrap_or(&name);
			unpacked(wanted, manifest, &of, &packed, name)?
		},
		None => (written(wanted, manifest, &of, (content, length, digest), &name)?, Vec::new()),
	};
	Ok(Line { file, bytes: length, sha256: hex::encode(digest), content_of: Some(of), files })
}

/// Whether an archive of all that is in the folder, and of at most so many files, takes those of a record in a folder of this
/// name.
fn takes(manifest: &Manifest, most: usize, packed: &Content, name: &str) -> bool {
	let members = packed.members();
	let longest = members.iter().map(|one| safe_path(one).len()).max().unwrap_or_default();
	name.len().saturating_add(longest).saturating_add(NUMBERS) <= MAX_PATH
		&& manifest.files().saturating_add(members.len()) <= most
}

/// Unpacks a record into a folder of this name, or of a similar one.
fn unpacked(
	wanted: &Wanted<'_>,
	manifest: &Manifest,
	of: &ContentOf,
	packed: &Content,
	name: &str,
) -> Result<(String, Vec<Inside>), Failure> {
	for one in similar(name, |number| format!("{name} ({number})")) {
		let folder = format!("{one}/");
		if manifest.is_of_another(&folder, of) {
			continue;
		}
		if let Some(files) = unpack(packed, &wanted.folder.join(&one))? {
			return Ok((folder, files));
		}
	}
	Err(opening::there(&wanted.folder.join(name)))
}

/// Gives the content this name, or a similar one.
fn written(
	wanted: &Wanted<'_>,
	manifest: &Manifest,
	of: &ContentOf,
	(content, length, digest): (Scratch, u64, &[u8; 32]),
	name: &str,
) -> Result<String, Failure> {
	for one in similar(name, |number| numbered(name, number)) {
		// Another record's is not replaced either, whatever is asked for: it may be all that there is of another chart.
		if manifest.is_of_another(&one, of) {
			continue;
		}
		let path = wanted.folder.join(&one);
		if is_there(&path, length, digest) {
			return Ok(one);
		}
		let replaces = match path.symlink_metadata() {
			Err(_) => false,
			Ok(found) if wanted.force && (found.is_file() || found.is_symlink()) => true,
			Ok(_) => continue,
		};
		let place = Place::File { path: path.clone(), replaces };
		opening::put(place, &path, content, &one)?;
		return Ok(one);
	}
	Err(opening::there(&wanted.folder.join(name)))
}

/// A name, and others if it is taken.
fn similar(name: &str, other: impl Fn(u32) -> String) -> impl Iterator<Item = String> {
	iter::once(name.to_owned()).chain((2..NAMES).map(other))
}

/// Whether the content is there, and only not in the manifest: a run was ended between the two.
fn is_there(path: &Path, length: u64, digest: &[u8; 32]) -> bool {
	let found = path.symlink_metadata();
	found.is_ok_and(|found| found.is_file() && found.len() == length)
		&& File::open(path).and_then(sha256).is_ok_and(|found| found == *digest)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::executor::block_on;
	use medblock_client::{
		medblock_crypto::Headers,
		records::{
			Title,
			packed::{Found, PACKED_TYPE, pack},
		},
		vault::unwatched,
	};
	use medblock_platform::{Files, Memory, files::UserFile};
	use std::{fs, io::Write};
	use tempfile::TempDir;
	use tokio::runtime::Runtime;

	/// Keeps record 1 of a patient, with this content. Returns its line.
	fn kept(folder: &Path, manifest: &Manifest, (patient, force): (u32, bool), text: &str) -> Line {
		let headers = Headers {
			title: "Letter".into(),
			media_type: "text/plain".into(),
			file_name: Some("letter.txt".into()),
			written_at: None,
		};
		let of = ContentOf {
			patient,
			record: 1,
			document: "ab".into(),
			title: "Letter".into(),
			media_type: "text/plain".into(),
		};
		let content = block_on(Memory::new().scratch("")).unwrap();
		content.file.writer().write_all(text.as_bytes()).unwrap();
		let title = Title { headers, really_sealed_to: None };
		let opened = Opened { title, content, length: text.len() as u64 };
		let wanted = Wanted { folder, unpack: false, force, archive: None };
		keep(&wanted, manifest, of, opened, &sha256(text.as_bytes()).unwrap()).unwrap()
	}

	#[test]
	fn records_of_several_charts_with_one_name_are_all_there() {
		let folder = TempDir::new().unwrap();
		let folder = folder.path();
		let mut manifest = Manifest::open(folder).unwrap();
		fs::write(folder.join("0001 letter (4).txt"), "mine").unwrap();
		for (patient, force, text, name) in [
			(3, false, "one", "0001 letter.txt"),
			(4, false, "two", "0001 letter (2).txt"),
			(5, true, "one", "0001 letter (3).txt"),
			(6, false, "four", "0001 letter (5).txt"),
			// Only what is no record's is replaced.
			(7, true, "five", "0001 letter (4).txt"),
			(3, false, "one", "0001 letter.txt"),
		] {
			let line = kept(folder, &manifest, (patient, force), text);
			assert_eq!(line.file, name);
			assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), text);
			manifest.add(line).unwrap();
		}
		assert_eq!(fs::read_to_string(folder.join("0001 letter.txt")).unwrap(), "one");
		assert!((3..8).all(|patient| manifest.has(patient, 1, "ab")));
	}

	#[test]
	fn a_run_that_was_ended_before_it_wrote_down_a_file_leaves_no_second_one() {
		let folder = TempDir::new().unwrap();
		let folder = folder.path();
		let mut manifest = Manifest::open(folder).unwrap();
		manifest.add(kept(folder, &manifest, (3, false), "one")).unwrap();
		for _ in 0..2 {
			assert_eq!(kept(folder, &manifest, (4, false), "two").file, "0001 letter (2).txt");
		}
	}

	/// Keeps a record with two files, of which one is in so many folders.
	fn kept_packed(folder: &Path, folders: usize, archive: Option<usize>) -> Line {
		let files = ["a".to_owned(), "b/".repeat(folders) + "c"].map(|path| {
			let bytes = path.clone().into_bytes().into();
			Found { file: UserFile::Bytes { name: path.clone(), bytes }, path, written_at: None }
		});
		let unwatched = unwatched();
		let packing = pack("study".into(), files.into(), &unwatched);
		let packed = Runtime::new().unwrap().block_on(packing).unwrap();
		let (length, mut reader) = packed.open().unwrap();
		let content = block_on(Memory::new().scratch("")).unwrap();
		io::copy(&mut reader, &mut content.file.writer()).unwrap();
		let headers = Headers {
			title: "Study".into(),
			media_type: PACKED_TYPE.into(),
			file_name: Some("study.zip".into()),
			written_at: None,
		};
		let of = ContentOf {
			patient: 3,
			record: 1,
			document: "ab".into(),
			title: "Study".into(),
			media_type: PACKED_TYPE.into(),
		};
		let opened = Opened { title: Title { headers, really_sealed_to: None }, content, length };
		let wanted = Wanted { folder, unpack: true, force: false, archive };
		let manifest = Manifest::open(folder).unwrap();
		keep(&wanted, &manifest, of, opened, &[1; 32]).unwrap()
	}

	/// The archive could not be packed, whenever the export was tried again.
	#[test]
	fn a_record_that_an_archive_has_no_room_for_is_not_unpacked() {
		for (folders, archive, name, files) in [
			(1, None, "0001 study/", 2),
			(1, Some(2), "0001 study/", 2),
			(1, Some(1), "0001 study.zip", 0),
			(240, None, "0001 study/", 2),
			(240, Some(2), "0001 study.zip", 0),
		] {
			let folder = TempDir::new().unwrap();
			let line = kept_packed(folder.path(), folders, archive);
			let kept = (line.file.as_str(), line.files.len());
			assert_eq!(kept, (name, files), "{folders}, {archive:?}");
		}
	}
}
