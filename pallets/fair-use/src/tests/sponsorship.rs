//! Registrars vouch for accounts that are going to register.

use super::*;
use frame_support::{assert_noop, assert_ok};
use medblock_primitives::{AccountBatch, MAX_DESK_BATCH};
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
		// Each for itself.
		assert_ok!(sponsor(OTHER_REGISTRAR, 3));
		assert_eq!((count(0), count(1)), (3, 2));
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
		// An account that takes over a person may still want to register in the other capacity.
		FairUsage::succeeded(&2, &3, None);
		assert_eq!(count(0), 1);
		assert_ok!(end(900, 3));
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

/// The second hospital's word used to replace the first one's, and kept the person from registering there.
#[test]
fn sponsor_of_one_hospital_takes_nothing_away_from_another() {
	chain(|| {
		assert_ok!(sponsor(900, 2));
		assert_ok!(sponsor(OTHER_REGISTRAR, 2));
		for hospital in [0, 1] {
			let found = submit(2, 0, &registration_with(hospital), 1).unwrap();
			assert_eq!(found.priority, 2, "with hospital {hospital}");
		}
		assert_ok!(apply(2, 0, &registration_with(0), 1));
		assert_eq!((count(0), count(1)), (0, 1), "the other one still vouches");
		let end = |registrar| FairUsage::end_sponsorship(signed(registrar), 2);
		assert_noop!(end(900), Error::<Test>::NotSponsored);
		assert_ok!(end(OTHER_REGISTRAR));
	});
}

#[test]
fn sponsorship_counts_with_its_own_hospital_alone() {
	chain(|| {
		assert_ok!(sponsor(OTHER_REGISTRAR, 2));
		// Hospital 0 has not vouched: this is a place of the open lane.
		assert_eq!(submit(2, 0, &registration_with(0), 1).unwrap().priority, 0);
		assert_eq!(submit(2, 0, &registration_with(1), 1).unwrap().priority, 2);
		assert_ok!(apply(2, 0, &registration_with(0), 1));
		assert_eq!(OpenLane::<Test>::get().used, 1);
		assert_eq!(count(1), 1);
	});
}

/// All 16,384 of them used to count again when the hospital came back, with another controller.
#[test]
fn sponsorships_end_when_their_hospital_leaves() {
	chain(|| {
		for account in 1..=3 {
			assert_ok!(sponsor(900, account));
		}
		assert_ok!(sponsor(OTHER_REGISTRAR, 1));
		FairUsage::hospital_left(HospitalId(0));
		assert_eq!((count(0), count(1)), (0, 1));
		// It is back: none of them is a sponsored newcomer, and it sponsors whom it chooses.
		assert_eq!(submit(1, 0, &registration_with(0), 1).unwrap().priority, 0);
		assert_eq!(submit(1, 0, &registration_with(1), 1).unwrap().priority, 2);
		let end = FairUsage::end_sponsorship(signed(900), 1);
		assert_noop!(end, Error::<Test>::NotSponsored);
		assert_ok!(sponsor(900, 2));
		assert_ok!(sponsor(900, 4));
		assert_ok!(sponsor(900, 5));
		assert_noop!(sponsor(900, 6), Error::<Test>::MaxSponsoredExceeded);
		assert_eq!(submit(2, 0, &registration_with(0), 1).unwrap().priority, 2);
		// Registering removes what is left of an earlier one.
		assert_ok!(apply(3, 0, &registration_with(0), 1));
		assert!(!Sponsorships::<Test>::contains_key(3, HospitalId(0)));
		assert_eq!(count(0), 3);
	});
}

fn sponsor_all(registrar: AccountId, accounts: &[AccountId]) -> sp_runtime::DispatchResult {
	FairUsage::sponsor_accounts(signed(registrar), accounts.to_vec().try_into().unwrap())
}

#[test]
fn desk_sponsors_several_accounts_at_once() {
	chain(|| {
		assert_ok!(sponsor_all(900, &[1, 2, 3]));
		for account in 1..=3 {
			let sponsored = Event::AccountSponsored { hospital: HospitalId(0), account };
			System::assert_has_event(sponsored.into());
		}
		assert_eq!(count(0), 3);
		let too_many = vec![1; MAX_DESK_BATCH as usize + 1];
		assert!(AccountBatch::<AccountId>::try_from(too_many).is_err());
	});
}

#[test]
fn account_that_cannot_be_sponsored_keeps_no_other_from_it() {
	chain(|| {
		assert_ok!(sponsor(900, 1));
		// The last one is one too many.
		assert_ok!(sponsor_all(900, &[1, 2, 3, 4]));
		for (account, why) in
			[(1, Error::<Test>::AlreadySponsored), (4, Error::<Test>::MaxSponsoredExceeded)]
		{
			let why = why.into();
			let refused = Event::SponsorshipRefused { hospital: HospitalId(0), account, why };
			System::assert_has_event(refused.into());
		}
		assert_eq!(count(0), 3);
		assert_noop!(sponsor_all(900, &[4, 1]), Error::<Test>::MaxSponsoredExceeded);
		assert_noop!(sponsor_all(900, &[1, 4]), Error::<Test>::AlreadySponsored);
		assert_noop!(sponsor_all(900, &[]), Error::<Test>::NobodyNamed);
		assert_noop!(sponsor_all(1, &[2]), DispatchError::BadOrigin);
	});
}
