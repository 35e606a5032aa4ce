//! The reasons for which calls are refused.

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
		/// The hospital already belongs to the consortium.
		HospitalActive,
		/// The account already acts for a hospital.
		AlreadyController,
		/// The account is already a registrar, of this or another hospital.
		AlreadyRegistrar,
		/// The consortium has the maximum number of hospitals, or as many as a session has blocks.
		MaxHospitalsExceeded,
		/// The hospital has the maximum number of registrars.
		MaxRegistrarsExceeded,
		/// The hospital has not appointed this account, or the appointment has expired.
		NotAppointed,
		/// The maximum number of appointments is already waiting.
		MaxAppointmentsExceeded,
		/// Fewer hospitals would be ready to validate than the consortium's minimum.
		TooFewSeats,
		/// Another change of validators is in progress; try again when the session after next has
		/// begun.
		ValidatorsChanging,
		/// The name is empty, is not printable text, or is longer than 64 characters.
		InvalidName,
		/// The address is not an https:// URL (http:// is for the loopback interface only).
		InvalidGateway,
		/// This chain does not know the encryption suite.
		UnknownSuite,
		/// The encryption key has the wrong length.
		InvalidKeyLength,
		/// The encryption key is malformed: it cannot be encrypted to.
		InvalidKey,
		/// The account is neither a registrar of this hospital nor its controller.
		NotStaff,
		/// Another version of the profile key was published first.
		StaleVersion,
		/// The account does not have the secret of the hospital's profile key.
		KeyNotHeld,
		/// The registrar already has the secret of the hospital's profile key.
		KeyAlreadyHeld,
		/// The new version has to wrap the one before as long as a registrar holds that, and only then.
		InvalidPrevious,
		/// A sealed key is malformed.
		InvalidSealedKey,
		/// A registrar is named twice.
		RegistrarTwice,
		/// A registrar who has a key is left out.
		RegistrarMissing,
		/// An account is named that is no registrar of the hospital, or has no key.
		RegistrarUnexpected,
		/// A registrar has another key now.
		KeyChanged,
		/// No registrar of the hospital has a key to which the profile key could be sealed.
		NoRegistrarKey,
		/// The hospital's seat is not benched.
		NotBenched,
		/// The hospital's seat is not suspended.
		NotSuspended,
		/// The council has no power to make this call.
		NotInCouncilPowers,
		/// The maximum number of decisions is already waiting.
		MaxPendingExceeded,
		/// The call is too large or too heavy to wait.
		CallTooLarge,
		/// No waiting decision has this number.
		EnactmentNotFound,
		/// The decision has to wait longer.
		EnactmentNotDue,
		/// The runtime no longer understands the waiting call; call it off.
		EnactmentObsolete,
		/// The version is empty, or has other characters than letters, digits and `.-+_`.
		InvalidVersion,
		/// The portal release is listed already.
		PortalReleaseAlreadyListed,
		/// No listed portal release has this digest.
		PortalReleaseNotFound,
		/// The maximum number of portal releases is already listed.
		MaxPortalReleasesExceeded,
		/// The only listed portal release can't be withdrawn; list another first.
		LastPortalRelease,
		/// The hospital has its share of the council's open proposals; close one first.
		MaxMotionsExceeded,
		/// The decision was not carried out in time; the council can decide the same again.
		EnactmentVoid,
		/// No open institution has this id.
		InstitutionNotFound,
		/// The institution belongs to another hospital.
		OtherHospital,
		/// The hospital has the maximum number of open institutions; close one first.
		MaxInstitutionsExceeded,
		/// The account works for no open institution, or not for this one.
		NotOperator,
		/// The account already works for an institution, of this or another hospital.
		AlreadyOperator,
		/// The institution has the maximum number of operators.
		MaxOperatorsExceeded,
		/// The account has not signed that it becomes the vault's of this hospital.
		InvalidProof,
		/// The account already acts for a hospital, this one or another.
		AlreadyStaff,
		/// The account is not the one of an active hospital's vault.
		NotVault,
		/// The log has fewer disclosures than before. If it is lost, begin another.
		LogShrunk,
		/// The log has as many disclosures as before, and another root. If it is lost, begin another.
		LogRewritten,
		/// The last anchor is less than ten minutes old.
		AnchorTooSoon,
		/// The log has no anchor yet, so it needs no successor.
		LogNotAnchored,
	}
}
