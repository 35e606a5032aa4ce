//! How long a large chart's titles take: on a device that has none of them, and on one that has all.

use super::{super::sharing::fill, report, seconds};
use medblock_client::grants::Terms;
use medblock_e2e::Consortium;
use std::time::Instant;

/// Lists a chart of so many records.
pub async fn run(records: u64) {
	let records = records as usize;
	let consortium = Consortium::start().await;
	let (ana, patient) = consortium.patient(0).await;
	let (writer, writer_id) = consortium.doctor(1).await;
	let (doctor, id) = consortium.doctor(1).await;
	let terms = Terms { may_append: true, ..Terms::default() };
	ana.client.grant(writer_id, terms).await.expect("a grant");
	ana.client.grant(id, Terms::default()).await.expect("a grant");
	fill(&ana, &writer, patient, records).await;
	for how in ["none of them known", "all of them known"] {
		let began = Instant::now();
		let listed = doctor.lists(patient).await;
		let took = began.elapsed();
		assert!(listed.len() == records && listed.iter().all(|entry| entry.title.is_ok()));
		report(&format!("list of {records} titles, {how}"), seconds(took));
	}
}
