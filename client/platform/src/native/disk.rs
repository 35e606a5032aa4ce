//! Small private files at any path: read whole, and written whole or not at all.

use super::file::Disk;
use crate::{files, storage::too_long};
use std::{
	fs::{self, File},
	io::{ErrorKind, Read, Result, Write},
	path::Path,
	sync::Arc,
};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// Reads a file of at most `limit` bytes.
///
/// # Errors
///
/// [`ErrorKind::InvalidData`] if the file is longer.
pub fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
	let file = File::open(path)?;
	if file.metadata()?.is_dir() {
		return Err(ErrorKind::IsADirectory.into());
	}
	// With enough capacity: growing would leave a copy behind that is not erased.
	let mut bytes = Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)));
	file.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
	if bytes.len() > limit {
		return Err(too_long(limit));
	}
	Ok(bytes)
}

/// Opens a file of any length, to read parts of it.
pub fn open(path: &Path) -> Result<files::File> {
	Ok(files::File::of(Arc::new(Disk::new(File::open(path)?))))
}

/// Writes a new file that only its owner can read. It is on the disk when this returns.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] if the path is taken. Nothing is overwritten then.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
	let (file, folder) = written(path, bytes)?;
	file.persist_noclobber(path).map_err(|failed| failed.error)?;
	sync_folder(folder)
}

/// Writes a file that only its owner can read, in place of the one at this path, if any. It is on the disk when
/// this returns.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
	let (file, folder) = written(path, bytes)?;
	file.persist(path).map_err(|failed| failed.error)?;
	sync_folder(folder)
}

/// Makes a folder, and the folders above it, that only their owner can look into.
pub fn create_folder(path: &Path) -> Result<()> {
	let mut builder = fs::DirBuilder::new();
	builder.recursive(true);
	#[cfg(unix)]
	std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
	builder.create(path)
}

/// Opens a file that is only there to be locked, and that only its owner can open; makes it if need be.
pub(crate) fn lockable(path: &Path) -> Result<File> {
	let mut options = File::options();
	options.create(true).truncate(false).write(true);
	#[cfg(unix)]
	std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
	options.open(path)
}

/// A temporary file, which has mode 0600, and its folder.
fn written<'a>(path: &'a Path, bytes: &[u8]) -> Result<(NamedTempFile, &'a Path)> {
	let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
	let mut file = NamedTempFile::new_in(folder)?;
	file.write_all(bytes)?;
	file.as_file().sync_all()?;
	Ok((file, folder))
}

/// Makes a new name survive a loss of power.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
	File::open(folder)?.sync_all()
}
