//! A parent acts for a child, as people type the commands for it.

use super::{DENIED, Types, USAGE, items, number, text};
use medblock_e2e::Consortium;
use serde_json::{Value, json};

/// A child and a parent of hospital 1.
pub async fn of_a_child(consortium: &Consortium) {
	let east = Types::known(consortium, "Bob//stash").await;
	let (child, parent) = (Types::somebody(consortium).await, Types::somebody(consortium).await);
	let (_, doctor) = consortium.doctor(1).await;
	let doctor = doctor.0.to_string();
	let mut numbers = Vec::new();
	for person in [&child, &parent] {
		let registered = person.does(&["patient", "register", "--hospital", "1"]).await;
		let patient = number(&registered["patient"]);
		east.does(&["hospital", "verify", "patient", "--yes", &patient]).await;
		numbers.push(patient);
	}
	let [patient, own] = &numbers[..] else { panic!("two people") };
	let born = ["patient", "profile", "--name", "Ana", "--birth-date", "2020-05-12"];
	child.does(&born).await;
	let digest = text(&parent.does(&["patient", "for", "key"]).await["keyDigest"]);
	assert_eq!(parent.does(&["patient", "for", "key"]).await["keyDigest"], json!(digest));

	let name = ["patient", "representatives", "name", own, "--until-age", "18", "--yes"];
	let grant = [&name[..], &["--may", "grant"]].concat();
	child.is_refused(&grant, USAGE, "grant only with seeing").await;
	let all = [&name[..], &["--may", "see,add,grant,revoke"]].concat();
	let named = child.does(&all).await;
	assert_eq!((&named["scopes"], &named["until"]), (&json!(15), &json!("2038-05-12T00:00:00Z")));
	let pending = east.does(&["hospital", "representatives", "pending"]).await;
	assert_eq!(
		pending["items"][0]["representative"].as_u64().map(|n| n.to_string()),
		Some(own.clone())
	);
	let confirm = ["hospital", "representatives", "confirm", patient, own, "--key-digest"];
	let wrong = "00".repeat(32);
	let other = [&confirm[..], &[wrong.as_str()]].concat();
	east.is_refused(&other, super::REFUSED, "is not the digest").await;
	let hex = digest.trim_start_matches("0x").to_owned();
	east.does(&[&confirm[..], &[hex.as_str()]].concat()).await;
	let state = async || -> Value {
		let list = child.does(&["patient", "representatives", "list"]).await;
		items(&list)[0]["state"].clone()
	};
	assert_eq!(state().await, "without-key");
	child.does(&["patient", "representatives", "seal", own]).await;
	assert_eq!(state().await, "with-key");

	let file = parent.program.home().join("Vaccination.txt");
	std::fs::write(&file, "against measles").unwrap();
	let file = file.display().to_string();
	let added = parent.does(&["patient", "for", "add", patient, &file, "--yes"]).await;
	assert_eq!(added["records"], json!([0]));
	let chart = parent.does(&["patient", "for", "chart", patient]).await;
	assert_eq!(chart["items"][0]["author"]["representative"].to_string(), *own);
	let open = ["patient", "for", "open", patient, "0", "--output", "-"];
	assert_eq!(parent.runs(&open).await.printed, "against measles");
	let given = ["patient", "for", "grant", patient, &doctor, "--append", "--yes"];
	assert_eq!(parent.does(&given).await["mayAppend"], true);
	let grants = parent.does(&["patient", "for", "grants", patient]).await;
	assert_eq!(items(&grants).len(), 1);
	parent.does(&["patient", "for", "revoke", patient, &doctor]).await;
	let looks = child.does(&["patient", "disclosures", "--others"]).await;
	let is_parents = |one: &Value| one["representative"].as_u64() == own.parse().ok();
	assert!(items(&looks).iter().any(is_parents), "{looks}");

	child.does(&["patient", "representatives", "end", "--yes", own]).await;
	parent.is_refused(&open, DENIED, "you don't act for patient").await;
	assert!(items(&parent.does(&["patient", "for", "list"]).await).is_empty());
}
