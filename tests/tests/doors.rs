//! People whose only nodes are the doors of hospitals' gateways, which tell each of them what they need, and no more.

use medblock_client::{grants::Terms, medblock_crypto::Mnemonic, vault::unwatched};
use medblock_e2e::{Consortium, Gateway, Person, Program, files, must};
use medblock_primitives::PatientId;
use std::{fs, path::Path};

async fn does(program: &Program, words: &[&str]) {
	let ran = program.run(words).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
}

#[tokio::test]
async fn those_who_may_not_read_a_whole_chart_write_into_it_through_doors() {
	let consortium = Consortium::start_with(&["--rpc-door"]).await;
	let door = |gateway: &Gateway| format!("{}/v1/rpc", gateway.url().replacen("http", "ws", 1));
	let doors: Vec<String> = consortium.gateways.iter().map(door).collect();
	let (ana, patient) = consortium.patient(0).await;
	registrar_writes_profiles(&consortium, &doors, &ana, patient).await;
	doctor_of_single_records_adds(&consortium, &doors, &ana, patient).await;
}

async fn registrar_writes_profiles(
	consortium: &Consortium,
	doors: &[String],
	ana: &Person,
	patient: PatientId,
) {
	let words = Mnemonic::generate();
	let controller = Person::known(&consortium.network, "//Alice").await;
	let clerk = Person::with_words(&consortium.network, &words).await;
	must(controller.client.appoint_registrar(clerk.client.keys().account()).await);
	must(clerk.client.accept_appointment(None).await.map(|(done, _)| done));
	let program = Program::at_nodes(doors, &words).await;
	let number = patient.0.to_string();
	let profile = ["hospital", "profile", "--patient", &number, "--name", "Ana"];
	for contact in ["one", "two", "three"] {
		let rest = ["--clear-birth-date", "--contact", contact];
		does(&program, &[&profile[..], &rest[..]].concat()).await;
		let read = ana.client.profile(patient, &unwatched()).await.unwrap();
		assert_eq!(read.contact.as_deref(), Some(contact));
		loses_sight_of_what_the_vault_has(program.home());
	}
}

/// As if the vault could not have been asked whether it has what was sent.
fn loses_sight_of_what_the_vault_has(home: &Path) {
	let mut lost = 0;
	for path in files(home) {
		let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
		let Some(name) = name.strip_suffix(".kept") else { continue };
		let [patient, _, digest, _] = name.split('-').collect::<Vec<_>>()[..] else {
			panic!("{name}");
		};
		let waiting = format!("{patient}-{digest}-{}.age", u32::MAX);
		fs::rename(&path, path.with_file_name(waiting)).unwrap();
		lost += 1;
	}
	assert!(lost > 0, "a copy is kept of what was sent");
}

async fn doctor_of_single_records_adds(
	consortium: &Consortium,
	doors: &[String],
	ana: &Person,
	patient: PatientId,
) {
	let words = Mnemonic::generate();
	let bones = Person::with_words(&consortium.network, &words).await;
	let doctor = consortium.admit_doctor(&bones, 0, None).await;
	let shared = ana.adds("letter", b"a letter").await;
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.share(doctor, &[shared], terms, &unwatched()).await.unwrap();
	let program = Program::at_nodes(doors, &words).await;
	let note = program.home().join("note.txt");
	fs::write(&note, "a note").unwrap();
	let (patient_number, note) = (patient.0.to_string(), note.display().to_string());
	does(&program, &["doctor", "append", &patient_number, &note, "--yes"]).await;
	assert_eq!(ana.reads(patient, shared + 1).await.unwrap(), b"a note");
}
