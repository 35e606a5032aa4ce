//! The tree against RFC 9162, read literally.

#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use std::{collections::BTreeMap, convert::Infallible};

/// §2.1.1: the root of a list of leaves' hashes.
fn root_of(leaves: &[Hash]) -> Hash {
	match leaves {
		[] => empty_root(),
		[one] => *one,
		_ => {
			let (left, right) = leaves.split_at(half(leaves.len()));
			node_hash(&root_of(left), &root_of(right))
		},
	}
}

/// The largest power of two that is smaller than `length`.
fn half(length: usize) -> usize {
	let mut half = 1;
	while half * 2 < length {
		half *= 2;
	}
	half
}

/// §2.1.3.1
fn path_to(index: usize, leaves: &[Hash]) -> Vec<Hash> {
	if leaves.len() == 1 {
		return Vec::new();
	}
	let half = half(leaves.len());
	let (left, right) = leaves.split_at(half);
	let (mut path, other) = match index < half {
		true => (path_to(index, left), root_of(right)),
		false => (path_to(index - half, right), root_of(left)),
	};
	path.push(other);
	path
}

/// §2.1.4.1, SUBPROOF
fn proof_of(old: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
	if old == leaves.len() {
		return if is_whole { Vec::new() } else { vec![root_of(leaves)] };
	}
	let half = half(leaves.len());
	let (left, right) = leaves.split_at(half);
	let (mut proof, other) = match old <= half {
		true => (proof_of(old, left, is_whole), root_of(right)),
		false => (proof_of(old - half, right, false), root_of(left)),
	};
	proof.push(other);
	proof
}

/// §2.1.3.2
fn is_included(index: u64, size: u64, leaf: Hash, root: Hash, path: &[Hash]) -> bool {
	if index >= size {
		return false;
	}
	let (mut place, mut last, mut hash) = (index, size - 1, leaf);
	for other in path {
		if last == 0 {
			return false;
		}
		if place % 2 == 1 || place == last {
			hash = node_hash(other, &hash);
			while place.is_multiple_of(2) && place != 0 {
				(place, last) = (place / 2, last / 2);
			}
		} else {
			hash = node_hash(&hash, other);
		}
		(place, last) = (place / 2, last / 2);
	}
	last == 0 && hash == root
}

/// §2.1.4.2
fn is_consistent(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
	if old.0 == new.0 {
		return proof.is_empty() && old.1 == new.1;
	}
	let mut path = proof.to_vec();
	if path.is_empty() {
		return false;
	}
	if old.0.is_power_of_two() {
		path.insert(0, old.1);
	}
	let (mut place, mut last) = (old.0 - 1, new.0 - 1);
	while place % 2 == 1 {
		(place, last) = (place / 2, last / 2);
	}
	let (mut first, mut second) = (path[0], path[0]);
	for other in &path[1..] {
		if last == 0 {
			return false;
		}
		if place % 2 == 1 || place == last {
			first = node_hash(other, &first);
			second = node_hash(other, &second);
			while place.is_multiple_of(2) && place != 0 {
				(place, last) = (place / 2, last / 2);
			}
		} else {
			second = node_hash(&second, other);
		}
		(place, last) = (place / 2, last / 2);
	}
	last == 0 && first == old.1 && second == new.1
}

fn leaves(count: usize) -> Vec<Hash> {
	(0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn tree(leaves: &[Hash]) -> Tree {
	Tree { size: leaves.len() as u64, root: root_of(leaves) }
}

/// The edge of the tree, and all hashes that were to be kept.
fn grown(leaves: &[Hash]) -> (Edge, BTreeMap<Subtree, Hash>) {
	let (mut edge, mut kept) = (Edge::default(), BTreeMap::new());
	for leaf in leaves {
		for (subtree, hash) in edge.append(*leaf) {
			assert_eq!(kept.insert(subtree, hash), None, "each is written once");
		}
	}
	(edge, kept)
}

/// A proof out of what is kept.
fn proof_from(kept: &BTreeMap<Subtree, Hash>, spans: Option<Vec<Span>>) -> Vec<Hash> {
	prove(&spans.unwrap(), |subtree| Ok::<_, Infallible>(kept[&subtree])).unwrap()
}

/// The lists that certificate logs are tested with.
#[test]
fn roots_are_those_of_other_programs() {
	let contents = [
		"",
		"00",
		"10",
		"2021",
		"3031",
		"40414243",
		"5051525354555657",
		"606162636465666768696a6b6c6d6e6f",
	];
	let roots = [
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	];
	let mut edge = Edge::default();
	for (size, root) in roots.iter().enumerate() {
		assert_eq!(hex::encode(edge.root()), *root, "{size}");
		assert_eq!(edge.size(), size as u64);
		if let Some(content) = contents.get(size) {
			edge.append(leaf_hash(&hex::decode(content).unwrap()));
		}
	}
}

/// Leaves and nodes are hashed differently, so a node can't pose as a leaf.
#[test]
fn content_of_a_node_is_no_leaf() {
	let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
	assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
}

#[test]
fn proofs_of_all_small_trees_are_as_the_standard_has_them() {
	let all = leaves(40);
	for size in 1..=all.len() {
		let list = &all[..size];
		let whole = tree(list);
		let (edge, kept) = grown(list);
		assert_eq!((edge.size(), edge.root()), (whole.size, whole.root));
		let again = Edge::of(whole.size, |subtree| Ok::<_, Infallible>(kept[&subtree])).unwrap();
		assert_eq!(again, edge);
		for (index, leaf) in list.iter().enumerate() {
			let path = proof_from(&kept, inclusion_spans(index as u64, whole.size));
			assert_eq!(path, path_to(index, list));
			assert!(whole.includes(index as u64, leaf, &path));
			assert!(is_included(index as u64, whole.size, *leaf, whole.root, &path));
		}
		for old in 1..=size {
			let before = tree(&list[..old]);
			let proof = proof_from(&kept, consistency_spans(before.size, whole.size));
			assert_eq!(proof, proof_of(old, list, true));
			assert!(before.grew_into(&whole, &proof), "{old} of {size}");
			let (old, new) = ((before.size, before.root), (whole.size, whole.root));
			assert!(is_consistent(old, new, &proof));
		}
	}
}

#[test]
fn every_tree_began_as_the_empty_one() {
	let (nothing, some) = (tree(&[]), tree(&leaves(3)));
	assert!(nothing.grew_into(&some, &[]));
	assert!(nothing.grew_into(&nothing, &[]));
	assert!(!nothing.grew_into(&some, &[some.root]));
	assert!(!some.grew_into(&nothing, &[]));
	assert!(!Tree { size: 0, root: [1; 32] }.grew_into(&some, &[]));
	assert!(!nothing.includes(0, &leaf_hash(b""), &[]));
}

#[test]
fn largest_tree_has_short_proofs() {
	let spans = inclusion_spans(u64::MAX - 1, u64::MAX).unwrap();
	assert!(spans.len() <= MAX_PROOF);
	let spans = consistency_spans(u64::MAX - 1, u64::MAX).unwrap();
	assert!(spans.len() <= MAX_PROOF);
	assert_eq!(inclusion_spans(u64::MAX, u64::MAX), None);
	assert_eq!(consistency_spans(2, 1), None);
}

proptest! {
	/// Whatever a liar sends, the two ways to check a path agree, and none of them takes another leaf.
	#[test]
	fn forged_paths_are_refused(
		size in 1usize..200,
		index in 0usize..200,
		change in 0usize..4,
		at in 0usize..12,
	) {
		let list = leaves(size);
		let whole = tree(&list);
		let (true_index, index) = (index % size, index as u64);
		let mut path = path_to(true_index, &list);
		match change {
			0 if !path.is_empty() => { let at = at % path.len(); path[at][0] ^= 1; },
			1 => path.push([7; 32]),
			2 => { path.pop(); },
			3 if !path.is_empty() => { let at = at % path.len(); path.remove(at); },
			_ => (),
		}
		let leaf = list[true_index];
		let taken = whole.includes(index, &leaf, &path);
		prop_assert_eq!(taken, is_included(index, whole.size, leaf, whole.root, &path));
		let is_true = index == true_index as u64 && path == path_to(true_index, &list);
		prop_assert_eq!(taken, is_true);
		prop_assert!(!whole.includes(true_index as u64, &leaf_hash(b"other"), &path));
	}

	/// A tree that lost, changed, swapped or gained a leaf before its end did not grow out of the old one.
	#[test]
	fn rewritten_trees_are_refused(
		old in 1usize..100,
		more in 0usize..100,
		at in 0usize..100,
		change in 0usize..4,
	) {
		let list = leaves(old + more);
		let before = tree(&list[..old]);
		let at = at % old;
		let mut other = list.clone();
		match change {
			0 => { other.remove(at); other.push([7; 32]); },
			1 => other[at] = [7; 32],
			2 => other.insert(at, [7; 32]),
			_ => {
				let next = (at + 1) % old;
				other.swap(at, next);
			},
		}
		prop_assume!(other[..old] != list[..old]);
		let after = tree(&other);
		for proof in [proof_of(old, &other, true), proof_of(old, &list, true)] {
			prop_assert!(!before.grew_into(&after, &proof));
		}
	}

	#[test]
	fn forged_proofs_of_growth_are_refused(
		old in 1usize..100,
		more in 0usize..100,
		change in 0usize..3,
		at in 0usize..12,
	) {
		let list = leaves(old + more);
		let (before, after) = (tree(&list[..old]), tree(&list));
		let right = proof_of(old, &list, true);
		let mut proof = right.clone();
		match change {
			0 if !proof.is_empty() => { let at = at % proof.len(); proof[at][0] ^= 1; },
			1 => proof.push([7; 32]),
			_ => { proof.pop(); },
		}
		prop_assert_eq!(before.grew_into(&after, &proof), proof == right);
		prop_assert!(before.grew_into(&after, &right));
	}
}
