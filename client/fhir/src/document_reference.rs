//! A record as a `DocumentReference` (R4).

use crate::{Content, Names, codes, time, types::*};
use medblock_client::{
	Error, access,
	medblock_crypto::Headers,
	medblock_primitives::{Author, Moment, PatientId, Record, RecordIndex, Vaults},
	records::Title,
};
use serde::Serialize;

/// A length as FHIR's `unsignedInt`, which ends at 2 GiB; nothing if it is longer.
fn unsigned_int(length: u64) -> Option<u64> {
	(length <= 0x7fff_ffff).then_some(length)
}

/// A record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReference {
	master_identifier: Identifier,
	identifier: [Identifier; 1],
	status: &'static str,
	pub(crate) subject: Reference,
	date: String,
	pub(crate) author: [Reference; 1],
	#[serde(skip_serializing_if = "Option::is_none")]
	pub(crate) custodian: Option<Reference>,
	#[serde(skip_serializing_if = "Option::is_none")]
	pub(crate) relates_to: Option<[RelatesTo; 1]>,
	content: [Attached; 1],
}

#[derive(Debug, Serialize)]
pub(crate) struct RelatesTo {
	code: &'static str,
	pub(crate) target: Reference,
}

#[derive(Debug, Serialize)]
struct Attached {
	attachment: Attachment,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
	#[serde(skip_serializing_if = "Option::is_none")]
	extension: Option<[Extension; 1]>,
	#[serde(skip_serializing_if = "Option::is_none")]
	content_type: Option<String>,
	#[serde(skip_serializing_if = "Option::is_none")]
	data: Option<Content>,
	#[serde(skip_serializing_if = "Option::is_none")]
	size: Option<u64>,
	#[serde(skip_serializing_if = "Option::is_none")]
	hash: Option<String>,
	#[serde(skip_serializing_if = "Option::is_none")]
	title: Option<String>,
	#[serde(skip_serializing_if = "Option::is_none")]
	creation: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
	url: &'static str,
	value_code: &'static str,
}

/// A reader's knowledge of a record's inside.
#[derive(Debug)]
pub enum About<'a> {
	/// The author's headers.
	Headers(&'a Headers),
	/// The author's headers, and the content.
	Opened(&'a Headers, Content),
	/// Nothing yet: the record is encrypted neither to this reader nor to a key that the patient has sealed to them.
	AwaitingPatient,
	/// Nothing: the record can't be read.
	Unreadable,
}

impl<'a> From<&'a Result<Title, Error>> for About<'a> {
	fn from(title: &'a Result<Title, Error>) -> Self {
		match title {
			Ok(title) => Self::Headers(&title.headers),
			Err(Error::Access(access::Error::AwaitingPatient)) => Self::AwaitingPatient,
			Err(_) => Self::Unreadable,
		}
	}
}

impl Names {
	/// A record of a chart. Its custodian is the hospital that keeps the document now, which need not be the
	/// one that the record names. A withdrawn record is `entered-in-error`, and has no content and no
	/// custodian, whatever `vaults` and `about` are.
	pub fn document_reference(
		&self,
		patient: PatientId,
		index: RecordIndex,
		record: &Record,
		vaults: Option<&Vaults>,
		about: About<'_>,
	) -> DocumentReference {
		let identifier = self.record(patient, index);
		let (status, vaults, attachment) = match record.document {
			Some(_) => ("current", vaults, Attachment::new(about)),
			None => ("entered-in-error", None, Attachment::absent("masked")),
		};
		DocumentReference {
			master_identifier: identifier.clone(),
			identifier: [identifier],
			status,
			subject: self.to_patient(patient),
			date: time::instant(added(record)),
			author: [self.to_author(patient, record.author)],
			custodian: vaults.map(|vaults| self.to_hospital(vaults.home)),
			relates_to: record.in_reply_to.map(|other| {
				[RelatesTo { code: "appends", target: self.to_record(patient, other) }]
			}),
			content: [Attached { attachment }],
		}
	}

	pub(crate) fn to_author(&self, patient: PatientId, author: Author) -> Reference {
		match author {
			Author::Patient => self.to_patient(patient),
			Author::Doctor(doctor) => self.to_doctor(doctor),
			Author::Institution(institution) => self.to_institution(institution),
			Author::Representative(representative) => {
				self.to_representative(patient, representative)
			},
		}
	}
}

/// The time at which a record was added.
pub(crate) fn added(record: &Record) -> Moment {
	Moment::from(record.recorded_at.0).saturating_mul(60_000)
}

impl DocumentReference {
	pub(crate) fn name(&self) -> &Identifier {
		&self.master_identifier
	}
}

impl Attachment {
	fn new(about: About<'_>) -> Self {
		match about {
			About::Headers(headers) => Self::described(headers),
			About::Opened(headers, content) => Self {
				size: unsigned_int(content.length()),
				hash: Some(content.hash().to_owned()),
				// A string of FHIR is never empty.
				data: (content.length() > 0).then_some(content),
				..Self::described(headers)
			},
			About::AwaitingPatient => Self::absent("temp-unknown"),
			About::Unreadable => Self::absent("error"),
		}
	}

	fn described(headers: &Headers) -> Self {
		Self {
			content_type: Some(headers.media_type.clone()),
			title: Some(headers.title.clone()),
			creation: headers.written_at.and_then(time::date_time),
			..Self::default()
		}
	}

	/// An attachment can't be left out, so it says why there is none.
	fn absent(reason: &'static str) -> Self {
		let extension = Extension { url: codes::ABSENT, value_code: reason };
		Self { extension: Some([extension]), ..Self::default() }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn size_is_left_out_where_fhir_has_no_number_for_it() {
		assert_eq!(unsigned_int(0x7fff_ffff), Some(0x7fff_ffff));
		assert_eq!(unsigned_int(0x8000_0000), None);
	}
}
