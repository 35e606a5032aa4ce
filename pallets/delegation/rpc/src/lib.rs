//! Acting for others over JSON-RPC: guardians and recoveries, representatives, and emergencies.
//!
//! The methods are those of [`DelegationApi`](DelegationApiServer); `rpc.discover` of `pallet-medical-records-rpc`
//! gives the same as part of the node's OpenRPC document. Blocks, pages and refusals are those of [`medblock_rpc`].
//! Sealed shares and keys are given by the runtime API alone.

mod api;
mod server;

pub use api::{DelegationApiClient, DelegationApiServer};
pub use pallet_delegation_runtime_api::DelegationApi as DelegationRuntimeApi;
pub use server::Delegation;
