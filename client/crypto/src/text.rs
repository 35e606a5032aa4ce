//! Text to show to people.

/// Whether a character is invisible and changes how others are shown: controls, line and paragraph separators,
/// byte order marks, and characters that turn the reading direction (Unicode UAX #9, §2).
pub(crate) fn misleads(letter: char) -> bool {
	letter.is_control()
		|| matches!(letter,
			'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' |
			'\u{feff}')
}

/// Whether a character shows nothing by itself: white space, what Unicode ignores where it can't be shown
/// (Default_Ignorable_Code_Point), and blanks that count as letters or signs.
pub(crate) fn is_blank(letter: char) -> bool {
	letter.is_whitespace()
		|| misleads(letter)
		|| matches!(letter,
			'\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' |
			'\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' |
			'\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text without characters that mislead.
pub(crate) fn plain(text: &str) -> String {
	text.chars().filter(|letter| !misleads(*letter)).collect()
}
