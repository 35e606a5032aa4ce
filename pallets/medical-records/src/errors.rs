//! The reasons for which calls are refused.

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
		/// The account is already registered.
		AlreadyRegistered,
		/// There are no numbers left to give out.
		IdsExhausted,
		/// The hospital does not belong to the consortium.
		HospitalNotActive,
		/// The hospital still belongs to the consortium.
		HospitalActive,
		/// The hospital accepts no registrations for now.
		RegistrationClosed,
		/// The hospital accepts only people that one of its registrars has vouched for.
		SponsorNeeded,
		/// Another hospital answers for this person.
		OtherHospital,
		/// The hospital has already decided about this person.
		NotPending,
		/// The person is not suspended.
		NotSuspended,
		/// The patient is not verified, or is suspended.
		PatientNotVerified,
		/// The doctor is not verified, or is suspended.
		DoctorNotVerified,
		/// The doctor's licence has run out.
		LicenceExpired,
		/// The text is empty, is not UTF-8, contains invisible characters, or is too long.
		InvalidText,
		/// The year is before 1900 or in the future.
		InvalidYear,
		/// This chain does not know the encryption suite.
		UnknownSuite,
		/// The encryption key has the wrong length.
		InvalidKeyLength,
		/// The encryption key is malformed: it cannot be encrypted to.
		InvalidKey,
		/// Each epoch except the first must wrap the secret of the epoch before it.
		BrokenKeyChain,
		/// The chart's new keys are unusable.
		InvalidChartKeys,
		/// The doctor has since published another encryption key.
		KeyChanged,
		/// The doctor's hospital has not confirmed the doctor's encryption key yet.
		KeyNotVouched,
		/// The sealed key does not have the form that its suite prescribes.
		InvalidSealedKey,
		/// The new account did not sign that it takes over.
		InvalidProof,
		/// This hospital already answers for the person.
		SameHospital,
		/// The person has not asked to move to this hospital.
		NotMoving,
		/// The maximum number of relocations is already in progress.
		MaxRelocationsExceeded,
		/// The document is empty, or larger than any vault accepts.
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
		/// The patient has not shared the record with this doctor, whether there is one or not.
		RecordNotShared,
		/// The patient has granted nothing to this doctor, or has taken it back.
		NotGranted,
		/// The grant has run out.
		GrantExpired,
		/// The grant does not include adding records or notes.
		AppendNotAllowed,
		/// The account is the patient's own: patients cannot be their own doctors, or add for an
		/// institution to their own charts.
		OwnChart,
		/// The grant would already have run out.
		ExpiryPassed,
		/// The chart has the maximum number of grants that have not run out; revoke one.
		MaxGrantsExceeded,
		/// The maximum number of records is shared with this doctor; grant the whole chart instead.
		MaxSharedExceeded,
		/// Records can be shared only under a key that the doctor has.
		ShareKeyNeeded,
		/// Another share key came first.
		StaleShare,
		/// Nothing would be shared: neither a record nor the right to add records.
		NothingShared,
		/// The call names no person.
		NobodyNamed,
		/// A doctor is named twice.
		DoctorTwice,
		/// A doctor who may see the whole chart is left out.
		DoctorMissing,
		/// A doctor is named who may not see the whole chart.
		DoctorUnexpected,
		/// As many records were added as the patient allowed; the patient can renew it.
		AppendBudgetSpent,
		/// The remaining places in the chart are kept for the patient.
		ReservedForPatient,
		/// No record is named.
		NoRecordNamed,
		/// The patient has no profile.
		NoProfile,
		/// The doctors who may see the chart, or their keys, have changed: prepare this again.
		StaleRecipients,
		/// The hospital has suspended as many people as it may for now; its controller or the council can
		/// allow more.
		SuspensionsExhausted,
		/// A change of the account is already pending; stop it first.
		AccountChangePending,
		/// No change of the account is pending.
		NoAccountChange,
		/// The doctor has proposed no change of the profile.
		NothingProposed,
		/// The doctor has since changed the profile.
		ProfileChanged,
		/// The documents would stay in the vault where they are.
		SameVault,
		/// The patient has moved what names this hospital to another one; move it from there.
		VaultMoved,
		/// The patient has moved documents of the maximum number of hospitals.
		MaxVaultMovesExceeded,
		/// The hospital has no successor.
		NoSuccessor,
		/// The maximum number of hospitals has a successor.
		MaxSuccessorsExceeded,
		/// The chain has to look at more than eight doctors of the chart: name its recipients, or 16 zero bytes
		/// for none.
		RecipientsNeeded,
		/// The institution is closed, or there is none with this id.
		InstitutionNotOpen,
		/// The maximum number of institutions may add to the chart; end the deposit of one.
		MaxDepositsExceeded,
		/// No institution is named.
		NoInstitutionNamed,
		/// The account adds records for no open institution.
		NotOperator,
		/// The patient does not allow this institution to add records.
		DepositNotAllowed,
		/// The patient's permission to the institution has run out.
		DepositExpired,
		/// An institution reads no record, and so answers none.
		DepositCannotAnswer,
		/// The hospital has verified as many people as it may for now; its controller or the council can
		/// allow more.
		VerificationsExhausted,
		/// The hospital has replaced as many people's profiles or details as it may for now; its controller
		/// or the council can allow more.
		CorrectionsExhausted,
		/// There has never been a hospital with this id.
		HospitalNotFound,
	}
}
