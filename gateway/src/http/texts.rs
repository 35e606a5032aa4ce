//! What doctors who ask for an emergency tell in words.

use super::{App, request};
use crate::{authority::wall_clock, errors::Refusal};
use axum::{
	body::Body,
	extract::{Path, State},
	http::{HeaderMap, StatusCode, header},
	response::IntoResponse,
};
use medblock_primitives::{DoctorId, PatientId};
use medblock_vault_protocol::{
	emergencies::{MAX_LENGTH, parts},
	headers::DOCUMENT,
	paths::{parse_digest, parse_number},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The text that a path names.
#[derive(Deserialize)]
pub(super) struct Named {
	patient: String,
	doctor: String,
	digest: String,
}

impl Named {
	fn parsed(&self) -> Result<(PatientId, DoctorId, [u8; 32]), Refusal> {
		let doctor = parse_number(&self.doctor).map(DoctorId).ok_or(Refusal::NotFound)?;
		let digest = parse_digest(&self.digest).ok_or(Refusal::NotFound)?;
		Ok((request::patient(&self.patient)?, doctor, digest))
	}
}

/// `GET /v1/patients/{p}/emergencies/{d}/{digest}`: a text, for the patient, the doctor, and the hospital's registrars.
pub(super) async fn get(
	State(app): State<Arc<App>>,
	Path(named): Path<Named>,
	headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
	let session = request::session(&app, &headers).await?;
	let (patient, doctor, digest) = named.parsed()?;
	app.texts.count(&session.account.0, request::now())?;
	app.authority.reads_text(&session.account, patient, doctor, &digest).await?;
	let text = app.texts.find(patient, &digest).await?;
	let described = [(header::CONTENT_TYPE, DOCUMENT), (header::CONTENT_DISPOSITION, "attachment")];
	Ok((described, text))
}

/// `PUT /v1/patients/{p}/emergencies/{d}/{digest}`: keeps a text that the chain names, for the doctor who asks.
pub(super) async fn put(
	State(app): State<Arc<App>>,
	Path(named): Path<Named>,
	headers: HeaderMap,
	body: Body,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers).await?;
	let (patient, doctor, digest) = named.parsed()?;
	app.texts.count(&session.account.0, request::now())?;
	let length = request::number(&headers, header::CONTENT_LENGTH.as_str())?;
	if length.is_some_and(|length| length > MAX_LENGTH as u64) {
		return Err(Refusal::TooLarge { limit: MAX_LENGTH as u64 });
	}
	app.authority.leaves_text(&session.account, patient, doctor, &digest).await?;
	let text = request::bytes(&app, body, MAX_LENGTH).await?;
	if parts(&text).is_none() {
		return Err(Refusal::NotAnAgeFile);
	}
	if <[u8; 32]>::from(Sha256::digest(&text)) != digest {
		return Err(Refusal::DigestMismatch);
	}
	// Others may have asked while this one came. Their texts are to stay.
	let known = app.authority.leaves_text(&session.account, patient, doctor, &digest).await?;
	app.texts.put(patient, &digest, text, &known, wall_clock()).await?;
	Ok(StatusCode::NO_CONTENT)
}
