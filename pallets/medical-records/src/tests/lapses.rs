//! A loss at one hospital concerns the charts that its doctors hold, and no others.

use crate::{mock::*, *};
use frame_support::assert_ok;

/// The number of grants that the chart looks at now.
fn looks_at(patient: PatientId) -> u32 {
	let mut chart = patient_entry(patient).chart;
	MedicalRecords::settle(patient, &mut chart, now())
}

fn a_doctor_of(hospital: HospitalId) -> DoctorId {
	let doctor = registers_doctor(4_000 + u64::from(NextDoctor::<Test>::get().0), hospital);
	assert_ok!(verifies(doctor, None));
	doctor
}

fn a_chart_with_doctors_of(hospital: HospitalId) -> PatientId {
	let patient = a_verified_patient();
	for _ in 0..5 {
		grants(patient, a_doctor_of(hospital));
	}
	patient
}

#[test]
fn chart_looks_at_its_doctors_only_after_a_loss_at_their_hospitals() {
	chain(|| {
		let patient = a_chart_with_doctors_of(EAST);
		suspends(a_doctor_of(SOUTH));
		leaves(SOUTH);
		// One look at the table of lapses.
		assert_eq!(looks_at(patient), 1);
		adds(patient, 1);
		assert_eq!(looks_at(patient), 0);
		suspends(a_doctor_of(EAST));
		assert_eq!(looks_at(patient), 5);
		assert!(!is_due(patient));
	});
}

/// The doctor takes the chart's attention along to the new hospital.
#[test]
fn loss_at_a_doctors_next_hospital_is_noticed() {
	for looked_in_between in [false, true] {
		chain(|| {
			let patient = a_verified_patient();
			let doctor = a_doctor_of(EAST);
			grants(patient, doctor);
			let to = Some(SOUTH);
			assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, to));
			assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
			assert!(!is_due(patient));
			if looked_in_between {
				adds(patient, 1);
			}
			suspends(doctor);
			assert!(is_due(patient), "{looked_in_between}");
			reinstates(doctor);
			assert!(is_due(patient), "{looked_in_between}");
		});
	}
}

#[test]
fn holders_hospitals_follow_grants_and_rotations() {
	chain(|| {
		let patient = a_chart_with_doctors_of(EAST);
		let south = a_doctor_of(SOUTH);
		grants(patient, south);
		let mut both = HospitalSet::default();
		both.insert(EAST);
		both.insert(SOUTH);
		assert_eq!(patient_entry(patient).chart.hospitals, both);
		revokes_and_rotates(patient, south);
		let mut east = HospitalSet::default();
		east.insert(EAST);
		assert_eq!(patient_entry(patient).chart.hospitals, east);
		// Single records come with keys of their own.
		adds(patient, 1);
		shares(patient, south, &[0]);
		assert_eq!(patient_entry(patient).chart.hospitals, east);
		suspends(south);
		assert_eq!(looks_at(patient), 1);
	});
}

/// More hospitals than there are places: some share one, and nothing is missed.
#[test]
fn hospitals_that_share_a_place_are_both_heard() {
	let mut readings = Readings::default();
	let set = |hospital| {
		let mut set = HospitalSet::default();
		set.insert(HospitalId(hospital));
		set
	};
	readings.note(HospitalId(3), 7);
	readings.note(HospitalId(63), 8);
	assert_eq!(readings.latest(set(3)), 7);
	assert_eq!(readings.latest(set(67)), 7);
	assert_eq!(readings.latest(set(63)), 8);
	assert_eq!(readings.latest(set(4)), 0);
	assert_eq!(readings.latest(HospitalSet::default()), 0);
	assert_eq!(readings.latest(HospitalSet::ALL), 8);
	readings.note(HospitalId(131), 9);
	assert_eq!(readings.latest(set(3)), 9);
	assert_eq!(Readings::all(4).latest(set(0)), 4);
}

/// An access page of a chart that something happened to.
#[test]
fn page_of_grants_looks_at_the_chart_once() {
	chain(|| {
		let patient = a_chart_with_doctors_of(EAST);
		let doctor = DoctorId(0);
		suspends(doctor);
		let page = MedicalRecords::grants_of_patient(patient, None, 10);
		for grant in &page.items {
			let expected = MedicalRecords::access(patient, grant.doctor, None);
			assert_eq!(grant.access, expected);
			assert_eq!(Some(grant), MedicalRecords::grant(patient, grant.doctor).as_ref());
		}
		assert_eq!(page.items[0].access, Err(Denied::DoctorNotVerified));
		let key = page.items[1].access.map(|allowed| allowed.key);
		assert_eq!(key, Ok(KeyStatus::OwnKey));
	});
}
