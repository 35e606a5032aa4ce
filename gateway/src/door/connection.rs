//! One client's connection.

use super::{
	Caller, Door, Place, decide,
	facts::{self, Seen},
	message::{Failure, Id, Request, answer, notification, raw},
	question::{self, Asked, Question},
	shared,
	subscriptions::{KINDS, Kind, Subscriptions},
	unavailable,
};
use crate::{http::App, http::now, sessions::Session};
use futures::{SinkExt, StreamExt};
use medblock_chain::{AccountId, BlockHash, Chain, Items, NotAnswered, RawValue};
use medblock_primitives::RecordIndex;
use medblock_vault_protocol::{
	TOKEN_LENGTH,
	door::{MAX_MESSAGE, Refused, SIGN_IN, TRANSACTION},
};
use medblock_views::BlockHash as Hash;
use serde_json::Value;
use std::{
	collections::BTreeSet,
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	sync::{Notify, Semaphore, mpsc},
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
/// Answers that wait for a slow client. After these, the door reads no further request.
const WAITING: usize = 32;
/// How often a silent client is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// A client is gone after this time without any message, an answer to a ping included.
const GONE: Duration = Duration::from_secs(75);
/// A client without subscriptions has to go after this time without a request: it can connect again.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// The bytes that wait for a client to take them, at most: more than the largest answer has.
const MAX_BUFFERED: usize = 32 * 1024 * 1024;
/// The bytes of a message that count for one request.
const SIZE_OF_ONE: u64 = 16 * 1024;
/// The pause before the next message of a client whose last one was no request, or one too many.
const PAUSE: Duration = Duration::from_secs(1);
/// What looking for a transaction counts for.
const SEARCH: u64 = 2;

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
	let (mut sink, mut messages) = socket.split();
	let (answers, mut waiting) = mpsc::channel::<Message>(WAITING);
	app.metrics.door.inc();
	let writer = tokio::spawn(async move {
		while let Some(message) = waiting.recv().await {
			// A client that takes nothing holds no place.
			if !matches!(timeout(idle, sink.send(message)).await, Ok(Ok(()))) {
				break;
			}
		}
		let _ = timeout(idle, sink.close()).await;
	});
	let connection = Arc::new(Connection {
		caller_before: place.caller(),
		place: Mutex::new(place),
		app: app.clone(),
		token: Mutex::default(),
		seen: Mutex::default(),
		subscriptions: Subscriptions::default(),
		answers,
		at_once: Arc::new(Semaphore::new(AT_ONCE)),
		lost: Notify::new(),
	});
	let mut pings = interval_at(Instant::now() + PING, PING);
	let (mut heard, mut asked) = (Instant::now(), Instant::now());
	loop {
		let message = tokio::select! {
			message = messages.next() => message,
			() = connection.lost.notified() => break,
			_ = pings.tick() => {
				let is_idle = asked.elapsed() > IDLE && !connection.subscriptions.are_there();
				if heard.elapsed() > GONE || is_idle || writer.is_finished() {
					break;
				}
				if connection.answers.send(Message::Ping(Vec::new().into())).await.is_err() {
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
		if connection.take_in(&text).await.is_none() {
			break;
		}
	}
	writer.abort();
	app.metrics.door.dec();
}

/// A client, signed in or not.
struct Connection {
	app: Arc<App>,
	/// The address that it counts for while it is not signed in.
	caller_before: Caller,
	place: Mutex<Place>,
	token: Mutex<Option<Zeroizing<String>>>,
	seen: Mutex<Seen>,
	subscriptions: Subscriptions,
	answers: mpsc::Sender<Message>,
	at_once: Arc<Semaphore>,
	/// The node was lost: the client has to subscribe again, and so to connect again.
	lost: Notify,
}

impl Connection {
	/// Answers a message, at once or in a task of its own. Returns nothing if the client can't be answered any more.
	async fn take_in(self: &Arc<Self>, text: &str) -> Option<()> {
		// Reading a message takes time, too, and a client that sends too many is not read meanwhile.
		if let Err(why) = self.count(text.len() as u64 / SIZE_OF_ONE) {
			sleep(PAUSE).await;
			return self.send(&Id::None, Err(why.into())).await;
		}
		let Request { id, method, params } = match Request::parse(text) {
			Ok(request) => request,
			Err(why) => {
				sleep(PAUSE).await;
				return self.send(&Id::None, Err(why.into())).await;
			},
		};
		if method == SIGN_IN {
			let outcome = self.count(1).and_then(|()| self.sign_in(&params));
			let outcome = outcome.map_err(Failure::from).and_then(|()| raw(&true));
			return self.send(&id, outcome).await;
		}
		let room = self.at_once.clone().acquire_owned().await.ok()?;
		let connection = self.clone();
		tokio::spawn(async move {
			let outcome = connection.answer(&id, &method, params).await;
			// A subscription's answer was sent before its first notification.
			if let Some(outcome) = outcome {
				connection.send(&id, outcome).await;
			}
			drop(room);
		});
		Some(())
	}

	/// The answer to a request; none if it was sent already.
	async fn answer(
		self: &Arc<Self>,
		id: &Id,
		method: &str,
		params: Value,
	) -> Option<Result<Box<RawValue>, Failure>> {
		if let Some(kind) = KINDS.iter().find(|kind| kind.subscribe == method) {
			return match self.subscribe(id, kind, params).await {
				Ok(()) => None,
				Err(why) => Some(Err(why)),
			};
		}
		if KINDS.iter().any(|kind| kind.unsubscribe == method) {
			return Some(self.unsubscribe(params));
		}
		Some(match method {
			TRANSACTION => self.transaction(params).await,
			_ => self.pass_on(method, params).await,
		})
	}

	/// Asks the node, if the client may ask that.
	async fn pass_on(&self, method: &str, params: Value) -> Result<Box<RawValue>, Failure> {
		let Admitted { chain, params, shared } = self.admit(method, params).await?;
		let _turn = self.door()?.limits.in_flight.acquire().await.map_err(|_| gone())?;
		let answer = chain.pass_on(method, Some(raw(&params)?)).await.map_err(failure)?;
		match shared {
			Some(shared) => shared::only(&shared, method, &answer),
			None => Ok(answer),
		}
	}

	/// Whether a transaction is in a block: for everybody who knows its hash.
	async fn transaction(&self, params: Value) -> Result<Box<RawValue>, Failure> {
		self.count(SEARCH)?;
		let (Hash(block), Hash(transaction)) =
			serde_json::from_value(params).map_err(|_| Refused::NotUnderstood)?;
		let door = self.door()?;
		let chain = door.chain(&self.app.authority).await?;
		let (block, transaction) = (BlockHash::from(block), BlockHash::from(transaction));
		let _turn = door.limits.in_flight.acquire().await.map_err(|_| gone())?;
		let found = door.recent.find(&chain, block, transaction).await;
		raw(&found.map_err(|_| Refused::NodeUnreachable)?)
	}

	/// What to ask the node, if the client may ask this.
	async fn admit(&self, method: &str, params: Value) -> Result<Admitted, Refused> {
		let Asked { question, params, cost } =
			question::read(method, params).inspect_err(|_| {
				// What is refused counts, too.
				let _ = self.count(1);
			})?;
		self.count(cost)?;
		let (chain, shared) = match question {
			Question::Public => (self.door()?.chain(&self.app.authority).await?, None),
			question => self.decide(question).await?,
		};
		Ok(Admitted { chain, params, shared })
	}

	/// Decides by the final and by the best block. Both have to agree: a revocation counts as soon as it is in a
	/// block, a grant once it is final. Of an answer that is more than the account may have, also returns the records
	/// that it may.
	async fn decide(&self, question: Question) -> Result<(Chain, Option<Shared>), Refused> {
		let account = self.session().ok_or(Refused::NotSignedIn)?.account;
		if question == Question::Network {
			// Nothing that the chain knows of the account matters.
			return Ok((self.door()?.chain(&self.app.authority).await?, None));
		}
		let view = self.door()?.view(&self.app.authority).await?;
		let now = view.now();
		let read = |at| facts::read(&self.seen, at, account, question);
		let failed = |why| unavailable(&self.app.authority.failed(&why));
		let both = tokio::try_join!(read(&view.finalized), read(&view.best));
		let (finalized, best) = both.map_err(failed)?;
		for who in [&finalized, &best] {
			decide::decide(&question, Some(who), now)?;
		}
		let is_partial = [&finalized, &best].iter().any(|who| decide::is_partial(&question, who));
		let (Question::Records(patient), Some(doctor), true) =
			(question, finalized.doctor, is_partial)
		else {
			return Ok((view.chain, None));
		};
		let read = |at| shared::read(at, patient, doctor);
		let both = tokio::try_join!(read(&view.finalized), read(&view.best));
		let (finalized, best) = both.map_err(failed)?;
		Ok((view.chain, Some(finalized.intersection(&best).copied().collect())))
	}

	fn sign_in(&self, params: &Value) -> Result<(), Refused> {
		let token = match params.as_array().map(Vec::as_slice) {
			Some([Value::String(token)]) if token.len() == TOKEN_LENGTH => token,
			_ => return Err(Refused::NotUnderstood),
		};
		let session = self.app.sessions.find(token, now()).map_err(|_| Refused::NotSignedIn)?;
		self.count_for(&session.account)?;
		*self.token.lock().unwrap_or_else(PoisonError::into_inner) =
			Some(Zeroizing::new(token.clone()));
		Ok(())
	}

	/// The session, as long as its token is good.
	fn session(&self) -> Option<Arc<Session>> {
		let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
		let session = self.app.sessions.find(token.as_ref()?, now()).ok();
		if session.is_none() {
			*token = None;
		}
		session
	}

	fn count_for(&self, account: &AccountId) -> Result<(), Refused> {
		let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
		place.pass_to(Caller::Account(account.0)).map_err(|_| Refused::TooManyRequests)
	}

	/// Counts a request.
	fn count(&self, cost: u64) -> Result<(), Refused> {
		let caller = match self.session() {
			Some(session) => Caller::Account(session.account.0),
			None => self.caller_before,
		};
		let counted = self.door()?.limits.count(caller, cost, now());
		counted.map_err(|_| Refused::TooManyRequests)
	}

	fn door(&self) -> Result<&Door, Refused> {
		self.app.door.as_ref().ok_or(Refused::NodeUnreachable)
	}

	async fn subscribe(
		self: &Arc<Self>,
		id: &Id,
		kind: &'static Kind,
		params: Value,
	) -> Result<(), Failure> {
		let admitted = self.admit(kind.subscribe, params.clone()).await?;
		let Admitted { chain, params: asked, .. } = admitted;
		let question = question::read(kind.subscribe, params)?.question;
		let own = self.subscriptions.reserve().ok_or(Refused::TooManySubscriptions)?;
		let subscribed = async {
			let params = raw(&asked)?;
			let items = chain.subscribe(kind.subscribe, Some(params), kind.unsubscribe).await;
			Ok::<_, Failure>((items.map_err(failure)?, raw(&own)?))
		};
		let (items, name) = subscribed.await.inspect_err(|_| {
			self.subscriptions.end(&own);
		})?;
		self.send(id, Ok(name)).await;
		// A task that held the connection would keep it, and itself, after the client has gone.
		let connection = Arc::downgrade(self);
		let of_task = own.clone();
		let task = tokio::spawn(async move {
			let ended = forward(&connection, kind, question, &of_task, items).await;
			if let (Some(connection), Some(why)) = (connection.upgrade(), ended) {
				let text = notification(kind.notification, &of_task, Err(&why.into()));
				let _ = connection.answers.send(Message::text(text)).await;
				connection.subscriptions.end(&of_task);
			}
		});
		self.subscriptions.keep(&own, task.abort_handle());
		Ok(())
	}

	fn unsubscribe(&self, params: Value) -> Result<Box<RawValue>, Failure> {
		self.count(1)?;
		match params.as_array().map(Vec::as_slice) {
			Some([Value::String(id)]) => raw(&self.subscriptions.end(id)),
			_ => Err(Refused::NotUnderstood.into()),
		}
	}

	/// Sends an answer, and counts it.
	async fn send(&self, id: &Id, outcome: Result<Box<RawValue>, Failure>) -> Option<()> {
		let label = match &outcome {
			Ok(_) => "answered",
			Err(why) if why.is_doors() => "refused",
			Err(_) => "failed",
		};
		self.app.metrics.door_requests.with_label_values(&[label]).inc();
		self.answers.send(Message::text(answer(id, &outcome))).await.ok()
	}
}

/// The places of records that are shared.
type Shared = BTreeSet<RecordIndex>;

/// A request that goes on to the node.
struct Admitted {
	chain: Chain,
	params: Vec<Value>,
	/// The records to leave in the answer, unless it may have all.
	shared: Option<Shared>,
}

/// Passes items on as long as the account may have them. Returns the refusal that ended it.
async fn forward(
	connection: &std::sync::Weak<Connection>,
	kind: &Kind,
	question: Question,
	id: &str,
	mut items: Items,
) -> Option<Refused> {
	while let Some(item) = items.next().await {
		let connection = connection.upgrade()?;
		if question != Question::Public
			&& let Err(why) = connection.decide(question).await
		{
			return Some(why);
		}
		let text = notification(kind.notification, id, Ok(&item));
		connection.answers.send(Message::text(text)).await.ok()?;
	}
	connection.upgrade()?.lost.notify_one();
	None
}

fn gone() -> Failure {
	Refused::NodeUnreachable.into()
}

/// The node's own refusal, or that it can't be asked.
fn failure(why: NotAnswered) -> Failure {
	match why {
		NotAnswered::Refused { code, message, data } => Failure { code, message, data },
		NotAnswered::Lost(_) => Refused::NodeUnreachable.into(),
	}
}
