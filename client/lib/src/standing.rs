//! Deciding whether people are who they say they are, which is the work of a hospital's registrars.

use crate::{
	Result,
	chain::{AccountChangeInfo, At, Call, DoctorInfo, Event, PatientInfo, Refusal},
	client::{Client, Done},
	profiles::other_digest,
	registration,
	repeated::done_before,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::ProposalInfo;

/// The people who wait for a hospital's decision.
#[derive(Clone, Debug, Default)]
pub struct Pending {
	/// The patients.
	pub patients: Vec<PatientInfo>,
	/// The doctors.
	pub doctors: Vec<DoctorInfo>,
	/// The confirmed doctors whose new encryption key is not, so that nothing can be sealed to them.
	pub keys: Vec<DoctorInfo>,
	/// The changes that doctors propose to their directory entries.
	pub proposals: Vec<ProposalInfo>,
	/// The changes of account that the hospital can stop.
	pub account_changes: Vec<AccountChangeInfo>,
}

impl Pending {
	/// Whether nothing waits.
	pub fn is_empty(&self) -> bool {
		let Self { patients, doctors, keys, proposals, account_changes } = self;
		patients.is_empty()
			&& doctors.is_empty()
			&& keys.is_empty()
			&& proposals.is_empty()
			&& account_changes.is_empty()
	}
}

/// What a hospital decides about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
	/// The hospital does not confirm them.
	Reject,
	/// The hospital does not treat them as confirmed for now.
	Suspend,
	/// The hospital treats them as confirmed again.
	Reinstate,
}

impl Decision {
	/// What the person is after it.
	fn after(self) -> Standing {
		match self {
			Self::Reject => Standing::Rejected,
			Self::Suspend => Standing::Suspended,
			Self::Reinstate => Standing::Verified,
		}
	}
}

/// The outcome of a desk's call about several people or accounts. The chain carries out what it can of it, and at least one.
#[derive(Debug)]
pub struct Batch<Item> {
	/// The outcome of the call.
	pub done: Done,
	/// The items that were refused, in the order in which they were named, with the reasons.
	pub refused: Vec<(Item, Refusal)>,
}

impl<Item> Batch<Item> {
	/// The outcome of a call. `item` tells which item's refusal an event is.
	pub(crate) fn new(done: Done, item: impl Fn(&Event) -> Option<Item>) -> Self {
		let events = done.receipt().map_or(&[][..], |receipt| receipt.events.as_slice());
		let refused = events
			.iter()
			.filter_map(|event| Some((item(event)?, event.refused.clone()?)))
			.collect();
		Self { done, refused }
	}
}

impl<Item: PartialEq> Batch<Item> {
	/// The reason why the chain refused this item, if it did.
	pub fn refusal(&self, item: &Item) -> Option<&Refusal> {
		self.refused.iter().find(|(refused, _)| refused == item).map(|(_, why)| why)
	}
}

/// The items without those that were named before.
pub(crate) fn each_once<Item: Copy + PartialEq>(items: &[Item]) -> Vec<Item> {
	let mut all = Vec::new();
	for item in items {
		if !all.contains(item) {
			all.push(*item);
		}
	}
	all
}

/// The chain's refusals of a decision that does not follow the one before.
const OTHER_STANDING: [&str; 4] =
	["NotPending", "NotSuspended", "PatientNotVerified", "DoctorNotVerified"];

/// Whether a verified doctor has published a key that the hospital has not confirmed. A suspended doctor waits for
/// more than that.
fn awaits_key(info: &DoctorInfo) -> bool {
	info.standing == Standing::Verified && info.vouched_version != info.key_version
}

impl Client {
	/// All people who wait for this account's hospital.
	pub async fn pending(&self, at: &At) -> Result<Pending> {
		let hospital = self.own_hospital().await?;
		let patients = at.awaiting_patients(hospital).await?;
		let doctors = at.awaiting_doctors(hospital).await?;
		let mut keys = at.all_doctors().await?;
		keys.retain(|info| info.hospital == hospital && awaits_key(info));
		let proposals = at.proposed_profiles(hospital).await?;
		let account_changes = at.account_changes(hospital).await?;
		Ok(Pending { patients, doctors, keys, proposals, account_changes })
	}

	/// Decides about a patient or a doctor. A decision that was made before stays.
	pub async fn decide(&self, person: Person, decision: Decision) -> Result<Done> {
		let call = match (decision, person) {
			(Decision::Reject, Person::Patient(id)) => Call::reject_patient(id),
			(Decision::Reject, Person::Doctor(id)) => Call::reject_doctor(id),
			(Decision::Suspend, Person::Patient(id)) => Call::suspend_patient(id),
			(Decision::Suspend, Person::Doctor(id)) => Call::suspend_doctor(id),
			(Decision::Reinstate, Person::Patient(id)) => Call::reinstate_patient(id),
			(Decision::Reinstate, Person::Doctor(id)) => Call::reinstate_doctor(id),
		};
		let sent = self.conclude(&call).await;
		let before = async {
			let at = self.chain().finalized().await?;
			let is_so = standing_at(&at, person).await? == Some(decision.after());
			Ok::<_, crate::Error>(is_so.then(|| done_before(&at, call.name(), Vec::new(), false)))
		};
		let done = self.or_done_before(sent, &OTHER_STANDING, before).await;
		self.or_decided(person, done).await
	}

	/// Confirms that a patient is who they say they are.
	pub async fn verify_patient(&self, patient: PatientId) -> Result<Done> {
		let done = self.conclude(&Call::verify_patient(patient)).await;
		self.or_decided(Person::Patient(patient), done).await
	}

	/// Confirms that several patients are who they say they are: up to [`MAX_DESK_BATCH`], each once. If the chain refuses
	/// all of them, the error is the first one's.
	pub async fn verify_patients(&self, patients: &[PatientId]) -> Result<Batch<PatientId>> {
		let patients = each_once(patients);
		let first = patients.first().copied();
		let named =
			PatientBatch::try_from(patients).map_err(|_| registration::Error::TooManyNamed)?;
		let done = self.conclude(&Call::verify_patients(named)).await;
		let done = match first {
			Some(first) => self.or_decided(Person::Patient(first), done).await?,
			None => done?,
		};
		Ok(Batch::new(done, |event| match event.name.as_str() {
			"VerificationRefused" => event.number("patient").map(PatientId),
			_ => None,
		}))
	}

	/// Confirms that a doctor is who they say they are. `key_digest` is the SHA-256 of their
	/// encryption key, which the doctor has told in person, and `profile_digest` that of the directory
	/// entry that the registrar has seen; see [`profile_digest`](crate::profiles::profile_digest).
	pub async fn verify_doctor(
		&self,
		doctor: DoctorId,
		key_digest: [u8; 32],
		profile_digest: [u8; 32],
		licence_expires: Option<Moment>,
	) -> Result<Done> {
		let call = Call::verify_doctor(doctor, key_digest, profile_digest, licence_expires);
		let done = self.conclude(&call).await.map_err(|why| other_digest(doctor, why));
		self.or_decided(Person::Doctor(doctor), done).await
	}

	/// The outcome of a decision. The chain's refusal does not say which decision came before.
	async fn or_decided(&self, person: Person, done: Result<Done>) -> Result<Done> {
		let why = match done {
			Err(why) if OTHER_STANDING.iter().any(|name| why.is_refusal(name)) => why,
			done => return done,
		};
		let standing = async { standing_at(&self.chain().finalized().await?, person).await };
		match standing.await {
			Ok(Some(standing)) => Err(registration::Error::Decided { person, standing }.into()),
			_ => Err(why),
		}
	}
}

/// What a person's hospital has decided.
async fn standing_at(at: &At, person: Person) -> Result<Option<Standing>> {
	Ok(match person {
		Person::Patient(patient) => at.patient(patient).await?.map(|info| info.standing),
		Person::Doctor(doctor) => at.doctor(doctor).await?.map(|info| info.standing),
	})
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::chain::{Receipt, Until};
	use std::time::Duration;

	fn refusal() -> Refusal {
		Refusal {
			pallet: Some("MedicalRecords".into()),
			name: "NotPending".into(),
			sentence: "the person does not wait for a decision".into(),
		}
	}

	#[test]
	fn batch_tells_who_was_refused_and_why() {
		let event = |name, patient, refused| {
			let mut event = Event::recalled("MedicalRecords", name, &[("patient", patient)]);
			event.refused = refused;
			event
		};
		let events = vec![
			event("PatientVerified", 4, None),
			event("VerificationRefused", 5, Some(refusal())),
			event("PatientVerified", 6, None),
		];
		let done = Done::Sent(Receipt {
			call: "MedicalRecords.verify_patients".into(),
			block: Default::default(),
			number: 7,
			events,
			took: Duration::ZERO,
			until: Until::Final,
			is_confirmed: false,
		});
		let batch = Batch::new(done, |event| match event.name.as_str() {
			"VerificationRefused" => event.number("patient").map(PatientId),
			_ => None,
		});
		assert_eq!(batch.refused, [(PatientId(5), refusal())]);
		assert_eq!(batch.refusal(&PatientId(5)), Some(&refusal()));
		assert_eq!(batch.refusal(&PatientId(4)), None);
	}

	#[test]
	fn nobody_is_named_twice() {
		assert_eq!(each_once(&[3, 1, 3, 2, 1]), [3, 1, 2]);
		assert!(each_once::<u32>(&[]).is_empty());
	}
}
