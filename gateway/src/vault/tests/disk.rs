//! Crashes at every step, damaged files, and a disk that is full.

use super::*;
use std::fs;

/// The folder as it would be if the process had been killed while `step` of placing a file was the
/// last that was done.
async fn killed_after(step: &str, file: &[u8]) -> Setup {
	let setup = Setup::new();
	let who = uploader(ALICE, digest_of(file));
	let blob = who.id.blob;
	let received = setup.vault.send(&who, file, 0..file.len()).await.unwrap();
	let staged = setup.vault.staging.data(&who.id);
	if step != "received" {
		let mut entry = Entry::new(file.len() as u64);
		entry.add(&ALICE);
		entry.keep(NOW, false);
		setup.vault.ledger.write(&blob, &entry).unwrap();
	}
	if step == "renamed" {
		setup.vault.store.put(&blob, &staged, file.len() as u64).await.unwrap();
	}
	drop(received);
	setup.restarted()
}

#[tokio::test]
async fn killed_between_the_steps_nothing_is_half_there_and_the_client_can_go_on() {
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let length = file.len() as u64;
	for step in ["received", "entered"] {
		let setup = killed_after(step, &file).await;
		assert_eq!(setup.vault.content(&who).await, None, "{step}: it was not acknowledged");
		let expected = UploadState { offset: length, length, complete: false };
		assert_eq!(setup.vault.progress(&who).await.unwrap(), Some(expected), "{step}");
		let received = setup.vault.send(&who, &file, file.len()..file.len()).await.unwrap();
		setup.vault.keep(whole(received), NOW).await.unwrap();
		assert!(setup.vault.content(&who).await.unwrap() == file, "{step}");
		assert_eq!((setup.staged(), setup.blobs()), (0, 1), "{step}");
	}
	let setup = killed_after("renamed", &file).await;
	assert!(setup.vault.content(&who).await.unwrap() == file);
	assert!(setup.vault.progress(&who).await.unwrap().unwrap().complete);
	assert_eq!((setup.staged(), setup.blobs()), (0, 1), "what was left is cleared");
}

#[tokio::test]
async fn an_acknowledged_file_is_there_after_a_restart() {
	let setup = Setup::new();
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let setup = setup.restarted();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn leftovers_of_a_crash_are_no_uploads() {
	let setup = Setup::new();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..100).await.unwrap();
	let part = setup.vault.staging.data(&who.id);
	for (kept, content) in [("json", None), ("part", None), ("json", Some("{\"len"))] {
		let (gone, left) = match kept {
			"json" => (part.clone(), part.with_extension("json")),
			_ => (part.with_extension("json"), part.clone()),
		};
		fs::create_dir_all(part.parent().unwrap()).unwrap();
		fs::write(&left, content.unwrap_or("{}")).unwrap();
		let _ = fs::remove_file(gone);
		let again = open(setup.folder.path(), limits());
		assert_eq!(again.progress(&who).await.unwrap(), None);
		assert_eq!(setup.staged(), 0);
	}
}

#[tokio::test]
async fn bytes_beyond_what_was_counted_do_not_count() {
	let setup = Setup::new();
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..file.len() - 1).await.unwrap();
	// The disk gives back a file longer than it can be.
	let mut bytes = fs::read(setup.vault.staging.data(&who.id)).unwrap();
	bytes.extend_from_slice(&[0; 500]);
	fs::write(setup.vault.staging.data(&who.id), &bytes).unwrap();
	let setup = setup.restarted();
	let received = setup.vault.send(&who, &file, file.len()..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::DigestMismatch), "no wrong byte gets in");
	setup.vault.upload(&who, &file).await.unwrap();
}

#[tokio::test]
async fn a_file_that_has_lost_bytes_is_not_served_and_can_be_sent_again() {
	let setup = Setup::new();
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	fs::write(&path, &file[..50_000]).unwrap();
	assert_eq!(setup.vault.content(&who).await, None);
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None);
	fs::remove_file(&path).unwrap();
	assert_eq!(setup.vault.content(&who).await, None);
	setup.vault.upload(&who, &file).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_damaged_entry_keeps_nobody_from_their_file() {
	let setup = Setup::new();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let digest = who.id.blob.digest;
	let entry = setup.folder.path().join(format!("uploads/{}/{digest}.json", PATIENT.0));
	fs::write(&entry, "{\"size\":").unwrap();
	let setup = setup.restarted();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn files_can_be_read_by_their_owner_alone() {
	use std::os::unix::fs::PermissionsExt;
	let setup = Setup::new();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
	assert_eq!(mode(&path), 0o600);
	assert_eq!(mode(&setup.folder.path().join("blobs")), 0o700);
}

/// Where this test finds a small disk when it runs itself in a namespace that has one.
const SMALL_DISK: &str = "MEDBLOCK_TEST_SMALL_DISK";

#[test]
fn a_full_disk_loses_nothing() {
	let name = "vault::tests::disk::a_full_disk_loses_nothing";
	if let Some(disk) = std::env::var_os(SMALL_DISK) {
		let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
		runtime.unwrap().block_on(fill(Path::new(&disk)));
		return;
	}
	// A real file system of two megabytes, which is gone when the process is.
	let disk = tempfile::tempdir().unwrap();
	let script = "mount -t tmpfs -o size=2m tmpfs \"$1\" && exec \"$2\" --exact \"$3\"";
	let output = std::process::Command::new("unshare")
		.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
		.arg(disk.path())
		.arg(std::env::current_exe().unwrap())
		.arg(name)
		.env(SMALL_DISK, disk.path())
		.output()
		.unwrap();
	let said = String::from_utf8_lossy(&output.stdout).into_owned()
		+ &String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Uploads more than there is room for, makes room, and goes on.
async fn fill(disk: &Path) {
	prepare(disk).unwrap();
	let vault = open(disk, limits());
	let ballast = disk.join("ballast");
	fs::write(&ballast, vec![0; 1_400_000]).unwrap();
	let file = age_file(1_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let received = vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::DiskFull));
	let arrived = vault.progress(&who).await.unwrap().unwrap().offset as usize;
	assert!(0 < arrived && arrived < file.len(), "{arrived}");
	assert_eq!(vault.content(&who).await, None);
	let again = vault.send(&who, &file, arrived..file.len()).await;
	assert_eq!(again.err(), Some(Refusal::DiskFull));
	fs::remove_file(ballast).unwrap();
	let arrived = vault.progress(&who).await.unwrap().unwrap().offset as usize;
	let received = vault.send(&who, &file, arrived..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}
