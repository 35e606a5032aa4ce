//! What is inside a record: one MIME entity (RFC 2045) with UTF-8 headers (RFC 6532) and a binary body.

use std::{fmt, io::BufRead, str};

use jiff::{
	Timestamp,
	fmt::rfc2822::{DateTimeParser, DateTimePrinter},
};

use crate::{
	Error,
	file_name::{self, safe_file_name},
	line, padding, text,
};

/// The longest title, in bytes.
pub const MAX_TITLE: usize = 256;

/// The longest media type, its charset included, in bytes.
const MAX_MEDIA_TYPE: usize = 255;

/// SHA-256 of the end of a record's body, which says what is where in it.
pub type IndexDigest = [u8; 32];

/// The header with the digest of the body's index, in hexadecimal.
const INDEX: &str = "MedBlock-Index";

/// What a record says about its body. All of it is encrypted with the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Headers {
	/// `Subject`: one line of visible text, 1 to 256 bytes of UTF-8.
	pub title: String,
	/// `Content-Type`: `type/subtype` (RFC 2045, §5.1), with no parameter but `; charset=…`.
	pub media_type: String,
	/// `Content-Disposition`'s `filename*` (RFC 2183, RFC 2231). It passes through [`safe_file_name`] both
	/// when it is written and when it is read.
	pub file_name: Option<String>,
	/// `Date` (RFC 5322, §3.3): the time when the content was written, in seconds since 1970.
	pub written_at: Option<i64>,
}

/// Titles and file names are personal: only the media type is shown.
impl fmt::Debug for Headers {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("Headers").field("media_type", &self.media_type).finish_non_exhaustive()
	}
}

impl Headers {
	/// Checks that a record may have these headers, before anything is read or written.
	///
	/// # Errors
	///
	/// [`InvalidTitle`](Error::InvalidTitle), [`InvalidMediaType`](Error::InvalidMediaType), and
	/// [`InvalidTime`](Error::InvalidTime).
	pub fn check(&self) -> Result<(), Error> {
		if self.title.chars().all(text::is_blank)
			|| self.title.len() > MAX_TITLE
			|| self.title.chars().any(text::misleads)
		{
			return Err(Error::InvalidTitle);
		}
		if !is_media_type(&self.media_type) {
			return Err(Error::InvalidMediaType);
		}
		match self.written_at.map(date) {
			Some(None) => Err(Error::InvalidTime),
			_ => Ok(()),
		}
	}

	/// The length of the whole entity.
	pub(crate) fn plaintext_length(&self, index: Option<&IndexDigest>, body_length: u64) -> u64 {
		// The headers, the empty line and the body.
		padding::padded((self.before_padding(index).len() as u64 + 2).saturating_add(body_length))
	}

	/// Everything before the body.
	pub(crate) fn write(&self, index: Option<&IndexDigest>, body_length: u64) -> Vec<u8> {
		let mut out = self.before_padding(index).into_bytes();
		let rest = self.plaintext_length(index, body_length).saturating_sub(body_length);
		padding::write((rest as usize).saturating_sub(out.len() + 2), &mut out);
		out.extend_from_slice(b"\r\n");
		out
	}

	fn before_padding(&self, index: Option<&IndexDigest>) -> String {
		let mut out = format!("MIME-Version: 1.0\r\nSubject: {}\r\n", self.title);
		if let Some(date) = self.written_at.and_then(date) {
			out.push_str(&format!("Date: {date}\r\n"));
		}
		out.push_str(&format!("Content-Type: {}\r\n", self.media_type));
		out.push_str("Content-Disposition: attachment");
		if let Some(name) = &self.file_name {
			out.push_str(FILE_NAME);
			out.push_str(&file_name::encode(&safe_file_name(name)));
		}
		out.push_str("\r\nContent-Transfer-Encoding: binary\r\n");
		if let Some(digest) = index {
			out.push_str(&format!("{INDEX}: {}\r\n", hex::encode(digest)));
		}
		out
	}

	/// Reads the headers of a record's plaintext, from any age implementation, and leaves `input` at the
	/// body. [`open`](fn@crate::open) does so by itself.
	///
	/// Only a record's own headers are accepted, each at most once. Only the padding may be folded. The
	/// headers before it are shorter than 8 KiB.
	///
	/// # Errors
	///
	/// [`NotARecord`](Error::NotARecord), or the errors of [`Error::from_read`].
	pub fn read(input: &mut impl BufRead) -> Result<Self, Error> {
		let (headers, _) = Self::read_to_padding(input)?;
		padding::skip(input)?;
		Ok(headers)
	}

	/// Reads the headers, up to the padding's first line, which is included. Returns the digest of the body's index, too.
	pub(crate) fn read_to_padding(
		input: &mut impl BufRead,
	) -> Result<(Self, Option<IndexDigest>), Error> {
		let mut fields = Fields::default();
		loop {
			let line = line::read(input)?;
			if line.is_empty() {
				return Err(Error::NotARecord("it has no padding"));
			}
			let line = str::from_utf8(&line)
				.map_err(|_| Error::NotARecord("its headers are not UTF-8"))?;
			let (name, value) =
				line.split_once(':').ok_or(Error::NotARecord("a header has no name"))?;
			if name.eq_ignore_ascii_case(padding::NAME) {
				if !padding::is_line(value.as_bytes()) {
					return Err(Error::NotARecord("its padding says something"));
				}
				return fields.finish();
			}
			fields.take(name, value.strip_prefix(' ').unwrap_or(value))?;
		}
	}
}

const FILE_NAME: &str = "; filename*=UTF-8''";

/// The headers seen so far, each at most once.
#[derive(Default)]
struct Fields {
	version: Option<()>,
	title: Option<String>,
	date: Option<i64>,
	media_type: Option<String>,
	disposition: Option<Option<String>>,
	encoding: Option<()>,
	index: Option<IndexDigest>,
}

impl Fields {
	fn take(&mut self, name: &str, value: &str) -> Result<(), Error> {
		match name.to_ascii_lowercase().as_str() {
			"mime-version" => once(&mut self.version, (value == "1.0").then_some(())),
			"subject" => {
				let title = text::plain(value);
				once(&mut self.title, (title.len() <= MAX_TITLE).then_some(title))
			},
			"date" => {
				let time = DateTimeParser::new().parse_timestamp(value);
				once(&mut self.date, time.ok().map(Timestamp::as_second))
			},
			"content-type" => {
				once(&mut self.media_type, is_media_type(value).then(|| value.to_owned()))
			},
			"content-disposition" => once(&mut self.disposition, disposition(value)),
			"content-transfer-encoding" => {
				once(&mut self.encoding, (value == "binary").then_some(()))
			},
			_ if name.eq_ignore_ascii_case(INDEX) => once(&mut self.index, index_digest(value)),
			_ => Err(Error::NotARecord("it has a header that no record has")),
		}
	}

	fn finish(self) -> Result<(Headers, Option<IndexDigest>), Error> {
		let (Some(()), Some(()), Some(title), Some(media_type)) =
			(self.version, self.encoding, self.title, self.media_type)
		else {
			return Err(Error::NotARecord("it lacks a header that every record has"));
		};
		let file_name = self.disposition.flatten();
		let headers = Headers { title, media_type, file_name, written_at: self.date };
		Ok((headers, self.index))
	}
}

fn once<T>(place: &mut Option<T>, value: Option<T>) -> Result<(), Error> {
	let value = value.ok_or(Error::NotARecord("the value of a header is not allowed"))?;
	match place.replace(value) {
		None => Ok(()),
		Some(_) => Err(Error::NotARecord("it has a header twice")),
	}
}

/// The file name, if there is one; `None` for any other disposition.
fn disposition(value: &str) -> Option<Option<String>> {
	match value.strip_prefix("attachment")? {
		"" => Some(None),
		parameter => {
			let name = file_name::decode(parameter.strip_prefix(FILE_NAME)?)?;
			Some(Some(safe_file_name(&name)))
		},
	}
}

fn index_digest(value: &str) -> Option<IndexDigest> {
	let mut digest = [0; 32];
	let is_lower = !value.bytes().any(|byte| byte.is_ascii_uppercase());
	(is_lower && hex::decode_to_slice(value, &mut digest).is_ok()).then_some(digest)
}

/// A date as RFC 5322 writes it, in UTC.
fn date(seconds: i64) -> Option<String> {
	DateTimePrinter::new().timestamp_to_string(&Timestamp::from_second(seconds).ok()?).ok()
}

fn is_media_type(text: &str) -> bool {
	let (essence, charset) = match text.split_once("; charset=") {
		Some((essence, charset)) => (essence, Some(charset)),
		None => (text, None),
	};
	text.len() <= MAX_MEDIA_TYPE
		&& charset.is_none_or(is_token)
		&& essence
			.split_once('/')
			.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// RFC 2045, §5.1.
fn is_token(text: &str) -> bool {
	!text.is_empty()
		&& text.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte))
}
