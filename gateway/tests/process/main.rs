//! The gateway's process while no node answers: what it refuses, and how it starts and ends.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod bucket;
mod connections;
mod door;
mod http2;
mod lifecycle;
mod metrics;
mod portal;
mod refusals;

use common::{Gateway, challenge_in, command, raw};
use medblock_client::chain::AccountId;
use medblock_crypto::Challenge;
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

/// An address without a node.
const NO_NODE: [&str; 2] = ["--node", "ws://127.0.0.1:1"];

const DOMAIN: &str = "gateway.example";

const GENESIS: [u8; 32] = [3; 32];

/// A sign-in's headers, without the body that they announce.
const BODY_TO_COME: &str = "POST /v1/session HTTP/1.1\r\nhost: x\r\n\
	content-type: application/json\r\ncontent-length: 4096\r\n\r\n";

/// A gateway that knows its chain and its address from before, and has lost its node.
fn bound(data: &Path, more: &[&str]) -> Gateway {
	let genesis = format!("0x{}", hex::encode(GENESIS));
	let binding = json!({ "genesis": genesis, "hospital": 0 });
	std::fs::write(data.join("vault.json"), binding.to_string()).unwrap();
	let url = format!("https://{DOMAIN}");
	let arguments = [&NO_NODE, ["--url", &url].as_slice(), more].concat();
	Gateway::start(data, &arguments)
}

/// Writes a certificate for `localhost` that ends with the year before, and its key, to `cert.pem` and `key.pem`. Returns
/// a client that trusts it.
fn issue(folder: &Path, last_year: i32) -> Client {
	let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
	params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
	let signing_key = rcgen::KeyPair::generate().unwrap();
	let made = params.self_signed(&signing_key).unwrap();
	std::fs::write(folder.join("cert.pem"), made.pem()).unwrap();
	std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
	let root = reqwest::Certificate::from_pem(made.pem().as_bytes()).unwrap();
	Client::builder().add_root_certificate(root).build().unwrap()
}

/// A gateway with that certificate.
fn bound_with_tls(data: &Path, more: &[&str]) -> Gateway {
	let [certificate, key] = ["cert.pem", "key.pem"].map(|name| data.join(name));
	let tls = ["--tls-certificate", certificate.to_str().unwrap()];
	let key = ["--tls-key", key.to_str().unwrap()];
	bound(data, &[tls.as_slice(), &key, more].concat())
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
	challenge_in(parts)
}

async fn sign_in(gateway: &Gateway, text: &str, signed: &[u8]) -> (StatusCode, Value) {
	let signature = format!("0x{}", hex::encode(dev::alice().sign(signed).0));
	let body = json!({ "challenge": text, "signature": signature });
	let answer = Client::new().post(gateway.url("/v1/session")).json(&body).send();
	json_of(answer.await.unwrap()).await
}
