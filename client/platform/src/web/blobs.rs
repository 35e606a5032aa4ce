//! Content in clear, as a blob of the browser's.

use super::{Held as Target, private_file::failed};
use crate::{
	Files, Memory, Result, Storage,
	files::{Contents, File, Held, Scratch, of_another_storage},
	storage::Found,
};
use async_trait::async_trait;
use js_sys::{Array, Uint8Array};
use std::{
	cell::RefCell,
	io::{self, ErrorKind},
	mem,
	sync::Arc,
};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, FileReaderSync};
use zeroize::Zeroizing;

/// Bytes that are given to the browser at a time.
const PIECE: usize = 1024 * 1024;

/// Pieces whose bytes may be in this process at the same time.
const TOGETHER: usize = 16;

/// The type of every blob: what an author calls a file is not believed.
const TYPE: &str = "application/octet-stream";

/// Storage in memory, whose scratch files grow in the browser's hands.
///
/// A scratch file is written from its beginning to its end, and not read. Its bytes go to the browser in pieces, and
/// leave this process: Chromium's main process has them, and pages large ones out to its own disk. So a file of any size
/// takes a few pieces of memory here. [`Scratch::into_blob`] gives the whole. Before that, no part of it can be seen, and a
/// scratch file that is dropped takes its pieces along.
#[derive(Clone, Default)]
pub struct Blobs(Memory);

impl Blobs {
	/// Empty storage.
	pub fn new() -> Self {
		Self::default()
	}
}

impl Scratch {
	/// The content as one blob.
	///
	/// # Errors
	///
	/// [`ErrorKind::InvalidInput`] for a scratch file that is not of [`Blobs`]; [`ErrorKind::OutOfMemory`] if the browser
	/// has no room for the content.
	pub fn into_blob(self) -> io::Result<Blob> {
		match self.into_target()? {
			Target::Blob(growing) => growing.whole(),
			Target::File(_) => Err(of_another_storage()),
		}
	}
}

#[async_trait(?Send)]
impl Storage for Blobs {
	fn place(&self, name: &str) -> String {
		self.0.place(name)
	}

	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
		self.0.read(name, limit).await
	}

	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()> {
		self.0.create(name, bytes).await
	}

	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
		self.0.replace(name, bytes).await
	}

	async fn find(&self, name: &str) -> Result<Option<Found>> {
		self.0.find(name).await
	}

	async fn list(&self, prefix: &str) -> Result<Vec<Found>> {
		self.0.list(prefix).await
	}

	async fn remove(&self, name: &str) -> Result<()> {
		self.0.remove(name).await
	}

	async fn clear(&self, folder: &str) -> Result<()> {
		self.0.clear(folder).await
	}
}

#[async_trait(?Send)]
impl Files for Blobs {
	async fn scratch(&self, _folder: &str) -> Result<Scratch> {
		#[allow(clippy::arc_with_non_send_sync, reason = "natively, files move between threads")]
		let growing = Arc::new(Growing::new());
		Ok(Scratch { file: File::of(growing.clone()), held: Held::Target(Target::Blob(growing)) })
	}

	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		self.0.keep(scratch, name).await
	}

	async fn open(&self, name: &str) -> Result<Option<File>> {
		self.0.open(name).await
	}

	async fn rename(&self, from: &str, to: &str) -> Result<()> {
		self.0.rename(from, to).await
	}

	fn lasts(&self) -> bool {
		self.0.lasts()
	}
}

/// A file that only grows, as what will be one blob.
pub(crate) struct Growing(RefCell<Pieces>);

struct Pieces {
	/// Where each piece is put together. One array serves all, since JavaScript frees arrays late.
	next: Uint8Array,
	/// The bytes in it.
	filled: usize,
	/// Pieces whose bytes the browser may still have to fetch from this process.
	given: Vec<Blob>,
	/// Blobs of [`TOGETHER`] pieces, whose bytes have left this process.
	taken: Vec<Blob>,
	/// The bytes in all of them.
	length: u64,
}

impl Growing {
	fn new() -> Self {
		Self(RefCell::new(Pieces {
			next: Uint8Array::new_with_length(PIECE as u32),
			filled: 0,
			given: Vec::new(),
			taken: Vec::new(),
			length: 0,
		}))
	}

	fn whole(&self) -> io::Result<Blob> {
		let mut pieces = self.0.borrow_mut();
		pieces.finish()?;
		joined(&pieces.taken)
	}
}

impl Contents for Growing {
	fn read_at(&self, _buffer: &mut [u8], _at: u64) -> io::Result<usize> {
		Err(io::Error::new(ErrorKind::Unsupported, "a blob can't be read while it grows"))
	}

	fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
		let mut pieces = self.0.borrow_mut();
		if at != pieces.length {
			return Err(ErrorKind::InvalidInput.into());
		}
		pieces.append(bytes)
	}

	fn length(&self) -> io::Result<u64> {
		Ok(self.0.borrow().length)
	}

	fn sync(&self) -> io::Result<()> {
		self.0.borrow_mut().finish()
	}
}

impl Pieces {
	fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
		while !bytes.is_empty() {
			let (now, rest) = bytes.split_at(bytes.len().min(PIECE.saturating_sub(self.filled)));
			let end = self.filled.saturating_add(now.len());
			self.next.subarray(self.filled as u32, end as u32).copy_from(now);
			self.filled = end;
			self.length = self.length.saturating_add(now.len() as u64);
			bytes = rest;
			if self.filled == PIECE {
				self.give()?;
			}
		}
		Ok(())
	}

	/// Gives the browser what is in the array. A blob is a copy, so that the array can be written to again.
	fn give(&mut self) -> io::Result<()> {
		let bytes = self.next.subarray(0, mem::take(&mut self.filled) as u32);
		let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).map_err(no_room)?;
		self.given.push(blob);
		if self.given.len() == TOGETHER { self.hand_over() } else { Ok(()) }
	}

	/// Waits until the browser has taken the pieces out of this process, as one blob.
	///
	/// Chromium fetches a blob's bytes while other things happen. Decryption is faster, and would pile them up here. A
	/// blob is read only once all of its parts were fetched, and a Worker can wait for that.
	fn hand_over(&mut self) -> io::Result<()> {
		let blob = joined(&mem::take(&mut self.given))?;
		let (last, end) = (blob.size() - 1.0, blob.size());
		let last = blob.slice_with_f64_and_f64(last, end).map_err(no_room)?;
		FileReaderSync::new().map_err(failed)?.read_as_array_buffer(&last).map_err(no_room)?;
		self.taken.push(blob);
		Ok(())
	}

	/// Hands over what is left.
	fn finish(&mut self) -> io::Result<()> {
		if self.filled > 0 {
			self.give()?;
		}
		if self.given.is_empty() { Ok(()) } else { self.hand_over() }
	}
}

impl Drop for Pieces {
	fn drop(&mut self) {
		self.next.fill(0, 0, PIECE as u32);
	}
}

/// One blob of several, which copies nothing.
fn joined(parts: &[Blob]) -> io::Result<Blob> {
	let options = BlobPropertyBag::new();
	options.set_type(TYPE);
	let parts: Array = parts.iter().collect();
	Blob::new_with_blob_sequence_and_options(&parts, &options).map_err(no_room)
}

/// A browser that has no room for a blob refuses to make it or, later, to read it.
fn no_room(_: JsValue) -> io::Error {
	io::Error::new(ErrorKind::OutOfMemory, "the browser has no room for it")
}
