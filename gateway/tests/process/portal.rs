//! The portal's pages, and pages of other origins.

use super::*;
use crate::common::portal::folder;
use reqwest::{RequestBuilder, header::HeaderMap};
use std::fs;

async fn sent(request: RequestBuilder) -> (u16, HeaderMap, String) {
	let answer = request.send().await.unwrap();
	let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
	(status, headers, answer.text().await.unwrap())
}

#[tokio::test]
async fn portal_is_served_beside_the_vault_with_strict_headers() {
	let portal = folder(&[
		("index.html", "<!doctype html>"),
		("core.wasm", "wasm"),
		("preview/frame.html", "<!doctype html>"),
	]);
	let data = tempfile::tempdir().unwrap();
	// No node says whether the hospitals list it.
	let options = ["--portal", portal.path().to_str().unwrap(), "--portal-unlisted"];
	let gateway = bound(data.path(), &options);
	let http = Client::new();
	let (status, headers, body) = sent(http.get(gateway.url("/"))).await;
	assert_eq!((status, body.as_str()), (200, "<!doctype html>"));
	assert_eq!(headers["content-type"], "text/html; charset=utf-8");
	assert_eq!(headers["cache-control"], "no-cache");
	assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
	let policy = headers["content-security-policy"].to_str().unwrap();
	let own = format!("connect-src 'self' https://{DOMAIN} wss://{DOMAIN};");
	assert!(policy.starts_with("default-src 'none'") && policy.contains(&own), "{policy}");
	assert!(!headers.contains_key("strict-transport-security"), "there is no TLS here");
	assert!(headers.contains_key("x-request-id"));

	let etag = headers["etag"].clone();
	let again = http.get(gateway.url("/index.html")).header("if-none-match", etag);
	assert_eq!(sent(again).await.0, 304);
	let (status, headers, _) = sent(http.head(gateway.url("/core.wasm"))).await;
	assert_eq!((status, &headers["content-type"]), (200, &"application/wasm".parse().unwrap()));
	let (_, headers, _) = sent(http.get(gateway.url("/preview/frame.html"))).await;
	assert_eq!(headers["access-control-allow-origin"], "*");
	let (status, headers, body) = sent(http.get(gateway.url("/manifest.json"))).await;
	assert!(status == 200 && body.contains("core.wasm"), "{body}");
	assert!(!headers.contains_key("access-control-allow-origin"));

	let (status, headers, _) = sent(http.get(gateway.url("/health"))).await;
	assert_eq!(status, 503, "the vault's own paths come first");
	assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
	assert_eq!(headers["cache-control"], "no-store");
	for path in ["/other", "/v1", "/preview/", "/../../etc/passwd", "/..%2f..%2fetc/passwd"] {
		let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
		let answer = gateway.raw(request.as_bytes());
		assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
	}
	assert_eq!(sent(http.post(gateway.url("/"))).await.0, 404);
}

#[tokio::test]
async fn portal_is_not_served_before_a_node_says_whether_it_is_listed() {
	let portal = folder(&[("index.html", "<!doctype html>")]);
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--portal", portal.path().to_str().unwrap()]);
	for path in ["/", "/index.html", "/manifest.json"] {
		let (status, body) = get(&gateway, path).await;
		assert_eq!((status.as_u16(), &body["error"]), (503, &json!("node-unreachable")), "{path}");
	}
	let metrics = gateway.metrics().await;
	assert!(metrics.contains("medblock_gateway_portals_checked_timestamp_seconds 0"), "{metrics}");
}

#[tokio::test]
async fn portal_that_does_not_fit_its_manifest_is_not_served() {
	let portal = folder(&[("index.html", "<!doctype html>")]);
	fs::write(portal.path().join("index.html"), "<!doctype html><script>").unwrap();
	let data = tempfile::tempdir().unwrap();
	let mut command = command(data.path());
	command.args(NO_NODE).args(["--listen", "127.0.0.1:0", "--portal"]).arg(portal.path());
	let ended = command.output().unwrap();
	assert_eq!(ended.status.code(), Some(1));
	let said = String::from_utf8(ended.stderr).unwrap();
	assert!(said.contains("--portal can't be served: index.html has the digest"), "{said}");
}

#[tokio::test]
async fn pages_of_hospitals_and_of_this_machine_may_ask_the_vault() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let http = Client::new();
	let own = format!("https://{DOMAIN}");
	let ask = |origin: &str| http.get(gateway.url("/health")).header("origin", origin);
	let preflight = |origin: &str| {
		http.request(Method::OPTIONS, gateway.url("/v1/patients/1/records/0"))
			.header("origin", origin)
			.header("access-control-request-method", "GET")
			.header("access-control-request-headers", "authorization")
	};
	for origin in [own.as_str(), "http://localhost:8450", "http://127.0.0.1:3000"] {
		let (_, headers, _) = sent(ask(origin)).await;
		assert_eq!(headers["access-control-allow-origin"], origin);
		let exposed = headers["access-control-expose-headers"].to_str().unwrap();
		assert!(exposed.contains("upload-offset"), "{exposed}");
		let (status, headers, body) = sent(preflight(origin)).await;
		assert_eq!((status, body.as_str()), (204, ""));
		assert_eq!(headers["access-control-allow-origin"], origin);
		assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
		assert!(!headers.contains_key("access-control-allow-credentials"));
		assert_eq!(headers["vary"], "origin");
	}
	for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
		let (_, headers, _) = sent(ask(origin)).await;
		assert!(!headers.contains_key("access-control-allow-origin"), "{origin}");
		assert_eq!(headers["vary"], "origin");
		let (status, headers, body) = sent(preflight(origin)).await;
		assert!(status == 403 && body.contains("other-origin"), "{origin}: {status} {body}");
		assert!(!headers.contains_key("access-control-allow-origin"));
	}
}
