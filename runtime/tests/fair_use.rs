//! Whole transactions: signed, checked by the pool, applied in a block.

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

#[test]
fn account_with_no_funds_registers_from_any_wallet() {
	local().execute_with(|| {
		block(1);
		for (who, call) in [(Ferdie, register_patient(0)), (Eve, register_doctor(1))] {
			let transaction = signed(who, 0, call);
			assert_ok!(submit(transaction.clone()));
			assert_eq!(System::providers(&account(who)), 0);
			assert_ok!(apply(transaction.clone()).unwrap());
			assert_eq!(nonce(who), 1);
			refused(apply(transaction), InvalidTransaction::Stale);
		}
	});
}

#[test]
fn newcomers_send_nothing_else_and_nothing_that_fails() {
	local().execute_with(|| {
		block(1);
		for call in [withdraw(), revoke(), register_patient(9)] {
			refused(submit(signed(Ferdie, 0, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 0, call)), InvalidTransaction::Call);
		}
		refused(submit(signed(Ferdie, 1, register_patient(0))), InvalidTransaction::Future);
		assert_eq!(System::providers(&account(Ferdie)), 0);
	});
}

#[test]
fn failed_registration_cannot_be_replayed() {
	local().execute_with(|| {
		block(1);
		// A newcomer's is checked again in the block, so that it never gets as far as failing.
		let transaction = signed(Ferdie, 0, register_patient(0));
		assert_ok!(submit(transaction.clone()));
		let controller = || RuntimeOrigin::signed(account(Alice));
		let closed = RegistrationMode::Closed;
		assert_ok!(Consortium::set_registration_mode(controller(), closed));
		refused(apply(transaction.clone()), InvalidTransaction::Call);
		assert_eq!(System::providers(&account(Ferdie)), 0);
		let open = RegistrationMode::Open;
		assert_ok!(Consortium::set_registration_mode(controller(), open));
		assert_ok!(apply(transaction.clone()).unwrap());
		refused(apply(transaction), InvalidTransaction::Stale);

		// That of a verified person can fail, and is used up by it.
		a_patient(Eve);
		let transaction = signed(Eve, 1, register_doctor(9));
		assert!(apply(transaction.clone()).unwrap().is_err(), "there is no such hospital");
		refused(apply(transaction), InvalidTransaction::Stale);
		assert_eq!(nonce(Eve), 2);
	});
}

#[test]
fn rejected_account_is_a_newcomer_again() {
	local().execute_with(|| {
		block(1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		let reject = Call::reject_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, 0, reject)).unwrap());
		let rotate = Call::rotate_chart_key { rotation: rotation(0) }.into();
		for call in [rotate, revoke(), withdraw(), update_profile(patient, 0)] {
			refused(submit(signed(Ferdie, 1, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 1, call)), InvalidTransaction::Call);
		}
		let again = signed(Ferdie, 1, register_patient(0));
		assert_eq!(submit(again.clone()).unwrap().priority, 0);
		flood_open_lane();
		refused(apply(again.clone()), InvalidTransaction::ExhaustsResources);
		pass(125);
		assert_ok!(apply(again).unwrap());
	});
}

#[test]
fn pending_person_corrects_the_own_profile_and_sends_nothing_else() {
	local().execute_with(|| {
		block(1);
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		assert_ok!(apply(signed(Eve, 0, register_doctor(1))).unwrap());
		let other = a_patient(One);
		let patient = PatientOf::<Runtime>::get(account(Ferdie)).unwrap();
		let rotate: RuntimeCall = Call::rotate_chart_key { rotation: rotation(0) }.into();
		for call in [rotate, revoke(), withdraw(), update_profile(other, 0)] {
			refused(submit(signed(Ferdie, 1, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 1, call)), InvalidTransaction::Call);
		}
		assert_eq!(submit(signed(Ferdie, 1, update_profile(patient, 0))).unwrap().priority, 1);
		assert_ok!(apply(signed(Ferdie, 1, update_profile(patient, 0))).unwrap());
		// And who changes their mind takes it away again.
		let remove = || Call::remove_patient_profile {};
		assert_eq!(submit(signed(Ferdie, 2, remove())).unwrap().priority, 1);
		assert_ok!(apply(signed(Ferdie, 2, remove())).unwrap());
		refused(submit(signed(Eve, 1, remove())), InvalidTransaction::Call);

		let RuntimeCall::MedicalRecords(Call::register_doctor { mut profile, .. }) =
			register_doctor(1)
		else {
			panic!("a doctor")
		};
		profile.name = vec![b'a'; 64].try_into().unwrap();
		let update = |doctor, profile| Call::update_doctor_profile { doctor, profile };
		refused(
			submit(signed(Eve, 1, update(DoctorId(1), profile.clone()))),
			InvalidTransaction::Call,
		);
		assert_ok!(apply(signed(Eve, 1, update(DoctorId(0), profile))).unwrap());
	});
}

#[test]
fn suspended_patient_revokes_and_rotates_and_sends_nothing_else() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let suspend = Call::suspend_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, nonce(REGISTRAR), suspend)).unwrap());
		refused(submit(signed(Ferdie, 1, update_profile(patient, 0))), InvalidTransaction::Call);
		refused(apply(signed(Ferdie, 1, register_patient(0))), InvalidTransaction::Call);
		let records = vec![0].try_into().unwrap();
		let unshare = Call::unshare_records { doctor: DoctorId(7), records };
		assert_eq!(submit(signed(Ferdie, 1, unshare)).unwrap().priority, u64::MAX);
		refused(submit(signed(Ferdie, 1, withdraw())), InvalidTransaction::Call);
		assert_eq!(submit(signed(Ferdie, 1, revoke())).unwrap().priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, 1, revoke())).unwrap());
		let rotate = Call::rotate_chart_key { rotation: rotation(0) };
		assert_eq!(submit(signed(Ferdie, 2, rotate.clone())).unwrap().priority, 3);
		assert_ok!(apply(signed(Ferdie, 2, rotate)));
	});
}

#[test]
fn nonces_are_used_in_order_and_wait_within_the_window() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		refused(apply(signed(Ferdie, 2, revoke())), InvalidTransaction::Future);
		assert_ok!(submit(signed(Ferdie, 65, revoke())));
		refused(submit(signed(Ferdie, 66, revoke())), InvalidTransaction::Future);
		assert_ok!(apply(signed(Ferdie, 1, revoke())).unwrap());
		refused(apply(signed(Ferdie, 1, revoke())), InvalidTransaction::Stale);
	});
}

#[test]
fn calls_that_this_chain_is_not_for_are_not_let_in() {
	local().execute_with(|| {
		block(1);
		let remark = frame_system::Call::remark { remark: vec![] };
		refused(submit(signed(Alice, 0, remark.clone())), InvalidTransaction::Call);
		refused(apply(signed(Alice, 0, remark)), InvalidTransaction::Call);
		assert_eq!(nonce(Alice), 0);
	});
}

#[test]
fn spent_allowance_refuses_everything_but_revocations_and_comes_back() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		let who = account(Ferdie);
		let Remaining { left, refill, .. } = FairUse::remaining(who.clone());
		frame_system::Account::<Runtime>::mutate(&who, |found| found.data.used += left as u32);
		let next = nonce(Ferdie);
		refused(submit(signed(Ferdie, next, withdraw())), InvalidTransaction::ExhaustsResources);
		// In a block, not the error by which an author takes the block for full.
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(signed(Ferdie, next, withdraw())), spent);
		let valid = submit(signed(Ferdie, next, revoke())).unwrap();
		assert_eq!(valid.priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, next, revoke())).unwrap());

		block(1_000_000);
		refused(
			submit(signed(Ferdie, next + 1, withdraw())),
			InvalidTransaction::ExhaustsResources,
		);
		pass(refill.into());
		assert_ok!(submit(signed(Ferdie, next + 1, withdraw())));
	});
}

/// A thief with an account's words could use up all that the account may send, and keep its owner from
/// taking anything back.
#[test]
fn owner_takes_back_what_a_thief_did_with_the_allowance_spent() {
	local().execute_with(|| {
		block(1);
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
		spend_everything(Ferdie);

		let take_back = |doctors: &[u32]| -> RuntimeCall {
			let doctors: Vec<_> = doctors.iter().map(|number| DoctorId(*number)).collect();
			Call::revoke_access { doctors: doctors.try_into().unwrap(), rotation: None }.into()
		};
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		// What takes nothing away would be a lane for floods.
		refused(apply(signed(Ferdie, 2, take_back(&[7]))), spent);
		// Nor does one grant pay for a call about others, whatever their order, or for the same one again.
		for doctors in [&[0, 7][..], &[7, 0], &[0, 0], &[]] {
			refused(apply(signed(Ferdie, 2, take_back(doctors))), spent);
		}
		let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
		refused(apply(signed(Ferdie, 2, Call::end_deposit { institutions })), spent);
		let exhausted = InvalidTransaction::ExhaustsResources;
		refused(submit(signed(Ferdie, 3, take_back(&[0]))), exhausted);
		let valid = submit(signed(Ferdie, 2, take_back(&[0]))).unwrap();
		assert_eq!(valid.priority, u64::MAX);
		assert_ok!(apply(signed(Ferdie, 2, take_back(&[0]))).unwrap());
		assert!(MedicalRecords::access(patient, doctor, None).is_err());
		refused(apply(signed(Ferdie, 3, take_back(&[0]))), spent);
	});
}

/// As revoking, replacing the chart's key is the person's own.
#[test]
fn spent_allowance_leaves_a_rotation_its_reserve() {
	local().execute_with(|| {
		block(1);
		a_patient(Ferdie);
		let Remaining { left, .. } = FairUse::remaining(account(Ferdie));
		frame_system::Account::<Runtime>::mutate(account(Ferdie), |found| {
			found.data.used += left as u32;
		});
		let rotate = || Call::rotate_chart_key { rotation: rotation(0) };
		refused(submit(signed(Ferdie, 1, withdraw())), InvalidTransaction::ExhaustsResources);
		assert_eq!(submit(signed(Ferdie, 1, rotate())).unwrap().priority, 3);
		assert_ok!(apply(signed(Ferdie, 1, rotate())));
	});
}

#[test]
fn flooded_open_lane_leaves_the_sponsored_one_alone() {
	local().execute_with(|| {
		block(1);
		flood_open_lane();
		let stranger = || signed(Eve, 0, register_patient(1));
		refused(apply(stranger()), InvalidTransaction::ExhaustsResources);
		let sponsor = pallet_fair_use::Call::sponsor { account: account(Ferdie) };
		assert_ok!(apply(signed(REGISTRAR, 0, sponsor)).unwrap());
		let controller = RuntimeOrigin::signed(account(Alice));
		let only_sponsored = RegistrationMode::SponsoredOnly;
		assert_ok!(Consortium::set_registration_mode(controller, only_sponsored));
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let sponsors = pallet_fair_use::SponsoredBy::<Runtime>::get(HospitalId(0));
		assert_eq!(sponsors, 0, "registered people need no sponsor");
		// It pays for 2.6 kB of registration.
		assert!(HospitalUses::<Runtime>::get(HospitalId(0)).used > 8 * 2_600);

		refused(apply(signed(Eve, 0, register_patient(0))), InvalidTransaction::Call);
		refused(apply(stranger()), InvalidTransaction::ExhaustsResources);
		pass(3);
		assert_ok!(apply(stranger()).unwrap());
	});
}

#[test]
fn appointed_account_begins_by_accepting_however_many_others_register() {
	local().execute_with(|| {
		block(1);
		let accept = |hospital| pallet_consortium::Call::accept_appointment {
			hospital: HospitalId(hospital),
			suite: 1,
			key: x_wing_key(1),
		};
		refused(submit(signed(Ferdie, 0, accept(0))), InvalidTransaction::Call);
		let appoint = pallet_consortium::Call::appoint_registrar { registrar: account(Ferdie) };
		assert_ok!(apply(signed(Alice, 0, appoint)).unwrap());
		assert_eq!(System::providers(&account(Ferdie)), 0);
		assert_ok!(apply(signed(One, 0, register_patient(0))).unwrap());
		flood_open_lane();
		// Neither for another hospital, nor as another account, nor anything else.
		refused(submit(signed(Ferdie, 0, accept(1))), InvalidTransaction::Call);
		refused(submit(signed(Eve, 0, accept(0))), InvalidTransaction::Call);
		refused(submit(signed(Ferdie, 0, withdraw())), InvalidTransaction::Call);
		assert_ok!(submit(signed(Ferdie, 0, accept(0))));
		assert_ok!(apply(signed(Ferdie, 0, accept(0))).unwrap());
		assert_eq!(Consortium::registrar_of(&account(Ferdie)), Some(HospitalId(0)));
		let patient = PatientOf::<Runtime>::get(account(One)).unwrap();
		assert_ok!(apply(signed(Ferdie, 1, Call::verify_patient { patient })).unwrap());
	});
}

/// The account of a hospital's vault begins with its first anchor.
#[test]
fn vaults_account_anchors_and_the_hospital_pays() {
	local().execute_with(|| {
		block(1);
		let anchor = || pallet_consortium::Call::anchor_disclosures { size: 1, root: [1; 32] };
		refused(submit(signed(Ferdie, 0, anchor())), InvalidTransaction::Call);
		let message = Consortium::vault_account_message(HospitalId(0), &account(Ferdie));
		let proof = sp_runtime::MultiSignature::from(Ferdie.sign(&message));
		let set = pallet_consortium::Call::set_vault_account { account: account(Ferdie), proof };
		assert_ok!(apply(signed(Alice, 0, set)).unwrap());
		flood_open_lane();
		let used = || HospitalUses::<Runtime>::get(HospitalId(0)).used;
		let before = used();
		assert_ok!(apply(signed(Ferdie, 0, anchor())).unwrap());
		assert!(used() > before, "the hospital pays");
		let log = Consortium::disclosure_log(HospitalId(0));
		assert_eq!(log.last.map(|(_, last)| last.size), Some(1));
	});
}

/// A vault's key lies on a machine that everybody can reach. A thief spends nothing of the hospital's with it.
#[test]
fn vaults_account_sends_nothing_but_anchors_that_the_chain_takes() {
	local().execute_with(|| {
		block(1);
		let message = Consortium::vault_account_message(HospitalId(0), &account(Ferdie));
		let proof = sp_runtime::MultiSignature::from(Ferdie.sign(&message));
		let set = pallet_consortium::Call::set_vault_account { account: account(Ferdie), proof };
		assert_ok!(apply(signed(Alice, 0, set)).unwrap());
		for call in [withdraw(), register_patient(0)] {
			refused(submit(signed(Ferdie, 0, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 0, call)), InvalidTransaction::Call);
		}
		let anchor = |size| pallet_consortium::Call::anchor_disclosures { size, root: [1; 32] };
		assert_ok!(apply(signed(Ferdie, 0, anchor(7))).unwrap());
		refused(submit(signed(Ferdie, 1, anchor(8))), InvalidTransaction::Call);
		refused(apply(signed(Ferdie, 1, anchor(8))), InvalidTransaction::Call);
		pass(600);
		refused(submit(signed(Ferdie, 1, anchor(6))), InvalidTransaction::Call);
		assert_ok!(submit(signed(Ferdie, 1, anchor(8))));
	});
}

/// A laboratory's first operator, from the hospital's offer to the first result.
#[test]
fn appointed_operator_begins_by_joining_and_the_hospital_pays() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(One);
		let institution = InstitutionId(0);
		let join = || pallet_consortium::Call::join_institution { institution };
		refused(submit(signed(Ferdie, 0, join())), InvalidTransaction::Call);
		let kind = InstitutionKind::Laboratory;
		let name = b"Blood".to_vec().try_into().unwrap();
		let add = pallet_consortium::Call::add_institution { kind, name };
		assert_ok!(apply(signed(Alice, 0, add)).unwrap());
		let operator = account(Ferdie);
		let appoint = pallet_consortium::Call::appoint_operator { institution, operator };
		assert_ok!(apply(signed(Alice, 1, appoint)).unwrap());
		flood_open_lane();
		refused(submit(signed(Eve, 0, join())), InvalidTransaction::Call);
		refused(submit(signed(Ferdie, 0, withdraw())), InvalidTransaction::Call);
		let used = || HospitalUses::<Runtime>::get(HospitalId(0)).used;
		let before = used();
		assert_ok!(apply(signed(Ferdie, 0, join())).unwrap());
		assert_eq!(Consortium::operator_of(&account(Ferdie)), Some(institution));
		assert!(used() > before, "the hospital pays for joining");

		let allow = Call::allow_deposit { institution, expires_at: None };
		assert_ok!(apply(signed(One, 1, allow)).unwrap());
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
		let record = NewRecord { document, in_reply_to: None };
		let deposit = || Call::deposit_records {
			patient,
			sealed_to: 0,
			records: vec![record.clone()].try_into().unwrap(),
			recipients: None,
		};
		let before = used();
		assert_ok!(apply(signed(Ferdie, 1, deposit())).unwrap());
		assert!(used() > before, "the hospital pays for deposits");
		let own = frame_system::Account::<Runtime>::get(account(Ferdie)).data.used;
		assert_eq!(own, 0);

		// A closed institution's operator is nobody's.
		let close = pallet_consortium::Call::close_institution { institution };
		assert_ok!(apply(signed(Alice, 2, close)).unwrap());
		refused(submit(signed(Ferdie, 2, deposit())), InvalidTransaction::Call);
	});
}

/// As revoking, ending a deposit waits for nothing.
#[test]
fn suspended_patient_ends_deposits_before_all_others() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let suspend = Call::suspend_patient { patient };
		assert_ok!(apply(signed(REGISTRAR, nonce(REGISTRAR), suspend)).unwrap());
		let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
		let end = Call::end_deposit { institutions };
		let priority = |call: RuntimeCall| submit(signed(Ferdie, 1, call)).unwrap().priority;
		assert_eq!(priority(end.clone().into()), priority(revoke()));
		let allow = Call::allow_deposit { institution: InstitutionId(0), expires_at: None };
		refused(submit(signed(Ferdie, 1, allow)), InvalidTransaction::Call);
		assert_ok!(apply(signed(Ferdie, 1, end)).unwrap());
	});
}

/// Staff pay with the hospital's allowance, and people with their own.
#[test]
fn hospital_pays_for_its_staff_and_gets_back_what_a_call_did_not_take() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let used = |hospital| HospitalUses::<Runtime>::get(HospitalId(hospital)).used;
		let (before, others) = (used(0), used(1));
		let suspend = Call::suspend_patient { patient };
		let transaction = signed(REGISTRAR, nonce(REGISTRAR), suspend.clone());
		let length = codec::Encode::encoded_size(&transaction) as u64;
		let info = transaction.get_dispatch_info();
		let base = medblock_runtime::weights::ExtrinsicBaseWeight::get().ref_time();
		assert_ok!(apply(transaction).unwrap());
		let most = (info.total_weight().ref_time() + base) / 1_000_000 + 8 * length;
		let cost = used(0) - before;
		assert!((most - 1..=most).contains(&cost), "{cost} of {most}");
		assert_eq!(used(1), others);
		let own = frame_system::Account::<Runtime>::get(account(REGISTRAR)).data.used;
		assert_eq!(own, 0);

		// A person's transaction needs less of the extension than the call declares.
		let weight = || System::block_weight().total().ref_time();
		let before = weight();
		let transaction = signed(Ferdie, 1, revoke());
		let declared = transaction.get_dispatch_info().total_weight().ref_time() + base;
		assert_ok!(apply(transaction).unwrap());
		assert!(weight() - before < declared);
	});
}

/// One after the other, as the chain will see it.
#[test]
fn consent_story_in_whole_transactions() {
	local().execute_with(|| {
		block(1);
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
			key: medblock_primitives::KeyForDoctor {
				doctor,
				key_version: 1,
				key: medblock_primitives::SealedKey(vec![1; 1_169].try_into().unwrap()),
			},
			may_append: true,
			expires_at: None,
		};
		assert_ok!(apply(signed(Ferdie, 1, grant)).unwrap());
		assert!(MedicalRecords::access(patient, doctor, None).is_ok());
		let doctors = vec![doctor].try_into().unwrap();
		let revoke = Call::revoke_access { doctors, rotation: None };
		assert_ok!(apply(signed(Ferdie, 2, revoke)).unwrap());
		assert!(MedicalRecords::access(patient, doctor, None).is_err());
		assert_eq!(Patients::<Runtime>::get(patient).unwrap().chart.lost_from, Some(0));
	});
}

/// For each call about people, the filter reads the version of the pallet's storage. What precedes others, and what a suspended or a pending
/// person may send, depends on the person.
#[test]
fn checks_of_a_call_declare_what_they_read() {
	let reads = |number| DatabaseWeight::get().reads(number);
	let declared = |call: RuntimeCall| Transactable::weight(&call);
	let patient = PatientId(0);
	for call in [register_patient(0), withdraw(), Call::verify_patient { patient }.into()] {
		assert_eq!(declared(call), reads(1));
	}
	let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
	for call in [revoke(), Call::end_deposit { institutions }.into()] {
		assert_eq!(declared(call), reads(4));
	}
	// Each doctor's grant is read, unless a rotation rules the question out.
	for (named, rotation, expected) in
		[(0, None, 3), (64, None, 67), (64, Some(rotation(1)), 3), (1, Some(rotation(1)), 3)]
	{
		let doctors = (0..named).map(DoctorId).collect::<Vec<_>>().try_into().unwrap();
		let call = Call::revoke_access { doctors, rotation }.into();
		assert_eq!(declared(call), reads(expected), "{named} doctors");
	}
	let rotate: RuntimeCall = Call::rotate_chart_key { rotation: rotation(1) }.into();
	let person = Person::Patient(patient);
	let stop: RuntimeCall = Call::stop_account_change { person }.into();
	for call in [update_profile(patient, 0), rotate, stop] {
		assert_eq!(declared(call), reads(3));
	}
	let sponsor = pallet_fair_use::Call::sponsor { account: account(Bob) };
	assert_eq!(declared(sponsor.into()), reads(0));
	let anchor = pallet_consortium::Call::anchor_disclosures { size: 1, root: [1; 32] };
	assert_eq!(declared(anchor.into()), reads(2));
}

/// The SDK's own figures count another database's reads, for which every transaction would pay.
#[test]
fn sdks_checks_declare_this_databases_reads() {
	use frame_system::ExtensionsWeightInfo as _;
	type Weights = <Runtime as frame_system::Config>::ExtensionsWeightInfo;
	let another: RuntimeDbWeight = RocksDbWeight::get();
	for check in [Weights::check_genesis(), Weights::check_mortality_mortal_transaction()] {
		assert!(check.ref_time() < another.read, "{check:?}");
	}
}

/// The pool and the room in a block go by the most that a call may take.
#[test]
fn adding_one_record_declares_less_than_600_microseconds() {
	let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
	let new = medblock_primitives::NewRecord { document, in_reply_to: Some(0) };
	let records: medblock_primitives::NewRecords = vec![new].try_into().unwrap();
	let add = Call::add_records { sealed_to: 0, records, recipients: None };
	let declared = RuntimeCall::from(add).get_dispatch_info().call_weight.ref_time() / 1_000_000;
	println!("adding one record declares {declared} microseconds");
	assert!(declared < 600, "{declared}");
}
