use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::EnsureOrigin};

#[test]
fn registrar_speaks_for_the_hospital_that_it_accepted() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		let event = Event::RegistrarAppointed { hospital: WEST, registrar: account(50), until: 11 };
		assert_eq!(last_event(), event);
		assert!(EnsureRegistrar::<Test>::try_origin(signed(50)).is_err());
		assert_eq!(System::providers(&account(50)), 0);
		assert_ok!(Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)));
		assert_eq!(last_event(), Event::RegistrarAdded { hospital: WEST, registrar: account(50) });
		assert_eq!(EnsureRegistrar::<Test>::try_origin(signed(50)).ok(), Some(WEST));
		assert_eq!(EnsureRegistrar::<Test>::try_origin(signed(100)).ok(), Some(NORTH));
		assert_eq!(System::providers(&account(50)), 1);
		assert_eq!(RegistrarKeys::<Test>::get(account(50)).unwrap().version, 1);
		assert_eq!(Appointments::<Test>::get(WEST).len(), 0);
		// Neither a controller nor any other account is a registrar.
		for origin in [signed(3), signed(51), council(), RuntimeOrigin::root()] {
			assert!(EnsureRegistrar::<Test>::try_origin(origin).is_err());
		}
	});
}

#[test]
fn no_account_becomes_a_registrar_without_its_own_signature() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		for other in [signed(3), signed(103), signed(51)] {
			assert_noop!(
				Consortium::accept_appointment(other, WEST, 1, x_wing_key(7)),
				Error::<Test>::NotAppointed
			);
		}
		for origin in [council(), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(
				Consortium::accept_appointment(origin, WEST, 1, x_wing_key(7)),
				sp_runtime::traits::BadOrigin
			);
		}
		assert_eq!(RegistrarOf::<Test>::get(account(50)), None);
	});
}

#[test]
fn account_accepts_only_the_hospital_that_appointed_it() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		assert_noop!(
			Consortium::accept_appointment(signed(50), NORTH, 1, x_wing_key(7)),
			Error::<Test>::NotAppointed
		);
		// Another hospital's appointment neither replaces this one nor keeps it from being accepted.
		assert_ok!(Consortium::appoint_registrar(signed(0), account(50)));
		assert_ok!(Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)));
		assert_noop!(
			Consortium::accept_appointment(signed(50), NORTH, 1, x_wing_key(7)),
			Error::<Test>::AlreadyRegistrar
		);
		// After resigning, the other one is still there.
		assert_ok!(Consortium::resign(signed(50)));
		assert_ok!(Consortium::accept_appointment(signed(50), NORTH, 1, x_wing_key(7)));
	});
}

#[test]
fn appointments_expire_and_are_prolonged() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		System::set_block_number(5);
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		assert_eq!(Appointments::<Test>::get(WEST).len(), 1);
		System::set_block_number(15);
		for call in [
			Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)),
			Consortium::withdraw_appointment(signed(3), account(50)),
		] {
			assert_eq!(call, Err(Error::<Test>::NotAppointed.into()));
		}
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		System::set_block_number(24);
		assert_ok!(Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)));
	});
}

#[test]
fn withdrawn_appointment_cannot_be_accepted() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		assert_noop!(
			Consortium::withdraw_appointment(signed(0), account(50)),
			Error::<Test>::NotAppointed
		);
		assert_ok!(Consortium::withdraw_appointment(signed(3), account(50)));
		let event = Event::AppointmentWithdrawn { hospital: WEST, registrar: account(50) };
		assert_eq!(last_event(), event);
		assert_noop!(
			Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)),
			Error::<Test>::NotAppointed
		);
	});
}

#[test]
fn a_hospital_has_so_many_appointments_and_no_more_until_some_expire() {
	consortium(|| {
		for n in 50..53 {
			assert_ok!(Consortium::appoint_registrar(signed(3), account(n)));
		}
		assert_noop!(
			Consortium::appoint_registrar(signed(3), account(53)),
			Error::<Test>::MaxAppointmentsExceeded
		);
		assert_ok!(Consortium::appoint_registrar(signed(0), account(53)));
		System::set_block_number(11);
		assert_ok!(Consortium::appoint_registrar(signed(3), account(53)));
		assert_eq!(Appointments::<Test>::get(WEST).len(), 1);
	});
}

#[test]
fn registrars_keys_are_checked_like_all_others() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		let short = PublicKey::try_from(vec![7; 1_215]).unwrap();
		// All ones: each coefficient is 4,095, above the modulus.
		for (suite, key, why) in [
			(2, x_wing_key(7), Error::<Test>::UnknownSuite),
			(1, short, Error::<Test>::InvalidKeyLength),
			(1, x_wing_key(0xff), Error::<Test>::InvalidKey),
		] {
			let accepting = Consortium::accept_appointment(signed(50), WEST, suite, key.clone());
			assert_eq!(accepting, Err(why.into()));
			let setting = Consortium::set_registrar_key(signed(103), 1, suite, key);
			assert_eq!(setting, Err(accepting.unwrap_err()));
		}
		assert_eq!(RegistrarOf::<Test>::get(account(50)), None);
	});
}

#[test]
fn registrars_of_the_genesis_publish_their_keys_and_replace_them() {
	consortium(|| {
		for version in [1, 2] {
			let set =
				|version| Consortium::set_registrar_key(signed(103), version, 1, x_wing_key(7));
			for wrong in [version - 1, version + 1] {
				assert_noop!(set(wrong), Error::<Test>::StaleVersion);
			}
			assert_ok!(set(version));
			assert_eq!(last_event(), Event::RegistrarKeySet { registrar: account(103), version });
			assert_eq!(RegistrarKeys::<Test>::get(account(103)).unwrap().version, version);
		}
		for other in [signed(3), signed(99)] {
			assert_noop!(
				Consortium::set_registrar_key(other, 1, 1, x_wing_key(7)),
				Error::<Test>::NotRegistrar
			);
		}
	});
}

#[test]
fn removed_registrar_speaks_for_nobody() {
	consortium(|| {
		assert_ok!(Consortium::set_registrar_key(signed(103), 1, 1, x_wing_key(7)));
		assert_ok!(Consortium::remove_registrar(signed(3), account(103)));
		assert_eq!(
			last_event(),
			Event::RegistrarRemoved { hospital: WEST, registrar: account(103) }
		);
		assert!(EnsureRegistrar::<Test>::try_origin(signed(103)).is_err());
		assert!(!RegistrarKeys::<Test>::contains_key(account(103)));
		assert_noop!(
			Consortium::remove_registrar(signed(3), account(103)),
			Error::<Test>::NotRegistrar
		);
		// Another hospital may take it on.
		joins(103, 0);
	});
}

#[test]
fn registrars_resign() {
	consortium(|| {
		assert_ok!(Consortium::resign(signed(103)));
		assert_eq!(
			last_event(),
			Event::RegistrarRemoved { hospital: WEST, registrar: account(103) }
		);
		assert!(EnsureRegistrar::<Test>::try_origin(signed(103)).is_err());
		for other in [signed(103), signed(3), signed(99)] {
			assert_noop!(Consortium::resign(other), Error::<Test>::NotRegistrar);
		}
	});
}

#[test]
fn registrars_belong_to_one_hospital() {
	consortium(|| {
		assert_noop!(
			Consortium::appoint_registrar(signed(3), account(103)),
			Error::<Test>::AlreadyRegistrar
		);
		assert_ok!(Consortium::appoint_registrar(signed(0), account(103)));
		assert_noop!(
			Consortium::accept_appointment(signed(103), NORTH, 1, x_wing_key(7)),
			Error::<Test>::AlreadyRegistrar
		);
		assert_noop!(
			Consortium::remove_registrar(signed(0), account(103)),
			Error::<Test>::NotRegistrar
		);
	});
}

#[test]
fn only_controllers_appoint_and_remove() {
	consortium(|| {
		for other in [signed(103), signed(99)] {
			assert_noop!(
				Consortium::appoint_registrar(other.clone(), account(50)),
				Error::<Test>::NotController
			);
			assert_noop!(
				Consortium::withdraw_appointment(other.clone(), account(50)),
				Error::<Test>::NotController
			);
			assert_noop!(
				Consortium::remove_registrar(other, account(103)),
				Error::<Test>::NotController
			);
		}
	});
}

#[test]
fn a_hospital_has_so_many_registrars_and_no_more() {
	consortium(|| {
		for n in 50..53 {
			joins(n, 3);
		}
		assert_ok!(Consortium::appoint_registrar(signed(3), account(53)));
		assert_noop!(
			Consortium::accept_appointment(signed(53), WEST, 1, x_wing_key(7)),
			Error::<Test>::MaxRegistrarsExceeded
		);
	});
}

#[test]
fn expelled_hospital_has_no_appointments_left() {
	consortium(|| {
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_noop!(
			Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7)),
			Error::<Test>::NotAppointed
		);
	});
}
