//! Ending a connection from within a request on it.

use tokio_util::sync::CancellationToken;

/// Ends the connection that a request came on. Each request has it among its extensions.
#[derive(Clone, Debug, Default)]
pub struct HangUp(CancellationToken);

impl HangUp {
	/// Ends the connection, with all that is under way on it.
	pub fn now(&self) {
		self.0.cancel();
	}

	/// Returns once the connection is to end.
	pub async fn wanted(&self) {
		self.0.cancelled().await;
	}
}
