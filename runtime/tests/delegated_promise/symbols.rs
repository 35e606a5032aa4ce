//! Keys and secrets as symbols, in the bytes in which the chain has sealed and wrapped ones.
//!
//! The attacker is that of Dolev and Yao: they see everything, and open exactly what they have the keys for.

use codec::{Decode, Encode};
use medblock_primitives::*;
use std::collections::{BTreeMap, BTreeSet};

/// The private half of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Key {
	/// A version of a doctor's.
	Doctor(DoctorId, u32),
	/// A version of a patient's for acting for others.
	Acting(PatientId, u32),
	/// A hospital's profile key.
	Desk(HospitalId),
	/// That of a new device.
	Device,
	/// That of an emergency plan, by the number of its division.
	Plan(u32),
}

/// Something that opens something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Secret {
	Private(Key),
	/// The secret of a chart's epoch, which its root gives, too.
	Epoch {
		patient: PatientId,
		epoch: Epoch,
		root: u32,
	},
	Root(u32),
	/// A share of a divided secret.
	Share {
		of: u32,
		number: u8,
	},
	/// What enough shares give.
	Scalar(u32),
}

/// What an attacker finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
enum Term {
	Sealed { to: Key, what: Secret },
	Wrapped { under: Secret, what: Secret },
}

/// It stands before each term.
const MARK: &[u8] = b"~term~";

fn put(into: &mut [u8], term: Term) {
	let bytes = [MARK, &term.encode()].concat();
	into[..bytes.len()].copy_from_slice(&bytes);
}

pub fn sealed(to: Key, what: Secret) -> SealedKey {
	SealedKey::new(sealed_bytes(to, what))
}

pub fn sealed_share(to: Key, of: u32, number: u8) -> SealedShare {
	SealedShare::new(sealed_bytes(to, Secret::Share { of, number }))
}

fn sealed_bytes<const LENGTH: usize>(to: Key, what: Secret) -> [u8; LENGTH] {
	let mut bytes = [0; LENGTH];
	bytes[0] = SUITE_X_WING;
	put(&mut bytes[1..], Term::Sealed { to, what });
	bytes
}

pub fn wrapped(under: Secret, what: Secret) -> WrappedSecret {
	let mut bytes = [0; 60];
	put(&mut bytes, Term::Wrapped { under, what });
	WrappedSecret(bytes)
}

/// Everything that was ever stored or sent, as far as it opens something.
#[derive(Default)]
pub struct Seen(BTreeSet<Term>);

impl Seen {
	/// Finds the terms in some bytes.
	pub fn find(&mut self, bytes: &[u8]) {
		for (at, window) in bytes.windows(MARK.len()).enumerate() {
			if window == MARK {
				let mut rest = &bytes[at + MARK.len()..];
				self.0.insert(Term::decode(&mut rest).expect("a term follows the mark"));
			}
		}
	}

	/// All that these secrets give. Any two shares of a division suffice.
	pub fn given_by(&self, secrets: &[Secret]) -> Known {
		let mut known = Known(secrets.iter().copied().collect());
		loop {
			let before = known.0.len();
			for term in &self.0 {
				let (key, what) = match *term {
					Term::Sealed { to, what } => (Secret::Private(to), what),
					Term::Wrapped { under, what } => (under, what),
				};
				if known.opens(&key) {
					known.0.insert(what);
				}
			}
			let mut shares = BTreeMap::<u32, usize>::new();
			for secret in &known.0 {
				if let Secret::Share { of, .. } = secret {
					*shares.entry(*of).or_default() += 1;
				}
			}
			let enough = shares.into_iter().filter(|(_, count)| *count >= 2);
			known.0.extend(enough.map(|(of, _)| Secret::Scalar(of)));
			if known.0.len() == before {
				return known;
			}
		}
	}
}

/// What an attacker has.
pub struct Known(BTreeSet<Secret>);

impl Known {
	/// Whether it has this secret, or the root that gives it.
	pub fn opens(&self, secret: &Secret) -> bool {
		let by_root = match secret {
			Secret::Epoch { root, .. } => self.0.contains(&Secret::Root(*root)),
			_ => false,
		};
		by_root || self.0.contains(secret)
	}
}
