//! The registrars of a hospital's desk, and the account that controls the hospital.

use crate::{
	desk::account,
	running::{Outcome, read, value},
	session::{Session, finished},
};
use medblock_client::medblock_primitives::{HospitalId, RegistrationMode};
use medblock_views::Appointment;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Session {
	/// The appointments to a desk that the account can accept.
	pub async fn appointments(&self) -> Outcome {
		let all = self.client.own_appointments().await?;
		value(&all.into_iter().map(Appointment::from).collect::<Vec<_>>())
	}

	/// Accepts a hospital's appointment to its desk.
	#[wasm_bindgen(js_name = acceptAppointment)]
	pub async fn accept_appointment(&self, hospital: u32) -> Outcome {
		let (done, _) = self.client.accept_appointment(Some(HospitalId(hospital))).await?;
		finished(&done)
	}

	/// Ends the account's work at the desk.
	pub async fn resign(&self) -> Outcome {
		finished(&self.client.resign().await?)
	}

	/// Offers an account to verify people for the hospital that the own account controls.
	pub async fn appoint(&self, address: String) -> Outcome {
		finished(&self.client.appoint_registrar(account(&address)?).await?)
	}

	/// Takes back an offer that the account has not accepted.
	#[wasm_bindgen(js_name = withdrawAppointment)]
	pub async fn withdraw_appointment(&self, address: String) -> Outcome {
		finished(&self.client.withdraw_appointment(account(&address)?).await?)
	}

	/// Ends an account's work for the hospital that the own account controls.
	#[wasm_bindgen(js_name = removeRegistrar)]
	pub async fn remove_registrar(&self, address: String) -> Outcome {
		finished(&self.client.remove_registrar(account(&address)?).await?)
	}

	/// Sets which people the hospital accepts.
	#[wasm_bindgen(js_name = setRegistration)]
	pub async fn set_registration(&self, mode: JsValue) -> Outcome {
		let mode: RegistrationMode = read(mode)?;
		finished(&self.client.set_registration(mode).await?)
	}
}
