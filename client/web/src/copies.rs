//! Copies of passkeys' files in hospitals' vaults: kept for devices that have nothing but the passkey.

use crate::{
	failure::{Advice, BY_WORDS, Failure},
	keys::{Device, PasskeyQuestions, Unlocked, chain_of, ensure_chain},
	session::Session,
};
use medblock_client::{
	Client, Told,
	chain::{self, At, Nodes, Witnesses},
	medblock_primitives::HospitalId,
	vault::{
		Code,
		copies::{self, Found},
	},
};
use medblock_keystore::{
	Account, Answers, Handle, Keystore, Name, PasskeyCopy, Questions, SecretString, Step,
};
use medblock_platform::Memory;
use pallet_consortium_runtime_api::SeatStatus;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// What helps where a passkey's copy can't be kept.
const ANOTHER_PASSKEY: Advice = Advice {
	code: "advice.another-passkey",
	sentence: "Remove the passkey here and on your device, and add a new one.",
};

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
	/// doors name, without those in `passed`, whose copy the passkey does not open.
	pub async fn find(
		urls: Vec<String>,
		genesis: Option<String>,
		handle: Vec<u8>,
		passed: Vec<u32>,
	) -> Result<FoundCopy, Failure> {
		let bytes = Zeroizing::new(handle);
		let handle = Handle::parse(&bytes).ok_or_else(|| {
			let sentence = "This passkey opens its account only in the browser that made it.";
			let text = Told::new("copies.this-browser-only", sentence);
			Failure::of("unsupported", text).with(Some(BY_WORDS))
		})?;
		let nodes = Nodes::connect(&urls, Witnesses::Two).await?;
		let expected = genesis.map(|text| chain_of(&text)).transpose()?;
		ensure_chain(nodes.first(), expected)?;
		let first = handle.hospital.map(HospitalId);
		let accepts = |hospital: HospitalId, file: &[u8]| {
			!passed.contains(&hospital.0) && Questions::of_file(file).is_ok()
		};
		let found =
			copies::find(&nodes, first, &handle.locator, accepts).await?.ok_or_else(|| {
				let sentence = "No hospital has the copy that this passkey opens.";
				Failure::of("invalid", Told::new("copies.none", sentence)).with(Some(BY_WORDS))
			})?;
		Ok(Self { handle, found })
	}

	/// The hospital whose vault gave it.
	pub fn hospital(&self) -> u32 {
		self.found.hospital.0
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
	/// unlocks it. It gets the name that the copy says, or `name` if that is taken.
	pub async fn keep(
		&self,
		device: &Device,
		name: Option<String>,
		passphrase: String,
		id: String,
		first: Vec<u8>,
		second: Vec<u8>,
	) -> Result<Unlocked, Failure> {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let (passphrase, file) = (SecretString::from(passphrase), self.found.file.clone());
		let answers = Answers::new(&first, &second)?;
		let accounts = device.keystore();
		let name: Option<Name> = name.map(|text| text.parse()).transpose()?;
		let brought = accounts.take_in_by_passkey((file, name), &id, answers, passphrase);
		let account = brought.await?;
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
			// The person may remove the passkey meanwhile, so each step depends on what is noted after the last one.
			while let Some(step) = copy.steps(hospital.0).first().copied() {
				if let Err(why) = take(&self.client, accounts, &name, &copy, step).await {
					problem = Some(why);
					break;
				}
				changes = changes.saturating_add(1);
				copy = accounts.note_step(&name, &copy, step).await?;
			}
		}
		problem.map_or(Ok(changes), Err)
	}

	/// Removes all copies of the account's from all hospitals' vaults, also those of passkeys that this device does
	/// not know. A hospital that has left is not asked: its vault may be gone for good.
	///
	/// Fails if any hospital could not remove its copies, after all have been asked, and names each such hospital. Fails
	/// also if two nodes did not agree on the hospitals, after those of the first have been asked: a node that leaves one
	/// out would keep its copy.
	#[wasm_bindgen(js_name = removeCopies)]
	pub async fn remove_copies(&self) -> Result<(), Failure> {
		let (all, unsure) = match self.members_by_two().await {
			Ok(all) => (all, None),
			Err(why) => (members(self.at().await?).await?, Some(why)),
		};
		if all.is_empty() {
			return Err(Failure::of(
				"network",
				Told::new("copies.no-hospital", "No hospital could be asked to remove copies."),
			));
		}
		let (mut left, mut problem) = (Vec::new(), None);
		for (hospital, name) in all {
			let asked = async { self.client.vault(hospital).await?.remove_copies().await };
			if let Err(why) = asked.await {
				left.push(name);
				problem = Some(Failure::from(why));
			}
		}
		if let Some(why) = problem {
			let left = left.join(", ");
			let what = format!("the copies at {left} were not removed");
			let about = Told::new("copies.not-removed", what).with("hospitals", left);
			return Err(why.about(about));
		}
		let what = "the copies at all known hospitals were removed, but one node alone named these";
		let about = Told::new("copies.one-node", what);
		unsure.map_or(Ok(()), |why| Err(why.about(about)))
	}
}

/// The active hospitals, with their names.
async fn members(at: At) -> chain::Result<Vec<(HospitalId, String)>> {
	let all = at.hospitals().await?.into_iter();
	let active = all.filter(|one| one.seat != SeatStatus::Expelled);
	Ok(active.map(|one| (one.id, String::from_utf8_lossy(&one.name).into_owned())).collect())
}

impl Session {
	/// The active hospitals, as two nodes have them.
	async fn members_by_two(&self) -> Result<Vec<(HospitalId, String)>, Failure> {
		let agreed = self.client.nodes().agreed().await?;
		Ok(agreed.read::<_, chain::Error, _>("which hospitals there are", members).await?)
	}

	/// The hospital in whose vault the account's copies lie: the patient's, else the doctor's, else the registrar's.
	/// Two nodes are asked: a single lying node could have the copies moved to a hospital that is not the person's.
	async fn own_hospital(&self) -> Result<Option<HospitalId>, Failure> {
		let account = self.client.keys().account();
		let own = |at: At| async move {
			if let Some(patient) = at.patient_of(account).await? {
				return Ok(at.patient(patient).await?.map(|info| info.hospital));
			}
			if let Some(doctor) = at.doctor_of(account).await? {
				return Ok(at.doctor(doctor).await?.map(|info| info.hospital));
			}
			at.registrar_of(account).await
		};
		let agreed = self.client.nodes().agreed().await?;
		Ok(agreed.read::<_, chain::Error, _>("your hospital", own).await?)
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
			vault.put_copy(&copy.locator, &file).await.map_err(|why| {
				if !copies::is_refused(&why, Code::NoSuchCopy) {
					return why.into();
				}
				let sentence = "Another account has a copy of its keys in this passkey's place.";
				let text = Told::new("copies.place-taken", sentence);
				Failure::of("refused", text).with(Some(ANOTHER_PASSKEY))
			})
		},
		Step::Remove(hospital) => {
			let vault = client.vault(HospitalId(hospital)).await?;
			Ok(vault.remove_copy(&copy.locator).await?)
		},
	}
}
