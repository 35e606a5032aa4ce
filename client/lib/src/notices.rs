//! What a client tells while it goes on: that it waits for something, and for how long.

use medblock_platform::clock::Duration;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that a person who waits may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
	/// A vault can't be reached now, or has no time. The client tries again.
	Waiting {
		/// The reason, in a sentence without a full stop.
		why: String,
		/// The time until then.
		time: Duration,
	},
	/// An earlier run of the same command was interrupted. The client goes on with what that one has sent.
	GoesOn,
}

/// What is told.
pub type Listener = Arc<dyn Fn(&Notice) + Send + Sync>;

/// The listener, if there is one.
#[derive(Default)]
pub(crate) struct Notices(Mutex<Option<Listener>>);

impl Notices {
	pub(crate) fn set(&self, listener: Listener) {
		*self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
	}

	pub(crate) fn tell(&self, notice: &Notice) {
		// Not told under the lock: what is told may ask something of the client.
		let listener = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some(listener) = listener {
			listener(notice);
		}
	}
}
