//! Each call at its most expensive: a chart with as many grants as it may have.

use crate::{
	migrations::{GrantsFromV2, PatientsFromV1, v1},
	*,
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use medblock_reshape::Reshape;
use sp_io::hashing::sha2_256;

/// The parts of the runtime that the measurements need.
pub trait Helper<T: Config> {
	/// Two active hospitals that accept all registrations.
	fn hospitals() -> (HospitalId, HospitalId);
	/// Takes a hospital out of the consortium.
	fn expel(hospital: HospitalId);
	/// A registrar of the hospital.
	fn registrar(hospital: HospitalId) -> OriginFor<T>;
	/// Two thirds of the council.
	fn council() -> OriginFor<T>;
	/// A new account, which has signed this message about it.
	fn new_account(message: impl FnOnce(&T::AccountId) -> Vec<u8>) -> (T::AccountId, T::Signature);
	/// Sets the chain's clock.
	fn set_time(now: Moment);
}

/// The time of the measurements.
const NOW: Moment = 1_800_000_000_000;

fn here<T: Config>() -> HospitalId {
	T::Helper::set_time(NOW);
	T::Helper::hospitals().0
}

fn registrar<T: Config>() -> OriginFor<T> {
	T::Helper::registrar(T::Helper::hospitals().0)
}

fn key(byte: u8) -> PublicKey {
	vec![byte; X_WING_PUBLIC_KEY_LENGTH as usize].try_into().expect("just as long")
}

fn sealed() -> SealedKey {
	SealedKey(vec![1; SEALED_KEY_LENGTH as usize].try_into().expect("just as long"))
}

fn chart_keys(epoch: Epoch) -> ChartKeys {
	let wrapped = WrappedSecret([1; 60]);
	let distributed =
		EpochKey { key: key(1), salt: [1; 16], previous: (epoch > 0).then_some(wrapped.clone()) };
	let standby = EpochKey { key: key(2), salt: [2; 16], previous: Some(wrapped) };
	ChartKeys { suite: SUITE_X_WING, distributed, standby, standby_tag: [3; 32] }
}

fn document<T: Config>() -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: T::Helper::hospitals().0 }
}

fn profile() -> DoctorProfile {
	let text = || vec![b'a'; 64].try_into().expect("within bounds");
	DoctorProfile {
		name: text(),
		specialty: text(),
		qualification: text(),
		practising_since: 2_000,
	}
}

fn pending_patient<T: Config>(who: &T::AccountId) -> PatientId {
	let hospital = here::<T>();
	let origin = RawOrigin::Signed(who.clone()).into();
	let profile = Some(document::<T>());
	assert_ok!(Pallet::<T>::register_patient(origin, hospital, chart_keys(0), profile));
	PatientOf::<T>::get(who).expect("registered")
}

fn patient<T: Config>() -> (PatientId, T::AccountId) {
	patient_number::<T>(0)
}

fn patient_number<T: Config>(number: u32) -> (PatientId, T::AccountId) {
	let who: T::AccountId = account("patient", number, 0);
	let patient = pending_patient::<T>(&who);
	assert_ok!(Pallet::<T>::verify_patient(registrar::<T>(), patient));
	(patient, who)
}

fn pending_doctor<T: Config>(who: &T::AccountId) -> DoctorId {
	let hospital = here::<T>();
	let origin = RawOrigin::Signed(who.clone()).into();
	assert_ok!(Pallet::<T>::register_doctor(origin, hospital, profile(), SUITE_X_WING, key(1)));
	DoctorOf::<T>::get(who).expect("registered")
}

fn doctor<T: Config>(number: u32) -> (DoctorId, T::AccountId) {
	let who: T::AccountId = account("doctor", number, 0);
	let doctor = pending_doctor::<T>(&who);
	let digest = sha2_256(&key(1));
	let licence = Some(NOW + 1_000_000);
	let entry = Pallet::<T>::profile_digest(&profile());
	assert_ok!(Pallet::<T>::verify_doctor(registrar::<T>(), doctor, digest, entry, licence));
	(doctor, who)
}

/// A pending change of the doctor's account. Returns the new one.
fn changing_account<T: Config>(doctor: DoctorId, old: T::AccountId) -> T::AccountId {
	let (new, proof) = T::Helper::new_account(|new| {
		Pallet::<T>::change_account_message(Person::Doctor(doctor), &old, new)
	});
	let origin = RawOrigin::Signed(old).into();
	assert_ok!(Pallet::<T>::change_account(origin, Capacity::Doctor, new.clone(), proof));
	new
}

/// A change that the doctor proposed to the directory entry.
fn proposal<T: Config>(doctor: DoctorId, who: T::AccountId) -> DoctorProfile {
	let mut proposed = profile();
	proposed.practising_since = 2_001;
	let origin = RawOrigin::Signed(who).into();
	assert_ok!(Pallet::<T>::update_doctor_profile(origin, doctor, proposed.clone()));
	proposed
}

fn key_for(doctor: DoctorId) -> KeyForDoctor {
	KeyForDoctor { doctor, key_version: 1, key: sealed() }
}

fn grant<T: Config>(who: &T::AccountId, doctor: DoctorId) {
	let origin = RawOrigin::Signed(who.clone()).into();
	let until = Some(NOW + 2_000_000);
	assert_ok!(Pallet::<T>::grant_access(origin, 0, key_for(doctor), true, until));
}

fn records<T: Config>(count: u32) -> NewRecords {
	let record = NewRecord { document: document::<T>(), in_reply_to: None };
	vec![record; count as usize].try_into().expect("within bounds")
}

/// Notes, each to another of the first `answered` records.
fn notes<T: Config>(count: u32, answered: u32) -> NewRecords {
	let document = document::<T>();
	let note =
		|number| NewRecord { document: document.clone(), in_reply_to: Some(number % answered) };
	(0..count).map(note).collect::<Vec<_>>().try_into().expect("within bounds")
}

fn add<T: Config>(who: &T::AccountId, count: u32) {
	let origin = RawOrigin::Signed(who.clone()).into();
	assert_ok!(Pallet::<T>::add_records(origin, 0, records::<T>(count), None));
}

fn shared(records: u32) -> SharedRecords {
	let shared: Vec<_> =
		(0..records).map(|record| SharedRecord { record, key: WrappedFileKey([1; 44]) }).collect();
	shared.try_into().expect("within bounds")
}

fn indices(count: u32) -> RecordIndices {
	(0..count).collect::<Vec<_>>().try_into().expect("within bounds")
}

fn share<T: Config>(who: &T::AccountId, doctor: DoctorId, generation: u32, records: u32) {
	let origin = RawOrigin::Signed(who.clone()).into();
	let under = ShareUnder::New(ShareKey { generation, key_version: 1, key: sealed() });
	assert_ok!(Pallet::<T>::share_records(origin, doctor, under, shared(records), true, None));
}

/// A chart with all the grants that it may have, each to the whole of it. The keys of all doctors but
/// the first `reachable` have changed since, so that they are looked at in vain.
fn full_chart<T: Config>(reachable: u32) -> (PatientId, T::AccountId, Vec<DoctorId>) {
	let (patient, who) = patient::<T>();
	let doctors: Vec<_> = (0..MAX_GRANTS)
		.map(|number| {
			let (doctor, acting) = doctor::<T>(number);
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

fn rotation(doctors: &[DoctorId]) -> Rotation {
	let sealed: Vec<_> = doctors.iter().map(|doctor| key_for(*doctor)).collect();
	Rotation { epoch: 2, keys: chart_keys(2), sealed: sealed.try_into().expect("within bounds") }
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Again, after the hospital had rejected the person.
	#[benchmark]
	fn register_patient() {
		let who: T::AccountId = whitelisted_caller();
		let before = pending_patient::<T>(&who);
		assert_ok!(Pallet::<T>::reject_patient(registrar::<T>(), before));
		let (hospital, profile) = (here::<T>(), Some(document::<T>()));
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), hospital, chart_keys(0), profile);
		assert_ne!(PatientOf::<T>::get(who), Some(before));
	}

	#[benchmark]
	fn register_doctor() {
		let who: T::AccountId = whitelisted_caller();
		let before = pending_doctor::<T>(&who);
		assert_ok!(Pallet::<T>::reject_doctor(registrar::<T>(), before));
		let hospital = here::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), hospital, profile(), SUITE_X_WING, key(1));
		assert_ne!(DoctorOf::<T>::get(who), Some(before));
	}

	#[benchmark]
	fn change_account() {
		let (doctor, old) = doctor::<T>(0);
		let (new, proof) = T::Helper::new_account(|new| {
			Pallet::<T>::change_account_message(Person::Doctor(doctor), &old, new)
		});
		#[extrinsic_call]
		_(RawOrigin::Signed(old), Capacity::Doctor, new.clone(), proof);
		let hospital = T::Helper::hospitals().0;
		let change = AccountChanges::<T>::get(hospital, Person::Doctor(doctor));
		assert_eq!(change.map(|change| change.new), Some(new));
	}

	#[benchmark]
	fn verify_patient() {
		let patient = pending_patient::<T>(&account("patient", 0, 0));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		let standing = Patients::<T>::get(patient).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Verified));
	}

	#[benchmark]
	fn reject_patient() {
		let patient = pending_patient::<T>(&account("patient", 0, 0));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		assert!(!CurrentKeys::<T>::contains_key(patient));
	}

	#[benchmark]
	fn suspend_patient() {
		let (patient, _) = patient::<T>();
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		let standing = Patients::<T>::get(patient).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Suspended));
	}

	#[benchmark]
	fn reinstate_patient() {
		let (patient, _) = patient::<T>();
		assert_ok!(Pallet::<T>::suspend_patient(registrar::<T>(), patient));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		let standing = Patients::<T>::get(patient).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Verified));
	}

	#[benchmark]
	fn verify_doctor() {
		let doctor = pending_doctor::<T>(&account("doctor", 0, 0));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(
			registrar as T::RuntimeOrigin,
			doctor,
			sha2_256(&key(1)),
			Pallet::<T>::profile_digest(&profile()),
			None,
		);
		let standing = Doctors::<T>::get(doctor).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Verified));
	}

	#[benchmark]
	fn reject_doctor() {
		let doctor = pending_doctor::<T>(&account("doctor", 0, 0));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		assert!(!Directory::<T>::contains_key(doctor));
	}

	/// With a pending change of account, which ends too.
	#[benchmark]
	fn suspend_doctor() {
		let (doctor, who) = doctor::<T>(0);
		changing_account::<T>(doctor, who);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		let standing = Doctors::<T>::get(doctor).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Suspended));
	}

	#[benchmark]
	fn reinstate_doctor() {
		let (doctor, _) = doctor::<T>(0);
		assert_ok!(Pallet::<T>::suspend_doctor(registrar::<T>(), doctor));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		let standing = Doctors::<T>::get(doctor).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Verified));
	}

	#[benchmark]
	fn update_patient_profile() {
		let (patient, _) = patient::<T>();
		Patients::<T>::mutate(patient, |found| {
			found.as_mut().expect("registered").profile = None;
		});
		let (registrar, document) = (registrar::<T>(), document::<T>());
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient, document, 0, None);
		assert!(Patients::<T>::get(patient).is_some_and(|found| found.profile.is_some()));
	}

	#[benchmark]
	fn update_doctor_profile() {
		let (doctor, _) = doctor::<T>(0);
		let registrar = registrar::<T>();
		let mut changed = profile();
		changed.practising_since = 2_001;
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor, changed.clone());
		assert_eq!(Directory::<T>::get(doctor).map(|entry| entry.profile), Some(changed));
	}

	#[benchmark]
	fn set_doctor_details() {
		let (doctor, _) = doctor::<T>(0);
		let registrar = registrar::<T>();
		let details: Details = vec![b'a'; 256].try_into().expect("within bounds");
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor, details.clone(), Some(NOW));
		assert_eq!(Directory::<T>::get(doctor).map(|entry| entry.details), Some(details));
	}

	#[benchmark]
	fn set_encryption_key() {
		let (doctor, who) = doctor::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), SUITE_X_WING, key(2));
		assert_eq!(EncryptionKeys::<T>::get(doctor).map(|key| key.version), Some(2));
	}

	#[benchmark]
	fn confirm_encryption_key() {
		let (doctor, who) = doctor::<T>(0);
		let origin = RawOrigin::Signed(who).into();
		assert_ok!(Pallet::<T>::set_encryption_key(origin, SUITE_X_WING, key(2)));
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor, sha2_256(&key(2)));
		assert!(Doctors::<T>::get(doctor).is_some_and(|found| found.is_key_vouched()));
	}

	#[benchmark]
	fn request_move() {
		let (patient, who) = patient::<T>();
		let to = Some(T::Helper::hospitals().1);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient, to);
		assert!(Patients::<T>::get(patient).is_some_and(|found| found.moving_to == to));
	}

	#[benchmark]
	fn accept_patient() {
		let (patient, who) = patient::<T>();
		let to = T::Helper::hospitals().1;
		let origin = RawOrigin::Signed(who).into();
		assert_ok!(Pallet::<T>::request_move(origin, Capacity::Patient, Some(to)));
		let registrar = T::Helper::registrar(to);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		assert_eq!(Patients::<T>::get(patient).map(|found| found.registration.hospital), Some(to));
	}

	/// With a proposal and a pending change of account, which go along.
	#[benchmark]
	fn accept_doctor() {
		let (doctor, who) = doctor::<T>(0);
		proposal::<T>(doctor, who.clone());
		changing_account::<T>(doctor, who.clone());
		let to = T::Helper::hospitals().1;
		let origin = RawOrigin::Signed(who).into();
		assert_ok!(Pallet::<T>::request_move(origin, Capacity::Doctor, Some(to)));
		let registrar = T::Helper::registrar(to);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		assert_eq!(Doctors::<T>::get(doctor).map(|found| found.registration.hospital), Some(to));
	}

	#[benchmark]
	fn move_people() {
		let (from, to) = T::Helper::hospitals();
		T::Helper::expel(from);
		for _ in 1..T::MaxRelocations::get() {
			assert_ok!(Pallet::<T>::move_people(T::Helper::council(), from, to));
		}
		let council = T::Helper::council();
		#[extrinsic_call]
		_(council as T::RuntimeOrigin, from, to);
		assert_eq!(Relocations::<T>::get().len() as u32, T::MaxRelocations::get());
	}

	/// `r` is the number of records, each a note to another.
	#[benchmark]
	fn add_records(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		add::<T>(&who, MAX_BATCH);
		let records = notes::<T>(r, MAX_BATCH);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), 0, records, None);
		assert!(Records::<T>::contains_key(patient, MAX_BATCH + r - 1));
	}

	/// `r` is the number of records, each a note to one that was shared as one of many.
	#[benchmark]
	fn append_records(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		let (doctor, acting) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		share::<T>(&who, doctor, 1, MAX_SHARED);
		let records = notes::<T>(r, MAX_SHARED);
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), patient, 0, records, None);
		assert!(Records::<T>::contains_key(patient, MAX_SHARED + r - 1));
	}

	/// `r` is the number of records, and `g` of the doctors, who each see as many as can be shared.
	#[benchmark]
	fn withdraw_records(r: Linear<1, MAX_BATCH>, g: Linear<0, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		add::<T>(&who, MAX_BATCH);
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			share::<T>(&who, doctor, number + 1, MAX_SHARED);
		}
		let records = indices(r);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), records);
		let live = Patients::<T>::get(patient).map(|found| found.chart.live);
		assert_eq!(live, Some(MAX_BATCH - r));
	}

	/// The doctor could see single records before.
	#[benchmark]
	fn grant_access() {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		share::<T>(&who, doctor, 1, MAX_SHARED);
		let until = Some(NOW + 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), 0, key_for(doctor), true, until);
		assert!(GrantKeys::<T>::contains_key(patient, doctor));
	}

	/// `r` is the number of records. The doctor could see the whole chart before.
	#[benchmark]
	fn share_records(r: Linear<1, MAX_SHARED>) {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		grant::<T>(&who, doctor);
		let under = ShareUnder::New(ShareKey { generation: 1, key_version: 1, key: sealed() });
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor, under, shared(r), true, Some(NOW + 1));
		assert_eq!(SharedRecordsOf::<T>::get(patient, doctor).len() as u32, r);
	}

	/// `d` is the number of doctors who are revoked.
	#[benchmark]
	fn revoke_access(d: Linear<1, MAX_GRANTS>) {
		let (patient, who, doctors) = full_chart::<T>(MAX_GRANTS);
		let leaving: DoctorIds =
			doctors.into_iter().take(d as usize).collect::<Vec<_>>().try_into().expect("few");
		#[extrinsic_call]
		_(RawOrigin::Signed(who), leaving, None);
		let left = Patients::<T>::get(patient).map(|found| found.chart.grants);
		assert_eq!(left, Some(MAX_GRANTS - d));
	}

	/// `d` is the number of doctors who get the new key, of as many as there can be grants to whole
	/// charts.
	#[benchmark]
	fn rotate_chart_key(d: Linear<0, MAX_GRANTS>) {
		let (patient, who, doctors) = full_chart::<T>(d);
		let rotation = rotation(&doctors[..d as usize]);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), rotation);
		assert_eq!(Patients::<T>::get(patient).map(|found| found.chart.epoch), Some(2));
	}

	/// `p` is the number of patients.
	#[benchmark]
	fn relinquish_access(p: Linear<1, MAX_RELINQUISHED>) {
		let (doctor, acting) = doctor::<T>(0);
		let patients: Vec<_> = (0..p)
			.map(|number| {
				let (patient, who) = patient_number::<T>(number);
				grant::<T>(&who, doctor);
				patient
			})
			.collect();
		let patients: PatientIds = patients.try_into().expect("within bounds");
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), patients);
		assert_eq!(GrantedTo::<T>::iter_prefix(doctor).count(), 0);
	}

	#[benchmark]
	fn remove_patient_profile() {
		let (patient, who) = patient::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(who));
		assert!(Patients::<T>::get(patient).is_some_and(|found| found.profile.is_none()));
	}

	/// `r` is the number of records. All that are shared are among them, so that the grant ends.
	#[benchmark]
	fn unshare_records(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		add::<T>(&who, MAX_BATCH);
		let origin = RawOrigin::Signed(who.clone()).into();
		let under = ShareUnder::New(ShareKey { generation: 1, key_version: 1, key: sealed() });
		let records = shared(r.min(MAX_SHARED));
		assert_ok!(Pallet::<T>::share_records(origin, doctor, under, records, false, None));
		let records = indices(r);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor, records);
		assert!(!Grants::<T>::contains_key(patient, doctor));
	}

	#[benchmark]
	fn renew_append_budget() {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		grant::<T>(&who, doctor);
		Grants::<T>::mutate(patient, doctor, |grant| {
			grant.as_mut().expect("granted").appends_left = 0;
		});
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor);
		let left = Grants::<T>::get(patient, doctor).map(|grant| grant.appends_left);
		assert_eq!(left, Some(T::AppendBudget::get()));
	}

	/// Of as many grants as there can be, the last that is looked at has run out.
	#[benchmark]
	fn make_room() {
		let (patient, _, doctors) = full_chart::<T>(MAX_GRANTS);
		let last = Grants::<T>::iter_key_prefix(patient).last().expect("there are many");
		Grants::<T>::mutate(patient, last, |grant| {
			grant.as_mut().expect("granted").expires_at = Some(NOW);
		});
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		#[block]
		{
			assert_ok!(Pallet::<T>::make_room(patient, &mut chart));
		}
		assert_eq!(chart.grants as usize + 1, doctors.len());
	}

	/// All `g` grants of a patient have run out.
	#[benchmark]
	fn clear_grants(g: Linear<0, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			grant::<T>(&who, doctor);
		}
		T::Helper::set_time(NOW + 2_000_000 + T::ExpiredGrantsKept::get());
		#[block]
		{
			Pallet::<T>::clear_grants(&mut WeightMeter::new());
		}
		assert_eq!(Patients::<T>::get(patient).map(|found| found.chart.grants), Some(0));
	}

	#[benchmark]
	fn confirm_doctor_profile() {
		let (doctor, who) = doctor::<T>(0);
		let proposed = proposal::<T>(doctor, who);
		let registrar = registrar::<T>();
		let digest = Pallet::<T>::profile_digest(&proposed);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor, digest);
		assert_eq!(Directory::<T>::get(doctor).map(|entry| entry.profile), Some(proposed));
	}

	#[benchmark]
	fn discard_doctor_profile() {
		let (doctor, who) = doctor::<T>(0);
		proposal::<T>(doctor, who);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		assert_eq!(ProposedProfiles::<T>::iter().count(), 0);
	}

	#[benchmark]
	fn stop_account_change() {
		let (doctor, who) = doctor::<T>(0);
		changing_account::<T>(doctor, who);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, Person::Doctor(doctor));
		assert_eq!(AccountChanges::<T>::iter().count(), 0);
	}

	/// One look at all `g` doctors of a chart, while all of them have access.
	#[benchmark]
	fn settle(g: Linear<1, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			grant::<T>(&who, doctor);
		}
		Pallet::<T>::next_lapse(here::<T>());
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		let looked_at;
		#[block]
		{
			looked_at = Pallet::<T>::settle(patient, &mut chart, NOW);
		}
		assert_eq!((looked_at, chart.lost_from), (g, None));
	}

	/// `g` is the number of doctors who may see the whole of a due chart.
	#[benchmark]
	fn recipients(g: Linear<1, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			grant::<T>(&who, doctor);
		}
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		chart.mark_lost();
		let (found, digest);
		#[block]
		{
			found = Pallet::<T>::recipients_at(patient, NOW);
			digest = Pallet::<T>::recipients_digest(patient, &chart, &found);
		}
		assert_eq!(found.len() as u32, g.min(MAX_RECIPIENT_DOCTORS));
		assert_ne!(digest, Default::default());
	}

	/// A block with nothing to do.
	#[benchmark]
	fn on_idle_base() {
		here::<T>();
		let (patients, doctors) = (PatientId(0), DoctorId(0));
		assert_eq!((NextPatient::<T>::get(), NextDoctor::<T>::get()), (patients, doctors));
		#[block]
		{
			Pallet::<T>::keep_house(Weight::MAX);
		}
		assert_eq!(OldestPatient::<T>::get(), patients);
	}

	#[benchmark]
	fn change_accounts() {
		let (doctor, old) = doctor::<T>(0);
		let new = changing_account::<T>(doctor, old);
		T::Helper::set_time(NOW + AccountDelay::<T>::get());
		#[block]
		{
			Pallet::<T>::change_accounts(&mut WeightMeter::new());
		}
		assert_eq!(DoctorOf::<T>::get(new), Some(doctor));
	}

	#[benchmark]
	fn sweep_patient() {
		let patient = pending_patient::<T>(&account("patient", 0, 0));
		T::Helper::set_time(NOW + T::RegistrationPeriod::get());
		#[block]
		{
			Pallet::<T>::sweep::<PatientId>(&mut WeightMeter::new());
		}
		assert!(!Patients::<T>::contains_key(patient));
	}

	#[benchmark]
	fn sweep_doctor() {
		let doctor = pending_doctor::<T>(&account("doctor", 0, 0));
		T::Helper::set_time(NOW + T::RegistrationPeriod::get());
		#[block]
		{
			Pallet::<T>::sweep::<DoctorId>(&mut WeightMeter::new());
		}
		assert!(!Doctors::<T>::contains_key(doctor));
	}

	/// Doctors, each with a proposal and a pending change of account.
	#[benchmark]
	fn relocate_doctors(p: Linear<0, 100>) {
		let doctors: Vec<_> = (0..p)
			.map(|number| {
				let (doctor, who) = doctor::<T>(number);
				proposal::<T>(doctor, who.clone());
				changing_account::<T>(doctor, who);
				doctor
			})
			.collect();
		let (from, to) = T::Helper::hospitals();
		T::Helper::expel(from);
		assert_ok!(Pallet::<T>::move_people(T::Helper::council(), from, to));
		#[block]
		{
			Pallet::<T>::relocate(&mut WeightMeter::new());
		}
		for doctor in doctors {
			let found = Doctors::<T>::get(doctor).expect("registered");
			assert_eq!(found.registration.hospital, to);
		}
	}

	/// Patients, whose accounts are not about to change.
	#[benchmark]
	fn relocate_patients(p: Linear<0, 100>) {
		let patients: Vec<_> = (0..p)
			.map(|number| {
				let patient = pending_patient::<T>(&account("patient", number, 0));
				assert_ok!(Pallet::<T>::verify_patient(registrar::<T>(), patient));
				patient
			})
			.collect();
		let (from, to) = T::Helper::hospitals();
		T::Helper::expel(from);
		assert_ok!(Pallet::<T>::move_people(T::Helper::council(), from, to));
		#[block]
		{
			Pallet::<T>::relocate(&mut WeightMeter::new());
		}
		for patient in patients {
			let found = Patients::<T>::get(patient).expect("registered");
			assert_eq!(found.registration.hospital, to);
		}
	}

	/// Patients of another hospital, who stay.
	#[benchmark]
	fn pass_people(p: Linear<0, 100>) {
		for number in 0..p {
			pending_patient::<T>(&account("patient", number, 0));
		}
		let (to, from) = T::Helper::hospitals();
		T::Helper::expel(from);
		assert_ok!(Pallet::<T>::move_people(T::Helper::council(), from, to));
		#[block]
		{
			Pallet::<T>::relocate(&mut WeightMeter::new());
		}
		assert!(Relocations::<T>::get().is_empty());
	}

	/// One step of the migration of patients, with one entry as large as it gets, of a suspended patient whose
	/// hospital has left.
	#[benchmark]
	fn reshape_patient() {
		let hospital = here::<T>();
		let (_, other) = T::Helper::hospitals();
		let document = Document { digest: [1; 32], head: [1; 16], size: 1, vault: hospital };
		let patient = PatientId(0);
		let chart = v1::Chart {
			epoch: 2,
			lost_from: Some(1),
			next_expiry: Some(NOW),
			lapses_seen: 1,
			records: 1,
			grants: 1,
			shares: 1,
		};
		let old = v1::Patient {
			account: account("patient", 0, 0),
			generation: 0,
			hospital,
			standing: Standing::Suspended,
			registered_at: NOW,
			moving_to: Some(other),
			profile: Some(SealedDocument { document, sealed_to: 2 }),
			chart,
		};
		v1::Patients::<T>::insert(patient, old.clone());
		T::Roles::gained(&old.account, Role::Patient);
		#[block]
		{
			let found = PatientsFromV1::<T>::keys(None).next();
			PatientsFromV1::<T>::reshape(&found.unwrap_or(patient));
		}
		assert_eq!(Patients::<T>::get(patient), Some(old.into()));
		assert!(AwaitingPatients::<T>::contains_key(other, Place::from(patient.0)));
		assert_eq!(People::<T>::get(hospital).patients, 1);
	}

	/// One step of the migration of grants.
	#[benchmark]
	fn reshape_grant() {
		let key = (PatientId(0), DoctorId(0));
		let seal = Some(v1::Seal { epoch: 2, key_version: 1, lapses: 1 });
		let old = v1::Grant { seal, may_append: true, expires_at: Some(NOW), granted_at: NOW };
		v1::Grants::<T>::insert(key.0, key.1, old.clone());
		#[block]
		{
			let found = GrantsFromV2::<T>::keys(None).next();
			GrantsFromV2::<T>::reshape(&found.unwrap_or(key));
		}
		let now = old.with_appends_left(T::AppendBudget::get());
		assert_eq!(Grants::<T>::get(key.0, key.1), Some(now));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
