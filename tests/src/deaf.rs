//! An address whose server is down, and that notes what it is asked.

use crate::eventually;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
	io::{AsyncBufReadExt, BufReader},
	net::TcpListener,
	task::JoinHandle,
};

/// Takes connections at an address, notes the first line of each, and ends it without an answer.
pub struct Deaf {
	lines: Lines,
	accepting: JoinHandle<()>,
}

type Lines = Arc<Mutex<Vec<String>>>;

impl Deaf {
	/// At this address, which begins with `http://`, and where nothing else listens any more.
	pub async fn at(url: &str) -> Self {
		let address = url.strip_prefix("http://").expect("an address");
		// The threads of a killed program may have the port a moment longer than it has its number.
		let bind = || async { TcpListener::bind(address).await.ok() };
		let listener = eventually("the port is free", bind).await;
		let lines = Lines::default();
		let accepting = tokio::spawn(accept(listener, lines.clone()));
		Self { lines, accepting }
	}

	/// The requests so far that contain this.
	pub fn asked(&self, part: &str) -> Vec<String> {
		let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
		lines.iter().filter(|line| line.contains(part)).cloned().collect()
	}

	/// Leaves the address to another program.
	pub async fn end(self) {
		self.accepting.abort();
		// An error, since it was aborted.
		let _ = self.accepting.await;
	}
}

/// One connection after the other: each has sent its first line before another is looked at.
async fn accept(listener: TcpListener, lines: Lines) {
	while let Ok((connection, _)) = listener.accept().await {
		if let Ok(Some(line)) = BufReader::new(connection).lines().next_line().await {
			lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
		}
	}
}
