//! Questions whose answers had another shape under earlier runtimes. A node is upgraded days before its
//! chain, and would take the earlier bytes for others.

use medblock_primitives::{DoctorId, HospitalId, Page, PatientId, RecordIndex};
use pallet_medical_records_runtime_api::{
	GrantInfo, MedicalRecordsApi, PatientInfo, RecordInfo, earlier::Present,
};
use sp_api::{ApiError, ApiExt};
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};

/// The version of the API in which patients, records and grants got their present shape.
const CHANGED: u32 = 4;

macro_rules! questions {
	($(
		$name:ident, before $earlier:ident, ($($parameter:ident: $kind:ty),*) -> $answer:ty;
	)*) => {
		$(
			/// Asks the function of this name of [`MedicalRecordsApi`], as the block's runtime has it.
			// The SDK marks earlier forms so.
			#[allow(deprecated)]
			pub fn $name<B, Api>(
				api: &Api,
				at: H256,
				$($parameter: $kind),*
			) -> Result<$answer, ApiError>
			where
				B: BlockT<Hash = H256>,
				Api: ApiExt<B> + MedicalRecordsApi<B, AccountId32>,
			{
				let version = api.api_version::<dyn MedicalRecordsApi<B, AccountId32>>(at)?;
				match version.is_some_and(|version| version < CHANGED) {
					true => api.$earlier(at, $($parameter),*).map(Present::present),
					false => api.$name(at, $($parameter),*),
				}
			}
		)*
	};
}

questions! {
	patient, before patient_before_version_4,
		(patient: PatientId) -> Option<PatientInfo<AccountId32>>;
	records, before records_before_version_4,
		(patient: PatientId, after: Option<RecordIndex>, limit: u32) -> Page<RecordInfo, RecordIndex>;
	record, before record_before_version_4,
		(patient: PatientId, record: RecordIndex) -> Option<RecordInfo>;
	grant, before grant_before_version_4,
		(patient: PatientId, doctor: DoctorId) -> Option<GrantInfo>;
	grants_of_patient, before grants_of_patient_before_version_4,
		(patient: PatientId, after: Option<DoctorId>, limit: u32) -> Page<GrantInfo, DoctorId>;
	grants_to_doctor, before grants_to_doctor_before_version_4,
		(doctor: DoctorId, after: Option<PatientId>, limit: u32) -> Page<GrantInfo, PatientId>;
	awaiting_patients, before awaiting_patients_before_version_4,
		(hospital: HospitalId, after: Option<PatientId>, limit: u32)
			-> Page<PatientInfo<AccountId32>, PatientId>;
	patients_of_hospital, before patients_of_hospital_before_version_4,
		(hospital: HospitalId, after: Option<PatientId>, limit: u32)
			-> Page<PatientInfo<AccountId32>, PatientId>;
}
