//! One module for each concern.

#![allow(clippy::unwrap_used)]

mod acts;
mod agenda;
mod completeness;
mod costs;
mod emergencies;
mod guardians;
mod invariants;
mod model;
mod plans;
mod promise;
mod queries;
mod recovery;
mod recovery_meets;
mod representatives;
