//! People who act for a patient, and emergencies.

use crate::support::*;
use jiff::Timestamp;
use medblock_client::medblock_primitives::{
	Author, Delegate, EmergencyReason, HospitalId, RecordIndex, SUITE_X_WING, Scopes, WrappedSecret,
};
use medblock_fhir::{Bundle, Resource};
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyPlanInfo, KeeperInfo, RepresentativeInfo,
};
use serde_json::{Value, json};

const HOUR: u64 = 3_600_000;

/// Any two of the hospitals 0, 1 and 2 open it.
fn plan(records: Option<Vec<RecordIndex>>) -> EmergencyPlanInfo {
	let holder = |hospital| KeeperInfo {
		delegate: Delegate::Desk(HospitalId(hospital)),
		key_version: 1,
		able: true,
	};
	EmergencyPlanInfo {
		patient: ANA,
		commitments: vec![[1; 32]; 2],
		secret: WrappedSecret([2; 60]),
		suite: SUITE_X_WING,
		key: Default::default(),
		holders: (0..3).map(holder).collect(),
		epoch: records.is_none().then_some(2),
		records,
		duration: 4 * HOUR,
		set_at: NOW,
		used: false,
	}
}

/// Bones has had an emergency for an hour.
fn emergency(open: bool) -> EmergencyInfo {
	EmergencyInfo {
		patient: ANA,
		doctor: BONES,
		reason: EmergencyReason::Unconscious,
		details: [3; 32],
		confirmed: vec![HospitalId(0), HospitalId(2)],
		opened_at: NOW + HOUR,
		until: NOW + 5 * HOUR,
		open,
		review: None,
	}
}

/// The actions that a consent permits.
fn actions(consent: &Value) -> Vec<&str> {
	let rules = consent["provision"]["provision"].as_array();
	let rules = rules.map(Vec::as_slice).unwrap_or_default();
	rules.iter().map(|rule| code(&rule["action"][0])).collect()
}

#[test]
fn representative_is_known_by_two_numbers_and_has_no_name() {
	let made = json(names().related_person(&representative(Scopes::SEE)));
	assert_eq!((&made["resourceType"], &made["active"]), (&json!("RelatedPerson"), &json!(true)));
	assert_eq!(made["patient"]["identifier"]["value"], "3");
	let numbers: Vec<_> = [0usize, 1].map(|at| &made["identifier"][at]["value"]).into();
	assert_eq!(numbers, ["3-8", "8"]);
	assert_eq!(made["period"]["end"], "2026-12-23T14:05:00Z");
	assert_eq!((made.get("name"), made.get("relationship")), (None, None));
	let over = RepresentativeInfo { live: false, ..representative(Scopes::SEE) };
	assert_eq!(json(names().related_person(&over))["active"], json!(false));
}

#[test]
fn each_scope_is_an_action_except_revoking() {
	for (scopes, expected) in [
		(Scopes::SEE, vec!["access"]),
		(Scopes::ADD, vec!["APPEND"]),
		(Scopes(5), vec!["access", "disclose"]),
		(Scopes(15), vec!["access", "APPEND", "disclose"]),
		(Scopes::REVOKE, vec![]),
	] {
		let made = json(names().representation_consent(&representative(scopes)));
		assert_eq!(actions(&made), expected, "{scopes:?}");
	}
	let made = json(names().representation_consent(&representative(Scopes::REVOKE)));
	assert_eq!(made.get("provision"), None);
}

#[test]
fn representation_is_proposed_until_a_hospital_has_confirmed_it() {
	let status = |confirmed, live| {
		let info = RepresentativeInfo { confirmed, live, ..representative(Scopes::SEE) };
		json(names().representation_consent(&info))["status"].clone()
	};
	assert_eq!(status(false, false), "proposed");
	assert_eq!(status(true, true), "active");
	assert_eq!(status(true, false), "inactive");
}

#[test]
fn representative_acts_at_the_patients_request_until_the_end() {
	let made = json(names().representation_consent(&representative(Scopes(15))));
	assert_eq!(made["performer"][0]["identifier"]["value"], "3");
	for rule in made["provision"]["provision"].as_array().unwrap() {
		assert_eq!(
			(&rule["type"], &rule["purpose"][0]["code"]),
			(&json!("permit"), &json!("PATRQT"))
		);
		assert_eq!(rule["actor"][0]["reference"]["type"], "RelatedPerson");
		assert_eq!(rule["period"]["end"], "2026-12-23T14:05:00Z");
		assert_eq!(rule.get("data"), None);
	}
	let endless = RepresentativeInfo { until: None, ..representative(Scopes::SEE) };
	let made = json(names().representation_consent(&endless));
	assert_eq!(made["provision"]["provision"][0]["period"].get("end"), None);
}

#[test]
fn plan_permits_its_holders_and_the_doctor_of_an_open_emergency() {
	let made = json(names().emergency_consent(&plan(None), &[emergency(true)]));
	assert_eq!(made["status"], "active");
	let rules = made["provision"]["provision"].as_array().unwrap();
	assert_eq!(rules.len(), 2);
	let who = |rule: &Value| -> Vec<String> {
		let actors = rule["actor"].as_array().unwrap().iter();
		let name = |actor: &Value| {
			let to = &actor["reference"];
			format!("{} {}", to["type"], to["identifier"]["value"]).replace('"', "")
		};
		actors.map(name).collect()
	};
	assert_eq!(who(&rules[0]), ["Organization 0", "Organization 1", "Organization 2"]);
	assert_eq!(rules[0]["period"].get("end"), None);
	assert_eq!(who(&rules[1]), ["Practitioner 5"]);
	assert_eq!(
		(&rules[1]["period"]["start"], &rules[1]["period"]["end"]),
		(&json!("2026-11-23T15:05:00Z"), &json!("2026-11-23T19:05:00Z"))
	);
	for rule in rules {
		assert_eq!((code(&rule["action"][0]), rule.get("data")), ("access", None));
		assert_eq!(rule["purpose"][0]["code"], "ETREAT");
	}
}

#[test]
fn emergency_that_has_closed_permits_nothing() {
	let made = json(names().emergency_consent(&plan(None), &[emergency(false)]));
	assert_eq!(actions(&made), ["access"], "the holders' alone");
}

#[test]
fn plan_for_chosen_records_is_about_these_alone() {
	let made = json(names().emergency_consent(&plan(Some(vec![2, 7])), &[emergency(true)]));
	for rule in made["provision"]["provision"].as_array().unwrap() {
		let data = rule["data"].as_array().unwrap();
		let records: Vec<_> =
			data.iter().map(|one| &one["reference"]["identifier"]["value"]).collect();
		assert_eq!(records, ["3-2", "3-7"]);
	}
}

#[test]
fn plan_that_too_few_can_confirm_is_inactive() {
	let mut few = plan(None);
	few.holders[0].able = false;
	assert_eq!(json(names().emergency_consent(&few, &[]))["status"], "active");
	few.holders[1].able = false;
	assert_eq!(json(names().emergency_consent(&few, &[]))["status"], "inactive");
}

#[test]
fn consents_and_records_lead_to_the_person_in_the_same_bundle() {
	let (names, info) = (names(), representative(Scopes(3)));
	let added = record(Author::Representative(BEA), None);
	let resources: Vec<Resource> = vec![
		names.related_person(&info).into(),
		names.representation_consent(&info).into(),
		names.provenance(ANA, 7, &added).into(),
		names.emergency_consent(&plan(None), &[]).into(),
	];
	let bundle = Bundle::new(&names, &[1; 32], Timestamp::UNIX_EPOCH, resources);
	let bundle = serde_json::to_value(&bundle).unwrap();
	let person = &bundle["entry"][0]["fullUrl"];
	let entry = |at: usize| &bundle["entry"][at]["resource"];
	for rule in entry(1)["provision"]["provision"].as_array().unwrap() {
		assert_eq!(&rule["actor"][0]["reference"]["reference"], person);
	}
	assert_eq!(&entry(2)["agent"][0]["who"]["reference"], person);
	let urls: std::collections::BTreeSet<_> =
		(0..4).map(|at| bundle["entry"][at]["fullUrl"].to_string()).collect();
	assert_eq!(urls.len(), 4, "each has a name of its own");
}
