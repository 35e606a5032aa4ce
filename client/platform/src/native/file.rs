//! Files on a disk.

use crate::files::{Contents, Scratch};
use std::{
	fs, io,
	io::{ErrorKind, Read, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
	sync::{Mutex, PoisonError},
	time::UNIX_EPOCH,
};
use zeroize::Zeroizing;

/// A file on a disk. The lock is for its one cursor.
pub(super) struct Disk(Mutex<fs::File>);

impl Disk {
	pub(super) fn new(file: fs::File) -> Self {
		Self(Mutex::new(file))
	}

	fn with<T>(&self, use_it: impl FnOnce(&mut fs::File) -> io::Result<T>) -> io::Result<T> {
		use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
	}
}

impl Contents for Disk {
	fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
		self.with(|file| {
			file.seek(SeekFrom::Start(at))?;
			file.read(buffer)
		})
	}

	fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
		self.with(|file| {
			if at > file.metadata()?.len() {
				return Err(ErrorKind::InvalidInput.into());
			}
			file.seek(SeekFrom::Start(at))?;
			file.write_all(bytes)
		})
	}

	fn length(&self) -> io::Result<u64> {
		self.with(|file| Ok(file.metadata()?.len()))
	}

	fn sync(&self) -> io::Result<()> {
		self.with(|file| file.sync_all())
	}
}

impl Scratch {
	/// The file's path, to move it out of the storage. The file is removed when the path is dropped.
	///
	/// # Errors
	///
	/// [`ErrorKind::InvalidInput`] for a file in memory.
	pub fn into_path(self) -> io::Result<tempfile::TempPath> {
		self.into_target()
	}
}

/// A file of the user's: what becomes a record.
#[derive(Clone, Debug)]
pub enum UserFile {
	/// On a disk.
	Path(PathBuf),
	/// In memory.
	Bytes {
		/// A name for messages.
		name: String,
		/// The contents.
		bytes: Zeroizing<Vec<u8>>,
	},
}

impl UserFile {
	/// Where it is, for messages.
	pub fn place(&self) -> String {
		match self {
			Self::Path(path) => path.display().to_string(),
			Self::Bytes { name, .. } => name.clone(),
		}
	}

	/// The length in bytes.
	pub fn length(&self) -> io::Result<u64> {
		match self {
			Self::Path(path) => fs::metadata(path).map(|found| found.len()),
			Self::Bytes { bytes, .. } => Ok(bytes.len() as u64),
		}
	}

	/// The length, and the contents from the beginning.
	pub fn open(&self) -> io::Result<(u64, Box<dyn Read + Send + '_>)> {
		match self {
			Self::Path(path) => {
				let file = fs::File::open(path)?;
				let found = file.metadata()?;
				if !found.is_file() {
					return Err(io::Error::other("this is no file"));
				}
				Ok((found.len(), Box::new(file)))
			},
			Self::Bytes { bytes, .. } => Ok((bytes.len() as u64, Box::new(&bytes[..]))),
		}
	}

	/// What tells the file, as it is now, from every other one: where it is, its length, and when it was
	/// changed. Nothing if that can't be told.
	pub fn version(&self) -> Option<(Vec<u8>, u64, u128)> {
		let Self::Path(path) = self else { return None };
		let path: &Path = &fs::canonicalize(path).ok()?;
		let found = fs::metadata(path).ok()?;
		let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
		Some((path.as_os_str().as_encoded_bytes().to_vec(), found.len(), changed.as_nanos()))
	}
}
