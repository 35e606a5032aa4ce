//! What a doctor says of an emergency: words for the patient and the hospitals that can confirm it, and for no one else.

use super::{EmergencyInfo, EmergencyOf, Error, holders};
use crate::{Result, chain::At, client::Client};
use medblock_crypto::{
	EmergencyPlan, Error as CryptoError, Headers, Identity, Key, PublicKey as CryptoKey, encrypt,
	open,
};
use medblock_primitives::*;
use medblock_vault_protocol::emergencies::parts;
use sha2::{Digest, Sha256};
use std::io::Read;
use zeroize::Zeroizing;

/// The longest text, in bytes.
pub const LONGEST_TEXT: usize = 2_000;

/// The words without white space around them, if there are some and not too many.
pub(super) fn checked(words: &str) -> Result<&str, Error> {
	let words = words.trim();
	if words.is_empty() {
		return Err(Error::NoText);
	}
	match words.len() > LONGEST_TEXT {
		true => Err(Error::TextTooLong),
		false => Ok(words),
	}
}

/// The words as a gateway keeps them, for these keys.
pub(super) fn sealed(plan: &EmergencyPlan, to: &[CryptoKey], words: &str) -> Result<Vec<u8>> {
	let headers = Headers {
		title: "Emergency".to_owned(),
		media_type: "text/plain; charset=utf-8".to_owned(),
		file_name: None,
		written_at: None,
	};
	// The patient knows the plan's key by this, also when the plan has been replaced.
	let mut file = plan.division.to_vec();
	encrypt(to, &headers, words.as_bytes(), words.len() as u64, &mut file)?;
	Ok(file)
}

/// The words in a file.
fn opened(file: &[u8], with: &[Identity]) -> Result<Zeroizing<String>> {
	let (_, age) = parts(file).ok_or(Error::DamagedText)?;
	let (_, body) = open(Key::Identities(with), age).map_err(|_| Error::DamagedText)?;
	let mut words = Zeroizing::new(Vec::with_capacity(LONGEST_TEXT.saturating_add(1)));
	let longest = (LONGEST_TEXT as u64).saturating_add(1);
	body.take(longest).read_to_end(&mut words).map_err(CryptoError::from_read)?;
	let read = std::str::from_utf8(&words).map_err(|_| Error::DamagedText)?;
	Ok(Zeroizing::new(checked(read)?.to_owned()))
}

/// The person who reads the words.
enum Reader {
	/// The patient.
	Patient,
	/// The doctor who wrote them.
	Doctor,
	/// A registrar of this hospital.
	Desk(HospitalId),
}

impl Client {
	/// What a doctor has said of an emergency, for the patient, that doctor, and the holders' desks. `details` is the digest
	/// that the chain has. Nothing if no gateway has it.
	///
	/// # Errors
	///
	/// [`Error::DamagedText`] if it does not open, and those of the gateways if one could not be asked.
	pub async fn emergency_text(
		&self,
		of: EmergencyOf,
		details: [u8; 32],
	) -> Result<Option<Zeroizing<String>>> {
		let at = self.chain().finalized().await?;
		let account = self.keys.account();
		let reader = if at.patient_of(account).await? == Some(of.patient) {
			Reader::Patient
		} else if at.doctor_of(account).await? == Some(of.doctor) {
			Reader::Doctor
		} else {
			Reader::Desk(self.own_hospital().await?)
		};
		let hospitals = match reader {
			Reader::Desk(hospital) => vec![hospital],
			Reader::Patient | Reader::Doctor => told_of(&at, of, &details).await?,
		};
		let mut problem = None;
		for hospital in hospitals {
			let asked = async {
				let vault = self.vault(hospital).await?;
				vault.emergency_text(of.patient, of.doctor, &details).await
			};
			match asked.await {
				Ok(Some(file)) if <[u8; 32]>::from(Sha256::digest(&file)) == details => {
					return self.words(&at, &reader, of, &file).await.map(Some);
				},
				Ok(_) => {},
				Err(why) => problem = Some(why),
			}
		}
		match problem {
			Some(why) => Err(why),
			None => Ok(None),
		}
	}

	async fn words(
		&self,
		at: &At,
		reader: &Reader,
		of: EmergencyOf,
		file: &[u8],
	) -> Result<Zeroizing<String>> {
		let identities = match reader {
			Reader::Patient => {
				let (division, _) = parts(file).ok_or(Error::DamagedText)?;
				let (genesis, patient) = (self.genesis(), of.patient.0);
				let plan = EmergencyPlan { genesis, patient, division: *division };
				self.keys.roots()?.iter().map(|root| plan.identity(root)).collect()
			},
			Reader::Doctor => {
				let newest = at.known_doctor(of.doctor).await?.key_version;
				self.own_identities(newest)?
			},
			Reader::Desk(hospital) => self.held_profile_secrets(at, *hospital).await?.identities(),
		};
		opened(file, &identities)
	}
}

/// The hospitals whose gateways may have the words: the holders of the patient's plan, and those that have confirmed it.
async fn told_of(at: &At, of: EmergencyOf, details: &[u8; 32]) -> Result<Vec<HospitalId>> {
	let (plan, emergencies) =
		futures::try_join!(at.emergency_plan(of.patient), at.emergencies(of.patient))?;
	let mut hospitals = plan.as_ref().map(holders).unwrap_or_default();
	let is_it = |one: &&EmergencyInfo| one.doctor == of.doctor && one.details == *details;
	hospitals.extend(emergencies.iter().filter(is_it).flat_map(|one| one.confirmed.clone()));
	hospitals.sort_unstable();
	hospitals.dedup();
	Ok(hospitals)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;
	use medblock_vault_protocol::emergencies::MAX_LENGTH;

	#[test]
	fn words_open_for_patient_and_desk_and_no_other() {
		let root = Mnemonic::generate().seed("").root();
		let plan = EmergencyPlan { genesis: [1; 32], patient: 7, division: [3; 32] };
		let [desk, stranger] = [1, 2].map(|seed| Identity::from_seed([seed; 32]));
		let keys = [plan.identity(&root).public_key(), desk.public_key()];
		let file = sealed(&plan, &keys, "found on the street").unwrap();
		let (division, _) = parts(&file).unwrap();
		let known = EmergencyPlan { division: *division, ..plan };
		for reader in [known.identity(&root), desk] {
			assert_eq!(*opened(&file, &[reader]).unwrap(), "found on the street");
		}
		assert!(opened(&file, &[stranger]).is_err());
		assert!(!file.windows(6).any(|part| part == b"street"));
	}

	#[test]
	fn text_is_some_words_and_not_too_many() {
		assert_eq!(checked("  why \n"), Ok("why"));
		assert_eq!(checked(" \n"), Err(Error::NoText));
		let longest = "x".repeat(LONGEST_TEXT);
		assert_eq!(checked(&longest), Ok(longest.as_str()));
		assert_eq!(checked(&format!("{longest}y")), Err(Error::TextTooLong));
	}

	#[test]
	fn longest_text_to_all_readers_fits_what_gateways_keep() {
		let plan = EmergencyPlan { genesis: [1; 32], patient: 7, division: [3; 32] };
		let keys: Vec<_> =
			(1..=10).map(|seed| Identity::from_seed([seed; 32]).public_key()).collect();
		let file = sealed(&plan, &keys, &"ä".repeat(LONGEST_TEXT / 2)).unwrap();
		assert!(file.len() <= MAX_LENGTH, "{}", file.len());
		let own = [Identity::from_seed([10; 32])];
		assert_eq!(opened(&file, &own).unwrap().len(), LONGEST_TEXT);
	}

	#[test]
	fn what_is_no_text_is_refused() {
		let own = [Identity::from_seed([1; 32])];
		let plan = EmergencyPlan { genesis: [1; 32], patient: 7, division: [3; 32] };
		let long = sealed(&plan, &[own[0].public_key()], &"x".repeat(LONGEST_TEXT + 1)).unwrap();
		let binary = {
			let headers = Headers {
				title: "Emergency".to_owned(),
				media_type: "text/plain".to_owned(),
				file_name: None,
				written_at: None,
			};
			let mut file = vec![3; 32];
			encrypt(&[own[0].public_key()], &headers, &[0xff][..], 1, &mut file).unwrap();
			file
		};
		for bad in [long, binary, vec![3; 31], vec![3; 40]] {
			assert!(opened(&bad, &own).is_err());
		}
	}
}
