//! A MedBlock node as its clients see it.
//!
//! [`Chain`] is a connection to one node, [`At`] a block that answers questions, [`Call`] what a
//! transaction is to do, and [`Receipt`] what came of it in a *final* block. [`Nodes`] are the nodes of
//! two hospitals, and [`Agreed`] a block that both hold for final: keys are read from both before
//! anything is sealed to them.
//!
//! | module | |
//! |---|---|
//! | `connection`, `rpc` | one node, JSON-RPC with a time limit, lost connections |
//! | `at`, `council`, `allowance` | questions about one block |
//! | `call`, `submit`, `outcome` | calls, transactions, events and refusals |
//! | `decoded` | a call taken apart, for people who vote on it |
//! | `nodes` | the agreement of two nodes |

mod allowance;
mod at;
mod call;
mod connection;
mod council;
mod decoded;
mod error;
mod nodes;
mod outcome;
mod rpc;
mod submit;

pub use at::{At, DoctorInfo, HospitalInfo, PatientInfo};
pub use call::{Call, EncodedCall, Prepared, SessionKeys};
pub use connection::{Chain, Health};
pub use council::{Motion, Waiting, blake2_256};
pub use decoded::{Argument, Decoded, peer_id_bytes};
pub use error::{Error, Reason, Result};
pub use nodes::{Agreed, Nodes};
pub use outcome::{Event, Refusal};
pub use submit::{LIFETIME, Receipt, STOPPED, Until};

use subxt::utils::{AccountId32, H256};

/// An account: an sr25519 public key, shown in SS58 with prefix 42.
pub type AccountId = AccountId32;

/// A block's hash: the Blake2-256 of its header.
pub type BlockHash = H256;

/// The `transaction_version` of the runtimes that this crate encodes calls for. The chain changes it
/// when a call's encoding changes.
pub const TRANSACTION_VERSION: u32 = 1;
