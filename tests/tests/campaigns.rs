//! Ten minutes of campaigns. They end with all that they have started, and take no network but their own.
//! `scripts/campaign` runs more of them.

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

/// Runs these episodes of a seed, beside other networks. No rule is broken, and each is tried.
async fn keeps_all_rules(words: &[&str]) {
	let run = campaign(&[words, &["--shrinks", "0", "--busy"]].concat()).output().await.unwrap();
	let printed = String::from_utf8_lossy(&run.stdout);
	assert!(run.status.success(), "{words:?}: {}{printed}", said(&run));
	println!("{printed}");
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

/// The bucket, the database, both vaults, and partitions 1|3 and 2|2.
#[tokio::test]
async fn faults_of_storage_and_partitions_break_no_rule() {
	keeps_all_rules(&["--seed", "22", "--episodes", "6"]).await;
}

/// A node whose power is cut, two dead nodes, one that stands still, and a vault's wrong clock.
#[tokio::test]
async fn faults_of_nodes_and_of_a_clock_break_no_rule() {
	keeps_all_rules(&["--seed", "17", "--episodes", "10", "--only", "0,2,7,9"]).await;
}
