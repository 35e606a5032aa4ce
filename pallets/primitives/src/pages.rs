//! Lists in pages, which bound the size of each answer.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// The maximum number of items in one page.
pub const MAX_PAGE: u32 = 256;

/// The maximum number of entries from which one page is selected.
pub const MAX_SCAN: u32 = 4_096;

/// Some items of a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Page<Item, Cursor> {
	/// The items.
	pub items: Vec<Item>,
	/// The cursor of the next page; nothing at the end of the list.
	pub next: Option<Cursor>,
}

impl<Item, Key: Copy> Page<Item, Key> {
	/// The entries under the first `limit` of `keys`. Keys without an entry are left out.
	pub fn of(
		keys: impl IntoIterator<Item = Key>,
		limit: u32,
		find: impl Fn(Key) -> Option<Item>,
	) -> Self {
		Self::within(u32::MAX, keys, limit, |key| (find(key), 0))
	}

	/// As [`Page::of`], of entries that take some work to find, as `find` says. The page ends with the entry
	/// whose work brings the sum to `most`, so it may be short without being the last.
	pub fn within(
		most: u32,
		keys: impl IntoIterator<Item = Key>,
		limit: u32,
		find: impl Fn(Key) -> (Option<Item>, u32),
	) -> Self {
		let mut keys = keys.into_iter().fuse();
		let mut items = Vec::new();
		let mut last = None;
		let mut done = 0u32;
		for key in (0..limit.min(MAX_PAGE)).map_while(|_| keys.next()) {
			last = Some(key);
			let (item, work) = find(key);
			items.extend(item);
			done = done.saturating_add(work);
			if done >= most {
				break;
			}
		}
		let next = last.filter(|_| keys.next().is_some());
		Self { items, next }
	}

	/// The first `limit` entries that are found after number `after` and before `end`. The page looks
	/// at no more than [`MAX_SCAN`] numbers, so it may be short, or empty, without being the last.
	pub fn numbered(
		after: Option<u32>,
		end: u32,
		limit: u32,
		key: impl Fn(u32) -> Key,
		find: impl Fn(Key) -> Option<Item>,
	) -> Self {
		let start = after.map_or(0, |after| after.saturating_add(1));
		let mut left = limit.min(MAX_PAGE);
		let mut items = Vec::new();
		let mut last = None;
		for number in start..end.min(start.saturating_add(MAX_SCAN)) {
			if left == 0 {
				break;
			}
			last = Some(number);
			if let Some(item) = find(key(number)) {
				items.push(item);
				left = left.saturating_sub(1);
			}
		}
		let next = last.filter(|last| last.saturating_add(1) < end).map(key);
		Self { items, next }
	}

	/// The items of all pages that `ask` returns, from the first to the last. Only for answers of a
	/// trusted node: a cursor that does not advance would never end.
	pub fn all<Why>(ask: impl Fn(Option<Key>) -> Result<Self, Why>) -> Result<Vec<Item>, Why> {
		let mut items = Vec::new();
		let mut after = None;
		loop {
			let page = ask(after)?;
			items.extend(page.items);
			after = page.next;
			if after.is_none() {
				return Ok(items);
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn keys_without_an_entry_leave_a_page_short_but_not_the_last() {
		let odd = |key: u32| (key % 2 == 1).then_some(key);
		let page = Page::of(0..5, 3, odd);
		assert_eq!((page.items, page.next), (vec![1], Some(2)));
		let page = Page::of(3..5, 3, odd);
		assert_eq!((page.items, page.next), (vec![3], None));
		assert_eq!(Page::of(0..3, 3, Some).next, None);
		assert_eq!(Page::of(0..1_000, u32::MAX, Some).items.len(), 256);
		assert_eq!(Page::of(0..3, 0, Some), Page { items: vec![], next: None });
	}

	#[test]
	fn page_ends_when_its_entries_have_taken_enough_work() {
		let page = |most, after: u32| Page::within(most, after..5, 9, |key| (Some(key), key));
		assert_eq!((page(3, 0).items, page(3, 0).next), (vec![0, 1, 2], Some(2)));
		// The last entry may take more than is left, but each page has one.
		assert_eq!((page(3, 3).items, page(3, 3).next), (vec![3], Some(3)));
		assert_eq!((page(3, 4).items, page(3, 4).next), (vec![4], None));
		assert_eq!(page(u32::MAX, 0).items.len(), 5);
	}

	#[test]
	fn numbered_entries_are_looked_for_only_so_far() {
		let found = |number: u32| (number >= 5_000).then_some(number);
		let page = |after| Page::numbered(after, 5_010, 2, |number| number, found);
		assert_eq!(page(None), Page { items: vec![], next: Some(4_095) });
		assert_eq!(page(Some(4_095)), Page { items: vec![5_000, 5_001], next: Some(5_001) });
		assert_eq!(page(Some(5_007)), Page { items: vec![5_008, 5_009], next: None });
		assert_eq!(page(Some(u32::MAX)), Page { items: vec![], next: None });
		let all = Page::all(|after| Ok::<_, ()>(page(after))).unwrap();
		assert_eq!(all, (5_000..5_010).collect::<Vec<_>>());
	}
}
