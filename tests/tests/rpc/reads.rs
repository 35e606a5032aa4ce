//! A real story, and every question that can be asked about it.

use super::support::{Node, nobody_panicked};
use medblock_client::{grants::Terms, profiles::Profile, vault::unwatched};
use medblock_e2e::{Chain, Consortium, Person, eventually, must};
use medblock_primitives::{EncryptionKey, HospitalId, Moment};
use medblock_views::Time;
use pallet_medical_records_rpc::OPENRPC;
use serde_json::{Value, from_value, json};
use sp_core::{bytes::to_hex, crypto::default_ss58_version};

/// Milliseconds since 1970.
fn now() -> u64 {
	let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
	u64::try_from(since.as_millis()).unwrap()
}

/// What a time is in milliseconds since 1970.
fn moment(time: &Value) -> Moment {
	from_value::<Time>(time.clone()).unwrap().into()
}

/// An id of a list's item.
fn ids(items: &[Value], name: &str) -> Vec<u64> {
	items.iter().map(|item| item[name].as_u64().unwrap()).collect()
}

fn address(person: &Person) -> String {
	person.client.keys().account().to_string()
}

#[tokio::test]
async fn every_question_is_answered_of_a_real_story() {
	let consortium = Consortium::start().await;
	let licence = now() + 86_400_000;
	let ((ana, patient), (ada, whole)) =
		tokio::join!(consortium.patient(0), consortium.doctor_until(1, Some(licence)));
	let (bob, single) = consortium.doctor(0).await;
	let (_, former) = consortium.doctor(1).await;
	let (patient_id, whole_id, single_id) = (patient.0, whole.0, single.0);

	for number in 0..3 {
		ana.adds(&format!("record {number}"), b"content").await;
	}
	let name = "Ana".to_owned();
	let profile = Profile { name, birth_date: None, contact: None };
	must(ana.client.set_profile(patient, &profile, &unwatched()).await);
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(whole, terms).await.unwrap();
	ana.client.grant(former, Terms::default()).await.unwrap();
	let note = ada.appends(patient, "note", b"of a doctor").await;
	ana.client.revoke(&[former]).await.unwrap();
	let shared = ana.client.share(single, &[0], Terms::default(), &unwatched()).await;
	must(shared.map(|shared| shared.done));
	let north = consortium.registrar(0).await;
	let controller = Person::known(&consortium.network, "//Alice").await;
	let appointed = consortium.newcomer().await.client.keys().account();
	north.client.publish_registrar_key().await.unwrap();
	north.client.publish_profile_key(&[north.client.keys().account()]).await.unwrap();
	must(controller.client.appoint_registrar(appointed).await);
	let withdrawn = must(ana.client.withdraw(&[1]).await);

	let node = Node::connect(&consortium.network.url(0)).await;
	let chain = Chain::connect(&consortium.network.url(0)).await;
	eventually("the story is final here", || async {
		(chain.finalized().await.1.number >= withdrawn.number).then_some(())
	})
	.await;
	let served: Value = node.ask("rpc.discover", json!([])).await;
	assert_eq!(served, serde_json::from_str::<Value>(OPENRPC).unwrap());

	// People.
	let answer = node.ask("medicalRecords_patient", json!({ "patient": patient_id })).await;
	let found = &answer["value"];
	assert_eq!(found["account"], address(&ana));
	assert_eq!((&found["standing"], &found["hospital"]), (&json!("verified"), &json!(0)));
	assert_eq!(
		(&found["records"], &found["grants"], &found["shares"]),
		(&json!(4), &json!(2), &json!(1))
	);
	assert_eq!((&found["epoch"], &found["dueForRotation"]), (&json!(2), &json!(false)));
	let registered = moment(&found["registeredAt"]);
	assert!(registered <= now() && registered + 3_600_000 > now(), "within the hour: {registered}");
	assert!(found["profile"]["document"]["digest"].as_str().unwrap().starts_with("0x"));
	let answer = node.ask("medicalRecords_patientOf", json!([address(&ana)])).await;
	assert_eq!(answer["value"], patient_id);
	let answer = node.ask("medicalRecords_patientOf", json!([address(&ada)])).await;
	assert_eq!(answer["value"], Value::Null, "a doctor's account is no patient's");

	let answer = node.ask("medicalRecords_doctor", json!([whole_id])).await;
	let found = &answer["value"];
	assert_eq!(found["account"], address(&ada));
	assert_eq!((&found["practises"], &found["problem"]), (&json!(true), &Value::Null));
	assert_eq!(moment(&found["licenceExpires"]), licence);
	assert_eq!(found["profile"]["name"], "Dr. Ada");
	assert_eq!(found["profile"]["practisingSince"], 2001);
	let answer = node.ask("medicalRecords_doctorOf", json!({ "account": address(&bob) })).await;
	assert_eq!(answer["value"], single_id);
	let answer = node.ask("medicalRecords_doctorOf", json!([address(&ana)])).await;
	assert_eq!(answer["value"], Value::Null);
	let answer = node.ask("medicalRecords_encryptionKey", json!([whole_id])).await;
	assert_eq!(answer["value"]["suite"], 1);
	let key = answer["value"]["key"].as_str().unwrap();
	assert_eq!(key.len(), 2 + 2 * 1_216);
	let by_runtime: Option<EncryptionKey> =
		chain.ask("MedicalRecordsApi_encryption_key", whole, chain.finalized().await.0).await;
	assert_eq!(key, to_hex(&by_runtime.unwrap().key, false));
	let listed = node.all("medicalRecords_doctors", json!({ "limit": 1 })).await;
	assert_eq!(ids(&listed, "doctor"), [whole_id, single_id, former.0].map(u64::from));

	// Records.
	let listed =
		node.all("medicalRecords_records", json!({ "patient": patient_id, "limit": 2 })).await;
	assert_eq!(ids(&listed, "record"), [0, 1, 2, 3]);
	assert_eq!(listed[0]["author"], "patient");
	assert_eq!(listed[1]["document"], Value::Null, "it was withdrawn");
	assert_eq!(listed[note as usize]["author"], json!({ "doctor": whole_id }));
	let single = node.ask("medicalRecords_record", json!([patient_id, note])).await;
	assert_eq!(single["value"], listed[note as usize]);
	let recorded = moment(&listed[0]["recordedAt"]);
	assert!(recorded.is_multiple_of(60_000) && recorded <= now() && recorded + 3_600_000 > now());
	let params = json!([patient_id, 2, null, null]);
	let behind = node.ask("medicalRecords_records", params).await;
	assert_eq!(ids(behind["items"].as_array().unwrap(), "record"), [3]);

	// Grants, from both sides.
	let params = json!({ "patient": patient_id, "limit": 1 });
	let given = node.all("medicalRecords_grantsOfPatient", params).await;
	assert_eq!(ids(&given, "doctor"), [whole_id, single_id].map(u64::from));
	assert_eq!((&given[0]["scope"], &given[0]["epoch"]), (&json!("chart"), &json!(2)));
	let allowed = &given[0]["access"]["allowed"];
	assert_eq!((moment(&allowed["until"]), &allowed["key"]), (licence, &json!("current")));
	assert_eq!((&given[1]["scope"], &given[1]["epoch"]), (&json!("records"), &Value::Null));
	let answer = node.ask("medicalRecords_grant", json!([patient_id, single_id])).await;
	assert_eq!(answer["value"], given[1]);
	let answer = node.ask("medicalRecords_grant", json!([patient_id, former.0])).await;
	assert_eq!(answer["value"], Value::Null, "it was revoked");
	let received = node.all("medicalRecords_grantsToDoctor", json!({ "doctor": single_id })).await;
	assert_eq!(received, [given[1].clone()]);
	let received = node.all("medicalRecords_grantsToDoctor", json!({ "doctor": former.0 })).await;
	assert!(received.is_empty(), "who has nothing is no error");

	// Access: the reasons, too.
	for (doctor, record, expected) in [
		(whole_id, json!(0), None),
		(whole_id, Value::Null, None),
		(single_id, json!(0), None),
		(whole_id, json!(1), Some("record-withdrawn")),
		(whole_id, json!(99), Some("record-not-found")),
		(single_id, json!(2), Some("record-not-shared")),
		(single_id, json!(1), Some("record-not-shared")),
		(single_id, json!(99), Some("record-not-shared")),
		(former.0, json!(0), Some("not-granted")),
		(9_999, json!(0), Some("doctor-not-found")),
	] {
		let params = json!({ "patient": patient_id, "doctor": doctor, "record": record });
		let answer = node.ask("medicalRecords_access", params).await;
		let reason = answer["value"]["denied"]["reason"].as_str();
		assert_eq!(reason, expected, "doctor {doctor}, record {record}");
		assert_eq!(answer["value"]["allowed"].is_null(), expected.is_some());
	}
	let answer = node.ask("medicalRecords_access", json!([9_999, whole_id])).await;
	assert_eq!(answer["value"]["denied"]["reason"], "patient-not-found");

	// Keys.
	let answer = node.ask("medicalRecords_chartKeys", json!([patient_id])).await;
	assert_eq!(answer["value"]["distributed"]["key"].as_str().unwrap().len(), 2 + 2 * 1_216);
	let answer = node.ask("medicalRecords_recipients", json!([patient_id])).await;
	let nobody = json!({ "sealingEpoch": 2, "digest": null, "doctors": [], "representatives": [] });
	assert_eq!(answer["value"], nobody, "the chart is not due");
	let epochs =
		node.all("medicalRecords_pastEpochs", json!({ "patient": patient_id, "limit": 1 })).await;
	assert_eq!(ids(&epochs, "epoch"), [0, 1]);
	assert_eq!(epochs[0]["previous"], Value::Null);
	assert_eq!(epochs[1]["recordsUntil"], 4);
	let answer = node.ask("medicalRecords_grantKey", json!([patient_id, whole_id])).await;
	assert_eq!(answer["value"].as_str().unwrap().len(), 2 + 2 * 1_169);
	let answer = node.ask("medicalRecords_grantKey", json!([patient_id, single_id])).await;
	assert_eq!(answer["value"], Value::Null);
	let answer = node.ask("medicalRecords_share", json!([patient_id, single_id])).await;
	assert_eq!(answer["value"]["key"]["generation"], 1);
	assert_eq!(ids(answer["value"]["records"].as_array().unwrap(), "record"), [0]);
	let answer = node.ask("medicalRecords_share", json!([patient_id, former.0])).await;
	assert_eq!(answer["value"], json!({ "key": null, "records": [] }));

	// Hospitals.
	let listed = node.all("consortium_hospitals", json!({ "limit": 3 })).await;
	assert_eq!(ids(&listed, "hospital"), [0, 1, 2, 3]);
	assert_eq!(
		(&listed[3]["seat"], &listed[3]["registration"]),
		(&json!("seated"), &json!("open"))
	);
	let answer = node.ask("consortium_hospital", json!({ "hospital": 3 })).await;
	assert_eq!(answer["value"], listed[3]);
	let registrar = address(&north);
	let answer = node.ask("consortium_registrars", json!([0])).await;
	let listed = &answer["value"][0];
	assert_eq!((&listed["account"], &listed["key"]["version"]), (&json!(registrar), &json!(1)));
	assert_eq!(listed["holdsProfileKey"], true);
	let answer = node.ask("consortium_registrars", json!([1])).await;
	assert_eq!(answer["value"][0]["key"], Value::Null);
	let offer = node.ask("consortium_appointments", json!([0])).await["value"].clone();
	assert_eq!(offer[0]["registrar"], appointed.to_string());
	let params = json!({ "account": appointed.to_string() });
	assert_eq!(node.ask("consortium_appointmentsOf", params).await["value"], offer);
	let params = json!({ "account": registrar });
	assert_eq!(node.ask("consortium_appointmentsOf", params).await["value"], json!([]));
	let answer = node.ask("consortium_profileKey", json!([0])).await;
	let key = &answer["value"];
	assert_eq!(
		(&key["key"]["version"], &key["holders"], &key["due"]),
		(&json!(1), &json!(1), &json!(false))
	);
	let answer = node.ask("consortium_profileKey", json!([1])).await;
	assert_eq!(answer["value"], json!({ "key": null, "holders": 0, "due": false }));
	let versions = node.all("consortium_profileKeyVersions", json!({ "hospital": 0 })).await;
	assert_eq!((ids(&versions, "version"), &versions[0]["previous"]), (vec![1], &Value::Null));
	let answer = node.ask("consortium_heldProfileKey", json!([registrar])).await;
	assert_eq!(answer["value"]["key"].as_str().unwrap().len(), 2 + 2 * 1_169);
	let answer = node.ask("consortium_heldProfileKey", json!([appointed.to_string()])).await;
	assert_eq!(answer["value"], Value::Null);
	let genesis = chain.hash_of(0).await.unwrap();
	let answer = node.ask("consortium_author", json!({ "at": genesis })).await;
	assert_eq!(answer["value"], Value::Null);
	let answer = node.ask("consortium_author", json!([])).await;
	assert!(answer["value"].as_u64().unwrap() < 4, "{answer}");
	let answer = node.ask("consortium_authorizedNodes", json!([])).await;
	assert_eq!(answer["value"].as_array().unwrap().len(), 4);
	let answer = node.ask("consortium_disclosureLog", json!([0])).await;
	assert_eq!(answer["value"], json!({ "vaultAccount": null, "log": 0, "last": null }));
	let anchors = node.all("consortium_disclosureAnchors", json!({ "hospital": 0 })).await;
	assert!(anchors.is_empty(), "no vault has anchored anything");
	let answer = node.ask("consortium_portalReleases", json!([])).await;
	assert_eq!(answer["value"], json!([]), "the council has listed none");

	// Who waits.
	let waiting = consortium.newcomer().await;
	let receipt = must(waiting.client.register_patient(HospitalId(1)).await);
	let id = receipt.event("PatientRegistered").unwrap().number("patient").unwrap();
	let listed = node.all("medicalRecords_awaitingPatients", json!({ "hospital": 1 })).await;
	assert_eq!(ids(&listed, "patient"), [u64::from(id)]);
	assert_eq!(listed[0]["standing"], "pending");
	let listed = node.all("medicalRecords_patientsOfHospital", json!({ "hospital": 1 })).await;
	assert!(ids(&listed, "patient").contains(&u64::from(id)));
	assert!(listed.iter().all(|patient| patient["hospital"] == 1), "{listed:?}");
	for (method, hospital) in [("Patients", 0), ("Doctors", 0), ("Doctors", 1)] {
		let method = format!("medicalRecords_awaiting{method}");
		assert!(node.all(&method, json!({ "hospital": hospital })).await.is_empty(), "{method}");
	}

	// The past: before the withdrawal, that record was there.
	let number = withdrawn.number;
	let before = chain.hash_of(number - 1).await.unwrap();
	let params = json!({ "patient": patient_id, "doctor": whole_id, "record": 1, "at": before });
	let answer = node.ask("medicalRecords_access", params).await;
	assert!(answer["value"]["denied"].is_null(), "{answer}");
	assert_eq!(answer["at"], json!({ "number": number - 1, "hash": before }));

	// What the node calls an account is what wallets are told to call it.
	let properties: Value = chain.get("system_properties").await;
	assert_eq!(properties["ss58Format"], u16::from(default_ss58_version()));
	nobody_panicked(&consortium.network);
}
