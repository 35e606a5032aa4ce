//! Each call at its most expensive: as many guardians, holders, requests and represented patients as there can be.

mod setup;

use crate::*;
use alloc::{collections::BTreeMap, vec, vec::Vec};
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

	#[benchmark]
	fn set_acting_key() {
		let (number, who) = patient::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), SUITE_X_WING, public_key(1));
		assert!(ActingKeys::<T>::contains_key(number));
	}

	/// In place of as many as there can be, who have all begun.
	#[benchmark]
	fn set_guardians(s: Linear<2, MAX_DELEGATES>) {
		let (person, who) = ward::<T>();
		due::<T>(person);
		let divided = divided_among_people::<T>(s);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient, divided, MIN_DELAY);
		assert_eq!(GuardianShares::<T>::iter_prefix(person).count(), s as usize);
		assert_eq!(Recoveries::<T>::iter().count(), 0);
	}

	#[benchmark]
	fn remove_guardians() {
		let (person, who) = ward::<T>();
		due::<T>(person);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), Capacity::Patient);
		assert!(!GuardianSets::<T>::contains_key(person));
	}

	/// In place of one that all have begun, and that has lapsed.
	#[benchmark]
	fn request_recovery() {
		let (person, _) = ward::<T>();
		due::<T>(person);
		T::Helper::set_time(NOW.saturating_mul(2));
		let (new, proof) = device::<T>(person);
		let (origin, acting, key) = (desk::<T>(0), ActingAs::Desk, public_key(7));
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone(), SUITE_X_WING, key, proof);
		assert!(Recoveries::<T>::contains_key(person, new));
		assert_eq!(RecoveryShares::<T>::iter().count(), 0);
	}

	/// The last that is needed.
	#[benchmark]
	fn approve_recovery() {
		let (person, _) = ward::<T>();
		let new = requested::<T>(person, 1);
		let (origin, acting) = (desk::<T>(MOST - 1), ActingAs::Desk);
		let digest = sha2_256(&public_key(7));
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone(), digest);
		assert!(Recoveries::<T>::get(person, new).expect("requested").due.is_some());
	}

	#[benchmark]
	fn withdraw_approval() {
		let (person, _) = ward::<T>();
		let new = due::<T>(person);
		let (origin, acting) = (desk::<T>(MOST - 1), ActingAs::Desk);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new.clone());
		assert!(Recoveries::<T>::get(person, new).expect("requested").due.is_none());
	}

	#[benchmark]
	fn hand_over_share() {
		let (person, _) = ward::<T>();
		let new = requested::<T>(person, 0);
		T::Helper::set_time(NOW.saturating_add(MIN_DELAY));
		let (origin, acting) = (desk::<T>(0), ActingAs::Desk);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, person, acting, new, sealed_share());
		assert_eq!(RecoveryShares::<T>::iter().count(), 1);
	}

	/// With `d` doctors who get the new key. The patient represents as many as there can be, with the key of each chart,
	/// and has a plan by which doctors see the chart and ask.
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

	#[benchmark]
	fn finish_doctors_recovery() {
		T::Helper::set_time(NOW);
		let (doctor, who) = T::Helper::doctor(0);
		let divided = divided::<T>(MOST);
		let origin = signed::<T>(&who);
		assert_ok!(Pallet::<T>::set_guardians(origin, Capacity::Doctor, divided, MIN_DELAY));
		let person = Person::Doctor(doctor);
		let new = due::<T>(person);
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

	/// Of a chart that has no doctors. What a look at these takes is in `settle` and `recipients`.
	#[benchmark]
	fn add_records_for(r: Linear<1, MAX_BATCH>) {
		let (number, _, _, acting) = represented::<T>();
		let vault = T::Helper::hospital(0);
		let document = Document { digest: [1; 32], head: [2; 16], size: 4_096, vault };
		let record = NewRecord { document, in_reply_to: None };
		let records = vec![record; r as usize].try_into().expect("few enough");
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number, 0, records, None);
		assert!(T::Charts::has_record(number, r - 1));
	}

	#[benchmark]
	fn grant_access_for() {
		let (number, _, _, acting) = represented::<T>();
		let (doctor, _) = T::Helper::doctor(0);
		let key = KeyForDoctor { doctor, key_version: 1, key: sealed() };
		#[extrinsic_call]
		_(RawOrigin::Signed(acting), number, 0, key, true, None);
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

	#[benchmark]
	fn request_emergency() {
		let (number, _) = plan::<T>();
		// The doctor has had an emergency, and now the others' requests have lapsed.
		let (doctor, who) = asked::<T>(number, 0, 0);
		for other in 1..=MAX_EMERGENCY_REQUESTS {
			asked::<T>(number, other, 1);
		}
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

	#[benchmark]
	fn end_emergency() {
		let (number, who) = plan::<T>();
		let (doctor, _) = asked::<T>(number, 0, 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor);
		assert!(!EmergencyRequests::<T>::contains_key(number, doctor));
	}

	#[benchmark]
	fn withdraw_emergency_request() {
		let (number, _) = plan::<T>();
		let (doctor, who) = asked::<T>(number, 0, 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), number);
		assert!(!EmergencyRequests::<T>::contains_key(number, doctor));
	}

	#[benchmark]
	fn review_emergency() {
		let (number, who) = plan::<T>();
		let (doctor, _) = asked::<T>(number, 0, 0);
		T::Helper::set_time(NOW.saturating_add(T::MaxEmergencyDuration::get()));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), doctor, NOW, Review::Justified);
		assert!(Emergencies::<T>::get(number).iter().all(|one| one.review.is_some()));
	}

	/// A look at all `g` doctors of a chart.
	#[benchmark]
	fn settle(g: Linear<1, MAX_GRANTS>) {
		let (number, _) = patient::<T>(0);
		for doctor in 0..g {
			T::Helper::grants(number, T::Helper::doctor(doctor).0);
		}
		#[block]
		{
			T::Charts::is_due(number);
		}
	}

	/// The same, of a chart with as many representatives as there can be.
	#[benchmark]
	fn recipients(g: Linear<1, MAX_GRANTS>) {
		let (number, who) = patient::<T>(0);
		for doctor in 0..g {
			T::Helper::grants(number, T::Helper::doctor(doctor).0);
		}
		for one in 1..=MAX_REPRESENTATIVES {
			let (other, acting) = T::Helper::patient(one);
			named::<T>((number, &who), (other, &acting));
			confirmed::<T>(number, other);
		}
		let found;
		#[block]
		{
			T::Charts::is_due(number);
			found = <Pallet<T> as Delegates>::recipients(number, NOW);
		}
		assert_eq!(found.len(), MAX_REPRESENTATIVES as usize);
	}

	/// A block with nothing to do.
	#[benchmark]
	fn on_idle_base() {
		T::Helper::set_time(NOW);
		#[block]
		{
			Pallet::<T>::keep_agenda(Weight::MAX);
		}
		assert_eq!(FirstHour::<T>::get(), None);
	}

	/// A request with as many shares as there can be, which has lapsed.
	#[benchmark]
	fn sweep() {
		let (number, _) = plan::<T>();
		let (doctor, _) = asked::<T>(number, 0, 1);
		T::Helper::set_time(NOW.saturating_mul(2));
		#[block]
		{
			Pallet::<T>::sweep_emergency(number, doctor);
		}
		assert_eq!(ConfirmedShares::<T>::iter().count(), 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
