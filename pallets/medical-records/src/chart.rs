//! When a chart is due: a doctor who held its distributed secret has since lost access.
//!
//! A loss by a call marks the chart at once, or moves the `Lapses` clock. A loss by time shows in
//! `next_expiry`. Only when one of the two has moved does the chart look at its doctors, at most
//! [`MAX_GRANTS`] of them.

use crate::*;
use frame_support::traits::Time;

impl<T: Config> Pallet<T> {
	/// The time, by the chain's clock.
	pub(crate) fn now() -> Moment {
		T::Time::now()
	}

	/// Brings the chart up to date before a decision reads it. Returns the number of grants looked at.
	pub(crate) fn settle(patient: PatientId, chart: &mut Chart, now: Moment) -> u32 {
		let lapses = Lapses::<T>::get();
		let settled = chart.lapses_seen == lapses && !has_come(chart.next_expiry, now);
		if settled || chart.lost_from.is_some() {
			return 0;
		}
		let mut next_expiry = None;
		for (doctor, grant) in Grants::<T>::iter_prefix(patient) {
			match Self::held(doctor, &grant, chart.epoch, now) {
				Held::No => (),
				Held::Until(until) => next_expiry = earlier(next_expiry, until),
				Held::Lost => chart.mark_lost(),
			}
		}
		chart.next_expiry = next_expiry;
		chart.lapses_seen = lapses;
		chart.grants
	}

	/// The epoch that a record has to be sealed to now.
	pub fn sealing_epoch(patient: PatientId, chart: &Chart, now: Moment) -> Epoch {
		let mut chart = chart.clone();
		Self::settle(patient, &mut chart, now);
		chart.sealing_epoch()
	}

	/// Whether a doctor holds the epoch's secret, and still has access.
	fn held(doctor: DoctorId, grant: &Grant, epoch: Epoch, now: Moment) -> Held {
		let Some(seal) = grant.seal.filter(|seal| seal.epoch == epoch) else { return Held::No };
		let Some(found) = Doctors::<T>::get(doctor) else { return Held::Lost };
		match Self::live(&found, grant, now) {
			Ok(until) if Self::lapsed_at(&found) <= seal.lapses => Held::Until(until),
			_ => Held::Lost,
		}
	}

	/// The reading of `Lapses` when the doctor last lost all access, alone or with their hospital.
	fn lapsed_at(doctor: &Doctor<T::AccountId>) -> u64 {
		let hospital = LapsedAt::<T>::get(doctor.registration.hospital);
		// A loss of the hospital's before the doctor came does not concern the doctor.
		if hospital > doctor.joined_at { doctor.lapsed_at.max(hospital) } else { doctor.lapsed_at }
	}

	/// Notes that the doctor has lost all access.
	pub(crate) fn lapse(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::next_lapse();
	}

	/// Notes that the hospital has left the consortium, and its doctors have lost all access.
	pub fn hospital_left(hospital: HospitalId) {
		LapsedAt::<T>::insert(hospital, Self::next_lapse());
	}

	/// Moves the clock, so that each chart looks at its doctors once more.
	pub(crate) fn next_lapse() -> u64 {
		Lapses::<T>::mutate(|lapses| {
			*lapses = lapses.saturating_add(1);
			*lapses
		})
	}

	/// Remembers a doctor's losses at a hospital before they leave it for another.
	pub(crate) fn carry_lapses(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::lapsed_at(doctor);
		doctor.joined_at = Lapses::<T>::get();
	}
}

/// A doctor's hold on a secret.
enum Held {
	/// The doctor was never given the secret.
	No,
	/// The doctor has the secret, and access until this time.
	Until(Option<Moment>),
	/// The doctor has the secret, and has since lost access.
	Lost,
}
