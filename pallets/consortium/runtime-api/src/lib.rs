//! What a node or a client may ask the runtime about the consortium.
//!
//! `hospitals` gives up to `limit` (at most 256) of them in the order of their ids: start with `None`,
//! go on with the last id received.
//!
//! Wallets show a function's doc comment on one line and cut it at about 80 characters, so each is one
//! short sentence.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro repeats the bound on `AccountId` for each function that takes one.
#![allow(clippy::multiple_bound_locations)]

extern crate alloc;

use alloc::vec::Vec;
use codec::{Codec, Decode, Encode};
use medblock_primitives::{EncryptionKey, HospitalId, RegistrationMode};
use scale_info::TypeInfo;

/// Where a hospital's validator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum SeatStatus {
	/// It takes turns to author blocks and votes on finality.
	#[codec(index = 0)]
	Seated,
	/// It will be seated in one of the next sessions.
	#[codec(index = 1)]
	Waiting,
	/// It has no session keys yet.
	#[codec(index = 2)]
	Keyless,
	/// It authored nothing for too long; the hospital can take the seat back.
	#[codec(index = 3)]
	Benched,
	/// It signed conflicting votes; the council can give the seat back.
	#[codec(index = 4)]
	Suspended,
	/// The hospital does not belong to the consortium any more.
	#[codec(index = 5)]
	Expelled,
}

/// A hospital, as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HospitalInfo<AccountId> {
	/// Its id.
	pub id: HospitalId,
	/// Its name, in UTF-8.
	pub name: Vec<u8>,
	/// The URL of its gateway.
	pub gateway: Vec<u8>,
	/// The account that acts for it.
	pub controller: AccountId,
	/// The account that its validator is known by.
	pub seat_account: AccountId,
	/// Where its validator stands.
	pub seat: SeatStatus,
	/// How it takes in people.
	pub registration: RegistrationMode,
	/// How many people verify for it.
	pub registrars: u32,
}

sp_api::decl_runtime_apis! {
	/// The hospitals, who of them authored a block, and which nodes may join the network.
	pub trait ConsortiumApi<AccountId: Codec> {
		/// Hospitals with ids greater than `after`, expelled ones included.
		fn hospitals(after: Option<HospitalId>, limit: u32) -> Vec<HospitalInfo<AccountId>>;

		/// The active hospital that an account verifies people for.
		fn registrar_of(account: AccountId) -> Option<HospitalId>;

		/// The key that patients' profiles are encrypted to for a hospital.
		fn encryption_key(hospital: HospitalId) -> Option<EncryptionKey>;

		/// The hospital that authored this block, if any did.
		fn author() -> Option<HospitalId>;

		/// The nodes that may join, as the bytes of their libp2p peer ids.
		fn authorized_nodes() -> Vec<Vec<u8>>;
	}
}
