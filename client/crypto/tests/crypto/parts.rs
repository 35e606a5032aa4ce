//! Parts of a record, and the digest of its index.

use medblock_crypto::{
	CHUNK, Error, Key, PEEK_LENGTH, Parts, encrypt_indexed, file_key, peek, peek_index,
};

use crate::support::{body, headers, identity, key, read_with_1, record};

const STORED: usize = CHUNK + 16;

fn parts(file: &[u8]) -> Parts {
	let beginning = &file[..file.len().min(PEEK_LENGTH as usize)];
	Parts::new(Key::Identities(&[identity(1)]), beginning, file.len() as u64).unwrap()
}

/// A part of the plaintext, from the fewest bytes.
fn part(file: &[u8], from: u64, to: u64) -> Result<Vec<u8>, Error> {
	let parts = parts(file);
	let held = parts.holding(&(from..to)).expect("it is in there");
	let bytes = &file[held.start as usize..held.end as usize];
	assert!(bytes.len() < (to - from) as usize + 2 * STORED, "no more than is needed");
	Ok(parts.open(&(from..to), bytes)?.to_vec())
}

#[test]
fn every_part_is_what_the_whole_has_there() {
	for length in [0, 1, CHUNK, 3 * CHUNK + 5, 20 * CHUNK] {
		let body = body(length);
		let file = record(&body);
		let whole = parts(&file).length();
		let before = whole - length as u64;
		for (from, to) in [
			(before, whole),
			(whole.saturating_sub(1), whole),
			(before, (before + 10).min(whole)),
			((whole / 2 / CHUNK as u64) * CHUNK as u64, whole),
			(CHUNK as u64, 2 * CHUNK as u64),
			(CHUNK as u64 - 1, CHUNK as u64 + 1),
		] {
			if from >= to || to > whole || from < before {
				continue;
			}
			let found = part(&file, from, to).unwrap();
			let (from, to) = ((from - before) as usize, (to - before) as usize);
			assert!(found == body[from..to], "{length}: {from}..{to}");
		}
	}
}

#[test]
fn a_files_own_key_opens_parts_too() {
	let file = record(b"all well");
	let own = file_key(&[identity(1)], &file).unwrap();
	let parts = Parts::new(Key::File(&own), &file, file.len() as u64).unwrap();
	let part = parts.length() - 8..parts.length();
	let held = parts.holding(&part).unwrap();
	let bytes = &file[held.start as usize..held.end as usize];
	assert_eq!(&parts.open(&part, bytes).unwrap()[..], b"all well");
	let other = Parts::new(Key::Identities(&[identity(2)]), &file, file.len() as u64);
	assert!(matches!(other, Err(Error::NotForThisKey)));
}

#[test]
fn bytes_from_another_place_or_changed_are_no_part() {
	let mut file = record(&body(5 * CHUNK));
	let parts = parts(&file);
	let part = CHUNK as u64..2 * CHUNK as u64;
	let held = parts.holding(&part).unwrap();
	let (from, to) = (held.start as usize, held.end as usize);
	assert_eq!(to - from, STORED);
	for shifted in [from + STORED, from - STORED] {
		let opened = parts.open(&part, &file[shifted..shifted + STORED]);
		assert!(matches!(opened, Err(Error::Damaged)));
	}
	assert!(matches!(parts.open(&part, &file[from..to - 1]), Err(Error::Damaged)));
	file[from + 7] ^= 1;
	assert!(matches!(parts.open(&part, &file[from..to]), Err(Error::Damaged)));
	// A file that was cut after a whole chunk ends with one that is not the last.
	let size = parts.holding(&(0..1)).unwrap().start + 3 * STORED as u64;
	let cut = Parts::new(Key::Identities(&[identity(1)]), &file, size).unwrap();
	let end = cut.length() - 1..cut.length();
	let held = cut.holding(&end).unwrap();
	let bytes = &file[held.start as usize..held.end as usize];
	assert!(matches!(cut.open(&end, bytes), Err(Error::Damaged)));
}

#[test]
fn what_is_not_in_there_is_asked_for_in_vain() {
	let file = record(b"all well");
	let parts = parts(&file);
	let whole = parts.length();
	for (from, to) in [(0, 0), (whole, whole), (0, whole + 1), (5, 4), (u64::MAX, u64::MAX)] {
		assert_eq!(parts.holding(&(from..to)), None);
		assert!(matches!(parts.open(&(from..to), b""), Err(Error::Damaged)));
	}
	for size in [0, 10, PEEK_LENGTH.min(file.len() as u64) / 1_000] {
		let cut = Parts::new(Key::Identities(&[identity(1)]), &file, size);
		assert!(matches!(cut, Err(Error::Truncated)), "{size}");
	}
}

#[test]
fn the_first_chunk_names_the_indexs_digest() {
	let (body, mut file) = (body(200_000), Vec::new());
	let length = body.len() as u64;
	encrypt_indexed(&[key(1)], &headers(), &[0xa5; 32], &body[..], length, &mut file).unwrap();
	let identities = [identity(1)];
	let beginning = &file[..file.len().min(PEEK_LENGTH as usize)];
	let digest = peek_index(Key::Identities(&identities), beginning).unwrap();
	assert_eq!(digest, Some([0xa5; 32]));
	assert!(peek(Key::Identities(&identities), beginning).unwrap() == headers());
	let (found, read) = read_with_1(&file).unwrap();
	assert!(found == headers() && read == body);
	assert_eq!(peek_index(Key::Identities(&identities), &record(&body)).unwrap(), None);
}
