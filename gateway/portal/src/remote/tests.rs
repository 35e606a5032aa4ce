//! Portals of a server that may change what it sends.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Policy, Portal, files::tests::folder};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use bytes::Bytes;
use std::{
	collections::HashMap,
	io::{Read, Write},
	net::{TcpListener, TcpStream},
	sync::{Arc, Mutex},
	thread,
};

const PAGE: &[u8] = br#"<!doctype html><script src="/app.js"></script>"#;

/// A request.
#[derive(Clone)]
struct Asked {
	path: String,
	headers: HeaderMap,
}

impl Asked {
	fn header(&self, name: &str) -> &str {
		self.headers.get(name).map_or("", |value| value.to_str().unwrap())
	}

	fn is(&self, path: &str) -> bool {
		self.path == path
	}
}

/// What is served in place of the portal's own answer.
type Change = dyn Fn(&Asked, Response<Bytes>) -> Response<Bytes> + Send + Sync;

/// A portal that a server serves, but for what `change` says.
fn serving(
	change: impl Fn(&Asked, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> (Address, Digest) {
	let folder = folder(&[
		("index.html", PAGE),
		("index.html.br", b"page in br"),
		("app.js", b"let a = 1"),
		("app.js.gz", b"app in gzip"),
		("preview/frame.html", b"<!doctype html>"),
	]);
	let portal = Portal::open(folder.path()).unwrap();
	let digest = portal.digest();
	let listener = TcpListener::bind("127.0.0.1:0").unwrap();
	let address = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
	let served: Arc<(Portal, Box<Change>)> = Arc::new((portal, Box::new(change)));
	thread::spawn(move || {
		for connection in listener.incoming() {
			let served = served.clone();
			thread::spawn(move || answer(connection.unwrap(), &served));
		}
	});
	(address, digest)
}

/// Answers one request.
fn answer(mut connection: TcpStream, (portal, change): &(Portal, Box<Change>)) {
	let mut head = Vec::new();
	let mut byte = [0];
	while !head.ends_with(b"\r\n\r\n") {
		if connection.read(&mut byte).unwrap() == 0 {
			return;
		}
		head.push(byte[0]);
	}
	let head = String::from_utf8(head).unwrap();
	let path = head.split(' ').nth(1).unwrap().to_owned();
	let mut headers = HeaderMap::new();
	for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
		let name = HeaderName::try_from(name).unwrap();
		headers.append(name, HeaderValue::try_from(value).unwrap());
	}
	let asked = Asked { path, headers };
	let policy = Policy::new(&[], false);
	let own = portal.answer(&Method::GET, &asked.path, &asked.headers, &policy);
	let answer = change(&asked, own.unwrap_or_else(|| status(404)));
	let mut text = format!(
		"HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n",
		answer.status(),
		answer.body().len()
	);
	for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "content-length") {
		text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
	}
	// The client may have left.
	let _ = connection.write_all(format!("{text}\r\n").as_bytes());
	let _ = connection.write_all(answer.body());
}

fn status(code: u16) -> Response<Bytes> {
	Response::builder().status(code).body(Bytes::new()).unwrap()
}

/// The answer with another body.
fn with(mut answer: Response<Bytes>, bytes: &'static [u8]) -> Response<Bytes> {
	*answer.body_mut() = Bytes::from_static(bytes);
	answer
}

/// The answer with another header.
fn under(mut answer: Response<Bytes>, name: &'static str, value: &'static str) -> Response<Bytes> {
	answer.headers_mut().insert(name, HeaderValue::from_static(value));
	answer
}

/// A client that does not wait as long as a real one.
fn hasty() -> Remote {
	let pauses = [Duration::from_millis(10); 3];
	let [first, file] = [Duration::from_secs(2); 2];
	let patience = Patience { pauses, first, file, rest: Duration::from_secs(8) };
	Remote { patience, ..Remote::new().unwrap() }
}

async fn fault(
	change: impl Fn(&Asked, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> Fault {
	let (gateway, _) = serving(change);
	hasty().check(&gateway, None).await.err().unwrap()
}

#[tokio::test]
async fn unchanged_portal_is_right() {
	let (gateway, digest) = serving(|_, answer| answer);
	let served = Remote::new().unwrap().check(&gateway, Some(&[])).await.unwrap();
	assert_eq!((served.digest, served.manifest.files.len()), (digest, 5));
}

#[tokio::test]
async fn change_of_any_form_of_any_file_is_found() {
	for (path, encoding, name) in [
		("/app.js", "", "app.js"),
		("/app.js", "gzip", "app.js, compressed as gzip,"),
		("/", "br", "its first page, compressed as br,"),
		("/", "", "its first page"),
		("/index.html", "", "index.html"),
		("/preview/frame.html", "", "preview/frame.html"),
	] {
		let fault = fault(move |asked, answer| {
			let found = answer.headers().get(CONTENT_ENCODING);
			let found = found.map_or("", |found| found.to_str().unwrap());
			match (asked.path.as_str(), found) == (path, encoding) {
				true => with(answer, b"changed"),
				false => answer,
			}
		});
		let fault = fault.await;
		assert!(fault.is_change());
		let expected = format!("serves {name} with the digest {}", Digest::of(b"changed"));
		assert!(fault.to_string().starts_with(&expected), "{fault}");
	}
}

#[tokio::test]
async fn file_in_an_unlisted_encoding_is_a_change() {
	for encoding in ["zstd", "deflate", "br, gzip"] {
		let found = fault(move |asked, answer| match asked.is("/app.js") {
			true => under(answer, "content-encoding", encoding),
			false => answer,
		});
		assert!(matches!(found.await, Fault::Encoding { .. }), "{encoding}");
	}
}

#[tokio::test]
async fn proxy_may_pass_on_plain_files_alone() {
	let (gateway, _) = serving(|asked, mut answer| match asked.path.as_str() {
		"/" | "/index.html" => {
			answer.headers_mut().remove(CONTENT_ENCODING);
			under(with(answer, PAGE), "via", "1.1 proxy")
		},
		_ => answer,
	});
	Remote::new().unwrap().check(&gateway, None).await.unwrap();
}

#[tokio::test]
async fn other_headers_than_a_gateways_are_a_change() {
	for (path, name, value) in [
		("/", "refresh", "0;url=/x.html"),
		("/app.js", "link", "</x.js>; rel=preload"),
		("/manifest.json", "set-cookie", "check=1"),
		("/index.html", "content-security-policy", "default-src *"),
		("/preview/frame.html", "content-type", "text/plain"),
	] {
		let found = fault(move |asked, answer| match asked.is(path) {
			true => under(answer, name, value),
			false => answer,
		});
		let found = found.await;
		assert!(matches!(found, Fault::Headers { .. }) && found.is_change(), "{path}: {found}");
		assert!(found.to_string().contains(name), "{found}");
	}
	let dropped = fault(|_, mut answer| {
		answer.headers_mut().remove("content-security-policy");
		answer
	});
	let dropped = dropped.await.to_string();
	assert!(dropped.ends_with("without the header content-security-policy"), "{dropped}");
}

#[tokio::test]
async fn requests_are_those_of_a_browser() {
	let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
	let noted = asked.clone();
	let (gateway, _) = serving(move |asked, answer| {
		noted.lock().unwrap().push(asked.clone());
		answer
	});
	Remote::new().unwrap().check(&gateway, None).await.unwrap();
	let asked = asked.lock().unwrap();
	let paths: Vec<_> = asked.iter().map(|one| one.path.as_str()).collect();
	// The page is compressed, so that it names nothing.
	assert_eq!(paths[..2], ["/", "/manifest.json"], "{paths:?}");
	let visit: Vec<_> = asked
		.iter()
		.filter(|one| one.header("accept-encoding") == "gzip, deflate, br, zstd")
		.collect();
	for (path, accept, destination, mode) in [
		("/", "text/html", "document", "navigate"),
		("/index.html", "text/html", "document", "navigate"),
		("/preview/frame.html", "text/html", "iframe", "navigate"),
		("/app.js", "*/*", "script", "cors"),
		("/manifest.json", "*/*", "empty", "cors"),
		("/app.js.gz", "*/*", "empty", "cors"),
		("/index.html.br", "*/*", "empty", "cors"),
	] {
		let one = visit.iter().find(|one| one.is(path)).unwrap();
		assert!(one.header("accept").starts_with(accept), "{path}");
		assert_eq!(one.header("sec-fetch-dest"), destination, "{path}");
		assert_eq!(one.header("sec-fetch-mode"), mode, "{path}");
		assert!(one.header("accept-language").starts_with("en"), "{path}");
		assert!(one.header("user-agent").contains("Firefox"), "{path}");
	}
}

#[tokio::test]
async fn what_the_page_names_is_asked_for_before_the_manifest() {
	let asked: Arc<Mutex<Vec<String>>> = Arc::default();
	let noted = asked.clone();
	let (gateway, _) = serving(move |asked, mut answer| {
		noted.lock().unwrap().push(asked.path.clone());
		if asked.is("/") {
			answer.headers_mut().remove(CONTENT_ENCODING);
			return with(answer, PAGE);
		}
		answer
	});
	Remote::new().unwrap().check(&gateway, None).await.unwrap();
	assert_eq!(asked.lock().unwrap()[..3], ["/", "/app.js", "/manifest.json"]);
}

#[tokio::test]
async fn file_that_is_not_served_is_a_change() {
	let missing = fault(|asked, answer| match asked.is("/app.js") {
		true => status(404),
		false => answer,
	});
	let missing = missing.await;
	assert!(missing.is_change(), "{missing}");
	assert!(missing.to_string().starts_with("does not serve app.js"), "{missing}");
	let first = fault(|asked, answer| if asked.is("/") { status(404) } else { answer }).await;
	assert!(first.to_string().starts_with("does not serve its first page"), "{first}");
	let elsewhere = fault(|asked, answer| match asked.is("/") {
		true => under(status(302), "location", "http://127.0.0.1:1/"),
		false => answer,
	});
	let elsewhere = elsewhere.await;
	assert!(elsewhere.is_change(), "{elsewhere}");
	assert!(elsewhere.to_string().contains("it answered 302"), "{elsewhere}");
}

#[tokio::test]
async fn pages_without_a_manifest_are_a_change() {
	for code in [404, 410, 403, 302] {
		let found = fault(move |asked, answer| match asked.path.as_str() {
			"/manifest.json" => status(code),
			"/" => with(answer, b"changed"),
			_ => answer,
		});
		let found = found.await;
		assert!(matches!(found, Fault::NoManifest { .. }) && found.is_change(), "{code}: {found}");
	}
	for path in ["/", "/index.html"] {
		for code in [200, 302] {
			let found = fault(move |asked, _| status(if asked.is(path) { code } else { 404 }));
			let found = found.await;
			assert!(found.is_change(), "{path} {code}: {found}");
		}
	}
}

#[tokio::test]
async fn hiding_after_a_change_was_seen_does_not_undo_it() {
	for code in [404, 503] {
		let asked = Mutex::new(0);
		let found = fault(move |one, answer| {
			let mut visits = asked.lock().unwrap();
			*visits += usize::from(one.is("/") && one.header("accept-encoding").contains("zstd"));
			match one.is("/") {
				_ if *visits > 1 => status(code),
				true => with(answer, b"changed"),
				false => answer,
			}
		});
		let found = found.await;
		assert!(matches!(found, Fault::Differs { .. }), "{code}: {found}");
	}
}

#[tokio::test]
async fn gateway_without_a_portal_or_in_trouble_has_changed_nothing() {
	let none = fault(|_, _| status(404)).await;
	assert!(matches!(none, Fault::NoPortal) && !none.is_change(), "{none}");
	for code in [403, 429, 500, 503] {
		let trouble = fault(move |_, _| status(code)).await;
		assert!(matches!(trouble, Fault::Unreachable { .. }) && !trouble.is_change(), "{trouble}");
	}
	let closed = "http://127.0.0.1:1/".parse().unwrap();
	let gone = Remote::new().unwrap().check(&closed, None).await.unwrap_err();
	assert!(matches!(gone, Fault::Unreachable { .. }), "{gone}");
}

#[tokio::test]
async fn file_that_is_held_back_is_no_gateway_in_trouble() {
	for (path, name) in [
		("/app.js", "app.js"),
		("/index.html", "index.html"),
		("/preview/frame.html", "preview/frame.html"),
		("/manifest.json", "manifest.json"),
	] {
		for code in [408, 429, 500, 503] {
			let held = fault(move |asked, answer| match asked.is(path) {
				true => status(code),
				false => answer,
			});
			let held = held.await;
			assert!(matches!(held, Fault::HeldBack { .. }) && held.is_change(), "{path}: {held}");
			let text = held.to_string();
			assert!(text.contains(name) && text.contains(&code.to_string()), "{held}");
		}
	}
}

#[tokio::test]
async fn file_that_never_comes_is_held_back() {
	let held = fault(|asked, answer| {
		if asked.is("/app.js") {
			thread::sleep(Duration::from_secs(4));
		}
		answer
	});
	let held = held.await;
	assert!(matches!(held, Fault::HeldBack { .. }), "{held}");
	assert!(held.to_string().contains("app.js: it came too slowly"), "{held}");
	let away = fault(|_, answer| {
		thread::sleep(Duration::from_secs(4));
		answer
	});
	let away = away.await;
	assert!(matches!(away, Fault::Unreachable { .. }), "nothing was served: {away}");
}

#[tokio::test]
async fn gateway_that_recovers_has_held_back_nothing() {
	let failures = Mutex::new(HashMap::new());
	let (gateway, digest) = serving(move |asked, answer| {
		let mut failures = failures.lock().unwrap();
		let failed = failures.entry(asked.path.clone()).or_insert(0);
		*failed += 1;
		match *failed <= 2 && asked.path != "/" {
			true => status(503),
			false => answer,
		}
	});
	assert_eq!(hasty().check(&gateway, None).await.unwrap().digest, digest);
}

#[tokio::test]
async fn manifest_of_another_form_is_a_change() {
	for text in [&b""[..], b"{", b"[]", br#"{"files":{}}"#, br#"{"files":{"../a":"x"}}"#] {
		let found = fault(move |asked, answer| match asked.is("/manifest.json") {
			true => with(answer, text),
			false => answer,
		});
		let found = found.await;
		assert!(found.is_change(), "{found}");
	}
	let endless = Bytes::from(vec![b' '; MAX_MANIFEST + 1]);
	let found = fault(move |asked, answer| match asked.is("/manifest.json") {
		true => Response::new(endless.clone()),
		false => answer,
	});
	assert!(matches!(found.await, Fault::TooLarge { .. }));
}

#[test]
fn first_page_and_compressed_forms_are_asked_for_too() {
	let names = ["a.js", "a.js.br", "a.js.gz", "b.js", "b.js.gz", "index.html", "index.html.br"];
	let files = names.map(|name| (name.to_owned(), Digest::of(name.as_bytes())));
	let manifest = Manifest { files: files.into() };
	let forms = browser::other_forms(&manifest, &BTreeSet::new());
	let expected = [
		("a.js", "gzip, deflate"),
		("a.js", "identity"),
		("b.js", "identity"),
		("", "identity"),
		("index.html", "identity"),
	];
	assert_eq!(forms, expected);
	let plain = BTreeSet::from(["a.js".to_owned(), "b.js".to_owned(), String::new()]);
	assert_eq!(browser::other_forms(&manifest, &plain), [("index.html", "identity")]);
}
