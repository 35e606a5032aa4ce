//! The person that an account speaks for, and handing a person over to another account.

use crate::{
	Keys, Result,
	chain::{AccountChangeInfo, AccountId, At, Call, PatientInfo},
	client::{Client, Done},
};
use medblock_primitives::*;
use pallet_consortium_runtime_api::SeatStatus;

/// The account does not speak for such a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The account belongs to no patient.
	#[error("the account {0} is no patient's")]
	NotPatient(AccountId),
	/// The account belongs to no doctor.
	#[error("the account {0} is no doctor's")]
	NotDoctor(AccountId),
	/// The account verifies people for no hospital.
	#[error("the account {0} is no registrar of a hospital")]
	NotRegistrar(AccountId),
	/// The account acts for no active hospital.
	#[error("the account {0} acts for no active hospital")]
	NotController(AccountId),
}

/// The active hospital that an account acts for.
pub async fn controlled(at: &At, account: AccountId) -> Result<HospitalId> {
	let hospitals = at.hospitals().await?;
	let own = hospitals
		.into_iter()
		.find(|one| one.controller == account && one.seat != SeatStatus::Expelled);
	Ok(own.map(|one| one.id).ok_or(Error::NotController(account))?)
}

impl Client {
	/// The patient that this account controls.
	pub async fn own_chart(&self, at: &At) -> Result<PatientInfo> {
		let account = self.keys.account();
		let patient = at.patient_of(account).await?.ok_or(Error::NotPatient(account))?;
		Ok(at.known_patient(patient).await?)
	}

	/// The doctor that this account acts for.
	pub async fn own_practice(&self, at: &At) -> Result<DoctorId> {
		let account = self.keys.account();
		Ok(at.doctor_of(account).await?.ok_or(Error::NotDoctor(account))?)
	}

	/// The hospital for which this account verifies people.
	pub async fn own_hospital(&self) -> Result<HospitalId> {
		let account = self.keys.account();
		let at = self.chain().finalized().await?;
		Ok(at.registrar_of(account).await?.ok_or(Error::NotRegistrar(account))?)
	}

	/// The hospital for which this account verifies people, or else the one that it acts for.
	pub(crate) async fn staffed_hospital(&self, at: &At) -> Result<HospitalId> {
		let account = self.keys.account();
		match at.registrar_of(account).await? {
			Some(hospital) => Ok(hospital),
			None => controlled(at, account).await,
		}
	}

	/// The person that this account controls in a capacity.
	pub async fn own_person(&self, at: &At, capacity: Capacity) -> Result<Person> {
		let account = self.keys.account();
		Ok(match capacity {
			Capacity::Patient => {
				let patient = at.patient_of(account).await?;
				Person::Patient(patient.ok_or(Error::NotPatient(account))?)
			},
			Capacity::Doctor => Person::Doctor(self.own_practice(at).await?),
		})
	}

	/// Asks that another account control one's own chart, or act for oneself as a doctor. Both accounts
	/// sign. It takes effect after a delay, in which this account or the hospital can stop it.
	///
	/// The old words still open everything that was encrypted. If the new account has other words, see
	/// [`Client::rotate_to_present_words`] and [`Client::renew_encryption_key`].
	pub async fn change_account(&self, capacity: Capacity, new: &Keys) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let person = self.own_person(&at, capacity).await?;
		let to: AccountId = new.account();
		let account = self.keys.account();
		let message = change_account_message(&self.genesis(), person, &account, &to);
		let proof = subxt::utils::MultiSignature::Sr25519(new.sign_wrapped(&message)?);
		self.conclude(&Call::change_account(capacity, to, proof)).await
	}

	/// The pending change of this account, if there is one.
	pub async fn own_account_change(
		&self,
		at: &At,
		capacity: Capacity,
	) -> Result<Option<AccountChangeInfo>> {
		let person = self.own_person(at, capacity).await?;
		Ok(at.account_change(person).await?)
	}

	/// Stops a pending change of the account of a person of this registrar's hospital.
	pub async fn stop_account_change(&self, person: Person) -> Result<Done> {
		self.conclude(&Call::stop_account_change(person)).await
	}

	/// Stops a pending change of one's own account, in place of its pending transactions: a thief who has its
	/// words may have sent those.
	pub async fn keep_account(&self, person: Person) -> Result<Done> {
		self.conclude(&Call::stop_account_change(person).as_next()).await
	}
}
