//! A kit of printed sheets: two of three give an account's words back, and one alone says nothing about them.
//!
//! The words' entropy is split over GF(2⁸) (Shamir, 1979). A sheet is a text of words, or one for a QR code:
//!
//! - bytes: 0x10 + number (1 to 3) ‖ kit (2, random) ‖ share (16 to 32) ‖ checksum (4): the first bytes of SHA-256 of
//!   `medblock/v1/sheet` ‖ what is before it;
//! - words: the bytes' bits, eleven for each word of BIP-39's English list, the last filled up with zeros. Their number, 17
//!   to 29, is never one that a recovery phrase has, so that no one takes a sheet for the words themselves;
//! - code: Bech32 with the prefix `medblock-sheet-`, in upper case.

use bip39::Language;
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
	Error, Mnemonic, bech32,
	dividing::{join_bytes, split_bytes},
	hidden::hide,
	words,
};

/// The number of sheets of a kit.
pub const SHEETS: usize = 3;

/// The number of sheets that give the words back.
const NEEDED: usize = 2;

const PREFIX: &str = "medblock-sheet-";
const LABEL: &[u8] = b"medblock/v1/sheet";

/// The bits of a word.
const WORD_BITS: usize = 11;

/// The version, in the upper half of a sheet's first byte.
const VERSION: u8 = 0x10;

/// The bytes before the share, and those after it.
const HEAD: usize = 3;
const CHECKSUM: usize = 4;

/// One sheet of a kit.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Sheet {
	number: u8,
	kit: [u8; 2],
	share: Vec<u8>,
}

hide!(Sheet);

impl Sheet {
	/// A new kit for these words. Its sheets do not fit those of a kit that was made before.
	///
	/// # Errors
	///
	/// [`ShareCount`](Error::ShareCount), which the numbers of sheets never cause.
	pub fn print(words: &Mnemonic) -> Result<[Self; SHEETS], Error> {
		let mut kit = [0; 2];
		OsRng.fill_bytes(&mut kit);
		let shares = split_bytes(&words.entropy(), NEEDED, SHEETS)?;
		let sheet = |whole: &Zeroizing<Vec<u8>>| {
			let (number, share) = whole.split_first().unwrap_or((&0, &[]));
			Self { number: *number, kit, share: share.to_vec() }
		};
		let sheets: Vec<Self> = shares.iter().map(sheet).collect();
		sheets.try_into().map_err(|_| Error::NotASheet)
	}

	/// The number, from 1 to 3.
	pub fn number(&self) -> u8 {
		self.number
	}

	/// What sheets that were printed together have in common: four hexadecimal digits.
	pub fn kit(&self) -> String {
		hex::encode(self.kit)
	}

	/// The sheet in words, with spaces between them.
	pub fn words(&self) -> Zeroizing<String> {
		let bytes = self.bytes();
		let list = Language::English.word_list();
		let count = (bytes.len() * 8).div_ceil(WORD_BITS);
		// The list's longest words have eight letters.
		let mut words = Zeroizing::new(String::with_capacity(count * 9));
		for place in 0..count {
			let bits = place * WORD_BITS..(place + 1) * WORD_BITS;
			let index = bits.fold(0, |index, bit| (index << 1) | usize::from(bit_of(&bytes, bit)));
			if !words.is_empty() {
				words.push(' ');
			}
			words.push_str(list[index]);
		}
		words
	}

	/// The sheet as a QR code has it: `MEDBLOCK-SHEET-1…`.
	pub fn code(&self) -> Zeroizing<String> {
		let mut code = bech32::encode(PREFIX, &self.bytes());
		code.make_ascii_uppercase();
		code
	}

	/// Reads a sheet: its code, or its words, as any editor or hand has them.
	///
	/// # Errors
	///
	/// [`UnknownWord`](Error::UnknownWord) and [`NotASheet`](Error::NotASheet). No error repeats a word.
	pub fn parse(text: &str) -> Result<Self, Error> {
		let text = text.trim();
		let begins =
			text.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
		let bytes = match begins {
			true => bech32::decode(PREFIX, text).ok_or(Error::NotASheet)?,
			false => bytes_of_words(text)?,
		};
		Self::read(&bytes).ok_or(Error::NotASheet)
	}

	/// The words that two sheets of a kit give.
	///
	/// # Errors
	///
	/// [`OtherKit`](Error::OtherKit) and [`SameSheet`](Error::SameSheet).
	pub fn join(&self, other: &Self) -> Result<Mnemonic, Error> {
		if self.kit != other.kit || self.share.len() != other.share.len() {
			return Err(Error::OtherKit);
		}
		if self.number == other.number {
			return Err(Error::SameSheet);
		}
		let [one, two] = [self, other].map(Self::numbered);
		let entropy = join_bytes([&one, &two]).ok_or(Error::NotASheet)?;
		Mnemonic::from_entropy(&entropy).ok_or(Error::NotASheet)
	}

	/// The share behind its number.
	fn numbered(&self) -> Zeroizing<Vec<u8>> {
		Zeroizing::new([&[self.number], &self.share[..]].concat())
	}

	fn bytes(&self) -> Zeroizing<Vec<u8>> {
		let first = [VERSION | self.number];
		let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD + self.share.len() + CHECKSUM));
		bytes.extend_from_slice(&first);
		bytes.extend_from_slice(&self.kit);
		bytes.extend_from_slice(&self.share);
		let checksum = checksum(&bytes);
		bytes.extend_from_slice(&checksum);
		bytes
	}

	fn read(bytes: &[u8]) -> Option<Self> {
		let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
		let (head, share) = content.split_at_checked(HEAD)?;
		let [first, kit @ ..] = head else { return None };
		let number = first ^ VERSION;
		let is_whole = sum == checksum(content)
			&& (1..=SHEETS).contains(&usize::from(number))
			&& [16, 20, 24, 28, 32].contains(&share.len());
		let kit = kit.try_into().ok()?;
		is_whole.then(|| Self { number, kit, share: share.to_vec() })
	}
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM] {
	let digest = Sha256::new().chain_update(LABEL).chain_update(content).finalize();
	let mut sum = [0; CHECKSUM];
	sum.copy_from_slice(&digest[..CHECKSUM]);
	sum
}

/// A bit of the bytes, the highest of the first one first; none set behind their end.
fn bit_of(bytes: &[u8], bit: usize) -> bool {
	bytes.get(bit / 8).is_some_and(|byte| (byte >> (7 - bit % 8)) & 1 == 1)
}

/// The bytes that words stand for. Only letters count, so that there may be numbers and marks around the words.
fn bytes_of_words(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
	/// More words than any sheet has.
	const TOO_MANY: usize = 32;
	let mut bits = Zeroizing::new(Vec::with_capacity(TOO_MANY * WORD_BITS));
	let words = words::plain(text);
	for (place, word) in words.split(' ').filter(|word| !word.is_empty()).enumerate() {
		if place >= TOO_MANY {
			return Err(Error::NotASheet);
		}
		let index = Language::English.find_word(word).ok_or(Error::UnknownWord(place + 1))?;
		bits.extend((0..WORD_BITS).rev().map(|bit| (index >> bit) & 1 == 1));
	}
	let mut bytes = Zeroizing::new(Vec::with_capacity(bits.len() / 8));
	let mut rest = &bits[..];
	while let Some((eight, after)) = rest.split_at_checked(8) {
		bytes.push(eight.iter().fold(0_u8, |byte, bit| (byte << 1) | u8::from(*bit)));
		rest = after;
	}
	match rest.iter().any(|bit| *bit) {
		true => Err(Error::NotASheet),
		false => Ok(bytes),
	}
}
