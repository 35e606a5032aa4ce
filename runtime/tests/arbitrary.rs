//! Arbitrary calls in signed transactions, by a seed: whatever people send, no transaction panics, one that is refused or
//! fails changes nothing but what it is charged, and all that pallets promise of their storage holds afterwards.
//!
//! First, each call of our pallets succeeds once, so that there is something of everything. Half of the calls after that are
//! of the people who may send them, about what there is ([`arbitrary::valid`]). The others are whole ones of newcomers, desks,
//! patients and doctors, bytes that happen to be calls, and both with bytes changed. `MEDBLOCK_FUZZ_EXECUTIONS` sets their
//! number and `MEDBLOCK_FUZZ_SEED` makes them others; `scripts/fuzz runtime` does both. With the feature `try-runtime`, all
//! pallets' own checks run, too.

#![allow(clippy::unwrap_used)]

mod arbitrary {
	pub mod charts;
	pub mod consortium;
	pub mod delegation;
	pub mod valid;
	pub mod world;
}
mod common;

use arbitrary::{
	charts, consortium, delegation,
	valid::valid,
	world::{Came, World, next_block},
};
use codec::{DecodeLimit, Encode};
use common::*;
use frame_support::{
	traits::{GetCallIndex, Hooks},
	weights::Weight,
};
use medblock_primitives::*;
use medblock_runtime::{AccountId, Delegation, MedicalRecords, Runtime, RuntimeCall, System};
use pallet_medical_records::{Call, NextDoctor, NextPatient, Patients};
use sp_io::hashing::sha2_256;
use sp_keyring::Sr25519Keyring::{self, *};

/// The calls in `scripts/test`.
const EXECUTIONS: u64 = 2_000;
/// The calls in a block. One hospital's have no more than their share of it.
const BLOCK: u64 = 10;
/// After so many, time passes, the chain keeps house, and invariants are checked.
const ROUND: u64 = 50;
/// The attempts to find a person for a call that succeeds.
const ATTEMPTS: u32 = 8;
/// One in so many calls has to succeed: half of them are made for it.
const ONE_IN: u64 = 5;

const SENDERS: [Sr25519Keyring; 13] = [
	Ferdie,
	Eve,
	EveStash,
	FerdieStash,
	One,
	Alice,
	AliceStash,
	Bob,
	BobStash,
	CharlieStash,
	Dave,
	DaveStash,
	Two,
];

/// One more than the last index of a call in the pallet that has the most.
fn indices() -> u32 {
	let last = Call::<Runtime>::get_call_indices().iter().max().unwrap();
	u32::from(*last) + 1
}

/// Random numbers (SplitMix64).
struct Numbers(u64);

impl Numbers {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	fn below(&mut self, end: u32) -> u32 {
		(self.next() % u64::from(end)) as u32
	}

	/// One of these, if there are any.
	fn one_of<Item>(&mut self, mut all: Vec<Item>) -> Option<Item> {
		if all.is_empty() {
			return None;
		}
		let place = self.below(all.len() as u32) as usize;
		Some(all.swap_remove(place))
	}

	fn patient(&mut self) -> PatientId {
		PatientId(self.below(NextPatient::<Runtime>::get().0 + 1))
	}

	fn doctor(&mut self) -> DoctorId {
		DoctorId(self.below(NextDoctor::<Runtime>::get().0 + 1))
	}

	fn sealed(&mut self, doctor: DoctorId) -> KeyForDoctor {
		let key_version = 1 + self.below(4) / 3;
		KeyForDoctor { doctor, key_version, key: SealedKey(vec![1; 1_169].try_into().unwrap()) }
	}

	/// A call as a client makes it, or nearly.
	fn whole(&mut self) -> RuntimeCall {
		let (patient, doctor) = (self.patient(), self.doctor());
		let hospital = self.below(5);
		let chart = Patients::<Runtime>::get(patient).map(|found| found.chart);
		let epoch = chart.map_or(0, |chart| chart.sealing_epoch());
		let document = Document {
			digest: [self.below(3) as u8; 32],
			head: [2; 16],
			size: 4_096,
			vault: HospitalId(hospital),
		};
		let expires_at = (self.below(3) == 0).then(|| self.next() % 10_000_000);
		let rotation = Rotation {
			epoch: epoch + self.below(4),
			keys: chart_keys(),
			sealed: vec![self.sealed(doctor)].try_into().unwrap(),
		};
		match self.below(15) {
			0 | 1 => register_patient(hospital),
			2 => register_doctor(hospital),
			3 => {
				let patients = vec![patient, self.patient()].try_into().unwrap();
				match self.below(2) {
					0 => Call::verify_patient { patient }.into(),
					_ => Call::verify_patients { patients }.into(),
				}
			},
			4 => {
				let profile_digest = pallet_medical_records::Directory::<Runtime>::get(doctor)
					.map_or([0; 32], |entry| MedicalRecords::profile_digest(&entry.profile));
				let key_digest = sha2_256(&x_wing_key(1));
				let licence_expires = expires_at;
				Call::verify_doctor { doctor, key_digest, profile_digest, licence_expires }.into()
			},
			5 | 6 => {
				let in_reply_to = (self.below(4) == 0).then(|| self.below(4));
				let records = vec![NewRecord { document, in_reply_to }].try_into().unwrap();
				Call::add_records { sealed_to: epoch, records, recipients: None }.into()
			},
			7 | 8 => {
				let (key, may_append) = (self.sealed(doctor), self.below(2) == 0);
				Call::grant_access { epoch, key, may_append, expires_at }.into()
			},
			9 => {
				let doctors = vec![doctor].try_into().unwrap();
				let rotation = (self.below(2) == 0).then_some(rotation);
				Call::revoke_access { doctors, rotation }.into()
			},
			10 => Call::rotate_chart_key { rotation }.into(),
			11 => Call::relinquish_access { patients: vec![patient].try_into().unwrap() }.into(),
			12 => {
				Call::withdraw_records { records: vec![self.below(4)].try_into().unwrap() }.into()
			},
			13 => match self.below(3) {
				0 => {
					let capacity = [Capacity::Patient, Capacity::Doctor][self.below(2) as usize];
					Call::request_move { capacity, to: Some(HospitalId(hospital)) }.into()
				},
				1 => Call::accept_patient { patient }.into(),
				_ => Call::decline_move { person: Person::Patient(patient) }.into(),
			},
			_ => pallet_delegation::Call::<Runtime>::name_representative {
				representative: patient,
				scopes: Scopes::SEE,
				until: expires_at,
			}
			.into(),
		}
	}

	/// Bytes that begin like a call of one of the pallets, and have small numbers behind that.
	fn loose(&mut self) -> Vec<u8> {
		let pallets = [4, 5, 8, 10, 11, 12, 12, 12, 14, 14, 0];
		let pallet = pallets[self.below(pallets.len() as u32) as usize];
		let mut bytes = vec![pallet, self.below(indices()) as u8];
		for _ in 0..40 + self.below(160) {
			bytes.push(if self.below(8) == 0 { self.below(256) } else { self.below(3) } as u8);
		}
		bytes
	}

	/// A call, if the bytes make one.
	fn call(&mut self) -> Option<RuntimeCall> {
		let mut bytes = match self.below(3) {
			0 => self.loose(),
			_ => self.whole().encode(),
		};
		for _ in 0..self.below(4) / 2 {
			let place = self.below(bytes.len() as u32) as usize;
			bytes[place] = self.below(256) as u8;
		}
		RuntimeCall::decode_with_depth_limit(64, &mut &bytes[..]).ok()
	}

	/// A call, and the account that sends it.
	fn sent(&mut self) -> Option<(AccountId, RuntimeCall)> {
		if self.below(2) == 0 {
			return (0..ATTEMPTS).find_map(|_| valid(self));
		}
		let call = self.call()?;
		let who = SENDERS[self.below(SENDERS.len() as u32) as usize];
		Some((account(who), call))
	}
}

/// What the chain does in its spare time.
fn keep_house() {
	let number = System::block_number();
	MedicalRecords::on_idle(number, Weight::MAX);
	Delegation::on_idle(number, Weight::MAX);
}

fn check() {
	MedicalRecords::do_try_state().unwrap();
	Delegation::do_try_state().unwrap();
	#[cfg(feature = "try-runtime")]
	{
		use frame_support::traits::{TryState, TryStateSelect};
		use medblock_runtime::{AllPalletsWithSystem, configs::CouncilMotions};
		// Time passes here without slots, which Aura would miss.
		let all_others = TryStateSelect::AllExcept(vec![b"Aura".to_vec()]);
		AllPalletsWithSystem::try_state(System::block_number(), all_others).unwrap();
		CouncilMotions::check().unwrap();
	}
}

fn number(name: &str, otherwise: u64) -> u64 {
	std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn arbitrary_calls_break_no_invariant() {
	let executions = number("MEDBLOCK_FUZZ_EXECUTIONS", EXECUTIONS);
	let seed = number("MEDBLOCK_FUZZ_SEED", 1);
	let mut numbers = Numbers(seed);
	let mut world = World::new(seed);
	let (mut applied, mut succeeded) = (0_u64, 0_u64);
	local().execute_with(|| {
		block(1);
		pass(1);
		for tour in [consortium::tour, charts::tour, delegation::tour] {
			tour(&mut world);
			check();
		}
		let unreached = world.unreached();
		assert!(unreached.is_empty(), "these never succeeded:\n{}", unreached.join("\n"));

		for execution in 0..executions {
			if execution % BLOCK == 0 {
				next_block();
			}
			if execution % ROUND == ROUND - 1 {
				pass(u64::from(numbers.below(7_200)));
				keep_house();
				check();
			}
			let Some((who, call)) = numbers.sent() else { continue };
			let came = world.send(&who, call);
			applied += u64::from(came != Came::Refused);
			succeeded += u64::from(came == Came::Succeeded);
		}
		check();
	});
	println!("seed {seed}: {executions} calls, {applied} in blocks, {succeeded} succeeded");
	// What is refused or fails shows little of what calls do.
	assert!(succeeded * ONE_IN >= executions, "{succeeded} of {executions} succeeded");
}
