//! The hospitals of whose documents the charts of all patients were looked at, in a file of the data folder: that takes
//! long, and need not be done at each start.

use crate::files;
use medblock_primitives::HospitalId;
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeSet,
	path::{Path, PathBuf},
};

/// The hospitals, and where they are written down.
pub struct Walked {
	file: PathBuf,
	hospitals: BTreeSet<HospitalId>,
	is_written: bool,
}

/// What the file says.
#[derive(Serialize, Deserialize)]
struct Content {
	walked: BTreeSet<HospitalId>,
}

impl Walked {
	/// Reads the file. A folder without a sound one is a new vault's.
	pub fn read(data: &Path) -> Self {
		let file = data.join("fetched.json");
		let content = files::read_if_there(&file).ok().flatten();
		let content: Option<Content> =
			content.and_then(|bytes| serde_json::from_slice(&bytes).ok());
		let hospitals = content.map(|content| content.walked).unwrap_or_default();
		Self { file, hospitals, is_written: true }
	}

	/// Whether the charts were looked at for all of these.
	pub fn covers(&self, hospitals: &BTreeSet<HospitalId>) -> bool {
		self.hospitals.is_superset(hospitals)
	}

	/// Notes that the charts were looked at for these.
	pub fn add(&mut self, hospitals: &BTreeSet<HospitalId>) {
		self.hospitals.extend(hospitals);
		self.is_written = false;
	}

	/// Writes down what was noted.
	pub fn write(&mut self) {
		if self.is_written {
			return;
		}
		let content = Content { walked: self.hospitals.clone() };
		match files::write_json(&self.file, &content) {
			Ok(()) => self.is_written = true,
			Err(why) => tracing::warn!(%why, "fetched.json can't be written"),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_new_folder_is_walked_and_so_is_one_that_succeeds_another_hospital() {
		let folder = tempfile::tempdir().unwrap();
		let own = BTreeSet::from([HospitalId(1)]);
		let both = BTreeSet::from([HospitalId(1), HospitalId(3)]);
		let mut walked = Walked::read(folder.path());
		assert!(!walked.covers(&own));
		walked.add(&own);
		assert!(walked.covers(&own) && !walked.covers(&both));
		assert!(!Walked::read(folder.path()).covers(&own), "it is not written down yet");
		walked.write();
		let again = Walked::read(folder.path());
		assert!(again.covers(&own) && !again.covers(&both));

		std::fs::write(folder.path().join("fetched.json"), "{").unwrap();
		assert!(!Walked::read(folder.path()).covers(&own));
	}
}
