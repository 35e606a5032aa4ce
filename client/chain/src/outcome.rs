//! What came of a transaction.

use crate::{Error, Result};
use subxt::{
	ArcMetadata, SubstrateConfig,
	error::DispatchError,
	events,
	ext::scale_value::{At, Composite, ValueDef},
};

/// Why the chain executed a call and undid it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
	/// The pallet that refused, if it was one.
	pub pallet: Option<String>,
	/// The error's name, such as `StaleEpoch`.
	pub name: String,
	/// What the runtime's documentation says of it.
	pub sentence: String,
}

impl Refusal {
	pub(crate) fn of(error: DispatchError) -> Self {
		let DispatchError::Module(module) = error else {
			let sentence = match error {
				DispatchError::BadOrigin => "this account may not do that".to_owned(),
				ref other => other.to_string(),
			};
			return Self { pallet: None, name: format!("{error:?}"), sentence };
		};
		match module.details() {
			Ok(details) => Self {
				pallet: Some(details.pallet.name().to_owned()),
				name: details.variant.name.clone(),
				sentence: paragraph(&details.variant.docs),
			},
			Err(why) => {
				Self { pallet: None, name: "unknown".to_owned(), sentence: why.to_string() }
			},
		}
	}
}

/// The first paragraph of documentation, as one line in the manner of this crate's own errors: no
/// capital at its beginning, no full stop at its end.
fn paragraph(docs: &[String]) -> String {
	let lines: Vec<&str> =
		docs.iter().map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
	let text = lines.join(" ");
	let text = text.strip_suffix('.').unwrap_or(&text);
	let mut letters = text.chars();
	let Some(first) = letters.next() else { return String::new() };
	// An abbreviation stays as it is.
	match letters.clone().next() {
		Some(second) if second.is_uppercase() => text.to_owned(),
		_ => first.to_lowercase().chain(letters).collect(),
	}
}

/// Something that a transaction brought about.
#[derive(Clone, Debug)]
pub struct Event {
	/// The pallet that says so.
	pub pallet: String,
	/// The event's name, such as `AccessGranted`.
	pub name: String,
	/// Why what this tells of was undone, or not done, though the transaction itself was not: a
	/// decision that the council had carried out, or a runtime that was to be put in force.
	pub refused: Option<Refusal>,
	fields: Composite<()>,
}

impl Event {
	pub(crate) fn of(
		event: &events::Event<'_, SubstrateConfig>,
		metadata: ArcMetadata,
	) -> Result<Self> {
		let fields = event
			.decode_fields_unchecked_as::<Composite<()>>()
			.map_err(|why| Error::refused("the node", why))?;
		Ok(Self {
			pallet: event.pallet_name().to_owned(),
			name: event.event_name().to_owned(),
			refused: match (event.pallet_name(), event.event_name()) {
				("Council", "Executed") => undone(event.field_bytes(), metadata)?,
				("System", "RejectedInvalidAuthorizedUpgrade") => {
					Some(refusal(event.field_bytes().get(HASH..).unwrap_or_default(), metadata)?)
				},
				_ => None,
			},
			fields,
		})
	}

	/// A field that is a number or an id, such as `patient`.
	pub fn number(&self, field: &str) -> Option<u32> {
		let mut value = self.fields.at(field)?;
		// An id is a tuple of one number.
		while let ValueDef::Composite(inner) = &value.value {
			value = inner.values().next()?;
		}
		value.as_u128().and_then(|number| u32::try_from(number).ok())
	}

	/// The name of the variant that a field is, such as `DoctorMissing`.
	pub fn variant(&self, field: &str) -> Option<&str> {
		match &self.fields.at(field)?.value {
			ValueDef::Variant(variant) => Some(&variant.name),
			_ => None,
		}
	}
}

/// Bytes of a hash.
const HASH: usize = 32;

/// Why the call was undone whose hash and outcome these bytes are.
fn undone(bytes: &[u8], metadata: ArcMetadata) -> Result<Option<Refusal>> {
	match bytes.get(HASH..) {
		Some([0]) => Ok(None),
		Some([1, error @ ..]) => refusal(error, metadata).map(Some),
		_ => Err(Error::refused("the node", "its events are not those of this chain")),
	}
}

/// The reason that these bytes are.
fn refusal(error: &[u8], metadata: ArcMetadata) -> Result<Refusal> {
	DispatchError::decode_from(error, metadata)
		.map(Refusal::of)
		.map_err(|why| Error::refused("the node", why))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn first_paragraph_of_documentation_is_the_sentence() {
		let docs = ["The record is sealed to an epoch", "that somebody lost.", "", "More."];
		let docs = docs.map(str::to_owned);
		assert_eq!(paragraph(&docs), "the record is sealed to an epoch that somebody lost");
		assert_eq!(paragraph(&[]), "");
	}
}
