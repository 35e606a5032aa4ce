//! `fetch`, with the limits that it lacks.

use crate::{
	clock::timeout,
	http::{Error, Moved, Part, SILENCE, SLOWEST, silent},
};
use reqwest::{Body, Client, RequestBuilder, Response};
use std::{io, time::Duration};

pub(crate) const LONGEST_BODY: u64 = 8 * 1024 * 1024;

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

/// A body that is in memory moves unseen, so its limit is that of [`send`].
pub(crate) async fn send_moving(
	request: RequestBuilder,
	_moved: &Moved,
	_length: u64,
) -> Result<Response, Error> {
	send(request).await
}

pub(crate) async fn body(part: &Part<'_>, _moved: &Moved) -> io::Result<Body> {
	let length = usize::try_from(part.length.min(LONGEST_BODY)).unwrap_or_default();
	Ok(Body::from(part.file.read_range(part.from, length)?))
}
