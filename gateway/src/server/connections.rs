//! Limits of connections: their number, and the time that one may stand still.

use super::shares::{Part, Shares};
use axum_server::accept::Accept;
use prometheus::IntGauge;
use std::{
	future::Future,
	io,
	pin::Pin,
	sync::Arc,
	task::{Context, Poll},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite, ReadBuf},
	net::TcpStream,
	sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;

/// Admits a number of connections at a time, and ends one whose client takes no bytes. A client that sends
/// none is timed out elsewhere: its headers by the server, a small body by `request::json`, an upload by the
/// vault.
#[derive(Clone)]
pub struct Limited {
	room: Arc<Semaphore>,
	/// Places for connections that wait for room. Connections beyond these are closed.
	queue: Arc<Semaphore>,
	/// The share of each address, where clients of many are served.
	shares: Option<Arc<Shares>>,
	/// Counts those that are served, if that is wanted.
	counter: Option<IntGauge>,
	idle: Duration,
}

impl Limited {
	/// Admits this many connections, and lets as many others wait.
	pub fn new(connections: usize, idle: Duration) -> Self {
		let [room, queue] = [connections; 2].map(|places| Arc::new(Semaphore::new(places)));
		Self { room, queue, shares: None, counter: None, idle }
	}

	/// Counts those that are served.
	pub fn counted(self, counter: IntGauge) -> Self {
		Self { counter: Some(counter), ..self }
	}

	/// Gives each address a share of them.
	pub fn shared(self, shares: Shares) -> Self {
		Self { shares: Some(Arc::new(shares)), ..self }
	}
}

impl<S: Send + 'static> Accept<TcpStream, S> for Limited {
	type Stream = Connection;
	type Service = S;
	type Future = Pin<Box<dyn Future<Output = io::Result<(Connection, S)>> + Send>>;

	fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
		let Self { room, queue, shares, counter, idle } = self.clone();
		Box::pin(async move {
			let in_share = match shares {
				Some(shares) => shares.enter(stream.peer_addr()?.ip())?,
				None => None,
			};
			let waiting = queue.try_acquire_owned().map_err(io::Error::other)?;
			// First the place in the share: a connection that waits for it must not hold one that others may have.
			let part = match &in_share {
				Some(in_share) => Some(in_share.place().await?),
				None => None,
			};
			let room = room.acquire_owned().await.map_err(io::Error::other)?;
			drop((waiting, in_share));
			stream.set_nodelay(true)?;
			let mut stream = TimeoutStream::new(stream);
			stream.set_write_timeout(Some(idle));
			let counted = counter.map(Counted::new);
			let stream = Box::pin(stream);
			Ok((Connection { stream, _room: room, _part: part, _counted: counted }, service))
		})
	}
}

/// A connection that holds one place until it ends, and one in the share of its address.
pub struct Connection {
	stream: Pin<Box<TimeoutStream<TcpStream>>>,
	_room: OwnedSemaphorePermit,
	_part: Option<Part>,
	_counted: Option<Counted>,
}

/// One of the connections that are counted.
struct Counted(IntGauge);

impl Counted {
	fn new(counter: IntGauge) -> Self {
		counter.inc();
		Self(counter)
	}
}

impl Drop for Counted {
	fn drop(&mut self) {
		self.0.dec();
	}
}

impl AsyncRead for Connection {
	fn poll_read(
		mut self: Pin<&mut Self>,
		cx: &mut Context<'_>,
		buffer: &mut ReadBuf<'_>,
	) -> Poll<io::Result<()>> {
		self.stream.as_mut().poll_read(cx, buffer)
	}
}

impl AsyncWrite for Connection {
	fn poll_write(
		mut self: Pin<&mut Self>,
		cx: &mut Context<'_>,
		bytes: &[u8],
	) -> Poll<io::Result<usize>> {
		self.stream.as_mut().poll_write(cx, bytes)
	}

	fn poll_write_vectored(
		mut self: Pin<&mut Self>,
		cx: &mut Context<'_>,
		slices: &[io::IoSlice<'_>],
	) -> Poll<io::Result<usize>> {
		self.stream.as_mut().poll_write_vectored(cx, slices)
	}

	fn is_write_vectored(&self) -> bool {
		self.stream.is_write_vectored()
	}

	fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
		self.stream.as_mut().poll_flush(cx)
	}

	fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
		self.stream.as_mut().poll_shutdown(cx)
	}
}
