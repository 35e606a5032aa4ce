//! The keys with which an account can open a chart.

use super::{ChartEpochs, HeldGrant, Secrets};
use crate::{
	Error, Result, access, accounts,
	chain::{At, PatientInfo},
	client::Client,
	emergency::Opened,
	representatives,
};
use medblock_crypto::{
	Error as CryptoError, FileKey, Identity, Key, Pair, SealContext, ShareContext,
};
use medblock_primitives::*;
use medblock_vault_protocol::door::NOT_YOURS;
use std::collections::BTreeMap;

/// The keys with which a reader can open a chart.
pub enum Opener {
	/// Epoch secrets, which open everything that is sealed to one of these epochs. A doctor's or a representative's own
	/// keys open what was added while the chart was due.
	Chart {
		/// The secrets.
		secrets: Secrets,
		/// The reader's own keys; none for the patient.
		own: Vec<Identity>,
		/// The file keys of single records that the patient has shared with a doctor who opens the chart in an emergency.
		/// They may be of later epochs than the emergency's.
		shared: BTreeMap<RecordIndex, FileKey>,
	},
	/// File keys of single records.
	Shared(BTreeMap<RecordIndex, FileKey>),
}

impl Client {
	/// The keys of this account for a chart: its own, a represented patient's, or one that was granted, or is open in an
	/// emergency. A representative who was not given the chart's present key may be the patient's doctor, too, and have it
	/// by a grant.
	pub async fn opener(&self, at: &At, patient: PatientId) -> Result<Opener> {
		let info = at.known_patient(patient).await?;
		if info.account == self.keys.account() {
			let epochs = ChartEpochs::read(at.clone(), patient).await?;
			let secrets = Secrets::of_patient(&self.keys, self.genesis(), &epochs)?;
			return Ok(Opener::Chart { secrets, own: Vec::new(), shared: BTreeMap::new() });
		}
		let account = self.keys.account();
		let own = at.patient_of(account).await?;
		let represented = match own {
			Some(own) => self.representatives_opener(at, &info, own).await?,
			None => None,
		};
		if let Some(opener) = represented {
			if opener.has_secret(info.epoch) {
				return Ok(opener);
			}
			let Some(doctor) = at.doctor_of(account).await? else { return Ok(opener) };
			return match self.doctors_opener(at, &info, doctor).await {
				Ok(granted) => Ok(opener.with(granted)),
				Err(why) if why.is_unreachable() => Err(why),
				Err(_) => Ok(opener),
			};
		}
		let doctor = match (at.doctor_of(account).await?, own) {
			(Some(doctor), _) => doctor,
			(None, Some(_)) => {
				return Err(representatives::Error::NotRepresentative(patient).into());
			},
			(None, None) => return Err(accounts::Error::NotDoctor(account).into()),
		};
		self.doctors_opener(at, &info, doctor).await
	}

	/// The keys of this account's doctor for a chart that was granted, or is open in an emergency.
	async fn doctors_opener(
		&self,
		at: &At,
		info: &PatientInfo,
		doctor: DoctorId,
	) -> Result<Opener> {
		let patient = info.id;
		let allowed = at
			.access(patient, doctor, None)
			.await?
			.map_err(|why| Error::Access(access::Error::Denied(why)))?;
		// An emergency whose keys are damaged must not close what the patient has shared, nor the other way round.
		let open = match self.emergency(at, patient, doctor, &allowed).await {
			Err(why @ (Error::Emergency(_) | Error::Crypto(_))) => Err(why),
			open => Ok(open?),
		};
		let is_open = matches!(open, Ok(Some(_)));
		let shared = match allowed.scope {
			Scope::Chart if matches!(open, Ok(None)) => BTreeMap::new(),
			Scope::Chart | Scope::Records => match self.shared_keys(at, patient, doctor).await {
				Err(Error::Crypto(_)) if is_open => BTreeMap::new(),
				shared => shared?,
			},
		};
		match allowed.scope {
			Scope::Chart => {
				let held = self.held_grant(at, patient, doctor).await;
				let epochs = ChartEpochs::read(at.clone(), patient).await?;
				let secrets = match (held, open) {
					// An earlier grant may have left an earlier secret.
					(held, Ok(Some(Opened::Chart(epoch, secret))))
						if !held.as_ref().is_ok_and(|grant| grant.epoch >= epoch) =>
					{
						Secrets::back_from(epoch, secret, self.genesis(), &epochs)?
					},
					(Ok(grant), _) => {
						Secrets::of_doctor(&self.keys, self.genesis(), info, &grant, &epochs)?
					},
					(Err(_), Err(_)) if !shared.is_empty() => Secrets::none(),
					(Err(_), Err(why)) | (Err(why), Ok(_)) => return Err(why),
				};
				let key_version = at.known_doctor(doctor).await?.key_version;
				Ok(Opener::Chart { secrets, own: self.own_identities(key_version)?, shared })
			},
			Scope::Records => {
				let mut keys = shared;
				match open {
					Ok(Some(Opened::Records(chosen))) => keys.extend(chosen),
					Err(why) if keys.is_empty() => return Err(why),
					Ok(_) | Err(_) => {},
				}
				Ok(Opener::Shared(keys))
			},
		}
	}

	/// What an emergency gives the doctor, if one is open and the doctor lacks the chart's present keys. The access may
	/// still be that of a grant to single records, which need not end.
	async fn emergency(
		&self,
		at: &At,
		patient: PatientId,
		doctor: DoctorId,
		allowed: &Allowed,
	) -> Result<Option<Opened>> {
		if matches!(allowed.key, KeyStatus::Current | KeyStatus::OwnKey) {
			return Ok(None);
		}
		let emergencies = match at.emergencies(patient).await {
			// Doors tell it to doctors who have asked.
			Err(why) if why.of_door().is_some_and(|door| door.code() == NOT_YOURS) => {
				return Ok(None);
			},
			asked => asked?,
		};
		match emergencies.iter().any(|one| one.open && one.doctor == doctor) {
			true => self.opened_in_emergency(at, patient, doctor).await,
			false => Ok(None),
		}
	}

	async fn held_grant(&self, at: &At, patient: PatientId, doctor: DoctorId) -> Result<HeldGrant> {
		let grant = at.grant(patient, doctor).await?;
		let sealed = at.grant_key(patient, doctor).await?;
		match (grant.and_then(|one| Some((one.epoch?, one.key_version?))), sealed) {
			(Some((epoch, key_version)), Some(sealed)) => {
				Ok(HeldGrant { doctor, epoch, key_version, sealed })
			},
			_ => Err(Error::Access(access::Error::AwaitingPatient)),
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
		let pair = Pair { genesis: self.genesis(), patient: patient.0, doctor: doctor.0 };
		let context = SealContext::share(pair, share.generation, share.key_version);
		let secret = self.keys.unseal(share.key_version, &context, &share.key.0)?;
		let share_key = medblock_crypto::ShareKey::from_bytes(*secret);
		let mut keys = BTreeMap::new();
		for one in info.records {
			let context = ShareContext::new(pair, share.generation, one.record);
			keys.insert(one.record, share_key.unwrap(&context, &one.key.0)?);
		}
		Ok(keys)
	}
}

/// Whether an epoch is a standby, whose secret doctors get with the next one.
fn is_standby(epoch: Epoch) -> bool {
	epoch % 2 == 1
}

impl Opener {
	/// Whether this has the secret of an epoch.
	fn has_secret(&self, epoch: Epoch) -> bool {
		matches!(self, Self::Chart { secrets, .. } if secrets.secret(epoch).is_some())
	}

	/// All that either of two can open.
	pub(super) fn with(self, other: Self) -> Self {
		match (self, other) {
			(
				Self::Chart { secrets, mut own, mut shared },
				Self::Chart { secrets: others, own: others_own, shared: others_shared },
			) => {
				own.extend(others_own);
				shared.extend(others_shared);
				Self::Chart { secrets: secrets.with(others), own, shared }
			},
			(Self::Chart { secrets, own, mut shared }, Self::Shared(keys))
			| (Self::Shared(keys), Self::Chart { secrets, own, mut shared }) => {
				shared.extend(keys);
				Self::Chart { secrets, own, shared }
			},
			(Self::Shared(mut keys), Self::Shared(others)) => {
				keys.extend(others);
				Self::Shared(keys)
			},
		}
	}

	/// Whether there is a key for a record that the chain says is sealed to this epoch.
	pub(crate) fn may_open(&self, index: RecordIndex, sealed_to: Epoch) -> bool {
		match self {
			Self::Chart { secrets, own, shared } => {
				secrets.secret(sealed_to).is_some()
					|| (is_standby(sealed_to) && !own.is_empty())
					|| shared.contains_key(&index)
			},
			Self::Shared(keys) => keys.contains_key(&index),
		}
	}

	/// Whether only the reader's own key can open a record, if it was encrypted to that at all.
	pub(crate) fn needs_own_key(&self, index: RecordIndex, sealed_to: Epoch) -> bool {
		match self {
			Self::Chart { secrets, shared, .. } => {
				secrets.secret(sealed_to).is_none() && !shared.contains_key(&index)
			},
			Self::Shared(_) => false,
		}
	}

	/// Opens a record with the key that fits according to the chain, or with the reader's own, or else with
	/// the key of another epoch. Returns that epoch in this case. The key of a shared record comes last.
	pub(crate) fn with_key<T>(
		&self,
		index: RecordIndex,
		sealed_to: Epoch,
		open: impl Fn(Key<'_>) -> std::result::Result<T, CryptoError>,
	) -> Result<(T, Option<Epoch>)> {
		match self {
			Self::Shared(keys) => {
				let key = keys
					.get(&index)
					.ok_or(Error::Access(access::Error::Denied(Denied::RecordNotShared)))?;
				Ok((open(Key::File(key))?, None))
			},
			Self::Chart { secrets, own, shared } => {
				let identity = secrets.identity(sealed_to);
				// Only files of a due chart are encrypted to readers' own keys.
				let own: &[Identity] = if is_standby(sealed_to) { own } else { &[] };
				for keys in [identity.as_slice(), own] {
					if keys.is_empty() {
						continue;
					}
					match open(Key::Identities(keys)) {
						Err(CryptoError::NotForThisKey) => {},
						other => return Ok((other?, None)),
					}
				}
				for (epoch, identity) in secrets.others(sealed_to) {
					match open(Key::Identities(&[identity])) {
						Err(CryptoError::NotForThisKey) => {},
						other => return Ok((other?, Some(epoch))),
					}
				}
				if let Some(key) = shared.get(&index) {
					return Ok((open(Key::File(key))?, None));
				}
				match identity {
					Some(_) => Err(CryptoError::NotForThisKey.into()),
					// It was added before the reader's access, or for the patient alone.
					None => Err(Error::Access(access::Error::AwaitingPatient)),
				}
			},
		}
	}
}
