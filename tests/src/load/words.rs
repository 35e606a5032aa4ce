//! What a run is asked to measure.

use medblock_primitives::MAX_DESK_BATCH;
use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
	/// Patients registered and verified. Every run needs them; this part prints the rate.
	Register,
	/// Single records on an idle chain.
	Alone,
	/// Single records at the limit, at shares of it, and at twice as many.
	Single,
	/// The same of batches of 128 records.
	Batch,
	/// Grants and their revocations at the limit.
	Grant,
	/// Questions to a node.
	Rpc,
	/// A fresh node that takes the finished chain from another.
	Import,
	/// The disk that a transaction takes.
	Disk,
}

impl Part {
	/// All of them, in the order in which they are measured.
	pub const ALL: [Self; 8] = [
		Self::Register,
		Self::Alone,
		Self::Single,
		Self::Batch,
		Self::Grant,
		Self::Rpc,
		Self::Import,
		Self::Disk,
	];

	/// Its word on the command line.
	pub fn word(self) -> &'static str {
		match self {
			Self::Register => "register",
			Self::Alone => "alone",
			Self::Single => "single",
			Self::Batch => "batch",
			Self::Grant => "grant",
			Self::Rpc => "rpc",
			Self::Import => "import",
			Self::Disk => "disk",
		}
	}

	/// Whether it sends transactions, besides those that every run needs.
	pub fn is_load(self) -> bool {
		matches!(self, Self::Alone | Self::Single | Self::Batch | Self::Grant)
	}
}

impl fmt::Display for Part {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.word())
	}
}

impl FromStr for Part {
	type Err = String;

	fn from_str(word: &str) -> Result<Self, String> {
		let words = || Self::ALL.map(Self::word).join(", ");
		Self::ALL.into_iter().find(|part| part.word() == word).ok_or_else(|| {
			format!("there is nothing called {word} to measure; there are {}", words())
		})
	}
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
	/// The number of validators, from 1 to 4.
	pub validators: usize,
	/// The time from one block to the next, in milliseconds.
	pub slot: u64,
	/// The time for which each phase sends.
	pub time: Duration,
	/// The number of patients.
	pub people: usize,
	/// The number of registrars of each hospital, besides the one of the preset.
	pub registrars: usize,
	/// The number of people or accounts in each call of a registrar.
	pub desk: usize,
	/// The parts, in order.
	pub parts: Vec<Part>,
	/// The file for all figures as JSON.
	pub json: Option<PathBuf>,
	/// Whether Markdown is printed instead of plain tables.
	pub markdown: bool,
	/// More arguments for each node.
	pub node_arguments: Vec<String>,
}

impl Default for Words {
	fn default() -> Self {
		Self {
			validators: 4,
			slot: 1_000,
			time: Duration::from_secs(30),
			people: 2_048,
			registrars: 8,
			desk: 1,
			parts: Part::ALL.to_vec(),
			json: None,
			markdown: false,
			node_arguments: Vec::new(),
		}
	}
}

impl Words {
	/// Reads a command line.
	pub fn read(arguments: &[String]) -> Result<Self, String> {
		let mut read = Self::default();
		let mut words = arguments.iter();
		while let Some(word) = words.next() {
			let mut next = || words.next().ok_or_else(|| format!("{word} wants a value"));
			match word.as_str() {
				"--validators" => read.validators = number(word, next()?, 1, 4)? as usize,
				"--slot" => read.slot = number(word, next()?, 200, 60_000)?,
				"--seconds" => {
					read.time = Duration::from_secs(number(word, next()?, 5, 3_600)?);
				},
				"--people" => read.people = number(word, next()?, 128, 16_384)? as usize,
				"--registrars" => read.registrars = number(word, next()?, 1, 64)? as usize,
				"--desk" => {
					read.desk = number(word, next()?, 1, MAX_DESK_BATCH.into())? as usize;
				},
				"--only" => {
					let parts = next()?.split(',').map(|one| one.trim().parse::<Part>());
					read.parts = parts.collect::<Result<Vec<Part>, String>>()?;
					read.parts.sort_unstable();
					read.parts.dedup();
				},
				"--json" => read.json = Some(next()?.into()),
				"--markdown" => read.markdown = true,
				"--node-arg" => read.node_arguments.push(next()?.clone()),
				other if other.contains("://") => {
					return Err(format!(
						"{other} may be a network that others use: only networks that this program \
						 starts itself are measured"
					));
				},
				other => return Err(format!("unknown option {other}")),
			}
		}
		let sends = read.parts.iter().any(|part| part.is_load());
		match read.parts.contains(&Part::Disk) && !sends {
			true => Err("disk needs one of alone, single, batch and grant beside it".to_owned()),
			false => Ok(read),
		}
	}

	/// Whether a part is to be measured.
	pub fn has(&self, part: Part) -> bool {
		self.parts.contains(&part)
	}

	/// The time from one block to the next.
	pub fn slot_time(&self) -> Duration {
		Duration::from_millis(self.slot)
	}
}

fn number(option: &str, word: &str, least: u64, most: u64) -> Result<u64, String> {
	let number = word.parse().ok().filter(|number| (least..=most).contains(number));
	number.ok_or_else(|| format!("{option} wants a number from {least} to {most}, not {word}"))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn read(line: &str) -> Result<Words, String> {
		Words::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
	}

	#[test]
	fn nothing_said_is_all_of_it_on_four_validators() {
		let words = read("").expect("nothing is wanted");
		assert_eq!(words, Words::default());
		assert!(Part::ALL.into_iter().all(|part| words.has(part)));
	}

	#[test]
	fn parts_are_measured_once_and_in_order() {
		let words = read("--only rpc,single,rpc --slot 500 --validators 1").expect("words");
		assert_eq!(words.parts, [Part::Single, Part::Rpc]);
		assert_eq!((words.slot, words.validators), (500, 1));
		let why = read("--only speed").expect_err("there is no such part");
		assert!(why.starts_with("there is nothing called speed to measure; there are register,"));
	}

	#[test]
	fn nodes_get_arguments_in_their_order() {
		let words = read("--node-arg --pool-limit --node-arg 2500").expect("words");
		assert_eq!(words.node_arguments, ["--pool-limit", "2500"]);
	}

	#[test]
	fn what_makes_no_sense_is_refused() {
		for (line, why) in [
			("--validators 5", "--validators wants a number from 1 to 4, not 5"),
			("--slot 100", "--slot wants a number from 200 to 60000, not 100"),
			("--seconds", "--seconds wants a value"),
			("--desk 129", "--desk wants a number from 1 to 128, not 129"),
			("--fast", "unknown option --fast"),
			("--node-arg", "--node-arg wants a value"),
			("--only disk", "disk needs one of alone, single, batch and grant beside it"),
		] {
			assert_eq!(read(line).expect_err(line), why);
		}
	}

	#[test]
	fn networks_of_others_are_refused() {
		let why = read("ws://127.0.0.1:9944").expect_err("it may be anyone's");
		assert!(why.contains("only networks that this program starts itself"), "{why}");
	}
}
