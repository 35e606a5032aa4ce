//! Uploads that can be gone on with (in the manner of draft-ietf-httpbis-resumable-upload).

use super::{App, decided_by, request};
use crate::{
	authority::{Named, Question},
	errors::{Refusal, UPLOAD_OFFSET},
	sessions::Session,
	vault::{
		Progress, Uploader,
		receive::{Part, Received},
		staging::UploadId,
	},
};
use axum::{
	body::{Body, BodyDataStream},
	extract::{Path, State},
	http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
	response::{IntoResponse, Response},
};
use medblock_primitives::Moment;
use std::sync::Arc;

const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");
const PREPARED: HeaderName = HeaderName::from_static("prepared");

/// `HEAD /v1/patients/{p}/uploads/{digest}`: how far an upload is.
pub(super) async fn progress(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
) -> Result<Response, Refusal> {
	let session = request::session(&app, &headers)?;
	let blob = request::blob(&patient, &digest)?;
	let permit = app.authority.check(&session.account, blob.patient, Question::Upload).await?;
	let uploader = request::uploader(&session, blob, permit.role, permit.pending);
	let progress = app.vault.progress(&uploader).await?.ok_or(Refusal::NoSuchUpload)?;
	if progress.complete {
		// Whoever hears that it is there may send the transaction that names it.
		app.vault.renew(&uploader, false, permit.finalized.time).await?;
	}
	Ok((decided_by(permit.finalized.number), describe(StatusCode::OK, progress)).into_response())
}

/// `PATCH /v1/patients/{p}/uploads/{digest}`: more of an upload, or all of it.
pub(super) async fn receive(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
	body: Body,
) -> Result<Response, Refusal> {
	let session = request::session(&app, &headers)?;
	let blob = request::blob(&patient, &digest)?;
	let part = Part {
		offset: request::number(&headers, &UPLOAD_OFFSET)?
			.ok_or(Refusal::BadRequest("Upload-Offset has to say where the body begins"))?,
		length: request::number(&headers, &UPLOAD_LENGTH)?,
		body: request::number(&headers, &header::CONTENT_LENGTH)?,
		prepared: request::flag(&headers, &PREPARED)?,
	};
	let permit = app.authority.check(&session.account, blob.patient, Question::Upload).await?;
	let uploader = request::uploader(&session, blob, permit.role, permit.pending);
	let now = permit.finalized.time;
	// Not before: who may not upload takes nobody's slot, not even while the chain is asked.
	let slot = app.uploads.take(&uploader.id)?;
	let uploading = app.metrics.uploads.clone();
	// On its own: what has arrived is written also if the connection, and this request with it, is
	// lost; and what is complete gets its place.
	let work = {
		let app = app.clone();
		async move {
			let _slot = slot;
			uploading.inc();
			let body = body.into_data_stream();
			let done = take_in(&app, &session, &uploader, now, part, body).await;
			uploading.dec();
			done
		}
	};
	let progress = app.tasks.spawn(work).await.map_err(|_| Refusal::ShuttingDown)??;
	let status = if progress.complete { StatusCode::CREATED } else { StatusCode::ACCEPTED };
	Ok(describe(status, progress))
}

async fn take_in(
	app: &App,
	session: &Session,
	uploader: &Uploader,
	now: Moment,
	part: Part,
	body: BodyDataStream,
) -> Result<Progress, Refusal> {
	let at_end = part.length == Some(part.offset) || part.body == Some(0);
	if at_end {
		let progress = app.vault.progress(uploader).await?;
		if let Some(done) = progress.filter(|one| one.complete && one.offset == part.offset) {
			if app.vault.renew(uploader, part.prepared, now).await? {
				return Ok(done);
			}
		}
	}
	app.vault.make_room(&app.authority, uploader, part.length).await?;
	let whole = match app.vault.receive(uploader, part, body, now).await? {
		Received::Part { offset, length } => {
			return Ok(Progress { offset, length, complete: false });
		},
		Received::Whole(whole) => whole,
	};
	// Much time may have gone by, and access with it.
	let patient = uploader.id.blob.patient;
	let permit = app.authority.check(&session.account, patient, Question::Upload).await?;
	let length = whole.length();
	app.vault.keep(whole, permit.finalized.time).await?;
	Ok(Progress { offset: length, length, complete: true })
}

/// `DELETE /v1/patients/{p}/uploads/{digest}`: throws away what this account has uploaded, unless the
/// chart names it. Whoever uploaded may do this, also when they may not upload any more.
pub(super) async fn discard(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers)?;
	let blob = request::blob(&patient, &digest)?;
	let id = UploadId { blob, account: session.account.0 };
	let named = app.vault.has_uploaded(&id)? && {
		let view = app.authority.view().await?;
		let named = app.authority.named(&view, blob.patient, &[blob.digest]).await?;
		matches!(named.get(&blob.digest), Some(Named::Final | Named::Best))
	};
	match app.vault.discard(&id, named).await? {
		true => Ok(StatusCode::NO_CONTENT),
		false => Err(Refusal::NoSuchUpload),
	}
}

fn describe(status: StatusCode, progress: Progress) -> Response {
	let Progress { offset, length, complete } = progress;
	let complete = HeaderValue::from_static(if complete { "?1" } else { "?0" });
	let headers = [
		(UPLOAD_OFFSET, HeaderValue::from(offset)),
		(UPLOAD_LENGTH, HeaderValue::from(length)),
		(UPLOAD_COMPLETE, complete),
	];
	(status, headers).into_response()
}
