//! What doctors do.

use crate::{
	failure::Failure,
	people::{Grant, Practice, Profile, Receipt, receipt},
	running::{Outcome, read, until, value, watched},
	session::{Session, finished},
};
use js_sys::Function;
use medblock_client::{
	medblock_crypto::key_digest,
	medblock_primitives::{DoctorId, HospitalId, PatientId},
	names::Charted,
};
use medblock_views::{Account, Hex};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What a doctor shows at the desk.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeskCard {
	doctor: DoctorId,
	account: Account,
	key_digest: Hex<32>,
}

/// A step that the desk has to confirm.
#[derive(Serialize)]
struct Shown {
	receipt: Option<Receipt>,
	card: DeskCard,
}

/// A chart in the inbox.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InboxEntry {
	#[serde(flatten)]
	grant: Grant,
	patient_name: Option<String>,
	birth_date: Option<String>,
	/// The number of the chart's records, withdrawn ones included.
	length: Option<u32>,
}

#[wasm_bindgen]
impl Session {
	/// Registers as a doctor of a hospital.
	#[wasm_bindgen(js_name = registerDoctor)]
	pub async fn register_doctor(
		&self,
		hospital: u32,
		entry: JsValue,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let entry: Practice = read(entry)?;
		let registering = async {
			let done = self.client.register_doctor(HospitalId(hospital), &entry.into()).await?;
			value(&Shown { receipt: receipt(&done), card: self.desk_card().await? })
		};
		until(signal, registering).await
	}

	/// The own number, account and key digest.
	pub async fn card(&self) -> Outcome {
		value(&self.desk_card().await?)
	}

	/// Changes a doctor's entry: the own one, or that of a doctor of the own hospital.
	#[wasm_bindgen(js_name = setEntry)]
	pub async fn set_entry(&self, doctor: Option<u32>, entry: JsValue) -> Outcome {
		let entry: Practice = read(entry)?;
		let doctor = match doctor {
			Some(doctor) => DoctorId(doctor),
			None => self.client.own_practice(&self.at().await?).await?,
		};
		finished(&self.client.set_practice(doctor, &entry.into()).await?)
	}

	/// The charts that patients opened to the doctor, with their names and lengths if wanted.
	pub async fn inbox(
		&self,
		with_names: bool,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let asking = async {
			let at = self.at().await?;
			let grants = self.client.inbox(&at).await?;
			let charted = match with_names {
				true => self.client.named_charts(&at, grants, &watched(progress)).await,
				false => {
					let unnamed = |grant| Charted { grant, info: None, profile: None };
					grants.into_iter().map(unnamed).collect()
				},
			};
			let entry = |Charted { grant, info, profile }: Charted| {
				let profile = profile.and_then(Result::ok);
				InboxEntry {
					grant: Grant::new(&grant, None),
					patient_name: profile.as_ref().map(|one| one.name.clone()),
					birth_date: profile.and_then(|one| one.birth_date.clone()),
					length: info.map(|info| info.records),
				}
			};
			value(&charted.into_iter().map(entry).collect::<Vec<_>>())
		};
		until(signal, asking).await
	}

	/// The profile of a patient whose whole chart is open, or who is with the own hospital.
	pub async fn profile(
		&self,
		patient: u32,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let reading = async {
			let found = self.client.profile(PatientId(patient), &watched(progress)).await?;
			value(&Profile::from(found))
		};
		until(signal, reading).await
	}

	/// Gives up access to a chart.
	pub async fn relinquish(&self, patient: u32) -> Outcome {
		finished(&self.client.relinquish(&[PatientId(patient)]).await?)
	}

	/// The change that the doctor proposes to the own entry, which the hospital has not confirmed.
	#[wasm_bindgen(js_name = ownProposal)]
	pub async fn own_proposal(&self) -> Outcome {
		value(&self.client.own_proposal(&self.at().await?).await?.map(Practice::from))
	}

	/// Discards the change that a doctor proposes to the entry: the own one if none is named.
	#[wasm_bindgen(js_name = discardProposal)]
	pub async fn discard_proposal(&self, doctor: Option<u32>) -> Outcome {
		let doctor = match doctor {
			Some(doctor) => DoctorId(doctor),
			None => self.client.own_practice(&self.at().await?).await?,
		};
		finished(&self.client.discard_profile(doctor).await?)
	}

	/// Publishes the next encryption key.
	#[wasm_bindgen(js_name = newKey)]
	pub async fn new_key(&self, signal: Option<AbortSignal>) -> Outcome {
		let publishing = async {
			let (done, _) = self.client.renew_encryption_key().await?;
			value(&Shown { receipt: receipt(&done), card: self.desk_card().await? })
		};
		until(signal, publishing).await
	}
}

impl Session {
	async fn desk_card(&self) -> Result<DeskCard, Failure> {
		let at = self.at().await?;
		let own = at.known_doctor(self.client.own_practice(&at).await?).await?;
		let key = self.client.keys().identity(own.key_version)?.public_key();
		Ok(DeskCard {
			doctor: own.id,
			account: Account::new(own.account),
			key_digest: Hex(key_digest(&key)),
		})
	}
}
