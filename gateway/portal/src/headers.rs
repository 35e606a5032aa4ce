//! Compares the headers of an answer with those that gateways send.
//!
//! Right files under other headers can make another portal: `Refresh` leads elsewhere, `Link` loads more, and a weaker
//! policy lets pages do more. Proxies may add headers that do none of this, such as `Via` or `Alt-Svc`.

use crate::{Origin, Policy, files::INDEX, media};
use http::{
	HeaderMap, HeaderName, HeaderValue,
	header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use medblock_vault_protocol::Address;
use std::collections::BTreeMap;

/// Headers that change what browsers do with a file, or keep of it. Gateways send none of them, but for previews, which
/// are to be read by a frame without an origin.
const FOREIGN: [&str; 14] = [
	"access-control-allow-credentials",
	"access-control-allow-origin",
	"clear-site-data",
	"content-disposition",
	"content-location",
	"link",
	"location",
	"origin-trial",
	"refresh",
	"service-worker-allowed",
	"set-cookie",
	"sourcemap",
	"speculation-rules",
	"use-as-dictionary",
];

/// Says what is wrong with the headers of a file; the first page has no name. Pages may ask these hospitals, or any
/// gateway if they are not known. The text follows the name of the file.
pub(crate) fn check(
	name: &str,
	found: &HeaderMap,
	hospitals: Option<&[Origin]>,
) -> Result<(), String> {
	let file = if name.is_empty() { INDEX } else { name };
	let mut expected = HeaderMap::new();
	// Proxies that end TLS say themselves how long browsers should insist on it.
	Policy::new(&[], false).apply(file, file.ends_with(".html"), &mut expected);
	expected.insert(CONTENT_TYPE, HeaderValue::from_static(media::type_of(file)));
	for (header, wanted) in &expected {
		let mut values = found.get_all(header).iter().peekable();
		if values.peek().is_none() {
			return Err(format!("without the header {header}"));
		}
		if !values.all(|value| is_same(header, value, wanted, hospitals)) {
			return Err(format!("with another {header} than gateways send"));
		}
	}
	let foreign = FOREIGN
		.iter()
		.find(|header| found.contains_key(**header) && !expected.contains_key(**header));
	match foreign {
		Some(header) => Err(format!("with the header {header}, which gateways do not send")),
		None => Ok(()),
	}
}

fn is_same(
	header: &HeaderName,
	found: &HeaderValue,
	wanted: &HeaderValue,
	hospitals: Option<&[Origin]>,
) -> bool {
	if found == wanted {
		return true;
	}
	let (Ok(found), Ok(wanted)) = (found.to_str(), wanted.to_str()) else { return false };
	if *header == CONTENT_SECURITY_POLICY {
		return is_same_policy(found, wanted, hospitals);
	}
	// Proxies may write a media type in their own way.
	let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
	*header == CONTENT_TYPE && plain(found) == plain(wanted)
}

/// Whether two policies are the same, but for the hospitals that pages may ask.
fn is_same_policy(found: &str, wanted: &str, hospitals: Option<&[Origin]>) -> bool {
	let (Some(found), Some(wanted)) = (directives(found), directives(wanted)) else { return false };
	found.len() == wanted.len()
		&& wanted.iter().all(|(name, wanted)| {
			let Some(found) = found.get(name) else { return false };
			// A directive without `'self'` lets pages ask no one.
			match (name.as_str(), wanted.as_slice(), found.as_slice()) {
				("connect-src", ["'self'"], ["'self'", others @ ..]) => {
					others.iter().all(|source| may_be_asked(source, hospitals))
				},
				_ => found == wanted,
			}
		})
}

/// A policy's directives by their names; none if one is there twice.
fn directives(policy: &str) -> Option<BTreeMap<String, Vec<&str>>> {
	let mut found = BTreeMap::new();
	for directive in policy.split(';') {
		let mut words = directive.split_ascii_whitespace();
		let Some(name) = words.next() else { continue };
		if found.insert(name.to_ascii_lowercase(), words.collect()).is_some() {
			return None;
		}
	}
	Some(found)
}

/// Whether a policy may name this source: one of the hospitals, or any gateway's origin if they are not known.
fn may_be_asked(source: &str, hospitals: Option<&[Origin]>) -> bool {
	let is = |origin: &Origin| origin.is_plain() && (origin.http == source || origin.ws == source);
	match hospitals {
		Some(hospitals) => hospitals.iter().any(is),
		None => {
			let http = source.strip_prefix("ws").map(|rest| format!("http{rest}"));
			let address = http.as_deref().unwrap_or(source).parse::<Address>();
			address.is_ok_and(|address| is(&Origin::from(&address)))
		},
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn origin(text: &str) -> Origin {
		Origin::from(&text.parse::<Address>().unwrap())
	}

	/// What a gateway of a consortium of two sends.
	fn sent(file: &str, is_secure: bool) -> HeaderMap {
		let hospitals = ["https://north.example", "http://127.0.0.1:8441"].map(origin);
		let mut headers = HeaderMap::new();
		let policy = Policy::new(&hospitals, is_secure);
		policy.apply(file, file.ends_with(".html"), &mut headers);
		headers.insert(CONTENT_TYPE, HeaderValue::from_static(media::type_of(file)));
		headers
	}

	fn with(header: &'static str, value: &str) -> HeaderMap {
		let mut headers = sent("index.html", true);
		headers.insert(header, HeaderValue::try_from(value).unwrap());
		headers
	}

	/// The first page's policy, with a part replaced.
	fn with_policy(from: &str, to: &str) -> HeaderMap {
		let policy = sent("index.html", true)[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
		assert!(policy.contains(from), "{from}");
		with("content-security-policy", &policy.replace(from, to))
	}

	#[test]
	fn headers_of_gateways_are_right_whatever_proxies_add() {
		for file in ["index.html", "app.js", "core.wasm", "preview/frame.html", "manifest.json"] {
			for is_secure in [false, true] {
				assert_eq!(check(file, &sent(file, is_secure), None), Ok(()), "{file}");
			}
		}
		for (header, value) in [
			("server", "nginx"),
			("via", "1.1 Caddy"),
			("date", "Sun, 29 Nov 2026 00:00:00 GMT"),
			("alt-svc", "h3=\":443\""),
			("strict-transport-security", "max-age=31536000; preload"),
			("content-type", "text/html;charset=UTF-8"),
		] {
			assert_eq!(check("", &with(header, value), None), Ok(()), "{header}");
		}
		let mut twice = sent("index.html", true);
		twice.append("x-frame-options", HeaderValue::from_static("DENY"));
		assert_eq!(check("", &twice, None), Ok(()));
	}

	#[test]
	fn missing_header_is_found() {
		let whole = sent("index.html", false);
		for header in whole.keys() {
			let mut fewer = whole.clone();
			fewer.remove(header);
			let expected = Err(format!("without the header {header}"));
			assert_eq!(check("", &fewer, None), expected);
		}
	}

	#[test]
	fn header_that_leads_elsewhere_is_found() {
		for (header, value) in [
			("refresh", "0;url=/x.html"),
			("link", "</x.js>; rel=modulepreload"),
			("set-cookie", "reader=7"),
			("service-worker-allowed", "/"),
			("clear-site-data", "\"storage\""),
			("access-control-allow-origin", "*"),
		] {
			let why = check("", &with(header, value), None).unwrap_err();
			assert_eq!(why, format!("with the header {header}, which gateways do not send"));
		}
		assert!(check("app.js", &with("content-type", "text/html; charset=utf-8"), None).is_err());
	}

	#[test]
	fn weaker_policy_is_found() {
		for (from, to) in [
			("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
			("script-src", "script-src 'self' https://evil.example; script-src"),
			("frame-ancestors 'none'; ", ""),
			("trusted-types svelte", "trusted-types * svelte"),
			("form-action 'none'", "form-action *"),
			("connect-src 'self'", "connect-src *"),
			("connect-src 'self'", "connect-src 'self' https:"),
			("connect-src 'self'", "connect-src 'self' https://*.example"),
			("connect-src 'self'", "connect-src 'self' http://evil.example"),
			("connect-src 'self'", "connect-src 'self' https://evil.example/path"),
			("default-src", "sandbox allow-scripts; default-src"),
		] {
			let why = check("", &with_policy(from, to), None).unwrap_err();
			assert_eq!(why, "with another content-security-policy than gateways send", "{to}");
		}
		let mut preview = sent("preview/frame.html", true);
		let policy = preview[CONTENT_SECURITY_POLICY].to_str().unwrap();
		let wider = policy.replace("connect-src 'none'", "connect-src https://north.example");
		preview.insert(CONTENT_SECURITY_POLICY, HeaderValue::try_from(wider).unwrap());
		assert!(check("preview/frame.html", &preview, None).is_err());
	}

	#[test]
	fn pages_may_ask_the_hospitals_that_the_chain_lists() {
		let more = with_policy("connect-src 'self'", "connect-src 'self' wss://south.example");
		let listed = ["https://north.example", "http://127.0.0.1:8441"].map(origin);
		assert_eq!(check("", &sent("index.html", true), Some(&listed)), Ok(()));
		assert!(check("", &more, Some(&listed)).is_err());
		assert_eq!(check("", &more, None), Ok(()), "the hospitals are not known");
	}
}
