//! The door to the node, while no node answers.

use super::*;
use crate::common::rpc::Rpc;
use tokio_tungstenite::tungstenite::Error;

const DOOR: [&str; 1] = ["--rpc-door"];

fn status(outcome: Result<Rpc, Error>) -> u16 {
	match outcome {
		Ok(_) => 101,
		Err(Error::Http(answer)) => answer.status().as_u16(),
		Err(other) => panic!("{other}"),
	}
}

#[tokio::test]
async fn door_is_closed_unless_it_is_opened() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	assert_eq!(status(Rpc::try_connect(gateway.address, &[]).await), 404);
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_the_door_goes_on() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut rpc = Rpc::connect(gateway.address).await;
	for (text, name) in [
		("", "no-json"),
		("{", "no-json"),
		("[]", "no-request"),
		(r#"[{"jsonrpc":"2.0","id":1,"method":"system_localPeerId"}]"#, "no-request"),
		(r#"{"jsonrpc":"2.0","method":"system_localPeerId"}"#, "no-request"),
	] {
		rpc.send(text).await;
		let answer = rpc.next().await.unwrap();
		assert_eq!(
			(&answer["id"], &answer["error"]["data"]["error"]),
			(&Value::Null, &json!(name))
		);
	}
	assert_eq!(rpc.refusal("state_getPairs", json!(["0x"])).await, "not-passed-on");
	assert_eq!(rpc.refusal("system_localPeerId", json!([1])).await, "not-understood");
	assert_eq!(rpc.refusal("system_localPeerId", json!([])).await, "node-unreachable");
	for token in [json!([]), json!(["x"]), json!([1]), json!(["a", "b"]), json!({ "token": "x" })] {
		assert_eq!(rpc.refusal("door_signIn", token).await, "not-understood");
	}
	assert_eq!(rpc.refusal("door_signIn", json!(["0".repeat(64)])).await, "not-signed-in");
	assert_eq!(rpc.refusal("medicalRecords_patient", json!([1])).await, "not-signed-in");
	rpc.send(&"x".repeat((1 << 20) + 1)).await;
	assert_eq!(rpc.next().await, None, "a message that is too large ends the connection");
	let metrics = gateway.metrics().await;
	let refused = r#"medblock_gateway_rpc_requests_total{outcome="refused"}"#;
	assert!(metrics.contains(refused), "{metrics}");
}

#[tokio::test]
async fn pages_of_other_origins_do_not_get_in() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let own = format!("https://{DOMAIN}");
	for (origin, expected) in [
		(own.as_str(), 101),
		("http://localhost:8450", 101),
		("https://evil.example", 403),
		("null", 403),
	] {
		let outcome = Rpc::try_connect(gateway.address, &[("origin", origin)]).await;
		assert_eq!(status(outcome), expected, "{origin}");
	}
	let (status, body) = get(&gateway, "/v1/rpc").await;
	assert_eq!((status.as_u16(), &body["error"]), (400, &json!("bad-request")));
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_a_proxys_word_counts() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let from = async |address: &str| {
		Rpc::try_connect(gateway.address, &[("x-forwarded-for", address)]).await
	};
	let mut held = Vec::new();
	for _ in 0..16 {
		held.push(from("192.0.2.1").await.unwrap());
	}
	assert_eq!(status(from("192.0.2.1").await), 429);
	held.truncate(10);
	let deadline = Instant::now() + Duration::from_secs(90);
	while status(from("192.0.2.1").await) != 101 {
		assert!(Instant::now() < deadline, "places do not come back");
	}
}

#[tokio::test]
async fn a_flood_from_many_addresses_pushes_itself_out() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--rpc-door", "--max-rpc-connections", "20"]);
	let from = async |address: &str| {
		Rpc::try_connect(gateway.address, &[("x-forwarded-for", address)]).await
	};
	let mut first = from("192.0.2.1").await.unwrap();
	let mut flood = Vec::new();
	for number in 0..60 {
		flood.push(from(&format!("203.0.113.{number}")).await.expect("another one goes"));
	}
	for number in 0..60 {
		flood.push(from(&format!("2001:db8:1:{number:x}::1")).await.expect("another one goes"));
	}
	let mut second = from("198.51.100.1").await.expect("a patient gets in");
	for patient in [&mut first, &mut second] {
		assert_eq!(patient.refusal("system_localPeerId", json!([])).await, "node-unreachable");
	}
	assert_eq!(flood[0].next().await, None, "it was told to go");
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_the_connection_and_no_other() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut other = Rpc::connect(gateway.address).await;
	let large = |first: u8| [&[first, 0xff][..], &(600_u64 << 10).to_be_bytes(), &[0; 4]].concat();
	let piece = vec![b' '; 600 << 10];
	for (what, bytes) in [
		("a text without a mask", b"\x81\x02{}".to_vec()),
		("a text that is no UTF-8", b"\x81\x82\0\0\0\0\xff\xfe".to_vec()),
		("binary data", b"\x82\x82\0\0\0\0{}".to_vec()),
		("a kind that there is none of", b"\x83\x80\0\0\0\0".to_vec()),
		("a ping in parts", b"\x09\x80\0\0\0\0".to_vec()),
		("a part of nothing", b"\x80\x80\0\0\0\0".to_vec()),
		("an announced text of 4 GiB", b"\x81\xff\0\0\0\x01\0\0\0\0\0\0\0\0".to_vec()),
		("a text of two large parts", [large(0x01), piece.clone(), large(0x80), piece].concat()),
	] {
		let mut rpc = Rpc::connect(gateway.address).await;
		rpc.write(&bytes).await;
		assert_eq!(rpc.next().await, None, "{what}");
	}
	assert_eq!(other.refusal("system_localPeerId", json!([])).await, "node-unreachable");
	assert_eq!(other.refusal("state_getPairs", json!(["0x"])).await, "not-passed-on");
}

#[tokio::test]
async fn the_largest_message_is_read_and_a_larger_one_is_not() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut rpc = Rpc::connect(gateway.address).await;
	let request = r#"{"jsonrpc":"2.0","id":1,"method":"system_localPeerId"}"#;
	let padded = |length: usize| format!("{request}{}", " ".repeat(length - request.len()));
	rpc.send(&padded(1 << 20)).await;
	let answer = rpc.next().await.unwrap();
	assert_eq!(answer["error"]["data"]["error"], "node-unreachable");
	rpc.send(&padded((1 << 20) + 1)).await;
	assert_eq!(rpc.next().await, None);
}

#[tokio::test]
async fn messages_that_are_deep_or_strange_are_refused_one_by_one() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut rpc = Rpc::connect(gateway.address).await;
	let deep = "[".repeat(100_000);
	for text in [
		deep.clone(),
		format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{deep}"#),
		r#"{"jsonrpc":"2.0","id":{"a":1},"method":"x"}"#.to_owned(),
		r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}"#.to_owned(),
	] {
		rpc.send(&text).await;
		let answer = rpc.next().await.unwrap();
		assert_eq!(answer["id"], Value::Null, "{answer}");
		let name = answer["error"]["data"]["error"].as_str();
		assert!(matches!(name, Some("no-json" | "no-request")), "{answer}");
	}
	assert_eq!(rpc.refusal("system_localPeerId", json!([])).await, "node-unreachable");
}

#[tokio::test]
async fn pings_are_answered_and_too_many_end_the_connection() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut rpc = Rpc::connect(gateway.address).await;
	for _ in 0..20 {
		rpc.ping().await;
	}
	assert_eq!(rpc.refusal("system_localPeerId", json!([])).await, "node-unreachable");
	for _ in 0..5_000 {
		rpc.ping().await;
	}
	assert_eq!(rpc.next().await, None);
}

#[tokio::test]
async fn an_address_has_so_many_requests() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &DOOR);
	let mut rpc = Rpc::connect(gateway.address).await;
	let metadata = r#"{"jsonrpc":"2.0","id":1,"method":"state_getMetadata"}"#;
	for _ in 0..30 {
		rpc.send(metadata).await;
	}
	let mut refusals = Vec::new();
	for _ in 0..30 {
		refusals.push(rpc.next().await.unwrap()["error"]["data"].clone());
	}
	let too_many = json!({ "error": "too-many-requests", "retryAfter": 1 });
	assert!(refusals.contains(&too_many), "{refusals:?}");
	assert!(refusals.contains(&json!({ "error": "node-unreachable" })), "{refusals:?}");
}
