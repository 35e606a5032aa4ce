//! Campaigns end with all that they have started, and take no network but their own. `scripts/campaign` runs them.

use medblock_e2e::{binary, eventually};
use std::{
	fs,
	path::PathBuf,
	process::{Output, Stdio},
};
use tokio::process::Command;

/// The nodes of a campaign.
const NODES: usize = 4;
/// All that it starts, and that goes on: the nodes, PostgreSQL and two vaults.
const ALL: usize = NODES + 3;

fn campaign(words: &[&str]) -> Command {
	let mut command = Command::new(binary("medblock-e2e").unwrap());
	command.arg("campaign").args(words).stdin(Stdio::null()).kill_on_drop(true);
	command.stdout(Stdio::piped()).stderr(Stdio::piped());
	command
}

fn said(output: &Output) -> String {
	String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The processes that this one has started in temporary folders, and these folders.
fn started_by(parent: u32) -> Vec<(u32, PathBuf)> {
	let temporary = std::env::temp_dir().canonicalize().unwrap();
	let processes = fs::read_dir("/proc").unwrap().flatten();
	let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
	let found = numbers.filter_map(|process: u32| {
		let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
		// The state and the parent follow the name, which may have any letters in it.
		let (_, rest) = status.rsplit_once(')')?;
		let is_child = rest.split_whitespace().nth(1)?.parse::<u32>() == Ok(parent);
		let folder = fs::read_link(format!("/proc/{process}/cwd")).ok()?;
		(is_child && folder.starts_with(&temporary)).then_some((process, folder))
	});
	found.collect()
}

#[tokio::test]
async fn campaign_that_is_interrupted_leaves_nothing_behind() {
	let running = campaign(&["--seed", "1", "--episodes", "1"]).spawn().unwrap();
	let own = running.id().unwrap();
	// One after the other: a network takes long to start beside others.
	let mut started = Vec::new();
	for count in [NODES, ALL] {
		started = eventually("its programs run", || async {
			let started = started_by(own);
			(started.len() >= count).then_some(started)
		})
		.await;
	}
	// As by Ctrl-C in a terminal, but for the others of the terminal.
	let signal = ["-INT", &own.to_string()];
	assert!(Command::new("kill").args(signal).status().await.unwrap().success());
	let output = running.wait_with_output().await.unwrap();
	assert!(!output.status.success());
	assert!(said(&output).contains("interrupted: all that was started has ended"), "{output:?}");
	for (process, folder) in started {
		eventually("it has ended", || async {
			let now = fs::read_link(format!("/proc/{process}/cwd"));
			now.is_err().then_some(())
		})
		.await;
		assert!(!folder.exists(), "{} is left", folder.display());
	}
}

#[tokio::test]
async fn campaign_of_nothing_and_one_of_another_network_are_refused() {
	for (words, says) in [
		(&["--seed", "1", "--episodes", "0"][..], "there is nothing to do"),
		(&["--episodes", "3", "--only", "7"][..], "there is nothing to do"),
		(&["--node", "ws://127.0.0.1:9944"][..], "unknown option --node"),
		(&["--episodes", "many"][..], "many is no number"),
		(&["--seed"][..], "--seed wants a value"),
	] {
		let output = campaign(words).output().await.unwrap();
		assert!(!output.status.success(), "{words:?}");
		assert!(said(&output).contains(says), "{words:?}: {output:?}");
	}
}
