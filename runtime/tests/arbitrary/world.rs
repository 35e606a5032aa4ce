//! The people of the arbitrary calls, and what came of each call.

use crate::common::*;
use codec::Encode;
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{CallMetadata, GetCallMetadata},
};
use medblock_primitives::*;
use medblock_runtime::{
	AccountId, MedicalRecords, Runtime, RuntimeCall, RuntimeEvent, Signature, SignedPayload,
	System, UncheckedExtrinsic, configs::CouncilMotions,
};
use pallet_collective::{Instance1, ProposalCount};
use pallet_medical_records::{NextDoctor, NextPatient, Patients};
use sp_core::{Pair, sr25519};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{
	ApplyExtrinsicResult, MultiAddress,
	traits::{BlakeTwo256, Hash as _},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use std::collections::BTreeMap;

type CouncilCall = pallet_collective::Call<Runtime, Instance1>;

/// The accounts besides the well-known ones.
pub const PERSONS: u8 = 60;

/// The pallets whose calls all have to succeed once.
const OURS: [&str; 4] = ["Consortium", "FairUse", "MedicalRecords", "Delegation"];

/// What came of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
	/// No block takes it.
	Refused,
	/// It is in the block, and its call failed.
	Failed,
	/// It is in the block, and its call succeeded.
	Succeeded,
}

/// What came of all calls of one kind.
#[derive(Default)]
struct Reach {
	succeeded: u64,
	/// The first failure.
	failed: Option<String>,
}

/// Everyone who signs, and what came of it.
pub struct World {
	seed: u64,
	keys: BTreeMap<AccountId, sr25519::Pair>,
	reached: BTreeMap<String, Reach>,
}

/// The key of one of the accounts that are not well known.
fn key_of(number: u8) -> sr25519::Pair {
	sr25519::Pair::from_seed(&[100 + number; 32])
}

/// The account of that key.
pub fn person(number: u8) -> AccountId {
	key_of(number).public().into()
}

/// Begins the next block, in which nothing counts that was in the one before.
pub fn next_block() {
	block(System::block_number() + 1);
	frame_system::BlockSize::<Runtime>::kill();
}

impl World {
	/// One in which no one has sent anything. The seed is named when something goes wrong.
	pub fn new(seed: u64) -> Self {
		let known = Sr25519Keyring::iter().map(|who| who.pair());
		let keys = known.chain((0..PERSONS).map(key_of));
		let keys = keys.map(|key| (AccountId::from(key.public()), key)).collect();
		Self { seed, keys, reached: BTreeMap::new() }
	}

	/// The account's signature of a message.
	pub fn sign(&self, who: &AccountId, message: &[u8]) -> Signature {
		self.keys[who].sign(message).into()
	}

	fn signed(&self, who: &AccountId, call: RuntimeCall) -> UncheckedExtrinsic {
		let extension = extension(System::account_nonce(who));
		let payload = SignedPayload::new(call.clone(), extension.clone()).unwrap();
		let signature = payload.using_encoded(|bytes| self.sign(who, bytes));
		let address = MultiAddress::Id(who.clone());
		UncheckedExtrinsic::new_signed(call, address, signature, extension)
	}

	/// Puts a call of this account into the present block.
	pub fn send(&mut self, who: &AccountId, call: RuntimeCall) -> Came {
		let people = || (NextPatient::<Runtime>::get(), NextDoctor::<Runtime>::get());
		let before = people();
		let result = apply(self.signed(who, call.clone()));
		self.note(&call, &result);
		let came = match result {
			Ok(Ok(())) => Came::Succeeded,
			Ok(Err(_)) => Came::Failed,
			Err(_) => Came::Refused,
		};
		// A call that fails or is refused leaves no one behind.
		let seed = self.seed;
		assert!(came == Came::Succeeded || people() == before, "seed {seed}: {call:?}");
		came
	}

	/// Puts a call of this account into the next block, a second later.
	pub fn sends(&mut self, who: &AccountId, call: impl Into<RuntimeCall>) {
		next_block();
		pass(1);
		let call = call.into();
		if self.send(who, call.clone()) != Came::Succeeded {
			println!("it does not succeed: {call:?}");
		}
	}

	/// The council decides on this, by a motion that the four founders vote for.
	pub fn decides(&mut self, call: impl Into<RuntimeCall>) {
		let call = call.into();
		let threshold = CouncilMotions::threshold();
		let index = ProposalCount::<Runtime, Instance1>::get();
		let length_bound = call.encoded_size() as u32;
		let proposal_weight_bound = call.get_dispatch_info().call_weight;
		let proposal_hash = BlakeTwo256::hash_of(&call);
		let proposal = Box::new(call.clone());
		self.sends(&account(Alice), CouncilCall::propose { threshold, proposal, length_bound });
		for who in [Alice, Bob, Charlie, Dave] {
			let vote = CouncilCall::vote { proposal: proposal_hash, index, approve: true };
			self.sends(&account(who), vote);
		}
		let close =
			CouncilCall::close { proposal_hash, index, proposal_weight_bound, length_bound };
		self.sends(&account(Dave), close);
		let carried_out = System::events().into_iter().find_map(|record| match record.event {
			RuntimeEvent::Council(pallet_collective::Event::Executed { result, .. }) => {
				Some(result)
			},
			_ => None,
		});
		// A motion that no one could close was not carried out.
		let missing = TransactionValidityError::from(InvalidTransaction::Call);
		self.note(&call, &carried_out.ok_or(missing));
	}

	fn note(&mut self, call: &RuntimeCall, result: &ApplyExtrinsicResult) {
		let CallMetadata { function_name, pallet_name } = call.get_call_metadata();
		let reach = self.reached.entry(format!("{pallet_name}.{function_name}")).or_default();
		match result {
			Ok(Ok(())) => reach.succeeded += 1,
			other => {
				reach.failed.get_or_insert_with(|| format!("{other:?}"));
			},
		}
	}

	/// The calls of our pallets that never succeeded, each with its first failure.
	pub fn unreached(&self) -> Vec<String> {
		let mut missing = Vec::new();
		for pallet in OURS {
			for function in RuntimeCall::get_call_names(pallet) {
				let name = format!("{pallet}.{function}");
				let reach = self.reached.get(&name);
				if reach.is_none_or(|reach| reach.succeeded == 0) {
					let why = reach.and_then(|reach| reach.failed.clone());
					let why = why.unwrap_or_else(|| "it was never sent".to_owned());
					missing.push(format!("{name}: {why}"));
				}
			}
		}
		missing
	}
}

pub fn text<Text: TryFrom<Vec<u8>>>(text: &str) -> Text {
	Text::try_from(text.as_bytes().to_vec()).unwrap_or_else(|_| panic!("{text} is too long"))
}

pub fn sealed_key() -> SealedKey {
	SealedKey::new([1; SEALED_KEY_LENGTH as usize])
}

pub fn sealed_share() -> SealedShare {
	SealedShare::new([1; SEALED_SHARE_LENGTH as usize])
}

pub fn sealed_for(doctor: DoctorId, key_version: u32) -> KeyForDoctor {
	KeyForDoctor { doctor, key_version, key: sealed_key() }
}

pub fn document(vault: HospitalId) -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault }
}

pub fn records(vault: HospitalId, count: usize) -> NewRecords {
	let record = NewRecord { document: document(vault), in_reply_to: None };
	vec![record; count].try_into().unwrap()
}

/// The epoch whose key seals a patient's new files, and the recipients that they are sealed to besides.
pub fn sealing(patient: PatientId) -> (Epoch, Option<RecipientsDigest>) {
	let found = MedicalRecords::recipients(patient).unwrap();
	(found.sealing_epoch, found.digest)
}

/// The epoch of a patient's grants.
pub fn epoch(patient: PatientId) -> Epoch {
	Patients::<Runtime>::get(patient).unwrap().chart.epoch
}

/// A patient's next keys, sealed to these.
pub fn rotation(patient: PatientId, sealed: Vec<KeyForDoctor>) -> Rotation {
	let mut keys = chart_keys();
	keys.distributed.previous = keys.standby.previous.clone();
	Rotation { epoch: epoch(patient) + 2, keys, sealed: sealed.try_into().unwrap() }
}
