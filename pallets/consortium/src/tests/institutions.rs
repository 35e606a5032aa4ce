use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

fn blood() -> Institution {
	let kind = InstitutionKind::Laboratory;
	Institution { hospital: WEST, kind, name: name("Blood"), open: true }
}

#[test]
fn hospital_has_institutions_and_they_their_operators() {
	consortium(|| {
		let kind = InstitutionKind::Laboratory;
		assert_ok!(Consortium::add_institution(signed(3), kind, name("Blood")));
		let institution = InstitutionId(0);
		assert_eq!(last_event(), Event::InstitutionAdded { institution, hospital: WEST, kind });
		assert_eq!(Institutions::<Test>::get(institution), Some(blood()));
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(50)));
		let event = Event::OperatorAppointed { institution, operator: account(50), until: 11 };
		assert_eq!(last_event(), event);
		assert_eq!(Consortium::operator_of(&account(50)), None);
		assert_ok!(Consortium::join_institution(signed(50), institution));
		assert_eq!(last_event(), Event::OperatorAdded { institution, operator: account(50) });
		assert_eq!(Consortium::operator_of(&account(50)), Some(institution));
		assert_eq!(System::providers(&account(50)), 1);
		assert!(OperatorAppointments::<Test>::get(institution).is_empty());
	});
}

#[test]
fn hospital_pays_for_its_operators_as_long_as_the_institution_is_open() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		assert_eq!(Consortium::acting_for(&account(50)), Some(WEST));
		assert_eq!(Consortium::institution_hospital(institution), Some(WEST));
		assert_ok!(Consortium::close_institution(signed(3), institution));
		assert_eq!(Consortium::acting_for(&account(50)), None);
		assert_eq!(Consortium::institution_hospital(institution), None);
	});
}

#[test]
fn no_account_becomes_an_operator_without_its_own_signature() {
	consortium(|| {
		let institution = laboratory(3);
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(50)));
		for other in [signed(3), signed(103), signed(51)] {
			assert_noop!(
				Consortium::join_institution(other, institution),
				Error::<Test>::NotAppointed
			);
		}
		for origin in [council(), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Consortium::join_institution(origin, institution), BadOrigin);
		}
		assert_eq!(OperatorOf::<Test>::get(account(50)), None);
	});
}

#[test]
fn only_the_hospitals_controller_decides_about_its_institutions() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		let kind = InstitutionKind::Imaging;
		// Neither a registrar, nor an operator, nor a stranger.
		for other in [signed(103), signed(50), signed(99)] {
			assert_noop!(
				Consortium::add_institution(other.clone(), kind, name("X-rays")),
				Error::<Test>::NotController
			);
			assert_noop!(
				Consortium::close_institution(other.clone(), institution),
				Error::<Test>::NotController
			);
			assert_noop!(
				Consortium::appoint_operator(other.clone(), institution, account(51)),
				Error::<Test>::NotController
			);
			assert_noop!(
				Consortium::remove_operator(other, institution, account(50)),
				Error::<Test>::NotController
			);
		}
		for origin in [council(), RuntimeOrigin::root()] {
			assert_noop!(Consortium::add_institution(origin, kind, name("X-rays")), BadOrigin);
		}
	});
}

#[test]
fn another_hospitals_controller_has_no_say() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		assert_noop!(
			Consortium::close_institution(signed(0), institution),
			Error::<Test>::OtherHospital
		);
		assert_noop!(
			Consortium::appoint_operator(signed(0), institution, account(51)),
			Error::<Test>::OtherHospital
		);
		assert_noop!(
			Consortium::remove_operator(signed(0), institution, account(50)),
			Error::<Test>::OtherHospital
		);
	});
}

#[test]
fn unknown_and_closed_institutions_are_not_found() {
	consortium(|| {
		let closed = laboratory(3);
		assert_ok!(Consortium::close_institution(signed(3), closed));
		for institution in [closed, InstitutionId(9)] {
			assert_noop!(
				Consortium::close_institution(signed(3), institution),
				Error::<Test>::InstitutionNotFound
			);
			assert_noop!(
				Consortium::appoint_operator(signed(3), institution, account(50)),
				Error::<Test>::InstitutionNotFound
			);
			assert_noop!(
				Consortium::remove_operator(signed(3), institution, account(50)),
				Error::<Test>::InstitutionNotFound
			);
		}
	});
}

#[test]
fn names_of_institutions_are_printable() {
	consortium(|| {
		let kind = InstitutionKind::RecordsDepartment;
		let long = "ä".repeat(65);
		for wrong in ["", "  ", "a\nb", "a\u{202e}b", &long] {
			assert_noop!(
				Consortium::add_institution(signed(3), kind, name(wrong)),
				Error::<Test>::InvalidName
			);
		}
		assert_ok!(Consortium::add_institution(signed(3), kind, name(&"ä".repeat(64))));
	});
}

#[test]
fn a_hospital_has_so_many_open_institutions_and_no_more() {
	consortium(|| {
		let first = laboratory(3);
		laboratory(3);
		laboratory(3);
		let kind = InstitutionKind::Imaging;
		assert_noop!(
			Consortium::add_institution(signed(3), kind, name("X-rays")),
			Error::<Test>::MaxInstitutionsExceeded
		);
		// Another hospital's do not count, and closed ones do not.
		laboratory(0);
		assert_ok!(Consortium::close_institution(signed(3), first));
		assert_eq!(laboratory(3), InstitutionId(4));
	});
}

#[test]
fn there_are_no_more_institutions_than_ids() {
	consortium(|| {
		NextInstitution::<Test>::put(InstitutionId(u32::MAX));
		let kind = InstitutionKind::Imaging;
		assert_noop!(
			Consortium::add_institution(signed(3), kind, name("X-rays")),
			Error::<Test>::MaxInstitutionsExceeded
		);
	});
}

#[test]
fn an_institution_has_so_many_operators_and_no_more() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		operates(51, institution, 3);
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(52)));
		assert_noop!(
			Consortium::join_institution(signed(52), institution),
			Error::<Test>::MaxOperatorsExceeded
		);
		assert_ok!(Consortium::remove_operator(signed(3), institution, account(50)));
		assert_ok!(Consortium::join_institution(signed(52), institution));
	});
}

#[test]
fn an_institution_has_so_many_appointments_and_no_more_until_some_expire() {
	consortium(|| {
		let institution = laboratory(3);
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(50)));
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(51)));
		assert_noop!(
			Consortium::appoint_operator(signed(3), institution, account(52)),
			Error::<Test>::MaxAppointmentsExceeded
		);
		System::set_block_number(11);
		for expired in [50, 51] {
			assert_noop!(
				Consortium::join_institution(signed(expired), institution),
				Error::<Test>::NotAppointed
			);
		}
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(52)));
		assert_eq!(OperatorAppointments::<Test>::get(institution).len(), 1);
	});
}

#[test]
fn operators_belong_to_one_institution() {
	consortium(|| {
		let (blood, tissue, north) = (laboratory(3), laboratory(3), laboratory(0));
		operates(50, blood, 3);
		assert_noop!(
			Consortium::appoint_operator(signed(3), blood, account(50)),
			Error::<Test>::AlreadyOperator
		);
		for (controller, other) in [(3, tissue), (0, north)] {
			assert_ok!(Consortium::appoint_operator(signed(controller), other, account(50)));
			assert_noop!(
				Consortium::join_institution(signed(50), other),
				Error::<Test>::AlreadyOperator
			);
		}
		// After leaving, the offers are still there.
		assert_ok!(Consortium::leave_institution(signed(50)));
		assert_ok!(Consortium::join_institution(signed(50), north));
		assert_eq!(Consortium::acting_for(&account(50)), Some(NORTH));
	});
}

#[test]
fn operators_are_removed_and_leave() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		operates(51, institution, 3);
		assert_ok!(Consortium::remove_operator(signed(3), institution, account(50)));
		assert_eq!(last_event(), Event::OperatorRemoved { institution, operator: account(50) });
		assert_ok!(Consortium::leave_institution(signed(51)));
		assert_eq!(last_event(), Event::OperatorRemoved { institution, operator: account(51) });
		assert!(!Operators::<Test>::contains_key(institution));
		for other in [signed(50), signed(51), signed(3), signed(99)] {
			assert_noop!(Consortium::leave_institution(other), Error::<Test>::NotOperator);
		}
		assert_noop!(
			Consortium::remove_operator(signed(3), institution, account(50)),
			Error::<Test>::NotOperator
		);
		assert_noop!(Consortium::leave_institution(RuntimeOrigin::root()), BadOrigin);
	});
}

#[test]
fn withdrawn_appointment_of_an_operator_cannot_be_accepted() {
	consortium(|| {
		let institution = laboratory(3);
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(50)));
		assert_ok!(Consortium::remove_operator(signed(3), institution, account(50)));
		let event = Event::OperatorAppointmentWithdrawn { institution, operator: account(50) };
		assert_eq!(last_event(), event);
		assert_noop!(
			Consortium::join_institution(signed(50), institution),
			Error::<Test>::NotAppointed
		);
	});
}

#[test]
fn closed_institution_keeps_its_name_and_nothing_else() {
	consortium(|| {
		let institution = laboratory(3);
		operates(50, institution, 3);
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(51)));
		assert_ok!(Consortium::close_institution(signed(3), institution));
		assert_eq!(last_event(), Event::InstitutionClosed { institution });
		let closed = Institution { open: false, ..blood() };
		assert_eq!(Institutions::<Test>::get(institution), Some(closed));
		assert!(!InstitutionsOf::<Test>::contains_key(WEST));
		assert_eq!(Consortium::operator_of(&account(50)), None);
		assert_noop!(
			Consortium::join_institution(signed(51), institution),
			Error::<Test>::NotAppointed
		);
	});
}

#[test]
fn expelled_hospitals_institutions_stay_closed() {
	consortium(|| {
		let (blood, tissue) = (laboratory(3), laboratory(3));
		operates(50, blood, 3);
		operates(51, tissue, 3);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		for institution in [blood, tissue] {
			assert!(events().contains(&Event::InstitutionClosed { institution }));
			assert_eq!(Consortium::institution_hospital(institution), None);
		}
		assert_eq!(Consortium::acting_for(&account(50)), None);
		pass_sessions(2);
		assert_ok!(Consortium::readmit_hospital(council(), WEST, account(60)));
		assert_eq!(Consortium::operator_of(&account(50)), None);
		assert_noop!(
			Consortium::appoint_operator(signed(60), blood, account(50)),
			Error::<Test>::InstitutionNotFound
		);
		// The account can work for another one.
		operates(50, laboratory(60), 60);
	});
}

#[test]
fn institutions_and_their_operators_can_be_read() {
	consortium(|| {
		let (blood, rays) = (laboratory(3), laboratory(0));
		operates(50, blood, 3);
		assert_ok!(Consortium::appoint_operator(signed(3), blood, account(51)));
		assert_ok!(Consortium::close_institution(signed(0), rays));
		let page = Consortium::institutions(None, 1);
		assert_eq!(page.items, [Consortium::institution(blood).unwrap()]);
		assert_eq!(page.next, Some(blood));
		let page = Consortium::institutions(page.next, 9);
		assert_eq!((page.items.len(), page.next), (1, None));
		assert!(!page.items[0].open);
		let found = Consortium::institution(blood).unwrap();
		assert_eq!((found.hospital, found.name.as_slice()), (WEST, &b"Blood"[..]));
		assert!(Consortium::operators(NORTH).is_empty());
		let staff = Consortium::operators(WEST);
		assert_eq!((staff.len(), staff[0].institution), (1, blood));
		assert_eq!(staff[0].operators, [account(50)]);
		assert_eq!(staff[0].appointed, [(account(51), 11)]);
		assert_eq!(Consortium::operator_appointment(blood, &account(51)), Some(11));
		System::set_block_number(11);
		assert!(Consortium::operators(WEST)[0].appointed.is_empty());
		assert_eq!(Consortium::operator_appointment(blood, &account(51)), None);
	});
}
