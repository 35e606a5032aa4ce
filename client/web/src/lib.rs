//! MedBlock in a browser: the functions of the other crates, under the names and with the types that
//! JavaScript uses. No logic lives here.
//!
//! `scripts/build-web` makes a package of it: an ES module, its types, and the WebAssembly. The shapes of
//! values that go in and come out are those of `portal/src/api.ts`.

#[cfg(target_family = "wasm")]
mod copies;
#[cfg(target_family = "wasm")]
mod deposits;
#[cfg(target_family = "wasm")]
mod desk;
#[cfg(target_family = "wasm")]
mod desk_decisions;
#[cfg(target_family = "wasm")]
mod desk_key;
#[cfg(target_family = "wasm")]
mod desk_people;
#[cfg(target_family = "wasm")]
mod desk_registrars;
#[cfg(target_family = "wasm")]
mod desk_representatives;
#[cfg(target_family = "wasm")]
mod doctor;
#[cfg(target_family = "wasm")]
mod emergency;
#[cfg(target_family = "wasm")]
mod failure;
mod formats;
#[cfg(target_family = "wasm")]
mod guardians;
#[cfg(target_family = "wasm")]
mod institutions;
#[cfg(target_family = "wasm")]
mod keys;
#[cfg(target_family = "wasm")]
mod looks;
#[cfg(target_family = "wasm")]
mod notebook;
#[cfg(target_family = "wasm")]
mod patient;
#[cfg(target_family = "wasm")]
mod people;
#[cfg(target_family = "wasm")]
mod records;
#[cfg(target_family = "wasm")]
mod recovery;
#[cfg(target_family = "wasm")]
mod representatives;
#[cfg(target_family = "wasm")]
mod running;
#[cfg(target_family = "wasm")]
mod session;
#[cfg(target_family = "wasm")]
mod sheets;
#[cfg(target_family = "wasm")]
mod wallet;
#[cfg(target_family = "wasm")]
mod words;
