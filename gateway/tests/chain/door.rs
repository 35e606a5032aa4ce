//! The door to the node: who is answered what.

use super::*;
use crate::common::{chain::receipt, rpc::Rpc};
use codec::Encode;
use medblock_client::chain::AccountId;
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::Barrier;

/// The subject of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
	Account,
	Entry,
	Records,
	Grants,
	Between,
	Doctor,
	Queue,
}

/// Every method and every function that is let through and is about people, with arguments about these.
fn questions(account: &str, patient: PatientId, doctor: DoctorId) -> Vec<(About, String, Value)> {
	use About::*;
	let of = HospitalId(0);
	let page = None::<u32>;
	let bytes = account.parse::<AccountId>().unwrap().0.to_vec();
	let functions = [
		(Account, "patient_of", bytes),
		(Entry, "patient", patient.encode()),
		(Entry, "chart_keys", patient.encode()),
		(Records, "records", (patient, page, 64_u32).encode()),
		(Records, "record", (patient, 0_u32).encode()),
		(Records, "past_epochs", (patient, page, 64_u32).encode()),
		(Grants, "grants_of_patient", (patient, page, 64_u32).encode()),
		(Between, "grant", (patient, doctor).encode()),
		(Between, "access", (patient, doctor, page).encode()),
		(Between, "grant_key", (patient, doctor).encode()),
		(Between, "share", (patient, doctor).encode()),
		(Doctor, "grants_to_doctor", (doctor, page, 64_u32).encode()),
		(Queue, "awaiting_patients", (of, page, 64_u32).encode()),
		(Queue, "patients_of_hospital", (of, page, 64_u32).encode()),
		(Queue, "awaiting_doctors", (of, page, 64_u32).encode()),
	];
	let call = |(about, name, arguments): (About, &str, Vec<u8>)| {
		let function = format!("MedicalRecordsApi_{name}");
		let params = json!([function, format!("0x{}", hex::encode(arguments))]);
		(about, "state_call".to_owned(), params)
	};
	let (patient, doctor) = (patient.0, doctor.0);
	let methods = [
		(Account, "patientOf", json!([account])),
		(Entry, "patient", json!([patient])),
		(Entry, "chartKeys", json!([patient])),
		(Records, "records", json!([patient])),
		(Records, "record", json!([patient, 0])),
		(Records, "pastEpochs", json!([patient])),
		(Grants, "grantsOfPatient", json!([patient])),
		(Between, "grant", json!([patient, doctor])),
		(Between, "access", json!([patient, doctor])),
		(Between, "grantKey", json!([patient, doctor])),
		(Between, "share", json!([patient, doctor])),
		(Doctor, "grantsToDoctor", json!([doctor])),
		(Doctor, "subscribeInbox", json!([doctor])),
		(Queue, "awaitingPatients", json!([of.0])),
		(Queue, "patientsOfHospital", json!([of.0, null, 64])),
		(Queue, "awaitingDoctors", json!({ "hospital": of.0 })),
	];
	let method = |(about, name, params)| (about, format!("medicalRecords_{name}"), params);
	functions.into_iter().map(call).chain(methods.map(method)).collect()
}

fn address(setup: &Setup) -> SocketAddr {
	setup.gateway.as_ref().unwrap().address
}

async fn signed_in(setup: &Setup, person: &common::chain::Person) -> Rpc {
	let mut rpc = Rpc::connect(address(setup)).await;
	let session = setup.session(person).await;
	assert_eq!(rpc.ask("door_signIn", json!([session.token])).await["result"], true);
	rpc
}

#[tokio::test]
async fn each_is_answered_about_what_is_theirs_and_refused_everything_else() {
	use About::*;
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, id) = setup.patient().await;
	let (other, _) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let (ungranted, _) = setup.doctor().await;
	let own_staff = setup.known("//Alice//stash").await;
	let other_staff = setup.registrar_of_another_hospital().await;
	setup.name(&patient, &[&age_file(1, 10)]).await;
	let terms = Terms { may_append: false, expires_at: None };
	patient.client.grant(doctor_id, terms).await.unwrap();

	let account = patient.client.keys().account().to_string();
	let questions = questions(&account, id, doctor_id);
	let mut stranger = Rpc::connect(address(&setup)).await;
	for (_, method, params) in &questions {
		let refusal = stranger.refusal(method, params.clone()).await;
		assert_eq!(refusal, "not-signed-in", "{method} {params}");
	}
	let answered = "";
	type Expected = fn(About) -> &'static str;
	let people: [(&str, &common::chain::Person, Expected); 6] = [
		("the patient", &patient, |about| match about {
			Doctor => "other-doctor",
			Queue => "other-hospital",
			_ => "",
		}),
		("another patient", &other, |about| match about {
			Account => "other-account",
			Entry | Records => "other-patient",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue => "other-hospital",
		}),
		("the doctor", &doctor, |about| match about {
			Account => "other-account",
			Grants => "patient-only",
			Queue => "other-hospital",
			_ => "",
		}),
		("a doctor without a grant", &ungranted, |about| match about {
			Account => "other-account",
			Entry | Records => "not-granted",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue => "other-hospital",
		}),
		("a registrar of the hospital", &own_staff, |about| match about {
			Account => "other-account",
			Entry | Queue => "",
			Records => "not-for-hospitals",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
		}),
		("another hospital's registrar", &other_staff, |about| match about {
			Account => "other-account",
			Entry | Records | Queue => "other-hospital",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
		}),
	];
	for (who, person, expected) in people {
		let mut rpc = signed_in(&setup, person).await;
		for (about, method, params) in &questions {
			if expected(*about) == answered {
				let answer = rpc.ask(method, params.clone()).await;
				assert!(answer.get("result").is_some(), "{who}: {method} {params}: {answer}");
			} else {
				let refusal = rpc.refusal(method, params.clone()).await;
				assert_eq!(refusal, expected(*about), "{who}: {method} {params}");
			}
		}
	}

	let mut rpc = signed_in(&setup, &doctor).await;
	let records = json!([id.0]);
	assert!(rpc.ask("medicalRecords_records", records.clone()).await.get("result").is_some());
	patient.client.revoke(&[doctor_id]).await.unwrap();
	tokio::time::sleep(Duration::from_millis(300)).await;
	assert_eq!(rpc.refusal("medicalRecords_records", records).await, "not-granted");
}

#[tokio::test]
async fn newcomers_get_what_they_need_to_register() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let mut rpc = Rpc::connect(address(&setup)).await;
	let somebody = setup.somebody().await.client.keys().account().to_string();
	let head = rpc.ask("chain_getFinalizedHead", json!([])).await["result"].clone();
	for (method, params) in [
		("chain_getBlockHash", json!([0])),
		("chain_getHeader", json!([head])),
		("state_getRuntimeVersion", json!([head])),
		("state_getMetadata", json!([head])),
		("system_accountNextIndex", json!([somebody])),
		("system_localPeerId", json!([])),
		("consortium_hospitals", json!([])),
		("medicalRecords_doctors", json!({ "limit": 10 })),
		("state_call", json!(["MedicalRecordsApi_doctors", "0x0040000000"])),
		("state_call", json!(["Core_version", "0x"])),
		("door_transaction", json!([head, format!("0x{}", "ab".repeat(32))])),
	] {
		let answer = rpc.ask(method, params.clone()).await;
		assert!(answer.get("result").is_some(), "{method} {params}: {answer}");
	}
	// What the node refuses comes as the node says it.
	let answer = rpc.ask("author_submitExtrinsic", json!(["0x00"])).await;
	assert!(
		answer["error"]["code"].as_i64().is_some_and(|code| code > -32_000 || code == 1002),
		"{answer}"
	);
	let events = "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";
	for (method, params) in [
		("chain_getBlock", json!([head])),
		("state_getStorage", json!([events])),
		("state_getKeysPaged", json!(["0x", 10])),
		("author_pendingExtrinsics", json!([])),
		("state_call", json!(["MedicalRecordsApi_news", "0x0040000000"])),
	] {
		assert_eq!(rpc.refusal(method, params).await, "not-passed-on");
	}
}

#[tokio::test]
async fn a_client_registers_reads_and_signs_through_the_door_alone() {
	let mut setup = Setup::start_with(&["--rpc-door"]).await;
	let (_, doctor) = setup.doctor().await;
	let person = setup.newcomer_at_the_door().await;
	let done = person.client.register_patient(HospitalId(0)).await.unwrap();
	let id = receipt(&done).event("PatientRegistered").unwrap().number("patient").unwrap();
	let id = PatientId(id);
	assert_eq!(
		receipt(&done).events.iter().filter(|one| one.name == "PatientRegistered").count(),
		1
	);
	let at = person.client.chain().finalized().await.unwrap();
	assert_eq!(person.client.own_chart(&at).await.unwrap().id, id);
	setup.known("//Alice//stash").await.client.verify_patient(id).await.unwrap();

	// The gateway starts again: its tokens are gone, and the client signs in again by itself.
	setup.kill_gateway();
	setup.resume().await;
	let terms = Terms { may_append: true, expires_at: None };
	person.client.grant(doctor, terms).await.unwrap();
	let at = person.client.chain().finalized().await.unwrap();
	assert_eq!(at.all_grants(id).await.unwrap().len(), 1);
	person.client.revoke(&[doctor]).await.unwrap();
	let refused = person.client.take_in(medblock_primitives::Person::Patient(id)).await;
	assert!(refused.is_err(), "a refusal of the chain comes through, too");
}

#[tokio::test]
async fn inbox_ends_with_the_token() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, _) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let mut rpc = Rpc::connect(address(&setup)).await;
	let session = setup.session(&doctor).await;
	rpc.ask("door_signIn", json!([session.token])).await;
	let own = json!([doctor_id.0]);
	let id = rpc.ask("medicalRecords_subscribeInbox", own).await["result"].clone();
	let first = rpc.next().await.unwrap();
	assert_eq!(
		(&first["method"], &first["params"]["subscription"]),
		(&json!("medicalRecords_inbox"), &id)
	);
	let terms = Terms { may_append: false, expires_at: None };
	patient.client.grant(doctor_id, terms).await.unwrap();
	let granted = rpc.next().await.unwrap();
	assert!(
		granted["params"]["result"]["events"].as_array().is_some_and(|all| !all.is_empty()),
		"{granted}"
	);
	assert_eq!(session.send("DELETE", "/v1/session").await.status(), 204);
	patient.client.revoke(&[doctor_id]).await.unwrap();
	let ended = rpc.next().await.unwrap();
	assert_eq!(ended["params"]["error"]["data"]["error"], "not-signed-in", "{ended}");
}

#[tokio::test]
async fn a_flood_of_connections_leaves_others_and_the_chain_alone() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, id) = setup.patient().await;
	let mut own = signed_in(&setup, &patient).await;
	let address = address(&setup);
	let before = setup.final_block().await.number();
	// Those that are let in stay until all have tried.
	let all_have_tried = Arc::new(Barrier::new(200));
	let flood = (0..200).map(|_| {
		let all_have_tried = all_have_tried.clone();
		async move {
			let mut admitted = Rpc::try_connect(address, &[]).await.ok();
			if let Some(rpc) = &mut admitted {
				for _ in 0..100 {
					rpc.ask("state_getMetadata", json!([])).await;
				}
			}
			all_have_tried.wait().await;
			admitted.is_some()
		}
	});
	let flood = tokio::spawn(futures::future::join_all(flood));
	let mut slowest = Duration::ZERO;
	for _ in 0..20 {
		let began = Instant::now();
		let answer = own.ask("medicalRecords_patient", json!([id.0])).await;
		assert!(answer.get("result").is_some(), "{answer}");
		slowest = slowest.max(began.elapsed());
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	assert!(slowest < Duration::from_secs(3), "{slowest:?}");
	let admitted = flood.await.unwrap().into_iter().filter(|admitted| *admitted).count();
	assert!(admitted <= 16, "{admitted}");
	assert!(setup.final_block().await.number() > before, "blocks go on");
}
