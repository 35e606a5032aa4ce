//! What a node or a client may ask the runtime about patients, doctors, records and grants.
//!
//! Lists come in pages: ask with no cursor first, then with `next` of the page before until that is
//! `None`. A page holds at most [`MAX_PAGE`] items, however many are asked for. All times are in
//! milliseconds since 1970 by the chain's clock. Rejected doctors are left out of the directory. A page
//! of people who wait may be short, or empty, without being the last: no more than 4,096 people are
//! looked at for it.
//!
//! Wallets show a function's doc comment on one line and cut it at about 80 characters, so each is one
//! short sentence.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro repeats the bound on `AccountId` for each function that takes one.
#![allow(clippy::multiple_bound_locations)]

extern crate alloc;

mod types;

pub use types::*;

#[cfg(feature = "runtime-api")]
use {codec::Codec, medblock_primitives::*};

#[cfg(feature = "runtime-api")]
sp_api::decl_runtime_apis! {
	/// Patients, doctors, records and grants.
	#[api_version(2)]
	pub trait MedicalRecordsApi<AccountId: Codec> {
		/// The doctors' public directory, from the id that follows `after`.
		fn doctors(
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId>;

		/// What the chain knows of a doctor.
		fn doctor(doctor: DoctorId) -> Option<DoctorInfo<AccountId>>;

		/// The doctor that an account acts for.
		fn doctor_of(account: AccountId) -> Option<DoctorId>;

		/// The encryption key that a doctor has published.
		fn encryption_key(doctor: DoctorId) -> Option<EncryptionKey>;

		/// What the chain knows of a patient.
		fn patient(patient: PatientId) -> Option<PatientInfo<AccountId>>;

		/// The patient that an account controls.
		fn patient_of(account: AccountId) -> Option<PatientId>;

		/// A chart's records with places greater than `after`, oldest first.
		fn records(
			patient: PatientId,
			after: Option<RecordIndex>,
			limit: u32,
		) -> Page<RecordInfo, RecordIndex>;

		/// The record at one place of a chart.
		fn record(patient: PatientId, record: RecordIndex) -> Option<RecordInfo>;

		/// A chart's grants to doctors with ids greater than `after`.
		fn grants_of_patient(
			patient: PatientId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<GrantInfo, DoctorId>;

		/// What a patient has granted to one doctor.
		fn grant(patient: PatientId, doctor: DoctorId) -> Option<GrantInfo>;

		/// What a doctor was granted, in no particular order.
		fn grants_to_doctor(
			doctor: DoctorId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<GrantInfo, PatientId>;

		/// Whether a doctor may see a record, or anything at all, or why not.
		fn access(
			patient: PatientId,
			doctor: DoctorId,
			record: Option<RecordIndex>,
		) -> Result<Allowed, Denied>;

		/// The public keys of a chart's current epoch and its standby.
		fn chart_keys(patient: PatientId) -> Option<ChartKeys>;

		/// What is left of a chart's earlier epochs, those greater than `after`.
		fn past_epochs(
			patient: PatientId,
			after: Option<Epoch>,
			limit: u32,
		) -> Page<(Epoch, PastEpoch), Epoch>;

		/// The epoch secret that came with a grant to the whole chart.
		fn grant_key(patient: PatientId, doctor: DoctorId) -> Option<SealedKey>;

		/// What opens the single records that a doctor was granted.
		fn share(patient: PatientId, doctor: DoctorId) -> ShareInfo;

		/// Patients who wait to be verified or taken in by a hospital.
		// Looks at no more than 4,096 people, so that a page may be short, or empty, without being
		// the last.
		fn awaiting_patients(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientInfo<AccountId>, PatientId>;

		/// Doctors who wait to be verified or taken in by a hospital.
		fn awaiting_doctors(
			hospital: HospitalId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId>;

		/// What this block changed for doctors, in the order of events.
		// The cursor means nothing in another block.
		fn news(after: Option<u32>, limit: u32) -> Page<Change<AccountId>, u32>;
	}
}
