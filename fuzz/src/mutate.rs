//! Mutations of inputs by a seed: less than a fuzzer that sees coverage, and the same everywhere.

/// Random numbers (SplitMix64). The same seed gives the same numbers on every machine.
pub struct Numbers(u64);

impl Numbers {
	/// Those of a seed.
	pub fn new(seed: u64) -> Self {
		Self(seed)
	}

	/// The next number.
	fn draw(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	/// A number below this one; 0 below 0.
	pub fn below(&mut self, end: usize) -> usize {
		self.draw().checked_rem(end as u64).unwrap_or_default() as usize
	}

	fn byte(&mut self) -> u8 {
		self.draw().to_le_bytes()[0]
	}
}

/// The longest mutated input, in bytes.
const LONGEST: usize = 64 * 1024;

/// Bytes at which parsers turn.
const MARKS: &[&[u8]] = &[
	&[0],
	&[0xff],
	&[0xff; 4],
	&[0xff; 8],
	&[0, 0, 0, 0x80],
	b"\n",
	b"\"",
	b"[",
	b"{",
	b",",
	b"-1",
	b"0x",
	b"18446744073709551615",
	"\u{202e}".as_bytes(),
];

/// One of these inputs with some changes. Without inputs, some bytes.
pub fn mutated(inputs: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
	let mut bytes = inputs.get(numbers.below(inputs.len())).cloned().unwrap_or_default();
	for _ in 0..=numbers.below(6) {
		let at = numbers.below(bytes.len() + 1);
		let end = at + numbers.below(bytes.len() - at + 1);
		match numbers.below(7) {
			0 => {
				if let Some(byte) = bytes.get_mut(at) {
					*byte ^= 1 << numbers.below(8);
				}
			},
			1 => {
				if let Some(byte) = bytes.get_mut(at) {
					*byte = numbers.byte();
				}
			},
			2 => bytes.truncate(at),
			3 => drop(bytes.drain(at..end)),
			4 => {
				let again = bytes[at..end].to_vec();
				let place = numbers.below(bytes.len() + 1);
				bytes.splice(place..place, again);
			},
			5 => {
				let mark = MARKS[numbers.below(MARKS.len())];
				bytes.splice(at..at, mark.iter().copied());
			},
			_ => {
				// The end of another input behind the beginning of this one.
				let other = inputs.get(numbers.below(inputs.len())).map_or(&[][..], Vec::as_slice);
				let rest = other.get(numbers.below(other.len() + 1)..).unwrap_or_default();
				bytes.truncate(at);
				bytes.extend_from_slice(rest);
			},
		}
		bytes.truncate(LONGEST);
	}
	bytes
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_seed_gives_the_same_inputs_again_and_not_only_one() {
		let inputs = [b"one".to_vec(), b"another".to_vec()];
		let all = |seed| {
			let mut numbers = Numbers::new(seed);
			(0..100).map(|_| mutated(&inputs, &mut numbers)).collect::<Vec<_>>()
		};
		assert_eq!(all(1), all(1));
		assert_ne!(all(1), all(2));
		let different: std::collections::BTreeSet<_> = all(1).into_iter().collect();
		assert!(different.len() > 30, "{}", different.len());
	}
}
