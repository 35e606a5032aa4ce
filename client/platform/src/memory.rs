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
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use zeroize::Zeroizing;

/// Storage in memory. Clones are the same storage.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<String, Kept>>>);

struct Kept {
	buffer: Buffer,
	modified: u64,
}

/// A file's bytes.
#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Zeroizing<Vec<u8>>>>);

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
		let buffer = Buffer(Arc::new(Mutex::new(Zeroizing::new(bytes.to_vec()))));
		Self { buffer, modified: now() }
	}

	fn found(&self, name: &str) -> Found {
		let length = locked(&self.buffer.0).len() as u64;
		Found { name: name.to_owned(), length, modified: self.modified }
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
		let bytes = locked(&kept.buffer.0).clone();
		if bytes.len() > limit {
			return Err(Error::cannot("read", name)(too_long(limit)));
		}
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
		let bytes = locked(&self.0);
		let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
		let length = rest.len().min(buffer.len());
		for (to, from) in buffer.iter_mut().zip(rest) {
			*to = *from;
		}
		Ok(length)
	}

	fn write_at(&self, new: &[u8], at: u64) -> io::Result<()> {
		let mut bytes = locked(&self.0);
		let at = usize::try_from(at).ok().filter(|at| *at <= bytes.len());
		let at = at.ok_or(ErrorKind::InvalidInput)?;
		let end = bytes.len().min(at.saturating_add(new.len()));
		bytes.splice(at..end, new.iter().copied());
		Ok(())
	}

	fn length(&self) -> io::Result<u64> {
		Ok(locked(&self.0).len() as u64)
	}

	fn sync(&self) -> io::Result<()> {
		Ok(())
	}
}
