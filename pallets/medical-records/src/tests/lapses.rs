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

#[test]
fn loss_before_a_grant_is_not_held_against_it() {
	chain(|| {
		let patient = a_verified_patient();
		let (doctor, colleague) = (a_doctor_of(EAST), a_doctor_of(EAST));
		suspends(doctor);
		reinstates(doctor);
		grants(patient, doctor);
		// Another doctor's loss makes the chart look.
		suspends(colleague);
		assert!(!is_due(patient));
		adds(patient, 1);
		assert_eq!(key_status(patient, doctor), KeyStatus::Current);
		suspends(doctor);
		assert!(is_due(patient));
	});
}

/// While a chart is due, it follows no losses. Its next secret begins at the present reading.
#[test]
fn rotation_of_a_due_chart_trusts_those_who_were_back_before_it() {
	chain(|| {
		let patient = a_verified_patient();
		let [leaving, staying, colleague] = [(); 3].map(|()| a_doctor_of(EAST));
		grants(patient, leaving);
		grants(patient, staying);
		revokes(patient, leaving);
		suspends(staying);
		reinstates(staying);
		assert!(patient_entry(patient).chart.lapses_seen < Lapses::<Test>::get());
		rotates(patient);
		assert_eq!(patient_entry(patient).chart.lapses_seen, Lapses::<Test>::get());
		suspends(colleague);
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

/// The number of nodes of the state that this reads.
fn nodes_read(chain: &mut sp_io::TestExternalities, ask: impl FnOnce()) -> usize {
	let ((), proof) = chain.execute_and_prove(ask);
	proof.into_iter_nodes().count()
}

/// After a lapse at the hospital of their doctors, charts look at all grants whenever they are asked. A page ends
/// when that was enough, whatever its limit.
#[test]
fn lists_read_no_more_after_a_lapse_however_many_charts_it_concerns() {
	const CHARTS: u32 = 24;
	const DOCTORS: u32 = 40;
	let mut chain = externalities();
	chain.execute_with(|| {
		let all: Vec<_> = (0..DOCTORS).map(|_| a_doctor_of(EAST)).collect();
		for _ in 0..CHARTS {
			let patient = a_verified_patient();
			all.iter().for_each(|doctor| grants(patient, *doctor));
		}
		suspends(a_doctor_of(EAST));
	});
	chain.commit_all().unwrap();
	let of_doctor = |limit| MedicalRecords::grants_to_doctor(DoctorId(0), None, limit);
	let of_hospital = |limit| MedicalRecords::patients_of_hospital(NORTH, None, limit);
	chain.execute_with(|| {
		// Seven charts have more than 256 grants.
		assert_eq!((of_doctor(20).items.len(), of_hospital(20).items.len()), (7, 7));
		let grants = Page::all(|after| {
			Ok::<_, ()>(MedicalRecords::grants_to_doctor(DoctorId(0), after, 20))
		});
		let grants = grants.unwrap();
		assert_eq!(grants.len(), CHARTS as usize);
		for grant in &grants {
			assert_eq!(Some(grant), MedicalRecords::grant(grant.patient, grant.doctor).as_ref());
		}
		let people =
			Page::all(|after| Ok::<_, ()>(MedicalRecords::patients_of_hospital(NORTH, after, 20)));
		let people: Vec<_> = people.unwrap().into_iter().map(|patient| patient.id.0).collect();
		assert_eq!(people, (0..CHARTS).collect::<Vec<_>>());
	});
	let long = nodes_read(&mut chain, || drop(of_doctor(CHARTS)));
	let short = nodes_read(&mut chain, || drop(of_doctor(10)));
	assert_eq!(long, short);
	let long = nodes_read(&mut chain, || drop(of_hospital(CHARTS)));
	let short = nodes_read(&mut chain, || drop(of_hospital(10)));
	assert_eq!(long, short);
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
