use std::{
	cell::Cell,
	io::{self, Read, Write},
};

use medblock_crypto::{
	CHUNK, Digest, Error, Headers, Key, MAX_RECIPIENTS, PEEK_LENGTH, Sealed, USUAL_PEEK_LENGTH,
	check_header, encrypt, head_of, open, peek, peek_length,
};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::support::{
	age_file, body, headers, identity, key, read, read_with_1, record, record_to,
};

/// What any age implementation makes of a file for identity 1.
fn plaintext(file: &[u8]) -> Vec<u8> {
	let mut plain = Vec::new();
	age::Decryptor::new_buffered(file)
		.unwrap()
		.decrypt(std::iter::once(&identity(1) as _))
		.unwrap()
		.read_to_end(&mut plain)
		.unwrap();
	plain
}

/// A record of this body comes back whole, and its size is that of the file.
fn round_trip(length: usize) {
	let body = body(length);
	let mut file = Vec::new();
	let sealed = encrypt(&[key(1)], &headers(), &body[..], length as u64, &mut file).unwrap();
	assert_eq!(sealed.size, file.len() as u64, "{length}");
	let (found, read) = read_with_1(&file).unwrap();
	assert!(found == headers() && read == body, "{length}");
	assert!(peek(Key::Identities(&[identity(1)]), &file).unwrap() == headers(), "{length}");
}

#[test]
fn records_of_every_awkward_size_come_back() {
	let steps = [4_096, CHUNK, 2 * CHUNK, 1 << 20, (1 << 20) + CHUNK];
	for length in [0, 1, 2] {
		round_trip(length);
	}
	// Where a chunk is full and where a size steps, with the headers and without.
	for step in steps {
		for taken_off in [0, 200, 220, 240, 260] {
			round_trip(step - taken_off);
		}
		round_trip(step - 1);
		round_trip(step + 1);
	}
}

#[test]
fn sizes_step_and_say_nothing_more() {
	// Of nonce and chunks, but for the header, which differs from file to file.
	let size = |headers: &Headers, length: usize| {
		let (body, mut file) = (body(length), Vec::new());
		encrypt(&[key(1)], headers, &body[..], length as u64, &mut file).unwrap();
		file.len() - check_header(&file).unwrap()
	};
	let length = |body: usize| {
		// Without the tags: of each 65,552 bytes, 65,536 are plaintext.
		let chunks = size(&headers(), body) - 16;
		chunks - chunks.div_ceil(65_552) * 16
	};
	assert_eq!(length(0), 4_096);
	assert_eq!(length(3_000), 4_096);
	assert_eq!(length(4_096), 8_192);
	assert_eq!(length((1 << 20) - 4_096), 1 << 20);
	assert_eq!(length(1 << 20), (1 << 20) + 65_536);
	assert_eq!(length((1 << 20) + 65_000), (1 << 20) + 65_536);
	assert_eq!(plaintext(&record(&body(100_000))).len(), length(100_000));

	// A title's length is hidden as well.
	let long = Headers { title: "x".repeat(256), ..headers() };
	assert_eq!(size(&long, 1_000), size(&headers(), 1_000));
}

#[test]
fn absurd_lengths_do_not_overflow() {
	for length in [u64::MAX, u64::MAX - 4_096, u64::MAX / 2] {
		let refused = encrypt(&[key(1)], &headers(), &b"body"[..], length, io::sink());
		assert!(matches!(refused, Err(Error::BodyLength)));
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

	#[test]
	fn any_record_comes_back(
		length in 0..150_000usize,
		title in "[^\\p{C}\\p{Zl}\\p{Zp}]{1,60}",
		file_name in proptest::option::of("[a-zA-Z0-9äß][a-zA-Z0-9äß ]{0,39}\\.pdf"),
		written_at in proptest::option::of(-62_135_596_800i64..253_402_300_799),
	) {
		prop_assume!(!title.trim().is_empty() && title.len() <= 256);
		let headers = Headers { title, file_name, written_at, media_type: "text/plain".into() };
		let body = body(length);
		let mut file = Vec::new();
		let sealed = encrypt(&[key(1)], &headers, &body[..], length as u64, &mut file).unwrap();
		prop_assert_eq!(sealed.size, file.len() as u64);
		let (found, read) = read_with_1(&file).unwrap();
		prop_assert!(found == headers && read == body);
	}
}

#[test]
fn the_digest_is_of_the_file_and_the_head_of_its_first_chunk() {
	for length in [0, 10, CHUNK, 3 * CHUNK] {
		let body = body(length);
		let mut file = Vec::new();
		let sealed = encrypt(&[key(1)], &headers(), &body[..], length as u64, &mut file).unwrap();
		let first = file.len().min(check_header(&file).unwrap() + 16 + CHUNK + 16);
		let expected = Sealed {
			digest: Sha256::digest(&file).into(),
			head: Sha256::digest(&file[..first])[..16].try_into().unwrap(),
			size: file.len() as u64,
		};
		assert_eq!(sealed, expected);
		let beginning = &file[..file.len().min(PEEK_LENGTH as usize)];
		assert_eq!(head_of(beginning).unwrap(), expected.head);
		for step in [1, 1_000, 65_536, 1 << 20] {
			let mut digest = Digest::new();
			file.chunks(step).for_each(|bytes| digest.update(bytes));
			assert_eq!(digest.finish().unwrap(), expected);
		}
	}
}

#[test]
fn the_beginning_shows_the_headers() {
	let file = record(&body(500_000));
	let first = check_header(&file).unwrap() + 16 + CHUNK + 16;
	for length in [PEEK_LENGTH as usize, first, file.len()] {
		let shown = peek(Key::Identities(&[identity(1)]), &file[..length]).unwrap();
		assert!(shown == headers());
	}
	let refused = peek(Key::Identities(&[identity(2)]), &file);
	assert!(matches!(refused, Err(Error::NotForThisKey)));
}

#[test]
fn each_of_up_to_63_recipients_opens() {
	let keys: Vec<_> = (1..=63).map(key).collect();
	assert_eq!(keys.len(), MAX_RECIPIENTS);
	for count in [1, 2, 3, 63] {
		let file = record_to(&keys[..count], b"body");
		for number in 1..=count as u8 {
			assert_eq!(read(Key::Identities(&[identity(number)]), &file).unwrap().1, b"body");
		}
		let stranger = read(Key::Identities(&[identity(64)]), &file);
		assert!(matches!(stranger, Err(Error::NotForThisKey)));
		assert_eq!(read(Key::Identities(&[identity(64), identity(1)]), &file).unwrap().1, b"body");
	}
}

#[test]
fn some_first_bytes_tell_how_many_are_needed() {
	let keys: Vec<_> = (1..=63).map(key).collect();
	for (count, is_usual) in [(1, true), (9, true), (12, false), (63, false)] {
		let file = record_to(&keys[..count], &body(300_000));
		let needed = peek_length(&file[..USUAL_PEEK_LENGTH as usize]).unwrap();
		assert_eq!(needed <= USUAL_PEEK_LENGTH, is_usual, "{count}");
		assert!(needed <= PEEK_LENGTH);
		let enough = &file[..needed as usize];
		assert_eq!(head_of(enough).unwrap(), head_of(&file).unwrap());
		let last = [identity(count as u8)];
		assert!(peek(Key::Identities(&last), enough).unwrap() == headers());
		// A header that is cut off may be as long as headers get.
		assert_eq!(peek_length(&file[..100]).unwrap(), PEEK_LENGTH);
	}
	assert!(matches!(peek_length(b"%PDF-1.7\n"), Err(Error::NotAnAgeFile)));
}

#[test]
fn no_recipients_and_sixty_four_are_refused_before_anything_is_written() {
	for count in [0, 64] {
		let mut file = Vec::new();
		let refused = encrypt(&vec![key(1); count], &headers(), &b""[..], 0, &mut file);
		assert!(matches!(refused, Err(Error::RecipientCount(found)) if found == count));
		assert!(file.is_empty());
	}
	let mut file = Vec::new();
	let refused = encrypt(&[key(1), [0xff; 1_216]], &headers(), &b""[..], 0, &mut file);
	assert!(matches!(refused, Err(Error::InvalidPublicKey)) && file.is_empty());
}

#[test]
fn a_body_of_another_length_is_refused() {
	for (length, announced) in [(0, 1), (1, 0), (70_000, 70_001), (70_000, 69_999), (200_000, 4)] {
		let refused = encrypt(&[key(1)], &headers(), &body(length)[..], announced, io::sink());
		assert!(matches!(refused, Err(Error::BodyLength)), "{length} {announced}");
	}
}

#[test]
fn failures_to_read_and_to_write_are_told_apart() {
	struct Broken;
	impl Read for Broken {
		fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
			Err(io::Error::other("the disk is gone"))
		}
	}
	impl Write for Broken {
		fn write(&mut self, _: &[u8]) -> io::Result<usize> {
			Err(io::ErrorKind::StorageFull.into())
		}
		fn flush(&mut self) -> io::Result<()> {
			Ok(())
		}
	}
	let reading = encrypt(&[key(1)], &headers(), Broken, 10, io::sink());
	assert!(matches!(reading, Err(Error::Reading(_))));
	let writing = encrypt(&[key(1)], &headers(), &b"0123456789"[..], 10, Broken);
	assert!(
		matches!(writing, Err(Error::Writing(error)) if error.kind() == io::ErrorKind::StorageFull)
	);

	let file = record(&body(300_000));
	let interrupted = (&file[..200_000]).chain(Broken);
	let (_, mut body) = open(Key::Identities(&[identity(1)]), interrupted).unwrap();
	let error = body.read_to_end(&mut Vec::new()).unwrap_err();
	assert!(matches!(Error::from_read(error), Error::Reading(_)));
	assert!(matches!(open(Key::Identities(&[]), Broken), Err(Error::Reading(_))));
}

/// Writers may take less than they are given, and be interrupted.
#[test]
fn a_writer_that_takes_little_gets_everything() {
	struct Slow(Vec<u8>, bool);
	impl Write for Slow {
		fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
			self.1 = !self.1;
			if self.1 {
				return Err(io::ErrorKind::Interrupted.into());
			}
			self.0.extend_from_slice(&bytes[..bytes.len().min(7)]);
			Ok(bytes.len().min(7))
		}
		fn flush(&mut self) -> io::Result<()> {
			Ok(())
		}
	}
	let (body, mut slow) = (body(100_000), Slow(Vec::new(), false));
	let sealed = encrypt(&[key(1)], &headers(), &body[..], 100_000, &mut slow).unwrap();
	let expected: [u8; 32] = Sha256::digest(&slow.0).into();
	assert_eq!((sealed.size, sealed.digest), (slow.0.len() as u64, expected));
	assert!(read_with_1(&slow.0).unwrap().1 == body);
}

#[test]
fn a_disk_that_becomes_full_is_noticed_at_any_time() {
	/// Takes so many bytes.
	struct Full(usize);
	impl Write for Full {
		fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
			let taken = bytes.len().min(self.0);
			self.0 -= taken;
			if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
		}
		fn flush(&mut self) -> io::Result<()> {
			Ok(())
		}
	}
	/// Takes everything, and keeps nothing.
	struct Lost;
	impl Write for Lost {
		fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
			Ok(bytes.len())
		}
		fn flush(&mut self) -> io::Result<()> {
			Err(io::ErrorKind::StorageFull.into())
		}
	}
	let is_full = |refused| match refused {
		Err(Error::Writing(error)) => error.kind() == io::ErrorKind::StorageFull,
		_ => false,
	};
	for length in [0, 10_000, CHUNK, 100_000] {
		let body = body(length);
		// The shortest file of this record is at most 177 bytes shorter than this one.
		let least = record(&body).len() - 178;
		for room in [0, 1, 1_000, least - 5_000, least] {
			let refused = encrypt(&[key(1)], &headers(), &body[..], length as u64, Full(room));
			assert!(is_full(refused), "{length} {room}");
		}
		assert!(is_full(encrypt(&[key(1)], &headers(), &body[..], length as u64, Lost)));
	}
}

#[test]
fn no_more_than_a_few_chunks_are_held() {
	/// Passes bytes on and counts them.
	struct Counted<'a, T>(T, &'a Cell<usize>);
	impl<T: Read> Read for Counted<'_, T> {
		fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
			let count = self.0.read(buffer)?;
			self.1.set(self.1.get() + count);
			Ok(count)
		}
	}
	impl<T: Write> Write for Counted<'_, T> {
		fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
			let count = self.0.write(bytes)?;
			self.1.set(self.1.get() + count);
			Ok(count)
		}
		fn flush(&mut self) -> io::Result<()> {
			self.0.flush()
		}
	}
	/// Gives `left` bytes, and asks each time that few of those that it gave are still on their way.
	struct Watched<'a>(usize, &'a dyn Fn() -> usize);
	impl Read for Watched<'_> {
		fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
			assert!((self.1)() <= 3 * CHUNK);
			let count = buffer.len().min(self.0);
			self.0 -= count;
			Ok(count)
		}
	}

	let length = 20 * CHUNK;
	let (given, written) = (Cell::new(0usize), Cell::new(0));
	let held = || given.get().saturating_sub(written.get());
	let mut file = Vec::new();
	let body = Counted(Watched(length, &held), &given);
	encrypt(&[key(1)], &headers(), body, length as u64, Counted(&mut file, &written)).unwrap();

	let taken = Cell::new(0usize);
	let identities = [identity(1)];
	let (_, mut body) = open(Key::Identities(&identities), Counted(&file[..], &taken)).unwrap();
	let (mut total, mut buffer) = (0, [0; 1_000]);
	loop {
		// The header and the padding are behind us when the body begins.
		assert!(taken.get() <= total + 3 * CHUNK);
		match body.read(&mut buffer).unwrap() {
			0 => break,
			count => total += count,
		}
	}
	assert_eq!(total, length);
}

#[test]
fn no_two_files_of_one_record_are_alike() {
	assert_ne!(record(b"body"), record(b"body"));
}

/// With the keys that the tests know by themselves, and not by the crate.
#[test]
fn a_record_from_another_implementation_opens() {
	let plain = plaintext(&record(b"body"));
	let (found, body) = read_with_1(&age_file(&plain)).unwrap();
	assert!(found == headers() && body == b"body");
}
