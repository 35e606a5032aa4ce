//! Blocks that questions name, and a node that is behind.

use super::*;

fn hash(at: &medblock_client::chain::At) -> String {
	format!("0x{}", hex::encode(at.hash().0))
}

/// Asks for records until the refusal is as expected: the gateway looks at the last blocks four times a second.
async fn until(rpc: &mut Rpc, params: &Value, is_expected: impl Fn(&Value) -> bool) {
	let deadline = Instant::now() + Duration::from_secs(90);
	loop {
		let answer = rpc.ask("medicalRecords_records", params.clone()).await;
		if is_expected(&answer["error"]["data"]["error"]) {
			return;
		}
		assert!(Instant::now() < deadline, "{answer}");
	}
}

#[tokio::test]
async fn access_now_opens_no_time_without_access() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	setup.name(&patient, &[&age_file(1, 10)]).await;
	let before = hash(&setup.final_block().await);
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let granted = hash(&setup.final_block().await);
	let mut own = signed_in(&setup, &patient).await;
	let mut rpc = signed_in(&setup, &doctor).await;
	let call = |at: &str| {
		json!(["MedicalRecordsApi_patient", format!("0x{}", hex::encode(id.0.to_le_bytes())), at])
	};
	for (method, params) in [
		("medicalRecords_records", json!([id.0, null, null, before])),
		("medicalRecords_record", json!({ "patient": id.0, "record": 0, "at": before })),
		("medicalRecords_patient", json!([id.0, before])),
		("state_call", call(&before)),
	] {
		assert_eq!(rpc.refusal(method, params.clone()).await, "not-granted", "{method}");
		own.is_passed_on(method, params).await;
	}
	let at_granted = json!([id.0, null, null, granted]);
	until(&mut rpc, &at_granted, Value::is_null).await;
	rpc.is_passed_on("state_call", call(&granted)).await;

	let unknown = format!("0x{}", "ab".repeat(32));
	for (method, params) in [
		("medicalRecords_records", json!([id.0, null, null, unknown])),
		("state_call", call(&unknown)),
		("medicalRecords_doctors", json!([null, null, unknown])),
		("state_getMetadata", json!([unknown])),
		("door_transaction", json!([unknown, unknown])),
	] {
		assert_eq!(rpc.refusal(method, params).await, "old-block", "{method}");
	}

	patient.client.revoke(&[doctor_id]).await.unwrap();
	until(&mut rpc, &at_granted, |refusal| refusal == "not-granted").await;
}

#[tokio::test]
async fn a_patient_revokes_through_a_node_that_is_behind_while_the_other_is_down() {
	let down = ["--rpc-door", "--node", "ws://127.0.0.1:1"];
	let mut setup = Setup::start_with(&down).await;
	let (_, doctor) = setup.doctor().await;
	let person = setup.newcomer_at_the_door().await;
	let done = person.client.register_patient(HospitalId(0)).await.unwrap();
	let id = receipt(&done).event("PatientRegistered").unwrap().number("patient").unwrap();
	let id = PatientId(id);
	setup.known("//Alice//stash").await.client.verify_patient(id).await.unwrap();
	person.client.grant(doctor, Terms::default()).await.unwrap();

	// From here on blocks come, and none becomes final. The gateway decides nothing any more after a minute.
	setup.restart_node(&["--no-grandpa"]).await;
	let deadline = Instant::now() + Duration::from_secs(180);
	while setup.get("/health").await["reason"] != "node-behind" {
		assert!(Instant::now() < deadline, "{}", setup.get("/health").await);
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	let doctors = [doctor];
	let revoking = person.client.revoke(&doctors);
	let revoked = async {
		let deadline = Instant::now() + Duration::from_secs(90);
		while setup.best_block().await.grant(id, doctor).await.unwrap().is_some() {
			assert!(Instant::now() < deadline, "the revocation does not come through");
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
	};
	tokio::select! {
		ended = revoking => panic!("nothing becomes final, and yet: {:?}", ended.map(drop)),
		() = revoked => (),
	}
}
