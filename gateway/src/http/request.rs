//! Strict reading of requests.

use super::App;
use crate::{
	authority::Role,
	blob::{BlobId, Digest},
	errors::Refusal,
	sessions::Session,
	vault::{Uploader, staging::UploadId},
};
use axum::{
	Json,
	body::Body,
	extract::{FromRequest, Request},
	http::{HeaderMap, header},
};
use futures::StreamExt;
use medblock_primitives::PatientId;
use medblock_vault_protocol::{Item, TOKEN_LENGTH, headers, paths::parse_number, ranges};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
	ops::Range,
	sync::Arc,
	time::{SystemTime, UNIX_EPOCH},
};

/// The current time in seconds since 1970.
pub fn now() -> u64 {
	SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The patient that a path names.
pub fn patient(text: &str) -> Result<PatientId, Refusal> {
	parse_number(text).map(PatientId).ok_or(Refusal::NotFound)
}

/// What a path names: a record of a patient's chart, or else the profile.
#[derive(Deserialize)]
pub struct Named {
	patient: String,
	record: Option<String>,
}

impl Named {
	/// The patient.
	pub fn patient(&self) -> Result<PatientId, Refusal> {
		patient(&self.patient)
	}

	/// The document of the chart.
	pub fn item(&self) -> Result<Item, Refusal> {
		match &self.record {
			Some(record) => parse_number(record).map(Item::Record).ok_or(Refusal::NotFound),
			None => Ok(Item::Profile),
		}
	}
}

/// The blob that a path names.
pub fn blob(of: &str, digest: &str) -> Result<BlobId, Refusal> {
	let digest = Digest::parse(digest).ok_or(Refusal::NotFound)?;
	Ok(BlobId { patient: patient(of)?, digest })
}

/// The value of a header that may occur once.
pub fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
	let mut values = headers.get_all(name).iter();
	let first = values.next();
	if values.next().is_some() {
		return Err(Refusal::BadRequest("a header occurs twice that may occur once"));
	}
	let text = first.map(|value| value.to_str()).transpose();
	text.map_err(|_| Refusal::BadRequest("a header's value is no plain text"))
}

/// A header's value as a number.
pub fn number(headers: &HeaderMap, name: &str) -> Result<Option<u64>, Refusal> {
	let Some(text) = single(headers, name)? else { return Ok(None) };
	let number = headers::parse_number(text);
	number.map(Some).ok_or(Refusal::BadRequest("a header's value is no number"))
}

/// A header's value as a structured field's boolean; `false` without the header.
pub fn flag(headers: &HeaderMap, name: &str) -> Result<bool, Refusal> {
	let Some(text) = single(headers, name)? else { return Ok(false) };
	headers::parse_flag(text).ok_or(Refusal::BadRequest("a header's value is neither ?0 nor ?1"))
}

/// A small JSON body. It has to arrive in the time for which a body may stand still: a client that sends
/// nothing, or a byte now and then, would otherwise hold a connection for ever. `other` is the sentence for a
/// body of another form.
pub async fn json<T: DeserializeOwned>(
	app: &App,
	request: Request,
	other: &'static str,
) -> Result<T, Refusal> {
	let reading = <Json<T> as FromRequest<()>>::from_request(request, &());
	match tokio::time::timeout(app.vault.limits().idle, reading).await {
		Ok(Ok(Json(body))) => Ok(body),
		Ok(Err(_)) => Err(Refusal::BadRequest(other)),
		Err(_) => Err(Refusal::BodyTimeout),
	}
}

/// A small body of at most `limit` bytes, which has to arrive in the time for which a body may stand still.
pub async fn bytes(app: &App, body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
	let reading = async {
		let (mut pieces, mut all) = (body.into_data_stream(), Vec::new());
		while let Some(piece) = pieces.next().await {
			let piece = piece.map_err(|_| Refusal::BodyBroken)?;
			if all.len().saturating_add(piece.len()) > limit {
				return Err(Refusal::TooLarge { limit: limit as u64 });
			}
			all.extend_from_slice(&piece);
		}
		Ok(all)
	};
	let read = tokio::time::timeout(app.vault.limits().idle, reading).await;
	read.unwrap_or(Err(Refusal::BodyTimeout))
}

/// The bearer token (RFC 6750, §2.1).
pub fn token(headers: &HeaderMap) -> Result<&str, Refusal> {
	let value = single(headers, header::AUTHORIZATION.as_str())?.ok_or(Refusal::NotSignedIn)?;
	let (scheme, token) = value.split_once(' ').ok_or(Refusal::NotSignedIn)?;
	let is_token = token.len() == TOKEN_LENGTH && scheme.eq_ignore_ascii_case("bearer");
	is_token.then_some(token).ok_or(Refusal::NotSignedIn)
}

/// The session of the request's token.
pub async fn session(app: &App, headers: &HeaderMap) -> Result<Arc<Session>, Refusal> {
	app.sessions.find(token(headers)?, now()).await
}

/// The uploader of a blob, by the role in which the account may upload.
pub fn uploader(session: &Session, blob: BlobId, role: Role, pending: bool) -> Uploader {
	let id = UploadId { blob, account: session.account.0 };
	Uploader { id, is_patient: role == Role::Patient, pending }
}

/// The bytes that a request wants of a file of this length, and whether they are a part of it.
pub fn range(
	headers: &HeaderMap,
	length: u64,
	entity: &str,
) -> Result<(Range<u64>, bool), Refusal> {
	let Some(text) = single(headers, header::RANGE.as_str())? else {
		return Ok((0..length, false));
	};
	// A range of another version would not fit the bytes that the client has.
	let same = single(headers, header::IF_RANGE.as_str())?.is_none_or(|wanted| wanted == entity);
	if !same {
		return Ok((0..length, false));
	}
	let range = ranges::parse(text, length).ok_or(Refusal::BadRange { length })?;
	Ok((range, true))
}

#[cfg(test)]
mod tests {
	use super::*;
	use axum::http::{HeaderName, HeaderValue};
	use medblock_vault_protocol::headers::UPLOAD_OFFSET;

	fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
		let mut headers = HeaderMap::new();
		for value in values {
			headers.append(name.clone(), HeaderValue::try_from(*value).unwrap());
		}
		headers
	}

	#[test]
	fn without_a_range_or_with_another_versions_it_is_the_whole_file() {
		assert_eq!(range(&HeaderMap::new(), 100, "\"e\""), Ok((0..100, false)));
		let mut headers = with(header::RANGE, &["bytes=1-2"]);
		headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
		assert_eq!(range(&headers, 100, "\"e\""), Ok((0..100, false)));
		headers.insert(header::IF_RANGE, HeaderValue::from_static("\"e\""));
		assert_eq!(range(&headers, 100, "\"e\""), Ok((1..3, true)));
		let beyond = with(header::RANGE, &["bytes=100-"]);
		assert_eq!(range(&beyond, 100, "\"e\""), Err(Refusal::BadRange { length: 100 }));
	}

	#[test]
	fn headers_are_read_once_and_strictly() {
		let name = UPLOAD_OFFSET;
		let with = |values: &[&str]| with(HeaderName::from_static(name), values);
		assert_eq!(number(&HeaderMap::new(), name), Ok(None));
		assert_eq!(number(&with(&["10"]), name), Ok(Some(10)));
		assert!(number(&with(&["+1"]), name).is_err());
		assert!(number(&with(&["1", "1"]), name).is_err());
		assert_eq!(flag(&HeaderMap::new(), name), Ok(false));
		assert_eq!(flag(&with(&["?1"]), name), Ok(true));
		assert_eq!(flag(&with(&["?0"]), name), Ok(false));
		assert!(flag(&with(&["1"]), name).is_err());
	}

	#[test]
	fn a_token_is_64_letters_after_bearer() {
		let token_of =
			|value: &str| token(&with(header::AUTHORIZATION, &[value])).map(str::to_owned);
		let good = "a".repeat(64);
		assert_eq!(token_of(&format!("Bearer {good}")), Ok(good.clone()));
		assert_eq!(token_of(&format!("bearer {good}")), Ok(good.clone()));
		for bad in ["", "Bearer", "Bearer ", "Basic abc", &good, &format!("Bearer  {good}")] {
			assert_eq!(token_of(bad), Err(Refusal::NotSignedIn), "{bad}");
		}
	}
}
