//! Crashes at every step, damaged files, and a disk that is full.

mod unsynced;

use super::*;
use std::fs;

/// The folder as it would be if the process had been killed while `step` of placing a file was the
/// last that was done.
async fn killed_after(step: &str, file: &[u8]) -> Setup {
	let setup = Setup::new().await;
	let who = uploader(ALICE, digest_of(file));
	let blob = who.id.blob;
	let received = setup.vault.send(&who, file, 0..file.len()).await.unwrap();
	let staged = setup.vault.staging.data(&who.id);
	if step != "received" {
		let entered = setup.vault.ledger.enter(&who.id, file.len() as u64, false, NOW).await;
		entered.unwrap().unwrap();
	}
	if step == "renamed" {
		setup.vault.store.put(&blob, &staged, file.len() as u64).await.unwrap();
	}
	drop(received);
	setup.restarted().await
}

#[tokio::test]
async fn killed_between_the_steps_nothing_is_half_there_and_the_client_can_go_on() {
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let length = file.len() as u64;
	for step in ["received", "entered"] {
		let setup = killed_after(step, &file).await;
		assert_eq!(setup.vault.content(&who).await, None, "{step}: it was not acknowledged");
		let expected = UploadState::partial(length, length);
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
	let setup = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let setup = setup.restarted().await;
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn an_upload_whose_bytes_are_lost_begins_anew_and_bytes_without_an_upload_are_removed() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..100).await.unwrap();
	fs::remove_dir_all(setup.folder.path().join("staging")).unwrap();
	let setup = setup.restarted().await;
	let begun = UploadState::partial(0, file.len() as u64);
	assert_eq!(setup.vault.progress(&who).await.unwrap(), Some(begun));
	setup.vault.send(&who, &file, 0..100).await.unwrap();
	// A back-up of before is restored.
	setup.forgets().await;
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None);
	assert_eq!(setup.staged(), 1);
	setup.vault.sweep_staging(NOW, &mut sweep::Swept::default()).await.unwrap();
	assert_eq!(setup.staged(), 0);
	setup.vault.upload(&who, &file).await.unwrap();
}

#[tokio::test]
async fn a_deletion_that_was_cut_off_is_ended_and_until_then_nobody_uploads_the_file() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let (alice, bob) = (uploader(ALICE, digest_of(&file)), uploader(BOB, digest_of(&file)));
	setup.vault.upload(&alice, &file).await.unwrap();
	let clock = crate::authority::wall_clock();
	let withdrawn = setup.vault.ledger.withdraw(&alice.id, false, clock).await.unwrap();
	assert_eq!(withdrawn, Ok(ledger::Withdrawn::Marked));
	let setup = setup.restarted().await;
	assert_eq!(setup.vault.progress(&alice).await.unwrap(), None);
	assert_eq!(setup.vault.upload(&bob, &file).await, Err(Refusal::Busy));
	let ledger = &setup.vault.ledger;
	assert!(ledger.unfinished(clock + 599_999).await.unwrap().is_empty(), "it may be under way");
	let later = clock + 600_000;
	assert_eq!(ledger.unfinished(later).await.unwrap(), [bob.id.blob]);
	assert!(ledger.unfinished(later).await.unwrap().is_empty(), "this gateway ends it");
	setup.vault.remove(&bob.id.blob).await.unwrap();
	let end = file.len()..file.len();
	let received = setup.vault.send(&bob, &file, end).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	assert!(setup.vault.content(&bob).await.unwrap() == file);
}

/// A machine's clock may be hours ahead, and be set right.
#[tokio::test]
async fn a_deletion_of_a_clock_that_was_ahead_is_ended_as_soon_as_any() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let alice = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&alice, &file).await.unwrap();
	let (ledger, clock) = (&setup.vault.ledger, NOW);
	let ahead = clock + 86_400_000;
	let withdrawn = ledger.withdraw(&alice.id, false, ahead).await.unwrap();
	assert_eq!(withdrawn, Ok(ledger::Withdrawn::Marked));
	assert!(ledger.unfinished(clock).await.unwrap().is_empty(), "it may be under way");
	assert!(ledger.unfinished(clock + 599_999).await.unwrap().is_empty(), "still");
	assert_eq!(ledger.unfinished(clock + 600_000).await.unwrap(), [alice.id.blob]);
}

#[tokio::test]
async fn bytes_beyond_what_was_counted_do_not_count() {
	let setup = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..file.len() - 1).await.unwrap();
	// The disk gives back a file longer than it can be.
	let mut bytes = fs::read(setup.vault.staging.data(&who.id)).unwrap();
	bytes.extend_from_slice(&[0; 500]);
	fs::write(setup.vault.staging.data(&who.id), &bytes).unwrap();
	let setup = setup.restarted().await;
	let received = setup.vault.send(&who, &file, file.len()..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::DigestMismatch), "no wrong byte gets in");
	setup.vault.upload(&who, &file).await.unwrap();
}

#[tokio::test]
async fn a_file_that_has_lost_bytes_is_not_served_and_can_be_sent_again() {
	let setup = Setup::new().await;
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

/// The database was lost, too, so that only the short file says how long it is.
#[tokio::test]
async fn a_file_that_was_found_short_has_its_own_length_once_it_is_sent_again() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	fs::write(&path, &file[..500]).unwrap();
	setup.forgets().await;
	assert!(setup.vault.ledger.adopt(&who.id.blob, 500, NOW).await.unwrap());
	for account in [BOB, ALICE] {
		setup.vault.upload(&uploader(account, digest_of(&file)), &file).await.unwrap();
	}
	assert!(setup.vault.content(&who).await.unwrap() == file);
	let length = file.len() as u64;
	assert_eq!(setup.vault.unnamed().await, Ok(2 * length), "and counts as long as it is");
	assert!(setup.vault.ledger.note_named(&who.id.blob, true).await.unwrap().settled);
	assert_eq!(setup.vault.unnamed().await, Ok(0));
}

#[tokio::test]
async fn a_lost_entry_keeps_nobody_from_their_file() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	setup.forgets().await;
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn uploads_stop_at_the_reserve_and_reading_does_not() {
	let setup = Setup::new().await;
	let (there, begun, new) = (age_file(1_000), age_file(2_000), age_file(3_000));
	let who = |file: &[u8]| uploader(ALICE, digest_of(file));
	setup.vault.upload(&who(&there), &there).await.unwrap();
	setup.vault.send(&who(&begun), &begun, 0..100).await.unwrap();
	// More than any disk has free.
	let limits = Limits { reserve: u64::MAX / 2, ..limits() };
	drop(setup.vault);
	let vault = open(setup.folder.path(), limits).await;
	assert!(!vault.has_room_for(0).unwrap());
	let received = vault.send(&who(&new), &new, 0..new.len()).await;
	assert_eq!(received.err(), Some(Refusal::DiskFull));
	assert_eq!(vault.progress(&who(&new)).await.unwrap(), None, "nothing has begun");
	let received = vault.send(&who(&begun), &begun, 100..begun.len()).await;
	assert_eq!(received.err(), Some(Refusal::DiskFull));
	assert_eq!(vault.progress(&who(&begun)).await.unwrap().unwrap().offset, 100, "it stays");
	assert!(vault.content(&who(&there)).await.unwrap() == there);
}

#[tokio::test]
async fn files_can_be_read_by_their_owner_alone() {
	use std::os::unix::fs::PermissionsExt;
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
	assert_eq!(mode(&path), 0o600);
	assert_eq!(mode(&setup.folder.path().join("blobs")), 0o700);
}

/// Where a test finds its folder when it runs itself in a namespace that has another file system there.
const FOLDER: &str = "MEDBLOCK_TEST_FOLDER";

/// Runs a test with a folder that is a real file system of its own of this size, or in which a folder is. It is gone when
/// the process is.
fn with_a_disk(name: &str, at: &str, size: &str, test: impl AsyncFnOnce(&Path)) {
	with_a_disk_as("", name, at, size, test);
}

/// As [`with_a_disk`], run by another program.
pub(super) fn with_a_disk_as(
	program: &str,
	name: &str,
	at: &str,
	size: &str,
	test: impl AsyncFnOnce(&Path),
) {
	if let Some(folder) = std::env::var_os(FOLDER) {
		let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
		runtime.unwrap().block_on(test(Path::new(&folder)));
		return;
	}
	let folder = tempfile::tempdir().unwrap();
	let disk = folder.path().join(at);
	fs::create_dir_all(&disk).unwrap();
	let script = "mount -t tmpfs -o size=\"$4\" tmpfs \"$1\" && exec $5 \"$2\" --exact \"$3\"";
	let output = std::process::Command::new("unshare")
		.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
		.arg(disk)
		.arg(std::env::current_exe().unwrap())
		.args([name, size, program])
		.env(FOLDER, folder.path())
		.output()
		.unwrap();
	let said = String::from_utf8_lossy(&output.stdout).into_owned()
		+ &String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_full_disk_loses_nothing() {
	with_a_disk("vault::tests::disk::a_full_disk_loses_nothing", "", "4m", fill);
}

#[test]
fn files_move_to_a_disk_of_their_own() {
	with_a_disk("vault::tests::disk::files_move_to_a_disk_of_their_own", "blobs", "8m", move_over);
}

/// Uploads a file to a disk of its own, and one that is too large for it.
async fn move_over(data: &Path) {
	prepare(data).unwrap();
	let (staging, blobs) = (data.join("staging"), data.join("blobs"));
	fs::create_dir(blobs.join("moving")).unwrap();
	fs::write(blobs.join("moving/half"), "of a file, after a crash").unwrap();
	let vault = open(data, limits()).await;
	assert_eq!(files_below(&blobs), 0);
	let file = age_file(1_000_000);
	let who = uploader(ALICE, digest_of(&file));
	vault.upload(&who, &file).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
	assert_eq!((files_below(&staging), files_below(&blobs)), (0, 1));

	let large = age_file(10_000_000);
	let who = uploader(ALICE, digest_of(&large));
	assert_eq!(vault.upload(&who, &large).await, Err(Refusal::DiskFull));
	assert_eq!(files_below(&blobs), 1);
	let length = large.len() as u64;
	let all = UploadState::partial(length, length);
	assert_eq!(vault.progress(&who).await.unwrap(), Some(all), "it is where it was");
	assert_eq!(vault.content(&who).await, None);
}

/// Uploads more than there is room for, makes room, and goes on.
async fn fill(disk: &Path) {
	prepare(disk).unwrap();
	let vault = open(disk, limits()).await;
	let there = age_file(1_000);
	let before = uploader(ALICE, digest_of(&there));
	vault.upload(&before, &there).await.unwrap();
	let ballast = disk.join("ballast");
	fs::write(&ballast, vec![0; 3_100_000]).unwrap();
	let file = age_file(1_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let received = vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::DiskFull));
	let arrived = vault.progress(&who).await.unwrap().unwrap().offset as usize;
	assert!(0 < arrived && arrived < file.len(), "{arrived}");
	assert_eq!(vault.content(&who).await, None);
	let again = vault.send(&who, &file, arrived..file.len()).await;
	assert_eq!(again.err(), Some(Refusal::DiskFull));
	assert!(vault.content(&before).await.unwrap() == there, "reading goes on");
	fs::remove_file(ballast).unwrap();
	let arrived = vault.progress(&who).await.unwrap().unwrap().offset as usize;
	let received = vault.send(&who, &file, arrived..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}
