//! What requests say, read strictly.

use super::App;
use crate::{
	authority::Role,
	blob::{BlobId, Digest, parse_id},
	errors::Refusal,
	sessions::Session,
	vault::{Uploader, staging::UploadId},
};
use axum::{
	Json,
	extract::{FromRequest, Request},
	http::{HeaderMap, HeaderName, header},
};
use medblock_primitives::PatientId;
use serde::de::DeserializeOwned;
use std::{
	ops::Range,
	sync::Arc,
	time::{SystemTime, UNIX_EPOCH},
};

/// Seconds since 1970.
pub fn now() -> u64 {
	SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The patient that a path names. Other paths than those with plain numbers are no resources.
pub fn patient(text: &str) -> Result<PatientId, Refusal> {
	parse_id(text).map(PatientId).ok_or(Refusal::NotFound)
}

/// The blob that a path names.
pub fn blob(of: &str, digest: &str) -> Result<BlobId, Refusal> {
	let digest = Digest::parse(digest).ok_or(Refusal::NotFound)?;
	Ok(BlobId { patient: patient(of)?, digest })
}

/// The value of a header that is there at most once.
pub fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
	let mut values = headers.get_all(name).iter();
	let first = values.next();
	if values.next().is_some() {
		return Err(Refusal::BadRequest("a header is there twice that may be there once"));
	}
	let text = first.map(|value| value.to_str()).transpose();
	text.map_err(|_| Refusal::BadRequest("a header's value is no plain text"))
}

/// A header's value as a number.
pub fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Refusal> {
	let Some(text) = single(headers, name)? else { return Ok(None) };
	let digits = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
	let number = text.parse().ok().filter(|_| digits);
	number.map(Some).ok_or(Refusal::BadRequest("a header's value is no number"))
}

/// A header's value as a structured field's boolean (RFC 9651, §3.3.6); no unless given.
pub fn flag(headers: &HeaderMap, name: &HeaderName) -> Result<bool, Refusal> {
	match single(headers, name)? {
		None | Some("?0") => Ok(false),
		Some("?1") => Ok(true),
		Some(_) => Err(Refusal::BadRequest("a header's value is neither ?0 nor ?1")),
	}
}

/// A small body of JSON, which has to come in the time for which a body may stand still: who
/// announced one and then sent nothing, or a byte now and then, would keep a connection from others
/// for ever. `other` says what it has to be, to whom sent something else.
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

/// The bearer token (RFC 6750, §2.1).
pub fn token(headers: &HeaderMap) -> Result<&str, Refusal> {
	let value = single(headers, &header::AUTHORIZATION)?.ok_or(Refusal::NotSignedIn)?;
	let (scheme, token) = value.split_once(' ').ok_or(Refusal::NotSignedIn)?;
	let is_token = token.len() == 64 && scheme.eq_ignore_ascii_case("bearer");
	is_token.then_some(token).ok_or(Refusal::NotSignedIn)
}

/// Who asks.
pub fn session(app: &App, headers: &HeaderMap) -> Result<Arc<Session>, Refusal> {
	app.sessions.find(token(headers)?, now())
}

/// Who uploads what, given in what role they may.
pub fn uploader(session: &Session, blob: BlobId, role: Role, pending: bool) -> Uploader {
	let id = UploadId { blob, account: session.account.0 };
	Uploader { id, is_patient: role == Role::Patient, pending }
}

/// The bytes that a request wants of a file of this length, and whether that is a part of it: one
/// range (RFC 9110, §14.2). Other than that RFC suggests, what is malformed is refused, so that nobody
/// gets, and is written down for, more than they wanted.
pub fn range(
	headers: &HeaderMap,
	length: u64,
	entity: &str,
) -> Result<(Range<u64>, bool), Refusal> {
	let Some(text) = single(headers, &header::RANGE)? else { return Ok((0..length, false)) };
	// A range of another version would not fit to what the client has.
	let same = single(headers, &header::IF_RANGE)?.is_none_or(|wanted| wanted == entity);
	if !same {
		return Ok((0..length, false));
	}
	let bad = Refusal::BadRange { length };
	match parse_range(text, length) {
		Some(range) if range.start < range.end => Ok((range, true)),
		_ => Err(bad),
	}
}

fn parse_range(text: &str, length: u64) -> Option<Range<u64>> {
	let digits = |text: &str| {
		let plain = text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
		plain.then(|| text.parse::<u64>().ok())?
	};
	let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
	match (first, last) {
		("", suffix) => Some(length.saturating_sub(digits(suffix)?)..length),
		(first, "") => Some(digits(first)?..length),
		(first, last) => {
			let (first, last) = (digits(first)?, digits(last)?);
			(first <= last).then(|| first..last.saturating_add(1).min(length))
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use axum::http::HeaderValue;

	fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
		let mut headers = HeaderMap::new();
		for value in values {
			headers.append(name.clone(), HeaderValue::try_from(*value).unwrap());
		}
		headers
	}

	#[test]
	fn a_range_is_one_part_of_the_file() {
		for (text, expected) in [
			("bytes=0-0", Some(0..1)),
			("bytes=0-99", Some(0..100)),
			("bytes=10-19", Some(10..20)),
			("bytes=10-", Some(10..100)),
			("bytes=10-1000", Some(10..100)),
			("bytes=-10", Some(90..100)),
			("bytes=-1000", Some(0..100)),
			("bytes=-0", None),
			("bytes=100-", None),
			("bytes=20-10", None),
			("bytes=0-1,5-6", None),
			("bytes=", None),
			("bytes=-", None),
			("bytes=a-b", None),
			("bytes=+1-2", None),
			("bytes= 1-2", None),
			("bytes=1-2 ", None),
			("bytes=99999999999999999999-", None),
			("bytes=0-18446744073709551615", None),
			("items=0-1", None),
		] {
			let found = range(&with(header::RANGE, &[text]), 100, "\"e\"");
			match expected {
				Some(expected) => assert_eq!(found, Ok((expected, true)), "{text}"),
				None => assert_eq!(found, Err(Refusal::BadRange { length: 100 }), "{text}"),
			}
		}
	}

	#[test]
	fn without_a_range_or_with_another_versions_it_is_the_whole_file() {
		assert_eq!(range(&HeaderMap::new(), 100, "\"e\""), Ok((0..100, false)));
		let mut headers = with(header::RANGE, &["bytes=1-2"]);
		headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
		assert_eq!(range(&headers, 100, "\"e\""), Ok((0..100, false)));
		headers.insert(header::IF_RANGE, HeaderValue::from_static("\"e\""));
		assert_eq!(range(&headers, 100, "\"e\""), Ok((1..3, true)));
	}

	#[test]
	fn headers_are_read_once_and_strictly() {
		let name = HeaderName::from_static("upload-offset");
		assert_eq!(number(&HeaderMap::new(), &name), Ok(None));
		assert_eq!(number(&with(name.clone(), &["10"]), &name), Ok(Some(10)));
		for bad in ["", "+1", "-1", "1 ", "0x1", "1e3", "9999999999999999", "ten"] {
			assert!(number(&with(name.clone(), &[bad]), &name).is_err(), "{bad}");
		}
		assert!(number(&with(name.clone(), &["1", "1"]), &name).is_err());
		assert_eq!(flag(&with(name.clone(), &["?1"]), &name), Ok(true));
		assert_eq!(flag(&with(name.clone(), &["?0"]), &name), Ok(false));
		assert!(flag(&with(name.clone(), &["1"]), &name).is_err());
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
