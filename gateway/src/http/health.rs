//! For whoever watches the gateway.

use super::{App, request};
use crate::errors::Refusal;
use axum::{
	Json,
	extract::State,
	http::{StatusCode, header},
	response::{IntoResponse, Response},
};
use serde_json::json;
use std::sync::Arc;

/// `GET /health`: whether the gateway can serve anybody.
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
	let version = env!("CARGO_PKG_VERSION");
	match app.authority.view().await {
		Ok(view) => Json(json!({
			"status": "ok",
			"finalized": view.finalized.number(),
			"finalizedAgeSeconds": view.age() / 1_000,
			"version": version,
		}))
		.into_response(),
		Err(why) => {
			let (_, code) = why.code();
			let body = json!({
				"status": "degraded",
				"reason": code,
				"message": why.to_string(),
				"version": version,
			});
			(StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
		},
	}
}

/// `GET /metrics`: figures for Prometheus, at an address of their own.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Refusal> {
	let sessions = app.sessions.count(request::now());
	app.metrics.sessions.set(i64::try_from(sessions).unwrap_or(i64::MAX));
	// Asked now: nobody else may have asked the node for a while.
	app.metrics.serving.set(app.authority.view().await.is_ok().into());
	if let Ok(free) = fs4::available_space(&app.data) {
		app.metrics.disk_free.set(i64::try_from(free).unwrap_or(i64::MAX));
	}
	let text = app.metrics.text().map_err(|why| {
		tracing::error!(%why, "the figures can't be written");
		Refusal::StoreFailed
	})?;
	Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
