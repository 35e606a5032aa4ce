//! Portals of a server that may change what it sends.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Policy, Portal, files::tests::folder};
use ::http::{HeaderMap, HeaderValue, Method, Response};
use bytes::Bytes;
use std::{
	io::{Read, Write},
	net::{TcpListener, TcpStream},
	sync::Arc,
	thread,
};

/// What is served in place of the portal's own answer: by path and the encoding that is asked for.
type Change = dyn Fn(&str, &str) -> Option<Response<Bytes>> + Send + Sync;

/// A portal that a server serves, but for what `change` says.
fn serving(
	change: impl Fn(&str, &str) -> Option<Response<Bytes>> + Send + Sync + 'static,
) -> (Address, Digest) {
	let folder = folder(&[
		("index.html", b"<!doctype html>"),
		("index.html.br", b"page in br"),
		("app.js", b"let a = 1"),
		("app.js.gz", b"app in gzip"),
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
	let path = head.split(' ').nth(1).unwrap();
	let encoding = head.lines().find_map(|line| line.strip_prefix("accept-encoding: ")).unwrap();
	let mut asked = HeaderMap::new();
	asked.insert(ACCEPT_ENCODING, HeaderValue::try_from(encoding).unwrap());
	let of_portal = || portal.answer(&Method::GET, path, &asked, &Policy::new(&[], false));
	let answer = change(path, encoding).or_else(of_portal).unwrap_or_else(|| status(404));
	let mut text = format!(
		"HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n",
		answer.status(),
		answer.body().len()
	);
	for name in ["content-encoding", "location"] {
		if let Some(value) = answer.headers().get(name) {
			text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
		}
	}
	// The client may have left.
	let _ = connection.write_all(format!("{text}\r\n").as_bytes());
	let _ = connection.write_all(answer.body());
}

fn status(code: u16) -> Response<Bytes> {
	Response::builder().status(code).body(Bytes::new()).unwrap()
}

fn bytes(bytes: &'static [u8]) -> Response<Bytes> {
	Response::new(Bytes::from_static(bytes))
}

async fn fault(
	change: impl Fn(&str, &str) -> Option<Response<Bytes>> + Send + Sync + 'static,
) -> Fault {
	let (gateway, _) = serving(change);
	Remote::new().unwrap().check(&gateway).await.unwrap_err()
}

#[tokio::test]
async fn unchanged_portal_is_right() {
	let (gateway, digest) = serving(|_, _| None);
	let served = Remote::new().unwrap().check(&gateway).await.unwrap();
	assert_eq!((served.digest, served.manifest.files.len()), (digest, 4));
}

#[tokio::test]
async fn change_of_any_form_of_any_file_is_found() {
	for (path, encoding, name) in [
		("/app.js", "identity", "app.js"),
		("/app.js", "gzip", "app.js, compressed as gzip,"),
		("/", "br", "its first page, compressed as br,"),
		("/index.html", "identity", "index.html"),
	] {
		let fault = fault(move |asked, takes| {
			((asked, takes) == (path, encoding)).then(|| bytes(b"changed"))
		});
		let fault = fault.await;
		assert!(fault.is_change());
		let expected = format!("serves {name} with the digest {}", Digest::of(b"changed"));
		assert!(fault.to_string().starts_with(&expected), "{fault}");
	}
}

#[tokio::test]
async fn proxy_may_pass_on_plain_files_alone() {
	let (gateway, _) = serving(|path, encoding| match (path, encoding) {
		("/" | "/index.html", "br") => Some(bytes(b"<!doctype html>")),
		_ => None,
	});
	Remote::new().unwrap().check(&gateway).await.unwrap();
}

#[tokio::test]
async fn file_that_is_not_served_is_a_change() {
	let missing = fault(|path, _| (path == "/app.js").then(|| status(404))).await;
	assert!(missing.is_change(), "{missing}");
	assert!(missing.to_string().starts_with("does not serve app.js"), "{missing}");
	let elsewhere = |path: &str, _: &str| {
		let moved = Response::builder().status(302).header("location", "http://127.0.0.1:1/");
		(path == "/").then(|| moved.body(Bytes::new()).unwrap())
	};
	let elsewhere = fault(elsewhere).await;
	assert!(elsewhere.is_change(), "{elsewhere}");
	assert!(elsewhere.to_string().contains("it answered 302"), "{elsewhere}");
}

#[tokio::test]
async fn gateway_without_a_portal_or_in_trouble_has_changed_nothing() {
	let none = fault(|_, _| Some(status(404))).await;
	assert!(matches!(none, Fault::NoPortal) && !none.is_change(), "{none}");
	for code in [302, 429, 500, 503] {
		let trouble = fault(move |_, _| Some(status(code))).await;
		assert!(matches!(trouble, Fault::Unreachable { .. }) && !trouble.is_change(), "{trouble}");
	}
	let closed = "http://127.0.0.1:1/".parse().unwrap();
	let gone = Remote::new().unwrap().check(&closed).await.unwrap_err();
	assert!(matches!(gone, Fault::Unreachable { .. }), "{gone}");
}

#[tokio::test]
async fn manifest_of_another_form_is_a_change() {
	for text in [&b""[..], b"{", b"[]", br#"{"files":{}}"#, br#"{"files":{"../a":"x"}}"#] {
		let found = fault(move |path, _| (path == "/manifest.json").then(|| bytes(text))).await;
		assert!(found.is_change(), "{found}");
	}
	let endless = vec![b' '; MAX_MANIFEST + 1];
	let found = fault(move |path, _| {
		(path == "/manifest.json").then(|| Response::new(endless.clone().into()))
	});
	assert!(matches!(found.await, Fault::TooLarge { .. }));
}

#[test]
fn first_page_and_compressed_forms_are_compared_too() {
	let digest = |text: &str| Digest::of(text.as_bytes());
	let names = ["a.js", "a.js.br", "a.js.gz", "index.html", "index.html.br"];
	let files = names.map(|name| (name.to_owned(), digest(name)));
	let manifest = Manifest { files: files.into() };
	let forms = forms(&manifest);
	for (name, encoding, file, plain) in [
		("a.js", None, "a.js", "a.js"),
		("a.js", Some("br"), "a.js.br", "a.js"),
		("a.js", Some("gzip"), "a.js.gz", "a.js"),
		("a.js.br", None, "a.js.br", "a.js.br"),
		("", None, "index.html", "index.html"),
		("", Some("br"), "index.html.br", "index.html"),
		("index.html", Some("br"), "index.html.br", "index.html"),
	] {
		let expected = Form { name, encoding, digest: digest(file), plain: digest(plain) };
		assert!(forms.contains(&expected), "{expected:?}");
	}
	assert_eq!(forms.len(), 10);
}
