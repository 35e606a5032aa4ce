//! Logging and counting of each request. Nothing of it names a person, a record or a token.

use super::App;
use crate::errors::{Refusal, RefusalCode};
use axum::{
	body::{Body, Bytes, HttpBody},
	extract::{MatchedPath, Request, State},
	http::{HeaderMap, HeaderName, HeaderValue},
	middleware::Next,
	response::{IntoResponse, Response},
};
use http_body::{Frame, SizeHint};
use medblock_vault_protocol::headers;
use rand::RngCore;
use std::{
	pin::Pin,
	sync::Arc,
	task::{Context, Poll, ready},
	time::Instant,
};

/// The most bytes of a request's headers, names and values.
const MAX_HEADERS: usize = 16 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static(headers::REQUEST_ID);

/// Middleware around every request.
pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
	let mut id = [0; 8];
	rand::thread_rng().fill_bytes(&mut id);
	let id = hex::encode(id);
	let route = request.extensions().get::<MatchedPath>().cloned();
	let mut note = Note {
		app,
		id: id.clone(),
		method: request.method().to_string(),
		route: route.map_or("other".into(), |path| path.as_str().to_owned()),
		began: Instant::now(),
		status: 0,
		sent: 0,
		ended: false,
	};
	let response = match size(request.headers()) <= MAX_HEADERS {
		true => next.run(request).await,
		false => Refusal::HeadersTooLarge.into_response(),
	};
	note.status = response.status().as_u16();
	if let Some(RefusalCode(code)) = response.extensions().get() {
		note.app.metrics.refusals.with_label_values(&[code.as_str()]).inc();
	}
	let (mut parts, body) = response.into_parts();
	if let Ok(id) = HeaderValue::try_from(id) {
		parts.headers.insert(REQUEST_ID, id);
	}
	Response::from_parts(parts, Body::new(Counted { body, note }))
}

fn size(headers: &HeaderMap) -> usize {
	headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// A request's log entry. It is logged when the answer was sent, or abandoned.
struct Note {
	app: Arc<App>,
	id: String,
	method: String,
	route: String,
	began: Instant,
	status: u16,
	sent: u64,
	ended: bool,
}

impl Drop for Note {
	fn drop(&mut self) {
		let Self { id, method, route, status, sent, ended, .. } = &*self;
		let class = match status {
			0 => "aborted".to_owned(),
			status => format!("{}xx", status / 100),
		};
		self.app.metrics.requests.with_label_values(&[route, &class]).inc();
		self.app.metrics.bytes_out.inc_by(*sent);
		let millis = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
		tracing::info!(id, method, route, status, sent, millis, complete = ended, "request");
	}
}

/// A body that counts its bytes.
struct Counted {
	body: Body,
	note: Note,
}

impl HttpBody for Counted {
	type Data = Bytes;
	type Error = axum::Error;

	fn poll_frame(
		mut self: Pin<&mut Self>,
		cx: &mut Context<'_>,
	) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
		let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
		match &frame {
			Some(Ok(frame)) => {
				self.note.sent += frame.data_ref().map_or(0, |data| data.len() as u64);
			},
			Some(Err(_)) => (),
			None => self.note.ended = true,
		}
		self.note.ended |= self.body.is_end_stream();
		Poll::Ready(frame)
	}

	fn is_end_stream(&self) -> bool {
		self.body.is_end_stream()
	}

	fn size_hint(&self) -> SizeHint {
		self.body.size_hint()
	}
}
