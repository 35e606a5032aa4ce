//! The decisions of hospitals about people.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_decide<Id: PersonId<T>>(
		hospital: HospitalId,
		id: Id,
		decision: Decision,
	) -> DispatchResult {
		Self::decide(hospital, id, decision, |_| Ok(()))
	}

	/// Verifies every patient who can be verified. One who can't be keeps none of the others from it: several registrars
	/// of a desk work on one queue.
	pub(crate) fn do_verify_patients(
		hospital: HospitalId,
		patients: PatientBatch,
	) -> DispatchResult {
		ensure!(!patients.is_empty(), Error::<T>::NobodyNamed);
		let mut is_any_verified = false;
		let mut outcome = Ok(());
		for patient in patients {
			let verified =
				with_storage_layer(|| Self::do_decide(hospital, patient, Decision::Verify));
			match verified {
				Ok(()) => is_any_verified = true,
				Err(why) => {
					Self::deposit_event(Event::VerificationRefused { patient, why });
					// The first one's reason stays.
					outcome = outcome.and(Err(why));
				},
			}
		}
		if is_any_verified { Ok(()) } else { outcome }
	}

	pub(crate) fn do_verify_doctor(
		hospital: HospitalId,
		doctor: DoctorId,
		key_digest: [u8; 32],
		profile_digest: [u8; 32],
		licence_expires: Option<Moment>,
	) -> DispatchResult {
		ensure!(!has_come(licence_expires, Self::now()), Error::<T>::LicenceExpired);
		Self::decide(hospital, doctor, Decision::Verify, |found| {
			Self::ensure_key_digest(doctor, key_digest)?;
			Self::ensure_profile_digest(doctor, profile_digest)?;
			found.vouched_version = found.key_version;
			found.licence_expires = licence_expires;
			Ok(())
		})
	}

	/// Decides about a person of this hospital, unless `confirm` fails.
	fn decide<Id: PersonId<T>>(
		hospital: HospitalId,
		id: Id,
		decision: Decision,
		confirm: impl FnOnce(&mut Id::Entry) -> DispatchResult,
	) -> DispatchResult {
		let account = Self::change(hospital, id, |entry| {
			let before = entry.as_ref().clone();
			let registration = entry.as_mut();
			ensure!(
				registration.standing == decision.before(),
				match decision {
					Decision::Verify | Decision::Reject => Error::<T>::NotPending,
					Decision::Suspend => Id::NOT_VERIFIED,
					Decision::Reinstate => Error::<T>::NotSuspended,
				}
			);
			registration.standing = decision.after();
			// A suspended person's is from the time when the hospital had left, and could not decide. One who waited
			// to be verified may go on waiting: verified people may ask.
			if !matches!(decision, Decision::Verify) {
				registration.moving_to = None;
			}
			confirm(entry)?;
			Self::count_decision::<Id>(hospital, decision)?;
			id.follow(entry, decision);
			Self::reindex(id, Some(&before), Some(entry.as_ref()));
			Ok(())
		})?;
		match decision {
			Decision::Verify | Decision::Reinstate => T::Roles::gained(&account, Id::ROLE),
			Decision::Suspend => {
				T::Roles::lost(&account, Id::ROLE);
				Self::end_change(hospital, id.into(), ChangeStop::Suspended);
				let person: Person = id.into();
				if let Person::Patient(patient) = person {
					T::Delegates::suspended(patient);
				}
			},
			// The account of an unverified person has no role.
			Decision::Reject => (),
		}
		Self::deposit_event(id.decided(decision));
		Ok(())
	}
}
