//! Downloads of records and profiles, which stay encrypted.

use super::{
	App, HangUp, Held, decided_by,
	guard::{AGAIN, Ask, guarded, refused},
	request,
	signed::{self, Signed},
};
use crate::{
	authority::{Permit, Question, Role, Seen, wall_clock},
	blob::{BlobId, Digest},
	downloads::DownloadSlot,
	errors::Refusal,
	sessions::Session,
};
use axum::{
	body::Body,
	extract::{Extension, Path, State},
	http::{HeaderMap, HeaderValue, Method, StatusCode, header},
	response::{IntoResponse, Response},
};
use bytes::Bytes;
use medblock_primitives::PatientId;
use medblock_receipts::Subject;
use medblock_vault_protocol::{Disclosure, Item, headers::DOCUMENT, ranges};
use std::{
	io,
	ops::Range,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
	task::Poll,
	time::{Duration, Instant},
};
use tokio::{
	sync::{
		mpsc::{Sender, channel},
		oneshot,
	},
	time::timeout,
};

/// Bytes after which the chain is asked again.
pub(super) const SEGMENT: u64 = 8 * 1024 * 1024;
/// The greatest age of the chain's answer when a segment begins.
const FRESH: Duration = Duration::from_secs(1);
/// Pieces that are read ahead of the client. With the one that is being read and the one that is being sent, they are
/// all that an answer keeps in memory.
const AHEAD: usize = 1;

/// `GET /v1/patients/{p}/records/{i}` and `GET /v1/patients/{p}/profile`: a document, as it was uploaded.
pub(super) async fn document(
	State(app): State<Arc<App>>,
	Path(named): Path<request::Named>,
	Extension(hang_up): Extension<HangUp>,
	method: Method,
	headers: HeaderMap,
) -> Result<Response, Refusal> {
	let question = match named.item()? {
		Item::Record(index) => Question::Record(index),
		Item::Profile => Question::Profile,
	};
	let session = request::session(&app, &headers).await?;
	let patient = named.patient()?;
	let mut seen = Seen::default();
	let permit = app.authority.check_again(&session.account, patient, question, &mut seen).await?;
	let document = permit.document.as_ref().ok_or(Refusal::BlobMissing)?;
	let blob = BlobId { patient, digest: Digest(document.digest) };
	let length = app.vault.whole(&blob, document.size).await?;
	let entity = format!("\"{}\"", blob.digest);
	// A range is for GET alone (RFC 9110, §14.2).
	let (range, is_part) = match method {
		Method::HEAD => (0..length, false),
		_ => request::range(&headers, length, &entity)?,
	};
	let (status, mut described) = describe(&range, length, is_part, &entity)?;
	let finalized = decided_by(permit.finalized.number);
	if method == Method::HEAD {
		return Ok((status, finalized, described).into_response());
	}
	let subject = match question {
		Question::Record(index) => Subject::Record { index, digest: document.digest },
		_ => Subject::Profile { digest: document.digest },
	};
	let signed = match signed::log(&app, &permit.finalized).await? {
		Some(log) => Some(Signed::read(log, &session, &headers, patient, subject)?),
		None => None,
	};
	// Only answers that are written down count.
	let slot = app.download(&session, 1)?;
	if let Some(signed) = signed {
		let given = (range.start, range.end);
		described.extend([signed.write_down(&app, &session, &permit, given).await?]);
	}
	let entry = disclosure(&session, question, &permit, &range);
	write_down(&app, patient, vec![entry]).await?;
	let (to, body) = Client::of(&app, hang_up, slot);
	let mut reading = Reading { app, session, question, blob, seen };
	tokio::spawn(async move { reading.pump(range, to).await });
	Ok((status, finalized, described, body).into_response())
}

/// The status and headers of an answer.
pub(super) fn describe(
	range: &Range<u64>,
	length: u64,
	is_part: bool,
	entity: &str,
) -> Result<(StatusCode, HeaderMap), Refusal> {
	let mut headers = HeaderMap::new();
	let value = |text: String| HeaderValue::try_from(text).map_err(|_| Refusal::StoreFailed);
	headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(DOCUMENT));
	headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
	headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
	headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
	headers.insert(header::ETAG, value(entity.to_owned())?);
	if is_part {
		let text = ranges::content_header(range, length);
		headers.insert(header::CONTENT_RANGE, value(text)?);
	}
	let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
	Ok((status, headers))
}

/// The entry about bytes that an account gets.
pub(super) fn disclosure(
	session: &Session,
	question: Question,
	permit: &Permit,
	range: &Range<u64>,
) -> Disclosure {
	Disclosure {
		number: 0,
		time: wall_clock(),
		block: permit.finalized.number,
		block_hash: format!("0x{}", hex::encode(permit.finalized.hash)),
		account: session.account.to_string(),
		doctor: match permit.role {
			Role::Doctor(doctor) | Role::Emergency(doctor) => Some(doctor),
			_ => None,
		},
		registrar: match permit.role {
			Role::Registrar(hospital) => Some(hospital),
			_ => None,
		},
		representative: match permit.role {
			Role::Representative(patient) => Some(patient),
			_ => None,
		},
		emergency: matches!(permit.role, Role::Emergency(_)),
		record: match question {
			Question::Record(index) => Some(index),
			_ => None,
		},
		from: range.start,
		to: range.end,
		challenge: session.challenge.clone(),
		signature: session.signature.clone(),
	}
}

/// Writes to disk what is about to be sent.
pub(super) async fn write_down(
	app: &App,
	patient: PatientId,
	entries: Vec<Disclosure>,
) -> Result<(), Refusal> {
	app.disclosures.append_all(patient, entries).await.map_err(|why| {
		app.metrics.failed(&why);
		tracing::error!(%why, "a disclosure can't be written, so nothing is disclosed");
		Refusal::from_io(&why)
	})?;
	Ok(())
}

/// An answer in flight.
struct Reading {
	app: Arc<App>,
	session: Arc<Session>,
	question: Question,
	blob: BlobId,
	seen: Seen,
}

impl Reading {
	/// Sends the bytes, and asks the chain again for each segment, and every few seconds of a slow one. When access is
	/// gone, or anything fails, the connection is cut, so that the client sees a short body.
	async fn pump(&mut self, range: Range<u64>, to: Client) {
		let mut from = range.start;
		while from < range.end {
			let end = from.saturating_add(SEGMENT).min(range.end);
			if self.send(from..end, end == range.end, &to).await.is_err() {
				to.cut();
				break;
			}
			from = end;
		}
		to.end().await;
	}

	/// Sends a segment. The chain is asked in the meantime, so that the client does not wait for it; and once more if the
	/// client took so long that the answer is old.
	async fn send(&mut self, segment: Range<u64>, is_last: bool, to: &Client) -> Result<(), Cut> {
		let Self { app, session, question, blob, seen } = self;
		let mut asking = Asking { app, session, question: *question, blob, seen };
		let sending = send(app, blob, segment, to);
		let pause = if is_last { AGAIN } else { Duration::ZERO };
		let asked = guarded(&app.metrics, sending, &mut asking, pause).await?;
		if is_last || asked.is_some_and(|asked| asked.elapsed() <= FRESH) {
			return Ok(());
		}
		match asking.ask().await {
			Ok(_) => Ok(()),
			Err(why) => Err(refused(&app.metrics, &why)),
		}
	}
}

/// The answer can't continue.
#[derive(Debug)]
pub(super) struct Cut;

/// The question that the chain is asked for each segment.
struct Asking<'a> {
	app: &'a App,
	session: &'a Session,
	question: Question,
	blob: &'a BlobId,
	seen: &'a mut Seen,
}

impl Ask for Asking<'_> {
	async fn ask(&mut self) -> Result<Instant, Refusal> {
		let asked = Instant::now();
		let Self { app, session, question, blob, seen } = self;
		let (account, patient) = (&session.account, blob.patient);
		let permit = app.authority.check_again(account, patient, *question, seen).await?;
		match permit.document {
			Some(document) if document.digest == blob.digest.0 => Ok(asked),
			// The profile has been replaced.
			_ => Err(Refusal::NoProfile),
		}
	}
}

/// The client that an answer goes to.
pub(super) struct Client {
	pieces: Sender<Bytes>,
	/// Whether the answer is cut. What the client was to get next goes nowhere then.
	is_cut: Arc<AtomicBool>,
	patience: Duration,
	hang_up: HangUp,
	/// Ends with the body.
	body: oneshot::Receiver<()>,
}

impl Client {
	/// A client, and the body of the answer to it, which keeps its slot until all of it is on its way.
	pub(super) fn of(app: &App, hang_up: HangUp, slot: DownloadSlot) -> (Self, Body) {
		Self::waiting(app.vault.limits().idle, hang_up, slot)
	}

	/// The same, for a client that is waited for so long.
	fn waiting(
		patience: Duration,
		hang_up: HangUp,
		slot: impl Unpin + Send + 'static,
	) -> (Self, Body) {
		let (pieces, mut receiver) = channel(AHEAD);
		let (there, gone) = oneshot::channel();
		let is_cut = Arc::new(AtomicBool::new(false));
		let of_body = is_cut.clone();
		let body = Body::from_stream(futures::stream::poll_fn(move |cx| {
			let next = receiver.poll_recv(cx);
			match of_body.load(Ordering::Acquire) {
				true => Poll::Ready(Some(Err(cut()))),
				false => next.map(|piece| piece.map(Ok)),
			}
		}));
		let body = Held::body(body, (slot, there));
		(Self { pieces, is_cut, patience, hang_up, body: gone }, body)
	}

	/// Cuts the answer, so that the client sees a short body. The body notices at the end of the pieces, which comes
	/// with [`Self::end`].
	pub(super) fn cut(&self) {
		self.is_cut.store(true, Ordering::Release);
	}

	/// Gives the client a piece, and waits until it has taken the one before. A client that takes none for too long
	/// only holds what others could use: its connection ends. However slow it is otherwise, it gets the whole answer.
	pub(super) async fn give(&self, piece: Bytes) -> Result<(), Cut> {
		match timeout(self.patience, self.pieces.send(piece)).await {
			Ok(given) => given.map_err(|_| Cut),
			Err(_) => {
				self.hang_up.now();
				Err(Cut)
			},
		}
	}

	/// Ends the answer, and waits until all of it is on its way, or it is given up. Over HTTP/2, a client may keep its
	/// connection and take nothing of one answer. So the last pieces, and the end of one that was cut, are waited for as
	/// long as any other piece: the slot must not be taken for ever.
	pub(super) async fn end(self) {
		let Self { pieces, is_cut, patience, hang_up, body } = self;
		// There is room for another piece once the last one is taken.
		let is_taken =
			is_cut.load(Ordering::Acquire) || timeout(patience, pieces.reserve()).await.is_ok();
		drop(pieces);
		if !is_taken || timeout(patience, body).await.is_err() {
			hang_up.now();
		}
	}
}

fn cut() -> io::Error {
	io::Error::new(io::ErrorKind::ConnectionAborted, "the answer is cut")
}

/// Sends all of a segment.
pub(super) async fn send(
	app: &App,
	blob: &BlobId,
	segment: Range<u64>,
	to: &Client,
) -> Result<(), Cut> {
	let mut left = segment.end - segment.start;
	let mut segment = app.vault.read(blob, segment).await.map_err(|_| Cut)?;
	while let Some(piece) = app.vault.next(&mut segment).await.map_err(|_| Cut)? {
		left = left.saturating_sub(piece.len() as u64);
		to.give(piece).await?;
	}
	match left {
		0 => Ok(()),
		_ => Err(Cut),
	}
}

#[cfg(test)]
mod tests;
