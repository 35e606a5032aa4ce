//! What a MedBlock client does: speaks to nodes and vaults, seals and opens.
//!
//! Start with [`Nodes::connect`] and [`Client::new`]; what people do are methods of [`Client`].
//! Everything that changes the chain waits until it is **final**.
//!
//! The modules have the names of the pallets' own:
//!
//! | module | |
//! |---|---|
//! | [`registration`], [`standing`], [`accounts`], [`moves`], [`profiles`] | people: registering, being verified, changing accounts and hospitals, profiles and keys |
//! | [`grants`], [`rotation`], [`records`] | charts: granting and taking back, new keys, records |
//! | [`consortium`] | what a hospital's controller sets |
//! | `staging`, `outbox`, [`vault`] | ciphertext on its way to a vault, and back |
//! | [`access`], [`chart`], [`trust`] | what a person may do, which keys open a chart, and which are to be believed |
//! | [`council`], [`operations`] | operators: what hospitals decide together, how their own node is doing; not in browsers |
//! | [`chain`] | one node, and the agreement of two |
//!
//! Before something is sealed, the keys concerned are read from two nodes ([`Nodes::agreed`]), compared
//! with those seen before ([`Pins`]) and with those that one's own secret gives ([`Secrets`]).

pub mod access;
pub mod accounts;
pub mod chart;
mod client;
pub mod consortium;
#[cfg(not(target_family = "wasm"))]
pub mod council;
mod disclosures;
mod error;
pub mod grants;
pub mod keys;
pub mod moves;
#[cfg(not(target_family = "wasm"))]
pub mod operations;
mod outbox;
pub mod profiles;
pub mod records;
pub mod registration;
pub mod rotation;
mod staging;
pub mod standing;
pub mod trust;
pub mod vault;

pub use chain::{Agreed, Nodes};
pub use chart::{ChartEpochs, HeldGrant, Secrets};
pub use client::{Client, Done, Mode};
pub use error::{Error, Result};
pub use keys::{Keys, Wallet};
pub use staging::{NewFile, Settled};
pub use trust::Pins;

pub use medblock_chain as chain;
pub use medblock_crypto;
pub use medblock_primitives;
