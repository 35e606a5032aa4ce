#![allow(clippy::unwrap_used)]

mod closing;
mod nobody;
mod openrpc;
