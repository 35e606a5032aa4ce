//! A campaign of faults on a network of its own, or the sum of what several have shown. Run by `scripts/campaign`.

use medblock_e2e::campaign::{Settings, run as runs, sum::sum};
use std::{path::PathBuf, time::Duration};

/// How many runs may be spent to find fewer episodes that fail.
const SHRINKS: u32 = 6;

pub async fn run(arguments: &[String]) -> Result<(), String> {
	if let Some((first, files)) = arguments.split_first()
		&& first == "--sum"
	{
		if files.is_empty() {
			return Err("--sum wants files of results".to_owned());
		}
		let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
		println!("{}", sum(&files)?);
		return Ok(());
	}
	let settings = settings(arguments)?;
	let Settings { seed, runs: all, episodes, .. } = &settings;
	eprintln!("campaign: --seed {seed} --runs {all} --episodes {episodes}");
	runs(&settings).await
}

fn settings(arguments: &[String]) -> Result<Settings, String> {
	let mut settings = Settings {
		seed: 0,
		runs: 1,
		episodes: 0,
		only: None,
		time: None,
		shrinks: SHRINKS,
		is_busy: false,
		results: None,
		commit: String::new(),
	};
	let mut words = arguments.iter();
	while let Some(option) = words.next() {
		if option == "--busy" {
			settings.is_busy = true;
			continue;
		}
		let value = words.next().ok_or_else(|| format!("{option} wants a value"))?;
		match option.as_str() {
			"--seed" => settings.seed = number(value)?,
			"--runs" => settings.runs = number(value)?,
			"--results" => settings.results = Some(PathBuf::from(value)),
			"--commit" => settings.commit.clone_from(value),
			"--episodes" => settings.episodes = number(value)?,
			"--only" => {
				let numbers: Result<Vec<u64>, String> = value.split(',').map(number).collect();
				settings.only = Some(numbers?);
			},
			"--minutes" => settings.time = Some(Duration::from_secs(60 * number(value)?)),
			"--shrinks" => {
				settings.shrinks = u32::try_from(number(value)?).map_err(|why| why.to_string())?;
			},
			_ => return Err(format!("unknown option {option}; see scripts/campaign --help")),
		}
	}
	Ok(settings)
}

fn number(word: &str) -> Result<u64, String> {
	word.parse().map_err(|_| format!("{word} is no number"))
}
