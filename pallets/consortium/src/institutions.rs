//! Institutions: laboratories, imaging and records departments, and the accounts that add records for
//! them.
//!
//! Where a patient allows it, an institution adds to the chart at once. So its hospital's controller alone
//! decides who works for it, and not the registrars.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{Role, Roles};
use sp_runtime::Saturating;

impl<T: Config> Pallet<T> {
	/// The open institution that an account adds records for.
	pub fn operator_of(account: &T::AccountId) -> Option<InstitutionId> {
		OperatorOf::<T>::get(account)
	}

	/// The hospital of an open institution, which is an active one.
	pub fn institution_hospital(institution: InstitutionId) -> Option<HospitalId> {
		Self::open_institution(institution).ok().map(|found| found.hospital)
	}

	pub(crate) fn do_add_institution(
		hospital: HospitalId,
		kind: InstitutionKind,
		name: Name,
	) -> DispatchResult {
		Self::ensure_name(&name)?;
		let institution = NextInstitution::<T>::get();
		let next = institution.next().ok_or(Error::<T>::MaxInstitutionsExceeded)?;
		// Ids grow, so the list stays sorted.
		InstitutionsOf::<T>::try_append(hospital, institution)
			.map_err(|()| Error::<T>::MaxInstitutionsExceeded)?;
		NextInstitution::<T>::put(next);
		Institutions::<T>::insert(institution, Institution { hospital, kind, name, open: true });
		Self::deposit_event(Event::InstitutionAdded { institution, hospital, kind });
		Ok(())
	}

	/// Returns the number of operators that the institution had.
	pub(crate) fn do_close_institution(
		hospital: HospitalId,
		institution: InstitutionId,
	) -> Result<u32, DispatchError> {
		Self::institution_of(hospital, institution)?;
		InstitutionsOf::<T>::mutate_exists(hospital, |slot| {
			if let Some(list) = slot {
				list.retain(|one| *one != institution);
			}
			if slot.as_ref().is_some_and(|list| list.is_empty()) {
				*slot = None;
			}
		});
		Ok(Self::close(institution))
	}

	/// Closes the institutions of a hospital that leaves. Returns the number of operators that they had.
	pub(crate) fn close_all_institutions(hospital: HospitalId) -> u32 {
		let mut operators = 0u32;
		for institution in InstitutionsOf::<T>::take(hospital) {
			operators = operators.saturating_add(Self::close(institution));
		}
		operators
	}

	/// Replaces an earlier appointment of the same account. Several institutions may appoint one account:
	/// otherwise one could keep it from all others.
	pub(crate) fn do_appoint_operator(
		hospital: HospitalId,
		institution: InstitutionId,
		operator: T::AccountId,
	) -> DispatchResult {
		Self::institution_of(hospital, institution)?;
		let is_new = OperatorOf::<T>::get(&operator) != Some(institution);
		ensure!(is_new, Error::<T>::AlreadyOperator);
		let now = Self::now();
		let until = now.saturating_add(Self::stretched(T::AppointmentPeriod::get()));
		OperatorAppointments::<T>::try_mutate(institution, |waiting| {
			let new = Appointment { account: operator.clone(), until };
			ensure!(appointments::offer(waiting, new, now), Error::<T>::MaxAppointmentsExceeded);
			Ok::<(), DispatchError>(())
		})?;
		Self::deposit_event(Event::OperatorAppointed { institution, operator, until });
		Ok(())
	}

	/// Removes an operator, or withdraws the appointment of an account that has not accepted it yet.
	pub(crate) fn do_remove_operator(
		hospital: HospitalId,
		institution: InstitutionId,
		operator: T::AccountId,
	) -> DispatchResult {
		Self::institution_of(hospital, institution)?;
		if OperatorOf::<T>::get(&operator) == Some(institution) {
			Self::remove_operator_of(institution, operator);
			return Ok(());
		}
		let is_appointed = Self::operator_appointment(institution, &operator).is_some();
		ensure!(is_appointed, Error::<T>::NotOperator);
		Self::forget_operator_appointment(institution, &operator);
		Self::deposit_event(Event::OperatorAppointmentWithdrawn { institution, operator });
		Ok(())
	}

	pub(crate) fn do_join_institution(
		who: T::AccountId,
		institution: InstitutionId,
	) -> DispatchResult {
		Self::can_join_institution(&who, institution)?;
		Operators::<T>::try_mutate(institution, |list| {
			let position = match list.binary_search(&who) {
				Ok(_) => return Err(Error::<T>::AlreadyOperator),
				Err(position) => position,
			};
			list.try_insert(position, who.clone()).map_err(|_| Error::<T>::MaxOperatorsExceeded)
		})?;
		Self::forget_operator_appointment(institution, &who);
		OperatorOf::<T>::insert(&who, institution);
		T::Roles::gained(&who, Role::Operator);
		Self::deposit_event(Event::OperatorAdded { institution, operator: who });
		Ok(())
	}

	/// Whether an account can accept its appointment as an operator of the institution.
	pub fn can_join_institution(who: &T::AccountId, institution: InstitutionId) -> DispatchResult {
		let is_appointed = Self::operator_appointment(institution, who).is_some();
		ensure!(is_appointed, Error::<T>::NotAppointed);
		ensure!(!OperatorOf::<T>::contains_key(who), Error::<T>::AlreadyOperator);
		let operators = Operators::<T>::decode_len(institution).unwrap_or_default();
		ensure!(operators < T::MaxOperators::get() as usize, Error::<T>::MaxOperatorsExceeded);
		Ok(())
	}

	pub(crate) fn do_leave_institution(who: T::AccountId) -> DispatchResult {
		let institution = OperatorOf::<T>::get(&who).ok_or(Error::<T>::NotOperator)?;
		Self::remove_operator_of(institution, who);
		Ok(())
	}

	/// Closes an institution, but for its place in its hospital's list. Returns the number of operators
	/// that it had.
	fn close(institution: InstitutionId) -> u32 {
		OperatorAppointments::<T>::remove(institution);
		let operators = Operators::<T>::take(institution);
		for operator in &operators {
			Self::dismiss_operator(operator);
		}
		Institutions::<T>::mutate_extant(institution, |found| found.open = false);
		Self::deposit_event(Event::InstitutionClosed { institution });
		operators.len() as u32
	}

	fn remove_operator_of(institution: InstitutionId, operator: T::AccountId) {
		Operators::<T>::mutate_exists(institution, |slot| {
			if let Some(list) = slot {
				list.retain(|one| *one != operator);
			}
			if slot.as_ref().is_some_and(|list| list.is_empty()) {
				*slot = None;
			}
		});
		Self::dismiss_operator(&operator);
		Self::deposit_event(Event::OperatorRemoved { institution, operator });
	}

	/// Ends everything that makes an account an operator, but for its place in the list.
	fn dismiss_operator(operator: &T::AccountId) {
		OperatorOf::<T>::remove(operator);
		T::Roles::lost(operator, Role::Operator);
	}

	fn open_institution(institution: InstitutionId) -> Result<Institution, Error<T>> {
		Institutions::<T>::get(institution)
			.filter(|found| found.open)
			.ok_or(Error::<T>::InstitutionNotFound)
	}

	/// An open institution of this very hospital.
	fn institution_of(
		hospital: HospitalId,
		institution: InstitutionId,
	) -> Result<Institution, Error<T>> {
		let found = Self::open_institution(institution)?;
		ensure!(found.hospital == hospital, Error::<T>::OtherHospital);
		Ok(found)
	}

	/// The first block in which the account can no longer accept to work for the institution, if it can
	/// now.
	pub fn operator_appointment(
		institution: InstitutionId,
		account: &T::AccountId,
	) -> Option<BlockNumberFor<T>> {
		let waiting = OperatorAppointments::<T>::get(institution);
		appointments::end_of(&waiting, account, Self::now())
	}

	fn forget_operator_appointment(institution: InstitutionId, account: &T::AccountId) {
		OperatorAppointments::<T>::mutate_exists(institution, |slot| {
			appointments::forget(slot, account);
		});
	}
}
