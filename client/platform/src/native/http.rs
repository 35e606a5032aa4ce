//! reqwest with its own limits.

use crate::{
	files::File,
	http::{Error, Progress},
	tasks::blocking,
};
use bytes::Bytes;
use futures::{Stream, stream};
use reqwest::{Body, Client, RequestBuilder, Response};
use std::{io, time::Duration};

pub(crate) const LONGEST_BODY: u64 = u64::MAX;

/// Bytes that are read and sent at a time.
const PIECE: u64 = 256 * 1024;

pub(crate) fn client(user_agent: &str) -> reqwest::Result<Client> {
	Client::builder()
		.connect_timeout(Duration::from_secs(10))
		.read_timeout(Duration::from_secs(60))
		.redirect(reqwest::redirect::Policy::none())
		.user_agent(user_agent)
		.build()
}

/// An error and its causes.
pub(crate) fn describe(error: &dyn std::error::Error) -> String {
	match error.source() {
		Some(cause) => format!("{error}: {}", describe(cause)),
		None => error.to_string(),
	}
}

pub(crate) async fn send(request: RequestBuilder) -> Result<Response, Error> {
	Ok(request.send().await?)
}

/// The client has the limits already.
pub(crate) fn limited(
	pieces: impl Stream<Item = Result<Bytes, Error>> + Send,
) -> impl Stream<Item = Result<Bytes, Error>> + Send {
	pieces
}

pub(crate) async fn body(
	file: &File,
	from: u64,
	length: u64,
	total: u64,
	progress: &Progress,
) -> io::Result<Body> {
	let (file, progress, end) = (file.clone(), progress.clone(), from.saturating_add(length));
	Ok(Body::wrap_stream(stream::try_unfold(from, move |at| {
		let (file, progress) = (file.clone(), progress.clone());
		async move {
			let length = end.saturating_sub(at).min(PIECE);
			if length == 0 {
				return Ok::<_, io::Error>(None);
			}
			let piece = blocking(move || file.read_range(at, length as usize)).await??;
			let at = at.saturating_add(length);
			progress(at, total);
			Ok(Some((Bytes::from(piece), at)))
		}
	})))
}
