//! A file of results that grows from run to run: JSON, one line for each episode and one for each run that has ended.
//! `scripts/campaign --results FILE` appends to it, and [`super::sum`] reads it.

use super::{
	history::{Breach, Rule},
	plan::{Episode, Kind},
	world::{Healed, Result, text},
};
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	fs::File,
	io::{Read, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
	sync::{Mutex, PoisonError},
	time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "camelCase")]
pub enum Line {
	/// An episode is over, and what it may have lost was looked for.
	Episode(OfEpisode),
	/// A run is over, and all was compared once more. Episodes of a run without this line show nothing for sure.
	Run(OfRun),
}

/// What came of an episode. All times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfEpisode {
	/// The run that it was part of.
	pub run: String,
	/// The seed of that run.
	pub seed: u64,
	/// Its number in the plan of that seed.
	pub number: u64,
	/// The word for what happened: [`Kind::name`].
	pub fault: String,
	/// Why it did not happen.
	pub left_out: Option<String>,
	/// From the end of the fault until all nodes followed the chain and blocks became final again.
	pub followed: Option<u64>,
	/// From the same moment until the vaults were healthy, too.
	pub well: Option<u64>,
	/// From each block's news to that of its being final, at another node, while one of four validators was away.
	pub lags: Vec<u64>,
	/// Calls that people were told to be final since the last episode.
	pub calls: u64,
	/// Files that they were told to be kept since then.
	pub files: u64,
	/// The vaults that had ended by themselves, and were started again.
	pub restarted: Vec<usize>,
	/// The rules that were broken since the last episode.
	pub broken: Vec<String>,
}

/// How a run ended. All times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRun {
	/// Its name, which no other run has.
	pub run: String,
	/// Its seed.
	pub seed: u64,
	/// The commit whose programs ran; empty if that is not known.
	pub commit: String,
	/// Whether the machine did other work: its times are no figures.
	pub is_busy: bool,
	/// How long it took.
	pub took: u64,
	/// From each block's news to that of its being final, before the first fault.
	pub lags: Vec<u64>,
	/// How often each rule was tried.
	pub tried: BTreeMap<String, u64>,
	/// The rules that had to be tried, and never were.
	pub not_tried: Vec<String>,
	/// What was broken, as rule and sentence.
	pub breaches: Vec<(String, String)>,
	/// Why it could not go on to its end.
	pub stopped: Option<String>,
}

impl OfEpisode {
	/// An episode of a run of which nothing is known yet.
	pub fn new(run: &str, seed: u64, episode: &Episode) -> Self {
		Self {
			run: run.to_owned(),
			seed,
			number: episode.number,
			fault: episode.kind.name().to_owned(),
			left_out: None,
			followed: None,
			well: None,
			lags: Vec::new(),
			calls: 0,
			files: 0,
			restarted: Vec::new(),
			broken: Vec::new(),
		}
	}

	/// It took this long until all was well.
	pub fn healed(&mut self, healed: Healed) {
		self.followed = Some(milliseconds(healed.followed));
		self.well = Some(milliseconds(healed.well));
	}

	/// The kind of fault; none if this program knows no such kind.
	pub fn kind(&self) -> Option<Kind> {
		Kind::all().find(|kind| kind.name() == self.fault)
	}
}

/// The words for the rules of breaches.
pub fn rules_of(breaches: &[Breach]) -> Vec<String> {
	breaches.iter().map(|breach| name_of(breach.rule)).collect()
}

/// The word for a rule in results.
pub fn name_of(rule: Rule) -> String {
	format!("{rule:?}")
}

/// A time in whole milliseconds.
pub fn milliseconds(time: Duration) -> u64 {
	u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A name that no other run has.
pub fn name_of_run(seed: u64) -> String {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	format!("{seed}-{}-{}", now.as_millis(), std::process::id())
}

/// The file of results that a campaign writes, if it writes one.
#[derive(Debug, Default)]
pub struct Results(Option<Mutex<File>>);

impl Results {
	/// Appends to this file, which need not exist. Refuses one that has other lines: it is someone else's.
	pub fn append_to(path: Option<&PathBuf>) -> Result<Self> {
		let Some(path) = path else { return Ok(Self::default()) };
		if path.exists() {
			read(path)?;
		}
		let opened = File::options().create(true).read(true).append(true).open(path);
		let mut file = opened.map_err(|why| format!("{}: {why}", path.display()))?;
		end_line(&mut file).map_err(|why| format!("{}: {why}", path.display()))?;
		Ok(Self(Some(Mutex::new(file))))
	}

	/// Writes a line, at once and in one piece.
	pub fn write(&self, line: &Line) -> Result<()> {
		let Some(file) = &self.0 else { return Ok(()) };
		let mut written = serde_json::to_string(line).map_err(text)?;
		written.push('\n');
		let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
		file.write_all(written.as_bytes()).map_err(text)
	}
}

/// Ends the last line of a file, if it has no end.
fn end_line(file: &mut File) -> std::io::Result<()> {
	if file.seek(SeekFrom::End(0))? == 0 {
		return Ok(());
	}
	file.seek(SeekFrom::End(-1))?;
	let mut last = [0];
	file.read_exact(&mut last)?;
	if last != *b"\n" {
		file.write_all(b"\n")?;
	}
	Ok(())
}

/// The lines of a file of results. One that is not understood is an error: what it says would be missing from every sum.
pub fn read(path: &Path) -> Result<Vec<Line>> {
	let text = std::fs::read_to_string(path);
	let text = text.map_err(|why| format!("{}: {why}", path.display()))?;
	let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
	let parsed = lines.map(|(number, line)| {
		let place = format!("{}:{}", path.display(), number + 1);
		let line: Line = serde_json::from_str(line)
			.map_err(|why| format!("{place}: this is no line of results: {why}"))?;
		if let Line::Episode(one) = &line
			&& one.kind().is_none()
		{
			return Err(format!("{place}: there is no fault {:?}", one.fault));
		}
		Ok(line)
	});
	parsed.collect()
}

#[cfg(test)]
mod tests {
	use super::{super::plan::plan, *};
	use tempfile::TempDir;

	fn episode() -> Line {
		let mut line = OfEpisode::new("7-1-1", 7, &plan(7, 1)[0]);
		line.healed(Healed {
			followed: Duration::from_millis(2_100),
			well: Duration::from_millis(2_300),
		});
		line.lags = vec![600, 700];
		line.broken = vec![name_of(Rule::Heals)];
		Line::Episode(line)
	}

	#[test]
	fn lines_are_added_to_those_of_earlier_runs_and_read_again() {
		let folder = TempDir::new().expect("a folder");
		let path = folder.path().join("results");
		for _ in 0..2 {
			let results = Results::append_to(Some(&path)).expect("a file");
			results.write(&episode()).expect("it is written");
		}
		assert_eq!(read(&path).expect("it is read"), [episode(), episode()]);
		let text = std::fs::read_to_string(&path).expect("a file");
		assert!(text.starts_with("{\"line\":\"episode\",\"run\":\"7-1-1\",\"seed\":7,"), "{text}");
	}

	#[test]
	fn a_line_without_an_end_is_not_glued_to_the_next() {
		let folder = TempDir::new().expect("a folder");
		let path = folder.path().join("results");
		let line = serde_json::to_string(&episode()).expect("it is text");
		std::fs::write(&path, &line).expect("a file");
		Results::append_to(Some(&path)).expect("a file").write(&episode()).expect("it is written");
		assert_eq!(read(&path).expect("it is read").len(), 2);
	}

	#[test]
	fn a_file_of_other_lines_is_refused_and_left_alone() {
		let folder = TempDir::new().expect("a folder");
		let path = folder.path().join("notes");
		for (text, says) in [
			("{\"line\":\"episode\",\"run\":\"7-", "notes:1: this is no line"),
			("\nmine", "notes:2: this is no line"),
		] {
			std::fs::write(&path, text).expect("a file");
			let refused = Results::append_to(Some(&path)).expect_err("it is someone else's");
			assert!(refused.contains(says), "{refused}");
			assert_eq!(std::fs::read_to_string(&path).expect("a file"), text);
		}
		let line = serde_json::to_string(&episode()).expect("it is text");
		let unknown = line.replace(plan(7, 1)[0].kind.name(), "meteorite");
		std::fs::write(&path, unknown).expect("a file");
		let refused = read(&path).expect_err("no such fault");
		assert!(refused.contains("notes:1: there is no fault \"meteorite\""), "{refused}");
	}

	#[test]
	fn results_that_are_not_wanted_are_written_nowhere() {
		let results = Results::append_to(None).expect("nothing to open");
		results.write(&episode()).expect("nothing to write");
	}
}
