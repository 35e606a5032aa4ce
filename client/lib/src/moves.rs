//! Moving to another hospital.

use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;

impl Client {
	/// Asks another hospital to take over this person, as a patient or as a doctor. With no
	/// hospital, withdraws the request.
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
}
