//! The few facts of a DICOM file that name a record (DICOM PS3.5, PS3.10), from its beginning. Image data is not looked at.

use sha2::{Digest as _, Sha256};

/// The number of bytes at a file's beginning that hold its facts, as good as always.
pub const FACTS: u64 = 128 * 1024;

/// The bytes before the mark of a DICOM file, and the mark.
const PREAMBLE: usize = 128;
const MARK: &[u8] = b"DICM";

/// How deep sequences are looked into, to skip them.
const DEEPEST: usize = 16;

/// A length that is not given: an end stands behind the value.
const UNDEFINED: u32 = u32::MAX;

/// The transfer syntaxes that are not explicit in little endian.
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";

/// The class of a directory of a medium: a file called DICOMDIR.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// The elements that are read.
const CLASS: (u16, u16) = (0x0002, 0x0002);
const SYNTAX: (u16, u16) = (0x0002, 0x0010);
const CHARACTERS: (u16, u16) = (0x0008, 0x0005);
const STUDY_DATE: (u16, u16) = (0x0008, 0x0020);
const MODALITY: (u16, u16) = (0x0008, 0x0060);
const STUDY_TEXT: (u16, u16) = (0x0008, 0x1030);
const SERIES_TEXT: (u16, u16) = (0x0008, 0x103e);
const NAME: (u16, u16) = (0x0010, 0x0010);
const NUMBER: (u16, u16) = (0x0010, 0x0020);
const STUDY: (u16, u16) = (0x0020, 0x000d);
/// The last group that is read.
const LAST: u16 = 0x0020;

/// The ends and beginnings inside sequences.
const ITEM: (u16, u16) = (0xfffe, 0xe000);
const ITEM_END: (u16, u16) = (0xfffe, 0xe00d);
const SEQUENCE_END: (u16, u16) = (0xfffe, 0xe0dd);

/// What a DICOM file says of itself. None of it is the patient's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
	/// The study's identifier; none in a directory.
	pub(super) study: Option<String>,
	/// Whether this is the directory of a medium.
	pub(super) is_directory: bool,
	/// A digest of the patient's number or name, to tell people apart.
	pub(super) person: Option<[u8; 32]>,
	description: Option<String>,
	modality: Option<String>,
	date: Option<String>,
}

impl Facts {
	/// The study's description, kind and date, as far as the file has them.
	pub(super) fn title(&self) -> Option<String> {
		let parts = [&self.description, &self.modality, &self.date];
		let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
		(!parts.is_empty()).then(|| parts.join(", "))
	}
}

/// A title for a DICOM file, from its first bytes, at most [`FACTS`]: the study's description, modality and date. Never the
/// patient's name. Nothing if it is no DICOM file, or says none of this.
pub fn dicom_title(beginning: &[u8]) -> Option<String> {
	facts(beginning)?.title()
}

/// Whether a file with these first bytes is a DICOM file.
pub(super) fn is_dicom(beginning: &[u8]) -> bool {
	facts(beginning).is_some()
}

/// What follows the mark of a DICOM file. Some programs leave the preamble out.
fn after_mark(beginning: &[u8]) -> Option<&[u8]> {
	let preamble = beginning.get(PREAMBLE..).and_then(|rest| rest.strip_prefix(MARK));
	preamble.or_else(|| beginning.strip_prefix(MARK))
}

/// The facts of a file with these first bytes; nothing if it is no DICOM file. One without the mark has to name its study.
pub(super) fn facts(beginning: &[u8]) -> Option<Facts> {
	let mut found = Found::default();
	let marked = after_mark(beginning);
	let mut elements =
		Elements { bytes: marked.unwrap_or(beginning), is_explicit: true, is_big: false };
	// Some devices write the data alone: it begins with the group of identifiers.
	let is_turned = elements.peek_group() == Some(0x0800);
	if marked.is_none() && !is_turned && !matches!(elements.peek_group(), Some(0x0002 | 0x0008)) {
		return None;
	}
	while elements.peek_group() == Some(0x0002) {
		let Some(element) = elements.next(0) else { break };
		found.take(element);
	}
	let (is_explicit, is_big) = match found.syntax.as_deref() {
		Some(IMPLICIT) => (false, false),
		Some(BIG_ENDIAN) => (true, true),
		Some(_) => (true, false),
		None => (elements.names_kinds(), is_turned),
	};
	// What is compressed as a whole says nothing.
	if found.syntax.as_deref() != Some(DEFLATED) {
		found.take_all(Elements { is_explicit, is_big, ..elements });
	}
	let facts = found.facts();
	(marked.is_some() || facts.study.is_some()).then_some(facts)
}

/// The values found so far.
#[derive(Default)]
struct Found {
	class: Option<String>,
	syntax: Option<String>,
	characters: Option<String>,
	date: Option<String>,
	modality: Option<String>,
	study_text: Option<Vec<u8>>,
	series_text: Option<Vec<u8>>,
	name: Option<Vec<u8>>,
	number: Option<Vec<u8>>,
	study: Option<String>,
}

impl Found {
	/// Takes the elements up to the last group that is of interest.
	fn take_all(&mut self, mut elements: Elements<'_>) {
		while elements.peek_group().is_some_and(|group| group <= LAST) {
			let Some(element) = elements.next(0) else { break };
			self.take(element);
		}
	}

	fn take(&mut self, element: Element<'_>) {
		let value = trimmed(element.value);
		if value.is_empty() {
			return;
		}
		let ascii = || String::from_utf8(value.to_vec()).ok().filter(|text| text.is_ascii());
		match element.tag {
			CLASS => self.class = ascii(),
			SYNTAX => self.syntax = ascii(),
			CHARACTERS => self.characters = ascii(),
			STUDY_DATE => self.date = ascii().and_then(|text| day(&text)),
			MODALITY => self.modality = ascii().filter(|text| is_code(text)),
			STUDY_TEXT => self.study_text = Some(value.to_vec()),
			SERIES_TEXT => self.series_text = Some(value.to_vec()),
			NAME => self.name = Some(value.to_vec()),
			NUMBER => self.number = Some(value.to_vec()),
			STUDY => self.study = ascii().filter(|text| is_identifier(text)),
			_ => {},
		}
	}

	fn facts(self) -> Facts {
		let characters = self.characters.as_deref().unwrap_or_default();
		let texts = [self.study_text, self.series_text].into_iter().flatten();
		let description = texts.filter_map(|text| line(&text, characters)).next();
		let person = self.number.or(self.name).map(|who| Sha256::digest(who).into());
		Facts {
			study: self.study,
			is_directory: self.class.as_deref() == Some(DIRECTORY),
			person,
			description,
			modality: self.modality,
			date: self.date,
		}
	}
}

/// A value without the spaces and zeros that fill it up.
fn trimmed(mut value: &[u8]) -> &[u8] {
	while let [rest @ .., b' ' | 0] = value {
		value = rest;
	}
	value.trim_ascii_start()
}

/// A text of one line, if its characters are known here: ASCII, Latin 1, or UTF-8.
fn line(text: &[u8], characters: &str) -> Option<String> {
	let text = match characters {
		// An escape changes the characters within the text (ISO 2022).
		_ if text.contains(&0x1b) => return None,
		_ if text.is_ascii() => String::from_utf8(text.to_vec()).ok()?,
		"ISO_IR 192" => String::from_utf8(text.to_vec()).ok()?,
		"ISO_IR 100" | "ISO 2022 IR 100" => text.iter().copied().map(char::from).collect(),
		_ => return None,
	};
	let text = text.replace(['^', '_'], " ");
	let words: Vec<&str> = text.split_whitespace().collect();
	let text: String =
		words.join(" ").chars().filter(|letter| !letter.is_control()).take(64).collect();
	(!text.is_empty()).then_some(text)
}

/// A date (`20260302`) as ISO 8601 writes it.
fn day(text: &str) -> Option<String> {
	let is_date = text.len() == 8 && text.bytes().all(|digit| digit.is_ascii_digit());
	let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
	let within =
		|text: &str, most: u8| text.parse::<u8>().is_ok_and(|one| (1..=most).contains(&one));
	(is_date && within(month, 12) && within(day, 31)).then(|| format!("{year}-{month}-{day}"))
}

/// A code such as `CT`.
fn is_code(text: &str) -> bool {
	text.len() <= 16
		&& text
			.bytes()
			.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// An identifier (PS3.5, §9): numbers with dots between them.
fn is_identifier(text: &str) -> bool {
	text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// An element whose value has a length.
struct Element<'a> {
	tag: (u16, u16),
	value: &'a [u8],
}

/// The elements at the beginning of these bytes. They end where the bytes do, or make no sense any more.
#[derive(Clone, Copy)]
struct Elements<'a> {
	bytes: &'a [u8],
	is_explicit: bool,
	is_big: bool,
}

impl<'a> Elements<'a> {
	fn peek_group(&self) -> Option<u16> {
		let mut copy = *self;
		copy.u16()
	}

	/// Whether the first element names its kind, two capital letters: it is explicit then.
	fn names_kinds(&self) -> bool {
		self.bytes.get(4..6).is_some_and(|kind| kind.iter().all(u8::is_ascii_uppercase))
	}

	/// The next element. The value of one of undefined length is empty: all of it is skipped.
	fn next(&mut self, depth: usize) -> Option<Element<'a>> {
		let tag = (self.u16()?, self.u16()?);
		let (length, is_explicit) = self.length(tag)?;
		if length != UNDEFINED {
			return Some(Element { tag, value: self.take(usize::try_from(length).ok()?)? });
		}
		if depth >= DEEPEST {
			return None;
		}
		// What is unknown is implicit inside (PS3.5, §6.2.2).
		let mut inside = Self { is_explicit, ..*self };
		inside.skip_items(depth)?;
		self.bytes = inside.bytes;
		Some(Element { tag, value: &[] })
	}

	/// The length of an element with this tag, and whether what is in it is explicit, too.
	fn length(&mut self, tag: (u16, u16)) -> Option<(u32, bool)> {
		if !self.is_explicit || tag.0 == ITEM.0 {
			return Some((self.u32()?, self.is_explicit));
		}
		match self.take(2)? {
			b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UR"
			| b"UT" | b"UV" => {
				self.take(2)?;
				Some((self.u32()?, true))
			},
			b"UN" => {
				self.take(2)?;
				Some((self.u32()?, false))
			},
			_ => Some((self.u16()?.into(), true)),
		}
	}

	/// Skips the items of a sequence of undefined length, and its end.
	fn skip_items(&mut self, depth: usize) -> Option<()> {
		loop {
			let tag = (self.u16()?, self.u16()?);
			let length = self.u32()?;
			match tag {
				SEQUENCE_END => return Some(()),
				ITEM if length != UNDEFINED => {
					self.take(usize::try_from(length).ok()?)?;
				},
				ITEM => while self.next(depth + 1)?.tag != ITEM_END {},
				_ => return None,
			}
		}
	}

	fn take(&mut self, count: usize) -> Option<&'a [u8]> {
		let (taken, rest) = self.bytes.split_at_checked(count)?;
		self.bytes = rest;
		Some(taken)
	}

	fn u16(&mut self) -> Option<u16> {
		let bytes = self.take(2)?.try_into().ok()?;
		Some(if self.is_big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
	}

	fn u32(&mut self) -> Option<u32> {
		let bytes = self.take(4)?.try_into().ok()?;
		Some(if self.is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
	}
}

#[cfg(test)]
pub(super) mod tests;
