//! Files that are written in full or not at all, also after a power failure.

use rand::{RngCore, rngs::OsRng};
use serde::Serialize;
use std::{
	fs::{self, DirBuilder, File, OpenOptions},
	io::{self, ErrorKind, Write},
	os::unix::fs::{DirBuilderExt, OpenOptionsExt},
	path::Path,
};

/// Creates a folder, and those above it, for this user alone.
pub fn create_folder(path: &Path) -> io::Result<()> {
	DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Options that open a file for writing, and create it for this user alone.
pub fn private() -> OpenOptions {
	let mut options = OpenOptions::new();
	options.write(true).create(true).mode(0o600);
	options
}

/// A file's content; none if there is no such file.
pub fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
	match fs::read(path) {
		Ok(bytes) => Ok(Some(bytes)),
		Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
		Err(why) => Err(why),
	}
}

/// Removes a file, if it exists.
pub fn remove_if_there(path: &Path) -> io::Result<()> {
	match fs::remove_file(path) {
		Err(why) if why.kind() != ErrorKind::NotFound => Err(why),
		_ => Ok(()),
	}
}

/// Writes a small file atomically: beside its place first, then into it.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
	let beside = path.with_extension("new");
	let mut file = private().truncate(true).open(&beside)?;
	file.write_all(bytes)?;
	file.sync_all()?;
	rename(&beside, path)
}

/// As [`write()`], a value in JSON.
pub fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
	write(path, &serde_json::to_vec(value)?)
}

/// Removes a folder with all that is in it, if it exists.
pub fn remove_folder_if_there(path: &Path) -> io::Result<()> {
	match fs::remove_dir_all(path) {
		Err(why) if why.kind() != ErrorKind::NotFound => Err(why),
		_ => Ok(()),
	}
}

/// Moves a file to another file system, durably, and in full or not at all: by way of a place on that one.
pub fn move_over(from: &Path, beside: &Path, to: &Path) -> io::Result<()> {
	let copied = || {
		let mut copy = private().truncate(true).open(beside)?;
		io::copy(&mut File::open(from)?, &mut copy)?;
		copy.sync_all()
	};
	copied().inspect_err(|_| {
		let _ = remove_if_there(beside);
	})?;
	rename(beside, to)?;
	remove_if_there(from)
}

/// The name of a data folder. A back-up has it, too: a vault that is restored elsewhere goes on at once.
pub fn name_of(data: &Path) -> io::Result<String> {
	let path = data.join("holder");
	if let Some(found) = read_if_there(&path)?
		&& let Ok(name) = String::from_utf8(found)
		&& !name.is_empty()
	{
		return Ok(name);
	}
	let mut random = [0; 16];
	OsRng.fill_bytes(&mut random);
	let name = hex::encode(random);
	write(&path, name.as_bytes())?;
	Ok(name)
}

/// Moves a file, durably.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
	fs::rename(from, to)?;
	sync_folder_of(to)
}

/// Makes durable what was done to a file's name.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
	match path.parent() {
		Some(folder) => File::open(folder)?.sync_all(),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_data_folder_keeps_its_name_and_no_two_have_the_same() {
		let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
		let [one, two] = folders.each_ref().map(|folder| name_of(folder.path()).unwrap());
		assert_eq!(name_of(folders[0].path()).unwrap(), one);
		assert_ne!(one, two);
		std::fs::write(folders[0].path().join("holder"), "").unwrap();
		assert_ne!(name_of(folders[0].path()).unwrap(), one, "a power failure has emptied it");
	}
}
