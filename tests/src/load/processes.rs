//! The processor time and the memory of processes, as Linux tells them.

use std::{collections::BTreeMap, fs, io, time::Duration};

/// The number of units of processor time in a second. Linux has told them in hundredths for as long as
/// programs have read them.
const UNITS: u32 = 100;

/// What a thread of a node works on, as far as its name says.
///
/// Nodes run nearly everything as tasks on threads that all have one name, so threads do not tell the pool from
/// the import of blocks. [`tasks`](super::tasks) do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThreadGroup {
	/// The pool, the network, JSON-RPC, production, import and finality.
	Tasks,
	/// The database's threads, which have the name of the program, and the first thread, which waits.
	Database,
	/// All others.
	Other,
	/// Threads that ended in between.
	Ended,
}

impl ThreadGroup {
	/// The group of a thread's name, of which Linux keeps 15 letters.
	pub fn of(name: &str) -> Self {
		match name.trim() {
			name if name.starts_with("tokio-r") => Self::Tasks,
			name if name.starts_with("medblock-node") => Self::Database,
			_ => Self::Other,
		}
	}

	/// Its word.
	pub fn word(self) -> &'static str {
		match self {
			Self::Tasks => "tasks",
			Self::Database => "database",
			Self::Other => "other",
			Self::Ended => "ended",
		}
	}
}

/// The processor time of a process up to now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
	/// Of all threads, with those that have ended.
	all: u64,
	/// Of each thread, by its number.
	threads: BTreeMap<u32, (ThreadGroup, u64)>,
}

impl Reading {
	/// Of this process.
	pub fn of(pid: u32) -> io::Result<Self> {
		let gone = || io::Error::other(format!("process {pid} has no times"));
		let all = units(&fs::read_to_string(format!("/proc/{pid}/stat"))?).ok_or_else(gone)?;
		let mut threads = BTreeMap::new();
		for entry in fs::read_dir(format!("/proc/{pid}/task"))?.flatten() {
			let (path, name) = (entry.path(), entry.file_name());
			// One that has ended meanwhile.
			let Ok(text) = fs::read_to_string(path.join("stat")) else { continue };
			let number = name.to_string_lossy().parse().ok();
			let named = fs::read_to_string(path.join("comm")).unwrap_or_default();
			if let (Some(number), Some(units)) = (number, units(&text)) {
				threads.insert(number, (ThreadGroup::of(&named), units));
			}
		}
		Ok(Self { all, threads })
	}

	/// The time since an earlier reading of the same process.
	pub fn since(&self, before: &Self) -> Spent {
		let mut groups: BTreeMap<ThreadGroup, u64> = BTreeMap::new();
		for (number, (group, units)) in &self.threads {
			let already = before.threads.get(number).map_or(0, |(_, units)| *units);
			*groups.entry(*group).or_default() += units.saturating_sub(already);
		}
		let all = self.all.saturating_sub(before.all);
		let seen: u64 = groups.values().sum();
		groups.insert(ThreadGroup::Ended, all.saturating_sub(seen));
		let time = |units: u64| Duration::from_secs(units) / UNITS;
		let groups = groups.into_iter().map(|(group, units)| (group, time(units))).collect();
		Spent { all: time(all), groups }
	}
}

/// Processor time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
	/// All of it.
	pub all: Duration,
	/// By groups of threads.
	pub groups: BTreeMap<ThreadGroup, Duration>,
}

impl Spent {
	/// Adds that of another process.
	pub fn add(&mut self, other: &Self) {
		self.all += other.all;
		for (group, time) in &other.groups {
			*self.groups.entry(*group).or_default() += *time;
		}
	}
}

/// The units of processor time in a `stat` file: in programs and in the kernel.
fn units(stat: &str) -> Option<u64> {
	// The name, in brackets, may have any letters in it.
	let (_, rest) = stat.rsplit_once(')')?;
	let mut fields = rest.split_whitespace().skip(11);
	let in_program: u64 = fields.next()?.parse().ok()?;
	let in_kernel: u64 = fields.next()?.parse().ok()?;
	Some(in_program + in_kernel)
}

/// The memory of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
	/// What it has now, in bytes.
	pub now: u64,
	/// The most that it has had, in bytes.
	pub most: u64,
}

impl Memory {
	/// Of this process.
	pub fn of(pid: u32) -> io::Result<Self> {
		let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
		let unread = || io::Error::other(format!("process {pid} has no memory"));
		Self::read(&text).ok_or_else(unread)
	}

	fn read(status: &str) -> Option<Self> {
		let bytes = |name: &str| -> Option<u64> {
			let line = status.lines().find_map(|line| line.strip_prefix(name))?;
			let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
			Some(1_024 * kibibytes)
		};
		Some(Self { now: bytes("VmRSS:")?, most: bytes("VmHWM:")? })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn reading(all: u64, threads: &[(u32, &str, u64)]) -> Reading {
		let threads = threads.iter();
		let threads =
			threads.map(|(number, name, units)| (*number, (ThreadGroup::of(name), *units)));
		Reading { all, threads: threads.collect() }
	}

	#[test]
	fn threads_are_told_by_their_names() {
		for (name, group) in [
			("tokio-rt-worker\n", ThreadGroup::Tasks),
			("tokio-runtime-w\n", ThreadGroup::Tasks),
			("medblock-node\n", ThreadGroup::Database),
			("rayon-0\n", ThreadGroup::Other),
			("", ThreadGroup::Other),
		] {
			assert_eq!(ThreadGroup::of(name), group, "{name}");
		}
	}

	#[test]
	fn time_is_split_and_none_of_it_is_lost() {
		let before = reading(
			500,
			&[(1, "medblock-node", 10), (2, "tokio-rt-worker", 300), (3, "tokio-rt-worker", 90)],
		);
		// One thread has ended, and another one has begun.
		let after = reading(
			900,
			&[(1, "medblock-node", 60), (2, "tokio-rt-worker", 500), (4, "tokio-rt-worker", 50)],
		);
		let spent = after.since(&before);
		let of = |group| spent.groups.get(&group).copied().unwrap_or_default().as_millis();
		assert_eq!(spent.all.as_millis(), 4_000);
		assert_eq!((of(ThreadGroup::Tasks), of(ThreadGroup::Database)), (2_500, 500));
		assert_eq!((of(ThreadGroup::Ended), of(ThreadGroup::Other)), (1_000, 0));
		assert_eq!(spent.groups.values().sum::<Duration>(), spent.all);
		let mut twice = spent.clone();
		twice.add(&spent);
		assert_eq!(
			(twice.all, twice.groups[&ThreadGroup::Tasks].as_millis()),
			(spent.all * 2, 5_000)
		);
	}

	#[test]
	fn names_may_have_brackets_and_spaces() {
		let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 1 0 0 0 25 17 0 0 20 0 1 0 99";
		assert_eq!(units(stat), Some(42));
		assert_eq!((units("7 (a) S 1"), units("")), (None, None));
	}

	#[test]
	fn this_process_can_be_read() {
		let pid = std::process::id();
		let reading = Reading::of(pid).expect("it runs");
		assert!(!reading.threads.is_empty());
		let memory = Memory::of(pid).expect("it runs");
		assert!(memory.now > 0 && memory.most >= memory.now);
		let read = Memory::read("VmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n");
		assert_eq!(read, Some(Memory { now: 1 << 20, most: 2 << 20 }));
		assert_eq!(Memory::read("VmRSS: many"), None);
	}
}
