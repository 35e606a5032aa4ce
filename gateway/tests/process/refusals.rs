//! Requests that are refused.

use super::*;

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
	let (_, offer) = get(&gateway, &format!("/v1/challenge?account={account}")).await;
	let text = challenge_in(offer.clone()).text();
	for (field, line) in [("issued", "Issued At"), ("expires", "Expiration Time")] {
		let time = offer[field].as_str().unwrap();
		assert!(text.contains(&format!("{line}: {time}")), "{time} is not in {text}");
	}
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
	let copy = format!("/v1/keys/{}", "ab".repeat(32));
	for (method, path) in [
		(Method::GET, "/v1/patients/1/records/0"),
		(Method::GET, "/v1/patients/1/profile"),
		(Method::GET, "/v1/patients/1/records/0/file"),
		(Method::GET, "/v1/patients/1/profile/file"),
		(Method::GET, "/v1/patients/1/disclosures"),
		(Method::PATCH, &upload),
		(Method::DELETE, &upload),
		(Method::PUT, &copy),
		(Method::DELETE, &copy),
		(Method::DELETE, "/v1/keys"),
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
async fn an_unknown_locator_and_what_is_no_locator_get_one_answer() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let mut answers = Vec::new();
	for locator in ["ab".repeat(32), "cd".repeat(32), "AB".repeat(32), "ab".repeat(31), "x".into()]
	{
		let answer = reqwest::get(gateway.url(&format!("/v1/keys/{locator}"))).await.unwrap();
		let (status, mut headers) = (answer.status(), answer.headers().clone());
		headers.remove("x-request-id");
		headers.remove("date");
		answers.push((status, headers, answer.text().await.unwrap()));
	}
	let (status, headers, body) = &answers[0];
	let body: Value = serde_json::from_str(body).unwrap();
	assert_eq!((status.as_u16(), &body["error"]), (404, &json!("no-such-copy")));
	assert_eq!(headers["cache-control"], "no-store");
	assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
	let (status, body) = get(&gateway, "/v1/keys").await;
	assert_eq!((status.as_u16(), &body["error"]), (405, &json!("method-not-allowed")));
}

#[tokio::test]
async fn an_address_that_asks_for_many_copies_is_told_to_wait() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let path = format!("/v1/keys/{}", "ab".repeat(32));
	let mut asked = 0;
	loop {
		let (status, body) = get(&gateway, &path).await;
		if status == StatusCode::TOO_MANY_REQUESTS {
			assert_eq!(body["error"], "too-many-requests");
			break;
		}
		asked += 1;
		assert!(asked < 1_000, "there is no end to it");
	}
	assert!(asked >= 60, "{asked}");
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
		for address in [gateway.address, gateway.metrics_address] {
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
