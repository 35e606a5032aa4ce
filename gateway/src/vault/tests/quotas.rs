//! How much room people get.

use super::*;

async fn with_quotas(per_account: u64, per_patient: u64, pending: u64) -> Setup {
	let quotas = Quotas { per_account, per_patient, pending, unnamed: u64::MAX };
	Setup::with(Limits { quotas, ..limits() }).await
}

/// Room for either file, and not for both.
fn less_than_both(one: &[u8], two: &[u8]) -> u64 {
	(one.len() + two.len() - 1) as u64
}

async fn fails(setup: &Setup, who: &Uploader, file: &[u8]) {
	let received = setup.vault.send(who, file, 0..file.len()).await;
	assert!(matches!(received, Err(Refusal::QuotaExceeded(_))));
	assert_eq!(setup.vault.progress(who).await.unwrap(), None, "nothing has begun");
}

#[tokio::test]
async fn an_account_has_room_for_so_much_that_nothing_names() {
	let (one, two) = (age_file(10), age_file(11));
	let setup = with_quotas(less_than_both(&one, &two), u64::MAX, 0).await;
	let (first, second) = (uploader(ALICE, digest_of(&one)), uploader(ALICE, digest_of(&two)));
	// Room is set aside when an upload begins.
	setup.vault.send(&first, &one, 0..1).await.unwrap();
	fails(&setup, &second, &two).await;
	setup.vault.send(&first, &one, 1..one.len()).await.map(whole).unwrap();
	let setup = setup.restarted().await;
	fails(&setup, &second, &two).await;
	setup.vault.upload(&uploader(BOB, digest_of(&two)), &two).await.unwrap();
	// Once it is discarded, there is room again.
	assert_eq!(setup.vault.discard(&first.id, false).await, Ok(true));
	setup.vault.upload(&second, &two).await.unwrap();
	let setup = setup.restarted().await;
	fails(&setup, &first, &one).await;
}

#[tokio::test]
async fn all_accounts_together_have_room_for_so_much_that_nothing_names() {
	let (one, two) = (age_file(10), age_file(11));
	let quotas = Quotas { unnamed: less_than_both(&one, &two), ..limits().quotas };
	let setup = Setup::with(Limits { quotas, ..limits() }).await;
	let (first, second) = (uploader(ALICE, digest_of(&one)), uploader(BOB, digest_of(&two)));
	setup.vault.upload(&first, &one).await.unwrap();
	assert_eq!(setup.vault.unnamed().await, Ok(one.len() as u64));
	fails(&setup, &second, &two).await;
	let setup = setup.restarted().await;
	fails(&setup, &second, &two).await;
	// Once it is named, it counts no more.
	let blob = first.id.blob;
	assert!(setup.vault.ledger.note_named(&blob, true).await.unwrap().settled);
	assert_eq!(setup.vault.unnamed().await, Ok(0));
	setup.vault.upload(&second, &two).await.unwrap();
}

#[tokio::test]
async fn what_a_final_block_names_does_not_count() {
	let (one, two) = (age_file(10), age_file(11));
	let setup = with_quotas(less_than_both(&one, &two), u64::MAX, 0).await;
	let (first, second) = (uploader(ALICE, digest_of(&one)), uploader(ALICE, digest_of(&two)));
	setup.vault.upload(&first, &one).await.unwrap();
	fails(&setup, &second, &two).await;
	let blob = first.id.blob;
	assert!(setup.vault.ledger.note_named(&blob, true).await.unwrap().settled);
	setup.vault.upload(&second, &two).await.unwrap();
	// Not after a restart either, nor when it is sent once more.
	let setup = setup.restarted().await;
	assert_eq!(setup.vault.discard(&second.id, false).await, Ok(true));
	setup.vault.upload(&first, &one).await.unwrap();
	setup.vault.upload(&second, &two).await.unwrap();
}

#[tokio::test]
async fn a_patient_has_room_for_so_much_in_all() {
	let (one, two) = (age_file(10), age_file(11));
	let setup = with_quotas(u64::MAX, less_than_both(&one, &two), 0).await;
	setup.vault.upload(&uploader(ALICE, digest_of(&one)), &one).await.unwrap();
	fails(&setup, &uploader(BOB, digest_of(&two)), &two).await;
	let setup = setup.restarted().await;
	fails(&setup, &uploader(BOB, digest_of(&two)), &two).await;
	let mut elsewhere = uploader(BOB, digest_of(&two));
	elsewhere.id.blob.patient = PatientId(8);
	setup.vault.upload(&elsewhere, &two).await.unwrap();
	// The same file once more takes no more room when it is there.
	assert_eq!(setup.vault.discard(&uploader(ALICE, digest_of(&one)).id, false).await, Ok(true));
	setup.vault.upload(&uploader(BOB, digest_of(&two)), &two).await.unwrap();
}

#[tokio::test]
async fn a_patient_who_is_not_verified_has_little_room() {
	let file = age_file(10);
	let size = file.len() as u64;
	let setup = with_quotas(u64::MAX, u64::MAX, size - 1).await;
	let pending = Uploader { pending: true, ..patient(digest_of(&file)) };
	fails(&setup, &pending, &file).await;
	setup.vault.upload(&patient(digest_of(&file)), &file).await.unwrap();
}

#[tokio::test]
async fn a_file_that_got_its_place_at_the_second_try_counts_once() {
	let (one, two) = (age_file(10), age_file(11));
	let room = less_than_both(&one, &two);
	for (per_account, per_patient) in [(room, u64::MAX), (u64::MAX, room)] {
		let setup = with_quotas(per_account, per_patient, 0).await;
		let (first, second) = (uploader(ALICE, digest_of(&one)), uploader(ALICE, digest_of(&two)));
		let received = setup.vault.send(&first, &one, 0..one.len()).await.unwrap();
		// Where the patient's folder has to be is a file.
		let obstacle = setup.folder.path().join("blobs").join(PATIENT.0.to_string());
		std::fs::write(&obstacle, "").unwrap();
		assert_eq!(setup.vault.keep(whole(received), NOW).await, Err(Refusal::StoreFailed));
		std::fs::remove_file(&obstacle).unwrap();
		let received = setup.vault.send(&first, &one, one.len()..one.len()).await.unwrap();
		setup.vault.keep(whole(received), NOW).await.unwrap();
		fails(&setup, &second, &two).await;
		assert_eq!(setup.vault.discard(&first.id, false).await, Ok(true));
		setup.vault.upload(&second, &two).await.unwrap();
	}
}

#[tokio::test]
async fn a_refused_file_gives_its_room_back() {
	let file = age_file(10);
	let size = file.len() as u64;
	let setup = with_quotas(size, size, size).await;
	let mut bad = file.clone();
	bad[5_000] ^= 1;
	let who = uploader(ALICE, digest_of(&file));
	for _ in 0..3 {
		let received = setup.vault.send(&who, &bad, 0..bad.len()).await;
		assert_eq!(received.err(), Some(Refusal::DigestMismatch));
	}
	setup.vault.upload(&who, &file).await.unwrap();
}
