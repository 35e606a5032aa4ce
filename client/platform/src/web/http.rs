//! `fetch`, with the limits that it lacks.

use crate::{
	clock::timeout,
	files::File,
	http::{Error, Progress},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use reqwest::{Body, Client, RequestBuilder, Response};
use std::{io, time::Duration};

pub(crate) const LONGEST_BODY: u64 = 8 * 1024 * 1024;

/// How long nothing may arrive.
const SILENCE: Duration = Duration::from_secs(60);

/// The slowest upload that is waited for, in bytes a second.
const SLOWEST: u64 = 16 * 1024;

pub(crate) fn client(_user_agent: &str) -> reqwest::Result<Client> {
	Client::builder().build()
}

/// The first line of an error: the browser's stack follows. Browsers don't tell why a request failed.
pub(crate) fn describe(error: &reqwest::Error) -> String {
	let text = error.to_string();
	text.lines().next().unwrap_or_default().replace("JsValue(", "")
}

pub(crate) async fn send(request: RequestBuilder) -> Result<Response, Error> {
	let (client, request) = request.fetch_credentials_omit().build_split();
	let request = request?;
	let length = request.body().and_then(Body::as_bytes).map_or(0, |bytes| bytes.len() as u64);
	let limit = SILENCE.saturating_add(Duration::from_secs(length / SLOWEST));
	let asked = request.url().clone();
	let answer = timeout(limit, client.execute(request)).await.map_err(|_| silent())??;
	// `fetch` gives no answer that is a redirect: it follows, or fails without a reason.
	if *answer.url() != asked {
		return Err(Error("the answer is a redirect".to_owned()));
	}
	Ok(answer)
}

pub(crate) fn limited(
	pieces: impl Stream<Item = Result<Bytes, Error>>,
) -> impl Stream<Item = Result<Bytes, Error>> {
	stream::unfold(Some(Box::pin(pieces)), |pieces| async {
		let mut pieces = pieces?;
		match timeout(SILENCE, pieces.next()).await {
			Ok(piece) => Some((piece?, Some(pieces))),
			Err(_) => Some((Err(silent()), None)),
		}
	})
}

pub(crate) async fn body(
	file: &File,
	from: u64,
	length: u64,
	_total: u64,
	_progress: &Progress,
) -> io::Result<Body> {
	let length = usize::try_from(length.min(LONGEST_BODY)).unwrap_or_default();
	Ok(Body::from(file.read_range(from, length)?))
}

fn silent() -> Error {
	Error("nothing was heard for too long".to_owned())
}
