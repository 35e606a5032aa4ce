//! Who was given what.

use super::{App, decided_by, request};
use crate::{authority::Question, disclosures::MAX_PAGE, errors::Refusal};
use axum::{
	Json,
	extract::{Path, Query, State, rejection::QueryRejection},
	http::HeaderMap,
	response::IntoResponse,
};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paging {
	after: Option<u64>,
	limit: Option<usize>,
}

/// `GET /v1/patients/{p}/disclosures`: for the patient alone.
pub(super) async fn disclosures(
	State(app): State<Arc<App>>,
	Path(patient): Path<String>,
	paging: Result<Query<Paging>, QueryRejection>,
	headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
	let session = request::session(&app, &headers)?;
	let patient = request::patient(&patient)?;
	let malformed = "?after= and &limit= have to be numbers";
	let Query(Paging { after, limit }) = paging.map_err(|_| Refusal::BadRequest(malformed))?;
	let permit = app.authority.check(&session.account, patient, Question::Disclosures).await?;
	let limit = limit.unwrap_or(MAX_PAGE);
	let of_thread = app.clone();
	let reading = move || of_thread.disclosures.page(patient, after, limit);
	let page = tokio::task::spawn_blocking(reading).await.map_err(std::io::Error::other);
	let page = page.and_then(|page| page).map_err(|why| {
		app.metrics.failures.with_label_values(&["disk"]).inc();
		tracing::error!(%why, "disclosures can't be read");
		Refusal::from_io(&why)
	})?;
	Ok((decided_by(permit.finalized.number), Json(page)))
}
