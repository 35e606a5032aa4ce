//! Structured logs on standard error.

use crate::config::LogFormat;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// Starts logging, at level `info` unless `RUST_LOG` says otherwise.
pub fn start(format: LogFormat) {
	let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
	// If standard error is closed, an error message about that on the same stream would panic, and the
	// gateway would not end in good order.
	let builder = tracing_subscriber::fmt()
		.with_env_filter(filter)
		.with_writer(stderr)
		.log_internal_errors(false);
	match format {
		LogFormat::Text => {
			let color = stderr().is_terminal()
				&& std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
			builder.with_ansi(color).init();
		},
		LogFormat::Json => builder.json().flatten_event(true).init(),
	}
}
