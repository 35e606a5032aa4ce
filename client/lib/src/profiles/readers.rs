//! The hospitals that can open a patient's profile: the present one, and the one that the patient has asked to move to.
//!
//! A recipient in an age file has no name. So the profile itself says for which hospitals it was encrypted, and a patient
//! who was moved is told that the new hospital can't read it.

use super::Profile;
use crate::{
	Result,
	chain::At,
	chart::Target,
	client::{Client, Done},
	vault::Progress,
};
use medblock_crypto::{MAX_RECIPIENTS, PublicKey as CryptoKey, check_public_key};
use medblock_primitives::*;
use serde::{Deserialize, Serialize};

/// A profile, as it is written.
#[derive(Serialize)]
pub(super) struct Written<'a> {
	#[serde(flatten)]
	pub(super) profile: &'a Profile,
	/// The hospitals that can open it.
	pub(super) hospitals: &'a [u32],
}

/// What a profile says of its readers. Earlier clients said nothing.
#[derive(Default, Deserialize)]
pub(super) struct Readers {
	hospitals: Option<Vec<u32>>,
}

impl Readers {
	/// The hospitals that can open it, if that is known.
	pub(super) fn hospitals(self) -> Option<Vec<HospitalId>> {
		self.hospitals.map(|all| all.into_iter().map(HospitalId).collect())
	}
}

/// A profile that was read.
#[derive(Clone, Debug)]
pub struct ReadProfile {
	/// The profile.
	pub profile: Profile,
	/// The hospitals for which it was encrypted; nothing if an earlier client has written it.
	pub hospitals: Option<Vec<HospitalId>>,
}

impl ReadProfile {
	/// Whether one of these hospitals can't open it, or that is not known.
	fn misses(&self, hospitals: &[HospitalId]) -> bool {
		let known = self.hospitals.as_deref();
		!hospitals.is_empty()
			&& known.is_none_or(|known| hospitals.iter().any(|one| !known.contains(one)))
	}
}

impl Client {
	/// The keys of the hospitals that are to open a profile, and the hospitals. One that has no key can't open any.
	pub(super) async fn hospital_readers(
		&self,
		target: &Target,
	) -> Result<(Vec<CryptoKey>, Vec<u32>)> {
		let mut hospitals = vec![target.info.hospital];
		// Only the patient may let another hospital read it beforehand.
		if target.info.account == self.keys.account() {
			hospitals.extend(target.info.moving_to);
		}
		let (mut keys, mut readers) = (Vec::new(), Vec::new());
		for hospital in hospitals {
			let read = |at: At| async move { at.hospital_key(hospital).await };
			let key = target.agreed.read("the hospital's key", read).await?;
			// A due chart's doctors may leave room for one hospital only: the first.
			let room = target.keys.len().saturating_add(keys.len()) < MAX_RECIPIENTS;
			if let Some(key) = key.filter(|_| room) {
				keys.push(check_public_key(&key.key)?);
				readers.push(hospital.0);
			}
		}
		Ok((keys, readers))
	}

	/// This account's hospital, if it is known to be none of those that can open the account's profile, although it could be:
	/// the patient was moved since, or the hospital had no key yet. [`Client::reseal_profile`] helps.
	pub async fn hospital_without_profile(
		&self,
		patient: PatientId,
		read: &ReadProfile,
	) -> Result<Option<HospitalId>> {
		let at = self.chain().finalized().await?;
		let info = at.known_patient(patient).await?;
		let is_own = info.account == self.keys.account();
		if !is_own || read.hospitals.is_none() || !read.misses(&[info.hospital]) {
			return Ok(None);
		}
		Ok(at.hospital_key(info.hospital).await?.map(|_| info.hospital))
	}

	/// Encrypts the patient's own profile anew, if their hospital, or the one that they have asked to move to, can't open it.
	/// Returns nothing if there is none, or all can.
	pub async fn reseal_profile(&self, progress: &Progress) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		let info = self.own_chart(&at).await?;
		if info.profile.is_none() {
			return Ok(None);
		}
		let mut hospitals = Vec::new();
		for hospital in [Some(info.hospital), info.moving_to].into_iter().flatten() {
			if at.hospital_key(hospital).await?.is_some() {
				hospitals.push(hospital);
			}
		}
		let read = self.read_profile(info.id, progress).await?;
		if !read.misses(&hospitals) {
			return Ok(None);
		}
		self.set_profile(info.id, &read.profile, progress).await.map(Some)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn profile() -> Profile {
		Profile { name: "Ana".into(), birth_date: None, contact: None }
	}

	#[test]
	fn profile_says_for_which_hospitals_it_is() {
		let written = Written { profile: &profile(), hospitals: &[0, 3] };
		let json = serde_json::to_vec(&written).unwrap();
		assert_eq!(serde_json::from_slice::<Profile>(&json).unwrap(), profile());
		let readers: Readers = serde_json::from_slice(&json).unwrap();
		assert_eq!(readers.hospitals(), Some(vec![HospitalId(0), HospitalId(3)]));
		let earlier = serde_json::to_vec(&profile()).unwrap();
		let readers: Readers = serde_json::from_slice(&earlier).unwrap();
		assert_eq!(readers.hospitals(), None);
	}

	#[test]
	fn hospital_that_cannot_open_it_is_missed() {
		let [north, east] = [0, 1].map(HospitalId);
		let read = |hospitals| ReadProfile { profile: profile(), hospitals };
		assert!(!read(Some(vec![north])).misses(&[north]));
		assert!(read(Some(vec![north])).misses(&[north, east]));
		assert!(read(Some(vec![])).misses(&[north]), "it had no key");
		assert!(read(None).misses(&[north]), "that is not known");
		assert!(!read(None).misses(&[]), "no hospital could open it");
	}
}
