//! What an operator gets wrong: one clear sentence, a failing exit code, nothing overwritten.

use jsonrpsee::rpc_params;
use medblock_e2e::{Chain, Network, Running, binary, eventually};
use std::{
	collections::BTreeSet,
	fs,
	net::TcpListener,
	path::Path,
	process::{Command, Output},
};
use tempfile::TempDir;

fn node(arguments: &[&str]) -> Output {
	Command::new(binary("medblock-node").unwrap()).args(arguments).output().expect("the node runs")
}

/// The command failed and said this, as an error and not as a panic.
fn refused(output: &Output, reason: &str) {
	let said = String::from_utf8_lossy(&output.stderr);
	assert!(!output.status.success(), "it should have failed: {said}");
	assert!(said.contains(reason), "expected {reason:?} in: {said}");
	assert!(!said.contains("panicked"), "{said}");
}

fn files_below(path: &Path) -> Vec<String> {
	let mut names: Vec<_> = fs::read_dir(path)
		.map(|entries| entries.flatten().map(|e| e.path().display().to_string()).collect())
		.unwrap_or_default();
	names.sort();
	names
}

#[test]
fn ports_in_use_are_named_with_the_option_that_changes_them() {
	let taken = TcpListener::bind("127.0.0.1:0").unwrap();
	let port = taken.local_addr().unwrap().port().to_string();
	let folder = TempDir::new().unwrap();
	let base = folder.path().display().to_string();
	let common = ["--chain", "local", "--base-path", &base];
	let rpc = node(&[&common[..], &["--rpc-port", &port, "--port", "0"]].concat());
	refused(&rpc, &format!("port {port} for JSON-RPC is in use"));
	refused(&rpc, "--rpc-port");
	let listen = format!("/ip4/127.0.0.1/tcp/{port}");
	let peers = node(&[&common[..], &["--rpc-port", "0", "--listen-addr", &listen]].concat());
	refused(&peers, &format!("port {port} for other nodes is in use"));
}

/// The TCP ports that a process listens on. Linux only (proc(5)).
fn listening(process: u32) -> BTreeSet<u16> {
	let folder = format!("/proc/{process}");
	let files = fs::read_dir(format!("{folder}/fd")).unwrap().flatten();
	let sockets: BTreeSet<String> = files
		.filter_map(|file| fs::read_link(file.path()).ok())
		.filter_map(|link| {
			Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
		})
		.collect();
	let tables = ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("{folder}/net/{table}")));
	let port = |line: &str| {
		const LISTENS: &str = "0A";
		let columns: Vec<_> = line.split_whitespace().collect();
		let is_its = columns.get(3) == Some(&LISTENS) && sockets.contains(*columns.get(9)?);
		let hexadecimal = columns[1].rsplit(':').next().filter(|_| is_its)?;
		u16::from_str_radix(hexadecimal, 16).ok()
	};
	tables.iter().flatten().flat_map(|table| table.lines()).filter_map(port).collect()
}

/// Firewalls are written for the ports that options name.
#[tokio::test]
async fn a_node_that_serves_other_machines_opens_no_port_that_nobody_named() {
	let network = Network::new();
	let folder = TempDir::new().unwrap();
	let (rpc, peers) = (network.base_port(), network.base_port() + 1);
	let mut command = Command::new(binary("medblock-node").unwrap());
	command
		.args(["--chain", "local", "--base-path"])
		.arg(folder.path())
		.args(["--rpc-external", "--rpc-port", &rpc.to_string(), "--no-prometheus", "--no-mdns"])
		.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{peers}")]);
	let node = Running::start(command, folder.path());
	Chain::connect(&network.url(0)).await;
	let expected = BTreeSet::from([rpc, peers]);
	eventually("both ports are open", || async {
		listening(node.pid()).is_superset(&expected).then_some(())
	})
	.await;
	assert_eq!(listening(node.pid()), expected);
}

#[test]
fn full_disk_is_refused_before_anything_is_written() {
	let folder = TempDir::new().unwrap();
	let base = folder.path().join("node");
	let base = base.display().to_string();
	let huge = ["--chain", "local", "--base-path", &base, "--minimum-free-space", "999999999999"];
	refused(&node(&huge), "MiB are free");
	assert!(!Path::new(&base).exists());
}

#[test]
fn node_that_would_forget_old_blocks_is_refused() {
	let folder = TempDir::new().unwrap();
	let base = folder.path().display().to_string();
	let words = ["--chain", "local", "--base-path", &base, "--blocks-pruning", "256"];
	refused(&node(&words), "no new node can catch up");
}

#[test]
fn malformed_specification_is_refused() {
	let folder = TempDir::new().unwrap();
	let file = folder.path().join("spec.json");
	fs::write(&file, "{ \"name\": 3 }").unwrap();
	let base = folder.path().join("node").display().to_string();
	let spec = file.display().to_string();
	refused(&node(&["--chain", &spec, "--base-path", &base]), "is not a chain specification");
	refused(&node(&["--chain", "nowhere", "--base-path", &base]), "is not a chain specification");
	assert!(files_below(Path::new(&base)).is_empty());
}

#[test]
fn malformed_hospitals_file_is_refused() {
	let folder = TempDir::new().unwrap();
	let file = folder.path().join("hospitals.toml");
	let spec = folder.path().join("spec.json");
	let words = |file: &Path| {
		let file = file.display().to_string();
		node(&["consortium", "spec", "--hospitals", &file, "--output", &spec.display().to_string()])
	};
	refused(&words(&file), "cannot read");
	fs::write(&file, "name = ").unwrap();
	refused(&words(&file), "hospitals.toml");
	fs::write(&file, "name = \"x\"\nid = \"x\"\n").unwrap();
	refused(&words(&file), "at least 4");
	assert!(!spec.exists(), "nothing is written");
}

#[test]
fn key_of_the_wrong_type_is_refused() {
	let folder = TempDir::new().unwrap();
	let base = folder.path().display().to_string();
	let insert = |kind: &str, scheme: &str| {
		node(&[
			"key",
			"insert",
			"--chain",
			"local",
			"--base-path",
			&base,
			"--suri",
			"//Alice",
			"--key-type",
			kind,
			"--scheme",
			scheme,
		])
	};
	refused(&insert("aura", "ed25519"), "aura keys are sr25519");
	refused(&insert("gran", "sr25519"), "gran keys are ed25519");
	refused(&insert("babe", "sr25519"), "aura and gran");
	refused(&insert("toolong", "sr25519"), "aura and gran");
	assert!(files_below(&folder.path().join("chains/medblock_local/keystore")).is_empty());
	assert!(insert("gran", "ed25519").status.success());
}

/// `scripts/network` in the folder of a network, and on its ports.
fn network_script(network: &Network, words: &[&str]) -> Output {
	let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
	let mut command = Command::new(root.join("scripts/network"));
	command.args(words).arg("--dir").arg(network.path()).env("MEDBLOCK_NO_BUILD", "yes");
	if words.first() == Some(&"up") {
		command.args(["--base-port", &network.base_port().to_string()]);
	}
	command.output().expect("scripts/network runs")
}

#[test]
fn network_script_refuses_unknown_words() {
	let network = Network::new();
	let refuses = |words: &[&str], reason| {
		let output = network_script(&network, words);
		refused(&output, reason);
		assert_eq!(output.status.code(), Some(1), "{words:?}");
	};
	refuses(&["up", "nowhere"], "there is no node nowhere; they are north east south west");
	refuses(&["fly"], "unknown command fly; see scripts/network --help");
	refuses(&["down", "--fast"], "unknown option --fast; see scripts/network --help");
	refuses(&["kill"], "kill wants the nodes");
	refuses(&["up", "--base-port", "80"], "--base-port wants a number from 1024 to 65527, not 80");
	refuses(&["up", "--dir"], "--dir wants a value");
	refuses(&["status"], "not all four nodes run: scripts/network up starts the others");
	refuses(&["logs"], "there are no logs in");
	assert!(files_below(network.path()).is_empty(), "nothing is written");
}

/// On one network, whose nodes go on whatever they refuse.
#[tokio::test]
async fn a_network_refuses_what_it_cannot_do() {
	let network = Network::new();
	network_script_names_the_port_that_is_in_use(&network);
	rpc_refuses_what_it_cannot_answer(&network).await;
	data_of_another_genesis_is_refused_and_kept(&network).await;
}

fn network_script_names_the_port_that_is_in_use(network: &Network) {
	let taken = TcpListener::bind(("127.0.0.1", network.base_port() + 2)).unwrap();
	let output = network_script(network, &["up"]);
	refused(&output, &format!("port {}, for south, is in use", network.base_port() + 2));
	assert!(files_below(network.path()).is_empty(), "nothing is written");
	// Freed, the same command goes on.
	drop(taken);
	let output = network_script(network, &["up"]);
	assert!(output.status.success(), "{output:?}");
}

async fn rpc_refuses_what_it_cannot_answer(network: &Network) {
	let chain = Chain::connect(&network.url(0)).await;
	let nowhere = medblock_runtime::Hash::repeat_byte(7);
	for limit in [0, 257, u32::MAX] {
		let params = rpc_params![Option::<u32>::None, limit];
		let (code, message) = chain.refusal("consortium_hospitals", params).await.unwrap();
		assert_eq!((code, message.as_str()), (-32602, "limit has to be 1 to 256"));
	}
	let (code, _) = chain.refusal("consortium_hospitals", rpc_params!["x"]).await.unwrap();
	assert_eq!(code, -32602);
	for method in ["consortium_author", "consortium_authorizedNodes", "consortium_portalReleases"] {
		let (code, message) = chain.refusal(method, rpc_params![nowhere]).await.unwrap();
		assert_eq!(code, -32001, "{message}");
	}
	let (code, message) = chain.refusal("consortium_hospital", rpc_params![4]).await.unwrap();
	assert_eq!(code, -32004, "{message}");
	// Unsafe methods are for whoever starts the node with them.
	assert!(chain.refusal("author_rotateKeys", rpc_params![]).await.is_some());
	// And the node goes on.
	let now = chain.best().await.number;
	eventually("a block", || async { (chain.best().await.number > now).then_some(()) }).await;
}

/// Two chains with the same id: the second node must not go on with the first one's data.
async fn data_of_another_genesis_is_refused_and_kept(network: &Network) {
	let chain = Chain::connect(&network.url(0)).await;
	let genesis = chain.hash_of(0).await;
	let final_block = chain.finalized().await.1.number;
	drop(chain);
	network.down().await;
	let base = network.path().join("north").display().to_string();
	// Without metrics: another node on this machine may serve its own on the usual port.
	let common = ["--chain", "local", "--base-path", &base];
	let ports = ["--rpc-port", "0", "--port", "0", "--no-prometheus"];
	let output = node(&[&common[..], &ports[..]].concat());
	refused(&output, "belongs to another chain");
	refused(&output, "purge-chain");

	network.up(&[]).await;
	let chain = Chain::connect(&network.url(0)).await;
	assert_eq!(chain.hash_of(0).await, genesis);
	eventually("the old chain goes on", || async {
		(chain.finalized().await.1.number > final_block).then_some(())
	})
	.await;
}
