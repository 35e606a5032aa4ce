//! Each call at its most expensive: as many guardians, holders, requests and represented patients as there can be.

mod setup;

use crate::{agenda::HOUR, *};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, traits::Get, weights::Weight};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use setup::*;
use sp_io::hashing::sha2_256;

/// The parts of the runtime that the measurements need.
pub trait Helper<T: Config> {
	/// One of 64 active hospitals, with a profile key of version 1.
	fn hospital(number: u32) -> HospitalId;
	/// A registrar of the hospital.
	fn registrar(hospital: HospitalId) -> OriginFor<T>;
	/// The verified patient with this number, of the first hospital, who may have been asked for before.
	fn patient(number: u32) -> (PatientId, T::AccountId);
	/// The verified doctor with this number, whose key is confirmed. As for patients.
	fn doctor(number: u32) -> (DoctorId, T::AccountId);
	/// Makes the account a verified patient's or doctor's, of the first hospital, too.
	fn becomes(who: &T::AccountId, capacity: Capacity);
	/// Makes the account a registrar's of the first hospital, too.
	fn joins_desk(who: &T::AccountId);
	/// A patient whose chart has to look at its grants: so many, each to a doctor of another hospital.
	fn chart_to_look_at(grants: u32) -> (PatientId, T::AccountId);
	/// Looks for the recipients of the files of a chart that is due, as each addition to it does. Returns the number of
	/// doctors among them.
	fn look_for_recipients(patient: PatientId) -> u32;
	/// Begins a change of the person's account.
	fn changes_account(person: Person, who: &T::AccountId);
	/// Shares as many records as can be with a doctor who has had another key confirmed since.
	fn shares_under_earlier_key(patient: PatientId, doctor: DoctorId);
	/// Fills the patient's chart with grants, of which the one that is found last has run out.
	fn fill_chart(patient: PatientId);
	/// Fills the patient's empty chart with records that so many notes can answer, each another one and in another vault
	/// as long as there are any.
	fn notes(patient: PatientId, count: u32) -> NewRecords;
	/// Adds so many records to the patient's chart.
	fn records(patient: PatientId, count: u32);
	/// The patient lets the doctor see the whole chart.
	fn grants(patient: PatientId, doctor: DoctorId);
	/// A new account, which has signed this message about it.
	fn new_account(message: impl FnOnce(&T::AccountId) -> Vec<u8>) -> (T::AccountId, T::Signature);
	/// Sets the chain's clock.
	fn set_time(now: Moment);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// In place of another one.
	#[benchmark]
	fn set_acting_key() {
		let (number, who) = patient::<T>(0);
		assert_ok!(Pallet::<T>::set_acting_key(signed::<T>(&who), SUITE_X_WING, public_key(1)));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), SUITE_X_WING, public_key(2));
		assert_eq!(ActingKeys::<T>::get(number).map(|own| own.versions), Some(2));
	}

	/// In place of as many as there can be, after as many requests as there can be.
	#[benchmark]
	fn set_guardians(s: Linear<2, MAX_DELEGATES>) {
		let (person, who) = ward::<T>();
		lapsed::<T>(person, MOST);
		let divided = divided_among_people::<T>(OTHERS, s);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient, divided, MIN_DELAY);
		assert_eq!(GuardianShares::<T>::iter_prefix(person).count(), s as usize);
		assert_eq!(Recoveries::<T>::iter_prefix(person).count(), 0);
	}

	/// After as many requests as there can be.
	#[benchmark]
	fn remove_guardians() {
		let (person, who) = ward::<T>();
		lapsed::<T>(person, MOST);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient);
		assert!(!GuardianSets::<T>::contains_key(person));
	}

	/// In place of as many as there can be, which have lapsed.
	#[benchmark]
	fn request_recovery() {
		let (person, _) = ward::<T>();
		lapsed::<T>(person, MOST);
		let (new, proof) = device::<T>(person);
		let (origin, acting, key) = (guardian::<T>(0), ActingAs::Patient, public_key(7));
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone(), SUITE_X_WING, key, proof);
		assert!(Recoveries::<T>::contains_key(person, new));
		assert_eq!(Recoveries::<T>::iter_prefix(person).count(), 1);
		assert_eq!(RecoveryShares::<T>::iter().count(), 0);
	}

	/// The last that is needed, beside as many other requests as there can be.
	#[benchmark]
	fn approve_recovery() {
		let (person, _) = ward::<T>();
		let new = requested::<T>(person, 1);
		lapsed::<T>(person, MOST - 1);
		let (origin, acting) = (guardian::<T>(MOST - 1), ActingAs::Patient);
		let digest = sha2_256(&public_key(7));
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone(), digest);
		assert!(Recoveries::<T>::get(person, new).expect("requested").due.is_some());
	}

	#[benchmark]
	fn withdraw_approval() {
		let (person, _) = ward::<T>();
		let new = due::<T>(person);
		let (origin, acting) = (guardian::<T>(MOST - 1), ActingAs::Patient);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone());
		assert!(Recoveries::<T>::get(person, new).expect("requested").due.is_none());
	}

	#[benchmark]
	fn hand_over_share() {
		let (person, _) = ward::<T>();
		let new = requested::<T>(person, 0);
		T::Helper::set_time(NOW.saturating_add(MIN_DELAY));
		let (origin, acting) = (guardian::<T>(0), ActingAs::Patient);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new, sealed_share());
		assert_eq!(RecoveryShares::<T>::iter().count(), 1);
	}

	/// With `d` doctors who get the new key. The patient represents as many as there can be, with the key of each chart,
	/// has a plan by which doctors see the chart and ask, and is about to change the account. There are as many other
	/// requests as there can be.
	#[benchmark]
	fn finish_recovery(d: Linear<0, MAX_GRANTS>) {
		let (person, who) = ward::<T>();
		let (patient, _) = T::Helper::patient(0);
		for number in 0..d {
			T::Helper::grants(patient, T::Helper::doctor(number).0);
		}
		for number in 1..=MAX_REPRESENTED {
			let (other, acting) = T::Helper::patient(number);
			named::<T>((other, &acting), (patient, &who));
			confirmed::<T>(other, patient);
			// Each naming came with the next version of the patient's key.
			let (origin, sealed) = (signed::<T>(&acting), SealedEpoch { epoch: 0, key: sealed() });
			assert_ok!(Pallet::<T>::seal_to_representative(origin, patient, number, sealed));
		}
		plan::<T>();
		crowded::<T>(patient);
		let new = due::<T>(person);
		lapsed::<T>(person, MOST - 1);
		T::Helper::changes_account(person, &who);
		let epoch = |byte| EpochKey {
			key: public_key(byte),
			salt: [1; 16],
			previous: Some(WrappedSecret([1; 60])),
		};
		let sealed: Vec<_> = (0..d)
			.map(|number| {
				let (doctor, _) = T::Helper::doctor(number);
				KeyForDoctor { doctor, key_version: 1, key: sealed() }
			})
			.collect();
		let rotation = Rotation {
			epoch: 2,
			keys: ChartKeys {
				suite: SUITE_X_WING,
				distributed: epoch(1),
				standby: epoch(2),
				standby_tag: [1; 32],
			},
			sealed: sealed.try_into().expect("few enough"),
		};
		#[extrinsic_call]
		_(RawOrigin::Signed(new), person, NewSecrets::Patient(rotation));
		assert!(!GuardianSets::<T>::contains_key(person));
		assert!(!EmergencyPlans::<T>::contains_key(patient));
		assert_eq!(RepresentativeKeys::<T>::iter().count(), 0);
	}

	/// The doctor is about to change the account, and there are as many other requests as there can be.
	#[benchmark]
	fn finish_doctors_recovery() {
		T::Helper::set_time(NOW);
		let (doctor, who) = T::Helper::doctor(0);
		guarded::<T>(&who, Capacity::Doctor);
		let person = Person::Doctor(doctor);
		let new = due::<T>(person);
		lapsed::<T>(person, MOST - 1);
		T::Helper::changes_account(person, &who);
		let with = NewSecrets::Doctor { suite: SUITE_X_WING, key: public_key(9) };
		#[extrinsic_call]
		finish_recovery(RawOrigin::Signed(new), person, with);
		assert!(!GuardianSets::<T>::contains_key(person));
	}

	#[benchmark]
	fn veto_recovery() {
		let (person, who) = ward::<T>();
		let new = due::<T>(person);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), person, new);
		assert_eq!(RecoveryShares::<T>::iter().count(), 0);
	}

	#[benchmark]
	fn cancel_recovery() {
		let (person, _) = ward::<T>();
		let new = due::<T>(person);
		#[extrinsic_call]
		_(RawOrigin::Signed(new), person);
		assert_eq!(RecoveryShares::<T>::iter().count(), 0);
	}

	#[benchmark]
	fn name_representative() {
		let ((number, who), (other, _)) = (patient::<T>(0), patient::<T>(1));
		let until = Some(NOW.saturating_mul(2));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), other, Scopes(15), until);
		assert!(Representatives::<T>::contains_key(number));
	}

	#[benchmark]
	fn confirm_representative() {
		let ((number, who), (other, acting)) = (patient::<T>(0), patient::<T>(1));
		named::<T>((number, &who), (other, &acting));
		let (origin, digest) = (desk::<T>(0), sha2_256(&public_key(1)));
		let until = Some(NOW.saturating_mul(2));
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, number, other, Scopes(15), until, digest);
		assert!(Represented::<T>::get(other).contains(&number));
	}

	#[benchmark]
	fn refuse_representative() {
		let ((number, who), (other, acting)) = (patient::<T>(0), patient::<T>(1));
		named::<T>((number, &who), (other, &acting));
		let origin = desk::<T>(0);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, number, other);
		assert!(!Representatives::<T>::contains_key(number));
	}

	#[benchmark]
	fn seal_to_representative() {
		let (number, other, who, _) = represented::<T>();
		let sealed = SealedEpoch { epoch: 0, key: sealed() };
		#[extrinsic_call]
		_(RawOrigin::Signed(who), other, 1, sealed);
		assert!(RepresentativeKeys::<T>::contains_key(number, other));
	}

	#[benchmark]
	fn end_representation() {
		let (number, other, who, _) = represented::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(who), other);
		assert!(!Representatives::<T>::contains_key(number));
	}

	#[benchmark]
	fn resign_representation() {
		let (number, _, _, acting) = represented::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number);
		assert!(!Representatives::<T>::contains_key(number));
	}

	/// `r` is the number of records, each a note to another. The chart has no doctors: what a look at these takes is in
	/// `settle` and `recipients`.
	#[benchmark]
	fn add_records_for(r: Linear<1, MAX_BATCH>) {
		let (number, _, _, acting) = represented::<T>();
		let records = T::Helper::notes(number, r);
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number, 0, records, None);
		assert!(T::Charts::has_record(number, MAX_BATCH + r - 1));
	}

	/// In place of the last of as many grants as there can be, which has run out.
	#[benchmark]
	fn grant_access_for() {
		let (number, _, _, acting) = represented::<T>();
		T::Helper::fill_chart(number);
		let (doctor, _) = T::Helper::doctor(0);
		let key = KeyForDoctor { doctor, key_version: 1, key: sealed() };
		let until = Some(NOW.saturating_mul(2));
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number, 0, key, true, until);
		assert!(T::Charts::sees_chart(number, doctor));
	}

	#[benchmark]
	fn revoke_access_for(d: Linear<1, MAX_GRANTS>) {
		let (number, _, _, acting) = represented::<T>();
		let doctors: Vec<_> = (0..d)
			.map(|one| {
				let (doctor, _) = T::Helper::doctor(one);
				T::Helper::grants(number, doctor);
				doctor
			})
			.collect();
		let doctors = doctors.try_into().expect("few enough");
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number, doctors);
		assert!(T::Charts::is_due(number));
	}

	/// In place of a plan by which doctors see the chart and ask.
	#[benchmark]
	fn set_emergency_plan(s: Linear<2, MAX_DELEGATES>, r: Linear<1, MAX_EMERGENCY_RECORDS>) {
		let (number, who) = plan::<T>();
		T::Helper::records(number, r);
		crowded::<T>(number);
		let records: BTreeMap<_, _> =
			(0..r).map(|record| (record, WrappedFileKey([1; 44]))).collect();
		let records = records.try_into().expect("few enough");
		let set = EmergencySet::Records { key: sealed(), records };
		let (divided, key) = (divided::<T>(s), public_key(3));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), divided, SUITE_X_WING, key, set, 1);
		assert_eq!(EmergencyShares::<T>::iter_prefix(number).count(), s as usize);
	}

	#[benchmark]
	fn renew_emergency_key() {
		let (number, who) = plan::<T>();
		let sealed = SealedEpoch { epoch: 0, key: sealed() };
		#[extrinsic_call]
		_(RawOrigin::Signed(who), NOW, sealed);
		assert!(EmergencySets::<T>::contains_key(number));
	}

	#[benchmark]
	fn remove_emergency_plan() {
		let (number, who) = plan::<T>();
		crowded::<T>(number);
		#[extrinsic_call]
		_(RawOrigin::Signed(who));
		assert!(!EmergencyPlans::<T>::contains_key(number));
	}

	/// In place of one of as many as there can be, which have lapsed. The doctor has had an emergency, and may see single
	/// records.
	#[benchmark]
	fn request_emergency() {
		let (number, _) = plan::<T>();
		let (doctor, who) = asked::<T>(number, 0, 0);
		remembers::<T>(number);
		for other in 1..=MAX_EMERGENCY_REQUESTS {
			waits_in_vain::<T>(number, other);
		}
		T::Helper::shares_under_earlier_key(number, doctor);
		T::Helper::set_time(NOW.saturating_mul(2));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), number, EmergencyReason::Unable, [1; 32]);
		assert!(EmergencyRequests::<T>::contains_key(number, doctor));
		let left = EmergencyRequests::<T>::iter_prefix(number).count();
		assert_eq!(left, MAX_EMERGENCY_REQUESTS as usize);
	}

	/// The last that is needed. The oldest emergency, which has closed, makes room.
	#[benchmark]
	fn confirm_emergency() {
		let (number, _) = plan::<T>();
		for other in 1..=MAX_EMERGENCIES {
			asked::<T>(number, other, 0);
		}
		T::Helper::set_time(NOW.saturating_mul(2));
		let (doctor, _) = asked::<T>(number, 0, 1);
		let origin = desk::<T>(MOST - 1);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, number, doctor, 1, sealed_share());
		assert!(T::Charts::sees_chart(number, doctor));
	}

	/// A request takes more to end than an emergency that is open.
	#[benchmark]
	fn end_emergency() {
		let (number, who) = plan::<T>();
		let (doctor, _) = waits_in_vain::<T>(number, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor);
		assert!(!EmergencyRequests::<T>::contains_key(number, doctor));
	}

	#[benchmark]
	fn withdraw_emergency_request() {
		let (number, _) = plan::<T>();
		let (doctor, who) = waits_in_vain::<T>(number, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), number);
		assert!(!EmergencyRequests::<T>::contains_key(number, doctor));
	}

	/// The last of as many as are kept.
	#[benchmark]
	fn review_emergency() {
		let (number, who) = plan::<T>();
		let (doctor, _) = asked::<T>(number, 0, 0);
		remembers::<T>(number);
		T::Helper::set_time(NOW.saturating_add(T::MaxEmergencyDuration::get()));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor, NOW, Review::Justified);
		let kept = Emergencies::<T>::get(number);
		assert!(kept.is_full() && kept.last().is_some_and(|one| one.review.is_some()));
	}

	/// A look at all `g` doctors of a chart, each of another hospital, and at as many representatives as there can be.
	#[benchmark]
	fn settle(g: Linear<1, MAX_GRANTS>) {
		let number = chart_to_look_at::<T>(g);
		let is_due;
		#[block]
		{
			is_due = T::Charts::is_due(number);
		}
		assert!(!is_due);
	}

	/// The same, and one more look for the doctors who may see all of the chart, which is due now.
	#[benchmark]
	fn recipients(g: Linear<1, MAX_GRANTS>) {
		let number = chart_to_look_at::<T>(g);
		let found;
		#[block]
		{
			found = T::Helper::look_for_recipients(number);
		}
		assert_eq!(found, g.min(MAX_RECIPIENT_DOCTORS));
		let representatives = <Pallet<T> as Delegates>::recipients(number, NOW);
		assert_eq!(representatives.len(), MAX_REPRESENTATIVES as usize);
	}

	/// A block with nothing to do.
	#[benchmark]
	fn on_idle_base() {
		T::Helper::set_time(NOW);
		FirstHour::<T>::put(u64::MAX);
		#[block]
		{
			Pallet::<T>::keep_agenda(Weight::MAX);
		}
		assert_eq!(FirstHour::<T>::get(), Some(u64::MAX));
	}

	/// A request with as many shares as there can be, which has lapsed. It is the only task of its hour, so that the next
	/// hour is written down.
	#[benchmark]
	fn sweep() {
		let (number, _) = plan::<T>();
		waits_in_vain::<T>(number, 0);
		// The first hour after the end has just begun, or a part of it has passed.
		T::Helper::set_time(
			NOW.saturating_add(T::EmergencyRequestPeriod::get()).saturating_add(HOUR),
		);
		let first = FirstHour::<T>::get();
		#[block]
		{
			Pallet::<T>::keep_agenda(Weight::MAX);
		}
		assert_eq!(FirstHour::<T>::get(), first.map(|hour| hour + 1));
		assert_eq!(ConfirmedShares::<T>::iter().count(), 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
