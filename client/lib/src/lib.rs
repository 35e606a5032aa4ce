//! What a MedBlock client does: speaks to nodes and vaults, seals and opens.
//!
//! Start with [`Nodes::connect`] and [`Client::new`]; patients', doctors' and hospitals' actions are
//! methods of [`Client`]. Everything that changes the chain waits until it is **final**.
//!
//! | module | |
//! |---|---|
//! | [`chain`] | one node, and the agreement of two: questions about a block, transactions |
//! | [`vault`] | one hospital's vault: sign-in, resumable transfers |
//! | [`patient`], [`doctor`], [`hospital`], [`records`], [`rotation`] | what people do |
//! | [`council`], [`operations`] | what hospitals decide together, and how their own node is doing |
//!
//! Before something is sealed, the keys concerned are read from two nodes ([`Nodes::agreed`]), compared
//! with what was seen before ([`Pins`]) and with what one's own secret gives ([`Secrets`]).

mod client;
pub mod council;
pub mod doctor;
mod epochs;
mod error;
pub mod hospital;
mod keys;
pub mod operations;
mod outbox;
pub mod patient;
mod pins;
pub mod records;
mod registration;
pub mod rotation;
mod sealing;
mod target;
pub mod vault;

pub use chain::{Agreed, Nodes};
pub use client::{Client, Done, Mode};
pub use epochs::{ChartEpochs, HeldGrant, Secrets};
pub use error::{Error, Result, explain};
pub use keys::{Keys, Wallet};
pub use pins::Pins;
pub use sealing::{NewFile, Settled};

pub use medblock_chain as chain;
pub use medblock_crypto;
pub use medblock_primitives;
