//! Finds fewer episodes that fail as all did: Zeller's *delta debugging*, by leaving out one part after another.

/// A search for fewer episodes.
#[derive(Clone, Debug)]
pub struct Shrink {
	failing: Vec<u64>,
	/// How many parts the episodes are divided into, of which each is left out once.
	parts: usize,
	/// The part that is left out next.
	next: usize,
	/// How often something may still be run.
	runs: u32,
}

impl Shrink {
	/// Begins with episodes that failed, and gives up after so many runs.
	pub fn new(failing: Vec<u64>, runs: u32) -> Self {
		Self { failing, parts: 2, next: 0, runs }
	}

	/// What to run next; none when nothing is left to try. [`Shrink::tell`] has to follow.
	pub fn candidate(&mut self) -> Option<Vec<u64>> {
		if self.failing.len() < 2 || self.runs == 0 || self.next >= self.parts {
			return None;
		}
		self.runs -= 1;
		let (from, to) = self.left_out();
		let (before, after) = (&self.failing[..from], &self.failing[to..]);
		Some([before, after].concat())
	}

	/// Says whether the last candidate failed, too.
	pub fn tell(&mut self, fails: bool) {
		let (from, to) = self.left_out();
		if fails {
			self.failing.drain(from..to);
			self.parts = (self.parts - 1).max(2);
			self.next = 0;
			return;
		}
		self.next += 1;
		if self.next == self.parts && self.parts < self.failing.len() {
			self.parts = (2 * self.parts).min(self.failing.len());
			self.next = 0;
		}
	}

	/// The fewest episodes so far that fail.
	pub fn smallest(&self) -> &[u64] {
		&self.failing
	}

	/// Where the part begins and ends that is left out.
	fn left_out(&self) -> (usize, usize) {
		let length = self.failing.len();
		let edge = |part: usize| (part * length / self.parts).min(length);
		(edge(self.next), edge(self.next + 1))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Shrinks by an oracle, and counts its runs.
	fn shrunk(all: u64, runs: u32, fails: impl Fn(&[u64]) -> bool) -> (Vec<u64>, u32) {
		let mut shrink = Shrink::new((0..all).collect(), runs);
		let mut ran = 0;
		while let Some(candidate) = shrink.candidate() {
			ran += 1;
			shrink.tell(fails(&candidate));
		}
		(shrink.smallest().to_vec(), ran)
	}

	#[test]
	fn one_that_fails_by_itself_is_found() {
		for guilty in 0..20 {
			let (found, ran) = shrunk(20, 100, |some| some.contains(&guilty));
			assert_eq!(found, [guilty]);
			assert!(ran <= 20, "{ran} runs");
		}
	}

	#[test]
	fn two_that_fail_together_are_found() {
		let (found, _) = shrunk(20, 200, |some| some.contains(&3) && some.contains(&16));
		assert_eq!(found, [3, 16]);
	}

	#[test]
	fn it_gives_up_after_so_many_runs_and_what_it_has_fails() {
		let fails = |some: &[u64]| some.contains(&3) && some.contains(&16);
		let (found, ran) = shrunk(20, 3, fails);
		assert_eq!(ran, 3);
		assert!(fails(&found));
		assert_eq!(shrunk(1, 100, |_| true), (vec![0], 0));
	}

	#[test]
	fn what_fails_only_as_a_whole_stays_whole() {
		let (found, _) = shrunk(8, 100, |some| some.len() == 8);
		assert_eq!(found.len(), 8);
	}
}
