//! A file that the vault keeps and a chart names.

use crate::common::chain::{Person, Session, Setup};
use medblock_primitives::{PatientId, RecordIndex};

/// A record, and its patient.
pub struct Kept {
	pub patient: Person,
	pub id: PatientId,
	/// The patient's own session.
	pub own: Session,
	pub record: RecordIndex,
	/// The record's path at the gateway.
	pub path: String,
}

impl Kept {
	/// A new patient uploads the file and names it.
	pub async fn new(setup: &Setup, file: &[u8]) -> Self {
		let (patient, id) = setup.patient().await;
		let own = setup.session(&patient).await;
		assert_eq!(own.upload(id, file).await.status(), 201);
		let record = setup.name(&patient, &[file]).await;
		let path = format!("/v1/patients/{}/records/{record}", id.0);
		Self { patient, id, own, record, path }
	}
}
