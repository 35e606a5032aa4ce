//! Text in files, as editors of all systems write it.

use zeroize::Zeroizing;

/// The mark that some editors put before UTF-8, and Windows' before UTF-16 (Unicode, §23.8).
const MARK: char = '\u{feff}';

/// The bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

impl std::fmt::Display for NotText {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		formatter.write_str("it is not UTF-8 text")
	}
}

impl std::error::Error for NotText {}

/// Reads text: UTF-8, with a byte order mark or without, or UTF-16 with one, which Windows' editors call
/// Unicode. The mark is not part of the text, and each line ends with `\n`, where Windows writes `\r\n` and some programs `\r`.
/// The text may be a secret, and is erased when it is dropped.
///
/// UTF-16 without a mark is not guessed: it could be anything. It has zeros in it as a rule, which no text has.
///
/// # Errors
///
/// [`NotText`].
pub fn decoded(bytes: &[u8]) -> Result<Zeroizing<String>, NotText> {
	let units: Option<fn([u8; 2]) -> u16> = match bytes {
		[0xff, 0xfe, ..] => Some(u16::from_le_bytes),
		[0xfe, 0xff, ..] => Some(u16::from_be_bytes),
		_ => None,
	};
	// With enough capacity, since growing would leave a copy behind: two bytes become three at most.
	let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
	match units {
		Some(unit) => {
			let (pairs, []) = bytes.as_chunks::<2>() else { return Err(NotText) };
			for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
				text.push(letter.map_err(|_| NotText)?);
			}
			text.remove(0);
		},
		None => {
			let whole = std::str::from_utf8(bytes).map_err(|_| NotText)?;
			text.push_str(whole.strip_prefix(MARK).unwrap_or(whole));
		},
	}
	match text.contains('\0') {
		true => Err(NotText),
		false => Ok(with_line_feeds(text)),
	}
}

/// Like [`decoded`], for text of which only ASCII letters count, whatever stands between them. What is not UTF-8 is read as
/// Latin-1, which old editors write: a space in it that does not break a line is no UTF-8. Its other letters are wrong ones in
/// UTF-8, too, so that nothing is guessed.
///
/// # Errors
///
/// [`NotText`], for what has the mark of UTF-16, or zeros in it.
pub fn decoded_letters(bytes: &[u8]) -> Result<Zeroizing<String>, NotText> {
	if let Ok(text) = decoded(bytes) {
		return Ok(text);
	}
	if bytes.contains(&0) || matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
		return Err(NotText);
	}
	// With enough capacity: each becomes two bytes at most.
	let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
	bytes.iter().for_each(|byte| text.push(char::from(*byte)));
	Ok(with_line_feeds(text))
}

/// The text with every line end as `\n`.
fn with_line_feeds(text: Zeroizing<String>) -> Zeroizing<String> {
	if !text.contains('\r') {
		return text;
	}
	let mut lines = Zeroizing::new(String::with_capacity(text.len()));
	let mut letters = text.chars().peekable();
	while let Some(letter) = letters.next() {
		match letter {
			'\r' if letters.peek() == Some(&'\n') => {},
			'\r' => lines.push('\n'),
			letter => lines.push(letter),
		}
	}
	lines
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
		let units = std::iter::once(0xfeff).chain(text.encode_utf16());
		units.flat_map(bytes).collect()
	}

	#[test]
	fn text_of_any_editor_is_read() {
		for text in ["", "abandon ability", "Grüße, 王 \u{20bb7}\n"] {
			assert_eq!(*decoded(text.as_bytes()).unwrap(), text);
			assert_eq!(*decoded(format!("\u{feff}{text}").as_bytes()).unwrap(), text);
			assert_eq!(*decoded(&utf16(text, u16::to_le_bytes)).unwrap(), text);
			assert_eq!(*decoded(&utf16(text, u16::to_be_bytes)).unwrap(), text);
		}
	}

	#[test]
	fn lines_end_alike_whatever_wrote_them() {
		for (text, read) in [
			("one\r\ntwo\r\n", "one\ntwo\n"),
			("one\rtwo\r", "one\ntwo\n"),
			("one\r\r\ntwo\n\r", "one\n\ntwo\n\n"),
		] {
			assert_eq!(*decoded(text.as_bytes()).unwrap(), read, "{text:?}");
			assert_eq!(*decoded(&utf16(text, u16::to_be_bytes)).unwrap(), read, "{text:?}");
		}
	}

	#[test]
	fn letters_between_bytes_of_latin_1_are_read() {
		assert_eq!(
			*decoded_letters(b"one\xa0two\r\n\x96 three").unwrap(),
			"one\u{a0}two\n\u{96} three"
		);
		for text in ["one two", "\u{feff}one\u{a0}two", "Grüße"] {
			assert_eq!(decoded_letters(text.as_bytes()), decoded(text.as_bytes()), "{text}");
		}
		for bytes in [&b"\xff\xfe\x0a"[..], b"words\0", b"w\0o\0\xa0\0"] {
			assert_eq!(decoded_letters(bytes), Err(NotText), "{bytes:?}");
		}
	}

	#[test]
	fn what_is_no_text_is_refused() {
		let halves = [0xff, 0xfe, 0x00, 0xd8];
		// UTF-16 without a mark, a text with what ends it in some programs, and UTF-32.
		let unmarked: Vec<u8> = "words".encode_utf16().flat_map(u16::to_le_bytes).collect();
		for bytes in [
			&b"\xff\xfe\x0a"[..],
			b"\xe9t\xe9",
			b"\x80",
			&halves,
			&unmarked[..],
			b"words\0",
			b"\xff\xfe\0\0w\0\0\0",
		] {
			assert_eq!(decoded(bytes), Err(NotText), "{bytes:?}");
		}
	}
}
