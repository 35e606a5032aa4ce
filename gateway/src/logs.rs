//! Structured logs on standard error.

use crate::config::LogFormat;
use std::io::{stderr, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Begins to log. What is logged is `info` and above unless `RUST_LOG` says otherwise.
pub fn start(format: LogFormat) {
	let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
	let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
	match format {
		LogFormat::Text => {
			let color = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
			builder.with_ansi(color).init();
		},
		LogFormat::Json => builder.json().flatten_event(true).init(),
	}
}
