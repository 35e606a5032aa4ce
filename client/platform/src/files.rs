//! Large files: written and read in pieces, and never held in memory as a whole.

use crate::{MaybeSend, MaybeSync, Result, Storage, memory::Buffer, target};
use async_trait::async_trait;
use std::{
	io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
	sync::Arc,
};

pub use crate::user_file::{Joined, JoinedPart, UserFile};

/// Storage that also keeps large files.
///
/// A file begins as a nameless [`Scratch`], which disappears unless [`keep`](Self::keep) names it. Files
/// share their names with the values of [`Storage`]: [`find`](Storage::find), [`list`](Storage::list) and
/// [`remove`](Storage::remove) know both. A name is to be used for one or the other.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait Files: Storage {
	/// Makes an empty file, to be kept in this folder (`""` for the outermost) or nowhere.
	async fn scratch(&self, folder: &str) -> Result<Scratch>;

	/// Names a scratch file of this storage. Replaces what has the name. Files that are open stay open.
	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()>;

	/// Opens a file to read it; nothing if the name is free.
	async fn open(&self, name: &str) -> Result<Option<File>>;

	/// Gives a file another name in the same folder. Replaces what has that name.
	async fn rename(&self, from: &str, to: &str) -> Result<()>;

	/// Whether files outlive the program.
	fn lasts(&self) -> bool {
		true
	}

	/// Holds a name that stands for some work, until this is dropped or the program ends, however it does. Nothing if
	/// another program, or another part of this one, holds it. Only [`Folder`](crate::Folder) knows of others: elsewhere
	/// each gets a hold.
	async fn hold(&self, _name: &str) -> Result<Option<Hold>> {
		Ok(Some(Hold::default()))
	}

	/// The number of bytes for which there is room now; nothing if that is not known.
	fn room(&self) -> Option<u64> {
		None
	}
}

/// What keeps a name held. See [`Files::hold`].
#[derive(Debug, Default)]
pub struct Hold {
	/// The locked file.
	#[cfg(not(target_family = "wasm"))]
	pub(crate) _file: Option<std::fs::File>,
}

/// An open file. Clones are the same file, so that one can be read while it is written.
#[derive(Clone)]
pub struct File(Arc<dyn Contents>);

/// The bytes of a file.
pub(crate) trait Contents: MaybeSend + MaybeSync {
	fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
	fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;
	fn length(&self) -> io::Result<u64>;
	fn sync(&self) -> io::Result<()>;
}

impl File {
	pub(crate) fn of(contents: Arc<dyn Contents>) -> Self {
		Self(contents)
	}

	/// Reads some bytes from a place on; 0 at the end.
	pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
		self.0.read_at(buffer, at)
	}

	/// Reads exactly this range.
	///
	/// # Errors
	///
	/// [`ErrorKind::UnexpectedEof`] if the file is shorter.
	pub fn read_range(&self, from: u64, length: usize) -> io::Result<Vec<u8>> {
		let mut bytes = vec![0; length];
		let mut reader = Reader { file: self.clone(), at: from };
		reader.read_exact(&mut bytes)?;
		Ok(bytes)
	}

	/// Writes at a place, which is at most the file's end.
	pub fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
		self.0.write_at(bytes, at)
	}

	/// Its length in bytes.
	pub fn length(&self) -> io::Result<u64> {
		self.0.length()
	}

	/// Returns when everything written is on the disk.
	pub fn sync(&self) -> io::Result<()> {
		self.0.sync()
	}

	/// Reads from the beginning.
	pub fn reader(&self) -> Reader {
		Reader { file: self.clone(), at: 0 }
	}

	/// Writes from the beginning. Every `write` goes to the file: small ones want a buffer.
	pub fn writer(&self) -> Writer {
		Writer { file: self.clone(), at: 0 }
	}
}

/// A place in a file, to read on from.
pub struct Reader {
	file: File,
	at: u64,
}

impl Read for Reader {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		let read = self.file.read_at(buffer, self.at)?;
		self.at = self.at.saturating_add(read as u64);
		Ok(read)
	}
}

impl Seek for Reader {
	fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
		let at = match to {
			SeekFrom::Start(at) => Some(at),
			SeekFrom::Current(by) => self.at.checked_add_signed(by),
			SeekFrom::End(by) => self.file.length()?.checked_add_signed(by),
		};
		self.at = at.ok_or(ErrorKind::InvalidInput)?;
		Ok(self.at)
	}
}

/// A place in a file, to write on from.
pub struct Writer {
	file: File,
	at: u64,
}

impl Write for Writer {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		self.file.write_at(bytes, self.at)?;
		self.at = self.at.saturating_add(bytes.len() as u64);
		Ok(bytes.len())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

/// A file without a name. Removed when dropped, unless [`Files::keep`] names it.
pub struct Scratch {
	/// The file, open to read and write.
	pub file: File,
	pub(crate) held: Held,
}

/// What removes a scratch file when dropped.
pub(crate) enum Held {
	Memory(Buffer),
	Target(target::Held),
}

impl Scratch {
	pub(crate) fn into_memory(self) -> io::Result<Buffer> {
		match self.held {
			Held::Memory(buffer) => Ok(buffer),
			Held::Target(_) => Err(of_another_storage()),
		}
	}

	pub(crate) fn into_target(self) -> io::Result<target::Held> {
		match self.held {
			Held::Target(held) => Ok(held),
			Held::Memory(_) => Err(of_another_storage()),
		}
	}
}

pub(crate) fn of_another_storage() -> io::Error {
	io::Error::new(ErrorKind::InvalidInput, "this scratch file is of another storage")
}
