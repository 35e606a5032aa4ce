//! What people type about an entry, a profile or a grant, as changes of what there is.

use crate::{
	cli::{BirthDate, PracticeChange as PracticeText, ProfileText, Rights, Until},
	describe,
	exit::Failure,
};
use medblock_client::{
	Client,
	grants::{NewTerms, Terms},
	medblock_primitives::Moment,
	profiles::{Change, PracticeChange, ProfileChange},
};

/// The end that was typed, counted from the chain's time.
pub async fn end(client: &Client, until: Option<Until>) -> Result<Option<Moment>, Failure> {
	let Some(until) = until else { return Ok(None) };
	let now = client.chain().finalized().await?.now().await?;
	until.after(now).map(Some)
}

/// The end that was typed, or that there is none any more.
pub async fn new_end(
	client: &Client,
	until: Option<Until>,
	clear: bool,
) -> Result<Change<Moment>, Failure> {
	Ok(Change::of(end(client, until).await?, clear))
}

/// The change of a grant's terms.
pub async fn of_grant(client: &Client, rights: Rights) -> Result<NewTerms, Failure> {
	let Rights { append, no_append, until, clear_until } = rights;
	let may_append = match (append, no_append) {
		(true, _) => Some(true),
		(false, true) => Some(false),
		(false, false) => None,
	};
	Ok(NewTerms { may_append, expires_at: new_end(client, until, clear_until).await? })
}

/// A grant's terms, in a sentence.
pub fn told(terms: Terms) -> String {
	let adds = if terms.may_append { "may add records" } else { "may add nothing" };
	match terms.expires_at {
		Some(end) => format!("The doctor {adds}, and access ends at {}.", describe::time(end)),
		None => format!("The doctor {adds}, and access lasts until you revoke it."),
	}
}

impl ProfileText {
	/// Whether something changes.
	pub fn changes(&self) -> bool {
		let Self { name, birth_date, clear_birth_date, contact, clear_contact } = self;
		let named = name.is_some() || birth_date.is_some() || contact.is_some();
		named || *clear_birth_date || *clear_contact
	}
}

impl From<ProfileText> for ProfileChange {
	fn from(text: ProfileText) -> Self {
		let ProfileText { name, birth_date, clear_birth_date, contact, clear_contact } = text;
		let birth_date = match birth_date {
			Some(BirthDate(Some(date))) => Change::To(date),
			Some(BirthDate(None)) => Change::Clear,
			None => Change::of(None, clear_birth_date),
		};
		Self { name, birth_date, contact: text_or_none(contact, clear_contact) }
	}
}

impl From<PracticeText> for PracticeChange {
	fn from(text: PracticeText) -> Self {
		let PracticeText { name, specialty, qualification, since } = text;
		Self { name, specialty, qualification, practising_since: since }
	}
}

/// A text that was typed. An empty one is none.
pub fn text_or_none(text: Option<String>, clear: bool) -> Change<String> {
	match text {
		Some(text) if text.trim().is_empty() => Change::Clear,
		text => Change::of(text, clear),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn typed(birth_date: Option<&str>, clear: bool) -> ProfileText {
		ProfileText {
			name: None,
			birth_date: birth_date.and_then(|text| text.parse().ok()),
			clear_birth_date: clear,
			contact: None,
			clear_contact: false,
		}
	}

	#[test]
	fn what_is_not_typed_stays_and_what_is_empty_is_cleared() {
		for (text, change) in [
			(typed(None, false), Change::Keep),
			(typed(None, true), Change::Clear),
			(typed(Some(""), false), Change::Clear),
			(typed(Some("1980-05"), false), Change::To("1980-05".to_owned())),
		] {
			assert_eq!(text.changes(), change != Change::Keep);
			let made = ProfileChange::from(text);
			assert_eq!((made.birth_date, made.contact), (change, Change::Keep));
		}
		assert_eq!(text_or_none(Some(" ".into()), false), Change::Clear);
		assert_eq!(text_or_none(None, true), Change::Clear);
		assert_eq!(text_or_none(None, false), Change::Keep);
	}

	#[test]
	fn terms_are_told() {
		let endless = told(Terms { may_append: false, expires_at: None });
		assert_eq!(endless, "The doctor may add nothing, and access lasts until you revoke it.");
		let ends = told(Terms { may_append: true, expires_at: Some(0) });
		assert_eq!(ends, "The doctor may add records, and access ends at 1970-01-01 00:00 UTC.");
	}
}
