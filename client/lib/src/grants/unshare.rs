//! Sharing single records no longer.

use super::Confirmed;
use crate::{
	Result,
	chain::{At, Call, Event},
	client::{Client, Done},
	records,
	repeated::done_before,
};
use medblock_platform::clock::{Duration, timeout};
use medblock_primitives::*;

/// The time that two nodes have to say that records are not shared any more. One of them may be behind by some blocks, or
/// stand still for a while.
const AGREEMENT: Duration = Duration::from_secs(45);

/// The chain's refusals of what is not shared.
const NOT_SHARED: [&str; 2] = ["NotGranted", "RecordNotShared"];

/// Records that are not shared any more.
#[derive(Debug)]
pub struct Unshared {
	/// The transaction.
	pub done: Done,
	/// How many nodes say that they are not shared any more.
	pub confirmed: Confirmed,
}

/// What a doctor's grant opens.
#[derive(Debug, PartialEq, Eq)]
enum Open {
	Nothing,
	Records(Vec<RecordIndex>),
	Chart,
}

impl Open {
	async fn to(doctor: DoctorId, at: &At, patient: PatientId) -> Result<Self> {
		Ok(match at.grant(patient, doctor).await?.map(|grant| grant.scope) {
			None => Self::Nothing,
			Some(Scope::Chart) => Self::Chart,
			Some(Scope::Records) => {
				let share = at.share(patient, doctor).await?;
				Self::Records(share.records.into_iter().map(|one| one.record).collect())
			},
		})
	}

	/// Whether one of these records is among it.
	fn has_any(&self, records: &[RecordIndex]) -> bool {
		match self {
			Self::Nothing => false,
			Self::Records(shared) => records.iter().any(|one| shared.contains(one)),
			Self::Chart => true,
		}
	}

	/// What the chain told when the rest was taken back.
	fn told(&self, patient: PatientId, doctor: DoctorId) -> Event {
		let numbers = [("patient", patient.0), ("doctor", doctor.0)];
		match self {
			Self::Records(left) => {
				let left = u32::try_from(left.len()).unwrap_or(u32::MAX);
				let [patient, doctor] = numbers;
				let numbers = [patient, doctor, ("records", left)];
				Event::recalled("MedicalRecords", "RecordsUnshared", &numbers)
			},
			Self::Nothing | Self::Chart => {
				Event::recalled("MedicalRecords", "AccessRevoked", &numbers)
			},
		}
	}
}

impl Client {
	/// Stops sharing single records with a doctor: vaults no longer give them out. The doctor may have
	/// kept them. Records that are not shared with the doctor any more stay so.
	///
	/// [`Unshared::confirmed`] says whether two nodes tell that they are not shared any more: a program calls it done only
	/// then. Doing it again asks both once more.
	pub async fn unshare(&self, doctor: DoctorId, records: &[RecordIndex]) -> Result<Unshared> {
		let call = Call::unshare_records(doctor, records::named(records)?);
		let sent = self.conclude(&call).await;
		let before = self.unshared_before(call.name(), doctor, records);
		let done = self.or_done_before(sent, &NOT_SHARED, before).await?;
		let confirmed = match &done {
			Done::Prepared(_) => Confirmed::NotSent,
			Done::Sent(_) => self.until_final(self.confirmed_unshared(doctor, records)).await,
		};
		Ok(Unshared { done, confirmed })
	}

	/// The outcome, if none of these records is open to the doctor by a grant, as far as the first node says.
	async fn unshared_before(
		&self,
		call: String,
		doctor: DoctorId,
		records: &[RecordIndex],
	) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		// A wrong number is no doctor who has lost access.
		at.known_doctor(doctor).await?;
		let patient = self.own_chart(&at).await?.id;
		let open = Open::to(doctor, &at, patient).await?;
		if open.has_any(records) {
			return Ok(None);
		}
		Ok(Some(done_before(&at, call, vec![open.told(patient, doctor)], false)))
	}

	/// How many nodes say that none of these records is open to the doctor by a grant.
	async fn confirmed_unshared(&self, doctor: DoctorId, records: &[RecordIndex]) -> Confirmed {
		match timeout(AGREEMENT, self.open_by_two(doctor)).await {
			Ok(Ok(Some(open))) if !open.has_any(records) => Confirmed::ByTwo,
			Ok(Ok(None)) => Confirmed::ByTheOnlyOne,
			_ if self.nodes.knows_several() => Confirmed::ByOneAlone,
			_ => Confirmed::ByTheOnlyOne,
		}
	}

	/// What is open to a doctor, as two nodes have it; nothing if one is trusted.
	async fn open_by_two(&self, doctor: DoctorId) -> Result<Option<Open>> {
		let agreed = self.nodes.agreed().await?;
		if !agreed.is_of_two() {
			return Ok(None);
		}
		let own = agreed.read("your chart", |at| async move { self.own_chart(&at).await }).await?;
		let patient = own.id;
		let open = agreed
			.read("what is shared", |at| async move { Open::to(doctor, &at, patient).await })
			.await?;
		Ok(Some(open))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn grant_of_the_whole_chart_opens_what_is_shared_no_longer() {
		assert!(!Open::Nothing.has_any(&[0, 3]));
		assert!(Open::Chart.has_any(&[0]));
		let shared = Open::Records(vec![1, 3]);
		assert!(shared.has_any(&[0, 3]));
		assert!(!shared.has_any(&[0, 2]));
	}

	#[test]
	fn what_is_left_is_told_again() {
		let (patient, doctor) = (PatientId(7), DoctorId(4));
		let told = Open::Records(vec![1, 3]).told(patient, doctor);
		assert_eq!((told.name.as_str(), told.number("records")), ("RecordsUnshared", Some(2)));
		let told = Open::Nothing.told(patient, doctor);
		assert_eq!((told.name.as_str(), told.number("doctor")), ("AccessRevoked", Some(4)));
	}
}
