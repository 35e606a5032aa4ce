//! The addition of a record to a chart, as a `Provenance` (R4).

use crate::{
	Names, codes,
	document_reference::added,
	names::to_file,
	time,
	types::{CodeableConcept, Identifier, Reference},
};
use medblock_client::medblock_primitives::{PatientId, Record, RecordIndex};
use serde::Serialize;

/// The addition of a record to a chart, with its author and its encrypted file.
///
/// It has no `signature`: the signed thing is the transaction, which is in a block and not in the
/// chain's state, so clients don't have it at hand.
#[derive(Debug, Serialize)]
pub struct Provenance {
	#[serde(skip)]
	pub(crate) name: Identifier,
	pub(crate) target: [Reference; 1],
	recorded: String,
	activity: CodeableConcept,
	pub(crate) agent: [Agent; 1],
	#[serde(skip_serializing_if = "Option::is_none")]
	entity: Option<[Entity; 1]>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Agent {
	#[serde(rename = "type")]
	kind: CodeableConcept,
	pub(crate) who: Reference,
}

#[derive(Debug, Serialize)]
struct Entity {
	role: &'static str,
	what: Reference,
}

impl Names {
	/// The addition of a record to a chart.
	pub fn provenance(
		&self,
		patient: PatientId,
		index: RecordIndex,
		record: &Record,
	) -> Provenance {
		let who = self.to_author(patient, record.author);
		Provenance {
			name: self.adding(patient, index),
			target: [self.to_record(patient, index)],
			recorded: time::instant(added(record)),
			activity: codes::APPEND.into(),
			agent: [Agent { kind: codes::ENTERER.into(), who }],
			entity: record
				.document
				.as_ref()
				.map(|document| [Entity { role: "source", what: to_file(&document.digest) }]),
		}
	}
}
