//! What the page notes on this device.

use crate::{
	failure::Failure,
	running::{Outcome, value},
	session::Session,
};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[wasm_bindgen]
impl Session {
	/// What the page noted on this device for the account; `null` if there is nothing.
	pub async fn notebook(&self) -> Outcome {
		let text = self.client.notebook().await?;
		value(&text.as_ref().map(|text| text.as_str()))
	}

	/// Notes a text, in place of the one before.
	#[wasm_bindgen(js_name = writeNotebook)]
	pub async fn write_notebook(&self, text: String) -> Result<(), Failure> {
		let text = Zeroizing::new(text);
		Ok(self.client.write_notebook(&text).await?)
	}
}
