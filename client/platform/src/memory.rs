//! Storage that forgets everything with the program: for tests, and for computers that others use too.

use crate::{
	Error, Files, Result, Storage,
	clock::now,
	files::{Contents, File, Held, Scratch},
	storage::{Found, check, too_long},
};
use async_trait::async_trait;
use std::{
	collections::{BTreeMap, btree_map::Entry},
	io::{self, ErrorKind},
	mem,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use zeroize::Zeroizing;

/// The bytes that lie together.
const PIECE: usize = 1024 * 1024;

/// Storage in memory. Clones are the same storage.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<String, Kept>>>);

struct Kept {
	buffer: Buffer,
	modified: u64,
}

/// A file's bytes.
#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Bytes>>);

/// Bytes in pieces, of which all but the last are full. In one array, a file that grows would be copied again and again, and
/// take several times its length meanwhile: a WebAssembly never gives memory back.
#[derive(Default)]
struct Bytes(Vec<Zeroizing<Vec<u8>>>);

/// Nothing in this file panics while it holds a lock.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
	/// Empty storage.
	pub fn new() -> Self {
		Self::default()
	}
}

impl Kept {
	fn new(bytes: &[u8]) -> Self {
		let mut content = Bytes::default();
		content.write(bytes, 0);
		Self { buffer: Buffer(Arc::new(Mutex::new(content))), modified: now() }
	}

	fn found(&self, name: &str) -> Found {
		let length = locked(&self.buffer.0).length() as u64;
		Found { name: name.to_owned(), length, modified: self.modified }
	}
}

impl Bytes {
	fn length(&self) -> usize {
		let full = self.0.len().saturating_sub(1).saturating_mul(PIECE);
		self.0.last().map_or(0, |last| full.saturating_add(last.len()))
	}

	/// Writes at a place, which is at most the end.
	fn write(&mut self, mut new: &[u8], mut at: usize) {
		while !new.is_empty() {
			let (index, from) = (at / PIECE, at % PIECE);
			if index == self.0.len() {
				// The first one may stay short, and others are of files that grow.
				let room = if index == 0 { 0 } else { PIECE };
				self.0.push(Zeroizing::new(Vec::with_capacity(room)));
			}
			let Some(piece) = self.0.get_mut(index) else { return };
			let (now, rest) = new.split_at(new.len().min(PIECE.saturating_sub(from)));
			let end = piece.len().min(from.saturating_add(now.len()));
			piece.splice(from..end, now.iter().copied());
			at = at.saturating_add(now.len());
			new = rest;
		}
	}

	/// Reads from a place on, to the buffer's end or that of the bytes.
	fn read(&self, mut buffer: &mut [u8], mut at: usize) -> usize {
		let mut read = 0;
		while !buffer.is_empty() {
			let rest = self.0.get(at / PIECE).and_then(|piece| piece.get(at % PIECE..));
			let Some(from) = rest.filter(|rest| !rest.is_empty()) else { break };
			let length = from.len().min(buffer.len());
			let (to, left) = mem::take(&mut buffer).split_at_mut(length);
			to.copy_from_slice(&from[..length]);
			buffer = left;
			read += length;
			at += length;
		}
		read
	}
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Storage for Memory {
	fn place(&self, name: &str) -> String {
		name.to_owned()
	}

	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
		check(name)?;
		let kept = locked(&self.0);
		let Some(kept) = kept.get(name) else { return Ok(None) };
		let kept = locked(&kept.buffer.0);
		if kept.length() > limit {
			return Err(Error::cannot("read", name)(too_long(limit)));
		}
		let mut bytes = Zeroizing::new(vec![0; kept.length()]);
		kept.read(&mut bytes, 0);
		Ok(Some(bytes))
	}

	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()> {
		check(name)?;
		match locked(&self.0).entry(name.to_owned()) {
			Entry::Occupied(_) => {
				Err(Error::cannot("write", name)(ErrorKind::AlreadyExists.into()))
			},
			Entry::Vacant(free) => {
				free.insert(Kept::new(bytes));
				Ok(())
			},
		}
	}

	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
		check(name)?;
		locked(&self.0).insert(name.to_owned(), Kept::new(bytes));
		Ok(())
	}

	async fn find(&self, name: &str) -> Result<Option<Found>> {
		check(name)?;
		Ok(locked(&self.0).get(name).map(|kept| kept.found(name)))
	}

	async fn list(&self, prefix: &str) -> Result<Vec<Found>> {
		let kept = locked(&self.0);
		let listed = |name: &str| name.strip_prefix(prefix).is_some_and(|rest| !rest.contains('/'));
		let listed = kept.iter().filter(|(name, _)| listed(name));
		Ok(listed.map(|(name, kept)| kept.found(name)).collect())
	}

	async fn remove(&self, name: &str) -> Result<()> {
		check(name)?;
		locked(&self.0).remove(name);
		Ok(())
	}

	async fn clear(&self, folder: &str) -> Result<()> {
		check(folder)?;
		let prefix = format!("{folder}/");
		locked(&self.0).retain(|name, _| !name.starts_with(&prefix));
		Ok(())
	}
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Files for Memory {
	async fn scratch(&self, _folder: &str) -> Result<Scratch> {
		let buffer = Buffer::default();
		Ok(Scratch { file: File::of(Arc::new(buffer.clone())), held: Held::Memory(buffer) })
	}

	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		check(name)?;
		let buffer = scratch.into_memory().map_err(Error::cannot("write", name))?;
		locked(&self.0).insert(name.to_owned(), Kept { buffer, modified: now() });
		Ok(())
	}

	async fn open(&self, name: &str) -> Result<Option<File>> {
		check(name)?;
		Ok(locked(&self.0).get(name).map(|kept| File::of(Arc::new(kept.buffer.clone()))))
	}

	async fn rename(&self, from: &str, to: &str) -> Result<()> {
		check(to)?;
		let mut all = locked(&self.0);
		let missing = || Error::cannot("rename", from)(ErrorKind::NotFound.into());
		let kept = all.remove(from).ok_or_else(missing)?;
		all.insert(to.to_owned(), kept);
		Ok(())
	}

	fn lasts(&self) -> bool {
		false
	}
}

impl Contents for Buffer {
	fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
		Ok(usize::try_from(at).map_or(0, |at| locked(&self.0).read(buffer, at)))
	}

	fn write_at(&self, new: &[u8], at: u64) -> io::Result<()> {
		let mut bytes = locked(&self.0);
		let at = usize::try_from(at).ok().filter(|at| *at <= bytes.length());
		bytes.write(new, at.ok_or(ErrorKind::InvalidInput)?);
		Ok(())
	}

	fn length(&self) -> io::Result<u64> {
		Ok(locked(&self.0).length() as u64)
	}

	fn sync(&self) -> io::Result<()> {
		Ok(())
	}
}
