//! Patients, with what is known of their birth dates.

use crate::support::*;
use medblock_client::{
	chain::{AccountId, PatientInfo},
	medblock_primitives::{HospitalId, Standing},
	profiles::Profile,
};
use serde_json::json;

fn ana() -> PatientInfo {
	PatientInfo {
		id: ANA,
		account: AccountId::from([7; 32]),
		generation: 0,
		hospital: HospitalId(1),
		standing: Standing::Verified,
		registered_at: NOW,
		moving_to: None,
		profile: None,
		records: 0,
		live: 0,
		grants: 0,
		shares: 0,
		epoch: 0,
		sealing_epoch: 0,
		vault: HospitalId(1),
		mirror: None,
		moves: Vec::new(),
		profile_vaults: None,
	}
}

#[test]
fn birth_dates_of_all_precisions_are_kept() {
	for (written, expected) in [
		("1980", json!("1980")),
		("1980-05", json!("1980-05")),
		("1980-05-12", json!("1980-05-12")),
		// Clients of earlier releases took these.
		("31.12.1980", json!(null)),
		("1980-02-30", json!(null)),
		("1980-13-01", json!(null)),
	] {
		let birth_date = Some(written.to_owned());
		let profile = Profile { name: "Ana".into(), birth_date, contact: None };
		let made = names().patient_resource(&ana(), Some(&profile));
		let made = serde_json::to_value(made).unwrap();
		assert_eq!(made.get("birthDate").unwrap_or(&json!(null)), &expected, "{written}");
	}
}
