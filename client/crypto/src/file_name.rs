//! File names that are safe on every system, and their form in headers.

use crate::text;

/// The longest file name, in bytes: every file system takes it, and percent-encoded it fits a line.
const MAX: usize = 200;

/// The longest extension that is kept when a name is shortened, in bytes.
const MAX_EXTENSION: usize = 16;

/// The name of a file whose name has nothing safe in it.
const NAMELESS: &str = "record";

/// A name that is safe to create in any folder on any system.
///
/// It is the last part of a path, of 1 to 200 bytes, without control and direction characters and without
/// characters that some system forbids. It is not hidden, and neither an option (`-rf`) nor a device
/// (`CON`, `lpt1.txt`), nor only of characters that show nothing. A safe name stays as it is.
///
/// ```
/// use medblock_crypto::safe_file_name;
///
/// assert_eq!(safe_file_name("../../etc/passwd"), "passwd");
/// assert_eq!(safe_file_name("-rf"), "_-rf");
/// ```
pub fn safe_file_name(name: &str) -> String {
	// Characters go first: removing them later could reveal a path again.
	let name = text::plain(name);
	let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
	let base = base.trim_start_matches(trimmed).trim_end_matches(trimmed);
	let mut safe: String =
		base.chars().map(|letter| if "<>:\"|?*".contains(letter) { '_' } else { letter }).collect();
	if safe.chars().all(text::is_blank) {
		return NAMELESS.to_owned();
	}
	if safe.starts_with(['-', '~']) || is_device(&safe) {
		safe.insert(0, '_');
	}
	shorten(&safe)
}

/// Whether a name may neither begin nor end with this.
fn trimmed(letter: char) -> bool {
	letter == '.' || letter.is_whitespace()
}

/// Whether Windows takes this for a device, with any extension.
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

/// A parameter's extended value (RFC 2231, RFC 8187), after the charset and language.
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

/// The reverse of [`encode`]; `None` if this is not an extended value, or not UTF-8.
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
