//! Lists of disclosures.

use super::{App, decided_by, request};
use crate::{authority::Question, errors::Refusal};
use axum::{
	Json,
	extract::{Path, Query, State, rejection::QueryRejection},
	http::HeaderMap,
	response::IntoResponse,
};
use medblock_vault_protocol::{DisclosuresQuery, MAX_DISCLOSURES};
use std::sync::Arc;

/// `GET /v1/patients/{patient}/disclosures`: for the patient alone.
pub(super) async fn disclosures(
	State(app): State<Arc<App>>,
	Path(patient): Path<String>,
	query: Result<Query<DisclosuresQuery>, QueryRejection>,
	headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
	let session = request::session(&app, &headers).await?;
	let patient = request::patient(&patient)?;
	let malformed = "?after= and &limit= have to be numbers";
	let Query(DisclosuresQuery { after, limit }) =
		query.map_err(|_| Refusal::BadRequest(malformed))?;
	let permit = app.authority.check(&session.account, patient, Question::Disclosures).await?;
	let limit = limit.unwrap_or(MAX_DISCLOSURES);
	let page = app.disclosures.page(patient, after, limit).await.map_err(|why| {
		app.metrics.failed(&why);
		tracing::error!(%why, "disclosures can't be read");
		Refusal::from_io(&why)
	})?;
	Ok((decided_by(permit.finalized.number), Json(page)))
}
