//! The consortium over JSON-RPC.
//!
//! The methods are those of [`ConsortiumApi`](ConsortiumApiServer); `rpc.discover` of
//! `pallet-medical-records-rpc` gives the same as part of the node's OpenRPC document. Blocks, pages and
//! refusals are those of [`medblock_rpc`].

mod api;
mod server;

pub use api::{ConsortiumApiClient, ConsortiumApiServer};
pub use pallet_consortium_runtime_api::ConsortiumApi as ConsortiumRuntimeApi;
pub use server::Consortium;
