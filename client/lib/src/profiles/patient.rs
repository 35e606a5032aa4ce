//! A patient's profile: a document in the vault, encrypted to the chart's key and the hospital's.

use super::readers::{ReadProfile, Readers, Written};
use crate::{
	Error, Result, access, accounts,
	chain::{At, Call, PatientInfo},
	chart::Opener,
	client::{Client, Done},
	overtaken, profiles,
	repeated::done_before,
	representatives, rotation,
	staging::{Attempt, Place},
	vault::{Item, Progress},
};
use medblock_crypto::{Error as CryptoError, Headers, Identity, Key, open};
use medblock_platform::files::UserFile;
use medblock_primitives::*;
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Read};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The media type of a patient's profile: the JSON of [`Profile`].
pub const PROFILE_TYPE: &str = "application/vnd.medblock.profile+json";

/// The longest profile that clients write and read, as JSON in bytes.
pub const LONGEST_PROFILE: u64 = 64 * 1024;

/// A patient's personal data. It is never on the chain, and encrypted to the chart's key and the
/// hospital's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
	/// Full name.
	pub name: String,
	/// Birth date, a year, a month or a day; see [`birth_date`](fn@crate::profiles::birth_date).
	pub birth_date: Option<String>,
	/// Contact details.
	pub contact: Option<String>,
}

impl std::fmt::Debug for Profile {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		formatter.write_str("Profile")
	}
}

impl Profile {
	/// The JSON of the profile, without what is only white space, if every reader can read it again. It says that these
	/// hospitals can open it.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] for a name that is none, or a birth date that can't be; and
	/// [`profiles::Error::TooLong`].
	fn written(&self, now: Moment, hospitals: &[u32]) -> Result<Zeroizing<Vec<u8>>> {
		let said = |text: &Option<String>| {
			let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
			text.map(str::to_owned)
		};
		let name = self.name.trim().to_owned();
		if !is_line(name.as_bytes()) {
			return Err(Error::BadValue {
				what: "the name",
				problem: "has to be one line of visible text",
			});
		}
		let birth_date = match &self.birth_date {
			Some(text) => profiles::birth_date(text, now)?,
			None => None,
		};
		let profile = Self { name, birth_date, contact: said(&self.contact) };
		let written = Written { profile: &profile, hospitals };
		let json = serde_json::to_vec(&written).map_err(|_| Error::BadValue {
			what: "the profile",
			problem: "can't be written as JSON",
		})?;
		let json = Zeroizing::new(json);
		match json.len() as u64 > LONGEST_PROFILE {
			true => Err(profiles::Error::TooLong.into()),
			false => Ok(json),
		}
	}
}

impl Client {
	/// Replaces the encrypted profile. Patients may write their own, and registrars those of their
	/// hospital's patients. To keep a part of the one before, see [`Client::change_profile`].
	///
	/// # Errors
	///
	/// [`Error::BadValue`] for a name that is none, or a birth date that can't be, and
	/// [`profiles::Error::TooLong`]: no reader could read the profile again.
	pub async fn set_profile(
		&self,
		patient: PatientId,
		profile: &Profile,
		progress: &Progress,
	) -> Result<Done> {
		for _ in 0..overtaken::ATTEMPTS {
			let mut target = self.sealing_target(patient).await?;
			// Hospitals do not ask who treats their patients. What a registrar writes while the chart is
			// due, doctors read after the patient's next rotation.
			if target.info.account == self.keys.account() {
				// The vault would refuse the file without a reason.
				access::ensure_may_correct(&target.info)?;
				target = self.with_recipients(target).await?;
			}
			let (keys, hospitals) = self.hospital_readers(&target).await?;
			let recipients = [target.keys.clone(), keys].concat();
			// By the chain's time: this device's clock may be wrong.
			let json = profile.written(target.agreed.at().now().await?, &hospitals)?;
			let headers = Headers {
				title: "Profile".to_owned(),
				media_type: PROFILE_TYPE.to_owned(),
				file_name: None,
				written_at: None,
			};
			let plaintext = UserFile::Bytes { name: "the profile".to_owned(), bytes: json };
			let place = Place { patient, epoch: target.epoch, vault: target.info.vault };
			let staged = self.stage(plaintext, headers, recipients, place, None, progress).await?;
			let document = staged.document.clone();
			let (epoch, recipients) = (target.epoch, target.recipients);
			let call = Call::update_patient_profile(patient, document, epoch, recipients);
			if let Attempt::Done(done) = self.conclude_with(&call, vec![staged], None).await? {
				return Ok(done);
			}
		}
		Err(rotation::Error::KeepsChanging.into())
	}

	/// Removes the patient's own profile, if there is one. The vault then deletes it.
	pub async fn remove_profile(&self) -> Result<Done> {
		let call = Call::remove_patient_profile();
		let sent = self.conclude(&call).await;
		let before = async {
			let at = self.chain().finalized().await?;
			let is_gone = self.own_chart(&at).await?.profile.is_none();
			Ok::<_, crate::Error>(is_gone.then(|| done_before(&at, call.name(), Vec::new(), false)))
		};
		self.or_done_before(sent, &["NoProfile"], before).await
	}

	/// Reads a profile. Patients may read their own, doctors those of charts that they may see, and
	/// registrars those of their hospital's patients, and of those who ask to move there.
	pub async fn profile(&self, patient: PatientId, progress: &Progress) -> Result<Profile> {
		Ok(self.read_profile(patient, progress).await?.profile)
	}

	/// As [`Client::profile`], with the hospitals that can open it.
	pub async fn read_profile(
		&self,
		patient: PatientId,
		progress: &Progress,
	) -> Result<ReadProfile> {
		let at = self.chain().finalized().await?;
		let info = at.known_patient(patient).await?;
		let sealed = info.profile.as_ref().ok_or(Error::Profile(profiles::Error::NoProfile))?;
		let (identities, misfit) =
			self.profile_identities(&at, patient, &info, sealed.sealed_to).await?;
		let vaults = info.profile_vaults.ok_or(Error::Profile(profiles::Error::NoProfile))?;
		let item = Item::Profile;
		let scratch = self.fetch_whole(patient, item, &sealed.document, &vaults, progress).await?;
		let reader = BufReader::new(scratch.file.reader());
		let (_, body) = match open(Key::Identities(&identities), reader) {
			Err(CryptoError::NotForThisKey) => return Err(misfit),
			opened => opened?,
		};
		let mut json = Zeroizing::new(Vec::new());
		body.take(LONGEST_PROFILE).read_to_end(&mut json).map_err(CryptoError::from_read)?;
		let profile =
			serde_json::from_slice(&json).map_err(|_| Error::Profile(profiles::Error::Damaged))?;
		let readers: Readers = serde_json::from_slice(&json).unwrap_or_default();
		Ok(ReadProfile { profile, hospitals: readers.hospitals() })
	}

	/// This client's identities that a profile may be encrypted to, and the error if it is to none of them.
	async fn profile_identities(
		&self,
		at: &At,
		patient: PatientId,
		info: &PatientInfo,
		sealed_to: Epoch,
	) -> Result<(Vec<Identity>, Error)> {
		match self.opener(at, patient).await {
			Ok(Opener::Chart { secrets, own, .. }) => {
				let identity = secrets.identity(sealed_to);
				let misfit = match identity.is_some() {
					true => Error::Crypto(CryptoError::NotForThisKey),
					false => Error::Access(access::Error::AwaitingPatient),
				};
				Ok((identity.into_iter().chain(own).collect(), misfit))
			},
			Ok(Opener::Shared(_)) => Err(Error::Profile(profiles::Error::SingleRecords)),
			// A registrar opens it with the hospital's key: with any version, since the patient may
			// have written it long ago.
			Err(
				why @ (Error::Account(accounts::Error::NotDoctor(_))
				| Error::Representative(representatives::Error::NotRepresentative(_))
				| Error::Access(access::Error::Denied(_))),
			) => match at.registrar_of(self.keys.account()).await? {
				Some(own) if own == info.hospital || info.moving_to == Some(own) => {
					let identities = self.held_profile_secrets(at, own).await?.identities();
					Ok((identities, Error::Profile(profiles::Error::NotForHospital)))
				},
				Some(_) => Err(Error::Profile(profiles::Error::OtherHospital(info.hospital))),
				None if matches!(why, Error::Account(_)) => {
					Err(Error::Profile(profiles::Error::NotForYou))
				},
				None => Err(why),
			},
			Err(why) => Err(why),
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const NOW: Moment = 1_795_867_200_000;

	fn profile(name: &str, birth_date: Option<&str>, contact: Option<&str>) -> Profile {
		let text = |text: Option<&str>| text.map(str::to_owned);
		Profile { name: name.into(), birth_date: text(birth_date), contact: text(contact) }
	}

	fn read(json: &[u8]) -> Profile {
		serde_json::from_slice(json).unwrap()
	}

	#[test]
	fn what_is_written_can_be_read_again() {
		for name in ["Ana Petrović", "王秀英", "ก".repeat(64).as_str()] {
			let own = profile(name, Some("1980-05"), Some("line one\nline two"));
			assert!(read(&own.written(NOW, &[0]).unwrap()) == own, "{name}");
		}
		let spaces = profile(" Ana ", Some(" "), Some("\n"));
		assert!(read(&spaces.written(NOW, &[0]).unwrap()) == profile("Ana", None, None));
	}

	#[test]
	fn what_could_not_be_read_again_is_not_written() {
		let contact = "x".repeat(70_000);
		let long = profile("Ana", None, Some(&contact)).written(NOW, &[0]);
		assert!(matches!(long, Err(Error::Profile(profiles::Error::TooLong))));
		// As long as it can be.
		let around = profile("Ana", None, Some("")).written(NOW, &[0]).unwrap().len();
		let room = LONGEST_PROFILE as usize - (around - "null".len() + "\"\"".len());
		for (length, fits) in [(room, true), (room + 1, false)] {
			let written = profile("Ana", None, Some(&"x".repeat(length))).written(NOW, &[0]);
			assert_eq!(written.is_ok(), fits, "{length}");
		}
		for name in ["", " ", "a\nb", "\u{202e}anA"] {
			assert!(profile(name, None, None).written(NOW, &[0]).is_err(), "{name:?}");
		}
		assert!(profile("Ana", Some("31.12.1980"), None).written(NOW, &[0]).is_err());
	}
}
