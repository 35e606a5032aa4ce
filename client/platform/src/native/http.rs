//! reqwest with its own limits.

use super::proxy::{Proxies, Proxy};
use crate::{
	clock::timeout,
	http::{Error, Moved, Part, SILENCE, SLOWEST, silent},
	tasks::blocking,
};
use bytes::Bytes;
use futures::stream;
use reqwest::{Body, Client, Request, RequestBuilder, Response};
use std::{io, time::Duration};

/// So that each request has an answer soon: proxies wait for one only so long.
pub(crate) const LONGEST_BODY: u64 = 64 * 1024 * 1024;

/// The most bytes that this system may hold for a slow line once they were sent.
const HELD: u64 = 4 * 1024 * 1024;

/// Bytes that are read and sent at a time.
const PIECE: u64 = 256 * 1024;

pub(crate) fn client(user_agent: &str) -> reqwest::Result<Client> {
	// One that can't be used is told by `sendable`.
	let through = |url: &reqwest::Url| {
		let proxy = Proxies::of_environment().of_url(url).ok().flatten();
		proxy.as_ref().map(Proxy::url)
	};
	Client::builder()
		.connect_timeout(Duration::from_secs(10))
		.redirect(reqwest::redirect::Policy::none())
		.user_agent(user_agent)
		.no_proxy()
		.proxy(reqwest::Proxy::custom(through))
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
	let (client, request) = sendable(request)?;
	Ok(timeout(SILENCE, client.execute(request)).await.map_err(|_| silent())??)
}

/// A request that goes where it is to go: directly only if that is meant.
fn sendable(request: RequestBuilder) -> Result<(Client, Request), Error> {
	let (client, request) = request.build_split();
	let request = request?;
	Proxies::of_environment().of_url(request.url()).map_err(|why| Error(why.to_string()))?;
	Ok((client, request))
}

pub(crate) async fn send_moving(
	request: RequestBuilder,
	moved: &Moved,
	length: u64,
) -> Result<Response, Error> {
	let limit = SILENCE.saturating_add(Duration::from_secs(length.min(HELD) / SLOWEST));
	let (client, request) = sendable(request)?;
	Ok(moved.limit(limit, client.execute(request)).await.map_err(|_| silent())??)
}

pub(crate) async fn body(part: &Part<'_>, moved: &Moved) -> io::Result<Body> {
	let Part { file, from, length, total, progress } = *part;
	let (file, progress, moved) = (file.clone(), progress.clone(), moved.clone());
	let end = from.saturating_add(length);
	Ok(Body::wrap_stream(stream::try_unfold(from, move |at| {
		let (file, progress) = (file.clone(), progress.clone());
		moved.note();
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
