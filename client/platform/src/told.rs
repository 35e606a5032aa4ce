//! What an error says, for programs that have sentences of their own in other languages.

use crate::Error;
use std::borrow::Cow;

/// An error's English sentence, and a code by which a program finds the same one in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
	/// The name of a group, a point, and words with hyphens between them: it never changes. None if there is no sentence but
	/// this one.
	pub code: Option<Cow<'static, str>>,
	/// The English sentence, without its first capital and full stop.
	pub sentence: String,
	/// What stands in the sentence, by name: numbers, addresses, others' words.
	pub values: Vec<(&'static str, String)>,
	/// The error behind it, which stands in the sentence as `{cause}`.
	pub cause: Option<Box<Told>>,
}

impl Told {
	/// An error with this code and sentence.
	pub fn new(code: impl Into<Cow<'static, str>>, sentence: impl ToString) -> Self {
		Self { code: Some(code.into()), ..Self::untold(sentence) }
	}

	/// A sentence without a code.
	pub fn untold(sentence: impl ToString) -> Self {
		let (values, sentence) = (Vec::new(), sentence.to_string());
		Self { code: None, sentence, values, cause: None }
	}

	/// With another sentence, which says the same and where it was said.
	#[must_use]
	pub fn saying(self, sentence: impl ToString) -> Self {
		Self { sentence: sentence.to_string(), ..self }
	}

	/// With a value of its sentence.
	#[must_use]
	pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
		self.values.push((name, value.to_string()));
		self
	}

	/// With the error behind it.
	#[must_use]
	pub fn because(self, cause: Told) -> Self {
		Self { cause: Some(Box::new(cause)), ..self }
	}
}

impl Error {
	/// What the error says, with its code.
	pub fn told(&self) -> Told {
		let place = || self.place.clone();
		Told::new("storage.failed", self).with("place", place()).with("why", &self.why)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::io::ErrorKind;

	#[test]
	fn error_of_storage_names_the_place_and_the_reason() {
		let why = Error::cannot("write", "pins.json")(ErrorKind::StorageFull.into());
		let told = why.told();
		assert_eq!(told.code.as_deref(), Some("storage.failed"));
		assert_eq!(told.sentence, why.to_string());
		assert_eq!(told.values[0], ("place", "pins.json".to_owned()));
		let behind = Told::new("copies.not-removed", "no").because(told.clone());
		assert_eq!(behind.cause.as_deref(), Some(&told));
	}
}
