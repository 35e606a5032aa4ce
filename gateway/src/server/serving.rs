//! Serving HTTP/1.1, with upgrades to WebSockets. `axum-server` serves either one version of HTTP alone or upgrades,
//! and the vault's limits are made for one request at a time on a connection.

use super::{GRACE, MAX_HEADERS, READ_BUFFER};
use axum::{Router, extract::ConnectInfo};
use axum_server::accept::Accept;
use hyper::{
	Request,
	body::Incoming,
	server::conn::http1::Builder,
	service::{Service as _, service_fn},
};
use hyper_util::{
	rt::{TokioIo, TokioTimer},
	service::TowerToHyperService,
};
use std::{io, net::SocketAddr, pin::pin, time::Duration};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::{TcpListener, TcpStream},
	sync::watch,
	task::JoinSet,
};

/// The pause after the system gave no connection, for instance since too many files are open.
const PAUSE: Duration = Duration::from_millis(50);

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
	A::Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
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
	S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
	let router = TowerToHyperService::new(router);
	let service = service_fn(move |mut request: Request<Incoming>| {
		request.extensions_mut().insert(ConnectInfo(peer));
		router.call(request)
	});
	let connection = Builder::new()
		.timer(TokioTimer::new())
		.header_read_timeout(header_timeout)
		.max_buf_size(READ_BUFFER)
		.max_headers(MAX_HEADERS)
		.serve_connection(TokioIo::new(stream), service)
		.with_upgrades();
	let mut connection = pin!(connection);
	tokio::select! {
		biased;
		() = has_ended(ending) => {
			connection.as_mut().graceful_shutdown();
			// A client that went away is no problem.
			let _ = connection.as_mut().await;
		},
		_ = connection.as_mut() => (),
	}
}

async fn has_ended(mut ending: watch::Receiver<bool>) {
	// Without the sender, the gateway ends, too.
	let _ = ending.wait_for(|ended| *ended).await;
}
