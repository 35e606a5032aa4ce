//! What the end-to-end tests have in common: a network of real nodes, and transactions on it.
//!
//! The nodes are those of `scripts/network`, which is also how people run them. Nothing is mocked
//! and nothing sleeps: a test waits for what it expects, and fails when it has not come in time.

mod attacker;
mod chain;
mod council;
mod extra_node;
mod gateway;
mod liar;
mod lying_vault;
mod network;
mod people;
mod program;
mod wallet;
mod wire;

pub use attacker::{Attacker, files};
pub use chain::Chain;
pub use council::{Timed, council_decides, council_enacts, well_known};
pub use extra_node::{ExtraNode, ExtraProcess, session_keys};
pub use gateway::{Gateway, binary};
pub use liar::{Liar, Lie};
pub use lying_vault::{HiddenGateway, LyingVault, Trick};
pub use network::{Network, NetworkStatus, NodeStatus, node_binary};
pub use people::{Consortium, Person, must, new_file, urls};
pub use program::{Program, Ran};
pub use wallet::Wallet;
pub use wire::{Cut, Then, Wire};

use std::{
	future::Future,
	time::{Duration, Instant},
};

/// How long a test waits for one thing.
const PATIENCE: Duration = Duration::from_secs(90);

/// Asks again and again until there is an answer, and fails the test when there is none in time.
pub async fn eventually<T, F, R>(what: &str, mut ask: F) -> T
where
	F: FnMut() -> R,
	R: Future<Output = Option<T>>,
{
	let start = Instant::now();
	loop {
		if let Some(answer) = ask().await {
			return answer;
		}
		assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
		tokio::time::sleep(Duration::from_millis(200)).await;
	}
}
