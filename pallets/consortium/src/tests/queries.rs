//! The answers to clients.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_consortium_runtime_api::{AppointmentInfo, ProfileKeyInfo, SeatStatus};

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
		joins(50, 3);
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

/// It pays for what the account sends: another hospital must not be able to use that up.
#[test]
fn controller_acts_for_the_own_hospital_though_a_registrar_of_another() {
	consortium(|| {
		assert_eq!(Consortium::acting_for(&account(103)), Some(WEST));
		assert_eq!(Consortium::acting_for(&account(3)), Some(WEST));
		joins(3, 0);
		assert_eq!(Consortium::registrar_of(&account(3)), Some(NORTH));
		assert_eq!(Consortium::acting_for(&account(3)), Some(WEST));
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_eq!(Consortium::acting_for(&account(3)), Some(NORTH));
		assert_eq!(Consortium::acting_for(&account(99)), None);
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

#[test]
fn registrars_are_listed_with_their_keys_and_what_they_hold() {
	consortium(|| {
		joins(50, 3);
		publishes(50, WEST, &[50]);
		joins(51, 3);
		let listed: Vec<_> = Consortium::registrars(WEST)
			.into_iter()
			.map(|one| (one.account, one.key.map(|key| key.version), one.holds_profile_key))
			.collect();
		let expected = [
			(account(50), Some(1), true),
			(account(51), Some(1), false),
			(account(103), None, false),
		];
		assert_eq!(listed, expected);
		// A secret that is sealed to the key before is none.
		assert_ok!(Consortium::set_registrar_key(signed(50), 2, 1, x_wing_key(8)));
		assert!(!Consortium::registrars(WEST)[0].holds_profile_key);
		assert!(Consortium::registrars(FIFTH).is_empty());
	});
}

#[test]
fn appointments_are_told_to_hospital_and_account_until_they_expire() {
	consortium(|| {
		for controller in [0, 3] {
			assert_ok!(Consortium::appoint_registrar(signed(controller), account(50)));
		}
		let by = |hospital| AppointmentInfo { hospital, registrar: account(50), until: 11 };
		assert_eq!(Consortium::appointments_of(&account(50)), [by(NORTH), by(WEST)]);
		assert_eq!(Consortium::appointments(WEST), [by(WEST)]);
		assert!(Consortium::appointments_of(&account(51)).is_empty());
		System::set_block_number(11);
		assert!(Consortium::appointments_of(&account(50)).is_empty());
		assert!(Consortium::appointments(WEST).is_empty());
	});
}

#[test]
fn profile_key_and_its_versions_are_told_as_they_are_stored() {
	consortium(|| {
		let none = ProfileKeyInfo { key: None, holders: 0, due: false };
		assert_eq!(Consortium::profile_key(WEST), none);
		assert!(Consortium::profile_key_versions(WEST, None, 10).items.is_empty());
		joins(50, 3);
		for _ in 1..=3 {
			publishes(50, WEST, &[50]);
		}
		let third = EncryptionKey::new(1, x_wing_key(3), 3).ok();
		let told = ProfileKeyInfo { key: third, holders: 1, due: false };
		assert_eq!(Consortium::profile_key(WEST), told);
		let page = Consortium::profile_key_versions(WEST, None, 2);
		let previous: Vec<_> =
			page.items.iter().map(|(version, link)| (*version, link.previous.is_some())).collect();
		assert_eq!((previous, page.next), (vec![(1, false), (2, true)], Some(2)));
		let page = Consortium::profile_key_versions(WEST, Some(2), 2);
		assert_eq!((page.items[0].0, page.next), (3, None));
		let digest = sp_io::hashing::sha2_256(&x_wing_key(3));
		assert_eq!(page.items[0].1.key_digest, digest);

		let held = Consortium::held_profile_key(&account(50)).unwrap();
		assert_eq!((held.hospital, held.version, held.key_version), (WEST, 3, 1));
		assert_eq!(held.key, sealed(50));
		assert_eq!(Consortium::held_profile_key(&account(103)), None);
		assert_eq!(Consortium::held_profile_key(&account(1)), None);
	});
}
