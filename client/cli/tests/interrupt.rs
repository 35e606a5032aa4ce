//! A command that waits for the network can be interrupted.

use std::{
	net::{TcpListener, TcpStream},
	process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A command that waits for a node, which has taken the call and never answers. The option is for
/// `env` of coreutils: the user who runs the tests may have SIGHUP ignored.
fn waiting(hangup: &str) -> (Child, TcpStream, TempDir) {
	let silent = TcpListener::bind("127.0.0.1:0").unwrap();
	let url = format!("ws://{}", silent.local_addr().unwrap());
	let home = tempfile::tempdir().unwrap();
	let client = Command::new("env")
		.args([hangup, env!("CARGO_BIN_EXE_medblock")])
		.args(["network", "status", "--node", &url, "--home"])
		.arg(home.path())
		.stdin(Stdio::null())
		.stderr(Stdio::piped())
		.spawn()
		.unwrap();
	let (connection, _) = silent.accept().unwrap();
	(client, connection, home)
}

fn send(signal: &str, client: &Child) {
	let id = client.id().to_string();
	assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

#[test]
fn interrupted_command_exits_with_130() {
	for signal in ["-INT", "-TERM", "-HUP"] {
		let (client, _connection, _home) = waiting("--default-signal=HUP");
		send(signal, &client);
		let ended = client.wait_with_output().unwrap();
		assert_eq!(ended.status.code(), Some(130), "{signal}");
		assert_eq!(String::from_utf8(ended.stderr).unwrap(), "error: interrupted\n", "{signal}");
	}
}

#[test]
fn command_under_nohup_goes_on_when_its_terminal_is_closed() {
	let (client, connection, _home) = waiting("--ignore-signal=HUP");
	send("-HUP", &client);
	// It is there to see what becomes of the node.
	drop(connection);
	let ended = client.wait_with_output().unwrap();
	assert_eq!(ended.status.code(), Some(6), "{}", String::from_utf8_lossy(&ended.stderr));
}
