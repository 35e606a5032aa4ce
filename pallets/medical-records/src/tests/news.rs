//! The changes in a block, for programs that keep doctors informed.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_medical_records_runtime_api::{Change, MAX_PAGE};

/// Everything since the last block began, read two at a time.
fn news() -> Vec<Change<AccountId>> {
	let mut items = Vec::new();
	let mut after = None;
	loop {
		let page = MedicalRecords::news(after, 2);
		assert!(page.items.len() <= 2);
		items.extend(page.items);
		match page.next {
			None => return items,
			next => after = next,
		}
	}
}

/// The changes that `action` makes.
fn changes(action: impl FnOnce()) -> Vec<Change<AccountId>> {
	System::reset_events();
	action();
	news()
}

#[test]
fn grants_shares_and_their_ends_are_news() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		adds(patient, 3);
		let granted = |scope, records, may_append, expires_at| Change::Granted {
			patient,
			doctor,
			scope,
			records,
			may_append,
			expires_at,
		};
		let end = Some(START + DAY);
		assert_eq!(
			changes(|| grants_until(patient, doctor, end)),
			[granted(Scope::Chart, None, true, end)]
		);
		assert_eq!(
			changes(|| shares(patient, doctor, &[0, 2])),
			[granted(Scope::Records, Some(2), false, None)]
		);
		assert_eq!(changes(|| revokes(patient, doctor)), [Change::Revoked { patient, doctor }]);
		// A doctor without access loses nothing.
		assert_eq!(changes(|| revokes(patient, doctor)), []);
		grants(patient, doctor);
		let relinquishes = || {
			relinquishes(doctor, patient);
		};
		assert_eq!(changes(relinquishes), [Change::Relinquished { patient, doctor }]);
	});
}

#[test]
fn what_happens_to_a_chart_is_news() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		grants(patient, doctor);
		let added = |author, first, count| Change::RecordsAdded { patient, author, first, count };
		assert_eq!(changes(|| adds(patient, 3)), [added(Author::Patient, 0, 3)]);
		assert_eq!(changes(|| appends(doctor, patient)), [added(Author::Doctor(doctor), 3, 1)]);
		let withdraws = || {
			withdraws(patient, &[1]);
		};
		assert_eq!(changes(withdraws), [Change::RecordWithdrawn { patient, record: 1 }]);
		let rotated = Change::ChartKeyRotated { patient, epoch: 2 };
		assert_eq!(changes(|| rotates(patient)), [rotated]);
		let updates = |origin| {
			assert_ok!(MedicalRecords::update_patient_profile(
				origin,
				patient,
				document(),
				2,
				None
			));
		};
		let updated = |by_hospital| Change::PatientProfileUpdated { patient, by_hospital };
		assert_eq!(changes(|| updates(by(patient))), [updated(false)]);
		assert_eq!(changes(|| updates(registrar(NORTH))), [updated(true)]);
	});
}

#[test]
fn what_happens_to_a_doctors_entry_is_news() {
	chain(|| {
		let doctor = a_verified_doctor();
		let standing = |standing| Change::DoctorStandingChanged { doctor, standing };
		assert_eq!(changes(|| suspends(doctor)), [standing(Standing::Suspended)]);
		assert_eq!(changes(|| reinstates(doctor)), [standing(Standing::Verified)]);
		let licence_expires = Some(START + DAY);
		assert_eq!(
			changes(|| licenses(doctor, licence_expires)),
			[Change::DoctorDetailsSet { doctor, licence_expires }]
		);
		assert_eq!(
			changes(|| changes_key(doctor)),
			[Change::EncryptionKeySet { doctor, version: 2 }]
		);
		assert_eq!(
			changes(|| confirms_key(doctor)),
			[Change::EncryptionKeyConfirmed { doctor, version: 2 }]
		);
		let updates = |origin| {
			let profile = profile("Ada");
			assert_ok!(MedicalRecords::update_doctor_profile(origin, doctor, profile));
		};
		let updated = |by_hospital| Change::DoctorProfileUpdated { doctor, by_hospital };
		assert_eq!(changes(|| updates(registrar(EAST))), [updated(true)]);
		let proposed = Change::DoctorProfileProposed { doctor };
		assert_eq!(changes(|| updates(by_doctor(doctor))), core::slice::from_ref(&proposed));
		let digest = profile_digest(doctor);
		let confirms = || {
			let origin = registrar(EAST);
			assert_ok!(MedicalRecords::confirm_doctor_profile(origin, doctor, digest));
		};
		assert_eq!(changes(confirms), [updated(false)]);
		assert_eq!(changes(|| updates(by_doctor(doctor))), [proposed]);
		let discards = || {
			assert_ok!(MedicalRecords::discard_doctor_profile(registrar(EAST), doctor));
		};
		let discarded = Change::DoctorProfileDiscarded { doctor, by_hospital: true };
		assert_eq!(changes(discards), [discarded]);
		let moves = || {
			let to = Some(NORTH);
			assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, to));
			assert_ok!(MedicalRecords::accept_doctor(registrar(NORTH), doctor));
		};
		assert_eq!(changes(moves), [Change::DoctorMoved { doctor, from: EAST, to: NORTH }]);

		let other = registers_doctor(5, NORTH);
		let rejects = || {
			assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), other));
		};
		let rejected =
			Change::DoctorStandingChanged { doctor: other, standing: Standing::Rejected };
		assert_eq!(changes(rejects), [rejected]);
		let waiting = registers_doctor(6, NORTH);
		pass(RegistrationPeriod::get());
		// Rejected doctors are deleted too.
		let lapsed = |doctor| Change::DoctorRegistrationLapsed { doctor };
		let idle = || {
			idle_block();
		};
		assert_eq!(changes(idle), [lapsed(other), lapsed(waiting)]);
	});
}

#[test]
fn change_of_account_is_news_for_doctors_and_not_for_patients() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let old = doctor_entry(doctor).registration.account;
		let asks = |person, new| {
			assert_ok!(asks_to_change(person, new));
		};
		let [person, other] = [Person::Doctor(doctor), Person::Patient(patient)];
		let (new, due) = (77, START + DAY);
		let asked = Change::DoctorAccountChangeRequested { doctor, new, due };
		assert_eq!(changes(|| asks(person, 77)), [asked]);
		assert_eq!(changes(|| asks(other, 78)), []);
		let stops = |person| {
			let who = signed(account_of(person));
			assert_ok!(MedicalRecords::stop_account_change(who, person));
		};
		let why = ChangeStop::TakenBack;
		let stopped = Change::DoctorAccountChangeStopped { doctor, why };
		assert_eq!(changes(|| stops(person)), [stopped]);
		assert_eq!(changes(|| stops(other)), []);
		asks(person, 77);
		asks(other, 78);
		let passes = || {
			pass(DAY);
			idle_block();
		};
		assert_eq!(changes(passes), [Change::DoctorAccountChanged { doctor, old, new: 77 }]);
	});
}

/// A doctor who had asked was not told, and had to look.
#[test]
fn end_of_a_request_to_move_is_news_for_doctors_and_not_for_patients() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let hospital = SOUTH;
		let ask = || {
			for (who, capacity) in
				[(by(patient), Capacity::Patient), (by_doctor(doctor), Capacity::Doctor)]
			{
				assert_ok!(MedicalRecords::request_move(who, capacity, Some(hospital)));
			}
		};
		assert_eq!(changes(ask), []);
		let decline = || {
			for person in [Person::Patient(patient), Person::Doctor(doctor)] {
				assert_ok!(MedicalRecords::decline_move(registrar(hospital), person));
			}
		};
		assert_eq!(changes(decline), [Change::DoctorMoveDeclined { doctor, hospital }]);
		ask();
		let lapse = || {
			pass(RegistrationPeriod::get());
			idle_block();
		};
		assert_eq!(changes(lapse), [Change::DoctorMoveLapsed { doctor, hospital }]);
	});
}

#[test]
fn registrations_and_failures_are_no_news() {
	chain(|| {
		let registers = || {
			registers_patient(5, NORTH);
			registers_doctor(6, EAST);
		};
		assert_eq!(changes(registers), []);
		let patient = a_verified_patient();
		System::reset_events();
		let missing = MedicalRecords::withdraw_records(by(patient), indices(&[9]));
		assert_noop!(missing, Error::<Test>::RecordNotFound);
		assert_eq!(news(), []);
	});
}

#[test]
fn nothing_is_missing_between_pages() {
	chain(|| {
		let patient = a_verified_patient();
		System::reset_events();
		for round in 0..300 {
			adds(patient, 1);
			// Others' events lie in between.
			if round % 3 == 0 {
				registers_patient(5_000 + round, NORTH);
			}
		}
		let first = MedicalRecords::news(None, u32::MAX);
		assert_eq!(first.items.len(), MAX_PAGE as usize);
		let second = MedicalRecords::news(first.next, u32::MAX);
		assert_eq!(second.next, None);
		let added = [first.items, second.items].concat().into_iter().map(|change| match change {
			Change::RecordsAdded { first, count: 1, .. } => first,
			other => panic!("{other:?}"),
		});
		assert!(added.eq(0..300));
		let nothing = MedicalRecords::news(None, 0);
		assert_eq!((nothing.items.len(), nothing.next), (0, None));
		let behind = MedicalRecords::news(Some(u32::MAX), 10);
		assert_eq!((behind.items.len(), behind.next), (0, None));
	});
}
