//! New words for a chart: an account that comes from them takes over, and then the chart gets keys that come from
//! them.

use crate::{
	failure::Failure,
	keys::{Unlocked, chain_of, ensure_chain, parsed},
	running::{Outcome, to_the_end},
	session::{Session, finished},
};
use js_sys::Function;
use medblock_client::{Client, Keys, Mode, Witnesses, medblock_primitives::Capacity};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

#[wasm_bindgen]
impl Session {
	/// Asks that the account of these words control the chart. Takes effect after a delay, in which the present
	/// account can stop it. Stores no words.
	#[wasm_bindgen(js_name = changeWords)]
	pub async fn change_words(&self, words: String, signal: Option<AbortSignal>) -> Outcome {
		let words = Zeroizing::new(words);
		let new = Keys::from_seed(parsed(&words)?.seed("")).map_err(Failure::from)?;
		let changing =
			async { finished(&self.client.change_account(Capacity::Patient, &new).await?) };
		to_the_end(signal, changing).await
	}

	/// Whether the chart's keys come from the account's own words.
	#[wasm_bindgen(js_name = hasOwnKeys)]
	pub async fn has_own_keys(&self) -> Result<bool, Failure> {
		Ok(self.client.has_keys_of_present_words().await?)
	}
}

#[wasm_bindgen]
impl Unlocked {
	/// Gives the chart keys that come from the account's own words, with the account of the words that they come
	/// from so far. Nothing if they come from its own already. If the account's key is in a wallet, `wallet` asks it.
	#[wasm_bindgen(js_name = toOwnWords)]
	pub async fn to_own_words(
		&self,
		urls: Vec<String>,
		genesis: String,
		wallet: Option<Function>,
		former: &Unlocked,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let keys = self.keys(wallet)?.with_former(former.words().seed(""));
		let (vaults, files) = (self.vaults.clone(), self.files.clone());
		let rotating = async {
			let connecting = Client::connect_with(
				&urls,
				Witnesses::Two,
				keys.into(),
				vaults,
				files,
				Mode::Submit,
			);
			let client = connecting.await?;
			ensure_chain(client.chain(), Some(chain_of(&genesis)?))?;
			let rotated = client.rotate_to_present_words().await?;
			// What is sealed to a key of the former words opens with these alone.
			client.renew_acting_key().await?;
			match rotated {
				Some(done) => finished(&done),
				None => Ok(JsValue::NULL),
			}
		};
		to_the_end(signal, rotating).await
	}
}
