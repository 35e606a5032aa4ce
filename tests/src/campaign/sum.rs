//! What several runs show together, as the tables of `docs/campaign.md`. Run by `scripts/campaign --sum FILE…`.

use super::{
	history::Rule,
	plan::Kind,
	report::RULES,
	results::{Line, OfEpisode, OfRun, name_of, read},
	world::Result,
};
use crate::load::times::Times;
use std::{
	collections::{BTreeMap, BTreeSet},
	path::PathBuf,
	time::Duration,
};

/// Adds up files of results. Nothing, or a run that did not measure anything, is no result.
pub fn sum(paths: &[PathBuf]) -> Result<String> {
	let mut lines = Vec::new();
	for path in paths {
		lines.extend(read(path)?);
	}
	Sum::of(lines)?.markdown()
}

/// What several runs show.
#[derive(Debug, Default)]
struct Sum {
	/// The runs that ended in some way, in the order in which they did.
	runs: Vec<OfRun>,
	/// The episodes of each of them that happened.
	happened: BTreeMap<String, Vec<OfEpisode>>,
	/// Faults that could not happen where they were to.
	left_out: BTreeMap<Kind, u64>,
	/// The episodes of runs that were interrupted, or could not go on.
	open: Vec<OfEpisode>,
}

impl Sum {
	fn of(lines: Vec<Line>) -> Result<Self> {
		let (mut episodes, mut sum) = (Vec::new(), Self::default());
		for line in lines {
			match line {
				Line::Episode(one) => episodes.push(one),
				Line::Run(run) => sum.runs.push(run),
			}
		}
		let names: BTreeSet<&str> = sum.runs.iter().map(|run| run.run.as_str()).collect();
		if names.len() < sum.runs.len() {
			return Err("one run is there twice: name each file of results once".to_owned());
		}
		let names: BTreeSet<String> = sum.complete().map(|run| run.run.clone()).collect();
		for one in episodes {
			match (names.contains(&one.run), one.left_out.is_some(), one.kind()) {
				(false, ..) => sum.open.push(one),
				(true, true, Some(kind)) => *sum.left_out.entry(kind).or_default() += 1,
				(true, ..) => sum.happened.entry(one.run.clone()).or_default().push(one),
			}
		}
		Ok(sum)
	}

	/// The runs at whose end all was compared once more.
	fn complete(&self) -> impl Iterator<Item = &OfRun> {
		self.runs.iter().filter(|run| run.stopped.is_none())
	}

	/// The episodes of runs of which no more is known.
	fn lost(&self) -> impl Iterator<Item = &OfEpisode> {
		self.open.iter().filter(|one| self.runs.iter().all(|run| run.run != one.run))
	}

	fn markdown(&self) -> Result<String> {
		let episodes: u64 = self.runs.iter().map(|run| self.episodes_of(run)).sum();
		if episodes == 0 {
			return Err("no run has ended in which a fault happened: that shows nothing".to_owned());
		}
		let mut text = vec![self.heading(episodes)];
		text.extend(self.not_counted());
		text.push(String::new());
		text.extend(self.faults());
		text.push(String::new());
		text.extend(self.rules());
		text.push(String::new());
		text.extend(self.times());
		text.push(String::new());
		text.extend(self.broken());
		Ok(text.join("\n"))
	}

	fn heading(&self, episodes: u64) -> String {
		let different: BTreeSet<(u64, u64)> =
			self.happened.values().flatten().map(|one| (one.seed, one.number)).collect();
		let commits: BTreeSet<&str> = self.complete().map(|run| run.commit.as_str()).collect();
		let commits: Vec<&str> = commits.into_iter().filter(|commit| !commit.is_empty()).collect();
		let hours = self.complete().map(|run| run.took).sum::<u64>() as f64 / 3_600_000.0;
		let seeds = ranges(self.complete().map(|run| run.seed).collect());
		let mut text = format!(
			"{episodes} episodes, {} different ones, in {} runs of {hours:.1} hours; seeds {seeds}.",
			different.len(),
			self.complete().count(),
		);
		if !commits.is_empty() {
			text.push_str(&format!(" Commits {}.", commits.join(", ")));
		}
		text
	}

	/// What is in the files, and shows less than it seems to.
	fn not_counted(&self) -> Vec<String> {
		let mut text = Vec::new();
		if !self.open.is_empty() {
			let runs: BTreeSet<&str> = self.open.iter().map(|one| one.run.as_str()).collect();
			let (episodes, runs) = (self.open.len(), runs.len());
			text.push(format!(
				"Not counted: {episodes} episodes of {runs} runs that ended before all was compared once more."
			));
		}
		let stopped: Vec<&OfRun> = self.runs.iter().filter(|run| run.stopped.is_some()).collect();
		for run in stopped {
			let why = run.stopped.as_deref().unwrap_or_default();
			text.push(format!("The run of seed {} could not go on: {why}.", run.seed));
		}
		for run in self.runs.iter().filter(|run| !run.not_tried.is_empty()) {
			let rules = run.not_tried.join(", ");
			text.push(format!("The run of seed {} shows nothing about {rules}.", run.seed));
		}
		let busy = self.runs.iter().filter(|run| run.is_busy).count();
		if busy > 0 {
			text.push(format!(
				"{busy} runs were on a machine that did other work: their times do not count."
			));
		}
		text
	}

	fn faults(&self) -> Vec<String> {
		let mut rows = vec![
			"| fault | times | left out | nodes follow, p50 | p99 | at most | all well, p50 | p99 | at most |"
				.to_owned(),
			"|---|--:|--:|--:|--:|--:|--:|--:|--:|".to_owned(),
		];
		for kind in Kind::all() {
			let is_it = |one: &&OfEpisode| one.kind() == Some(kind);
			let times = self.happened.values().flatten().filter(is_it).count();
			let left_out = self.left_out.get(&kind).copied().unwrap_or_default();
			let follow = cells(&self.calm(is_it, |one| one.followed.into_iter().collect()));
			let well = cells(&self.calm(is_it, |one| one.well.into_iter().collect()));
			rows.push(format!("| {} | {times} | {left_out} | {follow} | {well} |", kind.name()));
		}
		rows
	}

	fn rules(&self) -> Vec<String> {
		let mut rows = vec!["| rule | tried | broken |".to_owned(), "|---|--:|--:|".to_owned()];
		for rule in RULES {
			let tried: u64 = self.complete().filter_map(|run| run.tried.get(&name_of(rule))).sum();
			let (broken, name) = (self.breaches_of(rule), rule.sentence());
			rows.push(format!("| {name} | {tried} | {broken} |"));
		}
		rows
	}

	fn times(&self) -> Vec<String> {
		let followed = |one: &OfEpisode| -> Vec<u64> { one.followed.into_iter().collect() };
		let is = |which: fn(Kind) -> bool| move |one: &&OfEpisode| one.kind().is_some_and(which);
		let calm_runs = self.complete().filter(|run| !run.is_busy);
		let before: Times = calm_runs.flat_map(|run| &run.lags).map(|lag| time(*lag)).collect();
		let rows = [
			(
				"a validator that was away follows again",
				self.calm(is(Kind::makes_nodes_rejoin), followed),
			),
			(
				"blocks become final again after a partition 2\\|2",
				self.calm(is(|kind| kind == Kind::CutInHalf), followed),
			),
			("a block becomes final, before the first fault", before),
			(
				"a block becomes final with one of four away",
				self.calm(is(Kind::leaves_three), |one| one.lags.clone()),
			),
		];
		let mut text = vec![
			"| time | measured | p50 | p99 | at most |".to_owned(),
			"|---|--:|--:|--:|--:|".to_owned(),
		];
		text.extend(
			rows.iter()
				.map(|(what, times)| format!("| {what} | {} | {} |", times.count(), cells(times))),
		);
		text
	}

	/// What was broken, and how much came after that.
	fn broken(&self) -> Vec<String> {
		let mut text = Vec::new();
		for run in &self.runs {
			for (rule, what) in &run.breaches {
				text.push(format!("- seed {}: {rule}: {what}", run.seed));
			}
		}
		for one in self.lost().filter(|one| !one.broken.is_empty()) {
			let (seed, number, rules) = (one.seed, one.number, one.broken.join(", "));
			text.push(format!("- seed {seed}, episode {number}, of a run without an end: {rules}"));
		}
		if text.is_empty() {
			return vec!["No rule was broken.".to_owned()];
		}
		let Some(last) = self.runs.iter().rposition(|run| !run.breaches.is_empty()) else {
			return text;
		};
		let later = &self.runs[last + 1..];
		let (runs, episodes) =
			(later.len(), later.iter().map(|run| self.episodes_of(run)).sum::<u64>());
		text.push(String::new());
		text.push(format!(
			"Since the last of these runs, {episodes} episodes in {runs} runs broke no rule."
		));
		text
	}

	fn episodes_of(&self, run: &OfRun) -> u64 {
		self.happened.get(&run.run).map_or(0, |all| all.len() as u64)
	}

	/// The times of those episodes that happened on machines that did nothing else.
	fn calm(
		&self,
		which: impl Fn(&&OfEpisode) -> bool,
		times: impl Fn(&OfEpisode) -> Vec<u64>,
	) -> Times {
		let calm = self.complete().filter(|run| !run.is_busy);
		let episodes = calm.filter_map(|run| self.happened.get(&run.run)).flatten();
		episodes.filter(which).flat_map(times).map(time).collect()
	}

	fn breaches_of(&self, rule: Rule) -> usize {
		let name = name_of(rule);
		let of_runs = self.runs.iter().flat_map(|run| &run.breaches).map(|(rule, _)| rule);
		let of_others = self.lost().flat_map(|one| &one.broken);
		of_runs.chain(of_others).filter(|one| **one == name).count()
	}
}

fn time(milliseconds: u64) -> Duration {
	Duration::from_millis(milliseconds)
}

/// The median, the 99th percentile and the longest time, in seconds.
fn cells(times: &Times) -> String {
	let at = |percent| match times.percentile(percent) {
		Some(time) => format!("{:.1} s", time.as_secs_f64()),
		None => "-".to_owned(),
	};
	[50, 99, 100].map(at).join(" | ")
}

/// Numbers in words, such as `1-3, 7`.
fn ranges(numbers: BTreeSet<u64>) -> String {
	let mut ranges: Vec<(u64, u64)> = Vec::new();
	for number in numbers {
		match ranges.last_mut() {
			Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
			_ => ranges.push((number, number)),
		}
	}
	let words = ranges.iter().map(|(from, to)| match from == to {
		true => from.to_string(),
		false => format!("{from}-{to}"),
	});
	words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
	use super::{super::plan::plan, *};

	fn run(name: &str, seed: u64) -> OfRun {
		OfRun {
			run: name.to_owned(),
			seed,
			commit: "c0ffee".to_owned(),
			is_busy: false,
			took: 1_800_000,
			lags: vec![500],
			tried: BTreeMap::from([(name_of(Rule::Heals), 1)]),
			not_tried: Vec::new(),
			breaches: Vec::new(),
			stopped: None,
		}
	}

	/// An episode of this kind, after which it took so many milliseconds until all was well.
	fn episode(name: &str, seed: u64, kind: Kind, took: u64) -> OfEpisode {
		let plan = plan(seed, 19);
		let planned = plan.iter().find(|one| one.kind == kind).expect("each comes once");
		let (followed, well) = (Some(took), Some(took + 100));
		OfEpisode { followed, well, ..OfEpisode::new(name, seed, planned) }
	}

	fn happened(name: &str, seed: u64, kind: Kind, took: u64) -> Line {
		Line::Episode(episode(name, seed, kind, took))
	}

	fn markdown(lines: Vec<Line>) -> Result<String> {
		Sum::of(lines)?.markdown()
	}

	fn has(text: &str, line: &str) {
		assert!(text.lines().any(|one| one == line), "no {line:?} in:\n{text}");
	}

	#[test]
	fn runs_of_several_sessions_are_one_table() {
		let mut lines = Vec::new();
		for (name, seed) in [("a", 1), ("b", 2), ("c", 7)] {
			for took in [1_000, 3_000] {
				lines.push(happened(name, seed, Kind::NodeKilled, took));
			}
			lines.push(happened(name, seed, Kind::CutInHalf, 5_000));
			lines.push(Line::Run(run(name, seed)));
		}
		let mut slow = episode("c", 7, Kind::OneCutOff, 2_000);
		slow.lags = vec![700, 900];
		lines.push(Line::Episode(slow));
		let text = markdown(lines).expect("it shows something");
		has(
			&text,
			"10 episodes, 7 different ones, in 3 runs of 1.5 hours; seeds 1-2, 7. Commits c0ffee.",
		);
		has(&text, "| node killed | 6 | 0 | 1.0 s | 3.0 s | 3.0 s | 1.1 s | 3.1 s | 3.1 s |");
		has(&text, "| vault killed | 0 | 0 | - | - | - | - | - | - |");
		has(&text, "| a validator that was away follows again | 6 | 1.0 s | 3.0 s | 3.0 s |");
		has(
			&text,
			"| blocks become final again after a partition 2\\|2 | 3 | 5.0 s | 5.0 s | 5.0 s |",
		);
		has(&text, "| a block becomes final, before the first fault | 3 | 0.5 s | 0.5 s | 0.5 s |");
		has(&text, "| a block becomes final with one of four away | 2 | 0.7 s | 0.9 s | 0.9 s |");
		has(&text, "| all nodes follow the chain again after a fault | 3 | 0 |");
		has(&text, "No rule was broken.");
	}

	#[test]
	fn what_was_broken_is_told_and_what_came_after_it() {
		let mut broken = run("a", 1);
		broken.breaches.push((name_of(Rule::FilesStay), "a file is gone".to_owned()));
		let lines = vec![
			happened("a", 1, Kind::NodeKilled, 1_000),
			Line::Run(broken),
			happened("b", 2, Kind::NodeKilled, 1_000),
			happened("b", 2, Kind::VaultKilled, 1_000),
			Line::Run(run("b", 2)),
		];
		let text = markdown(lines).expect("it shows something");
		has(&text, "| an acknowledged file is served, whole | 0 | 1 |");
		has(&text, "- seed 1: FilesStay: a file is gone");
		has(&text, "Since the last of these runs, 2 episodes in 1 runs broke no rule.");
		assert!(!text.contains("No rule was broken"), "{text}");
	}

	#[test]
	fn runs_without_an_end_do_not_count_but_what_they_broke_does() {
		let mut open = episode("x", 5, Kind::NodeKilled, 1_000);
		open.broken.push(name_of(Rule::FinalOnly));
		let lines = vec![
			Line::Episode(open),
			happened("a", 1, Kind::VaultKilled, 1_000),
			Line::Run(run("a", 1)),
		];
		let text = markdown(lines).expect("it shows something");
		has(
			&text,
			"1 episodes, 1 different ones, in 1 runs of 0.5 hours; seeds 1. Commits c0ffee.",
		);
		assert!(text.contains("Not counted: 1 episodes of 1 runs"), "{text}");
		has(&text, "| a node's last final block does not go back | 0 | 1 |");
		assert!(text.contains("- seed 5, episode") && text.contains("FinalOnly"), "{text}");
	}

	#[test]
	fn runs_that_could_not_go_on_do_not_count_and_what_they_broke_counts_once() {
		let mut last = episode("b", 2, Kind::NodeKilled, 1_000);
		last.broken.push(name_of(Rule::FilesStay));
		let mut stopped = run("b", 2);
		stopped.stopped = Some("a node does not answer".to_owned());
		stopped.breaches.push((name_of(Rule::FilesStay), "a file is gone".to_owned()));
		let lines = vec![
			happened("a", 1, Kind::VaultKilled, 1_000),
			Line::Run(run("a", 1)),
			Line::Episode(last),
			Line::Run(stopped),
		];
		let text = markdown(lines).expect("it shows something");
		has(
			&text,
			"1 episodes, 1 different ones, in 1 runs of 0.5 hours; seeds 1. Commits c0ffee.",
		);
		has(&text, "The run of seed 2 could not go on: a node does not answer.");
		has(&text, "| an acknowledged file is served, whole | 0 | 1 |");
		has(&text, "Since the last of these runs, 0 episodes in 0 runs broke no rule.");
	}

	#[test]
	fn what_did_not_happen_and_busy_machines_give_no_figures() {
		let mut left = episode("a", 1, Kind::VaultDiskFull, 1);
		left.left_out = Some("no root".to_owned());
		let mut busy = run("a", 1);
		busy.is_busy = true;
		busy.not_tried = vec![name_of(Rule::AnchorsGrow)];
		let lines =
			vec![Line::Episode(left), happened("a", 1, Kind::NodeKilled, 9_000), Line::Run(busy)];
		let text = markdown(lines).expect("it shows something");
		has(&text, "| vault's disk full | 0 | 1 | - | - | - | - | - | - |");
		has(&text, "| node killed | 1 | 0 | - | - | - | - | - | - |");
		has(&text, "The run of seed 1 shows nothing about AnchorsGrow.");
		assert!(text.contains("1 runs were on a machine that did other work"), "{text}");
	}

	#[test]
	fn nothing_and_one_run_twice_are_no_result() {
		let twice = vec![Line::Run(run("a", 1)), Line::Run(run("a", 1))];
		for (lines, says) in [
			(Vec::new(), "shows nothing"),
			(vec![Line::Run(run("a", 1))], "shows nothing"),
			(vec![happened("x", 1, Kind::NodeKilled, 1)], "shows nothing"),
			(twice, "twice"),
		] {
			let refused = markdown(lines).expect_err("it shows nothing");
			assert!(refused.contains(says), "{refused}");
		}
	}
}
