//! A network of real nodes, for one story.

use medblock_launcher::{Daemon, Hospital, Lifetime, NetworkStatus, Ports, Specification, Up};
use std::path::Path;
use tempfile::TempDir;

/// A network of four in a folder of its own, on ports of its own. Ends when it is dropped, and shows its
/// logs when the story has failed.
pub struct Network {
	inner: medblock_launcher::Network,
	folder: TempDir,
	ports: Ports,
}

impl Network {
	/// A network that is not started yet.
	pub fn new() -> Self {
		let (folder, ports) = (TempDir::new().expect("a folder"), Ports::take().expect("ports"));
		let inner =
			medblock_launcher::Network::open(folder.path(), Some(ports.base), Lifetime::Attached);
		Self { inner: inner.expect("a folder"), folder, ports }
	}

	/// Starts all four, and waits until block 1 is final everywhere.
	pub async fn start() -> Self {
		Self::start_with(&[], &[]).await
	}

	/// As [`Network::start`], with these settings in the genesis and these arguments for each node.
	pub async fn start_with(settings: &[(&str, u32)], arguments: &[&str]) -> Self {
		Self::begin(settings, &[], arguments).await
	}

	/// As [`Network::start`], with these arguments for each node, and the addresses of these hospitals' gateways (counted from
	/// 0) in the genesis: those at which [`Gateway::start`](crate::Gateway::start) has them listen.
	pub async fn start_naming(gateways: &[u16], arguments: &[&str]) -> Self {
		Self::begin(&[], gateways, arguments).await
	}

	async fn begin(settings: &[(&str, u32)], gateways: &[u16], arguments: &[&str]) -> Self {
		let network = Self::new();
		let mut specification = Specification::local().await.expect("the node exports it");
		for (name, value) in settings {
			specification.set(name, (*value).into()).expect("a setting");
		}
		for hospital in gateways {
			let url = format!("http://127.0.0.1:{}", network.gateway_port(*hospital));
			specification.name_gateway(*hospital, &url).expect("a hospital of the preset");
		}
		let path = network.path().join("adjusted.json");
		specification.write(&path).expect("a file");
		let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
		network.up_as(&Up { specification: Some(path), arguments, ..Up::default() }).await;
		network
	}

	/// Starts these nodes again, or all four if none is named, and waits until they have caught up.
	pub async fn up(&self, hospitals: &[Hospital]) {
		self.up_as(&Up { only: hospitals.to_vec(), ..Up::default() }).await;
	}

	/// As [`Network::up`], in another way.
	pub async fn up_as(&self, up: &Up) {
		let up = Up { first_final: Some(1), ..up.clone() };
		self.inner.up(&up).await.unwrap_or_else(|why| panic!("{why}"));
	}

	/// Stops nodes as a power failure would.
	pub fn kill(&self, hospitals: &[Hospital]) {
		self.inner.kill(hospitals);
	}

	/// Stops all nodes in good order.
	pub async fn down(&self) {
		self.inner.down().await;
	}

	/// What each of the four nodes knows, and what they agree on.
	pub async fn status(&self) -> NetworkStatus {
		self.inner.status().await
	}

	/// The process of a hospital's node.
	pub fn daemon(&self, hospital: Hospital) -> Daemon {
		self.inner.daemon(hospital)
	}

	/// The network as the launcher has it.
	pub fn launcher(&self) -> &medblock_launcher::Network {
		&self.inner
	}

	/// The network's folder.
	pub fn path(&self) -> &Path {
		self.folder.path()
	}

	/// The first of its ports.
	pub fn base_port(&self) -> u16 {
		self.ports.base
	}

	/// The JSON-RPC address of a node, counted from 0.
	pub fn url(&self, index: u16) -> String {
		format!("ws://127.0.0.1:{}", self.base_port() + index)
	}

	/// Where the gateway of a hospital listens, counted from 0.
	pub fn gateway_port(&self, hospital: u16) -> u16 {
		self.base_port() + 10 + hospital
	}

	/// Where a node serves its figures, counted from 0, if it was started with them.
	pub fn metrics_url(&self, index: u16) -> String {
		format!("http://127.0.0.1:{}/metrics", self.base_port() + 14 + index)
	}
}

impl Default for Network {
	fn default() -> Self {
		Self::new()
	}
}

impl Drop for Network {
	fn drop(&mut self) {
		if std::thread::panicking() {
			for hospital in Hospital::ALL {
				eprintln!("== {hospital}:\n{}", self.daemon(hospital).last_lines(40));
			}
		}
		// Who comes after this story finds nothing of it anyway.
		self.kill(&Hospital::ALL);
	}
}
