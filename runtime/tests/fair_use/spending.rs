//! What is left to people whose allowance is spent.

use super::*;

#[test]
fn spent_allowance_refuses_everything_but_revocations_and_comes_back() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		let who = account(Ferdie);
		let Remaining { left, refill, .. } = FairUse::remaining(who.clone());
		frame_system::Account::<Runtime>::mutate(&who, |found| found.data.used += left as u32);
		let next = nonce(Ferdie);
		refused(submit(signed(Ferdie, next, withdraw())), InvalidTransaction::ExhaustsResources);
		// In a block, not the error by which an author takes the block for full.
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(signed(Ferdie, next, withdraw())), spent);
		let valid = submit(signed(Ferdie, next, revoke())).unwrap();
		assert_eq!(valid.priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, next, revoke())).unwrap());

		block(1_000_000);
		refused(
			submit(signed(Ferdie, next + 1, withdraw())),
			InvalidTransaction::ExhaustsResources,
		);
		pass(refill.into());
		assert_ok!(submit(signed(Ferdie, next + 1, withdraw())));
	});
}

/// A thief with an account's words could use up all that the account may send, and keep its owner from
/// taking anything back.
#[test]
fn owner_takes_back_what_a_thief_did_with_the_allowance_spent() {
	local().execute_with(|| {
		block(1);
		let (patient, doctor) = a_granted_doctor();
		spend_everything(Ferdie);

		let take_back = |doctors: &[u32]| -> RuntimeCall {
			let doctors: Vec<_> = doctors.iter().map(|number| DoctorId(*number)).collect();
			Call::revoke_access { doctors: doctors.try_into().unwrap(), rotation: None }.into()
		};
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		// What takes nothing away would be a lane for floods.
		refused(apply(signed(Ferdie, 2, take_back(&[7]))), spent);
		// Nor does one grant pay for a call about others, whatever their order, or for the same one again.
		for doctors in [&[0, 7][..], &[7, 0], &[0, 0], &[]] {
			refused(apply(signed(Ferdie, 2, take_back(doctors))), spent);
		}
		let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
		refused(apply(signed(Ferdie, 2, Call::end_deposit { institutions })), spent);
		let exhausted = InvalidTransaction::ExhaustsResources;
		refused(submit(signed(Ferdie, 3, take_back(&[0]))), exhausted);
		let valid = submit(signed(Ferdie, 2, take_back(&[0]))).unwrap();
		assert_eq!(valid.priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, 2, take_back(&[0]))).unwrap());
		assert!(MedicalRecords::access(patient, doctor, None).is_err());
		refused(apply(signed(Ferdie, 3, take_back(&[0]))), spent);
	});
}

/// As revoking, replacing the chart's key is the person's own.
#[test]
fn spent_allowance_leaves_a_rotation_its_reserve() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		let Remaining { left, .. } = FairUse::remaining(account(Ferdie));
		frame_system::Account::<Runtime>::mutate(account(Ferdie), |found| {
			found.data.used += left as u32;
		});
		let rotate = || Call::rotate_chart_key { rotation: rotation(0) };
		refused(submit(signed(Ferdie, 1, withdraw())), InvalidTransaction::ExhaustsResources);
		assert_eq!(submit(signed(Ferdie, 1, rotate())).unwrap().priority, 3);
		assert_ok!(apply(signed(Ferdie, 1, rotate())));
	});
}
