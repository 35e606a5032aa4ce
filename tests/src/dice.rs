//! Numbers by chance that come again with their seed.

/// Numbers by chance, the same for a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
	/// The numbers of a seed.
	pub fn new(seed: u64) -> Self {
		Self(seed)
	}

	/// The numbers of one part of what a seed decides. They do not depend on how many numbers other parts take.
	pub fn of_part(seed: u64, part: u64) -> Self {
		let mut mixing = Self(seed);
		let mixed = mixing.next();
		Self(mixed ^ Self(part).next())
	}

	/// A number below this one; 0 if that is 0.
	pub fn below(&mut self, most: u64) -> u64 {
		self.next() % most.max(1)
	}

	/// An index of a list of this length.
	pub fn index(&mut self, length: usize) -> usize {
		// What is below a length is one, too.
		self.below(length as u64) as usize
	}

	/// Puts items into an order by chance.
	pub fn shuffle<T>(&mut self, items: &mut [T]) {
		for last in (1..items.len()).rev() {
			items.swap(last, self.index(last + 1));
		}
	}

	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_seed_gives_the_same_numbers_again_and_another_seed_gives_others() {
		let numbers = |mut dice: Dice| [(); 8].map(|()| dice.below(1_000_000));
		assert_eq!(numbers(Dice::new(20)), numbers(Dice::new(20)));
		assert_ne!(numbers(Dice::new(20)), numbers(Dice::new(21)));
		assert_ne!(numbers(Dice::of_part(20, 1)), numbers(Dice::of_part(20, 2)));
		assert_ne!(numbers(Dice::of_part(20, 1)), numbers(Dice::of_part(21, 1)));
	}

	#[test]
	fn shuffled_items_are_all_there() {
		let mut items: Vec<u32> = (0..20).collect();
		Dice::new(3).shuffle(&mut items);
		assert_ne!(items, (0..20).collect::<Vec<_>>());
		items.sort_unstable();
		assert_eq!(items, (0..20).collect::<Vec<_>>());
	}
}
