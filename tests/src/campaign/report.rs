//! What a run prints.

use super::{
	history::{History, Rule, Verdict},
	plan::{Episode, Kind},
	results::{OfRun, milliseconds, name_of},
	world::Healed,
};
use crate::load::times::Times;
use std::{collections::BTreeMap, time::Duration};

/// All rules, in the order in which they are printed.
pub const RULES: [Rule; 12] = [
	Rule::OneFinalBlock,
	Rule::FinalOnly,
	Rule::CallsStay,
	Rule::FilesStay,
	Rule::NoReadAfterRevocation,
	Rule::RevocationsTaken,
	Rule::StallLosesNothing,
	Rule::LogsGrow,
	Rule::AnchorsGrow,
	Rule::NothingInClear,
	Rule::Heals,
	Rule::NodesGoOn,
];

/// What happened.
#[derive(Debug, Default)]
pub struct Report {
	/// How long it took until all was well after each fault of a kind.
	healed: BTreeMap<Kind, Vec<Healed>>,
	left_out: BTreeMap<Kind, u32>,
	/// The numbers of the episodes that began and were not left out.
	begun: Vec<u64>,
	/// How long blocks took to become final before the first fault.
	lags: Vec<Duration>,
	/// The same while one of four validators was away.
	lags_without_one: Vec<Duration>,
}

impl Report {
	/// Blocks took this long to become final, before the first fault.
	pub fn before(&mut self, lags: &[Duration]) {
		self.lags.extend(lags);
	}

	/// An episode begins.
	pub fn begins(&mut self, episode: &Episode) {
		self.begun.push(episode.number);
	}

	/// A fault happened, during which blocks took this long to become final.
	pub fn happened(&mut self, lags: &[Duration]) {
		self.lags_without_one.extend(lags);
	}

	/// After a fault, it took this long until all was well.
	pub fn healed(&mut self, kind: Kind, healed: Healed) {
		self.healed.entry(kind).or_default().push(healed);
	}

	/// The episode that has begun could not happen here.
	pub fn left_out(&mut self, kind: Kind) {
		self.begun.pop();
		*self.left_out.entry(kind).or_default() += 1;
	}

	/// The numbers of the episodes that happened; of a run that could not go on, also of that which had begun.
	pub fn ran(&self) -> &[u64] {
		&self.begun
	}

	/// How a run ended, as a line of results. What only its caller knows is empty.
	pub fn of_run(&self, history: &History, verdict: &Verdict) -> OfRun {
		let breaches = history.breaches().iter();
		let not_tried = match verdict {
			Verdict::NotTried(rules) => rules.iter().copied().map(name_of).collect(),
			_ => Vec::new(),
		};
		OfRun {
			run: String::new(),
			seed: 0,
			commit: String::new(),
			is_busy: false,
			took: 0,
			lags: self.lags.iter().copied().map(milliseconds).collect(),
			tried: RULES.map(|rule| (name_of(rule), history.checks(rule))).into(),
			not_tried,
			breaches: breaches.map(|one| (name_of(one.rule), one.what.clone())).collect(),
			stopped: None,
		}
	}

	/// Prints all of it.
	pub fn print(&self, history: &History, verdict: &Verdict) {
		for line in self.lines(history, verdict) {
			println!("{line}");
		}
	}

	fn lines(&self, history: &History, verdict: &Verdict) -> Vec<String> {
		let mut lines = vec![format!(
			"{:<34} {:>5} {:>9} {:>9} {:>9} {:>9}",
			"fault", "times", "nodes p50", "p99", "well p50", "p99"
		)];
		for (kind, times) in &self.healed {
			let followed: Times = times.iter().map(|healed| healed.followed).collect();
			let well: Times = times.iter().map(|healed| healed.well).collect();
			let (name, times) = (kind.name(), times.len());
			lines.push(format!("{name:<34} {times:>5} {} {}", cells(&followed), cells(&well)));
		}
		for (what, times) in [
			("before the first fault", &self.lags),
			("with one of four away", &self.lags_without_one),
		] {
			let (all, cells) = (times.len(), cells(&times.iter().copied().collect()));
			let what = format!("block final, {what}");
			lines.push(format!("{what:<34} {all:>5} {cells}"));
		}
		for (kind, times) in &self.left_out {
			lines.push(format!("{:<34} {times:>5} left out", kind.name()));
		}
		lines.push(format!("{:<50} {:>9}", "rule", "tried"));
		for rule in RULES {
			lines.push(format!("{:<50} {:>9}", rule.sentence(), history.checks(rule)));
		}
		lines.push(match verdict {
			Verdict::Kept => "no rule was broken".to_owned(),
			Verdict::NotTried(rules) => format!("never tried: {rules:?}"),
			Verdict::Broken(breaches) => format!("{} breaches", breaches.len()),
		});
		if let Verdict::Broken(breaches) = verdict {
			lines.extend(breaches.iter().map(ToString::to_string));
		}
		lines
	}
}

/// The median and the 99th percentile, in seconds.
fn cells(times: &Times) -> String {
	let at = |percent| match times.percentile(percent) {
		Some(time) => format!("{:>7.1} s", time.as_secs_f64()),
		None => format!("{:>9}", "-"),
	};
	[at(50), at(99)].join(" ")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_report_says_what_happened_and_what_was_tried() {
		let (mut report, mut history) = (Report::default(), History::default());
		for seconds in 1..=100 {
			let followed = Duration::from_secs(seconds);
			let well = followed + Duration::from_secs(1);
			report.healed(Kind::NodeKilled, Healed { followed, well });
		}
		report.before(&[Duration::from_millis(400)]);
		report.happened(&[Duration::from_millis(700)]);
		report.left_out(Kind::VaultDiskFull);
		history.healed("episode 1", true);
		history.healed("episode 2", false);
		let lines = report.lines(&history, &history.verdict(&[]));
		let has =
			|words: &[&str]| lines.iter().any(|line| words.iter().all(|word| line.contains(word)));
		assert!(
			has(&["node killed", "100", "50.0 s", "99.0 s", "51.0 s", "100.0 s"]),
			"{lines:#?}"
		);
		assert!(has(&["before the first fault", "1", "0.4 s"]), "{lines:#?}");
		assert!(has(&["with one of four away", "1", "0.7 s"]), "{lines:#?}");
		assert!(has(&["vault's disk full", "1 left out"]), "{lines:#?}");
		assert!(has(&["after a fault", "2"]) && has(&["1 breaches"]), "{lines:#?}");
		assert!(has(&["Heals", "not after episode 2"]), "{lines:#?}");
	}

	#[test]
	fn an_episode_that_was_left_out_did_not_run_and_one_that_broke_off_did() {
		let plan = crate::campaign::plan::plan(1, 3);
		let mut report = Report::default();
		report.begins(&plan[0]);
		report.begins(&plan[1]);
		report.left_out(plan[1].kind);
		report.begins(&plan[2]);
		assert_eq!(report.ran(), [0, 2]);
	}

	#[test]
	fn a_line_of_results_has_what_was_tried_and_what_was_broken() {
		let (report, mut history) = (Report::default(), History::default());
		let needed = [Rule::Heals, Rule::LogsGrow];
		history.healed("episode 1", true);
		let line = report.of_run(&history, &history.verdict(&needed));
		assert_eq!((line.tried["Heals"], line.tried["LogsGrow"]), (1, 0));
		assert_eq!(line.not_tried, ["LogsGrow"]);
		assert!(line.breaches.is_empty());
		history.healed("episode 2", false);
		let line = report.of_run(&history, &history.verdict(&needed));
		assert_eq!(line.breaches, [("Heals".to_owned(), "not after episode 2".to_owned())]);
	}

	#[test]
	fn all_rules_are_printed_once() {
		let rules: std::collections::BTreeSet<Rule> = RULES.into_iter().collect();
		assert_eq!(rules.len(), RULES.len());
	}
}
