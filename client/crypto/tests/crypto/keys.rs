use medblock_crypto::{
	EpochSecret, Error, FileKey, Identity, Mnemonic, Root, Seed, ShareKey, check_public_key,
	parse_recipient, recipient_to_bech32,
};
use zeroize::ZeroizeOnDrop;

use crate::support::{identity, key};

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

#[test]
fn a_fresh_phrase_has_24_words_and_reads_back() {
	let phrase = Mnemonic::generate();
	assert_eq!(phrase.words().split(' ').count(), 24);
	let again = Mnemonic::parse(&phrase.words()).unwrap();
	assert_eq!(*again.seed("").account(), *phrase.seed("").account());
	assert_ne!(*Mnemonic::generate().words(), *phrase.words());
}

/// As good as compiled: what holds a secret wipes it.
#[test]
fn secrets_are_wiped_when_they_are_dropped() {
	fn is_wiped<T: ZeroizeOnDrop>() {}
	is_wiped::<Seed>();
	is_wiped::<Root>();
	is_wiped::<Identity>();
	is_wiped::<EpochSecret>();
	is_wiped::<FileKey>();
	is_wiped::<ShareKey>();
}

#[test]
fn case_and_white_space_do_not_matter() {
	let spaced = format!("\n {} \t", WORDS.to_uppercase().replace(' ', " \r\n "));
	assert_eq!(*Mnemonic::parse(&spaced).unwrap().words(), WORDS);
}

/// The same letter at full width.
fn wide(letter: char) -> char {
	match letter.is_ascii_alphabetic() {
		true => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
		false => letter,
	}
}

/// As editors, sheets of paper and other programs write lists of words.
#[test]
fn what_stands_between_the_words_does_not_matter() {
	let words: Vec<&str> = WORDS.split(' ').collect();
	let numbered = |between: &str, after: &str| {
		let lines = words.iter().enumerate().map(|(at, word)| format!("{}{between}{word}", at + 1));
		lines.collect::<Vec<_>>().join(after)
	};
	for list in [
		format!("\u{feff}{WORDS}\r\n"),
		WORDS.replace(' ', "\u{a0}"),
		WORDS.replace(' ', "\u{200b}\n"),
		WORDS.replace(' ', ", "),
		WORDS.replace(' ', "\r"),
		numbered(". ", "\r\n"),
		numbered(") ", "\n"),
		numbered(".", "  "),
		numbered(":\t", "; "),
		numbered("", " "),
		format!("\u{201c}{WORDS}\u{201d}."),
		numbered("º ", "\n"),
		numbered(".ª ", "\n"),
		format!("[\"{}\"]", words.join("\",\"")),
		words.join("\u{85}"),
		words.join("\u{2028}"),
		words.join("\u{3000}"),
		WORDS.replace("curtain", "cur\u{ad}tain").replace("basket", "bas\u{2060}ket"),
		// As keyboards of East Asia and of Turkey have them.
		WORDS.chars().map(wide).collect(),
		WORDS.to_uppercase().chars().map(wide).collect(),
		WORDS.to_uppercase().replace('I', "İ"),
		WORDS.to_uppercase().replace('I', "I\u{307}"),
		WORDS.replace('i', "ı"),
	] {
		let read = Mnemonic::parse(&list);
		assert_eq!(*read.unwrap_or_else(|why| panic!("{list:?}: {why}")).words(), WORDS);
	}
	// A wrong word is counted without the numbers.
	let wrong = numbered(". ", "\n").replace("obey", "obeyy");
	assert!(matches!(Mnemonic::parse(&wrong), Err(Error::UnknownWord(3))));
}

#[test]
fn every_length_of_bip_39_is_taken() {
	let phrases = [
		(12, "abandon ".repeat(11) + "about"),
		(15, "abandon ".repeat(14) + "address"),
		(18, "abandon ".repeat(17) + "agent"),
		(21, "abandon ".repeat(20) + "admit"),
		(24, "abandon ".repeat(23) + "art"),
	];
	for (count, words) in phrases {
		assert_eq!(Mnemonic::parse(&words).unwrap().words().split(' ').count(), count);
	}
}

#[test]
fn a_wrong_phrase_is_refused_without_repeating_it() {
	assert!(matches!(Mnemonic::parse(""), Err(Error::WordCount(0))));
	assert!(matches!(Mnemonic::parse("walk"), Err(Error::WordCount(1))));
	assert!(matches!(Mnemonic::parse(&"walk ".repeat(25)), Err(Error::WordCount(25))));
	let unknown = WORDS.replace("obey", "obeyy");
	assert!(matches!(Mnemonic::parse(&unknown), Err(Error::UnknownWord(3))));
	let swapped = WORDS.replace("bottom drive", "drive bottom");
	assert!(matches!(Mnemonic::parse(&swapped), Err(Error::PhraseChecksum)));
	for words in [unknown, swapped, "ünïcode ".repeat(12)] {
		let said = Mnemonic::parse(&words).err().unwrap().to_string();
		assert!(words.split(' ').all(|word| word.is_empty() || !said.contains(word)), "{said}");
	}
}

#[test]
fn a_password_gives_other_keys() {
	let phrase = Mnemonic::parse(WORDS).unwrap();
	assert_ne!(*phrase.seed("").account(), *phrase.seed("x").account());
}

#[test]
fn identities_and_recipients_read_back() {
	let text = identity(1).to_bech32();
	assert!(text.starts_with("AGE-SECRET-KEY-PQ-1"));
	let again = Identity::parse(&format!(" {}\n", *text)).unwrap();
	assert_eq!(again.public_key(), key(1));

	let text = recipient_to_bech32(&key(1));
	assert!(text.starts_with("age1pq1"));
	assert_eq!(parse_recipient(&format!("{text}\n")).unwrap(), key(1));
}

#[test]
fn other_texts_are_no_identities() {
	let good = identity(1).to_bech32();
	let flipped = good.replacen("PQ-1", "PQ-1Q", 1);
	let long = "A".repeat(100_000);
	// Of X25519, of another length, in mixed case, in Bech32m.
	let x25519 = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
	let mixed = good.replacen("AGE", "age", 1);
	let recipient = recipient_to_bech32(&key(1));
	for text in ["", "1", x25519, &good[..good.len() - 1], &flipped, &long, &mixed, &recipient, "é"]
	{
		assert!(matches!(Identity::parse(text), Err(Error::NotAnIdentity)), "{text}");
	}
}

#[test]
fn other_texts_are_no_recipients() {
	let good = recipient_to_bech32(&key(1));
	let mut flipped = good.clone().into_bytes();
	flipped[1_000] = if flipped[1_000] == b'q' { b'p' } else { b'q' };
	let flipped = String::from_utf8(flipped).unwrap();
	let identity = identity(1).to_bech32();
	for text in ["", "age1pq1", &good[..good.len() - 8], &flipped, &identity, &"a".repeat(1 << 20)]
	{
		assert!(matches!(parse_recipient(text), Err(Error::NotARecipient)));
	}
}

#[test]
fn a_key_that_cannot_be_sealed_to_is_refused() {
	let good = key(1);
	assert_eq!(check_public_key(&good).unwrap(), good);
	for length in [0, 32, 1_184, 1_215] {
		assert!(matches!(check_public_key(&good[..length]), Err(Error::InvalidPublicKey)));
	}
	assert!(matches!(check_public_key(&[&good[..], &[0]].concat()), Err(Error::InvalidPublicKey)));

	// ML-KEM's coefficients have 12 bits and are below 3,329 (FIPS 203, §7.2).
	for index in [0, 1, 383] {
		for (pair, taken) in [
			([0x00, 0x0d, 0xd0], true),
			([0x01, 0x0d, 0x00], false),
			([0x00, 0x10, 0xd0], false),
			([0xff, 0xff, 0xff], false),
		] {
			let mut key = good;
			key[index * 3..index * 3 + 3].copy_from_slice(&pair);
			assert_eq!(check_public_key(&key).is_ok(), taken, "{index} {pair:02x?}");
		}
	}
}
