//! What a patient grants: the whole chart, or single records, and taking it back.

mod access;
mod revoke;
mod share;

pub use access::Granted;
pub use revoke::{Revoked, Rotated};
pub use share::Shared;

use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{GrantInfo, MAX_PAGE};

/// What is wrong with a grant.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A key was sealed to a doctor, and the transaction that carried it did not succeed.
	#[error("{why}; {}", aftermath(.rotation))]
	KeyWasOut {
		/// The reason.
		why: Box<crate::Error>,
		/// The reason why the chart could not be given a new key, if it could not.
		rotation: Option<Box<crate::Error>>,
	},
	/// One doctor can be given so many single records at most.
	#[error("at most {MAX_SHARED} records can be shared with one doctor")]
	TooManyShared,
	/// One revocation can name so many doctors at most.
	#[error("at most {MAX_GRANTS} doctors can be named at once")]
	TooManyRevoked,
}

/// What became of a chart whose key may be known to a doctor without access.
fn aftermath(rotation: &Option<Box<crate::Error>>) -> String {
	match rotation {
		None => "since the doctor's key had been sent, the chart was given a new one".to_owned(),
		Some(why) => format!(
			"the doctor's key had been sent, so that the chart needs a new one, and has none yet \
			({why})"
		),
	}
}

/// How a doctor is let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
	/// Whether they may add records and notes.
	pub may_append: bool,
	/// When it ends by itself.
	pub expires_at: Option<Moment>,
}

impl Client {
	/// Everything that this doctor was granted, with what it is good for now.
	pub async fn inbox(&self) -> Result<Vec<GrantInfo>> {
		let at = self.chain().finalized().await?;
		let doctor = self.own_practice(&at).await?;
		let mut all: Vec<GrantInfo> = Vec::new();
		let mut after = None;
		loop {
			let page = at.grants_to_doctor(doctor, after, MAX_PAGE).await?;
			let came = page.items.len();
			all.extend(page.items);
			match page.next {
				Some(next) if came > 0 && Some(next) != after => after = Some(next),
				_ => return Ok(all),
			}
		}
	}

	/// Gives up access to a chart.
	pub async fn relinquish(&self, patient: PatientId) -> Result<Done> {
		self.conclude(&Call::relinquish_access(patient)).await
	}
}
