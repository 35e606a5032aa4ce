//! MedBlock's things in FHIR.
#![allow(clippy::unwrap_used)]

mod acting;
mod documentation;
mod people;
mod resources;
mod support;
