//! A change of account, in whole transactions: the new account is a stranger until it takes over.

use crate::common::*;
use frame_support::{assert_ok, traits::Hooks, weights::Weight};
use medblock_primitives::{Capacity, ChangeStop, DoctorId, Moment, PatientId, Person};
use medblock_runtime::{FairUse, MedicalRecords, Runtime, RuntimeCall, RuntimeEvent, System};
use pallet_medical_records::{AccountDelay, Call, Event, PatientOf};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{
	MultiSignature,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

const START: Moment = 1_800_000_000_000;

fn revoke() -> RuntimeCall {
	let doctors = vec![DoctorId(7)].try_into().unwrap();
	Call::revoke_access { doctors, rotation: None }.into()
}

/// A patient who has asked that `new` take over.
fn changing(old: Sr25519Keyring, new: Sr25519Keyring) -> PatientId {
	block(1);
	pallet_timestamp::Now::<Runtime>::put(START);
	assert_ok!(apply(signed(old, 0, register_patient(0))).unwrap());
	let patient = PatientOf::<Runtime>::get(account(old)).unwrap();
	assert_ok!(apply(signed(AliceStash, 0, Call::verify_patient { patient })).unwrap());
	let person = Person::Patient(patient);
	let message = MedicalRecords::change_account_message(person, &account(old), &account(new));
	let proof = MultiSignature::from(new.sign(&message));
	let change =
		Call::<Runtime>::change_account { capacity: Capacity::Patient, new: account(new), proof };
	assert_ok!(apply(signed(old, 1, change)).unwrap());
	patient
}

/// A block, this long after the request, with time to spare.
fn later(time: Moment) {
	block(2);
	pallet_timestamp::Now::<Runtime>::put(START + time);
	MedicalRecords::on_idle(2, Weight::MAX);
}

fn delay() -> Moment {
	AccountDelay::<Runtime>::get()
}

#[test]
fn new_account_transacts_once_it_has_taken_over() {
	local().execute_with(|| {
		let patient = changing(Ferdie, Eve);
		let stranger = InvalidTransaction::Call;
		later(delay() - 1);
		let refused = submit(signed(Eve, 0, revoke())).unwrap_err();
		assert_eq!(refused, TransactionValidityError::Invalid(stranger));
		assert_ok!(apply(signed(Ferdie, 2, revoke())).unwrap());
		later(delay());
		assert_eq!(PatientOf::<Runtime>::get(account(Eve)), Some(patient));
		assert_ok!(submit(signed(Eve, 0, revoke())));
		assert_ok!(apply(signed(Eve, 0, revoke())).unwrap());
		// The old account is nobody, and may only register.
		let refused = submit(signed(Ferdie, 3, revoke())).unwrap_err();
		assert_eq!(refused, TransactionValidityError::Invalid(stranger));
		assert_ok!(submit(signed(Ferdie, 3, register_patient(0))));
	});
}

#[test]
fn registrar_stops_a_change_by_a_transaction() {
	local().execute_with(|| {
		let patient = changing(Ferdie, Eve);
		let person = Person::Patient(patient);
		let stop = || Call::stop_account_change { person };
		assert!(apply(signed(BobStash, 0, stop())).unwrap().is_err(), "another hospital's");
		assert_ok!(apply(signed(AliceStash, 1, stop())).unwrap());
		let stopped = Event::<Runtime>::AccountChangeStopped { person, why: ChangeStop::Refused };
		let stopped = RuntimeEvent::from(stopped);
		assert!(System::events().into_iter().any(|record| record.event == stopped));
		later(2 * delay());
		assert_eq!(PatientOf::<Runtime>::get(account(Ferdie)), Some(patient));
	});
}

/// A thief with the account's words asks that an account of the thief's take over, and then sends as much as
/// the account may, so that its owner can't stop it.
#[test]
fn owner_takes_a_change_back_however_much_a_thief_has_spent() {
	local().execute_with(|| {
		let patient = changing(Ferdie, Eve);
		let person = Person::Patient(patient);
		let left = FairUse::remaining(account(Ferdie)).left_for_revocation;
		frame_system::Account::<Runtime>::mutate(account(Ferdie), |found| {
			found.data.used += left as u32;
		});
		let stop = || signed(Ferdie, 2, Call::stop_account_change { person });
		// Before the thief's other transactions, and in place of the one with the same number.
		assert_eq!(submit(stop()).unwrap().priority, u64::MAX);
		assert_ok!(apply(stop()).unwrap());
		later(2 * delay());
		assert_eq!(PatientOf::<Runtime>::get(account(Ferdie)), Some(patient));
		// There is nothing to stop any more.
		let again = submit(signed(Ferdie, 3, Call::stop_account_change { person })).unwrap_err();
		let spent = InvalidTransaction::ExhaustsResources;
		assert_eq!(again, TransactionValidityError::Invalid(spent));
	});
}

/// Of another's change, a stop is like any other call: a registrar's hospital pays.
#[test]
fn stop_of_anothers_change_has_no_place_before_all_others() {
	local().execute_with(|| {
		let patient = changing(Ferdie, Eve);
		let stop = || Call::stop_account_change { person: Person::Patient(patient) };
		assert_eq!(submit(signed(AliceStash, 1, stop())).unwrap().priority, 4);
		let stranger = submit(signed(Eve, 0, stop())).unwrap_err();
		assert_eq!(stranger, TransactionValidityError::Invalid(InvalidTransaction::Call));
	});
}

#[test]
fn presets_have_a_short_delay_and_other_chains_a_day() {
	local().execute_with(|| assert_eq!(delay(), 6_000));
	sp_io::TestExternalities::default().execute_with(|| assert_eq!(delay(), 86_400_000));
}
