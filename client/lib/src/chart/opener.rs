//! The keys with which an account can open a chart.

use super::{ChartEpochs, HeldGrant, Secrets};
use crate::{
	Error, Result, access, accounts, chain::At, client::Client, emergency::Opened, representatives,
};
use medblock_crypto::{
	Error as CryptoError, FileKey, Identity, Key, Pair, SealContext, ShareContext,
};
use medblock_primitives::*;
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
	},
	/// File keys of single records.
	Shared(BTreeMap<RecordIndex, FileKey>),
}

impl Client {
	/// The keys of this account for a chart: its own, a represented patient's, or one that was granted, or is open in an
	/// emergency.
	pub async fn opener(&self, at: &At, patient: PatientId) -> Result<Opener> {
		let info = at.known_patient(patient).await?;
		if info.account == self.keys.account() {
			let epochs = ChartEpochs::read(at.clone(), patient).await?;
			let secrets = Secrets::of_patient(&self.keys, self.genesis(), &epochs)?;
			return Ok(Opener::Chart { secrets, own: Vec::new() });
		}
		let account = self.keys.account();
		let own = at.patient_of(account).await?;
		if let Some(own) = own
			&& let Some(opener) = self.representatives_opener(at, &info, own).await?
		{
			return Ok(opener);
		}
		let doctor = match (at.doctor_of(account).await?, own) {
			(Some(doctor), _) => doctor,
			(None, Some(_)) => {
				return Err(representatives::Error::NotRepresentative(patient).into());
			},
			(None, None) => return Err(accounts::Error::NotDoctor(account).into()),
		};
		let allowed = at
			.access(patient, doctor, None)
			.await?
			.map_err(|why| Error::Access(access::Error::Denied(why)))?;
		match allowed.scope {
			Scope::Chart => {
				let held = self.held_grant(at, patient, doctor).await;
				let open = self.emergency(at, patient, doctor, &allowed).await?;
				let epochs = ChartEpochs::read(at.clone(), patient).await?;
				let secrets = match (held, open) {
					// An earlier grant may have left an earlier secret.
					(held, Some(Opened::Chart(epoch, secret)))
						if !held.as_ref().is_ok_and(|grant| grant.epoch >= epoch) =>
					{
						Secrets::back_from(epoch, secret, self.genesis(), &epochs)?
					},
					(held, _) => {
						let grant = held?;
						Secrets::of_doctor(&self.keys, self.genesis(), &info, &grant, &epochs)?
					},
				};
				let key_version = at.known_doctor(doctor).await?.key_version;
				Ok(Opener::Chart { secrets, own: self.own_identities(key_version)? })
			},
			Scope::Records => {
				let mut keys = self.shared_keys(at, patient, doctor).await?;
				let open = self.emergency(at, patient, doctor, &allowed).await?;
				if let Some(Opened::Records(chosen)) = open {
					keys.extend(chosen);
				}
				Ok(Opener::Shared(keys))
			},
		}
	}

	/// What an emergency gives the doctor, if it can be one that gives this access: it ends, and its keys are not the
	/// chart's present ones. The doctor may add by a grant all the same.
	async fn emergency(
		&self,
		at: &At,
		patient: PatientId,
		doctor: DoctorId,
		allowed: &Allowed,
	) -> Result<Option<Opened>> {
		let may_be = allowed.until.is_some()
			&& matches!(allowed.key, KeyStatus::AwaitingPatient | KeyStatus::Shared);
		match may_be {
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
	/// Whether there is a key for a record that the chain says is sealed to this epoch.
	pub(crate) fn may_open(&self, index: RecordIndex, sealed_to: Epoch) -> bool {
		match self {
			Self::Chart { secrets, own } => {
				secrets.secret(sealed_to).is_some() || (is_standby(sealed_to) && !own.is_empty())
			},
			Self::Shared(keys) => keys.contains_key(&index),
		}
	}

	/// Whether only the reader's own key can open a record, if it was encrypted to that at all.
	pub(crate) fn needs_own_key(&self, sealed_to: Epoch) -> bool {
		matches!(self, Self::Chart { secrets, .. } if secrets.secret(sealed_to).is_none())
	}

	/// Opens a record with the key that fits according to the chain, or with the reader's own, or else with
	/// the key of another epoch. Returns that epoch in the last case.
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
			Self::Chart { secrets, own } => {
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
				match identity {
					Some(_) => Err(CryptoError::NotForThisKey.into()),
					// It was added before the reader's access, or for the patient alone.
					None => Err(Error::Access(access::Error::AwaitingPatient)),
				}
			},
		}
	}
}
