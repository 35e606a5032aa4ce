//! A browser's accounts, and a person at work with one.

use crate::records::{Headers, Opened};
use js_sys::Function;
use medblock_client::{
	Client, Done, Keys, Mode, NewFile, Nodes, Witnesses,
	medblock_primitives::HospitalId,
	vault::{Progress, unwatched},
};
use medblock_crypto::Mnemonic;
use medblock_keystore::{Key, Keystore, Name, SecretString, WorkFactor};
use medblock_platform::{Browser, Memory, files::UserFile};
use medblock_views::{BlockHash, BlockRef};
use serde::Serialize;
use serde_bytes::ByteBuf;
use std::{io::Read, sync::Arc};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A transaction in a final block. */
export interface Receipt {
	/** Pallet and call, such as `MedicalRecords.add_records`. */
	call: string;
	/** The block: its number, and its hash as 0x and 64 hex digits. */
	block: { number: number; hash: string };
}

/** A record of the own chart. */
export interface Entry {
	/** Its place in the chart. */
	record: number;
	/** What its author wrote on it; nothing if it can't be read. */
	headers?: Headers;
	/** Why it can't be read, if it can't. */
	problem?: string;
}

/** Bytes done, of how many. */
export type Progress = (done: number, total: number) => void;
"#;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
	call: String,
	block: BlockRef,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
	record: u32,
	#[serde(skip_serializing_if = "Option::is_none")]
	headers: Option<Headers>,
	#[serde(skip_serializing_if = "Option::is_none")]
	problem: Option<String>,
}

/// The accounts that this browser keeps for the page's origin. Works in a dedicated Worker only.
#[wasm_bindgen]
pub struct Device {
	files: Arc<Browser>,
	accounts: Keystore,
}

#[wasm_bindgen]
impl Device {
	/// Opens the browser's storage of this name.
	pub async fn open(name: String) -> Result<Device, JsError> {
		let files = Arc::new(Browser::open(&name).await?);
		let accounts = Keystore::new(files.clone(), WorkFactor::BROWSER);
		Ok(Self { files, accounts })
	}

	/// Makes an account of these words, and keeps it under a passphrase. Gives its address.
	#[wasm_bindgen(js_name = createAccount)]
	pub async fn create_account(
		&self,
		name: String,
		words: String,
		passphrase: String,
	) -> Result<String, JsError> {
		let (name, words): (Name, _) = (name.parse()?, Mnemonic::parse(&words)?);
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.create(&name, &words, Key::Own, passphrase).await?;
		Ok(account.entry.address)
	}

	/// Unlocks an account, and connects to two hospitals' nodes.
	pub async fn connect(
		&self,
		name: String,
		passphrase: String,
		nodes: Vec<String>,
	) -> Result<Session, JsError> {
		let account = self.accounts.unlock(&name.parse()?, SecretString::from(passphrase)).await?;
		let keys = Keys::from_seed(account.words.seed(""))?;
		let nodes = Nodes::connect(&nodes, Witnesses::Two).await?;
		let client = Client::new(nodes, keys, self.files.clone(), Mode::Submit).await?;
		Ok(Session { client })
	}
}

/// A person at work: an unlocked account, and two nodes.
#[wasm_bindgen]
pub struct Session {
	client: Client,
}

#[wasm_bindgen]
impl Session {
	/// The account's address.
	#[wasm_bindgen(getter)]
	pub fn address(&self) -> String {
		self.client.keys().account().to_string()
	}

	/// The number of the patient that the account controls; nothing if it controls none.
	pub async fn patient(&self) -> Result<Option<u32>, JsError> {
		let at = self.client.chain().finalized().await?;
		let found = at.patient_of(self.client.keys().account()).await?;
		Ok(found.map(|patient| patient.0))
	}

	/// Registers as a patient of a hospital.
	#[wasm_bindgen(js_name = registerPatient, unchecked_return_type = "Receipt")]
	pub async fn register_patient(&self, hospital: u32) -> Result<JsValue, JsError> {
		receipt(self.client.register_patient(HospitalId(hospital)).await?)
	}

	/// Encrypts a file and puts it into the own chart.
	#[wasm_bindgen(js_name = addRecord, unchecked_return_type = "Receipt")]
	pub async fn add_record(
		&self,
		file: web_sys::File,
		#[wasm_bindgen(unchecked_param_type = "Headers")] headers: JsValue,
		#[wasm_bindgen(unchecked_param_type = "Progress | undefined")] progress: Option<Function>,
	) -> Result<JsValue, JsError> {
		let headers: Headers = serde_wasm_bindgen::from_value(headers)?;
		let headers = headers.try_into()?;
		let file = NewFile { file: UserFile::Given(file), headers, in_reply_to: None };
		receipt(self.client.add_records(&[file], &watched(progress)).await?)
	}

	/// The records of the own chart, with their titles.
	#[wasm_bindgen(unchecked_return_type = "Entry[]")]
	pub async fn records(&self) -> Result<JsValue, JsError> {
		let at = self.client.chain().finalized().await?;
		let own = self.client.own_chart(&at).await?.id;
		let mut entries = Vec::new();
		for one in self.client.list(&at, own, None, None, &unwatched()).await?.items {
			let (headers, problem) = match one.title {
				Ok(title) => (Some(title.headers.try_into()?), None),
				Err(why) => (None, Some(why.to_string())),
			};
			entries.push(Entry { record: one.index, headers, problem });
		}
		Ok(serde_wasm_bindgen::to_value(&entries)?)
	}

	/// Downloads a record of the own chart, verifies it and decrypts it.
	#[wasm_bindgen(js_name = openRecord, unchecked_return_type = "Opened")]
	pub async fn open_record(
		&self,
		record: u32,
		#[wasm_bindgen(unchecked_param_type = "Progress | undefined")] progress: Option<Function>,
	) -> Result<JsValue, JsError> {
		let at = self.client.chain().finalized().await?;
		let own = self.client.own_chart(&at).await?.id;
		let opened = self.client.open(own, record, &Memory::new(), &watched(progress)).await?;
		let mut body = Vec::new();
		opened.content.file.reader().read_to_end(&mut body)?;
		let headers = opened.title.headers.try_into()?;
		Ok(serde_wasm_bindgen::to_value(&Opened { headers, body: ByteBuf::from(body) })?)
	}
}

fn receipt(done: Done) -> Result<JsValue, JsError> {
	let Done::Sent(receipt) = done else { return Ok(JsValue::UNDEFINED) };
	let block = BlockRef { number: receipt.number, hash: BlockHash(receipt.block.0) };
	let receipt = Receipt { call: receipt.call, block };
	Ok(serde_wasm_bindgen::to_value(&receipt)?)
}

/// A progress that JavaScript watches. An error that it throws stops nothing.
fn watched(progress: Option<Function>) -> Progress {
	let Some(progress) = progress else { return unwatched() };
	Arc::new(move |done, total| {
		let _ = progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
	})
}
