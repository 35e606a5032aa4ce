//! Files that the user picked.

use sha2::{Digest as _, Sha256};
use std::io::{self, Read};

/// Bytes that are copied out of a picked file at a time.
const PIECE: u64 = 1024 * 1024;

/// Bytes at a file's beginning, and as many at its end, that tell it from others: of a file of up to
/// twice as many, all.
const TELLING: u64 = 16 * 1024 * 1024;

pub type Given = web_sys::File;
pub type Reading<'a> = Box<dyn Read + 'a>;

pub(crate) fn place(file: &Given) -> String {
	file.name()
}

pub(crate) fn length(file: &Given) -> io::Result<u64> {
	Ok(file.size() as u64)
}

pub(crate) fn open(file: &Given) -> io::Result<(u64, Reading<'_>)> {
	let length = length(file)?;
	let picked = Picked { file, at: 0, length };
	Ok((length, Box::new(io::BufReader::with_capacity(PIECE as usize, picked))))
}

/// A browser tells no path, and the slices of two studies may have the same names, lengths and times. So
/// the content decides, the beginning and the end of it.
pub(crate) fn version(file: &Given) -> Option<(Vec<u8>, u64, u128)> {
	let length = length(file).ok()?;
	let mut digest = Sha256::new();
	digest.update(file.name());
	let rest = length.saturating_sub(TELLING).max(TELLING).min(length);
	for (from, to) in [(0, TELLING.min(length)), (rest, length)] {
		let part = Picked { file, at: from, length: to };
		let mut part = io::BufReader::with_capacity(PIECE as usize, part);
		io::copy(&mut part, &mut Hashing(&mut digest)).ok()?;
	}
	let nanoseconds = file.last_modified() as u128 * 1_000_000;
	Some((digest.finalize().to_vec(), length, nanoseconds))
}

/// Writes into a digest.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		self.0.update(bytes);
		Ok(bytes.len())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

/// A picked file, read as only Workers can: without waiting for a promise.
struct Picked<'a> {
	file: &'a web_sys::File,
	at: u64,
	length: u64,
}

impl Read for Picked<'_> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		let room = u64::try_from(buffer.len()).unwrap_or(PIECE);
		let end = self.at.saturating_add(room.min(PIECE)).min(self.length);
		if end == self.at {
			return Ok(0);
		}
		let failed = |_| io::Error::other("the file can't be read: was it changed or moved?");
		let slice = self.file.slice_with_f64_and_f64(self.at as f64, end as f64);
		let reader = web_sys::FileReaderSync::new().map_err(failed)?;
		let read = reader.read_as_array_buffer(&slice.map_err(failed)?).map_err(failed)?;
		let bytes = js_sys::Uint8Array::new(&read);
		let length = bytes.length() as usize;
		let target = buffer.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
		bytes.copy_to(target);
		self.at = self.at.saturating_add(length as u64);
		Ok(length)
	}
}
