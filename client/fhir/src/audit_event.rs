//! A download as an `AuditEvent` (R4).

use crate::{Names, codes, time, types::*};
use base64::{Engine, engine::general_purpose::STANDARD};
use medblock_client::{
	medblock_primitives::{HospitalId, PatientId},
	vault::Disclosure,
};
use serde::Serialize;

/// A vault's disclosure of bytes of a chart, in the pattern `PatientRead` of IHE's Basic Audit Log Patterns, as far as
/// a vault knows: it keeps nothing of the machine that asked, so that the pattern's `client` is missing.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
	#[serde(skip)]
	pub(crate) name: Identifier,
	#[serde(rename = "type")]
	kind: Coding,
	subtype: [Coding; 2],
	action: &'static str,
	recorded: String,
	outcome: &'static str,
	#[serde(skip_serializing_if = "Option::is_none")]
	purpose_of_event: Option<[CodeableConcept; 1]>,
	pub(crate) agent: [Agent; 2],
	pub(crate) source: Source,
	pub(crate) entity: [Entity; 2],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Agent {
	#[serde(rename = "type")]
	kind: CodeableConcept,
	pub(crate) who: Reference,
	#[serde(skip_serializing_if = "Option::is_none")]
	alt_id: Option<String>,
	requestor: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Source {
	pub(crate) observer: Reference,
	#[serde(rename = "type")]
	kind: [Coding; 1],
}

#[derive(Debug, Serialize)]
pub(crate) struct Entity {
	pub(crate) what: Reference,
	#[serde(rename = "type")]
	kind: Coding,
	role: Coding,
	#[serde(skip_serializing_if = "Vec::is_empty")]
	detail: Vec<Detail>,
}

#[derive(Debug, Serialize)]
struct Detail {
	#[serde(rename = "type")]
	kind: &'static str,
	#[serde(flatten)]
	value: Value,
}

#[derive(Debug, Serialize)]
enum Value {
	#[serde(rename = "valueString")]
	Text(String),
	#[serde(rename = "valueBase64Binary")]
	Bytes(String),
}

impl Names {
	/// The vault's record of a disclosure from a patient's chart.
	///
	/// Vaults write before they send, so `outcome` says that the download was allowed and begun. A
	/// registrar has no number: the resource names their hospital, with the account that asked.
	pub fn audit_event(
		&self,
		vault: HospitalId,
		patient: PatientId,
		one: &Disclosure,
	) -> AuditEvent {
		let (purpose, who) = match (one.doctor, one.registrar, one.representative) {
			(Some(doctor), ..) => (codes::DISCLOSE, self.to_doctor(doctor)),
			(None, Some(hospital), _) => (codes::DISCLOSE, self.to_hospital(hospital)),
			(None, None, Some(other)) => (codes::DISCLOSE, self.to_representative(patient, other)),
			(None, None, None) => (codes::OWN_ACCESS, self.to_patient(patient)),
		};
		let what = match one.record {
			Some(index) => self.to_record(patient, index),
			None => Reference {
				reference: None,
				kind: Some("DocumentReference"),
				identifier: self.profile(patient),
			},
		};
		let document =
			Entity { what, kind: codes::OBJECT, role: codes::DOMAIN_RESOURCE, detail: detail(one) };
		let person = Entity {
			what: self.to_patient(patient),
			kind: codes::PERSON,
			role: codes::PATIENT,
			detail: Vec::new(),
		};
		AuditEvent {
			name: self.download(vault, patient, one.number),
			kind: codes::REST,
			subtype: [codes::READ, purpose],
			action: "R",
			recorded: time::instant(one.time),
			outcome: "0",
			purpose_of_event: one.emergency.then(|| [codes::EMERGENCY.into()]),
			agent: [
				Agent {
					kind: codes::RECIPIENT.into(),
					who,
					alt_id: Some(one.account.clone()),
					requestor: true,
				},
				Agent {
					kind: codes::SOURCE.into(),
					who: self.to_hospital(vault),
					alt_id: None,
					requestor: false,
				},
			],
			source: Source { observer: self.to_hospital(vault), kind: [codes::SERVER] },
			entity: [document, person],
		}
	}
}

/// The range of bytes, the block at which access was checked, and the challenge with its signature.
fn detail(one: &Disclosure) -> Vec<Detail> {
	let text = |kind, value| Detail { kind, value: Value::Text(value) };
	let mut all = vec![
		text("from", one.from.to_string()),
		text("to", one.to.to_string()),
		text("block", one.block.to_string()),
		text("blockHash", one.block_hash.clone()),
		text("challenge", one.challenge.clone()),
	];
	let hexadecimal = one.signature.strip_prefix("0x").unwrap_or(&one.signature);
	// A value that is no signature is passed on as it is.
	all.push(match hex::decode(hexadecimal) {
		Ok(bytes) => Detail { kind: "signature", value: Value::Bytes(STANDARD.encode(bytes)) },
		Err(_) => text("signature", one.signature.clone()),
	});
	// A string of FHIR is never empty.
	all.retain(|one| !matches!(&one.value, Value::Text(text) if text.is_empty()));
	all
}
