//! What vaults prove, and could lie about.

use medblock_receipts::{
	Disclosure, Hash, MAX_ENCODED, MAX_PROOF, Slip, Tree, check_growth, consistency_spans,
	inclusion_spans,
};

/// A disclosure has one encoding, and so has a slip.
pub(crate) fn disclosure(bytes: &[u8]) {
	if let Ok(read) = Disclosure::read(bytes) {
		assert!(bytes.len() <= MAX_ENCODED);
		assert_eq!(read.to_bytes(), bytes);
		let _ = read.session.check(&read.asked.request.genesis);
	}
	if let Ok(slip) = Slip::read(bytes) {
		assert_eq!(Slip::read(&slip.to_bytes()), Ok(slip));
	}
}

pub(crate) fn disclosure_seeds() -> Vec<Vec<u8>> {
	let subjects = [
		[&[0][..], &[3; 32]].concat(),
		[&[1, 7, 0, 0, 0][..], &[3; 32]].concat(),
		[&[2, 4, 1, 0, 0, 0][..], &[3; 32]].concat(),
	];
	let challenge = include_bytes!("../seeds/challenge/text");
	let length = u16::try_from(challenge.len()).unwrap_or_default() << 2 | 1;
	let with = |subject: Vec<u8>| {
		[
			&[1; 16][..],
			// Genesis, hospital, patient.
			&[0; 40],
			&subject,
			// Time, nonce, signature.
			&[1; 8 + 16 + 64],
			&length.to_le_bytes(),
			challenge,
			&[1; 64],
			// A doctor, the bytes, the time, the block and the link.
			&[1, 1, 0, 0, 0],
			&[0; 8 + 8 + 8 + 4 + 32 + 32],
		]
		.concat()
	};
	subjects.map(with).into()
}

/// No made-up proof shows that a tree has a leaf or has grown, whatever sizes are claimed.
pub(crate) fn proof(bytes: &[u8]) {
	let Some((sizes, rest)) = bytes.split_first_chunk::<24>() else { return };
	let number =
		|at: usize| u64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|byte| sizes[at + byte]));
	let (index, old, size) = (number(0), number(8), number(16));
	let hashes: Vec<Hash> =
		rest.chunks_exact(32).take(MAX_PROOF + 1).filter_map(|hash| hash.try_into().ok()).collect();
	for spans in [inclusion_spans(index, size), consistency_spans(old, size)].into_iter().flatten()
	{
		assert!(spans.len() <= MAX_PROOF);
		assert!(spans.iter().all(|span| span.subtrees().len() <= 64));
	}
	let (before, now) = (Tree { size: old, root: [1; 32] }, Tree { size, root: [2; 32] });
	let leaf = [3; 32];
	assert!(!now.includes(index, &leaf, &hashes));
	assert!(check_growth(&before, &now, &hashes).is_err());
}

pub(crate) fn proof_seeds() -> Vec<Vec<u8>> {
	let of = |numbers: [u64; 3], hashes: usize| {
		[numbers.map(u64::to_le_bytes).concat(), vec![4; hashes * 32]].concat()
	};
	vec![
		of([0, 1, 2], 1),
		of([5, 3, 7], 3),
		of([u64::MAX - 1, u64::MAX / 2, u64::MAX], 64),
		of([0, 0, 0], 0),
	]
}
