//! What people and hospitals send.

use super::*;

pub fn text<Bound: frame_support::traits::Get<u32>>(
	text: &str,
) -> frame_support::BoundedVec<u8, Bound> {
	text.as_bytes().to_vec().try_into().expect("short enough")
}

pub fn profile(name: &str) -> DoctorProfile {
	DoctorProfile {
		name: text(name),
		specialty: text("cardiology"),
		qualification: text("MD"),
		practising_since: 2001,
	}
}

/// A usable key; others have other bytes in their X25519 half.
pub fn x_wing_key(byte: u8) -> PublicKey {
	let mut key = vec![0; 1_184];
	key.resize(1_216, byte);
	key.try_into().expect("just as long")
}

/// A key to which nothing can be sealed: its coefficients are 4,095.
pub fn unusable_key() -> PublicKey {
	vec![0xff; 1_216].try_into().expect("just as long")
}

pub fn sealed_key() -> SealedKey {
	SealedKey(vec![1; SEALED_KEY_LENGTH as usize].try_into().expect("just as long"))
}

pub fn epoch_key(epoch: Epoch) -> EpochKey {
	EpochKey {
		key: x_wing_key(epoch as u8),
		salt: [epoch as u8; 16],
		previous: (epoch > 0).then_some(WrappedSecret([epoch as u8; 60])),
	}
}

pub fn chart_keys(epoch: Epoch) -> ChartKeys {
	ChartKeys {
		suite: 1,
		distributed: epoch_key(epoch),
		standby: epoch_key(epoch + 1),
		standby_tag: [9; 32],
	}
}

pub fn document() -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: NORTH }
}

pub fn new_records(count: usize) -> NewRecords {
	let record = NewRecord { document: document(), in_reply_to: None };
	vec![record; count].try_into().expect("few enough")
}

/// The records, uploaded to this hospital's vault.
pub fn at_vault(vault: HospitalId, records: NewRecords) -> NewRecords {
	let mut records = records.into_inner();
	for record in &mut records {
		record.document.vault = vault;
	}
	records.try_into().expect("as many")
}

pub fn note_to(record: RecordIndex) -> NewRecords {
	let note = NewRecord { document: document(), in_reply_to: Some(record) };
	vec![note].try_into().expect("one")
}

pub fn key_for(doctor: DoctorId) -> KeyForDoctor {
	KeyForDoctor { doctor, key_version: doctor_entry(doctor).key_version, key: sealed_key() }
}

pub fn share_key(patient: PatientId, doctor: DoctorId) -> ShareKey {
	ShareKey {
		generation: patient_entry(patient).chart.shares + 1,
		key_version: doctor_entry(doctor).key_version,
		key: sealed_key(),
	}
}

pub fn new_share(patient: PatientId, doctor: DoctorId) -> ShareUnder {
	ShareUnder::New(share_key(patient, doctor))
}

/// The share key that the doctor has, if it is still the present one.
pub fn present_share(patient: PatientId, doctor: DoctorId) -> ShareUnder {
	ShareUnder::Present(ShareKeys::<Test>::get(patient, doctor).map_or(1, |key| key.generation))
}

pub fn shared(records: &[RecordIndex]) -> SharedRecords {
	records
		.iter()
		.map(|record| SharedRecord { record: *record, key: WrappedFileKey([7; 44]) })
		.collect::<Vec<_>>()
		.try_into()
		.expect("few enough")
}

pub fn indices(records: &[RecordIndex]) -> RecordIndices {
	records.to_vec().try_into().expect("few enough")
}

pub fn patients(patients: &[PatientId]) -> PatientIds {
	patients.to_vec().try_into().expect("few enough")
}

pub fn institutions(institutions: &[InstitutionId]) -> InstitutionIds {
	institutions.to_vec().try_into().expect("few enough")
}

pub fn doctors(doctors: &[DoctorId]) -> DoctorIds {
	doctors.to_vec().try_into().expect("few enough")
}

/// The doctors who may see the whole chart and can be reached, apart from `leaving`.
pub fn remaining(patient: PatientId, leaving: &[DoctorId]) -> Vec<DoctorId> {
	let mut remaining: Vec<_> = Grants::<Test>::iter_key_prefix(patient)
		.filter(|doctor| !leaving.contains(doctor))
		.filter(|doctor| {
			MedicalRecords::access(patient, *doctor, None)
				.is_ok_and(|allowed| allowed.scope == Scope::Chart)
		})
		.filter(|doctor| doctor_entry(*doctor).is_key_vouched())
		.collect();
	remaining.sort();
	remaining
}

/// A rotation to these doctors.
pub fn rotation_to(patient: PatientId, doctors: &[DoctorId]) -> Rotation {
	let epoch = patient_entry(patient).chart.epoch + 2;
	Rotation {
		epoch,
		keys: chart_keys(epoch),
		sealed: doctors
			.iter()
			.map(|doctor| key_for(*doctor))
			.collect::<Vec<_>>()
			.try_into()
			.expect("few enough"),
	}
}

/// The rotation that a good client sends when it revokes `leaving`.
pub fn rotation(patient: PatientId, leaving: &[DoctorId]) -> Rotation {
	rotation_to(patient, &remaining(patient, leaving))
}
