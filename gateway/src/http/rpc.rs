//! The upgrade of a request to the door's WebSocket (RFC 6455, §4.2).

use super::{App, cors};
use crate::{
	door::{self, Caller},
	errors::Refusal,
	proxies,
};
use axum::{
	body::Body,
	extract::{ConnectInfo, Request, State},
	http::{HeaderMap, Method, StatusCode, header},
	response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, sync::Arc};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// `GET /v1/rpc`: the door to the node.
pub(super) async fn open(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	mut request: Request,
) -> Result<Response, Refusal> {
	let door = app.door.as_ref().ok_or(Refusal::NotFound)?;
	if !cors::may_ask(&app, request.headers()).await {
		return Err(Refusal::OtherOrigin);
	}
	let no_upgrade = Refusal::BadRequest("this path is a WebSocket: ask for an upgrade to it");
	// The route takes HEAD, too.
	let key = key(request.headers()).filter(|_| request.method() == Method::GET);
	let key = key.ok_or(no_upgrade.clone())?;
	let accept = derive_accept_key(key.as_bytes());
	let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or(no_upgrade)?;
	let client = proxies::client(peer.ip(), request.headers(), &app.proxies);
	let place = door.enter(Caller::at(client))?;
	let idle = app.vault.limits().idle;
	let served = app.clone();
	tokio::spawn(async move {
		if let Ok(upgraded) = upgrade.await {
			door::serve(served, TokioIo::new(upgraded), place, idle).await;
		}
	});
	let headers = [
		(header::CONNECTION, "upgrade"),
		(header::UPGRADE, "websocket"),
		(header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
	];
	Ok((StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response())
}

/// The client's key, if it asks for a WebSocket of the one version that there is.
fn key(headers: &HeaderMap) -> Option<String> {
	let lists = |name, wanted: &str| {
		let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
		let mut parts = values.flat_map(|value| value.split(','));
		parts.any(|part| part.trim().eq_ignore_ascii_case(wanted))
	};
	let is_one = lists(header::CONNECTION, "upgrade")
		&& lists(header::UPGRADE, "websocket")
		&& lists(header::SEC_WEBSOCKET_VERSION, "13");
	let key = headers.get(header::SEC_WEBSOCKET_KEY)?.to_str().ok()?;
	is_one.then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
	use super::*;
	use axum::http::HeaderValue;

	#[test]
	fn only_a_whole_request_for_a_websocket_is_one() {
		let whole = [
			(header::CONNECTION, "keep-alive, Upgrade"),
			(header::UPGRADE, "WebSocket"),
			(header::SEC_WEBSOCKET_VERSION, "13"),
			(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
		];
		let headers: HeaderMap = whole
			.iter()
			.map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
			.collect();
		assert_eq!(key(&headers).as_deref(), Some("dGhlIHNhbXBsZSBub25jZQ=="));
		for (missing, _) in whole {
			let mut headers = headers.clone();
			headers.remove(missing);
			assert_eq!(key(&headers), None);
		}
	}
}
