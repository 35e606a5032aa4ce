//! The hospitals list a portal, and a reader compares what a hospital serves with the list, by the commands that they
//! type.

use futures::future::join_all;
use medblock_e2e::{Gateway, Network, Program, Ran};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What the program exits with: refused by the chain; not reachable; not listed.
const REFUSED: i32 = 3;
const NETWORK: i32 = 6;
const UNLISTED: i32 = 9;

/// The digest of no bytes.
const EMPTY: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// A portal whose only page is empty.
fn portal() -> TempDir {
	let folder = TempDir::new().unwrap();
	std::fs::write(folder.path().join("index.html"), "").unwrap();
	let manifest = json!({ "files": { "index.html": EMPTY } }).to_string();
	std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
	folder
}

async fn does(program: &Program, words: &[&str]) -> Value {
	let ran = program.run(&[words, &["--json"]].concat()).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
	ran.json().unwrap()
}

async fn is_refused(program: &Program, words: &[&str], code: i32, why: &str) -> Ran {
	let ran = program.run(&[words, &["--json"]].concat()).await;
	assert_eq!(ran.code, code, "{words:?}: {ran:?}");
	assert!(ran.said.contains(why), "{words:?}: {ran:?}");
	ran
}

/// The first of them proposes, all vote for it, and the first closes.
async fn decide(members: &[Program], proposal: &[&str]) {
	let first = members.first().unwrap();
	let proposed = [&["council", "propose"], proposal, &["--yes"]].concat();
	let hash = does(first, &proposed).await["hash"].as_str().unwrap().to_owned();
	let vote = ["council", "vote", &hash, "aye", "--yes"];
	join_all(members.iter().map(|member| does(member, &vote))).await;
	does(first, &["council", "close", &hash, "--yes"]).await;
}

#[tokio::test]
async fn reader_is_told_whether_the_hospitals_list_a_portal() {
	let network = Network::start().await;
	let folder = portal();
	let folder = folder.path().to_str().unwrap();
	let gateway = Gateway::start(&network, 0, &["--portal", folder, "--portal-unlisted"]).await;
	let mut members = Vec::new();
	for name in ["Alice", "Bob", "Charlie"] {
		members.push(Program::known(&network, name).await);
	}
	let reader = members.first().unwrap();
	let verify = ["portal", "verify", gateway.url()];

	let found = does(reader, &verify).await;
	assert_eq!((&found["listed"], &found["files"]), (&Value::Null, &json!(1)), "none is listed");
	let digest = found["digest"].as_str().unwrap();
	let own = does(reader, &[&verify[..], &["--folder", folder, "--without-chain"]].concat()).await;
	assert_eq!((&own["sameAsCopy"], &own["listed"]), (&json!(true), &Value::Null));
	let releases = ["portal", "releases"];
	assert_eq!(does(reader, &releases).await["value"], json!([]));

	decide(&members, &["portal-release", EMPTY, "0.9"]).await;
	let ran = is_refused(reader, &verify, UNLISTED, "the hospitals do not list").await;
	assert_eq!(ran.json().unwrap()["error"], "portal-not-listed");

	let list = ["portal-release", folder, "1.0.0"];
	decide(&members, &list).await;
	let found = does(reader, &verify).await;
	assert_eq!((&found["listed"], &found["version"]), (&json!(true), &json!("1.0.0")));
	let listed = does(reader, &releases).await;
	let versions: Vec<_> = listed["value"].as_array().unwrap().iter().collect();
	assert_eq!((versions.len(), &versions[1]["version"]), (2, &json!("1.0.0")));

	let again = [&["council", "propose"], &list[..], &["--yes"]].concat();
	is_refused(reader, &again, REFUSED, "listed already, as version 1.0.0").await;
	decide(&members, &["withdraw-portal-release", digest]).await;
	is_refused(reader, &verify, UNLISTED, "the hospitals do not list").await;
	let last = ["council", "propose", "withdraw-portal-release", EMPTY, "--yes"];
	is_refused(reader, &last, REFUSED, "the only portal that the hospitals list").await;

	gateway.kill();
	is_refused(reader, &verify, NETWORK, "does not send its first page").await;
}
