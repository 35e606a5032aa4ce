//! Files that the user picked.

use std::io::{self, Read};
use zeroize::Zeroizing;

/// Bytes that are copied out of a picked file at a time.
const PIECE: u64 = 1024 * 1024;

/// A file of the user's: what becomes a record.
#[derive(Clone, Debug)]
pub enum UserFile {
	/// Picked in the browser.
	Picked(web_sys::File),
	/// In memory.
	Bytes {
		/// A name for messages.
		name: String,
		/// The contents.
		bytes: Zeroizing<Vec<u8>>,
	},
}

impl UserFile {
	/// What it is called, for messages.
	pub fn place(&self) -> String {
		match self {
			Self::Picked(file) => file.name(),
			Self::Bytes { name, .. } => name.clone(),
		}
	}

	/// The length in bytes.
	pub fn length(&self) -> io::Result<u64> {
		match self {
			Self::Picked(file) => Ok(file.size() as u64),
			Self::Bytes { bytes, .. } => Ok(bytes.len() as u64),
		}
	}

	/// The length, and the contents from the beginning.
	pub fn open(&self) -> io::Result<(u64, Box<dyn Read + '_>)> {
		let length = self.length()?;
		Ok((
			length,
			match self {
				Self::Picked(file) => Box::new(io::BufReader::with_capacity(
					PIECE as usize,
					Picked { file, at: 0, length },
				)),
				Self::Bytes { bytes, .. } => Box::new(&bytes[..]),
			},
		))
	}

	/// What tells the file, as it is now, from every other one: its name, its length, and when it was
	/// changed. Nothing if that can't be told.
	pub fn version(&self) -> Option<(Vec<u8>, u64, u128)> {
		let Self::Picked(file) = self else { return None };
		let nanoseconds = file.last_modified() as u128 * 1_000_000;
		Some((file.name().into_bytes(), file.size() as u64, nanoseconds))
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
