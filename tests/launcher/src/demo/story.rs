//! What people do, and what has to come of it.

use super::{
	Record,
	stage::{Stage, ensure, same},
};
use crate::cli::say;
use medblock_launcher::{Program, Result};
use serde_json::{Value, json};
use std::path::Path;

/// The exit code for what the chain gives no access to.
const DENIED: i32 = 4;

/// A doctor, and their number on the chain.
struct Doctor {
	program: Program,
	number: String,
}

/// Tells it. `blobs` is what is on the disk of the first hospital's vault.
pub async fn tell(stage: &mut Stage, records: &[Record], blobs: &Path) -> Result<()> {
	let [ana, north, east] = [stage.person("ana")?, stage.person("north")?, stage.person("east")?];
	ana.makes_account().await?;
	north.takes_account("Alice//stash").await?;
	east.takes_account("Bob//stash").await?;

	stage.step("Ana registers as a patient of Northern General, and is verified");
	let receipt =
		stage.does("patient registers", &ana, &["patient", "register", "--hospital", "0"]);
	let patient = number(&receipt.await?["patient"]);
	let waiting = north.does(&["hospital", "pending"]).await?;
	let one_waits = waiting["patients"].as_array().is_some_and(|patients| patients.len() == 1);
	ensure(one_waits, || "no patient waits to be verified")?;
	let verify = ["hospital", "verify", "patient", "--yes", &patient];
	stage.does("hospital verifies the patient", &north, &verify).await?;
	let profile = ["patient", "profile", "--name", "Ana Example", "--birth-date", "1984-05-06"];
	stage.does("patient writes her profile", &ana, &profile).await?;

	stage.step("Dr. Bones registers at Eastside Clinic, and is verified");
	let bones = doctor(stage, &east, "bones", "Dr. Bones", "family medicine").await?;

	stage.step("Ana puts three records into her chart");
	for (place, Record { file, r#type, title }) in records.iter().enumerate() {
		let file = file.display().to_string();
		let add = ["record", "add", &file, "--title", title, "--type", r#type];
		let receipt = stage.does(&format!("patient adds: {title}"), &ana, &add).await?;
		let is_next = receipt["records"] == json!([place]);
		ensure(is_next, || format!("record {place} has another place: {receipt}"))?;
	}

	stage.step("Dr. Bones may not see them");
	let opened = stage.folder("bones")?;
	let folder = opened.display().to_string();
	let open_first = ["doctor", "open", &patient, "0", "--output", &folder];
	stage.refused(&bones.program, DENIED, &open_first).await?;
	stage.held("doctor without a grant is refused");

	stage.step("Ana grants Dr. Bones her whole chart");
	let grant = ["patient", "grant", "--yes", &bones.number, "--append"];
	stage.does("patient grants Dr. Bones", &ana, &grant).await?;
	for (place, record) in records.iter().enumerate() {
		opens(&bones, &patient, &place.to_string(), &opened, &record.file).await?;
	}
	let chart = bones.program.does(&["doctor", "chart", &patient]).await?;
	let titles = chart["items"].as_array().into_iter().flatten().map(|entry| &entry["title"]);
	ensure(titles.eq(records.iter().map(|record| &record.title)), || "the titles are others")?;
	stage.held("doctor reads all three, byte for byte");

	stage.step("Dr. Bones answers the CT scan with a note");
	let text = stage.file("note.txt", "No finding in the chest. Repeat in a year.\n")?;
	let file = text.display().to_string();
	let append = ["doctor", "append", "--yes", &patient, &file, "--title", "Reading of the CT"];
	let append = [&append[..], &["--in-reply-to", "1"]].concat();
	let receipt = stage.does("doctor adds a note", &bones.program, &append).await?;
	let note = number(&receipt["records"][0]);

	stage.step("Dr. Carla comes later, and sees the note");
	let carla = doctor(stage, &east, "carla", "Dr. Carla", "radiology").await?;
	stage
		.does("patient grants Dr. Carla", &ana, &["patient", "grant", "--yes", &carla.number])
		.await?;
	let carlas = stage.folder("carla")?;
	opens(&carla, &patient, &note, &carlas, &text).await?;
	stage.held("a doctor granted later reads the note");

	stage.step("Ana takes her chart back from Dr. Bones");
	let could = stage.former(&bones.program, &patient, &bones.number, blobs).await?;
	let held = count(&could["opens"]);
	ensure(held >= 4, || format!("Dr. Bones should hold four records' keys: {could}"))?;
	ensure(could["vault"] == 200, || format!("the vault should still serve Dr. Bones: {could}"))?;
	let revoke = ["patient", "revoke", &bones.number];
	let receipt = stage.does("patient revokes Dr. Bones", &ana, &revoke).await?;
	ensure(receipt["rotation"] == "done", || format!("the chart got no new key: {receipt}"))?;
	stage.refused(&bones.program, DENIED, &open_first).await?;
	let after = stage.former(&bones.program, &patient, &bones.number, blobs).await?;
	ensure(after["vault"] == 403, || format!("the vault should refuse Dr. Bones: {after}"))?;
	say("  the vault, asked directly: 403");
	stage.held("revoked doctor is refused by client and vault");

	stage.step(
		"What Ana adds now, Dr. Bones can't open: not even with all ciphertext and all of the chain",
	);
	let text = stage.file("later.txt", "Started on a new medication.\n")?;
	let add = ["record", "add", &text.display().to_string()];
	let receipt = stage.does("patient adds another record", &ana, &add).await?;
	opens(&carla, &patient, &number(&receipt["records"][0]), &carlas, &text).await?;
	let now = stage.former(&bones.program, &patient, &bones.number, blobs).await?;
	let no_more = now["opens"] == could["opens"];
	ensure(no_more, || format!("Dr. Bones opens more than before: {now}"))?;
	ensure(count(&now["shut"]) >= 1, || {
		format!("there is nothing that Dr. Bones can't open: {now}")
	})?;
	say(&format!(
		"  Dr. Bones kept keys to {held} older files, and opens 0 of what was added since"
	));
	stage.held("former doctor opens nothing that came later");
	stage.held("the remaining doctor reads it");

	stage.step("Ana looks up who was given what");
	let disclosures = ana.does(&["patient", "disclosures"]).await?;
	let given = disclosures["items"].as_array().into_iter().flatten();
	let given: Vec<_> = given.filter(|one| !one["doctor"].is_null()).collect();
	for one in &given {
		let what = match one["record"].as_u64() {
			Some(record) => format!("record {record}"),
			None => "profile".to_owned(),
		};
		let time = one["time"].as_str().unwrap_or_default();
		say(&format!("  {time}: doctor {}, {what}", one["doctor"]));
	}
	for doctor in [&bones.number, &carla.number] {
		let is_there = given.iter().any(|one| number(&one["doctor"]) == *doctor);
		ensure(is_there, || format!("the downloads of doctor {doctor} are missing"))?;
	}
	stage.held("patient sees every download");
	Ok(())
}

/// A new doctor registers at the second hospital, and is verified.
async fn doctor(
	stage: &mut Stage,
	registrar: &Program,
	name: &str,
	printed: &str,
	specialty: &str,
) -> Result<Doctor> {
	let program = stage.person(name)?;
	program.makes_account().await?;
	let register = ["doctor", "register", "--hospital", "1", "--name", printed];
	let practice = ["--specialty", specialty, "--qualification", "MD", "--since", "2001"];
	let register = [&register[..], &practice].concat();
	let receipt = stage.does(&format!("{printed} registers"), &program, &register).await?;
	let doctor = number(&receipt["doctor"]);
	let digest = |name: &str| receipt[name].as_str().unwrap_or_default();
	let (key, profile) = (digest("keyDigest"), digest("profileDigest"));
	let verify = ["hospital", "verify", "doctor", &doctor, "--key-digest", key];
	let verify = [&verify[..], &["--profile-digest", profile]].concat();
	stage.does(&format!("hospital verifies {printed}"), registrar, &verify).await?;
	Ok(Doctor { program, number: doctor })
}

/// A doctor opens a record, which has to have the bytes of this file.
async fn opens(
	doctor: &Doctor,
	patient: &str,
	record: &str,
	folder: &Path,
	same_as: &Path,
) -> Result<()> {
	let opened = folder.join(record);
	let path = opened.display().to_string();
	doctor.program.does(&["doctor", "open", patient, record, "--output", &path]).await?;
	same(same_as, &opened, &format!("record {record}"))
}

/// A number of a receipt, as it is typed.
fn number(value: &Value) -> String {
	value.as_u64().map(|number| number.to_string()).unwrap_or_default()
}

fn count(value: &Value) -> usize {
	value.as_array().map_or(0, Vec::len)
}
