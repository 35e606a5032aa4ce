//! What a file's name says: its media type, and whether its content can change.

/// Endings of names with their media types.
const TYPES: [(&str, &str); 18] = [
	("html", "text/html; charset=utf-8"),
	("js", "text/javascript; charset=utf-8"),
	("mjs", "text/javascript; charset=utf-8"),
	("css", "text/css; charset=utf-8"),
	("wasm", "application/wasm"),
	("json", "application/json"),
	("webmanifest", "application/manifest+json"),
	("txt", "text/plain; charset=utf-8"),
	("svg", "image/svg+xml"),
	("png", "image/png"),
	("jpg", "image/jpeg"),
	("webp", "image/webp"),
	("avif", "image/avif"),
	("ico", "image/x-icon"),
	("woff2", "font/woff2"),
	("ttf", "font/ttf"),
	("pdf", "application/pdf"),
	("ftl", "text/plain; charset=utf-8"),
];

/// The media type of a file with this name.
pub(crate) fn type_of(name: &str) -> &'static str {
	let ending = name.rsplit_once('.').map(|(_, ending)| ending);
	TYPES
		.iter()
		.find(|(known, _)| Some(*known) == ending)
		.map_or("application/octet-stream", |(_, media)| media)
}

/// Whether the name has a digest of the content in it, as bundlers write it: `app-4ZQK7TXA.js`, in eight letters
/// and digits of base 32, or at least eight hexadecimal ones. Another content then has another name.
pub(crate) fn is_named_by_digest(name: &str) -> bool {
	let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
	let Some((stem, _)) = file.split_once('.') else { return false };
	let Some((_, digest)) = stem.rsplit_once('-') else { return false };
	let base32 = |byte: u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte);
	let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
	let has_digit = digest.bytes().any(|byte| byte.is_ascii_digit());
	(digest.len() == 8 && digest.bytes().all(base32))
		|| (digest.len() >= 8 && digest.bytes().all(hex) && has_digit)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn media_types_are_those_that_browsers_insist_on() {
		assert_eq!(type_of("assets/core_bg-ABCDEFGH.wasm"), "application/wasm");
		assert_eq!(type_of("worker.js"), "text/javascript; charset=utf-8");
		assert_eq!(type_of("index.html"), "text/html; charset=utf-8");
		assert_eq!(type_of("app.webmanifest"), "application/manifest+json");
		assert_eq!(type_of("LICENSE"), "application/octet-stream");
		assert_eq!(type_of("x.unknown"), "application/octet-stream");
	}

	#[test]
	fn only_names_with_a_digest_never_change() {
		for named in
			["app-4ZQK7TXA.js", "assets/app-AAAAAAAA.css", "app-0123abcd.js", "b-ABCDEFG7.js.map"]
		{
			assert!(is_named_by_digest(named), "{named}");
		}
		for other in [
			"index.html",
			"app.js",
			"sw.js",
			"a-b.js",
			"app-12345.js",
			"my-feedback.js",
			"a-ABCDEFG",
		] {
			assert!(!is_named_by_digest(other), "{other}");
		}
	}
}
