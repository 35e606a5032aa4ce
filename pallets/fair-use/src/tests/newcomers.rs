//! Accounts that were never seen.

use super::*;
use frame_support::assert_ok;

#[test]
fn newcomer_begins_with_a_registration_and_has_an_account_from_then_on() {
	chain(|| {
		assert_ok!(submit(1, 0, &registration(), 10));
		assert_eq!(entry(1).providers, 0, "checking changes nothing");
		assert_ok!(apply(1, 0, &registration(), 10));
		assert_eq!((entry(1).providers, entry(1).nonce), (1, 1));
		assert_eq!(remaining(1), 100, "the open lane pays");
		assert_eq!(OpenLane::<Test>::get().used, 10);
	});
}

#[test]
fn newcomer_begins_with_nothing_else() {
	chain(|| {
		refused(submit(1, 0, &remark(), 1), InvalidTransaction::Call);
		refused(submit(1, 0, &urgent(), 1), InvalidTransaction::Call);
		refused(apply(1, 0, &remark(), 1), InvalidTransaction::Call);
		refused(submit(1, 1, &registration(), 1), InvalidTransaction::Future);
		assert_eq!(entry(1), Default::default());
	});
}

#[test]
fn registration_that_would_fail_is_not_let_in() {
	chain(|| {
		TAKES_IN.set(false);
		refused(submit(1, 0, &registration(), 1), InvalidTransaction::Call);
		refused(apply(1, 0, &registration(), 1), InvalidTransaction::Call);
	});
}

#[test]
fn failed_registration_cannot_be_replayed() {
	chain(|| {
		let failed = Err(sp_runtime::DispatchError::Unavailable);
		assert_ok!(apply_with(1, 0, &registration(), 10, failed, None));
		refused(apply(1, 0, &registration(), 10), InvalidTransaction::Stale);
		refused(submit(1, 0, &registration(), 10), InvalidTransaction::Stale);
		// But tried again, as a newcomer.
		assert_eq!(submit(1, 1, &registration(), 10).unwrap().priority, 0);
		refused(submit(1, 2, &registration(), 10), InvalidTransaction::Future);
		assert_ok!(apply(1, 1, &registration(), 10));
		assert_eq!(OpenLane::<Test>::get().used, 20);
	});
}

#[test]
fn newcomers_come_last_and_do_not_wait_for_ever() {
	chain(|| {
		let open = submit(1, 0, &registration(), 1).unwrap();
		assert_eq!((open.priority, open.longevity), (0, 64));
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 2));
		let sponsored = submit(2, 0, &registration(), 1).unwrap();
		assert_eq!((sponsored.priority, sponsored.longevity), (2, u64::MAX));
	});
}

#[test]
fn open_lane_is_narrow_and_the_sponsored_one_beside_it_is_not() {
	chain(|| {
		assert_ok!(apply(1, 0, &registration(), 60));
		assert_ok!(apply(2, 0, &registration(), 40));
		refused(apply(3, 0, &registration(), 40), InvalidTransaction::ExhaustsResources);
		assert_eq!(entry(3).providers, 0, "it stays in the pool and has lost nothing");
		for who in 4..7 {
			assert_ok!(FairUsage::sponsor(signed(REGISTRAR), who));
			assert_ok!(apply(who, 0, &registration(), 60));
		}
		System::set_block_number(1_000);
		refused(apply(3, 0, &registration(), 40), InvalidTransaction::ExhaustsResources);
		pass(19);
		refused(apply(3, 0, &registration(), 40), InvalidTransaction::ExhaustsResources);
		pass(1);
		assert_ok!(apply(3, 0, &registration(), 40));
	});
}

/// For the nodes' figures.
#[test]
fn newcomers_of_a_block_are_counted() {
	chain(|| {
		let counted = || {
			let lane = OpenLane::<Test>::get();
			(lane.block, lane.newcomers)
		};
		assert_ok!(apply(1, 0, &registration(), 1));
		assert_ok!(apply(2, 0, &registration(), 1));
		assert_eq!(counted(), (1, 2));
		System::set_block_number(2);
		assert_ok!(apply(3, 0, &registration(), 1));
		assert_eq!(counted(), (2, 1));
	});
}

#[test]
fn newcomer_gives_back_to_the_lane_what_the_call_did_not_take() {
	chain(|| {
		assert_ok!(apply_with(1, 0, &registration(), 100, Ok(()), Some(30)));
		assert_eq!(OpenLane::<Test>::get().used, 30);
		assert_ok!(apply(2, 0, &registration(), 70));
	});
}

#[test]
fn account_that_a_hospital_waits_for_needs_no_place_in_the_open_lane() {
	chain(|| {
		assert_ok!(apply(1, 0, &registration(), 100));
		EXPECTED.set(Some(3));
		assert_ok!(apply(3, 0, &registration(), 60));
		assert_eq!(HospitalUses::<Test>::get(HospitalId(0)).used, 60, "the hospital pays");
		refused(apply(4, 0, &registration(), 1), InvalidTransaction::ExhaustsResources);
		EXPECTED.set(Some(4));
		TAKES_IN.set(false);
		refused(apply(4, 0, &registration(), 1), InvalidTransaction::Call);
	});
}

#[test]
fn hospital_pays_for_the_newcomers_that_it_sponsors_while_it_can() {
	chain(|| {
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 1));
		assert_ok!(apply_with(1, 0, &registration(), 900, Ok(()), Some(700)));
		assert_eq!(HospitalUses::<Test>::get(HospitalId(0)).used, 700);
		assert_eq!(OpenLane::<Test>::get().used, 0);

		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 2));
		HospitalUses::<Test>::mutate(HospitalId(0), |used| used.used = 99_950);
		let valid = submit(2, 0, &registration(), 60).unwrap();
		assert_eq!(valid.priority, 0, "then they queue with all others");
		assert_ok!(apply(2, 0, &registration(), 60));
		assert_eq!(OpenLane::<Test>::get().used, 60);
		assert_eq!(HospitalUses::<Test>::get(HospitalId(0)).used, 99_950);
	});
}

/// A patient may become a doctor, too, and a registrar a patient.
#[test]
fn registration_of_an_account_that_a_hospital_knows_is_like_any_other_transaction() {
	chain(|| {
		a_patient(1);
		a_registrar(900);
		// It may fail, and wait behind others.
		TAKES_IN.set(false);
		assert_eq!(submit(1, 3, &registration(), 10).unwrap().priority, 3);
		assert_eq!(submit(900, 3, &registration(), 10).unwrap().priority, 4);
		assert_ok!(apply(1, 0, &registration(), 10));
		assert_ok!(apply(900, 0, &registration(), 10));
		assert_eq!((remaining(1), remaining(900)), (990, 99_990));
		assert_eq!(OpenLane::<Test>::get().used, 0);
	});
}
