//! Words of BIP-39's English list, as people's programs and sheets of paper have them.

use zeroize::Zeroizing;

/// The words in a text, in lower case, with one space between them. Only letters count: there may be numbers, commas, line ends
/// and spaces of all kinds around the words, and marks in them that can't be seen.
pub(crate) fn plain(text: &str) -> Zeroizing<String> {
	// With enough capacity: growing would leave a copy of the words behind.
	let mut words = Zeroizing::new(String::with_capacity(text.len()));
	let mut goes_on = false;
	for letter in text.chars().filter(|letter| !is_nothing(*letter)) {
		let Some(letter) = latin(letter) else {
			goes_on = false;
			continue;
		};
		if !goes_on && !words.is_empty() {
			words.push(' ');
		}
		words.push(letter);
		goes_on = true;
	}
	words
}

/// Whether the character is none of a word, and does not end it either: soft hyphens of typeset text, joiners, and accents.
fn is_nothing(letter: char) -> bool {
	matches!(letter, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{300}'..='\u{36f}')
}

/// The letter in lower case, from the lists' own alphabet if it is one of that in another form. Nothing if it ends a word.
fn latin(letter: char) -> Option<char> {
	Some(match letter {
		// Of numbers, as in `1º`, `Ⅳ`.
		'ª' | 'º' | '\u{2160}'..='\u{2188}' => return None,
		// In capital letters of Turkish, and of its small ones.
		'İ' | 'ı' => 'i',
		// The full width of East Asian keyboards.
		'\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
			char::from_u32(u32::from(letter) - 0xfee0)?.to_ascii_lowercase()
		},
		letter if letter.is_alphabetic() => letter.to_ascii_lowercase(),
		_ => return None,
	})
}
