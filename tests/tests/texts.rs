//! Texts that once misled people. Each has to say what happened, who is concerned, and what to do.

use medblock_e2e::{Consortium, Typist};
use serde_json::Value;

/// What is refused by the chain, and what for lack of access, as the program exits.
const REFUSED: i32 = 3;
const DENIED: i32 = 4;

/// A doctor as they register; their number and the digests that verifying them takes.
struct Registered {
	number: String,
	key: String,
	profile: String,
}

impl Registered {
	async fn with(doctor: &Typist, name: &str) -> Self {
		let register = ["doctor", "register", "--hospital", "0", "--name", name];
		let more = ["--specialty", "cardiology", "--qualification", "MD", "--since", "2001"];
		let receipt = doctor.does(&[&register[..], &more[..]].concat()).await;
		let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
		let (key, profile) = (text("keyDigest"), text("profileDigest"));
		Self { number: number(&receipt["doctor"]), key, profile }
	}

	/// The words that verify them, by this digest of the key.
	fn verifying<'a>(&'a self, key: &'a str) -> [&'a str; 8] {
		let Self { number, profile, .. } = self;
		["hospital", "verify", "doctor", number, "--key-digest", key, "--profile-digest", profile]
	}
}

fn number(value: &Value) -> String {
	value.as_u64().unwrap_or_else(|| panic!("{value} is no number")).to_string()
}

#[tokio::test]
async fn nobody_is_misled() {
	let consortium = Consortium::start().await;
	let network = &consortium.network;
	let north = Typist::known(network, "Alice//stash").await;
	let (ana, bones, stranger) = (
		Typist::newcomer(network).await,
		Typist::newcomer(network).await,
		Typist::newcomer(network).await,
	);

	let patient = number(&ana.does(&["patient", "register", "--hospital", "0"]).await["patient"]);
	let verify = ["hospital", "verify", "patient", &patient, "--yes"];
	north.does(&verify).await;
	north.is_refused(&verify, REFUSED, &format!("patient {patient} is verified already")).await;
	ana.does(&["patient", "profile", "--name", "Ana Example"]).await;
	let letter = ana.file("letter.txt", b"haemoglobin 14");
	ana.does(&["record", "add", &letter]).await;

	// Which decision of the hospital stands in the way, and which digest is wrong.
	let doctor = Registered::with(&bones, "Dr. Bones").await;
	let grant = ["patient", "grant", &doctor.number, "--yes"];
	ana.is_refused(&grant, REFUSED, "has not verified them yet").await;
	let wrong = "00".repeat(32);
	north.is_refused(&doctor.verifying(&wrong), REFUSED, "check it for a typing error").await;
	north.does(&doctor.verifying(&doctor.key)).await;
	let again = format!("doctor {} is verified already", doctor.number);
	north.is_refused(&doctor.verifying(&doctor.key), REFUSED, &again).await;

	// A doctor with a single record sees no profile, withdraws nothing, and reads when the grant ends.
	ana.does(&["patient", "share", &doctor.number, "0", "--yes"]).await;
	let grants = ana.reads(&["patient", "grants", "--record", "7"]).await;
	assert!(grants.contains("No doctor may see record 7."), "{grants}");
	let shown = bones.runs(&["patient", "show", "--id", &patient]).await;
	assert!(shown.said.contains("has shared single records with you"), "{shown:?}");
	let withdraw = ["record", "withdraw", "0", "--yes"];
	bones.is_refused(&withdraw, DENIED, "only the patient can withdraw a record").await;
	let inbox = bones.reads(&["doctor", "inbox"]).await;
	assert!(inbox.contains("the patient revokes it"), "{inbox}");
	let shown = stranger.runs(&["patient", "show", "--id", &patient]).await;
	assert!(!shown.said.contains("doctor register"), "{shown:?}");
	let east = Typist::known(network, "Bob//stash").await;
	let profile = ["hospital", "profile", "--patient", &patient];
	east.is_refused(&profile, DENIED, "only registrars of hospital 0").await;

	// Nothing that did not happen is reported as done.
	let nobody = "There is no doctor 4000000000. Nothing was revoked.";
	ana.is_refused(&["patient", "revoke", "4000000000"], REFUSED, nobody).await;
	let other = Registered::with(&stranger, "Dr. Other").await;
	let said = ana.reads(&["patient", "revoke", &other.number]).await;
	let expected = "had no access. Nothing was taken back.";
	assert!(said.contains("Dr. Other") && said.contains(expected), "{said}");

	// A new key reaches only doctors whose own keys are confirmed.
	ana.does(&grant).await;
	let said = ana.reads(&["patient", "rotate"]).await;
	assert!(said.contains("Doctors who have it: Dr. Bones"), "{said}");
	bones.does(&["doctor", "new-key", "--yes"]).await;
	let said = ana.reads(&["patient", "rotate"]).await;
	for part in ["No doctor has it.", "Not yet: Dr. Bones", "(key not confirmed)"] {
		assert!(said.contains(part), "{said}");
	}
	let grants = ana.reads(&["patient", "grants"]).await;
	assert!(grants.contains("has confirmed their key"), "{grants}");

	// Suspended people read that they are, and who can end it.
	north.does(&["hospital", "suspend", "doctor", &doctor.number, "--yes"]).await;
	ana.is_refused(&grant, REFUSED, "has suspended them").await;
	let shown = ana.reads(&["doctor", "show", &doctor.number]).await;
	assert!(shown.contains("has suspended them"), "{shown}");
	let inbox = bones.reads(&["doctor", "inbox"]).await;
	assert!(inbox.contains("your hospital has suspended you"), "{inbox}");
	let refused = bones.runs(&["doctor", "chart", &patient]).await;
	assert!(refused.said.contains("`medblock doctor show`"), "{refused:?}");

	// A part of a list that is empty is not the whole list.
	ana.reads(&["record", "open", "0", "--output", "-"]).await;
	let looks = ana.reads(&["patient", "disclosures", "--until", "2020-01-01"]).await;
	assert!(looks.contains("nothing fits"), "{looks}");
	north.does(&["hospital", "suspend", "patient", &patient, "--yes"]).await;
	let profile = ["patient", "profile", "--name", "Ana Other"];
	ana.is_refused(&profile, REFUSED, "hospital 0 has suspended you").await;
	let verify = ["hospital", "verify", "patient", &patient, "--yes"];
	north.is_refused(&verify, REFUSED, "was verified, and is suspended now").await;
}
