#![doc = include_str!("../README.md")]

mod allowance;
mod at;
mod call;
mod connection;
mod council;
mod decoded;
mod door;
mod error;
mod nodes;
mod outcome;
mod passing;
mod registration;
mod rpc;
mod shape;
mod signing;
mod submit;
mod told;
mod transactions;
mod turns;

pub use at::{
	AccountChangeInfo, AppointmentInfo, At, DisclosureLogInfo, DoctorInfo, HospitalInfo,
	OperatorsInfo, Paging, PatientInfo, RecoveryInfo, RegistrarInfo,
};
pub use call::{Call, EncodedCall, Prepared, SessionKeys};
pub use connection::{Chain, Health};
pub use council::{Motion, Waiting, blake2_256};
pub use decoded::{Argument, Decoded, peer_id_bytes};
pub use door::Tokens;
pub use error::{Error, Reason, Result};
pub use nodes::{Agreed, Nodes, Witnesses};
pub use outcome::{Event, Refusal};
pub use passing::{Items, NotAnswered, RawValue};
pub use rpc::Silence;
pub use signing::{NotSigned, Signer, Unsigned};
pub use submit::{LIFETIME, Receipt, STOPPED, Signed, Until};
pub use told::denied;
pub use transactions::Transaction;

use subxt::utils::{AccountId32, H256};

/// An account: an sr25519 public key, shown in SS58 with prefix 42.
pub type AccountId = AccountId32;

/// A block's hash: the Blake2-256 of its header.
pub type BlockHash = H256;

/// The `transaction_version` of the runtimes that this crate encodes calls for. The chain changes it
/// when a call's encoding changes.
pub const TRANSACTION_VERSION: u32 = 2;
