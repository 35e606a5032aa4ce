//! The names of a chain's things.

use crate::{Identifier, Reference, codes};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use medblock_client::medblock_primitives::{
	DoctorId, HospitalId, InstitutionId, PatientId, RecordIndex,
};
use sha1::{Digest, Sha1};

/// The names that one chain gives.
///
/// Systems are `urn:medblock:CHAIN:KIND`, where CHAIN is the first 32 hex digits of the genesis
/// block's hash, by which CAIP-2 tells Substrate chains apart: patient 3 of another consortium is
/// another person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
	chain: String,
}

impl Names {
	/// The names of the chain with this genesis hash.
	pub fn new(genesis: &[u8; 32]) -> Self {
		let (beginning, _) = genesis.split_at(16);
		Self { chain: hex::encode(beginning) }
	}

	fn name(&self, kind: &str, value: String) -> Identifier {
		Identifier { system: format!("urn:medblock:{}:{kind}", self.chain), value }
	}

	/// A patient: the number.
	pub fn patient(&self, patient: PatientId) -> Identifier {
		self.name("patient", patient.0.to_string())
	}

	/// A doctor: the number.
	pub fn doctor(&self, doctor: DoctorId) -> Identifier {
		self.name("doctor", doctor.0.to_string())
	}

	/// A hospital: the number.
	pub fn hospital(&self, hospital: HospitalId) -> Identifier {
		self.name("hospital", hospital.0.to_string())
	}

	/// An institution of a hospital: the number.
	pub fn institution(&self, institution: InstitutionId) -> Identifier {
		self.name("institution", institution.0.to_string())
	}

	/// A record: the patient's number, and its own.
	pub fn record(&self, patient: PatientId, record: RecordIndex) -> Identifier {
		self.name("record", format!("{}-{record}", patient.0))
	}

	/// A patient's profile: the patient's number.
	pub fn profile(&self, patient: PatientId) -> Identifier {
		self.name("profile", patient.0.to_string())
	}

	/// A grant: the patient's number and the doctor's. There is at most one between the two.
	pub fn grant(&self, patient: PatientId, doctor: DoctorId) -> Identifier {
		self.name("grant", format!("{}-{}", patient.0, doctor.0))
	}

	/// A download: the vault's hospital, the patient, and the vault's number for it.
	pub fn download(&self, vault: HospitalId, patient: PatientId, number: u64) -> Identifier {
		self.name("download", format!("{}-{}-{number}", vault.0, patient.0))
	}

	/// The addition of a record to a chart, with its file.
	pub(crate) fn adding(&self, patient: PatientId, record: RecordIndex) -> Identifier {
		self.name("adding", format!("{}-{record}", patient.0))
	}

	/// A person who acts for a patient: the patient's number, and the person's own.
	pub fn representative(&self, patient: PatientId, representative: PatientId) -> Identifier {
		self.name("representative", format!("{}-{}", patient.0, representative.0))
	}

	/// What a person may do for a patient: the patient's number, and the person's own.
	pub fn representation(&self, patient: PatientId, representative: PatientId) -> Identifier {
		self.name("representation", format!("{}-{}", patient.0, representative.0))
	}

	/// A patient's plan for emergencies: the patient's number. There is at most one.
	pub fn emergency_plan(&self, patient: PatientId) -> Identifier {
		self.name("emergency-plan", patient.0.to_string())
	}

	/// A block: the source of everything in a bundle.
	pub fn block(&self, hash: &[u8; 32]) -> String {
		format!("urn:medblock:{}:block:{}", self.chain, hex::encode(hash))
	}

	pub(crate) fn to_patient(&self, patient: PatientId) -> Reference {
		to("Patient", self.patient(patient))
	}

	pub(crate) fn to_doctor(&self, doctor: DoctorId) -> Reference {
		to("Practitioner", self.doctor(doctor))
	}

	pub(crate) fn to_hospital(&self, hospital: HospitalId) -> Reference {
		to("Organization", self.hospital(hospital))
	}

	pub(crate) fn to_institution(&self, institution: InstitutionId) -> Reference {
		to("Organization", self.institution(institution))
	}

	pub(crate) fn to_representative(
		&self,
		patient: PatientId,
		representative: PatientId,
	) -> Reference {
		to("RelatedPerson", self.representative(patient, representative))
	}

	pub(crate) fn to_record(&self, patient: PatientId, record: RecordIndex) -> Reference {
		to("DocumentReference", self.record(patient, record))
	}
}

fn to(kind: &'static str, identifier: Identifier) -> Reference {
	Reference { reference: None, kind: Some(kind), identifier }
}

/// A file that has no resource of its own, by its SHA-256 (RFC 6920).
pub(crate) fn to_file(sha256: &[u8; 32]) -> Reference {
	let value = format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(sha256));
	Reference {
		reference: None,
		kind: None,
		identifier: Identifier { system: codes::URIS.into(), value },
	}
}

/// The namespace of URLs and other URIs (RFC 9562, §6.6).
const NAMESPACE: [u8; 16] = [
	0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
];

impl Identifier {
	/// The full URL of the resource with this identifier: a UUID of version 5 (RFC 9562, §5.5) of
	/// `SYSTEM:VALUE`, so that the same thing has the same URL in every bundle.
	pub fn full_url(&self) -> String {
		let name = format!("{}:{}", self.system, self.value);
		let hash = Sha1::new().chain_update(NAMESPACE).chain_update(name).finalize();
		let mut uuid = [0; 16];
		for (to, from) in uuid.iter_mut().zip(hash) {
			*to = from;
		}
		uuid[6] = uuid[6] & 0x0f | 0x50;
		uuid[8] = uuid[8] & 0x3f | 0x80;
		let text = hex::encode(uuid);
		let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
		format!("urn:uuid:{}", parts.join("-"))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn full_urls_are_uuids_of_version_5() {
		// Python's `uuid.uuid5(uuid.NAMESPACE_URL, "urn:medblock:x:patient:3")` gives the same.
		let name = Identifier { system: "urn:medblock:x:patient".into(), value: "3".into() };
		assert_eq!(name.full_url(), "urn:uuid:2ff8e6f4-80b2-5a61-a6cb-805d18d80f4d");
	}

	#[test]
	fn another_chain_has_other_names() {
		let (one, two) = (Names::new(&[1; 32]), Names::new(&[2; 32]));
		assert_ne!(one.patient(PatientId(3)), two.patient(PatientId(3)));
		assert_eq!(
			one.patient(PatientId(3)).system,
			format!("urn:medblock:{}:patient", "01".repeat(16))
		);
	}
}
