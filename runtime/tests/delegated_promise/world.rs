//! A patient and those who act for her, on a chain whose keys are [symbols](super::symbols).

use super::symbols::*;
use crate::common::*;
use codec::Encode;
use frame_support::assert_ok;
use medblock_primitives::*;
use medblock_runtime::{Delegation, MedicalRecords, Runtime, RuntimeCall, RuntimeOrigin};
use pallet_medical_records::{NextDoctor, Patients};
use sp_io::{hashing::sha2_256, storage};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{DispatchResult, traits::Dispatchable};
use std::collections::{BTreeMap, BTreeSet};

pub type Call = pallet_delegation::Call<Runtime>;
pub type ChartCall = pallet_medical_records::Call<Runtime>;

/// The patient.
pub const ANA: PatientId = PatientId(0);
/// The person who acts for her.
pub const BEA: PatientId = PatientId(1);
/// A doctor of hospital East.
pub const ADA: DoctorId = DoctorId(0);

pub const NORTH: HospitalId = HospitalId(0);
pub const EAST: HospitalId = HospitalId(1);
pub const SOUTH: HospitalId = HospitalId(2);
pub const WEST: HospitalId = HospitalId(3);

/// The delay of recoveries: the preset's shortest, in milliseconds.
pub const DELAY: Moment = 6_000;
/// The time for which emergencies are open.
pub const HOUR: Moment = 3_600_000;

fn registrar(hospital: HospitalId) -> Sr25519Keyring {
	[AliceStash, BobStash, CharlieStash, DaveStash][hospital.0 as usize]
}

/// The approval of a new account by a desk that has seen its device's key.
pub fn approve(person: Person, new: Sr25519Keyring) -> Call {
	let key_digest = sha2_256(&x_wing_key(7));
	Call::approve_recovery { person, acting: ActingAs::Desk, new: account(new), key_digest }
}

pub struct World {
	/// The account that controls Ana.
	pub account: Sr25519Keyring,
	/// The root that each person has now.
	present: BTreeMap<PatientId, u32>,
	/// The root of each epoch.
	roots: BTreeMap<(PatientId, Epoch), u32>,
	/// The last division of each person's root.
	guarded: BTreeMap<PatientId, u32>,
	/// The number of divisions.
	divisions: u32,
	/// The secrets that open each of Ana's files.
	files: Vec<Vec<Secret>>,
	seen: Seen,
}

/// Runs a test with a patient of hospital North, another person and a doctor.
pub fn on_chain(test: impl FnOnce(&mut World)) {
	local().execute_with(|| {
		block(1);
		pass(1);
		for hospital in [NORTH, EAST, SOUTH, WEST] {
			let key = EncryptionKey { suite: SUITE_X_WING, key: x_wing_key(1), version: 1 };
			pallet_consortium::EncryptionKeys::<Runtime>::insert(hospital, key);
		}
		let mut world = World {
			account: Ferdie,
			present: BTreeMap::new(),
			roots: BTreeMap::new(),
			guarded: BTreeMap::new(),
			divisions: 0,
			files: Vec::new(),
			seen: Seen::default(),
		};
		for (who, patient, root) in [(Ferdie, ANA, 1), (Eve, BEA, 1_001)] {
			world.present.insert(patient, root);
			let keys = world.keys(patient, 0, root);
			let register = ChartCall::register_patient { hospital: NORTH, keys, profile: None };
			world.does(who, register);
			world.does(AliceStash, ChartCall::verify_patient { patient });
		}
		world.does(Eve, Call::set_acting_key { suite: SUITE_X_WING, key: x_wing_key(2) });
		assert_eq!(world.is_doctor(EveStash, EAST), ADA);
		test(&mut world);
		MedicalRecords::do_try_state().unwrap();
		Delegation::do_try_state().unwrap();
	});
}

impl World {
	/// Makes a call, which everybody sees, and looks at all that is stored then.
	pub fn tries(&mut self, who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> DispatchResult {
		let call = call.into();
		self.seen.find(&call.encode());
		let done = call.dispatch(RuntimeOrigin::signed(account(who)));
		let mut key = Vec::new();
		while let Some(next) = storage::next_key(&key) {
			if let Some(value) = storage::get(&next) {
				self.seen.find(&value);
			}
			key = next;
		}
		done.map(|_| ()).map_err(|why| why.error)
	}

	/// As [`World::tries`]. The call succeeds.
	pub fn does(&mut self, who: Sr25519Keyring, call: impl Into<RuntimeCall>) {
		assert_ok!(self.tries(who, call));
	}

	/// The numbers of the files that someone with these secrets opens, given everything.
	pub fn opened_with(&self, secrets: &[Secret]) -> BTreeSet<usize> {
		let known = self.seen.given_by(secrets);
		let all = self.files.iter().enumerate();
		let open = all.filter(|(_, openers)| openers.iter().any(|one| known.opens(one)));
		open.map(|(number, _)| number).collect()
	}

	/// The number of Ana's files.
	pub fn files(&self) -> usize {
		self.files.len()
	}

	/// A person's present root.
	pub fn root(&self, patient: PatientId) -> u32 {
		self.present[&patient]
	}

	fn epoch(&self, patient: PatientId, epoch: Epoch) -> Secret {
		Secret::Epoch { patient, epoch, root: self.roots[&(patient, epoch)] }
	}

	/// The keys of an epoch and its standby, each of which wraps the one before.
	fn keys(&mut self, patient: PatientId, epoch: Epoch, root: u32) -> ChartKeys {
		self.roots.extend([epoch, epoch + 1].map(|one| ((patient, one), root)));
		let key = |one: Epoch| {
			let wrap = |before| wrapped(self.epoch(patient, one), self.epoch(patient, before));
			let previous = one.checked_sub(1).map(wrap);
			EpochKey { key: x_wing_key(1), salt: [1; 16], previous }
		};
		let (distributed, standby) = (key(epoch), key(epoch + 1));
		ChartKeys { suite: SUITE_X_WING, distributed, standby, standby_tag: [1; 32] }
	}

	/// The next keys of a person's chart, from this root. No doctor has a grant here.
	fn rotation(&mut self, patient: PatientId, root: u32) -> Rotation {
		let epoch = Patients::<Runtime>::get(patient).unwrap().chart.epoch + 2;
		Rotation { epoch, keys: self.keys(patient, epoch, root), sealed: Default::default() }
	}

	/// Ana adds a record, and writes her profile, as her client does.
	pub fn adds(&mut self) {
		let info = MedicalRecords::recipients(ANA).unwrap();
		let (epoch, named) = (info.sealing_epoch, info.digest);
		let doctors = info.doctors.iter().map(|one| Key::Doctor(one.doctor, one.key_version));
		let others = info.representatives.iter();
		let others = others.map(|one| Key::Acting(one.representative, one.key_version));
		let own = doctors.chain(others).map(Secret::Private);
		let openers: Vec<_> = [self.epoch(ANA, epoch)].into_iter().chain(own).collect();
		let document = Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: NORTH };
		let record = NewRecord { document: document.clone(), in_reply_to: None };
		let records = vec![record].try_into().unwrap();
		let add = ChartCall::add_records { sealed_to: epoch, records, recipients: named };
		self.does(self.account, add);
		let write = ChartCall::update_patient_profile {
			patient: ANA,
			document,
			sealed_to: epoch,
			recipients: named,
		};
		self.does(self.account, write);
		self.files.extend([openers.clone(), openers]);
	}

	/// Ana's chart gets new keys.
	pub fn rotates(&mut self) {
		let rotation = self.rotation(ANA, self.root(ANA));
		self.does(self.account, ChartCall::rotate_chart_key { rotation });
	}

	/// Ana's chart gets keys of a new root.
	pub fn has_new_words(&mut self) {
		*self.present.get_mut(&ANA).unwrap() += 1;
		self.rotates();
	}

	/// A verified doctor with this account.
	pub fn is_doctor(&mut self, who: Sr25519Keyring, hospital: HospitalId) -> DoctorId {
		let doctor = NextDoctor::<Runtime>::get();
		self.does(who, register_doctor(hospital.0));
		let verify = ChartCall::verify_doctor {
			doctor,
			key_digest: sha2_256(&x_wing_key(1)),
			profile_digest: published_profile(doctor),
			licence_expires: None,
		};
		self.does(registrar(hospital), verify);
		doctor
	}

	/// Bea acts for Ana, for so many seconds or without an end, and is given the chart's secret. Returns what she keeps.
	pub fn has_representative(&mut self, seconds: Option<u64>) -> Vec<Secret> {
		let now = pallet_timestamp::Now::<Runtime>::get();
		let until = seconds.map(|seconds| now + seconds * 1_000);
		let (patient, representative, scopes) = (ANA, BEA, Scopes::SEE);
		let name = Call::name_representative { representative, scopes, until };
		self.does(self.account, name);
		let key_digest = sha2_256(&x_wing_key(2));
		let confirm =
			Call::confirm_representative { patient, representative, scopes, until, key_digest };
		self.does(AliceStash, confirm);
		self.seals_to_representative();
		vec![Secret::Private(Key::Acting(BEA, 1))]
	}

	/// Bea is given the chart's present secret.
	pub fn seals_to_representative(&mut self) {
		let sealed = self.sealed_epoch(Key::Acting(BEA, 1));
		let seal = Call::seal_to_representative { representative: BEA, key_version: 1, sealed };
		self.does(self.account, seal);
	}

	fn sealed_epoch(&self, to: Key) -> SealedEpoch {
		let epoch = Patients::<Runtime>::get(ANA).unwrap().chart.epoch;
		SealedEpoch { epoch, key: sealed(to, self.epoch(ANA, epoch)) }
	}

	/// A secret, divided among two desks that both have to agree.
	fn divided(&mut self, secret: Secret, desks: [HospitalId; 2]) -> (u32, Divided) {
		self.divisions += 1;
		let of = self.divisions;
		let share = |(hospital, number): (HospitalId, u8)| ShareFor {
			delegate: Delegate::Desk(hospital),
			key_version: 1,
			share: sealed_share(Key::Desk(hospital), of, number),
		};
		let shares: Vec<_> = desks.into_iter().zip(1..).map(share).collect();
		let divided = Divided {
			commitments: vec![[1; 32]; 2].try_into().unwrap(),
			secret: wrapped(Secret::Scalar(of), secret),
			shares: shares.try_into().unwrap(),
		};
		(of, divided)
	}

	/// Two desks guard a person.
	pub fn has_guardians(&mut self, ward: PatientId, desks: [HospitalId; 2]) {
		let (of, divided) = self.divided(Secret::Root(self.root(ward)), desks);
		self.guarded.insert(ward, of);
		let who = if ward == ANA { self.account } else { Eve };
		let capacity = Capacity::Patient;
		self.does(who, Call::set_guardians { capacity, divided, delay: DELAY });
	}

	/// The desk of North asks that a person gets a new account.
	pub fn asks_to_recover(&mut self, ward: PatientId, new: Sr25519Keyring) {
		let person = Person::Patient(ward);
		let (suite, key) = (SUITE_X_WING, x_wing_key(7));
		let message = Delegation::recovery_message(person, &account(new), suite, &key);
		let ask = Call::request_recovery {
			person,
			acting: ActingAs::Desk,
			new: account(new),
			suite,
			key,
			proof: new.sign(&message).into(),
		};
		self.does(AliceStash, ask);
	}

	/// The desks of North and East have approved a new account.
	pub fn is_approved(&mut self, ward: PatientId, new: Sr25519Keyring) {
		self.asks_to_recover(ward, new);
		self.does(BobStash, approve(Person::Patient(ward), new));
	}

	/// A guardian's share, sealed to the new device.
	pub fn share_for_device(&self, ward: PatientId, number: u8) -> SealedShare {
		sealed_share(Key::Device, self.guarded[&ward], number)
	}

	/// The desks of North and East hand their shares over.
	pub fn hand_over(&mut self, ward: PatientId, new: Sr25519Keyring) {
		for (hospital, number) in [(NORTH, 1), (EAST, 2)] {
			let (person, acting) = (Person::Patient(ward), ActingAs::Desk);
			let share = self.share_for_device(ward, number);
			let hand = Call::hand_over_share { person, acting, new: account(new), share };
			self.does(registrar(hospital), hand);
		}
	}

	/// The desks of North and East give a person a new account, which makes a new root.
	pub fn is_recovered(&mut self, ward: PatientId, new: Sr25519Keyring) {
		self.is_approved(ward, new);
		pass(DELAY / 1_000);
		self.hand_over(ward, new);
		let root = self.root(ward) + 1;
		self.present.insert(ward, root);
		let with = NewSecrets::Patient(self.rotation(ward, root));
		self.does(new, Call::finish_recovery { person: Person::Patient(ward), with });
		if ward == ANA {
			self.account = new;
		}
	}

	/// Two desks can open Ana's whole chart for an hour. Returns the number of the division.
	pub fn has_plan(&mut self, desks: [HospitalId; 2]) -> u32 {
		// The plan's key has the number that its division is about to get.
		let key = Key::Plan(self.divisions + 1);
		let (of, divided) = self.divided(Secret::Private(key), desks);
		let set = EmergencySet::Chart(self.sealed_epoch(key));
		let plan = Call::set_emergency_plan {
			divided,
			suite: SUITE_X_WING,
			key: x_wing_key(5),
			set,
			duration: HOUR,
		};
		self.does(self.account, plan);
		of
	}

	/// Ada has an emergency, by the desks of North and East. Returns what she keeps.
	pub fn has_emergency(&mut self) -> Vec<Secret> {
		let of = self.has_plan([NORTH, EAST]);
		let (patient, reason) = (ANA, EmergencyReason::Unconscious);
		self.does(EveStash, Call::request_emergency { patient, reason, details: [0; 32] });
		for (hospital, number) in [(NORTH, 1), (EAST, 2)] {
			let share = sealed_share(Key::Doctor(ADA, 1), of, number);
			let (doctor, key_version) = (ADA, 1);
			let confirm = Call::confirm_emergency { patient, doctor, key_version, share };
			self.does(registrar(hospital), confirm);
		}
		vec![Secret::Private(Key::Doctor(ADA, 1))]
	}
}
