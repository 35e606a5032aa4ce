//! The gateway's process, while no node answers: what it refuses, and how it starts and ends.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Gateway, command, raw};
use medblock_client::{chain::AccountId, medblock_crypto::Challenge};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::{
	io::{BufRead, BufReader, ErrorKind, Read, Write},
	net::{TcpListener, TcpStream},
	path::Path,
	process::Command,
	time::{Duration, Instant},
};
use subxt_signer::sr25519::dev;

/// Nobody listens there.
const NO_NODE: [&str; 2] = ["--node", "ws://127.0.0.1:1"];
const DOMAIN: &str = "gateway.example";
const GENESIS: [u8; 32] = [3; 32];

/// A gateway that knows its chain and its address from before, and has lost its node.
fn bound(data: &Path, more: &[&str]) -> Gateway {
	let genesis = format!("0x{}", hex::encode(GENESIS));
	let binding = json!({ "genesis": genesis, "hospital": 0 });
	std::fs::write(data.join("vault.json"), binding.to_string()).unwrap();
	let url = format!("https://{DOMAIN}");
	let arguments = [&NO_NODE, ["--url", &url].as_slice(), more].concat();
	Gateway::start(data, &arguments)
}

fn alice() -> String {
	AccountId::from(dev::alice().public_key().0).to_string()
}

async fn json_of(answer: reqwest::Response) -> (StatusCode, Value) {
	let status = answer.status();
	(status, answer.json().await.unwrap())
}

async fn get(gateway: &Gateway, path: &str) -> (StatusCode, Value) {
	json_of(reqwest::get(gateway.url(path)).await.unwrap()).await
}

async fn challenge(gateway: &Gateway) -> Challenge {
	let account = alice();
	let (status, parts) = get(gateway, &format!("/v1/challenge?account={account}")).await;
	assert_eq!(status, 200, "{parts}");
	let mut genesis = [0; 32];
	hex::decode_to_slice(&parts["genesis"].as_str().unwrap()[2..], &mut genesis).unwrap();
	Challenge {
		domain: parts["domain"].as_str().unwrap().into(),
		account: parts["account"].as_str().unwrap().into(),
		genesis,
		nonce: parts["nonce"].as_str().unwrap().into(),
		issued: parts["issued"].as_u64().unwrap(),
		expires: parts["expires"].as_u64().unwrap(),
	}
}

async fn sign_in(gateway: &Gateway, text: &str, signed: &[u8]) -> (StatusCode, Value) {
	let signature = format!("0x{}", hex::encode(dev::alice().sign(signed).0));
	let body = json!({ "challenge": text, "signature": signature });
	let answer = Client::new().post(gateway.url("/v1/session")).json(&body).send();
	json_of(answer.await.unwrap()).await
}

#[tokio::test]
async fn without_its_node_nobody_gets_anything_and_everybody_is_told_why() {
	let data = tempfile::tempdir().unwrap();
	let gateway = Gateway::start(data.path(), &NO_NODE);
	let (status, health) = get(&gateway, "/health").await;
	assert_eq!((status.as_u16(), &health["status"]), (503, &json!("degraded")));
	assert_eq!(health["reason"], "node-unreachable");
	let account = alice();
	let (status, body) = get(&gateway, &format!("/v1/challenge?account={account}")).await;
	assert_eq!((status.as_u16(), &body["error"]), (503, &json!("node-unreachable")));

	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let challenge = challenge(&gateway).await;
	assert_eq!((challenge.domain.as_str(), challenge.genesis), (DOMAIN, GENESIS));
	let text = challenge.text();
	let (status, body) = sign_in(&gateway, &text, &Challenge::signed_bytes(&text)).await;
	assert_eq!((status.as_u16(), &body["error"]), (503, &json!("node-unreachable")));
}

#[tokio::test]
async fn a_sign_in_that_is_none_gives_no_token() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let asked = challenge(&gateway).await;
	let text = asked.text();
	let other_domain = Challenge { domain: "evil.example".into(), ..asked.clone() }.text();
	let other_chain = Challenge { genesis: [4; 32], ..asked.clone() }.text();
	let longer = Challenge { expires: asked.expires + 1, ..asked }.text();
	let wrapped = Challenge::signed_bytes;
	for (text, signed, error) in [
		(text.as_str(), text.clone().into_bytes(), "bad-signature"),
		(&text, b"\x04\x00\x00extrinsic".to_vec(), "bad-signature"),
		("\u{4}\0\0extrinsic", wrapped("\u{4}\0\0extrinsic"), "challenge-malformed"),
		("", wrapped(""), "challenge-malformed"),
		(&other_domain, wrapped(&other_domain), "challenge-other-domain"),
		(&other_chain, wrapped(&other_chain), "challenge-other-chain"),
		(&longer, wrapped(&longer), "challenge-not-issued-here"),
	] {
		let (status, body) = sign_in(&gateway, text, &signed).await;
		assert_eq!((status.as_u16(), &body["error"]), (401, &json!(error)), "{text}");
		assert!(body["token"].is_null());
	}
}

#[tokio::test]
async fn without_a_token_nothing_is_answered() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let upload = format!("/v1/patients/1/uploads/{}", "ab".repeat(32));
	for (method, path) in [
		(Method::GET, "/v1/patients/1/records/0"),
		(Method::GET, "/v1/patients/1/profile"),
		(Method::GET, "/v1/patients/1/disclosures"),
		(Method::PATCH, &upload),
		(Method::DELETE, &upload),
		(Method::DELETE, "/v1/session"),
	] {
		for token in [None, Some("0".repeat(64)), Some("x".into())] {
			let request = Client::new().request(method.clone(), gateway.url(path));
			let request = match &token {
				Some(token) => request.bearer_auth(token),
				None => request,
			};
			let answer = request.send().await.unwrap();
			assert_eq!(answer.headers()["www-authenticate"], "Bearer");
			let (status, body) = json_of(answer).await;
			assert_eq!((status.as_u16(), &body["error"]), (401, &json!("not-signed-in")), "{path}");
		}
	}
	for path in [upload.as_str(), "/v1/patients/1/records/0"] {
		let answer = Client::new().head(gateway.url(path)).send().await.unwrap();
		assert_eq!(answer.status(), 401);
	}
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_in_json() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let (status, body) = get(&gateway, "/v1/nothing").await;
	assert_eq!((status.as_u16(), &body["error"]), (404, &json!("not-found")));
	let answer = Client::new().post(gateway.url("/health")).send().await.unwrap();
	let headers = answer.headers().clone();
	let (status, body) = json_of(answer).await;
	assert_eq!((status.as_u16(), &body["error"]), (405, &json!("method-not-allowed")));
	assert_eq!(headers["cache-control"], "no-store");
	assert_eq!(headers["x-content-type-options"], "nosniff");
	for query in ["", "?account=", "?account=5Nobody", "?account=x&account=y", "?other=1"] {
		let (status, body) = get(&gateway, &format!("/v1/challenge{query}")).await;
		assert_eq!((status.as_u16(), &body["error"]), (400, &json!("bad-request")), "{query}");
	}
	let large = json!({ "challenge": "x".repeat(5_000), "signature": "0x" }).to_string();
	for body in [large.as_str(), "", "[]", "{\"challenge\": 1}", "{"] {
		let request = Client::new().post(gateway.url("/v1/session")).body(body.to_owned());
		let answer = request.header("content-type", "application/json").send().await.unwrap();
		let (status, said) = json_of(answer).await;
		assert_eq!((status.as_u16(), &said["error"]), (400, &json!("bad-request")), "{body}");
	}
}

#[tokio::test]
async fn header_bombs_are_refused() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let many = (0..100).map(|n| format!("x-{n}: y\r\n")).collect::<String>();
	let large = format!("x: {}\r\n", "y".repeat(17 * 1024));
	let huge = format!("x: {}\r\n", "y".repeat(1024 * 1024));
	for bomb in [many, large, huge] {
		let request =
			format!("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{bomb}\r\n");
		for address in [gateway.address, gateway.metrics] {
			let answer = raw(address, request.as_bytes());
			assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
		}
	}
	// A line that does not end.
	let answer = gateway.raw(&[b"GET /".as_slice(), &[b'x'; 1024 * 1024]].concat());
	assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
	let (status, _) = get(&gateway, "/health").await;
	assert_eq!(status, 503, "it goes on");
}

#[tokio::test]
async fn who_sends_no_headers_in_time_is_hung_up_on() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--header-timeout", "1"]);
	for (address, path) in [(gateway.address, "/v1/nothing"), (gateway.metrics, "/metrics")] {
		for begun in [String::new(), format!("GET {path} HT")] {
			let began = Instant::now();
			assert_eq!(raw(address, begun.as_bytes()), "");
			assert!(began.elapsed() < Duration::from_secs(10), "{begun:?}");
		}
		// Nor may a connection stay that has been of use before.
		let began = Instant::now();
		let answer = raw(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes());
		assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
		assert!(began.elapsed() < Duration::from_secs(10), "{path}");
	}
}

/// A sign-in's headers, without the body that they announce.
const BODY_TO_COME: &str = "POST /v1/session HTTP/1.1\r\nhost: x\r\n\
	content-type: application/json\r\ncontent-length: 4096\r\n\r\n";

#[tokio::test]
async fn who_announces_a_body_and_sends_none_is_told_so_and_hung_up_on() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--idle-timeout", "1"]);
	let in_chunks = BODY_TO_COME.replace("content-length: 4096", "transfer-encoding: chunked");
	for request in [BODY_TO_COME, &in_chunks] {
		let began = Instant::now();
		let answer = gateway.raw(request.as_bytes());
		assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
		assert!(answer.contains(r#""error":"body-timeout""#), "{answer}");
		assert!(began.elapsed() < Duration::from_secs(10));
	}
	let figures = gateway.figures().await;
	assert!(figures.contains(r#"medblock_gateway_refusals_total{reason="body-timeout"} 2"#));
}

#[tokio::test]
async fn a_body_that_trickles_gets_no_more_time_than_one_that_does_not_come() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--idle-timeout", "1"]);
	let mut stream = TcpStream::connect(gateway.address).unwrap();
	stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
	stream.write_all(BODY_TO_COME.as_bytes()).unwrap();
	let began = Instant::now();
	// Until it is answered, or hung up on.
	loop {
		let _ = stream.write_all(b" ");
		match stream.peek(&mut [0; 1]) {
			Err(why) if why.kind() == ErrorKind::WouldBlock => (),
			_ => break,
		}
		assert!(began.elapsed() < Duration::from_secs(10), "it goes on");
	}
}

#[tokio::test]
async fn who_wants_no_body_does_not_wait_for_one() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let upload = format!("PATCH /v1/patients/1/uploads/{}", "ab".repeat(32));
	for (request, status) in [
		("GET /health", 503),
		("GET /v1/nothing", 404),
		("DELETE /v1/session", 401),
		(&upload, 401),
	] {
		let began = Instant::now();
		let announced = "host: x\r\ncontent-length: 100\r\n\r\n";
		let answer = gateway.raw(format!("{request} HTTP/1.1\r\n{announced}").as_bytes());
		assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
		assert!(began.elapsed() < Duration::from_secs(10), "{request}: it is hung up on");
	}
}

#[tokio::test]
async fn connections_that_send_no_body_give_their_places_back() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "2", "--idle-timeout", "1"]);
	let silent = [(); 2].map(|()| {
		let mut stream = TcpStream::connect(gateway.address).unwrap();
		stream.write_all(BODY_TO_COME.as_bytes()).unwrap();
		stream
	});
	let answer = gateway.raw(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
	assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
	drop(silent);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "2"]);
	for (address, path, expected) in [
		(gateway.address, "/v1/nothing", "HTTP/1.1 404"),
		(gateway.metrics, "/metrics", "HTTP/1.1 200"),
	] {
		let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
		let open = |_| {
			let mut stream = TcpStream::connect(address).unwrap();
			stream.write_all(request.as_bytes()).unwrap();
			stream.read_exact(&mut [0; 12]).unwrap();
			stream
		};
		let busy: Vec<_> = (0..2).map(open).collect();
		let mut third = TcpStream::connect(address).unwrap();
		third.write_all(request.as_bytes()).unwrap();
		third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
		assert!(third.read_exact(&mut [0; 1]).is_err(), "it is not answered");
		drop(busy);
		third.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
		let mut status = [0; 12];
		third.read_exact(&mut status).unwrap();
		assert_eq!(status, expected.as_bytes());
	}
}

#[tokio::test]
async fn figures_are_at_an_address_of_their_own_and_nothing_else_is() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let (status, body) = get(&gateway, "/metrics").await;
	assert_eq!((status.as_u16(), &body["error"]), (404, &json!("not-found")));

	let base = format!("http://{}", gateway.metrics);
	let answer = reqwest::get(format!("{base}/metrics")).await.unwrap();
	assert_eq!(answer.status(), 200);
	assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4");
	assert_eq!(answer.headers()["cache-control"], "no-store");
	assert!(answer.text().await.unwrap().contains("medblock_gateway_requests_total"));
	let challenge = format!("/v1/challenge?account={}", alice());
	for (method, path, expected) in [
		(Method::GET, "/", (404, "not-found")),
		(Method::GET, "/health", (404, "not-found")),
		(Method::GET, &challenge, (404, "not-found")),
		(Method::POST, "/v1/session", (404, "not-found")),
		(Method::GET, "/v1/patients/1/records/0", (404, "not-found")),
		(Method::POST, "/metrics", (405, "method-not-allowed")),
	] {
		let answer = Client::new().request(method, format!("{base}{path}")).send().await;
		let (status, body) = json_of(answer.unwrap()).await;
		assert_eq!((status.as_u16(), &body["error"]), (expected.0, &json!(expected.1)), "{path}");
	}
}

#[tokio::test]
async fn a_vault_without_a_free_place_can_still_be_watched() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "1"]);
	let mut silent = TcpStream::connect(gateway.address).unwrap();
	silent.write_all(BODY_TO_COME.as_bytes()).unwrap();
	let began = Instant::now();
	assert!(gateway.figures().await.contains("medblock_gateway_serving 0"));
	assert!(began.elapsed() < Duration::from_secs(10), "it waits for the other's place");
}

#[tokio::test]
async fn an_address_that_is_taken_is_said_with_its_option() {
	let data = tempfile::tempdir().unwrap();
	let other = TcpListener::bind("127.0.0.1:0").unwrap();
	let taken = other.local_addr().unwrap().to_string();
	for [free, wanted] in [["--metrics-listen", "--listen"], ["--listen", "--metrics-listen"]] {
		let options = [free, "127.0.0.1:0", wanted, &taken];
		let output = command(data.path()).args(NO_NODE).args(options).output().unwrap();
		assert_eq!(output.status.code(), Some(1));
		let said = String::from_utf8_lossy(&output.stderr).into_owned();
		let expected = format!("error: {wanted}: {taken} can't be listened on: ");
		assert!(said.contains(&expected), "{said}");
	}
}

#[tokio::test]
async fn logs_and_figures_name_nobody() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let asked = challenge(&gateway).await;
	let text = asked.text();
	sign_in(&gateway, &text, &Challenge::signed_bytes(&text)).await;
	let token = "5ec2e7".repeat(10) + "abcd";
	let digest = "d19e57".repeat(10) + "abcd";
	let path = format!("/v1/patients/987654/uploads/{digest}");
	let request = Client::new().patch(gateway.url(&path)).bearer_auth(&token);
	request.body("some bytes").send().await.unwrap();
	let figures = gateway.figures().await;
	assert!(figures.contains("medblock_gateway_requests_total"));
	assert!(figures.contains(r#"medblock_gateway_refusals_total{reason="not-signed-in"} 1"#));
	assert!(figures.contains("medblock_gateway_serving 0"), "there is no node");
	gateway.wait_for_log("/v1/patients/{patient}/uploads/{digest}");
	let everything = gateway.log() + &figures;
	for secret in [&token, &digest, "987654", &asked.account, &asked.nonce] {
		assert!(!everything.contains(secret), "{secret} is in {everything}");
	}
}

#[tokio::test]
async fn a_signal_ends_it_once_running_requests_are_answered() {
	let data = tempfile::tempdir().unwrap();
	let mut gateway = bound(data.path(), &[]);
	let mut running = TcpStream::connect(gateway.address).unwrap();
	let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
		content-length: 2\r\nexpect: 100-continue\r\n\r\n";
	running.write_all(head.as_bytes()).unwrap();
	// It has begun to read the body when it says to go on.
	let mut go_on = [0; 25];
	running.read_exact(&mut go_on).unwrap();
	assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
	gateway.signal("TERM");
	gateway.wait_for_log("ending");
	running.write_all(b"[]").unwrap();
	let mut answer = String::new();
	running.read_to_string(&mut answer).unwrap();
	assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
	assert_eq!(gateway.wait(), Some(0));
	for address in [gateway.address, gateway.metrics] {
		assert!(TcpStream::connect(address).is_err());
	}
}

#[tokio::test]
async fn a_vault_without_a_certificate_is_not_ended_by_a_reload() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	gateway.signal("HUP");
	gateway.wait_for_log("no certificate to read again");
	assert_eq!(get(&gateway, "/v1/nothing").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_signal_ends_it_when_nobody_reads_its_log_any_more() {
	let data = tempfile::tempdir().unwrap();
	let mut process =
		command(data.path()).args(NO_NODE).args(["--listen", "127.0.0.1:0"]).spawn().unwrap();
	let mut log = BufReader::new(process.stderr.take().unwrap());
	let mut line = String::new();
	while !line.contains("listening") {
		line.clear();
		assert!(log.read_line(&mut line).unwrap() > 0, "it listens");
	}
	drop(log);
	let id = process.id().to_string();
	assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
	let deadline = Instant::now() + Duration::from_secs(20);
	let ended = loop {
		match process.try_wait().unwrap() {
			Some(status) => break status.code(),
			None if Instant::now() > deadline => {
				process.kill().unwrap();
				panic!("it goes on");
			},
			None => tokio::time::sleep(Duration::from_millis(20)).await,
		}
	};
	assert_eq!(ended, Some(0));
}

#[tokio::test]
async fn one_gateway_at_a_time_uses_a_folder_and_only_its_hospitals() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let said = |output: std::process::Output| {
		assert_eq!(output.status.code(), Some(1));
		String::from_utf8_lossy(&output.stderr).into_owned()
	};
	let second = command(data.path()).args(NO_NODE).output().unwrap();
	assert!(said(second).contains("another gateway uses"));
	drop(gateway);
	let binding = json!({ "genesis": "0x00", "hospital": 5 });
	std::fs::write(data.path().join("vault.json"), binding.to_string()).unwrap();
	let other = command(data.path()).args(NO_NODE).output().unwrap();
	assert!(said(other).contains("belong to hospital 5"));
}

#[tokio::test]
async fn settings_that_can_not_be_used_are_a_usage_error() {
	let data = tempfile::tempdir().unwrap();
	for (wrong, word) in [
		(["--url", "http://gateway.example"].as_slice(), "--url"),
		(&["--store", "ftp://x"], "--store"),
		(&["--tls-key", "x"], "--tls-certificate"),
	] {
		let output = command(data.path()).args(NO_NODE).args(wrong).output().unwrap();
		assert_eq!(output.status.code(), Some(2), "{wrong:?}");
		assert!(String::from_utf8_lossy(&output.stderr).contains(word));
	}
}

#[tokio::test]
async fn the_exit_code_is_the_same_when_nobody_reads_why() {
	let data = tempfile::tempdir().unwrap();
	let other = TcpListener::bind("127.0.0.1:0").unwrap();
	let taken = other.local_addr().unwrap().to_string();
	for (wrong, code) in [(["--url", "http://gateway.example"], 2), (["--listen", &taken], 1)] {
		let (reader, writer) = std::io::pipe().unwrap();
		drop(reader);
		let ended = command(data.path()).args(NO_NODE).args(wrong).stderr(writer).status();
		assert_eq!(ended.unwrap().code(), Some(code), "{wrong:?}");
	}
}

#[tokio::test]
async fn tls_is_spoken_and_its_certificate_renewed() {
	let data = tempfile::tempdir().unwrap();
	let (certificate, key) = (data.path().join("cert.pem"), data.path().join("key.pem"));
	let issue = |last_year| {
		let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
		params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
		let signing_key = rcgen::KeyPair::generate().unwrap();
		let made = params.self_signed(&signing_key).unwrap();
		std::fs::write(&certificate, made.pem()).unwrap();
		std::fs::write(&key, signing_key.serialize_pem()).unwrap();
		let root = reqwest::Certificate::from_pem(made.pem().as_bytes()).unwrap();
		Client::builder().add_root_certificate(root).build().unwrap()
	};
	let first = issue(2050);
	let paths = [certificate.to_str().unwrap(), key.to_str().unwrap()];
	let gateway = bound(data.path(), &["--tls-certificate", paths[0], "--tls-key", paths[1]]);
	let url = format!("https://localhost:{}/v1/nothing", gateway.address.port());
	let answer = first.get(&url).send().await.unwrap();
	let found = (answer.status(), answer.version());
	assert_eq!(found, (StatusCode::NOT_FOUND, reqwest::Version::HTTP_11));
	let expires = "medblock_gateway_certificate_expires_timestamp_seconds";
	// 1 January 2050, then 2051.
	let shown = gateway.figures().await;
	assert!(shown.contains(&format!("{expires} 2524608000")), "{shown}");
	let in_clear = gateway.raw(b"GET /v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n");
	assert!(!in_clear.contains("not-found"), "{in_clear}");
	let second = issue(2051);
	gateway.signal("HUP");
	gateway.wait_for_log("read again");
	assert_eq!(second.get(&url).send().await.unwrap().status(), 404);
	assert!(gateway.figures().await.contains(&format!("{expires} 2556144000")));
	std::fs::write(&certificate, "nothing").unwrap();
	gateway.signal("HUP");
	gateway.wait_for_log("the old certificate stays");
	assert_eq!(second.get(&url).send().await.unwrap().status(), 404);
}
