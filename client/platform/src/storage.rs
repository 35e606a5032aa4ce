//! Small values under names.

use crate::{Error, MaybeSend, MaybeSync, Result};
use async_trait::async_trait;
use std::io::{self, ErrorKind};
use zeroize::Zeroizing;

/// Small values under names, kept until they are removed.
///
/// A name is a path of UTF-8 segments with `/` between them, such as `accounts/maria.age`. Segments may
/// be neither empty nor `.` or `..`, and contain neither `/` nor `\`.
///
/// Every write is atomic: after a crash, a name has its old value or its new one. A value is on the disk
/// when a write returns. Values are private to the user (natively, mode 0600 in folders of mode 0700),
/// but not encrypted.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait Storage: MaybeSend + MaybeSync {
	/// Where a name's value lies, for messages: natively its path.
	fn place(&self, name: &str) -> String;

	/// Reads a value of at most `limit` bytes; nothing if the name is free.
	///
	/// # Errors
	///
	/// [`ErrorKind::InvalidData`] if the value is longer.
	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>>;

	/// Writes a value under a free name.
	///
	/// # Errors
	///
	/// [`ErrorKind::AlreadyExists`] if the name is taken. Nothing is overwritten then.
	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()>;

	/// Writes a value, in place of the one that the name has, if any.
	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()>;

	/// What is known of a name without reading it; nothing if it is free.
	async fn find(&self, name: &str) -> Result<Option<Found>>;

	/// The names that begin with `prefix` and have no `/` after it, in no order. A prefix that ends in
	/// `/` lists a folder; nothing if there is none.
	async fn list(&self, prefix: &str) -> Result<Vec<Found>>;

	/// Frees a name. A name that is free already is no error.
	async fn remove(&self, name: &str) -> Result<()>;

	/// Frees all names in a folder, given without a last `/`, and in the folders in it.
	async fn clear(&self, folder: &str) -> Result<()>;
}

/// What a store knows of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
	/// The whole name.
	pub name: String,
	/// The length in bytes.
	pub length: u64,
	/// The last write, in milliseconds since 1970.
	pub modified: u64,
}

impl Found {
	/// The name's last segment.
	pub fn base(&self) -> &str {
		base(&self.name)
	}
}

/// A name's last segment.
pub(crate) fn base(name: &str) -> &str {
	name.rsplit_once('/').map_or(name, |(_, base)| base)
}

/// Refuses names that would lead elsewhere.
pub(crate) fn check(name: &str) -> Result<()> {
	let bad =
		|segment: &str| matches!(segment, "" | "." | "..") || segment.contains(['\\', '\0', ':']);
	if name.split('/').any(bad) {
		let why = io::Error::new(ErrorKind::InvalidInput, "it is not a name for stored data");
		return Err(Error::cannot("use", name)(why));
	}
	Ok(())
}

/// What [`Storage::read`] says of a value that is longer than its limit.
pub(crate) fn too_long(limit: usize) -> io::Error {
	io::Error::new(ErrorKind::InvalidData, format!("it is longer than {limit} bytes"))
}
