//! `docs/fhir.md` shows each resource as this crate makes it. `UPDATE_FHIR=1` writes its examples
//! anew.

use crate::support::*;
use jiff::Timestamp;
use medblock_client::medblock_primitives::{Author, HospitalId, Scope, Scopes};
use medblock_fhir::{About, Bundle, Resource};
use serde::Serialize;
use std::{env, fs};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fhir.md");

fn pretty(value: &impl Serialize) -> String {
	serde_json::to_string_pretty(value).unwrap()
}

/// The examples, by the names that the document gives them.
fn examples() -> Vec<(&'static str, String)> {
	let (names, headers) = (names(), headers());
	let note = record(Author::Doctor(BONES), Some(4));
	let about = About::Opened(&headers, content(b"No finding in the chest.\n"));
	let resources: [(&str, Resource); 5] = [
		(
			"DocumentReference",
			names.document_reference(ANA, 7, &note, Some(&kept_by(1)), about).into(),
		),
		("Provenance", names.provenance(ANA, 7, &note).into()),
		("Consent", names.consent(&grant(Scope::Records, true), &[4, 7]).into()),
		("RelatedPerson", names.related_person(&representative(Scopes(11))).into()),
		("AuditEvent", names.audit_event(HospitalId(1), ANA, &download(Some(5), None)).into()),
	];
	let mut all: Vec<_> = resources.iter().map(|(name, made)| (*name, pretty(made))).collect();
	let gone = withdrawn();
	let in_bundle: Vec<Resource> = vec![
		names.document_reference(ANA, 2, &gone, None, About::Unreadable).into(),
		names.provenance(ANA, 2, &gone).into(),
	];
	let now = Timestamp::from_millisecond(i64::try_from(NOW).unwrap()).unwrap();
	all.push(("Bundle", pretty(&Bundle::new(&names, &[0x77; 32], now, in_bundle))));
	all
}

#[test]
fn examples_in_the_documentation_are_what_is_made() {
	let mut document = fs::read_to_string(DOCUMENT).unwrap();
	for (name, made) in examples() {
		let opening = format!("<!-- example: {name} -->\n```json\n");
		let start = document.find(&opening).unwrap_or_else(|| panic!("no {name}")) + opening.len();
		let end = start + document[start..].find("\n```").unwrap();
		if env::var_os("UPDATE_FHIR").is_some() {
			document.replace_range(start..end, &made);
		} else {
			assert_eq!(&document[start..end], made, "{name}: UPDATE_FHIR=1 writes it anew");
		}
	}
	if env::var_os("UPDATE_FHIR").is_some() {
		fs::write(DOCUMENT, document).unwrap();
	}
}
