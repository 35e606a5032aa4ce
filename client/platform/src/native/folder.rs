//! Storage in a folder.

use super::{Held as Target, disk, file::Disk, nameless};
use crate::{
	Error, Files, Result, Storage,
	files::{File, Held, Hold, Scratch},
	storage::{Found, check},
};
use async_trait::async_trait;
use std::{
	fs,
	io::{self, ErrorKind},
	path::{Path, PathBuf},
	sync::Arc,
	time::UNIX_EPOCH,
};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// Storage in a folder: a name is a path in it.
///
/// It is made when something is written, as are folders of names such as `accounts/maria.age`. Only a scratch
/// file without a folder needs it to exist. Each operation blocks its thread for as long as the disk takes,
/// which is short for values.
#[derive(Clone, Debug)]
pub struct Folder {
	outermost: PathBuf,
	is_nameless: bool,
}

impl Folder {
	/// Storage in this folder, which need not exist yet.
	pub fn new(path: impl Into<PathBuf>) -> Self {
		Self { outermost: path.into(), is_nameless: false }
	}

	/// With scratch files that never have a name in this folder, for what is in clear: nothing is left of them however
	/// the program ends. [`Scratch::put`] gives them a place; they can't be kept under a name of the storage.
	#[must_use]
	pub fn nameless(self) -> Self {
		Self { is_nameless: true, ..self }
	}

	fn path(&self, name: &str) -> Result<PathBuf> {
		check(name)?;
		Ok(self.outermost.join(name))
	}

	fn made(&self, folder: &str) -> Result<PathBuf> {
		let path = self.path(folder)?;
		made(&path)?;
		Ok(path)
	}

	/// The path to write a name's value to, in a folder that is made if need be.
	fn target(&self, name: &str) -> Result<PathBuf> {
		let path = self.path(name)?;
		match name.rsplit_once('/') {
			Some((folder, _)) => self.made(folder).map(drop)?,
			None => made(&self.outermost)?,
		}
		Ok(path)
	}
}

#[async_trait]
impl Storage for Folder {
	fn place(&self, name: &str) -> String {
		self.outermost.join(name).display().to_string()
	}

	async fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
		let path = self.path(name)?;
		match disk::read(&path, limit) {
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
			read => read.map(Some).map_err(cannot("read", &path)),
		}
	}

	async fn create(&self, name: &str, bytes: &[u8]) -> Result<()> {
		let path = self.target(name)?;
		disk::create(&path, bytes).map_err(cannot("write", &path))
	}

	async fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
		let path = self.target(name)?;
		disk::replace(&path, bytes).map_err(cannot("write", &path))
	}

	async fn find(&self, name: &str) -> Result<Option<Found>> {
		let path = self.path(name)?;
		match fs::symlink_metadata(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
			found => {
				Ok(Some(describe(name.to_owned(), &found.map_err(cannot("look for", &path))?)))
			},
		}
	}

	async fn list(&self, prefix: &str) -> Result<Vec<Found>> {
		let (path, folder) = match prefix.rsplit_once('/') {
			Some((folder, _)) => (self.path(folder)?, format!("{folder}/")),
			None => (self.outermost.clone(), String::new()),
		};
		let entries = match fs::read_dir(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
			entries => entries.map_err(cannot("look into", &path))?,
		};
		let mut all = Vec::new();
		for entry in entries {
			let entry = entry.map_err(cannot("look into", &path))?;
			// Stored names are UTF-8; other files are not ours. Nor are those whose names no value has, as Windows leaves
			// them beside files that it copies: they could be neither read nor removed.
			let Ok(base) = entry.file_name().into_string() else { continue };
			let name = format!("{folder}{base}");
			if !name.starts_with(prefix) || check(&name).is_err() {
				continue;
			}
			match fs::metadata(entry.path()) {
				Ok(found) if found.is_file() => all.push(describe(name, &found)),
				// A link that leads nowhere is no file, and hides none of the others.
				Err(_) if entry.file_type().is_ok_and(|kind| kind.is_symlink()) => {},
				Err(why) if why.kind() != ErrorKind::NotFound => {
					return Err(cannot("look for", &entry.path())(why));
				},
				_ => {},
			}
		}
		Ok(all)
	}

	async fn remove(&self, name: &str) -> Result<()> {
		let path = self.path(name)?;
		match fs::remove_file(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
			outcome => outcome.map_err(cannot("remove", &path)),
		}
	}

	async fn clear(&self, folder: &str) -> Result<()> {
		let path = self.path(folder)?;
		match fs::remove_dir_all(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
			outcome => outcome.map_err(cannot("remove", &path)),
		}
	}
}

#[async_trait]
impl Files for Folder {
	async fn scratch(&self, folder: &str) -> Result<Scratch> {
		let path = if folder.is_empty() { self.outermost.clone() } else { self.made(folder)? };
		let (file, held) = if self.is_nameless {
			let file = nameless::create(&path).map_err(cannot("write into", &path))?;
			let same = file.try_clone().map_err(cannot("write into", &path))?;
			(file, Target::Nameless(same))
		} else {
			let file = NamedTempFile::new_in(&path).map_err(cannot("write into", &path))?;
			let (file, held) = file.into_parts();
			(file, Target::Named(held))
		};
		Ok(Scratch { file: File::of(Arc::new(Disk::new(file))), held: Held::Target(held) })
	}

	async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		let path = self.target(name)?;
		let held = scratch.into_path().map_err(cannot("write", &path))?;
		held.persist(&path).map_err(|failed| cannot("write", &path)(failed.error))
	}

	async fn open(&self, name: &str) -> Result<Option<File>> {
		let path = self.path(name)?;
		match fs::File::open(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
			file => Ok(Some(File::of(Arc::new(Disk::new(file.map_err(cannot("read", &path))?))))),
		}
	}

	async fn rename(&self, from: &str, to: &str) -> Result<()> {
		let (from, to) = (self.path(from)?, self.path(to)?);
		fs::rename(&from, &to).map_err(cannot("rename", &from))
	}

	async fn hold(&self, name: &str) -> Result<Option<Hold>> {
		let path = self.target(name)?;
		let file = disk::lockable(&path).map_err(cannot("write", &path))?;
		match file.try_lock() {
			Err(fs::TryLockError::WouldBlock) => Ok(None),
			// Some network file systems have no locks. Then no process is kept out.
			Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(Hold { _file: Some(file) })),
		}
	}

	fn room(&self) -> Option<u64> {
		nameless::room(&self.outermost)
	}
}

fn made(path: &Path) -> Result<()> {
	disk::create_folder(path).map_err(cannot("make the folder", path))
}

fn cannot(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
	Error::cannot(what, path.display().to_string())
}

fn describe(name: String, found: &fs::Metadata) -> Found {
	let modified = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
	let modified = modified.and_then(|since| u64::try_from(since.as_millis()).ok());
	Found { name, length: found.len(), modified: modified.unwrap_or_default() }
}
