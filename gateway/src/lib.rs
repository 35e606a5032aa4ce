//! A hospital's gateway: the vault of encrypted records.
//!
//! [`authority`] asks the chain what an account may do, [`sessions`] authenticates accounts, [`vault`] keeps files for
//! the charts that name them, [`state`] remembers what is known of them, [`fetching`] fetches from other vaults what this
//! one is to keep, [`copies`] keeps copies of accounts' keys for devices that have only a passkey, [`texts`] keeps what doctors
//! tell of emergencies, [`disclosures`] records
//! each download with its reader, [`receipts`] proves what was given out, [`retention`] forgets that after years, [`downloads`] limits how many of these an
//! account gets, [`door`] passes questions on to the node for those who may ask them, [`portal`] serves only web pages
//! that the hospitals list and watches those of other hospitals, and [`http`] serves it all, by the protocol in
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
#[cfg(test)]
mod failing_disk;
pub mod fetching;
mod files;
pub mod http;
mod import;
pub mod logs;
pub mod metrics;
pub mod portal;
pub mod proxies;
pub mod receipts;
pub mod recent;
pub mod retention;
pub mod server;
pub mod sessions;
pub mod state;
pub mod texts;
pub mod vault;
pub mod verify;
