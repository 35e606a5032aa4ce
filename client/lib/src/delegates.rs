//! People and hospitals' desks that keep something for others, and the keys that they have for it: a patient's acting
//! key, a doctor's encryption key, and a hospital's profile key, which each of its registrars may use.

use crate::{
	Result,
	chain::{Agreed, At},
	chart::acting_identities,
	client::Client,
	profile_keys, profiles,
};
use medblock_crypto::{
	Error as CryptoError, Identity, Keeper, PublicKey as CryptoKey, SealContext, SecretShare,
	check_public_key, key_digest, unseal_share,
};
use medblock_primitives::*;

/// A delegate in words, such as `patient 5` or `the desk of hospital 0`.
pub fn name_of(delegate: Delegate) -> String {
	match delegate {
		Delegate::Patient(patient) => format!("patient {}", patient.0),
		Delegate::Doctor(doctor) => format!("doctor {}", doctor.0),
		Delegate::Desk(hospital) => format!("the desk of hospital {}", hospital.0),
	}
}

/// A delegate, as contexts of sealed shares name it.
pub fn keeper(delegate: Delegate) -> Keeper {
	match delegate {
		Delegate::Patient(patient) => Keeper::Patient(patient.0),
		Delegate::Doctor(doctor) => Keeper::Doctor(doctor.0),
		Delegate::Desk(hospital) => Keeper::Desk(hospital.0),
	}
}

impl Client {
	/// The delegates that this account is: a patient, a doctor, a registrar at a desk, or several of them.
	pub async fn own_delegates(&self, at: &At) -> Result<Vec<(ActingAs, Delegate)>> {
		let account = self.keys.account();
		let (patient, doctor, desk) = futures::try_join!(
			at.patient_of(account),
			at.doctor_of(account),
			at.registrar_of(account)
		)?;
		let patient = patient.map(|one| (ActingAs::Patient, Delegate::Patient(one)));
		let doctor = doctor.map(|one| (ActingAs::Doctor, Delegate::Doctor(one)));
		let desk = desk.map(|one| (ActingAs::Desk, Delegate::Desk(one)));
		Ok([patient, doctor, desk].into_iter().flatten().collect())
	}

	/// The key to which something for a delegate is sealed, and its version: the same on two nodes, and the same as
	/// before.
	pub(crate) async fn delegate_key(
		&self,
		agreed: &Agreed,
		delegate: Delegate,
	) -> Result<(u32, CryptoKey)> {
		let hospital = match delegate {
			Delegate::Patient(patient) => return self.acting_key_of(agreed, patient).await,
			Delegate::Doctor(doctor) => return self.key_of(agreed, doctor).await,
			Delegate::Desk(hospital) => hospital,
		};
		let what = format!("the key of hospital {}", hospital.0);
		let key = agreed
			.read(&what, |at| async move { at.hospital_key(hospital).await })
			.await?
			.ok_or(profiles::Error::NoHospitalKey)?;
		let public = check_public_key(&key.key)?;
		let digest = key_digest(&public);
		self.pins.lock().await.keep(self.genesis(), hospital, key.version, digest).await?;
		Ok((key.version, public))
	}

	/// Opens the share that one of the delegates that this account is keeps, sealed to a version of the delegate's key.
	/// Whether it is right is for the commitments to tell.
	pub(crate) async fn kept_share(
		&self,
		at: &At,
		delegate: Delegate,
		version: u32,
		context: &SealContext,
		sealed: &SealedShare,
	) -> Result<SecretShare> {
		let own: Vec<Identity> = match delegate {
			Delegate::Patient(_) => acting_identities(&self.keys, version)?,
			Delegate::Doctor(_) => self.keys.identities(version)?,
			Delegate::Desk(hospital) => {
				let held = self.held_profile_secrets(at, hospital).await?;
				// A version from before a break in the chain of versions is closed to the desk.
				let own =
					held.identity(version).ok_or(profile_keys::Error::KeyNotHeld(hospital))?;
				vec![own]
			},
		};
		let mut opened = own.iter().filter_map(|one| unseal_share(one, context, &sealed.0).ok());
		Ok(opened.next().ok_or(CryptoError::CannotUnseal)?)
	}
}
