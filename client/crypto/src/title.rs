//! Titles that programs make by themselves, from the names of files.

use crate::{MAX_TITLE, text};

/// The title of a file whose name says nothing.
const NAMELESS: &str = "record";

/// The titles of files that are added together, by their names: without what can't be seen and what turns the
/// reading direction, without the extension, and in one line. Where two would be the same, both keep their
/// extension. What is not UTF-8 of a name (U+FFFD) is left out. Every record takes them.
///
/// ```
/// use medblock_crypto::titles_of;
///
/// assert_eq!(titles_of(&["\u{202e}scan.pdf", "a.pdf", "a.docx"]), ["scan", "a.pdf", "a.docx"]);
/// ```
pub fn titles_of<Name: AsRef<str>>(names: &[Name]) -> Vec<String> {
	let short: Vec<String> = names.iter().map(|name| title_of(stem(name.as_ref()))).collect();
	let is_twice = |one: &String| short.iter().filter(|other| *other == one).count() > 1;
	let titles = short.iter().zip(names).map(|(short, name)| match is_twice(short) {
		true => title_of(name.as_ref()),
		false => short.clone(),
	});
	titles.collect()
}

/// A name without its extension. What begins with the only dot has none.
fn stem(name: &str) -> &str {
	match name.rsplit_once('.') {
		Some((stem, _)) if !stem.is_empty() => stem,
		_ => name,
	}
}

/// A title that says this, in the same way. Every record takes it.
pub fn title_of(text: &str) -> String {
	let mut title = String::new();
	for letter in text.chars() {
		let letter = match letter {
			'\u{2028}' | '\u{2029}' => ' ',
			control if control.is_control() => ' ',
			unseen if text::misleads(unseen) || is_unseen(unseen) => continue,
			other => other,
		};
		// A line has one space between words, and none at its beginning.
		if letter == ' ' && (title.is_empty() || title.ends_with(' ')) {
			continue;
		}
		if title.len() + letter.len_utf8() > MAX_TITLE {
			break;
		}
		title.push(letter);
	}
	match title.trim() {
		"" => NAMELESS.to_owned(),
		visible => visible.to_owned(),
	}
}

/// Whether the character can't be seen and changes nothing around it, or stands for a byte that is no text. The
/// joiners are not among them: words of many languages need them.
fn is_unseen(letter: char) -> bool {
	matches!(letter,
		'\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{fffd}')
}
