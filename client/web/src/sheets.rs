//! Printed sheets: two of three give an account's words back.

use crate::{
	failure::Failure,
	keys::{Device, Unlocked},
	running::{Outcome, value},
};
use js_sys::Array;
use medblock_crypto::Sheet;
use medblock_keystore::{Key, SecretString};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A sheet that is to be printed.
#[derive(Serialize)]
struct Printed<'a> {
	number: u8,
	kit: String,
	/// What its QR code says.
	code: &'a str,
	words: Vec<&'a str>,
}

/// A sheet that was read.
#[derive(Serialize)]
struct Known {
	number: u8,
	kit: String,
}

/// Reads a sheet's code or words, and stores nothing.
#[wasm_bindgen(js_name = readSheet)]
pub fn read_sheet(text: String) -> Outcome {
	let sheet = Sheet::parse(&Zeroizing::new(text))?;
	value(&Known { number: sheet.number(), kit: sheet.kit() })
}

#[wasm_bindgen]
impl Device {
	/// A new kit of sheets for an account's words.
	pub async fn sheets(&self, name: String, passphrase: String) -> Outcome {
		let passphrase = SecretString::from(passphrase);
		let account = self.keystore().unlock(&name.parse()?, passphrase).await?;
		let printed = Array::new();
		for sheet in &Sheet::print(&account.words)? {
			let (code, words) = (sheet.code(), sheet.words());
			// Straight into the browser's memory: nothing of it stays here.
			printed.push(&value(&Printed {
				number: sheet.number(),
				kit: sheet.kit(),
				code: &code,
				words: words.split(' ').collect(),
			})?);
		}
		Ok(printed.into())
	}

	/// Keeps the account whose words two sheets give under a passphrase, and unlocks it.
	#[wasm_bindgen(js_name = createBySheets)]
	pub async fn create_by_sheets(
		&self,
		name: String,
		one: String,
		other: String,
		passphrase: String,
	) -> Result<Unlocked, Failure> {
		let (one, other) = (Zeroizing::new(one), Zeroizing::new(other));
		let passphrase = SecretString::from(passphrase);
		let words = Sheet::parse(&one)?.join(&Sheet::parse(&other)?)?;
		let account = self.keystore().create(&name.parse()?, &words, Key::Own, passphrase).await?;
		self.unlocked(account)
	}
}
