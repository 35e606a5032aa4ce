//! Files on a disk.

use crate::files::Contents;
use std::{
	fs,
	io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
	sync::{Mutex, PoisonError},
};

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
