//! A real server of S3's protocol, in the test's process.

use hyper::{
	Method, Request, StatusCode, body::Incoming, header::AUTHORIZATION, service::service_fn,
};
use hyper_util::{
	rt::{TokioExecutor, TokioIo},
	server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::{
	net::SocketAddr,
	path::{Path, PathBuf},
	sync::{
		Arc,
		atomic::{AtomicBool, AtomicU64, Ordering},
	},
	time::Duration,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

/// The key that may use it.
pub const KEY: &str = "vault";
/// The key's secret.
pub const SECRET: &str = "open-sesame";
/// The region.
pub const REGION: &str = "eu-central-1";
/// The store of a vault there.
pub const STORE: &str = "s3://records/of/north";

/// A service with one bucket, `records`, in a folder of its own.
pub struct Service {
	folder: TempDir,
	address: SocketAddr,
	running: JoinHandle<()>,
	ways: Ways,
}

/// How it answers.
#[derive(Clone, Default)]
struct Ways {
	/// Milliseconds after a part of a file was taken, until that is said.
	delay: Arc<AtomicU64>,
	/// Milliseconds until an object is read.
	reading: Arc<AtomicU64>,
	/// Whether it puts no parts together.
	apart: Arc<AtomicBool>,
	/// The next objects that are written without a word of it.
	silent: Arc<AtomicU64>,
}

impl Service {
	/// Starts it on any port.
	pub async fn start() -> Self {
		Self::start_in(tempfile::tempdir().unwrap()).await
	}

	/// As [`Self::start`], with its files in this folder.
	pub async fn start_in(folder: TempDir) -> Self {
		std::fs::create_dir(folder.path().join("records")).unwrap();
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let address = listener.local_addr().unwrap();
		let ways = Ways::default();
		let running = serve(folder.path(), listener, &ways);
		Self { folder, address, running, ways }
	}

	/// Stops it; its files stay.
	pub async fn stop(&mut self) {
		self.running.abort();
		let _ = (&mut self.running).await;
	}

	/// Starts it again where it was.
	pub async fn start_again(&mut self) {
		let listener = TcpListener::bind(self.address).await.unwrap();
		self.running = serve(self.folder.path(), listener, &self.ways);
	}

	/// Makes each part of a file take so long from now on.
	pub fn slow_down(&self, delay: Duration) {
		self.ways.delay.store(delay.as_millis() as u64, Ordering::Relaxed);
	}

	/// Makes each object take so long to be read from now on.
	pub fn slow_down_reading(&self, delay: Duration) {
		self.ways.reading.store(delay.as_millis() as u64, Ordering::Relaxed);
	}

	/// Makes it refuse to put the parts of a file together, or not any more.
	pub fn keep_apart(&self, apart: bool) {
		self.ways.apart.store(apart, Ordering::Relaxed);
	}

	/// The number of parts that it has.
	pub fn parts(&self) -> usize {
		let names = std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap);
		let is_part = |name: &str| name.contains(".part-");
		names.filter(|one| one.file_name().to_str().is_some_and(is_part)).count()
	}

	/// Makes it write so many objects from now on, each in one request, and say that it is too busy.
	pub fn lose_answers(&self, count: u64) {
		self.ways.silent.store(count, Ordering::Relaxed);
	}

	/// Its address.
	pub fn endpoint(&self) -> String {
		format!("http://{}", self.address)
	}

	/// The folder of the files in [`STORE`].
	pub fn files(&self) -> PathBuf {
		self.folder.path().join("records/of/north")
	}
}

impl Ways {
	/// Whether nothing is to be said of an object that was written now.
	fn is_silent(&self) -> bool {
		let fewer = |left: u64| left.checked_sub(1);
		self.silent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer).is_ok()
	}
}

/// Serves a folder with buckets at an address, until the process ends.
pub async fn serve_for_ever(folder: &Path, address: SocketAddr) {
	let listener = TcpListener::bind(address).await.unwrap();
	serve(folder, listener, &Ways::default()).await.unwrap();
}

fn serve(folder: &Path, listener: TcpListener, ways: &Ways) -> JoinHandle<()> {
	let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
	builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
	let (service, ways) = (builder.build(), ways.clone());
	tokio::spawn(async move {
		// Connections end with the server.
		let mut connections = tokio::task::JoinSet::new();
		loop {
			let (socket, _) = listener.accept().await.unwrap();
			let (service, ways) = (service.clone(), ways.clone());
			let slow = service_fn(move |mut request: Request<Incoming>| {
				let (service, ways) = (service.clone(), ways.clone());
				async move {
					let query = request.uri().query();
					let is_part = query.is_some_and(|query| query.contains("partNumber"));
					let is_object = request.method() == Method::PUT && !is_part;
					let is_read =
						request.method() == Method::GET && query.is_none_or(str::is_empty);
					let is_end = request.method() == Method::POST
						&& query.is_some_and(|query| query.contains("uploadId"));
					if is_end && ways.apart.load(Ordering::Relaxed) {
						request.headers_mut().remove(AUTHORIZATION);
					}
					if is_read {
						let delay = ways.reading.load(Ordering::Relaxed);
						tokio::time::sleep(Duration::from_millis(delay)).await;
					}
					let delay = ways.delay.load(Ordering::Relaxed);
					let mut answer = hyper::service::Service::call(&service, request).await;
					if is_part {
						tokio::time::sleep(Duration::from_millis(delay)).await;
					}
					if let Ok(answer) = &mut answer
						&& is_object && answer.status().is_success()
						&& ways.is_silent()
					{
						*answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
					}
					answer
				}
			});
			connections.spawn(async move {
				let http = Builder::new(TokioExecutor::new());
				let _ = http.serve_connection(TokioIo::new(socket), slow).await;
			});
		}
	})
}
