//! A hospital's gateway, for one story.

use crate::{Network, Running};
use medblock_launcher::{Lifetime, Vault};
use sqlx::{
	ConnectOptions, Connection, Row as _,
	sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The hospitals of a network, each with a node.
const HOSPITALS: u16 = 4;

/// A gateway of one of a network's hospitals. The next hospital's node is its witness. Ends when it is dropped.
pub struct Gateway {
	running: Running,
	vault: Vault,
	_folder: TempDir,
}

impl Gateway {
	/// Starts the gateway of a hospital (counted from 0), asking that hospital's own node, and waits
	/// until it is healthy.
	pub async fn start(network: &Network, hospital: u16, more: &[&str]) -> Self {
		Self::asking(&network.url(hospital), network, hospital, more).await
	}

	/// As [`Gateway::start`], asking another node as its own.
	pub async fn asking(node: &str, network: &Network, hospital: u16, more: &[&str]) -> Self {
		Self::known_as(None, node, network, hospital, more).await
	}

	/// As [`Gateway::start`], known to people by another address, since something stands before it, and with a door.
	pub async fn hidden(network: &Network, hospital: u16, url: &str) -> Self {
		Self::known_as(Some(url), &network.url(hospital), network, hospital, &["--rpc-door"]).await
	}

	async fn known_as(
		url: Option<&str>,
		node: &str,
		network: &Network,
		hospital: u16,
		more: &[&str],
	) -> Self {
		let folder = TempDir::new().expect("a folder");
		let (port, witness) =
			(network.gateway_port(hospital), network.url((hospital + 1) % HOSPITALS));
		let vault = Vault::new(folder.path(), hospital, node, port, Lifetime::Attached);
		let vault = vault.expect("a folder").known_as(url).with(&["--witness", &witness]);
		let vault = vault.with(more);
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

	/// The digests of the files that it has in quarantine.
	pub async fn quarantined(&self) -> Vec<String> {
		let mut ledger = self.ledger().await;
		let statement = "SELECT digest FROM files WHERE quarantined IS NOT NULL";
		let rows = sqlx::query(statement).fetch_all(&mut ledger).await.expect("it has a ledger");
		let digest = |row: &sqlx::sqlite::SqliteRow| row.get::<Vec<u8>, usize>(0);
		let in_hex = |digest: Vec<u8>| -> String {
			digest.iter().map(|byte| format!("{byte:02x}")).collect()
		};
		rows.iter().map(digest).map(in_hex).collect()
	}

	/// Ends the time that its files have, before they come into quarantine and in there, while it does not run.
	pub async fn let_all_time_pass(&self) {
		let mut ledger = self.ledger().await;
		for statement in [
			"UPDATE files SET keep_until = 1",
			"UPDATE files SET quarantined = 1 WHERE quarantined IS NOT NULL",
		] {
			sqlx::query(statement).execute(&mut ledger).await.expect("it has a ledger");
		}
		// Dropped, it would be closed at some time later.
		ledger.close().await.expect("its database can be closed");
	}

	/// Its ledger.
	async fn ledger(&self) -> SqliteConnection {
		let options = SqliteConnectOptions::new().filename(self.data().join("state.sqlite"));
		options.connect().await.expect("its database can be opened")
	}

	/// What it has written so far.
	pub fn log(&self) -> String {
		self.vault.daemon().last_lines(usize::MAX)
	}
}
