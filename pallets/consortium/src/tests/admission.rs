use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

fn admit(n: u8) -> sp_runtime::DispatchResult {
	Consortium::admit_hospital(council(), account(n), name("Fifth"), gateway("https://5.example"))
}

#[test]
fn admitted_hospital_is_active_and_on_the_council() {
	consortium(|| {
		assert_ok!(admit(10));
		let event = Event::HospitalAdmitted { hospital: FIFTH, controller: account(10) };
		assert_eq!(last_event(), event);
		assert!(Consortium::is_active(FIFTH));
		assert!(members().contains(&account(10)));
		assert_eq!(ControllerOf::<Test>::get(account(10)), Some(FIFTH));
		assert_eq!(Profiles::<Test>::get(FIFTH).unwrap().name, name("Fifth"));
		// It can sign transactions though it holds nothing.
		assert_eq!(System::providers(&account(10)), 1);
	});
}

#[test]
fn hospital_without_keys_is_never_seated() {
	consortium(|| {
		assert_ok!(admit(10));
		pass_sessions(10);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		set_keys(FIFTH);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST, FIFTH]);
		assert_eq!(last_event(), Event::SeatTaken { hospital: FIFTH });
		// Planned in one session, in office from the next.
		assert_eq!(Session::validators().len(), 4);
		pass_sessions(1);
		assert_eq!(Session::validators().len(), 5);
	});
}

#[test]
fn two_new_hospitals_are_seated_one_after_the_other() {
	consortium(|| {
		for n in [10, 11] {
			assert_ok!(admit(n));
			set_keys(HospitalId(NextHospital::<Test>::get().0 - 1));
		}
		pass_sessions(1);
		assert_eq!(seated().len(), 5);
		pass_sessions(1);
		assert_eq!(seated().len(), 6);
	});
}

#[test]
fn only_two_thirds_of_the_council_admit() {
	consortium(|| {
		for origin in [half_the_council(), signed(0), RuntimeOrigin::root(), RuntimeOrigin::none()]
		{
			let gateway = gateway("https://5.example");
			assert_noop!(
				Consortium::admit_hospital(origin, account(10), name("Fifth"), gateway),
				BadOrigin
			);
		}
	});
}

#[test]
fn controller_of_a_hospital_cannot_get_a_second_one() {
	consortium(|| {
		assert_noop!(admit(0), Error::<Test>::AlreadyController);
	});
}

#[test]
fn no_more_hospitals_than_the_chain_can_hold() {
	consortium(|| {
		assert_ok!(admit(10));
		assert_ok!(admit(11));
		assert_noop!(admit(12), Error::<Test>::MaxHospitalsExceeded);
		// A place is free again when one leaves, and ids are not used twice.
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_ok!(admit(12));
		assert_eq!(ControllerOf::<Test>::get(account(12)), Some(HospitalId(6)));
	});
}

#[test]
fn names_and_addresses_have_to_be_usable() {
	consortium(|| {
		let long = "ü".repeat(65);
		for bad in ["", "  ", "a\nb", "\u{1b}[31m", "a\u{2028}b", &long] {
			assert_noop!(
				Consortium::admit_hospital(
					council(),
					account(10),
					name(bad),
					gateway("https://5.example")
				),
				Error::<Test>::InvalidName
			);
		}
		let not_utf8 = Name::try_from(vec![0xff]).unwrap();
		assert_noop!(
			Consortium::admit_hospital(council(), account(10), not_utf8, gateway("https://a")),
			Error::<Test>::InvalidName
		);
		for bad in [
			"",
			"https://",
			"ftp://a.example",
			"http://a.example",
			"https://a b",
			"http://localhost.example",
			"HTTPS",
		] {
			assert_noop!(
				Consortium::admit_hospital(council(), account(10), name("Fifth"), gateway(bad)),
				Error::<Test>::InvalidGateway
			);
		}
	});
}

#[test]
fn readmitted_hospital_keeps_its_id_and_asks_for_its_seat() {
	consortium(|| {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		pass_sessions(2);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		assert_ok!(Consortium::readmit_hospital(council(), WEST, account(20)));
		let event = Event::HospitalReadmitted { hospital: WEST, controller: account(20) };
		assert_eq!(last_event(), event);
		assert!(Registrars::<Test>::get(WEST).is_empty());
		// Its old keys may be in other hands by now.
		pass_sessions(2);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		set_keys(WEST);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
	});
}

#[test]
fn only_expelled_hospitals_are_readmitted_by_the_council() {
	consortium(|| {
		assert_noop!(
			Consortium::readmit_hospital(council(), WEST, account(20)),
			Error::<Test>::HospitalActive
		);
		assert_noop!(
			Consortium::readmit_hospital(council(), HospitalId(99), account(20)),
			Error::<Test>::HospitalNotFound
		);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_noop!(
			Consortium::readmit_hospital(council(), WEST, account(20)),
			Error::<Test>::ValidatorsChanging
		);
		pass_sessions(2);
		assert_noop!(Consortium::readmit_hospital(signed(3), WEST, account(20)), BadOrigin);
		assert_noop!(
			Consortium::readmit_hospital(council(), WEST, account(0)),
			Error::<Test>::AlreadyController
		);
		for n in [10, 11, 12] {
			assert_ok!(admit(n));
		}
		assert_noop!(
			Consortium::readmit_hospital(council(), WEST, account(20)),
			Error::<Test>::MaxHospitalsExceeded
		);
	});
}

/// Validators author in turn. One that has no turn in a session is taken for silent.
#[test]
fn consortium_does_not_outgrow_its_sessions() {
	consortium(|| {
		ConsortiumSettings::<Test>::mutate(|settings| settings.session_length = 5);
		assert_ok!(admit(10));
		assert_noop!(admit(11), Error::<Test>::MaxHospitalsExceeded);
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_ok!(admit(11));
		let again = Consortium::readmit_hospital(council(), FIFTH, account(12));
		assert_noop!(again, Error::<Test>::MaxHospitalsExceeded);
	});
}
