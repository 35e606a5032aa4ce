//! Files of which a vault gave other bytes than the chain names. It is asked for them less and less often, and for its other
//! files as before: one damaged file must not cost its transfer in each round.

use crate::blob::BlobId;
use medblock_primitives::HospitalId;
use std::{
	collections::HashMap,
	time::{Duration, Instant},
};

/// How long a vault is not asked for a file after the first time. It doubles with each further time.
const FIRST: Duration = Duration::from_secs(2 * 60);
/// The longest time.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The most that are remembered.
const MOST: usize = 65_536;

/// What was given wrong, by vault and file.
#[derive(Default)]
pub struct Lies(HashMap<(HospitalId, BlobId), Lie>);

struct Lie {
	times: u32,
	until: Instant,
}

impl Lies {
	/// Whether a vault is not to be asked for a file at `now`.
	pub fn rest(&self, hospital: HospitalId, blob: &BlobId, now: Instant) -> bool {
		self.0.get(&(hospital, *blob)).is_some_and(|lie| now < lie.until)
	}

	/// Notes that a vault gave other bytes of a file. Returns whether it can be remembered: a vault with so many wrong files
	/// is to be asked for none.
	pub fn note(&mut self, hospital: HospitalId, blob: &BlobId, now: Instant) -> bool {
		let key = (hospital, *blob);
		if self.0.len() >= MOST && !self.0.contains_key(&key) {
			self.0.retain(|_, lie| now < lie.until);
			if self.0.len() >= MOST {
				return false;
			}
		}
		let lie = self.0.entry(key).or_insert(Lie { times: 0, until: now });
		let pause = FIRST.saturating_mul(1 << lie.times.min(16));
		(lie.times, lie.until) = (lie.times.saturating_add(1), now + pause.min(LONGEST));
		true
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

	#[test]
	fn a_wrong_file_is_asked_for_less_and_less_often_and_the_others_as_before() {
		let (mut lies, mut now) = (Lies::default(), Instant::now());
		let mut pauses = Vec::new();
		for _ in 0..20 {
			assert!(!lies.rest(NORTH, &blob(1), now));
			assert!(lies.note(NORTH, &blob(1), now));
			let begins = now;
			while lies.rest(NORTH, &blob(1), now) {
				now += FIRST;
			}
			pauses.push(now - begins);
		}
		assert_eq!(pauses[..3], [FIRST, 2 * FIRST, 4 * FIRST]);
		assert_eq!(pauses[19], LONGEST);
		lies.note(NORTH, &blob(1), now);
		assert!(!lies.rest(NORTH, &blob(2), now), "another file");
		assert!(!lies.rest(HospitalId(1), &blob(1), now), "another vault");
		lies.forget(NORTH, &blob(1));
		assert!(!lies.rest(NORTH, &blob(1), now), "it has come");
	}

	#[test]
	fn no_more_is_remembered_than_there_is_room_for() {
		let (mut lies, now) = (Lies::default(), Instant::now());
		let most = u32::try_from(MOST).unwrap();
		assert!((0..most).all(|number| lies.note(NORTH, &blob(number), now)));
		assert!(!lies.note(NORTH, &blob(most), now));
		assert!(lies.note(NORTH, &blob(7), now), "it is there");
		assert!(lies.note(NORTH, &blob(most), now + FIRST), "the others are over");
		assert_eq!(lies.0.len(), 2);
	}
}
