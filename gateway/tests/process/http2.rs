//! HTTP/2 over TLS.

use super::*;

#[tokio::test]
async fn many_requests_share_a_connection() {
	let data = tempfile::tempdir().unwrap();
	let client = issue(data.path(), 2050);
	let gateway = bound_with_tls(data.path(), &["--max-connections", "1"]);
	let url = format!("https://localhost:{}/v1/nothing", gateway.address.port());
	let first = client.get(&url).send().await.unwrap();
	assert_eq!((first.status().as_u16(), first.version()), (404, reqwest::Version::HTTP_2));
	let asked = (0..100).map(|_| client.get(&url).send());
	for answer in futures::future::join_all(asked).await {
		let answer = answer.unwrap();
		assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
		assert_eq!(answer.json::<Value>().await.unwrap()["error"], "not-found");
	}
}

#[tokio::test]
async fn a_connection_without_requests_gives_its_place_back() {
	let data = tempfile::tempdir().unwrap();
	let client = issue(data.path(), 2050);
	let options = ["--max-connections", "1", "--header-timeout", "1"];
	let gateway = bound_with_tls(data.path(), &options);
	let url = format!("https://localhost:{}/v1/nothing", gateway.address.port());
	let first = client.get(&url).send().await.unwrap();
	assert_eq!(first.status(), 404);
	first.bytes().await.unwrap();
	// It has a connection of its own, and the first one's client keeps that open.
	let root = std::fs::read(data.path().join("cert.pem")).unwrap();
	let root = reqwest::Certificate::from_pem(&root).unwrap();
	let other = Client::builder().add_root_certificate(root).build().unwrap();
	let began = Instant::now();
	assert_eq!(other.get(&url).send().await.unwrap().status(), 404);
	assert!(began.elapsed() < Duration::from_secs(20));
	// The first one comes back through another connection.
	assert_eq!(client.get(&url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_its_request_and_no_other() {
	let data = tempfile::tempdir().unwrap();
	let client = issue(data.path(), 2050);
	let options = ["--max-connections", "1", "--idle-timeout", "2"];
	let gateway = bound_with_tls(data.path(), &options);
	let base = format!("https://localhost:{}", gateway.address.port());
	let first = client.get(format!("{base}/v1/nothing")).send().await.unwrap();
	assert_eq!(first.version(), reqwest::Version::HTTP_2);
	let (_more, body) = futures::channel::mpsc::unbounded::<std::io::Result<Vec<u8>>>();
	let request = client.post(format!("{base}/v1/session"));
	let request = request.header("content-type", "application/json");
	let waiting = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
	let beside = client.get(format!("{base}/v1/nothing")).send().await.unwrap();
	assert_eq!(beside.status(), 404, "another request passes it");
	let answer = waiting.await.unwrap().unwrap();
	assert_eq!(answer.status(), 408);
}
