//! A chart of an invented patient.

use medblock_client::{
	medblock_crypto::Headers,
	medblock_primitives::{
		Allowed, Author, Denied, DoctorId, Document, HospitalId, KeyStatus, Minute, PatientId,
		Record, RecordIndex, Scope, Vaults,
	},
	vault::Disclosure,
};
use medblock_fhir::{Content, Names, Resource};
use pallet_medical_records_runtime_api::GrantInfo;
use serde_json::Value;
use std::io::Write;

pub const ANA: PatientId = PatientId(3);
pub const BONES: DoctorId = DoctorId(5);
/// 2026-11-23, 14:05 by universal time, in milliseconds.
pub const NOW: u64 = 1_795_442_700_000;

pub fn names() -> Names {
	Names::new(&[0xab; 32])
}

pub fn record(author: Author, in_reply_to: Option<RecordIndex>) -> Record {
	Record {
		document: Some(Document {
			digest: [0xcd; 32],
			head: [0xef; 16],
			size: 4_640,
			vault: HospitalId(1),
		}),
		author,
		sealed_to: 2,
		in_reply_to,
		recorded_at: Minute::of(NOW),
	}
}

/// The vaults of documents of a hospital.
pub fn kept_by(hospital: u32) -> Vaults {
	Vaults { home: HospitalId(hospital), mirror: None, former: Vec::new() }
}

pub fn withdrawn() -> Record {
	Record { document: None, ..record(Author::Patient, None) }
}

pub fn headers() -> Headers {
	Headers {
		title: "Reading of the CT".into(),
		media_type: "text/plain; charset=utf-8".into(),
		file_name: Some("note.txt".into()),
		written_at: Some(1_795_442_640),
	}
}

pub fn content(bytes: &[u8]) -> Content {
	let mut file = tempfile::tempfile().unwrap();
	file.write_all(bytes).unwrap();
	Content::read(file).unwrap()
}

pub fn grant(scope: Scope, may_append: bool) -> GrantInfo {
	let key = match scope {
		Scope::Chart => KeyStatus::Current,
		Scope::Records => KeyStatus::Shared,
	};
	let until = Some(NOW + 30 * 86_400_000);
	GrantInfo {
		patient: ANA,
		doctor: BONES,
		scope,
		may_append,
		expires_at: until,
		granted_at: NOW,
		appends_left: if may_append { 1_000 } else { 0 },
		epoch: (scope == Scope::Chart).then_some(2),
		key_version: (scope == Scope::Chart).then_some(1),
		access: Ok(Allowed { scope, may_append, until, key }),
	}
}

pub fn refused(why: Denied) -> GrantInfo {
	GrantInfo { access: Err(why), ..grant(Scope::Chart, true) }
}

pub fn download(doctor: Option<u32>, registrar: Option<u32>) -> Disclosure {
	Disclosure {
		number: 12,
		time: NOW + 250,
		block: 4_711,
		block_hash: format!("0x{}", "12".repeat(32)),
		account: "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty".into(),
		doctor: doctor.map(DoctorId),
		registrar: registrar.map(HospitalId),
		emergency: false,
		representative: None,
		record: Some(7),
		from: 0,
		to: 4_640,
		challenge: "vault.example asks you to sign in".into(),
		signature: "34".repeat(64),
	}
}

/// A resource as JSON.
pub fn json(resource: impl Into<Resource>) -> Value {
	serde_json::to_value(resource.into()).unwrap()
}

/// The code of a concept.
pub fn code(concept: &Value) -> &str {
	concept["coding"][0]["code"].as_str().unwrap()
}
