//! Sharing single records with a doctor.

use super::Terms;
use crate::{
	Error, Result, access,
	chain::{Agreed, Call},
	chart::OwnChart,
	client::{Client, Done},
	grants,
	overtaken::Attempts,
	records,
	rotation::sealed_key,
	trust,
	vault::{Item, Progress},
};
use medblock_crypto::{
	Error as CryptoError, FileKey, Identity, Key, PEEK_LENGTH, Pair, Root, SealContext,
	ShareContext, file_key, open, seal,
};
use medblock_platform::{Error as StorageError, files::File, tasks};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::RecordInfo;
use std::{
	collections::BTreeMap,
	io::{BufReader, Read},
};

/// The records that a doctor may see after sharing.
#[derive(Debug)]
pub struct Shared {
	/// The sharing.
	pub done: Done,
	/// All shared records, earlier ones included.
	pub records: Vec<RecordIndex>,
	/// The terms.
	pub terms: Terms,
}

/// The share key that a patient can derive again, and the file keys that are wrapped under it.
struct Known {
	key: medblock_crypto::ShareKey,
	file_keys: BTreeMap<RecordIndex, FileKey>,
}

impl Client {
	/// Lets a doctor see single records, in addition to those that were shared with them before, on these terms
	/// and no others; see [`Client::share_keeping`] to change some of them, and for doctors who may see more.
	/// The client fetches and verifies each new record whole before it gives away the record's key. If
	/// the doctor saw the whole chart until now, the chart then needs a new key: see
	/// [`Client::rotate_if_due`].
	pub async fn share(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: Terms,
		progress: &Progress,
	) -> Result<Shared> {
		self.share_again(doctor, records, async |_| Ok(terms), progress).await
	}

	/// As [`Client::share`], on terms that are found in the block at which the shared records are read: what was
	/// true before may have changed meanwhile.
	pub(super) async fn share_again(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: impl AsyncFn(&OwnChart) -> Result<Terms>,
		progress: &Progress,
	) -> Result<Shared> {
		// Another device may share another record meanwhile.
		let mut attempts = Attempts::new();
		loop {
			let outcome = self.share_once(doctor, records, &terms, progress).await;
			if let Some(shared) = attempts.settled(outcome)? {
				return Ok(shared);
			}
		}
	}

	async fn share_once(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: &impl AsyncFn(&OwnChart) -> Result<Terms>,
		progress: &Progress,
	) -> Result<Shared> {
		let own = self.own_agreed_chart().await?;
		access::ensure_verified(&own.info)?;
		let terms = terms(&own).await?;
		let (agreed, patient) = (&own.agreed, own.info.id);
		let info = agreed.at().known_doctor(doctor).await?;
		access::ensure_practising(&info)?;
		let (version, key) = self.key_of(agreed, doctor).await?;
		// Two nodes answer this: a single lying node could add records that the patient never chose
		// to share.
		let before = agreed
			.read("what was shared before", |at| async move { at.share(patient, doctor).await })
			.await?;
		let mut all: Vec<RecordIndex> = before.records.iter().map(|one| one.record).collect();
		all.extend(records);
		all.sort_unstable();
		all.dedup();
		// This check comes before any of them is fetched.
		if all.len() > MAX_SHARED as usize {
			return Err(grants::Error::TooManyShared.into());
		}
		let pair = Pair { genesis: self.genesis(), patient: patient.0, doctor: doctor.0 };
		let root = self.keys.root()?;
		let known =
			before.key.as_ref().and_then(|share| known(&root, pair, share, &before.records));
		let known_keys = known.as_ref().map(|known| &known.file_keys);
		let is_known =
			|index: &RecordIndex| known_keys.is_some_and(|keys| keys.contains_key(index));
		let unknown = all.iter().copied().filter(|index| !is_known(index)).collect();
		let mut file_keys = self.file_keys(&own, unknown, records, progress).await?;
		let earlier = before.key.as_ref().map(|share| (share.generation, share.key_version));
		let (share_key, generation, is_new) = match (known, earlier) {
			// The doctor has this share key, under the key that their hospital has confirmed.
			(Some(known), Some((generation, sealed_to))) if sealed_to == version => {
				(known.key, generation, false)
			},
			(known, _) => {
				file_keys.extend(known.map(|known| known.file_keys).unwrap_or_default());
				let generation = own.info.shares.saturating_add(1);
				let key = medblock_crypto::ShareKey::derive(&root, pair, generation, version);
				(key, generation, true)
			},
		};
		let records = if is_new { file_keys.keys().copied().collect() } else { all };
		let mut shared = SharedRecords::default();
		for (index, file_key) in file_keys {
			let context = ShareContext::new(pair, generation, index);
			let wrapped = WrappedFileKey(share_key.wrap(&context, &file_key));
			shared
				.try_push(SharedRecord { record: index, key: wrapped })
				.map_err(|_| grants::Error::TooManyShared)?;
		}
		let under = if shared.is_empty() {
			ShareUnder::Nothing
		} else if is_new {
			let context = SealContext::share(pair, generation, version);
			let sealed = sealed_key(seal(&key, &context, share_key.expose())?);
			ShareUnder::New(ShareKey { generation, key_version: version, key: sealed })
		} else {
			ShareUnder::Present(generation)
		};
		let (may_append, expires_at) = (terms.may_append, terms.expires_at);
		let call = Call::share_records(doctor, under, shared, may_append, expires_at);
		Ok(Shared { done: self.conclude(&call).await?, records, terms })
	}

	/// The file keys of these records, each of which is fetched and verified. Those that `asked` does
	/// not name were shared before, and may have been withdrawn since.
	pub(crate) async fn file_keys(
		&self,
		own: &OwnChart,
		records: Vec<RecordIndex>,
		asked: &[RecordIndex],
		progress: &Progress,
	) -> Result<BTreeMap<RecordIndex, FileKey>> {
		let patient = own.info.id;
		// All of them are read at once: nodes and doors answer about the agreed block for some minutes only, and the files
		// may take longer.
		let mut found = Vec::new();
		for index in records {
			match self.document(&own.agreed, patient, index).await {
				Err(Error::Record(records::Error::Withdrawn(_))) if !asked.contains(&index) => {},
				other => found.push((index, other?)),
			}
		}
		let mut keys = BTreeMap::new();
		for (index, (document, vaults, epoch)) in found {
			let secrets = &own.secrets;
			let mismatch = Error::Trust(trust::Error::ChartKeyMismatch(epoch));
			let identity = secrets.identity(epoch).ok_or(mismatch)?;
			let item = Item::Record(index);
			let scratch = self.fetch_whole(patient, item, &document, &vaults, progress).await?;
			keys.insert(index, file_key_of(identity, &scratch.file).await?);
		}
		Ok(keys)
	}

	/// A record's document, its vaults, and the epoch that it is sealed to, as two nodes know them.
	async fn document(
		&self,
		agreed: &Agreed,
		patient: PatientId,
		index: RecordIndex,
	) -> Result<(Document, Vaults, Epoch)> {
		let RecordInfo { record, vaults, .. } = agreed
			.read("a record", |at| async move { at.record_info(patient, index).await })
			.await?
			.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let kept = record.document.zip(vaults);
		let (document, vaults) = kept.ok_or(Error::Record(records::Error::Withdrawn(index)))?;
		Ok((document, vaults, record.sealed_to))
	}
}

/// A record's file key. The client first fetches the whole file, compares it with the chain's digest and
/// decrypts it. Otherwise an author who had copied a header from another file could make a patient give
/// away that file's key.
async fn file_key_of(identity: Identity, file: &File) -> Result<FileKey> {
	let file = file.clone();
	tasks::blocking(move || verified_file_key(&identity, &file))
		.await
		.map_err(StorageError::cannot("finish", "this"))?
}

/// The share key, if it is derived from this root, and all that is wrapped under it. A share without
/// records can't be told apart from one of another root, and has nothing that is worth keeping.
fn known(root: &Root, pair: Pair, share: &ShareKey, records: &[SharedRecord]) -> Option<Known> {
	let (generation, version) = (share.generation, share.key_version);
	let key = medblock_crypto::ShareKey::derive(root, pair, generation, version);
	let unwrapped = records.iter().map(|one| {
		let context = ShareContext::new(pair, generation, one.record);
		Some((one.record, key.unwrap(&context, &one.key.0).ok()?))
	});
	let file_keys: BTreeMap<_, _> = unwrapped.collect::<Option<_>>()?;
	(!file_keys.is_empty()).then_some(Known { key, file_keys })
}

/// The file's own key, after the whole file has been decrypted with it.
fn verified_file_key(identity: &Identity, file: &File) -> Result<FileKey> {
	let identities = std::slice::from_ref(identity);
	let (_, mut body) = open(Key::Identities(identities), BufReader::new(file.reader()))?;
	std::io::copy(&mut body, &mut std::io::sink()).map_err(CryptoError::from_read)?;
	let mut beginning = Vec::new();
	file.reader().take(PEEK_LENGTH).read_to_end(&mut beginning).map_err(CryptoError::Reading)?;
	Ok(file_key(identities, &beginning)?)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;

	const PAIR: Pair = Pair { genesis: [1; 32], patient: 2, doctor: 3 };

	fn root() -> Root {
		let words = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
		Mnemonic::parse(words).unwrap().seed("").root()
	}

	fn share(key_version: u32) -> ShareKey {
		ShareKey { generation: 4, key_version, key: SealedKey(Default::default()) }
	}

	fn shared(key: &medblock_crypto::ShareKey, record: RecordIndex) -> SharedRecord {
		let context = ShareContext::new(PAIR, 4, record);
		let file_key = FileKey::from_bytes([record as u8; 16]);
		SharedRecord { record, key: WrappedFileKey(key.wrap(&context, &file_key)) }
	}

	#[test]
	fn what_was_shared_is_known_without_fetching_it() {
		let key = medblock_crypto::ShareKey::derive(&root(), PAIR, 4, 1);
		let records = [shared(&key, 5), shared(&key, 6)];
		let found = known(&root(), PAIR, &share(1), &records).unwrap();
		assert_eq!(found.key.expose(), key.expose());
		let keys: Vec<_> = found.file_keys.iter().map(|(at, key)| (*at, *key.expose())).collect();
		assert_eq!(keys, [(5, [5; 16]), (6, [6; 16])]);
	}

	/// A share of an earlier client, of other words, or one that a node made up.
	#[test]
	fn share_under_another_key_is_not_known() {
		let key = medblock_crypto::ShareKey::derive(&root(), PAIR, 4, 1);
		let other = medblock_crypto::ShareKey::from_bytes([7; 32]);
		let records = [shared(&key, 5), shared(&other, 6)];
		assert!(known(&root(), PAIR, &share(1), &records).is_none());
		assert!(known(&root(), PAIR, &share(2), &records[..1]).is_none());
		assert!(known(&root(), PAIR, &share(1), &[]).is_none());
	}
}
