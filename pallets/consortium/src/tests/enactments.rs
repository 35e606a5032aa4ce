use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

fn call(call: frame_system::Call<Test>) -> Box<RuntimeCall> {
	Box::new(RuntimeCall::System(call))
}

fn at_once() -> Box<RuntimeCall> {
	call(frame_system::Call::set_heap_pages { pages: 9 })
}

fn later() -> Box<RuntimeCall> {
	call(frame_system::Call::set_storage { items: vec![] })
}

/// Decided in block 1, at second 1; due after five blocks.
fn delayed(enactment: u32) -> Event<Test> {
	Event::EnactmentDelayed { enactment, due: 6, void_at: 6_000 + 14 * DAY }
}

#[test]
fn call_within_the_councils_powers_is_made_as_root() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), at_once()));
		assert_eq!(last_event(), Event::Enacted { enactment: None });
		let heap_pages = sp_core::storage::well_known_keys::HEAP_PAGES;
		assert!(frame_support::storage::unhashed::exists(heap_pages));
	});
}

#[test]
fn calls_outside_the_councils_powers_are_refused() {
	consortium(|| {
		let items = vec![(b"key".to_vec(), b"value".to_vec())];
		for forbidden in [
			call(frame_system::Call::set_storage { items }),
			call(frame_system::Call::kill_storage { keys: vec![] }),
			call(frame_system::Call::kill_prefix { prefix: vec![], subkeys: 1 }),
			call(frame_system::Call::set_code { code: vec![] }),
			Box::new(RuntimeCall::Consortium(Call::enact { call: at_once() })),
		] {
			assert_noop!(
				Consortium::enact(council(), forbidden),
				Error::<Test>::NotInCouncilPowers
			);
		}
	});
}

#[test]
fn only_two_thirds_of_the_council_enact() {
	consortium(|| {
		for origin in [half_the_council(), signed(0), RuntimeOrigin::root()] {
			assert_noop!(Consortium::enact(origin.clone(), at_once()), BadOrigin);
			assert_noop!(Consortium::call_off(origin, 0), BadOrigin);
		}
	});
}

#[test]
fn failed_call_is_the_enactments_failure() {
	consortium(|| {
		// Root is not a signed origin.
		let remark = call(frame_system::Call::remark { remark: vec![] });
		assert_ok!(Consortium::enact(council(), remark));
		let with_event = call(frame_system::Call::remark_with_event { remark: vec![] });
		assert_ok!(Consortium::enact(council(), with_event));
		System::set_block_number(6);
		assert_noop!(Consortium::carry_out(signed(0), 0), BadOrigin);
	});
}

#[test]
fn grave_decision_waits_and_is_then_carried_out_by_any_hospital() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		assert_eq!(last_event(), delayed(0));
		System::set_block_number(5);
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentNotDue);
		System::set_block_number(6);
		assert_noop!(Consortium::carry_out(signed(99), 0), Error::<Test>::NotController);
		assert_noop!(Consortium::carry_out(council(), 0), BadOrigin);
		assert_ok!(Consortium::carry_out(signed(2), 0));
		assert_eq!(last_event(), Event::Enacted { enactment: Some(0) });
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentNotFound);
	});
}

#[test]
fn council_calls_a_waiting_decision_off() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		assert_ok!(Consortium::call_off(council(), 0));
		assert_eq!(last_event(), Event::EnactmentCalledOff { enactment: 0 });
		assert_noop!(Consortium::call_off(council(), 0), Error::<Test>::EnactmentNotFound);
		System::set_block_number(6);
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentNotFound);
	});
}

#[test]
fn only_so_many_decisions_wait() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		assert_ok!(Consortium::enact(council(), later()));
		assert_noop!(Consortium::enact(council(), later()), Error::<Test>::MaxPendingExceeded);
		assert_ok!(Consortium::call_off(council(), 1));
		assert_ok!(Consortium::enact(council(), later()));
		assert_eq!(last_event(), delayed(2));
	});
}

#[test]
fn large_calls_cannot_wait() {
	consortium(|| {
		let large = call(frame_system::Call::remark_with_event { remark: vec![0; 600] });
		assert_noop!(Consortium::enact(council(), large), Error::<Test>::CallTooLarge);
	});
}

#[test]
fn call_that_an_upgrade_took_out_of_the_councils_powers_is_obsolete() {
	consortium(|| {
		let remark = call(frame_system::Call::remark_with_event { remark: vec![] });
		assert_ok!(Consortium::enact(council(), remark));
		assert_ok!(Consortium::enact(council(), later()));
		System::set_block_number(6);
		FORGOTTEN.set(true);
		assert_noop!(Consortium::carry_out(signed(0), 0), Error::<Test>::EnactmentObsolete);
		// Bytes that are no call any more.
		PendingEnactments::<Test>::mutate(1, |pending| {
			pending.as_mut().unwrap().call = vec![0xff; 3].try_into().unwrap();
		});
		assert_noop!(Consortium::carry_out(signed(0), 1), Error::<Test>::EnactmentObsolete);
		assert_ok!(Consortium::call_off(council(), 0));
		assert_ok!(Consortium::call_off(council(), 1));
	});
}

#[test]
fn decision_is_void_fourteen_days_after_it_was_due() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		assert_ok!(Consortium::enact(council(), later()));
		System::set_block_number(6);
		stands_still(14 * DAY - 1);
		assert_ok!(Consortium::carry_out(signed(2), 0));
		stands_still(1);
		assert_noop!(Consortium::carry_out(signed(2), 1), Error::<Test>::EnactmentVoid);
		assert_ok!(Consortium::call_off(council(), 1));
	});
}

/// A chain that stood still does not keep a forgotten decision alive, nor do its blocks end one.
#[test]
fn decision_ends_by_time_and_not_by_blocks() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		stands_still(15 * DAY);
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentNotDue);
		System::set_block_number(6);
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentVoid);
		assert_ok!(Consortium::enact(council(), later()));
		System::set_block_number(12 * 86_400);
		assert_ok!(Consortium::carry_out(signed(2), 1));
	});
}

/// However long the delay is, some days are left to carry the decision out.
#[test]
fn long_delay_does_not_make_a_decision_void() {
	consortium(|| {
		ConsortiumSettings::<Test>::mutate(|settings| settings.slot_duration = u64::MAX / 2);
		assert_eq!(Consortium::void_at(5), u64::MAX);
		assert_eq!(Consortium::void_at(0), 1_000 + 14 * DAY);
	});
}

#[test]
fn void_decisions_make_room_for_new_ones() {
	consortium(|| {
		assert_ok!(Consortium::enact(council(), later()));
		stands_still(DAY);
		assert_ok!(Consortium::enact(council(), later()));
		assert_noop!(Consortium::enact(council(), later()), Error::<Test>::MaxPendingExceeded);
		stands_still(13 * DAY + 5_000);
		assert_ok!(Consortium::enact(council(), later()));
		assert!(events().contains(&Event::EnactmentLapsed { enactment: 0 }));
		assert_eq!(PendingEnactments::<Test>::get(0), None);
		assert!(PendingEnactments::<Test>::contains_key(1));
		assert_eq!(PendingEnactments::<Test>::count(), 2);
	});
}
