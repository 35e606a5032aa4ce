//! The portal's pages, at all paths that are not the protocol's.

use super::App;
use crate::errors::Refusal;
use axum::{
	body::Body,
	extract::{Request, State},
	response::Response,
};
use medblock_portal_files::Policy;
use std::sync::Arc;

/// `GET /`, and the portal's other files.
pub(super) async fn page(
	State(app): State<Arc<App>>,
	request: Request,
) -> Result<Response, Refusal> {
	let pages = app.portal.as_ref().ok_or(Refusal::NotFound)?;
	let portal = pages.portal(&app.authority).await?;
	let hospitals = app.authority.gateways().await;
	let policy = Policy::new(&hospitals, app.is_secure);
	let (method, path) = (request.method(), request.uri().path());
	let answer = portal.answer(method, path, request.headers(), &policy);
	answer.map(|answer| answer.map(Body::from)).ok_or(Refusal::NotFound)
}
