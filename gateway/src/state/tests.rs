//! Both databases, really.

// The tests of the whole program use the same server.
#[path = "../../tests/common/postgres.rs"]
#[allow(dead_code)]
pub(crate) mod postgres;

use super::*;
use crate::errors::Refusal;
use postgres::Server;
use std::{fs, time::Instant};

const HOSPITAL: HospitalId = HospitalId(3);
/// The subject of what all use together.
const ALL: [u8; 0] = [];

/// Runs a test with a place in SQLite, and with one in PostgreSQL.
pub(crate) async fn with_each(test: impl AsyncFn(Place)) {
	let folder = tempfile::tempdir().unwrap();
	test(Place::File(folder.path().join("state.sqlite"))).await;
	let server = Server::start();
	test(Place::Server(server.url().parse().unwrap())).await;
}

async fn opened(place: &Place) -> State {
	State::open(place, HOSPITAL).await.unwrap()
}

async fn refusal(place: &Place, hospital: HospitalId) -> String {
	State::open(place, hospital).await.err().unwrap().to_string()
}

async fn used(state: &State) -> Vec<u64> {
	let rows = state.all("SELECT bytes FROM quota_use ORDER BY kind", values![]).await.unwrap();
	rows.iter().map(|row| row.number(0).unwrap()).collect()
}

const USE: &str = "INSERT INTO quota_use (kind, subject, bytes, uploads) VALUES ($1, $2, $3, $4)";

#[tokio::test]
async fn a_state_is_what_it_was_and_one_hospitals_and_one_chains() {
	with_each(async |place| {
		let state = opened(&place).await;
		State::open(&place, HospitalId(9)).await.unwrap();
		opened(&place).await;
		let first = state.identity().await.unwrap();
		assert_eq!(first.genesis, None, "so that the hospital was a guess");
		assert!(state.bind([1; 32]).await.unwrap());
		assert!(state.bind([1; 32]).await.unwrap());
		assert!(!state.bind([2; 32]).await.unwrap(), "another chain's");
		let again = opened(&place).await.identity().await.unwrap();
		assert_eq!(again.genesis, Some([1; 32]));
		assert_eq!((again.holder, again.challenge_key), (first.holder, first.challenge_key));
		let why = refusal(&place, HospitalId(4)).await;
		assert!(why.contains("belongs to hospital 3"), "{why}");
	})
	.await;
}

#[tokio::test]
async fn tables_of_another_version_are_refused_by_name() {
	with_each(async |place| {
		let state = opened(&place).await;
		state.run("UPDATE medblock SET version = 7", values![]).await.unwrap();
		let why = refusal(&place, HOSPITAL).await;
		assert!(why.contains("has version 7") && why.contains("knows version 1"), "{why}");
	})
	.await;
}

#[tokio::test]
async fn two_gateways_may_start_at_once() {
	let server = Server::start();
	let place = Place::Server(server.url().parse().unwrap());
	let all = futures::future::join_all((0..8).map(|_| opened(&place))).await;
	let mut holders = Vec::new();
	for state in all {
		assert!(state.is_shared());
		holders.push(state.identity().await.unwrap().holder);
	}
	holders.dedup();
	assert_eq!(holders.len(), 1);
}

#[tokio::test]
async fn a_change_is_made_as_a_whole_or_not_at_all() {
	with_each(async |place| {
		let state = opened(&place).await;
		let mut change = state.change().await.unwrap();
		change.run(USE, values![0u32, ALL, 5u64, 1u64]).await.unwrap();
		change.run(USE, values![1u32, [9], 6u64, 1u64]).await.unwrap();
		assert!(used(&state).await.is_empty(), "others do not see it yet");
		drop(change);
		let mut change = state.change().await.unwrap();
		change.run(USE, values![0u32, ALL, 7u64, 1u64]).await.unwrap();
		change.commit().await.unwrap();
		assert_eq!(used(&state).await, [7]);
		let mut change = state.change().await.unwrap();
		change.run(USE, values![2u32, ALL, 8u64, 1u64]).await.unwrap();
		let second = change.run(USE, values![0u32, ALL, 9u64, 1u64]).await;
		let why = second.err().expect("it is there").to_string();
		let code = if state.is_shared() { "(code 23505)" } else { "(code 1555)" };
		assert!(why.ends_with(code), "{why}");
		drop(change);
		assert_eq!(used(&opened(&place).await).await, [7]);
	})
	.await;
}

/// Changes one row 50 times at once.
async fn changes_follow_each_other(place: &Place) {
	const ADD: &str = "INSERT INTO quota_use (kind, subject, bytes, uploads) VALUES (0, $1, 1, 0) \
		ON CONFLICT (kind, subject) DO UPDATE SET bytes = quota_use.bytes + 1 RETURNING bytes";
	let state = opened(place).await;
	let adding = (0..50).map(|_| async {
		let mut change = state.change().await.unwrap();
		change.lock(Lock::Chart(PatientId(1))).await.unwrap();
		let row = change.run(ADD, values![ALL]).await.unwrap().unwrap();
		change.commit().await.unwrap();
		row.number(0).unwrap()
	});
	let mut found = futures::future::join_all(adding).await;
	found.sort_unstable();
	assert!(found.into_iter().eq(1..=50));
}

#[tokio::test]
async fn changes_of_one_row_follow_each_other() {
	with_each(async |place| changes_follow_each_other(&place).await).await;
}

/// Some administrators make all transactions of a server or of a role serializable.
#[tokio::test]
async fn changes_follow_each_other_on_a_server_that_isolates_them_more() {
	let server = Server::start();
	let mut url: Url = server.url().parse().unwrap();
	let stricter = "-c default_transaction_isolation=serializable";
	url.query_pairs_mut().append_pair("options", stricter);
	changes_follow_each_other(&Place::Server(url)).await;
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
	with_each(async |place| {
		let state = opened(&place).await;
		let insert = "INSERT INTO files (patient, digest, size, keep_until, settled, quarantined) \
			VALUES ($1, $2, $3, $4, $5, $6)";
		let values = values![u32::MAX, [7u8; 32], 1u64 << 40, u64::MAX, true, None::<u64>];
		state.run(insert, values).await.unwrap();
		let select = "SELECT patient, digest, size, keep_until, settled, quarantined FROM files";
		let row = state.one(select, values![]).await.unwrap().unwrap();
		assert_eq!(row.short(0).unwrap(), u32::MAX);
		assert_eq!(row.bytes::<32>(1).unwrap(), [7; 32]);
		assert!(row.bytes::<16>(1).is_err());
		assert_eq!(row.number(2).unwrap(), 1 << 40);
		assert_eq!(row.number(3).unwrap(), i64::MAX as u64, "for ever");
		assert_eq!((row.number(4).unwrap(), row.optional(5).unwrap()), (1, None));
		assert!(row.number(5).is_err());
	})
	.await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("state.sqlite");
	fs::write(&path, "x".repeat(5_000)).unwrap();
	let why = refusal(&Place::File(path), HOSPITAL).await;
	assert!(why.contains("not a database (code 26)"), "{why}");
}

#[tokio::test]
async fn a_database_that_fails_is_told_from_a_disk() {
	with_each(async |place| {
		let state = opened(&place).await;
		let why = state.run("SELECT nothing FROM nowhere", values![]).await.err().unwrap();
		assert!(has_failed(&why) && has_failed(&again(&why)), "{why}");
		assert_eq!(again(&why).to_string(), why.to_string());
		state.close().await.unwrap();
		let why = state.run("DELETE FROM known", values![]).await.err().unwrap();
		assert_eq!(Refusal::from_io(&why), Refusal::StateFailed);
	})
	.await;
	let full = io::Error::from(io::ErrorKind::StorageFull);
	assert!(!has_failed(&full) && !has_failed(&again(&full)));
	assert_eq!(Refusal::from_io(&full), Refusal::DiskFull);
}

#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
	use std::os::unix::fs::PermissionsExt;
	let folder = tempfile::tempdir().unwrap();
	let state = opened(&Place::File(folder.path().join("state.sqlite"))).await;
	state.run("DELETE FROM known", values![]).await.unwrap();
	for file in fs::read_dir(folder.path()).unwrap() {
		let mode = file.unwrap().metadata().unwrap().permissions().mode();
		assert_eq!(mode & 0o777, 0o600);
	}
}

#[tokio::test]
async fn once_it_is_closed_nothing_has_the_file_open() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("state.sqlite");
	let state = opened(&Place::File(path.clone())).await;
	state.run(USE, values![0u32, ALL, 5u64, 1u64]).await.unwrap();
	used(&state).await;
	// The connection that has read is asked whether it still works before it is back in the pool.
	tokio::task::yield_now().await;
	state.close().await.unwrap();
	let names = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
	assert_eq!(
		names.collect::<Vec<_>>(),
		["state.sqlite"],
		"the last one to close it removes the log"
	);
	fold(&path).await.unwrap();
	assert_eq!(used(&opened(&Place::File(path)).await).await, [5]);
	state.close().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_is_in_use_is_waited_for() {
	let folder = tempfile::tempdir().unwrap();
	let state = opened(&Place::File(folder.path().join("state.sqlite"))).await;
	let mut change = state.change().await.unwrap();
	change.run(USE, values![0u32, ALL, 5u64, 1u64]).await.unwrap();
	let (closed, committed) = futures::join!(state.close(), change.commit());
	closed.unwrap();
	committed.unwrap();
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn after_a_server_was_killed_all_that_was_committed_is_there() {
	let mut server = Server::start();
	let state = opened(&Place::Server(server.url().parse().unwrap())).await;
	state.run(USE, values![0u32, ALL, 5u64, 1u64]).await.unwrap();
	let mut change = state.change().await.unwrap();
	change.run(USE, values![1u32, ALL, 6u64, 1u64]).await.unwrap();
	server.kill();
	// One of its processes may have done that before it noticed.
	let expected = match change.commit().await {
		Ok(()) => vec![5, 6],
		Err(_) => vec![5],
	};
	server.start_again();
	assert_eq!(used(&state).await, expected, "without a restart of the gateway");
}

#[tokio::test]
async fn a_gateway_that_stands_still_in_a_change_does_not_keep_the_others_waiting() {
	let server = Server::start();
	let place = Place::Server(server.url().parse().unwrap());
	let (still, other) = (opened(&place).await, opened(&place).await);
	let mut change = still.change().await.unwrap();
	change.lock(Lock::Log).await.unwrap();
	let deadline = Instant::now() + Duration::from_secs(40);
	loop {
		let mut theirs = other.change().await.unwrap();
		if theirs.lock(Lock::Log).await.is_ok() {
			break;
		}
		assert!(Instant::now() < deadline, "they wait and wait");
	}
	assert!(change.commit().await.is_err(), "it knows that it has lost the lock");
}
