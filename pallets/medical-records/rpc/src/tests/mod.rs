#![allow(clippy::unwrap_used)]

mod nobody;
mod openrpc;
mod shapes;
