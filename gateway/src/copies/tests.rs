//! Copies in a folder.

use super::*;
use crate::state::{Place, tests::postgres::Server};
use medblock_primitives::HospitalId;
use std::{net::Ipv4Addr, path::Path};
use tempfile::TempDir;

const ALICE: Account = [1; 32];
const BOB: Account = [2; 32];
const FILE: &[u8] = b"age-encryption.org/v1\n-> some stanza\nand the rest";
const NOW: u64 = 1_780_000_000;

fn copies(folder: &Path) -> Copies {
	Copies::new(Store::folder(folder).unwrap(), Arc::new(Metrics::new().unwrap()))
}

fn empty() -> (TempDir, Copies) {
	let folder = tempfile::tempdir().unwrap();
	let copies = copies(folder.path());
	(folder, copies)
}

/// The names of all files below a folder, and what is in them.
fn everything(folder: &Path) -> String {
	let mut all = String::new();
	for entry in std::fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		all.push_str(&path.display().to_string());
		all.push_str(&match path.is_dir() {
			true => everything(&path),
			false => String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
		});
	}
	all
}

#[tokio::test]
async fn a_copy_is_what_was_put_also_after_a_restart_and_is_replaced_by_its_owner() {
	let (folder, before) = empty();
	before.put(&[7; 32], &ALICE, FILE).await.unwrap();
	let after = copies(folder.path());
	assert_eq!(after.find(&[7; 32]).await.unwrap(), FILE);
	let newer = [FILE, b", newer"].concat();
	after.put(&[7; 32], &ALICE, &newer).await.unwrap();
	assert_eq!(after.find(&[7; 32]).await.unwrap(), newer);
	after.remove(&[7; 32], &ALICE).await.unwrap();
	assert_eq!(after.find(&[7; 32]).await, Err(Refusal::NoSuchCopy));
	assert_eq!(after.remove(&[7; 32], &ALICE).await, Err(Refusal::NoSuchCopy));
}

#[tokio::test]
async fn another_account_neither_replaces_nor_removes_a_copy_and_is_told_what_a_stranger_is_told() {
	let (_folder, copies) = empty();
	copies.put(&[7; 32], &ALICE, FILE).await.unwrap();
	assert_eq!(copies.put(&[7; 32], &BOB, b"other").await, Err(Refusal::NoSuchCopy));
	assert_eq!(copies.remove(&[7; 32], &BOB).await, Err(Refusal::NoSuchCopy));
	assert_eq!(copies.remove(&[8; 32], &BOB).await, Err(Refusal::NoSuchCopy));
	copies.remove_all(&BOB).await.unwrap();
	assert_eq!(copies.find(&[7; 32]).await.unwrap(), FILE);
	assert_eq!(copies.find(&[8; 32]).await, Err(Refusal::NoSuchCopy));
}

#[tokio::test]
async fn an_account_has_so_many_copies_and_others_have_theirs() {
	let (_folder, copies) = empty();
	let number = |number: usize| [u8::try_from(number).unwrap(); 32];
	for each in 0..MAX_PER_ACCOUNT {
		copies.put(&number(each), &ALICE, FILE).await.unwrap();
	}
	let refused = copies.put(&[99; 32], &ALICE, FILE).await;
	assert!(matches!(refused, Err(Refusal::QuotaExceeded(_))), "{refused:?}");
	copies.put(&number(0), &ALICE, b"replaced").await.unwrap();
	copies.put(&[98; 32], &BOB, FILE).await.unwrap();
	copies.remove(&number(0), &ALICE).await.unwrap();
	copies.put(&[99; 32], &ALICE, FILE).await.unwrap();
	copies.remove_all(&ALICE).await.unwrap();
	for each in 0..MAX_PER_ACCOUNT {
		assert_eq!(copies.find(&number(each)).await, Err(Refusal::NoSuchCopy));
	}
	assert_eq!(copies.find(&[98; 32]).await.unwrap(), FILE);
}

#[tokio::test]
async fn two_gateways_together_keep_no_more_copies_of_an_account() {
	let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
	let place = Place::Server(server.url().parse().unwrap());
	let state = async || State::open(&place, HospitalId(3)).await.unwrap();
	let gateways =
		[copies(folder.path()).shared(state().await), copies(folder.path()).shared(state().await)];
	let putting = (0..2 * MAX_PER_ACCOUNT).map(|number| {
		let (copies, number) = (&gateways[number % 2], u8::try_from(number).unwrap());
		async move { copies.put(&[number; 32], &ALICE, FILE).await }
	});
	let done = futures::future::join_all(putting).await;
	let kept = done.iter().filter(|outcome| outcome.is_ok()).count();
	assert_eq!(kept, MAX_PER_ACCOUNT, "{done:?}");
	for refused in done.into_iter().filter_map(Result::err) {
		assert!(matches!(refused, Refusal::QuotaExceeded(_)), "{refused:?}");
	}
	assert_eq!(gateways[0].markers(&ALICE).await.unwrap().len(), MAX_PER_ACCOUNT);
	gateways[1].remove_all(&ALICE).await.unwrap();
	gateways[0].put(&[99; 32], &ALICE, FILE).await.unwrap();
}

#[tokio::test]
async fn a_marker_that_a_crash_left_takes_nobodys_room() {
	let (_folder, copies) = empty();
	for lost in 0..9 {
		let name = named(&[lost; 32]);
		copies.store.put_small(&marker(&ALICE, &name), Vec::new()).await.unwrap();
	}
	copies.put(&[99; 32], &ALICE, FILE).await.unwrap();
	assert_eq!(copies.markers(&ALICE).await.unwrap(), [named(&[99; 32])]);
}

/// As one that a service stores long after the gateway gave it up.
async fn comes_late(copies: &Copies, locator: u8, bytes: &[u8]) {
	let name = named(&[locator; 32]);
	copies.store.put_small(&object_name(&name), bytes.to_vec()).await.unwrap();
}

/// Looks at every folder.
async fn recounted(copies: &Copies) -> u64 {
	let mut counted = 0;
	for _ in 0..=u8::MAX {
		counted += copies.recount().await.unwrap();
	}
	counted
}

#[tokio::test]
async fn a_copy_that_came_after_its_marker_was_removed_is_found_and_counted() {
	let (_folder, copies) = empty();
	let most = u8::try_from(MAX_PER_ACCOUNT).unwrap();
	copies.put(&[0; 32], &ALICE, FILE).await.unwrap();
	for late in 1..most {
		comes_late(&copies, late, &[ALICE.as_slice(), FILE].concat()).await;
	}
	comes_late(&copies, 77, b"damaged").await;
	assert_eq!(copies.markers(&ALICE).await.unwrap().len(), 1);
	assert_eq!(recounted(&copies).await, u64::from(most) - 1);
	assert_eq!(recounted(&copies).await, 0);
	let refused = copies.put(&[99; 32], &ALICE, FILE).await;
	assert!(matches!(refused, Err(Refusal::QuotaExceeded(_))), "{refused:?}");
	copies.remove_all(&ALICE).await.unwrap();
	for each in 0..most {
		assert_eq!(copies.find(&[each; 32]).await, Err(Refusal::NoSuchCopy));
	}
}

#[tokio::test]
async fn two_gateways_count_what_a_dead_database_left() {
	let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
	let place = Place::Server(server.url().parse().unwrap());
	let state = State::open(&place, HospitalId(3)).await.unwrap();
	let copies = copies(folder.path()).shared(state);
	comes_late(&copies, 1, &[ALICE.as_slice(), FILE].concat()).await;
	assert_eq!(recounted(&copies).await, 1);
	assert_eq!(copies.markers(&ALICE).await.unwrap(), [named(&[1; 32])]);
}

#[tokio::test]
async fn a_reader_of_the_disk_learns_no_locator() {
	let (folder, copies) = empty();
	copies.put(&[7; 32], &ALICE, FILE).await.unwrap();
	let everything = everything(folder.path());
	assert!(everything.contains(&named(&[7; 32])));
	assert!(!everything.contains(&hex::encode([7; 32])));
	assert!(!everything.contains(&String::from_utf8_lossy(&[7; 32]).into_owned()));
}

#[tokio::test]
async fn an_address_asks_so_often_and_others_are_not_held_up() {
	let (_folder, copies) = empty();
	let [one, other] =
		[[192, 0, 2, 1], [192, 0, 2, 2]].map(|at| Caller::at(Ipv4Addr::from(at).into()));
	for _ in 0..READ.full {
		copies.count_reader(&one, NOW).unwrap();
	}
	assert_eq!(copies.count_reader(&one, NOW), Err(Refusal::TooMany { seconds: 1 }));
	copies.count_reader(&other, NOW).unwrap();
	copies.count_reader(&one, NOW + 1).unwrap();
}
