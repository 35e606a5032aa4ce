//! Saying that the client waits: for what, and for how long.

use super::{Vault, Vaults};
use crate::client::Client;
use futures::future::{Either, select};
use medblock_platform::clock::{self, Duration};
use std::{pin::pin, sync::Arc};

/// What the client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait<'a> {
	/// The vault at this address, as it has asked, or before another attempt.
	Vault(&'a str),
	/// A transaction's block, which is to become final. The client gives up if no block does so for this time.
	Finality,
}

/// Is told what the client waits for, and how long.
#[cfg(not(target_family = "wasm"))]
pub type Waiting = Arc<dyn Fn(Wait<'_>, Duration) + Send + Sync>;
/// Is told what the client waits for, and how long.
#[cfg(target_family = "wasm")]
pub type Waiting = Arc<dyn Fn(Wait<'_>, Duration)>;

/// The shortest wait that is worth a word.
const NOTICED: Duration = Duration::from_secs(2);

/// A transaction is final before this time, as a rule.
const USUALLY_FINAL: Duration = Duration::from_secs(6);

/// The time without a final block after which a client gives up.
const LONGEST: Duration = Duration::from_secs(60);

impl Client {
	/// From now on, this is told whenever the client waits for longer than it usually does.
	pub fn on_waiting(&self, told: Waiting) {
		if let Ok(mut waiting) = self.vaults.waiting.lock() {
			*waiting = Some(told);
		}
	}

	/// Does what ends with a final block, and says so if that takes long.
	pub(crate) async fn until_final<T>(&self, work: impl Future<Output = T>) -> T {
		match select(pin!(work), pin!(clock::sleep(USUALLY_FINAL))).await {
			Either::Left((done, _)) => done,
			Either::Right(((), work)) => {
				self.vaults.tell(Wait::Finality, LONGEST);
				work.await
			},
		}
	}
}

impl Vaults {
	fn tell(&self, what: Wait<'_>, pause: Duration) {
		let told = self.waiting.lock().ok().and_then(|waiting| waiting.clone());
		if let Some(told) = told.filter(|_| pause >= NOTICED) {
			told(what, pause);
		}
	}
}

impl Vault<'_> {
	/// Waits as long as the vault has asked to, or before another attempt, and says so.
	pub(super) async fn wait(&self, pause: Duration) {
		self.vaults.tell(Wait::Vault(self.url().as_str()), pause);
		clock::sleep(pause).await;
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use std::sync::Mutex;

	#[test]
	fn only_long_waits_are_told() {
		let vaults = Vaults::new().unwrap();
		vaults.tell(Wait::Finality, LONGEST);
		let told = Arc::new(Mutex::new(Vec::new()));
		let note = told.clone();
		let waiting: Waiting = Arc::new(move |what: Wait<'_>, pause: Duration| {
			note.lock().unwrap().push((format!("{what:?}"), pause.as_secs()));
		});
		*vaults.waiting.lock().unwrap() = Some(waiting);
		vaults.tell(Wait::Vault("https://a.example"), Duration::from_millis(400));
		vaults.tell(Wait::Vault("https://a.example"), Duration::from_secs(118));
		vaults.tell(Wait::Finality, LONGEST);
		let expected =
			[("Vault(\"https://a.example\")".to_owned(), 118), ("Finality".to_owned(), 60)];
		assert_eq!(*told.lock().unwrap(), expected);
	}
}
