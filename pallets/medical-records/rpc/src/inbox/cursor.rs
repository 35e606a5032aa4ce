//! How far a subscription has got.

use super::{HEARTBEAT, MAX_REPLAY};
use crate::errors::AFTER_OUT_OF_RANGE;
use jsonrpsee::{core::RpcResult, types::ErrorObjectOwned};
use serde::Serialize;

/// The blocks behind which an inbox can begin: the `data` of [`AFTER_OUT_OF_RANGE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Range {
	/// The lowest number that `after` may be.
	lowest: u32,
	/// The highest: the last finalized block.
	highest: u32,
}

impl Range {
	fn refuses(self, why: String) -> ErrorObjectOwned {
		ErrorObjectOwned::owned(AFTER_OUT_OF_RANGE, why, Some(self))
	}
}

/// The next block to look at, and the last that the subscriber knows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
	next: u32,
	told: u32,
}

impl Cursor {
	/// Begins behind the block `after`, or behind the last finalized one.
	pub fn new(after: Option<u32>, finalized: u32) -> RpcResult<Self> {
		let after = after.unwrap_or(finalized);
		let range = Range { lowest: finalized.saturating_sub(MAX_REPLAY), highest: finalized };
		if after < range.lowest {
			return Err(range.refuses(format!(
				"block {after} is too long ago for an inbox: list grants and records, then subscribe \
				with the number of the block at which you did"
			)));
		}
		if after > range.highest {
			return Err(range.refuses(format!(
				"block {after} is not final on this node yet: subscribe again in a moment, or to another \
				node"
			)));
		}
		Ok(Self { next: after.saturating_add(1), told: after })
	}

	/// The next block, if it is final.
	pub fn due(&self, finalized: u32) -> Option<u32> {
		(self.next <= finalized).then_some(self.next)
	}

	/// Goes on to the block after. Says whether the subscriber has to be told of this one.
	pub fn pass(&mut self, has_news: bool) -> bool {
		let current = self.next;
		self.next = current.saturating_add(1);
		let tell = has_news || current.saturating_sub(self.told) >= HEARTBEAT;
		if tell {
			self.told = current;
		}
		tell
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	/// The blocks that a subscriber is told of, when finality moves on as given.
	fn told(mut cursor: Cursor, finality: &[u32], news: impl Fn(u32) -> bool) -> Vec<u32> {
		let mut told = Vec::new();
		for finalized in finality {
			while let Some(number) = cursor.due(*finalized) {
				if cursor.pass(news(number)) {
					told.push(number);
				}
			}
		}
		told
	}

	#[test]
	fn every_block_comes_once_however_finality_jumps() {
		let all = |_| true;
		let expected: Vec<_> = (11..=30).collect();
		for finality in [&[30][..], &[11, 12, 30], &[10, 10, 20, 20, 30, 30], &[15, 14, 30]] {
			let cursor = Cursor::new(Some(10), 10).unwrap();
			assert_eq!(told(cursor, finality, all), expected, "{finality:?}");
		}
	}

	#[test]
	fn reconnecting_with_the_last_block_seen_repeats_nothing() {
		let news = |number| number % 3 == 0;
		let first = told(Cursor::new(Some(0), 50).unwrap(), &[20], news);
		let last = *first.last().unwrap();
		let second = told(Cursor::new(Some(last), 50).unwrap(), &[50], news);
		let expected: Vec<_> = (1..=50).filter(|number| news(*number)).collect();
		assert_eq!([first, second].concat(), expected);
	}

	#[test]
	fn quiet_inbox_says_how_far_it_has_got() {
		let cursor = Cursor::new(None, 100).unwrap();
		let quiet = told(cursor, &[400], |number| number == 170);
		assert_eq!(quiet, [160, 170, 230, 290, 350]);
	}

	#[test]
	fn without_after_it_begins_behind_the_last_finalized_block() {
		let cursor = Cursor::new(None, 7).unwrap();
		assert_eq!(cursor.due(7), None);
		assert_eq!(cursor.due(8), Some(8));
		assert_eq!(Cursor::new(Some(7), 7).unwrap(), cursor);
	}

	#[test]
	fn after_has_to_be_final_and_no_more_than_a_day_ago() {
		assert!(Cursor::new(Some(0), MAX_REPLAY).is_ok());
		for (after, finalized) in [(0, MAX_REPLAY + 1), (101, 100), (u32::MAX, 100)] {
			let refused = Cursor::new(Some(after), finalized).unwrap_err();
			assert_eq!(refused.code(), AFTER_OUT_OF_RANGE);
			let data = refused.data().unwrap().get();
			let lowest = finalized.saturating_sub(MAX_REPLAY);
			assert_eq!(data, format!(r#"{{"lowest":{lowest},"highest":{finalized}}}"#));
		}
		assert_eq!(Cursor::new(Some(u32::MAX), u32::MAX).unwrap().due(u32::MAX), Some(u32::MAX));
	}
}
