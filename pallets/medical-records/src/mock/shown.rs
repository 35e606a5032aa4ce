//! What the chain shows.

use super::*;

pub fn sealing_epoch(patient: PatientId) -> Epoch {
	MedicalRecords::sealing_epoch(patient, &patient_entry(patient).chart, now())
}

pub fn is_due(patient: PatientId) -> bool {
	sealing_epoch(patient) != patient_entry(patient).chart.epoch
}

/// The digest that a good client names.
pub fn recipients(patient: PatientId) -> Option<RecipientsDigest> {
	MedicalRecords::recipients(patient).expect("there is such a patient").digest
}

pub fn access(patient: PatientId, doctor: DoctorId) -> Result<Scope, Denied> {
	MedicalRecords::access(patient, doctor, None).map(|allowed| allowed.scope)
}

pub fn key_status(patient: PatientId, doctor: DoctorId) -> KeyStatus {
	MedicalRecords::access(patient, doctor, None).expect("access").key
}

pub fn events() -> Vec<Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::MedicalRecords(event) => Some(event),
			_ => None,
		})
		.collect()
}

pub fn last_event() -> Event<Test> {
	events().pop().expect("something happened")
}
