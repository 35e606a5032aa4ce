//! Resources together, as a `Bundle` (R4).

use crate::{
	AuditEvent, Consent, DocumentReference, Identifier, Names, Patient, Provenance, Reference,
	RelatedPerson,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// A collection of resources. Each has a full URL, by which the others refer to it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
	resource_type: &'static str,
	meta: Meta,
	#[serde(rename = "type")]
	kind: &'static str,
	timestamp: String,
	// A list of FHIR is never empty.
	#[serde(skip_serializing_if = "Vec::is_empty")]
	entry: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Meta {
	source: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
	full_url: String,
	resource: Resource,
}

/// A resource of a bundle.
#[derive(Debug, Serialize)]
#[serde(tag = "resourceType")]
#[allow(clippy::large_enum_variant, reason = "a bundle has mostly the largest of them")]
pub enum Resource {
	/// A record.
	DocumentReference(DocumentReference),
	/// The addition of a record to a chart.
	Provenance(Provenance),
	/// A grant, or what others may do for a patient.
	Consent(Consent),
	/// A download.
	AuditEvent(AuditEvent),
	/// A patient.
	Patient(Patient),
	/// A person who acts for a patient.
	RelatedPerson(RelatedPerson),
}

macro_rules! resource_from {
	($($kind:ident)*) => {$(
		impl From<$kind> for Resource {
			fn from(resource: $kind) -> Self {
				Self::$kind(resource)
			}
		}
	)*};
}
resource_from!(DocumentReference Provenance Consent AuditEvent Patient RelatedPerson);

impl Bundle {
	/// Puts resources together, which the chain's state at the block with this hash gave, at the
	/// time `now`. References to resources in the bundle lead there.
	pub fn new(
		names: &Names,
		block: &[u8; 32],
		now: Timestamp,
		mut resources: Vec<Resource>,
	) -> Self {
		let known: BTreeSet<String> = resources.iter().map(|one| one.name().full_url()).collect();
		for reference in resources.iter_mut().flat_map(Resource::references) {
			let url = reference.identifier.full_url();
			reference.reference = known.contains(&url).then_some(url);
		}
		let entry = resources
			.into_iter()
			.map(|resource| Entry { full_url: resource.name().full_url(), resource });
		Self {
			resource_type: "Bundle",
			meta: Meta { source: names.block(block) },
			kind: "collection",
			timestamp: now.to_string(),
			entry: entry.collect(),
		}
	}
}

impl Resource {
	fn name(&self) -> &Identifier {
		match self {
			Self::DocumentReference(one) => one.name(),
			Self::Provenance(one) => &one.name,
			Self::Consent(one) => one.name(),
			Self::AuditEvent(one) => &one.name,
			Self::Patient(one) => one.name(),
			Self::RelatedPerson(one) => one.name(),
		}
	}

	/// References to possible entries of the same bundle.
	fn references(&mut self) -> Vec<&mut Reference> {
		match self {
			Self::DocumentReference(one) => {
				let [author] = &mut one.author;
				let target = one.relates_to.iter_mut().flatten().map(|to| &mut to.target);
				[&mut one.subject, author]
					.into_iter()
					.chain(&mut one.custodian)
					.chain(target)
					.collect()
			},
			Self::Provenance(one) => {
				let ([target], [agent]) = (&mut one.target, &mut one.agent);
				vec![target, &mut agent.who]
			},
			Self::Consent(one) => {
				let [performer] = &mut one.performer;
				let provisions = one.provision.iter_mut().flat_map(|all| &mut all.provision);
				let in_provisions = provisions.flat_map(|one| {
					let actor = one.actor.iter_mut().map(|actor| &mut actor.reference);
					actor.chain(one.data.iter_mut().map(|data| &mut data.reference))
				});
				[&mut one.patient, performer].into_iter().chain(in_provisions).collect()
			},
			Self::AuditEvent(one) => {
				let agents = one.agent.iter_mut().map(|agent| &mut agent.who);
				let entities = one.entity.iter_mut().map(|entity| &mut entity.what);
				agents.chain([&mut one.source.observer]).chain(entities).collect()
			},
			Self::Patient(one) => vec![&mut one.managing_organization],
			Self::RelatedPerson(one) => vec![&mut one.patient],
		}
	}
}
