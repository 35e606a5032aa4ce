//! All figures of a run: as tables of at most 80 columns, as Markdown, and as JSON.

use crate::load::{
	processes::{Memory, Spent},
	summary::Summary,
	tasks::TaskGroup,
	times::{Times, in_checks, multiple},
	words::{Part, Words},
};
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

/// The machine that a run was on.
#[derive(Clone, Debug, Default)]
pub struct Machine {
	/// The number of processors that the run could use.
	pub processors: usize,
	/// What they call themselves.
	pub model: String,
	/// The memory in bytes.
	pub memory: u64,
}

impl Machine {
	/// This one.
	pub fn this() -> Self {
		let value = |path: &str, name: &str| {
			let text = fs::read_to_string(path).unwrap_or_default();
			let line = text.lines().find(|line| line.starts_with(name));
			let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
			value.unwrap_or("unknown").to_owned()
		};
		let kibibytes = value("/proc/meminfo", "MemTotal");
		let kibibytes = kibibytes.split_whitespace().next().and_then(|word| word.parse().ok());
		Self {
			processors: thread::available_parallelism().map_or(1, usize::from),
			model: value("/proc/cpuinfo", "model name"),
			memory: 1_024 * kibibytes.unwrap_or(0),
		}
	}
}

/// Patients who were sponsored, registered and verified.
#[derive(Clone, Copy, Debug)]
pub struct Registrations {
	/// The number of patients.
	pub people: usize,
	/// From the first sponsorship that was sent until the last verification was final, without the signing between.
	pub time: Duration,
}

/// What was measured of a question to a node.
#[derive(Clone, Debug)]
pub struct Question {
	/// The method.
	pub method: String,
	/// The answers in a second.
	pub rate: f64,
	/// The time that half of them do not exceed.
	pub half: Duration,
	/// The time that 99 in 100 do not exceed.
	pub slowest: Duration,
}

/// A fresh node that took blocks from another.
#[derive(Clone, Debug)]
pub struct Import {
	/// The blocks that were watched.
	pub blocks: usize,
	/// The transactions in them.
	pub transactions: usize,
	/// How long it took.
	pub time: Duration,
	/// The node's processor time.
	pub spent: Spent,
}

/// The disk of one node.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
	/// The bytes by which its database grew.
	pub bytes: u64,
	/// The transactions meanwhile, of all kinds.
	pub transactions: usize,
}

/// All figures of a run.
#[derive(Clone, Debug)]
pub struct Report {
	/// What was asked for.
	pub words: Words,
	/// The machine.
	pub machine: Machine,
	/// The time of one check of a signature: v.
	pub check: Duration,
	/// The processor time of all nodes in a second without transactions.
	pub idle: Option<Duration>,
	/// The patients who were sponsored, registered and verified.
	pub registrations: Option<Registrations>,
	/// The phases, with the part that each belongs to.
	pub phases: Vec<(Part, Summary)>,
	/// Questions to a node; `system_chain` first.
	pub questions: Vec<Question>,
	/// The import on a quiet machine.
	pub import: Option<Import>,
	/// Each node's memory at the end.
	pub memory: Vec<(String, Memory)>,
	/// The growth of a node's database.
	pub disk: Option<Disk>,
}

impl Report {
	/// One without figures.
	pub fn new(words: Words, machine: Machine, check: Duration) -> Self {
		Self {
			words,
			machine,
			check,
			idle: None,
			registrations: None,
			phases: Vec::new(),
			questions: Vec::new(),
			import: None,
			memory: Vec::new(),
			disk: None,
		}
	}

	/// An error that names a part which was to be measured and has no figure.
	pub fn ensure_complete(&self) -> Result<(), String> {
		if self.words.parts.is_empty() {
			return Err("nothing was to be measured".to_owned());
		}
		let has = |part: Part| match part {
			Part::Register => self.registrations.is_some_and(|found| found.people > 0),
			Part::Alone | Part::Single | Part::Batch | Part::Grant => {
				let mut phases = self.phases.iter().filter(|(of, _)| *of == part);
				phases.clone().count() > 0 && phases.all(|(_, found)| found.succeeded > 0)
			},
			Part::Rpc => {
				!self.questions.is_empty() && self.questions.iter().all(|one| one.rate > 0.0)
			},
			Part::Import => self.import.as_ref().is_some_and(|found| found.transactions > 0),
			Part::Disk => self.disk.is_some_and(|found| found.transactions > 0 && found.bytes > 0),
		};
		match self.words.parts.iter().find(|part| !has(**part)) {
			Some(part) => Err(format!("the run measured nothing of {part}")),
			None => Ok(()),
		}
	}

	/// An error that names the phases in which transactions were lost that a node had accepted.
	pub fn ensure_nothing_lost(&self) -> Result<(), String> {
		let lost = self.phases.iter().filter(|(_, found)| found.lost > 0);
		let lost: Vec<String> =
			lost.map(|(_, found)| format!("{} of \"{}\"", found.lost, found.title)).collect();
		match lost.is_empty() {
			true => Ok(()),
			false => Err(format!(
				"transactions that a node had accepted did not become final: {}",
				lost.join(", ")
			)),
		}
	}

	/// All figures. Times and costs are also told as multiples of v.
	pub fn json(&self) -> Value {
		let in_v = |time: Duration| in_checks(time, self.check);
		let phases: Vec<_> = self
			.phases
			.iter()
			.map(|(part, found)| {
				let mut told = found.json(self.check);
				told["part"] = json!(part.word());
				told
			})
			.collect();
		let first = self.questions.first().map_or(f64::INFINITY, |one| one.rate);
		let questions: Vec<_> = self
			.questions
			.iter()
			.map(|one| {
				json!({
					"method": one.method,
					"perSecond": one.rate,
					"ofFirst": one.rate / first,
					"oneInV": multiple(1.0 / one.rate, self.check),
					"p50": in_v(one.half),
					"p99": in_v(one.slowest),
				})
			})
			.collect();
		let memory: Vec<_> = self
			.memory
			.iter()
			.map(|(node, found)| json!({ "node": node, "now": found.now, "most": found.most }))
			.collect();
		json!({
			"machine": {
				"processors": self.machine.processors,
				"model": self.machine.model,
				"memory": self.machine.memory,
			},
			"validators": self.words.validators,
			"slotMs": self.words.slot,
			"secondsEach": self.words.time.as_secs(),
			"people": self.words.people,
			"nodeArguments": self.words.node_arguments,
			"vMs": self.check.as_secs_f64() * 1_000.0,
			"idlePerSecond": self.idle.map(in_v),
			"registrations": self.registrations.map(|found| json!({
				"people": found.people,
				"perSecond": found.rate(),
				"oneInV": multiple(1.0 / found.rate(), self.check),
			})),
			"phases": phases,
			"questions": questions,
			"import": self.import.as_ref().map(|found| json!({
				"blocks": found.blocks,
				"transactions": found.transactions,
				"transactionsPerSecond": found.rate(),
				"cpuPerTransaction": in_v(found.cost_each()),
			})),
			"memory": memory,
			"diskBytesPerTransaction": self.disk.map(|found| found.each()),
		})
	}

	/// The tables, under what they were measured on.
	pub fn tables(&self, markdown: bool) -> String {
		let Machine { processors, model, memory } = &self.machine;
		let gibibytes = *memory as f64 / f64::from(1u32 << 30);
		let Words { validators, slot, time, people, node_arguments, .. } = &self.words;
		let facts = format!(
			"{processors} processors ({model}), {gibibytes:.1} GiB of memory; {validators} validators, slots \
			 of {slot} ms, {people} patients, {} s for each phase; v = {:.1} µs{}",
			time.as_secs(),
			micros(self.check),
			match node_arguments.is_empty() {
				true => String::new(),
				false => format!("; nodes with {}", node_arguments.join(" ")),
			}
		);
		let mut text = wrapped(&facts);
		let mut tables = vec![self.throughput(), self.latency(), self.processor(), self.refusals()];
		tables.push(self.others());
		for table in tables.into_iter().filter(|table| !table.rows.is_empty()) {
			text += "\n";
			text += &if markdown { table.markdown() } else { table.plain() };
		}
		text
	}

	fn throughput(&self) -> Table {
		let row = |found: &Summary| {
			vec![
				found.title.clone(),
				found.asked.map_or("-".to_owned(), |rate| format!("{rate:.0}")),
				format!("{:.0}", found.sent),
				format!("{:.0}", found.rate),
				match found.records {
					0 => "-".to_owned(),
					_ => format!("{:.0}", found.records_a_second()),
				},
				format!("{:.0}", multiple(1.0 / found.rate, self.check)),
				format!("{:.0} %", 100.0 * found.fill),
				found.skipped.to_string(),
				found.forks.to_string(),
				found.lost.to_string(),
			]
		};
		let title =
			"Transactions asked, sent and final a second; records; one in v; fill of the blocks";
		let columns = [
			"PHASE", "ASKED", "SENT", "FINAL", "RECORDS", "ONE IN V", "FILL", "SKIPPED", "FORKS",
			"LOST",
		];
		Table::new(title, &columns, self.phases.iter().map(|(_, found)| row(found)))
	}

	fn latency(&self) -> Table {
		let at = |times: &Times, percent| {
			let time = times.percentile(percent);
			time.map_or("-".to_owned(), |time| format!("{:.2}", time.as_secs_f64()))
		};
		let row = |found: &Summary| {
			let mut cells = vec![found.title.clone()];
			for times in [&found.to_block, &found.to_final] {
				cells.extend([50, 95, 99].map(|percent| at(times, percent)));
			}
			cells.extend([at(&found.lag, 50), at(&found.lag, 99), at(&found.probes, 99)]);
			let median = found.to_final.percentile(50);
			let in_v = |time: Duration| multiple(time.as_secs_f64(), self.check);
			cells.push(median.map_or("-".to_owned(), |time| format!("{:.0}", in_v(time))));
			cells
		};
		let title = "Seconds from submission to a block (B) and until final (F), from block to final \
			(L), and of revocations until final (R): percentiles; F50 in v";
		let columns =
			["PHASE", "B50", "B95", "B99", "F50", "F95", "F99", "L50", "L99", "R99", "IN V"];
		Table::new(title, &columns, self.phases.iter().map(|(_, found)| row(found)))
	}

	fn processor(&self) -> Table {
		let milliseconds = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1_000.0);
		let row = |found: &Summary| {
			let each = found.cost_each();
			let in_v = multiple(each.as_secs_f64(), self.check);
			let mut cells = vec![found.title.clone(), milliseconds(each), format!("{in_v:.1}")];
			cells.extend(TaskGroup::ALL.map(|group| {
				let polled = found.cost.polled.get(&group).copied().unwrap_or_default();
				milliseconds(found.each(polled))
			}));
			cells
		};
		let title = "Milliseconds of processor time of all nodes for a transaction, and in v; and of \
			the clock while tasks of each kind were polled";
		let columns =
			["PHASE", "ALL", "IN V", "POOL", "NETW", "RPC", "PROD", "IMPORT", "FINAL", "OTHER"];
		Table::new(title, &columns, self.phases.iter().map(|(_, found)| row(found)))
	}

	fn refusals(&self) -> Table {
		let mut rows = Vec::new();
		for (_, found) in &self.phases {
			let missed =
				found.offered.missed.iter().map(|(why, count)| (why.told().to_owned(), *count));
			let failed = (found.failed > 0).then(|| ("failed in a block".to_owned(), found.failed));
			let ran_out = found.asked.is_none() && found.offered.ran_out;
			let ran_out = ran_out
				.then(|| ("all that was signed: the limit is higher".to_owned(), found.submitted));
			let refused = found.offered.refusals.iter().map(|(why, count)| (why.clone(), *count));
			for (why, count) in missed.chain(failed).chain(ran_out).chain(refused) {
				// So long that a line of a table has room for it.
				let why: String = why.chars().take(48).collect();
				rows.push(vec![found.title.clone(), count.to_string(), why]);
			}
		}
		Table::new(
			"What nodes refused, and what else did not happen",
			&["PHASE", "TIMES", "WHAT"],
			rows,
		)
	}

	/// The blocks of all phases with which a session ended, all blocks, and the mean part of those that ended one that the
	/// chain's own work took.
	fn session_ends(&self) -> Option<(usize, usize, f64)> {
		let (mut ends, mut blocks, mut parts) = (0, 0, 0.0);
		for (_, found) in &self.phases {
			ends += found.session_ends;
			blocks += found.blocks;
			parts += found.session_part * found.session_ends as f64;
		}
		let mean = parts / ends.max(1) as f64;
		(ends > 0).then_some((ends, blocks, mean))
	}

	fn others(&self) -> Table {
		let mut rows: Vec<Vec<String>> = Vec::new();
		let mut add = |what: &str, figure: String, seconds: Option<f64>| {
			let in_v = seconds.map(|seconds| format!("{:.1}", multiple(seconds, self.check)));
			rows.push(vec![what.to_owned(), figure, in_v.unwrap_or("-".to_owned())]);
		};
		if let Some(found) = &self.registrations {
			let what = "sponsored registrations verified";
			add(what, format!("{:.0} /s", found.rate()), Some(1.0 / found.rate()));
		}
		if let Some(idle) = self.idle {
			let figure = format!("{:.1} ms", idle.as_secs_f64() * 1_000.0);
			add("all nodes' processor time in an idle second", figure, Some(idle.as_secs_f64()));
		}
		if let Some((ends, blocks, part)) = self.session_ends() {
			let figure = format!("{ends} of {blocks}, {:.1} %", 100.0 * part);
			add("ends of sessions, and their part of a block", figure, None);
		}
		let first = self.questions.first().map_or(f64::INFINITY, |one| one.rate);
		for one in &self.questions {
			let figure = format!("{:.0} /s ({:.2} ×)", one.rate, one.rate / first);
			add(&one.method, figure, Some(1.0 / one.rate));
		}
		if let Some(found) = &self.import {
			add(
				"import of transactions",
				format!("{:.0} /s", found.rate()),
				Some(1.0 / found.rate()),
			);
			let each = found.cost_each().as_secs_f64();
			let what = "processor time of import, a transaction";
			add(what, format!("{:.3} ms", each * 1_000.0), Some(each));
		}
		for (node, found) in &self.memory {
			let mebibytes = |bytes: u64| bytes as f64 / f64::from(1u32 << 20);
			let (now, most) = (mebibytes(found.now), mebibytes(found.most));
			add(
				&format!("memory of {node}, now and at most"),
				format!("{now:.0}, {most:.0} MiB"),
				None,
			);
		}
		if let Some(found) = self.disk {
			add("disk of a node, a transaction", format!("{:.0} bytes", found.each()), None);
		}
		Table::new("Others", &["WHAT", "FIGURE", "IN V"], rows)
	}
}

impl Registrations {
	/// The number of people in a second.
	pub fn rate(&self) -> f64 {
		self.people as f64 / self.time.as_secs_f64()
	}
}

impl Import {
	/// Transactions in a second.
	pub fn rate(&self) -> f64 {
		self.transactions as f64 / self.time.as_secs_f64()
	}

	/// The processor time of one transaction.
	pub fn cost_each(&self) -> Duration {
		self.spent.all.div_f64(self.transactions.max(1) as f64)
	}
}

impl Disk {
	/// The bytes of one transaction.
	pub fn each(&self) -> f64 {
		self.bytes as f64 / self.transactions.max(1) as f64
	}
}

fn micros(time: Duration) -> f64 {
	time.as_secs_f64() * 1e6
}

/// A table.
struct Table {
	title: &'static str,
	columns: Vec<&'static str>,
	rows: Vec<Vec<String>>,
}

impl Table {
	fn new(
		title: &'static str,
		columns: &[&'static str],
		rows: impl IntoIterator<Item = Vec<String>>,
	) -> Self {
		Self { title, columns: columns.to_vec(), rows: rows.into_iter().collect() }
	}

	/// With columns that are as wide as they have to be: texts to the left, and numbers to the right.
	fn plain(&self) -> String {
		let width = |column: usize| {
			let cells = self.rows.iter().filter_map(|row| row.get(column));
			let cells = cells.map(|cell| cell.chars().count());
			cells.chain([self.columns[column].len()]).max().unwrap_or_default()
		};
		let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
		let line = |cells: Vec<&str>| {
			let mut text = String::new();
			for (column, (cell, width)) in cells.iter().zip(widths.iter().copied()).enumerate() {
				let is_text = column == 0 || self.columns[column] == "WHAT";
				let space = if column == 0 { "" } else { " " };
				text += space;
				text +=
					&if is_text { format!("{cell:<width$}") } else { format!("{cell:>width$}") };
			}
			text.trim_end().to_owned() + "\n"
		};
		let mut text = wrapped(self.title) + &line(self.columns.clone());
		for row in &self.rows {
			text += &line(row.iter().map(String::as_str).collect());
		}
		text
	}

	fn markdown(&self) -> String {
		let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
		let columns: Vec<String> = self.columns.iter().map(|one| (*one).to_owned()).collect();
		let mut text = format!("{}.\n\n", self.title) + &line(&columns);
		text += &line(&vec!["---".to_owned(); columns.len()]);
		for row in &self.rows {
			text += &line(row);
		}
		text
	}
}

/// A text in lines of at most 80 letters.
fn wrapped(text: &str) -> String {
	let (mut lines, mut line) = (String::new(), String::new());
	for word in text.split_whitespace() {
		if line.len() + word.len() >= 80 {
			lines += &line;
			lines += "\n";
			line.clear();
		}
		if !line.is_empty() {
			line += " ";
		}
		line += word;
	}
	lines + &line + "\n"
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::load::{
		offer::{Hindrance, Offered},
		summary::Cost,
	};

	fn summary(title: &str, succeeded: usize) -> Summary {
		let times: Times = [1_500, 12_340].map(Duration::from_millis).into_iter().collect();
		let mut offered = Offered::default();
		offered.missed.insert(Hindrance::Answer, 3);
		offered.refusals.insert("1012 Transaction is temporarily banned: ".repeat(9), 123_456);
		let mut cost = Cost::default();
		cost.spent.all = Duration::from_secs(400);
		cost.polled = TaskGroup::ALL.map(|group| (group, Duration::from_secs(90))).into();
		Summary {
			title: title.to_owned(),
			asked: Some(12_345.6),
			records: 128,
			sent: 12_300.4,
			rate: 12_345.6,
			submitted: 99_999,
			succeeded,
			failed: 5,
			lost: 99_999,
			offered,
			to_block: times.clone(),
			to_final: times.clone(),
			probes: times.clone(),
			lag: times,
			blocks: 30,
			skipped: 12,
			forks: 12,
			fill: 0.99,
			fullest: 1.0,
			session_ends: 1,
			session_part: 0.05,
			length: 250.0,
			cost,
		}
	}

	fn report(parts: &[Part]) -> Report {
		let words = Words { parts: parts.to_vec(), ..Words::default() };
		Report::new(words, Machine::default(), Duration::from_micros(46))
	}

	#[test]
	fn a_run_that_measured_nothing_fails() {
		for part in Part::ALL {
			let why = report(&[part]).ensure_complete().expect_err("it has no figure");
			assert_eq!(why, format!("the run measured nothing of {part}"));
		}
		assert!(report(&[]).ensure_complete().is_err());

		// Figures of another part are none of this one.
		let mut other = report(&[Part::Single]);
		other.phases.push((Part::Batch, summary("batches", 1)));
		assert!(other.ensure_complete().is_err());
		// Each phase has to show something.
		other.phases.push((Part::Single, summary("single", 1)));
		assert_eq!(other.ensure_complete(), Ok(()));
		other.phases.push((Part::Single, summary("single, twice", 0)));
		assert!(other.ensure_complete().is_err());
	}

	#[test]
	fn nothing_of_something_is_no_figure() {
		let mut run = report(&[Part::Register, Part::Import, Part::Disk, Part::Rpc]);
		run.registrations = Some(Registrations { people: 0, time: Duration::from_secs(1) });
		assert!(run.ensure_complete().is_err());
		run.registrations = Some(Registrations { people: 7, time: Duration::from_secs(1) });
		let (time, spent) = (Duration::from_secs(1), Spent::default());
		run.import = Some(Import { blocks: 9, transactions: 0, time, spent: spent.clone() });
		run.disk = Some(Disk { bytes: 1, transactions: 1 });
		let question =
			Question { method: "system_chain".to_owned(), rate: 1.0, half: time, slowest: time };
		run.questions.push(question);
		assert_eq!(run.ensure_complete(), Err("the run measured nothing of import".to_owned()));
		run.import = Some(Import { blocks: 9, transactions: 5, time, spent });
		assert_eq!(run.ensure_complete(), Ok(()));
		run.questions[0].rate = 0.0;
		assert_eq!(run.ensure_complete(), Err("the run measured nothing of rpc".to_owned()));
	}

	#[test]
	fn a_run_that_lost_what_was_accepted_fails() {
		let mut run = report(&[Part::Single]);
		run.phases.push((Part::Single, Summary { lost: 0, ..summary("single, limit", 1) }));
		assert_eq!(run.ensure_nothing_lost(), Ok(()));
		run.phases.push((Part::Single, Summary { lost: 7, ..summary("single, twice", 1) }));
		let why =
			"transactions that a node had accepted did not become final: 7 of \"single, twice\"";
		assert_eq!(run.ensure_nothing_lost(), Err(why.to_owned()));
	}

	#[test]
	fn ends_of_sessions_are_summed_over_all_phases() {
		let mut run = report(&[Part::Single]);
		assert_eq!(run.session_ends(), None);
		let none = Summary { session_ends: 0, session_part: 0.0, ..summary("single, limit", 1) };
		run.phases.push((Part::Single, none));
		assert_eq!(run.session_ends(), None);
		let three = Summary { session_ends: 3, session_part: 0.25, ..summary("single, 30 %", 1) };
		run.phases.push((Part::Single, three));
		assert_eq!(run.session_ends(), Some((3, 60, 0.25)));
		assert!(run.tables(false).contains("3 of 60, 25.0 %"));
	}

	#[test]
	fn tables_fit_into_eighty_columns() {
		let mut run = report(&Part::ALL);
		run.phases.push((Part::Single, summary("single, twice", 99_999)));
		run.phases.push((Part::Batch, summary("batches, 90 %", 99_999)));
		run.registrations = Some(Registrations { people: 2_048, time: Duration::from_secs(9) });
		run.memory.push(("north".to_owned(), Memory { now: 1 << 30, most: 1 << 31 }));
		let told = run.tables(false);
		let longest = told.lines().max_by_key(|line| line.chars().count()).expect("lines");
		assert!(longest.chars().count() <= 80, "{longest}");
		assert!(told.contains("sponsored registrations verified"));
		let markdown = run.tables(true);
		assert!(markdown.contains("| PHASE | ASKED | SENT | FINAL |"));
		assert!(told.contains("3 not sent: people waited for a node's answer"));
		let rows = markdown.lines().filter(|line| line.starts_with("| single, twice |"));
		assert_eq!(rows.count(), 3 + 3);
	}

	#[test]
	fn every_figure_is_told_in_checks_of_a_signature_too() {
		let mut run = report(&[Part::Single]);
		run.phases.push((Part::Single, summary("single", 100_000)));
		let told = run.json();
		let phase = &told["phases"][0];
		assert_eq!(phase["part"], "single");
		for path in ["/toFinal/p50/v", "/oneInV", "/cpuPerTransaction/all/v", "/finalityLag/p99/v"]
		{
			assert!(phase.pointer(path).is_some_and(Value::is_number), "{path}");
		}
		// 4 ms of processor time, of 46 µs each.
		let each = phase["cpuPerTransaction"]["all"]["v"].as_f64().map(f64::round);
		assert_eq!(each, Some(87.0));
	}
}
