//! A grant's present effect, in words: what it is for the person who reads them, and what that person can do about it.

use medblock_client::{
	access,
	chain::DoctorInfo,
	medblock_primitives::{Denied, KeyStatus, Scope, Standing},
};
use pallet_medical_records_runtime_api::GrantInfo;

/// The end of a grant that has none, for the doctor.
pub const UNTIL_REVOKED: &str = "the patient revokes it";

/// The effect for the doctor who has the grant. `own` is the doctor's entry.
pub fn to_doctor(grant: &GrantInfo, own: &DoctorInfo) -> &'static str {
	match grant.access {
		Err(Denied::DoctorNotVerified) => match own.standing {
			Standing::Pending => "your hospital has not verified you yet",
			Standing::Suspended => "your hospital has suspended you: ask there",
			Standing::Rejected => "your hospital has not confirmed who you are: register again",
			// The two were read in one block, so this does not happen.
			Standing::Verified => Denied::DoctorNotVerified.sentence(),
		},
		Err(Denied::LicenceExpired) => "your licence has run out: ask your hospital",
		Err(Denied::HospitalNotActive) => {
			"your hospital does not belong to the consortium any more"
		},
		Err(why) => why.sentence(),
		Ok(allowed) => match allowed.key {
			KeyStatus::AwaitingPatient if own.vouched_version != own.key_version => {
				"open; new records wait until your hospital has confirmed your key"
			},
			KeyStatus::AwaitingPatient => {
				"open; for new records, ask the patient to renew the chart's key"
			},
			KeyStatus::EarlierKey => {
				"open; sealed to your earlier key: ask the patient to give access again"
			},
			KeyStatus::Current | KeyStatus::Shared | KeyStatus::OwnKey => "open",
		},
	}
}

/// The effect for the patient whose grant it is. `doctor` is the doctor's entry, if the node has it.
pub fn of_patient(grant: &GrantInfo, doctor: Option<&DoctorInfo>) -> &'static str {
	let is_confirmed = doctor.is_none_or(|info| info.vouched_version == info.key_version);
	match grant.access {
		Err(why) => doctor.map_or(why.sentence(), |info| access::hindrance(why, info.standing)),
		Ok(allowed) => match (allowed.key, grant.scope) {
			(KeyStatus::AwaitingPatient, _) if !is_confirmed => {
				"open; new records wait until the doctor's hospital has confirmed their key"
			},
			(KeyStatus::AwaitingPatient, _) => {
				"open; for new records, run `medblock patient rotate`"
			},
			(KeyStatus::EarlierKey, Scope::Chart) => {
				"open; sealed to the doctor's earlier key: run `medblock patient rotate`"
			},
			(KeyStatus::EarlierKey, Scope::Records) => {
				"open; sealed to the doctor's earlier key: share the records again"
			},
			(KeyStatus::Current | KeyStatus::Shared | KeyStatus::OwnKey, _) => "open",
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::medblock_primitives::{Allowed, DoctorId, HospitalId, PatientId};

	fn grant(scope: Scope, access: Result<KeyStatus, Denied>) -> GrantInfo {
		GrantInfo {
			patient: PatientId(7),
			doctor: DoctorId(3),
			scope,
			may_append: false,
			expires_at: None,
			granted_at: 0,
			appends_left: 0,
			epoch: None,
			key_version: None,
			access: access.map(|key| Allowed { scope, may_append: false, until: None, key }),
		}
	}

	fn doctor(standing: Standing, vouched_version: u32) -> DoctorInfo {
		DoctorInfo {
			id: DoctorId(3),
			account: [3; 32].into(),
			generation: 0,
			hospital: HospitalId(0),
			standing,
			practises: Ok(()),
			registered_at: 0,
			moving_to: None,
			licence_expires: None,
			profile: None,
			details: Default::default(),
			key_version: 2,
			vouched_version,
		}
	}

	#[test]
	fn each_side_reads_what_it_can_do() {
		let waits = grant(Scope::Chart, Ok(KeyStatus::AwaitingPatient));
		let confirmed = doctor(Standing::Verified, 2);
		assert!(of_patient(&waits, Some(&confirmed)).contains("`medblock patient rotate`"));
		let renewed = doctor(Standing::Verified, 1);
		assert!(of_patient(&waits, Some(&renewed)).contains("hospital has confirmed their key"));
		assert!(to_doctor(&waits, &confirmed).contains("ask the patient to renew"));
		assert!(to_doctor(&waits, &renewed).contains("hospital has confirmed your key"));
		let earlier = |scope| grant(scope, Ok(KeyStatus::EarlierKey));
		let said = of_patient(&earlier(Scope::Records), Some(&confirmed));
		assert!(said.ends_with("share the records again"), "{said}");
		let said = of_patient(&earlier(Scope::Chart), Some(&confirmed));
		assert!(said.contains("`medblock patient rotate`"), "{said}");
		let open = grant(Scope::Chart, Ok(KeyStatus::OwnKey));
		assert_eq!((of_patient(&open, None), to_doctor(&open, &confirmed)), ("open", "open"));
	}

	#[test]
	fn closed_grant_says_who_has_decided_what() {
		let closed = |why| grant(Scope::Chart, Err(why));
		let suspended = doctor(Standing::Suspended, 2);
		let said = of_patient(&closed(Denied::DoctorNotVerified), Some(&suspended));
		assert!(said.ends_with("has suspended them"), "{said}");
		let unverified = closed(Denied::DoctorNotVerified);
		for (standing, told) in [
			(Standing::Pending, "your hospital has not verified you yet"),
			(Standing::Suspended, "your hospital has suspended you: ask there"),
			(Standing::Rejected, "your hospital has not confirmed who you are: register again"),
		] {
			assert_eq!(to_doctor(&unverified, &doctor(standing, 2)), told);
		}
		let expired = closed(Denied::LicenceExpired);
		assert!(to_doctor(&expired, &doctor(Standing::Verified, 2)).starts_with("your licence"));
		assert_eq!(
			of_patient(&closed(Denied::GrantExpired), None),
			"the patient's grant has run out"
		);
	}
}
