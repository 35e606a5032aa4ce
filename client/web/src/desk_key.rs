//! The key that opens the names of a hospital's patients, and the desk's accounts that hold it.

use crate::{
	desk::account,
	failure::Failure,
	running::{Outcome, read, value},
	session::{Session, finished},
};
use medblock_client::chain::AccountId;
use medblock_views::Account;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The hospital's profile key, as its desk sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProfileKey {
	version: u32,
	/// Whether this account can open profiles.
	held: bool,
	/// Whether this account has published a key of its own, to which the profile key can be sealed.
	own_key: bool,
	due: bool,
	holders: Vec<Account>,
	waiting: Vec<Account>,
	keyless: Vec<Account>,
}

#[wasm_bindgen]
impl Session {
	/// The hospital's profile key, and who can open it.
	#[wasm_bindgen(js_name = profileKey)]
	pub async fn profile_key(&self) -> Outcome {
		let key = self.client.desk_key().await?;
		value(&ProfileKey {
			version: key.version(),
			held: key.is_held,
			own_key: key.has_own_key,
			due: key.info.due,
			holders: key.holders().map(Account::new).collect(),
			waiting: key.waiting().map(Account::new).collect(),
			keyless: key.keyless().map(Account::new).collect(),
		})
	}

	/// Publishes the account's own key as a registrar.
	#[wasm_bindgen(js_name = publishOwnKey)]
	pub async fn publish_own_key(&self) -> Outcome {
		let (done, _) = self.client.publish_registrar_key().await?;
		finished(&done)
	}

	/// Publishes the next version of the hospital's profile key, for all at the desk who have keys. They
	/// have to be among `shown`, the addresses that the user has looked at.
	#[wasm_bindgen(js_name = publishProfileKey)]
	pub async fn publish_profile_key(&self, shown: JsValue) -> Outcome {
		finished(&self.client.publish_profile_key(&accounts(shown)?).await?.done)
	}

	/// Gives the profile key to all at the desk who wait for it; `null` if there is none. They have to be
	/// among `shown`, the addresses that the user has looked at.
	#[wasm_bindgen(js_name = shareProfileKey)]
	pub async fn share_profile_key(&self, shown: JsValue) -> Outcome {
		match self.client.share_profile_key(&accounts(shown)?).await? {
			Some(shared) => finished(&shared.done),
			None => Ok(JsValue::NULL),
		}
	}
}

fn accounts(addresses: JsValue) -> Result<Vec<AccountId>, Failure> {
	let addresses: Vec<String> = read(addresses)?;
	addresses.iter().map(|address| account(address)).collect()
}
