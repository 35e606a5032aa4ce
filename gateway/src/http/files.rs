//! Files for other vaults that are to keep them, too, or from now on.
//!
//! The chain says which these are. What one vault gives to another is no disclosure: it stays encrypted, no reader has
//! it, and the patient, or the council for a hospital that has left, has decided so on the chain.

use super::{
	App, HangUp, decided_by,
	documents::{Client, SEGMENT, describe, send},
	guard::{AGAIN, Ask, guarded},
	request,
};
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	metrics::Limit,
	sessions::Session,
};
use axum::{
	extract::{Extension, Path, State},
	http::{HeaderMap, Method},
	response::{IntoResponse, Response},
};
use medblock_vault_protocol::Item;
use std::{ops::Range, sync::Arc, time::Instant};

/// `GET /v1/patients/{p}/records/{i}/file` and `GET /v1/patients/{p}/profile/file`: a document, for a vault that is to
/// keep it.
pub(super) async fn file(
	State(app): State<Arc<App>>,
	Path(named): Path<request::Named>,
	Extension(hang_up): Extension<HangUp>,
	method: Method,
	headers: HeaderMap,
) -> Result<Response, Refusal> {
	let item = named.item()?;
	let session = request::session(&app, &headers).await?;
	let patient = named.patient()?;
	let (document, block) = app.authority.kept_by(&session.account, patient, item).await?;
	let blob = BlobId { patient, digest: Digest(document.digest) };
	let length = app.vault.whole(&blob, document.size).await?;
	let entity = format!("\"{}\"", blob.digest);
	let (range, is_part) = match method {
		Method::HEAD => (0..length, false),
		_ => request::range(&headers, length, &entity)?,
	};
	let (status, described) = describe(&range, length, is_part, &entity)?;
	let finalized = decided_by(block.number);
	if method == Method::HEAD {
		return Ok((status, finalized, described).into_response());
	}
	let slot = app.download_slots.take(&session.account.0);
	let slot = app.metrics.limited(Limit::Downloads, slot)?;
	let (to, body) = Client::of(&app, hang_up, slot);
	let giving = Giving { app, session, item, blob };
	tokio::spawn(async move { giving.pump(range, to).await });
	Ok((status, finalized, described, body).into_response())
}

/// An answer in flight.
struct Giving {
	app: Arc<App>,
	session: Arc<Session>,
	item: Item,
	blob: BlobId,
}

impl Giving {
	/// Sends the bytes, and asks the chain again before each further segment, and every few seconds of a slow one.
	async fn pump(&self, range: Range<u64>, to: Client) {
		let Self { app, blob, .. } = self;
		let (mut asking, mut from) = (self, range.start);
		while from < range.end {
			let end = from.saturating_add(SEGMENT).min(range.end);
			let is_allowed = from == range.start || asking.ask().await.is_ok();
			let sending = send(app, blob, from..end, &to);
			if !is_allowed || guarded(&app.metrics, sending, &mut asking, AGAIN).await.is_err() {
				to.cut();
				break;
			}
			from = end;
		}
		to.end().await;
	}
}

impl Ask for &Giving {
	async fn ask(&mut self) -> Result<Instant, Refusal> {
		let (asked, Giving { app, session, item, blob }) = (Instant::now(), *self);
		let kept = app.authority.kept_by(&session.account, blob.patient, *item).await?;
		match kept.0.digest == blob.digest.0 {
			true => Ok(asked),
			// The profile has been replaced.
			false => Err(Refusal::NoProfile),
		}
	}
}
