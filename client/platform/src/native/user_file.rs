//! Files at paths that the user named.

use std::{
	fs,
	io::{self, Read},
	path::{Path, PathBuf},
	time::{SystemTime, UNIX_EPOCH},
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
	let changed = found.modified().ok();
	Ok((found.len(), Box::new(Opened { path, file, changed })))
}

/// An open file. Its end is reached only if nothing has written to it meanwhile: what was read would be a part of one version,
/// and a part of another.
struct Opened<'a> {
	path: &'a Path,
	file: fs::File,
	/// The time of its last change when it was opened, where the file system has such times.
	changed: Option<SystemTime>,
}

impl Read for Opened<'_> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		let read = self.file.read(buffer)?;
		if read > 0 || buffer.is_empty() {
			return Ok(read);
		}
		match self.file.metadata()?.modified().ok() == self.changed {
			true => Ok(0),
			false => Err(io::Error::other(format!(
				"{} changed while it was read: do it again",
				self.path.display(),
			))),
		}
	}
}

pub(crate) fn version(path: &Path) -> Option<(Vec<u8>, u64, u128)> {
	let path = fs::canonicalize(path).ok()?;
	let found = fs::metadata(&path).ok()?;
	let changed = match found.modified().ok()?.duration_since(UNIX_EPOCH) {
		Ok(since) => since.as_nanos(),
		// Broken clocks and archives leave such times. These count back from a number that no other reaches.
		Err(before) => u128::MAX.saturating_sub(before.duration().as_nanos()),
	};
	Some((path.as_os_str().as_encoded_bytes().to_vec(), found.len(), changed))
}
