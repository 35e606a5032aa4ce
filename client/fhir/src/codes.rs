//! The codes in use. Each is in the value set that R4 binds its element to, except for `OPTOUT` and
//! `APPEND`: R4's own sets have no suitable code there, and the binding allows others.

use crate::Coding;

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const AUDIT_EVENT: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const CONSENT_ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const CONSENT_SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const DATA_OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const LOINC: &str = "http://loinc.org";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";

/// The system of identifiers that are URIs themselves.
pub const URIS: &str = "urn:ietf:rfc:3986";

/// The extension that says why a value is missing.
pub const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A consent about privacy.
pub const PRIVACY: Coding = Coding { system: CONSENT_SCOPE, code: "patient-privacy" };
/// A patient's consent.
pub const PATIENT_CONSENT: Coding = Coding { system: LOINC, code: "59284-0" };
/// Everything is forbidden, unless a provision permits it.
pub const OPT_OUT: Coding = Coding { system: ACT_CODE, code: "OPTOUT" };
/// For treatment.
pub const TREATMENT: Coding = Coding { system: ACT_REASON, code: "TREAT" };
/// For treatment in an emergency.
pub const EMERGENCY: Coding = Coding { system: ACT_REASON, code: "ETREAT" };
/// The action of reading.
pub const ACCESS: Coding = Coding { system: CONSENT_ACTION, code: "access" };
/// Adding something to what is there.
pub const APPEND: Coding = Coding { system: DATA_OPERATION, code: "APPEND" };
/// The recipient of information.
pub const RECIPIENT: Coding = Coding { system: PARTICIPATION, code: "IRCP" };

/// A request to a REST interface.
pub const REST: Coding = Coding { system: AUDIT_EVENT, code: "rest" };
/// A disclosure to another person.
pub const DISCLOSE: Coding = Coding { system: LIFECYCLE, code: "disclose" };
/// A person's access to their own data.
pub const OWN_ACCESS: Coding = Coding { system: LIFECYCLE, code: "access" };
/// An HTTP GET.
pub const READ: Coding = Coding { system: RESTFUL, code: "read" };
/// An application server.
pub const SERVER: Coding = Coding { system: SOURCE_TYPE, code: "4" };
/// An entity that is a person.
pub const PERSON: Coding = Coding { system: ENTITY_TYPE, code: "1" };
/// An entity that is a thing.
pub const OBJECT: Coding = Coding { system: ENTITY_TYPE, code: "2" };
/// A person in the role of the patient.
pub const PATIENT: Coding = Coding { system: OBJECT_ROLE, code: "1" };
/// A thing that was read.
pub const DOMAIN_RESOURCE: Coding = Coding { system: OBJECT_ROLE, code: "4" };
/// The machine that data came from ("Source Role ID").
pub const SOURCE: Coding = Coding { system: DICOM, code: "110153" };

/// The person who put data into a system, whether or not they wrote it.
pub const ENTERER: Coding = Coding { system: PARTICIPANT, code: "enterer" };
