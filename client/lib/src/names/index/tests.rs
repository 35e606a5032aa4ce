//! Names are kept for one account and chain, and go with what they were read from.

#![allow(clippy::unwrap_used)]

use super::*;
use medblock_crypto::Mnemonic;
use medblock_platform::{Folder, Memory, Storage};

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const CHAIN: [u8; 32] = [7; 32];

fn keys(name: &str) -> Keys {
	Keys::from_seed(Mnemonic::parse(WORDS).unwrap().seed(name)).unwrap()
}

fn index(files: &Arc<Memory>, name: &str) -> Index {
	Index::new(files.clone(), &keys(name), CHAIN)
}

fn source(version: u8) -> SealedDocument {
	let document =
		Document { digest: [version; 32], head: [version; 16], size: 9, vault: HospitalId(0) };
	SealedDocument { document, sealed_to: 0 }
}

fn profile(name: &str) -> Profile {
	Profile { name: name.to_owned(), birth_date: Some("1980-05".to_owned()), contact: None }
}

async fn name(index: &Index, patient: u32, version: u8) -> Option<String> {
	index.of(PatientId(patient), &source(version)).await.map(|found| found.name.clone())
}

async fn keep(index: &Index, patient: u32, version: u8, read: Read) {
	let profile = profile(&format!("Zyxwvut {patient}"));
	index.keep(PatientId(patient), &source(version), read, &profile).await;
}

#[tokio::test]
async fn name_is_known_again_to_its_account_and_chain_only() {
	let files = Arc::new(Memory::new());
	keep(&index(&files, ""), 3, 1, Read::AtDesk).await;
	assert_eq!(name(&index(&files, ""), 3, 1).await.unwrap(), "Zyxwvut 3");
	assert_eq!(name(&index(&files, ""), 4, 1).await, None);
	assert_eq!(name(&index(&files, "other"), 3, 1).await, None);
	let elsewhere = Index::new(files.clone(), &keys(""), [8; 32]);
	assert_eq!(name(&elsewhere, 3, 1).await, None);
	// Not even where another's piece should be.
	let here = index(&files, "");
	let all = files.list(&here.folder).await.unwrap();
	let [found] = &all[..] else { panic!("one piece: {all:?}") };
	let sealed = files.read(&found.name, LONGEST).await.unwrap().unwrap();
	for number in 0..PIECES {
		files.replace(&elsewhere.name(number), &sealed).await.unwrap();
	}
	assert_eq!(name(&Index::new(files.clone(), &keys(""), [8; 32]), 3, 1).await, None);
}

#[tokio::test]
async fn name_goes_with_the_document_that_it_was_read_from() {
	let files = Arc::new(Memory::new());
	let here = index(&files, "");
	keep(&here, 3, 1, Read::ByDoctor).await;
	assert_eq!(name(&here, 3, 2).await, None, "the profile was written anew");
	assert_eq!(name(&here, 3, 1).await, None, "it is dropped");
	assert!(files.list(&here.folder).await.unwrap().is_empty());
	keep(&here, 3, 1, Read::ByDoctor).await;
	let other = SealedDocument { sealed_to: 2, ..source(1) };
	assert!(here.of(PatientId(3), &other).await.is_none());
}

#[tokio::test]
async fn closed_charts_are_forgotten_and_the_desks_people_are_not() {
	let files = Arc::new(Memory::new());
	let here = index(&files, "");
	for patient in 0..10 {
		keep(&here, patient, 1, Read::ByDoctor).await;
	}
	keep(&here, 10, 1, Read::AtDesk).await;
	// The next program finds what an earlier one has kept.
	let here = index(&files, "");
	here.keep_only(Read::ByDoctor, &[4, 5].map(PatientId).into()).await;
	for patient in 0..11 {
		let is_kept = matches!(patient, 4 | 5 | 10);
		assert_eq!(name(&here, patient, 1).await.is_some(), is_kept, "{patient}");
	}
	here.keep_only(Read::AtDesk, &BTreeSet::new()).await;
	assert_eq!(name(&here, 10, 1).await, None);
	assert!(name(&here, 4, 1).await.is_some());
}

#[tokio::test]
async fn removed_accounts_names_are_gone_and_others_are_not() {
	let files = Arc::new(Memory::new());
	for account in ["", "other"] {
		keep(&index(&files, account), 3, 1, Read::AtDesk).await;
	}
	forget(&*files, keys("").account()).await.unwrap();
	assert_eq!(name(&index(&files, ""), 3, 1).await, None);
	assert!(name(&index(&files, "other"), 3, 1).await.is_some());
}

#[tokio::test]
async fn nothing_that_is_kept_says_whose_name_it_is() {
	let home = tempfile::tempdir().unwrap();
	let files = Arc::new(Folder::new(home.path()));
	let here = Index::new(files.clone(), &keys(""), CHAIN);
	keep(&here, 4_242, 1, Read::AtDesk).await;
	let all = files.list(&here.folder).await.unwrap();
	let [found] = &all[..] else { panic!("one piece: {all:?}") };
	let bytes = files.read(&found.name, LONGEST).await.unwrap().unwrap();
	let text = String::from_utf8_lossy(&bytes).into_owned();
	assert!(!text.contains("Zyxwvut") && !text.contains("1980"));
	assert_eq!((found.length - 28) % 4_096, 0, "{}", found.length);
}

#[tokio::test]
async fn oldest_names_make_room() {
	let files = Arc::new(Memory::new());
	let here = index(&files, "");
	let key = here.key.as_ref().unwrap();
	let same = piece_of(key, PatientId(0));
	let patients: Vec<u32> =
		(0..).filter(|one| piece_of(key, PatientId(*one)) == same).take(100).collect();
	let mut long = profile("long");
	long.contact = Some("x".repeat(3_500));
	for patient in &patients {
		here.keep(PatientId(*patient), &source(1), Read::AtDesk, &long).await;
	}
	assert_eq!(name(&here, patients[0], 1).await, None);
	assert!(name(&index(&files, ""), patients[99], 1).await.is_some());
	let mut endless = profile("endless");
	endless.contact = Some("x".repeat(LONGEST_KEPT));
	here.keep(PatientId(1), &source(1), Read::AtDesk, &endless).await;
	assert_eq!(name(&here, 1, 1).await, None, "it is read again each time");
}

#[tokio::test]
async fn without_a_secret_or_a_whole_piece_nothing_is_kept_and_nothing_fails() {
	let files = Arc::new(Memory::new());
	let signer = keys("").signer().unwrap().clone();
	let locked = Index::new(files.clone(), &Keys::new(signer, None), CHAIN);
	keep(&locked, 3, 1, Read::AtDesk).await;
	locked.keep_only(Read::AtDesk, &BTreeSet::new()).await;
	assert_eq!(name(&locked, 3, 1).await, None);
	let here = index(&files, "");
	for number in 0..PIECES {
		files.replace(&here.name(number), b"damaged").await.unwrap();
	}
	assert_eq!(name(&here, 3, 1).await, None);
	keep(&here, 3, 1, Read::AtDesk).await;
	assert!(name(&index(&files, ""), 3, 1).await.is_some());
}
