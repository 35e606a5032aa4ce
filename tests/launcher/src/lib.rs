//! Hospitals on this machine: their nodes, their vaults, their people and, in drills, whole machines.
//!
//! Everything that starts MedBlock's programs to try them goes through this crate: `scripts/network`,
//! `scripts/demo`, the drills of the runbooks, the stories of `tests`, and the measurements. The
//! binary of the same name is what scripts call.
//!
//! A program is known by the folder that it runs in. Its number and its log are files there, so that
//! another launcher finds it again. Nothing here sleeps for a fixed time: [`eventually`] asks until
//! there is an answer, and gives up after a limit.

mod daemon;
mod error;
mod genesis;
mod hospital;
mod machines;
mod network;
mod node;
mod ports;
mod program;
mod rpc;
mod service;
mod specification;
mod status;
mod vault;
mod wait;

pub use daemon::{Daemon, Lifetime, Stopped};
pub use error::{Error, Result};
pub use hospital::Hospital;
pub use machines::{Condition, Fact, Machine, Machines};
pub use network::{BASE_PORT, Network, Up};
pub use node::Node;
pub use ports::{PORTS, Ports, refuse_taken};
pub use program::{Program, Ran, binary, printed_by};
pub use rpc::{Block, Rpc};
pub use service::{Service, chown, journalctl, systemctl};
pub use specification::{Item, Specification};
pub use status::{Common, Knows, NetworkStatus, NodeStatus};
pub use vault::Vault;
pub use wait::eventually;
