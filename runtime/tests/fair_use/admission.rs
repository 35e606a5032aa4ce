//! The transactions that each kind of sender may send, and their order.

use super::*;

#[test]
fn account_with_no_funds_registers_from_any_wallet() {
	local().execute_with(|| {
		block(1);
		for (who, call) in [(Ferdie, register_patient(0)), (Eve, register_doctor(1))] {
			let transaction = signed(who, 0, call);
			assert_ok!(submit(transaction.clone()));
			assert_eq!(System::providers(&account(who)), 0);
			assert_ok!(apply(transaction.clone()).unwrap());
			assert_eq!(nonce(who), 1);
			refused(apply(transaction), InvalidTransaction::Stale);
		}
	});
}

#[test]
fn newcomers_send_nothing_else_and_nothing_that_fails() {
	local().execute_with(|| {
		block(1);
		for call in [withdraw(), revoke(), register_patient(9)] {
			refused(submit(signed(Ferdie, 0, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 0, call)), InvalidTransaction::Call);
		}
		refused(submit(signed(Ferdie, 1, register_patient(0))), InvalidTransaction::Future);
		assert_eq!(System::providers(&account(Ferdie)), 0);
	});
}

#[test]
fn failed_registration_cannot_be_replayed() {
	local().execute_with(|| {
		block(1);
		// A newcomer's is checked again in the block, so that it never gets as far as failing.
		let transaction = signed(Ferdie, 0, register_patient(0));
		assert_ok!(submit(transaction.clone()));
		let controller = || RuntimeOrigin::signed(account(Alice));
		let closed = RegistrationMode::Closed;
		assert_ok!(Consortium::set_registration_mode(controller(), closed));
		refused(apply(transaction.clone()), InvalidTransaction::Call);
		assert_eq!(System::providers(&account(Ferdie)), 0);
		let open = RegistrationMode::Open;
		assert_ok!(Consortium::set_registration_mode(controller(), open));
		assert_ok!(apply(transaction.clone()).unwrap());
		refused(apply(transaction), InvalidTransaction::Stale);

		// That of a verified person can fail, and is used up by it.
		a_patient(Eve);
		let transaction = signed(Eve, 1, register_doctor(9));
		assert!(apply(transaction.clone()).unwrap().is_err(), "there is no such hospital");
		refused(apply(transaction), InvalidTransaction::Stale);
		assert_eq!(nonce(Eve), 2);
	});
}

#[test]
fn rejected_account_is_a_newcomer_again() {
	local().execute_with(|| {
		block(1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		let reject = Call::reject_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, 0, reject)).unwrap());
		let rotate = Call::rotate_chart_key { rotation: rotation(0) }.into();
		for call in [rotate, revoke(), withdraw(), update_profile(patient, 0)] {
			refused(submit(signed(Ferdie, 1, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 1, call)), InvalidTransaction::Call);
		}
		let again = signed(Ferdie, 1, register_patient(0));
		assert_eq!(submit(again.clone()).unwrap().priority, 0);
		flood_open_lane();
		refused(apply(again.clone()), InvalidTransaction::ExhaustsResources);
		pass(125);
		assert_ok!(apply(again).unwrap());
	});
}

#[test]
fn pending_person_corrects_the_own_profile_and_sends_nothing_else() {
	local().execute_with(|| {
		block(1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		assert_ok!(apply(signed(Eve, 0, register_doctor(1))).unwrap());
		let other = a_patient(One);
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		let rotate: RuntimeCall = Call::rotate_chart_key { rotation: rotation(0) }.into();
		for call in [rotate, revoke(), withdraw(), update_profile(other, 0)] {
			refused(submit(signed(Ferdie, 1, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 1, call)), InvalidTransaction::Call);
		}
		assert_eq!(submit(signed(Ferdie, 1, update_profile(patient, 0))).unwrap().priority, 1);
		assert_ok!(apply(signed(Ferdie, 1, update_profile(patient, 0))).unwrap());
		// And who changes their mind takes it away again.
		let remove = || Call::remove_patient_profile {};
		assert_eq!(submit(signed(Ferdie, 2, remove())).unwrap().priority, 1);
		assert_ok!(apply(signed(Ferdie, 2, remove())).unwrap());
		refused(submit(signed(Eve, 1, remove())), InvalidTransaction::Call);

		let RuntimeCall::MedicalRecords(Call::register_doctor { mut profile, .. }) =
			register_doctor(1)
		else {
			panic!("a doctor")
		};
		profile.name = vec![b'a'; 64].try_into().unwrap();
		let update = |doctor, profile| Call::update_doctor_profile { doctor, profile };
		refused(
			submit(signed(Eve, 1, update(DoctorId(1), profile.clone()))),
			InvalidTransaction::Call,
		);
		assert_ok!(apply(signed(Eve, 1, update(DoctorId(0), profile))).unwrap());
	});
}

#[test]
fn suspended_patient_revokes_and_rotates_and_sends_nothing_else() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let suspend = Call::suspend_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, nonce(REGISTRAR), suspend)).unwrap());
		refused(submit(signed(Ferdie, 1, update_profile(patient, 0))), InvalidTransaction::Call);
		refused(apply(signed(Ferdie, 1, register_patient(0))), InvalidTransaction::Call);
		let records = vec![0].try_into().unwrap();
		let unshare = Call::unshare_records { doctor: DoctorId(7), records };
		assert_eq!(submit(signed(Ferdie, 1, unshare)).unwrap().priority, u64::MAX);
		refused(submit(signed(Ferdie, 1, withdraw())), InvalidTransaction::Call);
		assert_eq!(submit(signed(Ferdie, 1, revoke())).unwrap().priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, 1, revoke())).unwrap());
		let rotate = Call::rotate_chart_key { rotation: rotation(0) };
		assert_eq!(submit(signed(Ferdie, 2, rotate.clone())).unwrap().priority, 3);
		assert_ok!(apply(signed(Ferdie, 2, rotate)));
	});
}

/// As revoking, ending a deposit waits for nothing.
#[test]
fn suspended_patient_ends_deposits_before_all_others() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let suspend = Call::suspend_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, nonce(REGISTRAR), suspend)).unwrap());
		let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
		let end = Call::end_deposit { institutions };
		let priority = |call: RuntimeCall| submit(signed(Ferdie, 1, call)).unwrap().priority;
		assert_eq!(priority(end.clone().into()), priority(revoke()));
		let allow = Call::allow_deposit { institution: InstitutionId(0), expires_at: None };
		refused(submit(signed(Ferdie, 1, allow)), InvalidTransaction::Call);
		assert_ok!(apply(signed(Ferdie, 1, end)).unwrap());
	});
}

#[test]
fn nonces_are_used_in_order_and_wait_within_the_window() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		refused(apply(signed(Ferdie, 2, revoke())), InvalidTransaction::Future);
		assert_ok!(submit(signed(Ferdie, 65, revoke())));
		refused(submit(signed(Ferdie, 66, revoke())), InvalidTransaction::Future);
		assert_ok!(apply(signed(Ferdie, 1, revoke())).unwrap());
		refused(apply(signed(Ferdie, 1, revoke())), InvalidTransaction::Stale);
	});
}

#[test]
fn calls_that_this_chain_is_not_for_are_not_let_in() {
	local().execute_with(|| {
		block(1);
		let remark = frame_system::Call::remark { remark: vec![] };
		refused(submit(signed(Alice, 0, remark.clone())), InvalidTransaction::Call);
		refused(apply(signed(Alice, 0, remark)), InvalidTransaction::Call);
		assert_eq!(nonce(Alice), 0);
	});
}

/// One after the other, as the chain will see it.
#[test]
fn consent_story_in_whole_transactions() {
	local().execute_with(|| {
		block(1);
		let (patient, doctor) = a_granted_doctor();
		assert!(MedicalRecords::access(patient, doctor, None).is_ok());
		let doctors = vec![doctor].try_into().unwrap();
		let revoke = Call::revoke_access { doctors, rotation: None };
		assert_ok!(apply(signed(Ferdie, 2, revoke)).unwrap());
		assert!(MedicalRecords::access(patient, doctor, None).is_err());
		assert_eq!(Patients::<Runtime>::get(patient).unwrap().chart.lost_from, Some(0));
	});
}
