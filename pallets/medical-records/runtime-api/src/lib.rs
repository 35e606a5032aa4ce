//! The runtime's answers to nodes and clients about patients, doctors, records and grants.
//!
//! Lists come in pages: ask with no cursor first, then with `next` of the previous page, until that is
//! `None`. A page holds at most [`MAX_PAGE`] items, whatever the limit, and may hold fewer without being the
//! last. All times are in milliseconds since 1970, by the chain's clock. The directory leaves out rejected
//! doctors.
//!
//! Wallets show a function's doc comment on one line and cut it at about 80 characters, so each comment
//! is one short sentence.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro repeats the bound on `AccountId` for each function that takes one.
#![allow(clippy::multiple_bound_locations)]

extern crate alloc;

pub mod earlier;
mod types;

pub use types::*;

#[cfg(feature = "runtime-api")]
use {alloc::vec::Vec, codec::Codec, medblock_primitives::*};

#[cfg(feature = "runtime-api")]
sp_api::decl_runtime_apis! {
	/// Patients, doctors, records, grants and deposits.
	#[api_version(4)]
	pub trait MedicalRecordsApi<AccountId: Codec> {
		/// The doctors' public directory, from the id that follows `after`.
		fn doctors(
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId>;

		/// A doctor, as the chain knows them.
		fn doctor(doctor: DoctorId) -> Option<DoctorInfo<AccountId>>;

		/// The doctor that an account acts for.
		fn doctor_of(account: AccountId) -> Option<DoctorId>;

		/// The encryption key that a doctor has published.
		fn encryption_key(doctor: DoctorId) -> Option<EncryptionKey>;

		/// A patient, as the chain knows them.
		fn patient(patient: PatientId) -> Option<PatientInfo<AccountId>>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn patient(patient: PatientId) -> Option<earlier::PatientInfoV3<AccountId>>;

		/// The patient that an account controls.
		fn patient_of(account: AccountId) -> Option<PatientId>;

		/// A chart's records with places greater than `after`, oldest first.
		fn records(
			patient: PatientId,
			after: Option<RecordIndex>,
			limit: u32,
		) -> Page<RecordInfo, RecordIndex>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn records(
			patient: PatientId,
			after: Option<RecordIndex>,
			limit: u32,
		) -> Page<earlier::RecordInfoV3, RecordIndex>;

		/// The record at one place of a chart.
		fn record(patient: PatientId, record: RecordIndex) -> Option<RecordInfo>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn record(patient: PatientId, record: RecordIndex) -> Option<earlier::RecordInfoV3>;

		/// A chart's grants to doctors with ids greater than `after`, in their order.
		fn grants_of_patient(
			patient: PatientId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<GrantInfo, DoctorId>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn grants_of_patient(
			patient: PatientId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<earlier::GrantInfoV3, DoctorId>;

		/// A patient's grant to one doctor.
		fn grant(patient: PatientId, doctor: DoctorId) -> Option<GrantInfo>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn grant(patient: PatientId, doctor: DoctorId) -> Option<earlier::GrantInfoV3>;

		/// The grants to a doctor, in no particular order.
		fn grants_to_doctor(
			doctor: DoctorId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<GrantInfo, PatientId>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn grants_to_doctor(
			doctor: DoctorId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<earlier::GrantInfoV3, PatientId>;

		/// The institutions that may add to a chart, in order of their ids.
		fn deposits(patient: PatientId) -> Vec<DepositInfo>;

		/// A patient's permission to one institution to add to the chart.
		fn deposit(patient: PatientId, institution: InstitutionId) -> Option<DepositInfo>;

		/// Whether a doctor may see a record, or any, and if not, the reason.
		fn access(
			patient: PatientId,
			doctor: DoctorId,
			record: Option<RecordIndex>,
		) -> Result<Allowed, Denied>;

		/// The public keys of a chart's current epoch and its standby.
		fn chart_keys(patient: PatientId) -> Option<ChartKeys>;

		/// The remainders of a chart's earlier epochs greater than `after`.
		fn past_epochs(
			patient: PatientId,
			after: Option<Epoch>,
			limit: u32,
		) -> Page<(Epoch, PastEpoch), Epoch>;

		/// The doctors to whose own keys a due chart's files are encrypted too.
		fn recipients(patient: PatientId) -> Option<RecipientsInfo>;

		/// The epoch secret that came with a grant to the whole chart.
		fn grant_key(patient: PatientId, doctor: DoctorId) -> Option<SealedKey>;

		/// The keys to the single records that a patient shares with a doctor.
		fn share(patient: PatientId, doctor: DoctorId) -> ShareInfo;

		/// Patients who wait for a hospital to verify or accept them.
		fn awaiting_patients(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientInfo<AccountId>, PatientId>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn awaiting_patients(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<earlier::PatientInfoV3<AccountId>, PatientId>;

		/// A hospital's patients, whatever their standing, in order of their ids.
		fn patients_of_hospital(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientInfo<AccountId>, PatientId>;

		/// The same, as version 3 answered.
		#[changed_in(4)]
		fn patients_of_hospital(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<earlier::PatientInfoV3<AccountId>, PatientId>;
		/// Patients who chose a hospital's vault, as a mirror or by moving documents to it.
		// A successor asks for those of the hospitals that it succeeds, too.
		fn patients_of_vault(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientId, PatientId>;

		/// The hospitals that keep the documents of those that have left.
		fn successors() -> Vec<Succession>;

		/// Doctors who wait for a hospital to verify or accept them.
		fn awaiting_doctors(
			hospital: HospitalId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId>;

		/// The change that a doctor proposes to the directory entry.
		fn proposed_profile(doctor: DoctorId) -> Option<DoctorProfile>;

		/// Entries that doctors of a hospital propose, in no particular order.
		fn proposed_profiles(
			hospital: HospitalId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<ProposalInfo, DoctorId>;

		/// The change of a person's account that is pending.
		fn account_change(person: Person) -> Option<AccountChangeInfo<AccountId>>;

		/// Changes of account of a hospital's people, in no particular order.
		fn account_changes(
			hospital: HospitalId,
			after: Option<Person>,
			limit: u32,
		) -> Page<AccountChangeInfo<AccountId>, Person>;

		/// The changes in this block that concern doctors, in their order.
		// A cursor is valid in its own block alone.
		fn news(after: Option<u32>, limit: u32) -> Page<Change<AccountId>, u32>;
	}
}
