//! What a vault can be held to, from the reader's request to the anchor on the chain.

use super::*;
use crate::kills::program::Program;
use common::chain::Person;
use medblock_client::{
	Keys, NewFile,
	notices::Notice,
	receipts::{Checked, Found, Lie, Named, Proven, ProvenLine, Subject},
	vault::unwatched,
};
use medblock_crypto::{Headers, Mnemonic};
use medblock_platform::{Memory, files::UserFile};
use medblock_primitives::{HospitalId, PatientId};
use std::sync::{Arc, Mutex};

pub(super) fn notes(number: u32) -> Vec<NewFile> {
	let note = |number| NewFile {
		file: UserFile::Bytes {
			name: "a note".into(),
			bytes: format!("finding {number}").into_bytes().into(),
		},
		headers: Headers {
			title: format!("Note {number}"),
			media_type: "text/plain".into(),
			file_name: None,
			written_at: None,
		},
		in_reply_to: None,
	};
	(0..number).map(note).collect()
}

/// What the only vault shows of a patient's chart.
async fn proven(patient: &Person) -> Proven {
	let mut all = patient.client.check_disclosures().await.unwrap();
	let (hospital, proven) = all.remove(0);
	assert_eq!((hospital, all.len()), (HospitalId(0), 0));
	proven.unwrap()
}

async fn lines(patient: &Person) -> Vec<ProvenLine> {
	match proven(patient).await {
		Proven::Whole { lines, late: 0, begun_anew: false, .. } => lines,
		other => panic!("{other:?}"),
	}
}

/// What became of a reader's receipts of the only vault.
async fn checked(reader: &Person) -> Checked {
	let mut all = reader.client.check_receipts().await.unwrap();
	let (hospital, checked) = all.remove(0);
	assert_eq!((hospital, all.len()), (HospitalId(0), 0));
	checked.unwrap()
}

async fn list(setup: &Setup, reader: &Person, patient: PatientId) {
	let at = setup.final_block().await;
	let listed = reader.client.list(&at, patient, None, None, &unwatched()).await.unwrap();
	assert!(listed.items.iter().all(|entry| entry.title.is_ok()));
}

#[tokio::test]
async fn each_line_is_its_readers_own_and_a_vault_that_drops_one_is_found_out() {
	let mut setup = Setup::start_with(&["--anchor-interval", "1"]).await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	patient.client.add_records(&notes(3), &unwatched()).await.unwrap();
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	assert_eq!(proven(&patient).await, Proven::NotPromised);
	let session = setup.session(&doctor).await;
	let record = format!("/v1/patients/{}/records/0", id.0);
	assert_eq!(session.send("GET", &record).await.status(), 200, "no receipts, and no signatures");
	assert_eq!(session.refusal("GET", "/v1/log").await, refused(404, "no-log"));

	let controller = setup.known("//Alice").await;
	let (_, account) = controller.client.name_vault_account().await.unwrap();
	assert_eq!(setup.get("/v1/log/account").await["account"], account.to_string());
	let unsigned = refused(401, "request-not-signed");
	assert_eq!(session.refusal("GET", &record).await, unsigned);
	let heads = format!("/v1/patients/{}/heads", id.0);
	let answer = session.request("POST", &heads).json(&json!({ "records": [0, 1] }));
	assert_eq!(answer.send().await.unwrap().status(), 401);
	assert_eq!(session.send("HEAD", &record).await.status(), 200, "that gives nothing out");

	// The first receipt can't be kept at once, and is not lost.
	let in_the_way = doctor.home().join("receipts");
	std::fs::write(&in_the_way, "no folder").unwrap();
	list(&setup, &doctor, id).await;
	std::fs::remove_file(&in_the_way).unwrap();
	doctor.client.keep_receipts().await;
	assert!(in_the_way.is_dir(), "it waits for no other look");
	let files = Memory::new();
	doctor.client.open(id, 2, &files, &unwatched()).await.unwrap();
	let found = lines(&patient).await;
	let subjects: Vec<_> =
		found.iter().map(|line| &line.disclosure.asked.request.subject).collect();
	assert!(
		matches!(
			subjects[..],
			[Subject::Titles { records, .. }, Subject::Record { index: 2, .. }] if *records == [0, 1, 2]
		),
		"{subjects:?}"
	);
	let account = doctor.client.keys().account();
	assert!(found.iter().all(|line| line.account == account && line.named == Named::Right));

	// The log comes onto the chain, and has what the doctor's receipts promise.
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let checked = doctor.client.check_receipts().await.unwrap().remove(0).1.unwrap();
		assert_eq!((checked.proven + checked.waiting, checked.given_up), (2, 0));
		assert!(checked.lies.is_empty(), "{checked:?}");
		if checked.proven > 0 {
			break;
		}
		assert!(Instant::now() < deadline, "it does not come onto the chain");
		tokio::time::sleep(Duration::from_millis(200)).await;
	}

	// The gateway's operator drops the last line.
	setup.kill_gateway();
	let file = setup.data.path().join(format!("log/0/charts/{}.jsonl", id.0));
	let whole = std::fs::read_to_string(&file).unwrap();
	let first = whole.split_inclusive('\n').next().unwrap();
	std::fs::write(&file, first).unwrap();
	setup.resume().await;
	let dropped = Proven::Contradicted(Lie::Truncated { told: 2, shown: 1 });
	assert_eq!(proven(&patient).await, dropped);
}

#[tokio::test]
async fn vault_that_gives_without_a_receipt_is_told_to_the_reader_and_kept_in_mind() {
	let mut setup = Setup::start().await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	patient.client.add_records(&notes(2), &unwatched()).await.unwrap();
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let controller = setup.known("//Alice").await;
	controller.client.name_vault_account().await.unwrap();
	let named = Instant::now();
	// With another key, it gives as if no receipts were promised.
	setup.kill_gateway();
	std::fs::remove_file(setup.data.path().join("vault-account")).unwrap();
	setup.resume().await;
	let told = Arc::new(Mutex::new(Vec::new()));
	let note = told.clone();
	let listener = move |notice: &Notice| note.lock().unwrap().push(notice.clone());
	doctor.client.on_notice(Arc::new(listener));
	let files = Memory::new();
	doctor.client.open(id, 0, &files, &unwatched()).await.unwrap();
	let checked = doctor.client.check_receipts().await.unwrap();
	assert!(checked.is_empty(), "the vault may not know yet: {checked:?}");
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	assert!(metrics.contains("medblock_gateway_receipts_owed 1"), "{metrics}");

	tokio::time::sleep(Duration::from_secs(120).saturating_sub(named.elapsed())).await;
	doctor.client.open(id, 1, &files, &unwatched()).await.unwrap();
	let missing = Notice::NoReceipt { hospital: HospitalId(0) };
	assert!(told.lock().unwrap().contains(&missing));
	let mut checked = doctor.client.check_receipts().await.unwrap();
	let lies = checked.remove(0).1.unwrap().lies;
	assert!(matches!(lies[..], [Found { receipt: None, why: Lie::NoReceipt { .. } }]), "{lies:?}");
	// The patient's own looks need none.
	patient.client.open(id, 0, &files, &unwatched()).await.unwrap();
	assert!(patient.client.check_receipts().await.unwrap().is_empty());
}

#[tokio::test]
async fn title_that_the_vault_could_not_give_is_not_in_the_line() {
	let setup = Setup::start().await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	patient.client.add_records(&notes(3), &unwatched()).await.unwrap();
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let controller = setup.known("//Alice").await;
	controller.client.name_vault_account().await.unwrap();
	let at = setup.final_block().await;
	let lost = at.record_info(id, 1).await.unwrap().unwrap().record.document.unwrap();
	let lost = hex::encode(lost.digest);
	let blobs = setup.data.path().join("blobs");
	std::fs::remove_file(blobs.join(format!("{}/{}/{lost}", id.0, &lost[..2]))).unwrap();

	let listed = doctor.client.list(&at, id, None, None, &unwatched()).await.unwrap();
	let titles: Vec<_> = listed.items.iter().map(|entry| entry.title.is_ok()).collect();
	assert_eq!(titles, [true, false, true]);
	let found = lines(&patient).await;
	let Subject::Titles { records, .. } = &found[0].disclosure.asked.request.subject else {
		panic!("{:?}", found[0]);
	};
	assert_eq!(*records, [0, 1, 2], "asked for");
	assert_eq!(found[0].disclosure.titles(), [0, 2], "given");
}

#[tokio::test]
async fn vault_that_has_lost_its_log_gives_nothing_before_another_is_begun() {
	let mut setup = Setup::start_with(&["--anchor-interval", "1"]).await;
	let (patient, id) = setup.patient().await;
	patient.client.add_records(&notes(2), &unwatched()).await.unwrap();
	let controller = setup.known("//Alice").await;
	controller.client.name_vault_account().await.unwrap();
	let files = Memory::new();
	patient.client.open(id, 0, &files, &unwatched()).await.unwrap();
	setup.gateway.as_ref().unwrap().wait_for_log("the log is on the chain");
	assert_eq!(lines(&patient).await.len(), 1);

	setup.kill_gateway();
	std::fs::remove_dir_all(setup.data.path().join("log")).unwrap();
	setup.resume_unwell();
	setup.until_health("reason", "store-failed").await;
	let health = setup.get("/health").await;
	assert_eq!(health["status"], "degraded");
	let why = health["message"].as_str().unwrap();
	assert!(why.contains("log of disclosures is not the one"), "{why}");
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	assert!(metrics.contains("medblock_gateway_log_answers 0"), "{metrics}");
	let session = setup.session(&patient).await;
	let record = format!("/v1/patients/{}/records/0", id.0);
	assert_eq!(session.refusal("GET", &record).await, refused(503, "store-failed"));
	controller.client.begin_disclosure_log().await.unwrap();
	setup.until_health("status", "ok").await;
	patient.client.open(id, 1, &files, &unwatched()).await.unwrap();
	match proven(&patient).await {
		Proven::Whole { lines, begun_anew: true, .. } => assert_eq!(lines.len(), 1),
		other => panic!("{other:?}"),
	}
}

#[tokio::test]
async fn vault_that_puts_no_more_on_the_chain_is_found_out_after_two_hours_by_patient_and_reader() {
	let mut setup = Setup::start_with(&["--anchor-interval", "1"]).await;
	let words = Mnemonic::generate();
	let patient = setup.person(Keys::from_seed(words.seed("")).unwrap()).await;
	let id = setup.becomes_patient(&patient).await;
	let (doctor, doctor_id) = setup.doctor().await;
	patient.client.add_records(&notes(2), &unwatched()).await.unwrap();
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let controller = setup.known("//Alice").await;
	controller.client.name_vault_account().await.unwrap();
	let files = Memory::new();
	doctor.client.open(id, 0, &files, &unwatched()).await.unwrap();
	setup.gateway.as_ref().unwrap().wait_for_log("the log is on the chain");
	// For the next day, the vault puts nothing there.
	doctor.client.open(id, 1, &files, &unwatched()).await.unwrap();
	setup.restart_gateway(&["--anchor-interval", "86400"]);
	setup.until_health("status", "ok").await;
	let on_chain = Checked { proven: 1, ..Checked::default() };
	assert_eq!(checked(&doctor).await, Checked { waiting: 1, ..on_chain.clone() });
	assert_eq!(lines(&patient).await.len(), 2);
	let program = Program::new(setup.node_url(), &words);
	let verify = ["patient", "disclosures", "--verify"];
	let (code, said) = program.runs(&verify);
	assert_eq!((code, &said["vaults"][0]["late"]), (Some(0), &json!(0)), "{said}");

	setup.restart_node_ahead("+3h").await;
	assert_eq!(checked(&doctor).await, Checked { late: 1, ..on_chain });
	match proven(&patient).await {
		Proven::Whole { lines, late: 1, .. } => assert_eq!(lines.len(), 2),
		other => panic!("{other:?}"),
	}
	let (code, said) = program.runs(&verify);
	assert_eq!((code, &said["error"]), (Some(10), &json!("vault-contradicted")), "{said}");
	assert_eq!(said["vaults"][0]["late"], json!(1), "{said}");
	// The hospital is told by its own figures, before it is by its patients.
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	assert!(metrics.contains("\nmedblock_gateway_unanchored_disclosures 1\n"), "{metrics}");

	// Although its clock is hours behind the chain's, it goes on as soon as it may.
	setup.restart_gateway(&["--anchor-interval", "1"]);
	setup.until_health("status", "ok").await;
	setup.gateway.as_ref().unwrap().wait_for_log("the log is on the chain");
	let last = setup.final_block().await.disclosure_log(HospitalId(0)).await.unwrap().last;
	assert_eq!(last.map(|(_, anchor)| anchor.size), Some(2));
	assert_eq!(checked(&doctor).await, Checked { proven: 2, ..Checked::default() });
}
