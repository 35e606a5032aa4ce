//! Deciding whether people are who they say they are, which is the work of a hospital's registrars.

use crate::{
	Result,
	chain::{AccountChangeInfo, At, Call, DoctorInfo, PatientInfo},
	client::{Client, Done},
	profiles::other_digest,
	registration,
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

	/// Decides about a patient or a doctor.
	pub async fn decide(&self, person: Person, decision: Decision) -> Result<Done> {
		let call = match (decision, person) {
			(Decision::Reject, Person::Patient(id)) => Call::reject_patient(id),
			(Decision::Reject, Person::Doctor(id)) => Call::reject_doctor(id),
			(Decision::Suspend, Person::Patient(id)) => Call::suspend_patient(id),
			(Decision::Suspend, Person::Doctor(id)) => Call::suspend_doctor(id),
			(Decision::Reinstate, Person::Patient(id)) => Call::reinstate_patient(id),
			(Decision::Reinstate, Person::Doctor(id)) => Call::reinstate_doctor(id),
		};
		let done = self.conclude(&call).await;
		self.or_decided(person, done).await
	}

	/// Confirms that a patient is who they say they are.
	pub async fn verify_patient(&self, patient: PatientId) -> Result<Done> {
		let done = self.conclude(&Call::verify_patient(patient)).await;
		self.or_decided(Person::Patient(patient), done).await
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
		match self.standing_of(person).await {
			Ok(Some(standing)) => Err(registration::Error::Decided { person, standing }.into()),
			_ => Err(why),
		}
	}

	/// What a person's hospital has decided.
	async fn standing_of(&self, person: Person) -> Result<Option<Standing>> {
		let at = self.chain().finalized().await?;
		Ok(match person {
			Person::Patient(patient) => at.patient(patient).await?.map(|info| info.standing),
			Person::Doctor(doctor) => at.doctor(doctor).await?.map(|info| info.standing),
		})
	}
}
