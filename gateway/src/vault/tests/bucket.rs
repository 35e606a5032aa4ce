//! The vault on a real server of S3's protocol, which these tests start.

// The tests of the whole program use the same server.
#[path = "../../../tests/common/s3.rs"]
#[allow(dead_code)]
mod s3;

mod full;
mod lease;

use super::*;
use crate::{
	copies::Copies,
	state::tests::postgres::Server,
	vault::{
		lease::{Claimant, Lease, Terms},
		ledger::Piece,
		sweep::Swept,
	},
};
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

	async fn vault(&self, data: &Path) -> Vault {
		prepare(data).unwrap();
		let metrics = Arc::new(Metrics::new().unwrap());
		Vault::open(data, state(data).await, self.store(SECRET), limits(), metrics).unwrap()
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
	let vault = service.vault(data.path()).await;
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
	assert!(service.vault(data.path()).await.progress(&who).await.unwrap().unwrap().complete);
}

#[tokio::test]
async fn while_a_file_is_on_its_way_to_the_bucket_its_uploader_is_told_so() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = Arc::new(service.vault(data.path()).await);
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let length = file.len() as u64;
	service.slow_down(Duration::from_secs(2));
	let whole = whole(vault.send(&who, &file, 0..file.len()).await.unwrap());
	let keeping = tokio::spawn({
		let vault = vault.clone();
		async move { vault.keep(whole, NOW).await }
	});
	assert_eq!(vault.progress(&who).await.unwrap(), Some(UploadState::storing(length)));
	assert_eq!(vault.content(&who).await, None);
	keeping.await.unwrap().unwrap();
	assert_eq!(vault.progress(&who).await.unwrap(), Some(UploadState::complete(length)));
	assert!(vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn while_the_service_is_away_nothing_is_acknowledged_and_nothing_lost() {
	let mut service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	service.stop().await;
	let received = vault.send(&who, &file, 0..file.len()).await.unwrap();
	assert_eq!(vault.keep(whole(received), NOW).await, Err(Refusal::StoreFailed));
	assert_eq!(vault.length(&who.id.blob).await, Err(Refusal::StoreFailed));
	service.start_again().await;
	assert_eq!(vault.content(&who).await, None);
	let length = file.len() as u64;
	let expected = UploadState::partial(length, length);
	assert_eq!(vault.progress(&who).await.unwrap(), Some(expected), "all that was sent is there");
	let received = vault.send(&who, &file, file.len()..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn parts_that_could_not_be_put_together_do_not_stay_in_the_bucket() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let received = vault.send(&who, &file, 0..file.len()).await.unwrap();
	service.keep_apart(true);
	assert_eq!(vault.keep(whole(received), NOW).await, Err(Refusal::StoreFailed));
	assert_eq!(service.parts(), 0);
	service.keep_apart(false);
	let received = vault.send(&who, &file, file.len()..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}

/// A gateway of a vault whose bucket and database others share.
async fn shared(service: &Service, server: &Server, data: &Path) -> Vault {
	prepare(data).unwrap();
	let place = Place::Server(server.url().parse().unwrap());
	let state = State::open(&place, HospitalId(0)).await.unwrap();
	let metrics = Arc::new(Metrics::new().unwrap());
	Vault::open(data, state, service.store(SECRET), limits(), metrics).unwrap()
}

#[tokio::test]
async fn an_upload_goes_on_at_another_gateway_and_at_the_first_one_again() {
	let (service, server) = (Service::start().await, Server::start());
	let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let first = shared(&service, &server, folders[0].path()).await;
	let second = shared(&service, &server, folders[1].path()).await;
	let file = age_file(30_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let length = file.len();
	let arrived = |at: usize| Some(UploadState::partial(at as u64, length as u64));
	let mut from = 0;
	for (vault, other, to) in [
		(&first, &second, 12_000_000),
		(&second, &first, 21_000_000),
		(&first, &second, 21_000_001),
	] {
		let received = vault.receive(&who, part(from, length), broken(&file[from..to]), NOW).await;
		assert_eq!(received.err(), Some(Refusal::BodyBroken));
		for one in [vault, other] {
			assert_eq!(one.progress(&who).await.unwrap(), arrived(to));
		}
		from = to;
	}
	// The first one's disk is lost.
	drop(first);
	let received = second.send(&who, &file, from..length).await.unwrap();
	second.keep(whole(received), NOW).await.unwrap();
	assert!(second.content(&who).await.unwrap() == file);
	assert!(second.ledger.pieces(&who.id).await.unwrap().is_empty());
	assert_eq!(second.unnamed().await, Ok(length as u64));
}

#[tokio::test]
async fn while_an_uploads_bytes_are_fetched_its_uploader_is_told_to_wait() {
	let (service, server) = (Service::start().await, Server::start());
	let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let first = shared(&service, &server, folders[0].path()).await;
	let second = Arc::new(shared(&service, &server, folders[1].path()).await);
	let file = age_file(100_000);
	let (who, length) = (uploader(ALICE, digest_of(&file)), file.len());
	first.send(&who, &file, 0..50_000).await.unwrap();
	service.slow_down_reading(Duration::from_secs(3));
	let going_on = tokio::spawn({
		let (vault, file) = (second.clone(), file.clone());
		async move { vault.send(&who, &file, 50_000..60_000).await.map(offset) }
	});
	let begun = UploadState::partial(50_000, length as u64);
	loop {
		let told = second.progress(&who).await.unwrap();
		if told == Some(UploadState { storing: true, ..begun }) {
			break;
		}
		assert!(!going_on.is_finished(), "it went on, and said {told:?}");
		tokio::task::yield_now().await;
	}
	assert_eq!(going_on.await.unwrap(), Ok(60_000));
	let going_on = UploadState::partial(60_000, length as u64);
	assert_eq!(second.progress(&who).await.unwrap(), Some(going_on));
}

#[tokio::test]
async fn an_upload_whose_pieces_are_lost_begins_anew() {
	let (service, server) = (Service::start().await, Server::start());
	let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let first = shared(&service, &server, folders[0].path()).await;
	let second = shared(&service, &server, folders[1].path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	first.send(&who, &file, 0..50_000).await.unwrap();
	std::fs::remove_dir_all(service.files().join("pending")).unwrap();
	let received = second.send(&who, &file, 50_000..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::WrongOffset { offset: 0 }));
	// Although the first one has them still.
	for vault in [&second, &first] {
		let received = vault.send(&who, &file, 0..60_000).await.unwrap();
		assert_eq!(offset(received), 60_000);
	}
	let received = second.send(&who, &file, 60_000..file.len()).await.unwrap();
	second.keep(whole(received), NOW).await.unwrap();
	assert!(second.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_piece_that_a_crash_has_left_is_removed_and_none_that_is_in_use() {
	let (service, server) = (Service::start().await, Server::start());
	let folder = tempfile::tempdir().unwrap();
	let vault = shared(&service, &server, folder.path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	vault.send(&who, &file, 0..50_000).await.unwrap();
	// A gateway was killed before the ledger had this one.
	let lost = uploader(BOB, digest_of(&file)).id;
	let piece = Piece { begins: 0, length: 3, gateway: "gone".into() };
	vault.store.put_piece(&lost, &piece, Bytes::from_static(b"abc")).await.unwrap();
	let pending = service.files().join("pending");
	assert_eq!(files_below(&pending), 2);
	let orphaned = async |clock: Moment| {
		let mut swept = Swept::default();
		vault.sweep_pieces(clock, &mut swept).await.unwrap();
		swept.orphaned
	};
	let now = wall_clock();
	assert_eq!(orphaned(now).await, 0, "it may be about to come into the ledger");
	assert_eq!(orphaned(now + 2 * KEPT).await, 1);
	assert_eq!(files_below(&pending), 1, "the one of an upload that goes on");
	let received = vault.send(&who, &file, 50_000..file.len()).await.unwrap();
	vault.keep(whole(received), NOW).await.unwrap();
	assert!(vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn bytes_that_came_back_from_another_gateway_are_hashed_again() {
	let (service, server) = (Service::start().await, Server::start());
	let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let first = shared(&service, &server, folders[0].path()).await;
	let second = shared(&service, &server, folders[1].path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let mut other = file.clone();
	other[40_000] ^= 1;
	// The first one knows the hash of the right bytes. Then the upload begins anew elsewhere, with others.
	first.send(&who, &file, 0..50_000).await.unwrap();
	second.send(&who, &other, 0..50_000).await.unwrap();
	let received = first.send(&who, &file, 50_000..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::DigestMismatch));
	assert_eq!(first.progress(&who).await.unwrap(), None);
}

/// A client may go on elsewhere while its first connection still brings bytes.
#[tokio::test]
async fn an_upload_that_goes_on_elsewhere_outlives_a_failure_at_the_first_gateway() {
	let (service, server) = (Service::start().await, Server::start());
	let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let mut first = shared(&service, &server, folders[0].path()).await;
	// However long the other one takes.
	first.limits.idle = Duration::from_secs(600);
	let second = shared(&service, &server, folders[1].path()).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let mut other = file.clone();
	other[90_000] ^= 1;
	let elsewhere = stream::once(async {
		let received = second.send(&who, &file, 0..60_000).await.unwrap();
		assert_eq!(offset(received), 60_000);
		Ok::<_, io::Error>(Bytes::new())
	});
	let coming = futures::StreamExt::chain(body(&other[..50_000]), elsewhere);
	let coming = futures::StreamExt::chain(coming, body(&other[50_000..]));
	let received = first.receive(&who, part(0, file.len()), coming, NOW).await;
	assert_eq!(received.err(), Some(Refusal::DigestMismatch));
	assert_eq!(files_below(&folders[0].path().join("staging")), 0);
	let arrived = UploadState::partial(60_000, file.len() as u64);
	assert_eq!(second.progress(&who).await.unwrap(), Some(arrived));
	let received = second.send(&who, &file, 60_000..file.len()).await.unwrap();
	second.keep(whole(received), NOW).await.unwrap();
	assert!(second.content(&who).await.unwrap() == file);
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
async fn what_is_wrong_with_a_bucket_is_told() {
	let mut service = Service::start().await;
	assert_eq!(service.store(SECRET).problem().await, None);
	let refused = service.store("guessed").problem().await.unwrap();
	assert!(refused.contains("refuses the credentials for bucket records"), "{refused}");
	let builder = AmazonS3Builder::new()
		.with_access_key_id(KEY)
		.with_secret_access_key(SECRET)
		.with_region(REGION);
	let endpoint = service.endpoint().parse().unwrap();
	let elsewhere = "s3://nowhere/north".parse().unwrap();
	let missing = Store::with_builder(builder, &elsewhere, Some(&endpoint)).unwrap();
	let missing = missing.problem().await.unwrap();
	assert!(missing.contains("no bucket nowhere"), "{missing}");

	let data = tempfile::tempdir().unwrap();
	let vault = service.vault(data.path()).await;
	assert!(vault.look_at_store().await);
	service.stop().await;
	assert!(!vault.look_at_store().await);
	assert!(vault.store_problem().is_some());
	service.start_again().await;
	assert!(vault.look_at_store().await);
	assert_eq!(vault.store_problem(), None);
}

#[tokio::test]
async fn a_gateway_that_does_not_hold_its_bucket_says_so() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	prepare(data.path()).unwrap();
	let (store, metrics) = (service.store(SECRET).leased(), Arc::new(Metrics::new().unwrap()));
	let state = state(data.path()).await;
	let vault = Vault::open(data.path(), state, store.clone(), limits(), metrics).unwrap();
	assert!(vault.look_at_store().await, "the service answers");
	assert!(vault.store_problem().unwrap().contains("does not hold"));
	let claimant = Claimant {
		hospital: HospitalId(0),
		genesis: None,
		holder: "north".into(),
		adopts: false,
		ledger: None,
	};
	let _lease = Lease::claim(&store, &claimant, Terms::default()).await.unwrap();
	assert_eq!(vault.store_problem(), None);
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
	let vault = service.vault(data.path()).await;
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
