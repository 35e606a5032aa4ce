//! The hashes of a log's tree, in one file that only grows.
//!
//! A tree is made of perfect subtrees, whose hashes never change ([`medblock_receipts::Edge`]). The file has them in the
//! order in which they are completed, so that a leaf comes with the subtrees that it completes, and each has a place
//! that can be computed.

use crate::files;
use medblock_receipts::{Edge, Hash, Span, Subtree, node_hash, prove};
use std::{fs::File, io, os::unix::fs::FileExt, path::Path};

/// The bytes of a hash.
const LENGTH: u64 = 32;

/// The last leaves that are looked at when the file is opened: more than are ever written at once. After a power
/// failure, some of these may be torn.
const TAIL: u64 = 4_096;

/// The file.
pub(super) struct Hashes(File);

impl Hashes {
	/// Opens the file, and gives the edge of its tree. Leaves that a crash has torn are cut off: nothing was given out
	/// for them.
	pub(super) fn open(path: &Path) -> io::Result<(Self, Edge)> {
		let is_new = !path.exists();
		let file = files::private().read(true).open(path)?;
		if is_new {
			files::sync_folder_of(path)?;
		}
		let hashes = Self(file);
		let there = whole(hashes.0.metadata()?.len() / LENGTH);
		let mut leaves = there;
		for leaf in there.saturating_sub(TAIL)..there {
			if !hashes.is_sound(leaf)? {
				leaves = leaf;
				break;
			}
		}
		hashes.0.set_len(before(leaves) * LENGTH)?;
		let edge = Edge::of(leaves, |subtree| hashes.hash(subtree))?;
		Ok((hashes, edge))
	}

	/// The hash of a subtree of the tree.
	pub(super) fn hash(&self, subtree: Subtree) -> io::Result<Hash> {
		let mut hash = [0; LENGTH as usize];
		self.0.read_exact_at(&mut hash, place(subtree) * LENGTH)?;
		Ok(hash)
	}

	/// The root of the tree of the first leaves.
	pub(super) fn root(&self, leaves: u64) -> io::Result<Hash> {
		Ok(Edge::of(leaves, |subtree| self.hash(subtree))?.root())
	}

	/// The hashes of a proof.
	pub(super) fn prove(&self, spans: &[Span]) -> io::Result<Vec<Hash>> {
		prove(spans, |subtree| self.hash(subtree))
	}

	/// Writes what some leaves have completed, after so many leaves, durably.
	pub(super) fn append(&self, after: u64, completed: &[Hash]) -> io::Result<()> {
		self.0.write_all_at(completed.as_flattened(), before(after) * LENGTH)?;
		self.0.sync_data()
	}

	/// Whether the subtrees that a leaf completes are made of those below them.
	fn is_sound(&self, leaf: u64) -> io::Result<bool> {
		for level in 1..=leaf.trailing_ones() {
			let index = leaf >> level;
			let child = |index| self.hash(Subtree { level: level - 1, index });
			let expected = node_hash(&child(2 * index)?, &child(2 * index + 1)?);
			if self.hash(Subtree { level, index })? != expected {
				return Ok(false);
			}
		}
		Ok(true)
	}
}

/// The number of subtrees that so many leaves complete.
pub(super) fn before(leaves: u64) -> u64 {
	2 * leaves - u64::from(leaves.count_ones())
}

/// The place of a subtree among all, by the leaf that completes it.
pub(super) fn place(Subtree { level, index }: Subtree) -> u64 {
	let last = ((index + 1) << level) - 1;
	before(last) + u64::from(level)
}

/// The number of leaves of which all hashes are there.
fn whole(hashes: u64) -> u64 {
	let mut leaves = hashes / 2;
	while before(leaves + 1) <= hashes {
		leaves += 1;
	}
	leaves
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_receipts::{Tree, inclusion_spans, leaf_hash};
	use std::fs;

	/// Appends leaves one by one.
	fn grow(hashes: &Hashes, edge: &mut Edge, leaves: u64) {
		for _ in 0..leaves {
			let size = edge.size();
			let completed = edge.append(leaf_hash(&size.to_be_bytes()));
			let completed: Vec<Hash> = completed.into_iter().map(|(_, hash)| hash).collect();
			hashes.append(size, &completed).unwrap();
		}
	}

	#[test]
	fn each_subtree_has_a_place_of_its_own_in_the_order_of_completion() {
		let mut edge = Edge::default();
		let mut next = 0;
		for leaf in 0..200 {
			assert_eq!(before(leaf), next);
			for (subtree, _) in edge.append(leaf_hash(&[])) {
				assert_eq!(place(subtree), next, "{subtree:?}");
				next += 1;
				assert_eq!(whole(next), leaf + u64::from(before(leaf + 1) == next));
			}
		}
	}

	#[test]
	fn tree_is_what_it_was_after_a_restart_and_proves_its_leaves() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("tree");
		let (hashes, mut edge) = Hashes::open(&path).unwrap();
		assert_eq!(edge, Edge::default());
		grow(&hashes, &mut edge, 37);
		let (again, found) = Hashes::open(&path).unwrap();
		assert_eq!(found, edge);
		let tree = Tree { size: 37, root: again.root(37).unwrap() };
		assert_eq!(tree.root, edge.root());
		for leaf in 0..37 {
			let proof = again.prove(&inclusion_spans(leaf, 37).unwrap()).unwrap();
			assert!(tree.includes(leaf, &leaf_hash(&leaf.to_be_bytes()), &proof));
		}
		grow(&again, &mut edge, 5);
		assert_eq!(again.root(37).unwrap(), tree.root, "the old tree is in the new one");
	}

	#[test]
	fn torn_leaves_are_cut_off() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("tree");
		let (hashes, mut edge) = Hashes::open(&path).unwrap();
		grow(&hashes, &mut edge, 8);
		let whole = fs::read(&path).unwrap();
		for (torn, left) in [
			// The last leaf's own hashes, in part.
			(whole[..whole.len() - 1].to_vec(), 7),
			(whole[..whole.len() - 3 * 32].to_vec(), 7),
			// Pages that never reached the disk.
			([&whole[..whole.len() - 64], &[0; 64][..]].concat(), 7),
			([&whole[..32], &[0; 32][..], &whole[64..]].concat(), 1),
		] {
			fs::write(&path, torn).unwrap();
			let (_, found) = Hashes::open(&path).unwrap();
			assert_eq!(found.size(), left);
			assert_eq!(fs::metadata(&path).unwrap().len(), before(left) * 32);
		}
	}
}
