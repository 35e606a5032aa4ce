//! Whole transactions: signed, checked by the pool, applied in a block.

mod admission;
mod declared;
mod hospitals;
mod spending;

use crate::common::*;
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	weights::{RuntimeDbWeight, constants::RocksDbWeight},
};
use medblock_primitives::{
	DoctorId, Document, HospitalId, InstitutionId, InstitutionIds, InstitutionKind, Moment,
	NewRecord, PatientId, Person, RegistrationMode, Rotation,
};
use medblock_runtime::{
	Consortium, FairUse, MedicalRecords, Runtime, RuntimeCall, RuntimeOrigin, System,
	calls::Transactable, weights::DatabaseWeight,
};
use pallet_fair_use::{ALLOWANCE_SPENT, CallPolicy, HospitalUses, OpenLane, Remaining};
use pallet_medical_records::{Call, PatientOf, Patients};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

fn refused<T: core::fmt::Debug>(
	result: Result<T, TransactionValidityError>,
	why: InvalidTransaction,
) {
	assert_eq!(result.unwrap_err(), TransactionValidityError::Invalid(why));
}

fn nonce(who: Sr25519Keyring) -> u32 {
	System::account_nonce(account(who))
}

/// The first hospital's registrar, as a signer.
const REGISTRAR: Sr25519Keyring = AliceStash;

/// Registers and verifies a patient.
fn a_patient(who: Sr25519Keyring) -> PatientId {
	assert_ok!(apply(signed(who, 0, register_patient(0))).unwrap());
	let patient = PatientOf::<Runtime>::get(account(who)).unwrap();
	let verify = Call::verify_patient { patient };
	assert_ok!(apply(signed(REGISTRAR, nonce(REGISTRAR), verify)).unwrap());
	patient
}

/// Ferdie, who has granted Eve access in the second transaction of his own. Both are verified.
fn a_granted_doctor() -> (PatientId, DoctorId) {
	pallet_timestamp::Now::<Runtime>::put(1_800_000_000_000 as Moment);
	let patient = a_patient(Ferdie);
	assert_ok!(apply(signed(Eve, 0, register_doctor(1))).unwrap());
	let doctor = DoctorId(0);
	let verify = Call::verify_doctor {
		doctor,
		key_digest: sp_io::hashing::sha2_256(&x_wing_key(1)),
		profile_digest: published_profile(doctor),
		licence_expires: None,
	};
	assert_ok!(apply(signed(BobStash, 0, verify)).unwrap());
	let grant = Call::grant_access {
		epoch: 0,
		key: rotation(1).sealed[0].clone(),
		may_append: true,
		expires_at: None,
	};
	assert_ok!(apply(signed(Ferdie, 1, grant)).unwrap());
	(patient, doctor)
}

fn revoke() -> RuntimeCall {
	let doctors = vec![DoctorId(7)].try_into().unwrap();
	Call::revoke_access { doctors, rotation: None }.into()
}

/// A rotation that gives this many doctors the new secret.
fn rotation(doctors: u32) -> Rotation {
	let sealed = medblock_primitives::KeyForDoctor {
		doctor: DoctorId(0),
		key_version: 1,
		key: medblock_primitives::SealedKey(vec![1; 1_169].try_into().unwrap()),
	};
	let sealed = vec![sealed; doctors as usize].try_into().unwrap();
	Rotation { epoch: 2, keys: chart_keys(), sealed }
}

fn update_profile(patient: PatientId, sealed_to: u32) -> RuntimeCall {
	let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
	Call::update_patient_profile { patient, document, sealed_to, recipients: None }.into()
}

/// Has the account use up its allowance, and what only some calls may use beyond it.
fn spend_everything(who: Sr25519Keyring) {
	let who = account(who);
	let left = FairUse::remaining(who.clone()).left_for_revocation;
	frame_system::Account::<Runtime>::mutate(&who, |found| found.data.used += left as u32);
}

fn flood_open_lane() {
	let capacity = <Runtime as pallet_fair_use::Config>::Allowances::get().open_lane.capacity;
	OpenLane::<Runtime>::mutate(|lane| lane.used = capacity);
}

/// Something small that a patient may send.
fn withdraw() -> RuntimeCall {
	Call::withdraw_records { records: vec![0].try_into().unwrap() }.into()
}
