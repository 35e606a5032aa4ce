//! What hospitals' registrars and controllers do.

use crate::{
	Error, Result,
	chain::{self, AccountId, Call, DoctorInfo, PatientInfo},
	client::{Client, Done},
	doctor::{Practice, line},
	rotation::public,
};
use medblock_crypto::key_digest;
use medblock_primitives::*;
use pallet_medical_records_runtime_api::MAX_PAGE;

/// Who waits for a hospital's decision.
#[derive(Clone, Debug, Default)]
pub struct Pending {
	/// Patients.
	pub patients: Vec<PatientInfo>,
	/// Doctors.
	pub doctors: Vec<DoctorInfo>,
}

impl Client {
	/// The hospital that this account verifies people for.
	pub async fn own_hospital(&self) -> Result<HospitalId> {
		let account = self.keys.account();
		let at = self.chain().finalized().await?;
		at.registrar_of(account).await?.ok_or(Error::NotRegistrar(account))
	}

	/// Everybody who waits for this account's hospital.
	pub async fn pending(&self) -> Result<Pending> {
		let hospital = self.own_hospital().await?;
		let at = self.chain().finalized().await?;
		let mut pending = Pending::default();
		let mut after = None;
		loop {
			let page = at.awaiting_patients(hospital, after, MAX_PAGE).await?;
			pending.patients.extend(page.items);
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => break,
			}
		}
		let mut after = None;
		loop {
			let page = at.awaiting_doctors(hospital, after, MAX_PAGE).await?;
			pending.doctors.extend(page.items);
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(pending),
			}
		}
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
			(Decision::TakeIn, Person::Patient(id)) => Call::accept_patient(id),
			(Decision::TakeIn, Person::Doctor(id)) => Call::accept_doctor(id),
		};
		self.conclude(&call).await
	}

	/// Confirms that a patient is who they say they are.
	pub async fn verify_patient(&self, patient: PatientId) -> Result<Done> {
		self.conclude(&Call::verify_patient(patient)).await
	}

	/// Confirms that a doctor is who they say they are. `key_digest` is what the doctor told, in
	/// person, of their encryption key: SHA-256 of it.
	pub async fn verify_doctor(
		&self,
		doctor: DoctorId,
		key_digest: [u8; 32],
		licence_expires: Option<Moment>,
	) -> Result<Done> {
		self.conclude(&Call::verify_doctor(doctor, key_digest, licence_expires)).await
	}

	/// Confirms a doctor's new encryption key, by the digest that the doctor told in person.
	pub async fn confirm_encryption_key(
		&self,
		doctor: DoctorId,
		key_digest: [u8; 32],
	) -> Result<Done> {
		self.conclude(&Call::confirm_encryption_key(doctor, key_digest)).await
	}

	/// The digest of the encryption key that a doctor has published, the same on two nodes.
	pub async fn published_key_digest(&self, doctor: DoctorId) -> Result<[u8; 32]> {
		let agreed = self.nodes.agreed().await?;
		let key = agreed
			.read("the doctor's key", |at| async move { at.encryption_key(doctor).await })
			.await?
			.ok_or(chain::Error::NoSuchDoctor(doctor))?;
		Ok(key_digest(&medblock_crypto::check_public_key(&key.key)?))
	}

	/// Corrects a doctor's directory entry; for the doctor, too.
	pub async fn set_practice(&self, doctor: DoctorId, practice: &Practice) -> Result<Done> {
		self.conclude(&Call::update_doctor_profile(doctor, practice.profile()?)).await
	}

	/// Sets what the hospital says of a doctor.
	pub async fn set_details(
		&self,
		doctor: DoctorId,
		details: &str,
		licence_expires: Option<Moment>,
	) -> Result<Done> {
		let details = if details.is_empty() {
			Details::default()
		} else {
			line("what is said of the doctor", details)?
		};
		self.conclude(&Call::set_doctor_details(doctor, details, licence_expires)).await
	}

	/// Vouches for an account, so that its registration need not wait; or no longer.
	pub async fn sponsor(&self, account: AccountId, sponsored: bool) -> Result<Done> {
		let call = if sponsored { Call::sponsor(account) } else { Call::end_sponsorship(account) };
		self.conclude(&call).await
	}

	/// Has an account verify people for the hospital that this one controls; or no longer.
	pub async fn registrar(&self, account: AccountId, appointed: bool) -> Result<Done> {
		let call =
			if appointed { Call::add_registrar(account) } else { Call::remove_registrar(account) };
		self.conclude(&call).await
	}

	/// Publishes the key that profiles are encrypted to for the hospital that this account controls.
	pub async fn publish_hospital_key(&self, version: u32) -> Result<Done> {
		let key = public(&self.keys.identity(version)?.public_key());
		self.conclude(&Call::set_hospital_key(SUITE_X_WING, key)).await
	}

	/// Says how the hospital that this account controls takes in people.
	pub async fn set_registration(&self, mode: RegistrationMode) -> Result<Done> {
		self.conclude(&Call::set_registration_mode(mode)).await
	}

	/// Says where the gateway is of the hospital that this account controls.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] if it can't be a gateway's address.
	pub async fn set_gateway(&self, url: &str) -> Result<Done> {
		crate::council::ensure_gateway(url)?;
		self.conclude(&Call::set_gateway(url.as_bytes().to_vec())).await
	}
}

/// What a hospital decides about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
	/// Not to confirm them.
	Reject,
	/// Not to treat them as confirmed for now.
	Suspend,
	/// To treat them as confirmed again.
	Reinstate,
	/// To take them in from another hospital.
	TakeIn,
}
