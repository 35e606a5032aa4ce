//! Headers made to hurt a parser.

use std::collections::HashSet;

use age::Encryptor;
use age_core::format::{FileKey, Stanza};
use medblock_crypto::{
	Digest, Error, Key, MAX_HEADER, MAX_RECIPIENTS, check_header, file_key, head_of, open, peek,
};

use crate::support::{identity, key, read, record_to};

const VERSION: &str = "age-encryption.org/v1\n";
const MAC: &str = "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

fn header(stanzas: &str) -> Vec<u8> {
	format!("{VERSION}{stanzas}{MAC}").into_bytes()
}

/// Refused by everything that takes a file.
fn refused(file: &[u8], expected: fn(&Error) -> bool) {
	let key = Key::Identities(&[]);
	let mut digest = Digest::new();
	digest.update(file);
	let errors = [
		check_header(file).err(),
		head_of(file).err(),
		digest.finish().err(),
		peek(key, file).err(),
		open(key, file).err(),
		file_key(&[identity(1)], file).err(),
	];
	for error in errors {
		assert!(error.as_ref().is_some_and(expected), "{error:?}");
	}
}

#[test]
fn the_length_is_that_of_the_header() {
	assert_eq!(check_header(&header("-> kind\n\n")).unwrap(), header("-> kind\n\n").len());
	let full = format!("-> kind a b\n{}\nAAAA\n", "A".repeat(64));
	let longer = [header(&full), b"and what follows".to_vec()].concat();
	assert_eq!(check_header(&longer).unwrap(), header(&full).len());
}

/// Gives a stanza as long as ours, without the cost of sealing.
struct Cheap;

impl age::Recipient for Cheap {
	fn wrap_file_key(
		&self,
		_: &FileKey,
	) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
		let args = vec!["A".repeat(1_494)];
		let stanza = Stanza { tag: "mlkem768x25519".into(), args, body: vec![0; 32] };
		Ok((vec![stanza], HashSet::new()))
	}
}

/// Its kind has at most 15 characters, its up to 4 arguments 8 each, its body 99 bytes. The library promises none of
/// it: should it change, this test tells.
#[test]
fn every_stanza_that_the_age_library_adds_is_taken() {
	let lengths = |count: usize, files: usize| {
		let keys: Vec<_> = (0..count).map(|_| &Cheap as _).collect();
		let lengths = (0..files).map(|_| {
			let encryptor = Encryptor::with_recipients(keys.iter().copied()).unwrap();
			let mut file = Vec::new();
			encryptor.wrap_output(&mut file).unwrap().finish().unwrap();
			let length = check_header(&file).unwrap_or_else(|error| panic!("{error}: {file:?}"));
			assert_eq!(length, file.len() - 32);
			length
		});
		lengths.collect::<Vec<_>>()
	};
	for (count, files) in [(1, 1_000), (3, 20_000), (MAX_RECIPIENTS, 200)] {
		let ours = VERSION.len() + count * 1_557 + MAC.len();
		let lengths = lengths(count, files);
		let (least, most) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
		assert!(ours + 13 <= *least && *most <= ours + 190, "{least} {most}");
		assert!(*most < MAX_HEADER - 4_096);
		// It is there, and not always the same.
		assert!(most - least > 50);
	}
}

#[test]
fn every_record_of_ours_is_taken() {
	for number in 0..63 {
		let count = 1 + number % MAX_RECIPIENTS;
		let keys: Vec<_> = (1..=count as u8).map(key).collect();
		let file = record_to(&keys, b"body");
		let length = check_header(&file).unwrap();
		let ours = VERSION.len() + count * 1_557 + MAC.len();
		assert!((ours + 13..=ours + 190).contains(&length), "{length}");
		assert!(head_of(&file).is_ok());
		let last = [identity(count as u8)];
		assert!(file_key(&last, &file).is_ok());
		assert_eq!(read(Key::Identities(&last), &file).unwrap().1, b"body");
	}
}

#[test]
fn a_header_of_105_kib_is_refused() {
	let line = format!("{}\n", "A".repeat(64));
	let bomb = header(&format!("-> kind\n{}\n", line.repeat(105 * 1024 / 65)));
	assert!(bomb.len() > MAX_HEADER);
	refused(&bomb, |error| matches!(error, Error::HeaderTooLong));

	// As long as is allowed, and one byte longer.
	let with_argument = |length: usize| header(&format!("-> {}\n\n", "a".repeat(length)));
	let most = MAX_HEADER - with_argument(0).len();
	assert_eq!(check_header(&with_argument(most)).unwrap(), MAX_HEADER);
	refused(&with_argument(most + 1), |error| matches!(error, Error::HeaderTooLong));
}

#[test]
fn lines_without_an_end_are_refused() {
	let endless = format!("{VERSION}-> {}", "a".repeat(10 << 20));
	refused(endless.as_bytes(), |error| matches!(error, Error::HeaderTooLong));
	let endless = format!("{VERSION}-> kind\n{}", "A".repeat(10 << 20));
	refused(endless.as_bytes(), |error| matches!(error, Error::HeaderTooLong));
	refused(&vec![b'a'; 10 << 20], |error| matches!(error, Error::NotAnAgeFile));
	refused(&vec![0; 10 << 20], |error| matches!(error, Error::NotAnAgeFile));
}

/// As long as 64 stanzas of our kind, without the one that the age library makes up.
#[test]
fn sixty_four_stanzas_of_our_kind_fit() {
	let ours = format!("-> mlkem768x25519 {}\n{}\n", "A".repeat(1_494), "A".repeat(43));
	let most = header(&ours.repeat(64));
	assert_eq!(check_header(&most).unwrap(), most.len());
	assert!(most.len() < MAX_HEADER);
}

#[test]
fn sixty_five_stanzas_are_refused() {
	assert!(check_header(&header(&"-> kind\n\n".repeat(64))).is_ok());
	refused(&header(&"-> kind\n\n".repeat(65)), |error| matches!(error, Error::TooManyStanzas));
	refused(&header(&"-> kind\n\n".repeat(1_000)), |error| matches!(error, Error::TooManyStanzas));
}

#[test]
fn other_beginnings_are_no_age_files() {
	for beginning in [
		"age-encryption.org/v2\n-> kind\n\n",
		"age-encryption.org/v1\r\n-> kind\n\n",
		"-----BEGIN AGE ENCRYPTED FILE-----\n",
		"%PDF-1.7\n",
		" age-encryption.org/v1\n",
	] {
		refused(beginning.as_bytes(), |error| matches!(error, Error::NotAnAgeFile));
	}
	for cut in [0, 1, 21, 22] {
		refused(&VERSION.as_bytes()[..cut], |error| matches!(error, Error::Truncated));
	}
}

#[test]
fn a_malformed_header_is_refused() {
	let full = "A".repeat(64);
	for stanzas in [
		"",
		"\n",
		"-> \n\n",
		"->\n\n",
		"-> kind \n\n",
		"-> kind  two\n\n",
		"-> kind\r\n\n",
		"-> kind\t\n\n",
		"-> kïnd\n\n",
		"-> kind\nA\n",
		"-> kind\nAB\n",
		"-> kind\nAA==\n",
		"-> kind\nA-_A\n",
		"-> kind\nAA AA\n",
		&format!("-> kind\n{full}AAAA\n"),
		// A full line has to be followed by another one.
		&format!("-> kind\n{full}\n"),
		"stray\n-> kind\n\n",
	] {
		refused(&header(stanzas), |error| matches!(error, Error::NotAnAgeFile));
	}
	for mac in [
		"---\n",
		"--- \n",
		"--- AAAA\n",
		// One character more, and bits set that mean nothing.
		"--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
		"--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
		"---AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
	] {
		let file = format!("{VERSION}-> kind\n\n{mac}");
		refused(file.as_bytes(), |error| matches!(error, Error::NotAnAgeFile));
	}
}

#[test]
fn a_header_without_content_has_no_head() {
	let mut file = header("-> kind\n\n");
	file.resize(file.len() + 31, 0);
	assert!(matches!(head_of(&file), Err(Error::Truncated)));
	file.push(0);
	assert!(head_of(&file).is_ok());
}
