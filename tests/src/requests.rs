//! What people's programs ask of a gateway, counted from what it writes.

use crate::Gateway;

/// The requests of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
	/// All of them.
	pub all: usize,
	/// Those that open a session.
	pub sign_ins: usize,
	/// Those about files on their way into a chart.
	pub uploads: usize,
	/// Those for a record, or a part of one.
	pub downloads: usize,
}

impl Requests {
	/// Those that a gateway has answered so far.
	pub fn at(gateway: &Gateway) -> Self {
		let mut found = Self::default();
		for line in gateway.log().lines().filter(|line| line.contains("route")) {
			let has = |what: &str| line.contains(what);
			// Files are fetched by other vaults.
			if !has("/v1/") || has("/file\"") {
				continue;
			}
			found.all += 1;
			found.sign_ins += usize::from(has("\"/v1/session\"") && has("\"POST\""));
			found.uploads += usize::from(has("/uploads/"));
			found.downloads += usize::from(has("/records/{record}\""));
		}
		found
	}

	/// Those after the others.
	pub fn since(self, before: Self) -> Self {
		Self {
			all: self.all - before.all,
			sign_ins: self.sign_ins - before.sign_ins,
			uploads: self.uploads - before.uploads,
			downloads: self.downloads - before.downloads,
		}
	}
}
