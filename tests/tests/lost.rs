//! What people do who have lost something, by the steps in the manuals: the commands are read from there, and run as they
//! are printed. Only what the program asks for is answered in advance, since there is no terminal.

use medblock_client::{grants::Terms, medblock_crypto::Mnemonic};
use medblock_e2e::{Consortium, Person, Program, Ran, must};
use medblock_primitives::{DoctorId, PatientId};
use serde_json::Value;
use std::{fs, path::PathBuf, time::Duration};

/// How the program refuses a command that it would ask about.
const USAGE: i32 = 2;

/// A section of a manual about what was lost.
struct Section {
	text: String,
}

/// A command of a manual, in words.
type Typed = Vec<String>;

impl Section {
	fn of(document: &str, heading: &str) -> Self {
		let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
		let text = fs::read_to_string(PathBuf::from(folder).join(document)).unwrap();
		let begin = text.find(&format!("\n## {heading}\n")).expect("the section") + 1;
		let end = text[begin + 3..].find("\n## ").map_or(text.len(), |at| begin + 3 + at);
		Self { text: text[begin..end].to_owned() }
	}

	/// The cases, in order.
	fn cases(&self) -> Vec<&str> {
		self.text.lines().filter_map(|line| line.strip_prefix("### ")).collect()
	}

	/// The commands of a case, with these numbers for `$PATIENT` and `$DOCTOR`.
	fn commands(&self, case: &str, (patient, doctor): (PatientId, DoctorId)) -> Vec<Typed> {
		let heading = format!("### {case}");
		let mut lines = self.text.lines().skip_while(|line| *line != heading).skip(1);
		let mut commands = Vec::new();
		let mut is_code = false;
		for line in lines.by_ref().take_while(|line| !line.starts_with('#')) {
			match line.trim() {
				"```sh" => is_code = true,
				"```" => is_code = false,
				line if is_code => {
					let line = line.replace("$PATIENT", &patient.0.to_string());
					commands.push(split(&line.replace("$DOCTOR", &doctor.0.to_string())));
				},
				_ => (),
			}
		}
		assert!(!commands.is_empty(), "{case}: there are commands");
		commands
	}
}

/// The words of a line, of which some are in quotation marks.
fn split(line: &str) -> Typed {
	let parts = line.split('"').enumerate();
	let words = parts.flat_map(|(index, part)| match index % 2 {
		0 => part.split_whitespace().map(str::to_owned).collect(),
		_ => vec![part.to_owned()],
	});
	words.collect()
}

/// Numbers for commands that have none.
const NO_ONE: (PatientId, DoctorId) = (PatientId(u32::MAX), DoctorId(u32::MAX));

/// A machine, and the words that its owner has on paper.
struct Machine {
	program: Program,
	words: Mnemonic,
}

impl Machine {
	/// One on which nothing was done yet.
	fn new(consortium: &Consortium, words: &Mnemonic) -> Self {
		let program = Program::new(&consortium.network);
		let words = Mnemonic::parse(&words.words()).unwrap();
		fs::write(program.home().join("paper"), words.words().as_bytes()).unwrap();
		Self { program, words }
	}

	/// One with an account.
	async fn with_account(consortium: &Consortium, words: &Mnemonic, name: &str) -> Self {
		let machine = Self::new(consortium, words);
		machine.types(&split(&format!("medblock account import {name}"))).await;
		machine
	}

	/// Types a command, which has to succeed, and answers what it asks.
	async fn types(&self, typed: &[String]) -> Ran {
		let paper = self.program.home().join("paper").display().to_string();
		let mut words: Vec<&str> = typed.iter().map(String::as_str).collect();
		assert_eq!(words.remove(0), "medblock", "{typed:?}");
		if words.starts_with(&["account", "import"]) {
			words.extend(["--words-file", &paper]);
		}
		let mut ran = self.program.run(&words).await;
		if ran.code == USAGE && ran.said.contains("add --yes") {
			words.push("--yes");
			ran = self.program.run(&words).await;
		}
		assert_eq!(ran.code, 0, "{typed:?}: {ran:?}");
		if let ["account", "import" | "new", name, ..] = words[..] {
			self.program.lightens(name).await;
		}
		ran
	}

	/// Types all commands of a case, in order.
	async fn types_all(&self, commands: &[Typed]) -> Vec<Ran> {
		let mut all = Vec::new();
		for typed in commands {
			all.push(self.types(typed).await);
		}
		all
	}

	/// Types `new-words` once the delay is over, which is six seconds in the presets.
	async fn types_a_day_later(&self, typed: &[String]) -> Value {
		let typed = [typed, &["--json".to_owned()]].concat();
		for _ in 0..60 {
			let done = self.types(&typed).await.json().unwrap();
			if done.get("patient").or(done.get("doctor")).is_some() {
				return done;
			}
			tokio::time::sleep(Duration::from_secs(1)).await;
		}
		panic!("the account never takes over");
	}

	fn has(&self, account: &str) -> bool {
		self.program.home().join(format!("accounts/{account}.age")).exists()
	}

	/// What it keeps under the name of an account, by the account's address.
	fn keeps(&self, address: &str) -> bool {
		["titles", "names", "notebook", "receipts", "logs"]
			.iter()
			.any(|folder| self.program.home().join(folder).join(address).exists())
	}
}

fn is_of(typed: &[String], words: &[&str]) -> bool {
	typed.get(1..=words.len()).is_some_and(|typed| typed == words)
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_the_manuals_help_who_has_lost_something() {
	let consortium = Consortium::start().await;
	// Patients are hospital 0's, and doctors hospital 1's.
	tokio::join!(Box::pin(patients(&consortium)), Box::pin(doctors(&consortium)));
}

async fn patients(consortium: &Consortium) {
	let section = Section::of("patients.md", "If you have lost something");
	let cases = section.cases();
	let [machine_gone, words_known, passphrase, words_lost, all_lost] = cases[..] else {
		panic!("a case has no test: {cases:?}");
	};
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	consortium.admit(&ana, 0).await;
	ana.adds("letter", b"from before").await;

	let machine = Machine::new(consortium, &words);
	let ran = machine.types_all(&section.commands(machine_gone, NO_ONE)).await;
	assert!(ran.iter().any(|one| one.printed.contains("letter")), "{ran:?}");

	machine.types_all(&section.commands(passphrase, NO_ONE)).await;
	assert!(machine.types(&split("medblock record list")).await.printed.contains("letter"));

	let ran = machine.types_all(&section.commands(words_lost, NO_ONE)).await;
	assert_eq!(ran[0].printed.trim(), *machine.words.words());

	new_words(consortium, &section, words_known, &words).await;

	let machine = Machine::with_account(consortium, &Mnemonic::generate(), "ana").await;
	let ran = machine.types_all(&section.commands(all_lost, NO_ONE)).await;
	assert!(ran[1].printed.contains("You are patient"), "{ran:?}");
}

/// A patient's words are replaced, and what the old ones had here goes.
async fn new_words(consortium: &Consortium, section: &Section, case: &str, words: &Mnemonic) {
	let machine = Machine::with_account(consortium, words, "ana").await;
	machine.types(&split("medblock record list")).await;
	let address = Person::with_words(&consortium.network, words).await;
	let address = address.client.keys().account().to_string();
	assert!(machine.keeps(&address));
	let mut is_asked = false;
	for typed in section.commands(case, NO_ONE) {
		if is_asked && is_of(&typed, &["patient", "new-words"]) {
			machine.types_a_day_later(&typed).await;
			continue;
		}
		is_asked |= is_of(&typed, &["patient", "new-words"]);
		let ran = machine.types(&typed).await;
		if is_of(&typed, &["record", "list"]) {
			assert!(ran.printed.contains("letter"), "{ran:?}");
		}
	}
	assert!(machine.has("ana-2") && !machine.has("ana"));
	assert!(!machine.keeps(&address), "nothing of the old account is kept");
}

async fn doctors(consortium: &Consortium) {
	let section = Section::of("doctors.md", "If a doctor has lost something");
	let cases = section.cases();
	let [machine_gone, words_known, passphrase, all_lost] = cases[..] else {
		panic!("a case has no test: {cases:?}");
	};
	let desk = Desk(Program::known(&consortium.network, "Bob//stash").await);
	let (ana, patient) = consortium.patient(1).await;
	ana.adds("letter", b"from before").await;

	let (words, doctor) = granted_doctor(consortium, &ana).await;
	let machine = Machine::new(consortium, &words);
	let ran = machine.types_all(&section.commands(machine_gone, (patient, doctor))).await;
	assert!(ran.last().is_some_and(|one| one.printed.contains("letter")), "{ran:?}");
	machine.types_all(&section.commands(passphrase, NO_ONE)).await;
	assert!(machine.has("ada"));

	let (words, doctor) = granted_doctor(consortium, &ana).await;
	let machine = Machine::with_account(consortium, &words, "ada").await;
	let mut digest = None;
	let mut is_asked = false;
	for mut typed in section.commands(words_known, (patient, doctor)) {
		if is_asked && is_of(&typed, &["doctor", "new-words"]) {
			let done = machine.types_a_day_later(&typed).await;
			digest = done["keyDigest"].as_str().map(str::to_owned);
		} else if is_of(&typed, &["hospital"]) {
			if is_of(&typed, &["hospital", "confirm-key"]) {
				let digest = digest.clone().expect("the doctor tells it");
				typed.extend(["--key-digest".to_owned(), digest]);
			}
			desk.types(&typed).await;
		} else {
			if is_of(&typed, &["doctor", "chart"]) {
				must(ana.client.rotate().await);
			}
			is_asked |= is_of(&typed, &["doctor", "new-words"]);
			let ran = machine.types(&typed).await;
			let is_chart = is_of(&typed, &["doctor", "chart"]);
			assert!(!is_chart || ran.printed.contains("letter"), "{ran:?}");
		}
	}
	let open = format!("medblock doctor open {} 0 --output - --account ada-2", patient.0);
	assert_eq!(machine.types(&split(&open)).await.printed, "from before", "by the new words alone");

	let (words, doctor) = granted_doctor(consortium, &ana).await;
	let machine = Machine::with_account(consortium, &words, "ada").await;
	for typed in section.commands(all_lost, (patient, doctor)) {
		match is_of(&typed, &["hospital"]) {
			true => drop(desk.types(&typed).await),
			false => drop(machine.types(&typed).await),
		}
	}
	assert!(machine.has("ada-2"));
}

/// A doctor who has a grant of this patient's chart, and the doctor's words.
async fn granted_doctor(consortium: &Consortium, ana: &Person) -> (Mnemonic, DoctorId) {
	let words = Mnemonic::generate();
	let person = Person::with_words(&consortium.network, &words).await;
	let doctor = consortium.admit_doctor(&person, 1, None).await;
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	(words, doctor)
}

/// The registrar's machine.
struct Desk(Program);

impl Desk {
	async fn types(&self, typed: &[String]) -> Ran {
		let words: Vec<&str> = typed.iter().skip(1).map(String::as_str).collect();
		let mut ran = self.0.run(&words).await;
		if ran.code == USAGE && ran.said.contains("add --yes") {
			ran = self.0.run(&[&words[..], &["--yes"]].concat()).await;
		}
		assert_eq!(ran.code, 0, "{typed:?}: {ran:?}");
		ran
	}
}
