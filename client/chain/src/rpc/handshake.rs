//! The meaning of a failed connection.

#[cfg(not(target_family = "wasm"))]
use jsonrpsee::{client_transport::ws::WsHandshakeError, core::client::Error as RpcError};

#[cfg(not(target_family = "wasm"))]
/// The reason why the first connection failed, in helpful words.
pub(super) fn explained(why: RpcError, scheme: &str) -> String {
	let RpcError::Transport(why) = why else { return why.to_string() };
	match why.downcast_ref() {
		// A node answers so to protect itself against web pages that rebind their name to this
		// machine.
		Some(WsHandshakeError::Rejected { status_code: 403 }) if scheme == "wss" => {
			"the proxy there does not let this machine in, or it calls its node by another address than \
			the node's own"
				.to_owned()
		},
		Some(WsHandshakeError::Rejected { status_code: 403 }) => {
			"it answers only to its own port. A tunnel to it has to begin at the same port as it ends, \
			for instance at [::1]:9944"
				.to_owned()
		},
		Some(WsHandshakeError::Rejected { status_code }) => {
			format!("it answered with the HTTP status {status_code}, as no node with room does")
		},
		Some(WsHandshakeError::Io(why)) => why.to_string(),
		Some(WsHandshakeError::Transport(_)) => {
			format!("the listener there closed the connection, or is no node ({why})")
		},
		_ => why.to_string(),
	}
}

/// The reason why the first connection failed. Browsers don't tell pages more.
#[cfg(target_family = "wasm")]
pub(super) fn explained(why: impl std::fmt::Display, _scheme: &str) -> String {
	why.to_string()
}
