//! Why a request is refused: a stable code for programs, a sentence for people, an HTTP status.

use axum::{
	Json,
	http::{
		StatusCode,
		header::{CONTENT_RANGE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
	},
	response::{IntoResponse, Response},
};
use medblock_client::explain;
use medblock_primitives::{Denied, HospitalId};
use serde_json::json;

/// `Upload-Offset` (draft-ietf-httpbis-resumable-upload): how many bytes have arrived.
pub const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
	/// Something in the request is malformed.
	#[error("{0}")]
	BadRequest(&'static str),
	/// No such resource.
	#[error("there is nothing at this path")]
	NotFound,
	/// The resource does not know the method.
	#[error("this path doesn't take that method")]
	MethodNotAllowed,
	/// The header section is over its limit.
	#[error("the request's headers are larger than 16 KiB")]
	HeadersTooLarge,
	/// The token is missing, unknown or expired.
	#[error("sign in first: get a challenge from /v1/challenge and send it signed to /v1/session")]
	NotSignedIn,
	/// A sign-in that is not accepted.
	#[error("{0}")]
	SignIn(#[from] SignInRefusal),
	/// Too many of something in too short a time.
	#[error("too many requests of this kind: try again in {seconds} seconds")]
	TooMany {
		/// When it is worth trying again.
		seconds: u64,
	},
	/// The chain says no.
	#[error("{}", explain(*.0))]
	Denied(Denied),
	/// The patient is not in a standing in which this can be done.
	#[error("the patient's hospital has not verified them, or has suspended them")]
	PatientNotVerified,
	/// A doctor who may read, but not write.
	#[error("the patient's grant doesn't include adding records")]
	AppendNotAllowed,
	/// Only the patient may ask for this.
	#[error("only the patient may see this")]
	PatientOnly,
	/// The patient has no profile.
	#[error("the patient has no profile")]
	NoProfile,
	/// The document is in another hospital's vault.
	#[error("hospital {} keeps this document, not this one", .hospital.0)]
	OtherVault {
		/// Which hospital keeps it.
		hospital: HospitalId,
		/// Its gateway's URL.
		gateway: Option<String>,
	},
	/// The chain names the document, and the vault does not have it.
	#[error("the vault doesn't have this file: whoever added it should upload it again")]
	BlobMissing,
	/// The range is none of this file's.
	#[error("the range isn't one range within the file's {length} bytes")]
	BadRange {
		/// How long the file is.
		length: u64,
	},
	/// Nothing was uploaded by this account.
	#[error("this account has no such upload")]
	NoSuchUpload,
	/// Somebody else writes at the same place.
	#[error("another connection is sending this file: wait until it has finished")]
	Busy,
	/// The upload goes on somewhere else.
	#[error("the upload goes on at byte {offset}")]
	WrongOffset {
		/// Where it goes on.
		offset: u64,
	},
	/// The upload began with another length.
	#[error("the upload began as one of {length} bytes: discard it, or send that many")]
	WrongLength {
		/// The length that it began with.
		length: u64,
	},
	/// More bytes than were announced.
	#[error("there were more bytes than Upload-Length says: what was too much is dropped")]
	OverLong,
	/// The client stopped sending, or sends next to nothing.
	#[error("the body came too slowly: send it again, an upload from where it is")]
	BodyTimeout,
	/// The client's connection broke.
	#[error("the body broke off: go on from where the upload is")]
	BodyBroken,
	/// More than this vault takes in one file.
	#[error("the file is larger than the {limit} bytes that this vault takes")]
	TooLarge {
		/// The limit.
		limit: u64,
	},
	/// The account's or the patient's room is used up.
	#[error("{0}")]
	QuotaExceeded(&'static str),
	/// The bytes are not those that were announced.
	#[error("the bytes are not those of this digest: they were discarded; send the file again")]
	DigestMismatch,
	/// The bytes are no encrypted file.
	#[error("this is no age file with at most four stanzas: it was discarded")]
	NotAnAgeFile,
	/// A record or profile names the file.
	#[error("a record or the profile names this file: withdraw that first")]
	Referenced,
	/// No room on the vault's disk.
	#[error("the vault's disk is full: nothing is lost; try again later")]
	DiskFull,
	/// The vault's store failed.
	#[error("the vault can't read or write its files now: nothing is lost; try again later")]
	StoreFailed,
	/// The node does not answer.
	#[error("the vault can't ask the chain who may do this, so nobody may: try again later")]
	NodeUnreachable,
	/// The node answers with an old state.
	#[error(
		"the chain, or the vault's node, is more than a minute behind, so nobody may do this: \
		try again later"
	)]
	NodeBehind,
	/// The node follows another chain than the vault's files belong to.
	#[error("the vault's node follows another chain than the vault: tell the hospital")]
	OtherChain,
	/// Neither settings nor chain say under which address this vault is known.
	#[error("this vault has no https address yet: tell the hospital to set its gateway's URL")]
	NoAddress,
	/// Shutting down, or broken.
	#[error("the vault is shutting down: try again later")]
	ShuttingDown,
}

/// Why a sign-in is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
	/// No sign-in text of MedBlock's.
	#[error("this is no sign-in text: build it from what /v1/challenge gives")]
	Malformed,
	/// A sign-in to somebody else.
	#[error("this sign-in is to another address than this vault's")]
	OtherDomain,
	/// For another chain.
	#[error("this sign-in names another chain than this vault's")]
	OtherChain,
	/// Too old, or from the future.
	#[error("the challenge has expired: get a new one")]
	Expired,
	/// Not from here.
	#[error("this vault didn't issue that challenge: get a new one")]
	NotIssuedHere,
	/// Used before.
	#[error("the challenge was used before: get a new one")]
	Used,
	/// Not by that account, or not over the text within `<Bytes>`.
	#[error("the signature isn't the account's over the text between <Bytes> and </Bytes>")]
	BadSignature,
	/// The chain has nobody with this account.
	#[error("the chain knows nobody with this account: register first")]
	UnknownAccount,
}

impl SignInRefusal {
	fn code(self) -> &'static str {
		match self {
			Self::Malformed => "challenge-malformed",
			Self::OtherDomain => "challenge-other-domain",
			Self::OtherChain => "challenge-other-chain",
			Self::Expired => "challenge-expired",
			Self::NotIssuedHere => "challenge-not-issued-here",
			Self::Used => "challenge-used",
			Self::BadSignature => "bad-signature",
			Self::UnknownAccount => "unknown-account",
		}
	}
}

impl Refusal {
	/// The stable code and the HTTP status (RFC 9110, §15; RFC 4918, §11; RFC 6585).
	pub fn code(&self) -> (StatusCode, &'static str) {
		use StatusCode as S;
		match self {
			Self::BadRequest(_) => (S::BAD_REQUEST, "bad-request"),
			Self::NotFound => (S::NOT_FOUND, "not-found"),
			Self::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method-not-allowed"),
			Self::HeadersTooLarge => (S::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large"),
			Self::NotSignedIn => (S::UNAUTHORIZED, "not-signed-in"),
			Self::SignIn(why) => (S::UNAUTHORIZED, why.code()),
			Self::TooMany { .. } => (S::TOO_MANY_REQUESTS, "too-many-requests"),
			Self::Denied(why) => denied_code(*why),
			Self::PatientNotVerified => (S::FORBIDDEN, "patient-not-verified"),
			Self::AppendNotAllowed => (S::FORBIDDEN, "append-not-allowed"),
			Self::PatientOnly => (S::FORBIDDEN, "patient-only"),
			Self::NoProfile => (S::NOT_FOUND, "no-profile"),
			Self::OtherVault { .. } => (S::NOT_FOUND, "other-vault"),
			Self::BlobMissing => (S::NOT_FOUND, "blob-missing"),
			Self::BadRange { .. } => (S::RANGE_NOT_SATISFIABLE, "bad-range"),
			Self::NoSuchUpload => (S::NOT_FOUND, "no-such-upload"),
			Self::Busy => (S::CONFLICT, "busy"),
			Self::WrongOffset { .. } => (S::CONFLICT, "wrong-offset"),
			Self::WrongLength { .. } => (S::CONFLICT, "wrong-length"),
			Self::OverLong => (S::PAYLOAD_TOO_LARGE, "over-long"),
			Self::BodyTimeout => (S::REQUEST_TIMEOUT, "body-timeout"),
			Self::BodyBroken => (S::BAD_REQUEST, "body-broken"),
			Self::TooLarge { .. } => (S::PAYLOAD_TOO_LARGE, "too-large"),
			Self::QuotaExceeded(_) => (S::INSUFFICIENT_STORAGE, "quota-exceeded"),
			Self::DigestMismatch => (S::UNPROCESSABLE_ENTITY, "digest-mismatch"),
			Self::NotAnAgeFile => (S::UNPROCESSABLE_ENTITY, "not-an-age-file"),
			Self::Referenced => (S::CONFLICT, "referenced"),
			Self::DiskFull => (S::INSUFFICIENT_STORAGE, "disk-full"),
			Self::StoreFailed => (S::SERVICE_UNAVAILABLE, "store-failed"),
			Self::NodeUnreachable => (S::SERVICE_UNAVAILABLE, "node-unreachable"),
			Self::NodeBehind => (S::SERVICE_UNAVAILABLE, "node-behind"),
			Self::OtherChain => (S::SERVICE_UNAVAILABLE, "other-chain"),
			Self::NoAddress => (S::SERVICE_UNAVAILABLE, "no-address"),
			Self::ShuttingDown => (S::SERVICE_UNAVAILABLE, "shutting-down"),
		}
	}

	/// The refusal of an error of the file system.
	pub fn from_io(error: &std::io::Error) -> Self {
		use std::io::ErrorKind;
		match error.kind() {
			ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
				Self::DiskFull
			},
			_ => Self::StoreFailed,
		}
	}

	fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
		match self {
			Self::NotSignedIn | Self::SignIn(_) => {
				vec![(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))]
			},
			Self::TooMany { seconds } => vec![(RETRY_AFTER, HeaderValue::from(*seconds))],
			Self::WrongOffset { offset } => vec![(UPLOAD_OFFSET, HeaderValue::from(*offset))],
			Self::BadRange { length } => HeaderValue::try_from(format!("bytes */{length}"))
				.map(|value| vec![(CONTENT_RANGE, value)])
				.unwrap_or_default(),
			_ => Vec::new(),
		}
	}
}

/// What `Denied` is over HTTP.
fn denied_code(why: Denied) -> (StatusCode, &'static str) {
	match why {
		Denied::PatientNotFound => (StatusCode::NOT_FOUND, "patient-not-found"),
		Denied::DoctorNotFound => (StatusCode::FORBIDDEN, "doctor-not-found"),
		Denied::DoctorNotVerified => (StatusCode::FORBIDDEN, "doctor-not-verified"),
		Denied::LicenceExpired => (StatusCode::FORBIDDEN, "licence-expired"),
		Denied::HospitalNotActive => (StatusCode::FORBIDDEN, "hospital-not-active"),
		Denied::NotGranted => (StatusCode::FORBIDDEN, "not-granted"),
		Denied::GrantExpired => (StatusCode::FORBIDDEN, "grant-expired"),
		Denied::RecordNotFound => (StatusCode::NOT_FOUND, "record-not-found"),
		Denied::RecordWithdrawn => (StatusCode::GONE, "record-withdrawn"),
		Denied::RecordNotShared => (StatusCode::FORBIDDEN, "record-not-shared"),
	}
}

/// Left in a response for whoever counts refusals.
#[derive(Clone, Copy)]
pub struct RefusalCode(pub &'static str);

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		let (status, code) = self.code();
		let mut body = json!({ "error": code, "message": self.to_string() });
		if let Self::OtherVault { gateway: Some(gateway), .. } = &self {
			body["gateway"] = gateway.as_str().into();
		}
		let mut response = (status, Json(body)).into_response();
		for (name, value) in self.headers() {
			response.headers_mut().insert(name, value);
		}
		response.extensions_mut().insert(RefusalCode(code));
		response
	}
}
