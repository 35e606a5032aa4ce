//! Disks that could not keep an upload's bytes. Linux says that to one sync alone, and the next one passes.

use super::*;
use crate::failing_disk::{LostSync, with_a_lost_sync};
use std::path::PathBuf;

/// The content of a file that is synced on the way, and not only at its end.
const LONG: usize = 34 << 20;

/// Makes a file to upload. Gives the path at which the vault receives it.
fn made(folder: &Path, length: usize) -> PathBuf {
	fs::write(folder.join("file"), age_file(length)).unwrap();
	let staging = Staging::open(folder.join("staging")).unwrap();
	staging.data(&read(folder).0.id)
}

/// The file, and its uploader.
fn read(folder: &Path) -> (Uploader, Vec<u8>) {
	let file = fs::read(folder.join("file")).unwrap();
	(uploader(ALICE, digest_of(&file)), file)
}

/// The vault has nothing of the upload, and takes all of it again.
async fn begins_anew(vault: &Vault, who: &Uploader, file: &[u8]) {
	assert_eq!(vault.progress(who).await.unwrap(), None);
	assert_eq!(vault.content(who).await, None);
	vault.upload(who, file).await.unwrap();
	assert!(vault.content(who).await.unwrap() == file);
}

#[test]
fn a_failed_sync_on_the_way_counts() {
	let name = "vault::tests::disk::unsynced::a_failed_sync_on_the_way_counts";
	let lost = LostSync { call: "fdatasync", which: 1 };
	with_a_lost_sync(name, lost, |folder| made(folder, LONG), lose_on_the_way);
}

async fn lose_on_the_way(data: &Path) {
	prepare(data).unwrap();
	let vault = open(data, limits()).await;
	let (who, file) = read(data);
	let received = vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::StoreFailed));
	begins_anew(&vault, &who, &file).await;
}

#[test]
fn a_failed_last_sync_is_not_asked_for_again() {
	let name = "vault::tests::disk::unsynced::a_failed_last_sync_is_not_asked_for_again";
	let lost = LostSync { call: "fsync", which: 1 };
	with_a_lost_sync(name, lost, |folder| made(folder, 100_000), lose_at_the_end);
}

async fn lose_at_the_end(data: &Path) {
	prepare(data).unwrap();
	let vault = open(data, limits()).await;
	let (who, file) = read(data);
	let received = vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::StoreFailed));
	// Nothing is missing, as the client counts: it asks for the end alone.
	let again = vault.send(&who, &file, file.len()..file.len()).await;
	assert_eq!(again.err(), Some(Refusal::WrongOffset { offset: 0 }));
	begins_anew(&vault, &who, &file).await;
}
