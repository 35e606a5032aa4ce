//! Patients' profiles that were read before, kept on this device, so that a name costs no further look.
//!
//! What is kept lies in up to [`PIECES`] values, `names/ACCOUNT/CHAIN/NUMBER`. Which of them a patient's profile is in, only
//! the account's key tells. A piece is sealed under a key of the account's root secret, and bound to the chain, the account
//! and its number. In a piece, a profile is bound to the very document that it was read from: once the chain names
//! another one, it is ignored, and dropped.
//!
//! It is a cache: a piece that is damaged, or belongs elsewhere, is ignored and written anew, and a failed write is no
//! error. Callers show a name only to a reader who may read the profile in that block.

use crate::{Keys, Result, chain::AccountId, profiles::Profile};
use codec::{Decode, Encode};
use futures::lock::Mutex;
use medblock_crypto::CacheKey;
use medblock_platform::{Files, Result as Stored, clock};
use medblock_primitives::*;
use std::{
	collections::{BTreeMap, BTreeSet},
	sync::Arc,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The folder of all of them.
const FOLDER: &str = "names";

/// The first of what a piece is bound to.
const LABEL: &[u8] = b"medblock/v1/names";

/// The number of pieces.
const PIECES: u8 = 64;

/// The longest piece that is read, and the most that it is filled with, in bytes. The oldest profiles make room.
const LONGEST: usize = 256 * 1_024;
const FULL: usize = LONGEST - 2 * STEP;

/// The longest profile that is kept, in bytes. Longer ones are read again each time.
const LONGEST_KEPT: usize = 4 * 1_024;

/// A piece's length steps by so many bytes, so that it says little about what is in it.
const STEP: usize = 4 * 1_024;

/// Deletes the names that are kept for an account, of all chains. They are to go when the account is removed.
pub async fn forget(files: &dyn Files, account: AccountId) -> Result<()> {
	Ok(files.clear(&folder_of(account)).await?)
}

fn folder_of(account: AccountId) -> String {
	format!("{FOLDER}/{account}")
}

/// The capacity in which a profile was read. Each forgets its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
	/// By a doctor of the chart.
	ByDoctor,
	/// By a registrar of the patient's hospital.
	AtDesk,
}

/// A profile, and what it was read from.
#[derive(Encode, Decode, Zeroize, ZeroizeOnDrop)]
struct Kept {
	digest: [u8; 32],
	/// One node may have named another head for the same digest.
	head: [u8; 16],
	size: u64,
	sealed_to: Epoch,
	at_desk: bool,
	/// Which of two was written later.
	order: u64,
	name: String,
	birth_date: Option<String>,
	contact: Option<String>,
}

impl Kept {
	fn is_of(&self, source: &SealedDocument) -> bool {
		let SealedDocument { document, sealed_to } = source;
		(&self.digest, &self.head, self.size, &self.sealed_to)
			== (&document.digest, &document.head, document.size, sealed_to)
	}

	fn profile(&self) -> Profile {
		Profile {
			name: self.name.clone(),
			birth_date: self.birth_date.clone(),
			contact: self.contact.clone(),
		}
	}
}

/// The profiles of a piece, by patient.
type Piece = BTreeMap<u32, Kept>;

/// The profiles that are kept for one account of one chain.
pub(crate) struct Index {
	files: Arc<dyn Files>,
	/// Their folder, with a last `/`.
	folder: String,
	/// None if the account has no secret here. Nothing is kept then.
	key: Option<CacheKey>,
	genesis: [u8; 32],
	account: AccountId,
	/// The pieces that were read in this run.
	pieces: Mutex<BTreeMap<u8, Piece>>,
}

impl Index {
	/// That of the account with these keys. Nothing is read yet.
	pub(crate) fn new(files: Arc<dyn Files>, keys: &Keys, genesis: [u8; 32]) -> Self {
		let account = keys.account();
		let key = keys.root().ok().map(|root| root.names_key(&genesis, &account.0));
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		let folder = format!("{}/{chain}/", folder_of(account));
		Self { files, folder, key, genesis, account, pieces: Mutex::default() }
	}

	/// The profile that was read of this document. One that was read of an earlier document is dropped.
	pub(crate) async fn of(&self, patient: PatientId, source: &SealedDocument) -> Option<Profile> {
		let key = self.key.as_ref()?;
		let number = piece_of(key, patient);
		let mut pieces = self.pieces.lock().await;
		let piece = self.read(key, number, &mut pieces).await;
		let kept = piece.get(&patient.0)?;
		if kept.is_of(source) {
			return Some(kept.profile());
		}
		piece.remove(&patient.0);
		told(self.write(key, number, piece).await);
		None
	}

	/// Keeps a profile that was read of a document.
	pub(crate) async fn keep(
		&self,
		patient: PatientId,
		source: &SealedDocument,
		read: Read,
		profile: &Profile,
	) {
		let Some(key) = &self.key else { return };
		let Document { digest, head, size, .. } = source.document.clone();
		let number = piece_of(key, patient);
		let mut pieces = self.pieces.lock().await;
		let piece = self.read(key, number, &mut pieces).await;
		let newest = piece.values().map(|one| one.order).max().unwrap_or_default();
		let kept = Kept {
			digest,
			head,
			size,
			sealed_to: source.sealed_to,
			at_desk: read == Read::AtDesk,
			order: clock::now().max(newest.saturating_add(1)),
			name: profile.name.clone(),
			birth_date: profile.birth_date.clone(),
			contact: profile.contact.clone(),
		};
		if kept.encoded_size() > LONGEST_KEPT {
			return;
		}
		piece.insert(patient.0, kept);
		make_room(piece);
		told(self.write(key, number, piece).await);
	}

	/// Drops the profiles that were read in this capacity, but for those of these patients.
	pub(crate) async fn keep_only(&self, read: Read, patients: &BTreeSet<PatientId>) {
		let Some(key) = &self.key else { return };
		let is_closed = |patient: &u32, kept: &Kept| {
			kept.at_desk == (read == Read::AtDesk) && !patients.contains(&PatientId(*patient))
		};
		let mut pieces = self.pieces.lock().await;
		for number in self.numbers().await {
			let piece = self.read(key, number, &mut pieces).await;
			if piece.iter().any(|(patient, kept)| is_closed(patient, kept)) {
				piece.retain(|patient, kept| !is_closed(patient, kept));
				told(self.write(key, number, piece).await);
			}
		}
	}

	/// The pieces that are stored.
	async fn numbers(&self) -> Vec<u8> {
		let found = self.files.list(&self.folder).await.unwrap_or_default();
		let numbers = found.iter().filter_map(|one| one.base().parse().ok());
		numbers.filter(|number| *number < PIECES).collect()
	}

	/// A piece; an empty one if there is none that can be read.
	async fn read<'a>(
		&self,
		key: &CacheKey,
		number: u8,
		pieces: &'a mut BTreeMap<u8, Piece>,
	) -> &'a mut Piece {
		let piece = match pieces.remove(&number) {
			Some(piece) => piece,
			None => self.stored(key, number).await.unwrap_or_default(),
		};
		pieces.entry(number).or_insert(piece)
	}

	/// A piece as it is stored; nothing if there is none that can be read.
	async fn stored(&self, key: &CacheKey, number: u8) -> Option<Piece> {
		let sealed = self.files.read(&self.name(number), LONGEST).await.ok().flatten()?;
		let plain = key.open(&self.bound(number), &sealed)?;
		Piece::decode(&mut &plain[..]).ok()
	}

	async fn write(&self, key: &CacheKey, number: u8, piece: &Piece) -> Stored<()> {
		let name = self.name(number);
		if piece.is_empty() {
			return self.files.remove(&name).await;
		}
		let mut plain = Zeroizing::new(piece.encode());
		let padded = plain.len().next_multiple_of(STEP);
		plain.resize(padded, 0);
		self.files.replace(&name, &key.seal(&self.bound(number), &plain)).await
	}

	fn name(&self, number: u8) -> String {
		format!("{}{number}", self.folder)
	}

	fn bound(&self, number: u8) -> Vec<u8> {
		[LABEL, &self.genesis[..], &self.account.0[..], &[number]].concat()
	}
}

/// The number of the piece that a patient's profile is in.
fn piece_of(key: &CacheKey, patient: PatientId) -> u8 {
	let [first, ..] = key.name(&patient.0.to_be_bytes());
	first % PIECES
}

/// Drops the oldest profiles, as many as are too many.
fn make_room(piece: &mut Piece) {
	while piece.encoded_size() > FULL {
		let oldest = piece.iter().min_by_key(|(_, one)| one.order).map(|(patient, _)| *patient);
		let Some(oldest) = oldest else { return };
		piece.remove(&oldest);
	}
}

/// Failing to keep something costs a look, and nothing else.
fn told(outcome: Stored<()>) {
	if let Err(why) = outcome {
		tracing::debug!("names are not kept: {why}");
	}
}

#[cfg(test)]
mod tests;
