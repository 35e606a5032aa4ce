//! Health and metrics, for monitoring.

use super::{App, request};
use crate::errors::Refusal;
use axum::{
	Json,
	extract::State,
	http::{StatusCode, header},
	response::{IntoResponse, Response},
};
use medblock_vault_protocol::Health;
use std::sync::Arc;

/// `GET /health`: whether the gateway can serve requests.
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
	let version = env!("CARGO_PKG_VERSION").to_owned();
	match app.glance.get(app.authority.view()).await {
		Ok(view) => Json(Health::Ok {
			finalized: view.finalized.number(),
			finalized_age_seconds: view.age() / 1_000,
			version,
		})
		.into_response(),
		Err(why) => {
			let (reason, message) = (why.code().into(), why.to_string());
			let body = Health::Degraded { reason, message, version };
			(StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
		},
	}
}

/// `GET /metrics`: metrics for Prometheus, at an address of their own.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Refusal> {
	let sessions = app.sessions.count(request::now());
	app.metrics.sessions.set(i64::try_from(sessions).unwrap_or(i64::MAX));
	// The last request may be long ago.
	app.metrics.serving.set(app.glance.get(app.authority.view()).await.is_ok().into());
	if let Ok(free) = fs4::available_space(&app.data) {
		app.metrics.disk_free.set(i64::try_from(free).unwrap_or(i64::MAX));
	}
	let text = app.metrics.text().map_err(|why| {
		tracing::error!(%why, "the metrics can't be written");
		Refusal::StoreFailed
	})?;
	Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
