//! The faults, and how each is undone. What does not become as it has to be, such as a partition through which blocks
//! still become final, is an error of the harness: it would show nothing.

use super::{
	changes,
	lines::Line,
	plan::{ALONE, Episode, Kind, NODES, VAULTS},
	watched::Watched,
	world::{ANSWERS, Result, World, runs, text},
};
use crate::{Hospital, News, ahead};
use medblock_launcher::{Daemon, eventually};
use std::{
	fs::{self, File},
	io::{ErrorKind, Write},
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};
use tokio::time::{Instant, sleep, sleep_until};

/// The time in which blocks that were voted on before finality stopped may still become final.
const IN_FLIGHT: Duration = Duration::from_secs(6);
/// The time that a program takes to start.
const STARTING: Duration = Duration::from_secs(8);
/// How much longer a validator stays away until what came meanwhile is final.
const UNFINISHED: Duration = Duration::from_secs(20);
/// Of so many pieces a lossy line loses one.
const LOSSY: u64 = 40;

/// What became of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
	/// It happened, and was undone but for what [`World::heal`] does. With the times that blocks took to become final, if
	/// one of four validators was away meanwhile.
	Yes(Vec<Duration>),
	/// It could not happen here, for this reason.
	LeftOut(&'static str),
}

/// Has an episode happen.
pub async fn happens(world: &World, episode: &Episode, watched: &Watched) -> Result<Happened> {
	let daemon = node(world, episode.node);
	let vault = world.vaults[episode.vault % VAULTS].vault.daemon();
	let lasts = || sleep(episode.lasts);
	let mut lags = Vec::new();
	match episode.kind {
		Kind::NodeKilled => {
			daemon.kill();
			lags = without_one(world, episode).await;
			watched.note(|history| history.killed(episode.node));
		},
		Kind::TwoNodesKilled => {
			daemon.kill();
			node(world, episode.other).kill();
			nothing_becomes_final(world, episode.lasts).await?;
			watched.note(|history| {
				history.killed(episode.node);
				history.killed(episode.other);
			});
		},
		Kind::NodeStopped => {
			daemon.hold();
			lags = without_one(world, episode).await;
			daemon.go_on();
		},
		Kind::NodeRestarted => {
			daemon.stop().await;
			lags = without_one(world, episode).await;
		},
		Kind::NodePowerCut => {
			let folder = world.network().path().join(Hospital::ALL[episode.node % NODES].name());
			world.does(move || cut_power(&daemon, &folder)).await?;
			lags = without_one(world, episode).await;
			watched.note(|history| history.killed(episode.node));
		},
		Kind::NodeClock => {
			daemon.stop().await;
			world.start_node(episode.node, &ahead(&format!("{:+}", episode.ahead)))?;
			sleep(STARTING + episode.lasts).await;
			daemon.stop().await;
		},
		Kind::OneCutOff => {
			world.lines.cut_off(&[episode.node]);
			lags = without_one(world, episode).await;
			is_alone(world, episode.node).await?;
		},
		Kind::CutInHalf => {
			world.lines.cut_off(&[episode.node, episode.other]);
			nothing_becomes_final(world, episode.lasts).await?;
		},
		Kind::LinesSlow => {
			world.lines.all(Line::Slow(Duration::from_millis(100 * (1 + episode.node as u64))));
			passes(world, episode.lasts).await?;
		},
		Kind::LinesLossy => {
			let before = world.lines.lost();
			world.lines.all(Line::Lossy(LOSSY));
			passes(world, episode.lasts).await?;
			let lost = async || Ok((world.lines.lost() > before).then_some(()));
			eventually(ANSWERS, "a lossy line to lose something", lost).await.map_err(text)?;
		},
		Kind::VaultKilled => {
			vault.kill();
			lasts().await;
		},
		Kind::VaultStopped => {
			vault.hold();
			lasts().await;
			vault.go_on();
		},
		Kind::VaultPowerCut => {
			let alone = &world.vaults[ALONE].vault;
			let (daemon, folder) = (alone.daemon(), alone.data());
			world.does(move || cut_power(&daemon, &folder)).await?;
			lasts().await;
		},
		Kind::VaultClock => {
			vault.stop().await;
			world.start_vault(episode.vault, &ahead(&format!("{:+}", episode.ahead)))?;
			sleep(STARTING + episode.lasts).await;
			vault.stop().await;
		},
		Kind::VaultDiskFull if world.has_disk() => {
			let ballast = world.vaults[ALONE].vault.data().join("ballast");
			let full = ballast.clone();
			world.does(move || fill(&full)).await?;
			lasts().await;
			fs::remove_file(&ballast).map_err(text)?;
		},
		Kind::VaultDiskFull => {
			return Ok(Happened::LeftOut("a disk that can be filled takes root"));
		},
		Kind::DatabaseDown => {
			world.end_database().await?;
			lasts().await;
			world.start_database().await?;
		},
		Kind::BucketDown => {
			world.end_bucket().await;
			lasts().await;
			world.start_bucket().await;
		},
		Kind::Upgrade => changes::upgrade(world).await?,
		Kind::Membership => changes::membership(world, watched).await?,
	}
	Ok(Happened::Yes(lags))
}

/// Waits while one of four validators is away, and gives the times that blocks take to become final by the news of
/// another. If that one gives no news, there are no times, and the fault lasts as long.
async fn without_one(world: &World, episode: &Episode) -> Vec<Duration> {
	let until = Instant::now() + episode.lasts;
	let other = world.url((episode.node + 1) % NODES);
	let following = async { News::of(&other).await?.during(episode.lasts, UNFINISHED).await };
	let followed: Result<_> = following.await;
	sleep_until(until).await;
	match followed {
		Ok(lags) => lags.times().to_vec(),
		Err(why) => {
			eprintln!("campaign: no times of blocks: {why}");
			Vec::new()
		},
	}
}

fn node(world: &World, number: usize) -> Daemon {
	world.network().daemon(Hospital::ALL[number % NODES])
}

/// Waits, and checks that finality has stopped meanwhile.
async fn nothing_becomes_final(world: &World, lasts: Duration) -> Result<()> {
	sleep(IN_FLIGHT).await;
	let before = highest(world).await?;
	sleep(lasts.saturating_sub(IN_FLIGHT).max(Duration::from_secs(3))).await;
	match highest(world).await? == before {
		true => Ok(()),
		false => Err("two of four nodes finalize blocks: the others were not cut off".to_owned()),
	}
}

/// The highest final block that a node tells. If none tells one, finality can't be seen to have stopped.
async fn highest(world: &World) -> Result<u32> {
	let told = async || Ok(world.heads().await.into_iter().flatten().max());
	eventually(ANSWERS, "a node to tell its last final block", told).await.map_err(text)
}

/// Checks that a node is connected to no other.
async fn is_alone(world: &World, number: usize) -> Result<()> {
	let alone = async || Ok((world.peers(number).await == Some(0)).then_some(()));
	eventually(ANSWERS, "a node that is cut off to be alone", alone).await.map_err(text)
}

/// Waits, and checks that nodes talk through the lines meanwhile.
async fn passes(world: &World, lasts: Duration) -> Result<()> {
	let before = world.lines.passed();
	sleep(lasts).await;
	match world.lines.passed() > before {
		true => Ok(()),
		false => Err("nothing passes the lines: nodes reach each other around them".to_owned()),
	}
}

/// Stops a program, copies its folder as it is in that moment, kills it, and puts the copy in the folder's place. What
/// the system holds back from a disk when the power fails is in the copy: that takes a disk that forgets it.
fn cut_power(daemon: &Daemon, folder: &Path) -> Result<()> {
	let copy = PathBuf::from(format!("{}.copy", folder.display()));
	daemon.hold();
	fs::create_dir_all(&copy).map_err(text)?;
	// No file is deleted while it is copied: the program stands still.
	let copied = copy_all(folder, &copy);
	daemon.kill();
	copied?;
	for entry in fs::read_dir(folder).map_err(text)? {
		let path = entry.map_err(text)?.path();
		let removed = match path.is_dir() {
			true => fs::remove_dir_all(path),
			false => fs::remove_file(path),
		};
		removed.map_err(text)?;
	}
	copy_all(&copy, folder)?;
	fs::remove_dir_all(&copy).map_err(text)
}

/// Copies all that is in a folder into another one, as it is.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
	let mut copy = Command::new("cp");
	copy.args(["--archive", "--sparse=always"]).arg(from.join(".")).arg(to);
	runs(&mut copy)
}

/// Writes a file until its disk has no room left.
fn fill(ballast: &Path) -> Result<()> {
	let mut file = File::create(ballast).map_err(text)?;
	for size in [1 << 20, 1 << 12, 1] {
		let piece = vec![7_u8; size];
		let why = loop {
			if let Err(why) = file.write_all(&piece) {
				break why;
			}
		};
		if why.kind() != ErrorKind::StorageFull {
			return Err(format!("the disk that was to be filled: {why}"));
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_launcher::Lifetime;
	use tempfile::TempDir;

	#[test]
	fn power_that_is_cut_leaves_what_was_there_in_that_moment() {
		let folder = TempDir::new().expect("a folder");
		let (own, data) = (folder.path().join("own"), folder.path().join("data"));
		fs::create_dir_all(&own).expect("a folder");
		fs::create_dir_all(data.join("below")).expect("a folder");
		fs::write(data.join("below/file"), "content").expect("a file");
		let daemon = Daemon::of(&own);
		let mut command = Command::new("sleep");
		command.arg("60");
		daemon.start(command, Lifetime::Attached).expect("it starts");
		cut_power(&daemon, &data).expect("it is cut");
		assert_eq!(daemon.pid(), None);
		assert_eq!(fs::read_to_string(data.join("below/file")).expect("it is there"), "content");
		assert!(!folder.path().join("data.copy").exists());
	}
}
