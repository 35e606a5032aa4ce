use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::EnsureOrigin};

#[test]
fn registrar_speaks_for_the_hospital_that_added_it() {
	consortium(|| {
		assert_ok!(Consortium::add_registrar(signed(3), account(50)));
		assert_eq!(last_event(), Event::RegistrarAdded { hospital: WEST, registrar: account(50) });
		assert_eq!(EnsureRegistrar::<Test>::try_origin(signed(50)).ok(), Some(WEST));
		assert_eq!(EnsureRegistrar::<Test>::try_origin(signed(100)).ok(), Some(NORTH));
		assert_eq!(System::providers(&account(50)), 1);
		// Neither a controller nor any other account is a registrar.
		for origin in [signed(3), signed(51), council(), RuntimeOrigin::root()] {
			assert!(EnsureRegistrar::<Test>::try_origin(origin).is_err());
		}
	});
}

#[test]
fn removed_registrar_speaks_for_nobody() {
	consortium(|| {
		assert_ok!(Consortium::remove_registrar(signed(3), account(103)));
		assert_eq!(
			last_event(),
			Event::RegistrarRemoved { hospital: WEST, registrar: account(103) }
		);
		assert!(EnsureRegistrar::<Test>::try_origin(signed(103)).is_err());
		assert_noop!(
			Consortium::remove_registrar(signed(3), account(103)),
			Error::<Test>::NotRegistrar
		);
		// Another hospital may take it on.
		assert_ok!(Consortium::add_registrar(signed(0), account(103)));
	});
}

#[test]
fn registrars_belong_to_one_hospital() {
	consortium(|| {
		for adder in [0, 3] {
			assert_noop!(
				Consortium::add_registrar(signed(adder), account(103)),
				Error::<Test>::AlreadyRegistrar
			);
		}
		assert_noop!(
			Consortium::remove_registrar(signed(0), account(103)),
			Error::<Test>::NotRegistrar
		);
	});
}

#[test]
fn only_controllers_add_and_remove() {
	consortium(|| {
		for other in [signed(103), signed(99)] {
			assert_noop!(
				Consortium::add_registrar(other.clone(), account(50)),
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
			assert_ok!(Consortium::add_registrar(signed(3), account(n)));
		}
		assert_noop!(
			Consortium::add_registrar(signed(3), account(53)),
			Error::<Test>::MaxRegistrarsExceeded
		);
	});
}
