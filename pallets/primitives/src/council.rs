//! The council's rule, which the chain enforces and clients apply.

/// The number of votes with which this many members decide: two thirds, rounded up.
pub const fn council_threshold(members: u32) -> u32 {
	// All but the third that may be missing: this overflows for no number of members.
	members.saturating_sub(members / 3)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn threshold_is_the_smallest_number_that_is_two_thirds() {
		for members in 1..=1_000 {
			let votes = council_threshold(members);
			assert!(votes * 3 >= members * 2, "{votes} of {members} are enough");
			assert!((votes - 1) * 3 < members * 2, "{votes} of {members} are needed");
		}
		assert_eq!(council_threshold(0), 0);
		assert_eq!(council_threshold(u32::MAX), 2_863_311_530);
	}
}
