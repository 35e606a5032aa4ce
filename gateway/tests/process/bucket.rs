//! A vault in a bucket, from its start.

use super::*;
use common::s3::{STORE, Service};

/// The last words of a gateway that does not start.
fn refusal(data: &Path, bucket: &[&str]) -> String {
	let output = command(data).args(NO_NODE).args(bucket).output().unwrap();
	assert_eq!(output.status.code(), Some(1));
	String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_is_one_hospitals_and_has_one_gateway() {
	let service = Service::start().await;
	let endpoint = service.endpoint();
	let bucket = ["--store", STORE, "--s3-endpoint", &endpoint];
	let [data, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
	let gateway = bound(data.path(), &bucket);
	let said = refusal(other.path(), &bucket);
	assert!(said.contains("another gateway uses the bucket"), "{said}");
	drop(gateway);
	// Killed, and started again with its own folder.
	drop(bound(data.path(), &bucket));

	let deed = service.files().join("vault.json");
	let theirs = json!({ "hospital": 5, "holder": "x", "run": "x", "renewed": 0 });
	std::fs::write(&deed, theirs.to_string()).unwrap();
	let said = refusal(data.path(), &bucket);
	assert!(said.contains("belongs to hospital 5"), "{said}");
	let genesis = format!("0x{}", hex::encode([9; 32]));
	let theirs = json!({
		"hospital": 0, "genesis": genesis, "holder": "x", "run": "x", "renewed": 0
	});
	std::fs::write(&deed, theirs.to_string()).unwrap();
	let said = refusal(data.path(), &bucket);
	assert!(said.contains("belongs to another chain"), "{said}");

	std::fs::remove_file(&deed).unwrap();
	std::fs::write(service.files().join("notes.txt"), "not a vault's").unwrap();
	let said = refusal(data.path(), &bucket);
	assert!(said.contains("the bucket is not empty"), "{said}");
	let adopting = [bucket.as_slice(), &["--adopt-bucket"]].concat();
	drop(bound(data.path(), &adopting));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_starts_before_its_buckets_service_and_takes_the_bucket_then() {
	let mut service = Service::start().await;
	let endpoint = service.endpoint();
	service.stop().await;
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--store", STORE, "--s3-endpoint", &endpoint]);
	gateway.wait_for_log("the bucket can't be used now");
	assert_eq!(get(&gateway, "/v1/nothing").await.0, StatusCode::NOT_FOUND);
	service.start_again().await;
	let deadline = Instant::now() + Duration::from_secs(60);
	while !service.files().join("vault.json").exists() {
		assert!(Instant::now() < deadline, "it does not take the bucket");
		tokio::time::sleep(Duration::from_millis(50)).await;
	}
}

/// Before a patient finds out, and without a node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_bucket_is_told_by_health_and_figures_until_it_is_over() {
	let mut service = Service::start().await;
	let endpoint = service.endpoint();
	let data = tempfile::tempdir().unwrap();
	let options = ["--store", STORE, "--s3-endpoint", &endpoint, "--store-interval", "1"];
	let gateway = bound(data.path(), &options);
	until_told(&gateway, true).await;
	for _ in 0..2 {
		service.stop().await;
		let message = until_told(&gateway, false).await;
		assert!(message.contains("bucket records"), "{message}");
		service.start_again().await;
		until_told(&gateway, true).await;
	}
	gateway.wait_for_log("the bucket can be used again");
}

/// Waits until health and figures say whether the bucket can be used. Returns what health says.
async fn until_told(gateway: &Gateway, is_well: bool) -> String {
	let figure = format!("medblock_gateway_store_answers {}", u8::from(is_well));
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let (status, health) = get(gateway, "/health").await;
		// There is no node, so the gateway is never well.
		assert_eq!((status.as_u16(), &health["status"]), (503, &json!("degraded")), "{health}");
		let is_in_health = (health["reason"] != "store-failed") == is_well;
		if is_in_health && gateway.metrics().await.lines().any(|line| line == figure) {
			return health["message"].as_str().unwrap().to_owned();
		}
		assert!(Instant::now() < deadline, "{figure} is not told: {health}");
		tokio::time::sleep(Duration::from_millis(50)).await;
	}
}
