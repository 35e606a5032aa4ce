//! The log on disk, as patients and readers check it.

use super::*;
use crate::{
	failing_disk::{LostSync, with_a_lost_sync},
	state::{Place, tests::with_each, values},
};
use medblock_crypto::Challenge;
use medblock_primitives::{DisclosureAnchor, DoctorId, Moment, PatientId};
use medblock_receipts::{
	Capacity, Check, Lie, Pin, Receipt, Request, Session, Signed, SignedRequest, Subject, Vault,
	check_growth,
};
use std::fs;
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const LOG: LogId = LogId { genesis: [7; 32], hospital: HospitalId(2), number: 0 };
const ANNA: PatientId = PatientId(1);
const BERT: PatientId = PatientId(2);
/// Seconds since 1970.
const NOW: u64 = 1_795_442_700;
const MILLISECONDS: Moment = NOW * 1_000;

fn vault() -> Vault {
	Vault { log: LOG, key: dev::dave().public_key().0 }
}

/// The key of a session.
fn session_key() -> Keypair {
	Keypair::from_secret_key([6; 32]).unwrap()
}

/// A sign-in that names this key, if any.
fn sign_in(session_key: Option<&Keypair>) -> Session {
	let alice = dev::alice();
	let challenge = Challenge {
		domain: "vault.example".into(),
		account: AccountId::from(alice.public_key().0).to_string(),
		genesis: LOG.genesis,
		nonce: "0f".repeat(16),
		issued: NOW,
		expires: NOW + 120,
		session_key: session_key.map(|key| key.public_key().0),
	};
	let challenge = challenge.text();
	let Signature(signature) = alice.sign(&Challenge::signed_bytes(&challenge));
	Session { challenge, signature }
}

fn asked(patient: PatientId, number: u8) -> SignedRequest {
	let request = Request {
		genesis: LOG.genesis,
		hospital: LOG.hospital,
		patient,
		subject: Subject::Record { index: number.into(), digest: [number; 32] },
		time: MILLISECONDS + 1_000,
		nonce: [number; 16],
	};
	request.sign(&session_key())
}

fn draft(patient: PatientId, number: u8) -> Draft {
	Draft {
		asked: asked(patient, number),
		session: sign_in(Some(&session_key())),
		capacity: Capacity::Doctor(DoctorId(5)),
		from: 0,
		to: 100,
		time: MILLISECONDS + 1_500,
		block: 9,
		block_hash: [9; 32],
	}
}

fn open(folder: &TempDir) -> Log {
	Log::open(&folder.path().join("0"), LOG).unwrap()
}

/// Writes so many disclosures of each of two charts, in turn.
async fn write(log: &Log, numbers: std::ops::Range<u8>) -> Vec<Written> {
	let mut all = Vec::new();
	for number in numbers {
		for patient in [ANNA, BERT] {
			all.push(log.append(draft(patient, number)).await.unwrap());
		}
	}
	all
}

/// Checks all of a chart, page by page, as its patient does.
fn check(log: &Log, patient: PatientId, pin: Option<Pin>) -> Result<Pin, Lie> {
	let (mut size, mut after, mut check) = (None, None, None);
	loop {
		let page = log.page(patient, size, after, 2, 0).unwrap().unwrap();
		let (mut checking, tree) = match check.take() {
			Some(found) => found,
			None => {
				let tree = page.head.head.tree();
				let head = Signed::by(&dev::dave(), page.head);
				(Check::begin(vault(), patient, &head, &tree, pin)?, tree)
			},
		};
		assert_eq!(page.head.head.tree(), tree, "all pages are of the same tree");
		for line in &page.items {
			checking.line(line)?;
		}
		let Some(next) = page.next else { return Ok(checking.finish()?.pin()) };
		(size, after) = (Some(tree.size), Some(next));
		check = Some((checking, tree));
	}
}

#[tokio::test]
async fn charts_are_in_the_log_line_by_line_and_after_a_restart() {
	let folder = tempfile::tempdir().unwrap();
	let log = open(&folder);
	assert_eq!(check(&log, ANNA, None), Ok(Pin { count: 0, last: [0; 32] }));
	let written = write(&log, 0..5).await;
	let pin = check(&log, ANNA, None).unwrap();
	assert_eq!((pin.count, pin.last), (5, written[8].1.leaf()));
	let before = log.tree().unwrap();
	drop(log);
	let log = open(&folder);
	assert_eq!(log.tree().unwrap(), before);
	write(&log, 5..9).await;
	assert_eq!(check(&log, ANNA, Some(pin)).unwrap().count, 9);
	assert_eq!(check(&log, BERT, None).unwrap().count, 9);
	let now = log.tree().unwrap();
	let proof = log.growth(before.size, now.size).unwrap().unwrap();
	assert_eq!(check_growth(&before, &now, &proof), Ok(()));
	assert_eq!(log.tree_of(before.size).unwrap(), Some(before));
	for (index, disclosure) in written {
		let receipt = Receipt::issue(&dev::dave(), LOG, index, disclosure);
		receipt.check(&vault()).unwrap();
		let leaf = receipt.promise.statement.leaf;
		let proof = log.place(&leaf, index, now.size).unwrap().unwrap();
		assert_eq!(receipt.is_in(&now, &proof), Ok(true));
	}
}

#[tokio::test]
async fn what_the_log_never_had_is_not_there() {
	let folder = tempfile::tempdir().unwrap();
	let log = open(&folder);
	let written = write(&log, 0..3).await;
	let leaf = written[2].1.leaf();
	assert_eq!(log.place(&leaf, 3, 6).unwrap(), None, "another place");
	assert_eq!(log.place(&[1; 32], 2, 6).unwrap(), None, "another leaf");
	assert_eq!(log.place(&leaf, 2, 7).unwrap(), None, "a tree of the future");
	assert_eq!(log.place(&leaf, 2, 2).unwrap(), None, "a tree before it");
	assert_eq!(log.growth(3, 7).unwrap(), None);
	assert_eq!(log.growth(4, 3).unwrap(), None);
	assert!(log.page(ANNA, Some(7), None, 2, 0).unwrap().is_none());
	assert_eq!(log.tree_of(7).unwrap(), None);
}

/// What is given out between two pages does not disturb a check.
#[tokio::test]
async fn pages_are_of_one_tree_while_the_log_grows() {
	let folder = tempfile::tempdir().unwrap();
	let log = open(&folder);
	write(&log, 0..3).await;
	let first = log.page(ANNA, None, None, 2, 0).unwrap().unwrap();
	write(&log, 3..6).await;
	let size = first.head.head.size;
	let second = log.page(ANNA, Some(size), first.next, 2, 0).unwrap().unwrap();
	assert_eq!((second.head, second.next), (first.head, None));
	let numbers: Vec<_> = second.items.iter().map(|line| line.link.number).collect();
	assert_eq!(numbers, [2]);
	drop(log);
	// After a restart, nothing of it is in memory.
	let log = open(&folder);
	let second = log.page(ANNA, Some(size), first.next, 2, 0).unwrap().unwrap();
	assert_eq!((second.head, second.next), (first.head, None));
}

#[tokio::test]
async fn crash_between_leaf_and_line_leaves_no_gap_in_the_chart() {
	let folder = tempfile::tempdir().unwrap();
	let log = open(&folder);
	write(&log, 0..2).await;
	drop(log);
	let path = folder.path().join("0/charts/1.jsonl");
	let lines = fs::read(&path).unwrap();
	let first = lines.iter().position(|byte| *byte == b'\n').unwrap() + 1;
	for torn in [&lines[..first], &lines[..first + 100], &lines[..lines.len() - 1]] {
		fs::write(&path, torn).unwrap();
		let log = open(&folder);
		assert_eq!(check(&log, ANNA, None).unwrap().count, 1);
		let size = log.tree().unwrap().size;
		log.append(draft(ANNA, 9)).await.unwrap();
		assert_eq!(log.tree().unwrap().size, size + 1, "no place is given twice");
		assert_eq!(check(&log, ANNA, None).unwrap().count, 2);
	}
}

#[test]
fn no_line_follows_one_that_the_disk_could_not_keep() {
	let name = "receipts::tests::no_line_follows_one_that_the_disk_could_not_keep";
	let lost = LostSync { call: "fdatasync", which: 2 };
	let chart = |folder: &Path| folder.join("0/charts/1.jsonl");
	with_a_lost_sync(name, lost, chart, lose_a_line);
}

async fn lose_a_line(folder: &Path) {
	let open = || Log::open(&folder.join("0"), LOG).unwrap();
	let log = open();
	log.append(draft(ANNA, 0)).await.unwrap();
	assert!(log.append(draft(ANNA, 1)).await.is_err());
	log.append(draft(ANNA, 2)).await.unwrap();
	assert_eq!(check(&log, ANNA, None).unwrap().count, 2);
	assert_eq!(log.tree().unwrap().size, 3, "its place is not given again");
	drop(log);
	let log = open();
	assert_eq!(check(&log, ANNA, None).unwrap().count, 2);
	assert_eq!(log.tree().unwrap().size, 3);
}

#[tokio::test]
async fn many_at_once_get_places_of_their_own() {
	let folder = tempfile::tempdir().unwrap();
	let log = open(&folder);
	let all =
		(0..100).map(|number| log.append(draft([ANNA, BERT][usize::from(number % 2)], number)));
	let all = futures::future::join_all(all).await;
	let mut places: Vec<u64> = all.into_iter().map(|written| written.unwrap().0).collect();
	places.sort_unstable();
	assert!(places.into_iter().eq(0..100));
	for patient in [ANNA, BERT] {
		assert_eq!(check(&log, patient, None).unwrap().count, 50);
	}
}

/// Two nodes may be at blocks before and after the hospital began another log.
#[tokio::test]
async fn a_log_is_open_once_whatever_other_logs_are_asked_for_in_between() {
	let folder = tempfile::tempdir().unwrap();
	let logs = Folders::new(folder.path().to_owned());
	let next = LogId { number: 1, ..LOG };
	let first = logs.log(LOG).unwrap();
	write(&first, 0..2).await;
	write(&logs.log(next).unwrap(), 0..1).await;
	let again = logs.log(LOG).unwrap();
	assert!(Arc::ptr_eq(&first, &again));
	// Both are those of requests that have not ended yet.
	write(&first, 2..3).await;
	write(&again, 3..4).await;
	write(&logs.log(next).unwrap(), 1..2).await;
	drop((first, again, logs));
	let logs = Folders::new(folder.path().to_owned());
	for (id, count) in [(LOG, 4), (next, 2)] {
		let log = logs.log(id).unwrap();
		assert_eq!(log.tree().unwrap().size, 2 * count);
		let page = log.page(BERT, None, None, 9, 0).unwrap().unwrap();
		assert!(page.items.iter().map(|line| line.link.number).eq(0..count));
	}
}

async fn state(place: &Place) -> State {
	State::open(place, LOG.hospital).await.unwrap()
}

#[tokio::test]
async fn gateways_with_one_database_write_one_log() {
	with_each(async |place| {
		let open = async || Log::Database(DatabaseLog::new(state(&place).await, LOG));
		let logs = [Arc::new(open().await), Arc::new(open().await)];
		let append = |number: u8| {
			let log = logs[usize::from(number / 2 % 2)].clone();
			let patient = [ANNA, BERT][usize::from(number % 2)];
			async move { log.append(draft(patient, number)).await.unwrap() }
		};
		let mut written = futures::future::join_all((0..60).map(append)).await;
		written.sort_by_key(|(index, _)| *index);
		assert!(written.iter().map(|(index, _)| *index).eq(0..60));
		let [log, other] = logs.clone();
		let (before, pin) = blocking(move || {
			assert_eq!(log.tree()?, other.tree()?);
			let pins = [ANNA, BERT].map(|patient| check(&log, patient, None).unwrap());
			assert_eq!(pins.map(|pin| pin.count), [30, 30]);
			assert!(log.page(ANNA, Some(61), None, 2, 0)?.is_none());
			Ok((log.tree()?, pins[0]))
		})
		.await
		.unwrap();

		// After a restart, in more statements than one.
		let log = Arc::new(open().await);
		let more = (60..=255).map(|number| log.append(draft(ANNA, number)));
		futures::future::join_all(more).await.into_iter().for_each(|one| drop(one.unwrap()));
		blocking(move || {
			let now = log.tree()?;
			let proof = log.growth(before.size, now.size)?.unwrap();
			assert_eq!(check_growth(&before, &now, &proof), Ok(()));
			assert_eq!(log.tree_of(before.size)?, Some(before));
			assert_eq!(check(&log, ANNA, Some(pin)).unwrap().count, 226);
			let (index, disclosure) = written.swap_remove(7);
			let leaf = disclosure.leaf();
			let proof = log.place(&leaf, index, now.size)?.unwrap();
			assert!(now.includes(index, &leaf, &proof));
			assert_eq!(log.place(&leaf, index + 1, now.size)?, None);
			assert_eq!(log.growth(3, now.size + 1)?, None);
			Ok(())
		})
		.await
		.unwrap();
	})
	.await;
}

/// A disclosure of a minute later.
fn later(patient: PatientId, number: u8) -> Draft {
	Draft { time: MILLISECONDS + 60_000, ..draft(patient, number) }
}

/// When what [`draft`] makes is old, and what [`later`] makes is not.
const BETWEEN: Moment = MILLISECONDS + 30_000;

/// Checks charts of which old lines were removed: Anna's but for one later one, Bert's but for the last one.
fn is_forgotten(log: &Log) {
	for (patient, first, count) in [(ANNA, 3, 4), (BERT, 2, 3)] {
		let page = log.page(patient, None, None, 2, 0).unwrap().unwrap();
		assert_eq!((page.head.first, page.head.count), (first, count));
		assert_eq!(page.items.first().map(|line| line.link.number), Some(first));
		assert_eq!(check(log, patient, None).unwrap().count, count);
		let pin = Pin { count: first - 1, last: [9; 32] };
		assert_eq!(check(log, patient, Some(pin)).unwrap().count, count);
	}
	let then = log.page(ANNA, Some(2), None, 2, 0).unwrap();
	assert!(then.is_none(), "nothing is signed about that any more");
	assert_eq!(log.tree().unwrap().size, 7, "the tree is what it was");
}

#[tokio::test]
async fn old_lines_are_forgotten_and_the_rest_can_be_checked() {
	let folder = tempfile::tempdir().unwrap();
	let folders = || Folders::new(folder.path().to_owned());
	let logs = folders();
	let log = logs.log(LOG).unwrap();
	write(&log, 0..3).await;
	log.append(later(ANNA, 3)).await.unwrap();
	let before = log.page(ANNA, None, None, 2, 0).unwrap().unwrap();
	logs.forget(BETWEEN).unwrap();
	is_forgotten(&log);
	// A page after one of before.
	let size = Some(before.head.head.size);
	let page = log.page(ANNA, size, before.next, 2, 0).unwrap().unwrap();
	assert_eq!(page.items.iter().map(|line| line.link.number).collect::<Vec<_>>(), [3]);
	drop((log, logs));
	folders().forget(BETWEEN).unwrap();
	let log = open(&folder);
	is_forgotten(&log);
	write(&log, 4..6).await;
	assert_eq!(check(&log, ANNA, None).unwrap().count, 6);
	assert_eq!(check(&log, BERT, None).unwrap().count, 5);
}

#[tokio::test]
async fn old_lines_in_a_database_are_forgotten_too() {
	with_each(async |place| {
		let state = state(&place).await;
		let log = Arc::new(Log::Database(DatabaseLog::new(state.clone(), LOG)));
		write(&log, 0..3).await;
		log.append(later(ANNA, 3)).await.unwrap();
		database::forget(&state, BETWEEN).await.unwrap();
		let reading = log.clone();
		let looked = blocking(move || {
			is_forgotten(&reading);
			Ok(())
		});
		looked.await.unwrap();
		write(&log, 4..6).await;
		let pin = blocking(move || Ok(check(&log, BERT, None).unwrap())).await.unwrap();
		assert_eq!(pin.count, 5);
	})
	.await;
}

/// A standby server that takes over may lack what its predecessor wrote last.
#[tokio::test]
async fn log_that_loses_what_is_on_the_chain_is_another_one_and_stays_so() {
	with_each(async |place| {
		let state = state(&place).await;
		let log = Arc::new(Log::Database(DatabaseLog::new(state.clone(), LOG)));
		write(&log, 0..2).await;
		let reading = log.clone();
		let Tree { size, root } = blocking(move || reading.tree()).await.unwrap();
		let anchor = DisclosureAnchor { log: LOG.number, size, root, at: MILLISECONDS };
		let found =
			DisclosureLogInfo { vault_account: None, number: LOG.number, last: Some((0, anchor)) };
		let mut known = Known { log: Some(log.clone()), ..Known::default() };
		compare(&mut known, &log, &found).await.unwrap();
		assert!(known.answer().unwrap().is_some());
		for lost in [
			"UPDATE logs SET size = 3",
			// The places of the hashes that four leaves complete and three do not.
			"DELETE FROM log_hashes WHERE place >= 4",
			"DELETE FROM log_lines WHERE leaf >= 3",
		] {
			state.run(lost, values![]).await.unwrap();
		}
		compare(&mut known, &log, &found).await.unwrap();
		assert_eq!(known.answer().err(), Some(Refusal::OtherLog), "it is shorter");
		write(&log, 2..4).await;
		compare(&mut known, &log, &found).await.unwrap();
		assert_eq!(known.answer().err(), Some(Refusal::OtherLog), "it has other leaves there");
	})
	.await;
}

#[tokio::test]
async fn gateways_with_one_database_have_one_account() {
	with_each(async |place| {
		let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
		let alone = Receipts::open(folders[0].path(), HospitalId(2)).unwrap().account();
		for folder in &folders {
			let shared = Receipts::shared(folder.path(), HospitalId(2), state(&place).await).await;
			assert_eq!(shared.unwrap().account(), alone, "the first one's");
		}
	})
	.await;
}

#[test]
fn requests_count_once_and_of_their_session_alone() {
	let Session { challenge, signature } = sign_in(Some(&session_key()));
	let reader = Reader::of(&LOG.genesis, &challenge, signature).unwrap();
	let good = asked(ANNA, 1);
	let now = MILLISECONDS + 2_000;
	assert_eq!(reader.check(&good, now), Ok(()));
	assert_eq!(reader.use_up(&good), Ok(()));
	assert_eq!(reader.use_up(&good), Err(Refusal::RequestUsed));
	assert_eq!(reader.use_up(&asked(ANNA, 2)), Ok(()));
	let mut other = good.clone();
	other.request.patient = BERT;
	assert_eq!(reader.check(&other, now), Err(Refusal::RequestNotSigned));
	let foreign = good.request.clone().sign(&dev::bob());
	assert_eq!(reader.check(&foreign, now), Err(Refusal::RequestNotSigned));
	for late in [now + 11 * 60_000, now - 11 * 60_000] {
		assert_eq!(reader.check(&good, late), Err(Refusal::RequestExpired));
	}
	let before = Request { time: MILLISECONDS - 11 * 60_000, ..good.request };
	let before = before.sign(&session_key());
	assert_eq!(reader.check(&before, now), Err(Refusal::RequestExpired), "before its session");
	let Session { challenge, signature } = sign_in(None);
	assert!(Reader::of(&LOG.genesis, &challenge, signature).is_none());
}

#[test]
fn vault_keeps_its_account_and_signs_for_its_hospital() {
	let folder = tempfile::tempdir().unwrap();
	let receipts = Receipts::open(folder.path(), HospitalId(2)).unwrap();
	let again = Receipts::open(folder.path(), HospitalId(2)).unwrap();
	assert_eq!(again.account(), receipts.account());
	let message = vault_account_message(&[7_u8; 32], HospitalId(2), &receipts.account().0);
	let (signature, key) = (Signature(receipts.proof(&[7; 32])), receipts.key().public_key());
	assert!(subxt_signer::sr25519::verify(&signature, message, &key));
	let other = tempfile::tempdir().unwrap();
	let other = Receipts::open(other.path(), HospitalId(2)).unwrap();
	assert_ne!(other.account(), receipts.account());
	fs::write(folder.path().join("vault-account"), "damaged").unwrap();
	assert!(Receipts::open(folder.path(), HospitalId(2)).is_err());
}
