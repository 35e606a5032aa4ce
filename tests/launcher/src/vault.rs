//! A hospital's vault.

use crate::{
	Daemon, Error, Lifetime, Program, Result, binary, eventually, refuse_taken, rpc::local_client,
};
use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

/// How long a vault may take to be healthy.
const PATIENCE: Duration = Duration::from_secs(90);

/// A hospital's gateway, in a folder of its own.
pub struct Vault {
	folder: PathBuf,
	port: u16,
	url: String,
	arguments: Vec<String>,
	lifetime: Lifetime,
}

impl Vault {
	/// The vault of a hospital that asks this node, and listens on this port.
	pub fn new(
		folder: &Path,
		hospital: u16,
		node: &str,
		port: u16,
		lifetime: Lifetime,
	) -> Result<Self> {
		let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
		let folder = made.map_err(|_| Error::NoFolder(folder.to_owned()))?;
		let address = format!("127.0.0.1:{port}");
		let arguments = [
			["--hospital", &hospital.to_string()],
			["--node", node],
			["--listen", &address],
			["--data", &folder.join("data").display().to_string()],
		];
		let arguments = arguments.iter().flatten().map(|word| (*word).to_owned()).collect();
		Ok(Self { folder, port, url: format!("http://{address}"), arguments, lifetime })
	}

	/// Refuses a port that another process holds, before anything is written.
	pub fn refuse_taken_port(port: u16, name: &str) -> Result<()> {
		refuse_taken(port, name).map_err(|why| Error::other(format!("{why}: stop that one")))
	}

	/// Known to people by an address: its own if this is none.
	pub fn known_as(mut self, url: Option<&str>) -> Self {
		if let Some(url) = url {
			self.url = url.to_owned();
		}
		self.arguments.extend(["--url".to_owned(), self.url.clone()]);
		self
	}

	/// With more options.
	pub fn with(mut self, arguments: &[&str]) -> Self {
		self.arguments.extend(arguments.iter().map(|word| (*word).to_owned()));
		self
	}

	/// Its folder: what it keeps is in `data`, and what it writes in `log`.
	pub fn path(&self) -> &Path {
		&self.folder
	}

	/// Where it keeps everything.
	pub fn data(&self) -> PathBuf {
		self.folder.join("data")
	}

	/// Its address for people.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The address at which it listens.
	pub fn own_url(&self) -> String {
		format!("http://127.0.0.1:{}", self.port)
	}

	/// Its process.
	pub fn daemon(&self) -> Daemon {
		Daemon::of(&self.folder)
	}

	/// Starts it, healthy or not, with these environment variables.
	pub fn spawn(&self, environment: &[(String, String)]) -> Result<()> {
		let mut command = Command::new(binary("medblock-gateway")?);
		command.args(&self.arguments).envs(environment.iter().map(|(name, value)| (name, value)));
		self.daemon().start(command, self.lifetime)
	}

	/// Starts it, and waits until it is healthy.
	pub async fn start(&self) -> Result<()> {
		self.spawn(&[])?;
		let healthy = async || {
			if is_healthy(&self.own_url()).await {
				return Ok(Some(()));
			}
			self.daemon().must_run("the vault").map(|()| None)
		};
		eventually(PATIENCE, "the vault to be healthy", healthy).await
	}

	/// Has the account that acts for the hospital put the vault's address onto the chain.
	pub async fn announced_by(&self, controller: &Program) -> Result<()> {
		controller.does(&["hospital", "gateway", &self.url]).await.map(drop)
	}
}

/// Whether the vault at an address on this machine is healthy.
pub async fn is_healthy(url: &str) -> bool {
	let answer = local_client().get(format!("{url}/health")).send().await;
	answer.is_ok_and(|answer| answer.status().is_success())
}
