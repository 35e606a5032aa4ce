//! Checks of texts for people, and of addresses.

/// Whether this is one line of text: UTF-8 with visible characters, which controls neither the terminal
/// (control characters) nor the reading direction (Unicode UAX #9, §2).
pub fn is_line(bytes: &[u8]) -> bool {
	core::str::from_utf8(bytes).is_ok_and(|text| {
		!text.trim().is_empty()
			&& !text.chars().any(|letter| letter.is_control() || redirects(letter))
	})
}

/// Whether the character changes the direction in which others are shown.
fn redirects(letter: char) -> bool {
	matches!(letter,
		'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
	}
}
