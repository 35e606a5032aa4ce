//! HTTP, with the limits that a client needs in order not to wait for ever.
//!
//! | | natively | in browsers |
//! |---|---|---|
//! | connecting | 10 s | the browser's own limit |
//! | silence before and within an answer | 60 s | 60 s |
//! | silence while a body is sent | up to 316 s since a piece of it was taken | 60 s, and a second for each 16 KiB |
//! | redirects | not followed | refused afterwards |
//! | cookies | none | none |
//! | proxies | the environment's, never for this machine | the browser's own |
//! | a request's body | at most 64 MiB, streamed | at most 8 MiB, in memory |
//!
//! No limit runs while bytes move: a transfer over a slow line takes as long as it takes.

use crate::{
	clock::{Duration, Instant, TimedOut, timeout},
	files::File,
	target,
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use reqwest::{Client, RequestBuilder, Response};
use std::{
	pin::pin,
	sync::{Arc, Mutex, PoisonError},
};

/// How long nothing may be heard.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);

/// The slowest line for which a sent body is waited for, in bytes a second.
pub(crate) const SLOWEST: u64 = 16 * 1024;

/// Reports how a long transfer is going: bytes done, of how many.
#[cfg(not(target_family = "wasm"))]
pub type Progress = std::sync::Arc<dyn Fn(u64, u64) + Send + Sync>;
/// Reports how a long transfer is going: bytes done, of how many.
#[cfg(target_family = "wasm")]
pub type Progress = std::sync::Arc<dyn Fn(u64, u64)>;

/// The longest body of one request, in bytes. Longer uploads are sent in slices.
pub const LONGEST_BODY: u64 = target::http::LONGEST_BODY;

/// Why there is no answer, or no more of it: for people, without the address, and with every cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(pub String);

impl std::fmt::Display for Error {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		formatter.write_str(&self.0)
	}
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
	fn from(error: reqwest::Error) -> Self {
		Self(target::http::describe(&error.without_url()))
	}
}

/// A client with the limits above. Browsers send their own name in place of `user_agent`.
pub fn client(user_agent: &str) -> Result<Client, Error> {
	Ok(target::http::client(user_agent)?)
}

/// Sends a request, and waits for the answer's headers.
pub async fn send(request: RequestBuilder) -> Result<Response, Error> {
	target::http::send(request).await
}

/// Sends a request whose body has these bytes of a file, of at most [`LONGEST_BODY`], and waits for the answer's headers
/// for as long as the body moves.
///
/// Natively the body is streamed and reports its progress. In browsers it is read at once, and the caller reports how far
/// the receiver got. The request still wants its `Content-Length` natively.
///
/// # Errors
///
/// In the outer result, those of reading the file.
pub async fn send_file(
	request: RequestBuilder,
	part: Part<'_>,
) -> std::io::Result<Result<Response, Error>> {
	let moved = Moved::new();
	let body = target::http::body(&part, &moved).await?;
	Ok(target::http::send_moving(request.body(body), &moved, part.length).await)
}

/// A part of a file that is sent.
pub struct Part<'a> {
	/// The file.
	pub file: &'a File,
	/// The first byte.
	pub from: u64,
	/// The number of bytes.
	pub length: u64,
	/// The number of bytes that the progress is told of.
	pub total: u64,
	/// What is told how far it is.
	pub progress: &'a Progress,
}

/// An answer's body, piece by piece.
pub fn pieces(answer: Response) -> impl Stream<Item = Result<Bytes, Error>> + Unpin {
	Box::pin(limited(answer.bytes_stream().map(|piece| Ok(piece?))))
}

/// The pieces, until none comes for too long.
fn limited(
	pieces: impl Stream<Item = Result<Bytes, Error>>,
) -> impl Stream<Item = Result<Bytes, Error>> {
	stream::unfold(Some(Box::pin(pieces)), |pieces| async {
		let mut pieces = pieces?;
		match timeout(SILENCE, pieces.next()).await {
			Ok(piece) => Some((piece?, Some(pieces))),
			Err(TimedOut) => Some((Err(silent()), None)),
		}
	})
}

/// The error of too long a silence.
pub(crate) fn silent() -> Error {
	Error("nothing was heard for too long".to_owned())
}

/// When bytes moved last.
#[derive(Clone)]
#[cfg_attr(target_family = "wasm", allow(dead_code, reason = "bodies are not streamed there"))]
pub(crate) struct Moved(Arc<Mutex<Instant>>);

#[cfg_attr(target_family = "wasm", allow(dead_code, reason = "bodies are not streamed there"))]
impl Moved {
	/// Counts from the present moment.
	pub(crate) fn new() -> Self {
		Self(Arc::new(Mutex::new(Instant::now())))
	}

	/// Notes that some move now.
	pub(crate) fn note(&self) {
		*self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
	}

	fn elapsed(&self) -> Duration {
		self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
	}

	/// Gives work a limit that begins anew whenever bytes move.
	pub(crate) async fn limit<T>(
		&self,
		limit: Duration,
		work: impl Future<Output = T>,
	) -> Result<T, TimedOut> {
		let mut work = pin!(work);
		loop {
			let left = limit.saturating_sub(self.elapsed());
			match timeout(left, work.as_mut()).await {
				Err(TimedOut) if self.elapsed() < limit => {},
				outcome => return outcome,
			}
		}
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	use super::*;
	use crate::clock::sleep;

	const LIMIT: Duration = Duration::from_millis(400);

	#[tokio::test]
	async fn no_limit_runs_while_bytes_move() {
		let moved = Moved::new();
		let slow = async {
			for _ in 0..10 {
				sleep(LIMIT / 4).await;
				moved.note();
			}
			7
		};
		assert_eq!(moved.limit(LIMIT, slow).await, Ok(7));
		let began = Instant::now();
		assert_eq!(moved.limit(LIMIT, sleep(100 * LIMIT)).await, Err(TimedOut));
		assert!(began.elapsed() < 10 * LIMIT);
	}
}
