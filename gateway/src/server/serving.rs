//! Serving HTTP/1.1 with upgrades to WebSockets, and HTTP/2 where a client asks for it over TLS. `axum-server` serves
//! either one version of HTTP alone or upgrades.

use super::{GRACE, MAX_HEADERS, READ_BUFFER, connections::Connection};
use crate::http::{HangUp, Held};
use axum::{Router, extract::ConnectInfo};
use axum_server::accept::Accept;
use hyper::{
	Request,
	body::Incoming,
	server::conn::{http1, http2},
	service::{Service as _, service_fn},
};
use hyper_util::{
	rt::{TokioExecutor, TokioIo, TokioTimer},
	service::TowerToHyperService,
};
use std::{
	future::Future,
	io,
	net::SocketAddr,
	pin::{Pin, pin},
	sync::Arc,
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::{TcpListener, TcpStream},
	sync::watch,
	task::JoinSet,
};
use tokio_rustls::server::TlsStream;

/// The pause after the system gave no connection, for instance since too many files are open.
const PAUSE: Duration = Duration::from_millis(50);
/// Requests at once on a connection of HTTP/2: a few more than a client makes.
const STREAMS: u32 = 32;
/// Bytes of a request's body that come before they are read, for each request and for a connection. A fast line is not
/// filled with fewer, and a connection takes no more memory.
const WINDOW: u32 = 512 * 1024;
/// Bytes of an answer that HTTP/2 keeps until they are sent.
const SEND_AHEAD: usize = 64 * 1024;
/// The bytes of a request's headers over HTTP/2. Over HTTP/1.1, the middleware counts them.
const HEADERS: u32 = 16 * 1024;
/// How often a client of HTTP/2 is asked whether it is there.
const ASK_ALIVE: Duration = Duration::from_secs(60);
/// How long its answer may take. The question waits behind what a slow line still has to bring.
const ALIVE: Duration = Duration::from_secs(120);

/// A connection whose ends have agreed on a version of HTTP.
pub trait Agreed {
	/// Whether that is HTTP/2.
	fn is_http2(&self) -> bool;
}

impl Agreed for Connection {
	fn is_http2(&self) -> bool {
		false
	}
}

impl Agreed for TlsStream<Connection> {
	fn is_http2(&self) -> bool {
		self.get_ref().1.alpn_protocol().is_some_and(|name| name == b"h2")
	}
}

/// Accepts and serves connections until `ending` says so. Requests in flight are then answered first.
pub async fn serve<A>(
	listener: std::net::TcpListener,
	acceptor: A,
	router: Router,
	header_timeout: Duration,
	ending: watch::Receiver<bool>,
) -> io::Result<()>
where
	A: Accept<TcpStream, (), Service = ()> + Clone + Send + Sync + 'static,
	A::Stream: AsyncRead + AsyncWrite + Agreed + Unpin + Send + 'static,
	A::Future: Send,
{
	let listener = TcpListener::from_std(listener)?;
	// Whatever still runs when this returns is ended.
	let mut connections = JoinSet::new();
	loop {
		let accepted = tokio::select! {
			biased;
			() = has_ended(ending.clone()) => break,
			accepted = listener.accept() => accepted,
			Some(_) = connections.join_next() => continue,
		};
		let Ok((stream, peer)) = accepted else {
			tokio::time::sleep(PAUSE).await;
			continue;
		};
		// While connections keep coming, the wait above never gets to those that have ended.
		while connections.try_join_next().is_some() {}
		let (acceptor, router, ending) = (acceptor.clone(), router.clone(), ending.clone());
		connections.spawn(async move {
			if let Ok((stream, ())) = acceptor.accept(stream, ()).await {
				connection(stream, peer, router, header_timeout, ending).await;
			}
		});
	}
	drop(listener);
	let all = async { while connections.join_next().await.is_some() {} };
	let _ = tokio::time::timeout(GRACE, all).await;
	Ok(())
}

/// Serves one connection.
async fn connection<S>(
	stream: S,
	peer: SocketAddr,
	router: Router,
	header_timeout: Duration,
	ending: watch::Receiver<bool>,
) where
	S: AsyncRead + AsyncWrite + Agreed + Unpin + Send + 'static,
{
	let (hang_up, requests) = (HangUp::default(), Requests::default());
	let router = TowerToHyperService::new(router);
	let (of_request, under_way) = (hang_up.clone(), requests.clone());
	let service = service_fn(move |mut request: Request<Incoming>| {
		request.extensions_mut().insert(ConnectInfo(peer));
		request.extensions_mut().insert(of_request.clone());
		let running = under_way.begin();
		let answering = router.call(request);
		async move {
			let answer = answering.await;
			answer.map(|answer| answer.map(|body| Held::body(body, running)))
		}
	});
	let is_http2 = stream.is_http2();
	let stream = TokioIo::new(stream);
	if is_http2 {
		let connection = http2::Builder::new(TokioExecutor::new())
			.timer(TokioTimer::new())
			.keep_alive_interval(ASK_ALIVE)
			.keep_alive_timeout(ALIVE)
			.max_concurrent_streams(STREAMS)
			.max_header_list_size(HEADERS)
			.max_send_buf_size(SEND_AHEAD)
			.initial_stream_window_size(WINDOW)
			.initial_connection_window_size(WINDOW)
			.serve_connection(stream, service);
		// HTTP/1.1 has such a limit of its own.
		let ending = async {
			tokio::select! {
				() = has_ended(ending) => (),
				() = requests.are_none_for(header_timeout) => (),
			}
		};
		drive(connection, |one| one.graceful_shutdown(), &hang_up, ending).await;
	} else {
		let connection = http1::Builder::new()
			.timer(TokioTimer::new())
			.header_read_timeout(header_timeout)
			.max_buf_size(READ_BUFFER)
			.max_headers(MAX_HEADERS)
			.serve_connection(stream, service)
			.with_upgrades();
		drive(connection, |one| one.graceful_shutdown(), &hang_up, has_ended(ending)).await;
	}
}

/// Serves a connection until its client ends it, a request wants it to end, or `ending` says so. In that case, requests
/// under way are answered first.
async fn drive<C: Future>(
	connection: C,
	wind_down: impl FnOnce(Pin<&mut C>),
	hang_up: &HangUp,
	ending: impl Future<Output = ()>,
) {
	let mut connection = pin!(connection);
	// A client that went away is no problem.
	tokio::select! {
		biased;
		() = hang_up.wanted() => return,
		() = ending => (),
		_ = connection.as_mut() => return,
	}
	wind_down(connection.as_mut());
	tokio::select! {
		() = hang_up.wanted() => (),
		_ = connection.as_mut() => (),
	}
}

async fn has_ended(mut ending: watch::Receiver<bool>) {
	// Without the sender, the gateway ends, too.
	let _ = ending.wait_for(|ended| *ended).await;
}

/// The number of requests under way on a connection.
#[derive(Clone)]
struct Requests(Arc<watch::Sender<usize>>);

/// A request under way.
struct Running(Requests);

impl Default for Requests {
	fn default() -> Self {
		Self(Arc::new(watch::Sender::new(0)))
	}
}

impl Requests {
	fn begin(&self) -> Running {
		self.0.send_modify(|number| *number = number.saturating_add(1));
		Running(self.clone())
	}

	/// Returns once there was none for so long.
	async fn are_none_for(&self, time: Duration) {
		let mut number = self.0.subscribe();
		loop {
			if number.wait_for(|number| *number == 0).await.is_err() {
				return;
			}
			if tokio::time::timeout(time, number.changed()).await.is_err() {
				return;
			}
		}
	}
}

impl Drop for Running {
	fn drop(&mut self) {
		self.0.0.send_modify(|number| *number = number.saturating_sub(1));
	}
}
