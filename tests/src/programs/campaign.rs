//! A campaign of faults on a network of its own. Run by `scripts/campaign`.

use medblock_e2e::campaign::{Settings, run as runs};
use std::time::Duration;

/// How many runs may be spent to find fewer episodes that fail.
const SHRINKS: u32 = 6;

pub async fn run(arguments: &[String]) -> Result<(), String> {
	let settings = settings(arguments)?;
	eprintln!("campaign: --seed {} --episodes {}", settings.seed, settings.episodes);
	runs(&settings).await
}

fn settings(arguments: &[String]) -> Result<Settings, String> {
	let (shrinks, is_busy) = (SHRINKS, false);
	let mut settings = Settings { seed: 0, episodes: 0, only: None, time: None, shrinks, is_busy };
	let mut words = arguments.iter();
	while let Some(option) = words.next() {
		if option == "--busy" {
			settings.is_busy = true;
			continue;
		}
		let value = words.next().ok_or_else(|| format!("{option} wants a value"))?;
		match option.as_str() {
			"--seed" => settings.seed = number(value)?,
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
