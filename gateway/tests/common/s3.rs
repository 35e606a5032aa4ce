//! A real server of S3's protocol, in the test's process.

use hyper_util::{
	rt::{TokioExecutor, TokioIo},
	server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::{net::SocketAddr, path::PathBuf};
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
}

impl Service {
	/// Starts it on any port.
	pub async fn start() -> Self {
		let folder = tempfile::tempdir().unwrap();
		std::fs::create_dir(folder.path().join("records")).unwrap();
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let address = listener.local_addr().unwrap();
		let running = serve(&folder, listener);
		Self { folder, address, running }
	}

	/// Stops it; its files stay.
	pub async fn stop(&mut self) {
		self.running.abort();
		let _ = (&mut self.running).await;
	}

	/// Starts it again where it was.
	pub async fn start_again(&mut self) {
		let listener = TcpListener::bind(self.address).await.unwrap();
		self.running = serve(&self.folder, listener);
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

fn serve(folder: &TempDir, listener: TcpListener) -> JoinHandle<()> {
	let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
	builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
	let service = builder.build();
	tokio::spawn(async move {
		// Connections end with the server.
		let mut connections = tokio::task::JoinSet::new();
		loop {
			let (socket, _) = listener.accept().await.unwrap();
			let service = service.clone();
			connections.spawn(async move {
				let http = Builder::new(TokioExecutor::new());
				let _ = http.serve_connection(TokioIo::new(socket), service).await;
			});
		}
	})
}
