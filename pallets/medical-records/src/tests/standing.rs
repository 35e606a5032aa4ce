//! The decisions of hospitals about people.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

type OnPatient = fn(RuntimeOrigin, PatientId) -> DispatchResult;
type OnDoctor = fn(RuntimeOrigin, DoctorId) -> DispatchResult;

fn verify_doctor(origin: RuntimeOrigin, doctor: DoctorId) -> DispatchResult {
	let digest = EncryptionKeys::<Test>::get(doctor)
		.map_or([0; 32], |key| sp_io::hashing::sha2_256(&key.key));
	let profile = Directory::<Test>::get(doctor)
		.map_or([0; 32], |entry| MedicalRecords::profile_digest(&entry.profile));
	MedicalRecords::verify_doctor(origin, doctor, digest, profile, None)
}

const ON_PATIENTS: [OnPatient; 4] = [
	MedicalRecords::verify_patient,
	MedicalRecords::reject_patient,
	MedicalRecords::suspend_patient,
	MedicalRecords::reinstate_patient,
];
const ON_DOCTORS: [OnDoctor; 4] = [
	verify_doctor,
	MedicalRecords::reject_doctor,
	MedicalRecords::suspend_doctor,
	MedicalRecords::reinstate_doctor,
];

#[test]
fn only_registrars_of_the_hospital_decide() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		for decide in ON_PATIENTS {
			for other in [signed(5), signed(7), RuntimeOrigin::root(), RuntimeOrigin::none()] {
				assert_noop!(decide(other, patient), DispatchError::BadOrigin);
			}
			assert_noop!(decide(registrar(EAST), patient), Error::<Test>::OtherHospital);
			let nobody = PatientId(9);
			assert_noop!(decide(registrar(NORTH), nobody), Error::<Test>::PatientNotFound);
		}
		let doctor = registers_doctor(6, NORTH);
		for decide in ON_DOCTORS {
			for other in [signed(6), signed(7), RuntimeOrigin::root(), RuntimeOrigin::none()] {
				assert_noop!(decide(other, doctor), DispatchError::BadOrigin);
			}
			assert_noop!(decide(registrar(EAST), doctor), Error::<Test>::OtherHospital);
			let nobody = DoctorId(9);
			assert_noop!(decide(registrar(NORTH), nobody), Error::<Test>::DoctorNotFound);
		}
	});
}

#[test]
fn registrars_of_a_hospital_that_left_decide_nothing() {
	chain(|| {
		let patient = registers_patient(5, SOUTH);
		leaves(SOUTH);
		let verdict = MedicalRecords::verify_patient(registrar(SOUTH), patient);
		assert_noop!(verdict, DispatchError::BadOrigin);
	});
}

/// From each standing, just the steps that the design draws.
#[test]
fn standing_changes_only_along_the_arrows() {
	use Standing::*;
	let arrows = [
		// verify, reject, suspend, reinstate
		(Pending, [Some(Verified), Some(Rejected), None, None]),
		(Verified, [None, None, Some(Suspended), None]),
		(Suspended, [None, None, None, Some(Verified)]),
		(Rejected, [None, None, None, None]),
	];
	let path = |standing| match standing {
		Pending => vec![],
		Verified => vec![0],
		Suspended => vec![0, 2],
		Rejected => vec![1],
	};
	for (from, steps) in arrows {
		for (step, to) in steps.into_iter().enumerate() {
			chain(|| {
				let patient = registers_patient(5, NORTH);
				let doctor = registers_doctor(5, NORTH);
				for step in path(from) {
					assert_ok!(ON_PATIENTS[step](registrar(NORTH), patient));
					assert_ok!(ON_DOCTORS[step](registrar(NORTH), doctor));
				}
				let as_patient = ON_PATIENTS[step](registrar(NORTH), patient);
				let as_doctor = ON_DOCTORS[step](registrar(NORTH), doctor);
				let refusal = match step {
					0 | 1 => (Error::<Test>::NotPending, Error::<Test>::NotPending),
					2 => (Error::<Test>::PatientNotVerified, Error::<Test>::DoctorNotVerified),
					_ => (Error::<Test>::NotSuspended, Error::<Test>::NotSuspended),
				};
				match to {
					Some(to) => {
						assert_ok!(as_patient);
						assert_ok!(as_doctor);
						assert_eq!(patient_entry(patient).registration.standing, to);
						assert_eq!(doctor_entry(doctor).registration.standing, to);
					},
					None => {
						assert_eq!(as_patient, Err(refusal.0.into()));
						assert_eq!(as_doctor, Err(refusal.1.into()));
						assert_eq!(patient_entry(patient).registration.standing, from);
						assert_eq!(doctor_entry(doctor).registration.standing, from);
					},
				}
			});
		}
	}
}

#[test]
fn each_decision_is_announced() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let doctor = registers_doctor(5, NORTH);
		let patient_events = [
			Event::PatientVerified { patient },
			Event::PatientSuspended { patient },
			Event::PatientReinstated { patient },
		];
		let doctor_events = [
			Event::DoctorVerified { doctor },
			Event::DoctorSuspended { doctor },
			Event::DoctorReinstated { doctor },
		];
		for (number, step) in [0, 2, 3].into_iter().enumerate() {
			assert_ok!(ON_PATIENTS[step](registrar(NORTH), patient));
			assert_eq!(last_event(), patient_events[number]);
			assert_ok!(ON_DOCTORS[step](registrar(NORTH), doctor));
			assert_eq!(last_event(), doctor_events[number]);
		}
		let patient = registers_patient(6, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), patient));
		assert_eq!(last_event(), Event::PatientRejected { patient });
		let doctor = registers_doctor(6, NORTH);
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), doctor));
		assert_eq!(last_event(), Event::DoctorRejected { doctor });
	});
}

#[test]
fn hospital_vouches_for_the_key_that_it_has_seen() {
	chain(|| {
		let doctor = registers_doctor(5, NORTH);
		let seen = key_digest(doctor);
		changes_key(doctor);
		let profile = profile_digest(doctor);
		let verdict = MedicalRecords::verify_doctor(registrar(NORTH), doctor, seen, profile, None);
		assert_noop!(verdict, Error::<Test>::KeyChanged);
		assert_ok!(verifies(doctor, Some(START + 1)));
		let entry = doctor_entry(doctor);
		assert_eq!((entry.key_version, entry.vouched_version), (2, 2));
		assert_eq!(entry.licence_expires, Some(START + 1));
	});
}

#[test]
fn licence_has_to_be_valid_when_a_doctor_is_verified() {
	chain(|| {
		let doctor = registers_doctor(5, NORTH);
		assert_noop!(verifies(doctor, Some(START)), Error::<Test>::LicenceExpired);
		assert_ok!(verifies(doctor, Some(START + 1)));
	});
}

#[test]
fn suspended_patient_revokes_and_rotates_but_neither_grants_nor_adds_nor_withdraws() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 1);
		grants(patient, one);
		grants(patient, other);
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		// Care goes on.
		assert_eq!(access(patient, one), Ok(Scope::Chart));
		appends(one, patient);

		let refused = Error::<Test>::PatientNotVerified;
		let third = a_verified_doctor();
		let grant = MedicalRecords::grant_access(by(patient), 0, key_for(third), true, None);
		assert_noop!(grant, refused);
		let add = MedicalRecords::add_records(by(patient), 0, new_records(1), None);
		assert_noop!(add, Error::<Test>::PatientNotVerified);
		let under = new_share(patient, third);
		let share =
			MedicalRecords::share_records(by(patient), third, under, shared(&[0]), false, None);
		assert_noop!(share, Error::<Test>::PatientNotVerified);
		let profile =
			MedicalRecords::update_patient_profile(by(patient), patient, document(), 0, None);
		assert_noop!(profile, Error::<Test>::PatientNotVerified);

		revokes(patient, one);
		assert_eq!(access(patient, one), Err(Denied::NotGranted));
		rotates(patient);
		// A thief who has the patient's account can be stopped before anything is deleted.
		let withdraw = MedicalRecords::withdraw_records(by(patient), indices(&[0]));
		assert_noop!(withdraw.map(|_| ()), Error::<Test>::PatientNotVerified);
	});
}

#[test]
fn pending_people_can_do_nothing_with_charts() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let doctor = a_verified_doctor();
		let refused = Error::<Test>::PatientNotVerified;
		let grant = MedicalRecords::grant_access(by(patient), 0, key_for(doctor), true, None);
		assert_noop!(grant, refused);
		let add = MedicalRecords::add_records(by(patient), 0, new_records(1), None);
		assert_noop!(add, Error::<Test>::PatientNotVerified);
		let revoke = MedicalRecords::revoke_access(by(patient), doctors(&[doctor]), None);
		assert_noop!(revoke, Error::<Test>::PatientNotVerified);
		let rotate = MedicalRecords::rotate_chart_key(by(patient), rotation_to(patient, &[]));
		assert_noop!(rotate, Error::<Test>::PatientNotVerified);
		let withdraw = MedicalRecords::withdraw_records(by(patient), indices(&[0]));
		assert_noop!(withdraw.map(|_| ()), Error::<Test>::PatientNotVerified);

		let verified = a_verified_patient();
		let pending = registers_doctor(6, NORTH);
		let key = key_for(pending);
		let grant = MedicalRecords::grant_access(by(verified), 0, key, true, None);
		assert_noop!(grant, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn strangers_are_no_patients_and_no_doctors() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let stranger = || signed(77);
		let not_patient = Error::<Test>::NotPatient;
		let grant = MedicalRecords::grant_access(stranger(), 0, key_for(doctor), true, None);
		assert_noop!(grant, not_patient);
		let add = MedicalRecords::add_records(stranger(), 0, new_records(1), None);
		assert_noop!(add, Error::<Test>::NotPatient);
		let revoke = MedicalRecords::revoke_access(by_doctor(doctor), doctors(&[doctor]), None);
		assert_noop!(revoke, Error::<Test>::NotPatient);
		let rotation = rotation_to(patient, &[]);
		let rotate = MedicalRecords::rotate_chart_key(stranger(), rotation);
		assert_noop!(rotate, Error::<Test>::NotPatient);
		let append = MedicalRecords::append_records(by(patient), patient, 0, new_records(1), None);
		assert_noop!(append, Error::<Test>::NotDoctor);
		let relinquish = MedicalRecords::relinquish_access(by(patient), patients(&[patient]));
		assert_noop!(relinquish, Error::<Test>::NotDoctor);
		let key = MedicalRecords::set_encryption_key(by(patient), 1, x_wing_key(1));
		assert_noop!(key, Error::<Test>::NotDoctor);
	});
}

/// A registrar who means harm would otherwise suspend a whole hospital within minutes.
#[test]
fn hospital_suspends_only_so_many_people_at_once() {
	chain(|| {
		let patient = a_verified_patient();
		let others = a_verified_patient();
		let doctor = a_verified_doctor();
		let asked = |capacity, people| Some((NORTH, Paced::Suspension, capacity, people));
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), others));
		assert_eq!(ASKED.get(), asked(Capacity::Patient, 2));
		EXHAUSTED.set(Some(Paced::Suspension));
		let suspend = MedicalRecords::suspend_patient(registrar(NORTH), patient);
		assert_noop!(suspend, Error::<Test>::SuspensionsExhausted);
		assert_eq!(ASKED.get(), asked(Capacity::Patient, 2), "suspended ones count");
		let suspend = MedicalRecords::suspend_doctor(registrar(EAST), doctor);
		assert_noop!(suspend, Error::<Test>::SuspensionsExhausted);
		assert_eq!(ASKED.get(), Some((EAST, Paced::Suspension, Capacity::Doctor, 1)));
		// All else goes on: ending suspensions, too.
		ASKED.take();
		assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), others));
		let third = registers_patient(5, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), third));
		assert_eq!(ASKED.get(), None);
		let fourth = registers_patient(6, NORTH);
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), fourth));
	});
}

/// Each verified person has an allowance, also one who does not exist.
#[test]
fn hospital_verifies_only_so_many_people_at_once() {
	chain(|| {
		let (patient, doctor) = (registers_patient(5, NORTH), registers_doctor(6, EAST));
		EXHAUSTED.set(Some(Paced::Verification));
		let verify = MedicalRecords::verify_patient(registrar(NORTH), patient);
		assert_noop!(verify, Error::<Test>::VerificationsExhausted);
		assert_eq!(ASKED.get(), Some((NORTH, Paced::Verification, Capacity::Patient, 0)));
		assert_noop!(verifies(doctor, None), Error::<Test>::VerificationsExhausted);
		assert_eq!(ASKED.get(), Some((EAST, Paced::Verification, Capacity::Doctor, 0)));
		// They wait, or are rejected, which has no pace.
		let other = registers_patient(7, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), other));
		EXHAUSTED.take();
		assert_ok!(verifies(doctor, None));
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
	});
}

/// The patients that one call verifies.
fn batch(patients: &[PatientId]) -> PatientBatch {
	patients.to_vec().try_into().unwrap()
}

#[test]
fn desk_verifies_several_patients_at_once() {
	chain(|| {
		let patients: Vec<_> = (0..MAX_DESK_BATCH)
			.map(|number| registers_patient(1_000 + u64::from(number), NORTH))
			.collect();
		assert_ok!(MedicalRecords::verify_patients(registrar(NORTH), batch(&patients)));
		for patient in patients {
			assert_eq!(patient_entry(patient).registration.standing, Standing::Verified);
			assert!(events().contains(&Event::PatientVerified { patient }));
		}
		assert!(PatientBatch::try_from(vec![PatientId(0); MAX_DESK_BATCH as usize + 1]).is_err());
	});
}

/// A colleague may have decided meanwhile.
#[test]
fn patient_who_cannot_be_verified_keeps_no_other_from_it() {
	chain(|| {
		let [one, other, rejected] = [5, 6, 7].map(|who| registers_patient(who, NORTH));
		let elsewhere = registers_patient(8, EAST);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), rejected));
		let nobody = PatientId(99);
		let named = [rejected, one, elsewhere, one, nobody, other];
		assert_ok!(MedicalRecords::verify_patients(registrar(NORTH), batch(&named)));
		for (patient, why) in [
			(rejected, Error::<Test>::NotPending),
			(elsewhere, Error::<Test>::OtherHospital),
			// Named twice.
			(one, Error::<Test>::NotPending),
			(nobody, Error::<Test>::PatientNotFound),
		] {
			let refused = Event::VerificationRefused { patient, why: why.into() };
			assert!(events().contains(&refused), "{patient:?}");
		}
		for (patient, standing) in [
			(one, Standing::Verified),
			(other, Standing::Verified),
			(rejected, Standing::Rejected),
			(elsewhere, Standing::Pending),
		] {
			assert_eq!(patient_entry(patient).registration.standing, standing, "{patient:?}");
		}
	});
}

#[test]
fn batch_without_a_patient_who_can_be_verified_fails_with_the_first_reason() {
	chain(|| {
		let elsewhere = registers_patient(5, EAST);
		let verify =
			|named: &[PatientId]| MedicalRecords::verify_patients(registrar(NORTH), batch(named));
		assert_noop!(verify(&[elsewhere, PatientId(9)]), Error::<Test>::OtherHospital);
		assert_noop!(verify(&[PatientId(9), elsewhere]), Error::<Test>::PatientNotFound);
		assert_noop!(verify(&[]), Error::<Test>::NobodyNamed);
		let stranger = MedicalRecords::verify_patients(signed(7), batch(&[elsewhere]));
		assert_noop!(stranger, DispatchError::BadOrigin);
	});
}

#[test]
fn each_patient_of_a_batch_counts_for_the_pace() {
	chain(|| {
		let [one, other] = [5, 6].map(|who| registers_patient(who, NORTH));
		EXHAUSTED.set(Some(Paced::Verification));
		let verify = MedicalRecords::verify_patients(registrar(NORTH), batch(&[one, other]));
		assert_noop!(verify, Error::<Test>::VerificationsExhausted);
		EXHAUSTED.take();
		ASKED.take();
		assert_ok!(MedicalRecords::verify_patients(registrar(NORTH), batch(&[one, other])));
		// The one before is among the hospital's people by then.
		assert_eq!(ASKED.get(), Some((NORTH, Paced::Verification, Capacity::Patient, 1)));
	});
}

/// An ended licence takes all access, too: a registrar who means harm would end those of all doctors.
#[test]
fn licence_that_is_to_end_within_a_week_counts_as_a_suspension() {
	const WEEK: Moment = 7 * 86_400_000;
	chain(|| {
		let doctor = a_verified_doctor();
		let ends = |at| {
			MedicalRecords::set_doctor_details(registrar(EAST), doctor, Details::default(), at)
		};
		EXHAUSTED.set(Some(Paced::Suspension));
		ASKED.take();
		for later in [Some(START + 2 * WEEK), Some(START + WEEK), None] {
			assert_ok!(ends(later));
			assert_eq!(ASKED.get(), None);
		}
		for soon in [0, START, START + 1, START + WEEK - 1] {
			assert_noop!(ends(Some(soon)), Error::<Test>::SuspensionsExhausted);
			assert_eq!(ASKED.take(), Some((EAST, Paced::Suspension, Capacity::Doctor, 1)));
		}
		EXHAUSTED.take();
		assert_ok!(ends(Some(START)));
		assert!(ASKED.take().is_some());
		// It takes no more, or gives time back.
		EXHAUSTED.set(Some(Paced::Suspension));
		for until in [0, START + 1, START + 2] {
			assert_ok!(ends(Some(until)));
		}
		assert_noop!(ends(Some(START + 1)), Error::<Test>::SuspensionsExhausted);
		EXHAUSTED.take();
		assert_ok!(MedicalRecords::suspend_doctor(registrar(EAST), doctor));
		ASKED.take();
		assert_ok!(ends(Some(START + 1)));
		assert_eq!(ASKED.get(), None);
	});
}

#[test]
fn refused_suspension_counts_nothing() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let pending = MedicalRecords::suspend_patient(registrar(NORTH), patient);
		assert_noop!(pending, Error::<Test>::PatientNotVerified);
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		ASKED.take();
		let other = MedicalRecords::suspend_patient(registrar(EAST), patient);
		assert_noop!(other, Error::<Test>::OtherHospital);
		assert_eq!(ASKED.get(), None);
	});
}
