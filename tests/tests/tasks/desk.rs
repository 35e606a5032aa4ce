//! The clerk's tasks, and those of the hospital's IT.

use super::{ANA, BONES, Day, HOSPITAL, REFUSED, Registered, USAGE, has, number, text};
use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{Network, Typist};

/// The controller's place among the people of the desk.
const CONTROLLER: usize = 1;

/// The hospital's own set-up, and its first clerk.
pub async fn opens(desk: &mut Day, gateway: &str) {
	let controller = &desk.people[CONTROLLER];
	controller.does(&["hospital", "gateway", gateway]).await;
	controller.does(&["hospital", "registration", "open"]).await;
	// What it finds depends on how new the network is.
	let checked = controller.runs(&["hospital", "check"]).await;
	has(&checked.printed, "gateway");
	desk.done("gateway, registration mode, check");

	let (clerk, controller) = (desk.own(), &desk.people[CONTROLLER]);
	let account = text(&clerk.does(&["account", "show"]).await["address"]);
	controller.does(&["hospital", "registrar", "appoint", &account]).await;
	clerk.does(&["hospital", "registrar", "accept"]).await;
	clerk.does(&["hospital", "publish-key", "--yes"]).await;
	desk.done("a separate registrar who reads profiles");
}

/// Deciding about those who wait, by name.
pub async fn verifies(desk: &mut Day, ana: &str, bones: &Registered) {
	let pending = desk.own().reads(&["hospital", "pending"]).await;
	has(&pending, ANA);
	has(&pending, BONES);
	desk.done("who waits, by name");

	let clerk = desk.own();
	let verify = ["hospital", "verify", "patient", ana];
	clerk.is_refused(&verify, USAGE, "no terminal").await;
	has(&clerk.reads(&["hospital", "profile", "--patient", ana]).await, "1980-05-12");
	clerk.does(&[&verify[..], &["--yes"]].concat()).await;
	desk.done("verify a patient, seeing whom");

	let clerk = desk.own();
	has(&clerk.reads(&["doctor", "show", &bones.number]).await, BONES);
	let Registered { number, key, profile } = bones;
	let verify = ["hospital", "verify", "doctor", number, "--profile-digest", profile];
	let wrong = "00".repeat(32);
	let mistyped = [&verify[..], &["--key-digest", &wrong]].concat();
	clerk.is_refused(&mistyped, REFUSED, "check it for a typing error").await;
	clerk.does(&[&verify[..], &["--key-digest", key]].concat()).await;
	desk.done("verify a doctor, seeing whom");
}

/// Corrections, which leave alone what they don't name.
pub async fn corrects(desk: &mut Day, ana: &str, bones: &Registered) {
	let (clerk, bones) = (desk.own(), bones.number.as_str());
	clerk.does(&["hospital", "profile", "--patient", ana, "--contact", "555 0123"]).await;
	let profile = clerk.reads(&["hospital", "profile", "--patient", ana]).await;
	for kept in [ANA, "1980-05-12", "555 0123"] {
		has(&profile, kept);
	}
	clerk.does(&["hospital", "doctor-profile", bones, "--specialty", "neurology"]).await;
	let entry = clerk.reads(&["doctor", "show", bones]).await;
	for kept in [BONES, "neurology", "since 2001"] {
		has(&entry, kept);
	}
	desk.done("correct one field of a profile or entry");

	let clerk = desk.own();
	clerk.does(&["hospital", "details", bones, "--licence-until", "2099-12-31"]).await;
	clerk.does(&["hospital", "details", bones, "--text", "Room 4"]).await;
	let entry = clerk.reads(&["doctor", "show", bones]).await;
	for kept in ["2099-12-31", "Room 4"] {
		has(&entry, kept);
	}
	desk.done("licence end, later only the room text");

	let clerk = desk.own();
	clerk.does(&["hospital", "suspend", "patient", ana, "--yes"]).await;
	let suspended =
		clerk.reads(&["hospital", "patients", "--standing", "suspended", "--names"]).await;
	has(&suspended, ANA);
	clerk.does(&["hospital", "reinstate", "patient", ana]).await;
	desk.done("suspend, reinstate, list the suspended");
}

/// A patient of another hospital moves here.
pub async fn takes_in(desk: &mut Day, network: &Network) {
	let mover = Typist::newcomer(network).await;
	let east = Typist::known(network, "Bob//stash").await;
	let done = mover.does(&["patient", "register", "--hospital", "Eastside Clinic"]).await;
	let id = number(&done["patient"]);
	east.does(&["hospital", "verify", "patient", &id, "--yes"]).await;
	mover.does(&["patient", "profile", "--name", "Cem Mover"]).await;
	mover.does(&["patient", "move", "--to", HOSPITAL]).await;

	let clerk = desk.own();
	let pending = clerk.reads(&["hospital", "pending"]).await;
	for shown in ["Cem Mover", "to move here"] {
		has(&pending, shown);
	}
	// The patient sees that the desk has looked.
	let looks = mover.reads(&["patient", "disclosures", "--others"]).await;
	has(&looks, &format!("registrar of {HOSPITAL}"));
	clerk.does(&["hospital", "take-in", "patient", &id, "--yes"]).await;
	has(&clerk.reads(&["hospital", "patients", "--search", "Mover"]).await, "Cem Mover");
	desk.done("take in a patient who moves, seeing the name");
}

/// A new version of the hospital's key. What was written before opens, and what is written afterwards.
pub async fn renews_the_key(desk: &mut Day, ana: &str, patient: &Typist) {
	let clerk = desk.own();
	clerk.does(&["hospital", "publish-key", "--yes"]).await;
	let read = ["hospital", "profile", "--patient", ana];
	has(&clerk.reads(&read).await, "555 0123");
	patient.does(&["patient", "profile", "--contact", "555 0456"]).await;
	has(&clerk.reads(&read).await, "555 0456");
	desk.done("rotate the hospital's key, old and new profiles readable");
}

/// A second machine, and the last day of a registrar.
pub async fn says_goodbye(desk: &mut Day, network: &Network) {
	// The words go from machine to machine on paper. They stand in a file here for want of a terminal.
	let words = text(&desk.own().does(&["account", "export", "--words", "--yes"]).await["words"]);
	let second = Typist::with_words(network, &Mnemonic::parse(&words).unwrap()).await;
	has(&second.reads(&["hospital", "patients", "--search", ANA]).await, ANA);
	desk.people.push(second);
	desk.done("a second registrar's machine");

	desk.people.push(Typist::newcomer(network).await);
	let (clerk, controller) = (desk.own(), &desk.people[CONTROLLER]);
	let leaver = desk.people.last().unwrap();
	let account = text(&leaver.does(&["account", "show"]).await["address"]);
	controller.does(&["hospital", "registrar", "appoint", &account]).await;
	leaver.does(&["hospital", "registrar", "accept"]).await;
	clerk.does(&["hospital", "share-key", "--yes"]).await;
	desk.passes();
	let (clerk, controller) = (desk.own(), &desk.people[CONTROLLER]);
	has(&clerk.reads(&["hospital", "registrars"]).await, &account);
	controller.does(&["hospital", "registrar", "remove", "--yes", &account]).await;
	let published = clerk.does(&["hospital", "publish-key", "--yes"]).await;
	assert_eq!(number(&published["version"]), "3");
	desk.done("a registrar leaves: list, remove, key renewed");
}
