//! Reading a chart: what is in it, and the records themselves.

use crate::{
	Error, Result,
	chain::At,
	client::Client,
	epochs::{ChartEpochs, HeldGrant, Secrets},
	vault::{Arriving, Follower, Item, Progress},
};
use futures::{StreamExt, stream};
use medblock_crypto::{
	Error as CryptoError, FileKey, Headers, Key, Purpose, SealContext, ShareContext, unseal,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{MAX_PAGE, RecordInfo};
use std::{
	collections::BTreeMap,
	io::{BufReader, Read, Write},
	path::Path,
};
use tempfile::NamedTempFile;

/// How many files are fetched, or sent, at the same time.
pub(crate) const AT_ONCE: usize = medblock_vault_protocol::uploads::AT_ONCE;

/// Bytes that are decrypted at a time.
const PIECE: usize = 256 * 1024;

/// What somebody can open a chart with.
pub enum Opener {
	/// Epoch secrets: everything that was sealed to one of them.
	Chart(Secrets),
	/// File keys of single records.
	Shared(BTreeMap<RecordIndex, FileKey>),
}

/// A record of a chart, and what it is about.
#[derive(Debug)]
pub struct Entry {
	/// Its place in the chart.
	pub index: RecordIndex,
	/// What the chain has of it.
	pub record: Record,
	/// What its author wrote on it, or why that can't be read.
	pub title: Result<Title>,
}

/// What a record says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
	/// Title, type, file name, date.
	pub headers: Headers,
	/// The epoch that it really is sealed to, where that is not the one the chain says: whoever
	/// lost access since then may be able to open it.
	pub really_sealed_to: Option<Epoch>,
}

/// A record that was fetched, verified and decrypted.
#[derive(Debug)]
pub struct Opened {
	/// What it says of itself.
	pub title: Title,
	/// The content, in a temporary file.
	pub file: NamedTempFile,
	/// Its length in bytes.
	pub length: u64,
}

/// Every document that a chart names.
pub(crate) async fn documents(at: &At, patient: PatientId) -> Result<Vec<Document>> {
	let mut all: Vec<Document> = at
		.known_patient(patient)
		.await?
		.profile
		.into_iter()
		.map(|profile| profile.document)
		.collect();
	let records = all_records(at, patient, None).await?;
	all.extend(records.into_iter().filter_map(|one| one.record.document));
	Ok(all)
}

/// A chart's records with places greater than `after`, in their order.
pub(crate) async fn all_records(
	at: &At,
	patient: PatientId,
	mut after: Option<RecordIndex>,
) -> Result<Vec<RecordInfo>> {
	let mut all = Vec::new();
	loop {
		let page = at.records(patient, after, MAX_PAGE).await?;
		all.extend(page.items);
		match page.next {
			Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
			_ => return Ok(all),
		}
	}
}

impl Client {
	/// What this account can open of a chart: its own, or one that it was granted.
	pub async fn opener(&self, at: &At, patient: PatientId) -> Result<Opener> {
		let info = at.known_patient(patient).await?;
		if info.account == self.keys.account() {
			let epochs = ChartEpochs::read(at.clone(), patient).await?;
			return Ok(Opener::Chart(Secrets::of_patient(&self.keys, self.genesis(), &epochs)?));
		}
		let doctor = self.own_practice(at).await?;
		let allowed = at.access(patient, doctor, None).await?.map_err(Error::Denied)?;
		match allowed.scope {
			Scope::Chart => {
				let grant = self.held_grant(at, patient, doctor).await?;
				let epochs = ChartEpochs::read(at.clone(), patient).await?;
				let secrets =
					Secrets::of_doctor(&self.keys, self.genesis(), &info, &grant, &epochs)?;
				Ok(Opener::Chart(secrets))
			},
			Scope::Records => Ok(Opener::Shared(self.shared_keys(at, patient, doctor).await?)),
		}
	}

	async fn held_grant(&self, at: &At, patient: PatientId, doctor: DoctorId) -> Result<HeldGrant> {
		let after = doctor.0.checked_sub(1).map(DoctorId);
		let page = at.grants_of_patient(patient, after, 1).await?;
		let grant = page.items.into_iter().find(|one| one.doctor == doctor);
		let sealed = at.grant_key(patient, doctor).await?;
		match (grant.and_then(|one| Some((one.epoch?, one.key_version?))), sealed) {
			(Some((epoch, key_version)), Some(sealed)) => {
				Ok(HeldGrant { doctor, epoch, key_version, sealed })
			},
			_ => Err(Error::AwaitingPatient),
		}
	}

	async fn shared_keys(
		&self,
		at: &At,
		patient: PatientId,
		doctor: DoctorId,
	) -> Result<BTreeMap<RecordIndex, FileKey>> {
		let info = at.share(patient, doctor).await?;
		let Some(share) = info.key else { return Ok(BTreeMap::new()) };
		let context = SealContext {
			purpose: Purpose::Share,
			genesis: self.genesis(),
			patient: patient.0,
			doctor: doctor.0,
			generation: share.generation,
			epoch: 0,
			key_version: share.key_version,
		};
		let secret = unseal(&self.keys.identity(share.key_version)?, &context, &share.key.0)?;
		let share_key = medblock_crypto::ShareKey::from_bytes(*secret);
		let mut keys = BTreeMap::new();
		for one in info.records {
			let context = ShareContext {
				genesis: self.genesis(),
				patient: patient.0,
				doctor: doctor.0,
				generation: share.generation,
				record: one.record,
			};
			keys.insert(one.record, share_key.unwrap(&context, &one.key.0)?);
		}
		Ok(keys)
	}

	/// The records of a chart with their titles, of each of which only the beginning is fetched. Of
	/// single records that were shared, just those.
	pub async fn list(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		progress: &Progress,
	) -> Result<Vec<Entry>> {
		let at = self.chain().finalized().await?;
		let opener = self.opener(&at, patient).await?;
		let mut records = match limit {
			Some(limit) if limit <= MAX_PAGE => at.records(patient, after, limit).await?.items,
			_ => all_records(&at, patient, after).await?,
		};
		if let Opener::Shared(keys) = &opener {
			records.retain(|one| keys.contains_key(&one.index));
		}
		records.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
		let (total, opener) = (records.len() as u64, &opener);
		let mut entries = Vec::new();
		let mut titles = stream::iter(records)
			.map(|RecordInfo { index, record }| async move {
				let title = self.title(patient, index, &record, opener).await;
				Entry { index, record, title }
			})
			.buffered(AT_ONCE);
		while let Some(entry) = titles.next().await {
			entries.push(entry);
			progress(entries.len() as u64, total);
		}
		Ok(entries)
	}

	async fn title(
		&self,
		patient: PatientId,
		index: RecordIndex,
		record: &Record,
		opener: &Opener,
	) -> Result<Title> {
		let document = record.document.as_ref().ok_or(Error::Withdrawn(index))?;
		if !opener.may_open(index, record.sealed_to) {
			return Err(Error::AwaitingPatient);
		}
		let vault = self.vault(document.vault).await?;
		let beginning = vault.beginning(patient, Item::Record(index), document).await?;
		let peek = |key: Key<'_>| medblock_crypto::peek(key, &beginning);
		let (headers, really_sealed_to) = opener.with_key(index, record.sealed_to, peek)?;
		Ok(Title { headers, really_sealed_to })
	}

	/// Fetches a record, verifies it and decrypts it into a temporary file in `folder`.
	///
	/// # Errors
	///
	/// Why it can't be seen ([`Error::Denied`], [`Error::AwaitingPatient`], [`Error::Withdrawn`]), or
	/// what is wrong with what came; nothing is left behind then.
	pub async fn open(
		&self,
		patient: PatientId,
		index: RecordIndex,
		folder: &Path,
		progress: &Progress,
	) -> Result<Opened> {
		let at = self.chain().finalized().await?;
		let opener = self.opener(&at, patient).await?;
		let record = at.record(patient, index).await?.ok_or(Error::NoSuchRecord(index))?;
		let document = record.document.ok_or(Error::Withdrawn(index))?;
		if let Opener::Shared(keys) = &opener {
			if !keys.contains_key(&index) {
				return Err(Error::Denied(Denied::RecordNotShared));
			}
		}
		if !opener.may_open(index, record.sealed_to) {
			return Err(Error::AwaitingPatient);
		}
		let vault = self.vault(document.vault).await?;
		let mut ciphertext = NamedTempFile::new_in(folder).map_err(Error::file(folder))?;
		let arriving = Arriving::new();
		let (follower, path) = (arriving.follower(), ciphertext.path().to_owned());
		let target = folder.to_owned();
		// Decrypted as it comes, and given to nobody before all of it is known to be right.
		let decrypting = tokio::task::spawn_blocking(move || {
			let open = |key: Key<'_>| decrypt(key, &follower, &path, &target);
			opener.with_key(index, record.sealed_to, open)
		});
		let item = Item::Record(index);
		let fetched =
			vault.download_to(patient, item, &document, &mut ciphertext, &arriving, progress).await;
		drop(arriving);
		let decrypted = decrypting.await.map_err(|_| Error::File {
			path: folder.to_owned(),
			why: std::io::Error::other("decrypting was interrupted"),
		})?;
		fetched?;
		let ((headers, file, length), really_sealed_to) = decrypted?;
		Ok(Opened { title: Title { headers, really_sealed_to }, file, length })
	}
}

/// Decrypts a file that is arriving into a temporary file, which is gone again if anything is wrong.
fn decrypt(
	key: Key<'_>,
	arriving: &Follower,
	path: &Path,
	folder: &Path,
) -> std::result::Result<(Headers, NamedTempFile, u64), CryptoError> {
	let input = arriving.open(path).map_err(CryptoError::Reading)?;
	let input = BufReader::with_capacity(PIECE, input);
	let (headers, mut body) = medblock_crypto::open(key, input)?;
	let mut file = NamedTempFile::new_in(folder).map_err(CryptoError::Writing)?;
	let mut piece = zeroize::Zeroizing::new(vec![0; PIECE]);
	let mut length = 0u64;
	loop {
		match body.read(&mut piece).map_err(CryptoError::from_read)? {
			0 => break,
			some => {
				file.write_all(&piece[..some]).map_err(CryptoError::Writing)?;
				length = length.saturating_add(some as u64);
			},
		}
	}
	file.as_file().sync_all().map_err(CryptoError::Writing)?;
	Ok((headers, file, length))
}

impl Opener {
	/// Whether there is a key for a record that the chain says is sealed to this epoch.
	fn may_open(&self, index: RecordIndex, sealed_to: Epoch) -> bool {
		match self {
			Self::Chart(secrets) => secrets.secret(sealed_to).is_some(),
			Self::Shared(keys) => keys.contains_key(&index),
		}
	}

	/// Opens something with the key that the chain says fits, or else with the key of another epoch,
	/// which is then named.
	fn with_key<T>(
		&self,
		index: RecordIndex,
		sealed_to: Epoch,
		open: impl Fn(Key<'_>) -> std::result::Result<T, CryptoError>,
	) -> Result<(T, Option<Epoch>)> {
		match self {
			Self::Shared(keys) => {
				let key = keys.get(&index).ok_or(Error::Denied(Denied::RecordNotShared))?;
				Ok((open(Key::File(key))?, None))
			},
			Self::Chart(secrets) => {
				let identity = secrets.identity(sealed_to).ok_or(Error::AwaitingPatient)?;
				match open(Key::Identities(&[identity])) {
					Err(CryptoError::NotForThisKey) => {},
					other => return Ok((other?, None)),
				}
				for (epoch, identity) in secrets.others(sealed_to) {
					match open(Key::Identities(&[identity])) {
						Err(CryptoError::NotForThisKey) => {},
						other => return Ok((other?, Some(epoch))),
					}
				}
				Err(CryptoError::NotForThisKey.into())
			},
		}
	}
}
