//! No share that was made up fits commitments that are right, and nothing in place of commitments makes shares open
//! anything.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use medblock_crypto::{
	DividedKind, DividedSecret, Division, SHARE_LENGTH, SecretShare, check_share, divide,
	is_division_of, join,
};

const SECRET: [u8; 32] = [9; 32];

const ROOT: DividedSecret =
	DividedSecret { genesis: [1; 32], kind: DividedKind::PatientRoot, owner: 5 };

static RIGHT: LazyLock<Division> = LazyLock::new(|| divide(&ROOT, &SECRET, 2, 3).expect("2 of 3"));

fuzz_target!(|bytes: &[u8]| {
	let mut share = [0; SHARE_LENGTH];
	let length = bytes.len().min(SHARE_LENGTH);
	share[..length].copy_from_slice(&bytes[..length]);
	let share = SecretShare::from_bytes(share);
	for number in 0..=9 {
		assert!(check_share(&RIGHT.commitments, number, &share).is_err());
	}

	let mut commitments = Vec::new();
	for chunk in bytes.chunks_exact(32).take(8) {
		let mut commitment = [0; 32];
		commitment.copy_from_slice(chunk);
		commitments.push(commitment);
	}
	assert!(!is_division_of(&ROOT, &commitments, &SECRET));
	let shares = [(1, RIGHT.shares[0].clone()), (2, RIGHT.shares[1].clone())];
	assert!(join(&ROOT, &commitments, &RIGHT.secret, &shares).is_err());
	// What is made up may fit what is made up.
	let _ = check_share(&commitments, 1, &share);
});
