//! What the allowances suffice for, played through with the calls' real weights and lengths: days of
//! doctors and laboratories, a hospital's import, and what abuse gets.
//!
//! Only the checks of fair use run, not the calls. Each call counts with its maximum weight, before the
//! chain gives back what it did not take. All of it is the same for slots of one and of two seconds.

use crate::common::*;
use codec::Encode;
use frame_support::{
	dispatch::{GetDispatchInfo, PostDispatchInfo},
	traits::Get,
};
use medblock_primitives::{
	Capacity, DoctorId, DoctorIds, Document, HospitalId, InstitutionId, InstitutionIds,
	InstitutionKind, KeyForDoctor, MAX_BATCH, MAX_DEPOSITS, MAX_DESK_BATCH, MAX_GRANTS, Moment,
	NewRecord, NewRecords, Paced, PatientId, Role, Roles, Rotation, SealedKey,
};
use medblock_runtime::{
	AccountId, FairUse, Runtime, RuntimeCall, RuntimeOrigin, System,
	configs::{
		RuntimeBlockWeights,
		fair_use::{DISK_A_DAY, DISK_PER_BYTE},
	},
};
use pallet_consortium::decisions_a_day;
use pallet_fair_use::{
	ALLOWANCE_SPENT, Allowances, Cost, HospitalUses, OpenLane, Share, Sponsorships,
};
use pallet_medical_records::Call;
use sp_runtime::{
	traits::{DispatchTransaction, TransactionExtension},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

const SECOND: Moment = 1_000;
const DAY: Moment = 86_400 * SECOND;
const NORTH: HospitalId = HospitalId(0);

/// The bytes of a signed transaction around its call: address, signature, era, nonce and lengths.
const ENVELOPE: usize = 110;

fn allowances() -> Allowances {
	<Runtime as pallet_fair_use::Config>::Allowances::get()
}

fn person(kind: u8, number: u32) -> AccountId {
	let mut bytes = [kind; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	bytes.into()
}

/// The chain, with blocks at this interval.
struct Chain {
	slot: Moment,
}

impl Chain {
	/// Lets blocks pass for this long.
	fn pass(&self, time: Moment) {
		let now = pallet_timestamp::Now::<Runtime>::get() + time;
		pallet_timestamp::Now::<Runtime>::put(now);
		System::set_block_number((now / self.slot) as u32);
	}

	/// Sends a transaction, and waits for the block that takes it. Returns whether its payer had enough.
	fn sends(&self, who: &AccountId, call: &RuntimeCall) -> bool {
		loop {
			match try_send(who, call) {
				Ok(()) => return true,
				Err(TransactionValidityError::Invalid(InvalidTransaction::Future)) => {
					self.pass(self.slot)
				},
				Err(TransactionValidityError::Invalid(
					InvalidTransaction::Custom(ALLOWANCE_SPENT)
					| InvalidTransaction::ExhaustsResources,
				)) => return false,
				Err(other) => panic!("{other:?}"),
			}
		}
	}
}

/// Runs a test for slots of one and of two seconds, and returns what it found.
fn for_each_slot<T: PartialEq + core::fmt::Debug>(test: impl Fn(&Chain) -> T) -> T {
	let [one, two] = [SECOND, 2 * SECOND].map(|slot| {
		local().execute_with(|| {
			let chain = Chain { slot };
			chain.pass(1_795_392_000_000);
			test(&chain)
		})
	});
	assert_eq!(one, two, "two-second slots change it");
	one
}

fn total_length(call: &RuntimeCall) -> usize {
	call.encoded_size() + ENVELOPE
}

fn try_send(who: &AccountId, call: &RuntimeCall) -> Result<(), TransactionValidityError> {
	let nonce = System::account_nonce(who);
	let mut info = call.get_dispatch_info();
	info.extension_weight = extension(nonce).weight(call);
	let post = PostDispatchInfo { actual_weight: Some(info.total_weight()), ..Default::default() };
	let origin = RuntimeOrigin::signed(who.clone());
	pallet_fair_use::FairUse::<Runtime>(nonce)
		.test_run(origin, call, &info, total_length(call), 0, |_| Ok(post))
		.map(|outcome| {
			outcome.unwrap();
		})
}

/// The cost of a call, in units, before anything is given back.
fn cost(call: &RuntimeCall) -> u64 {
	let info = call.get_dispatch_info();
	let base = RuntimeBlockWeights::get().get(info.class).base_extrinsic;
	let weight = info.call_weight + extension(0).weight(call) + base;
	let price = <Runtime as pallet_fair_use::Config>::UnitsPerByte::get();
	let length = total_length(call) as u32;
	Cost::new((weight.ref_time() / 1_000_000) as u32, length, price).units
}

fn a_doctor() -> AccountId {
	let who = person(1, 0);
	FairUse::gained(&who, Role::Doctor);
	who
}

fn a_patient() -> AccountId {
	let who = person(2, 0);
	FairUse::gained(&who, Role::Patient);
	who
}

/// These many registrars of the first hospital.
fn registrars(count: u32) -> Vec<AccountId> {
	let accounts = (0..count).map(|number| person(3, number));
	accounts
		.inspect(|who| {
			pallet_consortium::RegistrarOf::<Runtime>::insert(who, NORTH);
			FairUse::gained(who, Role::Registrar);
		})
		.collect()
}

/// These many operators of a laboratory of the first hospital.
fn operators(count: u32) -> Vec<AccountId> {
	let laboratory = InstitutionId(0);
	let institution = pallet_consortium::Institution {
		hospital: NORTH,
		kind: InstitutionKind::Laboratory,
		name: b"Blood".to_vec().try_into().unwrap(),
		open: true,
	};
	pallet_consortium::Institutions::<Runtime>::insert(laboratory, institution);
	let accounts = (0..count).map(|number| person(4, number));
	accounts
		.inspect(|who| {
			pallet_consortium::OperatorOf::<Runtime>::insert(who, laboratory);
			FairUse::gained(who, Role::Operator);
		})
		.collect()
}

fn deposit(count: u32) -> RuntimeCall {
	let records = records(count, None);
	Call::deposit_records { patient: PatientId(0), sealed_to: 0, records, recipients: None }.into()
}

fn records(count: u32, in_reply_to: Option<u32>) -> NewRecords {
	let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: NORTH };
	vec![NewRecord { document, in_reply_to }; count as usize].try_into().unwrap()
}

fn append(count: u32, in_reply_to: Option<u32>) -> RuntimeCall {
	let records = records(count, in_reply_to);
	Call::append_records { patient: PatientId(0), sealed_to: 0, records, recipients: None }.into()
}

fn verify() -> RuntimeCall {
	Call::verify_patient { patient: PatientId(0) }.into()
}

fn verify_all(count: u32) -> RuntimeCall {
	let patients: Vec<_> = (0..count).map(PatientId).collect();
	Call::verify_patients { patients: patients.try_into().unwrap() }.into()
}

fn sponsor(account: AccountId) -> RuntimeCall {
	pallet_fair_use::Call::sponsor { account }.into()
}

fn sponsor_all(count: u32) -> RuntimeCall {
	let accounts: Vec<_> = (0..count).map(|number| person(1, number)).collect();
	pallet_fair_use::Call::sponsor_accounts { accounts: accounts.try_into().unwrap() }.into()
}

/// A desk that decides about many at once spends less for each, and no more than its share of a block.
#[test]
fn batch_of_a_desk_costs_less_than_single_calls_and_fits_into_the_share() {
	local().execute_with(|| {
		block(1);
		let batch = u64::from(MAX_DESK_BATCH);
		for (one, all) in [
			(verify(), verify_all(MAX_DESK_BATCH)),
			(sponsor(person(1, 0)), sponsor_all(MAX_DESK_BATCH)),
		] {
			assert!(cost(&all) < batch * cost(&one) / 2, "{} and {}", cost(&all), cost(&one));
			assert!(cost(&all) >= batch * 50, "each counts: {}", cost(&all));
			let Share { computation, length } =
				<Runtime as pallet_fair_use::Config>::HospitalShare::get();
			let weight = all.get_dispatch_info().call_weight.ref_time() / 1_000_000;
			assert!(weight < u64::from(computation), "{weight} microseconds");
			assert!(total_length(&all) < length as usize);
		}
	});
}

fn rotation(doctors: u32) -> Rotation {
	let key = SealedKey(vec![1; 1_169].try_into().unwrap());
	let sealed = KeyForDoctor { doctor: DoctorId(0), key_version: 1, key };
	let sealed = vec![sealed; doctors as usize].try_into().unwrap();
	Rotation { epoch: 2, keys: chart_keys(), sealed }
}

fn revoke(doctors: u32) -> RuntimeCall {
	let ids: DoctorIds = vec![DoctorId(0); doctors as usize].try_into().unwrap();
	Call::revoke_access { doctors: ids, rotation: Some(rotation(doctors)) }.into()
}

/// The numbers of the table in the pallet's README.
#[test]
fn costs_are_as_the_readme_says() {
	local().execute_with(|| {
		block(1);
		let grant = Call::grant_access {
			epoch: 0,
			key: rotation(1).sealed[0].clone(),
			may_append: true,
			expires_at: None,
		};
		let table: [(&str, RuntimeCall, u64); 11] = [
			("a note", append(1, Some(0)), 3_000),
			("a result", append(1, None), 3_000),
			("50 records", append(50, None), 35_000),
			("128 records", append(128, None), 85_000),
			("a grant", grant.into(), 15_000),
			("verifying a patient", verify(), 2_000),
			("verifying 128 patients", verify_all(MAX_DESK_BATCH), 30_000),
			("sponsoring", sponsor(person(1, 0)), 2_000),
			("sponsoring 128 accounts", sponsor_all(MAX_DESK_BATCH), 50_000),
			("a registration", register_patient(0), 26_000),
			("revoking 64 grants, and rotating", revoke(MAX_GRANTS), 700_000),
		];
		for (what, call, most) in table {
			let (units, bytes) = (cost(&call), total_length(&call));
			println!("{what}: {units} units, {bytes} bytes");
			assert!((most / 2..=most).contains(&units), "{what} takes {units}, not up to {most}");
		}
	});
}

#[test]
fn doctor_writes_five_notes_on_each_of_forty_patients_every_day() {
	for_each_slot(|chain| {
		let (doctor, note) = (a_doctor(), append(1, Some(7)));
		for day in 0..30 {
			for _ in 0..200 {
				assert!(chain.sends(&doctor, &note), "day {day}");
				chain.pass(8 * 3_600 * SECOND / 200);
			}
			chain.pass(16 * 3_600 * SECOND);
		}
		// Three days' work at once, after a day off.
		chain.pass(2 * DAY);
		for _ in 0..600 {
			assert!(chain.sends(&doctor, &note));
		}
	});
}

#[test]
fn patient_adds_a_lifetimes_records_in_one_evening() {
	for_each_slot(|chain| {
		let patient = a_patient();
		let records = records(MAX_BATCH, None);
		let add = Call::add_records { sealed_to: 0, records, recipients: None }.into();
		for _ in 0..40 {
			assert!(chain.sends(&patient, &add));
		}
		const { assert!(40 * MAX_BATCH > 5_000) };
	});
}

#[test]
fn patient_with_spent_allowance_revokes_everything_and_rotates() {
	local().execute_with(|| {
		let patient = a_patient();
		let left = FairUse::remaining(patient.clone());
		let everything = revoke(MAX_GRANTS);
		assert!(cost(&everything) <= u64::from(allowances().revocation_reserve));
		assert!(4 * cost(&everything) <= left.capacity);
		let reserve = u64::from(allowances().revocation_reserve);
		assert_eq!(left.left_for_revocation - left.left, reserve);
	});
}

/// The limit of the debt, a full allowance, never keeps a person from undoing what the own account paid for.
#[test]
fn debt_has_room_for_undoing_everything() {
	local().execute_with(|| {
		let doctors: DoctorIds = vec![DoctorId(0); MAX_GRANTS as usize].try_into().unwrap();
		let revoke: RuntimeCall = Call::revoke_access { doctors, rotation: None }.into();
		let institutions: InstitutionIds =
			vec![InstitutionId(0); MAX_DEPOSITS as usize].try_into().unwrap();
		let end: RuntimeCall = Call::end_deposit { institutions }.into();
		let everything =
			u64::from(MAX_GRANTS) * cost(&revoke) + u64::from(MAX_DEPOSITS) * cost(&end);
		println!("{everything} units");
		assert!(everything < allowances().patient.capacity);
	});
}

#[test]
fn pending_person_can_correct_twice() {
	local().execute_with(|| {
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: NORTH };
		let patient = PatientId(0);
		let patients =
			Call::update_patient_profile { patient, document, sealed_to: 0, recipients: None }
				.into();
		let line = || vec![b'a'; 64].try_into().unwrap();
		let profile = medblock_primitives::DoctorProfile {
			name: line(),
			specialty: line(),
			qualification: line(),
			practising_since: 2_000,
		};
		let doctors = Call::update_doctor_profile { doctor: DoctorId(0), profile }.into();
		let pending = allowances().pending;
		for call in [patients, doctors] {
			assert!(2 * cost(&call) <= pending.capacity, "{}", cost(&call));
		}
		// Until the registration lapses, this and as much again: less than two registrations' bytes.
		let bytes = 2 * pending.capacity / 8;
		assert!(bytes < 2 * total_length(&register_patient(0)) as u64);
	});
}

/// Once its controller allows that: see `paces.rs` of the consortium.
#[test]
fn hospital_verifies_a_hundred_thousand_patients_at_once() {
	let blocks = for_each_slot(|chain| {
		let (staff, call) = (registrars(4), verify());
		let begun = System::block_number();
		for number in 0..100_000 {
			assert!(chain.sends(&staff[number % 4], &call), "patient {number}");
		}
		// By far not all of the allowance.
		assert!(FairUse::remaining(staff[0].clone()).left > allowances().hospital.capacity / 2);
		System::block_number() - begun
	});
	println!("100,000 patients are verified in {blocks} blocks");
	assert!(blocks < 1_200, "twenty minutes");
}

#[test]
fn laboratory_adds_ten_thousand_results_every_day() {
	for_each_slot(|chain| {
		let (staff, result) = (operators(2), deposit(1));
		for day in 0..5 {
			for number in 0..10_000 {
				assert!(chain.sends(&staff[number % 2], &result), "day {day}");
				chain.pass(DAY / 10_000);
			}
		}
	});
	local().execute_with(|| {
		// For ever, beside a thousand new people a day.
		let person = cost(&sponsor(person(1, 0))) + cost(&register_patient(0)) + cost(&verify());
		let day = 10_000 * cost(&deposit(1)) + 1_000 * person;
		assert!(day < allowances().hospital.a_day(), "{day}");
	});
}

#[test]
fn hospital_imports_a_hundred_thousand_patients_with_fifty_records_each_in_a_week() {
	for_each_slot(|chain| {
		let staff = registrars(1);
		let (registration, verify, import) = (register_patient(0), verify(), append(50, None));
		for number in 0..100_000 {
			let newcomer = person(9, number);
			assert!(chain.sends(&staff[0], &sponsor(newcomer.clone())), "patient {number}");
			Sponsorships::<Runtime>::insert(&newcomer, NORTH, 0);
			pallet_fair_use::SponsoredBy::<Runtime>::insert(NORTH, 1);
			assert!(chain.sends(&newcomer, &registration), "patient {number}");
			assert!(chain.sends(&staff[0], &verify), "patient {number}");
			assert!(chain.sends(&staff[0], &import), "patient {number}");
			chain.pass(7 * DAY / 100_000);
		}
		assert_eq!(OpenLane::<Runtime>::get().used, 0);
	});
}

/// A registrar's key verified 100,000 people who do not exist within the hour: 45 GB at once, and 6.4 GB a day.
#[test]
fn people_made_up_in_a_day_bring_less_than_their_hospital_has() {
	let Allowances { patient, doctor, hospital, .. } = allowances();
	let a_day = |capacity| u64::from(decisions_a_day(Paced::Verification, capacity, 0));
	let (patients, doctors) = (a_day(Capacity::Patient), a_day(Capacity::Doctor));
	let at_once = patients * patient.capacity + doctors * doctor.capacity;
	let later = patients * patient.a_day() + doctors * doctor.a_day();
	println!("{} bytes at once, and {} in each day after that", at_once / 8, later / 8);
	assert!(at_once < hospital.capacity);
	assert!(later / 8 < 80_000_000);
	// A desk that sees as many new people as the hospital's allowance suffices for notices nothing.
	assert!(patients >= 1_000);
}

/// Whatever a hospital's accounts send, the disks of all nodes hold it for years.
#[test]
fn hospital_that_spends_everything_on_bytes_stays_within_its_disk_budget() {
	let price: u32 = <Runtime as pallet_fair_use::Config>::UnitsPerByte::get();
	let bytes = allowances().hospital.a_day() / u64::from(price);
	println!("{bytes} bytes of transactions a day, {} on disk", bytes * DISK_PER_BYTE);
	assert!(bytes * DISK_PER_BYTE <= DISK_A_DAY);
}

/// The staff may have spent everything, or lost their keys to a thief.
#[test]
fn controller_removes_all_registrars_out_of_the_reserve() {
	local().execute_with(|| {
		let registrar = person(3, 0);
		let remove: RuntimeCall = pallet_consortium::Call::remove_registrar { registrar }.into();
		let most: u32 = <Runtime as pallet_consortium::Config>::MaxRegistrars::get();
		let reserve = u64::from(allowances().controller_reserve);
		assert!(2 * u64::from(most) * cost(&remove) <= reserve, "{}", cost(&remove));
	});
}

/// See also `abuse.rs`.
#[test]
fn what_one_registrar_has_left_is_what_all_have_left() {
	for_each_slot(|chain| {
		let staff = registrars(68);
		for who in &staff {
			assert!(chain.sends(who, &verify()));
		}
		let left = |who: &AccountId| FairUse::remaining(who.clone()).left;
		assert!(staff.iter().all(|who| left(who) == left(&staff[0])));
		let used = allowances().hospital.capacity - left(&staff[0]);
		assert!((67..=68).contains(&(used / cost(&verify()))), "{used}");
		assert!(HospitalUses::<Runtime>::get(NORTH).computation > 0);
	});
}

/// Before, two a block were 172,800 a day, and each then sent as much as it liked.
#[test]
fn flood_of_newcomers_adds_130_megabytes_a_day_and_no_more() {
	let begun = for_each_slot(|chain| {
		let (registration, mut begun) = (register_patient(0), 0);
		for _ in 0..86_400 / 2 {
			while chain.sends(&person(9, begun), &registration) {
				begun += 1;
			}
			chain.pass(2 * SECOND);
		}
		begun
	});
	let bytes = u64::from(begun) * total_length(&register_patient(0)) as u64;
	println!("{begun} newcomers a day, {bytes} bytes");
	assert!((40_000..50_000).contains(&begun));
	assert!(bytes < 130_000_000);
}
