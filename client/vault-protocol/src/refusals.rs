//! Refusals: a stable code for programs with its HTTP status (RFC 9110, §15; RFC 4918, §11; RFC 6585), and a
//! sentence for people.

use medblock_primitives::Denied;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Defines the codes: each with its HTTP status and its text.
macro_rules! codes {
	($($(#[$docs:meta])* $name:ident = $status:literal $text:literal,)*) => {
		/// Why a vault refuses a request.
		#[derive(Clone, Copy, Debug, PartialEq, Eq)]
		pub enum Code {
			$($(#[$docs])* $name,)*
			/// The chain denies access: 404 for what does not exist, 410 for a record that was withdrawn, else
			/// 403.
			Denied(Denied),
		}

		/// All codes but those of the chain's.
		const OWN: &[Code] = &[$(Code::$name),*];

		impl Code {
			/// The code as text: words in lower case with hyphens.
			pub fn as_str(self) -> &'static str {
				match self {
					$(Self::$name => $text,)*
					Self::Denied(why) => why.code(),
				}
			}

			/// The HTTP status that goes with it.
			pub const fn status(self) -> u16 {
				match self {
					$(Self::$name => $status,)*
					Self::Denied(Denied::PatientNotFound | Denied::RecordNotFound) => 404,
					Self::Denied(Denied::RecordWithdrawn) => 410,
					Self::Denied(_) => 403,
				}
			}
		}
	};
}

codes! {
	/// Something in the request is malformed.
	BadRequest = 400 "bad-request",
	/// The body broke off. What arrived of an upload stays.
	BodyBroken = 400 "body-broken",
	/// The token is missing, unknown or expired. Comes with `WWW-Authenticate`.
	NotSignedIn = 401 "not-signed-in",
	/// The signed text is no challenge.
	ChallengeMalformed = 401 "challenge-malformed",
	/// The signed challenge is for another domain.
	ChallengeOtherDomain = 401 "challenge-other-domain",
	/// The signed challenge is for another chain.
	ChallengeOtherChain = 401 "challenge-other-chain",
	/// The signed challenge is too old, or from the future.
	ChallengeExpired = 401 "challenge-expired",
	/// This vault did not issue the signed challenge.
	ChallengeNotIssuedHere = 401 "challenge-not-issued-here",
	/// The signed challenge was used before.
	ChallengeUsed = 401 "challenge-used",
	/// The request to read is not signed by the session's key, or the sign-in has named none.
	RequestNotSigned = 401 "request-not-signed",
	/// The request to read was signed too long ago, or in the future.
	RequestExpired = 401 "request-expired",
	/// The signed request to read was used before.
	RequestUsed = 401 "request-used",
	/// The signature is not the account's over the text between `<Bytes>` and `</Bytes>`.
	BadSignature = 401 "bad-signature",
	/// The chain knows no patient, doctor or registrar with this account.
	UnknownAccount = 401 "unknown-account",
	/// The patient's standing does not allow it.
	PatientNotVerified = 403 "patient-not-verified",
	/// The doctor's grant does not include adding records.
	AppendNotAllowed = 403 "append-not-allowed",
	/// Only the patient may ask for it.
	PatientOnly = 403 "patient-only",
	/// Only the account of a hospital's vault may ask for it.
	VaultsOnly = 403 "vaults-only",
	/// A page of this origin may not ask the vault.
	OtherOrigin = 403 "other-origin",
	/// There is no such path.
	NotFound = 404 "not-found",
	/// The patient has no profile.
	NoProfile = 404 "no-profile",
	/// Another hospital's vault keeps the document. The [`Problem`] names its gateway.
	OtherVault = 404 "other-vault",
	/// The chain names the document, and the vault does not have it.
	BlobMissing = 404 "blob-missing",
	/// The account has no such upload.
	NoSuchUpload = 404 "no-such-upload",
	/// No copy of the account's keys has this locator, or it is another account's.
	NoSuchCopy = 404 "no-such-copy",
	/// The gateway has no such text about an emergency, or not for this account.
	NoSuchText = 404 "no-such-text",
	/// The vault keeps no log: its hospital has not named an account for it.
	NoLog = 404 "no-log",
	/// The log has no such leaf, or not that many.
	NotInLog = 404 "not-in-log",
	/// The path does not take this method.
	MethodNotAllowed = 405 "method-not-allowed",
	/// The body came too slowly. What arrived of an upload stays.
	BodyTimeout = 408 "body-timeout",
	/// Another connection is sending this upload.
	Busy = 409 "busy",
	/// The upload continues at another byte, which `Upload-Offset` names.
	WrongOffset = 409 "wrong-offset",
	/// The upload began with another length.
	WrongLength = 409 "wrong-length",
	/// A record or the profile names the upload.
	Referenced = 409 "referenced",
	/// The chain knows of no emergency with this text, which the account has asked for and the hospital can confirm.
	NotAsked = 409 "not-asked",
	/// The body has more bytes than `Upload-Length` allows.
	OverLong = 413 "over-long",
	/// The file is larger than the vault takes.
	TooLarge = 413 "too-large",
	/// The range is not one range within the file. Comes with `Content-Range`.
	BadRange = 416 "bad-range",
	/// The bytes are not those of the digest. The upload was discarded.
	DigestMismatch = 422 "digest-mismatch",
	/// The bytes are no age file, or not one as records are. They were discarded.
	NotAnAgeFile = 422 "not-an-age-file",
	/// Too many requests of this kind. Comes with `Retry-After`, in seconds.
	TooManyRequests = 429 "too-many-requests",
	/// The headers are larger than 16 KiB.
	HeadersTooLarge = 431 "headers-too-large",
	/// The vault can't read or write its files.
	StoreFailed = 503 "store-failed",
	/// The vault can't ask its database.
	StateFailed = 503 "state-failed",
	/// The vault can't ask a node.
	NodeUnreachable = 503 "node-unreachable",
	/// The node's final block is too old.
	NodeBehind = 503 "node-behind",
	/// The node follows another chain than the vault's files belong to.
	OtherChain = 503 "other-chain",
	/// Neither settings nor chain name the vault's address.
	NoAddress = 503 "no-address",
	/// The hospitals do not list the portal that this gateway has.
	PortalNotListed = 503 "portal-not-listed",
	/// The vault is shutting down.
	ShuttingDown = 503 "shutting-down",
	/// The account's or the patient's quota is used up.
	QuotaExceeded = 507 "quota-exceeded",
	/// The vault's disk is full.
	DiskFull = 507 "disk-full",
}

impl Code {
	/// All codes.
	pub fn all() -> impl Iterator<Item = Self> {
		OWN.iter().copied().chain(Denied::ALL.into_iter().map(Self::Denied))
	}
}

impl fmt::Display for Code {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str(self.as_str())
	}
}

impl FromStr for Code {
	type Err = UnknownCode;

	fn from_str(text: &str) -> Result<Self, UnknownCode> {
		Self::all().find(|code| code.as_str() == text).ok_or(UnknownCode)
	}
}

/// The text is none of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str("this is no code of a refusal")
	}
}

impl std::error::Error for UnknownCode {}

/// The code of a refusal, as a client reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
	/// A code that this version knows.
	Known(Code),
	/// Another one: a newer vault's, or a program's between the two.
	Unknown(String),
}

impl Reason {
	/// The code, if this version knows it.
	pub fn code(&self) -> Option<Code> {
		match self {
			Self::Known(code) => Some(*code),
			Self::Unknown(_) => None,
		}
	}
}

impl From<Code> for Reason {
	fn from(code: Code) -> Self {
		Self::Known(code)
	}
}

impl From<String> for Reason {
	fn from(text: String) -> Self {
		text.parse().map_or(Self::Unknown(text), Self::Known)
	}
}

impl fmt::Display for Reason {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Known(code) => code.fmt(formatter),
			Self::Unknown(text) => text.fmt(formatter),
		}
	}
}

impl Serialize for Reason {
	fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
		to.collect_str(self)
	}
}

impl<'de> Deserialize<'de> for Reason {
	fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
		String::deserialize(from).map(Self::from)
	}
}

/// The body of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
	/// The code.
	pub error: Reason,
	/// What happened and what to do, in one English sentence without its first capital and full stop.
	pub message: String,
	/// With [`Code::OtherVault`], the URL of the gateway that keeps the document, if the chain names one.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub gateway: Option<String>,
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use serde_json::{from_value, json, to_value};

	#[test]
	fn every_code_has_a_text_of_its_own_and_reads_back() {
		for code in Code::all() {
			assert_eq!(code.as_str().parse(), Ok(code));
			assert!((400..600).contains(&code.status()), "{code}");
		}
		assert_eq!(Code::all().count(), OWN.len() + Denied::ALL.len());
	}

	#[test]
	fn problem_is_a_code_and_a_sentence() {
		let message = String::from("the patient's grant has run out");
		let (error, gateway) = (Code::Denied(Denied::GrantExpired).into(), None);
		let problem = Problem { error, message: message.clone(), gateway };
		let json = json!({ "error": "grant-expired", "message": message });
		assert_eq!(to_value(&problem).unwrap(), json);
		assert_eq!(from_value::<Problem>(json).unwrap(), problem);
		let newer = json!({ "error": "on-fire", "message": "…", "more": 1 });
		let newer: Problem = from_value(newer).unwrap();
		assert_eq!((newer.error.code(), newer.error.to_string()), (None, "on-fire".into()));
	}
}
