//! When a chart is due: somebody who held its distributed secret has lost access since.
//!
//! Whatever happens by a call marks the chart there and then, or moves the `Lapses` clock. Whatever
//! happens by time is found by `next_expiry`. Only when one of the two says so are the chart's
//! doctors looked at, at most [`MAX_GRANTS`] of them.

use crate::*;
use frame_support::traits::Time;

impl<T: Config> Pallet<T> {
	/// The time by the chain's clock.
	pub(crate) fn now() -> Moment {
		T::Time::now()
	}

	/// Brings the chart up to date before anything is decided by it. Returns how many grants had to
	/// be looked at.
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

	/// The epoch that a record added now has to be sealed to.
	pub fn sealing_epoch(patient: PatientId, chart: &Chart, now: Moment) -> Epoch {
		let mut chart = chart.clone();
		Self::settle(patient, &mut chart, now);
		chart.sealing_epoch()
	}

	/// Whether a doctor who was given the epoch's secret is still trusted with it.
	fn held(doctor: DoctorId, grant: &Grant, epoch: Epoch, now: Moment) -> Held {
		let Some(seal) = grant.seal.filter(|seal| seal.epoch == epoch) else { return Held::No };
		let Some(found) = Doctors::<T>::get(doctor) else { return Held::Lost };
		match Self::live(&found, grant, now) {
			Ok(until) if Self::lapsed_at(&found) <= seal.lapses => Held::Until(until),
			_ => Held::Lost,
		}
	}

	/// What `Lapses` was when the doctor last lost access to everything, alone or with their
	/// hospital.
	fn lapsed_at(doctor: &Doctor<T::AccountId>) -> u64 {
		let hospital = LapsedAt::<T>::get(doctor.registration.hospital);
		// What happened to the hospital before is not this doctor's.
		if hospital > doctor.joined_at { doctor.lapsed_at.max(hospital) } else { doctor.lapsed_at }
	}

	/// The doctor has lost access to everything, or will sooner than charts have noted.
	pub(crate) fn lapse(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::next_lapse();
	}

	/// The hospital has left the consortium, and its doctors have lost access to everything.
	pub fn hospital_left(hospital: HospitalId) {
		LapsedAt::<T>::insert(hospital, Self::next_lapse());
	}

	/// Moves the clock, so that each chart looks at its doctors once.
	pub(crate) fn next_lapse() -> u64 {
		Lapses::<T>::mutate(|lapses| {
			*lapses = lapses.saturating_add(1);
			*lapses
		})
	}

	/// Remembers what the doctor lost at a hospital before leaving it for another.
	pub(crate) fn carry_lapses(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::lapsed_at(doctor);
		doctor.joined_at = Lapses::<T>::get();
	}
}

/// What became of a secret.
enum Held {
	/// The doctor was never given it.
	No,
	/// The doctor has it, and access until then.
	Until(Option<Moment>),
	/// The doctor has it, and lost access since.
	Lost,
}
