//! The requests of a browser that opens the portal: their headers, and their order.
//!
//! A server that changes pages must not see by a request that it comes from a check. So the first page is asked for first,
//! then what that page names. What checks ask for beyond that, no visit does: the server has answered by then.

use crate::{
	files::{ENCODINGS, INDEX},
	manifest::{Manifest, is_name},
	policy::PREVIEW,
};
use reqwest::header::{
	ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue,
	UPGRADE_INSECURE_REQUESTS,
};
use std::collections::BTreeSet;

/// The browser's name and version.
pub(super) const USER_AGENT: &str =
	"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// The encodings that browsers take over TLS.
pub(super) const OVER_TLS: &str = "gzip, deflate, br, zstd";
/// The encodings that browsers take without TLS.
const WITHOUT_TLS: &str = "gzip, deflate";
/// What browsers say that want a file as it is: parts of a file, and media.
const AS_IT_IS: &str = "identity";

/// The most files that are fetched because the first page names them.
const MAX_NAMED: usize = 16;

/// The values of `Accept`, `Sec-Fetch-Dest`, `Sec-Fetch-Mode` and `Sec-Fetch-Site` for a file.
fn purpose(name: &str) -> [&'static str; 4] {
	const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
	const IMAGE: &str = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";
	const FONT: &str = "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8";
	let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
	let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
	match ending {
		_ if name.is_empty() => [PAGE, "document", "navigate", "none"],
		"html" if name.starts_with(PREVIEW) => [PAGE, "iframe", "navigate", "same-origin"],
		"html" => [PAGE, "document", "navigate", "none"],
		"js" | "mjs" if file.starts_with("worker") => {
			["*/*", "worker", "same-origin", "same-origin"]
		},
		"js" | "mjs" => ["*/*", "script", "cors", "same-origin"],
		"css" => ["text/css,*/*;q=0.1", "style", "no-cors", "same-origin"],
		"svg" | "png" | "jpg" | "webp" | "avif" | "ico" => {
			[IMAGE, "image", "no-cors", "same-origin"]
		},
		"woff2" | "ttf" => [FONT, "font", "cors", "same-origin"],
		"webmanifest" => ["*/*", "manifest", "cors", "same-origin"],
		_ => ["*/*", "empty", "cors", "same-origin"],
	}
}

/// The headers of the request for a file; the first page has no name.
pub(super) fn headers(name: &str, encodings: &'static str) -> HeaderMap {
	let [accept, destination, mode, site] = purpose(name);
	let mut headers = HeaderMap::new();
	let mut set = |name: HeaderName, value: &'static str| {
		headers.insert(name, HeaderValue::from_static(value));
	};
	set(ACCEPT, accept);
	set(ACCEPT_LANGUAGE, "en-US,en;q=0.5");
	set(ACCEPT_ENCODING, encodings);
	if mode == "navigate" {
		set(UPGRADE_INSECURE_REQUESTS, "1");
	}
	set(HeaderName::from_static("sec-fetch-dest"), destination);
	set(HeaderName::from_static("sec-fetch-mode"), mode);
	set(HeaderName::from_static("sec-fetch-site"), site);
	if site == "none" {
		set(HeaderName::from_static("sec-fetch-user"), "?1");
	}
	headers
}

/// The files that a page names, in its order. A compressed page names none that could be read.
pub(super) fn named_by(page: &[u8]) -> Vec<String> {
	let mut found: Vec<String> = Vec::new();
	for part in String::from_utf8_lossy(page).split('"') {
		let Some(name) = part.strip_prefix('/').filter(|name| is_name(name)) else { continue };
		if found.len() < MAX_NAMED && !found.iter().any(|one| one == name) {
			found.push(name.to_owned());
		}
	}
	found
}

/// All files, as a page would load them: scripts and what they load, then the rest, and previews at last.
pub(super) fn in_order(manifest: &Manifest) -> Vec<&str> {
	let rank = |name: &&str| {
		let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
		let kind = ["css", "js", "wasm", "json"].iter().position(|one| *one == ending);
		(name.starts_with(PREVIEW), kind.unwrap_or(usize::MAX))
	};
	let mut names: Vec<_> = manifest.files.keys().map(String::as_str).collect();
	names.sort_by_key(rank);
	names
}

/// The requests that get other forms of files than a browser over TLS does: names, and the encodings to ask for.
/// `plain` are the names of files that came without an encoding already.
pub(super) fn other_forms<'a>(
	manifest: &'a Manifest,
	plain: &BTreeSet<String>,
) -> Vec<(&'a str, &'static str)> {
	let mut forms = Vec::new();
	for name in in_order(manifest) {
		let compressed = ENCODINGS
			.iter()
			.filter(|(_, ending)| manifest.files.contains_key(&format!("{name}{ending}")))
			.count();
		let names = [(name == INDEX).then_some(""), Some(name)];
		for name in names.into_iter().flatten().filter(|name| !plain.contains(*name)) {
			if compressed == ENCODINGS.len() {
				forms.push((name, WITHOUT_TLS));
			}
			if compressed > 0 {
				forms.push((name, AS_IT_IS));
			}
		}
	}
	forms
}
