//! Registrars vouch for accounts that are going to register.

use super::*;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn sponsor(registrar: AccountId, account: AccountId) -> sp_runtime::DispatchResult {
	FairUsage::sponsor(signed(registrar), account)
}

fn count(hospital: u32) -> u32 {
	SponsoredBy::<Test>::get(HospitalId(hospital))
}

#[test]
fn registrars_sponsor_up_to_a_number() {
	chain(|| {
		assert_noop!(sponsor(1, 2), DispatchError::BadOrigin);
		for account in 1..=3 {
			assert_ok!(sponsor(900, account));
		}
		let sponsored = Event::AccountSponsored { hospital: HospitalId(0), account: 3 };
		System::assert_last_event(sponsored.into());
		assert_noop!(sponsor(900, 4), Error::<Test>::MaxSponsoredExceeded);
		assert_noop!(sponsor(900, 3), Error::<Test>::AlreadySponsored);
		assert_ok!(sponsor(OTHER_REGISTRAR, 4));
		assert_eq!((count(0), count(1)), (3, 1));
		// The last word counts.
		assert_ok!(sponsor(OTHER_REGISTRAR, 3));
		assert_eq!((count(0), count(1)), (2, 2));
		assert_noop!(sponsor(OTHER_REGISTRAR, 3), Error::<Test>::AlreadySponsored);
	});
}

#[test]
fn sponsorship_ends_by_its_hospital_or_by_registering() {
	chain(|| {
		for account in 1..=3 {
			assert_ok!(sponsor(900, account));
		}
		let end = |registrar, account| FairUsage::end_sponsorship(signed(registrar), account);
		assert_noop!(end(1, 1), DispatchError::BadOrigin);
		assert_noop!(end(OTHER_REGISTRAR, 1), Error::<Test>::NotSponsored);
		assert_noop!(end(900, 9), Error::<Test>::NotSponsored);
		assert_ok!(end(900, 1));
		let ended = Event::SponsorshipEnded { hospital: HospitalId(0), account: 1 };
		System::assert_last_event(ended.into());
		assert_eq!(count(0), 2);

		let failed = Err(DispatchError::Unavailable);
		assert_ok!(apply_with(2, 0, &registration(), 1, failed, None));
		assert_eq!(count(0), 2, "still vouched for, to try again");
		assert_ok!(apply(2, 1, &registration(), 1));
		assert_eq!(count(0), 1);
		// Or by taking over from an account that has.
		FairUsage::succeeded(&2, &3, None);
		assert_eq!(count(0), 0);
		assert!(!SponsoredBy::<Test>::contains_key(HospitalId(0)));
	});
}

/// An account that begins at a desk may still want to register as a patient.
#[test]
fn registration_that_a_hospital_waits_for_leaves_the_sponsor() {
	chain(|| {
		assert_ok!(sponsor(900, 2));
		EXPECTED.set(Some(2));
		assert_ok!(apply(2, 0, &registration(), 1));
		assert_eq!(count(0), 1);
		EXPECTED.set(None);
		assert_ok!(apply(2, 1, &registration(), 1));
		assert_eq!(count(0), 0);
	});
}
