//! What a campaign does to its network, and when: decided by a seed alone.

use crate::Dice;
use std::{fmt, time::Duration};

/// The nodes of the network.
pub const NODES: usize = 4;

/// The vaults of the network: the first keeps files in a bucket and the rest in PostgreSQL, the second all in its folder.
pub const VAULTS: usize = 2;

/// The vault that keeps all in its folder, and whose disk is filled.
pub const ALONE: usize = 1;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
	/// A node is killed, and started again.
	NodeKilled,
	/// Two nodes are killed, so that finality stops, and started again.
	TwoNodesKilled,
	/// A node is stopped by SIGSTOP, and goes on later.
	NodeStopped,
	/// A node is ended in good order, and started again.
	NodeRestarted,
	/// A node is stopped, its folder is copied, it is killed, and goes on with the copy.
	NodePowerCut,
	/// A node runs with a wrong clock.
	NodeClock,
	/// A node reaches no other: 1|3.
	OneCutOff,
	/// Two nodes reach each other alone: 2|2, so that finality stops.
	CutInHalf,
	/// What nodes send each other comes late.
	LinesSlow,
	/// Connections between nodes hang and break.
	LinesLossy,
	/// A vault is killed, and started again.
	VaultKilled,
	/// A vault is stopped by SIGSTOP, and goes on later.
	VaultStopped,
	/// The vault that keeps all in its folder is stopped, its folder is copied, it is killed, and goes on with the copy.
	VaultPowerCut,
	/// A vault runs with a wrong clock.
	VaultClock,
	/// The disk of the vault that keeps all in its folder is full.
	VaultDiskFull,
	/// PostgreSQL is killed, and started again.
	DatabaseDown,
	/// The bucket's service is gone, and comes back.
	BucketDown,
	/// The council upgrades the runtime.
	Upgrade,
	/// The council admits a fifth hospital, whose validator is seated, and expels it.
	Membership,
}

impl Kind {
	/// What may happen again and again.
	pub const AGAIN: [Self; 17] = [
		Self::NodeKilled,
		Self::TwoNodesKilled,
		Self::NodeStopped,
		Self::NodeRestarted,
		Self::NodePowerCut,
		Self::NodeClock,
		Self::OneCutOff,
		Self::CutInHalf,
		Self::LinesSlow,
		Self::LinesLossy,
		Self::VaultKilled,
		Self::VaultStopped,
		Self::VaultPowerCut,
		Self::VaultClock,
		Self::VaultDiskFull,
		Self::DatabaseDown,
		Self::BucketDown,
	];

	/// What happens to a network once.
	pub const ONCE: [Self; 2] = [Self::Upgrade, Self::Membership];

	/// All of them.
	pub fn all() -> impl Iterator<Item = Self> {
		Self::AGAIN.into_iter().chain(Self::ONCE)
	}

	/// Whether no block can become final meanwhile.
	pub fn stalls(self) -> bool {
		matches!(self, Self::TwoNodesKilled | Self::CutInHalf)
	}

	/// Whether one of the four validators is away meanwhile, and the other three go on.
	pub fn leaves_three(self) -> bool {
		matches!(
			self,
			Self::NodeKilled
				| Self::NodeStopped
				| Self::NodeRestarted
				| Self::NodePowerCut
				| Self::OneCutOff
		)
	}

	/// Whether nodes have to come back into the chain from the state in which they were left: their processes ended, or
	/// stood still.
	pub fn makes_nodes_rejoin(self) -> bool {
		matches!(
			self,
			Self::NodeKilled
				| Self::TwoNodesKilled
				| Self::NodeStopped
				| Self::NodeRestarted
				| Self::NodePowerCut
				| Self::NodeClock
		)
	}

	/// The word for it in reports.
	pub fn name(self) -> &'static str {
		match self {
			Self::NodeKilled => "node killed",
			Self::TwoNodesKilled => "two nodes killed",
			Self::NodeStopped => "node stopped",
			Self::NodeRestarted => "node restarted",
			Self::NodePowerCut => "node's power cut",
			Self::NodeClock => "node's clock wrong",
			Self::OneCutOff => "partition 1|3",
			Self::CutInHalf => "partition 2|2",
			Self::LinesSlow => "lines slow",
			Self::LinesLossy => "lines lossy",
			Self::VaultKilled => "vault killed",
			Self::VaultStopped => "vault stopped",
			Self::VaultPowerCut => "vault's power cut",
			Self::VaultClock => "vault's clock wrong",
			Self::VaultDiskFull => "vault's disk full",
			Self::DatabaseDown => "database down",
			Self::BucketDown => "bucket down",
			Self::Upgrade => "runtime upgraded",
			Self::Membership => "hospital admitted and expelled",
		}
	}
}

/// One fault: what, to which, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
	/// Its number in the campaign, from 0.
	pub number: u64,
	/// What happens.
	pub kind: Kind,
	/// The node that it happens to, if it does to one.
	pub node: usize,
	/// A second node, which is another one.
	pub other: usize,
	/// The vault that it happens to, if it does to one.
	pub vault: usize,
	/// The time before it.
	pub pause: Duration,
	/// How long it lasts.
	pub lasts: Duration,
	/// How many seconds a wrong clock is ahead; negative if it is behind.
	pub ahead: i64,
}

/// The clocks of nodes that are wrong, in seconds. A validator whose clock is hours behind authors nothing, and the blocks
/// of one that is hours ahead are refused: both may only cost its own slots.
const NODES_CLOCKS: [i64; 6] = [-7_200, -30, -3, 3, 30, 7_200];
/// The clocks of vaults that are wrong, in seconds.
const VAULTS_CLOCKS: [i64; 4] = [-7_200, -660, 660, 7_200];

impl Episode {
	/// The nodes whose processes it ends. All others have to go on.
	pub fn ended_nodes(&self) -> Vec<usize> {
		match self.kind {
			Kind::TwoNodesKilled => vec![self.node, self.other],
			Kind::NodeKilled | Kind::NodeRestarted | Kind::NodePowerCut | Kind::NodeClock => {
				vec![self.node]
			},
			_ => Vec::new(),
		}
	}

	/// The vaults whose processes it ends.
	pub fn ended_vaults(&self) -> Vec<usize> {
		match self.kind {
			Kind::VaultKilled | Kind::VaultClock => vec![self.vault],
			Kind::VaultPowerCut => vec![ALONE],
			_ => Vec::new(),
		}
	}

	fn of(seed: u64, number: u64, kind: Kind) -> Self {
		let mut dice = Dice::of_part(seed, number);
		let node = dice.index(NODES);
		let other = (node + 1 + dice.index(NODES - 1)) % NODES;
		let vault = dice.index(VAULTS);
		let pause = Duration::from_millis(500 + dice.below(3_000));
		let lasts = Duration::from_millis(match kind {
			Kind::TwoNodesKilled | Kind::CutInHalf => 8_000 + dice.below(12_000),
			_ => 3_000 + dice.below(9_000),
		});
		let ahead = match kind {
			Kind::VaultClock => VAULTS_CLOCKS[dice.index(VAULTS_CLOCKS.len())],
			_ => NODES_CLOCKS[dice.index(NODES_CLOCKS.len())],
		};
		Self { number, kind, node, other, vault, pause, lasts, ahead }
	}
}

impl fmt::Display for Episode {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "episode {}: {}", self.number, self.kind.name())?;
		match self.kind {
			Kind::TwoNodesKilled | Kind::CutInHalf => {
				write!(f, " (nodes {} and {})", self.node, self.other)?;
			},
			Kind::NodeKilled
			| Kind::NodeStopped
			| Kind::NodeRestarted
			| Kind::NodePowerCut
			| Kind::OneCutOff => write!(f, " (node {})", self.node)?,
			Kind::NodeClock => write!(f, " (node {}, {:+} s)", self.node, self.ahead)?,
			Kind::VaultKilled | Kind::VaultStopped => write!(f, " (vault {})", self.vault)?,
			Kind::VaultClock => write!(f, " (vault {}, {:+} s)", self.vault, self.ahead)?,
			_ => {},
		}
		write!(f, ", {:.1} s", self.lasts.as_secs_f64())
	}
}

/// The episodes of a seed, this many. Each kind comes once before any comes again; those that a network bears once come in
/// the first round. A longer plan of the same seed begins with a shorter one.
pub fn plan(seed: u64, episodes: u64) -> Vec<Episode> {
	let mut all = Vec::new();
	let mut round = 0;
	while (all.len() as u64) < episodes {
		let mut kinds = Kind::AGAIN.to_vec();
		if round == 0 {
			kinds.extend(Kind::ONCE);
		}
		// Not among the numbers of episodes.
		Dice::of_part(seed, u64::MAX - round).shuffle(&mut kinds);
		for kind in kinds {
			all.push(Episode::of(seed, all.len() as u64, kind));
		}
		round += 1;
	}
	all.truncate(usize::try_from(episodes).unwrap_or(usize::MAX));
	all
}

/// The episodes of a plan with these numbers.
pub fn only(plan: Vec<Episode>, numbers: &[u64]) -> Vec<Episode> {
	plan.into_iter().filter(|episode| numbers.contains(&episode.number)).collect()
}

/// The command that does these episodes again.
pub fn replay(seed: u64, episodes: u64, numbers: &[u64]) -> String {
	let words: Vec<String> = numbers.iter().map(u64::to_string).collect();
	let only = match numbers.len() as u64 {
		// A rule was broken before the first.
		0 => " --minutes 0".to_owned(),
		all if all == episodes => String::new(),
		_ => format!(" --only {}", words.join(",")),
	};
	format!("scripts/campaign --seed {seed} --episodes {episodes}{only}")
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;

	#[test]
	fn a_seed_gives_the_same_plan_again_and_a_longer_one_begins_with_it() {
		let long = plan(7, 100);
		assert_eq!(long.len(), 100);
		assert_eq!(plan(7, 100), long);
		assert_eq!(plan(7, 30)[..], long[..30]);
		assert_ne!(plan(8, 100), long);
	}

	#[test]
	fn each_kind_comes_in_the_first_round_and_some_only_there() {
		let episodes = plan(1, 200);
		let first = Kind::AGAIN.len() + Kind::ONCE.len();
		let kinds: BTreeSet<_> = episodes[..first].iter().map(|one| one.kind).collect();
		assert_eq!(kinds.len(), first);
		assert!(episodes[first..].iter().all(|one| !Kind::ONCE.contains(&one.kind)));
	}

	#[test]
	fn all_kinds_have_words_of_their_own() {
		let words: BTreeSet<_> = Kind::all().map(Kind::name).collect();
		assert_eq!(words.len(), Kind::AGAIN.len() + Kind::ONCE.len());
	}

	#[test]
	fn two_nodes_are_two_and_every_number_is_in_range() {
		for episode in plan(3, 500) {
			assert_ne!(episode.node, episode.other, "{episode}");
			assert!(episode.node < NODES && episode.other < NODES && episode.vault < VAULTS);
		}
	}

	#[test]
	fn a_part_of_a_plan_has_the_same_episodes() {
		let all = plan(5, 40);
		let some = only(plan(5, 40), &[3, 17]);
		assert_eq!(some, [all[3].clone(), all[17].clone()]);
		assert_eq!(replay(5, 40, &[3, 17]), "scripts/campaign --seed 5 --episodes 40 --only 3,17");
		assert_eq!(replay(5, 2, &[0, 1]), "scripts/campaign --seed 5 --episodes 2");
		assert_eq!(replay(5, 2, &[]), "scripts/campaign --seed 5 --episodes 2 --minutes 0");
	}
}
