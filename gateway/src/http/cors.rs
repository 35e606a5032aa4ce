//! Answers to pages of other origins (the Fetch standard, §3.3): of other hospitals' portals, and of a portal on
//! the reader's own machine.
//!
//! A page sends its token itself, so that no cookie or other credential of the browser ever counts.

use super::App;
use crate::errors::Refusal;
use axum::{
	extract::{Request, State},
	http::{HeaderMap, HeaderValue, Method, StatusCode, header},
	middleware::Next,
	response::{IntoResponse, Response},
};
use medblock_portal_files::Origin;
use medblock_vault_protocol::{is_loopback, origins};
use std::sync::Arc;

/// Middleware around the protocol's paths.
pub(super) async fn share(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
	let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
		return varied(next.run(request).await);
	};
	let is_allowed = is_allowed(&origin, &app.authority.gateways().await);
	let is_preflight = *request.method() == Method::OPTIONS
		&& request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
	let mut response = match (is_preflight, is_allowed) {
		(true, true) => preflight(),
		(true, false) => Refusal::OtherOrigin.into_response(),
		(false, _) => next.run(request).await,
	};
	if is_allowed {
		let headers = response.headers_mut();
		headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
		let exposed = HeaderValue::from_static(origins::EXPOSED);
		headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
	}
	varied(response)
}

/// Whether pages of this origin may ask: those of active hospitals' gateways, and of this machine's reader.
pub(super) fn is_allowed(origin: &HeaderValue, hospitals: &[Origin]) -> bool {
	let Ok(origin) = origin.to_str() else { return false };
	is_on_readers_machine(origin) || hospitals.iter().any(|one| one.http == origin)
}

/// Whether the request comes from no page, or from one that may ask.
pub(super) async fn may_ask(app: &App, headers: &HeaderMap) -> bool {
	match headers.get(header::ORIGIN) {
		None => true,
		Some(origin) => is_allowed(origin, &app.authority.gateways().await),
	}
}

/// Whether the origin is a page that the reader's own machine serves, at any port.
fn is_on_readers_machine(origin: &str) -> bool {
	let Ok(url) = url::Url::parse(origin) else { return false };
	// An origin as browsers write it, and nothing that only begins like one.
	url.scheme() == "http" && is_loopback(&url) && url.origin().ascii_serialization() == origin
}

fn preflight() -> Response {
	let allowed = [
		(header::ACCESS_CONTROL_ALLOW_METHODS, origins::METHODS),
		(header::ACCESS_CONTROL_ALLOW_HEADERS, origins::REQUEST_HEADERS),
		(header::ACCESS_CONTROL_MAX_AGE, "600"),
	];
	(StatusCode::NO_CONTENT, allowed).into_response()
}

/// Says that the answer depends on who asks.
fn varied(mut response: Response) -> Response {
	response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
	response
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn pages_of_hospitals_and_of_this_machine_may_ask() {
		let north = "https://north.example:8440/med".parse().unwrap();
		let hospitals = [Origin::from(&north)];
		for (origin, may) in [
			("https://north.example:8440", true),
			("http://localhost", true),
			("http://localhost:8450", true),
			("http://127.0.0.1:3000", true),
			("https://north.example", false),
			("http://north.example:8440", false),
			("https://north.example:8440/", false),
			("https://north.example:8440.evil.example", false),
			("https://evil.example", false),
			("http://localhost.evil.example", false),
			("http://localhost:80@evil.example", false),
			("http://localhost:8450/", false),
			("https://localhost", false),
			("null", false),
			("*", false),
			("", false),
		] {
			let value = HeaderValue::from_static(origin);
			assert_eq!(is_allowed(&value, &hospitals), may, "{origin}");
		}
	}
}
