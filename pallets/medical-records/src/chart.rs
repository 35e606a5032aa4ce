//! When a chart is due: a doctor who held its distributed secret has since lost access.
//!
//! A loss by a call marks the chart at once, or moves the `Lapses` clock for one hospital. A loss by
//! time shows in `next_expiry`. Only when one of the two has moved does the chart look at its doctors,
//! at most [`MAX_GRANTS`] of them, and at its representatives.

use crate::*;
use frame_support::traits::Time;

impl<T: Config> Pallet<T> {
	/// The time, by the chain's clock.
	pub(crate) fn now() -> Moment {
		T::Time::now()
	}

	/// Whether the chart has to look at its doctors before a decision reads it, when `Lapses` reads
	/// `lapses`.
	pub(crate) fn has_to_look(chart: &Chart, lapses: u64, now: Moment) -> bool {
		let is_news = || {
			chart.lapses_seen != lapses
				&& LastLapses::<T>::get().latest(chart.hospitals) > chart.lapses_seen
		};
		!chart.is_due() && (has_come(chart.next_expiry, now) || is_news())
	}

	/// Brings the chart up to date before a decision reads it. Returns the number of grants looked at.
	pub(crate) fn settle(patient: PatientId, chart: &mut Chart, now: Moment) -> u32 {
		if chart.is_due() {
			return 0;
		}
		let lapses = Lapses::<T>::get();
		if !Self::has_to_look(chart, lapses, now) {
			// Losses may have been at other hospitals. To find that out cost no more than a look at a grant.
			let was_behind = chart.lapses_seen != lapses;
			chart.lapses_seen = lapses;
			return was_behind.into();
		}
		let mut hospitals = HospitalSet::default();
		let mut next_expiry = None;
		for (doctor, grant) in Grants::<T>::iter_prefix(patient) {
			match Self::held(doctor, &grant, chart.epoch, now) {
				Held::No => (),
				Held::Until(hospital, until) => {
					hospitals.insert(hospital);
					next_expiry = earlier(next_expiry, until);
				},
				Held::Lost => chart.mark_lost(),
			}
		}
		match T::Delegates::hold(patient, chart.epoch, now) {
			Hold::No => (),
			Hold::Until(until) => next_expiry = earlier(next_expiry, until),
			Hold::Lost => chart.mark_lost(),
		}
		chart.hospitals = hospitals;
		chart.next_expiry = next_expiry;
		chart.lapses_seen = lapses;
		chart.grants.max(1)
	}

	/// The epoch that a record has to be sealed to now.
	pub fn sealing_epoch(patient: PatientId, chart: &Chart, now: Moment) -> Epoch {
		Self::look(patient, chart, now).0
	}

	/// As [`Self::sealing_epoch`], with the number of grants looked at.
	pub(crate) fn look(patient: PatientId, chart: &Chart, now: Moment) -> (Epoch, u32) {
		let mut chart = chart.clone();
		let looked_at = Self::settle(patient, &mut chart, now);
		(chart.sealing_epoch(), looked_at)
	}

	/// Whether a doctor holds the epoch's secret, and still has access.
	fn held(doctor: DoctorId, grant: &Grant, epoch: Epoch, now: Moment) -> Held {
		let Some(seal) = grant.seal.filter(|seal| seal.epoch == epoch) else { return Held::No };
		let Some(found) = Doctors::<T>::get(doctor) else { return Held::Lost };
		match Self::live(&found, grant, now) {
			Ok(until) if Self::lapsed_at(&found) <= seal.lapses => {
				Held::Until(found.registration.hospital, until)
			},
			_ => Held::Lost,
		}
	}
}

/// A doctor's hold on a secret.
enum Held {
	/// The doctor was never given the secret.
	No,
	/// The doctor of this hospital has the secret, and access until this time.
	Until(HospitalId, Option<Moment>),
	/// The doctor has the secret, and has since lost access.
	Lost,
}
