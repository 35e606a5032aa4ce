//! A command that waits for the network can be interrupted.

#![allow(clippy::unwrap_used)]

use std::{
	net::TcpListener,
	process::{Command, Stdio},
};

fn interrupted_by(signal: &str) {
	// A node that takes the call, and never says anything.
	let silent = TcpListener::bind("127.0.0.1:0").unwrap();
	let url = format!("ws://{}", silent.local_addr().unwrap());
	let home = tempfile::tempdir().unwrap();
	let client = Command::new(env!("CARGO_BIN_EXE_medblock"))
		.args(["network", "status", "--node", &url, "--home"])
		.arg(home.path())
		.stdin(Stdio::null())
		.stderr(Stdio::piped())
		.spawn()
		.unwrap();
	let _connection = silent.accept().unwrap();
	let id = client.id().to_string();
	assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
	let ended = client.wait_with_output().unwrap();
	assert_eq!(ended.status.code(), Some(130));
	assert_eq!(String::from_utf8(ended.stderr).unwrap(), "error: interrupted\n");
}

#[test]
fn interrupted_command_exits_with_130() {
	interrupted_by("-INT");
	interrupted_by("-TERM");
}
