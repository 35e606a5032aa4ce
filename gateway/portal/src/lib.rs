//! The portal, a folder of files: the web pages for patients, doctors and a hospital's desk.
//!
//! [`Portal::open`] reads a folder, and compares each file with the digest that [`MANIFEST`] lists.
//! [`Portal::answer`] serves what it read, with the headers of [`Policy`]. A gateway and the command line
//! serve the same folder with the same headers, so this crate depends on neither of them.
//!
//! [`Remote`] fetches what another gateway serves, and compares it in the same way, with its headers; [`Listing`] says whether the
//! hospitals list a portal.
//!
//! A request can name only files that the manifest lists: no path leads anywhere else.

mod files;
mod headers;
mod manifest;
mod media;
mod policy;
mod release;
mod remote;
mod serve;

pub use files::{NotAPortal, Portal};
pub use manifest::{Digest, MANIFEST, Manifest};
pub use policy::{Origin, Policy};
pub use release::Listing;
pub use remote::{Fault, Remote, Served, Visit};
