//! Files that the user picked.

use std::io::{self, Read};

/// Bytes that are copied out of a picked file at a time.
const PIECE: u64 = 1024 * 1024;

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

pub(crate) fn version(file: &Given) -> Option<(Vec<u8>, u64, u128)> {
	let nanoseconds = file.last_modified() as u128 * 1_000_000;
	Some((file.name().into_bytes(), file.size() as u64, nanoseconds))
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
