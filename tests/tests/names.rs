//! People by name, as the program takes and shows them; and how often their profiles are looked at for that.

use medblock_client::{
	grants::{Confirmed, Terms},
	profiles::Profile,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, Program, Ran, must};
use medblock_primitives::PatientId;
use serde_json::{Value, json};

const USAGE: i32 = 2;

async fn runs(program: &Program, words: &[&str]) -> Ran {
	program.run(&[words, &["--account", "own"]].concat()).await
}

async fn does(program: &Program, words: &[&str]) -> Value {
	let ran = runs(program, &[words, &["--json"]].concat()).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
	ran.json().unwrap()
}

async fn is_refused(program: &Program, words: &[&str], why: &str) {
	let ran = runs(program, words).await;
	assert_eq!(ran.code, USAGE, "{words:?}: {ran:?}");
	assert!(ran.said.contains(why), "{words:?}: {ran:?}");
}

/// A person who registers with the first hospital and writes a profile.
async fn newcomer(consortium: &Consortium, name: &str, born: &str) -> (Person, PatientId) {
	let person = consortium.newcomer().await;
	let receipt = must(person.client.register_patient(medblock_primitives::HospitalId(0)).await);
	let event = receipt.event("PatientRegistered").expect("a registration");
	let patient = PatientId(event.number("patient").expect("an id"));
	let profile =
		Profile { name: name.to_owned(), birth_date: Some(born.to_owned()), contact: None };
	must(person.client.set_profile(patient, &profile, &unwatched()).await);
	(person, patient)
}

/// The looks of registrars at a patient's profile.
async fn looks(person: &Person) -> usize {
	let all = person.client.disclosures().await.unwrap();
	all.iter().filter(|(_, one)| one.registrar.is_some()).count()
}

#[tokio::test]
async fn people_are_found_and_shown_by_name() {
	let consortium = Consortium::start().await;
	let north = Program::known(&consortium.network, "Alice//stash").await;
	does(&north, &["hospital", "registrar", "own-key"]).await;
	does(&north, &["hospital", "publish-key", "--yes"]).await;
	let (ana, patient) = newcomer(&consortium, "Ana Müller", "1980-05-06").await;

	let waiting = does(&north, &["hospital", "pending"]).await;
	assert_eq!(waiting["patients"][0]["profile"]["name"], "Ana Müller");
	let unnamed = does(&north, &["hospital", "pending", "--no-names"]).await;
	assert_eq!(unnamed["patients"][0]["profile"], Value::Null);
	does(&north, &["hospital", "pending"]).await;
	assert_eq!(looks(&ana).await, 1, "what was read is kept on this machine");

	// A part of a name is not enough where the program asks no question.
	let verify = |name| ["hospital", "verify", "patient", "--yes", name];
	is_refused(&north, &verify("Ana"), "write the number").await;
	// What is changed without a question is not changed by a guess either.
	let correct = ["hospital", "profile", "--patient", "Ana", "--clear-contact"];
	is_refused(&north, &correct, "write the number").await;
	let register = ["patient", "register", "--hospital", "Northern"];
	is_refused(&north, &register, "write the number").await;
	is_refused(&north, &verify("Bert"), "no patient is called").await;
	let unasked = ["hospital", "verify", "patient", "Ana Müller"];
	is_refused(&north, &unasked, "add --yes").await;
	let verified = does(&north, &verify("ana müller")).await;
	assert_eq!(
		(&verified["patient"], &verified["name"]),
		(&json!(patient.0), &json!("Ana Müller"))
	);
	assert_eq!(looks(&ana).await, 1);

	let (_other, namesake) = newcomer(&consortium, "Ana Müller", "1991-01-02").await;
	let several = runs(&north, &verify("Ana Müller")).await;
	for part in [patient.0.to_string(), namesake.0.to_string(), "born 1991-01-02".to_owned()] {
		assert!(several.code == USAGE && several.said.contains(&part), "{part}: {several:?}");
	}
	let suspend = ["hospital", "suspend", "patient", "--yes", "Ana Müller"];
	is_refused(&north, &suspend, "write the number").await;

	doctors(&consortium, &ana, patient).await;
}

/// Doctors by name, for a patient; and a patient's name, for the doctor.
async fn doctors(consortium: &Consortium, ana: &Person, patient: PatientId) {
	let (ada, doctor) = consortium.doctor(1).await;
	let at = ana.client.chain().finalized().await.unwrap();
	let named = "dr ada".parse().unwrap();
	let found = medblock_client::names::doctor_to_grant(&at, &named).await.unwrap();
	assert_eq!((found.id, found.is_certain), (doctor, true));
	let (_, second) = consortium.doctor(0).await;
	let at = ana.client.chain().finalized().await.unwrap();
	let several = medblock_client::names::doctor_to_grant(&at, &named).await.unwrap_err();
	let said = several.to_string();
	for part in [doctor.0.to_string(), second.0.to_string(), "cardiology".to_owned()] {
		assert!(said.contains(&part), "{part}: {said}");
	}

	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(doctor, terms).await.unwrap();
	let granted = ana.client.find_granted_doctor(&at, &named).await;
	assert!(granted.is_err(), "nothing was granted in that block");
	let at = ana.client.chain().finalized().await.unwrap();
	assert_eq!(ana.client.find_granted_doctor(&at, &named).await.unwrap().id, doctor);

	let at = ada.client.chain().finalized().await.unwrap();
	let name = "müller".parse().unwrap();
	let found = ada.client.find_patient_of_doctor(&at, &name).await.unwrap();
	assert_eq!((found.id, found.is_certain), (patient, false), "it is a part of the name");
	let looked = async || {
		let all = ana.client.disclosures().await.unwrap();
		all.iter().filter(|(_, one)| one.doctor.is_some()).count()
	};
	assert_eq!(looked().await, 1);
	let grants = ada.client.inbox(&at).await.unwrap();
	let charts = ada.client.named_charts(&at, grants, &unwatched()).await;
	let name = charts[0].profile.as_ref().unwrap().as_ref().unwrap().name.clone();
	assert_eq!((name.as_str(), looked().await), ("Ana Müller", 1));

	let revoked = ana.client.revoke(&[doctor]).await.unwrap();
	assert_eq!(revoked.confirmed, Confirmed::ByTwo);
	let at = ada.client.chain().finalized().await.unwrap();
	let name = "müller".parse().unwrap();
	assert!(ada.client.find_patient_of_doctor(&at, &name).await.is_err(), "it is forgotten");
}
