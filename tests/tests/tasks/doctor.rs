//! A doctor's tasks. Programs of doctors' own software have theirs in `tests/docs`.

use super::{ANA, BONES, Day, HOSPITAL, Registered, USAGE, has, number, text};
use medblock_client::grants::Terms;
use medblock_e2e::{Consortium, Person, Typist, must};
use medblock_primitives::DoctorId;
use std::fs;

/// Registers, and gives what the desk needs.
pub async fn registers(doctor: &mut Day) -> Registered {
	let register = ["doctor", "register", "--hospital", HOSPITAL, "--name", BONES];
	let more = ["--specialty", "cardiology", "--qualification", "MD", "--since", "2001"];
	let done = doctor.own().does(&[&register[..], &more[..]].concat()).await;
	Registered {
		number: number(&done["doctor"]),
		key: text(&done["keyDigest"]),
		profile: text(&done["profileDigest"]),
	}
}

/// Finds the patient, and reads the chart.
pub async fn reads(doctor: &mut Day, ana: &str) {
	let own = doctor.own();
	has(&own.reads(&["doctor", "inbox"]).await, ANA);
	has(&own.reads(&["doctor", "patients", "--search", "ana"]).await, ANA);
	doctor.done("register, find new patients by name");

	has(&doctor.own().reads(&["patient", "show", "--id", ANA]).await, "1980-05-12");
	doctor.done("who are they");

	let own = doctor.own();
	let folder = own.home().join("chart");
	fs::create_dir(&folder).unwrap();
	own.does(&["doctor", "open", ana, "--all", "--output", &folder.display().to_string()]).await;
	let files = fs::read_dir(&folder).unwrap().count();
	assert!(files >= 12, "{files} files");
	doctor.done("read 12 records, all into a folder");

	has(&doctor.own().reads(&["doctor", "chart", ana, "--search", "ct"]).await, "CT of the head");
	doctor.done("search for the CT");
}

/// Answers, and into no other chart than was meant.
pub async fn writes(doctor: &mut Day, ana: &str) {
	let own = doctor.own();
	let note = own.file("note.txt", b"Repeat in a year.");
	let append = ["doctor", "append", ana, &note, "--in-reply-to", "0"];
	own.is_refused(&append, USAGE, "no terminal").await;
	own.does(&[&append[..], &["--yes"]].concat()).await;
	let wrong = own.runs(&["doctor", "append", "4000000000", &note, "--yes"]).await;
	assert_ne!(wrong.code, 0, "{wrong:?}");
	doctor.done("note, answer, result into the right chart");
}

/// Is told what is new, while it happens.
pub async fn hears(doctor: &mut Day, consortium: &Consortium, bones: &Registered) {
	let (ben, patient) = consortium.patient(0).await;
	let id = DoctorId(bones.number.parse().unwrap());
	let follow = ["doctor", "inbox", "--follow", "--json"];
	let told = tokio::select! {
		told = doctor.own().follows(&follow, "\"granted\"") => told,
		() = gives_and_takes(&ben, id) => panic!("the doctor is told nothing"),
	};
	has(&told, &patient.0.to_string());
	doctor.done("be told of news");
}

/// Grants and revokes for a while: a program that listens may begin to after the first time.
async fn gives_and_takes(patient: &Person, doctor: DoctorId) {
	for _ in 0..20 {
		let granted = patient.client.grant(doctor, Terms::default()).await;
		must(granted.map(|granted| granted.grant.unwrap()));
		must(patient.client.revoke(&[doctor]).await.map(|revoked| revoked.done));
	}
}

/// Takes another key, which the desk confirms and patients use.
pub async fn renews(doctor: &mut Day, desk: &Day, patient: &Typist, bones: &Registered) {
	let key = text(&doctor.own().does(&["doctor", "new-key", "--yes"]).await["keyDigest"]);
	let clerk = desk.own();
	has(&clerk.reads(&["hospital", "pending"]).await, BONES);
	clerk.does(&["hospital", "confirm-key", &bones.number, "--key-digest", &key]).await;
	let rotated = patient.reads(&["patient", "rotate"]).await;
	has(&rotated, &format!("Doctors who have it: {BONES}"));
	let chart = doctor.own().reads(&["doctor", "chart", ANA]).await;
	has(&chart, "CT of the head");
	doctor.done("renew the key");
}
