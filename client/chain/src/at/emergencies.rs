//! Queries about emergencies: what patients have planned, who asks, and what has been opened. Runtimes of the last
//! release know of none: gateways are upgraded before the chain, and go on serving everyone else.

use super::{
	At,
	paging::{PEOPLE, every_unordered},
};
use crate::Result;
use medblock_primitives::*;
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyOf, EmergencyPlanInfo, EmergencyRequestInfo,
};
use pallet_medical_records_runtime_api::MAX_PAGE;

impl At {
	/// What a patient has planned for an emergency.
	pub async fn emergency_plan(&self, patient: PatientId) -> Result<Option<EmergencyPlanInfo>> {
		self.ask_of_delegation("DelegationApi_emergency_plan", patient).await
	}

	/// What a patient's plan opens, sealed to the plan's key.
	pub async fn emergency_set(&self, patient: PatientId) -> Result<Option<EmergencySet>> {
		self.ask_of_delegation("DelegationApi_emergency_set", patient).await
	}

	/// A holder's share of the secret of a patient's plan, sealed to the hospital's profile key.
	pub async fn emergency_share(
		&self,
		patient: PatientId,
		hospital: HospitalId,
	) -> Result<Option<SealedShare>> {
		self.ask_of_delegation("DelegationApi_emergency_share", (patient, hospital)).await
	}

	/// The doctors who ask for an emergency of a patient, at most [`MAX_EMERGENCY_REQUESTS`].
	pub async fn emergency_requests(
		&self,
		patient: PatientId,
	) -> Result<Vec<EmergencyRequestInfo>> {
		self.ask_of_delegation("DelegationApi_emergency_requests", patient).await
	}

	/// The requests that a hospital can confirm, in no particular order.
	pub async fn emergencies_asked(
		&self,
		hospital: HospitalId,
	) -> Result<Vec<EmergencyRequestInfo>> {
		let page = |after: Option<EmergencyOf>| {
			let arguments = (hospital, after, MAX_PAGE);
			self.page_of_delegation("DelegationApi_emergencies_asked", arguments)
		};
		every_unordered(self.paging("requests for emergencies", PEOPLE, None), page).await
	}

	/// The share that a holder has sealed to a doctor.
	pub async fn confirmed_share(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		hospital: HospitalId,
	) -> Result<Option<SealedShare>> {
		self.ask_of_delegation("DelegationApi_confirmed_share", (patient, doctor, hospital)).await
	}

	/// The last emergencies of a patient, oldest first, of which there are at most [`MAX_EMERGENCIES`].
	pub async fn emergencies(&self, patient: PatientId) -> Result<Vec<EmergencyInfo>> {
		self.ask_of_delegation("DelegationApi_emergencies", patient).await
	}
}
