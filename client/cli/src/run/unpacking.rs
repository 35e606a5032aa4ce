//! Unpacking the files of a record that has many.

use super::manifest::Inside;
use crate::exit::{Code, Failure};
use medblock_client::{
	medblock_crypto::safe_file_name,
	records::packed::{Content, Member},
};
use std::{
	collections::HashSet,
	fs::{self, File},
	io::{self, BufWriter, Write},
	path::Path,
};

/// The beginning of the names of folders into which records are being unpacked.
const UNFINISHED: &str = ".unpacking-";

/// Removes what an earlier run that was killed has left of records that it was unpacking.
pub fn sweep(folder: &Path) -> Result<(), Failure> {
	let failed = |why| Failure::file("look into", folder, &why);
	for entry in fs::read_dir(folder).map_err(failed)? {
		let entry = entry.map_err(failed)?;
		let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
		if is_ours && entry.file_type().map_err(failed)?.is_dir() {
			let path = entry.path();
			fs::remove_dir_all(&path).map_err(|why| Failure::file("remove", &path, &why))?;
		}
	}
	Ok(())
}

/// Unpacks a record's files into a folder that does not exist yet. It is there once all of it is.
pub fn unpack(content: &Content, to: &Path) -> Result<Vec<Inside>, Failure> {
	let failed = |why: &io::Error| Failure::file("write", to, why);
	if to.symlink_metadata().is_ok() {
		return Err(Failure::new(
			Code::Local,
			format!("{} is there already: nothing was overwritten", to.display()),
		));
	}
	let beside = to.parent().unwrap_or(Path::new("."));
	let folder = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(beside);
	let folder = folder.map_err(|why| failed(&why))?;
	let (mut names, mut files) = (HashSet::new(), Vec::new());
	for member in content.members() {
		let file = unique(&safe_path(member), &mut names);
		let path = folder.path().join(&file);
		let write = || {
			fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
			let mut out = BufWriter::new(File::create_new(&path)?);
			content.copy(member, &mut out)?;
			out.flush()
		};
		write().map_err(|why| failed(&why))?;
		files.push(Inside { file, bytes: member.length, sha256: hex::encode(member.digest) });
	}
	fs::rename(folder.path(), to).map_err(|why| failed(&why))?;
	// It has another name now: there is nothing to remove.
	let _ = folder.keep();
	Ok(files)
}

/// A file's path, of names that every system takes.
fn safe_path(member: &Member) -> String {
	let names: Vec<String> = member.path.split('/').map(safe_file_name).collect();
	names.join("/")
}

/// A path that no other file has, on systems that don't tell large letters from small ones, too.
pub fn unique(path: &str, taken: &mut HashSet<String>) -> String {
	let mut unique = path.to_owned();
	let mut number = 2;
	while !taken.insert(unique.to_lowercase()) {
		let end = path.rfind('.').filter(|dot| !path[*dot..].contains('/')).unwrap_or(path.len());
		let (stem, extension) = path.split_at(end);
		unique = format!("{stem} ({number}){extension}");
		number += 1;
	}
	unique
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_was_left_half_unpacked_is_removed() {
		let folder = tempfile::tempdir().expect("a folder");
		for name in [".unpacking-a1", "0001 study", ".other"] {
			fs::create_dir_all(folder.path().join(name).join("inside")).expect("a folder");
		}
		fs::write(folder.path().join(".unpacking-b2"), "a file").expect("a file");
		assert!(sweep(folder.path()).is_ok());
		let left = |name: &str| folder.path().join(name).exists();
		assert!(!left(".unpacking-a1"));
		assert!(left("0001 study") && left(".other") && left(".unpacking-b2"));
	}

	#[test]
	fn no_two_files_get_one_name() {
		let mut taken = HashSet::new();
		let mut name = |path| unique(path, &mut taken);
		assert_eq!(name("a.b/IM1"), "a.b/IM1");
		assert_eq!(name("a.b/im1"), "a.b/im1 (2)");
		assert_eq!(name("a.b/IM1"), "a.b/IM1 (3)");
		assert_eq!(name("x.dcm"), "x.dcm");
		assert_eq!(name("X.DCM"), "X (2).DCM");
	}
}
