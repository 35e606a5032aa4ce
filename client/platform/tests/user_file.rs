//! Files of the user's, natively.

use medblock_platform::files::{Joined, JoinedPart, UserFile};
use std::{
	fs,
	path::Path,
	thread,
	time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;

fn contents(file: &UserFile) -> Vec<u8> {
	let (length, mut contents) = file.open().unwrap();
	let mut read = Vec::new();
	contents.read_to_end(&mut read).unwrap();
	assert_eq!(length, read.len() as u64);
	assert_eq!(length, file.length().unwrap());
	read
}

#[test]
fn file_is_read_from_its_beginning_each_time() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("one.txt");
	fs::write(&path, "content").unwrap();
	for file in [
		UserFile::Given(path),
		UserFile::Bytes { name: "one".into(), bytes: b"content".to_vec().into() },
	] {
		assert_eq!(contents(&file), b"content");
		assert_eq!(contents(&file), b"content");
	}
}

#[test]
fn changed_or_other_file_has_another_version() {
	let folder = TempDir::new().unwrap();
	let (one, two) = (folder.path().join("one"), folder.path().join("two"));
	let version = |path| UserFile::Given(path).version();
	fs::write(&one, "content").unwrap();
	fs::copy(&one, &two).unwrap();
	let before = version(one.clone());
	assert!(before.is_some());
	assert_eq!(version(folder.path().join(".").join("one")), before);
	assert_ne!(version(two), before);
	fs::write(&one, "longer content").unwrap();
	assert_ne!(version(one), before);
	assert_eq!(version(folder.path().join("missing")), None);
	assert_eq!(UserFile::Bytes { name: "one".into(), bytes: Vec::new().into() }.version(), None);
}

fn set_changed(path: &Path, at: SystemTime) {
	fs::File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
}

/// Broken clocks and archives leave such files. Without a version, a command that was killed would do all of it again.
#[test]
fn file_of_before_1970_has_a_version() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("one");
	fs::write(&path, "content").unwrap();
	let version = |seconds| {
		set_changed(&path, UNIX_EPOCH - Duration::from_secs(seconds));
		UserFile::Given(path.clone()).version()
	};
	let before = version(1);
	assert!(before.is_some());
	assert_ne!(version(2), before);
	assert_eq!(version(1), before);
}

/// A device may still be writing it.
#[test]
fn file_that_is_written_to_while_it_is_read_has_no_end() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("one");
	fs::write(&path, "content").unwrap();
	let file = UserFile::Given(path.clone());
	let (_, mut reading) = file.open().unwrap();
	reading.read_exact(&mut [0; 3]).unwrap();
	// As long as before.
	fs::write(&path, "CONTENT").unwrap();
	set_changed(&path, SystemTime::now() + Duration::from_secs(60));
	let why = reading.read_to_end(&mut Vec::new()).unwrap_err();
	assert!(why.to_string().contains("changed while it was read"), "{why}");
	assert_eq!(contents(&file), b"CONTENT");
}

#[test]
fn folder_is_no_file() {
	let folder = TempDir::new().unwrap();
	assert!(UserFile::Given(folder.path().into()).open().is_err());
}

#[test]
fn contents_can_be_read_in_another_thread() {
	let file = UserFile::Bytes { name: "one".into(), bytes: b"content".to_vec().into() };
	let (_, mut contents) = file.open().unwrap();
	let mut read = Vec::new();
	thread::scope(|threads| {
		threads.spawn(|| contents.read_to_end(&mut read).unwrap());
	});
	assert_eq!(read, b"content");
}

/// Two files with something before each, and an index.
fn joined(files: [UserFile; 2]) -> UserFile {
	let part = |file: UserFile| JoinedPart {
		before: b"<".to_vec(),
		length: file.length().unwrap(),
		version: file.version(),
		file,
	};
	UserFile::Joined(Joined::new("both".into(), files.map(part).into(), b"|index".to_vec()).into())
}

#[test]
fn joined_files_are_read_one_behind_another() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("one");
	fs::write(&path, "content").unwrap();
	let bytes = UserFile::Bytes { name: "two".into(), bytes: Vec::new().into() };
	let both = joined([UserFile::Given(path.clone()), bytes.clone()]);
	assert_eq!(contents(&both), b"<content<|index");
	assert_eq!(contents(&both), b"<content<|index");
	assert_eq!((both.place().as_str(), both.index()), ("both", Some(&b"|index"[..])));
	assert_eq!(both.version(), Some((b"|index".to_vec(), 15, 0)));
	assert_eq!((UserFile::Given(path).index(), bytes.index()), (None, None));
}

#[test]
fn a_joined_file_that_has_changed_is_not_read() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("one");
	fs::write(&path, "content").unwrap();
	let both = joined([
		UserFile::Bytes { name: "two".into(), bytes: b"other".to_vec().into() },
		UserFile::Given(path.clone()),
	]);
	fs::write(&path, "longer content").unwrap();
	let mut read = Vec::new();
	let why = both.open().unwrap().1.read_to_end(&mut read).unwrap_err();
	assert!(why.to_string().contains("changed while it was read"), "{why}");
	fs::remove_file(&path).unwrap();
	assert!(both.open().unwrap().1.read_to_end(&mut read).is_err());
}
