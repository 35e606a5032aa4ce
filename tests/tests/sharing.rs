//! The consent story on real nodes: accounts without funds register, hospitals verify them, a patient
//! gives access and takes it back, and every node says the same of it.

use codec::Encode;
use medblock_e2e::{
	Chain, Network, eventually,
	forms::{chart_keys, document, public_key, sealed_key},
	well_known,
};
use medblock_primitives::*;
use medblock_runtime::{Hash, RuntimeCall, RuntimeEvent};
use pallet_medical_records::{Call, Event};
use sp_core::sr25519::Pair;
use sp_io::hashing::sha2_256;

fn register_patient() -> RuntimeCall {
	let keys = chart_keys(0);
	Call::register_patient { hospital: HospitalId(0), keys, profile: None }.into()
}

fn profile() -> DoctorProfile {
	let text = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	DoctorProfile {
		name: text("Dr. Ada"),
		specialty: text("cardiology"),
		qualification: text("MD"),
		practising_since: 2001,
	}
}

fn register_doctor() -> RuntimeCall {
	let profile = profile();
	let (hospital, suite, key) = (HospitalId(1), SUITE_X_WING, public_key());
	Call::register_doctor { hospital, profile, suite, key }.into()
}

fn record(in_reply_to: Option<RecordIndex>) -> NewRecords {
	vec![NewRecord { document: document(HospitalId(0)), in_reply_to }].try_into().unwrap()
}

fn grant(doctor: DoctorId) -> RuntimeCall {
	let key = sealed_key();
	let key = KeyForDoctor { doctor, key_version: 1, key };
	Call::grant_access { epoch: 0, key, may_append: true, expires_at: None }.into()
}

fn append(patient: PatientId, in_reply_to: Option<RecordIndex>) -> RuntimeCall {
	let (records, recipients) = (record(in_reply_to), None);
	Call::append_records { patient, sealed_to: 0, records, recipients }.into()
}

/// The patient who registered in this block.
async fn registered(chain: &Chain, block: Hash) -> Person {
	let events = chain.events(block).await;
	let person = events.into_iter().find_map(|event| match event {
		RuntimeEvent::MedicalRecords(Event::PatientRegistered { patient, .. }) => {
			Some(Person::Patient(patient))
		},
		RuntimeEvent::MedicalRecords(Event::DoctorRegistered { doctor, .. }) => {
			Some(Person::Doctor(doctor))
		},
		_ => None,
	});
	person.expect("somebody registered")
}

/// What each node says of the doctor's access, in its own final block.
async fn access(
	chains: &[Chain],
	patient: PatientId,
	doctor: DoctorId,
	record: Option<RecordIndex>,
) -> Vec<Result<Scope, Denied>> {
	let mut answers = Vec::new();
	for chain in chains {
		let (block, _) = chain.finalized().await;
		let question = (patient, doctor, record);
		let answer: Result<Allowed, Denied> =
			chain.ask("MedicalRecordsApi_access", question, block).await;
		answers.push(answer.map(|allowed| allowed.scope));
	}
	answers
}

/// Waits until every node has finalized this block.
async fn reaches_all(chains: &[Chain], at: &Chain, block: Hash) {
	let number = at.number_of(block).await;
	for chain in chains {
		eventually(&format!("block {number} is final everywhere"), || async {
			(chain.finalized().await.1.number >= number).then_some(())
		})
		.await;
	}
}

async fn refused(chain: &Chain, who: &Pair, call: RuntimeCall, why: &str) {
	let refusal = chain.try_send(who, call).await.unwrap_err();
	assert!(refusal.contains(why), "{refusal}");
}

#[tokio::test]
async fn patient_gives_access_on_real_nodes_and_takes_it_back() {
	let network = Network::start().await;
	let mut chains = Vec::new();
	for index in 0..4 {
		chains.push(Chain::connect(&network.url(index)).await);
	}
	let (north, east) = (&chains[0], &chains[1]);
	let (patient_key, doctor_key) = (well_known("Ferdie"), well_known("Eve"));

	// Nobody has any funds, and whoever has not registered can do nothing else.
	refused(north, &patient_key, grant(DoctorId(0)), "Transaction call is not expected").await;
	let block = north.send(&patient_key, register_patient()).await;
	let Person::Patient(patient) = registered(north, block).await else { panic!("a patient") };
	let block = east.send(&doctor_key, register_doctor()).await;
	let Person::Doctor(doctor) = registered(east, block).await else { panic!("a doctor") };

	// Their hospitals verify them, and nobody else's.
	let verify = || RuntimeCall::from(Call::verify_patient { patient });
	refused(north, &well_known("Bob//stash"), verify(), "Module").await;
	let block = north.send(&well_known("Alice//stash"), verify()).await;
	// The next one is Bob's second, and East has to know of the first.
	reaches_all(&chains, north, block).await;
	let key_digest = sha2_256(&public_key());
	let profile_digest = profile().using_encoded(sha2_256);
	let verify = Call::verify_doctor { doctor, key_digest, profile_digest, licence_expires: None };
	east.send(&well_known("Bob//stash"), verify.into()).await;

	let add = |sealed_to| Call::add_records { sealed_to, records: record(None), recipients: None };
	let block = north.send(&patient_key, add(0).into()).await;
	reaches_all(&chains, north, block).await;
	assert_eq!(access(&chains, patient, doctor, Some(0)).await, [Err(Denied::NotGranted); 4]);
	refused(east, &doctor_key, append(patient, Some(0)), "Module").await;

	let block = north.send(&patient_key, grant(doctor)).await;
	reaches_all(&chains, north, block).await;
	assert_eq!(access(&chains, patient, doctor, Some(0)).await, [Ok(Scope::Chart); 4]);
	let block = east.send(&doctor_key, append(patient, Some(0))).await;
	reaches_all(&chains, east, block).await;
	assert_eq!(access(&chains, patient, doctor, Some(1)).await, [Ok(Scope::Chart); 4]);

	// As from a wallet that cannot encrypt.
	let doctors = vec![doctor].try_into().unwrap();
	let revoke = Call::revoke_access { doctors, rotation: None };
	let block = north.send(&patient_key, revoke.into()).await;
	reaches_all(&chains, north, block).await;
	assert_eq!(access(&chains, patient, doctor, Some(0)).await, [Err(Denied::NotGranted); 4]);
	refused(east, &doctor_key, append(patient, None), "Module").await;
	// What the doctor still holds opens nothing that comes now.
	refused(north, &patient_key, add(0).into(), "Module").await;
	north.send(&patient_key, add(1).into()).await;
}
