//! The losses of all access, by hospital: a chart looks at its doctors only after a loss at one of
//! their hospitals.

use crate::*;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The number of hospitals that can be told apart; as many as a consortium has.
const PLACES: u32 = 64;

/// A hospital's place among [`PLACES`]. Two hospitals may have the same: then a chart looks at its
/// doctors once more than it has to.
fn place(hospital: HospitalId) -> u32 {
	hospital.0 % PLACES
}

/// A set of hospitals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct HospitalSet(u64);

impl HospitalSet {
	/// All hospitals.
	pub const ALL: Self = Self(u64::MAX);

	/// Adds a hospital.
	pub fn insert(&mut self, hospital: HospitalId) {
		self.0 |= bit(place(hospital));
	}
}

fn bit(place: u32) -> u64 {
	1u64.rotate_left(place)
}

/// A reading of a clock for each hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Readings([u64; PLACES as usize]);

impl Default for Readings {
	fn default() -> Self {
		Self::all(0)
	}
}

impl Readings {
	/// The same reading for all hospitals.
	pub fn all(reading: u64) -> Self {
		Self([reading; PLACES as usize])
	}

	/// Notes a hospital's reading.
	pub fn note(&mut self, hospital: HospitalId, reading: u64) {
		for (at, slot) in (0..).zip(&mut self.0) {
			if at == place(hospital) {
				*slot = reading;
			}
		}
	}

	/// The latest reading of these hospitals.
	pub fn latest(&self, hospitals: HospitalSet) -> u64 {
		(0..)
			.zip(self.0)
			.filter(|(at, _)| hospitals.0 & bit(*at) != 0)
			.map(|(_, reading)| reading)
			.max()
			.unwrap_or(0)
	}
}

impl<T: Config> Pallet<T> {
	/// Notes that the doctor has lost all access.
	pub(crate) fn lapse(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::next_lapse(doctor.registration.hospital);
	}

	/// Notes that the hospital has left the consortium, and its doctors have lost all access.
	pub fn hospital_left(hospital: HospitalId) {
		LapsedAt::<T>::insert(hospital, Self::next_lapse(hospital));
	}

	/// Moves the clock, so that each chart of a doctor of this hospital looks at its doctors once more.
	pub(crate) fn next_lapse(hospital: HospitalId) -> u64 {
		let reading = Lapses::<T>::mutate(|lapses| {
			*lapses = lapses.saturating_add(1);
			*lapses
		});
		LastLapses::<T>::mutate(|last| last.note(hospital, reading));
		reading
	}

	/// The reading of `Lapses` when the doctor last lost all access, alone or with their hospital.
	pub(crate) fn lapsed_at(doctor: &Doctor<T::AccountId>) -> u64 {
		let hospital = LapsedAt::<T>::get(doctor.registration.hospital);
		// A loss of the hospital's before the doctor came does not concern the doctor.
		if hospital > doctor.joined_at { doctor.lapsed_at.max(hospital) } else { doctor.lapsed_at }
	}

	/// Prepares for a doctor's move to another hospital: the doctor's losses are remembered, and charts
	/// learn where to look from now on.
	pub(crate) fn carry_lapses(doctor: &mut Doctor<T::AccountId>) {
		doctor.lapsed_at = Self::lapsed_at(doctor);
		doctor.joined_at = Self::next_lapse(doctor.registration.hospital);
	}
}
