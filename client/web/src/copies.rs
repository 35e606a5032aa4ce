//! Copies of passkeys' files in hospitals' vaults: kept for devices that have nothing but the passkey.

use crate::{
	failure::Failure,
	keys::{Device, PasskeyQuestions, Unlocked, chain_of, ensure_chain},
	session::Session,
};
use medblock_client::{
	Client,
	chain::{Nodes, Witnesses},
	medblock_primitives::HospitalId,
	vault::copies::{self, Found},
};
use medblock_keystore::{
	Account, Answers, Handle, Keystore, Name, PasskeyCopy, Questions, SecretString, Step,
};
use medblock_platform::Memory;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A user handle for a new passkey of a person of this hospital, if that is known.
#[wasm_bindgen(js_name = newHandle)]
pub fn new_handle(hospital: Option<u32>) -> Vec<u8> {
	Handle::new(hospital).to_bytes()
}

/// A copy that a vault gave, which its passkey opens.
#[wasm_bindgen]
pub struct FoundCopy {
	handle: Handle,
	found: Found,
}

#[wasm_bindgen]
impl FoundCopy {
	/// Looks for the copy of the passkey with this user handle, in the vaults of the hospitals that these nodes or
	/// doors name.
	pub async fn find(
		urls: Vec<String>,
		genesis: Option<String>,
		handle: Vec<u8>,
	) -> Result<FoundCopy, Failure> {
		let bytes = Zeroizing::new(handle);
		let handle = Handle::parse(&bytes).ok_or_else(|| {
			let sentence = "This passkey opens its account only in the browser that made it.";
			Failure::new("unsupported", sentence).with(Some("Restore the account by its words."))
		})?;
		let nodes = Nodes::connect(&urls, Witnesses::Two).await?;
		let expected = genesis.map(|text| chain_of(&text)).transpose()?;
		ensure_chain(nodes.first(), expected)?;
		let first = handle.hospital.map(HospitalId);
		let found = copies::find(&nodes, first, &handle.locator).await?.ok_or_else(|| {
			let sentence = "No hospital has the copy that this passkey opens.";
			Failure::new("invalid", sentence).with(Some("Restore the account by its words."))
		})?;
		Ok(Self { handle, found })
	}

	/// What the passkey is asked.
	pub fn questions(&self) -> Result<PasskeyQuestions, Failure> {
		Ok(PasskeyQuestions::from(Questions::of_file(&self.found.file)?))
	}

	/// Opens the account in memory only, with the passkey's results `first` and `second`.
	pub fn visit(&self, first: Vec<u8>, second: Vec<u8>) -> Result<Unlocked, Failure> {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let account = Account::in_passkey_file(&self.found.file, &Answers::new(&first, &second)?)?;
		Unlocked::new(account, Arc::new(Memory::new()))
	}

	/// Keeps the account on a device under a passphrase, with the results of the passkey with this identifier, and
	/// unlocks it.
	pub async fn keep(
		&self,
		device: &Device,
		passphrase: String,
		id: String,
		first: Vec<u8>,
		second: Vec<u8>,
	) -> Result<Unlocked, Failure> {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let (passphrase, file) = (SecretString::from(passphrase), self.found.file.clone());
		let answers = Answers::new(&first, &second)?;
		let accounts = device.keystore();
		let account = accounts.take_in_by_passkey(file, &id, answers, passphrase).await?;
		let (locator, at) = (self.handle.locator, vec![self.found.hospital.0]);
		let copy = PasskeyCopy { passkey: id, locator, at, wanted: true };
		accounts.note_copy(&account.entry.name, &copy).await?;
		device.unlocked(account)
	}
}

#[wasm_bindgen]
impl Session {
	/// Puts copies of an account's passkeys into the vault of the person's hospital, and removes those that are not
	/// wanted any more. Gives the number of changes; what fails is tried after the rest, and is told.
	#[wasm_bindgen(js_name = keepCopies)]
	pub async fn keep_copies(&self, device: &Device, name: String) -> Result<u32, Failure> {
		let (name, accounts): (Name, _) = (name.parse()?, device.keystore());
		let Some(hospital) = self.own_hospital().await? else { return Ok(0) };
		let (mut changes, mut problem) = (0u32, None);
		for mut copy in accounts.copies(&name).await? {
			for step in copy.steps(hospital.0) {
				match take(&self.client, accounts, &name, &copy, step).await {
					Ok(()) => changes = changes.saturating_add(1),
					Err(why) => {
						problem = Some(why);
						break;
					},
				}
				match step {
					Step::Put(hospital) => copy.at.push(hospital),
					Step::Remove(hospital) => copy.at.retain(|one| *one != hospital),
				}
				accounts.note_copy(&name, &copy).await?;
			}
		}
		problem.map_or(Ok(changes), Err)
	}

	/// Removes all copies of the account's from the vault of the person's hospital, also those of passkeys that this
	/// device does not know. With a device, its notes of them are removed as well.
	#[wasm_bindgen(js_name = removeCopies)]
	pub async fn remove_copies(&self, device: &Device, name: String) -> Result<(), Failure> {
		let (name, accounts): (Name, _) = (name.parse()?, device.keystore());
		let Some(hospital) = self.own_hospital().await? else { return Ok(()) };
		self.client.vault(hospital).await?.remove_copies().await?;
		for copy in accounts.copies(&name).await? {
			let at = copy.at.into_iter().filter(|one| *one != hospital.0).collect();
			accounts.note_copy(&name, &PasskeyCopy { at, wanted: false, ..copy }).await?;
		}
		Ok(())
	}
}

impl Session {
	/// The hospital in whose vault the account's copies lie: the patient's, else the doctor's, else the registrar's.
	async fn own_hospital(&self) -> Result<Option<HospitalId>, Failure> {
		let (at, account) = (self.at().await?, self.client.keys().account());
		if let Some(patient) = at.patient_of(account).await? {
			return Ok(at.patient(patient).await?.map(|info| info.hospital));
		}
		if let Some(doctor) = at.doctor_of(account).await? {
			return Ok(at.doctor(doctor).await?.map(|info| info.hospital));
		}
		Ok(at.registrar_of(account).await?)
	}
}

/// Takes a step, without noting it.
async fn take(
	client: &Client,
	accounts: &Keystore,
	name: &Name,
	copy: &PasskeyCopy,
	step: Step,
) -> Result<(), Failure> {
	match step {
		Step::Put(hospital) => {
			let file = accounts.passkey_file(name, &copy.passkey).await?;
			let vault = client.vault(HospitalId(hospital)).await?;
			Ok(vault.put_copy(&copy.locator, &file).await?)
		},
		Step::Remove(hospital) => {
			let vault = client.vault(HospitalId(hospital)).await?;
			Ok(vault.remove_copy(&copy.locator).await?)
		},
	}
}
