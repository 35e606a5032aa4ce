//! Why a request is refused: a sentence for people, and a code for programs.

use crate::state;
use axum::{
	Json,
	http::{
		StatusCode,
		header::{CONTENT_RANGE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
	},
	response::{IntoResponse, Response},
};
use medblock_primitives::{Denied, HospitalId};
use medblock_vault_protocol::{Code, Problem, headers::UPLOAD_OFFSET, ranges};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
	/// A part of the request is malformed.
	#[error("{0}")]
	BadRequest(&'static str),
	/// There is no such resource.
	#[error("there is nothing at this path")]
	NotFound,
	/// The resource does not take this method.
	#[error("this path doesn't take that method")]
	MethodNotAllowed,
	/// A page of another origin may not ask.
	#[error("pages may ask only from a hospital's gateway, or from this machine's own localhost")]
	OtherOrigin,
	/// The header section exceeds its limit.
	#[error("the request's headers are larger than 16 KiB")]
	HeadersTooLarge,
	/// The token is missing, unknown or expired.
	#[error("sign in first: get a challenge from /v1/challenge and send it signed to /v1/session")]
	NotSignedIn,
	/// The sign-in is not accepted.
	#[error("{0}")]
	SignIn(#[from] SignInRefusal),
	/// The request to read is not signed by the session's key.
	#[error(
		"sign in with a key of the session, and sign each request to read with it: this vault writes down what it \
		 gives out with the reader's own request"
	)]
	RequestNotSigned,
	/// The request to read is not of this session, or not of now.
	#[error(
		"the request was signed too long ago, or in the future: set the clock right, and ask again"
	)]
	RequestExpired,
	/// The request to read was answered before.
	#[error("this request was answered before: sign a new one")]
	RequestUsed,
	/// There were too many requests of this kind in too short a time.
	#[error("too many requests of this kind: try again in {seconds} seconds")]
	TooMany {
		/// Seconds after which trying again is worth it.
		seconds: u64,
	},
	/// The chain denies access.
	#[error("{}", .0.sentence())]
	Denied(Denied),
	/// The patient's standing does not allow this.
	#[error("the patient's hospital has not verified them, or has suspended them")]
	PatientNotVerified,
	/// The doctor may read, but not add records.
	#[error("the patient's grant doesn't include adding records")]
	AppendNotAllowed,
	/// Only the patient may ask for this.
	#[error("only the patient may see this")]
	PatientOnly,
	/// Only vaults may fetch this.
	#[error(
		"only the vault of a hospital may fetch files from this one: its account is not on the chain"
	)]
	VaultsOnly,
	/// The patient has no profile.
	#[error("the patient has no profile")]
	NoProfile,
	/// The document is in another hospital's vault.
	#[error("hospital {} keeps this document, not this one", .hospital.0)]
	OtherVault {
		/// The hospital that keeps it.
		hospital: HospitalId,
		/// The URL of that hospital's gateway.
		gateway: Option<String>,
	},
	/// The chain names the document, and the vault does not have it.
	#[error("the vault doesn't have this file: the account that added it should upload it again")]
	BlobMissing,
	/// The range is not one range within the file.
	#[error("the range isn't one range within the file's {length} bytes")]
	BadRange {
		/// The file's length in bytes.
		length: u64,
	},
	/// The account has no such upload.
	#[error("this account has no such upload")]
	NoSuchUpload,
	/// There is no such copy of an account's keys, or it is another account's.
	#[error("there is no such copy of an account's keys here")]
	NoSuchCopy,
	/// There is no such text about an emergency, or this account may not see it.
	#[error("there is no such text about an emergency here")]
	NoSuchText,
	/// The chain has no request for an emergency with this text.
	#[error(
		"the chain knows of no emergency with this text that you have asked for, and that this hospital can confirm: \
		 wait until your request is in a block"
	)]
	NotAsked,
	/// The chain does not name this vault's account.
	#[error("this vault keeps no log yet: its hospital has not named an account for it")]
	NoLog,
	/// The log has never had what was asked for.
	#[error("the log doesn't have that, or not at that place")]
	NotInLog,
	/// Another connection is writing to the same upload.
	#[error("another connection is sending this file: wait until it has finished")]
	Busy,
	/// The upload continues at another byte.
	#[error("the upload continues at byte {offset}")]
	WrongOffset {
		/// The byte at which it continues.
		offset: u64,
	},
	/// The upload began with another length.
	#[error("the upload began as one of {length} bytes: discard it, or send that many")]
	WrongLength {
		/// The length that it began with.
		length: u64,
	},
	/// The body has more bytes than were announced.
	#[error("there were more bytes than Upload-Length says: the surplus was dropped")]
	OverLong,
	/// The client stopped sending, or sent too slowly.
	#[error("the body came too slowly: send it again; an upload resumes where it stopped")]
	BodyTimeout,
	/// The client's connection broke.
	#[error("the body broke off: resume the upload where it stopped")]
	BodyBroken,
	/// The file is larger than this vault takes.
	#[error("the file is larger than the {limit} bytes that this vault takes")]
	TooLarge {
		/// The limit in bytes.
		limit: u64,
	},
	/// The account's or the patient's quota is used up.
	#[error("{0}")]
	QuotaExceeded(&'static str),
	/// The bytes are not those of the announced digest.
	#[error("the bytes are not those of this digest: they were discarded; send the file again")]
	DigestMismatch,
	/// The bytes are no encrypted file.
	#[error("this is no age file as the vault takes them: it was discarded")]
	NotAnAgeFile,
	/// A record or profile names the file.
	#[error("a record or the profile names this file: withdraw that first")]
	Referenced,
	/// The vault's disk is full.
	#[error("the vault's disk is full: nothing is lost; try again later")]
	DiskFull,
	/// The vault's store failed.
	#[error("the vault can't read or write its files now: nothing is lost; try again later")]
	StoreFailed,
	/// The vault's log of disclosures is not the one on the chain.
	#[error(
		"the vault's log of disclosures is not the one that its hospital has put on the chain, perhaps since a back-up was \
		 restored, so it gives nothing out: tell the hospital"
	)]
	OtherLog,
	/// The vault's database failed.
	#[error("the vault can't ask its database now: nothing is lost; try again later")]
	StateFailed,
	/// The node does not answer.
	#[error(
		"the vault can't ask the chain who may do this, so it refuses everyone: try again later"
	)]
	NodeUnreachable,
	/// The node's final block is too old.
	#[error(
		"the chain, or the vault's node, is more than a minute behind, so the vault refuses everyone: \
		try again later"
	)]
	NodeBehind,
	/// The node follows another chain than the vault's files belong to.
	#[error("the vault's node follows another chain than the vault: tell the hospital")]
	OtherChain,
	/// Neither the settings nor the chain name this vault's address.
	#[error("this vault has no https address yet: tell the hospital to set its gateway's URL")]
	NoAddress,
	/// The chain lists other portals than the gateway's.
	#[error(
		"this hospital's portal is not one that the hospitals list, so it is not served: tell the hospital"
	)]
	PortalNotListed,
	/// The vault is shutting down.
	#[error("the vault is shutting down: try again later")]
	ShuttingDown,
}

/// Why a sign-in is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
	/// The text is no sign-in text of MedBlock's.
	#[error("this is no sign-in text: build it from what /v1/challenge gives")]
	Malformed,
	/// The sign-in is to another domain.
	#[error("this sign-in is to another address than this vault's")]
	OtherDomain,
	/// The sign-in is for another chain.
	#[error("this sign-in names another chain than this vault's")]
	OtherChain,
	/// The challenge is too old, or from the future.
	#[error("the challenge has expired: get a new one")]
	Expired,
	/// This vault did not issue the challenge.
	#[error("this vault didn't issue that challenge: get a new one")]
	NotIssuedHere,
	/// The challenge was used before.
	#[error("the challenge was used before: get a new one")]
	Used,
	/// The signature is not that account's, or not over the text within `<Bytes>`.
	#[error("the signature isn't the account's over the text between <Bytes> and </Bytes>")]
	BadSignature,
	/// The chain does not know the account.
	#[error(
		"this account is no registrar, doctor or patient: register first, or have the hospital appoint it"
	)]
	UnknownAccount,
}

impl SignInRefusal {
	fn code(self) -> Code {
		match self {
			Self::Malformed => Code::ChallengeMalformed,
			Self::OtherDomain => Code::ChallengeOtherDomain,
			Self::OtherChain => Code::ChallengeOtherChain,
			Self::Expired => Code::ChallengeExpired,
			Self::NotIssuedHere => Code::ChallengeNotIssuedHere,
			Self::Used => Code::ChallengeUsed,
			Self::BadSignature => Code::BadSignature,
			Self::UnknownAccount => Code::UnknownAccount,
		}
	}
}

impl Refusal {
	/// The code of the refusal, which also says the HTTP status.
	pub fn code(&self) -> Code {
		match self {
			Self::BadRequest(_) => Code::BadRequest,
			Self::NotFound => Code::NotFound,
			Self::MethodNotAllowed => Code::MethodNotAllowed,
			Self::OtherOrigin => Code::OtherOrigin,
			Self::HeadersTooLarge => Code::HeadersTooLarge,
			Self::NotSignedIn => Code::NotSignedIn,
			Self::SignIn(why) => why.code(),
			Self::RequestNotSigned => Code::RequestNotSigned,
			Self::RequestExpired => Code::RequestExpired,
			Self::RequestUsed => Code::RequestUsed,
			Self::TooMany { .. } => Code::TooManyRequests,
			Self::Denied(why) => Code::Denied(*why),
			Self::PatientNotVerified => Code::PatientNotVerified,
			Self::AppendNotAllowed => Code::AppendNotAllowed,
			Self::PatientOnly => Code::PatientOnly,
			Self::VaultsOnly => Code::VaultsOnly,
			Self::NoProfile => Code::NoProfile,
			Self::OtherVault { .. } => Code::OtherVault,
			Self::BlobMissing => Code::BlobMissing,
			Self::BadRange { .. } => Code::BadRange,
			Self::NoSuchUpload => Code::NoSuchUpload,
			Self::NoSuchCopy => Code::NoSuchCopy,
			Self::NoSuchText => Code::NoSuchText,
			Self::NotAsked => Code::NotAsked,
			Self::NoLog => Code::NoLog,
			Self::NotInLog => Code::NotInLog,
			Self::Busy => Code::Busy,
			Self::WrongOffset { .. } => Code::WrongOffset,
			Self::WrongLength { .. } => Code::WrongLength,
			Self::OverLong => Code::OverLong,
			Self::BodyTimeout => Code::BodyTimeout,
			Self::BodyBroken => Code::BodyBroken,
			Self::TooLarge { .. } => Code::TooLarge,
			Self::QuotaExceeded(_) => Code::QuotaExceeded,
			Self::DigestMismatch => Code::DigestMismatch,
			Self::NotAnAgeFile => Code::NotAnAgeFile,
			Self::Referenced => Code::Referenced,
			Self::DiskFull => Code::DiskFull,
			Self::StoreFailed | Self::OtherLog => Code::StoreFailed,
			Self::StateFailed => Code::StateFailed,
			Self::NodeUnreachable => Code::NodeUnreachable,
			Self::NodeBehind => Code::NodeBehind,
			Self::OtherChain => Code::OtherChain,
			Self::NoAddress => Code::NoAddress,
			Self::PortalNotListed => Code::PortalNotListed,
			Self::ShuttingDown => Code::ShuttingDown,
		}
	}

	/// The refusal for an error of the file system, or of the database.
	pub fn from_io(error: &std::io::Error) -> Self {
		use std::io::ErrorKind;
		match error.kind() {
			ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
				Self::DiskFull
			},
			_ if state::has_failed(error) => Self::StateFailed,
			_ => Self::StoreFailed,
		}
	}

	fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
		match self {
			Self::NotSignedIn | Self::SignIn(_) | Self::RequestNotSigned => {
				vec![(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))]
			},
			Self::TooMany { seconds } => vec![(RETRY_AFTER, HeaderValue::from(*seconds))],
			Self::WrongOffset { offset } => {
				vec![(HeaderName::from_static(UPLOAD_OFFSET), HeaderValue::from(*offset))]
			},
			Self::BadRange { length } => HeaderValue::try_from(ranges::unsatisfied_header(*length))
				.map(|value| vec![(CONTENT_RANGE, value)])
				.unwrap_or_default(),
			_ => Vec::new(),
		}
	}

	/// The refusal as clients read it.
	pub fn problem(&self) -> Problem {
		Problem { error: self.code().into(), message: self.to_string(), gateway: self.gateway() }
	}

	/// The URL of the gateway that keeps the document.
	fn gateway(&self) -> Option<String> {
		match self {
			Self::OtherVault { gateway, .. } => gateway.clone(),
			_ => None,
		}
	}
}

/// Why garbage collection takes nothing although something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
	/// The settings name no node of another hospital.
	NoWitness,
	/// The other hospital's node does not answer.
	WitnessAway,
	/// One of the two nodes stays behind the other.
	Behind,
	/// The two nodes contradict each other.
	Disagreement,
	/// The final block's time is more than a minute from this machine's.
	Clock,
	/// More is due than garbage collection may take.
	TooMuch,
}

impl Held {
	/// All reasons.
	pub const ALL: [Self; 6] = [
		Self::NoWitness,
		Self::WitnessAway,
		Self::Behind,
		Self::Disagreement,
		Self::Clock,
		Self::TooMuch,
	];

	/// The reason in metrics and logs.
	pub fn as_str(self) -> &'static str {
		match self {
			Self::NoWitness => "no-witness",
			Self::WitnessAway => "witness-away",
			Self::Behind => "behind",
			Self::Disagreement => "disagreement",
			Self::Clock => "clock",
			Self::TooMuch => "too-much",
		}
	}
}

/// The code of a refusal, left in the response for the middleware that counts.
#[derive(Clone, Copy)]
pub struct RefusalCode(pub Code);

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		let code = self.code();
		let status =
			StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
		let mut response = (status, Json(self.problem())).into_response();
		for (name, value) in self.headers() {
			response.headers_mut().insert(name, value);
		}
		response.extensions_mut().insert(RefusalCode(code));
		response
	}
}
