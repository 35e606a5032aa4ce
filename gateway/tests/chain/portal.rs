//! The portal that the hospitals list on the chain, and the others.

use super::*;
use crate::common::{Gateway, portal};
use medblock_client::council::Decision;
use std::fs;

/// The status of the gateway's first page, and the code of a refusal.
async fn page(setup: &Setup) -> (u16, Option<String>) {
	let answer = reqwest::get(setup.gateway.as_ref().unwrap().url("/")).await.unwrap();
	let status = answer.status().as_u16();
	let refusal: Option<Value> = answer.json().await.ok();
	(status, refusal.and_then(|body| Some(body["error"].as_str()?.to_owned())))
}

async fn until_page(setup: &Setup, status: u16, code: Option<&str>) {
	let expected = (status, code.map(str::to_owned));
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let found = page(setup).await;
		if found == expected {
			return;
		}
		assert!(Instant::now() < deadline, "{found:?} where {expected:?} was expected");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
}

async fn until_metric(setup: &Setup, line: &str) {
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let metrics = setup.gateway.as_ref().unwrap().metrics().await;
		if metrics.lines().any(|found| found.starts_with(line)) {
			return;
		}
		assert!(Instant::now() < deadline, "{line} is not in {metrics}");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
}

fn list(digest: [u8; 32]) -> Decision {
	Decision::ListPortalRelease(digest, "1.0.0".into())
}

#[tokio::test]
async fn portal_is_served_while_the_hospitals_list_it() {
	let portal = portal::folder(&[("index.html", "<!doctype html>")]);
	let path = portal.path().to_str().unwrap();
	let setup = Setup::start_with(&["--portal", path, "--portal-check-interval", "1"]).await;
	until_page(&setup, 200, None).await;
	setup.gateway.as_ref().unwrap().wait_for_log("the hospitals list no portal yet");

	setup.decides(list([9; 32])).await;
	until_page(&setup, 503, Some("portal-not-listed")).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 1"#).await;
	assert_eq!(setup.get("/health").await["status"], "ok", "the vault goes on");

	let own = portal::digest(portal.path());
	setup.decides(list(own)).await;
	until_page(&setup, 200, None).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 0"#).await;

	setup.decides(Decision::WithdrawPortalRelease(own)).await;
	until_page(&setup, 503, Some("portal-not-listed")).await;
}

#[tokio::test]
async fn unlisted_portal_is_served_if_the_operator_wants_it() {
	let portal = portal::folder(&[("index.html", "<!doctype html>")]);
	let path = portal.path().to_str().unwrap();
	let options = ["--portal", path, "--portal-unlisted", "--portal-check-interval", "1"];
	let setup = Setup::start_with(&options).await;
	setup.decides(list([9; 32])).await;
	setup.gateway.as_ref().unwrap().wait_for_log("the hospitals do not list the portal");
	assert_eq!(page(&setup).await, (200, None));
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 1"#).await;
}

#[tokio::test]
async fn change_of_the_own_folder_is_found_and_not_served() {
	let portal = portal::folder(&[("index.html", "<!doctype html>")]);
	let path = portal.path().to_str().unwrap();
	let setup = Setup::start_with(&["--portal", path, "--portal-check-interval", "1"]).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 0"#).await;
	fs::write(portal.path().join("index.html"), "<!doctype html><script>").unwrap();
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 1"#).await;
	let served = reqwest::get(setup.gateway.as_ref().unwrap().url("/")).await.unwrap();
	assert_eq!(served.text().await.unwrap(), "<!doctype html>");
	fs::write(portal.path().join("index.html"), "<!doctype html>").unwrap();
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="0"} 0"#).await;
}

#[tokio::test]
async fn other_hospitals_portal_is_compared_with_the_list() {
	let right = portal::folder(&[("index.html", "<!doctype html>")]);
	let wrong = portal::folder(&[("index.html", "<!doctype html><script>")]);
	// It serves no portal of its own, and watches all the same.
	let setup = Setup::start_with(&["--portal-check-interval", "1"]).await;
	setup.decides(list(portal::digest(right.path()))).await;

	let data = tempfile::tempdir().unwrap();
	let serving = |listen: &str, portal: &Path| {
		let portal = portal.to_str().unwrap();
		let options = ["--node", setup.node_url(), "--listen", listen, "--portal", portal];
		Gateway::start_at(data.path(), &[&options[..], &["--portal-unlisted"]].concat())
	};
	let south = serving("127.0.0.1:0", wrong.path());
	let listen = south.address.to_string();
	setup.admit(&format!("http://{listen}")).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="1"} 1"#).await;
	setup.gateway.as_ref().unwrap().wait_for_log("serves the unlisted portal sha256-");

	// Who hides does not end the alert.
	drop(south);
	until_metric(&setup, r#"medblock_gateway_portal_unreachable{hospital="1"} 1"#).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="1"} 1"#).await;

	// Nor does a gateway that serves no portal any more.
	let without = ["--node", setup.node_url(), "--listen", &listen];
	let south = Gateway::start_at(data.path(), &without);
	until_metric(&setup, r#"medblock_gateway_portal_checks_total{outcome="none"}"#).await;
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="1"} 1"#).await;

	drop(south);
	let _south = serving(&listen, right.path());
	until_metric(&setup, r#"medblock_gateway_portal_mismatch{hospital="1"} 0"#).await;
	until_metric(&setup, r#"medblock_gateway_portal_unreachable{hospital="1"} 0"#).await;
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	assert!(!metrics.contains("portals_checked_timestamp_seconds 0\n"), "{metrics}");
	assert!(!metrics.contains(r#"mismatch{hospital="0"}"#), "it has no portal: {metrics}");
}

#[tokio::test]
async fn hospital_without_a_portal_is_no_mismatch() {
	let setup = Setup::start_with(&["--portal-check-interval", "1"]).await;
	let data = tempfile::tempdir().unwrap();
	let options = ["--node", setup.node_url(), "--listen", "127.0.0.1:0"];
	let south = Gateway::start_at(data.path(), &options);
	setup.admit(&format!("http://{}", south.address)).await;
	until_metric(&setup, r#"medblock_gateway_portal_checks_total{outcome="none"}"#).await;
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	assert!(!metrics.contains(r#"mismatch{hospital="1"}"#), "nothing was seen: {metrics}");
}
