//! The people, charts and grants that the measurements begin with.

use super::Helper;
use crate::{migrations::v1, *};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	storage::{StorageDoubleMap as _, StorageMap as _},
	traits::Get,
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use sp_io::hashing::sha2_256;

/// The time of the measurements.
pub(super) const NOW: Moment = 1_800_000_000_000;

/// As many hospitals as a consortium may have.
const HOSPITALS: u32 = 64;

pub(super) fn here<T: Config>() -> HospitalId {
	T::Helper::set_time(NOW);
	T::Helper::hospitals().0
}

pub(super) fn registrar<T: Config>() -> OriginFor<T> {
	T::Helper::registrar(T::Helper::hospitals().0)
}

pub(super) fn key(byte: u8) -> PublicKey {
	vec![byte; X_WING_PUBLIC_KEY_LENGTH as usize].try_into().expect("just as long")
}

pub(super) fn sealed() -> SealedKey {
	SealedKey(vec![1; SEALED_KEY_LENGTH as usize].try_into().expect("just as long"))
}

pub(super) fn chart_keys(epoch: Epoch) -> ChartKeys {
	let wrapped = WrappedSecret([1; 60]);
	let distributed =
		EpochKey { key: key(1), salt: [1; 16], previous: (epoch > 0).then_some(wrapped.clone()) };
	let standby = EpochKey { key: key(2), salt: [2; 16], previous: Some(wrapped) };
	ChartKeys { suite: SUITE_X_WING, distributed, standby, standby_tag: [3; 32] }
}

pub(super) fn document<T: Config>() -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: T::Helper::hospitals().0 }
}

pub(super) fn profile() -> DoctorProfile {
	// As long as they can be: the chain counts characters, and these have four bytes each.
	let text = || "\u{20bb7}".repeat(64).into_bytes().try_into().expect("within bounds");
	DoctorProfile {
		name: text(),
		specialty: text(),
		qualification: text(),
		practising_since: 2_000,
	}
}

pub(super) fn pending_patient<T: Config>(who: &T::AccountId) -> PatientId {
	let hospital = here::<T>();
	let origin = RawOrigin::Signed(who.clone()).into();
	let profile = Some(document::<T>());
	assert_ok!(Pallet::<T>::register_patient(origin, hospital, chart_keys(0), profile));
	PatientOf::<T>::get(who).expect("registered")
}

pub(super) fn patient<T: Config>() -> (PatientId, T::AccountId) {
	patient_number::<T>(0)
}

pub(super) fn patient_number<T: Config>(number: u32) -> (PatientId, T::AccountId) {
	let who: T::AccountId = account("patient", number, 0);
	let patient = pending_patient::<T>(&who);
	assert_ok!(Pallet::<T>::verify_patient(registrar::<T>(), patient));
	(patient, who)
}

pub(super) fn pending_doctor<T: Config>(who: &T::AccountId) -> DoctorId {
	let hospital = here::<T>();
	let origin = RawOrigin::Signed(who.clone()).into();
	assert_ok!(Pallet::<T>::register_doctor(origin, hospital, profile(), SUITE_X_WING, key(1)));
	DoctorOf::<T>::get(who).expect("registered")
}

pub(super) fn doctor<T: Config>(number: u32) -> (DoctorId, T::AccountId) {
	let who: T::AccountId = account("doctor", number, 0);
	let doctor = pending_doctor::<T>(&who);
	let digest = sha2_256(&key(1));
	let licence = Some(NOW + 1_000_000);
	let entry = Pallet::<T>::profile_digest(&profile());
	assert_ok!(Pallet::<T>::verify_doctor(registrar::<T>(), doctor, digest, entry, licence));
	(doctor, who)
}

/// A verified doctor of one of as many hospitals as there can be. Each of these has left once, long ago.
pub(super) fn doctor_elsewhere<T: Config>(number: u32) -> (DoctorId, T::AccountId) {
	let hospital = T::Helper::hospital(number % HOSPITALS);
	Lapses::<T>::put(1u64);
	LapsedAt::<T>::insert(hospital, 1u64);
	let (doctor, acting) = doctor::<T>(number);
	Doctors::<T>::mutate(doctor, |found| {
		found.as_mut().expect("registered").registration.hospital = hospital;
	});
	(doctor, acting)
}

/// A pending change of the person's account. Returns the new one.
pub(super) fn changing_account<T: Config>(person: Person, old: T::AccountId) -> T::AccountId {
	let (new, proof) =
		T::Helper::new_account(|new| Pallet::<T>::change_account_message(person, &old, new));
	let capacity = match person {
		Person::Patient(_) => Capacity::Patient,
		Person::Doctor(_) => Capacity::Doctor,
	};
	let origin = RawOrigin::Signed(old).into();
	assert_ok!(Pallet::<T>::change_account(origin, capacity, new.clone(), proof));
	new
}

/// As many verified patients as one patient can name as representatives.
pub(super) fn representatives<T: Config>() -> Vec<PatientId> {
	(0..MAX_REPRESENTATIVES).map(|number| patient_number::<T>(1_000 + number).0).collect()
}

/// Has the patient give the key of the chart to as many representatives as there can be.
pub(super) fn is_represented<T: Config>(patient: PatientId, who: &T::AccountId) {
	for number in 0..MAX_REPRESENTATIVES {
		let (representative, acting) = patient_number::<T>(1_000 + number);
		T::Helper::represents((representative, &acting), &[(patient, who.clone())]);
	}
}

/// A verified person's request to move to the second hospital.
pub(super) fn asks_to_move<T: Config>(who: T::AccountId, capacity: Capacity) {
	let to = Some(T::Helper::hospitals().1);
	assert_ok!(Pallet::<T>::request_move(RawOrigin::Signed(who).into(), capacity, to));
}

/// The request of a person who waits to be verified. Only people whose hospital is away can make it, and it may
/// come back.
pub(super) fn waits_for_another<T: Config, Id: PersonId<T>>(id: Id) {
	let to = T::Helper::hospitals().1;
	Id::Entries::mutate(id, |slot| {
		if let Some(entry) = slot {
			entry.as_mut().moving_to = Some(to);
		}
	});
	Id::Awaiting::insert(to, id.place(), ());
	Pallet::<T>::date_request(id.into());
}

/// A change that the doctor proposed to the directory entry.
pub(super) fn proposal<T: Config>(doctor: DoctorId, who: T::AccountId) -> DoctorProfile {
	let mut proposed = profile();
	proposed.practising_since = 2_001;
	let origin = RawOrigin::Signed(who).into();
	assert_ok!(Pallet::<T>::update_doctor_profile(origin, doctor, proposed.clone()));
	proposed
}

/// A hospital that has left.
pub(super) const GONE: HospitalId = HospitalId(2_000);

/// A patient who has moved documents of so many hospitals to one that has left, which is the mirror, too.
pub(super) fn has_moved<T: Config>(patient: PatientId, hospitals: u32) {
	let mut choice = VaultChoice { mirror: Some(GONE), ..VaultChoice::default() };
	for number in 0..hospitals {
		choice.moves.try_insert(HospitalId(1_000 + number), GONE).expect("few enough");
	}
	ChosenBy::<T>::insert(GONE, Place::from(patient.0), ());
	VaultChoices::<T>::insert(patient, choice);
}

pub(super) fn key_for(doctor: DoctorId) -> KeyForDoctor {
	KeyForDoctor { doctor, key_version: 1, key: sealed() }
}

pub(super) fn grant<T: Config>(who: &T::AccountId, doctor: DoctorId) {
	let origin = RawOrigin::Signed(who.clone()).into();
	let until = Some(NOW + 2_000_000);
	assert_ok!(Pallet::<T>::grant_access(origin, 0, key_for(doctor), true, until));
}

/// A document in one of as many vaults as there can be: each is asked about.
fn document_in<T: Config>(number: u32) -> Document {
	Document { vault: T::Helper::hospital(number % HOSPITALS), ..document::<T>() }
}

pub(super) fn records<T: Config>(count: u32) -> NewRecords {
	let record = |number| NewRecord { document: document_in::<T>(number), in_reply_to: None };
	(0..count).map(record).collect::<Vec<_>>().try_into().expect("within bounds")
}

/// Notes, each to another of the first `answered` records.
pub(super) fn notes<T: Config>(count: u32, answered: u32) -> NewRecords {
	let note = |number| NewRecord {
		document: document_in::<T>(number),
		in_reply_to: Some(number % answered),
	};
	(0..count).map(note).collect::<Vec<_>>().try_into().expect("within bounds")
}

pub(super) fn add<T: Config>(who: &T::AccountId, count: u32) {
	let origin = RawOrigin::Signed(who.clone()).into();
	assert_ok!(Pallet::<T>::add_records(origin, 0, records::<T>(count), None));
}

pub(super) fn shared(records: u32) -> SharedRecords {
	let shared: Vec<_> =
		(0..records).map(|record| SharedRecord { record, key: WrappedFileKey([1; 44]) }).collect();
	shared.try_into().expect("within bounds")
}

pub(super) fn indices(count: u32) -> RecordIndices {
	(0..count).collect::<Vec<_>>().try_into().expect("within bounds")
}

pub(super) fn share<T: Config>(
	who: &T::AccountId,
	doctor: DoctorId,
	generation: u32,
	records: u32,
) {
	let origin = RawOrigin::Signed(who.clone()).into();
	let under = ShareUnder::New(ShareKey { generation, key_version: 1, key: sealed() });
	assert_ok!(Pallet::<T>::share_records(origin, doctor, under, shared(records), true, None));
}

/// As many records as can be shared with a doctor, whatever the doctor may see.
pub(super) fn fill_shared<T: Config>(patient: PatientId, doctor: DoctorId) {
	SharedRecordsOf::<T>::mutate(patient, doctor, |all| {
		for SharedRecord { record, key } in shared(MAX_SHARED) {
			all.try_insert(record, key).expect("within bounds");
		}
	});
}

/// Of the patient's grants, the one that is found last has run out.
pub(super) fn last_grant_runs_out<T: Config>(patient: PatientId) {
	let last = Grants::<T>::iter_key_prefix(patient).last().expect("there are many");
	Grants::<T>::mutate(patient, last, |grant| {
		grant.as_mut().expect("granted").expires_at = Some(NOW);
	});
}

/// A chart with so many grants, each to the whole of it, to doctors of as many hospitals. The keys of all
/// doctors but the first `reachable` have changed since, so that they are looked at in vain.
pub(super) fn chart_of<T: Config>(
	grants: u32,
	reachable: u32,
) -> (PatientId, T::AccountId, Vec<DoctorId>) {
	let (patient, who) = patient::<T>();
	let doctors: Vec<_> = (0..grants)
		.map(|number| {
			let (doctor, acting) = doctor_elsewhere::<T>(number);
			grant::<T>(&who, doctor);
			if number >= reachable {
				let origin = RawOrigin::Signed(acting).into();
				assert_ok!(Pallet::<T>::set_encryption_key(origin, SUITE_X_WING, key(2)));
			}
			doctor
		})
		.collect();
	(patient, who, doctors)
}

/// Fills the deposits of a chart up to `count` with those of institutions that are closed.
pub(super) fn fill_deposits<T: Config>(patient: PatientId, count: u32, expires_at: Option<Moment>) {
	let deposit = Deposit { expires_at, allowed_at: NOW, appends_left: T::AppendBudget::get() };
	Deposits::<T>::mutate(patient, |deposits| {
		let more = count.saturating_sub(deposits.len() as u32);
		for number in 0..more {
			let institution = InstitutionId(u32::MAX - number);
			assert_ok!(deposits.try_insert(institution, deposit));
		}
	});
}

pub(super) fn rotation(doctors: &[DoctorId]) -> Rotation {
	let sealed: Vec<_> = doctors.iter().map(|doctor| key_for(*doctor)).collect();
	Rotation { epoch: 2, keys: chart_keys(2), sealed: sealed.try_into().expect("within bounds") }
}

/// These hospitals, which have left, have these successors.
pub(super) fn succeeded<T: Config>(all: impl Iterator<Item = (HospitalId, HospitalId)>) {
	let mut successors = SuccessorMap::new();
	for (left, successor) in all {
		successors.try_insert(left, successor).expect("few enough");
	}
	Successors::<T>::put(successors);
}

/// A hospital leaves, and its people begin to move to another one.
pub(super) fn relocates<T: Config>(from: HospitalId, to: HospitalId) {
	T::Helper::expel(from);
	assert_ok!(Pallet::<T>::move_people(T::Helper::council(), from, to));
}

/// An entry of the first version, as large as it gets: of a suspended patient whose hospital has left, and who asks to
/// move to the second one.
pub(super) fn former_patient<T: Config>() -> v1::Patient<T::AccountId> {
	let hospital = here::<T>();
	let document = Document { digest: [1; 32], head: [1; 16], size: 1, vault: hospital };
	let chart = v1::Chart {
		epoch: 2,
		lost_from: Some(1),
		next_expiry: Some(NOW),
		lapses_seen: 1,
		records: 1,
		grants: 1,
		shares: 1,
	};
	v1::Patient {
		account: account("patient", 0, 0),
		generation: 0,
		hospital,
		standing: Standing::Suspended,
		registered_at: NOW,
		moving_to: Some(T::Helper::hospitals().1),
		profile: Some(SealedDocument { document, sealed_to: 2 }),
		chart,
	}
}
