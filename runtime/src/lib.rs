//! The MedBlock runtime. It only assembles pallets, which hold the chain's logic.
//!
//! - this file: the version, the pallets and their indices, the transaction format
//! - [`configs`]: the pallets' parameters
//! - [`calls`]: the calls that transactions may make, and those within the council's powers as root
//! - [`migrations`]: the changes of the stored shape that an upgrade to this runtime brings
//! - [`weights`], [`extension_weights`]: what blocks, transactions, their checks and the database take
//! - [`limits`]: the maximum numbers of hospitals and nodes
//! - [`apis`]: the answers to nodes and clients
//! - [`genesis`]: the first block of a chain, and the presets `development` and `local`

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// Macros write half of the items here, and document nothing.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

#[cfg(all(feature = "std", feature = "upgrade-rehearsal"))]
mod next {
	#![allow(dead_code)]
	include!(concat!(env!("OUT_DIR"), "/next_wasm_binary.rs"));
}
/// The same runtime with the next `spec_version`, for rehearsals of upgrades.
#[cfg(all(feature = "std", feature = "upgrade-rehearsal"))]
pub use next::WASM_BINARY as NEXT_WASM_BINARY;

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
#[macro_use]
mod benchmarks;
pub mod apis;
pub mod calls;
pub mod configs;
pub mod extension_weights;
pub mod genesis;
pub mod limits;
pub mod migrations;
pub mod weights;

use alloc::vec::Vec;
use frame_metadata_hash_extension::CheckMetadataHash;
use sp_runtime::{
	MultiAddress, MultiSignature, generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::{RuntimeVersion, runtime_version};

/// A signature by any of the usual key types.
pub type Signature = MultiSignature;
/// An account: the 32 bytes that identify the signer.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An account, as a transaction names it.
pub type Address = MultiAddress<AccountId, ()>;
/// An amount. There is no token, but wallets ask for the cost of a transaction: 0.
pub type Balance = u128;
/// A block's number.
pub type BlockNumber = u32;
/// A 256-bit BLAKE2 hash.
pub type Hash = sp_core::H256;
/// A time in milliseconds since 1970.
pub type Moment = u64;
/// The number of transactions that an account has sent.
pub type Nonce = u32;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block with opaque transactions: the node stores and sends them, and stays the same when they
/// change.
pub type OpaqueBlock = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
/// The checks of every signed transaction, in this order.
pub type TxExtension = (
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckEra<Runtime>,
	pallet_fair_use::FairUse<Runtime>,
	frame_system::CheckWeight<Runtime>,
	CheckMetadataHash<Runtime>,
);
/// A transaction or inherent.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// The data that a transaction's signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// The execution of blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// A validator's keys, for blocks (Aura, sr25519) and for finality votes (GRANDPA, ed25519).
	pub struct SessionKeys {
		pub aura: Aura,
		pub grandpa: Grandpa,
	}
}

/// Declares the version once for both numbers, since the attribute accepts only literals.
macro_rules! version {
	($spec_version:tt) => {
		/// This runtime's version. `spec_version` grows with every change of behaviour,
		/// `transaction_version` with every change of the transaction format.
		#[runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: alloc::borrow::Cow::Borrowed("medblock"),
			impl_name: alloc::borrow::Cow::Borrowed("medblock-node"),
			authoring_version: 1,
			spec_version: $spec_version,
			impl_version: 1,
			apis: apis::RUNTIME_API_VERSIONS,
			transaction_version: 2,
			system_version: 1,
		};
	};
}

#[cfg(not(feature = "next-spec-version"))]
version!(101);
#[cfg(feature = "next-spec-version")]
version!(102);

// The order matters twice. Hooks run from the top, so Authorship notes the author before Session can
// change the validators' turns. At genesis, Consortium has to know the hospitals before Session asks it
// for the first seats. Index 60 stays free: it is `<` in SCALE, so no sign-in text decodes as a call.
#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(3)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(4)]
	pub type Council = pallet_collective<Instance1>;
	#[runtime::pallet_index(5)]
	pub type Consortium = pallet_consortium;
	#[runtime::pallet_index(6)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(7)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(8)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(9)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(10)]
	pub type NodeAuthorization = pallet_node_authorization;
	#[runtime::pallet_index(11)]
	pub type FairUse = pallet_fair_use;
	#[runtime::pallet_index(12)]
	pub type MedicalRecords = pallet_medical_records;
	#[runtime::pallet_index(13)]
	pub type Migrations = pallet_migrations;
	#[runtime::pallet_index(14)]
	pub type Delegation = pallet_delegation;
}
