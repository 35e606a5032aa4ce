//! Merkle trees over lists that only grow (RFC 9162, §2.1; RFC 6962 has the same), with SHA-256.
//!
//! A tree is made of *perfect* subtrees: of 2^level neighbouring leaves. Their hashes never change, so a vault
//! stores these alone, and each is written once. A hash in a proof is that of a [`Span`] of leaves, which one perfect
//! subtree or several make up.

use crate::Hash;
use sha2::{Digest as _, Sha256};

/// The most hashes in a proof: a tree has fewer than 2^64 leaves.
pub const MAX_PROOF: usize = 65;

/// The hash of a leaf with this content.
pub fn leaf_hash(content: &[u8]) -> Hash {
	Sha256::new().chain_update([0]).chain_update(content).finalize().into()
}

/// The hash of a node above these two.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
	Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash of the tree without leaves.
pub fn empty_root() -> Hash {
	Sha256::new().finalize().into()
}

/// A perfect subtree: the one with this index among those of 2^level leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subtree {
	/// The number of levels between its root and its leaves.
	pub level: u32,
	/// The number of subtrees of this level to its left.
	pub index: u64,
}

/// Neighbouring leaves, of which a proof has the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
	from: u64,
	to: u64,
}

impl Span {
	/// The perfect subtrees that make it up, from the left.
	pub fn subtrees(self) -> Vec<Subtree> {
		let mut subtrees = Vec::new();
		let mut from = self.from;
		while from < self.to {
			// Spans begin where any subtree that fits into them may begin.
			let level = (self.to - from).ilog2();
			subtrees.push(Subtree { level, index: from >> level });
			from += 1u64 << level;
		}
		subtrees
	}

	/// Its hash, out of the hashes of [`Span::subtrees`].
	fn hash(hashes: impl DoubleEndedIterator<Item = Hash>) -> Hash {
		let joined = hashes.rev().reduce(|right, left| node_hash(&left, &right));
		joined.unwrap_or_else(empty_root)
	}
}

/// The number of leaves to the left of a tree's root, for a tree of at least two.
fn left_of_root(leaves: u64) -> u64 {
	1 << (leaves - 1).ilog2()
}

/// The spans of the proof that a tree of this size has the leaf `index`. `None` if it has no such leaf.
pub fn inclusion_spans(index: u64, size: u64) -> Option<Vec<Span>> {
	if index >= size {
		return None;
	}
	let mut spans = Vec::new();
	let (mut from, mut to) = (0, size);
	while to - from > 1 {
		let middle = from + left_of_root(to - from);
		if index < middle {
			spans.push(Span { from: middle, to });
			to = middle;
		} else {
			spans.push(Span { from, to: middle });
			from = middle;
		}
	}
	spans.reverse();
	Some(spans)
}

/// The spans of the proof that a tree of `size` leaves begins with the one of `old` leaves. `None` if it has
/// fewer.
pub fn consistency_spans(old: u64, size: u64) -> Option<Vec<Span>> {
	if old > size {
		return None;
	}
	if old == 0 {
		return Some(Vec::new());
	}
	let mut spans = Vec::new();
	let (mut from, mut to) = (0, size);
	while to != old {
		let middle = from + left_of_root(to - from);
		if old <= middle {
			spans.push(Span { from: middle, to });
			to = middle;
		} else {
			spans.push(Span { from, to: middle });
			from = middle;
		}
	}
	// The verifier knows the hash of the old tree, and of no part of it.
	if from > 0 {
		spans.push(Span { from, to });
	}
	spans.reverse();
	Some(spans)
}

/// The hashes of a proof, out of those of perfect subtrees.
///
/// # Errors
///
/// Those of `hash_of`.
pub fn prove<Error>(
	spans: &[Span],
	mut hash_of: impl FnMut(Subtree) -> Result<Hash, Error>,
) -> Result<Vec<Hash>, Error> {
	let mut proof = Vec::with_capacity(spans.len());
	for span in spans {
		let hashes: Vec<Hash> =
			span.subtrees().into_iter().map(&mut hash_of).collect::<Result<_, _>>()?;
		proof.push(Span::hash(hashes.into_iter()));
	}
	Ok(proof)
}

/// The growing edge of a tree: what appending needs to know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
	size: u64,
	/// The hashes of the perfect subtrees that make the tree up, from the left.
	peaks: Vec<Hash>,
}

impl Edge {
	/// The edge of a tree of this size.
	///
	/// # Errors
	///
	/// Those of `hash_of`, which gives the hashes of perfect subtrees.
	pub fn of<Error>(
		size: u64,
		hash_of: impl FnMut(Subtree) -> Result<Hash, Error>,
	) -> Result<Self, Error> {
		let peaks = Span { from: 0, to: size }.subtrees();
		Ok(Self { size, peaks: peaks.into_iter().map(hash_of).collect::<Result<_, _>>()? })
	}

	/// The number of leaves.
	pub fn size(&self) -> u64 {
		self.size
	}

	/// The tree's root.
	pub fn root(&self) -> Hash {
		Span::hash(self.peaks.iter().copied())
	}

	/// Appends a leaf. Gives the perfect subtrees that it completes, the leaf itself first.
	pub fn append(&mut self, leaf: Hash) -> Vec<(Subtree, Hash)> {
		let mut subtree = Subtree { level: 0, index: self.size };
		let mut hash = leaf;
		let mut completed = vec![(subtree, hash)];
		while subtree.index % 2 == 1
			&& let Some(left) = self.peaks.pop()
		{
			hash = node_hash(&left, &hash);
			subtree = Subtree { level: subtree.level + 1, index: subtree.index / 2 };
			completed.push((subtree, hash));
		}
		self.peaks.push(hash);
		self.size += 1;
		completed
	}
}

/// A tree, as its root commits to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
	/// The number of leaves.
	pub size: u64,
	/// The root.
	pub root: Hash,
}

impl Tree {
	/// Whether the proof shows that this leaf is at this place of the tree.
	pub fn includes(&self, index: u64, leaf: &Hash, proof: &[Hash]) -> bool {
		let Some(spans) = inclusion_spans(index, self.size) else { return false };
		if spans.len() != proof.len() {
			return false;
		}
		let root =
			spans.iter().zip(proof).fold(*leaf, |hash, (span, other)| match span.from > index {
				true => node_hash(&hash, other),
				false => node_hash(other, &hash),
			});
		root == self.root
	}

	/// Whether the proof shows that the later tree begins with all leaves of this one, in their order.
	pub fn grew_into(&self, later: &Self, proof: &[Hash]) -> bool {
		let Some(spans) = consistency_spans(self.size, later.size) else { return false };
		if spans.len() != proof.len() {
			return false;
		}
		if self.size == 0 {
			return self.root == empty_root();
		}
		let mut steps = spans.iter().zip(proof);
		// The last leaves of the old tree. They are a part of it, unless the old tree is perfect.
		let is_part = spans.first().is_some_and(|span| span.to == self.size);
		let seed = match is_part {
			true => steps.next().map_or(self.root, |(_, hash)| *hash),
			false => self.root,
		};
		let (mut old, mut new) = (seed, seed);
		for (span, other) in steps {
			if span.from >= self.size {
				new = node_hash(&new, other);
			} else {
				old = node_hash(other, &old);
				new = node_hash(other, &new);
			}
		}
		old == self.root && new == later.root
	}
}

#[cfg(test)]
mod tests;
