//! Folders in the making.

use super::{
	disk::{create_folder, sync_folder},
	nameless::{builder, folder_of},
};
use std::{fs, io, path::Path};
use tempfile::TempDir;

/// A folder in the making, beside its place: a folder can't be without a name, as a file can. It is removed when it is
/// dropped, and by [`sweep`](super::sweep) after its program was killed.
pub struct UnfinishedFolder {
	folder: TempDir,
	/// What tells others that a program works on it.
	_lock: Option<fs::File>,
}

impl UnfinishedFolder {
	/// An empty one in this folder, into which only its owner can look.
	pub fn new(beside: &Path) -> io::Result<Self> {
		let mut builder = builder();
		#[cfg(unix)]
		builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
		let folder = builder.tempdir_in(beside)?;
		// Some systems can't open or lock a folder. There, `sweep` removes none.
		let lock = fs::File::open(folder.path()).ok().filter(|lock| lock.try_lock().is_ok());
		Ok(Self { folder, _lock: lock })
	}

	/// Makes a file in it, and the folders above that. `path` has `/` between its names, and none of them leads out. Only the
	/// owner can read it.
	pub fn file(&self, path: &str) -> io::Result<fs::File> {
		let path = self.folder.path().join(path);
		create_folder(folder_of(&path))?;
		let mut options = fs::File::options();
		options.write(true).create_new(true);
		#[cfg(unix)]
		std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
		options.open(path)
	}

	/// Makes it the folder at a path, which has to be free.
	pub fn put(self, path: &Path) -> io::Result<()> {
		let Self { folder, _lock } = self;
		fs::rename(folder.path(), path)?;
		// It has another name now: there is nothing to remove.
		let _ = folder.keep();
		// A folder may be one that its user can't open.
		let _ = sync_folder(folder_of(path));
		Ok(())
	}
}

#[cfg(all(test, unix))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::{super::sweep, *};
	use std::{
		io::Write,
		os::unix::fs::PermissionsExt,
		time::{Duration, SystemTime},
	};

	/// Makes it seem as if nothing had been done in a folder for a while.
	fn age(folder: &Path) {
		let folder = fs::File::open(folder).unwrap();
		folder.set_modified(SystemTime::now() - Duration::from_secs(3_600)).unwrap();
	}

	#[test]
	fn folder_is_there_once_it_is_finished_and_its_owners_alone() {
		let home = TempDir::new().unwrap();
		let folder = UnfinishedFolder::new(home.path()).unwrap();
		folder.file("a/b/c").unwrap().write_all(b"in clear").unwrap();
		assert!(folder.file("a/b/c").is_err(), "it is there");
		let place = home.path().join("0001 study");
		folder.put(&place).unwrap();
		assert_eq!(fs::read(place.join("a/b/c")).unwrap(), b"in clear");
		for (path, mode) in [("", 0o700), ("a", 0o700), ("a/b/c", 0o600)] {
			let found = fs::metadata(place.join(path)).unwrap();
			assert_eq!(found.permissions().mode() & 0o777, mode, "{path}");
		}
		drop(UnfinishedFolder::new(home.path()).unwrap());
		assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
	}

	#[test]
	fn folder_of_a_killed_program_is_swept_and_not_one_of_a_running_program() {
		let home = TempDir::new().unwrap();
		let running = UnfinishedFolder::new(home.path()).unwrap();
		running.file("inside/file").unwrap();
		let killed = home.path().join(".medblock-killed.part");
		let other = home.path().join("study.part");
		for folder in [&killed, &other] {
			create_folder(&folder.join("inside")).unwrap();
		}
		sweep(home.path());
		assert!(killed.exists(), "it may have begun just now");
		for folder in [killed.as_path(), other.as_path(), running.folder.path()] {
			age(folder);
		}
		sweep(home.path());
		assert!(!killed.exists());
		assert!(other.exists() && running.folder.path().join("inside/file").exists());
	}
}
