//! What representatives do for patients, by the rules of charts.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_medical_records as charts;
use sp_runtime::DispatchError;

/// A patient, and a representative with these scopes who has the chart's key if they may see it.
fn represented(scopes: Scopes) -> (PatientId, PatientId) {
	let (patient, other) = (a_patient(), a_patient());
	has_representative(patient, other, scopes, None);
	if scopes.include(Scopes::SEE) {
		assert_ok!(seals_to(patient, other));
	}
	(patient, other)
}

fn adds_for(
	patient: PatientId,
	other: PatientId,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	Delegation::add_records_for(by(other), patient, epoch, new_records(2), named)
}

#[test]
fn records_and_events_name_who_acted() {
	chain(|| {
		let (patient, other) = represented(Scopes(15));
		assert_ok!(adds_for(patient, other));
		let record = charts::Records::<Test>::get(patient, 1).unwrap();
		assert_eq!(record.author, Author::Representative(other));
		let acted = |act| Event::ActedFor { patient, representative: other, act };
		assert_eq!(last_event(), acted(Act::Added));

		let doctor = a_doctor();
		let key = key_for(doctor);
		assert_ok!(Delegation::grant_access_for(by(other), patient, 0, key, true, None));
		assert_eq!(last_event(), acted(Act::Granted));
		assert!(sees(patient, doctor, Some(1)));
		assert_eq!(charts::Patients::<Test>::get(patient).unwrap().chart.grants, 1);

		let doctors: DoctorIds = vec![doctor].try_into().unwrap();
		assert_ok!(Delegation::revoke_access_for(by(other), patient, doctors.clone()));
		assert_eq!(last_event(), acted(Act::Revoked));
		assert!(!sees(patient, doctor, None) && is_due(patient));
		assert!(Delegation::may_revoke_for(&account_of(other.into()), patient));
		assert!(!Delegation::may_revoke_for(&account_of(patient.into()), patient));
	});
}

#[test]
fn each_scope_allows_its_own_act_alone() {
	for scopes in [1u8, 2, 8, 9, 5] {
		chain(|| {
			let scopes = Scopes(scopes);
			let (patient, other) = represented(scopes);
			let doctor = a_doctor();
			let outcome = |done: bool, refused: DispatchError, scope: Scopes| {
				assert_eq!(done, scopes.include(scope), "{scopes:?} {scope:?}");
				assert!(done || refused == DispatchError::from(Error::<Test>::OutOfScope));
			};
			let none = DispatchError::Other("");
			let added = adds_for(patient, other);
			outcome(added.is_ok(), added.err().map_or(none, |why| why.error), Scopes::ADD);
			let (origin, key) = (by(other), key_for(doctor));
			let granted = Delegation::grant_access_for(origin, patient, 0, key, true, None);
			outcome(granted.is_ok(), granted.err().map_or(none, |why| why.error), Scopes::GRANT);
			let doctors = vec![doctor].try_into().unwrap();
			let revoked = Delegation::revoke_access_for(by(other), patient, doctors);
			outcome(revoked.is_ok(), revoked.err().map_or(none, |why| why.error), Scopes::REVOKE);
		});
	}
}

#[test]
fn strangers_and_the_unconfirmed_act_for_nobody() {
	chain(|| {
		let (patient, _) = represented(Scopes(15));
		let stranger = a_patient();
		assert_noop!(adds_for(patient, stranger), Error::<Test>::NotRepresentative);
		assert_ok!(Delegation::name_representative(by(patient), stranger, Scopes(15), None));
		assert_noop!(adds_for(patient, stranger), Error::<Test>::NotConfirmed);
		let epoch = sealing_epoch(patient);
		assert_noop!(
			Delegation::add_records_for(signed(9_999), patient, epoch, new_records(1), None),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn suspended_representative_acts_for_nobody() {
	chain(|| {
		let (patient, other) = represented(Scopes(15));
		let origin = by(other);
		suspends_patient(other);
		let epoch = sealing_epoch(patient);
		assert_noop!(
			Delegation::add_records_for(origin, patient, epoch, new_records(1), None),
			Error::<Test>::NotVerified
		);
	});
}

#[test]
fn grant_by_a_representative_obeys_the_rules_of_grants() {
	chain(|| {
		let (patient, other) = represented(Scopes(15));
		let doctor = a_doctor();
		let grants = |epoch, key, until| {
			Delegation::grant_access_for(by(other), patient, epoch, key, true, until)
		};
		assert_noop!(grants(2, key_for(doctor), None), charts::Error::<Test>::StaleEpoch);
		assert_noop!(grants(0, key_for(doctor), Some(START)), charts::Error::<Test>::ExpiryPassed);
		let mut old = key_for(doctor);
		old.key_version = 0;
		assert_noop!(grants(0, old, None), charts::Error::<Test>::KeyChanged);
		// Neither the patient's own practice nor the representative's.
		for own in [patient, other] {
			let own = registers_doctor(account_of(own.into()));
			assert_noop!(grants(0, key_for(own), None), charts::Error::<Test>::OwnChart);
		}
		suspends_doctor(doctor);
		assert_noop!(grants(0, key_for(doctor), None), charts::Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn records_are_sealed_past_what_was_lost() {
	chain(|| {
		let (patient, other) = represented(Scopes(15));
		let doctor = a_doctor();
		grants(patient, doctor);
		let doctors = vec![doctor].try_into().unwrap();
		assert_ok!(Delegation::revoke_access_for(by(other), patient, doctors));
		assert_noop!(
			Delegation::add_records_for(by(other), patient, 0, new_records(1), None),
			charts::Error::<Test>::StaleEpoch
		);
		assert_ok!(adds_for(patient, other));
		let record = charts::Records::<Test>::get(patient, 0).unwrap();
		assert_eq!(record.sealed_to, 1);
	});
}

/// The parent of a child whose device is in a drawer reads on, though no one makes new keys.
#[test]
fn representatives_read_what_is_added_to_a_due_chart() {
	chain(|| {
		let (patient, other) = represented(Scopes::SEE);
		let (leaves, stays) = (a_doctor(), a_doctor());
		grants(patient, leaves);
		grants(patient, stays);
		let before = MedicalRecords::recipients(patient).unwrap();
		assert_eq!((before.digest, before.representatives.len()), (None, 0));
		let doctors: DoctorIds = vec![leaves].try_into().unwrap();
		assert_ok!(MedicalRecords::revoke_access(by(patient), doctors, None));

		let info = MedicalRecords::recipients(patient).unwrap();
		assert_eq!(info.doctors.iter().map(|one| one.doctor).collect::<Vec<_>>(), [stays]);
		let named = &info.representatives[0];
		assert_eq!((named.representative, named.key_version), (other, 1));
		assert_eq!(named.key_digest, acting_digest(other));
		let allowed = Delegation::representative_access(patient, other, None).unwrap();
		assert_eq!(allowed.key, KeyStatus::OwnKey);

		// Who read the recipients before the representative was suspended is refused.
		suspends_patient(other);
		assert_noop!(
			MedicalRecords::add_records(by(patient), 1, new_records(1), info.digest),
			charts::Error::<Test>::StaleRecipients
		);
		let now = MedicalRecords::recipients(patient).unwrap();
		assert!(now.representatives.is_empty());
		assert_ok!(MedicalRecords::add_records(by(patient), 1, new_records(1), now.digest));
	});
}
