//! A patient's tasks.

use super::{ANA, BONES, Day, HOSPITAL, REFUSED, USAGE, WRONG_KEY, has, lacks, number};
use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{Network, Typist};
use serde_json::json;
use std::fs;

/// The records of a chart, as many as in the list of tasks.
const FILES: usize = 12;

/// A new account, and its words.
pub async fn device(network: &Network) -> (Mnemonic, Typist) {
	let words = Mnemonic::generate();
	let device = Typist::with_words(network, &words).await;
	(words, device)
}

/// Registers, and gives the number.
pub async fn registers(patient: &mut Day) -> String {
	let own = patient.own();
	let done = own.does(&["patient", "register", "--hospital", HOSPITAL]).await;
	let ana = number(&done["patient"]);
	patient.done("account, register by the hospital's name");

	let own = patient.own();
	let born = ["--birth-date", "1980-05-12", "--contact", "555 0100"];
	own.does(&[&["patient", "profile", "--name", ANA], &born[..]].concat()).await;
	own.does(&["patient", "profile", "--contact", "555 0199"]).await;
	let shown = own.reads(&["patient", "show"]).await;
	for kept in [ANA, "1980-05-12", "555 0199"] {
		has(&shown, kept);
	}
	patient.done("profile, later change one field");
	ana
}

/// Fills the chart.
pub async fn adds(patient: &mut Day) {
	let own = patient.own();
	for index in 1..FILES {
		own.file(&format!("papers/letter {index:02}.txt"), format!("finding {index}").as_bytes());
	}
	own.file("papers/CT of the head.txt", b"no finding");
	let papers = own.home().join("papers").display().to_string();
	own.does(&["record", "add", &papers, "--yes"]).await;
	let listed = own.does(&["record", "list"]).await;
	assert_eq!(listed["items"].as_array().map(Vec::len), Some(FILES), "{listed}");
	patient.done("add 12 files, a folder");

	let found = patient.own().reads(&["record", "list", "--search", "ct head"]).await;
	has(&found, "CT of the head");
	lacks(&found, "letter");
	patient.done("find one again");
}

/// Shares single records, and takes back one of them.
pub async fn shares(patient: &mut Day, doctor: &Typist, ana: &str) {
	let own = patient.own();
	own.is_refused(&["patient", "share", BONES, "0"], USAGE, "no terminal").await;
	own.does(&["patient", "share", BONES, "0", "--yes"]).await;
	patient.done("share one record by the doctor's name");

	let own = patient.own();
	own.does(&["patient", "share", BONES, "1", "--yes"]).await;
	own.does(&["patient", "unshare", BONES, "0"]).await;
	let chart = doctor.does(&["doctor", "chart", ana]).await;
	let records: Vec<_> = chart["items"].as_array().unwrap().iter().collect();
	assert!(records.len() == 1 && records[0]["record"] == 1, "{chart}");
	has(&patient.own().reads(&["patient", "grants"]).await, "records 1");
	patient.done("un-share one of two");
}

/// Opens the whole chart for a while. What is done afterwards shortens nothing.
pub async fn grants(patient: &mut Day) {
	let own = patient.own();
	own.does(&["patient", "grant", BONES, "--append", "--until", "30d", "--yes"]).await;
	let before = own.does(&["patient", "grants"]).await["items"][0].clone();
	assert_eq!((&before["scope"], &before["mayAppend"]), (&json!("chart"), &json!(true)));
	assert!(before["expiresAt"].is_string(), "{before}");
	patient.done("whole chart for 30 days");

	let own = patient.own();
	let again = own.runs(&["patient", "share", BONES, "2", "--yes"]).await;
	assert_ne!(again.code, 0, "the doctor sees all of it already: {again:?}");
	let after = own.does(&["patient", "grants"]).await["items"][0].clone();
	for kept in ["scope", "mayAppend", "expiresAt"] {
		assert_eq!(after[kept], before[kept]);
	}
	patient.done("then share one more record with the same doctor");

	let grants = patient.own().reads(&["patient", "grants"]).await;
	for shown in [BONES, "whole chart"] {
		has(&grants, shown);
	}
	patient.done("who sees what, by name, which records");
}

/// Takes access back, and looks who looked.
pub async fn takes_back(patient: &mut Day, doctor: &Typist) {
	let own = patient.own();
	let revoked = own.does(&["patient", "revoke", BONES]).await;
	assert_eq!(revoked["hadNoAccess"].as_array().map(Vec::len), Some(0), "{revoked}");
	lacks(&doctor.reads(&["doctor", "inbox"]).await, ANA);
	let nobody = "There is no doctor 4000000000. Nothing was revoked.";
	own.is_refused(&["patient", "revoke", "4000000000"], REFUSED, nobody).await;
	patient.done("revoke, also one who doesn't exist");

	let looks = patient.own().reads(&["patient", "disclosures", "--others"]).await;
	for shown in [BONES, "CT of the head"] {
		has(&looks, shown);
	}
	lacks(&looks, "you ");
	patient.done("who looked, by name and title, without one's own listings");
}

/// Goes on with the words alone, and with another passphrase.
pub async fn loses(patient: &mut Day, words: &Mnemonic, network: &Network) {
	patient.people.push(Typist::with_words(network, words).await);
	let second = patient.people.last().unwrap();
	has(&second.reads(&["record", "list", "--search", "ct"]).await, "CT of the head");
	patient.done("lost laptop, words only");

	let own = patient.own();
	let file = own.file("new-passphrase", b"four other words here\n");
	own.does(&["account", "passphrase", "--new-passphrase-file", &file]).await;
	let old = own.runs(&["record", "list"]).await;
	assert_eq!(old.code, WRONG_KEY, "{old:?}");
	fs::copy(&file, own.home().join("passphrase")).unwrap();
	own.does(&["record", "list"]).await;
	own.lightens("own").await;
	patient.done("change passphrase");
}

/// Takes everything along, and withdraws nothing by mistake.
pub async fn leaves_nothing_behind(patient: &mut Day) {
	let own = patient.own();
	let folder = own.home().join("export");
	own.does(&["patient", "export", &folder.display().to_string()]).await;
	let files = fs::read_dir(&folder).unwrap().count();
	assert!(files > FILES, "{files} files for {FILES} records");
	assert!(folder.join("manifest.jsonl").exists());
	patient.done("export everything");

	let own = patient.own();
	own.is_refused(&["record", "withdraw", "0"], USAGE, "no terminal").await;
	own.does(&["record", "open", "0", "--output", &own.home().display().to_string()]).await;
	patient.done("withdraw the wrong one");

	let (one, other) = (patient.own(), patient.people.last().unwrap());
	let count = one.does(&["record", "list"]).await["items"].as_array().map_or(0, Vec::len);
	let (here, there) =
		(one.file("here.txt", b"from here"), other.file("there.txt", b"from there"));
	let (from_here, from_there) = (["record", "add", &here], ["record", "add", &there]);
	tokio::join!(one.does(&from_here), other.does(&from_there));
	let both = one.does(&["record", "list"]).await["items"].as_array().map_or(0, Vec::len);
	assert_eq!(both, count + 2);
	patient.done("two devices at once");
}
