//! One client's connection.

use super::{
	Caller, Door, Place,
	message::{Failure, Id, Request, answer, raw},
	outbox::{Outbox, Outgoing},
	question,
	subscriptions::Subscriptions,
};
use crate::{http::App, http::now, sessions::Session};
use futures::{Sink, SinkExt, StreamExt};
use medblock_chain::RawValue;
use medblock_vault_protocol::{
	TOKEN_LENGTH,
	door::{MAX_MESSAGE, Refused, SIGN_IN},
};
use serde_json::Value;
use std::{
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	sync::{Notify, Semaphore, mpsc::UnboundedReceiver},
	time::{Instant, interval_at, sleep, timeout},
};
use tokio_tungstenite::{
	WebSocketStream,
	tungstenite::{
		Message,
		protocol::{Role, WebSocketConfig},
	},
};
use zeroize::Zeroizing;

/// Requests of a connection in flight.
const AT_ONCE: usize = 16;
/// How often a silent client is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// A client is gone after this time without any message, an answer to a ping included. So is one that lets so many
/// answers wait for so long that the door reads nothing of it.
const GONE: Duration = Duration::from_secs(75);
/// A client without subscriptions has to go after this time without a request: it can connect again.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// The bytes that the library keeps of the message that is being sent: more than the largest answer has.
const MAX_BUFFERED: usize = 32 * 1024 * 1024;
/// The bytes of a message, or of an answer, that count for one request.
const SIZE_OF_ONE: usize = 16 * 1024;
/// The pause before the next message of a client whose last one was no request, or one too many.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Serves a connection until it ends.
pub async fn serve<S>(app: Arc<App>, stream: S, place: Place, idle: Duration)
where
	S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
	let config = WebSocketConfig::default()
		.max_write_buffer_size(MAX_BUFFERED)
		.max_message_size(Some(MAX_MESSAGE))
		.max_frame_size(Some(MAX_MESSAGE));
	let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
	let (sink, mut messages) = socket.split();
	let place = Arc::new(place);
	let (outbox, waiting) = Outbox::new(place.clone());
	app.metrics.door.inc();
	let writer = tokio::spawn(write(sink, waiting, idle));
	let connection = Arc::new(Connection {
		place: place.clone(),
		app: app.clone(),
		token: Mutex::default(),
		subscriptions: Subscriptions::default(),
		outbox,
		at_once: Arc::new(Semaphore::new(AT_ONCE)),
		lost: Notify::new(),
	});
	let mut pings = interval_at(Instant::now() + PING, PING);
	let (mut heard, mut asked) = (Instant::now(), Instant::now());
	loop {
		let has_room = connection.outbox.has_room();
		let message = tokio::select! {
			message = messages.next(), if has_room => message,
			() = connection.outbox.room(), if !has_room => continue,
			() = connection.lost.notified() => break,
			() = place.ended() => break,
			_ = pings.tick() => {
				// A token that has ended frees its account's place for others.
				connection.session();
				let is_idle = asked.elapsed() > IDLE && !connection.subscriptions.are_there();
				if heard.elapsed() > GONE || is_idle || writer.is_finished() {
					break;
				}
				if has_room && connection.outbox.send(Message::Ping(Vec::new().into())).is_none() {
					break;
				}
				continue;
			},
		};
		heard = Instant::now();
		let text = match message {
			Some(Ok(Message::Text(text))) => text,
			// The library answers pings, so each takes room until the client takes its answer.
			Some(Ok(Message::Ping(_))) if connection.count(1).is_ok() => continue,
			Some(Ok(Message::Pong(_) | Message::Frame(_))) => continue,
			Some(Ok(Message::Ping(_) | Message::Binary(_) | Message::Close(_)) | Err(_)) | None => {
				break;
			},
		};
		asked = Instant::now();
		let taken = tokio::select! {
			taken = connection.take_in(&text) => taken,
			() = place.ended() => None,
		};
		if taken.is_none() {
			break;
		}
	}
	place.leave();
	writer.abort();
	app.metrics.door.dec();
}

/// Sends the client what waits for it.
async fn write(
	mut sink: impl Sink<Message> + Unpin,
	mut waiting: UnboundedReceiver<Outgoing>,
	idle: Duration,
) {
	while let Some(Outgoing { message, kept }) = waiting.recv().await {
		// A client that takes nothing holds no place.
		if !matches!(timeout(idle, sink.send(message)).await, Ok(Ok(()))) {
			break;
		}
		drop(kept);
	}
	let _ = timeout(idle, sink.close()).await;
}

/// A client, signed in or not.
pub(super) struct Connection {
	pub(super) app: Arc<App>,
	pub(super) place: Arc<Place>,
	token: Mutex<Option<Zeroizing<String>>>,
	pub(super) subscriptions: Subscriptions,
	pub(super) outbox: Outbox,
	at_once: Arc<Semaphore>,
	/// The node was lost: the client has to subscribe again, and so to connect again.
	pub(super) lost: Notify,
}

impl Connection {
	/// Answers a message, at once or in a task of its own. Returns nothing if the client can't be answered any more.
	async fn take_in(self: &Arc<Self>, text: &str) -> Option<()> {
		// Reading a message takes time, too, and a client that sends too many is not read meanwhile.
		let counted = self.count(1_u64.saturating_add(requests_in(text.len())));
		if counted.is_err() {
			sleep(PAUSE).await;
		}
		let Request { id, method, params } = match Request::parse(text) {
			Ok(request) => request,
			Err(why) => {
				if counted.is_ok() {
					sleep(PAUSE).await;
				}
				return self.send(&Id::None, Err(why.into()));
			},
		};
		if let Err(why) = counted {
			return self.send(&id, Err(why.into()));
		}
		self.place.touch();
		if method == SIGN_IN {
			let outcome = self.sign_in(&params).await.map_err(Failure::from);
			return self.send(&id, outcome.and_then(|()| raw(&true)));
		}
		let room = self.at_once.clone().acquire_owned().await.ok()?;
		let reserved = self.outbox.reserve(question::expected_size(&method, &params));
		let connection = self.clone();
		tokio::spawn(async move {
			let outcome = connection.answer(&id, &method, params).await;
			// A subscription's answer was sent before its first notification.
			if let Some(outcome) = outcome {
				connection.send(&id, outcome);
			}
			drop((room, reserved));
		});
		Some(())
	}

	async fn sign_in(&self, params: &Value) -> Result<(), Refused> {
		let token = match params.as_array().map(Vec::as_slice) {
			Some([Value::String(token)]) if token.len() == TOKEN_LENGTH => token,
			_ => return Err(Refused::NotUnderstood),
		};
		let session = self.app.sessions.find(token, now()).await;
		let session = session.map_err(|_| Refused::NotSignedIn)?;
		self.place.sign_in(session.account.0).map_err(|_| Refused::TooManyRequests)?;
		*self.token.lock().unwrap_or_else(PoisonError::into_inner) =
			Some(Zeroizing::new(token.clone()));
		Ok(())
	}

	/// The session, as long as its token is good.
	pub(super) fn session(&self) -> Option<Arc<Session>> {
		let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
		let session = self.app.sessions.known_here(token.as_ref()?, now());
		if session.is_none() {
			*token = None;
			self.place.sign_out();
		}
		session
	}

	/// What its requests count for.
	pub(super) fn caller(&self) -> Caller {
		match self.session() {
			Some(session) => Caller::Account(session.account.0),
			None => self.place.address(),
		}
	}

	/// Counts so many requests.
	pub(super) fn count(&self, cost: u64) -> Result<(), Refused> {
		let counted = self.door()?.limits.count(self.caller(), cost, now());
		counted.map_err(|_| Refused::TooManyRequests)
	}

	/// Counts a large answer by its size, as far as its request did not count for it.
	pub(super) fn owe(&self, answer: &RawValue, counted: u64) {
		let cost = requests_in(answer.get().len()).saturating_sub(counted);
		if let Ok(door) = self.door() {
			door.limits.owe(self.caller(), cost, now());
		}
	}

	pub(super) fn door(&self) -> Result<&Door, Refused> {
		self.app.door.as_ref().ok_or(Refused::NodeUnreachable)
	}

	/// Sends an answer, and counts it.
	pub(super) fn send(&self, id: &Id, outcome: Result<Box<RawValue>, Failure>) -> Option<()> {
		let label = match &outcome {
			Ok(_) => "answered",
			Err(why) if why.is_doors() => "refused",
			Err(_) => "failed",
		};
		self.app.metrics.door_requests.with_label_values(&[label]).inc();
		self.outbox.send(Message::text(answer(id, &outcome)))
	}
}

/// How many requests so many bytes count for.
fn requests_in(bytes: usize) -> u64 {
	u64::try_from(bytes / SIZE_OF_ONE).unwrap_or(u64::MAX)
}
