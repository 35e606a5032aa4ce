//! Storage in a browser.

use super::{
	Held as Target,
	database::{Content, Entry, Names, Write},
	private_file::{PrivateFile, failed},
};
use crate::{
	Error, Files, Result, Storage,
	clock::now,
	files::{Contents, File, Held, Scratch, of_another_storage},
	storage::{Found, check, too_long},
};
use async_trait::async_trait;
use js_sys::{AsyncIterator, IteratorNext};
use std::{
	cell::RefCell,
	collections::{HashMap, HashSet},
	io,
	sync::{Arc, Weak},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
	FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
	WorkerGlobalScope,
};
use zeroize::Zeroizing;

/// Milliseconds after which a file without a name is removed: its Worker has ended long ago.
const A_DAY: u64 = 24 * 60 * 60 * 1_000;

/// A browser's storage for one origin.
///
/// Names and small values are in IndexedDB, which writes them atomically. Files are in the origin's private
/// file system, under random identifiers, so that naming and renaming them is one transaction of the
/// database. A file can be open in one tab at a time.
///
/// Browsers may clear all of it when the disk is full, unless the page asked for persistent storage. Storage that
/// is cleared while it is open is empty then, and takes new values and files.
/// Browsers may also write to the disk a moment after they report success.
pub struct Browser {
	name: String,
	names: Names,
	folder: RefCell<FileSystemDirectoryHandle>,
	open: RefCell<HashMap<String, Weak<PrivateFile>>>,
}

impl Browser {
	/// Opens the storage of this name, and removes the files that ended Workers left behind.
	///
	/// # Errors
	///
	/// Outside of a dedicated Worker, and where the browser has no such storage: some have none in private
	/// windows. [`Memory`](crate::Memory) serves there.
	pub async fn open(name: &str) -> Result<Self> {
		let opening = async {
			let names = Names::open(name).await?;
			let folder = RefCell::new(private_folder(name).await?);
			let browser = Self { name: name.to_owned(), names, folder, open: RefCell::default() };
			browser.sweep().await?;
			Ok(browser)
		};
		opening.await.map_err(Error::cannot("open", format!("the browser's storage {name}")))
	}

	/// Removes files that have been without a name for a day.
	async fn sweep(&self) -> io::Result<()> {
		let entries = self.names.list("").await?;
		let named: HashSet<&str> = entries.iter().filter_map(|(_, entry)| entry.file()).collect();
		let folder = self.folder();
		for file in files(&folder).await? {
			let id = file.name();
			if named.contains(id.as_str()) {
				continue;
			}
			// Another tab may have removed it meanwhile.
			let Ok(found) = JsFuture::from(file.get_file()).await else { continue };
			let modified = found.unchecked_into::<web_sys::File>().last_modified() as u64;
			if now().saturating_sub(modified) > A_DAY {
				// Another tab may have it open.
				let _ = JsFuture::from(folder.remove_entry(&id)).await;
			}
		}
		Ok(())
	}

	/// The open file of this identifier, or else a newly opened one.
	async fn file(&self, id: &str, unnamed: bool) -> io::Result<Arc<PrivateFile>> {
		if let Some(file) = self.open.borrow().get(id).and_then(Weak::upgrade) {
			return Ok(file);
		}
		let file = match PrivateFile::open(&self.folder(), id, unnamed).await {
			// The folder may be gone with the site's data.
			Err(_) if unnamed => {
				let folder = private_folder(&self.name).await?;
				*self.folder.borrow_mut() = folder.clone();
				PrivateFile::open(&folder, id, unnamed).await?
			},
			opened => opened?,
		};
		#[allow(clippy::arc_with_non_send_sync, reason = "natively, files move between threads")]
		let file = Arc::new(file);
		let mut open = self.open.borrow_mut();
		open.retain(|_, file| file.strong_count() > 0);
		open.insert(id.to_owned(), Arc::downgrade(&file));
		Ok(file)
	}

	fn folder(&self) -> FileSystemDirectoryHandle {
		self.folder.borrow().clone()
	}

	/// Removes the file of an entry that lost its name: once it is closed, if it is open.
	async fn forget(&self, entry: Option<Entry>) {
		let Some(id) = entry.as_ref().and_then(Entry::file) else { return };
		let open = self.open.borrow().get(id).and_then(Weak::upgrade);
		match open {
			Some(file) => file.unnamed.set(true),
			// Another tab may have it open: then it is removed another day.
			None => drop(JsFuture::from(self.folder().remove_entry(id)).await),
		}
	}
}

#[async_trait(?Send)]
impl Storage for Browser {
	fn place(&self, name: &str) -> String {
		name.to_owned()
	}

	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
		check(name)?;
		let Some(entry) = self.names.get(name).await.map_err(Error::cannot("read", name))? else {
			return Ok(None);
		};
		match entry.content {
			Content::Value(bytes) if bytes.len() <= limit => Ok(Some(Zeroizing::new(bytes))),
			_ => Err(Error::cannot("read", name)(too_long(limit))),
		}
	}

	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()> {
		check(name)?;
		let entry = Entry { content: Content::Value(bytes.to_vec()), modified: now() };
		let put = self.names.put(name, &entry, Write::Create).await;
		put.map(drop).map_err(Error::cannot("write", name))
	}

	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
		check(name)?;
		let entry = Entry { content: Content::Value(bytes.to_vec()), modified: now() };
		let put = self.names.put(name, &entry, Write::Replace).await;
		self.forget(put.map_err(Error::cannot("write", name))?).await;
		Ok(())
	}

	async fn find(&self, name: &str) -> Result<Option<Found>> {
		check(name)?;
		let entry = self.names.get(name).await.map_err(Error::cannot("look for", name))?;
		Ok(entry.map(|entry| found(name.to_owned(), &entry)))
	}

	async fn list(&self, prefix: &str) -> Result<Vec<Found>> {
		let mut all = self.names.list(prefix).await.map_err(Error::cannot("look into", prefix))?;
		all.retain(|(name, _)| name.strip_prefix(prefix).is_some_and(|rest| !rest.contains('/')));
		Ok(all.into_iter().map(|(name, entry)| found(name, &entry)).collect())
	}

	async fn remove(&self, name: &str) -> Result<()> {
		check(name)?;
		let removed = self.names.remove(name).await.map_err(Error::cannot("remove", name))?;
		self.forget(removed).await;
		Ok(())
	}

	async fn clear(&self, folder: &str) -> Result<()> {
		check(folder)?;
		let all = self.names.list(&format!("{folder}/")).await;
		for (name, _) in all.map_err(Error::cannot("look into", folder))? {
			self.remove(&name).await?;
		}
		Ok(())
	}
}

#[async_trait(?Send)]
impl Files for Browser {
	async fn scratch(&self, folder: &str) -> Result<Scratch> {
		let id = random_id().map_err(Error::cannot("write into", folder))?;
		let file = self.file(&id, true).await.map_err(Error::cannot("write into", folder))?;
		Ok(Scratch { file: File::of(file.clone()), held: Held::Target(Target::File(file)) })
	}

	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		check(name)?;
		let keeping = async {
			let Target::File(file) = scratch.into_target()? else {
				return Err(of_another_storage());
			};
			let content = Content::File { id: file.id.clone(), length: file.length()? };
			let entry = Entry { content, modified: now() };
			let before = self.names.put(name, &entry, Write::Replace).await?;
			file.unnamed.set(false);
			Ok(before)
		};
		self.forget(keeping.await.map_err(Error::cannot("write", name))?).await;
		Ok(())
	}

	async fn open(&self, name: &str) -> Result<Option<File>> {
		check(name)?;
		let opening = async {
			match self.names.get(name).await? {
				None => Ok(None),
				Some(Entry { content: Content::File { id, .. }, .. }) => {
					Ok(Some(File::of(self.file(&id, false).await?)))
				},
				Some(_) => Err(io::ErrorKind::InvalidInput.into()),
			}
		};
		opening.await.map_err(Error::cannot("read", name))
	}

	async fn rename(&self, from: &str, to: &str) -> Result<()> {
		check(to)?;
		let before = self.names.rename(from, to).await.map_err(Error::cannot("rename", from))?;
		self.forget(before).await;
		Ok(())
	}
}

fn found(name: String, entry: &Entry) -> Found {
	Found { name, length: entry.length(), modified: entry.modified }
}

/// 128 random bits in hexadecimal: the name of a new file.
fn random_id() -> io::Result<String> {
	let crypto = worker()?.crypto().map_err(failed)?;
	let mut bytes = [0; 16];
	crypto.get_random_values_with_u8_array(&mut bytes).map_err(failed)?;
	Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn worker() -> io::Result<WorkerGlobalScope> {
	js_sys::global().dyn_into().map_err(|_| io::Error::other("this is not a Worker"))
}

/// A folder of the origin's private file system, made if need be.
async fn private_folder(name: &str) -> io::Result<FileSystemDirectoryHandle> {
	let root = JsFuture::from(worker()?.navigator().storage().get_directory());
	let root: FileSystemDirectoryHandle = root.await.map_err(failed)?.unchecked_into();
	let options = FileSystemGetDirectoryOptions::new();
	options.set_create(true);
	let folder = JsFuture::from(root.get_directory_handle_with_options(name, &options));
	Ok(folder.await.map_err(failed)?.unchecked_into())
}

/// The files in a folder.
async fn files(folder: &FileSystemDirectoryHandle) -> io::Result<Vec<FileSystemFileHandle>> {
	let entries: AsyncIterator = folder.values();
	let mut files = Vec::new();
	loop {
		let next = JsFuture::from(entries.next().map_err(failed)?).await.map_err(failed)?;
		let next: IteratorNext = next.unchecked_into();
		if next.done() {
			return Ok(files);
		}
		files.extend(next.value().dyn_into::<FileSystemFileHandle>().ok());
	}
}
