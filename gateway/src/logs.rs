//! Structured logs on standard error.

use crate::config::LogFormat;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// Begins to log. What is logged is `info` and above unless `RUST_LOG` says otherwise.
pub fn start(format: LogFormat) {
	let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
	// Whoever read the log may be gone. To complain of that on the same stream would panic, and take with
	// it whatever was about to be said: the gateway's end, for one.
	let builder = tracing_subscriber::fmt()
		.with_env_filter(filter)
		.with_writer(stderr)
		.log_internal_errors(false);
	match format {
		LogFormat::Text => {
			let color = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
			builder.with_ansi(color).init();
		},
		LogFormat::Json => builder.json().flatten_event(true).init(),
	}
}
