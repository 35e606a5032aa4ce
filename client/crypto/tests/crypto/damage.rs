//! Files that were cut, changed, mixed or made for others.

use std::io::Read;

use medblock_crypto::{CHUNK, Error, FileKey, Key, check_header, open, peek};

use crate::support::{body, identity, key, read_with_1, record, record_to};

/// A file of three chunks, and where its parts begin.
struct File {
	bytes: Vec<u8>,
	nonce: usize,
	chunks: [usize; 3],
}

fn file() -> File {
	let bytes = record(&body(2 * CHUNK));
	let nonce = check_header(&bytes).unwrap();
	let first = nonce + 16;
	File { bytes, nonce, chunks: [0, 1, 2].map(|chunk| first + chunk * (CHUNK + 16)) }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
	let File { bytes, chunks: [first, second, third], .. } = file();
	for cut in 0..first {
		let refused = read_with_1(&bytes[..cut]);
		assert!(matches!(refused, Err(Error::Truncated)), "{cut}: {:?}", refused.err());
	}
	let last = bytes.len() - 1;
	for cut in [first, first + 15, first + 16, second - 1, second, third - 1, third, last] {
		let refused = read_with_1(&bytes[..cut]);
		assert!(matches!(refused, Err(Error::Damaged)), "{cut}: {:?}", refused.err());
	}
	assert!(read_with_1(&bytes).is_ok());
}

#[test]
fn a_changed_bit_anywhere_is_noticed() {
	let File { bytes, nonce, chunks: [first, second, third] } = file();
	let refused = |position: usize, bit: u8| {
		let mut changed = bytes.clone();
		changed[position] ^= bit;
		read_with_1(&changed).err().unwrap_or_else(|| panic!("{position} goes unnoticed"))
	};
	// The version, the stanza's mark and its kind, ends of lines.
	for position in [0, 20, 21, 22, 25, 38, 39, 1_534, 1_578] {
		let error = refused(position, 0x01);
		let expected = matches!(error, Error::NotAnAgeFile | Error::NotForThisKey);
		assert!(expected, "{position}: {error}");
	}
	// The stanza's argument and body: as if for another key, or no longer base64.
	for position in [40, 800, 1_532, 1_535, 1_576] {
		for bit in [0x01, 0x02, 0x20] {
			let error = refused(position, bit);
			let expected = matches!(error, Error::NotAnAgeFile | Error::NotForThisKey);
			assert!(expected, "{position}: {error}");
		}
	}
	// The stanza that no key opens: its mark, its kind and its end.
	let grease = 1_579;
	for position in [grease, grease + 3, nonce - 49] {
		let error = refused(position, 0x01);
		let expected = matches!(error, Error::NotAnAgeFile | Error::HeaderMac);
		assert!(expected, "{position}: {error}");
	}
	// The MAC.
	for position in [nonce - 44, nonce - 20, nonce - 2] {
		let error = refused(position, 0x02);
		assert!(matches!(error, Error::HeaderMac | Error::NotAnAgeFile), "{position}: {error}");
	}
	// The nonce, and each chunk's bytes and tag.
	for position in [nonce, first - 1, first, second - 17, second - 16, second - 1]
		.into_iter()
		.chain([second, third - 1, third, bytes.len() - 17, bytes.len() - 16, bytes.len() - 1])
	{
		let error = refused(position, 0x80);
		assert!(matches!(error, Error::Damaged), "{position}: {error}");
	}
}

#[test]
fn every_bit_of_the_header_counts() {
	let file = record(b"body");
	let end = check_header(&file).unwrap();
	// Every bit of the parts that are short, and here and there one of the long argument.
	let bits = (0..end).flat_map(|position| {
		let all = !(50..1_530).contains(&position);
		(0..8).filter(move |bit| all || *bit == position % 97).map(move |bit| (position, bit))
	});
	for (position, bit) in bits {
		let mut changed = file.clone();
		changed[position] ^= 1 << bit;
		assert!(read_with_1(&changed).is_err(), "bit {bit} of byte {position}");
	}
}

#[test]
fn nothing_is_given_from_a_bad_chunk_on() {
	let File { mut bytes, chunks: [_, second, _], .. } = file();
	bytes[second + 5] ^= 1;
	let identities = [identity(1)];
	let (_, mut reader) = open(Key::Identities(&identities), &bytes[..]).unwrap();
	let mut given = Vec::new();
	let error = reader.read_to_end(&mut given).unwrap_err();
	assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
	assert!(matches!(Error::from_read(error), Error::Damaged));
	let expected = body(2 * CHUNK);
	assert!(given.len() < CHUNK && given == expected[..given.len()]);
	for _ in 0..3 {
		let again = reader.read(&mut [0; 100]).unwrap_err();
		assert!(matches!(Error::from_read(again), Error::Damaged));
	}
}

#[test]
fn chunks_cannot_be_swapped_dropped_doubled_or_added() {
	let File { bytes, chunks: [first, second, third], .. } = file();
	let part = |from: usize, to: usize| &bytes[from..to];
	let (header, one, two, three) =
		(part(0, first), part(first, second), part(second, third), part(third, bytes.len()));
	for mixed in [
		[header, two, one, three].concat(),
		[header, one, three].concat(),
		[header, one, one, two, three].concat(),
		[header, one, two, three, three].concat(),
		[header, one, two, three, b"x"].concat(),
		[header, one, two, three, &[0; CHUNK]].concat(),
		[header, three].concat(),
	] {
		assert!(matches!(read_with_1(&mixed), Err(Error::Damaged)));
	}
}

#[test]
fn bytes_after_a_last_chunk_that_is_full_are_noticed() {
	// Where the plaintext fills its chunks exactly: above 1 MiB it always does.
	let whole = record(&body((1 << 20) + 10));
	assert!(read_with_1(&whole).is_ok());
	for extra in [1, 15, 16, 17, CHUNK + 16] {
		let longer = [&whole[..], &vec![0; extra]].concat();
		assert!(matches!(read_with_1(&longer), Err(Error::Damaged)), "{extra}");
	}
	// A chunk less is a whole number of chunks, too.
	assert!(matches!(read_with_1(&whole[..whole.len() - CHUNK - 16]), Err(Error::Damaged)));
}

#[test]
fn the_content_of_another_file_is_noticed() {
	let (one, other) = (record(b"one"), record(b"other"));
	let header = check_header(&one).unwrap();
	let swapped = [&one[..header], &other[header..]].concat();
	assert!(matches!(read_with_1(&swapped), Err(Error::Damaged)));
	let refused = peek(Key::Identities(&[identity(1)]), &swapped);
	assert!(matches!(refused, Err(Error::Damaged)));
}

#[test]
fn a_file_for_another_key_is_told_from_a_damaged_one() {
	let file = record_to(&[key(2), key(3)], b"body");
	assert!(matches!(read_with_1(&file), Err(Error::NotForThisKey)));
}

#[test]
fn another_files_key_does_not_open() {
	let (file, file_key) = (record(b""), FileKey::from_bytes([0; 16]));
	let refused = open(Key::File(&file_key), &file[..]);
	assert!(matches!(refused, Err(Error::HeaderMac)));
}
