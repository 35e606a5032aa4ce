//! MedBlock's things in FHIR.
#![allow(clippy::unwrap_used)]

mod documentation;
mod resources;
mod support;
