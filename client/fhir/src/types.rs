//! FHIR's general-purpose data types (R4), as far as this crate uses them.

use serde::Serialize;

/// A code of a code system. It has no `display`, because code systems change theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coding {
	/// The code system's URI.
	pub system: &'static str,
	/// The code.
	pub code: &'static str,
}

/// A concept that one code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CodeableConcept {
	/// The code.
	pub coding: [Coding; 1],
}

impl From<Coding> for CodeableConcept {
	fn from(code: Coding) -> Self {
		Self { coding: [code] }
	}
}

/// The name of a thing in a system of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
	/// The system's URI.
	pub system: String,
	/// The name, unique in it.
	pub value: String,
}

/// A person or thing, by name; with its place in the bundle, if it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
	/// The full URL of an entry of the same bundle.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub reference: Option<String>,
	/// The type of resource that it would be.
	#[serde(rename = "type", skip_serializing_if = "Option::is_none")]
	pub kind: Option<&'static str>,
	/// The name.
	pub identifier: Identifier,
}

/// The beginning and the end of a period, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
	/// The beginning.
	pub start: String,
	/// The end, if there is one.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub end: Option<String>,
}
