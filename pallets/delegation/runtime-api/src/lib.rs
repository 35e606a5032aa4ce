//! The runtime's answers to nodes and clients about acting for others: guardians and recoveries, representatives,
//! emergencies.
//!
//! Lists that can be long come in pages: ask with no cursor first, then with `next` of the previous page, until that is
//! `None`. A page holds at most [`MAX_PAGE`] items. All times are in milliseconds
//! since 1970, by the chain's clock.
//!
//! Wallets show a function's doc comment on one line and cut it at about 80 characters, so each comment
//! is one short sentence.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro repeats the bound on `AccountId` for each function that takes one.
#![allow(clippy::multiple_bound_locations)]

extern crate alloc;

mod types;

pub use medblock_primitives::Page;
pub use types::*;

#[cfg(feature = "runtime-api")]
use {alloc::vec::Vec, codec::Codec, medblock_primitives::*};

#[cfg(feature = "runtime-api")]
sp_api::decl_runtime_apis! {
	/// Guardians and recoveries, representatives, emergencies.
	pub trait DelegationApi<AccountId: Codec> {
		/// The key with which a patient acts for others.
		fn acting_key(patient: PatientId) -> Option<EncryptionKey>;

		/// The guardians of a person.
		fn guardians(person: Person) -> Option<GuardiansInfo>;

		/// A guardian's share, as sealed to them.
		fn guardian_share(person: Person, guardian: Delegate) -> Option<SealedShare>;

		/// The people whose guardian a person or a desk is, in no particular order.
		fn wards(
			guardian: Delegate,
			after: Option<Person>,
			limit: u32,
		) -> Page<WardInfo, Person>;

		/// The new accounts that ask to take a person over.
		fn recoveries(person: Person) -> Vec<RecoveryInfo<AccountId>>;

		/// The share that a guardian has handed over to a new device.
		fn recovery_share(
			person: Person,
			new: AccountId,
			guardian: Delegate,
		) -> Option<SealedShare>;

		/// The people who act for a patient, or are named to.
		fn representatives(patient: PatientId) -> Vec<RepresentativeInfo>;

		/// The patients that a person represents.
		fn represented(representative: PatientId) -> Vec<RepresentativeInfo>;

		/// Representatives who wait for a hospital to confirm them.
		fn awaiting_representatives(
			hospital: HospitalId,
			after: Option<Representing>,
			limit: u32,
		) -> Page<RepresentativeInfo, Representing>;

		/// The chart's secret that a representative was given.
		fn representative_key(
			patient: PatientId,
			representative: PatientId,
		) -> Option<SealedKey>;

		/// Whether a representative may see a record, or any, and if not, the reason.
		fn representative_access(
			patient: PatientId,
			representative: PatientId,
			record: Option<RecordIndex>,
		) -> Result<Allowed, Denied>;

		/// What a patient has planned for an emergency.
		fn emergency_plan(patient: PatientId) -> Option<EmergencyPlanInfo>;

		/// What a patient's emergency plan opens, sealed to the plan's key.
		fn emergency_set(patient: PatientId) -> Option<EmergencySet>;

		/// A holder's share of the secret of a patient's plan.
		fn emergency_share(patient: PatientId, hospital: HospitalId) -> Option<SealedShare>;

		/// The doctors who ask for an emergency of a patient.
		fn emergency_requests(patient: PatientId) -> Vec<EmergencyRequestInfo>;

		/// The requests that a hospital can confirm, in no particular order.
		fn emergencies_asked(
			hospital: HospitalId,
			after: Option<EmergencyOf>,
			limit: u32,
		) -> Page<EmergencyRequestInfo, EmergencyOf>;

		/// The share that a holder has sealed to a doctor.
		fn confirmed_share(
			patient: PatientId,
			doctor: DoctorId,
			hospital: HospitalId,
		) -> Option<SealedShare>;

		/// The last emergencies of a patient, the oldest first.
		fn emergencies(patient: PatientId) -> Vec<EmergencyInfo>;
	}
}
