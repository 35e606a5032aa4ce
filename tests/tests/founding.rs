//! A chain of real keys, as docs/operations/found-a-consortium.md makes one.

use medblock_e2e::{Chain, Running, Specification, binary, eventually};
use medblock_launcher::Ports;
use medblock_runtime::AccountId;
use medblock_views::SeatStatus;
use serde_json::Value;
use sp_core::{Pair, crypto::Ss58Codec, sr25519};
use std::{collections::VecDeque, fs, path::Path, process::Command};
use tempfile::TempDir;

const CHAIN_ID: &str = "example_chain";

fn node(arguments: &[&str]) -> String {
	let output = Command::new(binary("medblock-node").unwrap())
		.args(arguments)
		.output()
		.expect("the node runs");
	let said = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "{arguments:?}: {said}");
	String::from_utf8(output.stdout).expect("text")
}

/// Step 1: prints the hospital's entry.
fn make_keys(folder: &Path, index: usize) -> String {
	let controller = AccountId::from(sr25519::Pair::generate().0.public()).to_ss58check();
	node(&[
		"consortium",
		"keys",
		"--base-path",
		&folder.display().to_string(),
		"--chain-id",
		CHAIN_ID,
		"--controller",
		&controller,
		"--name",
		&format!("Hospital {index}"),
		"--gateway",
		&format!("https://vault{index}.example"),
	])
}

/// All other stories begin with a genesis of the launcher's.
#[tokio::test]
async fn launcher_makes_the_genesis_that_a_node_makes() {
	let folder = TempDir::new().unwrap();
	let [plain, made] = ["plain", "made"].map(|name| folder.path().join(name));
	let mut specification = Specification::local().await.unwrap();
	specification.set("sessionLength", 17.into()).unwrap();
	specification.write(&plain).unwrap();
	specification.write_with_genesis(&made, &[]).await.unwrap();
	let by_node = node(&["export-chain-spec", "--raw", "--chain", &plain.display().to_string()]);
	let [made, by_node] = [fs::read_to_string(&made).unwrap(), by_node]
		.map(|text| serde_json::from_str::<Value>(&text).unwrap());
	assert!(made == by_node, "the genesis of {} is another one", plain.display());
}

#[tokio::test]
async fn four_hospitals_found_a_chain_of_their_own_keys() {
	let folder = TempDir::new().unwrap();
	let base = |index: usize| folder.path().join(format!("hospital-{index}"));
	let entries: Vec<_> = (0..4).map(|index| make_keys(&base(index), index)).collect();

	let ports = Ports::take().unwrap();
	let peer_port = ports.base;
	let first: toml::Value = toml::from_str(&entries[0]).unwrap();
	let peer_id = first["hospital"][0]["nodes"][0].as_str().unwrap();
	let hospitals = format!(
		"name = \"Example Chain\"\nid = \"{CHAIN_ID}\"\n\
		boot-nodes = [\"/ip4/127.0.0.1/tcp/{peer_port}/p2p/{peer_id}\"]\n{}",
		entries.concat()
	);
	let file = folder.path().join("hospitals.toml").display().to_string();
	fs::write(&file, hospitals).unwrap();
	let spec = folder.path().join("example_chain.json").display().to_string();
	node(&["consortium", "spec", "--hospitals", &file, "--output", &spec]);

	// Step 3: whoever makes it again gets the same bytes.
	let again = folder.path().join("again.json").display().to_string();
	node(&["consortium", "spec", "--hospitals", &file, "--output", &again]);
	assert_eq!(fs::read(&spec).unwrap(), fs::read(&again).unwrap());

	let mut nodes = VecDeque::new();
	let program = binary("medblock-node").unwrap();
	for (index, listen) in (0..4).zip(peer_port..) {
		let rpc_port = listen + 4;
		let mut command = Command::new(&program);
		// As the launcher's nodes: to compile the runtime four times at once takes minutes on a busy machine.
		command.arg("--compiled-runtimes").arg(program.with_file_name("compiled-runtimes"));
		command
			.args(["--chain", &spec, "--validator", "--no-mdns", "--no-prometheus"])
			.args(["--allow-private-ip", "--rpc-port", &rpc_port.to_string()])
			.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{listen}"), "--base-path"])
			.arg(base(index));
		nodes.push_back((Running::start(command, &base(index)), rpc_port));
	}
	for (_, rpc_port) in &nodes {
		let chain = Chain::connect(&format!("ws://127.0.0.1:{rpc_port}")).await;
		eventually("block 3 is final", || async {
			(chain.finalized().await.1.number >= 3).then_some(())
		})
		.await;
		assert_eq!(chain.seats().await, [SeatStatus::Seated; 4]);
		// The boot node has told each of the others; ADR 19.
		eventually("everybody knows everybody", || async {
			(chain.peers().await == 3).then_some(())
		})
		.await;
	}

	// One of four is lost, and that it is the only boot node makes no difference.
	drop(nodes.pop_front());
	for (_, rpc_port) in &nodes {
		let chain = Chain::connect(&format!("ws://127.0.0.1:{rpc_port}")).await;
		let now = chain.finalized().await.1.number;
		eventually("the other three go on", || async {
			(chain.finalized().await.1.number >= now + 5).then_some(())
		})
		.await;
	}
}
