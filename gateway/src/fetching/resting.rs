//! Files that a vault did not give, although it answers. It is asked for them less and less often, and for its other files as
//! before: one damaged file must neither cost its transfer in each round, nor keep the others waiting.

use crate::blob::BlobId;
use medblock_primitives::HospitalId;
use std::{
	collections::HashMap,
	time::{Duration, Instant},
};

/// How long a vault is not asked for a file after the first time. It doubles with each further time.
const FIRST: Duration = Duration::from_secs(2 * 60);
/// The longest time, if the vault gives other bytes than the chain names.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time, if it gives none: its disk or its bucket may work again, and asking costs little.
const LONGEST_UNREAD: Duration = Duration::from_secs(15 * 60);
/// The most that are remembered.
const MOST: usize = 65_536;

/// What did not come, by vault and file.
#[derive(Default)]
pub struct Resting(HashMap<(HospitalId, BlobId), Rest>);

struct Rest {
	times: u32,
	until: Instant,
}

impl Resting {
	/// Whether a vault is not to be asked for a file at `now`.
	pub fn rests(&self, hospital: HospitalId, blob: &BlobId, now: Instant) -> bool {
		self.0.get(&(hospital, *blob)).is_some_and(|rest| now < rest.until)
	}

	/// Notes that a vault gave other bytes of a file. Returns whether it can be remembered: a vault with so many wrong files
	/// is to be asked for none.
	pub fn is_wrong(&mut self, hospital: HospitalId, blob: &BlobId, now: Instant) -> bool {
		self.note(hospital, blob, LONGEST, now).is_some()
	}

	/// Notes that a vault gave no bytes of a file. Returns whether that says something about this file alone, since it is
	/// not the first time. The first time, the whole vault may be in trouble, and is to be left alone for a while.
	pub fn is_unread(&mut self, hospital: HospitalId, blob: &BlobId, now: Instant) -> bool {
		self.note(hospital, blob, LONGEST_UNREAD, now).is_some_and(|times| times > 1)
	}

	/// Notes that a file did not come, and returns how many times that makes; none if there is no room for it.
	fn note(
		&mut self,
		hospital: HospitalId,
		blob: &BlobId,
		longest: Duration,
		now: Instant,
	) -> Option<u32> {
		let key = (hospital, *blob);
		if self.0.len() >= MOST && !self.0.contains_key(&key) {
			self.0.retain(|_, rest| now < rest.until);
			if self.0.len() >= MOST {
				return None;
			}
		}
		let rest = self.0.entry(key).or_insert(Rest { times: 0, until: now });
		let pause = FIRST.saturating_mul(1 << rest.times.min(16));
		(rest.times, rest.until) = (rest.times.saturating_add(1), now + pause.min(longest));
		Some(rest.times)
	}

	/// Forgets a file that has come.
	pub fn forget(&mut self, hospital: HospitalId, blob: &BlobId) {
		self.0.remove(&(hospital, *blob));
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::blob::Digest;
	use medblock_primitives::PatientId;

	const NORTH: HospitalId = HospitalId(0);

	fn blob(number: u32) -> BlobId {
		BlobId { patient: PatientId(number), digest: Digest([1; 32]) }
	}

	/// How long a file rests each time, of so many times.
	fn pauses(note: fn(&mut Resting, HospitalId, &BlobId, Instant) -> bool) -> Vec<Duration> {
		let (mut resting, mut now) = (Resting::default(), Instant::now());
		let mut pauses = Vec::new();
		for _ in 0..20 {
			assert!(!resting.rests(NORTH, &blob(1), now));
			note(&mut resting, NORTH, &blob(1), now);
			let begins = now;
			while resting.rests(NORTH, &blob(1), now) {
				now += Duration::from_secs(60);
			}
			pauses.push(now - begins);
		}
		pauses
	}

	#[test]
	fn a_file_is_asked_for_less_and_less_often_and_the_others_as_before() {
		let wrong = pauses(Resting::is_wrong);
		assert_eq!(wrong[..3], [FIRST, 2 * FIRST, 4 * FIRST]);
		assert_eq!(wrong[19], LONGEST);
		let unread = pauses(Resting::is_unread);
		assert_eq!(unread[..3], [FIRST, 2 * FIRST, 4 * FIRST]);
		assert_eq!(unread[19], LONGEST_UNREAD);
		let (mut resting, now) = (Resting::default(), Instant::now());
		assert!(resting.is_wrong(NORTH, &blob(1), now));
		assert!(!resting.rests(NORTH, &blob(2), now), "another file");
		assert!(!resting.rests(HospitalId(1), &blob(1), now), "another vault");
		resting.forget(NORTH, &blob(1));
		assert!(!resting.rests(NORTH, &blob(1), now), "it has come");
	}

	/// Charts are looked at in the same order in each round: the first file of all could stand before the others for ever.
	#[test]
	fn a_file_that_does_not_come_again_says_nothing_of_the_vaults_other_files() {
		let (mut resting, now) = (Resting::default(), Instant::now());
		assert!(!resting.is_unread(NORTH, &blob(1), now), "it may be the vault");
		assert!(resting.is_unread(NORTH, &blob(1), now + FIRST));
		assert!(!resting.is_unread(NORTH, &blob(2), now + FIRST), "it may be the vault");
		resting.forget(NORTH, &blob(1));
		assert!(!resting.is_unread(NORTH, &blob(1), now + FIRST), "it came meanwhile");
	}

	#[test]
	fn no_more_is_remembered_than_there_is_room_for() {
		let (mut resting, now) = (Resting::default(), Instant::now());
		let most = u32::try_from(MOST).unwrap();
		assert!((0..most).all(|number| resting.is_wrong(NORTH, &blob(number), now)));
		assert!(!resting.is_wrong(NORTH, &blob(most), now));
		assert!(!resting.is_unread(NORTH, &blob(most), now));
		assert!(resting.is_wrong(NORTH, &blob(7), now), "it is there");
		assert!(resting.is_wrong(NORTH, &blob(most), now + FIRST), "the others are over");
		assert_eq!(resting.0.len(), 2);
	}
}
