//! MedBlock in a browser: the functions of the other crates, under the names and with the types that
//! JavaScript uses. No logic lives here.
//!
//! `scripts/build-web` makes a package of it: an ES module, its types, and the WebAssembly.

#[cfg(target_family = "wasm")]
mod device;
mod records;
