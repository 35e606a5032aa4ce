//! Sharing single records no longer.

use super::Confirmed;
use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
	records,
};
use medblock_platform::clock::{Duration, timeout};
use medblock_primitives::*;

/// The time that two nodes have to say that records are not shared any more. One of them may be behind by some blocks.
const AGREEMENT: Duration = Duration::from_secs(15);

/// Records that are not shared any more.
#[derive(Debug)]
pub struct Unshared {
	/// The transaction.
	pub done: Done,
	/// How many nodes say that they are not shared any more.
	pub confirmed: Confirmed,
}

impl Client {
	/// Stops sharing single records with a doctor: vaults no longer give them out. The doctor may have
	/// kept them.
	///
	/// [`Unshared::confirmed`] says whether two nodes tell that they are not shared any more: a program calls it done only
	/// then.
	pub async fn unshare(&self, doctor: DoctorId, records: &[RecordIndex]) -> Result<Unshared> {
		let named = records::named(records)?;
		let done = self.conclude(&Call::unshare_records(doctor, named)).await?;
		let confirmed = match &done {
			Done::Prepared(_) => Confirmed::NotSent,
			Done::Sent(_) => self.confirmed_unshared(doctor, records).await,
		};
		Ok(Unshared { done, confirmed })
	}

	/// How many nodes say that none of these records is shared with the doctor.
	async fn confirmed_unshared(&self, doctor: DoctorId, records: &[RecordIndex]) -> Confirmed {
		let shared = timeout(AGREEMENT, self.shared_by_two(doctor)).await;
		match shared {
			Ok(Ok(Some(shared))) if !records.iter().any(|one| shared.contains(one)) => {
				Confirmed::ByTwo
			},
			Ok(Ok(None)) => Confirmed::ByTheOnlyOne,
			_ if self.nodes.knows_several() => Confirmed::ByOneAlone,
			_ => Confirmed::ByTheOnlyOne,
		}
	}

	/// The records that are shared with a doctor, as two nodes have it; nothing if one is trusted.
	async fn shared_by_two(&self, doctor: DoctorId) -> Result<Option<Vec<RecordIndex>>> {
		let agreed = self.nodes.agreed().await?;
		if !agreed.is_of_two() {
			return Ok(None);
		}
		let own = agreed.read("your chart", |at| async move { self.own_chart(&at).await }).await?;
		let patient = own.id;
		let share = agreed
			.read("what is shared", |at| async move { at.share(patient, doctor).await })
			.await?;
		Ok(Some(share.records.into_iter().map(|one| one.record).collect()))
	}
}
