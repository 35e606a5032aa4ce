//! What a run prints.

use super::{
	history::{History, Rule, Verdict},
	plan::Kind,
};
use std::{collections::BTreeMap, time::Duration};

/// All rules, in the order in which they are printed.
const RULES: [Rule; 11] = [
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
];

/// What happened.
#[derive(Debug, Default)]
pub struct Report {
	/// How long it took until all was well after each fault of a kind.
	healed: BTreeMap<Kind, Vec<Duration>>,
	left_out: BTreeMap<Kind, u32>,
}

impl Report {
	/// A fault happened, and it took this long until all was well.
	pub fn happened(&mut self, kind: Kind, healing: Duration) {
		self.healed.entry(kind).or_default().push(healing);
	}

	/// A fault could not happen here.
	pub fn left_out(&mut self, kind: Kind) {
		*self.left_out.entry(kind).or_default() += 1;
	}

	/// Prints all of it.
	pub fn print(&self, history: &History, verdict: &Verdict) {
		for line in self.lines(history, verdict) {
			println!("{line}");
		}
	}

	fn lines(&self, history: &History, verdict: &Verdict) -> Vec<String> {
		let mut lines =
			vec![format!("{:<34} {:>5} {:>9} {:>9}", "fault", "times", "well p50", "p99")];
		for (kind, times) in &self.healed {
			let (middle, late) = (percentile(times, 50), percentile(times, 99));
			let name = kind.name();
			lines.push(format!("{name:<34} {:>5} {middle:>7.1} s {late:>7.1} s", times.len()));
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

/// A percentile of times, in seconds.
fn percentile(times: &[Duration], percent: usize) -> f64 {
	let mut times = times.to_vec();
	times.sort_unstable();
	let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
	times.get(at).map_or(0.0, Duration::as_secs_f64)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_report_says_what_happened_and_what_was_tried() {
		let (mut report, mut history) = (Report::default(), History::default());
		for seconds in 1..=100 {
			report.happened(Kind::NodeKilled, Duration::from_secs(seconds));
		}
		report.left_out(Kind::VaultDiskFull);
		history.healed("episode 1", true);
		history.healed("episode 2", false);
		let lines = report.lines(&history, &history.verdict(&[]));
		let has =
			|words: &[&str]| lines.iter().any(|line| words.iter().all(|word| line.contains(word)));
		assert!(has(&["node killed", "100", "51.0 s", "100.0 s"]), "{lines:#?}");
		assert!(has(&["vault's disk full", "1 left out"]), "{lines:#?}");
		assert!(has(&["after a fault", "2"]) && has(&["1 breaches"]), "{lines:#?}");
		assert!(has(&["Heals", "not after episode 2"]), "{lines:#?}");
	}

	#[test]
	fn all_rules_are_printed_once() {
		let rules: std::collections::BTreeSet<Rule> = RULES.into_iter().collect();
		assert_eq!(rules.len(), RULES.len());
	}
}
