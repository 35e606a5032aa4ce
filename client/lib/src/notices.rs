//! What a client tells while it goes on: that it waits for something, and for how long.

use crate::client::Client;
use futures::future::{Either, select};
use medblock_platform::clock::{Duration, sleep};
use medblock_primitives::HospitalId;
use std::{
	pin::pin,
	sync::{Arc, Mutex, PoisonError},
};

/// A transaction is final before this time, as a rule.
const USUALLY_FINAL: Duration = Duration::from_secs(6);

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
	/// A transaction is not final yet. The client goes on waiting for as long as there are final blocks.
	Finality,
	/// A node has not answered for some seconds. The client waits for it, half a minute at most.
	Silent {
		/// The node's address.
		url: String,
	},
	/// What was to be done is the case already: an earlier run, or another device, has done it. Nothing changes.
	DoneBefore,
	/// An earlier run of the same command was interrupted. The client goes on with what that one has sent.
	GoesOn,
	/// A vault gave what was asked for without a receipt, although its hospital has named the account that signs them. It
	/// is kept among what contradicts the vault.
	NoReceipt {
		/// The hospital.
		hospital: HospitalId,
	},
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

impl Client {
	/// Has what the client waits for told.
	pub fn on_notice(&self, listener: Listener) {
		let of_nodes = listener.clone();
		let silent = move |url: &str| of_nodes(&Notice::Silent { url: url.to_owned() });
		self.nodes.on_silence(Arc::new(silent));
		self.vaults.notices.set(listener);
	}

	/// Does what ends with a final block, and says so if that takes long.
	pub(crate) async fn until_final<T>(&self, work: impl Future<Output = T>) -> T {
		// It may be a wallet's owner who is waited for.
		if self.keys.are_in_wallet() {
			return work.await;
		}
		match select(pin!(work), pin!(sleep(USUALLY_FINAL))).await {
			Either::Left((done, _)) => done,
			Either::Right(((), work)) => {
				self.vaults.notices.tell(&Notice::Finality);
				work.await
			},
		}
	}
}
