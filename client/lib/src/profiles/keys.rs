//! Doctors' encryption keys: publishing, confirming, and the checks before sealing to one.

use crate::{
	Error, Result,
	chain::{self, Agreed, Call},
	client::{Client, Done},
	profiles,
	rotation::public,
};
use medblock_crypto::{PublicKey as CryptoKey, check_public_key, key_digest};
use medblock_primitives::*;

/// The chain's refusal of a doctor's digests, as what it means to a registrar: the chain can't know whether the doctor
/// has published something else since, or the digest was mistyped.
pub(crate) fn other_digest(doctor: DoctorId, why: Error) -> Error {
	if why.is_refusal("KeyChanged") {
		return profiles::Error::OtherKeyDigest(doctor).into();
	}
	if why.is_refusal("ProfileChanged") {
		return profiles::Error::OtherEntryDigest(doctor).into();
	}
	why
}

impl Client {
	/// Publishes the next encryption key, which the hospital then has to confirm. Returns its
	/// digest.
	pub async fn renew_encryption_key(&self) -> Result<(Done, [u8; 32])> {
		let at = self.chain().finalized().await?;
		let own = at.known_doctor(self.own_practice(&at).await?).await?;
		let version = own.key_version.saturating_add(1);
		let key = self.keys.identity(version)?.public_key();
		let done = self.conclude(&Call::set_encryption_key(SUITE_X_WING, public(&key))).await?;
		Ok((done, key_digest(&key)))
	}

	/// Confirms a doctor's new encryption key, by the digest that the doctor told in person.
	pub async fn confirm_encryption_key(
		&self,
		doctor: DoctorId,
		key_digest: [u8; 32],
	) -> Result<Done> {
		let done = self.conclude(&Call::confirm_encryption_key(doctor, key_digest)).await;
		done.map_err(|why| other_digest(doctor, why))
	}

	/// The digest of the encryption key that a doctor has published, the same on two nodes.
	pub async fn published_key_digest(&self, doctor: DoctorId) -> Result<[u8; 32]> {
		let agreed = self.nodes.agreed().await?;
		let key = agreed
			.read("the doctor's key", |at| async move { at.encryption_key(doctor).await })
			.await?
			.ok_or(chain::Error::NoSuchDoctor(doctor))?;
		Ok(key_digest(&check_public_key(&key.key)?))
	}

	/// A doctor's encryption key and its version, if it may be used for sealing: the same on two
	/// nodes, confirmed by the hospital, and the same as before.
	pub(crate) async fn key_of(
		&self,
		agreed: &Agreed,
		doctor: DoctorId,
	) -> Result<(u32, CryptoKey)> {
		let what = format!("the encryption key of doctor {}", doctor.0);
		let (info, key) = agreed
			.read(&what, |at| async move {
				let key = at.encryption_key(doctor).await?;
				Ok::<_, Error>((at.known_doctor(doctor).await?, key))
			})
			.await?;
		let key = key.ok_or(Error::Profile(profiles::Error::KeyNotConfirmed(doctor)))?;
		if info.vouched_version != info.key_version || key.version != info.key_version {
			return Err(Error::Profile(profiles::Error::KeyNotConfirmed(doctor)));
		}
		let public = check_public_key(&key.key)?;
		let digest = key_digest(&public);
		self.pins.lock().await.keep(self.genesis(), doctor, key.version, digest).await?;
		Ok((key.version, public))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::Refusal;

	#[test]
	fn refused_digest_is_first_of_all_a_wrong_one() {
		let refused = |name: &str| {
			let (pallet, sentence) = (Some("MedicalRecords".to_owned()), String::new());
			let why = chain::Error::Refused(Refusal { pallet, name: name.to_owned(), sentence });
			other_digest(DoctorId(7), why.into()).to_string()
		};
		let said = refused("KeyChanged");
		for part in ["not the digest of the key that doctor 7", "typing error", "do not confirm"] {
			assert!(said.contains(part), "{said}");
		}
		assert!(refused("ProfileChanged").contains("look at them again"));
		assert_eq!(refused("OtherHospital"), "", "any other refusal stays as it is");
	}
}
