//! A hospital's gateway: the vault of encrypted records.
//!
//! [`authority`] asks the chain what an account may do, [`sessions`] authenticates accounts, [`vault`] keeps
//! files for the charts that name them, [`copies`] keeps copies of accounts' keys for devices that have only a passkey,
//! [`disclosures`] records each download with its reader, [`downloads`] limits how many of these an account gets,
//! [`door`] passes questions on to the node for those who may ask them, [`portal`] serves only web pages that the
//! hospitals list and watches those of other hospitals, and [`http`] serves it all, by the protocol in
//! [`medblock_vault_protocol`]. Nothing in here can decrypt a file.

pub mod authority;
pub mod blob;
mod bucket;
pub mod config;
pub mod copies;
pub mod disclosures;
pub mod door;
pub mod downloads;
pub mod errors;
mod files;
pub mod http;
pub mod logs;
pub mod metrics;
pub mod portal;
pub mod proxies;
pub mod recent;
pub mod server;
pub mod sessions;
pub mod vault;
