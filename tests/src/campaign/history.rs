//! What a campaign was told, and the rules that it has to keep.
//!
//! Nothing here asks anything: those who watch the network tell what they see and when, and a history notes each breach of
//! a rule. It counts what it could compare, too: a rule that was never tried was not kept.

use std::{
	collections::{BTreeMap, BTreeSet},
	fmt,
};

/// Milliseconds since a campaign began.
pub type Millis = u64;

/// The SHA-256 of a content.
pub type Digest = [u8; 32];

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
	/// No two blocks of one height are final, on whatever nodes.
	OneFinalBlock,
	/// No node's last final block goes back, unless it was killed.
	FinalOnly,
	/// A block in which a call was told to be final stays final, on all nodes.
	CallsStay,
	/// A file that was acknowledged is served, whole.
	FilesStay,
	/// No vault serves a doctor after a revocation is final.
	NoReadAfterRevocation,
	/// No revocation is refused, unless blocks have stopped becoming final.
	RevocationsTaken,
	/// What was told and acknowledged before the chain stood still is there afterwards.
	StallLosesNothing,
	/// A vault's log of disclosures only grows.
	LogsGrow,
	/// The logs on the chain only grow.
	AnchorsGrow,
	/// Logs, metrics and disks show nothing in clear.
	NothingInClear,
	/// After a fault, all nodes follow the chain again.
	Heals,
	/// No node ends but by a fault that ends it.
	NodesGoOn,
}

impl Rule {
	/// The rule in one sentence.
	pub fn sentence(self) -> &'static str {
		match self {
			Self::OneFinalBlock => "no two final blocks have one height",
			Self::FinalOnly => "a node's last final block does not go back",
			Self::CallsStay => "a call that was told to be final stays",
			Self::FilesStay => "an acknowledged file is served, whole",
			Self::NoReadAfterRevocation => "no read follows a final revocation",
			Self::RevocationsTaken => "no revocation is refused but for a stall",
			Self::StallLosesNothing => "a chain that stood still has lost nothing",
			Self::LogsGrow => "a vault's log only grows",
			Self::AnchorsGrow => "anchors only grow",
			Self::NothingInClear => "logs, metrics and disks show nothing in clear",
			Self::Heals => "all nodes follow the chain again after a fault",
			Self::NodesGoOn => "no node ends by itself",
		}
	}
}

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
	/// The rule.
	pub rule: Rule,
	/// What was seen.
	pub what: String,
}

impl fmt::Display for Breach {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:?} ({}): {}", self.rule, self.rule.sentence(), self.what)
	}
}

/// A record's file: a patient, and a place in the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
	/// The patient's number.
	pub patient: u32,
	/// The record's place.
	pub record: u32,
}

/// A patient and a doctor, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
	/// The patient.
	pub patient: u32,
	/// The doctor.
	pub doctor: u32,
}

/// What came of sending a revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
	/// It is final, as two nodes say.
	Taken,
	/// No node could tell, or blocks have stopped becoming final: the client says that it is open or has to be sent again.
	Stalled(String),
	/// It was refused.
	Refused(String),
}

/// What a log of disclosures was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
	/// Its number among the hospital's.
	pub number: u32,
	/// The entries in it.
	pub size: u64,
	/// Its root.
	pub root: String,
}

/// What was told of a call.
#[derive(Clone, Debug)]
struct Told {
	what: String,
	hash: String,
}

/// All that was seen.
#[derive(Clone, Debug, Default)]
pub struct History {
	/// The final block of each height, and who said so first.
	finals: BTreeMap<u32, (String, String)>,
	/// Each node's last final block.
	heads: BTreeMap<usize, u32>,
	/// The calls that were told to be final, by their blocks' heights.
	told: BTreeMap<u32, Vec<Told>>,
	/// The contents of the files that were acknowledged.
	files: BTreeMap<File, Digest>,
	/// When the last revocation was final, of those who have no grant since.
	revoked: BTreeMap<Pair, Millis>,
	/// The doctors who a vault has served since their grant. Of another one, a refusal shows nothing.
	served_doctors: BTreeSet<Pair>,
	/// The last log of each vault.
	logs: BTreeMap<usize, Log>,
	/// The anchors of each hospital, by their numbers.
	anchors: BTreeMap<(u32, u32), Log>,
	/// The files that still have to be served in this audit.
	owed: BTreeSet<File>,
	/// The rule that this audit is about.
	audited: Option<Rule>,
	/// The calls that were told to be final.
	calls: u64,
	checks: BTreeMap<Rule, u64>,
	breaches: Vec<Breach>,
}

/// How a campaign ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
	/// Every rule that had to be tried was tried, and kept.
	Kept,
	/// Rules were broken.
	Broken(Vec<Breach>),
	/// No rule was broken, and these were never tried.
	NotTried(Vec<Rule>),
}

impl History {
	/// A node says that a block is final. It says so of each height, in any order.
	pub fn finalized(&mut self, node: usize, number: u32, hash: &str) {
		self.is_final(&format!("node {node}"), number, hash);
		let told: Vec<Told> = self.told.get(&number).cloned().unwrap_or_default();
		for Told { what, hash: was } in told {
			self.check(Rule::CallsStay, was == hash, || {
				format!("{what} was final in block {number} {was}, and node {node} has {hash}")
			});
		}
	}

	/// A node says that this is its last final block.
	pub fn head(&mut self, node: usize, number: u32) {
		let Some(before) = self.heads.insert(node, number) else { return };
		self.check(Rule::FinalOnly, number >= before, || {
			format!("node {node} went back from {before} to {number}")
		});
	}

	/// A node was killed: what it had not written yet is gone, and its chain may be a little shorter.
	pub fn killed(&mut self, node: usize) {
		self.heads.remove(&node);
	}

	/// A client was told that its call is final in this block.
	pub fn told(&mut self, what: &str, number: u32, hash: &str) {
		let what = what.to_owned();
		if let Some((known, who)) = self.finals.get(&number).cloned() {
			self.check(Rule::CallsStay, known == hash, || {
				format!("{what} was told to be final in block {number} {hash}; {who} has {known}")
			});
		}
		self.calls += 1;
		let told = Told { what, hash: hash.to_owned() };
		self.told.entry(number).or_default().push(told);
	}

	/// A client was told that a file is kept, and the record that names it is final.
	pub fn acknowledged(&mut self, file: File, content: Digest) {
		let Some(before) = self.files.insert(file, content) else { return };
		// Two records that were told to be in one place.
		self.check(Rule::FilesStay, before == content, || {
			format!("two files were acknowledged as {file:?}")
		});
	}

	/// A file was served to those who may read it, with this content.
	pub fn served(&mut self, file: File, content: Digest) {
		let Some(expected) = self.files.get(&file).copied() else { return };
		let is_whole = content == expected;
		self.check(Rule::FilesStay, is_whole, || format!("{file:?} has another content"));
		if is_whole {
			self.owed.remove(&file);
		}
	}

	/// A vault served bytes that are not those that the chain names.
	pub fn mangled(&mut self, file: File) {
		self.check(Rule::FilesStay, false, || {
			format!("{file:?}: other bytes than the chain names")
		});
	}

	/// The files that were acknowledged, in order.
	pub fn files(&self) -> Vec<File> {
		self.files.keys().copied().collect()
	}

	/// Begins an audit: all of these files have to be served before it ends. After a stall, that is what a stall may not
	/// lose.
	pub fn audit(&mut self, files: &[File], after_stall: bool) {
		self.owed = files.iter().copied().filter(|file| self.files.contains_key(file)).collect();
		let rule = if after_stall { Rule::StallLosesNothing } else { Rule::FilesStay };
		self.audited = (!self.owed.is_empty()).then_some(rule);
	}

	/// The files that are still owed.
	pub fn owed(&self) -> Vec<File> {
		self.owed.iter().copied().collect()
	}

	/// Ends an audit.
	pub fn audit_over(&mut self) {
		let Some(rule) = self.audited.take() else { return };
		let owed = std::mem::take(&mut self.owed);
		self.check(rule, owed.is_empty(), || format!("not served: {owed:?}"));
	}

	/// A grant is about to be sent: reads are right from now on.
	pub fn granting(&mut self, pair: Pair) {
		self.revoked.remove(&pair);
		self.served_doctors.remove(&pair);
	}

	/// A vault served a doctor who asked as they do after the revocation, and had a grant.
	pub fn read_before(&mut self, pair: Pair) {
		self.served_doctors.insert(pair);
	}

	/// A revocation was sent. `disturbed` says that some fault was there meanwhile, or shortly before.
	pub fn revocation(&mut self, pair: Pair, came: Revocation, at: Millis, disturbed: bool) {
		let Pair { patient, doctor } = pair;
		let of = format!("patient {patient} revokes doctor {doctor}");
		match came {
			Revocation::Taken => {
				self.check(Rule::RevocationsTaken, true, String::new);
				self.revoked.entry(pair).or_insert(at);
			},
			// It is sent again, and shows nothing until it is taken.
			Revocation::Stalled(_) if disturbed => {},
			Revocation::Stalled(why) => self.check(Rule::RevocationsTaken, false, || {
				format!("{of}: a stall, and nothing was disturbed: {why}")
			}),
			Revocation::Refused(why) => {
				self.check(Rule::RevocationsTaken, false, || format!("{of}: {why}"));
			},
		}
	}

	/// A vault served a doctor who asked at `began`. It may decide by a final block of up to `grace` milliseconds ago.
	pub fn read(&mut self, pair: Pair, began: Millis, grace: Millis) {
		let Some(revoked) = self.is_late(pair, began, grace) else { return };
		let Pair { patient, doctor } = pair;
		self.check(Rule::NoReadAfterRevocation, false, || {
			let after = began - revoked;
			format!("doctor {doctor} read of patient {patient}, {after} ms after the revocation")
		});
	}

	/// A vault refused a doctor who asked at `began`. A doctor who it never served is refused for some other reason, too.
	pub fn read_refused(&mut self, pair: Pair, began: Millis, grace: Millis) {
		if self.served_doctors.contains(&pair) && self.is_late(pair, began, grace).is_some() {
			self.check(Rule::NoReadAfterRevocation, true, String::new);
		}
	}

	/// A vault says what its log is.
	pub fn log(&mut self, vault: usize, log: Log) {
		let before = self.logs.insert(vault, log.clone());
		let Some(before) = before else { return };
		// That nothing is still nothing shows nothing.
		if log.size == 0 && before == log {
			return;
		}
		self.check(Rule::LogsGrow, follows(&before, &log), || {
			format!("vault {vault}: {before:?}, and then {log:?}")
		});
	}

	/// The chain has this anchor of a hospital, with this number.
	pub fn anchor(&mut self, hospital: u32, number: u32, log: Log) {
		let key = (hospital, number);
		if let Some(known) = self.anchors.get(&key).cloned() {
			self.check(Rule::AnchorsGrow, known == log, || {
				format!("anchor {number} of hospital {hospital} was {known:?} and is {log:?}")
			});
			return;
		}
		let before = self.anchors.range((hospital, 0)..key).next_back();
		let before = before.map(|(_, before)| before.clone());
		if let Some(before) = before {
			self.check(Rule::AnchorsGrow, follows(&before, &log), || {
				format!("hospital {hospital}: {before:?}, and then {log:?}")
			});
		}
		self.anchors.insert(key, log);
	}

	/// A place was searched for words in clear.
	pub fn searched(&mut self, place: &str, found: Option<&str>) {
		self.check(Rule::NothingInClear, found.is_none(), || {
			format!("{place} has {:?}", found.unwrap_or_default())
		});
	}

	/// What was disturbed follows the chain again, or did not in time.
	pub fn healed(&mut self, what: &str, in_time: bool) {
		self.check(Rule::Heals, in_time, || format!("not after {what}"));
	}

	/// Whether a node runs that no fault has ended.
	pub fn node_runs(&mut self, node: usize, runs: bool, when: &str) {
		self.check(Rule::NodesGoOn, runs, || format!("node {node} has ended by itself, {when}"));
	}

	/// The calls that were told to be final, and the files that were acknowledged, so far.
	pub fn done(&self) -> (u64, u64) {
		(self.calls, self.files.len() as u64)
	}

	/// How often a rule was tried.
	pub fn checks(&self, rule: Rule) -> u64 {
		self.checks.get(&rule).copied().unwrap_or_default()
	}

	/// The breaches so far.
	pub fn breaches(&self) -> &[Breach] {
		&self.breaches
	}

	/// How it went. These rules have to have been tried.
	pub fn verdict(&self, needed: &[Rule]) -> Verdict {
		if !self.breaches.is_empty() {
			return Verdict::Broken(self.breaches.clone());
		}
		let missing: Vec<Rule> =
			needed.iter().copied().filter(|rule| self.checks(*rule) == 0).collect();
		match missing.is_empty() {
			true => Verdict::Kept,
			false => Verdict::NotTried(missing),
		}
	}

	fn is_final(&mut self, who: &str, number: u32, hash: &str) {
		let Some((known, first)) = self.finals.get(&number).cloned() else {
			self.finals.insert(number, (hash.to_owned(), who.to_owned()));
			return;
		};
		// The first who tells a height has no one to be compared with, and no news of its own is a comparison.
		if first == who && known == hash {
			return;
		}
		self.check(Rule::OneFinalBlock, known == hash, || {
			format!("block {number} is {known} for {first}, and {hash} for {who}")
		});
	}

	/// When the last revocation was final, if a read that began then comes late enough after it.
	fn is_late(&self, pair: Pair, began: Millis, grace: Millis) -> Option<Millis> {
		let revoked = self.revoked.get(&pair).copied()?;
		(began > revoked.saturating_add(grace)).then_some(revoked)
	}

	fn check(&mut self, rule: Rule, is_kept: bool, what: impl FnOnce() -> String) {
		*self.checks.entry(rule).or_default() += 1;
		if !is_kept {
			self.breaches.push(Breach { rule, what: what() });
		}
	}
}

/// Whether a log can have become the other one.
fn follows(before: &Log, after: &Log) -> bool {
	// A hospital that has lost its log begins another. No campaign makes one lose it.
	let is_same = after.number == before.number;
	let has_grown = after.size > before.size;
	is_same && (has_grown || (after.size == before.size && after.root == before.root))
}

#[cfg(test)]
mod tests;
