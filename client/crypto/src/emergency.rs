//! A patient's plan for emergencies: the key to which what it opens is sealed.

use crate::{Identity, Root, kdf};

/// A patient's plan for emergencies, on one chain.
///
/// The plan's key is the patient's alone, until enough holders have given a doctor their shares of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmergencyPlan {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The first commitment to the divided secret: a compressed element of ristretto255 (RFC 9496). Each plan has another.
	pub commitment: [u8; 32],
}

impl EmergencyPlan {
	/// The plan's key, as the patient's root gives it: HKDF-SHA256 of the root, info `medblock/v1/emergency-key` ‖ genesis ‖
	/// patient (u32, big endian) ‖ commitment.
	///
	/// So the patient knows the plan on the chain again, and seals nothing to one that another root has made.
	pub fn identity(&self, root: &Root) -> Identity {
		let info: [&[u8]; 2] = [b"medblock/v1/emergency-key", &self.bytes()];
		Identity::from_seed(*kdf::derive(&[], root.expose(), &info))
	}

	/// The plan's fields, of fixed width so that no two plans read the same.
	pub(crate) fn bytes(&self) -> [u8; 68] {
		let mut bytes = [0; 68];
		bytes[..32].copy_from_slice(&self.genesis);
		bytes[32..36].copy_from_slice(&self.patient.to_be_bytes());
		bytes[36..].copy_from_slice(&self.commitment);
		bytes
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Mnemonic;

	const PLAN: EmergencyPlan = EmergencyPlan { genesis: [1; 32], patient: 7, commitment: [2; 32] };

	fn root(words: &str) -> Root {
		Mnemonic::parse(words).unwrap().seed("").root()
	}

	#[test]
	fn key_is_the_roots_and_the_plans() {
		let own = root("bottom drive obey lake curtain smoke basket hold race lonely fit walk");
		let key = PLAN.identity(&own).public_key();
		assert_eq!(PLAN.identity(&own).public_key(), key);
		let words = Mnemonic::generate().words();
		let others = [
			PLAN.identity(&root(&words)),
			EmergencyPlan { genesis: [3; 32], ..PLAN }.identity(&own),
			EmergencyPlan { patient: 8, ..PLAN }.identity(&own),
			EmergencyPlan { commitment: [3; 32], ..PLAN }.identity(&own),
		];
		assert!(others.iter().all(|other| other.public_key() != key));
	}
}
