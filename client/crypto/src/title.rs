//! Titles that programs make by themselves, from the names of files.

use crate::{MAX_TITLE, text};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The title of a file whose name says nothing.
const NAMELESS: &str = "record";

/// The titles of files that are added together, by their names: without what can't be seen and what turns the
/// reading direction, without the extension, and in one line. Where two would look the same, both keep their
/// extension, so that they differ unless the names do so only in what is not seen. What is not UTF-8 of a name (U+FFFD) is left out. Every record takes them.
///
/// ```
/// use medblock_crypto::titles_of;
///
/// assert_eq!(titles_of(&["\u{202e}scan.pdf", "a.pdf", "a.docx"]), ["scan", "a.pdf", "a.docx"]);
/// ```
pub fn titles_of<Name: AsRef<str>>(names: &[Name]) -> Vec<String> {
	let short = names.iter().map(|name| (title_of(stem(name.as_ref())), false));
	let mut titles: Vec<(String, bool)> = short.collect();
	loop {
		let mut counts = BTreeMap::<String, usize>::new();
		for (title, _) in &titles {
			*counts.entry(seen(title)).or_default() += 1;
		}
		// A whole name may be another's without its extension, so that this goes on until nothing changes.
		let mut is_settled = true;
		for ((title, is_whole), name) in titles.iter_mut().zip(names) {
			if !*is_whole && counts.get(&seen(title)).is_some_and(|count| *count > 1) {
				*title = title_of(name.as_ref());
				*is_whole = true;
				is_settled = false;
			}
		}
		if is_settled {
			return titles.into_iter().map(|(title, _)| title).collect();
		}
	}
}

/// What is seen of a title: one blank looks like another, joiners don't show, and a letter with its accent looks the same in one
/// character and in two, as some systems write them.
fn seen(title: &str) -> String {
	let shown = |letter: char| match letter.is_whitespace() {
		true => Some(' '),
		false => Some(letter).filter(|letter| !text::is_blank(*letter)),
	};
	let shown: String = title.chars().filter_map(shown).collect();
	shown.nfc().collect()
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
	match title.chars().all(text::is_blank) {
		true => NAMELESS.to_owned(),
		false => title.trim().to_owned(),
	}
}

/// Whether the character can't be seen and changes nothing around it, or stands for a byte that is no text. The
/// joiners are not among them: words of many languages need them.
fn is_unseen(letter: char) -> bool {
	matches!(letter,
		'\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{fffd}')
}
