//! Whether a name is the one that was written.

use super::{Candidate, Error, Named, What};
use crate::{
	Result,
	people::{as_typed, folded},
};
use std::iter;
use unicode_normalization::UnicodeNormalization;

/// A person, hospital or institution that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<T> {
	/// The number.
	pub id: T,
	/// Whether no other can be meant: it was the number, or a whole name that only one has of those whose names the
	/// caller could read, and all of them could be. A program that does not ask should not go on otherwise.
	pub is_certain: bool,
}

impl<T> Found<T> {
	/// The one with this number.
	pub(super) fn by_number(id: T) -> Self {
		Self { id, is_certain: true }
	}

	/// The same, of another type.
	pub(super) fn map<U>(self, to: impl FnOnce(T) -> U) -> Found<U> {
		Found { id: to(self.id), is_certain: self.is_certain }
	}
}

/// One that may be meant.
pub(super) struct Person {
	pub(super) number: u32,
	pub(super) name: String,
	/// What tells people of the same name apart, after a comma.
	pub(super) more: String,
}

impl Person {
	fn candidate(&self) -> Candidate {
		Candidate { number: self.number, text: format!("{}{}", self.name, self.more) }
	}
}

/// The one among these that is named. `are_all` says whether none is missing among them.
pub(super) fn chosen(
	what: What,
	named: &Named,
	people: &[Person],
	are_all: bool,
) -> Result<Found<u32>> {
	let name = match named {
		Named::Number(number) => return Ok(Found::by_number(*number)),
		Named::Name(name) => name,
	};
	let whole: Vec<&Person> = people.iter().filter(|one| is_whole(name, &one.name)).collect();
	let is_whole_name = !whole.is_empty();
	let fitting = match is_whole_name {
		true => whole,
		false => people.iter().filter(|one| is_part(name, &one.name)).collect(),
	};
	match fitting[..] {
		[one] => Ok(Found { id: one.number, is_certain: is_whole_name && are_all }),
		[] => Err(Error::Nobody { what, name: name.clone() }.into()),
		_ => {
			let mut candidates: Vec<Candidate> =
				fitting.iter().map(|one| one.candidate()).collect();
			candidates.sort_unstable_by_key(|one| one.number);
			Err(Error::Several { what, name: name.clone(), candidates }.into())
		},
	}
}

/// Whether this is the whole name. Accents and vowel signs count: without them, two people may have one name.
fn is_whole(wanted: &str, name: &str) -> bool {
	let words = |text: &str| {
		let text = as_typed(text).nfkc().collect::<String>().to_lowercase();
		let mut words: Vec<String> = words_of(&text).map(str::to_owned).collect();
		words.sort_unstable();
		words
	};
	words(wanted) == words(name)
}

/// Whether each word begins one of the name's, or a part of one: many are called by the second part of `Müller-Lüdenscheidt`
/// or `al-Hassan`. Scripts that put no spaces between words have one long word.
fn is_part(wanted: &str, name: &str) -> bool {
	let (wanted, name) = (folded(wanted), folded(name));
	let names: Vec<&str> =
		words_of(&name).flat_map(|word| iter::once(word).chain(parts_of(word))).collect();
	let mut words = words_of(&wanted).peekable();
	words.peek().is_some() && words.all(|word| names.iter().any(|name| name.starts_with(word)))
}

/// What hyphens, apostrophes and dots separate in a word.
fn parts_of(word: &str) -> impl Iterator<Item = &str> {
	word.split(|letter: char| letter.is_ascii_punctuation() || letter == '\u{b7}')
}

/// The words of a text, without what stands around them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
	text.split_whitespace()
		.map(|word| {
			word.trim_matches(|letter: char| letter.is_ascii_punctuation() || is_quote(letter))
		})
		.filter(|word| !word.is_empty())
}

/// Whether the character is a quotation mark of some language.
fn is_quote(letter: char) -> bool {
	matches!(letter, '\u{ab}' | '\u{bb}' | '\u{201a}'..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{300c}'..='\u{300f}')
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn people(names: &[&str]) -> Vec<Person> {
		let person = |(number, name): (u32, &&str)| Person {
			number,
			name: (*name).to_owned(),
			more: String::new(),
		};
		(0..).zip(names).map(person).collect()
	}

	fn found(name: &str, names: &[&str]) -> Result<Found<u32>> {
		chosen(What::Doctor, &Named::Name(name.to_owned()), &people(names), true)
	}

	/// Those who may be meant.
	fn several(name: &str, names: &[&str]) -> Vec<u32> {
		match found(name, names) {
			Err(crate::Error::Name(Error::Several { candidates, .. })) => {
				candidates.iter().map(|one| one.number).collect()
			},
			other => panic!("{other:?}"),
		}
	}

	const DOCTORS: [&str; 4] = ["Dr. Ana Müller", "Dr. Ana Müller-Lüdenscheidt", "Bones", "राम"];

	#[test]
	fn whole_name_means_its_owner_though_others_begin_so() {
		for name in ["Dr. Ana Müller", "dr ana MÜLLER", "Müller, Ana Dr."] {
			assert_eq!(found(name, &DOCTORS).unwrap(), Found { id: 0, is_certain: true }, "{name}");
		}
		assert_eq!(several("Ana M", &DOCTORS), [0, 1]);
	}

	/// A name is copied out of a letter or a web page, or written on a phone.
	#[test]
	fn whole_name_has_other_signs_for_the_same_letters() {
		const NAMES: [&str; 3] =
			["Dr. Seán O'Brien", "Ana Müller\u{2010}Lüdenscheidt", "علی\u{200c}رضا"];
		for (name, id) in [
			("Dr. Seán O\u{2019}Brien", 0),
			("\u{201c}O`Brien\u{201d} Dr. Sea\u{301}n", 0),
			("\u{200e}Dr.\u{a0}Seán O'Bri\u{ad}en\u{200f}", 0),
			("ana müller-lüdenscheidt", 1),
			("Ana Müller\u{2013}Lüdenscheidt", 1),
			("علی\u{200c}رضا", 2),
		] {
			assert_eq!(found(name, &NAMES).unwrap(), Found { id, is_certain: true }, "{name}");
		}
		// Without the joiner it might be another name.
		assert_eq!(found("علیرضا", &NAMES).unwrap(), Found { id: 2, is_certain: false });
		// Both are listed, whatever sign each has.
		assert_eq!(several("O'Brien", &["O\u{2019}Brien", "Ana", "O'Brien"]), [0, 2]);
	}

	#[test]
	fn part_of_a_name_is_enough_and_not_certain() {
		for (name, id) in [("bon", 2), ("ludenscheidt", 1), ("ana mul lud", 1)] {
			let names = ["Dr. Ana Müller", "Ana Müller Lüdenscheidt", "Bones"];
			assert_eq!(found(name, &names).unwrap(), Found { id, is_certain: false }, "{name}");
		}
		// By a part of a word, such as the second family name.
		for name in ["Lüdenscheidt", "Ana Ludenscheidt", "müller-l"] {
			let names = ["Dr. Ana Müller", "Dr. Ana Müller-Lüdenscheidt", "Bones"];
			assert_eq!(found(name, &names).unwrap(), Found { id: 1, is_certain: false }, "{name}");
		}
		for (name, whole) in [("Hassan", "Omar al-Hassan"), ("Brien", "Seán O\u{2019}Brien")] {
			assert!(!found(name, &["Bones", whole]).unwrap().is_certain, "{name}");
		}
		// Letters that few keyboards have don't make it another name for sure.
		for (name, whole) in [("Grossmann", "Dr. Großmann"), ("Lukasz", "Łukasz")] {
			let one = found(name, &["Bones", whole]).unwrap();
			assert_eq!(one, Found { id: 1, is_certain: false }, "{name}");
		}
		// Without its accents, it might be another's.
		assert!(!found("Dr Ana Muller", &["Dr. Ana Müller"]).unwrap().is_certain);
		assert!(
			!found("रमा", &DOCTORS).unwrap().is_certain,
			"another name, of the same consonants"
		);
		assert!(!found("山田", &["山田太郎"]).unwrap().is_certain);
	}

	#[test]
	fn two_of_one_name_are_both_listed_and_nobody_is_chosen() {
		assert_eq!(several("Bones", &["Bones", "Ana", "bones"]), [0, 2]);
		assert!(matches!(
			found("Carla", &DOCTORS),
			Err(crate::Error::Name(Error::Nobody { what: What::Doctor, .. }))
		));
		for empty in ["Dr. Ana Muller X", "nes"] {
			assert!(found(empty, &DOCTORS).is_err(), "{empty}");
		}
	}

	#[test]
	fn name_is_not_certain_while_some_names_are_unread() {
		let (named, people) = (Named::Name("Bones".to_owned()), people(&DOCTORS));
		assert!(!chosen(What::Patient, &named, &people, false).unwrap().is_certain);
		let number = chosen(What::Patient, &Named::Number(9), &people, false).unwrap();
		assert_eq!(number, Found { id: 9, is_certain: true });
	}
}
