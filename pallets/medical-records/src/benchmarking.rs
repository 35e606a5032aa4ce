//! Each call at its most expensive: a chart with as many grants as it may have, to doctors of as many hospitals
//! as a consortium may have, and people who are about to change account and hospital.

mod setup;

use crate::{
	migrations::{GrantsFromV2, PatientsFromV1, v1},
	moves::LOOK_AT_MOVE,
	*,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use medblock_reshape::Reshape;
use setup::*;
use sp_io::hashing::sha2_256;

/// The parts of the runtime that the measurements need.
pub trait Helper<T: Config> {
	/// Two active hospitals that accept all registrations.
	fn hospitals() -> (HospitalId, HospitalId);
	/// One of 64 active hospitals. The first two are those.
	fn hospital(number: u32) -> HospitalId;
	/// Has the hospital accept sponsored people only, and sponsor this account.
	fn sponsor(hospital: HospitalId, who: &T::AccountId);
	/// Takes a hospital out of the consortium.
	fn expel(hospital: HospitalId);
	/// A registrar of the hospital.
	fn registrar(hospital: HospitalId) -> OriginFor<T>;
	/// Two thirds of the council.
	fn council() -> OriginFor<T>;
	/// An open institution, and its operator.
	fn operator() -> (InstitutionId, OriginFor<T>);
	/// A new account, which has signed this message about it.
	fn new_account(message: impl FnOnce(&T::AccountId) -> Vec<u8>) -> (T::AccountId, T::Signature);
	/// Has the patient name these representatives, who then wait for the hospital.
	fn names(who: &T::AccountId, representatives: &[PatientId]);
	/// Has these patients, with their accounts, give the keys of their charts to a representative with this
	/// account, confirmed by the first hospital.
	fn represents(
		representative: (PatientId, &T::AccountId),
		patients: &[(PatientId, T::AccountId)],
	);
	/// Has the patient choose so many records, the first of the chart, for an emergency.
	fn plans(who: &T::AccountId, records: u32);
	/// Sets the chain's clock.
	fn set_time(now: Moment);
}

/// A patient whose chart has to look at its grants: so many, each to a doctor of another hospital. Also for the
/// measurements of acts for patients.
pub fn chart_to_look_at<T: Config>(grants: u32) -> (PatientId, T::AccountId) {
	let (patient, who, _) = chart_of::<T>(grants, grants);
	Pallet::<T>::next_lapse(here::<T>());
	(patient, who)
}

/// Fills a chart with grants, of which the one that is found last has run out. Also for the measurements of acts for
/// patients.
pub fn fill_grants<T: Config>(patient: PatientId, who: &T::AccountId) {
	for number in 0..MAX_GRANTS {
		let (doctor, _) = doctor::<T>(number);
		grant::<T>(who, doctor);
	}
	last_grant_runs_out::<T>(patient);
}

/// Begins a change of the person's account. Also for the measurements of acts for others.
pub fn begin_account_change<T: Config>(person: Person, who: &T::AccountId) {
	changing_account::<T>(person, who.clone());
}

/// Shares as many records as can be with a doctor who has had another key confirmed since. Also for the measurements of
/// emergencies.
pub fn share_under_earlier_key<T: Config>(patient: PatientId, doctor: DoctorId) {
	fill_shared::<T>(patient, doctor);
	let key = ShareKey { generation: 1, key_version: 1, key: sealed() };
	ShareKeys::<T>::insert(patient, doctor, key);
	let grant = Grant {
		seal: None,
		may_append: true,
		expires_at: None,
		granted_at: NOW,
		appends_left: T::AppendBudget::get(),
	};
	Grants::<T>::insert(patient, doctor, grant);
	Doctors::<T>::mutate(doctor, |slot| {
		let found = slot.as_mut().expect("registered");
		(found.key_version, found.vouched_version) = (2, 2);
	});
}

/// Moves the documents of as many hospitals as a patient can move. Also for the measurements of acts for patients.
pub fn move_documents<T: Config>(patient: PatientId) {
	has_moved::<T>(patient, MAX_VAULT_MOVES);
}

/// Adds as many records as one call can. Also for the measurements of acts for patients.
pub fn fill_batch<T: Config>(who: &T::AccountId) {
	add::<T>(who, MAX_BATCH);
}

/// Notes of a batch, each to another of as many records, in as many vaults as there can be. Also for the measurements of
/// acts for patients.
pub fn notes_in_all_vaults<T: Config>(count: u32) -> NewRecords {
	notes::<T>(count, MAX_BATCH)
}

/// Looks at a chart as a call does that adds files to it and names the doctors to whose keys they are encrypted. It is
/// due. Returns the number of these doctors. Also for the measurements of acts for patients.
pub fn look_for_recipients<T: Config>(patient: PatientId) -> (u32, RecipientsDigest) {
	let mut chart = Patients::<T>::get(patient).expect("registered").chart;
	Pallet::<T>::settle(patient, &mut chart, NOW);
	chart.mark_lost();
	let representatives = T::Delegates::recipients(patient, NOW);
	let found = Pallet::<T>::recipients_at(patient, NOW, MAX_RECIPIENT_DOCTORS);
	let digest = Pallet::<T>::recipients_digest(patient, &chart, &found, &representatives);
	(found.len() as u32, digest)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Again, after the hospital had rejected the person. It sponsors the person now.
	#[benchmark]
	fn register_patient() {
		let who: T::AccountId = whitelisted_caller();
		let before = pending_patient::<T>(&who);
		assert_ok!(Pallet::<T>::reject_patient(registrar::<T>(), before));
		let (hospital, profile) = (here::<T>(), Some(document::<T>()));
		T::Helper::sponsor(hospital, &who);
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
		T::Helper::sponsor(hospital, &who);
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

	/// `p` is the number of patients, who can all be verified.
	#[benchmark]
	fn verify_patients(p: Linear<1, MAX_DESK_BATCH>) {
		let patients: Vec<_> =
			(0..p).map(|number| pending_patient::<T>(&account("patient", number, 0))).collect();
		let registrar = registrar::<T>();
		let named: PatientBatch = patients.clone().try_into().expect("within bounds");
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, named);
		let is_verified = |patient: &PatientId| {
			Patients::<T>::get(patient)
				.is_some_and(|found| found.registration.standing == Standing::Verified)
		};
		assert!(patients.iter().all(is_verified));
	}

	/// With a request to move, which ends too.
	#[benchmark]
	fn reject_patient() {
		let patient = pending_patient::<T>(&account("patient", 0, 0));
		waits_for_another::<T, _>(patient);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		assert!(!CurrentKeys::<T>::contains_key(patient));
	}

	/// With a pending change of account and a request to move, which end too, and the keys of as many charts as one
	/// patient can have of others, which are lost.
	#[benchmark]
	fn suspend_patient() {
		let (patient, who) = patient::<T>();
		let others: Vec<_> =
			(0..MAX_REPRESENTED).map(|number| patient_number::<T>(1_000 + number)).collect();
		T::Helper::represents((patient, &who), &others);
		changing_account::<T>(patient.into(), who.clone());
		asks_to_move::<T>(who, Capacity::Patient);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient);
		let standing = Patients::<T>::get(patient).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Suspended));
	}

	/// With a request to move, which ends too.
	#[benchmark]
	fn reinstate_patient() {
		let (patient, _) = patient::<T>();
		assert_ok!(Pallet::<T>::suspend_patient(registrar::<T>(), patient));
		waits_for_another::<T, _>(patient);
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

	/// With a request to move, which ends too.
	#[benchmark]
	fn reject_doctor() {
		let doctor = pending_doctor::<T>(&account("doctor", 0, 0));
		waits_for_another::<T, _>(doctor);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		assert!(!Directory::<T>::contains_key(doctor));
	}

	/// With a pending change of account and a request to move, which end too.
	#[benchmark]
	fn suspend_doctor() {
		let (doctor, who) = doctor::<T>(0);
		changing_account::<T>(doctor.into(), who.clone());
		asks_to_move::<T>(who, Capacity::Doctor);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		let standing = Doctors::<T>::get(doctor).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Suspended));
	}

	/// With a request to move, which ends too.
	#[benchmark]
	fn reinstate_doctor() {
		let (doctor, _) = doctor::<T>(0);
		assert_ok!(Pallet::<T>::suspend_doctor(registrar::<T>(), doctor));
		waits_for_another::<T, _>(doctor);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		let standing = Doctors::<T>::get(doctor).map(|found| found.registration.standing);
		assert_eq!(standing, Some(Standing::Verified));
	}

	/// By a registrar, in place of another profile.
	#[benchmark]
	fn update_patient_profile() {
		let (patient, _) = patient::<T>();
		has_moved::<T>(patient, MAX_VAULT_MOVES);
		let (registrar, mut document) = (registrar::<T>(), document::<T>());
		document.digest = [9; 32];
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, patient, document.clone(), 0, None);
		let profile = Patients::<T>::get(patient).and_then(|found| found.profile);
		assert_eq!(profile.map(|profile| profile.document), Some(document));
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

	/// In place of other details.
	#[benchmark]
	fn set_doctor_details() {
		let (doctor, _) = doctor::<T>(0);
		Directory::<T>::mutate_extant(doctor, |entry| {
			entry.details = "\u{20bb8}".repeat(256).into_bytes().try_into().expect("within bounds");
		});
		let registrar = registrar::<T>();
		let details: Details =
			"\u{20bb7}".repeat(256).into_bytes().try_into().expect("within bounds");
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

	/// Another hospital than before.
	#[benchmark]
	fn request_move() {
		let (patient, who) = patient::<T>();
		asks_to_move::<T>(who.clone(), Capacity::Patient);
		let to = Some(T::Helper::hospital(2));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient, to);
		let asked = Patients::<T>::get(patient).map(|found| found.registration.moving_to);
		assert_eq!(asked, Some(to));
	}

	/// With a pending change of account and as many representatives as there can be who wait, which go along.
	#[benchmark]
	fn accept_patient() {
		let (patient, who) = patient::<T>();
		let to = T::Helper::hospitals().1;
		T::Helper::names(&who, &representatives::<T>());
		changing_account::<T>(patient.into(), who.clone());
		asks_to_move::<T>(who, Capacity::Patient);
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
		changing_account::<T>(doctor.into(), who.clone());
		let to = T::Helper::hospitals().1;
		asks_to_move::<T>(who, Capacity::Doctor);
		let registrar = T::Helper::registrar(to);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, doctor);
		assert_eq!(Doctors::<T>::get(doctor).map(|found| found.registration.hospital), Some(to));
	}

	#[benchmark]
	fn decline_move() {
		let (patient, who) = patient::<T>();
		let asked = T::Helper::hospitals().1;
		asks_to_move::<T>(who, Capacity::Patient);
		let registrar = T::Helper::registrar(asked);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, Person::Patient(patient));
		assert_eq!(MoveRequests::<T>::iter().count(), 0);
	}

	/// One request, which lapses.
	#[benchmark]
	fn end_request() {
		let (_, who) = patient::<T>();
		asks_to_move::<T>(who, Capacity::Patient);
		T::Helper::set_time(NOW + T::RegistrationPeriod::get());
		// There is weight left for this request alone, so that the place is written down.
		let look = T::DbWeight::get().reads(LOOK_AT_MOVE);
		let end = <T as Config>::WeightInfo::end_request();
		let mut meter = WeightMeter::with_limit(look.saturating_add(end));
		#[block]
		{
			Pallet::<T>::end_requests(&mut meter);
		}
		assert_eq!(MoveRequests::<T>::iter().count(), 0);
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
		has_moved::<T>(patient, MAX_VAULT_MOVES);
		let records = notes::<T>(r, MAX_BATCH);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), 0, records, None);
		assert!(Records::<T>::contains_key(patient, MAX_BATCH + r - 1));
	}

	/// `r` is the number of records, each a note to another. The doctor may see the whole chart.
	#[benchmark]
	fn append_records(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		let (doctor, acting) = doctor::<T>(0);
		add::<T>(&who, MAX_BATCH);
		grant::<T>(&who, doctor);
		has_moved::<T>(patient, MAX_VAULT_MOVES);
		let records = notes::<T>(r, MAX_BATCH);
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), patient, 0, records, None);
		assert!(Records::<T>::contains_key(patient, MAX_BATCH + r - 1));
	}

	/// As `append_records`, by a doctor who may see as many single records as can be shared.
	#[benchmark]
	fn append_to_shared(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		let (doctor, acting) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		share::<T>(&who, doctor, 1, MAX_SHARED);
		has_moved::<T>(patient, MAX_VAULT_MOVES);
		let records = notes::<T>(r, MAX_SHARED);
		#[extrinsic_call]
		append_records(RawOrigin::Signed(acting), patient, 0, records, None);
		assert!(Records::<T>::contains_key(patient, MAX_SHARED + r - 1));
	}

	/// `r` is the number of records, and `g` of the doctors, who each see as many as can be shared. An emergency opens as
	/// many as can be chosen.
	#[benchmark]
	fn withdraw_records(r: Linear<1, MAX_BATCH>, g: Linear<0, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		add::<T>(&who, MAX_BATCH);
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			share::<T>(&who, doctor, number + 1, MAX_SHARED);
		}
		T::Helper::plans(&who, MAX_EMERGENCY_RECORDS);
		let records = indices(r);
		// The chart is an old one, and has been counted so far.
		Recounting::<T>::put(Recount { record: MAX_BATCH, ..Recount::until(PatientId(1)) });
		#[extrinsic_call]
		_(RawOrigin::Signed(who), records);
		assert_eq!(Recounting::<T>::get().map(|recount| recount.withdrawn), Some(r));
		let live = Patients::<T>::get(patient).map(|found| found.chart.live);
		assert_eq!(live, Some(MAX_BATCH - r));
	}

	/// The doctor had no grant before.
	#[benchmark]
	fn grant_access() {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		let until = Some(NOW + 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), 0, key_for(doctor), true, until);
		assert!(GrantKeys::<T>::contains_key(patient, doctor));
	}

	/// `r` is the number of records. As many as can be are shared already, which are read, and yet the doctor has no grant,
	/// so that one more item is written: that takes more than either does.
	#[benchmark]
	fn share_records(r: Linear<1, MAX_SHARED>) {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		fill_shared::<T>(patient, doctor);
		let under = ShareUnder::New(ShareKey { generation: 1, key_version: 1, key: sealed() });
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor, under, shared(r), true, Some(NOW + 1));
		assert_eq!(SharedRecordsOf::<T>::get(patient, doctor).len() as u32, r);
	}

	/// `r` is the number of records, in place of as many of those that are shared under the present key, which are as many
	/// as can be.
	#[benchmark]
	fn share_more_records(r: Linear<1, MAX_SHARED>) {
		let (patient, who) = patient::<T>();
		let (doctor, _) = doctor::<T>(0);
		add::<T>(&who, MAX_SHARED);
		share::<T>(&who, doctor, 1, MAX_SHARED);
		let (under, until) = (ShareUnder::Present(1), Some(NOW + 1));
		#[extrinsic_call]
		share_records(RawOrigin::Signed(who), doctor, under, shared(r), true, until);
		assert_eq!(SharedRecordsOf::<T>::get(patient, doctor).len() as u32, MAX_SHARED);
		assert_eq!(Grants::<T>::get(patient, doctor).and_then(|grant| grant.expires_at), until);
	}

	/// `d` is the number of doctors who are revoked.
	#[benchmark]
	fn revoke_access(d: Linear<1, MAX_GRANTS>) {
		let (patient, who, doctors) = chart_of::<T>(MAX_GRANTS, MAX_GRANTS);
		let leaving: DoctorIds =
			doctors.into_iter().take(d as usize).collect::<Vec<_>>().try_into().expect("few");
		#[extrinsic_call]
		_(RawOrigin::Signed(who), leaving, None);
		let left = Patients::<T>::get(patient).map(|found| found.chart.grants);
		assert_eq!(left, Some(MAX_GRANTS - d));
	}

	/// `d` is the number of doctors who get the new key, and `g` that of the others who were granted the
	/// whole chart. Both together are as many as there can be.
	#[benchmark]
	fn rotate_chart_key(d: Linear<0, { MAX_GRANTS / 2 }>, g: Linear<0, { MAX_GRANTS / 2 }>) {
		let (patient, who, doctors) = chart_of::<T>(d + g, d);
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

	/// Another mirror than before, of a patient whose own hospital's documents were moved as far as those of
	/// many others, while as many hospitals as possible have a successor.
	#[benchmark]
	fn set_mirror() {
		let (patient, who) = patient::<T>();
		let (own, mirror) = T::Helper::hospitals();
		has_moved::<T>(patient, MAX_VAULT_MOVES - 1);
		VaultChoices::<T>::mutate(patient, |choice| {
			choice.moves.try_insert(own, GONE).expect("few enough");
			for (_, to) in choice.moves.iter_mut() {
				*to = HospitalId(2_001);
			}
		});
		succeeded::<T>((0..MAX_SUCCESSORS).map(|number| (HospitalId(1_000 + number), GONE)));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Some(mirror));
		assert_eq!(VaultChoices::<T>::get(patient).mirror, Some(mirror));
		assert!(!ChosenBy::<T>::contains_key(GONE, Place::from(patient.0)));
	}

	/// What was moved to many hospitals moves on. All of them have left, and have the same successor, as have as
	/// many others as there can be.
	#[benchmark]
	fn move_vault() {
		const MOVED: u32 = MAX_VAULT_MOVES / 2;
		let (patient, who) = patient::<T>();
		let place = Place::from(patient.0);
		let mut choice = VaultChoice::default();
		for number in 1..MOVED {
			let (from, left) = (HospitalId(1_000 + number), HospitalId(3_000 + number));
			choice.moves.try_insert(from, left).expect("few enough");
			ChosenBy::<T>::insert(left, place, ());
		}
		VaultChoices::<T>::insert(patient, choice);
		let own = (1..MOVED).map(|number| (HospitalId(3_000 + number), GONE));
		let others =
			(MOVED..MAX_SUCCESSORS).map(|number| (HospitalId(4_000 + number), HospitalId(2_001)));
		succeeded::<T>(own.chain(others));
		let (_, to) = T::Helper::hospitals();
		#[extrinsic_call]
		_(RawOrigin::Signed(who), GONE, to);
		let moves = VaultChoices::<T>::get(patient).moves;
		assert_eq!(moves.values().filter(|one| **one == to).count() as u32, 2 * MOVED - 1);
		assert_eq!(ChosenBy::<T>::iter_keys().count(), 1);
	}

	/// A hospital leaves that is the successor of as many others as there can be.
	#[benchmark]
	fn set_successor() {
		let (left, successor) = T::Helper::hospitals();
		T::Helper::expel(left);
		succeeded::<T>((1..MAX_SUCCESSORS).map(|number| (HospitalId(1_000 + number), left)));
		let council = T::Helper::council();
		#[extrinsic_call]
		_(council as T::RuntimeOrigin, left, Some(successor));
		let all = Successors::<T>::get();
		assert_eq!(all.values().filter(|one| **one == successor).count() as u32, MAX_SUCCESSORS);
	}

	/// As many institutions as there can be may add, and all of them are closed.
	#[benchmark]
	fn allow_deposit() {
		let (patient, who) = patient::<T>();
		let (institution, _) = T::Helper::operator();
		fill_deposits::<T>(patient, MAX_DEPOSITS, None);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), institution, Some(NOW + 1));
		assert_eq!(Deposits::<T>::get(patient).len(), 1);
	}

	/// `i` is the number of institutions, of as many as there can be.
	#[benchmark]
	fn end_deposit(i: Linear<1, MAX_DEPOSITS>) {
		let (patient, who) = patient::<T>();
		fill_deposits::<T>(patient, MAX_DEPOSITS, None);
		let ended: Vec<_> = (0..i).map(|number| InstitutionId(u32::MAX - number)).collect();
		let ended: InstitutionIds = ended.try_into().expect("within bounds");
		#[extrinsic_call]
		_(RawOrigin::Signed(who), ended);
		assert_eq!(Deposits::<T>::get(patient).len() as u32, MAX_DEPOSITS - i);
	}

	/// `r` is the number of records. As many institutions as there can be may add to the chart.
	#[benchmark]
	fn deposit_records(r: Linear<1, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		let (institution, operator) = T::Helper::operator();
		let origin = RawOrigin::Signed(who).into();
		assert_ok!(Pallet::<T>::allow_deposit(origin, institution, Some(NOW + 1)));
		fill_deposits::<T>(patient, MAX_DEPOSITS, None);
		has_moved::<T>(patient, MAX_VAULT_MOVES);
		let records = records::<T>(r);
		#[extrinsic_call]
		_(operator as T::RuntimeOrigin, patient, 0, records, None);
		assert!(Records::<T>::contains_key(patient, r - 1));
	}

	/// As many deposits as there can be are of institutions that are closed.
	#[benchmark]
	fn clear_deposits() {
		let (patient, _) = patient::<T>();
		fill_deposits::<T>(patient, MAX_DEPOSITS, None);
		#[block]
		{
			assert!(Pallet::<T>::clear_deposits(patient, &mut WeightMeter::new()));
		}
		assert!(!Deposits::<T>::contains_key(patient));
	}

	/// Of as many grants as there can be, the last that is looked at has run out.
	#[benchmark]
	fn make_room() {
		let (patient, _, doctors) = chart_of::<T>(MAX_GRANTS, MAX_GRANTS);
		last_grant_runs_out::<T>(patient);
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		#[block]
		{
			assert_ok!(Pallet::<T>::make_room(patient, &mut chart));
		}
		assert_eq!(chart.grants as usize + 1, doctors.len());
	}

	/// All `g` grants of a patient have run out. There is weight left for this patient alone, so that the place is
	/// written down. A look at the institutions of the patient's deposits counts by itself.
	#[benchmark]
	fn clear_grants(g: Linear<0, MAX_GRANTS>) {
		let (patient, who) = patient::<T>();
		for number in 0..g {
			let (doctor, _) = doctor::<T>(number);
			grant::<T>(&who, doctor);
		}
		T::Helper::set_time(NOW + 2_000_000 + T::ExpiredGrantsKept::get());
		let look = <T as Config>::WeightInfo::clear_grants(0);
		let clearing = match g {
			0 => Weight::zero(),
			grants => <T as Config>::WeightInfo::clear_grants(grants),
		};
		let mut meter = WeightMeter::with_limit(look.saturating_add(clearing));
		#[block]
		{
			Pallet::<T>::clear_grants(&mut meter);
		}
		assert_eq!(Patients::<T>::get(patient).map(|found| found.chart.grants), Some(0));
		assert_eq!(NextCleared::<T>::get(), PatientId(1));
	}

	/// The last `r` records of one old chart, all of which are withdrawn.
	#[benchmark]
	fn count_records(r: Linear<0, MAX_BATCH>) {
		let (patient, who) = patient::<T>();
		add::<T>(&who, MAX_BATCH);
		let passed = MAX_BATCH - r;
		for index in passed..MAX_BATCH {
			Records::<T>::mutate(patient, index, |slot| {
				slot.as_mut().expect("it was added").document = None;
			});
		}
		let start = Recount { record: passed, ..Recount::until(PatientId(2)) };
		Recounting::<T>::put(start);
		Patients::<T>::mutate(patient, |slot| {
			slot.as_mut().expect("registered").chart.live = MAX_BATCH + 1;
		});
		let look = <T as Config>::WeightInfo::count_records(0);
		let counting = match r {
			0 => Weight::zero(),
			records => <T as Config>::WeightInfo::count_records(records),
		};
		let mut meter = WeightMeter::with_limit(look.saturating_add(counting));
		#[block]
		{
			Pallet::<T>::count_records(&mut meter);
		}
		assert_eq!(Patients::<T>::get(patient).map(|found| found.chart.live), Some(passed));
		assert_eq!(Recounting::<T>::get().map(|recount| recount.patient), Some(PatientId(1)));
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
		changing_account::<T>(doctor.into(), who);
		let registrar = registrar::<T>();
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, Person::Doctor(doctor));
		assert_eq!(AccountChanges::<T>::iter().count(), 0);
	}

	/// One look at all `g` doctors of a chart, each of another hospital, while all of them have access, and at as many
	/// representatives as there can be.
	#[benchmark]
	fn settle(g: Linear<1, MAX_GRANTS>) {
		let (patient, who, _) = chart_of::<T>(g, g);
		is_represented::<T>(patient, &who);
		Pallet::<T>::next_lapse(here::<T>());
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		let looked_at;
		#[block]
		{
			looked_at = Pallet::<T>::settle(patient, &mut chart, NOW);
		}
		assert_eq!((looked_at, chart.lost_from), (g, None));
	}

	/// As `settle`, and one more look for the doctors who may see all of the chart, which is due now.
	#[benchmark]
	fn recipients(g: Linear<1, MAX_GRANTS>) {
		let (patient, who, _) = chart_of::<T>(g, g);
		is_represented::<T>(patient, &who);
		Pallet::<T>::next_lapse(here::<T>());
		let mut chart = Patients::<T>::get(patient).expect("registered").chart;
		let (looked_at, representatives, found, digest);
		#[block]
		{
			looked_at = Pallet::<T>::settle(patient, &mut chart, NOW);
			chart.mark_lost();
			representatives = T::Delegates::recipients(patient, NOW);
			found = Pallet::<T>::recipients_at(patient, NOW, MAX_RECIPIENT_DOCTORS);
			digest = Pallet::<T>::recipients_digest(patient, &chart, &found, &representatives);
		}
		assert_eq!((looked_at, found.len() as u32), (g, g.min(MAX_RECIPIENT_DOCTORS)));
		assert_ne!(digest, [0; 16]);
	}

	/// A block with nothing to do but to note that it has looked at the last of the requests to move.
	#[benchmark]
	fn on_idle_base() {
		here::<T>();
		LastMove::<T>::put(Person::Patient(PatientId(0)));
		let (patients, doctors) = (PatientId(0), DoctorId(0));
		assert_eq!((NextPatient::<T>::get(), NextDoctor::<T>::get()), (patients, doctors));
		#[block]
		{
			Pallet::<T>::keep_house(Weight::MAX);
		}
		assert_eq!((OldestPatient::<T>::get(), LastMove::<T>::get()), (patients, None));
	}

	#[benchmark]
	fn change_accounts() {
		let (doctor, old) = doctor::<T>(0);
		let new = changing_account::<T>(doctor.into(), old);
		T::Helper::set_time(NOW + AccountDelay::<T>::get());
		#[block]
		{
			Pallet::<T>::change_accounts(&mut WeightMeter::new());
		}
		assert_eq!(DoctorOf::<T>::get(new), Some(doctor));
	}

	/// With a request to move.
	#[benchmark]
	fn sweep_patient() {
		let patient = pending_patient::<T>(&account("patient", 0, 0));
		waits_for_another::<T, _>(patient);
		T::Helper::set_time(NOW + T::RegistrationPeriod::get());
		#[block]
		{
			Pallet::<T>::sweep::<PatientId>(&mut WeightMeter::new());
		}
		assert!(!Patients::<T>::contains_key(patient));
	}

	/// With a request to move.
	#[benchmark]
	fn sweep_doctor() {
		let doctor = pending_doctor::<T>(&account("doctor", 0, 0));
		waits_for_another::<T, _>(doctor);
		T::Helper::set_time(NOW + T::RegistrationPeriod::get());
		#[block]
		{
			Pallet::<T>::sweep::<DoctorId>(&mut WeightMeter::new());
		}
		assert!(!Doctors::<T>::contains_key(doctor));
	}

	/// Doctors, each with a proposal, a pending change of account and a request to move.
	#[benchmark]
	fn relocate_doctors(p: Linear<0, 100>) {
		let doctors: Vec<_> = (0..p)
			.map(|number| {
				let (doctor, who) = doctor::<T>(number);
				proposal::<T>(doctor, who.clone());
				changing_account::<T>(doctor.into(), who.clone());
				asks_to_move::<T>(who, Capacity::Doctor);
				doctor
			})
			.collect();
		let (from, to) = T::Helper::hospitals();
		relocates::<T>(from, to);
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
		relocates::<T>(from, to);
		#[block]
		{
			Pallet::<T>::relocate(&mut WeightMeter::new());
		}
		for patient in patients {
			let found = Patients::<T>::get(patient).expect("registered");
			assert_eq!(found.registration.hospital, to);
		}
	}

	/// Patients, each with a pending change of account, a request to move, and as many representatives as there can be
	/// who wait.
	#[benchmark]
	fn relocate_waiting(p: Linear<0, 50>) {
		let others = representatives::<T>();
		let patients: Vec<_> = (0..p)
			.map(|number| {
				let (patient, who) = patient_number::<T>(number);
				T::Helper::names(&who, &others);
				changing_account::<T>(patient.into(), who.clone());
				asks_to_move::<T>(who, Capacity::Patient);
				patient
			})
			.collect();
		let (from, to) = T::Helper::hospitals();
		relocates::<T>(from, to);
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
		relocates::<T>(from, to);
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
		let (hospital, other) = T::Helper::hospitals();
		let (patient, old) = (PatientId(0), former_patient::<T>());
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
