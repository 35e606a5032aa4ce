//! What storage does natively.

use crate::cases;
use medblock_platform::{Files, Folder, Memory, Storage, Within};
use std::{fs, io::ErrorKind, sync::Arc};
use tempfile::TempDir;

macro_rules! test_natively {
	($case:ident) => {
		#[tokio::test]
		async fn $case() {
			cases::$case(&Memory::new()).await;
			let folder = TempDir::new().unwrap();
			cases::$case(&Folder::new(folder.path().join("home"))).await;
			cases::$case(&Within::new(Arc::new(Memory::new()), "people/maria".to_owned())).await;
		}
	};
}

cases::for_each_case!(test_natively);

/// As the same command in two terminals: the lock is the system's, which frees it when a program is killed.
#[tokio::test]
async fn held_name_is_held_by_one() {
	let home = TempDir::new().unwrap();
	let [one, two] = [0, 1].map(|_| Folder::new(home.path()));
	let held = one.hold("outbox/add.lock").await.unwrap();
	assert!(held.is_some());
	assert!(two.hold("outbox/add.lock").await.unwrap().is_none());
	assert!(two.hold("outbox/other.lock").await.unwrap().is_some());
	let inside = Within::new(Arc::new(two.clone()), "outbox".to_owned());
	assert!(inside.hold("add.lock").await.unwrap().is_none(), "it is the same name");
	drop(held);
	assert!(inside.hold("add.lock").await.unwrap().is_some());
}

#[tokio::test]
async fn each_folder_has_its_own_names() {
	let whole = Arc::new(Memory::new());
	let [maria, jan] = ["maria", "jan"].map(|name| Within::new(whole.clone(), name.to_owned()));
	maria.create("pins.json", b"hers").await.unwrap();
	jan.create("pins.json", b"his").await.unwrap();
	assert_eq!(**whole.read("maria/pins.json", 9).await.unwrap().unwrap(), *b"hers");
	whole.clear("maria").await.unwrap();
	assert!(maria.find("pins.json").await.unwrap().is_none());
	assert_eq!(**jan.read("pins.json", 9).await.unwrap().unwrap(), *b"his");
	assert!(maria.read("../jan/pins.json", 9).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_look_into_a_folder() {
	use std::os::unix::fs::PermissionsExt;
	let outside = TempDir::new().unwrap();
	let home = outside.path().join("home");
	let storage = Folder::new(&home);
	storage.create("a/one", b"").await.unwrap();
	storage.replace("a/two", b"").await.unwrap();
	let scratch = storage.scratch("a").await.unwrap();
	storage.keep(scratch, "a/three").await.unwrap();
	let mode = |name: &str| fs::metadata(home.join(name)).unwrap().permissions().mode() & 0o777;
	assert_eq!(["a/one", "a/two", "a/three"].map(mode), [0o600; 3]);
	assert_eq!(["", "a"].map(mode), [0o700; 2]);
}

/// As Windows leaves them beside what it copies out of a download, if the folder lies in a Linux of its own.
#[cfg(unix)]
#[tokio::test]
async fn files_with_names_that_no_value_has_are_not_listed() {
	let folder = TempDir::new().unwrap();
	let storage = Folder::new(folder.path());
	storage.create("a/one", b"").await.unwrap();
	for name in ["one:Zone.Identifier", "a\\b"] {
		fs::write(folder.path().join("a").join(name), "other").unwrap();
	}
	let found = storage.list("a/").await.unwrap();
	assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a/one"]);
}

#[tokio::test]
async fn outermost_folder_is_not_made_by_itself() {
	let outside = TempDir::new().unwrap();
	let storage = Folder::new(outside.path().join("home"));
	let refused = storage.scratch("").await.err().unwrap();
	assert_eq!(refused.why.kind(), ErrorKind::NotFound);
	assert_eq!(refused.place, outside.path().join("home").display().to_string());
}

#[tokio::test]
async fn scratch_file_can_be_moved_out_of_its_storage() {
	let folder = TempDir::new().unwrap();
	let scratch = Folder::new(folder.path()).scratch("").await.unwrap();
	scratch.file.write_at(b"here", 0).unwrap();
	let path = scratch.into_path().unwrap();
	path.persist_noclobber(folder.path().join("out")).unwrap();
	assert_eq!(fs::read(folder.path().join("out")).unwrap(), b"here");
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
	assert!(Memory::new().scratch("").await.unwrap().into_path().is_err());
	let foreign = Memory::new().scratch("").await.unwrap();
	assert!(Folder::new(folder.path()).keep(foreign, "one").await.is_err());
}
