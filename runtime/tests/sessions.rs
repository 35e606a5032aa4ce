//! The block that ends a session takes transactions like any other.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use frame_support::{
	assert_ok,
	dispatch::DispatchClass,
	traits::{Get, OnInitialize},
};
use medblock_primitives::DoctorId;
use medblock_runtime::{AllPalletsWithSystem, Runtime, Session, System};
use pallet_consortium::WeightInfo as _;
use pallet_medical_records::{Call, PatientOf};
use sp_keyring::Sr25519Keyring::{AliceStash, Ferdie};

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
