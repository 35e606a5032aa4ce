use super::*;
use crate::state::{Place, tests::with_each};
use medblock_primitives::{DoctorId, HospitalId};
use std::sync::Arc;

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
		representative: None,
		emergency: false,
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

async fn state(place: &Place) -> State {
	State::open(place, HospitalId(0)).await.unwrap()
}

async fn opened(place: &Place) -> Disclosures {
	Disclosures::new(state(place).await)
}

#[tokio::test]
async fn disclosures_are_listed_in_their_order_page_by_page() {
	with_each(async |place| {
		let all = opened(&place).await;
		for record in 0..5 {
			assert_eq!(all.append(PATIENT, entry(record)).await.unwrap(), u64::from(record));
		}
		let other = all.append(PatientId(5), entry(99)).await.unwrap();
		assert_eq!(other, 0, "each patient has their own");
		let first = all.page(PATIENT, None, 2).await.unwrap();
		assert_eq!((records(&first), first.next), (vec![0, 1], Some(1)));
		assert_eq!(first.items[1], Disclosure { number: 1, ..entry(1) });
		let second = all.page(PATIENT, first.next, 2).await.unwrap();
		assert_eq!((records(&second), second.next), (vec![2, 3], Some(3)));
		let last = all.page(PATIENT, second.next, 2).await.unwrap();
		assert_eq!((records(&last), last.next), (vec![4], None));
		let none = all.page(PatientId(6), None, 2).await.unwrap();
		assert_eq!(none, DisclosuresPage { items: vec![], next: None });
	})
	.await;
}

#[tokio::test]
async fn several_entries_are_written_at_once() {
	with_each(async |place| {
		let all = opened(&place).await;
		assert_eq!(all.append_all(PATIENT, (0..600).map(entry).collect()).await.unwrap(), 0);
		assert_eq!(all.append(PATIENT, entry(600)).await.unwrap(), 600);
		let page = all.page(PATIENT, Some(595), 10).await.unwrap();
		assert_eq!(records(&page), [596, 597, 598, 599, 600]);
		assert!(page.items.iter().map(|one| one.number).eq(596..=600));
	})
	.await;
}

#[tokio::test]
async fn a_page_has_at_most_256_entries_and_each_gateway_gives_numbers_of_its_own() {
	with_each(async |place| {
		let gateways = [opened(&place).await, opened(&place).await].map(Arc::new);
		let appended = (0..300).map(|record| {
			let (all, other) = (gateways[record % 2].clone(), PatientId(record as u32 % 3));
			async move {
				// Charts in any order.
				all.append(other, entry(0)).await.unwrap();
				all.append(PATIENT, entry(record as u32)).await.unwrap()
			}
		});
		let mut numbers = futures::future::join_all(appended).await;
		numbers.sort_unstable();
		assert_eq!(numbers, (0..300).collect::<Vec<_>>());
		let page = gateways[0].page(PATIENT, None, 100_000).await.unwrap();
		assert_eq!((page.items.len(), page.next), (256, Some(255)));
	})
	.await;
}

#[tokio::test]
async fn numbers_go_on_after_a_restart() {
	with_each(async |place| {
		for record in 0..3 {
			let all = opened(&place).await;
			assert_eq!(all.append(PATIENT, entry(record)).await.unwrap(), u64::from(record));
		}
	})
	.await;
}

#[tokio::test]
async fn old_entries_are_forgotten_and_numbers_go_on() {
	with_each(async |place| {
		let all = opened(&place).await;
		let other = PatientId(u32::MAX);
		for time in [1, 2, 9, 3, 9] {
			for patient in [PATIENT, other] {
				let entry = Disclosure { time, ..entry(time as u32) };
				all.append(patient, entry).await.unwrap();
			}
		}
		all.append(PatientId(5), Disclosure { time: 1, ..entry(1) }).await.unwrap();
		all.forget(1).await.unwrap();
		assert_eq!(records(&all.page(PATIENT, None, 9).await.unwrap()), [1, 2, 9, 3, 9]);
		all.forget(4).await.unwrap();
		for patient in [PATIENT, other] {
			let page = all.page(patient, None, 9).await.unwrap();
			assert_eq!(records(&page), [9, 3, 9], "a clock was wrong for a moment");
			assert_eq!(page.items[0].number, 2);
			assert_eq!(all.append(patient, entry(7)).await.unwrap(), 5);
		}
		assert!(all.page(PatientId(5), None, 9).await.unwrap().items.is_empty());
		assert_eq!(all.append(PatientId(5), entry(7)).await.unwrap(), 1);
	})
	.await;
}

#[tokio::test]
async fn a_damaged_line_hides_no_other() {
	with_each(async |place| {
		let all = opened(&place).await;
		assert_eq!(all.append_all(PATIENT, (0..3).map(entry).collect()).await.unwrap(), 0);
		let damage = "UPDATE disclosures SET line = $1 WHERE number = 1";
		state(&place).await.run(damage, values!["{\"number\": oh"]).await.unwrap();
		let page = all.page(PATIENT, None, 2).await.unwrap();
		assert_eq!((records(&page), page.next), (vec![0], Some(1)));
		assert_eq!(records(&all.page(PATIENT, page.next, 2).await.unwrap()), [2]);
	})
	.await;
}

#[tokio::test]
async fn what_can_not_be_written_is_an_error() {
	with_each(async |place| {
		let all = opened(&place).await;
		let state = state(&place).await;
		state.run("ALTER TABLE disclosures RENAME TO gone", values![]).await.unwrap();
		assert!(all.append(PATIENT, entry(0)).await.is_err());
		state.run("ALTER TABLE gone RENAME TO disclosures", values![]).await.unwrap();
		assert_eq!(all.append(PATIENT, entry(0)).await.unwrap(), 0);
	})
	.await;
}
