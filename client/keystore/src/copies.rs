//! Copies of passkeys' files in vaults, for devices that have nothing but the passkey.
//!
//! A passkey carries its copy's locator in its user handle, which a new device gets from the passkey itself. This
//! device notes for each copy in which vaults it lies, so that it is sent again until it is there, follows a person
//! who moves to another hospital, and is removed with its passkey.

use crate::{Error, Keystore, Name, passkey::check_id};
use rand::{RngCore, rngs::OsRng};
use serde::{Deserialize, Serialize};
use std::{fmt, io::ErrorKind};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The length of a locator, in bytes.
const LOCATOR: usize = 32;

/// The first byte of a user handle of this form.
const VERSION: u8 = 1;

/// The length of a user handle: the version, a locator, a hospital. WebAuthn allows 64 bytes.
const LENGTH: usize = 1 + LOCATOR + 4;

/// Stands for a hospital that was not chosen yet when the passkey was made.
const NO_HOSPITAL: u32 = u32::MAX;

/// The longest note, in bytes.
const MAX_NOTE: usize = 4 * 1_024;

/// A passkey's user handle: where its copy lies. It is a secret.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Handle {
	/// The copy's locator: random bytes.
	pub locator: [u8; LOCATOR],
	/// The hospital of the person, if it was known: its vault is asked first.
	pub hospital: Option<u32>,
}

impl Handle {
	/// A new one, with a locator that no other passkey has.
	pub fn new(hospital: Option<u32>) -> Self {
		let mut locator = [0; LOCATOR];
		OsRng.fill_bytes(&mut locator);
		Self { locator, hospital }
	}

	/// The bytes that the passkey carries.
	pub fn to_bytes(&self) -> Vec<u8> {
		let hospital = self.hospital.unwrap_or(NO_HOSPITAL).to_be_bytes();
		[&[VERSION], &self.locator[..], &hospital].concat()
	}

	/// Reads a passkey's bytes; none if it has no copy. Passkeys of earlier versions carry other bytes.
	pub fn parse(bytes: &[u8]) -> Option<Self> {
		let bytes: &[u8; LENGTH] = bytes.try_into().ok()?;
		let (version, rest) = bytes.split_first()?;
		let (locator, hospital) = rest.split_first_chunk()?;
		let hospital = u32::from_be_bytes(hospital.try_into().ok()?);
		let hospital = (hospital != NO_HOSPITAL).then_some(hospital);
		(*version == VERSION).then_some(Self { locator: *locator, hospital })
	}
}

/// A copy of a passkey's file, as far as this device knows.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyCopy {
	/// The passkey's identifier.
	pub passkey: String,
	/// The copy's locator.
	pub locator: [u8; LOCATOR],
	/// The hospitals in whose vaults it lies.
	pub at: Vec<u32>,
	/// Whether the account still has the passkey here.
	pub wanted: bool,
}

/// Without the locator, which is a secret.
impl fmt::Debug for PasskeyCopy {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { passkey, at, wanted, .. } = self;
		let mut shown = formatter.debug_struct("PasskeyCopy");
		shown.field("passkey", passkey).field("at", at).field("wanted", wanted);
		shown.finish_non_exhaustive()
	}
}

/// What is left to do for a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
	/// Put it into this hospital's vault.
	Put(u32),
	/// Remove it from this hospital's vault.
	Remove(u32),
}

impl PasskeyCopy {
	/// What is left to do, so that the copy lies in the vault of the person's hospital and nowhere else; of a passkey
	/// that the account has no more, nowhere. It is put before it is removed elsewhere.
	pub fn steps(&self, hospital: u32) -> Vec<Step> {
		let missing = self.wanted && !self.at.contains(&hospital);
		let put = missing.then_some(Step::Put(hospital));
		let elsewhere = self.at.iter().filter(|one| !self.wanted || **one != hospital);
		put.into_iter().chain(elsewhere.map(|one| Step::Remove(*one))).collect()
	}
}

/// A copy's note in the storage.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Note {
	locator: String,
	at: Vec<u32>,
	wanted: bool,
}

/// What a note says.
enum Noted {
	/// There is none.
	Nothing,
	/// A copy.
	Copy(PasskeyCopy),
	/// The note is damaged, and the copy's locator is lost with it.
	Damaged,
}

impl Keystore {
	/// The copies that this device knows of, in no order. Those of damaged notes are not among them: a note that can't be
	/// read must not hide the others.
	pub async fn copies(&self, name: &Name) -> Result<Vec<PasskeyCopy>, Error> {
		let mut all = Vec::new();
		for id in self.noted_passkeys(name).await? {
			if let Noted::Copy(copy) = self.noted(name, &id).await? {
				all.push(copy);
			}
		}
		Ok(all)
	}

	/// The passkeys whose notes are damaged. A vault may have a copy of such a one, and this device can't tell which.
	pub async fn damaged_notes(&self, name: &Name) -> Result<Vec<String>, Error> {
		let mut all = Vec::new();
		for id in self.noted_passkeys(name).await? {
			if let Noted::Damaged = self.noted(name, &id).await? {
				all.push(id);
			}
		}
		Ok(all)
	}

	/// The passkeys with a note.
	async fn noted_passkeys(&self, name: &Name) -> Result<Vec<String>, Error> {
		let found = self.storage.list(&format!("{}/", folder(name))).await?;
		let ids = found.iter().filter_map(|one| one.base().strip_suffix(".json"));
		Ok(ids.map(str::to_owned).collect())
	}

	/// Notes a copy. One of a passkey that the account has no more is forgotten when it lies nowhere.
	pub async fn note_copy(&self, name: &Name, copy: &PasskeyCopy) -> Result<(), Error> {
		let _turn = self.notes.lock().await;
		self.write_note(name, copy).await
	}

	/// Notes that a step was taken for a copy, and returns the copy as it is noted now. The person may have removed the
	/// passkey while a vault was asked: its copy stays noted until it is removed there as well.
	pub async fn note_step(
		&self,
		name: &Name,
		copy: &PasskeyCopy,
		step: Step,
	) -> Result<PasskeyCopy, Error> {
		let _turn = self.notes.lock().await;
		let mut now = match self.noted(name, &copy.passkey).await? {
			Noted::Copy(noted) => noted,
			// The note of a removed passkey is gone once its copy lies nowhere.
			Noted::Nothing => PasskeyCopy { at: Vec::new(), wanted: false, ..copy.clone() },
			// It was read before this step, and is written anew.
			Noted::Damaged => copy.clone(),
		};
		let (Step::Put(hospital) | Step::Remove(hospital)) = step;
		now.at.retain(|one| *one != hospital);
		if matches!(step, Step::Put(_)) {
			now.at.push(hospital);
		}
		self.write_note(name, &now).await?;
		Ok(now)
	}

	/// Notes that no copy of the account's is wanted any more, in any vault.
	pub async fn unwant_copies(&self, name: &Name) -> Result<(), Error> {
		for id in self.noted_passkeys(name).await? {
			self.unwant_copy(name, &id).await?;
		}
		Ok(())
	}

	/// Writes a note. The caller holds the notes' lock.
	async fn write_note(&self, name: &Name, copy: &PasskeyCopy) -> Result<(), Error> {
		let file = note_name(name, &copy.passkey)?;
		if !copy.wanted && copy.at.is_empty() {
			return Ok(self.storage.remove(&file).await?);
		}
		let PasskeyCopy { locator, at, wanted, .. } = copy;
		let note = Note { locator: hex::encode(locator), at: at.clone(), wanted: *wanted };
		let text = serde_json::to_vec(&note).map_err(|why| Error::Unexpected(why.to_string()))?;
		Ok(self.storage.replace(&file, &text).await?)
	}

	/// The account has a passkey no more: its copy is to be removed. A damaged note goes, because it does not say where the
	/// copy lies, and would keep the passkey for ever.
	pub(crate) async fn unwant_copy(&self, name: &Name, id: &str) -> Result<(), Error> {
		let _turn = self.notes.lock().await;
		match self.noted(name, id).await? {
			Noted::Copy(copy) => {
				self.write_note(name, &PasskeyCopy { wanted: false, ..copy }).await
			},
			Noted::Damaged => Ok(self.storage.remove(&note_name(name, id)?).await?),
			Noted::Nothing => Ok(()),
		}
	}

	/// Forgets all notes of an account. The copies stay: with one of them, the passkey brings the account back.
	pub(crate) async fn forget_copies(&self, name: &Name) -> Result<(), Error> {
		Ok(self.storage.clear(&folder(name)).await?)
	}

	async fn noted(&self, name: &Name, id: &str) -> Result<Noted, Error> {
		let file = note_name(name, id)?;
		match self.storage.read(&file, MAX_NOTE).await {
			Ok(Some(bytes)) => Ok(parsed(id, &bytes).map_or(Noted::Damaged, Noted::Copy)),
			Ok(None) => Ok(Noted::Nothing),
			// It is longer than any note.
			Err(why) if why.why.kind() == ErrorKind::InvalidData => Ok(Noted::Damaged),
			Err(why) => Err(why.into()),
		}
	}
}

/// The copy of a passkey that a note is about; none if the note is damaged.
fn parsed(id: &str, note: &[u8]) -> Option<PasskeyCopy> {
	let Note { locator: text, at, wanted } = serde_json::from_slice(note).ok()?;
	let mut locator = [0; LOCATOR];
	hex::decode_to_slice(text, &mut locator).ok()?;
	Some(PasskeyCopy { passkey: id.to_owned(), locator, at, wanted })
}

/// The folder of an account's notes.
fn folder(name: &Name) -> String {
	format!("copies/{name}")
}

fn note_name(name: &Name, id: &str) -> Result<String, Error> {
	check_id(id)?;
	Ok(format!("{}/{id}.json", folder(name)))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn copy(at: &[u32], wanted: bool) -> PasskeyCopy {
		PasskeyCopy { passkey: "aB-_".into(), locator: [7; LOCATOR], at: at.to_vec(), wanted }
	}

	#[test]
	fn handle_reads_back_and_other_bytes_are_none() {
		for hospital in [None, Some(0), Some(63)] {
			let handle = Handle::new(hospital);
			assert!(Handle::parse(&handle.to_bytes()).unwrap() == handle);
			assert!(handle.to_bytes().len() <= 64, "WebAuthn's limit");
		}
		assert!(Handle::new(None).locator != Handle::new(None).locator);
		let bytes = Handle::new(Some(1)).to_bytes();
		let mut newer = bytes.clone();
		newer[0] = 2;
		for other in [&bytes[1..], &newer[..], &[0; 32][..], &[][..]] {
			assert!(Handle::parse(other).is_none());
		}
	}

	#[test]
	fn copy_lies_with_the_persons_hospital_and_goes_with_its_passkey() {
		for (at, wanted, steps) in [
			(&[][..], true, &[Step::Put(1)][..]),
			(&[1], true, &[]),
			(&[0], true, &[Step::Put(1), Step::Remove(0)]),
			(&[0, 1], true, &[Step::Remove(0)]),
			(&[1], false, &[Step::Remove(1)]),
			(&[0, 1], false, &[Step::Remove(0), Step::Remove(1)]),
			(&[], false, &[]),
		] {
			assert_eq!(copy(at, wanted).steps(1), steps, "at {at:?}, wanted: {wanted}");
		}
	}
}
