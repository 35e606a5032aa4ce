//! The time for which nodes polled their tasks, by what the tasks do, from the figures that they serve.
//!
//! This is time on the clock: a task that had to wait for a processor in the middle counts that, too. Where
//! processors are scarce, the sum is more than the processor time. What connections for JSON-RPC do outside
//! of tasks with a name, and the database's threads, are not in it.

use std::{collections::BTreeMap, time::Duration};

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskGroup {
	/// The transaction pool: validation, and again with each block.
	Pool,
	/// The network: gossip, synchronization, and the gate.
	Network,
	/// Answers of JSON-RPC that have tasks of their own.
	Rpc,
	/// Production of blocks.
	Production,
	/// Import of others' blocks.
	Import,
	/// Votes for finality.
	Finality,
	/// All others.
	Other,
}

impl TaskGroup {
	/// All of them.
	pub const ALL: [Self; 7] = [
		Self::Pool,
		Self::Network,
		Self::Rpc,
		Self::Production,
		Self::Import,
		Self::Finality,
		Self::Other,
	];

	/// The group of a task, by its name and by the group that the SDK has it in.
	pub fn of(name: &str, group: &str) -> Self {
		match (group, name) {
			("transaction-pool", _) => Self::Pool,
			("networking", _) | (_, "syncing" | "peer-gate") => Self::Network,
			("rpc", _) => Self::Rpc,
			("block-authoring", _) | (_, "basic-authorship-proposer") => Self::Production,
			("block-import", _) | (_, "import-queue") => Self::Import,
			(_, "grandpa-voter" | "old-rounds") => Self::Finality,
			_ => Self::Other,
		}
	}

	/// Its word.
	pub fn word(self) -> &'static str {
		match self {
			Self::Pool => "pool",
			Self::Network => "network",
			Self::Rpc => "rpc",
			Self::Production => "production",
			Self::Import => "import",
			Self::Finality => "finality",
			Self::Other => "other",
		}
	}
}

/// Seconds for which tasks were polled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polled(BTreeMap<TaskGroup, f64>);

impl Polled {
	/// Those that a node's figures tell, in the text format of Prometheus.
	pub fn read(text: &str) -> Self {
		const NAME: &str = "substrate_tasks_polling_duration_sum{";
		let mut all = Self::default();
		for line in text.lines().filter_map(|line| line.strip_prefix(NAME)) {
			let Some((labels, value)) = line.rsplit_once('}') else { continue };
			let (name, group) = (label(labels, "task_name"), label(labels, "task_group"));
			let Ok(seconds) = value.trim().parse::<f64>() else { continue };
			*all.0.entry(TaskGroup::of(name, group)).or_default() += seconds;
		}
		all
	}

	/// Adds those of another node.
	pub fn add(&mut self, other: &Self) {
		for (group, seconds) in &other.0 {
			*self.0.entry(*group).or_default() += seconds;
		}
	}

	/// Whether there are none.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// Those since an earlier reading.
	pub fn since(&self, before: &Self) -> BTreeMap<TaskGroup, Duration> {
		let each = |group: TaskGroup| {
			let at = |reading: &Self| reading.0.get(&group).copied().unwrap_or_default();
			(group, Duration::from_secs_f64((at(self) - at(before)).max(0.0)))
		};
		TaskGroup::ALL.into_iter().map(each).collect()
	}
}

/// The value of a label; nothing if there is no such label.
fn label<'a>(labels: &'a str, name: &str) -> &'a str {
	let found = labels.split_once(&format!("{name}=\"")).map(|(_, rest)| rest);
	found.and_then(|rest| rest.split_once('"')).map_or("", |(value, _)| value)
}

#[cfg(test)]
mod tests {
	use super::*;

	const FIGURES: &str = r#"
# TYPE substrate_tasks_polling_duration histogram
substrate_tasks_polling_duration_bucket{chain="local",kind="async",task_group="rpc",task_name="x",le="0.001"} 7
substrate_tasks_polling_duration_sum{chain="local",kind="blocking",task_group="transaction-pool",task_name="transaction-pool-task-0"} 1.5
substrate_tasks_polling_duration_sum{chain="local",kind="async",task_group="transaction-pool",task_name="txpool-background"} 0.5
substrate_tasks_polling_duration_sum{chain="local",kind="blocking",task_group="default",task_name="basic-authorship-proposer"} 0.25
substrate_tasks_polling_duration_sum{chain="local",kind="blocking",task_group="default",task_name="grandpa-voter"} 3e-1
substrate_tasks_polling_duration_sum{chain="local",kind="async",task_group="default",task_name="informant"} 0.01
substrate_tasks_polling_duration_count{chain="local",kind="async",task_group="default",task_name="informant"} 99
"#;

	#[test]
	fn tasks_are_told_by_their_names_and_groups() {
		for (name, group, told) in [
			("transaction-pool-task-1", "transaction-pool", TaskGroup::Pool),
			("network-worker", "networking", TaskGroup::Network),
			("syncing", "default", TaskGroup::Network),
			("substrate-rpc-subscription", "rpc", TaskGroup::Rpc),
			("aura", "block-authoring", TaskGroup::Production),
			("basic-authorship-proposer", "default", TaskGroup::Production),
			("basic-block-import-worker", "block-import", TaskGroup::Import),
			("grandpa-voter", "default", TaskGroup::Finality),
			("informant", "default", TaskGroup::Other),
		] {
			assert_eq!(TaskGroup::of(name, group), told, "{name}");
		}
	}

	#[test]
	fn seconds_are_summed_by_what_tasks_do() {
		let before = Polled::read(FIGURES);
		let mut after = before.clone();
		after.add(&before);
		let spent = after.since(&before);
		let of = |group| spent[&group].as_millis();
		assert_eq!((of(TaskGroup::Pool), of(TaskGroup::Production)), (2_000, 250));
		assert_eq!((of(TaskGroup::Finality), of(TaskGroup::Other)), (300, 10));
		assert_eq!((of(TaskGroup::Rpc), of(TaskGroup::Import)), (0, 0));
	}

	#[test]
	fn figures_without_tasks_tell_nothing() {
		assert!(Polled::read("substrate_block_height 7\n").is_empty());
		assert!(!Polled::read(FIGURES).is_empty());
	}
}
