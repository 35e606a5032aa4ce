//! A hospital's gateway, for one story.

use crate::{Network, Running};
use medblock_launcher::{Lifetime, Vault};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A gateway of one of a network's hospitals. Ends when it is dropped.
pub struct Gateway {
	running: Running,
	vault: Vault,
	_folder: TempDir,
}

impl Gateway {
	/// Starts the gateway of a hospital (counted from 0), asking that hospital's own node, and waits
	/// until it is healthy.
	pub async fn start(network: &Network, hospital: u16, more: &[&str]) -> Self {
		Self::known_as(None, network, hospital, more).await
	}

	/// As [`Gateway::start`], known to people by another address, since something stands before it.
	pub async fn hidden(network: &Network, hospital: u16, url: &str) -> Self {
		Self::known_as(Some(url), network, hospital, &[]).await
	}

	async fn known_as(url: Option<&str>, network: &Network, hospital: u16, more: &[&str]) -> Self {
		let folder = TempDir::new().expect("a folder");
		let (node, port) = (network.url(hospital), network.gateway_port(hospital));
		let vault = Vault::new(folder.path(), hospital, &node, port, Lifetime::Attached);
		let vault = vault.expect("a folder").known_as(url).with(more);
		let running = Running::guard(vault.daemon());
		let gateway = Self { running, vault, _folder: folder };
		gateway.resume().await;
		gateway
	}

	/// Starts it again, in the same folder, and waits until it is healthy.
	pub async fn resume(&self) {
		self.vault.start().await.unwrap_or_else(|why| panic!("{why}"));
	}

	/// Starts it again with these environment variables, healthy or not.
	pub fn spawn(&self, environment: &[(String, String)]) {
		self.vault.spawn(environment).unwrap_or_else(|why| panic!("{why}"));
	}

	/// Ends it as a power failure would.
	pub fn kill(&self) {
		self.running.kill();
	}

	/// Its process id.
	pub fn pid(&self) -> u32 {
		self.running.pid()
	}

	/// Its address for people.
	pub fn url(&self) -> &str {
		self.vault.url()
	}

	/// The address at which it listens.
	pub fn own_url(&self) -> String {
		self.vault.own_url()
	}

	/// Where all of it is: what it keeps, and what it writes.
	pub fn path(&self) -> &Path {
		self.vault.path()
	}

	/// Where it keeps everything.
	pub fn data(&self) -> PathBuf {
		self.vault.data()
	}

	/// What it has written so far.
	pub fn log(&self) -> String {
		self.vault.daemon().last_lines(usize::MAX)
	}
}
