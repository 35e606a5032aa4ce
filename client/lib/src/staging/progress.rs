//! The progress of several uploads as one.

use super::NewFile;
use crate::vault::Progress;
use std::sync::{Arc, Mutex};

/// The progress of several files as one.
pub(super) struct Together {
	parts: Arc<Mutex<Vec<(u64, u64)>>>,
	whole: Progress,
}

impl Together {
	/// No file has progressed yet. A file's length before it is encrypted is near enough at first.
	pub(super) fn of(files: &[NewFile], whole: &Progress) -> Self {
		let parts = files.iter().map(|one| (0, one.file.length().unwrap_or(0))).collect();
		Self { parts: Arc::new(Mutex::new(parts)), whole: whole.clone() }
	}

	/// The progress for the file at this place.
	pub(super) fn part(&self, place: usize) -> Progress {
		let (parts, whole) = (self.parts.clone(), self.whole.clone());
		Arc::new(move |done, total| {
			// The code in here does not panic while it holds the lock.
			let Ok(mut parts) = parts.lock() else { return };
			if let Some(part) = parts.get_mut(place) {
				*part = (done, total);
			}
			let sum = |values: &mut dyn Iterator<Item = u64>| values.fold(0, u64::saturating_add);
			whole(
				sum(&mut parts.iter().map(|part| part.0)),
				sum(&mut parts.iter().map(|part| part.1)),
			);
		})
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Headers;
	use medblock_platform::files::UserFile;

	#[test]
	fn several_files_make_one_progress() {
		let file = |name: &str, length: usize| NewFile {
			file: UserFile::Bytes { name: name.into(), bytes: vec![0; length].into() },
			headers: Headers {
				title: name.into(),
				media_type: "text/plain".into(),
				file_name: None,
				written_at: None,
			},
			in_reply_to: None,
		};
		let seen = Arc::new(Mutex::new(Vec::new()));
		let note = seen.clone();
		let whole: Progress = Arc::new(move |done, total| note.lock().unwrap().push((done, total)));
		let together = Together::of(&[file("one", 10), file("two", 20)], &whole);
		let (one, two) = (together.part(0), together.part(1));
		two(5, 24);
		one(12, 12);
		two(24, 24);
		assert_eq!(*seen.lock().unwrap(), [(5, 34), (17, 36), (36, 36)]);
	}
}
