//! The reasons for which calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The account is not registered as a patient or doctor.
		NotRegistered,
		/// Another account controls this person.
		NotInControl,
		/// The person's hospital has not verified the person, or has suspended them.
		NotVerified,
		/// There is no such person.
		PersonNotFound,
		/// The hospital does not belong to the consortium.
		HospitalNotActive,
		/// Another hospital answers for this patient.
		OtherHospital,
		/// There are no numbers left to give out.
		IdsExhausted,
		/// This chain does not know the encryption suite.
		UnknownSuite,
		/// The encryption key has the wrong length.
		InvalidKeyLength,
		/// The encryption key is malformed: it cannot be encrypted to.
		InvalidKey,
		/// The sealed key or share does not have the form that its suite prescribes.
		InvalidSealedKey,
		/// There has to be a share for each of two to eight people or hospitals.
		InvalidShares,
		/// At least two have to agree, and no more than have a share.
		InvalidThreshold,
		/// A person or a hospital is named twice, or two people have the same account.
		DelegateTwice,
		/// People can't be their own guardians.
		OwnGuardian,
		/// A guardian or a representative has no key, or no confirmed one.
		KeyMissing,
		/// A key has changed since: prepare this again.
		KeyChanged,
		/// The delay is shorter than this chain allows, or longer.
		InvalidDelay,
		/// The person has no guardians.
		NoGuardians,
		/// You are not a guardian of this person.
		NotGuardian,
		/// The guardian has been recovered since, and has to be chosen anew.
		GuardianChanged,
		/// The guardian is being recovered.
		GuardianInRecovery,
		/// The new account is in use: it is registered already, or a guardian's.
		AccountTaken,
		/// The new account did not sign that it takes over.
		InvalidProof,
		/// Another guardian has asked for this new account; approve it.
		AlreadyRequested,
		/// You support another new account of this person; take that back first.
		SupportsAnother,
		/// You have approved this already.
		AlreadyApproved,
		/// You have not approved this.
		NotApproved,
		/// There is no such request for recovery.
		RecoveryNotFound,
		/// The request has lapsed.
		RequestLapsed,
		/// Too few guardians have approved it.
		TooFewApprovals,
		/// The person's delay is not over yet.
		DelayNotOver,
		/// These are not the scopes of a representative: at least one, and granting only with seeing.
		InvalidScopes,
		/// People can't represent themselves.
		OwnRepresentative,
		/// The end has already passed.
		UntilPassed,
		/// The patient has named this representative already; end that first.
		AlreadyRepresents,
		/// The maximum number of people act for this patient.
		MaxRepresentativesExceeded,
		/// The person acts for the maximum number of patients.
		MaxRepresentedExceeded,
		/// The person is no representative of this patient.
		NotRepresentative,
		/// The patient has named other scopes, or another end.
		NamingChanged,
		/// A hospital has confirmed this already.
		AlreadyConfirmed,
		/// The hospital has not confirmed the representative, or the representative's key, yet.
		NotConfirmed,
		/// The representation has ended.
		RepresentationOver,
		/// The patient has not given this scope to the representative.
		OutOfScope,
		/// The chart's key has changed: prepare this again.
		StaleEpoch,
		/// Only hospitals' desks can hold an emergency's key.
		NotDesk,
		/// The plan opens nothing, or a record that is not there.
		InvalidEmergencySet,
		/// The duration is zero, or longer than this chain allows.
		InvalidDuration,
		/// The patient has no plan for emergencies, or has replaced it.
		NoEmergencyPlan,
		/// The plan opens chosen records, and not the whole chart.
		NotWholeChart,
		/// The account is not a doctor's who practises.
		NotPractising,
		/// Doctors can't open their own charts.
		OwnChart,
		/// The doctor may see it already.
		AlreadyGranted,
		/// The doctor has asked already.
		AlreadyAsked,
		/// The maximum number of doctors has asked.
		MaxRequestsExceeded,
		/// There is no such request, or no such emergency.
		EmergencyNotFound,
		/// The patient has not chosen your hospital for this.
		NotHolder,
		/// The maximum number of emergencies is open.
		MaxEmergenciesExceeded,
		/// The emergency is still open.
		EmergencyOpen,
		/// The patient has judged it already.
		AlreadyReviewed,
	}
}
