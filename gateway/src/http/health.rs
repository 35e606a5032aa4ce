//! Health and metrics, for monitoring.

use super::{App, request};
use crate::errors::Refusal;
use axum::{
	Json,
	extract::State,
	http::{StatusCode, header},
	response::{IntoResponse, Response},
};
use medblock_vault_protocol::{Code, Health, Lacking, Strain};
use prometheus::IntGauge;
use std::sync::Arc;

/// `GET /health`: whether the gateway can serve requests, and which it refuses meanwhile.
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
	let version = env!("CARGO_PKG_VERSION").to_owned();
	if let Some(message) = app.vault.store_problem() {
		return degraded(Code::StoreFailed, message, version);
	}
	let view = match app.glance.get(app.authority.view()).await {
		Ok(view) => view,
		Err(why) => return degraded(why.code(), why.to_string(), version),
	};
	// Without its log, the vault gives nothing out.
	if let Err(why) = log(&app).await {
		return degraded(why.code(), why.to_string(), version);
	}
	let unnamed = match unnamed(&app).await {
		Ok(unnamed) => unnamed,
		Err(why) => return degraded(why.code(), why.to_string(), version),
	};
	let (finalized, finalized_age_seconds) = (view.finalized.number(), view.age() / 1_000);
	let lacking = lacking(&app);
	let troubles: Vec<_> = strains(&app, unnamed).map(Into::into).collect();
	Json(match troubles.is_empty() {
		true => Health::Ok { finalized, finalized_age_seconds, lacking, version },
		false => Health::Strained { finalized, finalized_age_seconds, troubles, lacking, version },
	})
	.into_response()
}

fn degraded(reason: Code, message: String, version: String) -> Response {
	let body = Health::Degraded { reason: reason.into(), message, version };
	(StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}

/// Refused if the log of disclosures can't be used, as the readers are.
async fn log(app: &App) -> Result<(), Refusal> {
	let looking = async {
		let block = app.authority.view().await?.block();
		app.receipts.log(&app.authority, &block).await.map(drop)
	};
	app.log.get(looking).await
}

/// What the vault is to keep and lacks, once it has compared itself with the chain.
fn lacking(app: &App) -> Option<Lacking> {
	let metrics = &app.metrics;
	let number = |gauge: &IntGauge| u64::try_from(gauge.get()).unwrap_or_default();
	(metrics.looked.get() > 0).then(|| Lacking {
		files: number(&metrics.lacking_files),
		nowhere: number(&metrics.nowhere_files),
	})
}

/// The bytes of uploads that no final block names, as the database last said.
async fn unnamed(app: &App) -> Result<u64, Refusal> {
	app.unnamed.get(app.vault.unnamed()).await
}

/// What makes the vault refuse some requests now.
fn strains(app: &App, unnamed: u64) -> impl Iterator<Item = Strain> + '_ {
	Strain::ALL.iter().copied().filter(move |strain| match strain {
		// A disk that does not say how much is free fails in other ways, which are counted.
		Strain::DiskReserve => matches!(app.vault.has_room_for(0), Ok(false)),
		Strain::QuotaUnnamed => unnamed >= app.vault.limits().quotas.unnamed,
		Strain::UploadsFull => app.uploads.are_taken(),
		Strain::DownloadsFull => app.download_slots.are_taken(),
	})
}

/// `GET /metrics`: metrics for Prometheus, at an address of their own.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Refusal> {
	let metrics = &app.metrics;
	let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
	metrics.sessions.set(gauge(app.sessions.count(request::now()) as u64));
	metrics.downloads.set(gauge(app.download_slots.in_use() as u64));
	let unnamed = unnamed(&app).await;
	metrics.state_answers.set(unnamed.is_ok().into());
	let unnamed = unnamed.unwrap_or_default();
	metrics.unnamed.set(gauge(unnamed));
	metrics.disk_reserve.set(gauge(app.vault.limits().reserve));
	let strains: Vec<_> = strains(&app, unnamed).collect();
	for one in Strain::ALL {
		let is_there = i64::from(strains.contains(one));
		metrics.troubles.with_label_values(&[one.as_str()]).set(is_there);
	}
	// The last request may be long ago.
	let serves = app.glance.get(app.authority.view()).await.is_ok();
	metrics.serving.set(serves.into());
	// Without a node, nothing is known of it.
	if serves {
		match log(&app).await {
			Err(Refusal::NodeUnreachable | Refusal::NodeBehind) => (),
			looked => metrics.log_answers.set(looked.is_ok().into()),
		}
		metrics.receipts_owed.set(app.receipts.owes().into());
	}
	if let Ok(free) = app.vault.free() {
		metrics.disk_free.set(gauge(free));
	}
	let text = metrics.text().map_err(|why| {
		tracing::error!(%why, "the metrics can't be written");
		Refusal::StoreFailed
	})?;
	Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
