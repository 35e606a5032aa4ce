//! A fresh node that takes the finished chain from another, with nothing else running.

use super::bench::Bench;
use medblock_e2e::{
	Chain,
	Hospital::{self, North, West},
	Up,
	load::{processes::Reading, report::Import},
};
use std::{
	fs,
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// The time between two looks at how far it is.
const PAUSE: Duration = Duration::from_millis(50);
/// The longest time that is waited.
const PATIENCE: Duration = Duration::from_secs(900);

/// Has the node of the last hospital begin with nothing: the first one's is the only other one that runs.
pub async fn import(bench: &Bench) -> Result<Import, String> {
	let goal = bench.chain.finalized().await.1.number;
	eprintln!("import of {goal} blocks by a fresh node");
	for hospital in Hospital::ALL.into_iter().filter(|one| *one != North) {
		bench.network.daemon(hospital).stop().await;
	}
	let chains = bench.network.path().join(West.name()).join("chains");
	// It has none if it never ran.
	for chain in fs::read_dir(chains).into_iter().flatten().flatten() {
		let database = chain.path().join("paritydb");
		if database.exists() {
			fs::remove_dir_all(database).map_err(|why| why.to_string())?;
		}
	}
	let arguments = bench.words.node_arguments.clone();
	let up = Up { only: vec![West], arguments, with_metrics: true, ..Up::default() };
	let (_, imported) = tokio::join!(bench.network.up_as(&up), importing(bench, goal));
	imported
}

async fn importing(bench: &Bench, goal: u32) -> Result<Import, String> {
	let node = Chain::connect(&bench.network.url(West.number())).await;
	let read = || Reading::of(bench.pid(West)?).map_err(|why| why.to_string());
	let started = Instant::now();
	let mut begun = None;
	while started.elapsed() < PATIENCE {
		let best = node.best().await.number;
		match &begun {
			// Until then, it is still looking for the other node.
			None if best > 0 => begun = Some((best, Instant::now(), read()?)),
			Some((first, since, before)) if best >= goal => {
				let spent = read()?.since(before);
				let (blocks, time) = (goal.saturating_sub(*first), since.elapsed());
				let transactions = bench.transactions_between(*first, goal);
				if transactions == 0 {
					return Err(
						"the fresh node had all blocks before it could be watched".to_owned()
					);
				}
				return Ok(Import { blocks: blocks as usize, transactions, time, spent });
			},
			_ => (),
		}
		sleep(PAUSE).await;
	}
	Err(format!("the fresh node did not reach block {goal} in time"))
}
