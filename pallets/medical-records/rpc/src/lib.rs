//! Patients, doctors, records and grants over JSON-RPC, and what is new for a doctor.
//!
//! The methods are those of [`MedicalRecordsApi`]; `rpc.discover` gives the same as an OpenRPC
//! document with JSON schemas of everything. Parameters may be given by position or by name.
//!
//! ## Answers
//!
//! Every answer says at which block it was read, as `at: { number, hash }`. A single thing comes as
//! `value`, a list as `items` with `next`. `next` is what to give as `after` to go on, and `null` at
//! the end of the list; a page may be short, or empty, without being the last. Give the hash of the
//! first page as `at` for the other pages, and all of them are of one moment.
//!
//! | | |
//! |---|---|
//! | `at` | a block hash: that block's state. If left out, that of the last finalized block |
//! | `limit` | how many items at most, 1 to 256; 64 if left out |
//! | accounts | SS58, with the chain's prefix; any prefix is accepted |
//! | digests, keys, salts | `0x` and hex digits, lower case |
//! | times | milliseconds since 1970 (UTC) by the chain's clock, as a number below 2^53 |
//!
//! ## Errors
//!
//! The codes are in [`errors`], and stay. Beside them, JSON-RPC's own and those of the server's limits
//! may come; both are in the document, too.

mod api;
pub mod errors;
mod inbox;
mod scalars;
mod schema;
mod server;
#[cfg(test)]
mod tests;
mod types;

pub use api::{
	DEFAULT_LIMIT, DiscoveryServer, MAX_LIMIT, MedicalRecordsApiClient, MedicalRecordsApiServer,
};
pub use inbox::{HEARTBEAT, Inbox, MAX_REPLAY};
pub use pallet_consortium_runtime_api::ConsortiumApi as ConsortiumRuntimeApi;
pub use pallet_medical_records_runtime_api::MedicalRecordsApi as MedicalRecordsRuntimeApi;
pub use scalars::{Account, BlockHash, Bytes, Hex};
pub use server::{Discover, MedicalRecords, OPENRPC};
pub use types::*;
