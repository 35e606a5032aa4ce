//! What storage, files and requests do natively. One program has all of this, so that it is linked once.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used)]

mod cases;
mod http;
mod storage;
mod user_file;
