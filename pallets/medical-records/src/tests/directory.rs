//! Patients see only words about a doctor that a hospital has confirmed.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn confirms(doctor: DoctorId, proposed: &DoctorProfile) -> sp_runtime::DispatchResult {
	let hospital = Doctors::<Test>::get(doctor).map_or(EAST, |found| found.registration.hospital);
	let digest = MedicalRecords::profile_digest(proposed);
	MedicalRecords::confirm_doctor_profile(registrar(hospital), doctor, digest)
}

#[test]
fn verified_doctor_takes_no_other_name_by_themselves() {
	chain(|| {
		let doctor = a_verified_doctor();
		let seen = entry(doctor);
		let mut taken = profile("Prof. Grace Hopper");
		taken.specialty = text("Chief Surgeon, neurosurgery");
		let update =
			MedicalRecords::update_doctor_profile(by_doctor(doctor), doctor, taken.clone());
		assert_ok!(update);
		assert_eq!(last_event(), Event::DoctorProfileProposed { doctor });
		let shown = MedicalRecords::doctor(doctor).unwrap().profile;
		assert_eq!(shown, Some(seen.clone()), "patients see what the hospital confirmed");
		assert_eq!(MedicalRecords::doctors(None, 9).items[0].profile, Some(seen));
		assert_eq!(MedicalRecords::proposed_profile(doctor), Some(taken));
	});
}

#[test]
fn registrar_confirms_the_very_words_that_are_proposed() {
	chain(|| {
		let doctor = a_verified_doctor();
		let (seen, later) = (profile("Ada L."), profile("Grace"));
		assert_noop!(confirms(doctor, &seen), Error::<Test>::NothingProposed);
		proposes(doctor, seen.clone());
		// Meanwhile the doctor proposes something else.
		proposes(doctor, later.clone());
		assert_noop!(confirms(doctor, &seen), Error::<Test>::ProfileChanged);
		assert_eq!(entry(doctor), profile("Ada"));
		assert_ok!(confirms(doctor, &later));
		assert_eq!(last_event(), Event::DoctorProfileUpdated { doctor, by_hospital: false });
		assert_eq!(entry(doctor), later);
		assert_noop!(confirms(doctor, &later), Error::<Test>::NothingProposed);
	});
}

#[test]
fn only_registrars_of_the_doctors_hospital_confirm() {
	chain(|| {
		let doctor = a_verified_doctor();
		let proposed = profile("Ada L.");
		proposes(doctor, proposed.clone());
		let digest = MedicalRecords::profile_digest(&proposed);
		let confirm = |who, id| MedicalRecords::confirm_doctor_profile(who, id, digest);
		for other in [by_doctor(doctor), signed(77), RuntimeOrigin::root()] {
			assert_noop!(confirm(other, doctor), DispatchError::BadOrigin);
		}
		assert_noop!(confirm(registrar(NORTH), doctor), Error::<Test>::OtherHospital);
		assert_noop!(confirm(registrar(EAST), DoctorId(9)), Error::<Test>::DoctorNotFound);
		leaves(EAST);
		assert_noop!(confirm(registrar(EAST), doctor), DispatchError::BadOrigin);
	});
}

#[test]
fn doctor_and_hospital_discard_a_proposal() {
	chain(|| {
		let doctor = a_verified_doctor();
		let discard = MedicalRecords::discard_doctor_profile;
		for (who, by_hospital) in [(by_doctor(doctor), false), (registrar(EAST), true)] {
			proposes(doctor, profile("Grace"));
			assert_ok!(discard(who.clone(), doctor));
			assert_eq!(last_event(), Event::DoctorProfileDiscarded { doctor, by_hospital });
			assert_noop!(discard(who, doctor), Error::<Test>::NothingProposed);
		}
		proposes(doctor, profile("Grace"));
		assert_noop!(discard(signed(77), doctor), DispatchError::BadOrigin);
		assert_noop!(discard(registrar(NORTH), doctor), Error::<Test>::OtherHospital);
		assert_noop!(discard(registrar(EAST), DoctorId(9)), Error::<Test>::DoctorNotFound);
		assert_eq!(entry(doctor), profile("Ada"));
	});
}

#[test]
fn hospitals_own_words_stand_at_once_and_leave_a_proposal_open() {
	chain(|| {
		let doctor = a_verified_doctor();
		proposes(doctor, profile("Grace"));
		let update = MedicalRecords::update_doctor_profile;
		assert_ok!(update(registrar(EAST), doctor, profile("Ada L.")));
		assert_eq!(last_event(), Event::DoctorProfileUpdated { doctor, by_hospital: true });
		assert_eq!(entry(doctor), profile("Ada L."));
		assert_eq!(MedicalRecords::proposed_profile(doctor), Some(profile("Grace")));
	});
}

#[test]
fn registration_is_corrected_until_the_hospital_verifies_what_it_saw() {
	chain(|| {
		let doctor = registers_doctor(5, NORTH);
		let (key, seen) = (key_digest(doctor), profile_digest(doctor));
		let update = MedicalRecords::update_doctor_profile(signed(5), doctor, profile("Grace"));
		assert_ok!(update);
		assert_eq!(last_event(), Event::DoctorProfileUpdated { doctor, by_hospital: false });
		assert_eq!(entry(doctor), profile("Grace"));
		let verify =
			|seen| MedicalRecords::verify_doctor(registrar(NORTH), doctor, key, seen, None);
		assert_noop!(verify(seen), Error::<Test>::ProfileChanged);
		assert_ok!(verify(profile_digest(doctor)));
		assert_eq!(MedicalRecords::proposed_profile(doctor), None);
	});
}

#[test]
fn suspended_doctor_proposes_nothing_and_the_hospital_still_decides() {
	chain(|| {
		let doctor = a_verified_doctor();
		proposes(doctor, profile("Grace"));
		suspends(doctor);
		let update = MedicalRecords::update_doctor_profile;
		let refused = update(by_doctor(doctor), doctor, profile("Eve"));
		assert_noop!(refused, Error::<Test>::DoctorNotVerified);
		assert_ok!(update(registrar(EAST), doctor, profile("Ada L.")));
		assert_ok!(confirms(doctor, &profile("Grace")));
		assert_eq!(entry(doctor), profile("Grace"));
	});
}

#[test]
fn proposal_waits_for_the_hospital_that_a_doctor_moves_to() {
	chain(|| {
		let doctor = a_verified_doctor();
		licenses(doctor, Some(START + DAY));
		let details = text("Room 12, Tuesdays");
		let until = Some(START + DAY);
		assert_ok!(MedicalRecords::set_doctor_details(registrar(EAST), doctor, details, until));
		proposes(doctor, profile("Grace"));
		assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
		let shown = MedicalRecords::doctor(doctor).unwrap();
		assert_eq!(shown.profile, Some(profile("Ada")), "still as the first hospital confirmed it");
		assert_eq!(shown.details, Details::default(), "these were the first hospital's rooms");
		assert_eq!(shown.licence_expires, until);
		let digest = MedicalRecords::profile_digest(&profile("Grace"));
		let old = MedicalRecords::confirm_doctor_profile(registrar(EAST), doctor, digest);
		assert_noop!(old, Error::<Test>::OtherHospital);
		assert!(MedicalRecords::proposed_profiles(EAST, None, 9).items.is_empty());
		assert_ok!(confirms(doctor, &profile("Grace")));
	});
}

#[test]
fn hospital_lists_proposals_page_by_page() {
	chain(|| {
		let doctors: Vec<_> = (0..5).map(|_| a_verified_doctor()).collect();
		for doctor in &doctors {
			proposes(*doctor, profile("Grace"));
		}
		let mut listed = Vec::new();
		let mut after = None;
		loop {
			let page = MedicalRecords::proposed_profiles(EAST, after, 2);
			assert!(page.items.len() <= 2);
			assert!(page.items.iter().all(|proposal| proposal.profile == profile("Grace")));
			listed.extend(page.items.into_iter().map(|proposal| proposal.doctor));
			match page.next {
				None => break,
				next => after = next,
			}
		}
		listed.sort();
		assert_eq!(listed, doctors);
		assert!(MedicalRecords::proposed_profiles(NORTH, None, 9).items.is_empty());
		assert_eq!(MedicalRecords::proposed_profile(DoctorId(9)), None);
	});
}

/// What clients compute: they have no pallet.
#[test]
fn digest_is_of_the_scale_encoding() {
	let digest = MedicalRecords::profile_digest(&profile("Ada"));
	let encoded = b"\x0cAda\x28cardiology\x08MD\xd1\x07";
	assert_eq!(digest, sp_io::hashing::sha2_256(encoded));
}
