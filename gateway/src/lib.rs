//! A hospital's gateway: the vault of encrypted records.
//!
//! [`authority`] asks the chain who may do what, [`sessions`] knows who asks, [`vault`] keeps files
//! for the charts that name them, [`disclosures`] writes down who was given what, [`downloads`] says
//! how much of that an account gets, and [`http`] puts these together for whoever speaks HTTP.
//! Nothing in here can decrypt anything.

pub mod authority;
pub mod blob;
mod bucket;
pub mod config;
pub mod disclosures;
pub mod downloads;
pub mod errors;
mod files;
pub mod http;
pub mod logs;
pub mod metrics;
pub mod server;
pub mod sessions;
pub mod vault;
