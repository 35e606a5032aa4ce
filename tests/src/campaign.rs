//! Campaigns: one fault after another on a network of real nodes and vaults that people use meanwhile, checked against a
//! history of all that anyone was told.
//!
//! A seed decides which faults there are, and when ([`plan`]). The rules are [`history::Rule`]. `docs/campaign.md` says what
//! a campaign shows, and what it can't.

mod changes;
mod direct;
mod faults;
pub mod history;
pub mod lines;
mod load;
pub mod plan;
mod report;
pub mod results;
mod servers;
pub mod shrink;
pub mod sum;
mod watch;
mod watched;
mod world;

use direct::Whole;
use history::{Breach, Rule, Verdict};
use load::People;
use medblock_client::medblock_crypto::Mnemonic;
use plan::Episode;
use report::Report;
use results::{Line, OfRun, Results, milliseconds};
use shrink::Shrink;
use std::{
	collections::BTreeSet,
	path::PathBuf,
	time::{Duration, Instant},
};
use tokio::signal::unix::{SignalKind, signal};
use watched::Watched;
use world::{Result, World, text};

/// A run of this length has to have tried anchors, of which the chain takes one in ten minutes.
const ANCHORED: Duration = Duration::from_secs(30 * 60);

/// What a campaign is asked to do.
#[derive(Clone, Debug)]
pub struct Settings {
	/// What decides everything.
	pub seed: u64,
	/// How many runs there are, one after another, each on a network of its own. Each has the next seed.
	pub runs: u64,
	/// How many faults each of them has.
	pub episodes: u64,
	/// These of them alone.
	pub only: Option<Vec<u64>>,
	/// The time after which no fault begins.
	pub time: Option<Duration>,
	/// How many runs may be spent to find fewer episodes that fail.
	pub shrinks: u32,
	/// Whether this machine does other work meanwhile: what holds in a calm network alone is not asked for.
	pub is_busy: bool,
	/// The file that gets a line for each episode and each run.
	pub results: Option<PathBuf>,
	/// The commit whose programs run, for these lines.
	pub commit: String,
}

/// One run.
struct Run {
	verdict: Verdict,
	/// The numbers of the episodes that happened.
	ran: Vec<u64>,
}

/// Runs a campaign, and prints what it shows. What broke a rule, tried too little, or could not go on is an error. Ends all
/// that it has started, also when it is interrupted.
pub async fn run(settings: &Settings) -> Result<()> {
	tokio::select! {
		ended = all(settings) => ended,
		interrupted = interrupted() => {
			interrupted?;
			Err("interrupted: all that was started has ended".to_owned())
		},
	}
}

/// All runs. One that fails does not keep the next from being run.
async fn all(settings: &Settings) -> Result<()> {
	let nothing = "there is nothing to do: no episode is wanted";
	let results = Results::append_to(settings.results.as_ref())?;
	let until = settings.time.map(|time| Instant::now() + time);
	let mut failed = Vec::new();
	for number in 0..settings.runs {
		if number > 0 && until.is_some_and(|until| Instant::now() > until) {
			break;
		}
		let settings = Settings { seed: settings.seed.wrapping_add(number), ..settings.clone() };
		let episodes = planned(&settings);
		if episodes.is_empty() {
			return Err(nothing.to_owned());
		}
		if let Err(why) = goes(&settings, &episodes, until, &results).await {
			if settings.runs > 1 {
				eprintln!("campaign: seed {}: {why}", settings.seed);
			}
			failed.push(why);
		}
	}
	match (settings.runs, failed.len(), failed.pop()) {
		(0, ..) => Err(nothing.to_owned()),
		(_, _, None) => Ok(()),
		(_, 1, Some(why)) => Err(why),
		(runs, some, Some(last)) => Err(format!("{some} of {runs} runs failed; the last: {last}")),
	}
}

fn planned(settings: &Settings) -> Vec<Episode> {
	let all = plan::plan(settings.seed, settings.episodes);
	match &settings.only {
		Some(numbers) => plan::only(all, numbers),
		None => all,
	}
}

/// Waits until the user, or a service manager, ends this.
async fn interrupted() -> Result<()> {
	let mut user = signal(SignalKind::interrupt()).map_err(text)?;
	let mut manager = signal(SignalKind::terminate()).map_err(text)?;
	tokio::select! {
		_ = user.recv() => {},
		_ = manager.recv() => {},
	}
	Ok(())
}

async fn goes(
	settings: &Settings,
	episodes: &[Episode],
	until: Option<Instant>,
	results: &Results,
) -> Result<()> {
	let ran = once(settings, episodes, until, results).await?;
	match ran.verdict {
		Verdict::Kept => Ok(()),
		Verdict::NotTried(rules) => Err(format!(
			"this run shows nothing about {rules:?}: it was too short, or what should try them did not work"
		)),
		Verdict::Broken(breaches) => {
			let numbers = shrinks(settings, episodes, &ran.ran, &breaches).await?;
			Err(format!("rules were broken; to do it again: {}", replay(settings, &numbers)))
		},
	}
}

/// The command that does these episodes again, and judges them alike.
fn replay(settings: &Settings, numbers: &[u64]) -> String {
	let replay = plan::replay(settings.seed, settings.episodes, numbers);
	if settings.is_busy { format!("{replay} --busy") } else { replay }
}

/// Runs parts of what failed again, and gives the fewest episodes that break one of the same rules.
async fn shrinks(
	settings: &Settings,
	episodes: &[Episode],
	ran: &[u64],
	breaches: &[Breach],
) -> Result<Vec<u64>> {
	let rules: BTreeSet<Rule> = breaches.iter().map(|breach| breach.rule).collect();
	eprintln!("campaign: to do it again: {}", replay(settings, ran));
	let mut shrink = Shrink::new(ran.to_vec(), settings.shrinks);
	while let Some(candidate) = shrink.candidate() {
		eprintln!("campaign: whether it takes no more than episodes {candidate:?}");
		let some = plan::only(episodes.to_vec(), &candidate);
		let fails = match once(settings, &some, None, &Results::default()).await {
			Ok(Run { verdict: Verdict::Broken(found), .. }) => {
				found.iter().any(|breach| rules.contains(&breach.rule))
			},
			Ok(_) => false,
			Err(why) => {
				eprintln!("campaign: this one could not go on: {why}");
				false
			},
		};
		shrink.tell(fails);
	}
	Ok(shrink.smallest().to_vec())
}

/// One run, on a network of its own.
async fn once(
	settings: &Settings,
	episodes: &[Episode],
	until: Option<Instant>,
	results: &Results,
) -> Result<Run> {
	let seed = settings.seed;
	eprintln!("campaign: seed {seed}, {} episodes; the network begins", episodes.len());
	let name = results::name_of_run(seed);
	let world = World::start(seed).await?;
	let people = People::arrive(&world, seed).await?;
	let observer = world.person(&Mnemonic::generate(), 2).await?;
	let watched = Watched::new(settings.is_busy);
	watched.calm();
	let mut report = Report::default();
	let whole = Whole { world: &world, people: &people, watched: &watched, results, name: &name };
	let directing = whole.direct(seed, episodes, until, &mut report);
	let others = async {
		tokio::join!(
			people.go_on(&world, &watched),
			watch::watch(&world, &people, &observer, &watched),
		);
		// They go on for as long as the campaign does.
		std::future::pending::<()>().await;
	};
	let ended = tokio::select! {
		ended = directing => ended,
		() = others => Ok(()),
	};
	let took = Duration::from_millis(watched.now());
	let needed = match &ended {
		Ok(()) => needed(episodes, report.ran(), took),
		// Why it could not go on may be a consequence of what was broken.
		Err(_) => Vec::new(),
	};
	let verdict = watched.note(|history| history.verdict(&needed));
	let stopped = ended.err();
	let line = watched.note(|history| OfRun {
		run: name.clone(),
		seed,
		commit: settings.commit.clone(),
		is_busy: settings.is_busy,
		took: milliseconds(took),
		stopped: stopped.clone(),
		..report.of_run(history, &verdict)
	});
	results.write(&Line::Run(line))?;
	if let Some(why) = stopped {
		if !matches!(verdict, Verdict::Broken(_)) {
			return Err(why);
		}
		eprintln!("campaign: it could not go on: {why}");
	}
	watched.note(|history| report.print(history, &verdict));
	Ok(Run { verdict, ran: report.ran().to_vec() })
}

/// The rules that a run of these episodes has to have tried.
fn needed(episodes: &[Episode], ran: &[u64], took: Duration) -> Vec<Rule> {
	let mut needed = vec![
		Rule::OneFinalBlock,
		Rule::FinalOnly,
		Rule::CallsStay,
		Rule::FilesStay,
		Rule::NoReadAfterRevocation,
		Rule::RevocationsTaken,
		Rule::LogsGrow,
		Rule::NothingInClear,
		Rule::Heals,
		Rule::NodesGoOn,
	];
	let stalled = episodes.iter().any(|one| one.kind.stalls() && ran.contains(&one.number));
	needed.extend(stalled.then_some(Rule::StallLosesNothing));
	needed.extend((took >= ANCHORED).then_some(Rule::AnchorsGrow));
	needed
}

#[cfg(test)]
mod tests {
	use super::*;

	fn settings(runs: u64, episodes: u64, only: Option<Vec<u64>>) -> Settings {
		let (seed, time, shrinks, is_busy, results) = (7, None, 0, false, None);
		let commit = String::new();
		Settings { seed, runs, episodes, only, time, shrinks, is_busy, results, commit }
	}

	#[tokio::test]
	async fn what_would_do_nothing_starts_nothing() {
		for nothing in [settings(0, 19, None), settings(1, 0, None), settings(1, 3, Some(vec![7]))]
		{
			let refused = all(&nothing).await.expect_err("nothing to do");
			assert!(refused.contains("there is nothing to do"), "{refused}");
		}
	}

	#[test]
	fn a_replay_judges_as_the_run_did() {
		let mut settings = settings(1, 40, None);
		let command = "scripts/campaign --seed 7 --episodes 40 --only 3";
		assert_eq!(replay(&settings, &[3]), command);
		settings.is_busy = true;
		assert_eq!(replay(&settings, &[3]), format!("{command} --busy"));
	}

	#[test]
	fn long_runs_and_stalls_have_more_to_try() {
		let plan = plan::plan(7, 19);
		let stall = plan.iter().find(|one| one.kind.stalls()).expect("each kind comes");
		let short = needed(&plan, &[], Duration::from_secs(600));
		for rule in [Rule::StallLosesNothing, Rule::AnchorsGrow] {
			assert!(!short.contains(&rule), "{rule:?}");
		}
		let long = needed(&plan, &[stall.number], ANCHORED);
		assert_eq!(long.len(), report::RULES.len());
	}
}
