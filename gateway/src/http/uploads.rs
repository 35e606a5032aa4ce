//! Resumable uploads (in the manner of draft-ietf-httpbis-resumable-upload).

use super::{App, decided_by, request};
use crate::{
	authority::{Named, Question},
	errors::Refusal,
	metrics::Limit,
	sessions::Session,
	vault::{
		Uploader,
		receive::{Part, Received},
		staging::UploadId,
	},
};
use axum::{
	body::{Body, BodyDataStream},
	extract::{Path, State},
	http::{HeaderMap, StatusCode, header},
	response::{IntoResponse, Response},
};
use medblock_primitives::Moment;
use medblock_vault_protocol::{
	UploadState,
	headers::{PREPARED, UPLOAD_LENGTH, UPLOAD_OFFSET},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::oneshot, time::timeout};

/// The time that the store has before a file's uploader is told that it takes longer.
const STORED_WITHIN: Duration = Duration::from_secs(10);

/// `HEAD /v1/patients/{patient}/uploads/{digest}`: the state of an upload.
pub(super) async fn progress(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
) -> Result<Response, Refusal> {
	let session = request::session(&app, &headers).await?;
	let blob = request::blob(&patient, &digest)?;
	let permit = app.authority.check(&session.account, blob.patient, Question::Upload).await?;
	let uploader = request::uploader(&session, blob, permit.role, permit.pending);
	let progress = app.vault.progress(&uploader).await?.ok_or(Refusal::NoSuchUpload)?;
	if progress.complete {
		// The client may send the transaction that names the file next.
		app.vault.renew(&uploader, false, permit.finalized.time).await?;
	}
	Ok((decided_by(permit.finalized.number), describe(StatusCode::OK, &progress)).into_response())
}

/// `PATCH /v1/patients/{patient}/uploads/{digest}`: a part of an upload, or all of it.
pub(super) async fn receive(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
	body: Body,
) -> Result<Response, Refusal> {
	let session = request::session(&app, &headers).await?;
	let blob = request::blob(&patient, &digest)?;
	let part = Part {
		offset: request::number(&headers, UPLOAD_OFFSET)?
			.ok_or(Refusal::BadRequest("Upload-Offset has to say where the body begins"))?,
		length: request::number(&headers, UPLOAD_LENGTH)?,
		body: request::number(&headers, header::CONTENT_LENGTH.as_str())?,
		prepared: request::flag(&headers, PREPARED)?,
	};
	let permit = app.authority.check(&session.account, blob.patient, Question::Upload).await?;
	let uploader = request::uploader(&session, blob, permit.role, permit.pending);
	let now = permit.finalized.time;
	// Only now: an account that may not upload takes no slot, not even while the chain is asked.
	let slot = app.metrics.limited(Limit::Uploads, app.uploads.take(&uploader.id))?;
	let uploading = app.metrics.uploads.clone();
	let (arrived, has_arrived) = oneshot::channel();
	// In a task of its own: bytes that have arrived are written even if the connection, and this request with
	// it, is lost; and a complete file is stored.
	let work = {
		let app = app.clone();
		async move {
			let _slot = slot;
			uploading.inc();
			let body = body.into_data_stream();
			let done = take_in(&app, &session, &uploader, now, part, body, arrived).await;
			uploading.dec();
			done
		}
	};
	let mut working = app.tasks.spawn(work);
	let ended = tokio::select! {
		ended = &mut working => ended,
		// A connection on which nothing moves is cut by proxies and clients. The work goes on without it.
		Ok(length) = has_arrived => match timeout(STORED_WITHIN, &mut working).await {
			Ok(ended) => ended,
			Err(_) => {
				return Ok(describe(StatusCode::ACCEPTED, &UploadState::storing(length)));
			},
		},
	};
	let progress = ended.map_err(|_| Refusal::ShuttingDown)??;
	let status = if progress.complete { StatusCode::CREATED } else { StatusCode::ACCEPTED };
	Ok(describe(status, &progress))
}

/// Receives a part, and stores the file if it is complete. `arrived` is told the length when that begins.
async fn take_in(
	app: &App,
	session: &Session,
	uploader: &Uploader,
	now: Moment,
	part: Part,
	body: BodyDataStream,
	arrived: oneshot::Sender<u64>,
) -> Result<UploadState, Refusal> {
	let at_end = part.length == Some(part.offset) || part.body == Some(0);
	if at_end {
		let progress = app.vault.progress(uploader).await?;
		if let Some(known) = progress.filter(|one| one.offset == part.offset) {
			let is_kept = known.complete && app.vault.renew(uploader, part.prepared, now).await?;
			if is_kept || known.storing {
				return Ok(known);
			}
		}
	}
	app.vault.make_room(&app.authority, uploader, part.length).await?;
	let whole = match app.vault.receive(uploader, part, body, now).await? {
		Received::Part { offset, length } => {
			return Ok(UploadState::partial(offset, length));
		},
		Received::Whole(whole) => whole,
	};
	// The upload may have taken long, and access may have ended.
	let patient = uploader.id.blob.patient;
	let permit = app.authority.check(&session.account, patient, Question::Upload).await?;
	let length = whole.length();
	// The request may be gone.
	let _ = arrived.send(length);
	app.vault.keep(whole, permit.finalized.time).await?;
	Ok(UploadState::complete(length))
}

/// `DELETE /v1/patients/{patient}/uploads/{digest}`: discards this account's upload, unless the chart names it.
/// An account may do this even if it may not upload any more.
pub(super) async fn discard(
	State(app): State<Arc<App>>,
	Path((patient, digest)): Path<(String, String)>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers).await?;
	let blob = request::blob(&patient, &digest)?;
	let id = UploadId { blob, account: session.account.0 };
	let named = app.vault.has_uploaded(&id).await? && {
		let view = app.authority.view().await?;
		let named = app.authority.named(&view, blob.patient, &[blob.digest]).await?;
		matches!(named.get(&blob.digest), Some(Named::Final | Named::Best))
	};
	match app.vault.discard(&id, named).await? {
		true => Ok(StatusCode::NO_CONTENT),
		false => Err(Refusal::NoSuchUpload),
	}
}

fn describe(status: StatusCode, state: &UploadState) -> Response {
	(status, state.headers()).into_response()
}
