//! `medicalRecords_*` on real nodes, as a program that knows nothing but `rpc.discover` sees it.

mod document;
mod inbox;
mod reads;
mod refusals;
mod support;
