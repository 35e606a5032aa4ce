//! Progress bars, on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use medblock_client::vault::{self, Progress};
use std::sync::{Arc, Mutex};

/// The counted things.
#[derive(Clone, Copy)]
pub enum Unit {
	/// Transferred bytes.
	Bytes,
	/// Records of a list.
	Records,
}

/// A bar on standard error, which disappears when this is dropped.
pub struct Bar {
	bar: Option<ProgressBar>,
}

impl Bar {
	/// A bar, or nothing if it is not to be shown.
	pub fn new(shown: bool, what: &'static str, unit: Unit) -> Self {
		if !shown {
			return Self { bar: None };
		}
		let template = match unit {
			Unit::Bytes => "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
			Unit::Records => "{msg} {wide_bar} {pos}/{len}",
		};
		let style =
			ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
		// The bar appears with the first progress.
		let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
		bar.set_style(style);
		bar.set_message(what);
		Self { bar: Some(bar) }
	}

	/// The callback that moves it.
	pub fn progress(&self) -> Progress {
		match &self.bar {
			None => vault::unwatched(),
			Some(bar) => {
				let bar = bar.clone();
				Arc::new(move |done, total| {
					bar.set_length(total);
					bar.set_position(done);
				})
			},
		}
	}
}

impl Drop for Bar {
	fn drop(&mut self) {
		if let Some(bar) = &self.bar {
			bar.finish_and_clear();
		}
	}
}

/// The progress of several transfers as one.
pub struct Together {
	parts: Arc<Mutex<Vec<(u64, u64)>>>,
	whole: Progress,
}

impl Together {
	/// Transfers of these lengths, of which none has begun.
	pub fn of(lengths: impl Iterator<Item = u64>, whole: Progress) -> Self {
		let parts = lengths.map(|length| (0, length)).collect();
		Self { parts: Arc::new(Mutex::new(parts)), whole }
	}

	/// The progress for the transfer at this place.
	pub fn part(&self, place: usize) -> Progress {
		let (parts, whole) = (self.parts.clone(), self.whole.clone());
		Arc::new(move |done, total| {
			let Ok(mut parts) = parts.lock() else { return };
			if let Some(part) = parts.get_mut(place) {
				*part = (done, total);
			}
			let add = |(done, total): (u64, u64), part: &(u64, u64)| {
				(done.saturating_add(part.0), total.saturating_add(part.1))
			};
			let (done, total) = parts.iter().fold((0, 0), add);
			whole(done, total);
		})
	}
}
