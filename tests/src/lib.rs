//! What the end-to-end stories have in common: people and transactions on a network of real nodes.
//!
//! `medblock-launcher` starts the nodes and vaults, as it does for people. Nothing is mocked and nothing
//! sleeps: a story waits for what it expects, and fails when it has not come in time.

pub mod arguments;
mod attacker;
pub mod campaign;
mod chain;
mod clock;
mod connect_proxy;
mod council;
mod deaf;
mod dice;
pub mod dicom;
mod extra_node;
mod fifth;
pub mod forms;
mod gateway;
mod hold;
mod lags;
mod liar;
mod line;
pub mod load;
mod lying_vault;
pub mod made_up;
mod network;
mod people;
mod program;
mod requests;
mod running;
mod signing;
mod typist;
mod wallet;
mod wire;

pub use attacker::{Attacker, files, opened};
pub use chain::Chain;
pub use clock::ahead;
pub use connect_proxy::{ConnectProxy, Secured};
pub use council::{Timed, council_decides, council_enacts, well_known};
pub use deaf::Deaf;
pub use dice::Dice;
pub use extra_node::{ExtraNode, session_keys};
pub use fifth::{
	council_admits_fifth, council_expels_fifth, council_lets_in, fifth_authors, four_go_on,
};
pub use gateway::Gateway;
pub use hold::Hold;
pub use lags::{Lags, News};
pub use liar::{Liar, Lie};
pub use line::Line;
pub use lying_vault::{LyingVault, Trick};
pub use medblock_launcher::{Hospital, Item, Ran, Specification, Up, binary};
pub use network::Network;
pub use people::{Consortium, Person, known_seed, must, new_file, urls};
pub use program::{Program, is_unconfirmed};
pub use requests::Requests;
pub use running::Running;
pub use signing::Form;
pub use typist::Typist;
pub use wallet::Wallet;
pub use wire::{Cut, Then, Wire};

use std::{future::Future, time::Duration};

/// How long a test waits for one thing.
const PATIENCE: Duration = Duration::from_secs(90);

/// The time between two questions.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks again and again until there is an answer, and fails the test when there is none in time.
pub async fn eventually<T, F, R>(what: &str, mut ask: F) -> T
where
	F: FnMut() -> R,
	R: Future<Output = Option<T>>,
{
	// Not by the launcher's: a task may only be given to another thread if its closures are ordinary ones.
	let asking = async {
		loop {
			if let Some(answer) = ask().await {
				return answer;
			}
			tokio::time::sleep(PAUSE).await;
		}
	};
	tokio::time::timeout(PATIENCE, asking)
		.await
		.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
