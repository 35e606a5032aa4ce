//! Why a call is refused.

use frame_support::pallet_macros::pallet_section;

/// The errors.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The account does not act for an active hospital.
		NotController,
		/// The account is not a registrar of an active hospital.
		NotRegistrar,
		/// No hospital has this id.
		HospitalNotFound,
		/// The hospital does not belong to the consortium.
		HospitalNotActive,
		/// The hospital belongs to the consortium already.
		HospitalActive,
		/// The account acts for a hospital already.
		AlreadyController,
		/// The account is a registrar already, of this or another hospital.
		AlreadyRegistrar,
		/// There are as many hospitals as this chain can hold.
		MaxHospitalsExceeded,
		/// The hospital has as many registrars as it may.
		MaxRegistrarsExceeded,
		/// Fewer hospitals would be ready to validate than the consortium's minimum.
		TooFewSeats,
		/// Another change of validators is under way; try again when the session after next has begun.
		ValidatorsChanging,
		/// The name is empty, or not printable text.
		InvalidName,
		/// The address is not an https:// URL (http:// is for the loopback interface only).
		InvalidGateway,
		/// The encryption suite is not known here.
		UnknownSuite,
		/// The encryption key has the wrong length.
		InvalidKeyLength,
		/// The encryption key is malformed: nobody could encrypt to it.
		InvalidKey,
		/// The hospital's seat was not benched.
		NotBenched,
		/// The hospital's seat was not suspended.
		NotSuspended,
		/// The council has no power to make this call.
		NotInCouncilPowers,
		/// As many decisions wait as may at the same time.
		MaxPendingExceeded,
		/// The call is too large or too heavy to wait.
		CallTooLarge,
		/// No waiting decision has this number.
		EnactmentNotFound,
		/// The decision has to wait longer.
		EnactmentNotDue,
		/// The waiting call means nothing to the runtime any more; call it off.
		EnactmentObsolete,
	}
}
