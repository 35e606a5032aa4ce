use super::*;
use medblock_primitives::DoctorId;
use std::{fs, sync::Arc};

const PATIENT: PatientId = PatientId(4);

fn entry(record: u32) -> Disclosure {
	Disclosure {
		number: 0,
		time: 1_780_000_000_000,
		block: 9,
		block_hash: "0x00".into(),
		account: "5Account".into(),
		doctor: Some(DoctorId(7)),
		registrar: None,
		record: Some(record),
		from: 0,
		to: 10,
		challenge: "a text\nof two lines, with \"quotes\"".into(),
		signature: "0x01".into(),
	}
}

fn records(page: &DisclosuresPage) -> Vec<u32> {
	page.items.iter().filter_map(|one| one.record).collect()
}

#[tokio::test]
async fn disclosures_are_listed_in_their_order_page_by_page() {
	let folder = tempfile::tempdir().unwrap();
	let all = Disclosures::open(folder.path().into()).unwrap();
	for record in 0..5 {
		assert_eq!(all.append(PATIENT, entry(record)).await.unwrap(), u64::from(record));
	}
	assert_eq!(all.append(PatientId(5), entry(99)).await.unwrap(), 0, "each patient has their own");
	let first = all.page(PATIENT, None, 2).unwrap();
	assert_eq!((records(&first), first.next), (vec![0, 1], Some(1)));
	assert_eq!(first.items[1], Disclosure { number: 1, ..entry(1) });
	let second = all.page(PATIENT, first.next, 2).unwrap();
	assert_eq!((records(&second), second.next), (vec![2, 3], Some(3)));
	let last = all.page(PATIENT, second.next, 2).unwrap();
	assert_eq!((records(&last), last.next), (vec![4], None));
	assert_eq!(
		all.page(PatientId(6), None, 2).unwrap(),
		DisclosuresPage { items: vec![], next: None }
	);
}

#[tokio::test]
async fn a_page_has_at_most_256_entries() {
	let folder = tempfile::tempdir().unwrap();
	let all = Arc::new(Disclosures::open(folder.path().into()).unwrap());
	let appended = (0..300).map(|record| {
		let all = all.clone();
		async move { all.append(PATIENT, entry(record)).await.unwrap() }
	});
	let mut numbers = futures::future::join_all(appended).await;
	numbers.sort_unstable();
	assert_eq!(numbers, (0..300).collect::<Vec<_>>(), "each has a number of its own");
	let page = all.page(PATIENT, None, 100_000).unwrap();
	assert_eq!((page.items.len(), page.next), (256, Some(255)));
}

#[tokio::test]
async fn numbers_go_on_after_a_restart() {
	let folder = tempfile::tempdir().unwrap();
	for record in 0..3 {
		let all = Disclosures::open(folder.path().into()).unwrap();
		assert_eq!(all.append(PATIENT, entry(record)).await.unwrap(), u64::from(record));
	}
}

#[tokio::test]
async fn a_line_torn_by_a_crash_is_neither_shown_nor_gone_on_with() {
	let folder = tempfile::tempdir().unwrap();
	let file = folder.path().join("4.jsonl");
	let whole = {
		let all = Disclosures::open(folder.path().into()).unwrap();
		all.append(PATIENT, entry(0)).await.unwrap();
		all.append(PATIENT, entry(1)).await.unwrap();
		fs::read(&file).unwrap()
	};
	let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
	for cut in first..whole.len() {
		fs::write(&file, &whole[..cut]).unwrap();
		let all = Disclosures::open(folder.path().into()).unwrap();
		assert_eq!(records(&all.page(PATIENT, None, 10).unwrap()), [0], "cut at {cut}");
		assert_eq!(all.append(PATIENT, entry(2)).await.unwrap(), 1);
		assert_eq!(records(&all.page(PATIENT, None, 10).unwrap()), [0, 2], "cut at {cut}");
	}
}

#[tokio::test]
async fn a_damaged_line_hides_no_other() {
	let folder = tempfile::tempdir().unwrap();
	let file = folder.path().join("4.jsonl");
	let mut bytes = {
		let all = Disclosures::open(folder.path().into()).unwrap();
		all.append(PATIENT, entry(0)).await.unwrap();
		fs::read(&file).unwrap()
	};
	bytes.extend_from_slice(b"{\"number\": oh\n");
	bytes.extend(std::iter::repeat_n(b'x', 3 * MAX_LINE as usize + 5));
	bytes.push(b'\n');
	fs::write(&file, &bytes).unwrap();
	let all = Disclosures::open(folder.path().into()).unwrap();
	assert_eq!(all.append(PATIENT, entry(3)).await.unwrap(), 3);
	assert_eq!(records(&all.page(PATIENT, None, 10).unwrap()), [0, 3]);
}

#[tokio::test]
async fn entries_of_earlier_versions_are_listed_as_others() {
	let folder = tempfile::tempdir().unwrap();
	let mut old = serde_json::to_value(entry(0)).unwrap();
	old.as_object_mut().unwrap().remove("time");
	old["at"] = entry(0).time.into();
	fs::write(folder.path().join("4.jsonl"), format!("{old}\n")).unwrap();
	let all = Disclosures::open(folder.path().into()).unwrap();
	assert_eq!(all.append(PATIENT, entry(1)).await.unwrap(), 1);
	let expected = [entry(0), Disclosure { number: 1, ..entry(1) }];
	assert_eq!(all.page(PATIENT, None, 10).unwrap().items, expected);
}

#[tokio::test]
async fn what_can_not_be_written_is_an_error() {
	let folder = tempfile::tempdir().unwrap();
	let all = Disclosures::open(folder.path().into()).unwrap();
	fs::create_dir(folder.path().join("4.jsonl")).unwrap();
	assert!(all.append(PATIENT, entry(0)).await.is_err());
	fs::remove_dir(folder.path().join("4.jsonl")).unwrap();
	assert_eq!(all.append(PATIENT, entry(0)).await.unwrap(), 0);
}
