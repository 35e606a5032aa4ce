#![doc = include_str!("../README.md")]

pub mod access;
pub mod accounts;
pub mod chart;
mod client;
pub mod consortium;
#[cfg(not(target_family = "wasm"))]
pub mod council;
pub mod delegates;
mod disclosures;
pub mod emergency;
mod error;
mod forgetting;
pub mod grants;
pub mod institutions;
pub mod keys;
mod kind;
pub mod moves;
pub mod names;
pub mod notebook;
pub mod notices;
mod noting;
#[cfg(not(target_family = "wasm"))]
pub mod operations;
mod outbox;
mod overtaken;
pub mod people;
pub mod profile_keys;
pub mod profiles;
pub mod receipts;
pub mod records;
pub mod recovery;
pub mod registrars;
pub mod registration;
mod repeated;
pub mod representatives;
mod resealing;
pub mod rotation;
mod staging;
pub mod standing;
pub mod titles;
mod told;
pub mod trust;
pub mod vault;

pub use chain::{Agreed, Nodes, Witnesses};
pub use chart::{ChartEpochs, HeldGrant, Secrets};
pub use client::{Client, Done, Mode};
pub use error::{Error, Result};
pub use forgetting::{forget_account, forget_every_account};
pub use keys::{Keys, Wallet};
pub use kind::Kind;
pub use resealing::Resealed;
pub use staging::{NewFile, Repaired, Settled};
pub use trust::Pins;

pub use medblock_chain as chain;
pub use medblock_crypto;
pub use medblock_platform::told::Told;
pub use medblock_primitives;
