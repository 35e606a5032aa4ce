//! Where things in clear may go, and where not.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Files, Memory};
use futures::executor::block_on;
use tempfile::TempDir;

fn content(text: &[u8]) -> Scratch {
	let scratch = block_on(Memory::new().scratch("")).unwrap();
	scratch.file.write_at(text, 0).unwrap();
	scratch
}

fn refused(path: &Path, replaces: bool) -> ErrorKind {
	Destination::at(path, replaces).unwrap_err().why.kind()
}

#[test]
fn new_file_goes_where_it_was_named_if_its_folder_is_there() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("letter.txt");
	let destination = Destination::at(&path, false).unwrap();
	assert_eq!(destination.folder(), Some(folder.path()));
	assert_eq!(destination.put(content(b"one"), "x").unwrap(), Some(path.clone()));
	assert_eq!(refused(&path, false), ErrorKind::AlreadyExists);
	let destination = Destination::at(&path, true).unwrap();
	destination.put(content(b"two"), "x").unwrap();
	assert_eq!(fs::read(&path).unwrap(), b"two");

	for missing in ["no/letter.txt", "no/", "letter.txt/x"] {
		let kind = refused(&folder.path().join(missing), true);
		assert!(
			matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory),
			"{missing}: {kind}"
		);
	}
	assert_eq!(refused(Path::new(""), true), ErrorKind::NotFound);
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no folder was made");
}

#[test]
fn file_in_a_folder_gets_a_name_that_is_free() {
	let folder = TempDir::new().unwrap();
	let put = |name: &str, replaces| {
		let destination = Destination::at(folder.path(), replaces).unwrap();
		let path = destination.put(content(b"content"), name).unwrap().unwrap();
		path.file_name().unwrap().to_str().unwrap().to_owned()
	};
	assert_eq!(put("letter.pdf", false), "letter.pdf");
	assert_eq!(put("letter.pdf", false), "letter (2).pdf");
	assert_eq!(put("letter.pdf", false), "letter (3).pdf");
	assert_eq!(put("letter.pdf", true), "letter.pdf");
	assert_eq!(put("README", false), "README");
	assert_eq!(put("README", false), "README (2)");
	fs::create_dir(folder.path().join("scan")).unwrap();
	assert_eq!(put("scan", true), "scan (2)", "a folder is not replaced");
}

#[cfg(unix)]
mod on_unix {
	use super::*;
	use std::{
		os::unix::fs::{FileTypeExt, PermissionsExt, symlink},
		process::Command,
		thread,
	};

	fn fifo(folder: &TempDir) -> PathBuf {
		let path = folder.path().join("fifo");
		assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
		path
	}

	#[test]
	fn devices_are_written_to_also_when_files_are_replaced() {
		for replaces in [false, true] {
			let null = Destination::at(Path::new("/dev/null"), replaces).unwrap();
			assert_eq!(null.put(content(b"in clear"), "x").unwrap(), None);
		}
		assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
		let full = Destination::at(Path::new("/dev/full"), true).unwrap();
		let failed = full.put(content(b"in clear"), "x").unwrap_err();
		assert_eq!(failed.why.kind(), ErrorKind::StorageFull);
		assert_eq!(refused(Path::new("/dev/no-such-device"), true), ErrorKind::NotFound);
	}

	#[test]
	fn standard_output_is_known_by_all_its_names() {
		for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
			assert_eq!(Destination::at(Path::new(name), true).unwrap(), Destination::Output);
		}
		// A link to it, and a link to the link, also where it is a file.
		let folder = TempDir::new().unwrap();
		let [link, other] = ["link", "other"].map(|name| folder.path().join(name));
		symlink("/dev/stdout", &link).unwrap();
		symlink("link", &other).unwrap();
		for (path, replaces) in [(&link, false), (&link, true), (&other, true)] {
			assert_eq!(Destination::at(path, replaces).unwrap(), Destination::Output);
		}
	}

	#[test]
	fn open_file_of_another_program_is_added_to() {
		use std::os::fd::AsRawFd;
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("open");
		fs::write(&path, "before ").unwrap();
		let open = File::options().append(true).open(&path).unwrap();
		let name = format!("/proc/self/fd/{}", open.as_raw_fd());
		let destination = Destination::at(Path::new(&name), true).unwrap();
		destination.put(content(b"after"), "x").unwrap();
		assert_eq!(fs::read(&path).unwrap(), b"before after");
		let link = folder.path().join("link");
		symlink(&name, &link).unwrap();
		let destination = Destination::at(&link, true).unwrap();
		destination.put(content(b" all"), "x").unwrap();
		assert_eq!(fs::read(&path).unwrap(), b"before after all");
		assert!(link.symlink_metadata().unwrap().is_symlink());
	}

	#[test]
	fn links_to_devices_are_written_to_and_stay() {
		let folder = TempDir::new().unwrap();
		let link = folder.path().join("link");
		symlink("/dev/null", &link).unwrap();
		let destination = Destination::at(&link, true).unwrap();
		assert_eq!(destination.put(content(b"in clear"), "x").unwrap(), None);
		assert!(link.symlink_metadata().unwrap().is_symlink());
		// One that leads to itself is refused.
		let round = folder.path().join("round");
		symlink("round", &round).unwrap();
		assert!(Destination::at(&round, true).is_err());
	}

	#[test]
	fn fifo_is_written_to_and_stays_one() {
		let folder = TempDir::new().unwrap();
		let path = fifo(&folder);
		let from = path.clone();
		let reader = thread::spawn(move || fs::read(from).unwrap());
		let destination = Destination::at(&path, true).unwrap();
		assert_eq!(destination.put(content(b"in clear"), "x").unwrap(), None);
		assert_eq!(reader.join().unwrap(), b"in clear");
		assert!(fs::metadata(&path).unwrap().file_type().is_fifo());
		let link = folder.path().join("link");
		symlink(&path, &link).unwrap();
		let destination = Destination::at(&link, true).unwrap();
		assert!(matches!(destination, Destination::Special { is_file: false, .. }));
	}

	#[test]
	fn what_has_become_a_file_meanwhile_is_not_overwritten() {
		let folder = TempDir::new().unwrap();
		let path = fifo(&folder);
		let destination = Destination::at(&path, true).unwrap();
		fs::remove_file(&path).unwrap();
		fs::write(&path, "somebody else's").unwrap();
		assert!(destination.put(content(b"in clear"), "x").is_err());
		assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
	}

	#[test]
	fn links_are_there_wherever_they_point() {
		let folder = TempDir::new().unwrap();
		let link = folder.path().join("link");
		symlink(folder.path().join("nothing"), &link).unwrap();
		assert_eq!(refused(&link, false), ErrorKind::AlreadyExists);
		let destination = Destination::at(&link, true).unwrap();
		destination.put(content(b"mine"), "x").unwrap();
		assert!(link.symlink_metadata().unwrap().is_file());
		assert!(!folder.path().join("nothing").exists());
	}

	#[test]
	fn socket_is_refused() {
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("socket");
		let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
		assert_eq!(refused(&path, true), ErrorKind::InvalidInput);
	}

	/// Root may write everywhere.
	#[test]
	fn folder_that_cannot_be_written_to_is_refused_beforehand() {
		let folder = TempDir::new().unwrap();
		let closed = folder.path().join("closed");
		fs::create_dir(&closed).unwrap();
		fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
		let is_root = File::create(closed.join("probe")).is_ok();
		if !is_root {
			for path in [closed.clone(), closed.join("new")] {
				assert_eq!(refused(&path, true), ErrorKind::PermissionDenied);
			}
			let storage = Destination::Output.storage(&closed);
			assert!(block_on(storage.scratch("")).is_ok(), "in the folder for temporary files");
		}
	}
}
