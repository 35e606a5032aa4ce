//! The registration of patients and doctors.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

fn register(who: AccountId, hospital: HospitalId, keys: ChartKeys) -> sp_runtime::DispatchResult {
	MedicalRecords::register_patient(signed(who), hospital, keys, Some(document()))
}

fn register_doctor(
	profile: DoctorProfile,
	suite: u8,
	key: PublicKey,
) -> sp_runtime::DispatchResult {
	MedicalRecords::register_doctor(signed(5), NORTH, profile, suite, key)
}

#[test]
fn patient_registers_with_keys_and_profile() {
	chain(|| {
		assert_ok!(register(5, NORTH, chart_keys(0)));
		let patient = PatientId(0);
		assert_eq!(PatientOf::<Test>::get(5), Some(patient));
		let entry = patient_entry(patient);
		assert_eq!(entry.registration, Registration::pending(5, NORTH, START));
		assert_eq!(entry.profile, Some(SealedDocument { document: document(), sealed_to: 0 }));
		assert_eq!(CurrentKeys::<Test>::get(patient), Some(chart_keys(0)));
		assert_eq!(last_event(), Event::PatientRegistered { patient, hospital: NORTH, account: 5 });
	});
}

#[test]
fn doctor_registers_with_key_and_directory_entry() {
	chain(|| {
		assert_ok!(register_doctor(profile("Ada"), 1, x_wing_key(3)));
		let doctor = DoctorId(0);
		assert_eq!(DoctorOf::<Test>::get(5), Some(doctor));
		let entry = doctor_entry(doctor);
		assert_eq!((entry.key_version, entry.vouched_version), (1, 0));
		assert_eq!(Directory::<Test>::get(doctor).unwrap().profile, profile("Ada"));
		assert_eq!(last_event(), Event::DoctorRegistered { doctor, hospital: NORTH, account: 5 });
	});
}

#[test]
fn one_account_can_be_a_patient_and_a_doctor_but_each_only_once() {
	chain(|| {
		registers_patient(5, NORTH);
		registers_doctor(5, EAST);
		assert_noop!(register(5, NORTH, chart_keys(0)), Error::<Test>::AlreadyRegistered);
		let again = register_doctor(profile("Ada"), 1, x_wing_key(1));
		assert_noop!(again, Error::<Test>::AlreadyRegistered);
	});
}

#[test]
fn hospital_has_to_be_active_and_take_people_in() {
	chain(|| {
		assert_noop!(register(5, NOWHERE, chart_keys(0)), Error::<Test>::HospitalNotActive);
		leaves(SOUTH);
		assert_noop!(register(5, SOUTH, chart_keys(0)), Error::<Test>::HospitalNotActive);
		takes_in(NORTH, RegistrationMode::Closed);
		assert_noop!(register(5, NORTH, chart_keys(0)), Error::<Test>::RegistrationClosed);
		takes_in(NORTH, RegistrationMode::SponsoredOnly);
		assert_noop!(register(5, NORTH, chart_keys(0)), Error::<Test>::SponsorNeeded);
		sponsors(EAST, 5);
		assert_noop!(register(5, NORTH, chart_keys(0)), Error::<Test>::SponsorNeeded);
		let doctor = register_doctor(profile("Ada"), 1, x_wing_key(1));
		assert_noop!(doctor, Error::<Test>::SponsorNeeded);
		sponsors(NORTH, 5);
		assert_ok!(register(5, NORTH, chart_keys(0)));
	});
}

#[test]
fn keys_that_nobody_could_use_are_refused() {
	chain(|| {
		let changed = |change: fn(&mut ChartKeys)| {
			let mut keys = chart_keys(0);
			change(&mut keys);
			register(5, NORTH, keys)
		};
		let unknown = changed(|keys| keys.suite = 2);
		assert_noop!(unknown, Error::<Test>::UnknownSuite);
		let short = changed(|keys| keys.distributed.key = vec![0; 1_215].try_into().unwrap());
		assert_noop!(short, Error::<Test>::InvalidKeyLength);
		let large = changed(|keys| keys.standby.key = unusable_key());
		assert_noop!(large, Error::<Test>::InvalidKey);
		let wraps_nothing =
			changed(|keys| keys.distributed.previous = Some(WrappedSecret([0; 60])));
		assert_noop!(wraps_nothing, Error::<Test>::BrokenKeyChain);
		let unchained = changed(|keys| keys.standby.previous = None);
		assert_noop!(unchained, Error::<Test>::BrokenKeyChain);

		let doctor = |suite, key| register_doctor(profile("Ada"), suite, key);
		assert_noop!(doctor(0, x_wing_key(1)), Error::<Test>::UnknownSuite);
		assert_noop!(doctor(1, PublicKey::default()), Error::<Test>::InvalidKeyLength);
		assert_noop!(doctor(1, unusable_key()), Error::<Test>::InvalidKey);
	});
}

#[test]
fn profiles_have_to_be_stored_somewhere() {
	chain(|| {
		let register = |change: fn(&mut Document)| {
			let mut profile = document();
			change(&mut profile);
			MedicalRecords::register_patient(signed(5), NORTH, chart_keys(0), Some(profile))
		};
		assert_noop!(register(|d| d.size = 0), Error::<Test>::InvalidDocument);
		assert_noop!(register(|d| d.size = (1 << 30) + 1), Error::<Test>::InvalidDocument);
		assert_noop!(register(|d| d.vault = NOWHERE), Error::<Test>::VaultNotActive);
		assert_ok!(register(|d| d.size = 1 << 30));
	});
}

#[test]
fn directory_takes_only_text_and_possible_years() {
	chain(|| {
		let register = |change: fn(&mut DoctorProfile)| {
			let mut profile = profile("Ada");
			change(&mut profile);
			register_doctor(profile, 1, x_wing_key(1))
		};
		assert_noop!(register(|p| p.name = text("")), Error::<Test>::InvalidText);
		assert_noop!(register(|p| p.specialty = text("a\nb")), Error::<Test>::InvalidText);
		let bidi = register(|p| p.qualification = text("\u{202e}DM"));
		assert_noop!(bidi, Error::<Test>::InvalidText);
		let latin1 = register(|p| p.name = vec![0xe9].try_into().unwrap());
		assert_noop!(latin1, Error::<Test>::InvalidText);
		let long = register(|p| p.name = text(&"ü".repeat(65)));
		assert_noop!(long, Error::<Test>::InvalidText);
		let long = register(|p| p.qualification = text(&"x".repeat(65)));
		assert_noop!(long, Error::<Test>::InvalidText);
		assert_noop!(register(|p| p.practising_since = 1899), Error::<Test>::InvalidYear);
		assert_noop!(register(|p| p.practising_since = 2027), Error::<Test>::InvalidYear);
		assert_ok!(register(|p| {
			p.practising_since = 2026;
			// 64 characters of 192 bytes.
			p.name = text(&"ก".repeat(64));
			p.specialty = text(&"\u{20bb7}".repeat(64));
		}));
	});
}

#[test]
fn ids_run_out_rather_than_over() {
	chain(|| {
		NextPatient::<Test>::put(PatientId(u32::MAX));
		assert_noop!(register(5, NORTH, chart_keys(0)), Error::<Test>::IdsExhausted);
		NextDoctor::<Test>::put(DoctorId(u32::MAX));
		let doctor = register_doctor(profile("Ada"), 1, x_wing_key(1));
		assert_noop!(doctor, Error::<Test>::IdsExhausted);
	});
}

#[test]
fn rejected_people_can_register_again() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), patient));
		assert_eq!(registers_patient(5, EAST), PatientId(1));
		assert_eq!(Patients::<Test>::get(patient), None);

		let doctor = registers_doctor(5, NORTH);
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), doctor));
		assert_eq!(registers_doctor(5, EAST), DoctorId(1));
		assert_eq!(Doctors::<Test>::get(doctor), None);
	});
}
