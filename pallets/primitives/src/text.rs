//! Checks of texts for people, and of addresses.
//!
//! Lengths of texts count in characters, which are Unicode scalar values (Unicode, D76): a limit in bytes
//! would give a name in Thai a third of the room that a name in English has.

/// The longest name of a person, hospital or institution, specialty and qualification, in characters.
pub const MAX_NAME: u32 = 64;

/// The longest details that a hospital adds to a doctor's entry, in characters.
pub const MAX_DETAILS: u32 = 256;

/// The bytes that a character takes in UTF-8 at most (RFC 3629).
pub const BYTES_PER_CHARACTER: u32 = 4;

/// More letters than the address of an account has in SS58: 36 bytes at most, with their prefix and checksum, take 50.
const MAX_ADDRESS: usize = 64;

/// Whether a text is short enough to be an account's address. To be asked before a text of others is read as one: the
/// library that decodes Base58 panics if more than its 132 bytes are zeros, which a text of 133 letters `1` stands for.
pub fn may_be_address(text: &str) -> bool {
	text.len() <= MAX_ADDRESS
}

/// Whether this is one line of text: UTF-8 with visible characters, which neither begins another line nor
/// controls the terminal (control characters) or the reading direction (Unicode UAX #9, §2).
pub fn is_line(bytes: &[u8]) -> bool {
	core::str::from_utf8(bytes).is_ok_and(|text| {
		!text.chars().all(is_blank)
			&& !text.chars().any(|letter| letter.is_control() || misleads(letter))
	})
}

/// Whether this is one line of text (see [`is_line`]) of at most so many characters.
pub fn is_line_within(bytes: &[u8], longest: u32) -> bool {
	is_line(bytes)
		&& core::str::from_utf8(bytes).is_ok_and(|text| {
			text.chars().count() <= usize::try_from(longest).unwrap_or(usize::MAX)
		})
}

/// Whether this can be the name of a person, hospital or institution, a specialty or a qualification.
pub fn is_name(bytes: &[u8]) -> bool {
	is_line_within(bytes, MAX_NAME)
}

/// Whether the character begins another line, changes the direction in which others are shown, or marks the order
/// of bytes.
fn misleads(letter: char) -> bool {
	matches!(letter,
		'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' |
		'\u{feff}')
}

/// Whether the character shows nothing by itself: white space, what Unicode ignores where it can't be shown
/// (Default_Ignorable_Code_Point), and blanks that count as letters or signs. Beside others, some of them are needed:
/// joiners in Persian and Hindi, for example.
fn is_blank(letter: char) -> bool {
	letter.is_whitespace()
		|| matches!(letter,
			'\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' |
			'\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' |
			'\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether this can be a gateway's address: an `https://` URL, or an `http://` one on the loopback
/// interface. Does not check the length.
pub fn is_gateway(gateway: &[u8]) -> bool {
	let Ok(text) = core::str::from_utf8(gateway) else { return false };
	let host = match text.split_once("://") {
		Some(("https", host)) => host,
		Some(("http", host)) if is_loopback(host) => host,
		_ => return false,
	};
	!host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether an `http://` address names the machine that it is used on.
fn is_loopback(authority: &str) -> bool {
	["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
		authority
			.strip_prefix(host)
			.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_of_all_languages_are_text() {
		for name in ["Ada", "Dr. Ömer Çelik", "王秀英", "د. ليلى", "Saint-Anne, 2nd floor"]
		{
			assert!(is_line(name.as_bytes()), "{name}");
		}
	}

	#[test]
	fn nothing_invisible_or_misleading_is() {
		for bytes in [&b""[..], b"  ", b"a\nb", b"\x1b[2J", b"\xff\xfe", "a\u{202e}b".as_bytes()] {
			assert!(!is_line(bytes), "{bytes:?}");
		}
		for text in [
			"a\u{2028}b",
			"a\u{2029}b",
			"\u{feff}a",
			"\u{200d}",
			"\u{3164}\u{2800}",
			"\u{a0}\u{fe0f}",
		] {
			assert!(!is_line(text.as_bytes()), "{text:?}");
		}
		// Beside letters, joiners belong to words.
		assert!(is_line("می\u{200c}خواهم".as_bytes()));
	}

	/// Names of ordinary hospitals, one of 27 Thai letters, and a Russian one.
	#[test]
	fn names_have_so_many_characters_in_any_script() {
		for (name, bytes) in [
			("โรงพยาบาลมหาราชนครเชียงใหม่", 81),
			("Областная клиническая больница имени Семашко № 7", 90),
		] {
			assert_eq!(name.len(), bytes);
			assert!(is_name(name.as_bytes()), "{name}");
		}
		for letter in ["a", "ü", "王", "𠮷"] {
			assert!(is_name(letter.repeat(64).as_bytes()), "{letter}");
			assert!(!is_name(letter.repeat(65).as_bytes()), "{letter}");
			assert!(is_line_within(letter.repeat(256).as_bytes(), MAX_DETAILS), "{letter}");
			assert!(!is_line_within(letter.repeat(257).as_bytes(), MAX_DETAILS), "{letter}");
		}
		assert!(!is_name(b"") && !is_name(b" ") && !is_name(b"\xff"));
	}
}
