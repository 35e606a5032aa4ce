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
		assert_eq!(remaining(1), 90);
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
		// But tried again, as anything that a known account sends.
		assert_ok!(apply(1, 1, &registration(), 10));
	});
}

#[test]
fn newcomers_come_last_and_do_not_wait_for_ever() {
	chain(|| {
		let open = submit(1, 0, &registration(), 1).unwrap();
		assert_eq!((open.priority, open.longevity), (0, 64));
		assert_ok!(FairUsage::sponsor(signed(Registrar::get()), 2));
		let sponsored = submit(2, 0, &registration(), 1).unwrap();
		assert_eq!((sponsored.priority, sponsored.longevity), (1, u64::MAX));
	});
}

#[test]
fn open_lane_is_narrow_and_the_sponsored_one_beside_it_is_not() {
	chain(|| {
		at_block(2);
		assert_ok!(apply(1, 0, &registration(), 1));
		assert_ok!(apply(2, 0, &registration(), 1));
		refused(apply(3, 0, &registration(), 1), InvalidTransaction::ExhaustsResources);
		assert_eq!(entry(3).providers, 0, "it stays in the pool and has lost nothing");
		for who in 4..7 {
			assert_ok!(FairUsage::sponsor(signed(Registrar::get()), who));
			assert_ok!(apply(who, 0, &registration(), 1));
		}
		at_block(3);
		assert_ok!(apply(3, 0, &registration(), 1));
	});
}

#[test]
fn account_that_a_hospital_waits_for_needs_no_place_in_the_open_lane() {
	chain(|| {
		at_block(2);
		assert_ok!(apply(1, 0, &registration(), 1));
		assert_ok!(apply(2, 0, &registration(), 1));
		EXPECTED.set(Some(3));
		assert_ok!(apply(3, 0, &registration(), 1));
		refused(apply(4, 0, &registration(), 1), InvalidTransaction::ExhaustsResources);
		EXPECTED.set(Some(4));
		TAKES_IN.set(false);
		refused(apply(4, 0, &registration(), 1), InvalidTransaction::Call);
	});
}
