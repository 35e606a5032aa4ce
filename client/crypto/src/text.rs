//! Text to show to people.

/// Whether a character is invisible and changes how others are shown: controls, line and paragraph separators,
/// byte order marks, and characters that turn the reading direction (Unicode UAX #9, §2).
pub(crate) fn misleads(letter: char) -> bool {
	letter.is_control()
		|| matches!(letter,
			'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' |
			'\u{feff}')
}

/// The text without such characters.
pub(crate) fn plain(text: &str) -> String {
	text.chars().filter(|letter| !misleads(*letter)).collect()
}
