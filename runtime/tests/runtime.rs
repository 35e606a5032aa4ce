//! The assembled runtime, natively. One program has all of this, so that it is compiled and linked once.

#![allow(clippy::unwrap_used)]

mod abuse;
mod accounts;
mod allowances;
mod common;
mod consent;
mod council;
mod delegated_promise;
mod delegation;
mod fair_use;
mod layout;
mod misconduct;
mod people;
mod shape;
mod state_costs;
