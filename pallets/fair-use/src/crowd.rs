//! The tags by which nodes know whose room in their pool a transaction takes.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use medblock_primitives::HospitalId;

/// The beginning of these tags. No account's tag begins like that: it begins with the account.
const BEGINNING: [u8; 8] = *b"crowd of";

/// Accounts that one hand can multiply. A node gives all of them together a part of its pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Crowd {
	/// A hospital's staff, but for its controller, and the newcomers that it sponsors.
	#[codec(index = 0)]
	Hospital(HospitalId),
	/// All other newcomers.
	#[codec(index = 1)]
	Newcomers,
}

impl Crowd {
	/// The tag of a transaction of this crowd. `place` is the account, and its nonce: of two transactions with
	/// one place, a pool takes one.
	pub fn tag(self, place: impl Encode) -> Vec<u8> {
		(BEGINNING, self, place).encode()
	}

	/// The crowd that a tag tells, if it tells one.
	pub fn of_tag(tag: &[u8]) -> Option<Self> {
		let mut rest = tag.strip_prefix(&BEGINNING)?;
		Self::decode(&mut rest).ok()
	}
}
