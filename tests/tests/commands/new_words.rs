//! New words, as people type the commands for them.

use super::{Types, USAGE, text};
use medblock_client::{grants::Terms, medblock_crypto::Mnemonic};
use medblock_e2e::{Consortium, Person, Program, must};
use medblock_primitives::PatientId;
use serde_json::json;

/// A doctor of hospital 2 replaces the words. Until a patient renews the chart's key, the former words read it.
pub async fn of_doctor(consortium: &Consortium, (ana, patient): (Person, PatientId)) {
	let words = Mnemonic::generate();
	let mut bones = Types::with(Program::with_words(&consortium.network, &words).await);
	let person = Person::with_words(&consortium.network, &words).await;
	let doctor = consortium.admit_doctor(&person, 2, None).await;
	let record = ana.adds("letter", b"from before").await;
	ana.client.grant(doctor, Terms::default()).await.unwrap();

	bones.does(&["account", "new", "new"]).await;
	bones.program.lightens("new").await;
	let mut digest = None;
	for _ in 0..60 {
		let done = bones.does(&["doctor", "new-words", "new", "--yes"]).await;
		digest = done["keyDigest"].as_str().map(str::to_owned);
		if digest.is_some() {
			break;
		}
		// The presets' delay is six seconds, by the chain's clock.
		tokio::time::sleep(std::time::Duration::from_secs(1)).await;
	}
	let digest = digest.expect("the account has changed, and then the key");
	let south = Types::known(consortium, "Charlie//stash").await;
	let doctor = doctor.0.to_string();
	south.does(&["hospital", "confirm-key", &doctor, "--key-digest", &digest]).await;

	bones.account = "new";
	let (patient, record) = (patient.0.to_string(), record.to_string());
	let open = ["doctor", "open", &patient, &record, "--output", "-"];
	let alone = bones.runs(&open).await;
	assert_ne!(alone.code, 0, "it was granted to the old words: {alone:?}");
	let both = [&open[..], &["--former", "own"]].concat();
	assert_eq!(bones.runs(&both).await.printed, "from before");
	must(ana.client.rotate().await);
	assert_eq!(bones.runs(&open).await.printed, "from before");
}

/// The registrar of hospital 3 replaces the words, in as many runs as it takes.
pub async fn of_registrar(consortium: &Consortium) {
	let controller = Types::known(consortium, "Dave").await;
	let mut desk = Types::known(consortium, "Dave//stash").await;
	desk.does(&["hospital", "registrar", "own-key"]).await;
	assert_eq!(desk.does(&["hospital", "publish-key", "--yes"]).await["version"], 1);
	let address = text(&desk.does(&["account", "new", "next"]).await["address"]);
	desk.program.lightens("next").await;
	let replace = ["hospital", "new-words", "next", "--yes"];
	desk.is_refused(&replace[..3], USAGE, "add --yes").await;
	assert_eq!(desk.does(&replace).await["step"], "appointment");
	controller.does(&["hospital", "registrar", "appoint", &address]).await;
	let done = desk.does(&replace).await;
	assert_eq!((&done["step"], &done["registrar"]), (&json!("done"), &json!(address)));
	assert_eq!(desk.does(&replace).await["step"], "done", "nothing is left to do");

	desk.account = "next";
	let listed = desk.does(&["hospital", "registrar", "list"]).await;
	let registrars = listed["registrars"].as_array().map(Vec::as_slice).unwrap_or_default();
	assert_eq!(registrars.len(), 1, "{listed}");
	assert_eq!(registrars[0]["account"], json!(address));
	let key = &listed["profileKey"];
	assert_eq!((&key["holders"], &key["due"]), (&json!(1), &json!(false)), "{listed}");
	desk.does(&["hospital", "pending"]).await;
}
