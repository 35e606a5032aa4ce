//! Paged lists, as far as the chain can have them: a lying node would otherwise keep a client asking, and its memory
//! filling, for ever.

use super::At;
use crate::{Error, Result};
use codec::Encode;
use pallet_medical_records_runtime_api::{MAX_PAGE, Page};
use std::{collections::HashSet, sync::Arc};

/// The pages of a list at most: as many as [`PATIENTS`] fill. Pages in which many ids in a row are of no one, or whose
/// charts take long to look at, are shorter.
const MOST_PAGES: u32 = 1 << 16;

/// The longest list of a hospital's patients, whose pages are not kept: each person has a number for ever.
pub(super) const PATIENTS: usize = 1 << 24;

/// The longest list that is kept: 64 hospitals with 16,384 accounts each, as the runtime sponsors.
pub(super) const PEOPLE: usize = 1 << 20;

/// The longest list of one chart or one hospital: twice the records that the runtime lets a chart have.
pub(super) const OTHERS: usize = 1 << 17;

/// The place in a paged list. It fails where the chain's own list could not go on.
#[derive(Clone, Debug)]
pub struct Paging<Cursor> {
	url: Arc<str>,
	/// What the list is of.
	of: &'static str,
	after: Option<Cursor>,
	/// The pages and the items that may follow.
	pages: u32,
	items: usize,
}

impl<Cursor: Copy> Paging<Cursor> {
	pub(super) fn new(url: Arc<str>, of: &'static str, most: usize, after: Option<Cursor>) -> Self {
		Self { url, of, after, pages: MOST_PAGES, items: most }
	}

	/// The cursor of the next page.
	pub fn after(&self) -> Option<Cursor> {
		self.after
	}

	/// Goes on behind a page, if that is not the last.
	fn turn<Item>(
		&mut self,
		page: &Page<Item, Cursor>,
		is_new: impl FnOnce(Option<Cursor>, Cursor) -> bool,
	) -> Result<bool> {
		let endless = || Error::Endless { url: self.url.to_string(), of: self.of };
		let most = usize::try_from(MAX_PAGE).unwrap_or(usize::MAX);
		let count = Some(page.items.len()).filter(|count| *count <= most);
		let items = count.and_then(|count| self.items.checked_sub(count)).ok_or_else(endless)?;
		let pages = self.pages.checked_sub(1).ok_or_else(endless)?;
		let Some(next) = page.next else { return Ok(false) };
		if !is_new(self.after, next) {
			return Err(endless());
		}
		(self.items, self.pages, self.after) = (items, pages, Some(next));
		Ok(true)
	}
}

impl<Cursor: Copy + PartialOrd> Paging<Cursor> {
	/// Goes on behind a page of a list in order, if that page is not the last.
	///
	/// # Errors
	///
	/// [`Error::Endless`] if the list does not advance, or is longer than any list of the chain.
	pub fn goes_on<Item>(&mut self, page: &Page<Item, Cursor>) -> Result<bool> {
		self.turn(page, |after, next| after.is_none_or(|before| next > before))
	}
}

/// Every item that follows in a list in order.
pub(super) async fn every<Item, Cursor, Asked>(
	mut paging: Paging<Cursor>,
	page: impl Fn(Option<Cursor>) -> Asked,
) -> Result<Vec<Item>>
where
	Cursor: Copy + PartialOrd,
	Asked: Future<Output = Result<Page<Item, Cursor>>>,
{
	let mut all = Vec::new();
	loop {
		let found = page(paging.after()).await?;
		let goes_on = paging.goes_on(&found)?;
		all.extend(found.items);
		if !goes_on {
			return Ok(all);
		}
	}
}

/// Every item of a list without an order.
pub(super) async fn every_unordered<Item, Cursor, Asked>(
	mut paging: Paging<Cursor>,
	page: impl Fn(Option<Cursor>) -> Asked,
) -> Result<Vec<Item>>
where
	Cursor: Copy + Encode,
	Asked: Future<Output = Result<Page<Item, Cursor>>>,
{
	let (mut all, mut seen) = (Vec::new(), HashSet::new());
	loop {
		let found = page(paging.after()).await?;
		let goes_on = paging.turn(&found, |_, next| seen.insert(next.encode()))?;
		all.extend(found.items);
		if !goes_on {
			return Ok(all);
		}
	}
}

impl At {
	pub(super) fn paging<Cursor: Copy>(
		&self,
		of: &'static str,
		most: usize,
		after: Option<Cursor>,
	) -> Paging<Cursor> {
		Paging::new(self.rpc.url().into(), of, most, after)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use std::{
		cell::Cell,
		future::ready,
		time::{Duration, Instant},
	};

	fn paging(most: usize, after: Option<u32>) -> Paging<u32> {
		Paging::new("wss://north.example/v1/rpc".into(), "doctors", most, after)
	}

	/// A page of this many items.
	fn page(items: usize, next: Option<u32>) -> Result<Page<u32, u32>> {
		Ok(Page { items: vec![7; items], next })
	}

	fn is_endless(answer: Result<Vec<u32>>) -> bool {
		matches!(answer, Err(Error::Endless { url, of: "doctors" }) if url.contains("north"))
	}

	#[tokio::test]
	async fn honest_lists_are_read_to_their_end() {
		let list = |after: Option<u32>| {
			ready(match after {
				None => page(256, Some(9)),
				Some(9) => page(0, Some(4_105)),
				_ => page(3, None),
			})
		};
		assert_eq!(every(paging(OTHERS, None), list).await.unwrap().len(), 259);
		assert_eq!(every(paging(OTHERS, Some(9)), list).await.unwrap().len(), 3);
		let unordered = |after: Option<u32>| {
			ready(match after {
				None => page(256, Some(9)),
				Some(9) => page(256, Some(2)),
				_ => page(1, None),
			})
		};
		assert_eq!(every_unordered(paging(OTHERS, None), unordered).await.unwrap().len(), 513);
	}

	#[tokio::test]
	async fn cursor_that_does_not_advance_is_told_of() {
		let same = |_: Option<u32>| ready(page(1, Some(5)));
		assert!(is_endless(every(paging(OTHERS, None), same).await));
		assert!(is_endless(every(paging(OTHERS, Some(5)), same).await));
		assert!(is_endless(every(paging(OTHERS, Some(6)), same).await));
		assert!(is_endless(every_unordered(paging(OTHERS, None), same).await));
		let circle =
			|after: Option<u32>| ready(page(1, Some(after.map_or(0, |one| (one + 1) % 3))));
		assert!(is_endless(every_unordered(paging(OTHERS, None), circle).await));
	}

	#[tokio::test]
	async fn lists_without_an_end_are_left_soon() {
		let began = Instant::now();
		for items in [0, 1, 256] {
			let asked = Cell::new(0_u32);
			let endless = |after: Option<u32>| {
				asked.set(asked.get() + 1);
				ready(page(items, Some(after.map_or(0, |one| one + 1))))
			};
			assert!(is_endless(every(paging(PEOPLE, None), endless).await), "{items}");
			assert!(is_endless(every_unordered(paging(PEOPLE, None), endless).await), "{items}");
			assert!(asked.get() <= 2 * (MOST_PAGES + 1), "{items}");
		}
		assert!(began.elapsed() < Duration::from_secs(20));
		let full = |after: Option<u32>| ready(page(256, Some(after.map_or(0, |one| one + 1))));
		assert!(is_endless(every(paging(1_000, None), full).await));
	}

	#[tokio::test]
	async fn page_with_more_items_than_pages_have_is_refused() {
		let long = |_: Option<u32>| ready(page(257, None));
		assert!(is_endless(every(paging(PEOPLE, None), long).await));
		let full = |_: Option<u32>| ready(page(256, None));
		assert_eq!(every(paging(PEOPLE, None), full).await.unwrap().len(), 256);
	}
}
