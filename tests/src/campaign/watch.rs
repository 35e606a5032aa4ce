//! Those who watch the network all the time, and tell the history what they see.

use super::{
	history::{File, Log},
	load::People,
	plan::{NODES, VAULTS},
	watched::Watched,
	world::{HEALED, World, text},
};
use crate::{Dice, Hospital, Person};
use futures::future::join_all;
use medblock_launcher::Rpc;
use medblock_primitives::HospitalId;
use serde_json::{Value, json};
use std::{
	collections::BTreeSet,
	path::{Path, PathBuf},
	process::Command,
	time::{Duration, Instant},
};
use tokio::task::spawn_blocking;

/// The time between two questions for a node's last final block.
const OFTEN: Duration = Duration::from_millis(400);
/// The time between two looks at the vaults' logs and figures.
const SOMETIMES: Duration = Duration::from_secs(3);
/// How many of the older files an audit asks for, besides those that came since the last one.
const SAMPLE: usize = 12;

/// Watches until all is over.
pub async fn watch(world: &World, people: &People, observer: &Person, watched: &Watched) {
	let nodes = (0..NODES).map(|node| watch_node(world, node, watched));
	let words = people.words();
	let vaults = watch_vaults(world, &words, watched);
	tokio::join!(join_all(nodes), vaults, watch_anchors(observer, watched));
}

/// Every height that becomes final at a node.
async fn watch_node(world: &World, node: usize, watched: &Watched) {
	let rpc = world.network().launcher().rpc(Hospital::ALL[node % NODES]);
	let mut next = 1;
	while !watched.is_over() {
		if let Ok(head) = rpc.finalized().await {
			watched.note(|history| history.head(node, head.number));
			next = tell_heights(&rpc, node, next, head.number, watched).await;
		}
		watched.pause(OFTEN).await;
	}
}

/// Tells the history a node's final blocks from one height to another; gives the first that the node did not tell.
pub async fn tell_heights(rpc: &Rpc, node: usize, from: u32, to: u32, watched: &Watched) -> u32 {
	for number in from..=to {
		let asked: medblock_launcher::Result<Option<String>> =
			rpc.ask("chain_getBlockHash", json!([number])).await;
		let Ok(Some(hash)) = asked else { return number };
		watched.note(|history| history.finalized(node, number, &hash));
	}
	to.saturating_add(1).max(from)
}

/// Compares all heights of all nodes once more, from the first. All of them have to answer.
pub async fn compare_all(world: &World, watched: &Watched) -> super::world::Result<()> {
	for node in 0..NODES {
		let rpc = world.network().launcher().rpc(Hospital::ALL[node]);
		let head = rpc.finalized().await.map_err(text)?.number;
		let (mut next, began) = (1, Instant::now());
		while next <= head {
			if began.elapsed() > HEALED {
				return Err(format!("node {node} does not tell its block {next}"));
			}
			next = tell_heights(&rpc, node, next, head, watched).await;
			if next <= head {
				// A node that is busy answers later.
				watched.pause(OFTEN).await;
			}
		}
	}
	Ok(())
}

/// The vaults' logs of disclosures, and everyone's figures, which show nothing in clear.
async fn watch_vaults(world: &World, words: &[String], watched: &Watched) {
	while !watched.is_over() {
		for (number, house) in world.vaults.iter().enumerate() {
			let log = page(&format!("{}/v1/log", house.vault.own_url())).await;
			if let Some(log) = log.and_then(|log| log_of(&serde_json::from_str(&log).ok()?)) {
				watched.note(|history| history.log(number, log));
			}
		}
		let of_vaults = world.vaults.iter().map(|house| house.metrics.clone());
		let of_nodes = (0..NODES as u16).map(|node| world.network().metrics_url(node));
		for url in of_vaults.chain(of_nodes) {
			let Some(figures) = page(&url).await else { continue };
			let found = words.iter().find(|word| figures.contains(word.as_str()));
			watched.note(|history| history.searched(&url, found.map(String::as_str)));
		}
		watched.pause(SOMETIMES).await;
	}
}

/// What is at an address of this machine, if it answers in time, and well.
pub async fn page(url: &str) -> Option<String> {
	let builder = reqwest::Client::builder().no_proxy().tls_built_in_root_certs(false);
	let client = builder.timeout(Duration::from_secs(5)).build().ok()?;
	let answer = client.get(url).send().await.ok()?;
	if !answer.status().is_success() {
		return None;
	}
	answer.text().await.ok()
}

/// The log that a vault tells.
fn log_of(told: &Value) -> Option<Log> {
	let number = u32::try_from(told["log"].as_u64()?).ok()?;
	Some(Log { number, size: told["size"].as_u64()?, root: told["root"].as_str()?.to_owned() })
}

/// The anchors of the vaults' logs on the chain.
async fn watch_anchors(observer: &Person, watched: &Watched) {
	while !watched.is_over() {
		for hospital in 0..VAULTS as u32 {
			let Ok(at) = observer.client.chain().finalized().await else { continue };
			let anchors = at.disclosure_anchors(HospitalId(hospital), None).await;
			for (number, anchor) in anchors.unwrap_or_default() {
				let root = anchor.root.iter().map(|byte| format!("{byte:02x}")).collect();
				let log = Log { number: anchor.log, size: anchor.size, root };
				watched.note(|history| history.anchor(hospital, number, log));
			}
		}
		watched.pause(5 * SOMETIMES).await;
	}
}

/// Has every file since the last audit be served, and some of the older ones; all of them if `all` says so.
pub struct Audits {
	seen: BTreeSet<File>,
	dice: Dice,
}

impl Audits {
	/// Before the first.
	pub fn new(seed: u64) -> Self {
		Self { seen: BTreeSet::new(), dice: Dice::of_part(seed, 1) }
	}

	/// Audits. The network has to be well.
	pub async fn audit(&mut self, people: &People, watched: &Watched, stalled: bool, all: bool) {
		let known = watched.note(|history| history.files());
		let (mut old, mut wanted): (Vec<File>, Vec<File>) =
			known.iter().copied().partition(|file| self.seen.contains(file));
		self.dice.shuffle(&mut old);
		old.truncate(if all { old.len() } else { SAMPLE });
		wanted.extend(old);
		self.seen.extend(known);
		watched.note(|history| history.audit(&wanted, stalled));
		let began = Instant::now();
		loop {
			for file in watched.note(|history| history.owed()) {
				people.reads(file, watched).await;
			}
			let is_done = watched.note(|history| history.owed().is_empty());
			if is_done || began.elapsed() > HEALED {
				break;
			}
			tokio::time::sleep(Duration::from_secs(1)).await;
		}
		watched.note(|history| history.audit_over());
	}
}

/// Searches folders for words in clear. What does not find a word where it is searches nothing: each word is planted in each
/// folder, has to be found there, and is taken away.
pub async fn search(
	folders: &[&Path],
	words: &[String],
	watched: &Watched,
) -> super::world::Result<()> {
	for folder in folders {
		let planted: Vec<PathBuf> =
			(0..words.len()).map(|number| folder.join(format!("planted-{number}"))).collect();
		for (path, word) in planted.iter().zip(words) {
			std::fs::write(path, word).map_err(text)?;
		}
		let found = found_in(folder, words).await;
		for path in &planted {
			std::fs::remove_file(path).map_err(text)?;
		}
		let found = found?;
		if let Some(missed) = planted.iter().find(|path| !found.contains(path)) {
			return Err(format!("the search does not find what is in {}", missed.display()));
		}
		let leak = found.iter().find(|path| !planted.contains(path));
		let place = leak.map_or(*folder, PathBuf::as_path).display().to_string();
		watched.note(|history| history.searched(&place, leak.map(|_| "one of the words")));
	}
	Ok(())
}

/// The files below a path that have one of these words. This is `grep`: a folder has gigabytes.
async fn found_in(place: &Path, words: &[String]) -> super::world::Result<Vec<PathBuf>> {
	let mut grep = Command::new("grep");
	grep.args(["--recursive", "--text", "--fixed-strings", "--files-with-matches"]);
	grep.args(["--no-messages", "--devices=skip"]);
	for word in words {
		grep.arg("-e").arg(word);
	}
	grep.arg("--").arg(place);
	let output = spawn_blocking(move || grep.output()).await.map_err(text)?.map_err(text)?;
	// 2 is for files that were deleted meanwhile, too. A search that was killed has not seen all.
	if output.status.code().is_none() {
		return Err(format!("the search of {} ended: {}", place.display(), output.status));
	}
	Ok(String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::campaign::history::{History, Rule};

	#[tokio::test]
	async fn words_are_found_in_files_of_any_kind_and_a_blind_search_is_none() {
		let folder = tempfile::TempDir::new().expect("a folder");
		let (clean, below) = (folder.path().join("clean"), folder.path().join("leaks/below"));
		for folder in [&clean, &below] {
			std::fs::create_dir_all(folder).expect("a folder");
		}
		std::fs::write(clean.join("file"), b"\0ciphertext").expect("a file");
		let words = ["the word".to_owned(), "another".to_owned()];
		let watched = Watched::new(false);
		search(&[&clean], &words, &watched).await.expect("it searches");
		assert!(!watched.is_broken());
		assert_eq!(watched.note(|history| history.checks(Rule::NothingInClear)), 1);
		assert!(search(&[&clean.join("gone")], &words, &watched).await.is_err());

		for word in ["the word", "another"] {
			let watched = Watched::new(false);
			let content = [&b"\0\xff"[..], word.as_bytes(), b"\0"].concat();
			std::fs::write(below.join("file"), content).expect("a file");
			search(&[&clean, &folder.path().join("leaks")], &words, &watched)
				.await
				.expect("it searches");
			let breaches = watched.note(|history: &mut History| history.breaches().to_vec());
			assert_eq!(breaches.len(), 1, "{word}: {breaches:?}");
			assert_eq!(breaches[0].rule, Rule::NothingInClear);
			assert!(breaches[0].what.contains("leaks/below/file"), "{breaches:?}");
		}
		let left: Vec<_> = std::fs::read_dir(&clean).expect("a folder").collect();
		assert_eq!(left.len(), 1, "what was planted is taken away");
	}

	#[test]
	fn a_vaults_log_is_read() {
		let told = json!({ "log": 1, "size": 9, "root": "0xab", "hospital": 0 });
		assert_eq!(log_of(&told), Some(Log { number: 1, size: 9, root: "0xab".to_owned() }));
		assert_eq!(log_of(&json!({ "size": 9 })), None);
	}
}
