//! Copies of accounts' keys.

use super::*;
use common::chain::Session;

const FILE: &[u8] = b"age-encryption.org/v1\n-> a stanza of a passkey's\n";

fn path(locator: u8) -> String {
	format!("/v1/keys/{}", hex::encode([locator; 32]))
}

/// Without a token, as a new device asks.
async fn found(setup: &Setup, locator: u8) -> (u16, Vec<u8>) {
	let url = format!("http://{}{}", setup.gateway.as_ref().unwrap().address, path(locator));
	let answer = reqwest::get(url).await.unwrap();
	(answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

async fn put(session: &Session, locator: u8, file: &[u8]) -> (u16, String) {
	let answer = session.request("PUT", &path(locator)).body(file.to_vec()).send().await.unwrap();
	let status = answer.status().as_u16();
	let body: Value = answer.json().await.unwrap_or_default();
	(status, body["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_copy_is_for_whoever_has_the_locator_and_its_owners_to_change() {
	let mut setup = Setup::start().await;
	let (waiting, _) = setup.pending_patient().await;
	let (other, _) = setup.patient().await;
	let (own, others) = tokio::join!(setup.session(&waiting), setup.session(&other));
	assert_eq!(put(&own, 1, FILE).await, (204, String::new()));
	assert_eq!(found(&setup, 1).await, (200, FILE.to_vec()));
	let unknown = found(&setup, 2).await;
	assert_eq!(unknown.0, 404);
	assert_eq!(put(&others, 1, FILE).await, refused(404, "no-such-copy"));
	assert_eq!(others.refusal("DELETE", &path(1)).await, refused(404, "no-such-copy"));
	assert_eq!(others.send("DELETE", "/v1/keys").await.status(), 204);
	assert_eq!(found(&setup, 1).await.0, 200);

	let large = [FILE, &[b'x'; 16 * 1024]].concat();
	assert_eq!(put(&own, 1, &large).await, refused(413, "too-large"));
	assert_eq!(put(&own, 1, b"no age file").await, refused(422, "not-an-age-file"));
	let newer = [FILE, b"newer"].concat();
	assert_eq!(put(&own, 1, &newer).await.0, 204);

	setup.kill_gateway();
	setup.resume().await;
	assert_eq!(found(&setup, 1).await, (200, newer));
	let own = setup.session(&waiting).await;
	for locator in 2..=8 {
		assert_eq!(put(&own, locator, FILE).await.0, 204);
	}
	assert_eq!(put(&own, 9, FILE).await, refused(507, "quota-exceeded"));
	assert_eq!(own.send("DELETE", &path(1)).await.status(), 204);
	assert_eq!(put(&own, 9, FILE).await.0, 204);
	assert_eq!(own.send("DELETE", "/v1/keys").await.status(), 204);
	assert_eq!(found(&setup, 9).await, unknown);
}

#[tokio::test]
async fn an_account_removes_its_own_copies_also_when_the_chain_does_not_know_it() {
	let setup = Setup::start().await;
	let (owner, _) = setup.pending_patient().await;
	let own = setup.session(&owner).await;
	assert_eq!(put(&own, 1, FILE).await.0, 204);
	let stranger = setup.somebody().await;
	let (refusal, _) = setup.try_sign_in(&stranger).await;
	assert_eq!(refusal["error"], "unknown-account");
	assert_eq!(setup.post_signed("/v1/keys/removal", &stranger).await, 204);
	assert_eq!(found(&setup, 1).await.0, 200, "only its owner removes it");
	assert_eq!(setup.post_signed("/v1/keys/removal", &owner).await, 204);
	assert_eq!(found(&setup, 1).await.0, 404);
}
