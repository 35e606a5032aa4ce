//! Metrics and logs.

use super::*;

#[tokio::test]
async fn figures_are_at_an_address_of_their_own_and_nothing_else_is() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let (status, body) = get(&gateway, "/metrics").await;
	assert_eq!((status.as_u16(), &body["error"]), (404, &json!("not-found")));

	let base = format!("http://{}", gateway.metrics_address);
	let answer = reqwest::get(format!("{base}/metrics")).await.unwrap();
	assert_eq!(answer.status(), 200);
	assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4");
	assert_eq!(answer.headers()["cache-control"], "no-store");
	let figures = answer.text().await.unwrap();
	assert!(figures.contains("medblock_gateway_requests_total"));
	// A rule about a figure that is not there yet never fires.
	for reason in ["no-witness", "witness-away", "behind", "disagreement", "clock", "too-much"] {
		let held = format!("medblock_gateway_collection_held{{reason=\"{reason}\"}} 0");
		assert!(figures.contains(&held), "{figures}");
	}
	for why in ["away", "refused", "wrong-bytes", "not-taken"] {
		let failures = format!("medblock_gateway_fetch_failures_total{{why=\"{why}\"}} 0");
		assert!(figures.contains(&failures), "{figures}");
	}
	assert!(figures.contains("medblock_gateway_lacking_since_timestamp_seconds 0"), "{figures}");
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
	assert!(gateway.metrics().await.contains("medblock_gateway_serving 0"));
	assert!(began.elapsed() < Duration::from_secs(10), "it waits for the other's place");
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
	let locator = "10ca70".repeat(10) + "abcd";
	let copy = gateway.url(&format!("/v1/keys/{locator}"));
	for method in [Method::GET, Method::PUT, Method::DELETE, Method::POST] {
		let request = Client::new().request(method, &copy).bearer_auth(&token);
		request.body("some bytes").send().await.unwrap();
	}
	let metrics = gateway.metrics().await;
	assert!(metrics.contains("medblock_gateway_requests_total"));
	// The upload, and a copy that is kept or removed.
	assert!(metrics.contains(r#"medblock_gateway_refusals_total{reason="not-signed-in"} 3"#));
	assert!(metrics.contains("medblock_gateway_serving 0"), "there is no node");
	assert!(metrics.contains("/v1/keys/{locator}"));
	gateway.wait_for_log("/v1/patients/{patient}/uploads/{digest}");
	gateway.wait_for_log("/v1/keys/{locator}");
	let everything = gateway.log() + &metrics;
	for secret in [&token, &digest, &locator, "987654", &asked.account, &asked.nonce] {
		assert!(!everything.contains(secret), "{secret} is in {everything}");
	}
}
