//! The numbers on a measuring program's command line.

/// Reads up to so many numbers, each with its name and what it is if it is left out. An error for a word that is no number,
/// for 0, since that would measure nothing, and for a word too many.
pub fn numbers<const COUNT: usize>(
	words: &[String],
	wanted: [(&str, u64); COUNT],
) -> Result<[u64; COUNT], String> {
	if let Some(word) = words.get(COUNT) {
		return Err(format!("{word} is an argument too many"));
	}
	let mut read = wanted.map(|(_, otherwise)| otherwise);
	for ((word, (name, _)), slot) in words.iter().zip(wanted).zip(&mut read) {
		*slot = match word.parse() {
			Ok(0) => return Err(format!("{name} is 0: that would measure nothing")),
			Ok(number) => number,
			Err(_) => return Err(format!("{name} is a number, not {word}")),
		};
	}
	Ok(read)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn read(line: &str) -> Result<[u64; 2], String> {
		let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
		numbers(&words, [("SECONDS", 10), ("CONNECTIONS", 8)])
	}

	#[test]
	fn what_is_left_out_has_its_default() {
		assert_eq!(read(""), Ok([10, 8]));
		assert_eq!(read("3"), Ok([3, 8]));
		assert_eq!(read("3 4"), Ok([3, 4]));
	}

	#[test]
	fn what_would_measure_nothing_is_refused() {
		for (line, why) in [
			("0", "SECONDS is 0: that would measure nothing"),
			("1 0", "CONNECTIONS is 0: that would measure nothing"),
			("1 -4", "CONNECTIONS is a number, not -4"),
			("--jsno", "SECONDS is a number, not --jsno"),
			("1 2 3", "3 is an argument too many"),
		] {
			assert_eq!(read(line), Err(why.to_owned()));
		}
	}
}
