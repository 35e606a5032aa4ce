//! The block that ends a session takes transactions like any other.

use crate::common::*;
use frame_support::{
	assert_ok,
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::OnInitialize,
};
use medblock_primitives::{
	DoctorId, Document, HospitalId, KeyForDoctor, MAX_BATCH, MAX_DESK_BATCH, MAX_GRANTS, Moment,
	NewRecord, PatientId, Rotation, SealedKey,
};
use medblock_runtime::{AllPalletsWithSystem, Runtime, RuntimeCall, Session, System};
use pallet_consortium::{ConsortiumSettings, WeightInfo as _};
use pallet_medical_records::{Call, PatientOf};
use sp_keyring::Sr25519Keyring::{AliceStash, Ferdie};
use sp_runtime::transaction_validity::InvalidTransaction;

/// The number of blocks in a session of the presets.
const SESSION: u32 = 60;

/// Begins a block as its author does.
fn begin(number: u32) {
	block(number);
	let weight = <AllPalletsWithSystem as OnInitialize<u32>>::on_initialize(number);
	System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
}

#[test]
fn block_that_ends_a_session_takes_revocations_and_ordinary_calls() {
	local().execute_with(|| {
		begin(SESSION - 1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		assert_ok!(apply(signed(AliceStash, 0, Call::verify_patient { patient })).unwrap());

		assert_eq!(Session::current_index(), 0);
		begin(SESSION);
		assert_eq!(Session::current_index(), 1);
		// Both get in. What comes of them is not the question.
		let doctors = vec![DoctorId(0)].try_into().unwrap();
		let revoke = apply(signed(Ferdie, 1, Call::revoke_access { doctors, rotation: None }));
		assert!(revoke.is_ok(), "{revoke:?}");
		let verify = apply(signed(AliceStash, 1, Call::verify_patient { patient }));
		assert!(verify.is_ok(), "{verify:?}");

		begin(SESSION + 1);
		assert_eq!(Session::current_index(), 1);
		begin(2 * SESSION);
		assert_eq!(Session::current_index(), 2);
	});
}

#[test]
fn end_of_a_session_leaves_ordinary_transactions_their_part_of_the_block() {
	local().execute_with(|| {
		begin(SESSION);
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let ordinary = limits.get(DispatchClass::Normal).max_total.unwrap();
		let used = System::block_weight().total().saturating_add(limits.base_block);
		let end = <Runtime as pallet_consortium::Config>::WeightInfo::end_session();
		assert!(used.all_gte(end), "{used} is declared, and the end of a session takes {end}");
		assert!(used.saturating_add(ordinary).all_lte(limits.max_block), "{used} is declared");
	});
}

/// The work for which a block has room as it begins, in picoseconds: of ordinary transactions, and in all.
fn room(slot: Moment) -> (u64, u64) {
	local().execute_with(|| {
		ConsortiumSettings::<Runtime>::mutate(|settings| settings.slot_duration = slot);
		begin(1);
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let ordinary = limits.get(DispatchClass::Normal).max_total.unwrap().ref_time();
		let used = System::block_weight();
		(
			ordinary - used.get(DispatchClass::Normal).ref_time(),
			limits.max_block.ref_time() - used.total().ref_time(),
		)
	})
}

#[test]
fn block_of_half_a_second_has_room_for_half_as_much() {
	let ((ordinary, all), (usual, usual_all)) = (room(500), room(1_000));
	assert_eq!(room(2_000), (usual, usual_all), "longer slots have no larger blocks");
	assert_eq!(ordinary, usual / 2);
	// What a block takes anyway, it takes in half the time, too.
	assert!(all < usual_all / 2 && all > ordinary, "{all} of {usual_all}");
}

/// What fits into a block of a second when half of it is used does not fit into one of half a second.
#[test]
fn full_block_of_a_short_slot_refuses_ordinary_calls() {
	for (slot, is_full) in [(1_000, false), (500, true)] {
		local().execute_with(|| {
			ConsortiumSettings::<Runtime>::mutate(|settings| settings.slot_duration = slot);
			begin(1);
			let limits = <Runtime as frame_system::Config>::BlockWeights::get();
			let ordinary = limits.get(DispatchClass::Normal).max_total.unwrap();
			let half = ordinary.div(2).set_proof_size(0);
			System::register_extra_weight_unchecked(half, DispatchClass::Normal);
			let registered = apply(signed(Ferdie, 0, register_patient(0)));
			match is_full {
				true => assert_eq!(registered, Err(InvalidTransaction::ExhaustsResources.into())),
				false => {
					assert_ok!(registered.unwrap());
				},
			}
		});
	}
}

/// No call may wait for ever because no block of a short slot has room for it.
#[test]
fn largest_batches_fit_into_a_block_of_half_a_second() {
	let (ordinary, _) = room(500);
	let patients = (0..MAX_DESK_BATCH).map(PatientId).collect::<Vec<_>>().try_into().unwrap();
	let doctors = vec![DoctorId(0); MAX_GRANTS as usize].try_into().unwrap();
	let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
	let new = NewRecord { document, in_reply_to: Some(0) };
	let records = vec![new; MAX_BATCH as usize].try_into().unwrap();
	let sealed = KeyForDoctor {
		doctor: DoctorId(0),
		key_version: 1,
		key: SealedKey(vec![1; 1_169].try_into().unwrap()),
	};
	let sealed = vec![sealed; MAX_GRANTS as usize].try_into().unwrap();
	let rotation = Some(Rotation { epoch: 2, keys: chart_keys(), sealed });
	let calls: [RuntimeCall; 3] = [
		Call::verify_patients { patients }.into(),
		Call::revoke_access { doctors, rotation }.into(),
		Call::add_records { sealed_to: 0, records, recipients: None }.into(),
	];
	for call in calls {
		let weight = call.get_dispatch_info().call_weight.ref_time();
		assert!(weight < ordinary / 2, "{weight} of {ordinary}: {call:?}");
	}
}
