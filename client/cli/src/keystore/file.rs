//! Small private files: read whole, written whole, never overwritten by accident.

use std::{
	fs::{self, File},
	io::{Error, ErrorKind, Read, Result, Write},
	path::Path,
};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// Reads a file of at most `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
	let file = File::open(path)?;
	if file.metadata()?.is_dir() {
		return Err(ErrorKind::IsADirectory.into());
	}
	// Room from the beginning, so that no copy is left behind where the buffer was before it grew.
	let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
	file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
	if bytes.len() > limit {
		return Err(Error::new(ErrorKind::InvalidData, format!("it is longer than {limit} bytes")));
	}
	Ok(bytes)
}

/// Writes a file that nobody but its owner can read, whole or not at all. Fails with
/// [`ErrorKind::AlreadyExists`] if something has that name.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
	let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
	// Temporary files have mode 0600.
	let mut file = NamedTempFile::new_in(folder)?;
	file.write_all(bytes)?;
	file.as_file().sync_all()?;
	file.persist_noclobber(path).map_err(|failed| failed.error)?;
	File::open(folder)?.sync_all()
}

/// Makes a folder, and those above it, that nobody but its owner can look into.
pub fn create_folder(path: &Path) -> Result<()> {
	let mut builder = fs::DirBuilder::new();
	builder.recursive(true);
	#[cfg(unix)]
	std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
	builder.create(path)
}
