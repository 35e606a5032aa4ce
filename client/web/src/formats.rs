//! Keys, and encrypted records.

use jiff::Timestamp;
use medblock_crypto::{
	Error, Headers as RecordHeaders, Identity, Key, Mnemonic, parse_recipient, recipient_to_bech32,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::io::Read;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a record says about its body. All of it is encrypted with the body. */
export interface Headers {
	/** One line of text, 1 to 256 bytes of UTF-8. */
	title: string;
	/** `type/subtype`, with no parameter other than a charset. */
	mediaType: string;
	fileName?: string;
	/** When the content was written: RFC 3339, in UTC. */
	writtenAt?: string;
}

/** A record that was opened. */
export interface Opened {
	headers: Headers;
	body: Uint8Array;
}
"#;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Headers {
	title: String,
	media_type: String,
	file_name: Option<String>,
	written_at: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Opened {
	pub(crate) headers: Headers,
	pub(crate) body: ByteBuf,
}

impl TryFrom<Headers> for RecordHeaders {
	type Error = jiff::Error;

	fn try_from(headers: Headers) -> Result<Self, jiff::Error> {
		let Headers { title, media_type, file_name, written_at } = headers;
		let written_at = written_at.map(|time| time.parse::<Timestamp>()).transpose()?;
		Ok(Self { title, media_type, file_name, written_at: written_at.map(Timestamp::as_second) })
	}
}

impl TryFrom<RecordHeaders> for Headers {
	type Error = jiff::Error;

	fn try_from(headers: RecordHeaders) -> Result<Self, jiff::Error> {
		let RecordHeaders { title, media_type, file_name, written_at } = headers;
		let written_at = written_at.map(Timestamp::from_second).transpose()?;
		Ok(Self { title, media_type, file_name, written_at: written_at.map(|at| at.to_string()) })
	}
}

/// 24 new words, from the browser's random numbers.
#[wasm_bindgen(js_name = newWords, unchecked_return_type = "string")]
pub fn new_words() -> JsValue {
	// Straight into the browser's memory: a `String` that is returned is freed without being wiped.
	JsValue::from_str(&Mnemonic::generate().words())
}

/// The key that a doctor or a hospital with these words publishes as their `version`th, as the identity
/// `AGE-SECRET-KEY-PQ-1…`.
#[wasm_bindgen(js_name = encryptionIdentity, unchecked_return_type = "string")]
pub fn encryption_identity(words: String, version: u32) -> Result<JsValue, JsError> {
	let words = Zeroizing::new(words);
	let identity = Mnemonic::parse(&words)?.seed("").encryption_identity(version);
	Ok(JsValue::from_str(&identity.to_bech32()))
}

/// The recipient `age1pq1…` that belongs to an identity `AGE-SECRET-KEY-PQ-1…`.
#[wasm_bindgen(js_name = recipientOf)]
pub fn recipient_of(identity: String) -> Result<String, JsError> {
	let identity = Zeroizing::new(identity);
	Ok(recipient_to_bech32(&Identity::parse(&identity)?.public_key()))
}

/// One record, encrypted to these recipients: an age v1 file.
#[wasm_bindgen]
pub fn encrypt(
	recipients: Vec<String>,
	#[wasm_bindgen(unchecked_param_type = "Headers")] headers: JsValue,
	body: &[u8],
) -> Result<Vec<u8>, JsError> {
	let headers: Headers = serde_wasm_bindgen::from_value(headers)?;
	let keys: Vec<_> = recipients.iter().map(|to| parse_recipient(to)).collect::<Result<_, _>>()?;
	let mut file = Vec::new();
	medblock_crypto::encrypt(&keys, &headers.try_into()?, body, body.len() as u64, &mut file)?;
	Ok(file)
}

/// Opens a record with an identity `AGE-SECRET-KEY-PQ-1…`.
#[wasm_bindgen(unchecked_return_type = "Opened")]
pub fn open(identity: String, file: &[u8]) -> Result<JsValue, JsError> {
	let identity = Zeroizing::new(identity);
	let identities = [Identity::parse(&identity)?];
	let (headers, mut rest) = medblock_crypto::open(Key::Identities(&identities), file)?;
	let mut body = Vec::new();
	rest.read_to_end(&mut body).map_err(Error::from_read)?;
	let opened = Opened { headers: headers.try_into()?, body: ByteBuf::from(body) };
	Ok(serde_wasm_bindgen::to_value(&opened)?)
}
