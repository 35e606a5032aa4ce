//! What abuse of free transactions gets: accounts whose registration was rejected, and the registrars of one
//! hospital.

use crate::common::*;
use codec::Encode;
use frame_support::{
	assert_ok,
	dispatch::{GetDispatchInfo, PostDispatchInfo},
};
use medblock_primitives::{
	DoctorId, HospitalId, KeyForDoctor, PatientId, Role, Roles, Rotation, SealedKey,
};
use medblock_runtime::{AccountId, FairUse, Runtime, RuntimeCall, RuntimeOrigin, System};
use pallet_medical_records::{Call, PatientOf};
use sp_keyring::Sr25519Keyring::{AliceStash, Ferdie};
use sp_runtime::{
	traits::DispatchTransaction,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// A call of more than 31 kB, which fails unless a patient makes it.
fn large() -> RuntimeCall {
	let key = SealedKey(vec![1; 1_169].try_into().unwrap());
	let sealed = KeyForDoctor { doctor: DoctorId(0), key_version: 1, key };
	let sealed = vec![sealed; 25].try_into().unwrap();
	let rotation = Rotation { epoch: 2, keys: chart_keys(), sealed };
	Call::rotate_chart_key { rotation }.into()
}

#[test]
fn rejected_account_sends_no_large_calls_that_fail() {
	local().execute_with(|| {
		block(1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		let reject = Call::reject_patient { patient };
		assert_ok!(apply(signed(AliceStash, 0, reject)).unwrap());
		let transaction = signed(Ferdie, 1, large());
		assert!(transaction.encoded_size() > 31_000);
		let refused = TransactionValidityError::Invalid(InvalidTransaction::Call);
		assert_eq!(submit(transaction.clone()).unwrap_err(), refused);
		assert_eq!(apply(transaction).unwrap_err(), refused);
	});
}

#[test]
fn sixty_eight_registrars_of_one_hospital_fill_no_blocks() {
	/// The microseconds of a block that ordinary transactions may take.
	const BLOCK: u64 = 375_000;
	local().execute_with(|| {
		let registrars: Vec<AccountId> = (0..68).map(|number| [number; 32].into()).collect();
		for who in &registrars {
			pallet_consortium::RegistrarOf::<Runtime>::insert(who, HospitalId(0));
			FairUse::gained(who, Role::Registrar);
		}
		let call: RuntimeCall = Call::verify_patient { patient: PatientId(0) }.into();
		let info = call.get_dispatch_info();
		let sends = |who: &AccountId| {
			let extension = pallet_fair_use::FairUse::<Runtime>(System::account_nonce(who));
			let origin = RuntimeOrigin::signed(who.clone());
			let length = call.encoded_size() + 110;
			extension
				.test_run(origin, &call, &info, length, 0, |_| Ok(PostDispatchInfo::default()))
				.is_ok()
		};
		for number in 1..100 {
			block(number);
			let mut taken = 0;
			for who in &registrars {
				while taken < BLOCK && sends(who) {
					taken += info.total_weight().ref_time() / 1_000_000;
				}
			}
			assert!(taken <= BLOCK / 8, "{taken} of {BLOCK} microseconds of block {number}");
		}
	});
}
