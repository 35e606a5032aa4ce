//! Ids, which are sequential and never reused.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Defines a sequential id.
macro_rules! id {
	($(#[$docs:meta])* $name:ident) => {
		$(#[$docs])*
		#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
		#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
		#[derive(Serialize, Deserialize)]
		#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
		pub struct $name(pub u32);

		impl core::fmt::Display for $name {
			fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				self.0.fmt(formatter)
			}
		}

		impl $name {
			/// The id that is given out after this one, if any is left.
			pub fn next(self) -> Option<Self> {
				self.0.checked_add(1).map(Self)
			}
		}
	};
}

id! {
	/// A hospital's id: given out in order of admission, and the same for ever, whatever the hospital's
	/// keys, name or address are.
	HospitalId
}

id! {
	/// A patient's id: the same for ever, whichever account controls the chart.
	PatientId
}

id! {
	/// A doctor's id: the same for ever, whichever account acts for the doctor.
	DoctorId
}

id! {
	/// An institution's id: given out in order, and the same for ever, even if all its operators change.
	InstitutionId
}

/// A record's place in its patient's chart: 0 for the first.
pub type RecordIndex = u32;

/// The number of a chart's key. Doctors receive the secrets of even epochs; the odd epoch after each is
/// its standby, whose secret the patient alone holds.
pub type Epoch = u32;

/// A time in milliseconds since 1970 (UTC), by the chain's clock.
pub type Moment = u64;
