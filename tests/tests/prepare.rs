//! `--prepare`, by the program itself: what it prints is the call that was asked for, for a wallet to
//! sign, and until then nothing changes.

use codec::DecodeAll;
use frame_support::traits::GetCallMetadata;
use medblock_client::{
	chain::{Call as ToSend, Chain as Node, PatientInfo},
	grants::Terms,
	medblock_crypto::Mnemonic,
};
use medblock_e2e::{Attacker, Chain, Consortium, Person, Program, files, must};
use medblock_primitives::*;
use medblock_runtime::RuntimeCall;
use pallet_delegation::Call as Acting;
use pallet_medical_records::Call;
use pallet_medical_records_runtime_api::{GrantInfo, MAX_PAGE, RecordInfo};
use serde_json::Value;
use sp_core::{Pair, sr25519};

/// What the chain has of a chart, and how many of its patient's transactions were included.
async fn state(
	person: &Person,
	patient: PatientId,
) -> (PatientInfo, Vec<RecordInfo>, Vec<GrantInfo>, u64) {
	let at = person.client.chain().best().await.unwrap();
	(
		at.patient(patient).await.unwrap().unwrap(),
		at.records(patient, None, MAX_PAGE).await.unwrap().items,
		at.all_grants(patient).await.unwrap(),
		at.nonce(person.client.keys().account()).await.unwrap(),
	)
}

/// Has the program prepare a call; what it prints, and the call that it is.
async fn prepared(program: &Program, words: &[&str]) -> (Value, RuntimeCall) {
	let words = [words, &["--prepare", "--json"]].concat();
	let ran = program.run(&words).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
	let printed = ran.json().unwrap();
	let data = printed["data"].as_str().expect("call data");
	let link = printed["link"].as_str().expect("a link");
	assert!(link.ends_with(&format!("#/extrinsics/decode/{data}")), "{link}");
	let bytes: sp_core::Bytes = serde_json::from_value(printed["data"].clone()).unwrap();
	let call = RuntimeCall::decode_all(&mut &bytes.0[..]).expect("a call of this chain");
	let name = call.get_call_metadata();
	assert_eq!(printed["call"], format!("{}.{}", name.pallet_name, name.function_name));
	(printed, call)
}

/// The doctors that a rotation reaches.
fn sealed_to(rotation: &Rotation) -> Vec<DoctorId> {
	rotation.sealed.iter().map(|one| one.doctor).collect()
}

/// What is divided among guardians and holders, and who is named, are calls as well.
async fn acting_for_others_is_prepared(consortium: &Consortium, program: &Program) {
	let ((_, other), ..) =
		tokio::join!(consortium.patient(0), consortium.desk(0), consortium.desk(1));
	let keepers = |divided: &Divided| -> Vec<Delegate> {
		assert_eq!(divided.commitments.len(), 2);
		divided.shares.iter().map(|share| share.delegate).collect()
	};
	let desks = [0, 1].map(|hospital| Delegate::Desk(HospitalId(hospital)));

	let choose = ["patient", "guardians", "set", "--desk", "0", "--desk", "1", "--delay", "7d"];
	let (printed, call) = prepared(program, &choose).await;
	let RuntimeCall::Delegation(Acting::set_guardians { capacity, divided, delay }) = call else {
		panic!("{printed}")
	};
	assert_eq!((capacity, delay), (Capacity::Patient, 7 * 86_400_000));
	assert_eq!(keepers(&divided), desks);

	let holders = ["--holder", "0", "--holder", "1", "--all", "--for", "24h"];
	let plan = [&["patient", "emergency", "set"][..], &holders].concat();
	let (printed, call) = prepared(program, &plan).await;
	let RuntimeCall::Delegation(Acting::set_emergency_plan { divided, set, duration, .. }) = call
	else {
		panic!("{printed}")
	};
	assert!(matches!(set, EmergencySet::Chart(_)));
	assert_eq!((keepers(&divided), duration), (desks.to_vec(), 86_400_000));

	let number = other.0.to_string();
	let name = ["patient", "representatives", "name", number.as_str(), "--may", "see,add"];
	let (printed, call) = prepared(program, &name).await;
	let RuntimeCall::Delegation(Acting::name_representative { representative, scopes, until }) =
		call
	else {
		panic!("{printed}")
	};
	assert_eq!((representative, scopes, until), (other, Scopes(3), None));
}

#[tokio::test]
async fn prepared_call_is_the_one_that_was_asked_for_and_changes_nothing() {
	let consortium = Consortium::with_archives().await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let words_of_other = Mnemonic::generate();
	let other = Person::with_words(&consortium.network, &words_of_other).await;
	let (patient, (_, leaves), stays) = tokio::join!(
		consortium.admit(&ana, 0),
		consortium.doctor(1),
		consortium.admit_doctor(&other, 1, None),
	);
	let record = ana.adds("letter", b"stays where it is").await;
	for doctor in [leaves, stays] {
		ana.client.grant(doctor, Terms::default()).await.unwrap();
	}
	let program = Program::with_words(&consortium.network, &words).await;
	let (leaver, place) = (leaves.to_string(), record.to_string());

	let before = state(&ana, patient).await;
	let (printed, call) = prepared(&program, &["patient", "revoke", &leaver]).await;
	let RuntimeCall::MedicalRecords(Call::revoke_access { doctors, rotation }) = call else {
		panic!("{printed}")
	};
	assert_eq!(doctors.into_inner(), [leaves]);
	assert_eq!(sealed_to(&rotation.unwrap()), [stays]);

	let withdraw = ["record", "withdraw", place.as_str()];
	let (printed, call) = prepared(&program, &withdraw).await;
	let RuntimeCall::MedicalRecords(Call::withdraw_records { records: named }) = call else {
		panic!("{printed}")
	};
	assert_eq!(named.into_inner(), [record]);
	// For people, the same in three lines.
	let ran = program.run(&[&withdraw[..], &["--prepare"]].concat()).await;
	let [data, link] = ["data", "link"].map(|name| printed[name].as_str().unwrap());
	let lines = format!("Call  MedicalRecords.withdraw_records\nData  {data}\nLink  {link}\n");
	assert!(ran.printed.contains("Nothing has changed yet"), "{ran:?}");
	assert!(ran.printed.ends_with(&lines), "{ran:?}");

	let profile = ["patient", "profile", "--name", "Ana Example", "--birth-date", "1984-05-06"];
	let (printed, call) = prepared(&program, &profile).await;
	let RuntimeCall::MedicalRecords(Call::update_patient_profile { patient: of, document, .. }) =
		call
	else {
		panic!("{printed}")
	};
	assert_eq!((of, document.vault), (patient, HospitalId(0)));
	let blobs = files(&consortium.gateways[0].data().join("blobs"));
	let lengths: Vec<u64> = blobs.iter().map(|path| path.metadata().unwrap().len()).collect();
	assert_eq!(lengths.len(), 2, "the vault has it, besides the record");
	assert!(lengths.contains(&document.size));

	let (printed, call) = prepared(&program, &["patient", "move", "--to", "1"]).await;
	let RuntimeCall::MedicalRecords(Call::request_move { capacity, to }) = call else {
		panic!("{printed}")
	};
	assert_eq!((capacity, to), (Capacity::Patient, Some(HospitalId(1))));
	assert_eq!(state(&ana, patient).await, before, "nothing has changed");

	acting_for_others_is_prepared(&consortium, &program).await;
	assert_eq!(state(&ana, patient).await, before, "nothing has changed");

	// Somebody lost access without a new key: that has to be signed first.
	let revoke = ToSend::revoke_access(vec![leaves].try_into().unwrap(), None);
	ana.client.chain().submit(ana.signer(), &revoke).await.unwrap();
	let before = state(&ana, patient).await;
	assert_ne!(before.0.sealing_epoch, before.0.epoch, "the chart is due");
	let (printed, call) = prepared(&program, &["patient", "grant", &leaver]).await;
	assert_eq!(printed["granted"], false);
	let RuntimeCall::MedicalRecords(Call::rotate_chart_key { rotation }) = &call else {
		panic!("{printed}")
	};
	assert_eq!(sealed_to(rotation), [stays]);
	assert_eq!(state(&ana, patient).await, before, "nothing has changed");

	// Signed too late, it fails. But what is sealed in it has been in a block, for everybody to see.
	must(ana.client.rotate().await);
	let node = Node::connect(&consortium.network.url(0)).await.unwrap();
	let seed = words_of_other.seed("");
	let identities = (1..=3).map(|version| seed.encryption_identity(version)).collect();
	let mut holder = Attacker::new(identities, stays, patient);
	holder.study(&node).await;
	let held = holder.secrets();
	let chain = Chain::connect(&consortium.network.url(0)).await;
	let key = sr25519::Pair::from_seed(&words.seed("").account());
	let refused = chain.try_send(&key, call).await.unwrap_err();
	assert!(refused.contains("Module"), "{refused}");
	holder.study(&node).await;
	assert_eq!(holder.secrets(), held + 1, "whoever keeps everything has that secret, too");
}
