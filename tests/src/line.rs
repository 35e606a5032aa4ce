//! A line with a pace: a proxy that passes bytes on as slowly as it is told, and counts them.

use std::{
	sync::{
		Arc, Mutex, PoisonError,
		atomic::{AtomicU64, Ordering},
	},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
	net::{TcpListener, TcpStream},
	task::JoinHandle,
	time::{Instant, sleep_until},
};

/// Bytes that are passed on at a time.
const PIECE: usize = 16 * 1024;

/// A line. Takes no more connections once it is dropped.
pub struct Line {
	address: String,
	ways: Arc<Ways>,
	accepting: JoinHandle<()>,
}

/// What goes each way.
struct Ways {
	there: Way,
	back: Way,
}

/// One way, which all connections share.
struct Way {
	/// The bytes of a second, if it has a pace.
	pace: Option<u64>,
	/// When what was taken so far has passed.
	free: Mutex<Instant>,
	bytes: AtomicU64,
}

impl Way {
	fn new(pace: Option<u64>) -> Self {
		Self { pace, free: Mutex::new(Instant::now()), bytes: AtomicU64::new(0) }
	}

	/// Waits until so many bytes have passed, after those that came before.
	async fn pass(&self, bytes: usize) {
		self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
		let Some(pace) = self.pace else { return };
		let takes = Duration::from_secs_f64(bytes as f64 / pace as f64);
		let passed = {
			let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
			*free = (*free).max(Instant::now()) + takes;
			*free
		};
		sleep_until(passed).await;
	}
}

impl Line {
	/// A line to an address (host and port), at so many bytes a second each way.
	pub async fn to(target: &str, pace: Option<u64>) -> Self {
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let address = listener.local_addr().expect("an address").to_string();
		let ways = Arc::new(Ways { there: Way::new(pace), back: Way::new(pace) });
		let accepting = tokio::spawn(accept(listener, target.to_owned(), ways.clone()));
		Self { address, ways, accepting }
	}

	/// The URL of this end.
	pub fn url(&self) -> String {
		format!("http://{}", self.address)
	}

	/// The bytes that went to the target so far.
	pub fn sent(&self) -> u64 {
		self.ways.there.bytes.load(Ordering::Relaxed)
	}

	/// The bytes that came back so far.
	pub fn received(&self) -> u64 {
		self.ways.back.bytes.load(Ordering::Relaxed)
	}
}

impl Drop for Line {
	fn drop(&mut self) {
		self.accepting.abort();
	}
}

async fn accept(listener: TcpListener, target: String, ways: Arc<Ways>) {
	loop {
		let Ok((client, _)) = listener.accept().await else { continue };
		let (target, ways) = (target.clone(), ways.clone());
		tokio::spawn(async move {
			let Ok(server) = TcpStream::connect(&target).await else { return };
			let ((from_client, to_client), (from_server, to_server)) =
				(client.into_split(), server.into_split());
			tokio::join!(
				carry(from_client, to_server, &ways.there),
				carry(from_server, to_client, &ways.back),
			);
		});
	}
}

/// Passes bytes on until one end closes.
async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, way: &Way) {
	let mut piece = vec![0; PIECE];
	while let Ok(read @ 1..) = from.read(&mut piece).await {
		way.pass(read).await;
		if to.write_all(&piece[..read]).await.is_err() {
			break;
		}
	}
	let _ = to.shutdown().await;
}
