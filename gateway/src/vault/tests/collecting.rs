//! What is deleted, and what never is.

use super::*;
use crate::{authority::Named, errors::Held, state::values};
use ledger::Walk;
use sweep::{Due, Swept};

const HOUR: Moment = 3_600_000;
const DAY: Moment = 24 * HOUR;
/// When the quarantine of a file that nothing names is over.
const GONE: Moment = NOW + 31 * DAY;

impl Vault {
	/// Collects as [`Vault::sweep`] does, given what two hospitals' nodes say of this patient's chart.
	async fn swept(&self, named: Option<Named>, now: Moment) -> Swept {
		let mut swept = Swept::default();
		self.sweep_staging(now, &mut swept).await.unwrap();
		let found = self.known_and_stored(PATIENT, now, &mut swept).await.unwrap();
		let named = found.keys().filter_map(|digest| Some((*digest, named?))).collect();
		let digests = self.due(PATIENT, found, &named, now, &mut swept).await.unwrap();
		let mut due = Due::default();
		let allowance = self.allowance_here().await;
		due.add(PATIENT, digests, allowance);
		match due.within(allowance) {
			Ok(due) => {
				for digest in due.into_iter().flat_map(|(_, digests)| digests) {
					let blob = BlobId { patient: PATIENT, digest };
					self.collect(&blob, now, &mut swept).await.unwrap();
				}
			},
			Err(why) => swept.held = Some(why),
		}
		swept
	}

	/// The allowance of a walk that has come past this patient's chart.
	async fn allowance_here(&self) -> u64 {
		let files = self.ledger.files_of(PATIENT, PATIENT).await.unwrap();
		self.allowance(&Walk { files, ..Walk::default() })
	}
}

/// What a collection without an outcome says of a vault with so many files in quarantine.
fn only(waiting: u64) -> Swept {
	Swept { waiting, ..Swept::default() }
}

async fn uploaded(prepared: bool) -> (Setup, Uploader) {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	let part = Part { prepared, ..part(0, file.len()) };
	let received = setup.vault.receive(&who, part, body(&file), NOW).await.unwrap();
	setup.vault.keep(whole(received), NOW).await.unwrap();
	(setup, who)
}

#[tokio::test]
async fn what_nothing_names_is_deleted_after_a_day_and_thirty_in_quarantine() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(None, NOW + DAY - 1).await, only(0));
	let swept = setup.vault.swept(None, NOW + DAY).await;
	assert_eq!(swept, Swept { quarantined: 1, ..only(1) });
	let setup = setup.restarted().await;
	assert_eq!(setup.vault.swept(None, GONE - 1).await, only(1));
	assert!(setup.vault.content(&who).await.is_some());
	let swept = setup.vault.swept(None, GONE).await;
	assert_eq!(swept, Swept { deleted: 1, ..only(0) });
	assert_eq!(setup.vault.content(&who).await, None);
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None);
	assert_eq!(setup.blobs(), 0);
}

#[tokio::test]
async fn what_a_chart_names_again_comes_out_of_quarantine() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(None, NOW + DAY).await.quarantined, 1);
	let swept = setup.vault.swept(Some(Named::Final), GONE).await;
	assert_eq!(swept, Swept { released: 1, settled: 1, ..only(0) });
	// Its time begins anew.
	let swept = setup.vault.swept(None, GONE).await;
	assert_eq!(swept, Swept { quarantined: 1, ..only(1) });
	assert_eq!(setup.vault.swept(None, GONE + 30 * DAY - 1).await, only(1));
	assert!(setup.vault.content(&who).await.is_some());
	// As after a renewal, and when it is sent again.
	assert_eq!(setup.vault.renew(&who, false, GONE + DAY).await, Ok(true));
	assert_eq!(setup.vault.swept(None, GONE + 30 * DAY).await.quarantined, 1);
	let file = setup.vault.content(&who).await.unwrap();
	setup.vault.upload(&who, &file).await.unwrap();
	assert_eq!(setup.vault.entry(&who.id.blob).await.unwrap().unwrap().quarantined, None);
}

#[tokio::test]
async fn what_was_named_once_is_not_deleted_on_its_uploaders_word() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(Some(Named::Final), NOW + HOUR).await.settled, 1);
	// The node says that nothing names it.
	assert_eq!(setup.vault.discard(&who.id, false).await, Ok(true));
	assert_eq!(setup.vault.progress(&who).await.unwrap(), None, "it is the account's no more");
	assert_eq!(setup.blobs(), 1);
	assert_eq!(setup.vault.swept(Some(Named::Final), GONE).await, only(0));
	assert_eq!(setup.vault.swept(None, GONE).await.quarantined, 1);
	assert_eq!(setup.vault.swept(None, GONE + 30 * DAY).await.deleted, 1);
}

/// A vault with so many files of this patient's.
async fn with_files(count: usize, limits: Limits) -> Setup {
	let setup = Setup::with(limits).await;
	for length in 0..count {
		let file = age_file(length);
		setup.vault.upload(&uploader(ALICE, digest_of(&file)), &file).await.unwrap();
	}
	setup
}

#[tokio::test]
async fn a_collection_that_would_take_more_than_a_few_takes_none() {
	let setup = with_files(5, limits()).await;
	assert_eq!(setup.vault.swept(None, NOW + DAY).await.quarantined, 5, "people clear up");
	let setup = with_files(6, limits()).await;
	let held = Swept { held: Some(Held::TooMuch), ..only(0) };
	for now in [NOW + DAY, GONE, GONE + 300 * DAY] {
		assert_eq!(setup.vault.swept(None, now).await, held);
	}
	assert_eq!(setup.blobs(), 6);
	// The hospital allows it.
	let vault = open(setup.folder.path(), all_at_once()).await;
	let setup = Setup { vault, ..setup };
	assert_eq!(setup.vault.swept(None, GONE).await.quarantined, 6);
	let vault = open(setup.folder.path(), limits()).await;
	let setup = Setup { vault, ..setup };
	let held = Swept { held: Some(Held::TooMuch), ..only(6) };
	assert_eq!(setup.vault.swept(None, GONE + 30 * DAY).await, held, "nor away");
}

/// Puts a folder where a file of the vault was, which can't be deleted as one.
fn in_the_way(setup: &Setup, blob: &BlobId) {
	let path = setup.folder.path().join("blobs").join(blob.path());
	std::fs::remove_file(&path).unwrap();
	std::fs::create_dir(path).unwrap();
}

async fn two_uploaded() -> (Setup, [UploadId; 2]) {
	let (setup, files) = (Setup::new().await, [age_file(10), age_file(20)]);
	let uploaders = files.each_ref().map(|file| uploader(ALICE, digest_of(file)));
	for (who, file) in uploaders.iter().zip(&files) {
		setup.vault.upload(who, file).await.unwrap();
	}
	(setup, uploaders.map(|who| who.id))
}

#[tokio::test]
async fn a_file_that_cant_be_deleted_keeps_no_other_from_it() {
	let (setup, ids) = two_uploaded().await;
	assert_eq!(setup.vault.swept(None, NOW + DAY).await.quarantined, 2);
	in_the_way(&setup, &ids[0].blob);
	assert_eq!(setup.vault.swept(None, GONE).await, Swept { deleted: 1, ..only(1) });
	assert_eq!(setup.blobs(), 0);
}

#[tokio::test]
async fn a_deletion_that_cant_be_ended_keeps_no_other_from_its_end() {
	let (setup, ids) = two_uploaded().await;
	let long_ago = wall_clock() - HOUR;
	for id in &ids {
		let withdrawn = setup.vault.ledger.withdraw(id, false, long_ago).await.unwrap();
		assert_eq!(withdrawn, Ok(Withdrawn::Marked));
	}
	in_the_way(&setup, &ids[0].blob);
	let mut swept = Swept::default();
	setup.vault.finish_deletions(&mut swept).await.unwrap();
	assert_eq!((swept.deleted, setup.blobs()), (1, 0));
}

fn all_at_once() -> Limits {
	Limits { sweep_percent: 100, ..limits() }
}

#[tokio::test]
async fn of_many_files_a_collection_takes_a_share() {
	let percent = |sweep_percent| Limits { sweep_percent, ..limits() };
	let setup = with_files(20, percent(50)).await;
	assert_eq!(setup.vault.allowance_here().await, 10);
	assert_eq!(setup.restarted().await.vault.allowance_here().await, 10);
	let file = age_file(3);
	let setup = with_files(20, percent(100)).await;
	let who = uploader(ALICE, digest_of(&file));
	for _ in 0..2 {
		setup.vault.upload(&who, &file).await.unwrap();
		assert_eq!(setup.vault.allowance_here().await, 21);
	}
	assert_eq!(setup.vault.discard(&who.id, false).await, Ok(true));
	assert_eq!(setup.vault.allowance_here().await, 20);
}

#[test]
fn beyond_the_allowance_nothing_is_due_and_nothing_is_kept_in_memory() {
	let mut due = Due::default();
	due.add(PatientId(1), vec![Digest([1; 32]), Digest([2; 32])], 3);
	due.add(PatientId(2), Vec::new(), 3);
	due.add(PatientId(3), vec![Digest([3; 32])], 3);
	let expected = [
		(PatientId(1), vec![Digest([1; 32]), Digest([2; 32])]),
		(PatientId(3), vec![Digest([3; 32])]),
	];
	assert_eq!(due.clone().within(3).unwrap(), expected);
	due.add(PatientId(4), vec![Digest([4; 32])], 3);
	assert_eq!(due.within(3), Err(Held::TooMuch));
}

#[tokio::test]
async fn a_halted_chain_collects_nothing_however_long() {
	let (setup, who) = uploaded(false).await;
	// The wall clock goes on for 48 hours; the chain's stands still, and that is what is asked.
	for _ in 0..48 {
		assert_eq!(setup.vault.swept(None, NOW).await, only(0));
	}
	assert!(setup.vault.content(&who).await.is_some());
}

#[tokio::test]
async fn what_is_prepared_is_kept_for_two_weeks() {
	let (setup, who) = uploaded(true).await;
	assert_eq!(setup.vault.swept(None, NOW + 14 * DAY - 1).await, only(0));
	assert!(setup.vault.content(&who).await.is_some());
	assert_eq!(setup.vault.swept(None, NOW + 14 * DAY).await.quarantined, 1);
}

#[tokio::test]
async fn what_either_block_names_is_kept_for_ever() {
	for named in [Named::Best, Named::Final] {
		let (setup, who) = uploaded(false).await;
		let swept = setup.vault.swept(Some(named), NOW + 100_000 * HOUR).await;
		assert_eq!((swept.deleted, swept.quarantined), (0, 0));
		assert_eq!(swept.settled, u64::from(named == Named::Final));
		assert!(setup.vault.content(&who).await.is_some());
	}
}

#[tokio::test]
async fn what_was_withdrawn_is_deleted() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.swept(Some(Named::Final), NOW + HOUR).await.settled, 1);
	assert_eq!(setup.vault.swept(None, NOW + 2 * HOUR).await, only(0));
	assert_eq!(setup.vault.swept(None, NOW + DAY).await.quarantined, 1);
	assert_eq!(setup.vault.swept(None, GONE).await.deleted, 1);
	assert_eq!(setup.vault.content(&who).await, None);
}

#[tokio::test]
async fn an_upload_that_is_renewed_is_kept_for_another_day() {
	let (setup, who) = uploaded(false).await;
	assert_eq!(setup.vault.renew(&who, false, NOW + 23 * HOUR).await, Ok(true));
	assert_eq!(setup.vault.swept(None, NOW + 46 * HOUR).await, only(0));
	assert_eq!(setup.vault.swept(None, NOW + 47 * HOUR).await.quarantined, 1);
}

#[tokio::test]
async fn an_abandoned_upload_is_deleted_a_day_after_its_last_part() {
	let setup = Setup::new().await;
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	setup.vault.send(&who, &file, 0..10).await.unwrap();
	let later = part(10, file.len());
	setup.vault.receive(&who, later, body(&file[10..20]), NOW + HOUR).await.unwrap();
	assert_eq!(setup.vault.swept(None, NOW + DAY).await, only(0));
	let swept = setup.vault.swept(None, NOW + 25 * HOUR).await;
	assert_eq!(swept, Swept { abandoned: 1, ..only(0) });
	assert_eq!(setup.staged(), 0);
}

#[tokio::test]
async fn a_file_of_which_nothing_is_known_is_kept_for_a_day_from_when_it_was_found() {
	let (setup, who) = uploaded(false).await;
	setup.forgets().await;
	let setup = setup.restarted().await;
	let found = NOW + 1_000 * HOUR;
	assert_eq!(setup.vault.swept(None, found).await, Swept { adopted: 1, ..only(0) });
	assert_eq!(setup.vault.swept(None, found + 23 * HOUR).await, only(0));
	assert_eq!(setup.vault.swept(None, found + DAY).await.quarantined, 1);
	assert!(setup.vault.content(&who).await.is_some());
}

#[tokio::test]
async fn what_is_missing_and_named_can_be_sent_again_and_its_entry_stays() {
	let (setup, who) = uploaded(false).await;
	let path = setup.folder.path().join("blobs").join(who.id.blob.path());
	std::fs::remove_file(path).unwrap();
	let swept = setup.vault.swept(Some(Named::Final), NOW + 100 * HOUR).await;
	assert_eq!(swept, only(0));
	let file = age_file(1_000);
	let who = uploader(BOB, digest_of(&file));
	setup.vault.upload(&who, &file).await.unwrap();
	assert!(setup.vault.content(&who).await.unwrap() == file);
}

/// Enters a file for each of so many patients, without an upload.
async fn with_charts(setup: &Setup, patients: std::ops::Range<u32>) {
	let state = state(setup.folder.path()).await;
	let statement = "WITH RECURSIVE patients (patient) AS (SELECT $1 UNION ALL \
		SELECT patient + 1 FROM patients WHERE patient + 1 < $2) \
		INSERT INTO files (patient, digest, size, keep_until, settled) \
		SELECT patient, $3, 1, 0, 0 FROM patients";
	let values = values![patients.start, patients.end, [1u8; 32]];
	state.run(statement, values).await.unwrap();
}

#[tokio::test]
async fn a_collection_looks_at_some_charts_and_the_next_one_at_those_after_them() {
	let (setup, _) = uploaded(false).await;
	with_charts(&setup, 100..4_200).await;
	let vault = &setup.vault;
	let mut seen = Vec::new();
	for (charts, last) in [(2_048, 2_146), (2_048, 4_194), (5, 4_199)] {
		let turn = vault.turn().await.unwrap();
		assert_eq!(turn.charts.len(), charts);
		assert_eq!(turn.charts.last(), Some(&PatientId(last)));
		seen.extend(turn.charts.iter().copied());
		vault.end_turn(&turn, 0, &mut Swept::default()).await.unwrap();
	}
	assert!(seen.is_sorted() && seen.len() == 4_101, "each once");
	let all = vault.ledger.walk().await.unwrap();
	assert_eq!(all, Walk { all: 4_101, ..Walk::default() });
	assert_eq!(
		vault.turn().await.unwrap().charts.first(),
		Some(&PATIENT),
		"and from the beginning"
	);
	// The next gateway goes on where this one was.
	let turn = vault.turn().await.unwrap();
	vault.end_turn(&turn, 0, &mut Swept::default()).await.unwrap();
	let setup = setup.restarted().await;
	assert_eq!(setup.vault.turn().await.unwrap().charts.first(), Some(&PatientId(2_147)));
}

#[tokio::test]
async fn the_share_is_of_all_files_and_of_a_whole_walk() {
	let (setup, _) = uploaded(false).await;
	with_charts(&setup, 100..4_200).await;
	let vault = &setup.vault;
	// Before the first walk has come around, only what it has seen counts.
	let turn = vault.turn().await.unwrap();
	assert_eq!(vault.allowance(&turn.walk), 2_048 * 2 / 100);
	vault.end_turn(&turn, 30, &mut Swept::default()).await.unwrap();
	let turn = vault.turn().await.unwrap();
	assert_eq!(vault.allowance(&turn.walk), 4_096 * 2 / 100 - 30);
	let walk = Walk { all: 10_000, files: 100, taken: 190, next: 7 };
	assert_eq!(vault.allowance(&walk), 10);
	assert_eq!(vault.allowance(&Walk { taken: 300, ..walk }), 0);
}

#[tokio::test]
async fn the_reason_to_hold_is_told_until_the_same_charts_come_again() {
	let (setup, _) = uploaded(false).await;
	with_charts(&setup, 100..2_200).await;
	let vault = &setup.vault;
	let held = async |why| {
		let turn = vault.turn().await.unwrap();
		let mut swept = Swept { held: why, ..Swept::default() };
		vault.end_turn(&turn, 0, &mut swept).await.unwrap();
		swept.held
	};
	assert_eq!(held(None).await, None);
	assert_eq!(held(Some(Held::NoWitness)).await, Some(Held::NoWitness));
	assert_eq!(held(None).await, Some(Held::NoWitness), "other charts");
	assert_eq!(held(None).await, None, "the same");
}

#[tokio::test]
async fn charts_of_which_nothing_is_known_come_first() {
	let (setup, _) = uploaded(false).await;
	setup.forgets().await;
	with_charts(&setup, 100..102).await;
	let charts: Vec<_> = setup.vault.turn().await.unwrap().charts.into_iter().collect();
	assert_eq!(charts, [PATIENT, PatientId(100), PatientId(101)]);
}
