//! Names that files may be given on any system, and how headers carry them.

use crate::text;

/// Bytes that a file name has at most: every file system takes as many, and percent-encoded they fit a line.
const MAX: usize = 200;

/// Bytes of an extension that is kept when a name is shortened.
const MAX_EXTENSION: usize = 16;

/// What a name becomes of which nothing is left.
const NAMELESS: &str = "record";

/// A name that is safe to create in any folder on any system: the last part of a path; without control
/// and direction characters; nothing hidden, no option (`-rf`), no device (`CON`, `lpt1.txt`); none of the
/// characters that some system forbids; 1 to 200 bytes. The same again if it is safe already.
pub fn safe_file_name(name: &str) -> String {
	// Characters go first, or what they hide would come to light afterwards.
	let name = text::plain(name);
	let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
	let base = base.trim_start_matches(trimmed).trim_end_matches(trimmed);
	let mut safe: String =
		base.chars().map(|letter| if "<>:\"|?*".contains(letter) { '_' } else { letter }).collect();
	if safe.is_empty() {
		return NAMELESS.to_owned();
	}
	if safe.starts_with(['-', '~']) || is_device(&safe) {
		safe.insert(0, '_');
	}
	shorten(&safe)
}

/// What a name neither begins nor ends with.
fn trimmed(letter: char) -> bool {
	letter == '.' || letter.is_whitespace()
}

/// Whether Windows takes this for a device, whatever its extension.
fn is_device(name: &str) -> bool {
	let stem = name.split('.').next().unwrap_or_default().trim_end();
	if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
		.iter()
		.any(|d| stem.eq_ignore_ascii_case(d))
	{
		return true;
	}
	let mut letters = stem.chars();
	let kind: String = letters.by_ref().take(3).collect();
	let number = letters.as_str();
	["COM", "LPT"].iter().any(|device| kind.eq_ignore_ascii_case(device))
		&& matches!(
			number,
			"0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
		)
}

fn shorten(name: &str) -> String {
	if name.len() <= MAX {
		return name.to_owned();
	}
	let (stem, extension) = match name.rfind('.') {
		Some(dot) if name.len() - dot <= MAX_EXTENSION => name.split_at(dot),
		_ => (name, ""),
	};
	let mut end = MAX - extension.len();
	while !stem.is_char_boundary(end) {
		end -= 1;
	}
	format!("{}{extension}", stem[..end].trim_end_matches(trimmed))
}

/// As a parameter's extended value (RFC 2231, RFC 8187), behind the charset and language.
pub(crate) fn encode(name: &str) -> String {
	let mut out = String::new();
	for byte in name.bytes() {
		if is_plain(byte) {
			out.push(byte.into());
		} else {
			out.push_str(&format!("%{byte:02X}"));
		}
	}
	out
}

/// The reverse of [`encode`]; `None` for what is no extended value or no UTF-8.
pub(crate) fn decode(value: &str) -> Option<String> {
	let mut bytes = Vec::with_capacity(value.len());
	let mut rest = value.as_bytes();
	while let [byte, after @ ..] = rest {
		rest = match (byte, after) {
			(b'%', [high, low, after @ ..]) => {
				bytes.push(digit(*high)? << 4 | digit(*low)?);
				after
			},
			(byte, after) if is_plain(*byte) => {
				bytes.push(*byte);
				after
			},
			_ => return None,
		};
	}
	String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
	char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// RFC 8187's `attr-char`.
fn is_plain(byte: u8) -> bool {
	byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}
