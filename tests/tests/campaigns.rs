//! Ten minutes of campaigns. They end with all that they have started, and take no network but their own.
//! `scripts/campaign` runs more of them.

use medblock_e2e::{
	binary,
	campaign::plan::{Kind, only, plan},
	eventually,
};
use std::{
	collections::BTreeSet,
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
	// One after the other: a network takes long to start beside others, and the database and the vaults follow it.
	let mut started = Vec::new();
	for count in [NODES, NODES + 1, ALL] {
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
		(&["--seed", "1", "--runs", "0", "--episodes", "1"][..], "there is nothing to do"),
		(&["--episodes", "many"][..], "many is no number"),
		(&["--sum"][..], "--sum wants files of results"),
		(&["--seed"][..], "--seed wants a value"),
	] {
		let output = campaign(words).output().await.unwrap();
		assert!(!output.status.success(), "{words:?}");
		assert!(said(&output).contains(says), "{words:?}: {output:?}");
	}
}

/// The seed, the number of episodes, and those of them that happen.
type Fixed = (u64, u64, &'static [u64]);
/// The bucket, the database, both vaults, and partitions 1|3 and 2|2.
const STORAGE_AND_PARTITIONS: Fixed = (22, 6, &[0, 1, 2, 3, 4, 5]);
/// A node whose power is cut, two dead nodes, one that stands still, a vault's wrong clock, and lines that lose or are slow.
const NODES_CLOCK_AND_LINES: Fixed = (17, 19, &[0, 2, 7, 9, 14, 18]);

async fn keeps_all_rules_in((seed, episodes, numbers): Fixed) {
	let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
	let (seed, episodes, numbers) = (seed.to_string(), episodes.to_string(), numbers.join(","));
	keeps_all_rules(&["--seed", &seed, "--episodes", &episodes, "--only", &numbers]).await;
}

#[tokio::test]
async fn faults_of_storage_and_partitions_break_no_rule() {
	keeps_all_rules_in(STORAGE_AND_PARTITIONS).await;
}

#[tokio::test]
async fn faults_of_nodes_clocks_and_lines_break_no_rule() {
	keeps_all_rules_in(NODES_CLOCK_AND_LINES).await;
}

/// If plans change, other seeds may be needed.
#[test]
fn fixed_seeds_cause_all_faults_but_those_that_other_stories_cause() {
	let fixed = [STORAGE_AND_PARTITIONS, NODES_CLOCK_AND_LINES];
	let episodes = fixed.iter().flat_map(|(seed, all, some)| only(plan(*seed, *all), some));
	let caused: BTreeSet<Kind> = episodes.map(|episode| episode.kind).collect();
	let left: BTreeSet<Kind> = Kind::all().filter(|kind| !caused.contains(kind)).collect();
	let elsewhere = [
		// With power cuts, two dead nodes and nodes that stand still, a milder case.
		Kind::NodeKilled,
		Kind::NodeRestarted,
		Kind::VaultStopped,
		// clocks.rs, upgrade.rs, membership.rs
		Kind::NodeClock,
		Kind::Upgrade,
		Kind::Membership,
		// Takes root: scripts/drill disk-full.
		Kind::VaultDiskFull,
	];
	assert_eq!(left, BTreeSet::from(elsewhere));
}

#[tokio::test]
async fn results_of_several_files_are_added_up_and_what_is_none_is_refused() {
	let folder = tempfile::TempDir::new().unwrap();
	let (results, notes) = (folder.path().join("results"), folder.path().join("notes"));
	let [episode, run] = [
		r#"{"line":"episode","run":"R","seed":7,"number":3,"fault":"node killed","leftOut":null,"followed":2100,"well":2300,"lags":[600],"calls":2,"files":1,"restarted":[],"broken":[]}"#,
		r#"{"line":"run","run":"R","seed":7,"commit":"c0ffee","isBusy":false,"took":3600000,"lags":[500],"tried":{"Heals":1},"notTried":[],"breaches":[],"stopped":null}"#,
	];
	let lines = |name: &str| format!("{episode}\n{run}\n").replace("\"R\"", &format!("\"{name}\""));
	fs::write(&results, lines("a") + &lines("b")).unwrap();
	fs::write(&notes, "mine\n").unwrap();
	let results = results.to_str().unwrap();
	let output = campaign(&["--sum", results]).output().await.unwrap();
	let printed = String::from_utf8(output.stdout.clone()).unwrap();
	assert!(output.status.success(), "{output:?}");
	assert!(
		printed.starts_with("2 episodes, 1 different ones, in 2 runs of 2.0 hours"),
		"{printed}"
	);
	assert!(printed.contains("No rule was broken."), "{printed}");
	for (words, says) in [
		(["--sum", notes.to_str().unwrap()].as_slice(), "notes:1: this is no line of results"),
		(["--sum", results, results].as_slice(), "one run is there twice"),
		(
			["--seed", "1", "--episodes", "1", "--results", notes.to_str().unwrap()].as_slice(),
			"notes:1",
		),
	] {
		let output = campaign(words).output().await.unwrap();
		assert!(!output.status.success(), "{words:?}");
		assert!(said(&output).contains(says), "{words:?}: {output:?}");
	}
	assert_eq!(fs::read_to_string(notes).unwrap(), "mine\n");
}
