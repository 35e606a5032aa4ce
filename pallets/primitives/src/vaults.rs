//! The vaults that keep a document, which may change after it was added.

use crate::HospitalId;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of hospitals whose documents one patient has moved.
pub const MAX_VAULT_MOVES: u32 = 16;

/// The maximum number of hospitals with a successor.
pub const MAX_SUCCESSORS: u32 = 256;

/// The vaults of a document, as the chain decides. The hospital that a document names never changes, and
/// tells only where it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Vaults {
	/// The hospital whose vault is to keep the document. Clients ask it first.
	pub home: HospitalId,
	/// The hospital whose vault is to keep a second copy.
	pub mirror: Option<HospitalId>,
	/// Other active hospitals whose vaults may still have the document, because they kept it before.
	pub former: Vec<HospitalId>,
}

impl Vaults {
	/// All of them, in the order in which clients ask.
	pub fn all(&self) -> impl Iterator<Item = HospitalId> + '_ {
		core::iter::once(self.home).chain(self.mirror).chain(self.former.iter().copied())
	}

	/// Whether the hospital's vault may give the document out.
	pub fn include(&self, hospital: HospitalId) -> bool {
		self.all().any(|one| one == hospital)
	}
}

/// A move of a chart's documents: whatever names one hospital is kept by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VaultMove {
	/// The hospital that documents name.
	pub from: HospitalId,
	/// The hospital that keeps them.
	pub to: HospitalId,
}

/// The hospital that takes over the vault of one that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Succession {
	/// The hospital that has left.
	pub left: HospitalId,
	/// The hospital that keeps its documents.
	pub successor: HospitalId,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn home_comes_first_and_former_vaults_last() {
		let vaults = Vaults {
			home: HospitalId(3),
			mirror: Some(HospitalId(1)),
			former: [HospitalId(2), HospitalId(0)].into(),
		};
		let all: Vec<_> = vaults.all().map(|one| one.0).collect();
		assert_eq!(all, [3, 1, 2, 0]);
		assert!(vaults.include(HospitalId(0)) && !vaults.include(HospitalId(4)));
	}
}
