//! One run: one fault after another, and what is asked after each.

use super::{
	faults::{Happened, happens},
	load::People,
	plan::Episode,
	report::Report,
	results::{Line, OfEpisode, Results, milliseconds, rules_of},
	watch::{Audits, compare_all, search},
	watched::Watched,
	world::{HEALED, Result, World},
};
use crate::News;
use std::time::{Duration, Instant};

/// How long people use the network before the first fault.
const BEFORE: Duration = Duration::from_secs(20);
/// How long they do after the last, so that what holds in a calm network is tried, too.
const AFTER: Duration = Duration::from_secs(90);

/// All that those who direct a run have to do with.
pub struct Whole<'a> {
	/// The network.
	pub world: &'a World,
	/// Those who use it.
	pub people: &'a People,
	/// What is shared with those who watch.
	pub watched: &'a Watched,
	/// Where each episode gets a line.
	pub results: &'a Results,
	/// The name of the run.
	pub name: &'a str,
}

impl Whole<'_> {
	/// Has one fault after another happen, and audits after each.
	pub async fn direct(
		&self,
		seed: u64,
		episodes: &[Episode],
		until: Option<Instant>,
		report: &mut Report,
	) -> Result<()> {
		let watched = self.watched;
		let mut audits = Audits::new(seed);
		report.before(News::of(&self.world.url(0)).await?.during(BEFORE, HEALED).await?.times());
		for episode in episodes {
			if until.is_some_and(|until| Instant::now() > until) || watched.is_broken() {
				break;
			}
			let mut line = OfEpisode::new(self.name, seed, episode);
			let (broken, done) = watched.note(|history| (history.breaches().len(), history.done()));
			let goes_on = self.episode(episode, &mut audits, report, &mut line).await;
			watched.note(|history| {
				line.broken = rules_of(history.breaches().get(broken..).unwrap_or_default());
				let (calls, files) = history.done();
				(line.calls, line.files) = (calls - done.0, files - done.1);
			});
			self.results.write(&Line::Episode(line))?;
			if !goes_on? {
				return Ok(());
			}
		}
		if !watched.is_broken() {
			watched.pause(AFTER).await;
			audits.audit(self.people, watched, false, true).await;
			compare_all(self.world, watched).await?;
		}
		let folders = [self.world.network().path(), self.world.database_folder.as_path()];
		search(&folders, &self.people.words(), watched).await?;
		watched.end();
		Ok(())
	}

	/// Has one fault happen, and audits after it. Says whether the network was well again.
	async fn episode(
		&self,
		episode: &Episode,
		audits: &mut Audits,
		report: &mut Report,
		line: &mut OfEpisode,
	) -> Result<bool> {
		let (world, watched) = (self.world, self.watched);
		world.ensure_own().await?;
		watched.pause(episode.pause).await;
		eprintln!("campaign: {episode}");
		self.nodes_run(&[], &format!("before {episode}"));
		// What has ended is no program that a fault can happen to.
		line.restarted = world.ended_vaults();
		if !line.restarted.is_empty() {
			watched.disturb();
			world.heal().await?;
		}
		watched.disturb();
		report.begins(episode);
		match happens(world, episode, watched).await? {
			Happened::Yes(lags) => {
				report.happened(&lags);
				line.lags = lags.into_iter().map(milliseconds).collect();
			},
			Happened::LeftOut(why) => {
				eprintln!("campaign: left out: {why}");
				report.left_out(episode.kind);
				line.left_out = Some(why.to_owned());
				watched.calm();
				return Ok(true);
			},
		}
		self.nodes_run(&episode.ended_nodes(), &format!("in {episode}"));
		let own = episode.ended_vaults();
		line.restarted.extend(world.ended_vaults().into_iter().filter(|one| !own.contains(one)));
		if !line.restarted.is_empty() {
			eprintln!("campaign: vaults {:?} had ended by themselves", line.restarted);
		}
		let healed = world.heal().await;
		watched.note(|history| history.healed(&episode.to_string(), healed.is_ok()));
		watched.calm();
		match healed {
			Ok(healed) => {
				report.healed(episode.kind, healed);
				line.healed(healed);
			},
			Err(why) => {
				eprintln!("campaign: {why}");
				return Ok(false);
			},
		}
		audits.audit(self.people, watched, episode.kind.stalls(), false).await;
		self.people_go_on().await?;
		Ok(true)
	}

	/// Tells the history whether the nodes run that no fault has ended.
	fn nodes_run(&self, ended: &[usize], when: &str) {
		for (node, runs) in self.world.nodes_run().into_iter().enumerate() {
			if !ended.contains(&node) {
				self.watched.note(|history| history.node_runs(node, runs, when));
			}
		}
	}

	/// Waits until people are told of a call and a file. A network that no one uses any more keeps all rules.
	async fn people_go_on(&self) -> Result<()> {
		let (began, before) = (Instant::now(), self.watched.note(|history| history.done()));
		loop {
			let now = self.watched.note(|history| history.done());
			if now.0 > before.0 && now.1 > before.1 {
				return Ok(());
			}
			if began.elapsed() > HEALED {
				return Err("all is well, and people are told nothing any more".to_owned());
			}
			self.watched.pause(Duration::from_millis(100)).await;
		}
	}
}
