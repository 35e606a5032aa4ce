#![allow(clippy::unwrap_used)]

use super::*;
use medblock_crypto::{Headers, Mnemonic};
use medblock_platform::{Folder, Memory, Storage};
use std::time::{Duration, Instant};

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const CHAIN: [u8; 32] = [7; 32];
const ANA: PatientId = PatientId(3);
const BEN: PatientId = PatientId(31);

fn whole(patient: PatientId) -> View {
	View { patient, scope: Scope::Chart }
}

fn single(patient: PatientId) -> View {
	View { patient, scope: Scope::Records }
}

/// The keys of a person. Each name has other ones.
fn keys(name: &str) -> Keys {
	Keys::from_seed(Mnemonic::parse(WORDS).unwrap().seed(name)).unwrap()
}

fn titles(files: &Arc<Memory>, name: &str) -> Titles {
	Titles::new(files.clone(), &keys(name), CHAIN)
}

/// A record as the chain has it. Its document depends on `seed`.
fn record(seed: u32) -> Record {
	let mut digest = [0; 32];
	digest[..4].copy_from_slice(&seed.to_be_bytes());
	let document = Document { digest, head: [5; 16], size: 4_500, vault: HospitalId(0) };
	Record {
		document: Some(document),
		author: Author::Patient,
		sealed_to: 2,
		in_reply_to: None,
		recorded_at: Minute(0),
	}
}

fn title(index: RecordIndex) -> Title {
	let headers = Headers {
		title: format!("Zyxwvut letter {index}"),
		media_type: "application/pdf".into(),
		file_name: Some(format!("qpwoeir-{index}.pdf")),
		written_at: Some(-1 - i64::from(index)),
	};
	Title { headers, really_sealed_to: (index % 2 == 1).then_some(0) }
}

type Chart = BTreeMap<RecordIndex, Record>;

fn chart(records: impl IntoIterator<Item = RecordIndex>) -> Chart {
	records.into_iter().map(|index| (index, record(index))).collect()
}

/// What a listing finds of a record. Where its document is kept is of no account.
fn entry(index: RecordIndex, record: Record, title: crate::Result<Title>) -> Entry {
	Entry { index, record, vaults: None, title }
}

/// Keeps the titles of these records, as a listing does.
async fn keep(titles: &Titles, view: View, chart: &Chart) {
	let mut fetched = Fetched::new(titles, view);
	for (index, record) in chart {
		let entry = entry(*index, record.clone(), Ok(title(*index)));
		fetched.take(&entry).await;
	}
	fetched.finish().await;
}

/// The titles that a listing of the whole chart finds.
async fn found(titles: &Titles, view: View, chart: &Chart) -> BTreeMap<RecordIndex, Title> {
	let (last, records) = (chart.keys().last().copied(), chart.iter());
	let listed = Listed::new(None, last, records.map(|(index, record)| (*index, record)));
	titles.known(view, &listed, chart.keys().copied()).await
}

/// The places of all records whose titles are found.
async fn places(titles: &Titles, view: View, chart: &Chart) -> Vec<RecordIndex> {
	found(titles, view, chart).await.into_keys().collect()
}

/// The names of what is stored for an account.
async fn stored(files: &Memory, name: &str) -> Vec<String> {
	let folder = titles(&Arc::new(files.clone()), name).folder;
	files.list(&folder).await.unwrap().into_iter().map(|found| found.name).collect()
}

#[tokio::test]
async fn long_charts_titles_come_back_in_no_time_from_a_few_values() {
	let home = tempfile::tempdir().unwrap();
	let files = Arc::new(Folder::new(home.path()));
	let chart = chart(0..5_000);
	keep(&Titles::new(files.clone(), &keys(""), CHAIN), whole(ANA), &chart).await;

	let again = Titles::new(files.clone(), &keys(""), CHAIN);
	assert_eq!(files.list(&again.folder).await.unwrap().len(), 20);
	let started = Instant::now();
	let all = found(&again, whole(ANA), &chart).await;
	println!("5,000 titles in {:?}", started.elapsed());
	assert!(started.elapsed() < Duration::from_secs(1));
	assert_eq!(all.len(), 5_000);
	assert!(all.iter().all(|(index, known)| *known == title(*index)));
}

#[tokio::test]
async fn page_finds_its_own_titles_and_drops_none_of_other_pages() {
	let files = Arc::new(Memory::new());
	let (here, all) = (titles(&files, ""), chart(0..600));
	keep(&here, whole(ANA), &all).await;
	let page: Chart = all.range(300..400).map(|(index, one)| (*index, one.clone())).collect();
	let records = page.iter().map(|(index, record)| (*index, record));
	let listed = Listed::new(Some(299), Some(399), records);
	let known = here.known(whole(ANA), &listed, page.keys().copied()).await;
	assert!(known.into_keys().eq(300..400));
	assert_eq!(places(&here, whole(ANA), &all).await.len(), 600);
}

#[tokio::test]
async fn title_of_another_document_is_neither_shown_nor_kept() {
	type Change = fn(&mut Record);
	let changes: [(&str, Change); 5] = [
		("digest", |one| one.document.as_mut().unwrap().digest[31] ^= 1),
		("head", |one| one.document.as_mut().unwrap().head[0] ^= 1),
		("size", |one| one.document.as_mut().unwrap().size += 1),
		("epoch", |one| one.sealed_to = 4),
		("withdrawn", |one| one.document = None),
	];
	for (what, change) in changes {
		let files = Arc::new(Memory::new());
		let (here, before) = (titles(&files, ""), chart(0..3));
		keep(&here, whole(ANA), &before).await;
		let mut now = before.clone();
		change(now.get_mut(&1).unwrap());
		assert_eq!(places(&here, whole(ANA), &now).await, [0, 2], "{what}");
		assert_eq!(places(&here, whole(ANA), &before).await, [0, 2], "{what}: it is gone");
	}
	// Another vault may have the same document.
	let here = titles(&Arc::new(Memory::new()), "");
	let mut moved = chart(0..1);
	keep(&here, whole(ANA), &moved).await;
	moved.get_mut(&0).unwrap().document.as_mut().unwrap().vault = HospitalId(4);
	assert_eq!(places(&here, whole(ANA), &moved).await, [0]);
}

#[tokio::test]
async fn listing_at_an_older_block_drops_no_title_of_a_later_record() {
	let here = titles(&Arc::new(Memory::new()), "");
	let (before, now) = (chart(0..3), chart(0..5));
	keep(&here, whole(ANA), &now).await;
	assert_eq!(places(&here, whole(ANA), &before).await, [0, 1, 2]);
	assert!(places(&here, whole(ANA), &chart([])).await.is_empty());
	assert_eq!(places(&here, whole(ANA), &now).await.len(), 5);
}

#[tokio::test]
async fn withdrawn_records_title_goes_at_once_and_with_the_last_one_the_segment() {
	let files = Arc::new(Memory::new());
	let (here, all) = (titles(&files, ""), chart([255, 256]));
	keep(&here, whole(ANA), &all).await;
	here.drop_record(ANA, 256).await;
	assert_eq!(places(&here, whole(ANA), &all).await, [255]);
	assert_eq!(stored(&files, "").await.len(), 1);
	here.drop_record(ANA, 255).await;
	here.drop_record(BEN, 0).await;
	assert_eq!(stored(&files, "").await.len(), 0);
}

#[tokio::test]
async fn records_that_are_shared_no_more_lose_their_titles() {
	let here = titles(&Arc::new(Memory::new()), "");
	let all = chart([1, 5, 300]);
	keep(&here, single(ANA), &all).await;
	// A listing reads all of the chart's pages, and shows what is shared.
	let left = chart([5]);
	let records = left.iter().map(|(index, record)| (*index, record));
	let listed = Listed::new(None, Some(300), records);
	here.known(single(ANA), &listed, [1, 5, 300].into_iter()).await;
	assert_eq!(places(&here, single(ANA), &all).await, [5]);
}

#[tokio::test]
async fn damaged_segments_are_ignored_and_written_anew() {
	type Damage = fn(&mut Vec<u8>);
	let damages: [(&str, Damage); 5] = [
		("flipped", |bytes| bytes[100] ^= 1),
		("cut", |bytes| bytes.truncate(1_000)),
		("empty", Vec::clear),
		("in clear", |bytes| *bytes = b"[\"Zyxwvut letter 0\"]".to_vec()),
		("long", |bytes| bytes.resize(LONGEST + 1, 0)),
	];
	let all = chart(0..300);
	for (what, damage) in damages {
		let files = Arc::new(Memory::new());
		keep(&titles(&files, ""), whole(ANA), &all).await;
		let names = stored(&files, "").await;
		let first = names.iter().find(|name| name.ends_with("-0")).unwrap();
		let mut bytes = files.read(first, LONGEST).await.unwrap().unwrap().to_vec();
		damage(&mut bytes);
		files.replace(first, &bytes).await.unwrap();

		let here = titles(&files, "");
		assert!(places(&here, whole(ANA), &all).await.into_iter().eq(256..300), "{what}");
		keep(&here, whole(ANA), &chart(0..256)).await;
		assert_eq!(places(&here, whole(ANA), &all).await.len(), 300, "{what}");
	}
}

#[tokio::test]
async fn segment_in_another_place_or_of_someone_else_is_ignored() {
	let files = Arc::new(Memory::new());
	let here = titles(&files, "");
	let all = chart(0..10);
	keep(&here, whole(ANA), &all).await;
	let [name] = &stored(&files, "").await[..] else { panic!("one segment") };
	let bytes = files.read(name, LONGEST).await.unwrap().unwrap();

	let chain = Titles::new(files.clone(), &keys(""), [8; 32]);
	for (what, other, view, number) in [
		("another chart", &here, whole(BEN), 0),
		("single records", &here, single(ANA), 0),
		("another segment", &here, whole(ANA), 1),
		("another account", &titles(&files, "other"), whole(ANA), 0),
		("another chain", &chain, whole(ANA), 0),
	] {
		let place = other.place(other.key.as_ref().unwrap(), view, number);
		assert!(place.name != *name, "{what}");
		files.replace(&place.name, &bytes).await.unwrap();
		let there = chart(number * RECORDS..number * RECORDS + 10);
		assert!(places(other, view, &there).await.is_empty(), "{what}");
	}
	assert_eq!(places(&here, whole(ANA), &all).await.len(), 10);
}

#[tokio::test]
async fn oldest_segments_make_room() {
	let files = Arc::new(Memory::new());
	let small = |limits| Titles { limits, ..titles(&files, "") };
	let here = small(Limits { segments: 3, ..Limits::USUAL });
	let (all, one) = (chart(0..4 * RECORDS), chart(0..1));
	keep(&here, whole(ANA), &all).await;
	assert_eq!(stored(&files, "").await.len(), 3);
	assert_eq!(places(&here, whole(ANA), &all).await.first(), Some(&RECORDS), "the first is gone");
	// What is written again is new.
	keep(&here, whole(ANA), &chart([RECORDS])).await;
	keep(&here, whole(BEN), &one).await;
	let left = places(&here, whole(ANA), &all).await;
	assert!(left.contains(&RECORDS) && !left.contains(&(2 * RECORDS)), "{left:?}");
	assert_eq!(places(&here, whole(BEN), &one).await, [0]);

	// The next program counts what it finds.
	let length: u64 =
		files.list(&here.folder).await.unwrap().iter().map(|found| found.length).sum();
	let next = small(Limits { bytes: length, ..Limits::USUAL });
	keep(&next, single(BEN), &one).await;
	assert_eq!(places(&next, single(BEN), &one).await, [0]);
	let bytes: u64 = files.list(&next.folder).await.unwrap().iter().map(|one| one.length).sum();
	assert!(bytes <= length, "{bytes}");
	assert!(stored(&files, "").await.len() <= 3);

	// What has no room at all is not kept.
	let none = small(Limits { segments: 0, bytes: 0 });
	keep(&none, whole(ANA), &one).await;
	assert_eq!(stored(&files, "").await.len(), 0);
}

#[tokio::test]
async fn closed_charts_are_forgotten_and_open_ones_are_not() {
	let files = Arc::new(Memory::new());
	let (here, one) = (titles(&files, ""), chart(0..2));
	for view in [whole(ANA), single(ANA), whole(BEN)] {
		keep(&here, view, &one).await;
	}
	assert!(!here.has_beside(&[whole(ANA), single(ANA), whole(BEN)]).await);
	// The next program finds what an earlier one has kept.
	let here = titles(&files, "");
	let open = [whole(BEN), single(ANA)];
	assert!(here.has_beside(&open).await);
	here.keep_only(&open).await;
	assert!(!here.has_beside(&open).await);
	assert!(places(&here, whole(ANA), &one).await.is_empty(), "only single records are open now");
	assert_eq!(places(&here, single(ANA), &one).await, [0, 1]);
	assert_eq!(places(&here, whole(BEN), &one).await, [0, 1]);
	here.drop_chart(ANA).await;
	assert!(places(&here, single(ANA), &one).await.is_empty());
	assert_eq!(places(&here, whole(BEN), &one).await, [0, 1]);
	here.keep_only(&[]).await;
	assert_eq!(stored(&files, "").await.len(), 0);
}

#[tokio::test]
async fn removed_accounts_titles_are_gone_and_others_are_not() {
	let files = Arc::new(Memory::new());
	let one = chart(0..2);
	let elsewhere = Titles::new(files.clone(), &keys(""), [8; 32]);
	for here in [&titles(&files, ""), &elsewhere, &titles(&files, "other")] {
		keep(here, whole(ANA), &one).await;
	}
	forget(&*files, keys("").account()).await.unwrap();
	assert_eq!(stored(&files, "").await.len(), 0);
	assert_eq!(files.list(&elsewhere.folder).await.unwrap().len(), 0);
	assert_eq!(places(&titles(&files, "other"), whole(ANA), &one).await, [0, 1]);
	forget(&*files, keys("nobody").account()).await.unwrap();
}

#[tokio::test]
async fn nothing_that_is_kept_says_what_it_is() {
	let home = tempfile::tempdir().unwrap();
	let files = Arc::new(Folder::new(home.path()));
	let here = Titles::new(files.clone(), &keys(""), CHAIN);
	keep(&here, whole(PatientId(4_242)), &chart(0..300)).await;
	let all = files.list(&here.folder).await.unwrap();
	assert_eq!(all.len(), 2);
	for found in all {
		assert!(!found.name.contains("4242") && !found.name.contains("1092"), "{}", found.name);
		let bytes = files.read(&found.name, LONGEST).await.unwrap().unwrap();
		let text = String::from_utf8_lossy(&bytes);
		for word in ["Zyxwvut", "qpwoeir", "letter", "application/pdf", "pdf"] {
			assert!(!text.contains(word), "{word}");
		}
		// One title more or less changes no length.
		assert_eq!((found.length - 28) % 4_096, 0, "{}", found.length);
	}
}

#[tokio::test]
async fn without_a_secret_and_without_a_disk_nothing_is_kept_and_nothing_fails() {
	let files = Arc::new(Memory::new());
	let signer = keys("").signer().unwrap().clone();
	let locked = Titles::new(files.clone(), &Keys::new(signer, None), CHAIN);
	let home = tempfile::tempdir().unwrap();
	// A file where a folder should be.
	let path = home.path().join("file");
	std::fs::write(&path, b"").unwrap();
	let broken = Titles::new(Arc::new(Folder::new(path)), &keys(""), CHAIN);
	let one = chart(0..2);
	for here in [&locked, &broken] {
		keep(here, whole(ANA), &one).await;
		assert!(places(here, whole(ANA), &one).await.is_empty());
		assert!(!here.has_beside(&[]).await);
		here.keep_only(&[]).await;
		here.drop_chart(ANA).await;
		here.drop_record(ANA, 0).await;
	}
	assert_eq!(files.list(&locked.folder).await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_two_listings_of_one_segment_fetch_is_all_kept() {
	let here = titles(&Arc::new(Memory::new()), "");
	let (some, others) = (chart(0..100), chart(100..200));
	futures::join!(keep(&here, whole(ANA), &some), keep(&here, whole(ANA), &others));
	assert_eq!(places(&here, whole(ANA), &chart(0..200)).await.len(), 200);
}

#[tokio::test]
async fn titles_that_could_not_be_read_are_not_kept() {
	let here = titles(&Arc::new(Memory::new()), "");
	let all = chart(0..2);
	let mut fetched = Fetched::new(&here, whole(ANA));
	let why = crate::records::Error::NoSuchRecord(0);
	fetched.take(&entry(0, record(0), Err(why.into()))).await;
	fetched.take(&entry(1, record(1), Ok(title(1)))).await;
	fetched.finish().await;
	assert_eq!(places(&here, whole(ANA), &all).await, [1]);
}
