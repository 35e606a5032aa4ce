//! Another hospital's node, which has to agree before anything is deleted.
//!
//! One node alone may be broken, or lie: to a node whose history is empty, no chart names any file.

use super::{MAX_AGE, each_document, view::bounded, wall_clock};
use crate::{blob::Digest, errors::Held};
use medblock_chain::{At, Chain, Error, Nodes};
use medblock_primitives::{Document, Moment, PatientId};
use std::collections::HashSet;

/// The nodes of other hospitals, of which one has to agree.
pub struct Witness {
	urls: Vec<String>,
}

impl Witness {
	/// The nodes at these WebSocket addresses.
	pub fn new(urls: Vec<String>) -> Self {
		Self { urls }
	}

	/// The first of them that answers, beside the vault's own node.
	pub(super) async fn beside(&self, own: &Chain) -> Result<Witnessed, Held> {
		let mut held = Held::NoWitness;
		for url in &self.urls {
			let nodes = match Chain::connect(url).await {
				Ok(other) => Nodes::of(own.clone(), other).await,
				Err(why) => Err(why),
			};
			match nodes {
				Ok(nodes) => return Ok(Witnessed { nodes }),
				Err(why) => held = reason(&why),
			}
		}
		Err(held)
	}
}

/// The vault's node and another hospital's.
pub struct Witnessed {
	nodes: Nodes,
}

impl Witnessed {
	/// The digests among these that a record or the profile of the chart names at the last block that is final on both
	/// nodes, and that block's time. Both have to give the same answer.
	pub async fn named(
		&self,
		patient: PatientId,
		digests: &[Digest],
	) -> Result<(HashSet<Digest>, Moment), Held> {
		let agreed = self.nodes.agreed().await.map_err(|why| reason(&why))?;
		let asked = agreed.read("the time", |at| async move { at.now().await }).await;
		let (time, wall) = (asked.map_err(|why| reason(&why))?, wall_clock());
		if !is_near(time, wall) {
			return Err(Held::Clock);
		}
		let wanted: HashSet<Digest> = digests.iter().copied().collect();
		let question = |at| named_at(at, patient, &wanted);
		let found = agreed.read("what a chart names", question).await;
		Ok((found.map_err(|why| reason(&why))?, bounded(time, wall)))
	}
}

/// Whether a block's time is this machine's, but for a minute.
fn is_near(block: Moment, wall: Moment) -> bool {
	block.abs_diff(wall) <= MAX_AGE
}

async fn named_at(
	at: At,
	patient: PatientId,
	wanted: &HashSet<Digest>,
) -> Result<HashSet<Digest>, Error> {
	let mut found = HashSet::new();
	let note = |document: &Document| {
		found.extend(Some(Digest(document.digest)).filter(|digest| wanted.contains(digest)));
	};
	each_document(&at, patient, note).await?;
	Ok(found)
}

/// Why nothing is deleted after this error.
fn reason(why: &Error) -> Held {
	let held = match why {
		Error::NodesDisagree { .. } | Error::OtherChain { .. } => Held::Disagreement,
		Error::NodeBehind { .. } => Held::Behind,
		Error::SameNode { .. } | Error::SameHospital { .. } => Held::NoWitness,
		_ => Held::WitnessAway,
	};
	tracing::warn!(reason = held.as_str(), %why, "two hospitals' nodes do not agree on what is due");
	held
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_block_is_near_for_a_minute_in_either_direction() {
		let wall = 1_780_000_000_000;
		for near in [wall - 60_000, wall, wall + 60_000] {
			assert!(is_near(near, wall), "{near}");
		}
		for far in [0, wall - 60_001, wall + 60_001, Moment::MAX] {
			assert!(!is_near(far, wall), "{far}");
		}
	}

	#[test]
	fn a_contradiction_is_told_from_a_node_that_is_away() {
		let urls = || ("ws://a".to_owned(), "ws://b".to_owned());
		let (first, second) = urls();
		let what = "what a chart names".to_owned();
		let disagree = Error::NodesDisagree { first, second, what };
		assert_eq!(reason(&disagree), Held::Disagreement);
		let (url, why) = urls();
		assert_eq!(reason(&Error::NodeUnreachable { url, why }), Held::WitnessAway);
		let (first, second) = urls();
		assert_eq!(reason(&Error::SameNode { first, second }), Held::NoWitness);
	}
}
