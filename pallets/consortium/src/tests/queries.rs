//! The answers to clients.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_consortium_runtime_api::SeatStatus;

fn seat(hospital: HospitalId) -> SeatStatus {
	Consortium::hospital(hospital).expect("admitted").seat
}

#[test]
fn hospitals_come_in_pages_in_the_order_of_their_ids() {
	consortium(|| {
		let page = |after, limit| {
			let page = Consortium::hospitals(after, limit);
			(page.items.iter().map(|hospital| hospital.id).collect::<Vec<_>>(), page.next)
		};
		assert_eq!(page(None, 3), (vec![NORTH, EAST, SOUTH], Some(SOUTH)));
		assert_eq!(page(Some(SOUTH), 3), (vec![WEST], None));
		assert_eq!(page(None, 4), (vec![NORTH, EAST, SOUTH, WEST], None));
		assert_eq!(page(None, u32::MAX).0.len(), 4);
		assert_eq!(page(Some(HospitalId(u32::MAX)), 3), (vec![], None));
	});
}

#[test]
fn hospital_is_told_as_it_is_stored() {
	consortium(|| {
		assert_ok!(Consortium::set_registration_mode(signed(3), RegistrationMode::Closed));
		assert_ok!(Consortium::add_registrar(signed(3), account(50)));
		let west = Consortium::hospital(WEST).unwrap();
		assert_eq!((west.id, west.controller, west.registrars), (WEST, account(3), 2));
		assert_eq!(west.seat_account, Consortium::seat_account(WEST));
		assert_eq!(west.registration, RegistrationMode::Closed);
		assert_eq!(
			(&west.name[..], &west.gateway[..]),
			(&b"Hospital 3"[..], &b"https://vault3.example"[..])
		);
		assert_eq!(Consortium::hospital(FIFTH), None);
	});
}

#[test]
fn seat_is_told_from_admission_to_expulsion() {
	consortium(|| {
		assert_eq!(seat(WEST), SeatStatus::Seated);
		assert_ok!(Consortium::admit_hospital(
			council(),
			account(4),
			name("Fifth"),
			gateway("https://5.example")
		));
		assert_eq!(seat(FIFTH), SeatStatus::Keyless);
		set_keys(FIFTH);
		assert_eq!(seat(FIFTH), SeatStatus::Waiting);
		pass_sessions(2);
		assert_eq!(seat(FIFTH), SeatStatus::Seated);
		pass_sessions_with_silent(5, &[FIFTH]);
		assert_eq!(seat(FIFTH), SeatStatus::Benched);
		equivocates(EAST, Session::current_index());
		assert_eq!(seat(EAST), SeatStatus::Suspended);
		pass_sessions(3);
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_eq!(seat(FIFTH), SeatStatus::Expelled);
		assert_eq!(Consortium::hospital(FIFTH).unwrap().registrars, 0);
	});
}

#[test]
fn registrars_are_known_while_their_hospital_is_active() {
	consortium(|| {
		assert_eq!(Consortium::registrar_of(&account(103)), Some(WEST));
		assert_eq!(Consortium::registrar_of(&account(3)), None);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_eq!(Consortium::registrar_of(&account(103)), None);
	});
}
