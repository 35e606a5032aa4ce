//! The descriptions of people, by themselves and by their hospitals.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn patient_and_hospital_replace_the_profile() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		for (who, by_hospital) in [(signed(5), false), (registrar(NORTH), true)] {
			assert_ok!(MedicalRecords::update_patient_profile(who, patient, document(), 0, None));
			assert_eq!(last_event(), Event::PatientProfileUpdated { patient, by_hospital });
		}
		let profile = patient_entry(patient).profile;
		assert_eq!(profile, Some(SealedDocument { document: document(), sealed_to: 0 }));
	});
}

#[test]
fn others_do_not() {
	chain(|| {
		let patient = a_verified_patient();
		let update = |who, patient, document| {
			MedicalRecords::update_patient_profile(who, patient, document, 0, None)
		};
		assert_noop!(update(signed(7), patient, document()), DispatchError::BadOrigin);
		assert_noop!(update(RuntimeOrigin::root(), patient, document()), DispatchError::BadOrigin);
		let other = update(registrar(EAST), patient, document());
		assert_noop!(other, Error::<Test>::OtherHospital);
		let nobody = update(by(patient), PatientId(9), document());
		assert_noop!(nobody, Error::<Test>::PatientNotFound);
		let empty = update(by(patient), patient, Document { size: 0, ..document() });
		assert_noop!(empty, Error::<Test>::InvalidDocument);
	});
}

#[test]
fn rejected_patient_has_no_profile() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		assert_ok!(MedicalRecords::update_patient_profile(signed(5), patient, document(), 0, None));
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), patient));
		assert_eq!(patient_entry(patient).profile, None);
		for who in [signed(5), registrar(NORTH)] {
			let update = MedicalRecords::update_patient_profile(who, patient, document(), 0, None);
			assert_noop!(update, Error::<Test>::PatientNotVerified);
		}
	});
}

#[test]
fn hospital_maintains_a_suspended_patients_profile() {
	chain(|| {
		let patient = a_verified_patient();
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		let update = |who| {
			MedicalRecords::update_patient_profile(who, patient, document(), 0, None).map(|_| ())
		};
		assert_noop!(update(by(patient)), Error::<Test>::PatientNotVerified);
		assert_ok!(update(registrar(NORTH)));
	});
}

/// A registrar who means harm would otherwise write over the profiles of a whole hospital within minutes.
#[test]
fn hospital_replaces_only_so_many_patients_profiles() {
	chain(|| {
		let patient = a_verified_patient();
		let update = |who| {
			MedicalRecords::update_patient_profile(who, patient, document(), 0, None).map(|_| ())
		};
		EXHAUSTED.set(Some(Paced::Correction));
		ASKED.take();
		// A patient without a profile gets one, and replaces the own one at any time.
		assert_ok!(update(registrar(NORTH)));
		assert_ok!(update(by(patient)));
		assert_eq!(ASKED.get(), None);
		assert_noop!(update(registrar(NORTH)), Error::<Test>::CorrectionsExhausted);
		assert_eq!(ASKED.get(), Some((NORTH, Paced::Correction, Capacity::Patient, 1)));
		EXHAUSTED.take();
		assert_ok!(update(registrar(NORTH)));
		// That of a suspended patient, too, who could put nothing right.
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		EXHAUSTED.set(Some(Paced::Correction));
		assert_noop!(update(registrar(NORTH)), Error::<Test>::CorrectionsExhausted);
		// The hospital can reject those who wait.
		let waiting = registers_patient(5, NORTH);
		for who in [signed(5), registrar(NORTH)] {
			assert_ok!(MedicalRecords::update_patient_profile(who, waiting, document(), 0, None));
		}
	});
}

#[test]
fn hospital_replaces_only_so_many_doctors_entries() {
	chain(|| {
		let doctor = a_verified_doctor();
		let update = |who| MedicalRecords::update_doctor_profile(who, doctor, profile("Ada B."));
		let set = |details: &str| {
			MedicalRecords::set_doctor_details(registrar(EAST), doctor, text(details), None)
		};
		EXHAUSTED.set(Some(Paced::Correction));
		ASKED.take();
		// The doctor proposes, and the hospital confirms, fills in details and renews licences.
		assert_ok!(update(by_doctor(doctor)));
		let digest = MedicalRecords::profile_digest(&profile("Ada B."));
		assert_ok!(MedicalRecords::confirm_doctor_profile(registrar(EAST), doctor, digest));
		for details in ["", "Room 12", "Room 12"] {
			assert_ok!(set(details));
		}
		assert_eq!(ASKED.get(), None);
		let exhausted = Error::<Test>::CorrectionsExhausted;
		assert_noop!(update(registrar(EAST)), exhausted);
		assert_eq!(ASKED.take(), Some((EAST, Paced::Correction, Capacity::Doctor, 1)));
		for details in ["", "Room 13"] {
			assert_noop!(set(details), Error::<Test>::CorrectionsExhausted);
			assert_eq!(ASKED.take(), Some((EAST, Paced::Correction, Capacity::Doctor, 1)));
		}
		EXHAUSTED.take();
		assert_ok!(update(registrar(EAST)));
		assert_ok!(set("Room 13"));
		let waiting = registers_doctor(5, EAST);
		EXHAUSTED.set(Some(Paced::Correction));
		let entry = profile("Grace");
		assert_ok!(MedicalRecords::update_doctor_profile(registrar(EAST), waiting, entry));
		let set = MedicalRecords::set_doctor_details;
		for details in ["Room 12", "Room 13", ""] {
			assert_ok!(set(registrar(EAST), waiting, text(details), None));
		}
	});
}

#[test]
fn profile_is_refused_under_an_epoch_that_somebody_lost() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		revokes(patient, doctor);
		for who in [by(patient), registrar(NORTH)] {
			let update = |epoch| {
				MedicalRecords::update_patient_profile(
					who.clone(),
					patient,
					document(),
					epoch,
					None,
				)
			};
			assert_noop!(update(0), Error::<Test>::StaleEpoch);
			assert_noop!(update(2), Error::<Test>::StaleEpoch);
			assert_ok!(update(1));
		}
	});
}

#[test]
fn doctor_and_hospital_change_the_directory_entry() {
	chain(|| {
		let doctor = registers_doctor(5, EAST);
		for (who, by_hospital) in [(by_doctor(doctor), false), (registrar(EAST), true)] {
			let name = if by_hospital { "Grace" } else { "Ada L." };
			assert_ok!(MedicalRecords::update_doctor_profile(who, doctor, profile(name)));
			assert_eq!(last_event(), Event::DoctorProfileUpdated { doctor, by_hospital });
			assert_eq!(Directory::<Test>::get(doctor).unwrap().profile, profile(name));
		}
		let update = MedicalRecords::update_doctor_profile;
		let other = update(registrar(NORTH), doctor, profile("Eve"));
		assert_noop!(other, Error::<Test>::OtherHospital);
		assert_noop!(update(signed(7), doctor, profile("Eve")), DispatchError::BadOrigin);
		let nobody = update(by_doctor(doctor), DoctorId(9), profile("Eve"));
		assert_noop!(nobody, Error::<Test>::DoctorNotFound);
		let empty = update(by_doctor(doctor), doctor, profile(" "));
		assert_noop!(empty, Error::<Test>::InvalidText);
	});
}

#[test]
fn rejected_doctor_has_no_entry() {
	chain(|| {
		let doctor = registers_doctor(5, NORTH);
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), doctor));
		let refused = Error::<Test>::DoctorNotVerified;
		let update = MedicalRecords::update_doctor_profile(signed(5), doctor, profile("Ada"));
		assert_noop!(update, refused);
		let set =
			MedicalRecords::set_doctor_details(registrar(NORTH), doctor, Details::default(), None);
		assert_noop!(set, Error::<Test>::DoctorNotVerified);
		let key = MedicalRecords::set_encryption_key(signed(5), 1, x_wing_key(1));
		assert_noop!(key, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn only_the_hospital_sets_details_and_licence() {
	chain(|| {
		let doctor = a_verified_doctor();
		let set = |who, details: &str, until| {
			MedicalRecords::set_doctor_details(who, doctor, text(details), until)
		};
		assert_ok!(set(registrar(EAST), "Room 12, Tuesdays", Some(START + DAY)));
		let licence_expires = Some(START + DAY);
		assert_eq!(last_event(), Event::DoctorDetailsSet { doctor, licence_expires });
		assert_eq!(doctor_entry(doctor).licence_expires, licence_expires);
		assert_ok!(set(registrar(EAST), "", None));
		assert_eq!(Directory::<Test>::get(doctor).unwrap().details, Details::default());

		assert_noop!(set(by_doctor(doctor), "Chief", None), DispatchError::BadOrigin);
		assert_noop!(set(registrar(NORTH), "Gone", None), Error::<Test>::OtherHospital);
		assert_noop!(set(registrar(EAST), "a\tb", None), Error::<Test>::InvalidText);
		// Characters count, and not bytes.
		assert_noop!(set(registrar(EAST), &"ü".repeat(257), None), Error::<Test>::InvalidText);
		assert_ok!(set(registrar(EAST), &"王".repeat(256), None));
	});
}
