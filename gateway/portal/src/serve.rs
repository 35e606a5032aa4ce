//! Answers to requests for files (RFC 9110).

use crate::{
	Policy, Portal,
	files::{ENCODINGS, File},
};
use bytes::Bytes;
use http::{
	HeaderMap, HeaderValue, Method, Response, StatusCode,
	header::{
		ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
		IF_NONE_MATCH, VARY,
	},
};

/// How long browsers keep a file whose name has its digest: a year.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Every other file is kept, and asked for again each time.
const ASK_AGAIN: &str = "no-cache";

impl Portal {
	/// The answer to `GET` or `HEAD` of a path; none if the portal has no such file, or for another method.
	pub fn answer(
		&self,
		method: &Method,
		path: &str,
		asked: &HeaderMap,
		policy: &Policy,
	) -> Option<Response<Bytes>> {
		if !matches!(*method, Method::GET | Method::HEAD) {
			return None;
		}
		let (name, file) = self.find(path)?;
		let (encoding, sent) = self.encoded(name, file, asked);
		let mut response = Response::new(Bytes::new());
		let headers = response.headers_mut();
		policy.apply(name, name.ends_with(".html"), headers);
		headers.insert(ETAG, sent.etag.clone());
		headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
		let caching = if file.is_immutable { IMMUTABLE } else { ASK_AGAIN };
		headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
		if has(asked, &sent.etag) {
			*response.status_mut() = StatusCode::NOT_MODIFIED;
			return Some(response);
		}
		headers.insert(CONTENT_TYPE, file.media_type.clone());
		headers.insert(CONTENT_LENGTH, HeaderValue::from(sent.bytes.len()));
		if let Some(encoding) = encoding {
			headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
		}
		if *method == Method::GET {
			*response.body_mut() = sent.bytes.clone();
		}
		Some(response)
	}

	/// The smallest form of a file that the client takes, and its encoding.
	fn encoded<'a>(
		&'a self,
		name: &str,
		file: &'a File,
		asked: &HeaderMap,
	) -> (Option<&'static str>, &'a File) {
		for (encoding, ending) in ENCODINGS {
			if let Some(compressed) =
				self.compressed(name, ending).filter(|_| takes(asked, encoding))
			{
				return (Some(encoding), compressed);
			}
		}
		(None, file)
	}
}

/// Whether the client takes an encoding (RFC 9110, §12.5.3).
fn takes(asked: &HeaderMap, encoding: &str) -> bool {
	let values = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
	values.flat_map(|value| value.split(',')).any(|one| {
		let mut parts = one.split(';').map(str::trim);
		let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
		let is_refused = parts.any(|part| {
			let weight = part.strip_prefix("q=").or(part.strip_prefix("Q="));
			weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
		});
		is_it && !is_refused
	})
}

/// Whether the client has this very file (RFC 9110, §13.1.2).
fn has(asked: &HeaderMap, etag: &HeaderValue) -> bool {
	let values = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
	values.flat_map(|value| value.split(',')).map(str::trim).any(|one| {
		one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == etag.as_bytes()
	})
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::files::tests::folder;

	fn portal() -> Portal {
		let folder = folder(&[
			("index.html", b"<!doctype html>"),
			("app-ABCDEFG2.js", b"let long = 1"),
			("app-ABCDEFG2.js.br", b"br"),
			("app-ABCDEFG2.js.gz", b"gzip"),
			("core.wasm", b"\0asm"),
			("preview/frame.html", b"<!doctype html>"),
		]);
		Portal::open(folder.path()).unwrap()
	}

	fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> Option<Response<Bytes>> {
		let mut asked = HeaderMap::new();
		for (name, value) in headers {
			let name = http::HeaderName::try_from(*name).unwrap();
			asked.append(name, HeaderValue::try_from(*value).unwrap());
		}
		portal().answer(&method, path, &asked, &Policy::new(&[], false))
	}

	#[test]
	fn listed_files_are_served_and_nothing_else() {
		let page = ask(Method::GET, "/", &[]).unwrap();
		assert_eq!((page.status(), &page.body()[..]), (StatusCode::OK, &b"<!doctype html>"[..]));
		assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
		assert_eq!(page.headers()[CACHE_CONTROL], "no-cache");
		let wasm = ask(Method::GET, "/core.wasm", &[]).unwrap();
		assert_eq!(wasm.headers()[CONTENT_TYPE], "application/wasm");
		for path in [
			"/..",
			"/../etc/passwd",
			"/%2e%2e/etc/passwd",
			"/preview",
			"/preview/",
			"//index.html",
			"/./index.html",
			"/index.html/",
			"/Index.html",
			"/index.html%00",
			"",
		] {
			assert!(ask(Method::GET, path, &[]).is_none(), "{path}");
		}
		for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE] {
			assert!(ask(method, "/", &[]).is_none());
		}
	}

	#[test]
	fn head_has_the_headers_and_no_body() {
		let [get, head] =
			[Method::GET, Method::HEAD].map(|method| ask(method, "/core.wasm", &[]).unwrap());
		assert_eq!(get.headers(), head.headers());
		assert_eq!(get.headers()[CONTENT_LENGTH], "4");
		assert!(head.body().is_empty());
	}

	#[test]
	fn file_that_the_client_has_is_not_sent_again() {
		let first = ask(Method::GET, "/", &[]).unwrap();
		let etag = first.headers()[ETAG].to_str().unwrap();
		for known in [etag, "*", &format!("W/{etag}"), &format!("\"x\", {etag}")] {
			let again = ask(Method::GET, "/", &[("if-none-match", known)]).unwrap();
			assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
			assert!(again.body().is_empty());
			assert!(again.headers().contains_key("content-security-policy"));
		}
		let other = ask(Method::GET, "/", &[("if-none-match", "\"x\"")]).unwrap();
		assert_eq!(other.status(), StatusCode::OK);
	}

	#[test]
	fn name_with_a_digest_is_kept_for_good() {
		let app = ask(Method::GET, "/app-ABCDEFG2.js", &[]).unwrap();
		assert_eq!(app.headers()[CACHE_CONTROL], IMMUTABLE);
	}

	#[test]
	fn compressed_form_is_sent_to_clients_that_take_it() {
		for (accepts, encoding, body) in [
			("gzip, deflate, br", Some("br"), &b"br"[..]),
			("gzip", Some("gzip"), b"gzip"),
			("br;q=0, GZIP;q=0.5", Some("gzip"), b"gzip"),
			("identity", None, b"let long = 1"),
		] {
			let headers = [("accept-encoding", accepts)];
			let app = ask(Method::GET, "/app-ABCDEFG2.js", &headers).unwrap();
			let found = app.headers().get(CONTENT_ENCODING).map(|one| one.to_str().unwrap());
			assert_eq!((found, &app.body()[..]), (encoding, body), "{accepts}");
			assert_eq!(app.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8");
			assert_eq!(app.headers()[VARY], "accept-encoding");
		}
		let page = ask(Method::GET, "/", &[("accept-encoding", "br")]).unwrap();
		assert!(!page.headers().contains_key(CONTENT_ENCODING));
	}
}
