#![doc = include_str!("../README.md")]

pub mod clock;
mod error;
pub mod files;
pub mod http;
mod joined;
mod memory;
#[cfg(not(target_family = "wasm"))]
mod native;
pub mod storage;
pub mod tasks;
pub mod text;
pub mod told;
mod user_file;
#[cfg(target_family = "wasm")]
mod web;
mod within;

pub use error::{Error, Result};
pub use files::Files;
pub use memory::Memory;
#[cfg(not(target_family = "wasm"))]
pub use native::{Destination, Folder, UnfinishedFolder, disk, proxy, put_bytes, sweep, sweep_own};
pub use storage::Storage;
pub use tasks::{MaybeSend, MaybeSync};
#[cfg(target_family = "wasm")]
pub use web::{Blobs, Browser};
pub use within::Within;

#[cfg(not(target_family = "wasm"))]
use native as target;
#[cfg(target_family = "wasm")]
use web as target;
