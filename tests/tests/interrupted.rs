//! The program is killed at random moments, as by `kill -9` or a loss of power, and the same command is run again: nothing is
//! lost, nothing happens twice, and nothing is left in clear.
//!
//! `MEDBLOCK_KILLS` says how often it is killed, 8 times without it, and `MEDBLOCK_SEED` when, 20 without it.
//! `scripts/test-interruptions` runs this with many.

use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{Consortium, Dice, Person, Program, files, is_unconfirmed};
use medblock_primitives::*;
use serde_json::Value;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How often it is killed if nothing else is said.
const FEW: u64 = 8;

/// What each file has, and nothing that is encrypted.
const IN_CLEAR: &str = "haemoglobin in clear";

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
	std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

struct Story {
	dice: Dice,
	kills: u64,
	killed: u64,
	/// The longest time after which a command is killed, in milliseconds.
	longest: u64,
	program: Program,
	/// The same patient, who looks at what has become of it.
	ana: Person,
	patient: PatientId,
	/// Is granted the chart, and revoked.
	doctor: DoctorId,
	/// Is shown single records.
	reader: DoctorId,
	originals: TempDir,
	/// What was put into the chart.
	added: Vec<String>,
	shared: Vec<RecordIndex>,
}

impl Story {
	async fn begin() -> (Self, Consortium) {
		let (kills, seed) = (setting("MEDBLOCK_KILLS", FEW), setting("MEDBLOCK_SEED", 20));
		eprintln!("{kills} kills, seed {seed}");
		let consortium = Consortium::start().await;
		let words = Mnemonic::generate();
		let ana = Person::with_words(&consortium.network, &words).await;
		let (patient, (_, doctor), (_, reader)) =
			tokio::join!(consortium.admit(&ana, 0), consortium.doctor(0), consortium.doctor(1));
		let program = Program::with_words(&consortium.network, &words).await;
		let story = Self {
			dice: Dice::new(seed),
			kills,
			killed: 0,
			longest: 0,
			program,
			ana,
			patient,
			doctor,
			reader,
			originals: TempDir::new().unwrap(),
			added: Vec::new(),
			shared: Vec::new(),
		};
		(story, consortium)
	}

	/// Runs a command until it has told its outcome, and kills it at random moments before.
	async fn tells(&mut self, words: &[&str]) -> Value {
		let words = [words, &["--json", "--quiet"]].concat();
		loop {
			let is_spared =
				self.longest == 0 || self.killed >= self.kills || self.dice.below(4) == 0;
			let ran = match is_spared {
				true => self.program.run(&words).await,
				false => {
					let time = Duration::from_millis(self.dice.below(self.longest));
					self.program.run_for(&words, time).await
				},
			};
			let was_killed = !is_spared && ran.code == -1;
			self.killed += u64::from(was_killed);
			if is_unconfirmed(&ran) {
				continue;
			}
			assert!(was_killed || ran.code == 0, "{words:?}: {ran:?}");
			// It may have been killed after it told all.
			match ran.json() {
				Ok(told) => return told,
				Err(why) => assert!(was_killed, "{words:?}: {why}"),
			}
		}
	}

	async fn chart(&self) -> medblock_client::chain::PatientInfo {
		let at = self.ana.client.chain().finalized().await.unwrap();
		at.known_patient(self.patient).await.unwrap()
	}

	async fn adds(&mut self) {
		let number = self.added.len();
		let path = self.originals.path().join(format!("record-{number}"));
		let content = format!("{IN_CLEAR} {number}");
		std::fs::write(&path, &content).unwrap();
		let before = self.chart().await.records;
		let told = self.tells(&["record", "add", &path.display().to_string()]).await;
		assert_eq!(told["records"], serde_json::json!([before]), "{told}");
		assert_eq!(self.chart().await.records, before + 1, "once: {told}");
		self.added.push(content);
	}

	async fn shares(&mut self) {
		let record = RecordIndex::try_from(self.added.len()).unwrap() - 1;
		let reader = self.reader.0.to_string();
		self.tells(&["patient", "share", "--yes", &reader, &record.to_string()]).await;
		self.shared.push(record);
		let at = self.ana.client.chain().finalized().await.unwrap();
		let share = at.share(self.patient, self.reader).await.unwrap();
		assert_eq!(share.key.unwrap().generation, 1, "no key that is not needed");
		let mut records: Vec<_> = share.records.iter().map(|one| one.record).collect();
		records.sort_unstable();
		assert_eq!(records, self.shared);
	}

	async fn grants(&mut self) {
		let before = self.chart().await.epoch;
		let doctor = self.doctor.0.to_string();
		self.tells(&["patient", "grant", "--yes", &doctor]).await;
		let at = self.ana.client.chain().finalized().await.unwrap();
		assert!(at.access(self.patient, self.doctor, None).await.unwrap().is_ok());
		assert_eq!(self.chart().await.epoch, before, "no key that is not needed");
	}

	async fn revokes(&mut self) {
		let before = self.chart().await.epoch;
		let doctor = self.doctor.0.to_string();
		let told = self.tells(&["patient", "revoke", &doctor]).await;
		if told["rotation"] == "pending" {
			self.tells(&["patient", "rotate"]).await;
		}
		let at = self.ana.client.chain().finalized().await.unwrap();
		let access = at.access(self.patient, self.doctor, None).await.unwrap();
		assert_eq!(access.unwrap_err(), Denied::NotGranted);
		let chart = self.chart().await;
		assert_eq!(chart.epoch, before + 2, "one new key: {told}");
		assert_eq!(chart.sealing_epoch, chart.epoch, "and none is due");
	}

	async fn rotates(&mut self) {
		let before = self.chart().await.epoch;
		let told = self.tells(&["patient", "rotate"]).await;
		assert_eq!(self.chart().await.epoch, before + 2, "one new key: {told}");
	}

	/// Whatever the killed commands have left: none of it can be read.
	fn leaves_nothing_in_clear(&self) {
		for path in files(self.program.home()) {
			// It may have been removed meanwhile.
			let Ok(content) = std::fs::read(&path) else { continue };
			let found = content.windows(IN_CLEAR.len()).any(|part| part == IN_CLEAR.as_bytes());
			assert!(!found, "{} is in clear", path.display());
		}
	}

	/// Everything that was put into the chart is there, in order, and nothing else.
	async fn has_everything(&self) {
		let records = self.chart().await.records;
		assert_eq!(records as usize, self.added.len());
		for (record, content) in (0..records).zip(&self.added) {
			let read = self.ana.reads(self.patient, record).await.unwrap();
			assert_eq!(String::from_utf8(read).unwrap(), *content);
		}
	}
}

#[tokio::test]
async fn killed_program_goes_on_where_it_was() {
	let (mut story, _consortium) = Story::begin().await;
	let began = Instant::now();
	story.adds().await;
	// The program did all of it once, and was not killed.
	story.longest = u64::try_from(began.elapsed().as_millis()).unwrap() * 11 / 10;
	for step in 0.. {
		match step % 5 {
			0 => story.shares().await,
			1 => story.grants().await,
			2 => story.revokes().await,
			3 => story.adds().await,
			_ => story.rotates().await,
		}
		story.leaves_nothing_in_clear();
		if step % 5 == 4 {
			eprintln!("{} of {} kills, {} s", story.killed, story.kills, began.elapsed().as_secs());
			if story.killed >= story.kills {
				break;
			}
		}
	}
	story.has_everything().await;
}
