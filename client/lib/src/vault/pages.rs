//! Lists that a vault gives page by page.

/// The most that a list of a vault may have: a chart that is read every minute has fewer in a year.
const MOST: usize = 1 << 20;

/// The pages at most: twice as many as the longest list fills.
const MOST_PAGES: usize = 8_192;

/// The place in a list.
#[derive(Debug, Default)]
pub(super) struct Pages {
	/// The number after which the next page begins.
	pub(super) after: Option<u64>,
	pages: usize,
	items: usize,
}

/// The list does not go on, or has no end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Endless;

impl Pages {
	/// Goes on behind a page with so many items. Returns whether another one follows.
	pub(super) fn goes_on(&mut self, items: usize, next: Option<u64>) -> Result<bool, Endless> {
		self.pages = self.pages.saturating_add(1);
		self.items = self.items.saturating_add(items);
		if self.pages > MOST_PAGES || self.items > MOST {
			return Err(Endless);
		}
		let Some(next) = next else { return Ok(false) };
		if self.after.is_some_and(|before| next <= before) {
			return Err(Endless);
		}
		self.after = Some(next);
		Ok(true)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn list_goes_on_until_its_last_page() {
		let mut pages = Pages::default();
		assert_eq!(pages.goes_on(256, Some(255)), Ok(true));
		assert_eq!(pages.after, Some(255));
		// Damaged lines are left out.
		assert_eq!(pages.goes_on(0, Some(511)), Ok(true));
		assert_eq!(pages.goes_on(3, None), Ok(false));
	}

	#[test]
	fn list_that_does_not_advance_or_end_is_left() {
		let mut pages = Pages::default();
		assert_eq!(pages.goes_on(1, Some(7)), Ok(true));
		assert_eq!(pages.goes_on(1, Some(7)), Err(Endless));
		for items in [0, 1, 256] {
			let mut pages = Pages::default();
			let asked = (0..).find(|page| pages.goes_on(items, Some(*page)).is_err());
			assert!(asked.is_some_and(|asked| asked <= 8_192), "{items}");
		}
	}
}
