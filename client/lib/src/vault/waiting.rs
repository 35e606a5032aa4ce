//! Saying that the client waits for a vault, and for how long.

use super::{Vault, Vaults};
use crate::client::Client;
use medblock_platform::clock::{self, Duration};
use std::sync::Arc;

/// Is told which vault the client waits for, and how long.
#[cfg(not(target_family = "wasm"))]
pub type Waiting = Arc<dyn Fn(&str, Duration) + Send + Sync>;
/// Is told which vault the client waits for, and how long.
#[cfg(target_family = "wasm")]
pub type Waiting = Arc<dyn Fn(&str, Duration)>;

/// The shortest wait that is worth a word.
const NOTICED: Duration = Duration::from_secs(2);

impl Client {
	/// From now on, this is told whenever a vault lets the client wait for two seconds or longer.
	pub fn on_waiting(&self, told: Waiting) {
		if let Ok(mut waiting) = self.vaults.waiting.lock() {
			*waiting = Some(told);
		}
	}
}

impl Vaults {
	fn tell(&self, whom: &str, pause: Duration) {
		let told = self.waiting.lock().ok().and_then(|waiting| waiting.clone());
		if let Some(told) = told.filter(|_| pause >= NOTICED) {
			told(whom, pause);
		}
	}
}

impl Vault<'_> {
	/// Waits as long as the vault has asked to, or before another attempt, and says so.
	pub(super) async fn wait(&self, pause: Duration) {
		self.vaults.tell(self.url().as_str(), pause);
		clock::sleep(pause).await;
	}
}
