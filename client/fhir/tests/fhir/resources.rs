//! Each resource, in each state.

use crate::support::*;
use jiff::Timestamp;
use medblock_client::{
	Error, access,
	medblock_crypto::Headers,
	medblock_primitives::{
		Allowed, Author, Denied, HospitalId, InstitutionId, PatientId, Scope, Vaults,
	},
	records::Title,
	vault::{self, Disclosure},
};
use medblock_fhir::{About, Bundle, Resource};
use pallet_medical_records_runtime_api::GrantInfo;
use serde_json::{Value, json};

fn document(record: &medblock_client::medblock_primitives::Record, about: About<'_>) -> Value {
	json(names().document_reference(ANA, 7, record, Some(&kept_by(1)), about))
}

/// A patient has moved the files that hospital 1 kept to hospital 2.
#[test]
fn custodian_is_the_hospital_that_keeps_the_document_now() {
	let moved = record(Author::Patient, None);
	assert_eq!(moved.document.as_ref().map(|document| document.vault), Some(HospitalId(1)));
	let vaults =
		Vaults { home: HospitalId(2), mirror: Some(HospitalId(0)), former: vec![HospitalId(1)] };
	let made = names().document_reference(ANA, 7, &moved, Some(&vaults), About::Unreadable);
	let custodian = &json(made)["custodian"];
	assert_eq!(custodian["type"], "Organization");
	assert_eq!(custodian["identifier"]["value"], "2");
}

#[test]
fn opened_record_has_content_size_and_hash() {
	let headers = headers();
	let made = document(&record(Author::Patient, None), About::Opened(&headers, content(b"abc")));
	let attachment = &made["content"][0]["attachment"];
	assert_eq!(attachment["data"], "YWJj");
	assert_eq!(attachment["size"], 3);
	assert_eq!(attachment["hash"], "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
	assert_eq!(attachment["contentType"], "text/plain; charset=utf-8");
	assert_eq!(made["status"], "current");
	assert_eq!(made["date"], "2026-11-23T14:05:00Z");
}

#[test]
fn empty_record_has_a_size_and_no_data() {
	let headers = headers();
	let made = document(&record(Author::Patient, None), About::Opened(&headers, content(b"")));
	let attachment = &made["content"][0]["attachment"];
	assert_eq!((attachment.get("data"), &attachment["size"]), (None, &json!(0)));
}

#[test]
fn listed_record_says_nothing_of_its_content() {
	let headers = headers();
	let made = document(&record(Author::Patient, None), About::Headers(&headers));
	let attachment = made["content"][0]["attachment"].as_object().unwrap();
	let mut said: Vec<&str> = attachment.keys().map(String::as_str).collect();
	said.sort_unstable();
	assert_eq!(said, ["contentType", "creation", "title"]);
}

#[test]
fn withdrawn_record_is_entered_in_error_whatever_is_known_of_it() {
	let headers = headers();
	for about in [About::Unreadable, About::Opened(&headers, content(b"secret"))] {
		let made = document(&withdrawn(), about);
		assert_eq!(made["status"], "entered-in-error");
		assert_eq!(made.get("custodian"), None);
		assert_eq!(made["content"][0]["attachment"]["extension"][0]["valueCode"], "masked");
		assert!(!made.to_string().contains("c2VjcmV0"), "{made}");
	}
}

#[test]
fn what_cannot_be_read_says_why() {
	let awaiting: Result<Title, Error> = Err(Error::Access(access::Error::AwaitingPatient));
	let damaged: Result<Title, Error> = Err(Error::Vault(vault::Error::WrongBytes(String::new())));
	for (title, reason) in [(awaiting, "temp-unknown"), (damaged, "error")] {
		let made = document(&record(Author::Patient, None), (&title).into());
		let attachment = made["content"][0]["attachment"].as_object().unwrap();
		assert_eq!(attachment.len(), 1);
		assert_eq!(attachment["extension"][0]["valueCode"], reason);
		assert_eq!(made["status"], "current");
	}
}

#[test]
fn note_appends_to_what_it_answers() {
	let note = record(Author::Doctor(BONES), Some(4));
	let made = document(&note, About::AwaitingPatient);
	assert_eq!(made["relatesTo"][0]["code"], "appends");
	assert_eq!(made["relatesTo"][0]["target"]["identifier"]["value"], "3-4");
	assert_eq!(made["author"][0]["type"], "Practitioner");
	assert_eq!(made["author"][0]["identifier"]["value"], "5");
	assert_eq!(made["subject"]["identifier"]["value"], "3");
}

#[test]
fn institution_is_an_organization() {
	let result = record(Author::Institution(InstitutionId(2)), None);
	let author = &document(&result, About::AwaitingPatient)["author"][0];
	assert_eq!(author["type"], "Organization");
	assert_eq!(author["identifier"]["value"], "2");
	let system = author["identifier"]["system"].as_str().unwrap();
	assert!(system.ends_with(":institution"), "{system}");
}

#[test]
fn representative_is_a_related_person_of_this_patient() {
	let added = record(Author::Representative(PatientId(8)), None);
	let author = &document(&added, About::AwaitingPatient)["author"][0];
	assert_eq!(author["type"], "RelatedPerson");
	assert_eq!(author["identifier"]["value"], "3-8");
}

#[test]
fn provenance_names_who_added_which_file() {
	let made = json(names().provenance(ANA, 7, &record(Author::Doctor(BONES), None)));
	assert_eq!(code(&made["agent"][0]["type"]), "enterer");
	assert_eq!(made["agent"][0]["who"]["identifier"]["value"], "5");
	assert_eq!(made["target"][0]["identifier"]["value"], "3-7");
	let digest = "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0";
	let file = &made["entity"][0]["what"]["identifier"]["value"];
	assert_eq!(file, &format!("ni:///sha-256;{digest}"));
	assert_eq!(made.get("signature"), None);
	assert_eq!(json(names().provenance(ANA, 7, &withdrawn())).get("entity"), None);
}

fn consent(grant: &GrantInfo, shared: &[u32]) -> Value {
	json(names().consent(grant, shared))
}

#[test]
fn whole_chart_with_adding_is_two_permissions() {
	let made = consent(&grant(Scope::Chart, true), &[]);
	assert_eq!((&made["status"], code(&made["policyRule"])), (&json!("active"), "OPTOUT"));
	assert_eq!(made["provision"].get("type"), None);
	let rules = made["provision"]["provision"].as_array().unwrap();
	let actions: Vec<&str> = rules.iter().map(|rule| code(&rule["action"][0])).collect();
	assert_eq!(actions, ["access", "APPEND"]);
	for rule in rules {
		assert_eq!(rule["type"], "permit");
		assert_eq!(rule["actor"][0]["reference"]["identifier"]["value"], "5");
		assert_eq!(rule["period"]["end"], "2026-12-23T14:05:00Z");
		assert_eq!(rule.get("data"), None);
	}
}

#[test]
fn single_records_are_named_for_reading_only() {
	let made = consent(&grant(Scope::Records, true), &[2, 7]);
	let rules = made["provision"]["provision"].as_array().unwrap();
	let data = rules[0]["data"].as_array().unwrap();
	let records: Vec<_> = data.iter().map(|one| &one["reference"]["identifier"]["value"]).collect();
	assert_eq!(records, ["3-2", "3-7"]);
	assert_eq!((code(&rules[1]["action"][0]), rules[1].get("data")), ("APPEND", None));
}

#[test]
fn share_of_no_record_permits_no_reading() {
	let laboratory = consent(&grant(Scope::Records, true), &[]);
	let rules = laboratory["provision"]["provision"].as_array().unwrap();
	assert_eq!((rules.len(), code(&rules[0]["action"][0])), (1, "APPEND"));
	assert_eq!(consent(&grant(Scope::Records, false), &[]).get("provision"), None);
}

#[test]
fn consent_is_inactive_whenever_the_chain_denies() {
	for why in [Denied::GrantExpired, Denied::LicenceExpired, Denied::DoctorNotVerified] {
		assert_eq!(consent(&refused(why), &[])["status"], "inactive", "{why:?}");
	}
}

#[test]
fn consent_ends_with_the_licence_if_that_is_earlier() {
	let mut one = grant(Scope::Chart, false);
	let allowed = one.access.unwrap();
	one.access = Ok(Allowed { until: Some(NOW + 60_000), ..allowed });
	let end = |made: &Value| made["provision"]["provision"][0]["period"].get("end").cloned();
	assert_eq!(end(&consent(&one, &[])), Some(json!("2026-11-23T14:06:00Z")));
	one.access = Ok(Allowed { until: None, ..allowed });
	assert_eq!(end(&consent(&one, &[])), None);
}

fn event(one: &Disclosure) -> Value {
	json(names().audit_event(HospitalId(1), ANA, one))
}

/// The codes of an event's subtypes.
fn kinds(event: &Value) -> Vec<&str> {
	let all = event["subtype"].as_array().unwrap();
	all.iter().map(|kind| kind["code"].as_str().unwrap()).collect()
}

#[test]
fn download_names_who_what_where_and_what_was_signed() {
	let made = event(&download(Some(5), None));
	assert_eq!((&made["type"]["code"], &made["action"]), (&json!("rest"), &json!("R")));
	assert_eq!(kinds(&made), ["read", "disclose"]);
	assert_eq!(made["recorded"], "2026-11-23T14:05:00.25Z");
	assert_eq!(made["agent"][0]["who"]["type"], "Practitioner");
	assert_eq!(made["agent"][0]["altId"], "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty");
	assert_eq!(made["source"]["observer"]["identifier"]["value"], "1");
	let vault = &made["agent"][1];
	assert_eq!((code(&vault["type"]), &vault["requestor"]), ("110153", &json!(false)));
	assert_eq!(vault["who"], made["source"]["observer"]);
	assert_eq!(vault.get("altId"), None);
	assert_eq!(made["entity"][0]["what"]["identifier"]["value"], "3-7");
	assert_eq!(made["entity"][1]["what"]["type"], "Patient");
	let detail = made["entity"][0]["detail"].as_array().unwrap();
	let of = |kind: &str| detail.iter().find(|one| one["type"] == kind).unwrap();
	assert_eq!(of("to")["valueString"], "4640");
	assert_eq!(of("challenge")["valueString"], "vault.example asks you to sign in");
	assert_eq!(of("signature")["valueBase64Binary"].as_str().unwrap().len(), 88);
}

#[test]
fn download_in_an_emergency_says_so() {
	let usual = event(&download(Some(5), None));
	assert_eq!(usual.get("purposeOfEvent"), None);
	let made = event(&Disclosure { emergency: true, ..download(Some(5), None) });
	assert_eq!(code(&made["purposeOfEvent"][0]), "ETREAT");
	assert_eq!(made["agent"][0]["who"]["type"], "Practitioner");
}

#[test]
fn own_and_registrars_downloads_are_told_apart() {
	let own = event(&download(None, None));
	assert_eq!(
		(kinds(&own), &own["agent"][0]["who"]["type"]),
		(vec!["read", "access"], &json!("Patient"))
	);
	let registrar = event(&download(None, Some(2)));
	assert_eq!(kinds(&registrar), ["read", "disclose"]);
	assert_eq!(registrar["agent"][0]["who"]["type"], "Organization");
	let parent = Disclosure { representative: Some(PatientId(8)), ..download(None, None) };
	let parent = event(&parent);
	assert_eq!(kinds(&parent), ["read", "disclose"]);
	assert_eq!(parent["agent"][0]["who"]["type"], "RelatedPerson");
	let profile = event(&Disclosure { record: None, ..download(None, Some(2)) });
	assert!(
		profile["entity"][0]["what"]["identifier"]["system"]
			.as_str()
			.unwrap()
			.ends_with(":profile")
	);
}

#[test]
fn references_lead_into_the_bundle_and_nowhere_else() {
	let names = names();
	let note = record(Author::Doctor(BONES), Some(4));
	let (first, vaults) = (record(Author::Patient, None), kept_by(1));
	let document = |index, record| {
		names.document_reference(ANA, index, record, Some(&vaults), About::Unreadable)
	};
	let resources: Vec<Resource> = vec![
		document(4, &first).into(),
		document(7, &note).into(),
		names.provenance(ANA, 7, &note).into(),
		names.consent(&grant(Scope::Records, false), &[4, 6]).into(),
		names.audit_event(HospitalId(1), ANA, &download(Some(5), None)).into(),
	];
	let bundle = Bundle::new(&names, &[1; 32], Timestamp::UNIX_EPOCH, resources);
	let bundle = serde_json::to_value(&bundle).unwrap();
	let entry = |at: usize| &bundle["entry"][at]["resource"];
	let (first, second) = (&bundle["entry"][0]["fullUrl"], &bundle["entry"][1]["fullUrl"]);
	assert_ne!(first, second);
	assert_eq!(&entry(1)["relatesTo"][0]["target"]["reference"], first);
	assert_eq!(&entry(2)["target"][0]["reference"], second);
	let data = &entry(3)["provision"]["provision"][0]["data"];
	assert_eq!(&data[0]["reference"]["reference"], first);
	assert_eq!(data[1]["reference"].get("reference"), None);
	assert_eq!(&entry(4)["entity"][0]["what"]["reference"], second);
	assert_eq!(entry(1)["subject"].get("reference"), None);
}

#[test]
fn bundle_of_nothing_has_no_list() {
	let bundle = Bundle::new(&names(), &[1; 32], Timestamp::UNIX_EPOCH, Vec::new());
	let bundle = serde_json::to_value(&bundle).unwrap();
	assert_eq!((bundle.get("entry"), &bundle["type"]), (None, &json!("collection")));
}

#[test]
fn date_before_the_first_year_is_left_out() {
	let headers = Headers { written_at: Some(i64::MIN), ..headers() };
	let made = document(&record(Author::Patient, None), About::Headers(&headers));
	assert_eq!(made["content"][0]["attachment"].get("creation"), None);
}
