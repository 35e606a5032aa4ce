use super::*;
use crate::{
	disclosures::Disclosures,
	metrics::Metrics,
	state::tests::{postgres::Server, with_each},
	vault::{Limits, Uploader, Vault, ledger::Quotas, store::Store},
};
use medblock_primitives::{DoctorId, HospitalId};
use medblock_vault_protocol::UploadState;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

const PATIENT: PatientId = PatientId(4);
const ALICE: [u8; 32] = [1; 32];
const BOB: [u8; 32] = [2; 32];

fn disclosure(number: u64) -> Disclosure {
	Disclosure {
		number,
		time: 1_780_000_000_000 + number,
		block: 9,
		block_hash: "0x00".into(),
		account: "5Account".into(),
		doctor: Some(DoctorId(7)),
		registrar: None,
		record: Some(3),
		from: 0,
		to: 10,
		challenge: "a text\nof two lines, with \"quotes\"".into(),
		signature: "0x01".into(),
	}
}

/// A file of the chart, and its uploader.
fn file(number: u8, account: [u8; 32]) -> UploadId {
	UploadId { blob: BlobId { patient: PATIENT, digest: Digest([number; 32]) }, account }
}

fn write(path: &Path, text: &str) {
	fs::create_dir_all(path.parent().unwrap()).unwrap();
	fs::write(path, text).unwrap();
}

/// A data folder of the version before.
fn former() -> TempDir {
	let data = tempfile::tempdir().unwrap();
	let entry = |number: u8, text: &str| {
		let name = format!("uploads/{}/{}.json", PATIENT.0, Digest([number; 32]));
		write(&data.path().join(name), text);
	};
	let hex = |account: [u8; 32]| hex::encode(account);
	let settled = json!({
		"size": 100, "uploaders": [hex(ALICE)], "keepUntil": 5, "settled": true,
	});
	let waiting = json!({
		"size": 20, "uploaders": [hex(ALICE), hex(BOB)], "keepUntil": 5, "settled": false, "quarantined": 6,
	});
	entry(1, &settled.to_string());
	entry(2, &waiting.to_string());
	entry(3, "{\"size\":");
	let name = format!("staging/{}/{}.{}", PATIENT.0, Digest([4; 32]), hex(BOB));
	let sidecar = json!({ "length": 3, "prepared": true, "active": 7 });
	write(&data.path().join(format!("{name}.json")), &sidecar.to_string());
	write(&data.path().join(format!("{name}.part")), "by");
	let mut first = serde_json::to_value(disclosure(0)).unwrap();
	first.as_object_mut().unwrap().remove("time");
	first["at"] = disclosure(0).time.into();
	let lines = [
		first.to_string(),
		serde_json::to_string(&disclosure(1)).unwrap(),
		"{\"number\": oh".into(),
		serde_json::to_string(&disclosure(3)).unwrap(),
		"{\"number\":4,\"torn".into(),
	];
	write(&data.path().join(format!("disclosures/{}.jsonl", PATIENT.0)), &lines.join("\n"));
	data
}

async fn opened(place: &Place) -> State {
	State::open(place, HospitalId(0)).await.unwrap()
}

/// Checks that all of [`former`] is in the database.
async fn is_there(data: &Path, state: &State) {
	let ledger = Ledger::new(state.clone());
	assert_eq!(ledger.files_of(PatientId(0), PatientId(u32::MAX)).await.unwrap(), 2);
	let settled = ledger.entry(&file(1, ALICE).blob).await.unwrap().unwrap();
	assert!(settled.settled && settled.has(&ALICE) && !settled.has(&BOB));
	let waiting = ledger.entry(&file(2, ALICE).blob).await.unwrap().unwrap();
	assert!(!waiting.settled && waiting.has(&ALICE) && waiting.has(&BOB));
	assert_eq!((waiting.size, waiting.keep_until, waiting.quarantined), (20, 5, Some(6)));
	assert_eq!(ledger.unnamed().await.unwrap(), 2 * 20 + 3);

	let metrics = Arc::new(Metrics::new().unwrap());
	fs::create_dir_all(data.join("blobs")).unwrap();
	let store = Store::folder(&data.join("blobs")).unwrap();
	let quotas = Quotas { per_account: 100, per_patient: 125, pending: 0, unnamed: 1_000 };
	let limits =
		Limits { max_file: 10, quotas, reserve: 0, idle: Duration::from_secs(1), sweep_percent: 2 };
	let vault = Vault::open(data, state.clone(), store, limits, metrics).unwrap();
	let uploader = Uploader { id: file(4, BOB), is_patient: false, pending: false };
	let begun = vault.progress(&uploader).await.unwrap();
	assert_eq!(begun, Some(UploadState::partial(2, 3)), "it goes on where it was");

	let disclosures = Disclosures::new(state.clone());
	let page = disclosures.page(PATIENT, None, 10).await.unwrap();
	assert_eq!(page.items, [0, 1, 3].map(disclosure));
	assert_eq!(disclosures.append(PATIENT, disclosure(0)).await.unwrap(), 4);
}

#[tokio::test]
async fn folders_of_an_earlier_version_are_taken_over_and_kept() {
	with_each(async |place| {
		let (data, state) = (former(), opened(&place).await);
		take_over(data.path(), &state).await.unwrap();
		is_there(data.path(), &state).await;
		for name in ["uploads", "disclosures"] {
			assert!(!data.path().join(name).exists(), "{name}");
			assert!(data.path().join("imported").join(name).exists(), "{name}");
		}
		take_over(data.path(), &state).await.unwrap();
	})
	.await;
}

#[tokio::test]
async fn a_start_that_was_cut_off_is_gone_on_with_and_nothing_counts_twice() {
	with_each(async |place| {
		let (data, state) = (former(), opened(&place).await);
		take_over(data.path(), &state).await.unwrap();
		// Nothing was moved yet when it was cut off.
		for name in ["uploads", "disclosures"] {
			let done = data.path().join("imported").join(name);
			fs::rename(done, data.path().join(name)).unwrap();
		}
		let state = opened(&place).await;
		take_over(data.path(), &state).await.unwrap();
		is_there(data.path(), &state).await;
	})
	.await;
}

#[tokio::test]
async fn folders_of_two_vaults_are_not_mixed() {
	with_each(async |place| {
		let state = opened(&place).await;
		take_over(former().path(), &state).await.unwrap();
		let why = take_over(former().path(), &state).await.unwrap_err().to_string();
		assert!(why.contains("has another one already"), "{why}");
		let empty = tempfile::tempdir().unwrap();
		take_over(empty.path(), &state).await.unwrap();
	})
	.await;
}

#[tokio::test]
async fn a_file_of_sqlites_is_taken_over_by_a_server() {
	let data = former();
	let file = Place::File(data.path().join("state.sqlite"));
	let from = opened(&file).await;
	take_over(data.path(), &from).await.unwrap();
	assert!(from.bind([1; 32]).await.unwrap());
	from.close().await.unwrap();
	let server = Server::start();
	let to = opened(&Place::Server(server.url().parse().unwrap())).await;
	take_over(data.path(), &to).await.unwrap();
	let identity = to.identity().await.unwrap();
	assert_eq!(
		(identity.genesis, identity.holder),
		(Some([1; 32]), files::name_of(data.path()).unwrap())
	);
	assert!(!data.path().join("state.sqlite").exists());
	assert!(data.path().join("imported/state.sqlite").exists());
	assert!(!data.path().join("imported/state.sqlite-wal").exists(), "all of it is in the file");
	let why = ensure_here(data.path(), &file).unwrap_err().to_string();
	assert!(why.contains("--state"), "{why}");
	ensure_here(former().path(), &file).unwrap();
	is_there(data.path(), &to).await;
	// It was cut off before the file was moved, and a log of another file stayed there.
	fs::write(data.path().join("imported/state.sqlite-wal"), "another's").unwrap();
	fs::rename(data.path().join("imported/state.sqlite"), data.path().join("state.sqlite"))
		.unwrap();
	take_over(data.path(), &to).await.unwrap();
	assert_eq!(Ledger::new(to.clone()).unnamed().await.unwrap(), 2 * 20 + 3);
	assert!(!data.path().join("imported/state.sqlite-wal").exists());
	let other = former();
	let why = take_over(other.path(), &to).await.unwrap_err().to_string();
	assert!(why.contains("has another one already"), "{why}");
}

#[tokio::test]
async fn a_file_that_is_still_open_is_not_moved() {
	let data = former();
	let from = opened(&Place::File(data.path().join("state.sqlite"))).await;
	take_over(data.path(), &from).await.unwrap();
	let server = Server::start();
	let to = opened(&Place::Server(server.url().parse().unwrap())).await;
	let why = take_over(data.path(), &to).await.unwrap_err().to_string();
	assert!(why.contains("locked"), "{why}");
	assert!(data.path().join("state.sqlite").exists());
	assert!(!data.path().join("imported/state.sqlite").exists());
	from.close().await.unwrap();
	take_over(data.path(), &to).await.unwrap();
	assert!(data.path().join("imported/state.sqlite").exists());
	is_there(data.path(), &to).await;
}
