//! Profile keys: who publishes, who receives, and what happens when a registrar leaves.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

/// A publication by an account for the fourth hospital, with a key that can be sealed to.
fn publication(
	who: u8,
	version: u32,
	previous: bool,
	sealed: KeysForRegistrars<Test>,
) -> DispatchResultWithPostInfo {
	let previous = previous.then_some(WrappedSecret([7; 60]));
	Consortium::publish_profile_key(signed(who), WEST, version, 1, x_wing_key(7), previous, sealed)
}

fn state() -> (u32, bool) {
	let ProfileKeyState { holders, due, .. } = ProfileKeyStates::<Test>::get(WEST);
	(holders, due)
}

fn holds(registrar: u8) -> bool {
	SealedProfileKeys::<Test>::contains_key(WEST, account(registrar))
}

#[test]
fn first_key_comes_from_a_registrar_or_the_controller() {
	for who in [50, 103, 3] {
		consortium(|| {
			joins(50, 3);
			assert_ok!(publication(who, 1, false, for_registrars(&[50])));
			assert_eq!(last_event(), Event::ProfileKeyPublished { hospital: WEST, version: 1 });
			assert_eq!(EncryptionKeys::<Test>::get(WEST).unwrap().version, 1);
			// A publisher who is no recipient knows the secret, and is not counted as a holder.
			assert_eq!(state(), (1, who != 50));
			assert!(holds(50) && !holds(103));
		});
	}
}

#[test]
fn accounts_of_others_publish_nothing() {
	consortium(|| {
		joins(50, 3);
		for other in [0, 100, 99] {
			assert_noop!(
				publication(other, 1, false, for_registrars(&[50])),
				Error::<Test>::NotStaff
			);
		}
	});
}

#[test]
fn published_keys_are_checked() {
	consortium(|| {
		joins(50, 3);
		let short = PublicKey::try_from(vec![7; 1_215]).unwrap();
		for (suite, key, why) in [
			(2, x_wing_key(7), Error::<Test>::UnknownSuite),
			(1, short, Error::<Test>::InvalidKeyLength),
			(1, x_wing_key(0xff), Error::<Test>::InvalidKey),
		] {
			let sealed = for_registrars(&[50]);
			let call =
				Consortium::publish_profile_key(signed(50), WEST, 1, suite, key, None, sealed);
			assert_eq!(call.unwrap_err().error, why.into());
		}
		assert_eq!(EncryptionKeys::<Test>::get(WEST), None);
	});
}

#[test]
fn key_is_sealed_to_exactly_the_registrars_with_keys() {
	consortium(|| {
		assert_noop!(
			publication(103, 1, false, for_registrars(&[])),
			Error::<Test>::NoRegistrarKey
		);
		joins(50, 3);
		joins(51, 3);
		assert_noop!(
			publication(50, 1, false, for_registrars(&[50])),
			Error::<Test>::RegistrarMissing
		);
		// One without a key, one of another hospital, one of none.
		for other in [103, 100, 99] {
			assert_noop!(
				publication(50, 1, false, for_registrars(&[50, 51, other])),
				Error::<Test>::RegistrarUnexpected
			);
		}
		assert_noop!(
			publication(50, 1, false, for_registrars(&[50, 51, 51])),
			Error::<Test>::RegistrarTwice
		);
		let mut malformed = for_registrars(&[50, 51]);
		malformed[1].key.0[0] = 2;
		assert_noop!(publication(50, 1, false, malformed), Error::<Test>::InvalidSealedKey);
		assert_ok!(Consortium::set_registrar_key(signed(51), 2, 1, x_wing_key(8)));
		assert_noop!(
			publication(50, 1, false, for_registrars(&[50, 51])),
			Error::<Test>::KeyChanged
		);
		let mut fitting = for_registrars(&[50, 51]);
		fitting[1].key_version = 2;
		assert_ok!(publication(50, 1, false, fitting));
		assert_eq!(state(), (2, false));
	});
}

#[test]
fn versions_follow_each_other() {
	consortium(|| {
		joins(50, 3);
		for wrong in [0, 2] {
			assert_noop!(
				publication(50, wrong, false, for_registrars(&[50])),
				Error::<Test>::StaleVersion
			);
		}
		publishes(50, WEST, &[50]);
		publishes(50, WEST, &[50]);
		assert_noop!(publication(50, 2, true, for_registrars(&[50])), Error::<Test>::StaleVersion);
		assert!(ProfileKeyVersions::<Test>::get(WEST, 1).unwrap().previous.is_none());
		assert!(ProfileKeyVersions::<Test>::get(WEST, 2).unwrap().previous.is_some());
	});
}

/// A version that does not wrap the one before would lock all registrars out of older profiles.
#[test]
fn only_holders_publish_the_next_version_and_they_wrap_the_one_before() {
	consortium(|| {
		assert_noop!(
			publication(103, 1, true, for_registrars(&[])),
			Error::<Test>::InvalidPrevious
		);
		joins(50, 3);
		publishes(50, WEST, &[50]);
		joins(51, 3);
		// The controller, one who has joined since, one without a key.
		for other in [3, 51, 103] {
			assert_noop!(
				publication(other, 2, true, for_registrars(&[50, 51])),
				Error::<Test>::KeyNotHeld
			);
		}
		assert_noop!(
			publication(50, 2, false, for_registrars(&[50, 51])),
			Error::<Test>::InvalidPrevious
		);
		publishes(50, WEST, &[50, 51]);
		assert!(holds(51));
	});
}

#[test]
fn registrars_who_join_later_receive_the_key_from_a_holder() {
	consortium(|| {
		joins(50, 3);
		publishes(50, WEST, &[50]);
		joins(51, 3);
		assert_ok!(Consortium::share_profile_key(signed(50), 1, for_registrars(&[51])));
		let event = Event::ProfileKeyShared { hospital: WEST, version: 1, registrar: account(51) };
		assert_eq!(last_event(), event);
		assert_eq!(state(), (2, false));
		joins(52, 3);
		assert_ok!(Consortium::share_profile_key(signed(51), 1, for_registrars(&[52])));
		assert_eq!(state(), (3, false));
	});
}

#[test]
fn shared_keys_have_to_fit() {
	consortium(|| {
		joins(50, 3);
		publishes(50, WEST, &[50]);
		joins(51, 3);
		let share =
			|who, version, sealed| Consortium::share_profile_key(signed(who), version, sealed);
		for (who, why) in [
			(3, Error::<Test>::NotRegistrar),
			(51, Error::<Test>::KeyNotHeld),
			(103, Error::<Test>::KeyNotHeld),
			(100, Error::<Test>::KeyNotHeld),
		] {
			assert_noop!(share(who, 1, for_registrars(&[51])), why);
		}
		assert_noop!(share(50, 2, for_registrars(&[51])), Error::<Test>::StaleVersion);
		for other in [103, 100, 99] {
			assert_noop!(
				share(50, 1, for_registrars(&[51, other])),
				Error::<Test>::RegistrarUnexpected
			);
		}
		assert_noop!(share(50, 1, for_registrars(&[50])), Error::<Test>::KeyAlreadyHeld);
		assert_noop!(share(50, 1, for_registrars(&[51, 51])), Error::<Test>::RegistrarTwice);
		let mut malformed = for_registrars(&[51]);
		malformed[0].key.0.truncate(1_168);
		assert_noop!(share(50, 1, malformed), Error::<Test>::InvalidSealedKey);
		let mut stale = for_registrars(&[51]);
		stale[0].key_version = 2;
		assert_noop!(share(50, 1, stale), Error::<Test>::KeyChanged);
	});
}

#[test]
fn key_is_due_when_a_holder_leaves_and_no_longer_after_the_next_version() {
	consortium(|| {
		joins(50, 3);
		joins(51, 3);
		joins(52, 3);
		publishes(50, WEST, &[50, 51, 52]);
		assert_ok!(Consortium::remove_registrar(signed(3), account(51)));
		assert_eq!(state(), (2, true));
		assert!(!holds(51));
		assert_ok!(Consortium::resign(signed(52)));
		assert_eq!(state(), (1, true));
		publishes(50, WEST, &[50]);
		assert_eq!(state(), (1, false));
		// One who never had the key takes nothing along.
		assert_ok!(Consortium::resign(signed(103)));
		assert_eq!(state(), (1, false));
	});
}

#[test]
fn registrar_with_a_new_key_receives_the_secret_again_and_the_profile_key_is_due() {
	consortium(|| {
		joins(50, 3);
		joins(51, 3);
		publishes(50, WEST, &[50, 51]);
		assert_ok!(Consortium::set_registrar_key(signed(51), 2, 1, x_wing_key(8)));
		assert_eq!(state(), (1, true));
		assert!(!holds(51));
		let mut again = for_registrars(&[51]);
		again[0].key_version = 2;
		assert_ok!(Consortium::share_profile_key(signed(50), 1, again.clone()));
		assert_eq!(state(), (2, true));
		let held = SealedProfileKeys::<Test>::get(WEST, account(51)).unwrap();
		assert_eq!(held.key_version, 2);
		assert_noop!(
			Consortium::share_profile_key(signed(50), 1, again),
			Error::<Test>::KeyAlreadyHeld
		);
	});
}

/// What is sealed to a key that was replaced counts as lost, or the hospital could never publish again.
#[test]
fn only_holder_with_a_new_key_begins_anew() {
	consortium(|| {
		joins(50, 3);
		joins(51, 3);
		publishes(50, WEST, &[50, 51]);
		assert_ok!(Consortium::resign(signed(51)));
		assert_ok!(Consortium::set_registrar_key(signed(50), 2, 1, x_wing_key(8)));
		assert_eq!(state(), (0, true));
		let mut again = for_registrars(&[50]);
		again[0].key_version = 2;
		assert_ok!(publication(50, 2, false, again));
		assert_eq!(state(), (1, false));
	});
}

/// The hospital has lost the key then. It must not be without one for ever.
#[test]
fn without_a_holder_any_registrar_begins_anew() {
	consortium(|| {
		joins(50, 3);
		publishes(50, WEST, &[50]);
		assert_ok!(Consortium::resign(signed(50)));
		assert_eq!(state(), (0, true));
		joins(51, 3);
		assert_noop!(
			publication(51, 2, true, for_registrars(&[51])),
			Error::<Test>::InvalidPrevious
		);
		assert_ok!(publication(51, 2, false, for_registrars(&[51])));
		assert_eq!(state(), (1, false));
		assert!(ProfileKeyVersions::<Test>::get(WEST, 2).unwrap().previous.is_none());
	});
}

#[test]
fn expelled_hospital_has_no_current_key_until_it_is_back_and_publishes_the_next_version() {
	consortium(|| {
		joins(50, 3);
		publishes(50, WEST, &[50]);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_eq!(state(), (0, true));
		assert!(!holds(50));
		assert!(!RegistrarKeys::<Test>::contains_key(account(50)));
		assert_noop!(publication(50, 2, false, for_registrars(&[50])), Error::<Test>::NotStaff);
		assert_eq!(EncryptionKeys::<Test>::get(WEST), None);
		assert!(ProfileKeyVersions::<Test>::contains_key(WEST, 1));
		pass_sessions(2);
		assert_ok!(Consortium::readmit_hospital(council(), WEST, account(20)));
		// Those who held the key before may not work for the hospital any more.
		assert_eq!(EncryptionKeys::<Test>::get(WEST), None);
		joins(51, 20);
		let begun = |version| publication(51, version, false, for_registrars(&[51]));
		assert_noop!(begun(1), Error::<Test>::StaleVersion);
		assert_ok!(begun(2));
		assert_eq!(EncryptionKeys::<Test>::get(WEST).unwrap().version, 2);
		assert_eq!(state(), (1, false));
	});
}

#[test]
fn publication_pays_for_the_registrars_that_there_are() {
	consortium(|| {
		joins(50, 3);
		let paid = publication(50, 1, false, for_registrars(&[50])).unwrap().actual_weight;
		assert_eq!(paid, Some(<() as WeightInfo>::publish_profile_key(2)));
	});
}
