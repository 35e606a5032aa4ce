//! Patients, doctors, records and grants over JSON-RPC, and what is new for a doctor.
//!
//! The methods are those of [`MedicalRecordsApi`](MedicalRecordsApiServer); `rpc.discover` gives the
//! OpenRPC document of these and of `consortium_*`, with JSON schemas of everything. Parameters may be
//! given by position or by name. Blocks, pages and refusals are those of [`medblock_rpc`].

mod api;
pub mod earlier;
mod inbox;
mod server;
#[cfg(test)]
mod tests;

pub use api::{DiscoveryServer, MedicalRecordsApiClient, MedicalRecordsApiServer};
pub use inbox::{HEARTBEAT, Inbox, MAX_REPLAY};
pub use medblock_rpc::errors;
pub use pallet_consortium_runtime_api::ConsortiumApi as ConsortiumRuntimeApi;
pub use pallet_medical_records_runtime_api::MedicalRecordsApi as MedicalRecordsRuntimeApi;
pub use server::{Discover, MedicalRecords, OPENRPC};
