//! A vault that lies: it passes everything on to an honest gateway, but for what it is to do instead.

use crate::{Gateway, Network};
use axum::{
	Json, Router,
	body::{Body, Bytes, to_bytes},
	extract::{Request, State},
	http::{
		HeaderMap, Method, StatusCode,
		header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, RANGE, TRANSFER_ENCODING},
		request::Parts,
	},
	response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use medblock_primitives::RecordIndex;
use medblock_vault_protocol::{
	headers::RECEIPT,
	receipts::{parse_receipt, receipt_header},
};
use serde_json::{Value, json};
use std::{
	convert::Infallible,
	future::ready,
	path::PathBuf,
	sync::{
		Arc, Mutex, MutexGuard, PoisonError,
		atomic::{AtomicU64, Ordering},
	},
};

/// What a vault does that lies.
#[derive(Clone, Debug)]
pub enum Trick {
	/// Nothing: it is honest.
	None,
	/// Gives the ciphertext of this record, whichever of the chart is asked for.
	OtherRecord(RecordIndex),
	/// Flips the last bit of whatever it gives of records.
	FlippedBit,
	/// Gives nothing from this byte on of a record, or of the beginnings of several, as if that were the end.
	CutAt(u64),
	/// Gives this many bytes of a record at a time, as a slow line does in the time that an asker waits.
	Slow(usize),
	/// Gives other bytes of a record, and never the last ones: half of what is asked for.
	HalfOfOther,
	/// Has these fields in what it wants to be signed.
	Challenge(Value),
	/// Has each receipt name a block that there is not.
	OtherBlock,
	/// Refuses to give records, in these words.
	Refusal(&'static str),
	/// Answers everything at paths with this end with a text that does not end.
	Endless {
		/// The path's end.
		path: &'static str,
		/// The HTTP status.
		status: u16,
	},
}

/// A vault that lies. Its gateway ends when it is dropped.
pub struct LyingVault {
	url: String,
	gateway: Gateway,
	inner: Arc<Inner>,
}

struct Inner {
	honest: String,
	http: reqwest::Client,
	trick: Mutex<Trick>,
	sign_ins: Mutex<Vec<Value>>,
	given: AtomicU64,
}

impl LyingVault {
	/// The vault of a hospital (counted from 0), with a gateway behind it. It is honest at first.
	pub async fn start(network: &Network, hospital: u16) -> Self {
		let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let url = format!("http://{}", listener.local_addr().expect("an address"));
		let gateway = Gateway::hidden(network, hospital, &url).await;
		let inner = Arc::new(Inner {
			honest: gateway.own_url(),
			// A connection that the gateway is just closing is not used again.
			http: reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client"),
			trick: Mutex::new(Trick::None),
			sign_ins: Mutex::default(),
			given: AtomicU64::new(0),
		});
		let app = Router::new().fallback(answer).with_state(inner.clone());
		tokio::spawn(async move { axum::serve(listener, app).await });
		Self { url, gateway, inner }
	}

	/// Its address.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Where its gateway keeps everything.
	pub fn data(&self) -> PathBuf {
		self.gateway.data()
	}

	/// What it does from now on.
	pub fn plays(&self, trick: Trick) {
		*locked(&self.inner.trick) = trick;
	}

	/// Every signed sign-in that it was sent.
	pub fn sign_ins(&self) -> Vec<Value> {
		locked(&self.inner.sign_ins).clone()
	}

	/// How many bytes of endless answers were taken from it. More than a client has read: some fit
	/// between the two.
	pub fn given(&self) -> u64 {
		self.inner.given.load(Ordering::Relaxed)
	}
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
	value.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
	let trick = locked(&inner.trick).clone();
	let (parts, body) = request.into_parts();
	let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
	let path = parts.uri.path();
	let is_record = parts.method == Method::GET && path.contains("/records/");
	if path == "/v1/session" && parts.method == Method::POST {
		locked(&inner.sign_ins).push(serde_json::from_slice(&body).unwrap_or_default());
	}
	let mut asked = path.to_owned();
	match &trick {
		Trick::Endless { path: end, status } if path.ends_with(*end) => {
			return endless(inner, *status);
		},
		Trick::Refusal(words) if is_record => {
			let problem = json!({ "error": words, "message": words });
			return (StatusCode::FORBIDDEN, Json(problem)).into_response();
		},
		Trick::OtherRecord(other) if is_record => {
			let (chart, _) = path.rsplit_once('/').expect("a path");
			asked = format!("{chart}/{other}");
		},
		_ => {},
	}
	let gives = is_record || path.ends_with("/heads");
	let (status, mut headers, mut body) = inner.honestly(&parts, &asked, body).await;
	match &trick {
		Trick::FlippedBit if gives => {
			if let Some(last) = body.last_mut() {
				*last ^= 1;
			}
		},
		Trick::CutAt(end) if gives => {
			let kept = end.saturating_sub(first_byte(&parts.headers));
			body.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
		},
		Trick::Slow(bytes) if is_record => body.truncate(*bytes),
		Trick::HalfOfOther if is_record => {
			body.truncate(body.len() / 2);
			body.iter_mut().for_each(|byte| *byte ^= 1);
		},
		Trick::OtherBlock => name_another_block(&mut headers),
		Trick::Challenge(fields) if path == "/v1/challenge" => body = altered(&body, fields),
		_ => {},
	}
	(status, headers, body).into_response()
}

impl Inner {
	/// What the gateway answers to a request, made for this path.
	async fn honestly(
		&self,
		parts: &Parts,
		path: &str,
		body: Bytes,
	) -> (StatusCode, HeaderMap, Vec<u8>) {
		let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
		let url = format!("{}{path}{query}", self.honest);
		let mut headers = parts.headers.clone();
		headers.remove(HOST);
		of_the_message_alone(&mut headers);
		let request = self.http.request(parts.method.clone(), url).headers(headers).body(body);
		let answer = request.send().await.expect("the gateway answers");
		let status = answer.status();
		let mut headers = answer.headers().clone();
		of_the_message_alone(&mut headers);
		(status, headers, answer.bytes().await.unwrap_or_default().to_vec())
	}
}

/// Leaves out what is about a connection, or a body that may become another one.
fn of_the_message_alone(headers: &mut HeaderMap) {
	for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
		headers.remove(name);
	}
}

/// The first byte that is asked for.
fn first_byte(headers: &HeaderMap) -> u64 {
	let range = headers.get(RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
	let first = range.trim_start_matches("bytes=").split('-').next();
	first.and_then(|first| first.parse().ok()).unwrap_or(0)
}

/// Has a receipt name a block that there is not.
fn name_another_block(headers: &mut HeaderMap) {
	let value = headers.get(RECEIPT).and_then(|value| value.to_str().ok());
	if let Some(mut slip) = value.and_then(|value| parse_receipt(value).ok()) {
		slip.block_hash = [7; 32];
		headers.insert(RECEIPT, receipt_header(&slip).parse().expect("hexadecimal digits"));
	}
}

/// JSON with other values in some of its fields.
fn altered(json: &[u8], fields: &Value) -> Vec<u8> {
	let mut all: Value = serde_json::from_slice(json).expect("JSON");
	for (name, value) in fields.as_object().into_iter().flatten() {
		all[name] = value.clone();
	}
	all.to_string().into_bytes()
}

/// A text without an end, or one so late that a client that takes it all has taken too much.
fn endless(inner: Arc<Inner>, status: u16) -> Response {
	const PIECE: usize = 64 * 1024;
	const PIECES: usize = 4_096;
	let more = Bytes::from(vec![b'x'; PIECE]);
	let text = stream::once(ready(Bytes::from_static(b"{\"message\":\"")))
		.chain(stream::repeat(more))
		.take(PIECES)
		.map(move |piece| {
			inner.given.fetch_add(piece.len() as u64, Ordering::Relaxed);
			Ok::<_, Infallible>(piece)
		});
	let status = StatusCode::from_u16(status).expect("a status");
	(status, [(CONTENT_TYPE, "application/json")], Body::from_stream(text)).into_response()
}
