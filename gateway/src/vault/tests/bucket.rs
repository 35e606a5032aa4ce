//! The vault on a real server of S3's protocol, which these tests start.

// The tests of the whole program use the same server.
#[path = "../../../tests/common/s3.rs"]
mod s3;

use super::*;
use crate::copies::Copies;
use object_store::aws::AmazonS3Builder;
use s3::{KEY, REGION, SECRET, STORE, Service};

impl Service {
	fn store(&self, secret: &str) -> Store {
		let builder = AmazonS3Builder::new()
			.with_access_key_id(KEY)
			.with_secret_access_key(secret)
			.with_region(REGION);
		let endpoint = self.endpoint().parse().unwrap();
		Store::with_builder(builder, &STORE.parse().unwrap(), Some(&endpoint)).unwrap()
	}

	fn vault(&self, data: &Path) -> Vault {
		prepare(data).unwrap();
		let metrics = Arc::new(Metrics::new().unwrap());
		Vault::open(data, self.store(SECRET), limits(), metrics).unwrap()
	}

	/// The file behind a blob.
	fn file(&self, blob: &BlobId) -> std::path::PathBuf {
		self.files().join(blob.path())
	}
}

#[tokio::test]
async fn a_file_of_several_parts_is_what_it_was_afterwards() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path());
	let file = age_file(20_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let half = file.len() / 2;
	vault.send(&who, &file, 0..half).await.unwrap();
	assert_eq!(vault.content(&who).await, None, "nothing is there before all is");
	let received = vault.send(&who, &file, half..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(std::fs::read(service.file(&who.id.blob)).unwrap() == file);
	assert!(vault.content(&who).await.unwrap() == file);
	let range = 9_000_000..9_000_500;
	let part = vault.bytes(&who.id.blob, range.start as u64..range.end as u64).await;
	assert!(part == file[range]);
	assert_eq!(files_below(&data.path().join("staging")), 0);
	assert!(service.vault(data.path()).progress(&who).await.unwrap().unwrap().complete);
}

#[tokio::test]
async fn while_the_service_is_away_nothing_is_acknowledged_and_nothing_lost() {
	let mut service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path());
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	service.stop().await;
	let received = vault.send(&who, &file, 0..file.len()).await.unwrap();
	assert_eq!(vault.keep(whole(received), NOW).await, Err(Refusal::StoreFailed));
	assert_eq!(vault.length(&who.id.blob).await, Err(Refusal::StoreFailed));
	service.start_again().await;
	assert_eq!(vault.content(&who).await, None);
	let length = file.len() as u64;
	let expected = UploadState { offset: length, length, complete: false };
	assert_eq!(vault.progress(&who).await.unwrap(), Some(expected), "all that was sent is there");
	let received = vault.send(&who, &file, file.len()..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_copy_of_an_accounts_keys_is_in_the_bucket_and_outlives_the_gateway() {
	let service = Service::start().await;
	let copies = || Copies::new(service.store(SECRET), Arc::new(Metrics::new().unwrap()));
	let file = b"age-encryption.org/v1\n";
	copies().put(&[7; 32], &ALICE, file).await.unwrap();
	copies().put(&[7; 32], &ALICE, file).await.unwrap();
	assert_eq!(copies().find(&[7; 32]).await.unwrap(), &file[..]);
	assert!(service.store(SECRET).patients().await.unwrap().is_empty(), "it is no patient's file");
	assert_eq!(copies().put(&[7; 32], &BOB, file).await, Err(Refusal::NoSuchCopy));
	copies().remove_all(&ALICE).await.unwrap();
	assert_eq!(copies().find(&[7; 32]).await, Err(Refusal::NoSuchCopy));
}

#[tokio::test]
async fn a_wrong_secret_opens_no_bucket() {
	let service = Service::start().await;
	let store = service.store("guessed");
	let file = age_file(10);
	let blob = uploader(ALICE, digest_of(&file)).id.blob;
	assert!(store.size(&blob).await.is_err());
}

#[tokio::test]
async fn files_in_a_bucket_are_listed_and_deleted() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path());
	let files = [age_file(10), age_file(5_000)];
	for file in &files {
		vault.upload(&uploader(ALICE, digest_of(file)), file).await.unwrap();
	}
	let store = service.store(SECRET);
	assert_eq!(store.patients().await.unwrap(), [PATIENT]);
	let listed: Vec<_> = futures::TryStreamExt::try_collect(store.blobs(PATIENT)).await.unwrap();
	let mut expected =
		files.each_ref().map(|file| (uploader(ALICE, digest_of(file)).id.blob, file.len() as u64));
	expected.sort_by_key(|(blob, _)| blob.digest);
	let mut listed: Vec<(BlobId, u64)> = listed;
	listed.sort_by_key(|(blob, _)| blob.digest);
	assert_eq!(listed, expected);
	let who = uploader(ALICE, digest_of(&files[0]));
	assert_eq!(vault.discard(&who.id, false).await, Ok(true));
	assert_eq!(vault.content(&who).await, None);
	assert!(!service.file(&who.id.blob).exists());
	store.delete(&who.id.blob).await.unwrap();
}
