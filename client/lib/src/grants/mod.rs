//! A patient's grants: the whole chart, or single records, and revoking them.

mod chart;
mod extend;
mod keep;
mod ready;
mod revoke;
mod share;
mod unshare;

pub use chart::Granted;
pub use extend::{Extended, Repaired};
pub(crate) use keep::merged;
pub use keep::{NewTerms, Opened, WholeChart};
pub use ready::{LeftOut, Reach, Ready};
pub use revoke::{Confirmed, Revoked, Rotated};
pub use share::Shared;
pub use unshare::Unshared;

use crate::{
	Result,
	chain::{At, Call, Event},
	client::{Client, Done},
	repeated::done_before,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;

/// The reason why a grant failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A key was sealed to a doctor, and the transaction with it failed.
	#[error("{why}; {}", aftermath(.rotation))]
	KeyWasOut {
		/// The reason.
		why: Box<crate::Error>,
		/// The reason why the chart could not be given a new key, if there is one.
		rotation: Option<Box<crate::Error>>,
	},
	/// The doctor would have more single records than one doctor can have.
	#[error("at most {MAX_SHARED} records can be shared with one doctor")]
	TooManyShared,
	/// The revocation would name more doctors than one revocation may.
	#[error("at most {MAX_GRANTS} doctors can be named at once")]
	TooManyRevoked,
	/// The doctor would give up more charts than one call may.
	#[error("at most {MAX_RELINQUISHED} patients can be named at once")]
	TooManyRelinquished,
	/// The doctor may see the whole chart, and sharing single records would end that.
	#[error(
		"doctor {} has a grant of the whole chart, these records included: sharing single records would end it",
		.0.0
	)]
	SeesAll(DoctorId),
	/// The patient has granted the doctor nothing.
	#[error("doctor {} has no grant to change", .0.0)]
	NoGrant(DoctorId),
}

/// The state of a chart after a doctor without access may have learned its key.
fn aftermath(rotation: &Option<Box<crate::Error>>) -> String {
	match rotation {
		None => "since the doctor's key had been sent, the chart was given a new one".to_owned(),
		Some(why) => format!(
			"the doctor's key had been sent, so the chart needs a new one, and has none yet ({why})"
		),
	}
}

/// The terms of a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The time at which the grant expires.
	pub expires_at: Option<Moment>,
}

impl Client {
	/// All grants to this doctor, with their effect at a block.
	pub async fn inbox(&self, at: &At) -> Result<Vec<GrantInfo>> {
		let doctor = self.own_practice(at).await?;
		let all = at.all_grants_to_doctor(doctor).await?;
		self.forget_closed(at, &all).await;
		self.forget_closed_names(&all).await;
		Ok(all)
	}

	/// Gives up access to these patients' charts. It stays as it is if none of them has granted anything any more: each then
	/// has the event `HadNoAccess`.
	pub async fn relinquish(&self, patients: &[PatientId]) -> Result<Done> {
		let named =
			PatientIds::try_from(patients.to_vec()).map_err(|_| Error::TooManyRelinquished)?;
		let call = Call::relinquish_access(named);
		let sent = self.conclude(&call).await;
		let before = self.relinquished_before(call.name(), patients);
		self.or_done_before(sent, &["NotGranted"], before).await
	}

	/// The outcome, if none of these patients has granted the doctor anything.
	async fn relinquished_before(
		&self,
		call: String,
		patients: &[PatientId],
	) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		let doctor = self.own_practice(&at).await?;
		let granted = at.all_grants_to_doctor(doctor).await?;
		if granted.iter().any(|grant| patients.contains(&grant.patient)) {
			return Ok(None);
		}
		let events = patients.iter().map(|patient| {
			let numbers = [("patient", patient.0), ("doctor", doctor.0)];
			Event::recalled("MedicalRecords", "HadNoAccess", &numbers)
		});
		Ok(Some(done_before(&at, call, events.collect(), false)))
	}

	/// Lets a doctor add as many records again as when the patient granted it.
	pub async fn renew_append_budget(&self, doctor: DoctorId) -> Result<Done> {
		self.conclude(&Call::renew_append_budget(doctor)).await
	}
}
