//! People that no hospital has verified yet, or that have lapsed.

use super::*;
use frame_support::assert_ok;

#[test]
fn pending_person_corrects_the_profile_and_sends_nothing_else() {
	chain(|| {
		registers(1);
		for call in [remark(), retraction()] {
			refused(submit(1, 1, &call, 1), InvalidTransaction::Call);
			refused(apply(1, 1, &call, 1), InvalidTransaction::Call);
		}
		assert_ok!(apply(1, 1, &correction(), 60));
		assert_eq!(remaining(1), 40);
		refused(submit(1, 2, &correction(), 41), InvalidTransaction::ExhaustsResources);
		refused(apply(1, 2, &correction(), 41), InvalidTransaction::Custom(ALLOWANCE_SPENT));
		pass(10);
		assert_ok!(apply(1, 2, &correction(), 41));
	});
}

/// Shown before: an account whose registration was rejected went on sending calls of 31 kB.
#[test]
fn rejected_account_is_a_newcomer_again() {
	chain(|| {
		registers(1);
		is_rejected(1);
		for call in [remark(), correction(), retraction()] {
			refused(submit(1, 1, &call, 1), InvalidTransaction::Call);
			refused(apply(1, 1, &call, 1), InvalidTransaction::Call);
		}
		let again = submit(1, 1, &registration(), 60).unwrap();
		assert_eq!((again.priority, again.longevity), (0, 64));
		assert_ok!(apply(1, 1, &registration(), 60));
		// One place in the lane for each attempt, and none with an empty lane.
		refused(apply(1, 2, &registration(), 60), InvalidTransaction::ExhaustsResources);
		TAKES_IN.set(false);
		refused(submit(1, 2, &registration(), 1), InvalidTransaction::Call);
	});
}

#[test]
fn many_pending_accounts_get_no_more_than_the_lane_lets_begin() {
	chain(|| {
		let mut begun = 0;
		for who in 1..1_000 {
			begun += u32::from(apply(who, 0, &registration(), 10).is_ok());
			if who % 50 == 0 {
				pass(1);
			}
		}
		// Ten at once, and one in five seconds: 100 units, and two a second.
		assert_eq!(begun, 10 + 19 * 2 / 10);
	});
}

#[test]
fn former_registrar_is_a_newcomer_again() {
	chain(|| {
		a_registrar(900);
		assert_ok!(apply(900, 0, &remark(), 1));
		FairUsage::lost(&900, Role::Registrar);
		refused(submit(900, 1, &remark(), 1), InvalidTransaction::Call);
		refused(apply(900, 1, &remark(), 1), InvalidTransaction::Call);
		assert_eq!(submit(900, 1, &registration(), 1).unwrap().priority, 0);
	});
}

#[test]
fn account_that_handed_over_its_person_is_a_newcomer_again() {
	chain(|| {
		a_patient(1);
		FairUsage::succeeded(&1, &2, Some(Role::Patient));
		refused(submit(1, 0, &remark(), 1), InvalidTransaction::Call);
		assert_ok!(submit(2, 0, &remark(), 1));
		assert_ok!(apply(1, 0, &registration(), 1));
	});
}
