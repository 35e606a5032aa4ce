//! Sharing single records with a doctor.

use super::Terms;
use crate::{
	Error, Result, access,
	chain::{Agreed, Call},
	chart::Secrets,
	client::{Client, Done},
	grants, records,
	rotation::sealed_key,
	trust,
	vault::{Item, Progress},
};
use medblock_crypto::{
	Error as CryptoError, FileKey, Identity, Key, PEEK_LENGTH, Pair, SealContext, ShareContext,
	file_key, open, seal,
};
use medblock_platform::{Error as StorageError, files::File, tasks};
use medblock_primitives::*;
use std::io::{BufReader, Read};

/// The records that a doctor may see after sharing.
#[derive(Debug)]
pub struct Shared {
	/// The sharing.
	pub done: Done,
	/// All shared records, earlier ones included.
	pub records: Vec<RecordIndex>,
}

impl Client {
	/// Lets a doctor see single records, in addition to those that were shared with them before.
	/// The client fetches and verifies each record whole before it gives away the record's key. If
	/// the doctor saw the whole chart until now, the chart then needs a new key: see
	/// [`Client::rotate_if_due`].
	pub async fn share(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: Terms,
		progress: &Progress,
	) -> Result<Shared> {
		let own = self.own_agreed_chart().await?;
		access::ensure_verified(&own.info)?;
		let (agreed, patient) = (&own.agreed, own.info.id);
		let info = agreed.at().known_doctor(doctor).await?;
		info.practises
			.map_err(|why| Error::Access(access::Error::NotPractising { doctor, why }))?;
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
		let generation = own.info.shares.saturating_add(1);
		let pair = Pair { genesis: self.genesis(), patient: patient.0, doctor: doctor.0 };
		let share_key = medblock_crypto::ShareKey::generate();
		// All of them are read at once: nodes and doors answer about the agreed block for some minutes only, and the files
		// may take longer.
		let mut found = Vec::new();
		for index in all {
			match self.document(agreed, patient, index).await {
				// A record that was shared before and withdrawn since is no longer shared.
				Err(Error::Record(records::Error::Withdrawn(_))) if !records.contains(&index) => {},
				other => found.push((index, other?)),
			}
		}
		let mut shared = SharedRecords::default();
		for (index, (document, epoch)) in found {
			let item = Item::Record(index);
			let file_key =
				self.file_key(patient, item, &document, epoch, &own.secrets, progress).await?;
			let context = ShareContext::new(pair, generation, index);
			let wrapped = WrappedFileKey(share_key.wrap(&context, &file_key));
			shared
				.try_push(SharedRecord { record: index, key: wrapped })
				.map_err(|_| grants::Error::TooManyShared)?;
		}
		let context = SealContext::share(pair, generation, version);
		let sealed = sealed_key(seal(&key, &context, share_key.expose())?);
		let share = ShareKey { generation, key_version: version, key: sealed };
		let (may_append, expires_at) = (terms.may_append, terms.expires_at);
		let records = shared.iter().map(|one| one.record).collect();
		let call = Call::share_records(doctor, Some(share), shared, may_append, expires_at);
		Ok(Shared { done: self.conclude(&call).await?, records })
	}

	/// A record's document, and the epoch that it is sealed to, as two nodes know them.
	async fn document(
		&self,
		agreed: &Agreed,
		patient: PatientId,
		index: RecordIndex,
	) -> Result<(Document, Epoch)> {
		let record = agreed
			.read("a record", |at| async move { at.record(patient, index).await })
			.await?
			.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let document = record.document.ok_or(Error::Record(records::Error::Withdrawn(index)))?;
		Ok((document, record.sealed_to))
	}

	/// A record's file key. The client first fetches the whole file, compares it with the chain's
	/// digest and decrypts it. Otherwise an author who had copied a header from another file could
	/// make a patient give away that file's key.
	async fn file_key(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		epoch: Epoch,
		secrets: &Secrets,
		progress: &Progress,
	) -> Result<FileKey> {
		let identity =
			secrets.identity(epoch).ok_or(Error::Trust(trust::Error::ChartKeyMismatch(epoch)))?;
		let vault = self.vault(document.vault).await?;
		let scratch = self.outbox.scratch().await?;
		vault.download(patient, item, document, &scratch.file, progress).await?;
		let file = scratch.file.clone();
		tasks::blocking(move || verified_file_key(&identity, &file))
			.await
			.map_err(StorageError::cannot("finish", "this"))?
	}
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
