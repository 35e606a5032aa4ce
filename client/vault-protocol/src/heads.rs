//! The beginnings of many records at once, which hold their titles: a chart is listed by few requests.
//!
//! The answer to [`HeadsQuery`] is a row of frames, one for each record that was asked for, in that order. A frame is
//! the record's index (four bytes), a status (two), a length (four), all big-endian, and as many bytes. With status 200
//! these are the record's first bytes, exactly as many as its title needs: the age header, the nonce and the first
//! chunk. With another status, which a request for that record alone would have had, they are a
//! [`Problem`](crate::Problem).

use medblock_primitives::RecordIndex;
use serde::{Deserialize, Serialize};

/// The most records of one request.
pub const MAX_HEADS: usize = 64;

/// The media type of the answer.
pub const HEADS: &str = "application/vnd.medblock.heads";

/// The bytes before those of a record.
pub const FRAME: usize = 10;

/// A request for the beginnings of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeadsQuery {
	/// The records: 1 to [`MAX_HEADS`], each greater than the one before.
	pub records: Vec<RecordIndex>,
}

impl HeadsQuery {
	/// Whether it is one.
	pub fn is_sound(&self) -> bool {
		let many = self.records.len();
		(1..=MAX_HEADS).contains(&many) && self.records.is_sorted_by(|one, next| one < next)
	}
}

/// What the answer has of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
	/// The record.
	pub record: RecordIndex,
	/// The status.
	pub status: u16,
	/// Its first bytes, or the problem in JSON.
	pub bytes: &'a [u8],
}

/// What comes before the bytes of a record.
pub fn frame(record: RecordIndex, status: u16, length: u32) -> [u8; FRAME] {
	let mut frame = [0; FRAME];
	frame[..4].copy_from_slice(&record.to_be_bytes());
	frame[4..6].copy_from_slice(&status.to_be_bytes());
	frame[6..].copy_from_slice(&length.to_be_bytes());
	frame
}

/// Reads a whole answer; nothing if it is none.
pub fn parse(mut answer: &[u8]) -> Option<Vec<Head<'_>>> {
	let mut heads = Vec::new();
	while !answer.is_empty() {
		let (record, status, length, rest) = first(answer)?;
		let (bytes, rest) = rest.split_at_checked(length)?;
		heads.push(Head { record, status, bytes });
		answer = rest;
	}
	Some(heads)
}

/// What there is of an answer that may have been cut short: its last frame has the bytes that came.
pub fn begun(mut answer: &[u8]) -> Vec<Head<'_>> {
	let mut heads = Vec::new();
	while let Some((record, status, length, rest)) = first(answer) {
		let (bytes, rest) = rest.split_at_checked(length).unwrap_or((rest, Default::default()));
		heads.push(Head { record, status, bytes });
		answer = rest;
	}
	heads
}

/// What the first frame says: its record, its status and its length. Its bytes and all others follow.
fn first(answer: &[u8]) -> Option<(RecordIndex, u16, usize, &[u8])> {
	let (record, rest) = answer.split_first_chunk()?;
	let (status, rest) = rest.split_first_chunk()?;
	let (length, rest) = rest.split_first_chunk()?;
	let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
	Some((u32::from_be_bytes(*record), u16::from_be_bytes(*status), length, rest))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use proptest::prelude::*;

	#[test]
	fn records_are_named_once_in_order_and_not_too_many() {
		let query = |records: Vec<u32>| HeadsQuery { records };
		let most = u32::try_from(MAX_HEADS).unwrap();
		for good in [vec![0], vec![1, 2, 9], (0..most).collect()] {
			assert!(query(good).is_sound());
		}
		for bad in [vec![], vec![1, 1], vec![2, 1], (0..=most).collect()] {
			assert!(!query(bad).is_sound());
		}
	}

	proptest! {
		#[test]
		fn frames_read_back(all: Vec<(u32, u16, Vec<u8>)>) {
			let mut answer = Vec::new();
			for (record, status, bytes) in &all {
				answer.extend(frame(*record, *status, u32::try_from(bytes.len()).unwrap()));
				answer.extend(bytes);
			}
			let heads = parse(&answer).unwrap();
			let read = heads.iter().map(|one| (one.record, one.status, one.bytes.to_vec()));
			prop_assert_eq!(read.collect::<Vec<_>>(), all);
		}

		#[test]
		fn what_is_cut_short_is_no_answer(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
			let mut answer = frame(1, 200, u32::try_from(bytes.len()).unwrap()).to_vec();
			answer.extend(&bytes);
			for end in 1..answer.len() {
				prop_assert_eq!(parse(&answer[..end]), None);
				let came = begun(&answer[..end]);
				let expected = answer[..end].get(FRAME..);
				let expected = expected.map(|bytes| Head { record: 1, status: 200, bytes });
				prop_assert_eq!(came, Vec::from_iter(expected));
			}
			prop_assert_eq!(Some(begun(&answer)), parse(&answer));
		}
	}
}
