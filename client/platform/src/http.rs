//! HTTP, with the limits that a client needs in order not to wait for ever.
//!
//! | | natively | in browsers |
//! |---|---|---|
//! | connecting | 10 s | the browser's own limit |
//! | silence before and within an answer | 60 s | 60 s, and longer while a body is sent |
//! | redirects | not followed | refused afterwards |
//! | cookies | none | none |
//! | a request's body | streamed | at most 8 MiB, in memory |

use crate::{files::File, target};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use reqwest::{Body, Client, RequestBuilder, Response};

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

/// An answer's body, piece by piece.
pub fn pieces(answer: Response) -> impl Stream<Item = Result<Bytes, Error>> + Unpin {
	Box::pin(target::http::limited(answer.bytes_stream().map(|piece| Ok(piece?))))
}

/// The body that has these bytes of a file, of at most [`LONGEST_BODY`].
///
/// Natively it is streamed and reports its progress. In browsers it is read at once, and the caller
/// reports how far the receiver got. The request still wants its `Content-Length` natively.
pub async fn body(
	file: &File,
	from: u64,
	length: u64,
	total: u64,
	progress: &Progress,
) -> std::io::Result<Body> {
	target::http::body(file, from, length, total, progress).await
}
