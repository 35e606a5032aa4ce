//! Files in the origin's private file system.

use crate::files::Contents;
use std::{
	cell::Cell,
	io::{self, ErrorKind},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
	DomException, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
	FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
};

/// An open file, which no other Worker can open meanwhile. Closed when dropped.
pub(crate) struct PrivateFile {
	pub(super) id: String,
	folder: FileSystemDirectoryHandle,
	handle: FileSystemSyncAccessHandle,
	/// Whether the file is removed when closed.
	pub(super) unnamed: Cell<bool>,
}

impl PrivateFile {
	/// Opens a file; makes it if it is to be unnamed.
	pub(super) async fn open(
		folder: &FileSystemDirectoryHandle,
		id: &str,
		unnamed: bool,
	) -> io::Result<Self> {
		let options = FileSystemGetFileOptions::new();
		options.set_create(unnamed);
		let file = JsFuture::from(folder.get_file_handle_with_options(id, &options));
		let file: FileSystemFileHandle = file.await.map_err(failed)?.unchecked_into();
		let handle = JsFuture::from(file.create_sync_access_handle()).await.map_err(failed)?;
		Ok(Self {
			id: id.to_owned(),
			folder: folder.clone(),
			handle: handle.unchecked_into(),
			unnamed: Cell::new(unnamed),
		})
	}
}

impl Drop for PrivateFile {
	fn drop(&mut self) {
		self.handle.close();
		if self.unnamed.get() {
			let removed = JsFuture::from(self.folder.remove_entry(&self.id));
			// A file that can't be removed now is removed another day.
			spawn_local(async { removed.await.map_or((), drop) });
		}
	}
}

impl Contents for PrivateFile {
	fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
		let options = FileSystemReadWriteOptions::new();
		options.set_at(at as f64);
		let read = self.handle.read_with_u8_array_and_options(buffer, &options);
		Ok(read.map_err(failed)? as usize)
	}

	fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
		if at > self.length()? {
			return Err(ErrorKind::InvalidInput.into());
		}
		let options = FileSystemReadWriteOptions::new();
		options.set_at(at as f64);
		let written = self.handle.write_with_u8_array_and_options(bytes, &options);
		match written.map_err(failed)? as usize {
			all if all == bytes.len() => Ok(()),
			_ => Err(ErrorKind::StorageFull.into()),
		}
	}

	fn length(&self) -> io::Result<u64> {
		Ok(self.handle.get_size().map_err(failed)? as u64)
	}

	fn sync(&self) -> io::Result<()> {
		self.handle.flush().map_err(failed)
	}
}

/// A browser's error, with the kinds that callers tell apart.
pub(super) fn failed(why: JsValue) -> io::Error {
	let Some(why) = why.dyn_ref::<DomException>() else {
		return io::Error::other(format!("{why:?}"));
	};
	let kind = match why.name().as_str() {
		"NotFoundError" => ErrorKind::NotFound,
		"QuotaExceededError" => ErrorKind::StorageFull,
		"NoModificationAllowedError" => ErrorKind::ResourceBusy,
		"NotAllowedError" | "SecurityError" => ErrorKind::PermissionDenied,
		_ => ErrorKind::Other,
	};
	io::Error::new(kind, why.message())
}
