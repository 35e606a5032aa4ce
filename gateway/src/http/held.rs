//! An answer's body that keeps something until it was sent, or given up.

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use std::{
	pin::Pin,
	task::{Context, Poll},
};

/// The body, and what is dropped with it.
pub struct Held<T> {
	body: Body,
	_kept: T,
}

impl<T: Unpin + Send + 'static> Held<T> {
	/// A body that keeps `kept`.
	pub fn body(body: Body, kept: T) -> Body {
		Body::new(Self { body, _kept: kept })
	}
}

impl<T: Unpin> HttpBody for Held<T> {
	type Data = Bytes;
	type Error = axum::Error;

	fn poll_frame(
		mut self: Pin<&mut Self>,
		cx: &mut Context<'_>,
	) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
		Pin::new(&mut self.body).poll_frame(cx)
	}

	fn is_end_stream(&self) -> bool {
		self.body.is_end_stream()
	}

	fn size_hint(&self) -> SizeHint {
		self.body.size_hint()
	}
}
