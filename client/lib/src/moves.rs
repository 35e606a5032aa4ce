//! Moving to another hospital.

use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
};
use medblock_primitives::*;

impl Client {
	/// Asks another hospital to take one in, as a patient or as a doctor; with none, takes the request
	/// back.
	pub async fn request_move(&self, capacity: Capacity, to: Option<HospitalId>) -> Result<Done> {
		self.conclude(&Call::request_move(capacity, to)).await
	}

	/// Takes in a person from another hospital: for a registrar of the hospital that they asked.
	pub async fn take_in(&self, person: Person) -> Result<Done> {
		let call = match person {
			Person::Patient(id) => Call::accept_patient(id),
			Person::Doctor(id) => Call::accept_doctor(id),
		};
		self.conclude(&call).await
	}
}
