//! MedBlock's data as FHIR R4 (4.0.1) resources in JSON (HL7 FHIR R4, §2.6.2).
//!
//! | MedBlock | FHIR | made by |
//! |---|---|---|
//! | a record | `DocumentReference` | [`Names::document_reference`] |
//! | a record's addition, and its file | `Provenance` | [`Names::provenance`] |
//! | a grant | `Consent` | [`Names::consent`] |
//! | a person who acts for a patient | `RelatedPerson` | [`Names::related_person`] |
//! | what that person may do | `Consent` | [`Names::representation_consent`] |
//! | a plan for emergencies | `Consent` | [`Names::emergency_consent`] |
//! | a download | `AuditEvent` | [`Names::audit_event`] |
//! | a patient | `Patient` | [`Names::patient_resource`] |
//!
//! [`Bundle::new`] puts them together. The resources contain only data from the chain, a vault or
//! the decrypted record; `docs/fhir.md` lists every element, and the data without an equivalent.
//!
//! The types are our own: they have only the elements that MedBlock fills.

mod acting;
mod audit_event;
mod bundle;
mod codes;
mod consent;
mod content;
mod document_reference;
mod names;
mod patient;
mod provenance;
mod related_person;
mod time;
mod types;

pub use audit_event::AuditEvent;
pub use bundle::{Bundle, Resource};
pub use consent::Consent;
pub use content::Content;
pub use document_reference::{About, DocumentReference};
pub use names::Names;
pub use patient::Patient;
pub use provenance::Provenance;
pub use related_person::RelatedPerson;
pub use types::{CodeableConcept, Coding, Identifier, Period, Reference};

/// The version of FHIR.
pub const FHIR_VERSION: &str = "4.0.1";
