//! A balancer in front of gateways.

use std::{
	net::SocketAddr,
	sync::{Arc, Mutex},
};
use tokio::{
	io::copy_bidirectional,
	net::{TcpListener, TcpStream},
	task::JoinHandle,
};

/// Passes each connection on to the next gateway that takes it. Ends when it is dropped.
pub struct Balancer {
	gateways: Arc<Mutex<Vec<SocketAddr>>>,
	running: JoinHandle<()>,
}

impl Balancer {
	/// Listens on this address.
	pub async fn start(address: &str, gateways: Vec<SocketAddr>) -> Self {
		let listener = TcpListener::bind(address).await.unwrap();
		let gateways = Arc::new(Mutex::new(gateways));
		let running = tokio::spawn(balance(listener, gateways.clone()));
		Self { gateways, running }
	}

	/// Passes connections on to these from now on.
	pub fn set(&self, gateways: Vec<SocketAddr>) {
		*self.gateways.lock().unwrap() = gateways;
	}
}

impl Drop for Balancer {
	fn drop(&mut self) {
		self.running.abort();
	}
}

async fn balance(listener: TcpListener, gateways: Arc<Mutex<Vec<SocketAddr>>>) {
	let mut turn = 0_usize;
	loop {
		let (mut client, _) = listener.accept().await.unwrap();
		turn += 1;
		let mut gateways = gateways.lock().unwrap().clone();
		let first = turn % gateways.len().max(1);
		gateways.rotate_left(first);
		tokio::spawn(async move {
			for gateway in gateways {
				if let Ok(mut gateway) = TcpStream::connect(gateway).await {
					let _ = copy_bidirectional(&mut client, &mut gateway).await;
					return;
				}
			}
		});
	}
}
