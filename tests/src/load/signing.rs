//! Transactions that are signed before the clock starts, so that the clock measures nodes alone.

use crate::{Form, made_up::Patient};
use codec::Encode;
use medblock_runtime::{Nonce, RuntimeCall, UncheckedExtrinsic};
use serde_json::value::RawValue;
use sp_core::{Pair, bytes::to_hex, sr25519};
use sp_io::hashing::blake2_256;
use std::{
	thread,
	time::{Duration, Instant},
};

/// Signatures that are checked to find out what one check takes.
const CHECKS: u32 = 4_000;

/// A signed transaction.
pub struct Packed {
	/// Its hash.
	pub hash: [u8; 32],
	/// The parameters of `author_submitExtrinsic`.
	pub body: Box<RawValue>,
	/// Its length in bytes.
	pub length: usize,
}

impl Packed {
	/// The transaction as it is sent.
	pub fn new(transaction: &UncheckedExtrinsic) -> Self {
		let bytes = transaction.encode();
		let body = RawValue::from_string(format!("[\"{}\"]", to_hex(&bytes, false)));
		Self {
			hash: blake2_256(&bytes),
			body: body.expect("a list of one text"),
			length: bytes.len(),
		}
	}
}

/// An account that sends.
pub struct Person {
	/// The key, and the calls.
	pub patient: Patient,
	/// The number of transactions that are final.
	pub nonce: Nonce,
	/// The number of calls of the present kind that are final.
	pub deeds: usize,
	/// Whether a transaction of the account was accepted and did not become final. It may yet come, and what was
	/// signed after it would not be valid.
	pub is_lost: bool,
}

impl Person {
	/// One that has sent nothing yet.
	pub fn new(patient: Patient) -> Self {
		Self { patient, nonce: 0, deeds: 0, is_lost: false }
	}
}

/// Signs the next so many calls of each of these accounts, on as many threads as there are processors.
pub fn sign<Account: Sync>(
	form: &Form,
	accounts: &[Account],
	each: impl Fn(&Account) -> (sr25519::Pair, Nonce, Vec<RuntimeCall>) + Sync,
) -> Vec<Vec<Packed>> {
	let processors = thread::available_parallelism().map_or(1, usize::from);
	let share = accounts.len().div_ceil(processors).max(1);
	let all = |account: &Account| {
		let (key, first, calls) = each(account);
		let signed = calls.into_iter().zip(first..);
		signed.map(|(call, nonce)| Packed::new(&form.sign(&key, nonce, call))).collect::<Vec<_>>()
	};
	let all = &all;
	thread::scope(|scope| {
		let signing: Vec<_> = accounts
			.chunks(share)
			.map(|some| scope.spawn(move || some.iter().map(all).collect::<Vec<_>>()))
			.collect();
		signing.into_iter().flat_map(|thread| thread.join().expect("it signs")).collect()
	})
}

/// The time in which one processor checks one sr25519 signature, of as many bytes as a usual transaction has. The
/// median of some runs: other programs may disturb one of them.
pub fn check_time() -> Duration {
	const RUNS: usize = 5;
	let key = sr25519::Pair::from_seed(&blake2_256(b"checked"));
	let message = [7; 200];
	let (signature, public) = (key.sign(&message), key.public());
	let mut runs = [Duration::ZERO; RUNS];
	for run in &mut runs {
		let started = Instant::now();
		for _ in 0..CHECKS {
			assert!(sr25519::Pair::verify(&signature, message, &public), "it is the key's");
		}
		*run = started.elapsed() / CHECKS;
	}
	runs.sort_unstable();
	runs[RUNS / 2]
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_runtime::Hash;

	#[test]
	fn each_account_signs_its_calls_in_order() {
		let form = Form::immortal(Hash::repeat_byte(1), 1, 1);
		let people: Vec<_> = (0..5).map(|number| Person::new(Patient::new(number))).collect();
		let signed = sign(&form, &people, |person| {
			let calls = (0..3).map(|number| person.patient.adds(number, 1)).collect();
			(person.patient.key.clone(), 4, calls)
		});
		assert_eq!(signed.iter().map(Vec::len).collect::<Vec<_>>(), [3; 5]);
		let mut hashes: Vec<_> = signed.iter().flatten().map(|packed| packed.hash).collect();
		hashes.sort_unstable();
		hashes.dedup();
		assert_eq!(hashes.len(), 15);
		// What is sent is what was hashed.
		let body: Vec<sp_core::Bytes> =
			serde_json::from_str(signed[0][0].body.get()).expect("a list of bytes");
		assert_eq!(blake2_256(&body[0]), signed[0][0].hash);
		assert_eq!(body[0].len(), signed[0][0].length);
	}
}
