//! Files that have no name while they are written, and how they get one.
//!
//! What is in clear is written into such a file: the system frees it with the process that has it open, also if that
//! process is killed. Where the file system can, the finished file then gets its name at once. Elsewhere, it is copied
//! into a file whose name says that it is unfinished, and renamed; [`sweep`] removes what a crash leaves of those, and of
//! folders in the making ([`super::unfinished`]).

use super::{disk::sync_folder, file::Disk};
use crate::files::{File, Held as Kept, Scratch};
use std::{
	fs,
	io::{self, ErrorKind, Read, Write},
	path::Path,
	sync::Arc,
	time::{Duration, SystemTime},
};
use tempfile::{Builder, NamedTempFile, TempPath};
use zeroize::Zeroizing;

/// What begins and ends the name of an unfinished file.
const BEFORE: &str = ".medblock-";
const AFTER: &str = ".part";

/// How long ago an unfinished file was changed last at least, before it is removed. Within this time, its process marks it
/// as its own.
const UNTOUCHED: Duration = Duration::from_secs(60);

/// The same for files of earlier versions, which mark none.
const FORMERLY_UNTOUCHED: Duration = Duration::from_secs(60 * 60);

/// The bytes that are copied at a time.
const PIECE: usize = 256 * 1_024;

/// What a scratch file has on a disk.
pub(crate) enum Held {
	/// A name, which is removed when dropped.
	Named(TempPath),
	/// No name: the same open file.
	Nameless(fs::File),
}

impl Scratch {
	/// The file's path, to move it out of the storage. The file is removed when the path is dropped.
	///
	/// # Errors
	///
	/// [`ErrorKind::InvalidInput`] for a file in memory, or one that has no name.
	pub fn into_path(self) -> io::Result<TempPath> {
		match self.into_target()? {
			Held::Named(path) => Ok(path),
			Held::Nameless(_) => {
				Err(io::Error::new(ErrorKind::InvalidInput, "this scratch file has no name"))
			},
		}
	}

	/// The open file itself, for readers that take one. What it has read moves with this one, too.
	///
	/// # Errors
	///
	/// [`ErrorKind::InvalidInput`] for a file in memory.
	pub fn to_file(&self) -> io::Result<fs::File> {
		match &self.held {
			Kept::Target(Held::Nameless(open)) => open.try_clone(),
			Kept::Target(Held::Named(path)) => fs::File::open(path),
			Kept::Memory(_) => Err(io::Error::new(ErrorKind::InvalidInput, "it is in memory")),
		}
	}

	/// Makes it the file at a path, all of it or nothing, with mode 0600. Its content is on the disk when this
	/// returns. With `replaces`, it takes the place of what has this name: of a symbolic link, not of what the link points to.
	///
	/// # Errors
	///
	/// [`ErrorKind::AlreadyExists`] if the name is taken, and it does not replace.
	pub fn put(self, path: &Path, replaces: bool) -> io::Result<()> {
		let Self { file, held } = self;
		file.sync()?;
		match held {
			Kept::Target(Held::Nameless(open)) => match linked(&open, path, replaces) {
				Err(why) if !replaces && why.kind() == ErrorKind::AlreadyExists => return Err(why),
				// Not every file system can name an open file.
				Err(_) => copied(&file, path, replaces)?,
				Ok(()) => (),
			},
			Kept::Target(Held::Named(held)) => named(held, path, replaces)?,
			Kept::Memory(_) => copied(&file, path, replaces)?,
		}
		// A folder may be one that its user can't open.
		let _ = sync_folder(folder_of(path));
		Ok(())
	}
}

/// Writes a file in clear, as [`Scratch::put`] does, in place of the one at this path.
pub fn put_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
	let open = create(folder_of(path))?;
	let held = Kept::Target(Held::Nameless(open.try_clone()?));
	let file = File::of(Arc::new(Disk::new(open)));
	file.write_at(bytes, 0)?;
	Scratch { file, held }.put(path, true)
}

/// A file in this folder, or on its file system, that has no name.
pub(super) fn create(folder: &Path) -> io::Result<fs::File> {
	let file = tempfile::tempfile_in(folder)?;
	#[cfg(unix)]
	file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
	Ok(file)
}

/// The number of bytes for which there is room on a folder's file system, as far as the user may use it.
#[cfg(unix)]
pub(super) fn room(folder: &Path) -> Option<u64> {
	// Some file systems say nothing of their size.
	let found = rustix::fs::statvfs(folder).ok().filter(|found| found.f_blocks > 0)?;
	Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub(super) fn room(_: &Path) -> Option<u64> {
	None
}

/// Removes the unfinished files and folders that programs which were killed have left in a folder. Those of running programs stay, and
/// what can't be looked at.
pub fn sweep(folder: &Path) {
	sweep_if(folder, |name, path| is_unfinished(name) && is_left(path, UNTOUCHED));
}

/// As [`sweep`], in a folder that is this program's own: also what earlier versions have left, which decrypted into files
/// with names here.
pub fn sweep_own(folder: &Path) {
	sweep_if(folder, |name, path| {
		is_unfinished(name) && is_left(path, UNTOUCHED)
			|| is_of_earlier_version(name) && !path.is_dir() && is_left(path, FORMERLY_UNTOUCHED)
	});
}

fn sweep_if(folder: &Path, is_left: impl Fn(&str, &Path) -> bool) {
	let Ok(entries) = fs::read_dir(folder) else { return };
	for entry in entries.flatten() {
		let name = entry.file_name();
		let path = entry.path();
		if name.to_str().is_some_and(|name| is_left(name, &path)) {
			let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
			// What can't be removed now is tried again at the next start.
			let _ = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
		}
	}
}

fn is_unfinished(name: &str) -> bool {
	name.starts_with(BEFORE) && name.ends_with(AFTER)
}

/// The usual names of temporary files: `.tmp` and six letters or digits.
fn is_of_earlier_version(name: &str) -> bool {
	let random = name.strip_prefix(".tmp");
	random.is_some_and(|random| {
		random.len() == 6 && random.bytes().all(|one| one.is_ascii_alphanumeric())
	})
}

/// Whether no process writes to an unfinished file or folder any more.
fn is_left(path: &Path, untouched: Duration) -> bool {
	let opened = match fs::symlink_metadata(path) {
		// Only to write: a reader could lock another user's file.
		Ok(found) if found.is_file() => fs::File::options().append(true).open(path),
		Ok(found) if found.is_dir() => fs::File::open(path),
		_ => return false,
	};
	let Ok(file) = opened else { return false };
	let changed = file.metadata().and_then(|found| found.modified());
	let is_old = changed.is_ok_and(|changed| {
		SystemTime::now().duration_since(changed).is_ok_and(|since| since >= untouched)
	});
	is_old && file.try_lock().is_ok()
}

/// Gives an open file a name.
fn linked(open: &fs::File, path: &Path, replaces: bool) -> io::Result<()> {
	match link(open, path) {
		Err(why) if replaces && why.kind() == ErrorKind::AlreadyExists => {
			let part = builder().make_in(folder_of(path), |part| link(open, part))?;
			named(part.into_temp_path(), path, true)
		},
		done => done,
	}
}

#[cfg(unix)]
fn link(open: &fs::File, path: &Path) -> io::Result<()> {
	use rustix::fs::{AtFlags, CWD, linkat};
	use std::os::fd::AsRawFd;
	let own = format!("/proc/self/fd/{}", open.as_raw_fd());
	Ok(linkat(CWD, own.as_str(), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(unix))]
fn link(_: &fs::File, _: &Path) -> io::Result<()> {
	Err(ErrorKind::Unsupported.into())
}

/// Copies a file to a path by way of an unfinished one beside it.
fn copied(file: &File, path: &Path, replaces: bool) -> io::Result<()> {
	let mut part: NamedTempFile = builder().tempfile_in(folder_of(path))?;
	// Some file systems know no locks. A file that is being written was changed just now.
	let _ = part.as_file().try_lock();
	copy(file, part.as_file_mut())?;
	part.as_file().sync_all()?;
	named(part.into_temp_path(), path, replaces)
}

/// Copies a whole file to a writer. What is in between is erased from memory.
pub(super) fn copy(file: &File, to: &mut impl Write) -> io::Result<()> {
	let mut from = file.reader();
	let mut piece = Zeroizing::new(vec![0; PIECE]);
	loop {
		match from.read(&mut piece)? {
			0 => return to.flush(),
			some => to.write_all(piece.get(..some).unwrap_or_default())?,
		}
	}
}

fn named(held: TempPath, path: &Path, replaces: bool) -> io::Result<()> {
	let kept = if replaces { held.persist(path) } else { held.persist_noclobber(path) };
	kept.map_err(|failed| failed.error)
}

pub(super) fn builder() -> Builder<'static, 'static> {
	let mut builder = Builder::new();
	builder.prefix(BEFORE).suffix(AFTER);
	builder
}

/// The folder that a path's last name is in.
pub(super) fn folder_of(path: &Path) -> &Path {
	match path.parent() {
		Some(folder) if !folder.as_os_str().is_empty() => folder,
		_ => Path::new("."),
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{Files, Folder, Memory};
	use futures::executor::block_on;
	use tempfile::TempDir;

	fn names(folder: &TempDir) -> Vec<String> {
		let entries = fs::read_dir(folder.path()).unwrap();
		let mut names: Vec<_> =
			entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
		names.sort();
		names
	}

	fn scratch(storage: &dyn Files, text: &[u8]) -> Scratch {
		let scratch = block_on(storage.scratch("")).unwrap();
		scratch.file.write_at(text, 0).unwrap();
		scratch
	}

	#[test]
	fn file_has_no_name_before_it_is_put_somewhere() {
		let folder = TempDir::new().unwrap();
		let nameless = Folder::new(folder.path()).nameless();
		for (number, storage) in [&nameless as &dyn Files, &Memory::new()].into_iter().enumerate() {
			let scratch = scratch(storage, b"in clear");
			assert_eq!(names(&folder).len(), number);
			let path = folder.path().join(format!("{number}.txt"));
			scratch.put(&path, false).unwrap();
			assert_eq!(fs::read(&path).unwrap(), b"in clear");
		}
		assert_eq!(names(&folder), ["0.txt", "1.txt"]);
		let dropped = scratch(&nameless, b"in clear");
		assert!(dropped.into_path().is_err());
		assert_eq!(names(&folder).len(), 2);
	}

	#[test]
	fn file_replaces_another_only_if_that_is_wanted_and_as_a_whole() {
		let folder = TempDir::new().unwrap();
		let nameless = Folder::new(folder.path()).nameless();
		let path = folder.path().join("letter.txt");
		for storage in [&nameless as &dyn Files, &Memory::new()] {
			fs::write(&path, "before").unwrap();
			let refused = scratch(storage, b"after").put(&path, false).unwrap_err();
			assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
			assert_eq!(fs::read(&path).unwrap(), b"before");
			scratch(storage, b"after").put(&path, true).unwrap();
			assert_eq!(fs::read(&path).unwrap(), b"after");
			assert_eq!(names(&folder), ["letter.txt"]);
		}
	}

	#[test]
	fn bytes_take_the_place_of_a_file() {
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("profile.json");
		for text in ["{}", "[1]"] {
			put_bytes(&path, text.as_bytes()).unwrap();
			assert_eq!(fs::read_to_string(&path).unwrap(), text);
		}
		assert_eq!(names(&folder), ["profile.json"]);
	}

	#[cfg(unix)]
	#[test]
	fn file_is_its_owners_alone_and_takes_the_place_of_a_link_itself() {
		use std::os::unix::fs::{PermissionsExt, symlink};
		let folder = TempDir::new().unwrap();
		let (path, other) = (folder.path().join("link"), folder.path().join("other"));
		fs::write(&other, "somebody else's").unwrap();
		symlink(&other, &path).unwrap();
		let nameless = Folder::new(folder.path()).nameless();
		assert!(scratch(&nameless, b"mine").put(&path, false).is_err());
		scratch(&nameless, b"mine").put(&path, true).unwrap();
		let found = fs::symlink_metadata(&path).unwrap();
		assert!(found.is_file());
		assert_eq!(found.permissions().mode() & 0o777, 0o600);
		assert_eq!(fs::read(&other).unwrap(), b"somebody else's");
	}

	#[test]
	fn what_a_crash_has_left_is_swept_and_nothing_else() {
		let folder = TempDir::new().unwrap();
		let make = |name: &str, age: u64| {
			let file = fs::File::create(folder.path().join(name)).unwrap();
			file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
			file
		};
		make(".medblock-abcdef.part", 61);
		make(".medblock-younger.part", 1);
		make("letter.part", 3_600);
		let held = make(".medblock-held.part", 3_600);
		held.lock().unwrap();
		fs::create_dir(folder.path().join(".medblock-folder.part")).unwrap();
		sweep(folder.path());
		assert_eq!(
			names(&folder),
			[
				".medblock-folder.part",
				".medblock-held.part",
				".medblock-younger.part",
				"letter.part"
			]
		);
		drop(held);
		sweep(folder.path());
		assert!(!names(&folder).contains(&".medblock-held.part".to_owned()));
		sweep(&folder.path().join("missing"));

		make(".tmpAbC123", 3_601);
		make(".tmpAbC124", 3_599);
		make(".tmp-of-others", 3_601);
		sweep(folder.path());
		assert!(names(&folder).contains(&".tmpAbC123".to_owned()), "not in other folders");
		sweep_own(folder.path());
		let left = names(&folder);
		let left = left.iter().filter(|name| name.starts_with(".tmp"));
		assert_eq!(left.collect::<Vec<_>>(), [".tmp-of-others", ".tmpAbC124"]);
	}

	#[test]
	fn room_is_known_for_a_folder_that_is_there() {
		let folder = TempDir::new().unwrap();
		let room = Folder::new(folder.path()).room();
		assert_eq!(room.is_some(), cfg!(unix));
		assert_eq!(Folder::new(folder.path().join("missing")).room(), None);
	}
}
