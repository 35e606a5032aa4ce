//! The beginnings of many records at once.

use super::{
	App, HangUp, decided_by,
	documents::{Client, Cut, SEGMENT, disclosure, send, write_down},
	guard::{AGAIN, Ask, guarded},
	request,
	signed::{self, Signed},
};
use crate::{
	authority::{Decided, Permit, Question},
	blob::{BlobId, Digest},
	errors::Refusal,
	sessions::Session,
};
use axum::{
	extract::{Extension, Path, Request, State},
	http::{HeaderMap, HeaderValue, header},
	response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt, stream};
use medblock_primitives::{PatientId, RecordIndex};
use medblock_receipts::{Subject, left_out};
use medblock_vault_protocol::heads::{FRAME, HEADS, HeadsQuery, frame};
use std::{sync::Arc, time::Instant};

/// Files that are looked at at once.
const AT_ONCE: usize = 8;

/// The sentence for another body.
const MALFORMED: &str =
	"the body has to be JSON with 1 to 64 records, each greater than the one before";

/// The beginning of a record that an account gets.
struct Beginning {
	blob: BlobId,
	length: u64,
	permit: Permit,
}

/// What the answer has of a record.
enum Part {
	Head { record: RecordIndex, blob: BlobId, length: u32 },
	Refused { record: RecordIndex, status: u16, problem: Vec<u8> },
}

/// `POST /v1/patients/{p}/heads`: the first bytes of records, as many as their titles need.
pub(super) async fn heads(
	State(app): State<Arc<App>>,
	Path(patient): Path<String>,
	Extension(hang_up): Extension<HangUp>,
	request: Request,
) -> Result<Response, Refusal> {
	let headers = request.headers().clone();
	let session = request::session(&app, &headers).await?;
	let patient = request::patient(&patient)?;
	let query: HeadsQuery = request::json(&app, request, MALFORMED).await?;
	if !query.is_sound() {
		return Err(Refusal::BadRequest(MALFORMED));
	}
	let decided = app.authority.check_records(&session.account, patient, &query.records).await?;
	let allowed = decided.iter().filter(|(_, permit)| permit.is_ok()).count();
	let first = decided.iter().find_map(|(_, permit)| permit.as_ref().ok()).cloned();
	let log = match &first {
		Some(permit) => signed::log(&app, &permit.finalized).await?,
		None => None,
	};
	let signed = match log {
		Some(log) => Some(Signed::read(log, &session, &headers, patient, titles(&decided)?)?),
		None => None,
	};
	let slot = app.download(&session, allowed)?;
	let found = stream::iter(decided).map(|(record, permit)| {
		let app = app.clone();
		async move { (record, beginning(&app, patient, permit).await) }
	});
	let mut found: Vec<_> = found.buffered(AT_ONCE).collect().await;
	bound(&mut found);
	let given = found.iter().filter_map(|(record, found)| Some((*record, found.as_ref().ok()?)));
	let entries: Vec<_> = given
		.map(|(record, one)| {
			disclosure(&session, Question::Record(record), &one.permit, &(0..one.length))
		})
		.collect();
	let mut described = HeaderMap::new();
	if !entries.is_empty() {
		if let (Some(signed), Some(permit)) = (signed, &first) {
			let bytes: u64 = entries.iter().map(|entry| entry.to).sum();
			let left_out = left_out(found.iter().map(|(_, one)| one.is_ok()));
			let given = (left_out, bytes);
			described.extend([signed.write_down(&app, &session, permit, given).await?]);
		}
		write_down(&app, patient, entries).await?;
	}
	let decided_at =
		found.iter().find_map(|(_, found)| Some(found.as_ref().ok()?.permit.finalized));
	let parts: Vec<Part> =
		found.into_iter().map(|(record, found)| part(&app, record, found)).collect();
	let length: u64 = parts.iter().map(Part::length).sum();
	let (to, body) = Client::of(&app, hang_up, slot);
	let given = parts.iter().filter_map(Part::given).collect();
	let mut listing = Listing { app, session, patient, given };
	tokio::spawn(async move {
		let app = listing.app.clone();
		let pouring = pour(&app, parts, &to);
		if guarded(&app.metrics, pouring, &mut listing, AGAIN).await.is_err() {
			to.cut();
		}
		to.end().await;
	});
	described.insert(header::CONTENT_TYPE, HeaderValue::from_static(HEADS));
	described.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
	let finalized = decided_at.map(|block| decided_by(block.number));
	let mut response = (described, body).into_response();
	response.headers_mut().extend(finalized.into_iter().flatten());
	Ok(response)
}

/// What the reader has signed for: all of these records. One that the chain does not allow makes the whole request
/// refused, since the signature can't be checked without its digest. The client asks for each by itself then. The line says
/// which ones the vault has left out.
fn titles(decided: &[Decided]) -> Result<Subject, Refusal> {
	let mut records = Vec::with_capacity(decided.len());
	for (record, permit) in decided {
		let permit = permit.as_ref().map_err(Refusal::clone)?;
		let document = permit.document.as_ref().ok_or(Refusal::BlobMissing)?;
		records.push((*record, &document.digest));
	}
	Ok(Subject::titles(records))
}

/// The beginning of a record, if the chain allows it and the vault has it.
async fn beginning(
	app: &App,
	patient: PatientId,
	permit: Result<Permit, Refusal>,
) -> Result<Beginning, Refusal> {
	let permit = permit?;
	let document = permit.document.as_ref().ok_or(Refusal::BlobMissing)?;
	let blob = BlobId { patient, digest: Digest(document.digest) };
	let whole = app.vault.whole(&blob, document.size).await?;
	let length = app.vault.head_length(&blob, whole).await?;
	Ok(Beginning { blob, length, permit })
}

/// Leaves out what goes beyond the bytes after which the chain would be asked again: clients ask for it by itself.
fn bound(found: &mut [(RecordIndex, Result<Beginning, Refusal>)]) {
	let mut room = SEGMENT;
	for (_, one) in found {
		let length = one.as_ref().map_or(0, |beginning| beginning.length);
		match room.checked_sub(length) {
			Some(left) => room = left,
			None => *one = Err(Refusal::TooMany { seconds: 1 }),
		}
	}
}

fn part(app: &App, record: RecordIndex, found: Result<Beginning, Refusal>) -> Part {
	let refused = |why: &Refusal| {
		let code = why.code();
		app.metrics.refusals.with_label_values(&[code.as_str()]).inc();
		let problem = serde_json::to_vec(&why.problem()).unwrap_or_default();
		Part::Refused { record, status: code.status(), problem }
	};
	match found {
		Ok(Beginning { blob, length, .. }) => match u32::try_from(length) {
			Ok(length) => Part::Head { record, blob, length },
			Err(_) => refused(&Refusal::StoreFailed),
		},
		Err(why) => refused(&why),
	}
}

/// The question that the chain is asked while an answer is sent.
struct Listing {
	app: Arc<App>,
	session: Arc<Session>,
	patient: PatientId,
	given: Vec<RecordIndex>,
}

impl Ask for Listing {
	async fn ask(&mut self) -> Result<Instant, Refusal> {
		let asked = Instant::now();
		let Self { app, session, patient, given } = self;
		let decided = app.authority.check_records(&session.account, *patient, given).await?;
		decided.into_iter().try_for_each(|(_, permit)| permit.map(drop))?;
		Ok(asked)
	}
}

impl Part {
	/// The record, if it is given.
	fn given(&self) -> Option<RecordIndex> {
		match self {
			Self::Head { record, .. } => Some(*record),
			Self::Refused { .. } => None,
		}
	}

	/// Its bytes in the answer.
	fn length(&self) -> u64 {
		let length = match self {
			Self::Head { length, .. } => u64::from(*length),
			Self::Refused { problem, .. } => problem.len() as u64,
		};
		length.saturating_add(FRAME as u64)
	}
}

/// Sends all parts.
async fn pour(app: &App, parts: Vec<Part>, to: &Client) -> Result<(), Cut> {
	let start = |record, status, length| Bytes::copy_from_slice(&frame(record, status, length));
	for part in parts {
		match part {
			Part::Head { record, blob, length } => {
				to.give(start(record, 200, length)).await?;
				send(app, &blob, 0..u64::from(length), to).await?;
			},
			Part::Refused { record, status, problem } => {
				// A problem has some hundred bytes.
				to.give(start(record, status, problem.len() as u32)).await?;
				to.give(problem.into()).await?;
			},
		}
	}
	Ok(())
}
