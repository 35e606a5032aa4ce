//! Blocks of slots shorter than a second.

use crate::{mock::*, *};
use frame_support::{
	dispatch::DispatchClass,
	traits::{Get, Hooks},
};
use frame_system::limits::{BlockLength, BlockWeights};

fn with_slots_of(milliseconds: u64, test: impl FnOnce()) {
	consortium(|| {
		ConsortiumSettings::<Test>::mutate(|settings| settings.slot_duration = milliseconds);
		frame_system::BlockWeight::<Test>::kill();
		frame_system::BlockSize::<Test>::kill();
		test();
	});
}

/// The picoseconds of work of both classes, and the bytes, that a block is charged with as it begins.
fn used_at_the_beginning(slot: u64) -> (u64, u64, u32) {
	let mut used = (0, 0, 0);
	with_slots_of(slot, || {
		Consortium::on_initialize(1);
		let weight = System::block_weight();
		used = (
			weight.get(DispatchClass::Normal).ref_time(),
			weight.get(DispatchClass::Operational).ref_time(),
			System::block_size(),
		);
	});
	used
}

#[test]
fn block_of_a_short_slot_begins_with_a_part_used() {
	let weights: BlockWeights = <Test as frame_system::Config>::BlockWeights::get();
	let ordinary = weights.get(DispatchClass::Normal).max_total.expect("a limit").ref_time();
	let all = weights.max_block.ref_time();
	let lengths: BlockLength = <Test as frame_system::Config>::BlockLength::get();
	let bytes = *lengths.max.get(DispatchClass::Normal);
	assert_eq!(
		used_at_the_beginning(500),
		(ordinary / 2, all / 2 - ordinary / 2, bytes.div_ceil(2))
	);
	let (of_ordinary, others, size) = used_at_the_beginning(200);
	assert_eq!(of_ordinary + others, all / 10 * 8, "a fifth is left");
	assert!(size > bytes / 10 * 7 && size < bytes);
	for full in [1_000, 2_000, 6_000] {
		assert_eq!(used_at_the_beginning(full), (0, 0, 0), "{full} ms");
	}
}

/// Two weeks are two weeks.
#[test]
fn appointment_lasts_as_long_with_short_slots() {
	for (slot, blocks) in [(200, 50), (500, 20), (1_000, 10), (2_000, 10)] {
		with_slots_of(slot, || {
			assert_eq!(Consortium::stretched(10), blocks, "{slot} ms");
			let before = System::block_number();
			Consortium::appoint_registrar(controller(NORTH), account(77)).unwrap();
			let appointment = Consortium::appointment(NORTH, &account(77));
			assert_eq!(appointment, Some(before + blocks), "{slot} ms");
		});
	}
}
