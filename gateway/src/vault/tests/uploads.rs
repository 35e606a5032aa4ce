//! Sending files, whole and in parts, well and badly.

use super::*;

#[tokio::test]
async fn a_title_needs_the_header_and_the_first_chunk_and_no_more() {
	let setup = Setup::new().await;
	for length in [10, 5_000, 300_000] {
		let file = age_file(length);
		let who = uploader(ALICE, digest_of(&file));
		setup.vault.upload(&who, &file).await.unwrap();
		let needed = setup.vault.head_length(&who.id.blob, file.len() as u64).await.unwrap();
		let beginning = &file[..needed as usize];
		assert!(medblock_crypto::head_of(beginning).is_ok(), "{length}");
		let header = medblock_crypto::check_header(&file).unwrap();
		assert_eq!(beginning.len(), file.len().min(header + 16 + 65_536 + 16), "{length}");
	}
}

#[tokio::test]
async fn what_was_uploaded_is_what_is_read() {
	let Setup { vault, folder } = Setup::new().await;
	for length in [0, 1, 70_000, 3_000_000] {
		let file = age_file(length);
		let who = uploader(ALICE, digest_of(&file));
		assert_eq!(vault.content(&who).await, None);
		vault.upload(&who, &file).await.unwrap();
		assert!(vault.content(&who).await.unwrap() == file);
		let size = file.len() as u64;
		let done = UploadState::complete(size);
		assert_eq!(vault.progress(&who).await.unwrap(), Some(done));
		for range in [0..1, size - 1..size, size / 2..size, 5..5.max(size.min(600_000))] {
			let found = vault.bytes(&who.id.blob, range.clone()).await;
			assert!(found == file[range.start as usize..range.end as usize], "{range:?}");
		}
	}
	assert_eq!(files_below(&folder.path().join("staging")), 0, "nothing is left behind");
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
	let mut setup = Setup::new().await;
	let file = age_file(2_000_000);
	let who = uploader(ALICE, digest_of(&file));
	let mut at = 0;
	for end in [1, 500_000, 1_300_001] {
		let sent = broken(&file[at..end]);
		let received = setup.vault.receive(&who, part(at, file.len()), sent, NOW).await;
		assert_eq!(received.err(), Some(Refusal::BodyBroken));
		let progress = setup.vault.progress(&who).await.unwrap().unwrap();
		let expected = UploadState::partial(end as u64, file.len() as u64);
		assert_eq!(progress, expected, "what has arrived stays");
		at = end;
		if end == 500_000 {
			// The hash so far is lost with the process, and computed again.
			setup = setup.restarted().await;
		}
	}
	assert_eq!(setup.vault.content(&who).await, None, "half a file is not served");
	let received = setup.vault.send(&who, &file, at..file.len()).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_part_that_begins_elsewhere_is_told_where() {
	let Setup { vault, folder: _folder } = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let early = vault.send(&who, &file, 10..20).await;
	assert_eq!(early.err(), Some(Refusal::WrongOffset { offset: 0 }));
	assert_eq!(offset(vault.send(&who, &file, 0..1_000).await.unwrap()), 1_000);
	for wrong in [0, 999, 1_001, file.len()] {
		let received = vault.send(&who, &file, wrong..file.len()).await;
		assert_eq!(received.err(), Some(Refusal::WrongOffset { offset: 1_000 }), "{wrong}");
	}
}

#[tokio::test]
async fn the_length_is_fixed_when_an_upload_begins() {
	let Setup { vault, folder: _folder } = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let nothing = Part { length: None, ..part(0, 0) };
	let received = vault.receive(&who, nothing, body(&file), NOW).await;
	assert!(matches!(received, Err(Refusal::BadRequest(_))));
	let received = vault.receive(&who, part(0, 0), body(&file), NOW).await;
	assert!(matches!(received, Err(Refusal::BadRequest(_))));
	vault.send(&who, &file, 0..10).await.unwrap();
	let longer = part(10, file.len() + 1);
	let received = vault.receive(&who, longer, body(&file[10..]), NOW).await;
	assert_eq!(received.err(), Some(Refusal::WrongLength { length: file.len() as u64 }));
	// It need not be said again.
	let rest = Part { length: None, ..part(10, 0) };
	let received = vault.receive(&who, rest, body(&file[10..]), NOW).await.unwrap();
	assert_eq!(whole(received).length(), file.len() as u64);
}

#[tokio::test]
async fn other_bytes_than_the_digests_are_discarded() {
	let setup = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let mut other = file.clone();
	other[99_000] ^= 1;
	let received = setup.vault.send(&who, &other, 0..other.len()).await;
	assert_eq!(received.err(), Some(Refusal::DigestMismatch));
	assert_eq!((setup.staged(), setup.blobs()), (0, 0));
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None);
	setup.vault.upload(&who, &file).await.unwrap();
}

/// A file with so many stanzas, each as long as those that a due chart's files have for its doctors.
fn with_stanzas(count: usize) -> Vec<u8> {
	let stanza = format!("-> mlkem768x25519 {}\n{}\n", "A".repeat(1_494), "A".repeat(43));
	let mac = "A".repeat(43);
	let header = format!("age-encryption.org/v1\n{}--- {mac}\n", stanza.repeat(count));
	[header.as_bytes(), &[0; 32]].concat()
}

#[tokio::test]
async fn file_for_all_doctors_of_a_due_chart_is_taken() {
	let setup = Setup::new().await;
	let file = with_stanzas(64);
	setup.vault.upload(&uploader(ALICE, digest_of(&file)), &file).await.unwrap();
	assert_eq!(setup.blobs(), 1);
}

#[tokio::test]
async fn what_is_no_age_file_is_discarded() {
	let setup = Setup::new().await;
	let real = age_file(10);
	let header_bomb = with_stanzas(65);
	let endless = [b"age-encryption.org/v1\n-> ".as_slice(), &[b'a'; 120_000]].concat();
	let cut = real[..100].to_vec();
	for bad in [b"plain text".to_vec(), vec![0; 50_000], header_bomb, endless, cut] {
		let who = uploader(ALICE, digest_of(&bad));
		let received = setup.vault.send(&who, &bad, 0..bad.len()).await;
		assert_eq!(received.err(), Some(Refusal::NotAnAgeFile));
		assert_eq!((setup.staged(), setup.blobs()), (0, 0));
	}
}

#[tokio::test]
async fn more_than_was_announced_is_refused() {
	let setup = Setup::new().await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let length = file.len() as u64;
	let announced = Part { body: Some(length + 1), ..part(0, file.len()) };
	let received = setup.vault.receive(&who, announced, body(&file), NOW).await;
	assert_eq!(received.err(), Some(Refusal::OverLong));
	let mut long = file.clone();
	long.extend_from_slice(b"more");
	let received = setup.vault.receive(&who, part(0, file.len()), body(&long), NOW).await;
	assert_eq!(received.err(), Some(Refusal::OverLong));
	// All of it has arrived: nothing more need be sent.
	let received = setup.vault.send(&who, &file, file.len()..file.len()).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_before_its_first_byte() {
	let setup = Setup::with(Limits { max_file: 1_000, ..limits() }).await;
	let file = age_file(2_000);
	let who = uploader(ALICE, digest_of(&file));
	let received = setup.vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(received.err(), Some(Refusal::TooLarge { limit: 1_000 }));
	assert_eq!(setup.staged(), 0);
}

#[tokio::test]
async fn a_body_that_stands_still_is_given_up_and_what_came_stays() {
	use futures::StreamExt;
	let setup = Setup::with(Limits { idle: Duration::from_millis(50), ..limits() }).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let stalled = body(&file[..60_000]).chain(stream::pending());
	let received = setup.vault.receive(&who, part(0, file.len()), stalled, NOW).await;
	assert_eq!(received.err(), Some(Refusal::BodyTimeout));
	assert_eq!(setup.vault.progress(&who).await.unwrap().unwrap().offset, 60_000);
}

/// A body in pieces of so many bytes, for each of which so long is waited.
fn slow(
	bytes: &[u8],
	piece: usize,
	millis: u64,
) -> impl futures::Stream<Item = io::Result<Bytes>> + use<> {
	use futures::StreamExt;
	let pieces: Vec<_> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
	stream::iter(pieces).then(move |piece| async move {
		tokio::time::sleep(Duration::from_millis(millis)).await;
		Ok::<_, io::Error>(piece)
	})
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_and_what_came_stays() {
	let setup = Setup::with(Limits { idle: Duration::from_millis(500), ..limits() }).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let trickling = slow(&file, 1, 20);
	let received = setup.vault.receive(&who, part(0, file.len()), trickling, NOW).await;
	assert_eq!(received.err(), Some(Refusal::BodyTimeout), "there was a byte before each time-out");
	let arrived = setup.vault.progress(&who).await.unwrap().unwrap().offset as usize;
	assert!(0 < arrived && arrived < 512, "{arrived}");
	let received = setup.vault.send(&who, &file, arrived..file.len()).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

#[tokio::test]
async fn a_slow_line_takes_as_long_as_it_takes() {
	let setup = Setup::with(Limits { idle: Duration::from_millis(100), ..limits() }).await;
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let began = std::time::Instant::now();
	let body = slow(&file, 4_096, 20);
	let received = setup.vault.receive(&who, part(0, file.len()), body, NOW).await;
	setup.vault.keep(whole(received.unwrap()), NOW).await.unwrap();
	assert!(began.elapsed() > 3 * setup.vault.limits().idle, "it went on for several periods");
}

#[tokio::test]
async fn the_last_bytes_are_welcome_however_late() {
	let setup = Setup::with(Limits { idle: Duration::from_secs(3), ..limits() }).await;
	let file = age_file(10);
	let who = uploader(ALICE, digest_of(&file));
	let begun = file.len() - 2;
	setup.vault.send(&who, &file, 0..begun).await.unwrap();
	// The period is over when the second one comes.
	let rest = slow(&file[begun..], 1, 1_600);
	let received = setup.vault.receive(&who, part(begun, file.len()), rest, NOW).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
}

#[tokio::test]
async fn one_connection_at_a_time_writes_to_an_upload() {
	use futures::StreamExt;
	let Setup { vault, folder: _folder } = Setup::new().await;
	let vault = Arc::new(vault);
	let file = age_file(100_000);
	let who = uploader(ALICE, digest_of(&file));
	let (begun, has_begun) = tokio::sync::oneshot::channel();
	let stalled = body(&file[..10]).chain(
		stream::once(async move {
			let _ = begun.send(());
			futures::future::pending::<io::Result<Bytes>>().await
		})
		.boxed(),
	);
	let first = tokio::spawn({
		let (vault, length) = (vault.clone(), file.len());
		async move { vault.receive(&who, part(0, length), stalled, NOW).await.map(drop) }
	});
	has_begun.await.unwrap();
	let second = vault.send(&who, &file, 0..file.len()).await;
	assert_eq!(second.err(), Some(Refusal::Busy));
	assert_eq!(vault.discard(&who.id, false).await, Err(Refusal::Busy));
	first.abort();
}

#[tokio::test]
async fn a_digest_that_is_known_still_has_to_be_sent_in_full_by_everybody() {
	let setup = Setup::new().await;
	let vault = &setup.vault;
	let file = age_file(100_000);
	let (alice, bob) = (uploader(ALICE, digest_of(&file)), uploader(BOB, digest_of(&file)));
	vault.upload(&alice, &file).await.unwrap();
	assert_eq!(vault.progress(&bob).await.unwrap(), None, "he learns nothing of it");
	assert_eq!(vault.renew(&bob, false, NOW).await, Ok(false));
	let end = vault.send(&bob, &file, file.len()..file.len()).await;
	assert_eq!(end.err(), Some(Refusal::WrongOffset { offset: 0 }));
	let mut other = file.clone();
	other[50_000] ^= 1;
	let guessed = vault.send(&bob, &other, 0..file.len()).await;
	assert_eq!(guessed.err(), Some(Refusal::DigestMismatch));
	assert!(vault.content(&alice).await.unwrap() == file, "hers is as it was");
	vault.upload(&bob, &file).await.unwrap();
	assert_eq!(setup.blobs(), 1, "it is stored once");
	assert!(vault.progress(&bob).await.unwrap().unwrap().complete);
}

#[tokio::test]
async fn two_accounts_upload_the_same_file_at_once() {
	let setup = Setup::new().await;
	let file = age_file(1_000_000);
	let (alice, bob) = (uploader(ALICE, digest_of(&file)), uploader(BOB, digest_of(&file)));
	let both = tokio::join!(setup.vault.upload(&alice, &file), setup.vault.upload(&bob, &file));
	assert_eq!(both, (Ok(()), Ok(())));
	assert_eq!((setup.staged(), setup.blobs()), (0, 1));
	for who in [alice, bob] {
		assert!(setup.vault.progress(&who).await.unwrap().unwrap().complete);
	}
}

#[tokio::test]
async fn the_patient_is_told_what_others_have_uploaded_for_them() {
	let Setup { vault, folder: _folder } = Setup::new().await;
	let file = age_file(1_000);
	vault.upload(&uploader(BOB, digest_of(&file)), &file).await.unwrap();
	assert!(vault.progress(&patient(digest_of(&file))).await.unwrap().unwrap().complete);
	assert_eq!(vault.renew(&patient(digest_of(&file)), false, NOW).await, Ok(true));
}

#[tokio::test]
async fn a_blob_of_one_chart_is_none_of_another() {
	let Setup { vault, folder: _folder } = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	vault.upload(&who, &file).await.unwrap();
	let mut elsewhere = who;
	elsewhere.id.blob.patient = PatientId(8);
	assert_eq!(vault.content(&elsewhere).await, None);
	assert_eq!(vault.progress(&elsewhere).await.unwrap(), None);
	assert_eq!(vault.discard(&elsewhere.id, false).await, Ok(false));
	assert!(vault.content(&who).await.is_some());
}

#[tokio::test]
async fn whoever_uploaded_may_take_it_back_unless_the_chart_names_it() {
	let setup = Setup::new().await;
	let vault = &setup.vault;
	let file = age_file(1_000);
	let (alice, bob) = (uploader(ALICE, digest_of(&file)), uploader(BOB, digest_of(&file)));
	vault.upload(&alice, &file).await.unwrap();
	vault.upload(&bob, &file).await.unwrap();
	assert_eq!(vault.discard(&uploader([3; 32], alice.id.blob.digest).id, false).await, Ok(false));
	assert_eq!(vault.discard(&alice.id, true).await, Err(Refusal::Referenced));
	assert_eq!(vault.discard(&alice.id, false).await, Ok(true));
	assert_eq!(vault.progress(&alice).await.unwrap(), None);
	assert!(vault.content(&bob).await.unwrap() == file, "his is kept");
	assert_eq!(vault.discard(&bob.id, false).await, Ok(true));
	assert_eq!(vault.content(&bob).await, None);
	assert_eq!((setup.staged(), setup.blobs()), (0, 0));
	// An unfinished one, too.
	vault.send(&alice, &file, 0..10).await.unwrap();
	assert_eq!(vault.discard(&alice.id, false).await, Ok(true));
	assert_eq!(setup.staged(), 0);
}
