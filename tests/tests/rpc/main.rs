//! `medicalRecords_*` on real nodes, as a program that knows nothing but `rpc.discover` sees it.

#![allow(clippy::unwrap_used)]

mod document;
mod inbox;
mod reads;
mod refusals;
mod support;
