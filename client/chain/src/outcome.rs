//! The outcome of a transaction.

use crate::{AccountId, Error, Result, shape};
use medblock_primitives::Moment;
use subxt::{
	ArcMetadata, SubstrateConfig,
	error::DispatchError,
	events,
	ext::scale_value::{At, Composite, Value, ValueDef},
};

/// The reason why the chain reverted an executed call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
	/// The pallet that refused, if a pallet did.
	pub pallet: Option<String>,
	/// The error's name, such as `StaleEpoch`.
	pub name: String,
	/// The runtime's documentation of the error.
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

/// The first paragraph of documentation, as one line in the style of this crate's own errors:
/// without a capital at its beginning, and without a full stop at its end.
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

/// An event of a transaction.
#[derive(Clone, Debug)]
pub struct Event {
	/// The pallet that emitted the event.
	pub pallet: String,
	/// The event's name, such as `AccessGranted`.
	pub name: String,
	/// The reason why the chain reverted or skipped the action that this event reports, although
	/// the transaction itself succeeded: a council decision, a new runtime, or one item of a desk's batch.
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
				("MedicalRecords", "VerificationRefused") => {
					Some(refusal(event.field_bytes().get(NUMBER..).unwrap_or_default(), metadata)?)
				},
				("FairUse", "SponsorshipRefused") => {
					let item = NUMBER.saturating_add(ACCOUNT);
					Some(refusal(event.field_bytes().get(item..).unwrap_or_default(), metadata)?)
				},
				_ => None,
			},
			fields,
		})
	}

	/// An event as a program tells it that knows its effect, when no node has the event itself any more.
	pub fn recalled(pallet: &str, name: &str, numbers: &[(&str, u32)]) -> Self {
		let fields = numbers.iter().map(|(name, number)| (*name, Value::u128((*number).into())));
		Self {
			pallet: pallet.to_owned(),
			name: name.to_owned(),
			refused: None,
			fields: Composite::named(fields),
		}
	}

	/// A numeric field, or an id, such as `patient`.
	pub fn number(&self, field: &str) -> Option<u32> {
		self.unsigned(field).and_then(|number| u32::try_from(number).ok())
	}

	/// An account, such as `account`.
	pub fn account(&self, field: &str) -> Option<AccountId> {
		let mut value = self.fields.at(field)?;
		loop {
			let ValueDef::Composite(inner) = &value.value else { return None };
			if inner.len() > 1 {
				let bytes = inner.values().map(|byte| u8::try_from(byte.as_u128()?).ok());
				let bytes: Option<Vec<u8>> = bytes.collect();
				return Some(AccountId::from(<[u8; ACCOUNT]>::try_from(bytes?).ok()?));
			}
			value = inner.values().next()?;
		}
	}

	/// A time, such as `expires_at`.
	pub fn moment(&self, field: &str) -> Option<Moment> {
		self.unsigned(field).and_then(|number| Moment::try_from(number).ok())
	}

	fn unsigned(&self, field: &str) -> Option<u128> {
		let mut value = self.fields.at(field)?;
		// An id is a tuple of one number.
		while let ValueDef::Composite(inner) = &value.value {
			value = inner.values().next()?;
		}
		value.as_u128()
	}

	/// The name of a field's variant, such as `DoctorMissing`.
	pub fn variant(&self, field: &str) -> Option<&str> {
		match &self.fields.at(field)?.value {
			ValueDef::Variant(variant) => Some(&variant.name),
			_ => None,
		}
	}
}

/// The length of a hash in bytes.
const HASH: usize = 32;

/// The length of an id in bytes.
const NUMBER: usize = 4;

/// The length of an account in bytes.
const ACCOUNT: usize = 32;

/// The reason why the chain reverted a call, from bytes that hold the call's hash and its outcome.
fn undone(bytes: &[u8], metadata: ArcMetadata) -> Result<Option<Refusal>> {
	match bytes.get(HASH..) {
		Some([0]) => Ok(None),
		Some([1, error @ ..]) => refusal(error, metadata).map(Some),
		_ => Err(Error::refused("the node", "its events are not those of this chain")),
	}
}

/// The reason in these bytes.
fn refusal(error: &[u8], metadata: ArcMetadata) -> Result<Refusal> {
	shape::dispatch_error(error, metadata)
		.map(Refusal::of)
		.ok_or_else(|| Error::refused("the node", "its events are not those of this chain"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn recalled_event_has_the_numbers_of_one_that_was_read() {
		let event =
			Event::recalled("MedicalRecords", "RecordsAdded", &[("first", 7), ("count", 2)]);
		assert_eq!((event.number("first"), event.number("count")), (Some(7), Some(2)));
		assert_eq!(event.number("patient"), None);
	}

	#[test]
	fn account_is_read_within_any_number_of_tuples() {
		let bytes = Value::unnamed_composite((0..32).map(|_| Value::u128(7)));
		for value in [bytes.clone(), Value::unnamed_composite([bytes.clone()])] {
			let event = Event {
				pallet: "FairUse".into(),
				name: "AccountSponsored".into(),
				refused: None,
				fields: Composite::named([("account", value), ("hospital", Value::u128(1))]),
			};
			assert_eq!(event.account("account"), Some(AccountId::from([7; 32])));
			assert_eq!(event.account("hospital"), None);
			assert_eq!(event.account("nobody"), None);
		}
	}

	#[test]
	fn first_paragraph_of_documentation_is_the_sentence() {
		let docs = ["The record is sealed to an epoch", "that the doctor lost.", "", "More."];
		let docs = docs.map(str::to_owned);
		assert_eq!(paragraph(&docs), "the record is sealed to an epoch that the doctor lost");
		assert_eq!(paragraph(&[]), "");
	}
}
