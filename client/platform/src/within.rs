//! A folder of a storage, as a storage of its own.

use crate::{
	Files, Result, Storage,
	files::{File, Hold, Scratch},
	storage::Found,
};
use async_trait::async_trait;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A folder of a storage. No name leads out of it, since no segment of a name is `..`.
pub struct Within {
	files: Arc<dyn Files>,
	folder: String,
}

impl Within {
	/// The folder of this name, given without a last `/`.
	pub fn new(files: Arc<dyn Files>, folder: String) -> Self {
		Self { files, folder }
	}

	/// A name, as the whole storage has it.
	fn whole(&self, name: &str) -> String {
		format!("{}/{name}", self.folder)
	}

	/// What the whole storage found, under the name that it has in the folder.
	fn own(&self, found: Found) -> Found {
		let name = found.name.strip_prefix(&self.whole("")).unwrap_or(&found.name).to_owned();
		Found { name, ..found }
	}
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Storage for Within {
	fn place(&self, name: &str) -> String {
		self.files.place(&self.whole(name))
	}

	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
		self.files.read(&self.whole(name), limit).await
	}

	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()> {
		self.files.create(&self.whole(name), bytes).await
	}

	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
		self.files.replace(&self.whole(name), bytes).await
	}

	async fn find(&self, name: &str) -> Result<Option<Found>> {
		let found = self.files.find(&self.whole(name)).await?;
		Ok(found.map(|found| self.own(found)))
	}

	async fn list(&self, prefix: &str) -> Result<Vec<Found>> {
		let found = self.files.list(&self.whole(prefix)).await?;
		Ok(found.into_iter().map(|found| self.own(found)).collect())
	}

	async fn remove(&self, name: &str) -> Result<()> {
		self.files.remove(&self.whole(name)).await
	}

	async fn clear(&self, folder: &str) -> Result<()> {
		self.files.clear(&self.whole(folder)).await
	}
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Files for Within {
	async fn scratch(&self, folder: &str) -> Result<Scratch> {
		match folder {
			"" => self.files.scratch(&self.folder).await,
			folder => self.files.scratch(&self.whole(folder)).await,
		}
	}

	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		self.files.keep(scratch, &self.whole(name)).await
	}

	async fn open(&self, name: &str) -> Result<Option<File>> {
		self.files.open(&self.whole(name)).await
	}

	async fn rename(&self, from: &str, to: &str) -> Result<()> {
		self.files.rename(&self.whole(from), &self.whole(to)).await
	}

	fn lasts(&self) -> bool {
		self.files.lasts()
	}

	async fn hold(&self, name: &str) -> Result<Option<Hold>> {
		self.files.hold(&self.whole(name)).await
	}

	fn room(&self) -> Option<u64> {
		self.files.room()
	}
}
