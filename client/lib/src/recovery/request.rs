//! What a new device gives to a guardian: the account that is to take over, its key, and its signature.

use super::Error;
use crate::{Keys, Result, chain::AccountId, rotation::public};
use medblock_crypto::{PublicKey as CryptoKey, check_public_key, key_digest};
use medblock_primitives::{Person, SUITE_X_WING, may_be_address, recovery_message};
use serde::{Deserialize, Serialize};
use subxt_signer::sr25519::{PublicKey, Signature, verify};

/// The form's name and version.
const FORM: &str = "medblock-recovery-1";

/// A new device's request to take a person over. There is no secret in it; but guardians who approve one that a thief
/// has put in its place give the thief the account, so that they compare the key's digest with the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
	/// The person who is to get the new account.
	pub person: Person,
	/// The new account.
	pub account: AccountId,
	pub(super) key: CryptoKey,
	pub(super) proof: [u8; 64],
}

/// A request as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
	form: String,
	person: Person,
	account: String,
	key: String,
	proof: String,
}

impl Request {
	/// The request of the account with these keys. `genesis` is the hash of the chain's block 0.
	pub(super) fn new(keys: &Keys, genesis: [u8; 32], person: Person) -> Result<Self> {
		let (account, key) = (keys.account(), keys.recovery_identity()?.public_key());
		let message = recovery_message(&genesis, person, &account, SUITE_X_WING, &public(&key));
		let proof = keys.sign_wrapped(&message)?;
		Ok(Self { person, account, key, proof })
	}

	/// The SHA-256 of the new device's key, which guardians compare with the person.
	pub fn key_digest(&self) -> [u8; 32] {
		key_digest(&self.key)
	}

	/// The request as a line of JSON, of three kilobytes.
	pub fn to_json(&self) -> String {
		let written = Written {
			form: FORM.to_owned(),
			person: self.person,
			account: self.account.to_string(),
			key: format!("0x{}", hex::encode(self.key)),
			proof: format!("0x{}", hex::encode(self.proof)),
		};
		serde_json::to_string(&written).unwrap_or_default()
	}

	/// Reads a request.
	///
	/// # Errors
	///
	/// [`Error::NotARequest`].
	pub fn parse(text: &str) -> Result<Self> {
		let wrong = Error::NotARequest;
		let written: Written =
			serde_json::from_str(text.trim()).map_err(|_| wrong("it has another form"))?;
		if written.form != FORM {
			return Err(wrong("it has another form").into());
		}
		let account =
			may_be_address(&written.account).then(|| written.account.parse().ok()).flatten();
		let account = account.ok_or(wrong("its account is none"))?;
		let key = bytes(&written.key).and_then(|key| check_public_key(&key).ok());
		let key = key.ok_or(wrong("its key is none"))?;
		let proof = bytes(&written.proof).and_then(|proof| proof.try_into().ok());
		let proof = proof.ok_or(wrong("its signature is none"))?;
		Ok(Self { person: written.person, account, key, proof })
	}

	/// Whether the new account has signed it, for this chain.
	pub(super) fn check(&self, genesis: [u8; 32]) -> Result<()> {
		let Self { person, account, key, proof } = self;
		let message = recovery_message(&genesis, *person, account, SUITE_X_WING, &public(key));
		match verify(&Signature(*proof), message, &PublicKey(account.0)) {
			true => Ok(()),
			false => Err(Error::NotARequest("the new account has not signed it").into()),
		}
	}
}

fn bytes(text: &str) -> Option<Vec<u8>> {
	hex::decode(text.strip_prefix("0x")?).ok()
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;
	use medblock_primitives::{DoctorId, PatientId};

	const GENESIS: [u8; 32] = [7; 32];

	fn request() -> Request {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		Request::new(&keys, GENESIS, Person::Patient(PatientId(5))).unwrap()
	}

	#[test]
	fn request_is_read_as_it_was_written() {
		let request = request();
		let text = request.to_json();
		assert!(
			text.starts_with(r#"{"form":"medblock-recovery-1","person":{"patient":5},"#),
			"{text}"
		);
		let read = Request::parse(&format!(" {text}\n")).unwrap();
		assert_eq!(read, request);
		read.check(GENESIS).unwrap();
	}

	#[test]
	fn request_of_another_account_person_key_or_chain_is_not_signed() {
		let (request, other) = (request(), request());
		for changed in [
			Request { account: other.account, ..request.clone() },
			Request { person: Person::Doctor(DoctorId(5)), ..request.clone() },
			Request { person: Person::Patient(PatientId(6)), ..request.clone() },
			Request { key: other.key, ..request.clone() },
			Request { proof: other.proof, ..request.clone() },
		] {
			assert!(changed.check(GENESIS).is_err());
		}
		assert!(request.check([8; 32]).is_err());
	}

	#[test]
	fn texts_that_are_no_requests_are_refused() {
		let good = request().to_json();
		let key = good.split(r#""key":"0x"#).nth(1).unwrap().split('"').next().unwrap();
		for bad in [
			String::new(),
			"{}".to_owned(),
			good.replace("recovery-1", "recovery-2"),
			good.replace("patient", "desk"),
			good.replace(key, &key[2..]),
			good.replace(key, &"ff".repeat(1_216)),
			good.replace(r#""account":"5"#, r#""account":"6"#),
			// The library that reads addresses panics on this.
			good.replace(r#""account":"5"#, &format!(r#""account":"{}"#, "1".repeat(200))),
			good.replace(r#""proof":"0x"#, r#""proof":"0x00"#),
			good.replacen('{', r#"{"more":1,"#, 1),
			format!("{good}{good}"),
		] {
			assert!(Request::parse(&bad).is_err(), "{bad}");
		}
	}
}
