//! A line to a node that can be cut.

use std::sync::{Arc, Mutex};
use tokio::{
	io::copy_bidirectional,
	net::{TcpListener, TcpStream},
	task::JoinHandle,
};

/// Passes bytes on, until it is cut. A client that comes afterwards is connected anew.
pub struct Line {
	port: u16,
	calls: Arc<Mutex<Vec<JoinHandle<()>>>>,
	listening: JoinHandle<()>,
}

impl Line {
	/// A line to a node.
	pub async fn to(url: String) -> Self {
		let node = url.trim_start_matches("ws://").to_owned();
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let port = listener.local_addr().unwrap().port();
		let calls: Arc<Mutex<Vec<JoinHandle<()>>>> = Default::default();
		let accepted = calls.clone();
		let listening = tokio::spawn(async move {
			while let Ok((mut caller, _)) = listener.accept().await {
				let node = node.clone();
				let call = tokio::spawn(async move {
					if let Ok(mut node) = TcpStream::connect(node).await {
						let _ = copy_bidirectional(&mut caller, &mut node).await;
					}
				});
				accepted.lock().unwrap().push(call);
			}
		});
		Self { port, calls, listening }
	}

	/// Where it begins.
	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.port)
	}

	/// How many are connected.
	pub fn open(&self) -> usize {
		self.calls.lock().unwrap().iter().filter(|call| !call.is_finished()).count()
	}

	/// Ends all connections in the middle of whatever they carry.
	pub fn cut(&self) {
		self.calls.lock().unwrap().drain(..).for_each(|call| call.abort());
	}
}

impl Drop for Line {
	fn drop(&mut self) {
		self.listening.abort();
		self.cut();
	}
}
