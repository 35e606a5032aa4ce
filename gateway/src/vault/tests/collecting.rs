//! What is deleted, and what never is.

use super::*;
use crate::authority::Named;
use sweep::Swept;

const HOUR: Moment = 3_600_000;

impl Vault {
	/// Collects as [`Vault::sweep`] does, given what the chain says of this patient's chart.
	async fn swept(&self, named: Option<Named>, now: Moment) -> Swept {
		let mut swept = Swept::default();
		self.sweep_staging(now, &mut swept).await.unwrap();
		for (digest, stored) in self.known_and_stored(PATIENT, now, &mut swept).await.unwrap() {
			let blob = BlobId { patient: PATIENT, digest };
			self.collect(&blob, stored, named, now, &mut swept).await.unwrap();
		}
		swept
	}
}

async fn uploaded(prepared: bool) -> (Setup, Uploader) {
	let setup = Setup::new();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	let part = Part { prepared, ..part(0, file.len()) };
	let received = setup.vault.receive(&who, part, body(&file), NOW).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	(setup, who)
}

#[tokio::test]
async fn what_nothing_names_is_deleted_a_day_of_chain_time_after_its_upload() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(None, NOW + 24 * HOUR - 1).await, Swept::default());
	assert!(setup.vault.content(&who).await.is_some());
	let swept = setup.vault.swept(None, NOW + 24 * HOUR).await;
	assert_eq!(swept, Swept { deleted: 1, ..Swept::default() });
	assert_eq!(setup.vault.content(&who).await, None);
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None);
	assert_eq!(setup.blobs(), 0);
}

#[tokio::test]
async fn a_halted_chain_collects_nothing_however_long() {
	let (setup, who) = uploaded(false).await;
	// The wall clock goes on for 48 hours; the chain's stands still, and that is what is asked.
	for _ in 0..48 {
		assert_eq!(setup.vault.swept(None, NOW).await, Swept::default());
	}
	assert!(setup.vault.content(&who).await.is_some());
}

#[tokio::test]
async fn what_is_prepared_is_kept_for_two_weeks() {
	let (setup, who) = uploaded(true).await;
	assert_eq!(setup.vault.swept(None, NOW + 14 * 24 * HOUR - 1).await, Swept::default());
	assert!(setup.vault.content(&who).await.is_some());
	assert_eq!(setup.vault.swept(None, NOW + 14 * 24 * HOUR).await.deleted, 1);
}

#[tokio::test]
async fn what_either_block_names_is_kept_for_ever() {
	for named in [Named::Best, Named::Final] {
		let (setup, who) = uploaded(false).await;
		let swept = setup.vault.swept(Some(named), NOW + 100_000 * HOUR).await;
		assert_eq!(swept.deleted, 0);
		assert_eq!(swept.settled, u64::from(named == Named::Final));
		assert!(setup.vault.content(&who).await.is_some());
	}
}

#[tokio::test]
async fn what_was_withdrawn_is_deleted() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(Some(Named::Final), NOW + HOUR).await.settled, 1);
	assert_eq!(setup.vault.swept(None, NOW + 2 * HOUR).await, Swept::default());
	assert_eq!(setup.vault.swept(None, NOW + 24 * HOUR).await.deleted, 1);
	assert_eq!(setup.vault.content(&who).await, None);
}

#[tokio::test]
async fn an_upload_that_is_renewed_is_kept_for_another_day() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.renew(&who, false, NOW + 23 * HOUR).await, Ok(true));
	assert_eq!(setup.vault.swept(None, NOW + 46 * HOUR).await, Swept::default());
	assert_eq!(setup.vault.swept(None, NOW + 47 * HOUR).await.deleted, 1);
}

#[tokio::test]
async fn an_abandoned_upload_is_deleted_a_day_after_its_last_part() {
	let setup = Setup::new();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..10).await.unwrap();
	let later = part(10, file.len());
	setup.vault.receive(&who, later, body(&file[10..20]), NOW + HOUR).await.unwrap();
	assert_eq!(setup.vault.swept(None, NOW + 24 * HOUR).await, Swept::default());
	let swept = setup.vault.swept(None, NOW + 25 * HOUR).await;
	assert_eq!(swept, Swept { abandoned: 1, ..Swept::default() });
	assert_eq!(setup.staged(), 0);
}

#[tokio::test]
async fn a_file_of_which_nothing_is_known_is_kept_for_a_day_from_when_it_was_found() {
	let (setup, who) = uploaded(false).await;
	let uploads = setup.folder.path().join("uploads");
	std::fs::remove_dir_all(&uploads).unwrap();
	std::fs::create_dir(&uploads).unwrap();
	let setup = setup.restarted();
	let found = NOW + 1_000 * HOUR;
	assert_eq!(setup.vault.swept(None, found).await, Swept { adopted: 1, ..Swept::default() });
	assert_eq!(setup.vault.swept(None, found + 23 * HOUR).await, Swept::default());
	assert!(setup.vault.content(&who).await.is_some());
	assert_eq!(setup.vault.swept(None, found + 24 * HOUR).await.deleted, 1);
}

#[tokio::test]
async fn what_is_missing_and_named_can_be_sent_again_and_its_entry_stays() {
	let (setup, who) = uploaded(false).await;
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	std::fs::remove_file(path).unwrap();
	let swept = setup.vault.swept(Some(Named::Final), NOW + 100 * HOUR).await;
	assert_eq!(swept, Swept::default());
	let file = age_file(1_000);
	let who = uploader(BOB, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}
