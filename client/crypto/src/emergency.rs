//! A patient's plan for emergencies: the key to which what it opens is sealed.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Identity, Root, kdf};

/// A patient's plan for emergencies, on one chain.
///
/// The secret of the plan's key is divided among holders. Until enough of them have given a doctor their shares, only the
/// patient has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmergencyPlan {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The SHA-256 of the commitments to the divided secret, but for the first. Each plan has others.
	pub division: [u8; 32],
}

impl EmergencyPlan {
	/// The plan whose secret was divided with these commitments. The first one depends on the secret, and is left out.
	pub fn of(genesis: [u8; 32], patient: u32, commitments: &[[u8; 32]]) -> Self {
		let others = commitments.get(1..).unwrap_or_default();
		Self { genesis, patient, division: Sha256::digest(others.concat()).into() }
	}

	/// The secret that is divided, the seed of the plan's key, as the patient's root gives it: HKDF-SHA256 of the root, info
	/// `medblock/v1/emergency-key` ‖ genesis ‖ patient (u32, big endian) ‖ division.
	///
	/// So the patient knows the plan on the chain again, and seals nothing to one that another root has made.
	pub fn secret(&self, root: &Root) -> Zeroizing<[u8; 32]> {
		let info: [&[u8]; 2] = [b"medblock/v1/emergency-key", &self.bytes()];
		kdf::derive(&[], root.expose(), &info)
	}

	/// The plan's key, as the patient's root gives it.
	pub fn identity(&self, root: &Root) -> Identity {
		Identity::from_seed(*self.secret(root))
	}

	/// The plan's fields, of fixed width so that no two plans read the same.
	pub(crate) fn bytes(&self) -> [u8; 68] {
		let mut bytes = [0; 68];
		bytes[..32].copy_from_slice(&self.genesis);
		bytes[32..36].copy_from_slice(&self.patient.to_be_bytes());
		bytes[36..].copy_from_slice(&self.division);
		bytes
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Mnemonic;

	const COMMITMENTS: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];

	fn root(words: &str) -> Root {
		Mnemonic::parse(words).unwrap().seed("").root()
	}

	#[test]
	fn key_is_the_roots_and_the_plans() {
		let own = root("bottom drive obey lake curtain smoke basket hold race lonely fit walk");
		let plan = EmergencyPlan::of([1; 32], 7, &COMMITMENTS);
		let key = plan.identity(&own).public_key();
		assert_eq!(plan.identity(&own).public_key(), key);
		let others = [
			plan.identity(&root(&Mnemonic::generate().words())),
			EmergencyPlan { genesis: [3; 32], ..plan }.identity(&own),
			EmergencyPlan { patient: 8, ..plan }.identity(&own),
			EmergencyPlan::of([1; 32], 7, &COMMITMENTS[..2]).identity(&own),
		];
		assert!(others.iter().all(|other| other.public_key() != key));
	}

	/// The first commitment is to the secret itself, and so comes after it.
	#[test]
	fn plan_does_not_depend_on_the_commitment_to_its_secret() {
		let plan = EmergencyPlan::of([1; 32], 7, &COMMITMENTS);
		assert_eq!(plan, EmergencyPlan::of([1; 32], 7, &[[9; 32], [2; 32], [3; 32]]));
		assert_ne!(plan, EmergencyPlan::of([1; 32], 7, &[[1; 32], [3; 32], [2; 32]]));
		// No plan has so few.
		assert_eq!(EmergencyPlan::of([1; 32], 7, &[]), EmergencyPlan::of([1; 32], 7, &[[1; 32]]));
	}
}
