//! The people who use the network meanwhile: patients and doctors with the client library, a desk, and a patient with
//! `medblock`. They go on with what fails, as people do, and the history hears all that they are told.

use super::{
	history::{File, Pair, Revocation},
	plan::ALONE,
	watched::Watched,
	world::{Result, World, text},
};
use crate::{Dice, Person, Program, people::known_keys};
use medblock_client::{
	Done, Error,
	chain::{self, Reason, Receipt},
	grants::{Confirmed, Terms},
	medblock_crypto::Mnemonic,
	vault::{self, Item, unwatched},
};
use medblock_primitives::*;
use serde_json::Value;
use sp_io::hashing::sha2_256;
use std::time::Duration;

/// The title of each record.
const TITLE: &str = "a title in clear";

/// Patients, each with a doctor.
const FAMILIES: usize = 3;

/// How often a doctor asks for what was revoked.
const PROBES: u32 = 3;

/// How often a doctor asks at most for what they were given: their vault may have yet to hear of the grant.
const READS: u32 = 10;

/// The hospital at whose vault a patient writes all the time: [`ALONE`], which the program's patient does not use.
const WRITERS: u16 = ALONE as u16;

/// A patient, and a doctor who gets access from them and loses it again.
pub struct Family {
	ana: Person,
	patient: PatientId,
	doctor: Person,
	doctor_id: DoctorId,
	dice: Dice,
}

/// All people.
pub struct People {
	families: Vec<Family>,
	/// The patient with the program, and the same person with the client, who reads in audits.
	program: Program,
	author: (Person, PatientId),
	/// A patient of the other vault, so that what happens to either happens to people.
	writer: (Person, PatientId),
	/// What every content begins with, and nothing that is encrypted has.
	word: String,
}

impl People {
	/// Everyone registers, and is verified.
	pub async fn arrive(world: &World, seed: u64) -> Result<Self> {
		let mut families = Vec::new();
		for number in 0..FAMILIES {
			let hospital = (number % 2) as u16;
			let ana = world.person(&Mnemonic::generate(), number).await?;
			let patient = world.consortium.admit(&ana, hospital).await;
			let doctor = world.person(&Mnemonic::generate(), number + 1).await?;
			let doctor_id = world.consortium.admit_doctor(&doctor, 1 - hospital, None).await;
			let dice = Dice::of_part(seed, number as u64);
			families.push(Family { ana, patient, doctor, doctor_id, dice });
		}
		let words = Mnemonic::generate();
		let author = world.person(&words, 0).await?;
		let patient = world.consortium.admit(&author, 0).await;
		let program = Program::with_words(world.network(), &words).await;
		let writer = world.person(&Mnemonic::generate(), 3).await?;
		let writes = world.consortium.admit(&writer, WRITERS).await;
		let word = format!("haemoglobin of campaign {seed} in clear");
		Ok(Self { families, program, author: (author, patient), writer: (writer, writes), word })
	}

	/// The words that may be in clear nowhere but with people, and the same in hexadecimal, as logs print bytes.
	pub fn words(&self) -> Vec<String> {
		let words = [self.word.clone(), TITLE.to_owned()];
		let in_digits = words
			.each_ref()
			.map(|word| word.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
		[words, in_digits].concat()
	}

	/// Goes on until all is over.
	pub async fn go_on(&self, world: &World, watched: &Watched) {
		let families = self.families.iter().map(|family| self.family_lives(family, watched));
		tokio::join!(
			futures::future::join_all(families),
			self.author_writes(watched),
			self.writer_writes(watched),
			self.desk_works(world, watched),
		);
	}

	/// Has a file be served to its patient, once.
	pub async fn reads(&self, file: File, watched: &Watched) {
		let of_family = |family: &&Family| family.patient.0 == file.patient;
		let reader = match self.families.iter().find(of_family) {
			Some(family) => &family.ana,
			None if self.writer.1.0 == file.patient => &self.writer.0,
			None => &self.author.0,
		};
		read(reader, file, watched).await;
	}

	async fn family_lives(&self, family: &Family, watched: &Watched) {
		let mut dice = family.dice.clone();
		for round in 0.. {
			if watched.is_over() {
				return;
			}
			let padding = "x".repeat(dice.index(200_000));
			let content = format!("{} {} {round} {padding}", self.word, family.patient.0);
			let file = adds(&family.ana, family.patient, content.as_bytes(), watched).await;
			if let Some(file) = file {
				read(&family.ana, file, watched).await;
				let granted = family.grants(watched).await;
				if granted == Some(true) {
					family.doctor_reads(file, watched).await;
				}
				// Also a grant whose outcome is open is taken back.
				if granted != Some(false)
					&& let Some(at) = family.revokes(watched).await
				{
					family.is_shut_out(file, at, watched).await;
				}
			}
			watched.pause(Duration::from_millis(dice.below(1_500))).await;
		}
	}

	/// Small records, one after another.
	async fn writer_writes(&self, watched: &Watched) {
		let (writer, patient) = &self.writer;
		for round in 0.. {
			if watched.is_over() {
				return;
			}
			let content = format!("{} {} {round}", self.word, patient.0);
			if let Some(file) = adds(writer, *patient, content.as_bytes(), watched).await {
				read(writer, file, watched).await;
			}
			watched.pause(Duration::from_millis(1_500)).await;
		}
	}

	/// `medblock record add` and `record open`.
	async fn author_writes(&self, watched: &Watched) {
		let patient = self.author.1.0;
		for round in 0.. {
			if watched.is_over() {
				return;
			}
			let path = self.program.home().join(format!("letter-{round}"));
			let content = format!("{} {patient} {round}", self.word);
			std::fs::write(&path, &content).expect("a file");
			let path = path.display().to_string();
			let add = ["record", "add", &path, "--json", "--quiet"];
			let ran = self.program.run(&add).await;
			let told = ran.json().ok().filter(|_| ran.code == 0);
			let record = told.as_ref().and_then(|told| number(&told["records"][0]));
			if let Some((told, record)) = told.zip(record) {
				let file = File { patient, record };
				watched.note(|history| {
					let (block, hash) = (number(&told["block"]["number"]), &told["block"]["hash"]);
					if let Some((block, hash)) = block.zip(hash.as_str()) {
						history.told("a record of medblock", block, hash);
					}
					history.acknowledged(file, sha2_256(content.as_bytes()));
				});
				let record = record.to_string();
				let open = ["record", "open", &record, "--output", "-", "--quiet"];
				let ran = self.program.run(&open).await;
				if ran.code == 0 {
					let digest = sha2_256(ran.printed.as_bytes());
					watched.note(|history| history.served(file, digest));
				}
			}
			watched.pause(Duration::from_millis(1_500)).await;
		}
	}

	/// New patients come to the second hospital's desk, which verifies them.
	async fn desk_works(&self, world: &World, watched: &Watched) {
		let mut desk = None;
		while !watched.is_over() {
			if desk.is_none() {
				desk = world.desk().await.ok();
			}
			if let Some(desk) = &desk
				&& let Ok(newcomer) = world.person(&Mnemonic::generate(), 1).await
				&& let Ok(done) = newcomer.client.register_patient(HospitalId(1)).await
				&& let Some(receipt) = tells("a registration", &done, watched)
				&& let Some(event) = receipt.event("PatientRegistered")
				&& let Some(patient) = event.number("patient")
				&& let Ok(done) = desk.client.verify_patient(PatientId(patient)).await
			{
				tells("a verification", &done, watched);
			}
			watched.pause(Duration::from_secs(4)).await;
		}
	}
}

impl Family {
	/// The doctor reads what they were given, and asks for it as they do once it is taken back: only who was served before
	/// shows anything by being refused.
	async fn doctor_reads(&self, file: File, watched: &Watched) {
		for _ in 0..READS {
			if watched.is_over() {
				return;
			}
			read(&self.doctor, file, watched).await;
			if let Ok(true) = self.asks_vault(file.record).await {
				watched.note(|history| history.read_before(self.pair()));
				return;
			}
			watched.pause(Duration::from_secs(1)).await;
		}
	}

	/// Gives the doctor access, and says whether that is told to be final; none if the client can't tell.
	async fn grants(&self, watched: &Watched) -> Option<bool> {
		watched.note(|history| history.granting(self.pair()));
		match self.ana.client.grant(self.doctor_id, Terms::default()).await {
			Ok(granted) => {
				let grant = granted.grant.as_ref();
				Some(grant.is_some_and(|done| tells("a grant", done, watched).is_some()))
			},
			Err(why) if why.is_final() => Some(false),
			Err(_) => None,
		}
	}

	/// Whether there is a grant to take back, as far as the patient's node says.
	async fn has_grant(&self) -> medblock_client::Result<bool> {
		let at = self.ana.client.chain().best().await?;
		Ok(at.grant(self.patient, self.doctor_id).await?.is_some())
	}

	/// Takes the access back, until that is told to be final; gives the time when it was.
	async fn revokes(&self, watched: &Watched) -> Option<u64> {
		while !watched.is_over() {
			let began = watched.now();
			let sent = self.ana.client.revoke(&[self.doctor_id]).await;
			let spent = matches!(&sent, Err(Error::Chain(chain::Error::AllowanceSpent { .. })));
			let mut is_open = false;
			if spent {
				match self.has_grant().await {
					// An account whose allowance is spent takes back what it has given, and names no others.
					Ok(false) => return None,
					Ok(true) => {},
					Err(_) => is_open = true,
				}
			}
			let came = match &sent {
				Ok(revoked) if revoked.confirmed == Confirmed::ByTwo => Revocation::Taken,
				Ok(revoked) => Revocation::Stalled(format!("{:?}", revoked.confirmed)),
				Err(why) if is_open || is_stall(why) => Revocation::Stalled(why.to_string()),
				Err(why) => Revocation::Refused(why.to_string()),
			};
			if let Ok(revoked) = &sent {
				tells("a revocation", &revoked.done, watched);
			}
			let is_taken = came == Revocation::Taken;
			let (at, disturbed) = (watched.now(), watched.was_disturbed_since(began));
			watched.note(|history| history.revocation(self.pair(), came, at, disturbed));
			if is_taken {
				return Some(at);
			}
			watched.pause(Duration::from_secs(2)).await;
		}
		None
	}

	/// The doctor asks the vault itself, past what their own client refuses, once it has to know of the revocation.
	async fn is_shut_out(&self, file: File, revoked: u64, watched: &Watched) {
		let due = revoked + watched.grace_since(revoked) + 500;
		watched.pause(Duration::from_millis(due.saturating_sub(watched.now()))).await;
		for _ in 0..PROBES {
			if watched.is_over() {
				return;
			}
			let began = watched.now();
			let asked = self.asks_vault(file.record).await;
			let (pair, grace) = (self.pair(), watched.grace_since(revoked));
			watched.note(|history| match asked {
				Ok(true) => history.read(pair, began, grace),
				Err(Error::Vault(vault::Error::Refused { status: 403, .. })) => {
					history.read_refused(pair, began, grace);
				},
				// It could not be asked.
				Ok(false) | Err(_) => {},
			});
			watched.pause(Duration::from_secs(1)).await;
		}
	}

	/// Whether the vault gives the doctor a record's first bytes. Not if their node has yet to hear of the record.
	async fn asks_vault(&self, record: RecordIndex) -> medblock_client::Result<bool> {
		let client = &self.doctor.client;
		let at = client.chain().finalized().await?;
		let found = at.record(self.patient, record).await?;
		let Some(document) = found.and_then(|record| record.document) else { return Ok(false) };
		let vault = client.vault(document.vault).await?;
		vault.beginning(self.patient, Item::Record(record), &document).await.map(|_| true)
	}

	fn pair(&self) -> Pair {
		Pair { patient: self.patient.0, doctor: self.doctor_id.0 }
	}
}

/// A patient adds a record; gives its place if it is told to be final.
async fn adds(ana: &Person, patient: PatientId, content: &[u8], watched: &Watched) -> Option<File> {
	let new = ana.file(TITLE, content);
	let done = ana.client.add_records(&[new], &unwatched()).await.ok()?;
	let receipt = tells("a record", &done, watched)?;
	let record = receipt.event("RecordsAdded")?.number("first")?;
	let file = File { patient: patient.0, record };
	watched.note(|history| history.acknowledged(file, sha2_256(content)));
	Some(file)
}

/// Tells the history that a call is final; gives its receipt.
fn tells(what: &str, done: &Done, watched: &Watched) -> Option<Receipt> {
	let receipt = done.receipt()?;
	let hash = format!("{:?}", receipt.block);
	watched.note(|history| history.told(what, receipt.number, &hash));
	Some(receipt.clone())
}

/// Has a person read a file.
async fn read(reader: &Person, file: File, watched: &Watched) {
	match reader.reads(PatientId(file.patient), file.record).await {
		Ok(content) => watched.note(|history| history.served(file, sha2_256(&content))),
		Err(Error::Vault(vault::Error::WrongBytes(_))) => {
			watched.note(|history| history.mangled(file));
		},
		// What is away comes back: audits wait for that.
		Err(_) => {},
	}
}

/// Whether a client says that its nodes can't tell, or have stopped: what it asks for has to be sent again.
fn is_stall(why: &Error) -> bool {
	let is_of_chain = |why: &chain::Error| {
		matches!(
			why,
			chain::Error::Expired
				| chain::Error::Overtaken
				| chain::Error::UnknownBlock(_)
				| chain::Error::NodeRefused { why: Reason::CatchingUp, .. }
		)
	};
	why.is_unreachable() || matches!(why, Error::Chain(why) if is_of_chain(why))
}

fn number(value: &Value) -> Option<u32> {
	value.as_u64().and_then(|number| u32::try_from(number).ok())
}

impl World {
	/// The registrar of the second hospital.
	async fn desk(&self) -> Result<Person> {
		Person::reaching(&self.urls(1), known_keys("//Bob//stash")).await.map_err(text)
	}
}
