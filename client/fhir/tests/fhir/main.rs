//! What MedBlock's things look like in FHIR.
#![allow(clippy::unwrap_used)]

mod documentation;
mod resources;
mod support;
