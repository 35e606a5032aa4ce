//! Deposits: the institutions that may add to a chart.
//!
//! Adding needs only the chart's public key, so an institution is given none that opens anything, and
//! [`Pallet::access`] knows nothing of it. The end of a deposit takes no secret from anyone, and never
//! makes a chart due.

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::*, traits::Get, weights::WeightMeter};

/// The deposits of one chart.
type DepositsOf = BoundedBTreeMap<InstitutionId, Deposit, ConstU32<MAX_DEPOSITS>>;

impl<T: Config> Pallet<T> {
	/// Replaces an earlier permission, and renews the number of records that the institution may add.
	pub(crate) fn do_allow_deposit(
		who: T::AccountId,
		institution: InstitutionId,
		expires_at: Option<Moment>,
	) -> DispatchResult {
		let (patient, _) = Self::verified_patient_of(&who)?;
		let now = Self::now();
		ensure!(T::Hospitals::is_open(institution), Error::<T>::InstitutionNotOpen);
		ensure!(!has_come(expires_at, now), Error::<T>::ExpiryPassed);
		let appends_left = T::AppendBudget::get();
		let deposit = Deposit { expires_at, allowed_at: now, appends_left };
		Deposits::<T>::try_mutate(patient, |deposits| {
			if !deposits.contains_key(&institution) && deposits.is_full() {
				Self::drop_deposits(patient, deposits, |institution, deposit| {
					!Self::is_live_deposit(institution, deposit, now)
				});
			}
			deposits.try_insert(institution, deposit).map_err(|_| Error::<T>::MaxDepositsExceeded)
		})?;
		Self::deposit_event(Event::DepositAllowed { patient, institution, expires_at });
		Ok(())
	}

	pub(crate) fn do_end_deposit(
		who: T::AccountId,
		institutions: InstitutionIds,
	) -> DispatchResult {
		let (patient, _) = Self::retracting_patient_of(&who)?;
		ensure!(!institutions.is_empty(), Error::<T>::NoInstitutionNamed);
		Self::change_deposits(patient, |deposits| {
			for institution in institutions {
				Self::deposit_event(match deposits.remove(&institution) {
					Some(_) => Event::DepositEnded { patient, institution },
					None => Event::HadNoDeposit { patient, institution },
				});
			}
		});
		Ok(())
	}

	/// Returns the numbers of grants looked at.
	pub(crate) fn do_deposit_records(
		who: T::AccountId,
		patient: PatientId,
		sealed_to: SealedTo,
		records: NewRecords,
	) -> Result<LookedAt, DispatchError> {
		let institution = T::Hospitals::operated_by(&who).ok_or(Error::<T>::NotOperator)?;
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		// Results by the patient's own hand would look like a laboratory's.
		ensure!(found.registration.account != who, Error::<T>::OwnChart);
		let now = Self::now();
		Deposits::<T>::try_mutate(patient, |deposits| {
			let deposit = deposits.get_mut(&institution).ok_or(Error::<T>::DepositNotAllowed)?;
			ensure!(!has_come(deposit.expires_at, now), Error::<T>::DepositExpired);
			deposit.appends_left = deposit
				.appends_left
				.checked_sub(count_of(&records))
				.ok_or(Error::<T>::AppendBudgetSpent)?;
			Ok::<(), DispatchError>(())
		})?;
		let author = Author::Institution(institution);
		Self::add(patient, found, author, sealed_to, records, |_| {
			Err(Error::<T>::DepositCannotAnswer)
		})
	}

	/// Clears away the patient's deposits that ran out some time ago, and those of institutions that were
	/// closed, which never open again. Returns whether there was enough weight left for that.
	pub(crate) fn clear_deposits(patient: PatientId, meter: &mut WeightMeter) -> bool {
		let (now, kept) = (Self::now(), T::ExpiredGrantsKept::get());
		let is_over = |institution: InstitutionId, deposit: &Deposit| {
			!T::Hospitals::is_open(institution)
				|| has_come(deposit.expires_at.map(|end| end.saturating_add(kept)), now)
		};
		let deposits = Deposits::<T>::get(patient);
		// Each is read. Most charts have one or two.
		let institutions = u64::try_from(deposits.len()).unwrap_or(u64::MAX);
		if meter.try_consume(T::DbWeight::get().reads(institutions)).is_err() {
			return false;
		}
		if !deposits.iter().any(|(institution, deposit)| is_over(*institution, deposit)) {
			return true;
		}
		if meter.try_consume(<T as Config>::WeightInfo::clear_deposits()).is_err() {
			return false;
		}
		Self::change_deposits(patient, |deposits| {
			Self::drop_deposits(patient, deposits, is_over);
		});
		true
	}

	/// Whether the institution may add to the chart by this permission now, until the number of records
	/// is used up.
	pub(crate) fn is_live_deposit(
		institution: InstitutionId,
		deposit: &Deposit,
		now: Moment,
	) -> bool {
		!has_come(deposit.expires_at, now) && T::Hospitals::is_open(institution)
	}

	/// Removes those deposits of which `is_over` says so.
	fn drop_deposits(
		patient: PatientId,
		deposits: &mut DepositsOf,
		is_over: impl Fn(InstitutionId, &Deposit) -> bool,
	) {
		let over: Vec<_> = deposits
			.iter()
			.filter(|(institution, deposit)| is_over(**institution, deposit))
			.map(|(institution, _)| *institution)
			.collect();
		for institution in over {
			deposits.remove(&institution);
			Self::deposit_event(Event::DepositCleared { patient, institution });
		}
	}

	/// Changes the deposits of a chart, and stores none where there are none.
	fn change_deposits(patient: PatientId, change: impl FnOnce(&mut DepositsOf)) {
		Deposits::<T>::mutate_exists(patient, |slot| {
			let mut deposits = slot.take().unwrap_or_default();
			change(&mut deposits);
			*slot = (!deposits.is_empty()).then_some(deposits);
		});
	}
}
