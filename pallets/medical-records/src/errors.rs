//! Why a call is refused.

use frame_support::pallet_macros::pallet_section;

/// The errors.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The account is not registered as a patient.
		NotPatient,
		/// The account is not registered as a doctor.
		NotDoctor,
		/// No patient has this id.
		PatientNotFound,
		/// No doctor has this id.
		DoctorNotFound,
		/// The account is registered already.
		AlreadyRegistered,
		/// As many people have registered as there are ids.
		IdsExhausted,
		/// The hospital does not belong to the consortium.
		HospitalNotActive,
		/// The hospital still belongs to the consortium.
		HospitalActive,
		/// The hospital takes in nobody for now.
		RegistrationClosed,
		/// The hospital takes in only people whom one of its registrars has vouched for.
		SponsorNeeded,
		/// Another hospital answers for this person.
		OtherHospital,
		/// The person was decided about already.
		NotPending,
		/// The person is not suspended.
		NotSuspended,
		/// The patient is not verified, or is suspended.
		PatientNotVerified,
		/// The doctor is not verified, or is suspended.
		DoctorNotVerified,
		/// The doctor's licence has run out.
		LicenceExpired,
		/// The text is empty, is not UTF-8, or contains characters that do not show.
		InvalidText,
		/// Nobody can have begun to practise in this year.
		InvalidYear,
		/// The encryption suite is not known here.
		UnknownSuite,
		/// The encryption key has the wrong length.
		InvalidKeyLength,
		/// The encryption key is malformed: nobody could encrypt to it.
		InvalidKey,
		/// Each epoch but the first has to wrap the secret of the one before.
		BrokenKeyChain,
		/// The chart's new keys are unusable.
		InvalidChartKeys,
		/// The doctor has published another encryption key since.
		KeyChanged,
		/// The doctor's hospital has not confirmed the doctor's encryption key yet.
		KeyNotVouched,
		/// The sealed key does not have the form that its suite prescribes.
		InvalidSealedKey,
		/// The new account did not sign that it takes over.
		InvalidProof,
		/// The hospital is the one that answers for this person already.
		SameHospital,
		/// The person has not asked to move to this hospital.
		NotMoving,
		/// As many relocations are under way as may be at the same time.
		MaxRelocationsExceeded,
		/// The document is empty, or larger than any vault takes.
		InvalidDocument,
		/// The document lies with a hospital that does not belong to the consortium.
		VaultNotActive,
		/// There is nothing to add.
		NothingToAdd,
		/// The chart is full.
		MaxRecordsExceeded,
		/// The chart's key has changed: prepare this again.
		StaleEpoch,
		/// The chart has no such record.
		RecordNotFound,
		/// The patient has withdrawn the record.
		RecordWithdrawn,
		/// The record was not shared with this doctor.
		RecordNotShared,
		/// The patient has granted nothing to this doctor, or has taken it back.
		NotGranted,
		/// The grant has run out.
		GrantExpired,
		/// The grant does not include adding records or notes.
		AppendNotAllowed,
		/// The account acts for this very doctor: nobody grants themselves access.
		OwnChart,
		/// The grant would have run out already.
		ExpiryPassed,
		/// As many doctors have a grant as may at the same time; revoke one, perhaps an expired one.
		MaxGrantsExceeded,
		/// As many records are shared with this doctor as may be; grant the whole chart instead.
		MaxSharedExceeded,
		/// Records can be shared only under a key that the doctor has.
		ShareKeyNeeded,
		/// Another share key came first.
		StaleShare,
		/// Nothing would be shared: neither a record nor the right to add some.
		NothingShared,
		/// No doctor is named.
		NobodyNamed,
		/// A doctor is named twice.
		DoctorTwice,
		/// A doctor who may see the whole chart is left out.
		DoctorMissing,
		/// A doctor is named who may not see the whole chart.
		DoctorUnexpected,
	}
}
