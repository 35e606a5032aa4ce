//! Files that are written in full or not at all, also after a power failure.

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
