//! Moving to another hospital, and moving documents to another hospital's vault.

use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;

impl Client {
	/// Asks another hospital to take over this person, as a patient or as a doctor. With no
	/// hospital, withdraws the request. A request that the hospital does not answer within 14 days lapses.
	pub async fn request_move(&self, capacity: Capacity, to: Option<HospitalId>) -> Result<Done> {
		self.conclude(&Call::request_move(capacity, to)).await
	}

	/// Accepts a person from another hospital, as a registrar of the hospital that they asked.
	pub async fn take_in(&self, person: Person) -> Result<Done> {
		let call = match person {
			Person::Patient(id) => Call::accept_patient(id),
			Person::Doctor(id) => Call::accept_doctor(id),
		};
		self.conclude(&call).await
	}

	/// Declines a person's request to move to the own hospital, as a registrar there.
	pub async fn decline_move(&self, person: Person) -> Result<Done> {
		self.conclude(&Call::decline_move(person)).await
	}
}

impl Client {
	/// Lets another hospital's vault keep a second copy of the patient's own documents; with no hospital,
	/// no longer. Which hospital it is now, the patient's entry says.
	pub async fn set_mirror(&self, mirror: Option<HospitalId>) -> Result<Done> {
		self.conclude(&Call::set_mirror(mirror)).await
	}

	/// Moves the patient's own documents from one hospital's vault to another's, all at once. Nothing is
	/// encrypted anew, and no one's access changes. Until the new vault has fetched a file, clients find it
	/// where it was.
	pub async fn move_vault(&self, from: HospitalId, to: HospitalId) -> Result<Done> {
		self.conclude(&Call::move_vault(from, to)).await
	}
}
