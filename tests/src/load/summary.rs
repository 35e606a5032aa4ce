//! The figures of one phase.

use crate::load::{
	follower::{Final, Seen},
	ledger::{Class, Fate},
	offer::Offered,
	processes::Spent,
	tasks::TaskGroup,
	times::{Times, in_checks, multiple},
};
use serde_json::{Value, json};
use std::{
	collections::BTreeMap,
	time::{Duration, Instant},
};

/// The longest time between blocks, or until the first, that is no standstill.
const STANDSTILL: Duration = Duration::from_secs(4);

/// What nodes spent on a phase.
#[derive(Clone, Debug, Default)]
pub struct Cost {
	/// Processor time, of all nodes.
	pub spent: Spent,
	/// Time for which tasks were polled, of all nodes.
	pub polled: BTreeMap<TaskGroup, Duration>,
}

/// One phase: what was sent at one pace.
pub struct Phase {
	/// Its name in tables.
	pub title: String,
	/// The transactions that were to be sent in a second, if it was not as many as fit.
	pub asked: Option<f64>,
	/// The number of records in a transaction.
	pub records: usize,
	/// When sending began.
	pub began: Instant,
	/// When it ended.
	pub ended: Instant,
	/// What came of sending.
	pub offered: Offered,
	/// What it cost.
	pub cost: Cost,
}

/// What a phase showed.
#[derive(Clone, Debug)]
pub struct Summary {
	/// Its name in tables.
	pub title: String,
	/// The transactions that were to be sent in a second, if it was not as many as fit.
	pub asked: Option<f64>,
	/// The number of records in a transaction.
	pub records: usize,
	/// Transactions that were handed to a node in a second, each once. Less than were to be sent, if people had to wait.
	pub sent: f64,
	/// Successful transactions that became final in a second.
	pub rate: f64,
	/// Transactions of the load that were handed to a node.
	pub submitted: usize,
	/// Those that are final and whose calls succeeded.
	pub succeeded: usize,
	/// Those that are final and whose calls failed, with what was sent beside the load.
	pub failed: usize,
	/// Those that a node accepted and that did not become final, with what was sent beside the load.
	pub lost: usize,
	/// What came of sending.
	pub offered: Offered,
	/// From a transaction's first submission to a block with it.
	pub to_block: Times,
	/// From its first submission to the news that this block is final.
	pub to_final: Times,
	/// The same of what was sent beside the load.
	pub probes: Times,
	/// From a block to the news that it is final.
	pub lag: Times,
	/// The final blocks with such transactions, and those between.
	pub blocks: usize,
	/// Slots between them without a final block.
	pub skipped: u64,
	/// Blocks of their heights that did not become final.
	pub forks: usize,
	/// The mean part of their room that is used.
	pub fill: f64,
	/// The part that is used of the fullest.
	pub fullest: f64,
	/// The blocks with which a session ended.
	pub session_ends: usize,
	/// The mean part of each of these that the chain's own work takes.
	pub session_part: f64,
	/// The bytes of a transaction.
	pub length: f64,
	/// What it cost.
	pub cost: Cost,
}

impl Phase {
	/// What it showed. An error if it showed nothing.
	pub fn summary(self, seen: &Seen) -> Result<Summary, String> {
		if let Some(why) = &seen.failure {
			return Err(format!("{}: {why}", self.title));
		}
		let fates = seen.ledger.fates();
		let count = |is: fn(&Fate) -> bool| fates.iter().filter(|fate| is(fate)).count();
		let succeeded = count(|fate| fate.class == Class::Load && fate.succeeded());
		let nothing = |what: &str| {
			let refusals = &self.offered.refusals;
			let most = refusals.iter().max_by_key(|(_, count)| **count);
			let why = most.map(|(why, count)| format!("; refused {count} times: {why}"));
			format!("{}: {what}{}", self.title, why.unwrap_or_default())
		};
		if succeeded == 0 {
			return Err(nothing("nothing that was sent became final and succeeded"));
		}
		let ours: Vec<&Final> = seen.finals.iter().filter(|block| block.ours > 0).collect();
		let (Some(first), Some(last)) = (ours.first(), ours.last()) else {
			return Err(nothing("no final block has what was sent"));
		};
		let since = |class: Class, until: fn(&Fate) -> Option<Instant>| -> Times {
			let some = fates.iter().filter(|fate| fate.class == class && !fate.failed);
			some.filter_map(|fate| Some(until(fate)?.duration_since(fate.submitted?))).collect()
		};
		let range = first.number..=last.number;
		let between = seen.finals.iter().filter(|block| range.contains(&block.number));
		let between: Vec<&Final> = between.collect();
		let slots = last.slot.saturating_sub(first.slot);
		let rate = rate(&seen.finals, self.began, self.ended)
			.ok_or_else(|| nothing("too few blocks with what was sent to tell a rate"))?;
		let submitted = count(|fate| fate.class == Class::Load && fate.submitted.is_some());
		let time = self.ended.duration_since(self.began).as_secs_f64();
		let ends: Vec<f64> =
			between.iter().filter(|block| block.ends_session).map(|block| block.own).collect();
		Ok(Summary {
			title: self.title.clone(),
			asked: self.asked,
			records: self.records,
			sent: if time > 0.0 { submitted as f64 / time } else { 0.0 },
			rate,
			submitted,
			succeeded,
			failed: count(|fate| fate.last.is_some() && fate.failed),
			lost: seen.ledger.open(),
			offered: self.offered.clone(),
			to_block: since(Class::Load, |fate| fate.in_block),
			to_final: since(Class::Load, |fate| fate.last),
			probes: since(Class::Probe, |fate| fate.last),
			lag: between.iter().map(|block| block.last.duration_since(block.seen)).collect(),
			blocks: between.len(),
			skipped: slots.saturating_sub(between.len() as u64 - 1),
			forks: seen.forks(first.number, last.number),
			fill: between.iter().map(|block| block.fill).sum::<f64>() / between.len() as f64,
			fullest: between.iter().map(|block| block.fill).fold(0.0, f64::max),
			session_ends: ends.len(),
			session_part: ends.iter().sum::<f64>() / ends.len().max(1) as f64,
			length: seen.ledger.length(),
			cost: self.cost,
		})
	}
}

/// Successful transactions that became final in a second, while they were sent. From one final block to another,
/// since they become final block by block; a standstill before or after counts.
pub fn rate(finals: &[Final], began: Instant, ended: Instant) -> Option<f64> {
	let mut ours = finals.iter().filter(|block| block.ours > 0);
	let first = ours.next()?;
	let counted: Vec<&Final> =
		ours.filter(|block| block.last > first.last && block.last <= ended).collect();
	let last = counted.last()?;
	let is_slow = |from: Instant, to: Instant| to.duration_since(from) > STANDSTILL;
	let from = if is_slow(began, first.last) { began } else { first.last };
	let to = if is_slow(last.last, ended) { ended } else { last.last };
	let count: usize = counted.iter().map(|block| block.ours).sum();
	Some(count as f64 / to.duration_since(from).as_secs_f64())
}

impl Summary {
	/// Records that became final in a second.
	pub fn records_a_second(&self) -> f64 {
		self.rate * self.records as f64
	}

	/// The processor time of all nodes for one transaction.
	pub fn cost_each(&self) -> Duration {
		self.each(self.cost.spent.all)
	}

	/// A time of all of them, divided among those that succeeded.
	pub fn each(&self, time: Duration) -> Duration {
		time.div_f64(self.succeeded.max(1) as f64)
	}

	/// All figures.
	pub fn json(&self, check: Duration) -> Value {
		let each = |time: Duration| in_checks(self.each(time), check);
		let threads: BTreeMap<_, _> =
			self.cost.spent.groups.iter().map(|(one, time)| (one.word(), each(*time))).collect();
		let polled: BTreeMap<_, _> =
			self.cost.polled.iter().map(|(one, time)| (one.word(), each(*time))).collect();
		json!({
			"title": self.title,
			"askedPerSecond": self.asked,
			"sentPerSecond": self.sent,
			"finalPerSecond": self.rate,
			"oneInV": multiple(1.0 / self.rate, check),
			"recordsPerTransaction": self.records,
			"recordsPerSecond": self.records_a_second(),
			"submitted": self.submitted,
			"succeeded": self.succeeded,
			"failed": self.failed,
			"lost": self.lost,
			"missed": self.offered.missed(),
			"missedBecause": self.offered.missed,
			"refusals": self.offered.refusals,
			"ranOut": self.offered.ran_out,
			"toBlock": self.to_block.json(check),
			"toFinal": self.to_final.json(check),
			"revocationsToFinal": self.probes.json(check),
			"finalityLag": self.lag.json(check),
			"blocks": self.blocks,
			"skippedSlots": self.skipped,
			"forks": self.forks,
			"fill": self.fill,
			"fullest": self.fullest,
			"sessionEnds": self.session_ends,
			"sessionEndPart": self.session_part,
			"bytesPerTransaction": self.length,
			"cpuPerTransaction": {
				"all": each(self.cost.spent.all),
				"threads": threads,
				"polled": polled,
			},
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::load::{ledger::Ledger, signing::Packed};
	use serde_json::value::RawValue;

	fn block(number: u32, last: Instant, ours: usize) -> Final {
		let seen = last - Duration::from_millis(400);
		let slot = 100 + u64::from(number);
		let (transactions, ends_session) = (ours, false);
		Final {
			number,
			slot,
			seen,
			last,
			transactions,
			ours,
			bytes: 0,
			fill: 0.5,
			ends_session,
			own: 0.01,
		}
	}

	fn seconds(seconds: f64) -> Duration {
		Duration::from_secs_f64(seconds)
	}

	fn phase(began: Instant) -> Phase {
		Phase {
			title: "single records".to_owned(),
			asked: None,
			records: 1,
			began,
			ended: began + seconds(10.0),
			offered: Offered::default(),
			cost: Cost::default(),
		}
	}

	/// So many transactions, sent one after another, of which these became final.
	fn seen(began: Instant, count: u8, finals: &[(usize, f64)]) -> Seen {
		let mut ledger = Ledger::default();
		let packed = (0..count).map(|number| {
			let body = RawValue::from_string("[]".to_owned()).expect("JSON");
			Packed { hash: [number; 32], body, length: 100 }
		});
		ledger.expect(vec![packed.collect()], Class::Load);
		for place in 0..usize::from(count) {
			let fate = ledger.fate(place);
			(fate.submitted, fate.accepted) = (Some(began), true);
		}
		for (place, at) in finals {
			let fate = ledger.fate(*place);
			fate.in_block = Some(began + seconds(at / 2.0));
			fate.last = Some(began + seconds(*at));
		}
		let mut seen = Seen::default();
		seen.begin(ledger);
		seen
	}

	#[test]
	fn a_phase_in_which_nothing_became_final_is_no_measurement() {
		let began = Instant::now();
		let mut silent = phase(began);
		silent.offered.refusals.insert("1010 no".to_owned(), 7);
		let why = silent.summary(&seen(began, 3, &[])).expect_err("nothing is final");
		let told = "single records: nothing that was sent became final and succeeded; refused 7 times: 1010 no";
		assert_eq!(why, told);

		// All calls failed.
		let mut failed = seen(began, 1, &[(0, 2.0)]);
		failed.ledger.fate(0).failed = true;
		assert!(phase(began).summary(&failed).is_err());

		// Only what was sent beside the load succeeded.
		let mut beside = seen(began, 2, &[(0, 1.0), (1, 2.0)]);
		for place in [0, 1] {
			beside.ledger.fate(place).class = Class::Probe;
		}
		assert!(phase(began).summary(&beside).is_err());

		// One block has no rate.
		let mut short = seen(began, 1, &[(0, 2.0)]);
		short.finals = vec![block(1, began + seconds(2.0), 1)];
		let why = phase(began).summary(&short).expect_err("one block has no rate");
		assert_eq!(why, "single records: too few blocks with what was sent to tell a rate");

		// It is not known what became of them.
		short.failure = Some("block 7 was not read".to_owned());
		let why = phase(began).summary(&short).expect_err("it is not known");
		assert_eq!(why, "single records: block 7 was not read");
	}

	#[test]
	fn a_phase_tells_what_became_of_what_was_sent() {
		let began = Instant::now();
		let mut seen = seen(began, 4, &[(0, 1.0), (1, 2.0), (2, 3.0)]);
		seen.finals = vec![
			block(0, began, 0),
			block(1, began + seconds(1.0), 1),
			// A session ends.
			Final { ends_session: true, own: 0.25, ..block(2, began + seconds(2.0), 1) },
			// A slot is skipped.
			Final { slot: 104, ..block(3, began + seconds(3.0), 1) },
		];
		let summary = phase(began).summary(&seen).expect("it was measured");
		assert_eq!((summary.submitted, summary.succeeded, summary.lost), (4, 3, 1));
		assert_eq!((summary.blocks, summary.skipped, summary.forks), (3, 1, 0));
		assert_eq!((summary.fill, summary.fullest, summary.length), (0.5, 0.5, 100.0));
		assert_eq!((summary.session_ends, summary.session_part), (1, 0.25));
		// Four in ten seconds.
		assert_eq!(summary.sent, 0.4);
		assert_eq!(summary.to_final.percentile(50), Some(seconds(2.0)));
		assert_eq!(summary.to_block.percentile(50), Some(seconds(1.0)));
		assert_eq!(summary.lag.percentile(99), Some(Duration::from_millis(400)));
		assert_eq!((summary.probes.count(), summary.failed), (0, 0));
		let told = summary.json(Duration::from_micros(50));
		assert_eq!((&told["lost"], &told["skippedSlots"]), (&json!(1), &json!(1)));
	}

	#[test]
	fn rates_are_counted_from_block_to_block() {
		let began = Instant::now();
		let at = |each: &[(f64, usize)]| -> Vec<Final> {
			let numbered = (1u32..).zip(each);
			numbered
				.map(|(number, (at, ours))| block(number, began + seconds(*at), *ours))
				.collect()
		};
		let told = |each: &[(f64, usize)]| {
			rate(&at(each), began, began + seconds(10.0)).map(|rate| (rate * 100.0).round() / 100.0)
		};
		// What the first block has was sent before it.
		assert_eq!(told(&[(2.0, 500), (3.0, 100), (4.0, 100), (9.0, 100)]), Some(42.86));
		// What becomes final after the end does not count.
		assert_eq!(told(&[(2.0, 1), (9.0, 70), (11.0, 500)]), Some(10.0));
		// A standstill at the end does.
		assert_eq!(told(&[(2.0, 1), (3.0, 80)]), Some(10.0));
		// One at the beginning does, too.
		assert_eq!(told(&[(8.0, 1), (10.0, 80)]), Some(8.0));
		assert_eq!(told(&[(2.0, 1), (2.0, 80)]), None);
		assert_eq!(told(&[]), None);
	}
}
