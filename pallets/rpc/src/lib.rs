//! What `medicalRecords_*` and `consortium_*` have in common.
//!
//! ## Answers
//!
//! Everything is shown as [`medblock_views`] has it. Every answer names the block at which it was
//! read, as `at: { number, hash }`. A single thing comes as `value`, a list as `items` with `next`.
//! `next` is the `after` of the next page, and `null` at the end of the list; a page may be short, or
//! empty, without being the last. With the hash of the first page as `at`, all further pages are of the
//! same moment.
//!
//! | parameter | |
//! |---|---|
//! | `at` | the hash of the block whose state is read; the last finalized block if left out |
//! | `limit` | the most items in the answer, 1 to 256; 64 if left out |
//! | `after` | `next` of the page before; the beginning of the list if left out |
//!
//! ## Errors
//!
//! The codes are in [`errors`], and stay. JSON-RPC's own codes and those of the server's limits come
//! besides; all of them are in the OpenRPC document.

pub mod errors;
mod state;

pub use state::{DEFAULT_LIMIT, MAX_LIMIT, State};
