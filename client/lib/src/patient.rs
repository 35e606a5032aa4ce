//! What patients do.

use crate::{
	Error, Keys, Result,
	chain::{AccountId, Call, PatientInfo},
	client::{Client, Done},
	records::Opener,
	rotation::{chart_keys, seal_epoch, sealed_key},
	sealing::{Attempt, NewFile, Place, Plaintext, blocking, will_never_be},
	vault::{Disclosure, Item, Progress},
};
use medblock_crypto::{
	Error as CryptoError, FileKey, Headers, Identity, Key, PEEK_LENGTH, Purpose, SealContext,
	ShareContext, file_key, open, seal,
};
use medblock_primitives::*;
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Read, Seek};
use tempfile::NamedTempFile;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The media type of a patient's profile: the JSON of [`Profile`].
pub const PROFILE_TYPE: &str = "application/vnd.medblock.profile+json";

/// How often what went stale is encrypted anew.
const ATTEMPTS: u32 = 3;

/// The longest profile that is read, in bytes.
const LONGEST_PROFILE: u64 = 64 * 1024;

/// Who a patient is. Never on the chain: encrypted to the chart's key and the hospital's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
	/// Full name.
	pub name: String,
	/// Birth date, ISO 8601.
	pub birth_date: Option<String>,
	/// How to reach them.
	pub contact: Option<String>,
}

impl std::fmt::Debug for Profile {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		formatter.write_str("Profile")
	}
}

/// How a doctor is let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
	/// Whether they may add records and notes.
	pub may_append: bool,
	/// When it ends by itself.
	pub expires_at: Option<Moment>,
}

/// A grant, and the new key that the chart needed before.
#[derive(Debug)]
pub struct Granted {
	/// The new key, if there had to be one; if it is prepared, the grant is not yet.
	pub rotation: Option<Done>,
	/// The grant.
	pub grant: Option<Done>,
}

/// Records that a doctor may see, after some were shared.
#[derive(Debug)]
pub struct Shared {
	/// The sharing.
	pub done: Done,
	/// All of them, with those that were shared before.
	pub records: Vec<RecordIndex>,
}

const TOO_MANY_SHARED: &str = "at most 64 records can be shared with one doctor";

impl Client {
	/// Registers as a patient of a hospital, with keys from this account's secret.
	pub async fn register_patient(&self, hospital: HospitalId) -> Result<Done> {
		// Keys are bound to the chain, so that it has to be the right one.
		let agreed = self.nodes.agreed().await?;
		agreed.at().known_hospital(hospital).await?;
		let (keys, _) = chart_keys(&self.keys.root()?, &self.genesis(), 0, None);
		let call = Call::register_patient(hospital, keys, None);
		self.register(hospital, &call).await
	}

	/// Replaces the encrypted profile: one's own, or as a registrar that of a patient of the
	/// hospital.
	pub async fn set_profile(
		&self,
		patient: PatientId,
		profile: &Profile,
		progress: &Progress,
	) -> Result<Done> {
		let json = Zeroizing::new(serde_json::to_vec(profile).map_err(|_| Error::BadValue {
			what: "the profile",
			problem: "can't be written as JSON",
		})?);
		for _ in 0..ATTEMPTS {
			let target = self.sealing_target(patient).await?;
			let hospital = target.info.hospital;
			let mut recipients = vec![target.key];
			let key = target
				.agreed
				.read("the hospital's key", |at| async move { at.hospital_key(hospital).await })
				.await?;
			if let Some(key) = key {
				recipients.push(medblock_crypto::check_public_key(&key.key)?);
			}
			let headers = Headers {
				title: "Profile".to_owned(),
				media_type: PROFILE_TYPE.to_owned(),
				file_name: None,
				written_at: None,
			};
			let plaintext = Plaintext::Bytes(json.clone());
			let place = Place { patient, epoch: target.epoch, vault: hospital };
			let staged = self.stage(plaintext, headers, recipients, place, None, progress).await?;
			let document = staged.document.clone();
			let call = Call::update_patient_profile(patient, document, target.epoch);
			if let Attempt::Done(done) = self.conclude_with(&call, vec![staged]).await? {
				return Ok(done);
			}
		}
		Err(Error::TooMany("the chart's key keeps changing: try again"))
	}

	/// Reads a profile: one's own, that of a patient whose chart one may see, or as a registrar that
	/// of a patient of the hospital.
	pub async fn profile(&self, patient: PatientId, progress: &Progress) -> Result<Profile> {
		let at = self.chain().finalized().await?;
		let info = at.known_patient(patient).await?;
		let sealed = info.profile.ok_or(Error::NoProfile)?;
		let identity = match self.opener(&at, patient).await {
			Ok(Opener::Chart(secrets)) => {
				secrets.identity(sealed.sealed_to).ok_or(Error::AwaitingPatient)?
			},
			Ok(Opener::Shared(_)) => return Err(Error::Denied(Denied::RecordNotShared)),
			// A registrar opens it with the hospital's key, whose version the chain tells.
			Err(Error::NotDoctor(_) | Error::Denied(_)) => {
				let key = at.hospital_key(info.hospital).await?.ok_or(Error::NoHospitalKey)?;
				self.keys.identity(key.version)?
			},
			Err(why) => return Err(why),
		};
		let vault = self.vault(sealed.document.vault).await?;
		let folder = self.outbox.folder();
		let file =
			vault.download(patient, Item::Profile, &sealed.document, folder, progress).await?;
		let identities = [identity];
		let (_, body) = open(Key::Identities(&identities), BufReader::new(file))?;
		let mut json = Zeroizing::new(Vec::new());
		body.take(LONGEST_PROFILE).read_to_end(&mut json).map_err(CryptoError::from_read)?;
		serde_json::from_slice(&json).map_err(|_| Error::DamagedProfile)
	}

	/// Puts files into one's own chart, up to 128 at once.
	pub async fn add_records(&self, files: &[NewFile], progress: &Progress) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		self.put(patient, files, progress, Call::add_records).await
	}

	/// Encrypts, uploads and names files, and all of it anew when the chart's key has changed
	/// meanwhile: what was encrypted for somebody who lost access is never named under another epoch.
	pub(crate) async fn put(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
		call: impl Fn(Epoch, NewRecords) -> Call,
	) -> Result<Done> {
		let too_many = || Error::TooMany("at most 128 files can be added at once");
		// Before anything is encrypted or uploaded.
		if files.len() > MAX_BATCH as usize {
			return Err(too_many());
		}
		for _ in 0..ATTEMPTS {
			let target = self.sealing_target(patient).await?;
			if target.info.account == self.keys.account() {
				ensure_verified(&target.info)?;
			}
			let staged = self.stage_all(files, &target, progress).await?;
			let named = staged.iter().zip(files).map(|(one, file)| NewRecord {
				document: one.document.clone(),
				in_reply_to: file.in_reply_to,
			});
			let records =
				NewRecords::try_from(named.collect::<Vec<_>>()).map_err(|_| too_many())?;
			if let Attempt::Done(done) =
				self.conclude_with(&call(target.epoch, records), staged).await?
			{
				return Ok(done);
			}
		}
		Err(Error::TooMany("the chart's key keeps changing: try again"))
	}

	/// Withdraws a record: nobody is given it any more.
	pub async fn withdraw(&self, record: RecordIndex) -> Result<Done> {
		self.conclude(&Call::withdraw_record(record)).await
	}

	/// Lets a doctor see the whole chart. If somebody lost access since the chart got its key, it
	/// first gets a new one, so that this doctor also sees what was added meanwhile.
	pub async fn grant(&self, doctor: DoctorId, terms: Terms) -> Result<Granted> {
		let mut own = self.own_agreed_chart().await?;
		ensure_verified(&own.info)?;
		let mut rotation = None;
		if own.info.sealing_epoch != own.info.epoch {
			let done = self.rotate().await?;
			let prepared = matches!(done, Done::Prepared(_));
			rotation = Some(done);
			if prepared {
				return Ok(Granted { rotation, grant: None });
			}
			own = self.own_agreed_chart().await?;
		}
		let info = own.agreed.at().known_doctor(doctor).await?;
		info.practises.map_err(|why| Error::NotPractising { doctor, why })?;
		let (version, key) = self.key_of(&own.agreed, doctor).await?;
		let epoch = own.info.epoch;
		let secret = own.secrets.secret(epoch).ok_or(Error::ChartKeyMismatch(epoch))?;
		let sealed = seal_epoch(&key, self.genesis(), &own.info, doctor, version, epoch, secret)?;
		let call = Call::grant_access(epoch, sealed, terms.may_append, terms.expires_at);
		match self.conclude(&call).await {
			Ok(grant) => Ok(Granted { rotation, grant: Some(grant) }),
			// The doctor may have seen the sealed key on its way, or in a block that undid the call.
			Err(why) if will_never_be(&why) => Err(Error::KeyWasOut {
				why: Box::new(why),
				rotation: self.rotate().await.err().map(Box::new),
			}),
			Err(why) => Err(why),
		}
	}

	/// Lets a doctor see single records, in addition to those that were shared with them before.
	/// Each is fetched and verified whole before its key is given away. If the doctor saw the whole
	/// chart until now, that needs a new key: see [`Client::rotate_if_due`].
	pub async fn share(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: Terms,
		progress: &Progress,
	) -> Result<Shared> {
		let own = self.own_agreed_chart().await?;
		ensure_verified(&own.info)?;
		let (agreed, patient) = (&own.agreed, own.info.id);
		let info = agreed.at().known_doctor(doctor).await?;
		info.practises.map_err(|why| Error::NotPractising { doctor, why })?;
		let (version, key) = self.key_of(agreed, doctor).await?;
		// By two nodes: one that lies could have more shared than the patient ever chose.
		let before = agreed
			.read("what was shared before", |at| async move { at.share(patient, doctor).await })
			.await?;
		let mut all: Vec<RecordIndex> = before.records.iter().map(|one| one.record).collect();
		all.extend(records);
		all.sort_unstable();
		all.dedup();
		// Before any of them is fetched.
		if all.len() > MAX_SHARED as usize {
			return Err(Error::TooMany(TOO_MANY_SHARED));
		}
		let generation = own.info.shares.saturating_add(1);
		let share_key = medblock_crypto::ShareKey::generate();
		let opener = Opener::Chart(own.secrets);
		let mut shared = SharedRecords::default();
		for index in all {
			let file_key = match self.file_key(agreed, patient, index, &opener, progress).await {
				// What was shared before and withdrawn since is no longer shared.
				Err(Error::Withdrawn(_)) if !records.contains(&index) => continue,
				other => other?,
			};
			let context = ShareContext {
				genesis: self.genesis(),
				patient: patient.0,
				doctor: doctor.0,
				generation,
				record: index,
			};
			let wrapped = WrappedFileKey(share_key.wrap(&context, &file_key));
			shared
				.try_push(SharedRecord { record: index, key: wrapped })
				.map_err(|_| Error::TooMany(TOO_MANY_SHARED))?;
		}
		let context = SealContext {
			purpose: Purpose::Share,
			genesis: self.genesis(),
			patient: patient.0,
			doctor: doctor.0,
			generation,
			epoch: 0,
			key_version: version,
		};
		let sealed = sealed_key(seal(&key, &context, share_key.expose())?)?;
		let share = ShareKey { generation, key_version: version, key: sealed };
		let (may_append, expires_at) = (terms.may_append, terms.expires_at);
		let records = shared.iter().map(|one| one.record).collect();
		let call = Call::share_records(doctor, Some(share), shared, may_append, expires_at);
		Ok(Shared { done: self.conclude(&call).await?, records })
	}

	/// A record's file key, after the whole file was fetched, compared with the chain's digest and
	/// decrypted: else a header that somebody took from another file could make a patient give away
	/// that file's key.
	async fn file_key(
		&self,
		agreed: &crate::Agreed,
		patient: PatientId,
		index: RecordIndex,
		opener: &Opener,
		progress: &Progress,
	) -> Result<FileKey> {
		let record = agreed
			.read("a record", |at| async move { at.record(patient, index).await })
			.await?
			.ok_or(Error::NoSuchRecord(index))?;
		let document = record.document.ok_or(Error::Withdrawn(index))?;
		let Opener::Chart(secrets) = opener else { return Err(Error::NoSecret) };
		let epoch = record.sealed_to;
		let identity = secrets.identity(epoch).ok_or(Error::ChartKeyMismatch(epoch))?;
		let vault = self.vault(document.vault).await?;
		let item = Item::Record(index);
		let file = vault.download(patient, item, &document, self.outbox.folder(), progress).await?;
		blocking(self.outbox.folder(), move || verified_file_key(&identity, file)).await
	}

	/// Everything that vaults gave out of one's own chart, oldest first at each vault.
	pub async fn disclosures(&self) -> Result<Vec<(HospitalId, Disclosure)>> {
		let at = self.chain().finalized().await?;
		let own = self.own_chart(&at).await?;
		let mut vaults: Vec<HospitalId> = crate::records::documents(&at, own.id)
			.await?
			.into_iter()
			.map(|document| document.vault)
			.chain([own.hospital])
			.collect();
		vaults.sort_unstable();
		vaults.dedup();
		let mut all = Vec::new();
		for hospital in vaults {
			let found = self.vault(hospital).await?.disclosures(own.id).await?;
			all.extend(found.into_iter().map(|one| (hospital, one)));
		}
		Ok(all)
	}

	/// Lets another account control one's chart, or act for one as a doctor. Both sign; what was
	/// encrypted is still opened with the old words.
	pub async fn change_account(&self, capacity: Capacity, new: &Keys) -> Result<Done> {
		use codec::Encode;
		let at = self.chain().finalized().await?;
		let account = self.keys.account();
		let person = match capacity {
			Capacity::Patient => {
				let patient = at.patient_of(account).await?;
				Person::Patient(patient.ok_or(Error::NotPatient(account))?)
			},
			Capacity::Doctor => Person::Doctor(self.own_practice(&at).await?),
		};
		// As the pallet's `change_account_message` has it.
		const PURPOSE: &[u8] = b"medblock/v1/change-account";
		let to: AccountId = new.account();
		let mut message = b"<Bytes>".to_vec();
		(PURPOSE, self.genesis(), person, account, to).encode_to(&mut message);
		message.extend(b"</Bytes>");
		let proof = subxt::utils::MultiSignature::Sr25519(new.sign_wrapped(&message)?);
		self.conclude(&Call::change_account(capacity, to, proof)).await
	}

	/// Asks another hospital to take one in, as a patient or as a doctor; with none, takes the request
	/// back.
	pub async fn request_move(&self, capacity: Capacity, to: Option<HospitalId>) -> Result<Done> {
		self.conclude(&Call::request_move(capacity, to)).await
	}
}

/// The file's own key, once all of the file has been decrypted with it.
fn verified_file_key(identity: &Identity, mut file: NamedTempFile) -> Result<FileKey> {
	let identities = std::slice::from_ref(identity);
	let (_, mut body) = open(Key::Identities(identities), BufReader::new(file.as_file_mut()))?;
	std::io::copy(&mut body, &mut std::io::sink()).map_err(CryptoError::from_read)?;
	drop(body);
	file.rewind().map_err(CryptoError::Reading)?;
	let mut beginning = Vec::new();
	file.as_file_mut()
		.take(PEEK_LENGTH)
		.read_to_end(&mut beginning)
		.map_err(CryptoError::Reading)?;
	Ok(file_key(identities, &beginning)?)
}

/// Fails for a patient who can only take something back.
fn ensure_verified(info: &PatientInfo) -> Result<()> {
	match info.standing {
		Standing::Verified => Ok(()),
		standing => Err(Error::NotVerified { standing, hospital: info.hospital }),
	}
}
