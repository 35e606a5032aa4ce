//! Full disks of the bucket's service and of the database. The gateway's own is in the tests of its disk.

use super::{super::disk::with_a_disk_as, *};
use std::{fs::File, io::Write};

/// Runs a program as the disk's owner, who is not root: PostgreSQL refuses root.
const AS_A_USER: &str = "unshare --user --map-user=1000 --map-group=1000";

/// Fills a disk to the last byte, with a file that it returns.
fn ballast(disk: &Path) -> std::path::PathBuf {
	let path = disk.join("ballast");
	let mut file = File::create(&path).unwrap();
	for size in [64 << 10, 1 << 10, 1] {
		while file.write_all(&vec![7; size]).is_ok() {}
	}
	path
}

#[test]
fn a_full_bucket_loses_nothing() {
	let name = "vault::tests::bucket::full::a_full_bucket_loses_nothing";
	with_a_disk_as("", name, "", "8m", fill_the_bucket);
}

async fn fill_the_bucket(disk: &Path) {
	let service = Service::start_in(tempfile::tempdir_in(disk).unwrap()).await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path()).await;
	let there = age_file(500_000);
	let before = uploader(ALICE, digest_of(&there));
	vault.upload(&before, &there).await.unwrap();
	let ballast = ballast(disk);
	let file = age_file(1_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let received = vault.send(&who, &file, 0..file.len()).await.unwrap();
	assert_eq!(vault.keep(whole(received), NOW).await, Err(Refusal::StoreFailed));
	assert_eq!(vault.content(&who).await, None);
	assert!(vault.content(&before).await.unwrap() == there, "reading goes on");

	std::fs::remove_file(ballast).unwrap();
	let received = vault.send(&who, &file, file.len()..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}

#[test]
fn a_full_disk_of_the_database_loses_nothing() {
	let name = "vault::tests::bucket::full::a_full_disk_of_the_database_loses_nothing";
	with_a_disk_as(AS_A_USER, name, "", "96m", fill_the_database);
}

async fn fill_the_database(disk: &Path) {
	let folder = tempfile::tempdir_in(disk).unwrap();
	// Its log takes room by the mebibyte, and not by sixteen.
	let mut server = Server::start_in(folder, &["--wal-segsize=1"]);
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = shared(&service, &server, data.path()).await;
	let mut kept = Vec::new();
	let mut ballast_at = None;
	let why = loop {
		let file = age_file(kept.len());
		match vault.upload(&uploader(ALICE, digest_of(&file)), &file).await {
			Ok(()) => kept.push(file),
			Err(why) => break why,
		}
		if kept.len() == 10 {
			ballast_at = Some(ballast(disk));
		}
		assert!(kept.len() < 20_000, "the disk is never full");
	};
	assert!(matches!(why, Refusal::DiskFull | Refusal::StateFailed), "{why:?}");

	std::fs::remove_file(ballast_at.unwrap()).unwrap();
	server.go_on();
	for file in &kept {
		let who = uploader(ALICE, digest_of(file));
		assert!(vault.content(&who).await.unwrap() == *file);
		assert!(vault.progress(&who).await.unwrap().unwrap().complete);
	}
	let file = age_file(kept.len());
	let who = uploader(ALICE, digest_of(&file));
	vault.upload(&who, &file).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}
