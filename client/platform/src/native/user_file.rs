//! Files at paths that the user named.

use std::{
	fs,
	io::{self, Read},
	path::{Path, PathBuf},
	time::UNIX_EPOCH,
};

pub type Given = PathBuf;
pub type Reading<'a> = Box<dyn Read + Send + 'a>;

pub(crate) fn place(path: &Path) -> String {
	path.display().to_string()
}

pub(crate) fn length(path: &Path) -> io::Result<u64> {
	Ok(fs::metadata(path)?.len())
}

pub(crate) fn open(path: &Path) -> io::Result<(u64, Reading<'_>)> {
	let file = fs::File::open(path)?;
	let found = file.metadata()?;
	if !found.is_file() {
		return Err(io::Error::other("this is no file"));
	}
	Ok((found.len(), Box::new(file)))
}

pub(crate) fn version(path: &Path) -> Option<(Vec<u8>, u64, u128)> {
	let path = fs::canonicalize(path).ok()?;
	let found = fs::metadata(&path).ok()?;
	let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
	Some((path.as_os_str().as_encoded_bytes().to_vec(), found.len(), changed.as_nanos()))
}
