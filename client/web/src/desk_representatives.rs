//! People who act for patients, at the desk that confirms them.

use crate::{
	failure::Failure,
	representatives::{Naming, Scopes},
	running::{Outcome, read, until, value},
	session::{Session, finished},
};
use medblock_client::{
	Error,
	chain::At,
	medblock_primitives::PatientId,
	representatives::{self, RepresentativeInfo, ToConfirm},
};
use medblock_views::{Hex, Time};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A representative at the desk.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeskRepresentative {
	#[serde(flatten)]
	naming: Naming,
	patient_name: Option<String>,
	representative_name: Option<String>,
	confirmed: bool,
	key_digest: Option<Hex<32>>,
}

/// The part of a naming that a desk was shown.
#[derive(Deserialize)]
struct Shown {
	patient: u32,
	representative: u32,
	scopes: Scopes,
	until: Option<Time>,
}

#[wasm_bindgen]
impl Session {
	/// The representatives who wait for the own hospital.
	#[wasm_bindgen(js_name = awaitingRepresentatives)]
	pub async fn awaiting_representatives(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let mut all = Vec::new();
			for info in self.client.awaiting_representatives().await? {
				all.push(self.at_desk(&info, None).await);
			}
			value(&all)
		};
		until(signal, asking).await
	}

	/// One of them, with the key that two nodes have.
	#[wasm_bindgen(js_name = deskRepresentative)]
	pub async fn desk_representative(
		&self,
		patient: u32,
		representative: u32,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let (patient, representative) = (PatientId(patient), PatientId(representative));
		let asking = async {
			let asked = self.client.representative_to_confirm(patient, representative).await;
			match asked {
				Ok(ToConfirm { info, key }) => value(&self.at_desk(&info, Some(key.digest)).await),
				// The person has yet to publish one: the desk sees who it is.
				Err(Error::Representative(representatives::Error::NoActingKey(_))) => {
					let all = named(&self.at().await?, patient).await?;
					let found = all.iter().find(|one| one.representative == representative);
					let unknown = representatives::Error::NotNamed(representative);
					let info = found.ok_or(Error::Representative(unknown))?;
					value(&self.at_desk(info, None).await)
				},
				Err(why) => Err(why.into()),
			}
		};
		until(signal, asking).await
	}

	/// Confirms a representative and the key, as the desk was shown them.
	#[wasm_bindgen(js_name = confirmRepresentative)]
	pub async fn confirm_representative(&self, shown: JsValue, key_digest: JsValue) -> Outcome {
		let Shown { patient, representative, scopes, until } = read(shown)?;
		let Hex(digest): Hex<32> = read(key_digest)?;
		let (patient, representative) = (PatientId(patient), PatientId(representative));
		let mut asked = self.client.representative_to_confirm(patient, representative).await?;
		// The chain refuses what the patient has changed since.
		asked.info.scopes = scopes.into();
		asked.info.until = until.map(Into::into);
		finished(&self.client.confirm_representative(&asked, digest).await?)
	}

	/// Refuses a representative.
	#[wasm_bindgen(js_name = refuseRepresentative)]
	pub async fn refuse_representative(&self, patient: u32, representative: u32) -> Outcome {
		let (patient, representative) = (PatientId(patient), PatientId(representative));
		finished(&self.client.refuse_representative(patient, representative).await?)
	}
}

impl Session {
	/// A representative as the desk sees them, with the names that it can read.
	async fn at_desk(
		&self,
		info: &RepresentativeInfo,
		key_digest: Option<[u8; 32]>,
	) -> DeskRepresentative {
		DeskRepresentative {
			naming: info.into(),
			patient_name: self.name_of(info.patient).await,
			representative_name: self.name_of(info.representative).await,
			confirmed: info.confirmed,
			key_digest: key_digest.map(Hex),
		}
	}
}

/// The people that a patient has named.
async fn named(at: &At, patient: PatientId) -> Result<Vec<RepresentativeInfo>, Failure> {
	Ok(at.representatives(patient).await?)
}
