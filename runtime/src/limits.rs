//! The most that one consortium can have.

/// The most hospitals, and so the most validators and council members.
pub const MAX_HOSPITALS: u32 = 64;

/// The most nodes in the network: a validator, a spare and two RPC nodes for each hospital.
pub const MAX_NODES: u32 = 256;
