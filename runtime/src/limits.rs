//! The limits of a consortium's size.

/// The maximum number of hospitals, and so of validators and council members.
pub const MAX_HOSPITALS: u32 = 64;

/// The maximum number of nodes in the network: a validator, a spare and two RPC nodes for each
/// hospital.
pub const MAX_NODES: u32 = 256;
