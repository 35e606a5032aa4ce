//! Acting for others, by whole transactions: who is let in, who pays, and what nothing may delay.

use crate::common::*;
use frame_support::assert_ok;
use medblock_primitives::*;
use medblock_runtime::{
	Delegation, MedicalRecords, Runtime, RuntimeCall, System, calls::Transactable,
	weights::DatabaseWeight,
};
use pallet_delegation::Call;
use pallet_fair_use::{CallPolicy, HospitalUses, OpenLane};
use pallet_medical_records::PatientOf;
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);

fn nonce(who: Sr25519Keyring) -> u32 {
	System::account_nonce(account(who))
}

fn sends(who: Sr25519Keyring, call: impl Into<RuntimeCall>) {
	assert_ok!(apply(signed(who, nonce(who), call)).unwrap());
}

fn refused<T: core::fmt::Debug>(result: Result<T, TransactionValidityError>) {
	let why = TransactionValidityError::Invalid(InvalidTransaction::Call);
	assert_eq!(result.unwrap_err(), why);
}

/// A patient of North, with the desks of North and East as guardians.
fn a_ward() -> PatientId {
	let key = |hospital| {
		let key = EncryptionKey { suite: SUITE_X_WING, key: x_wing_key(1), version: 1 };
		pallet_consortium::EncryptionKeys::<Runtime>::insert(hospital, key);
	};
	[NORTH, EAST].into_iter().for_each(key);
	sends(Ferdie, register_patient(0));
	let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
	sends(AliceStash, pallet_medical_records::Call::verify_patient { patient });
	let share = |hospital| ShareFor {
		delegate: Delegate::Desk(hospital),
		key_version: 1,
		share: SealedShare::new([1; SEALED_SHARE_LENGTH as usize]),
	};
	let divided = Divided {
		commitments: vec![[1; 32]; 2].try_into().unwrap(),
		secret: WrappedSecret([1; 60]),
		shares: vec![share(NORTH), share(EAST)].try_into().unwrap(),
	};
	let capacity = Capacity::Patient;
	// As short as the preset allows.
	sends(Ferdie, Call::set_guardians { capacity, divided, delay: 6_000 });
	patient
}

/// Both desks have approved that Eve's new account takes the patient over.
fn approved(person: Person) {
	let (acting, new) = (ActingAs::Desk, account(Eve));
	let (suite, key) = (SUITE_X_WING, x_wing_key(7));
	let key_digest = sp_io::hashing::sha2_256(&key);
	let message = Delegation::recovery_message(person, &new, suite, &key);
	let proof = Eve.sign(&message).into();
	sends(
		AliceStash,
		Call::request_recovery { person, acting, new: new.clone(), suite, key, proof },
	);
	sends(BobStash, Call::approve_recovery { person, acting, new, key_digest });
}

fn finish(person: Person) -> Call<Runtime> {
	let mut keys = chart_keys();
	keys.distributed.previous = keys.standby.previous.clone();
	let rotation = Rotation { epoch: 2, keys, sealed: Default::default() };
	Call::finish_recovery { person, with: NewSecrets::Patient(rotation) }
}

#[test]
fn new_account_is_let_in_when_the_delay_is_over_and_the_hospital_pays() {
	local().execute_with(|| {
		block(1);
		pass(1);
		let person = Person::Patient(a_ward());
		// However many others register.
		let capacity = <Runtime as pallet_fair_use::Config>::Allowances::get().open_lane.capacity;
		OpenLane::<Runtime>::mutate(|lane| lane.used = capacity);
		refused(submit(signed(Eve, 0, finish(person))));
		approved(person);
		refused(submit(signed(Eve, 0, finish(person))));
		refused(submit(signed(One, 0, finish(person))));
		pass(6);
		let used = || HospitalUses::<Runtime>::get(NORTH);
		let before = used();
		assert_ok!(submit(signed(Eve, 0, finish(person))));
		assert_ok!(apply(signed(Eve, 0, finish(person))).unwrap());
		assert_ne!(used(), before, "the hospital has paid");
		assert_eq!(PatientOf::<Runtime>::get(account(Eve)), Some(PatientId(0)));
		assert_eq!(PatientOf::<Runtime>::get(account(Ferdie)), None);
		let Person::Patient(patient) = person else { panic!("a patient") };
		let info = MedicalRecords::patient(patient).unwrap();
		assert_eq!((info.generation, info.epoch, info.sealing_epoch), (1, 2, 2));
		// The lost account belongs to no person, and the new one to a patient.
		let withdraw =
			|| pallet_medical_records::Call::withdraw_records { records: Default::default() };
		refused(submit(signed(Ferdie, nonce(Ferdie), withdraw())));
		assert_ok!(submit(signed(Eve, 1, withdraw())));
	});
}

#[test]
fn veto_needs_no_allowance_and_comes_first() {
	local().execute_with(|| {
		block(1);
		pass(1);
		let person = Person::Patient(a_ward());
		approved(person);
		let who = account(Ferdie);
		let left = medblock_runtime::FairUse::remaining(who.clone()).left_for_revocation;
		frame_system::Account::<Runtime>::mutate(&who, |found| found.data.used += left as u32);
		let veto = || Call::veto_recovery { person, new: account(Eve) };
		let urgent = submit(signed(Ferdie, nonce(Ferdie), veto())).unwrap();
		// Another registrar's transaction waits behind it.
		let verify = pallet_medical_records::Call::verify_patient { patient: PatientId(9) };
		let other = submit(signed(AliceStash, nonce(AliceStash), verify)).unwrap();
		assert!(urgent.priority > other.priority);
		sends(Ferdie, veto());
		pass(6);
		refused(submit(signed(Eve, 0, finish(person))));
	});
}

#[test]
fn new_account_takes_its_request_back() {
	local().execute_with(|| {
		block(1);
		pass(1);
		let person = Person::Patient(a_ward());
		let cancel = || Call::cancel_recovery { person };
		refused(submit(signed(Eve, 0, cancel())));
		approved(person);
		assert_ok!(apply(signed(Eve, 0, cancel())).unwrap());
		assert!(Delegation::recoveries(person).is_empty());
		refused(submit(signed(Eve, 1, cancel())));
	});
}

/// Whether the new account could finish depends on all guardians and the requests for each, eight at most of both, and is
/// asked before the call.
#[test]
fn checks_of_a_new_account_declare_what_they_read() {
	let reads = |number| DatabaseWeight::get().reads(number);
	let declared = |call: RuntimeCall| Transactable::weight(&call);
	let person = Person::Patient(PatientId(0));
	assert_eq!(declared(finish(person).into()), reads(84));
	assert_eq!(declared(Call::cancel_recovery { person }.into()), reads(2));
}
