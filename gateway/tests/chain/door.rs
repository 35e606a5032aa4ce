//! The door to the node: who is answered what.

mod blocks;
mod load;
mod recovery;
mod table;

use super::*;
use crate::common::{
	chain::{Person, receipt},
	rpc::Rpc,
};
use medblock_client::chain::AccountId;
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use std::net::SocketAddr;

fn address(setup: &Setup) -> SocketAddr {
	setup.gateway.as_ref().unwrap().address
}

/// A connection with this token.
async fn with_token(setup: &Setup, token: &str) -> Rpc {
	let mut rpc = Rpc::connect(address(setup)).await;
	assert_eq!(rpc.ask("door_signIn", json!([token])).await["result"], true);
	rpc
}

async fn signed_in(setup: &Setup, person: &Person) -> Rpc {
	let session = setup.session(person).await;
	with_token(setup, &session.token).await
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
		("consortium_profileKey", json!([0])),
		("consortium_appointmentsOf", json!([somebody])),
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
	let ((patient, _), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
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
