//! A person's own guardians.

use crate::{
	desk::{Named, account},
	failure::Failure,
	people::Names,
	running::{Outcome, read, to_the_end, value},
	session::{Session, finished},
};
use medblock_client::{
	chain::{self, At},
	medblock_crypto::{check_public_key, key_digest},
	medblock_primitives::{self as primitives, Delegate, Moment},
	recovery::{Choice, GuardiansInfo, KeeperInfo},
};
use medblock_views::{Hex, Time};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The capacity in which a person has guardians.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Capacity {
	Patient,
	Doctor,
}

impl From<Capacity> for primitives::Capacity {
	fn from(capacity: Capacity) -> Self {
		match capacity {
			Capacity::Patient => Self::Patient,
			Capacity::Doctor => Self::Doctor,
		}
	}
}

/// A delegate that keeps a share.
#[derive(Serialize)]
pub(crate) struct Keeper {
	delegate: Delegate,
	name: Option<String>,
	able: bool,
}

/// A delegate that can be chosen.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
	delegate: Delegate,
	name: Option<String>,
	key_digest: Option<Hex<32>>,
}

/// A person's guardians.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Guardians {
	guardians: Vec<Keeper>,
	threshold: usize,
	delay: Moment,
	set_at: Time,
	current: bool,
	other_keys: bool,
}

/// The choice of guardians.
#[derive(Deserialize)]
struct NewChoice {
	guardians: Vec<Delegate>,
	threshold: u32,
	delay: Moment,
}

#[wasm_bindgen]
impl Session {
	/// The guardians of the patient or the doctor that the account is.
	pub async fn guardians(&self, capacity: JsValue) -> Outcome {
		let capacity: Capacity = read(capacity)?;
		let at = self.at().await?;
		let Some(own) = self.client.own_guardians(&at, capacity.into()).await? else {
			return Ok(JsValue::NULL);
		};
		let (current, other_keys) = (own.is_of_present_secret, own.have_other_keys());
		let GuardiansInfo { commitments, guardians, delay, set_at, .. } = own.info;
		let guardians = keepers(&at, guardians).await?;
		let threshold = commitments.len();
		let set_at = set_at.into();
		value(&Guardians { guardians, threshold, delay, set_at, current, other_keys })
	}

	/// A delegate, before it is chosen, with the key that two nodes have.
	pub async fn candidate(&self, delegate: JsValue) -> Outcome {
		let delegate: Delegate = read(delegate)?;
		let agreed = self.client.nodes().agreed().await?;
		let key = |at: At| async move {
			match delegate {
				Delegate::Patient(patient) => at.acting_key(patient).await,
				Delegate::Doctor(doctor) => at.encryption_key(doctor).await,
				Delegate::Desk(hospital) => at.hospital_key(hospital).await,
			}
		};
		let key = agreed.read::<_, chain::Error, _>("the key of whom you choose", key).await?;
		let key = key.map(|key| check_public_key(&key.key)).transpose()?;
		let key_digest = key.map(|key| Hex(key_digest(&key)));
		let name = name_of(&mut Names::new(agreed.at()), delegate).await?;
		value(&Candidate { delegate, name, key_digest })
	}

	/// Divides what opens the person's data among guardians.
	#[wasm_bindgen(js_name = setGuardians)]
	pub async fn set_guardians(
		&self,
		capacity: JsValue,
		choice: JsValue,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let (capacity, choice): (Capacity, NewChoice) = (read(capacity)?, read(choice)?);
		let NewChoice { guardians, threshold, delay } = choice;
		let choice = Choice { guardians, threshold, delay };
		let choosing =
			async { finished(&self.client.set_guardians(capacity.into(), &choice).await?) };
		to_the_end(signal, choosing).await
	}

	/// Gives the same guardians new shares.
	#[wasm_bindgen(js_name = renewGuardians)]
	pub async fn renew_guardians(&self, capacity: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let capacity: Capacity = read(capacity)?;
		let renewing = async { finished(&self.client.renew_guardians(capacity.into()).await?) };
		to_the_end(signal, renewing).await
	}

	/// No longer has guardians.
	#[wasm_bindgen(js_name = removeGuardians)]
	pub async fn remove_guardians(&self, capacity: JsValue) -> Outcome {
		let capacity: Capacity = read(capacity)?;
		finished(&self.client.remove_guardians(capacity.into()).await?)
	}

	/// Stops an account that asks to take the person over.
	#[wasm_bindgen(js_name = vetoRecovery)]
	pub async fn veto_recovery(&self, person: JsValue, new: String) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.veto_recovery(person.into(), account(&new)?).await?)
	}
}

/// Keepers, with the names that they have on the chain.
pub(crate) async fn keepers(at: &At, infos: Vec<KeeperInfo>) -> Result<Vec<Keeper>, Failure> {
	let (mut names, mut keepers) = (Names::new(at), Vec::new());
	for KeeperInfo { delegate, able, .. } in infos {
		keepers.push(Keeper { delegate, name: name_of(&mut names, delegate).await?, able });
	}
	Ok(keepers)
}

/// A doctor's name. Patients have none on the chain.
pub(crate) async fn name_of(
	names: &mut Names<'_>,
	delegate: Delegate,
) -> Result<Option<String>, Failure> {
	match delegate {
		Delegate::Doctor(doctor) => names.of(doctor).await,
		// Pages know the hospitals' names.
		Delegate::Patient(_) | Delegate::Desk(_) => Ok(None),
	}
}
