//! Campaigns: one fault after another on a network of real nodes and vaults that people use meanwhile, checked against a
//! history of all that anyone was told.
//!
//! A seed decides which faults there are, and when ([`plan`]). The rules are [`history::Rule`]. `docs/campaign.md` says what
//! a campaign shows, and what it can't.

mod changes;
mod faults;
pub mod history;
pub mod lines;
mod load;
pub mod plan;
mod report;
mod servers;
pub mod shrink;
mod watch;
mod watched;
mod world;

use faults::Happened;
use history::{Breach, Rule, Verdict};
use load::People;
use medblock_client::medblock_crypto::Mnemonic;
use plan::Episode;
use report::Report;
use shrink::Shrink;
use std::{
	collections::BTreeSet,
	time::{Duration, Instant},
};
use tokio::signal::unix::{SignalKind, signal};
use watch::Audits;
use watched::Watched;
use world::{Result, World, text};

/// How long people use the network before the first fault.
const BEFORE: Duration = Duration::from_secs(20);
/// How long they do after the last, so that what holds in a calm network is tried, too.
const AFTER: Duration = Duration::from_secs(90);

/// What a campaign is asked to do.
#[derive(Clone, Debug)]
pub struct Settings {
	/// What decides everything.
	pub seed: u64,
	/// How many faults.
	pub episodes: u64,
	/// These of them alone.
	pub only: Option<Vec<u64>>,
	/// The time after which no fault begins.
	pub time: Option<Duration>,
	/// How many runs may be spent to find fewer episodes that fail.
	pub shrinks: u32,
	/// Whether this machine does other work meanwhile: what holds in a calm network alone is not asked for.
	pub is_busy: bool,
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
	let all = plan::plan(settings.seed, settings.episodes);
	let episodes = match &settings.only {
		Some(numbers) => plan::only(all, numbers),
		None => all,
	};
	if episodes.is_empty() {
		return Err("there is nothing to do: no episode is wanted".to_owned());
	}
	tokio::select! {
		ended = goes(settings, &episodes) => ended,
		interrupted = interrupted() => {
			interrupted?;
			Err("interrupted: all that was started has ended".to_owned())
		},
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

async fn goes(settings: &Settings, episodes: &[Episode]) -> Result<()> {
	let until = settings.time.map(|time| Instant::now() + time);
	let ran = once(settings, episodes, until).await?;
	match ran.verdict {
		Verdict::Kept => Ok(()),
		Verdict::NotTried(rules) => Err(format!(
			"this run shows nothing about {rules:?}: it was too short, or what should try them did not work"
		)),
		Verdict::Broken(breaches) => {
			let numbers = shrinks(settings, episodes, &ran.ran, &breaches).await?;
			let replay = plan::replay(settings.seed, settings.episodes, &numbers);
			Err(format!("rules were broken; to do it again: {replay}"))
		},
	}
}

/// Runs parts of what failed again, and gives the fewest episodes that break one of the same rules.
async fn shrinks(
	settings: &Settings,
	episodes: &[Episode],
	ran: &[u64],
	breaches: &[Breach],
) -> Result<Vec<u64>> {
	let rules: BTreeSet<Rule> = breaches.iter().map(|breach| breach.rule).collect();
	let again = plan::replay(settings.seed, settings.episodes, ran);
	eprintln!("campaign: to do it again: {again}");
	let mut shrink = Shrink::new(ran.to_vec(), settings.shrinks);
	while let Some(candidate) = shrink.candidate() {
		eprintln!("campaign: whether it takes no more than episodes {candidate:?}");
		let some = plan::only(episodes.to_vec(), &candidate);
		let fails = match once(settings, &some, None).await {
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
async fn once(settings: &Settings, episodes: &[Episode], until: Option<Instant>) -> Result<Run> {
	let seed = settings.seed;
	eprintln!("campaign: seed {seed}, {} episodes; the network begins", episodes.len());
	let world = World::start(seed).await?;
	let people = People::arrive(&world, seed).await?;
	let observer = world.person(&Mnemonic::generate(), 2).await?;
	let watched = Watched::new(settings.is_busy);
	watched.calm();
	let mut report = Report::default();
	let directing = direct(&world, &people, &watched, (seed, episodes, until), &mut report);
	let others = async {
		tokio::join!(
			people.go_on(&world, &watched),
			watch::watch(&world, &people, &observer, &watched),
		);
		// They go on for as long as the campaign does.
		std::future::pending::<()>().await;
	};
	let ran = tokio::select! {
		ran = directing => ran,
		() = others => Ok(Vec::new()),
	};
	if ran.is_err() && watched.is_broken() {
		// Why it could not go on may be a consequence.
		watched.note(|history| report.print(history, &history.verdict(&[])));
	}
	let ran = ran?;
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
	];
	let stalled = episodes.iter().any(|one| one.kind.stalls() && ran.contains(&one.number));
	needed.extend(stalled.then_some(Rule::StallLosesNothing));
	let verdict = watched.note(|history| history.verdict(&needed));
	watched.note(|history| report.print(history, &verdict));
	Ok(Run { verdict, ran })
}

/// Has one fault after another happen, and audits after each. Gives the numbers of those that happened.
async fn direct(
	world: &World,
	people: &People,
	watched: &Watched,
	(seed, episodes, until): (u64, &[Episode], Option<Instant>),
	report: &mut Report,
) -> Result<Vec<u64>> {
	let mut audits = Audits::new(seed);
	let mut ran = Vec::new();
	watched.pause(BEFORE).await;
	for episode in episodes {
		if until.is_some_and(|until| Instant::now() > until) || watched.is_broken() {
			break;
		}
		world.ensure_own().await?;
		watched.pause(episode.pause).await;
		eprintln!("campaign: {episode}");
		watched.disturb();
		if let Happened::LeftOut(why) = faults::happens(world, episode, watched).await? {
			eprintln!("campaign: left out: {why}");
			report.left_out(episode.kind);
			watched.calm();
			continue;
		}
		let healing = Instant::now();
		let healed = world.heal().await;
		watched.note(|history| history.healed(&episode.to_string(), healed.is_ok()));
		watched.calm();
		report.happened(episode.kind, healing.elapsed());
		ran.push(episode.number);
		if healed.is_err() {
			return Ok(ran);
		}
		audits.audit(people, watched, episode.kind.stalls(), false).await;
	}
	if !watched.is_broken() {
		watched.pause(AFTER).await;
		audits.audit(people, watched, false, true).await;
		watch::compare_all(world, watched).await?;
	}
	let folders = [world.network().path(), world.database_folder.as_path()];
	watch::search(&folders, &people.in_clear(), &people.words(), watched).await?;
	watched.end();
	Ok(ran)
}
