//! What a hospital's desk decides of people.

use crate::{
	desk::{Named, account},
	failure::Failure,
	people::{Profile, Receipt, receipt},
	running::{Outcome, read, until, value, watched},
	session::{Session, finished},
};
use js_sys::Function;
use medblock_client::{
	chain,
	medblock_primitives::{DoctorId, Moment, PatientId},
	standing::Decision,
};
use medblock_views::{Hex, Time};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The comparison of a key.
#[derive(Serialize)]
struct Checked {
	matches: bool,
	published: Hex<32>,
}

/// What became of a call about several patients.
#[derive(Serialize)]
struct Verified {
	receipt: Option<Receipt>,
	refused: Vec<NotVerified>,
}

/// A patient who could not be verified.
#[derive(Serialize)]
struct NotVerified {
	patient: PatientId,
	problem: Failure,
}

#[wasm_bindgen]
impl Session {
	/// Confirms that a patient is who they say they are.
	#[wasm_bindgen(js_name = verifyPatient)]
	pub async fn verify_patient(&self, patient: u32) -> Outcome {
		finished(&self.client.verify_patient(PatientId(patient)).await?)
	}

	/// Confirms that several patients are who they say they are. One who can't be confirmed keeps none of the others from it.
	#[wasm_bindgen(js_name = verifyPatients)]
	pub async fn verify_patients(&self, patients: Vec<u32>) -> Outcome {
		let patients: Vec<PatientId> = patients.into_iter().map(PatientId).collect();
		let batch = self.client.verify_patients(&patients).await?;
		let refused = batch.refused.iter().map(|(patient, why)| NotVerified {
			patient: *patient,
			problem: chain::Error::from(why.clone()).into(),
		});
		value(&Verified { receipt: receipt(&batch.done), refused: refused.collect() })
	}

	/// Compares a digest with that of the published key, on which two nodes have to agree.
	#[wasm_bindgen(js_name = checkKey)]
	pub async fn check_key(&self, doctor: u32, shown: JsValue) -> Outcome {
		let Hex(shown): Hex<32> = read(shown)?;
		let published = self.client.published_key_digest(DoctorId(doctor)).await?;
		value(&Checked { matches: shown == published, published: Hex(published) })
	}

	/// Confirms a doctor, by the key's digest that they showed, and that of the entry that was shown.
	#[wasm_bindgen(js_name = verifyDoctor)]
	pub async fn verify_doctor(
		&self,
		doctor: u32,
		key_digest: JsValue,
		profile_digest: JsValue,
		licence_expires: JsValue,
	) -> Outcome {
		let Hex(digest): Hex<32> = read(key_digest)?;
		let Hex(profile): Hex<32> = read(profile_digest)?;
		let end: Option<Time> = read(licence_expires)?;
		let end: Option<Moment> = end.map(Into::into);
		finished(&self.client.verify_doctor(DoctorId(doctor), digest, profile, end).await?)
	}

	/// Confirms the change that a doctor proposes to the entry.
	#[wasm_bindgen(js_name = confirmEntry)]
	pub async fn confirm_entry(&self, doctor: u32, digest: JsValue) -> Outcome {
		let Hex(digest): Hex<32> = read(digest)?;
		finished(&self.client.confirm_profile(DoctorId(doctor), digest).await?)
	}

	/// Confirms a doctor's newer key.
	#[wasm_bindgen(js_name = confirmKey)]
	pub async fn confirm_key(&self, doctor: u32, key_digest: JsValue) -> Outcome {
		let Hex(digest): Hex<32> = read(key_digest)?;
		finished(&self.client.confirm_encryption_key(DoctorId(doctor), digest).await?)
	}

	/// Does not confirm a person.
	pub async fn reject(&self, person: JsValue) -> Outcome {
		self.decided(person, Decision::Reject).await
	}

	/// Does not treat a person as confirmed for now.
	pub async fn suspend(&self, person: JsValue) -> Outcome {
		self.decided(person, Decision::Suspend).await
	}

	/// Treats a person as confirmed again.
	pub async fn reinstate(&self, person: JsValue) -> Outcome {
		self.decided(person, Decision::Reinstate).await
	}

	/// Stops a pending change of a person's account.
	#[wasm_bindgen(js_name = stopAccountChange)]
	pub async fn stop_account_change(&self, person: JsValue) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.stop_account_change(person.into()).await?)
	}

	/// Takes over a person who asks to move to the own hospital.
	#[wasm_bindgen(js_name = takeIn)]
	pub async fn take_in(&self, person: JsValue) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.take_in(person.into()).await?)
	}

	/// Declines a person's request to move to the own hospital.
	#[wasm_bindgen(js_name = declineMove)]
	pub async fn decline_move(&self, person: JsValue) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.decline_move(person.into()).await?)
	}

	/// Replaces the profile of one of the hospital's patients.
	#[wasm_bindgen(js_name = setProfile)]
	pub async fn set_profile(
		&self,
		patient: u32,
		profile: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let profile: Profile = read(profile)?;
		let writing = async {
			let (profile, progress) = (profile.into(), watched(progress));
			finished(&self.client.set_profile(PatientId(patient), &profile, &progress).await?)
		};
		until(signal, writing).await
	}

	/// Sets the hospital's details about a doctor, and the end of the licence.
	#[wasm_bindgen(js_name = setDetails)]
	pub async fn set_details(
		&self,
		doctor: u32,
		details: String,
		licence_expires: JsValue,
	) -> Outcome {
		let end: Option<Time> = read(licence_expires)?;
		let end: Option<Moment> = end.map(Into::into);
		finished(&self.client.set_details(DoctorId(doctor), &details, end).await?)
	}

	/// Sponsors an account, or ends that.
	pub async fn sponsor(&self, address: String, sponsored: bool) -> Outcome {
		finished(&self.client.sponsor(account(&address)?, sponsored).await?)
	}
}

impl Session {
	async fn decided(&self, person: JsValue, decision: Decision) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.decide(person.into(), decision).await?)
	}
}
