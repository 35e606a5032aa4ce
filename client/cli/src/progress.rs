//! Progress bars, on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use medblock_client::vault::{self, Progress};
use std::sync::Arc;

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
