//! Hospitals and their people: sponsors, paces, and the relocation of those whose hospital has left.

use crate::common::*;
use frame_support::{assert_noop, assert_ok, traits::Get};
use medblock_primitives::{
	Capacity, HospitalId, MAX_DESK_BATCH, Paced, PatientId, RegistrationMode,
};
use medblock_runtime::{
	AccountId, Consortium, FairUse, MedicalRecords, Runtime, RuntimeEvent, RuntimeOrigin, System,
	configs::RuntimeBlockWeights,
};
use pallet_medical_records::{Event, RelocationWeights, SHARE_OF_BLOCK};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{DispatchError, traits::Dispatchable};

const FIRST: HospitalId = HospitalId(0);
const SECOND: HospitalId = HospitalId(1);

fn by(who: Sr25519Keyring) -> RuntimeOrigin {
	frame_system::RawOrigin::Signed(account(who)).into()
}

/// The second hospital's word used to replace the first one's, and kept the person from registering there.
#[test]
fn second_sponsor_keeps_nobody_from_registering_with_the_first() {
	local().execute_with(|| {
		block(1);
		for controller in [Alice, Bob] {
			let mode = RegistrationMode::SponsoredOnly;
			assert_ok!(Consortium::set_registration_mode(by(controller), mode));
		}
		let sponsor = || pallet_fair_use::Call::<Runtime>::sponsor { account: account(Ferdie) };
		assert_ok!(apply(signed(AliceStash, 0, sponsor())).unwrap());
		assert_ok!(apply(signed(BobStash, 0, sponsor())).unwrap());
		assert!(submit(signed(Ferdie, 0, register_patient(SECOND.0))).is_ok());
		assert_ok!(apply(signed(Ferdie, 0, register_patient(FIRST.0))).unwrap());
		// The second one still vouches, for the doctor that the person may be as well.
		let sponsors = pallet_fair_use::SponsoredBy::<Runtime>::get;
		assert_eq!((sponsors(FIRST), sponsors(SECOND)), (0, 1));
	});
}

/// All of them used to count again, under whatever controller the hospital came back.
#[test]
fn readmitted_hospital_sponsors_no_account_from_before() {
	local().execute_with(|| {
		block(1);
		let council = || {
			use pallet_collective::{Instance1, RawOrigin};
			RuntimeOrigin::from(RawOrigin::<AccountId, Instance1>::Members(4, 4))
		};
		let (fifth, newcomer) = (HospitalId(4), account(Ferdie));
		let name = b"Fifth".to_vec().try_into().unwrap();
		let gateway = b"https://5.example".to_vec().try_into().unwrap();
		assert_ok!(Consortium::admit_hospital(council(), account(Eve), name, gateway));
		pallet_fair_use::Sponsorships::<Runtime>::insert(&newcomer, fifth, 0);
		pallet_fair_use::SponsoredBy::<Runtime>::insert(fifth, 1);
		assert!(FairUse::is_sponsored(&newcomer, fifth));
		assert_ok!(Consortium::expel_hospital(council(), fifth));
		assert_ok!(Consortium::readmit_hospital(council(), fifth, account(One)));
		assert!(!FairUse::is_sponsored(&newcomer, fifth));
		assert_eq!(pallet_fair_use::SponsoredBy::<Runtime>::get(fifth), 0);
	});
}

#[test]
fn rogue_registrar_suspends_few_people_and_a_controller_can_allow_more() {
	local().execute_with(|| {
		block(1);
		let patients: Vec<_> = (0..13).map(PatientId).collect();
		for number in 0..13 {
			let origin = frame_system::RawOrigin::Signed(AccountId::new([number; 32])).into();
			assert_ok!(register_patient(FIRST.0).dispatch(origin).map_err(|failed| failed.error));
		}
		for patient in &patients {
			assert_ok!(MedicalRecords::verify_patient(by(AliceStash), *patient));
		}
		let suspend =
			|number: usize| MedicalRecords::suspend_patient(by(AliceStash), patients[number]);
		for number in 0..10 {
			assert_ok!(suspend(number));
		}
		let exhausted = pallet_medical_records::Error::<Runtime>::SuspensionsExhausted;
		assert_noop!(suspend(10), exhausted);
		let (what, capacity) = (Paced::Suspension, Capacity::Patient);
		let allow = |who| Consortium::allow_decisions(by(who), FIRST, what, capacity, 2);
		// Neither the registrar nor another hospital's controller.
		for other in [AliceStash, Bob] {
			assert!(allow(other).is_err());
		}
		assert_ok!(allow(Alice));
		assert_ok!(suspend(10));
		assert_ok!(suspend(11));
		assert!(suspend(12).is_err());
		assert_ok!(MedicalRecords::reinstate_patient(by(AliceStash), patients[0]));
	});
}

/// Each verified person has an allowance, so people who do not exist were 45 GB of transactions within the hour.
#[test]
fn stolen_registrars_key_makes_up_no_more_people_than_a_desk_sees_in_a_day() {
	local().execute_with(|| {
		block(1);
		pallet_timestamp::Now::<Runtime>::put(1_800_000_000_000u64);
		for number in 0..1_003u32 {
			let mut who = [9; 32];
			who[..4].copy_from_slice(&number.to_le_bytes());
			let origin = frame_system::RawOrigin::Signed(AccountId::new(who)).into();
			assert_ok!(register_patient(FIRST.0).dispatch(origin).map_err(|failed| failed.error));
		}
		let verify = |number| MedicalRecords::verify_patient(by(AliceStash), PatientId(number));
		for number in 0..1_000 {
			assert_ok!(verify(number));
		}
		let exhausted = pallet_medical_records::Error::<Runtime>::VerificationsExhausted;
		assert_noop!(verify(1_000), exhausted);
		let (what, capacity) = (Paced::Verification, Capacity::Patient);
		let allow = |who| Consortium::allow_decisions(by(who), FIRST, what, capacity, 2);
		assert!(allow(AliceStash).is_err());
		// For a week, in which a hospital imports.
		assert_ok!(allow(Alice));
		assert_ok!(verify(1_000));
		assert_ok!(verify(1_001));
		assert!(verify(1_002).is_err());
		pass(87);
		assert_ok!(verify(1_002));
	});
}

/// Several in one call are no way around the pace, and the desk is told who waits for the next day.
#[test]
fn batch_verifies_as_many_as_the_pace_has_left() {
	local().execute_with(|| {
		block(1);
		pallet_timestamp::Now::<Runtime>::put(1_800_000_000_000u64);
		for number in 0..1_024u32 {
			let mut who = [9; 32];
			who[..4].copy_from_slice(&number.to_le_bytes());
			let origin = frame_system::RawOrigin::Signed(AccountId::new(who)).into();
			assert_ok!(register_patient(FIRST.0).dispatch(origin).map_err(|failed| failed.error));
		}
		let verify = |from: u32| {
			let patients: Vec<_> = (from..from + MAX_DESK_BATCH).map(PatientId).collect();
			MedicalRecords::verify_patients(by(AliceStash), patients.try_into().unwrap())
		};
		for batch in 0..8 {
			assert_ok!(verify(batch * MAX_DESK_BATCH));
		}
		let exhausted: DispatchError =
			pallet_medical_records::Error::<Runtime>::VerificationsExhausted.into();
		let refused = System::events().into_iter().filter_map(|record| match record.event {
			RuntimeEvent::MedicalRecords(Event::VerificationRefused { patient, why }) => {
				assert_eq!(why, exhausted);
				Some(patient.0)
			},
			_ => None,
		});
		assert!(refused.eq(1_000..1_024), "the last ones wait for tomorrow");
		assert_noop!(verify(1_000), exhausted);
	});
}

/// At 32 people a block it took 8.7 hours.
#[test]
fn million_patients_are_relocated_within_an_hour() {
	let share = <RuntimeBlockWeights as Get<frame_system::limits::BlockWeights>>::get()
		.max_block
		.div(SHARE_OF_BLOCK);
	let RelocationWeights { pass, patient, .. } = MedicalRecords::relocation_weights();
	let moved = share.checked_div_per_component(&patient).unwrap();
	let passed = share.checked_div_per_component(&pass).unwrap();
	println!("a block moves {moved} people, and passes {passed} of other hospitals");
	assert!(1_000_000 / moved < 3_600, "{moved} people a block");
	assert!(9_000_000 / passed < 3_600, "{passed} people a block");
}
