//! Names and values of headers, and media types. Names are in lower case; HTTP ignores it (RFC 9110, §5.1).

/// How many bytes of an upload are at the vault, or where a part of it begins
/// (draft-ietf-httpbis-resumable-upload).
pub const UPLOAD_OFFSET: &str = "upload-offset";

/// How many bytes an upload has in all (draft-ietf-httpbis-resumable-upload).
pub const UPLOAD_LENGTH: &str = "upload-length";

/// Whether the vault has all of an upload: a [`flag`] (draft-ietf-httpbis-resumable-upload).
pub const UPLOAD_COMPLETE: &str = "upload-complete";

/// Whether the vault has all bytes of an upload, and is moving them into its store: a [`flag`].
pub const UPLOAD_STORING: &str = "upload-storing";

/// Whether the transaction that names an upload is signed elsewhere, perhaps days later: a [`flag`]. The vault
/// keeps such an upload for longer.
pub const PREPARED: &str = "prepared";

/// The number of the final block by which a request was decided.
pub const FINALIZED_BLOCK: &str = "x-finalized-block";

/// The random id of a request, by which the vault's log names it.
pub const REQUEST_ID: &str = "x-request-id";

/// The reader's signature of a request to read ([`ReadRequest`](crate::receipts::ReadRequest)).
pub const READ_REQUEST: &str = "read-request";

/// The vault's receipt of what it gives ([`receipt_header`](crate::receipts::receipt_header)).
pub const RECEIPT: &str = "receipt";

/// The media type of a document: an age file.
pub const DOCUMENT: &str = "application/age";

/// The media type of an upload's part (draft-ietf-httpbis-resumable-upload).
pub const PARTIAL_UPLOAD: &str = "application/partial-upload";

/// A boolean of a structured field (RFC 9651, §3.3.6).
pub fn flag(value: bool) -> &'static str {
	if value { "?1" } else { "?0" }
}

/// Reads a [`flag`].
pub fn parse_flag(text: &str) -> Option<bool> {
	match text {
		"?0" => Some(false),
		"?1" => Some(true),
		_ => None,
	}
}

/// Reads a number of bytes: up to 15 decimal digits (RFC 9651, §3.3.1), without a sign.
pub fn parse_number(text: &str) -> Option<u64> {
	let is_plain = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
	is_plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn values_are_read_strictly() {
		assert_eq!(parse_number("10"), Some(10));
		for bad in ["", "+1", "-1", "1 ", "0x1", "1e3", "9999999999999999", "ten"] {
			assert_eq!(parse_number(bad), None, "{bad}");
		}
		assert_eq!([true, false].map(|value| parse_flag(flag(value))), [Some(true), Some(false)]);
		for bad in ["", "1", "true", "?2", "?1 "] {
			assert_eq!(parse_flag(bad), None, "{bad}");
		}
	}
}
