//! A hospital's gateway, as a process of its own.

use crate::{Network, eventually};
use std::{
	fs::File,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A gateway of one of a network's hospitals. Ends when it is dropped.
pub struct Gateway {
	folder: TempDir,
	arguments: Vec<String>,
	url: String,
	process: Option<Child>,
}

impl Gateway {
	/// Starts the gateway of a hospital (counted from 0), asking that hospital's own node, and waits
	/// until it is healthy.
	pub async fn start(network: &Network, hospital: u16) -> Self {
		Self::start_with(network, hospital, &[]).await
	}

	/// As [`Gateway::start`], with more options.
	pub async fn start_with(network: &Network, hospital: u16, more: &[&str]) -> Self {
		let folder = TempDir::new().expect("a folder");
		let address = format!("127.0.0.1:{}", network.gateway_port(hospital));
		let url = format!("http://{address}");
		let mut arguments: Vec<String> = [
			["--node", &network.url(hospital)],
			["--hospital", &hospital.to_string()],
			["--listen", &address],
			["--url", &url],
			["--data", &folder.path().display().to_string()],
		]
		.iter()
		.flatten()
		.map(|word| word.to_string())
		.collect();
		arguments.extend(more.iter().map(|word| word.to_string()));
		let mut gateway = Self { folder, arguments, url, process: None };
		gateway.resume(&[]).await;
		gateway
	}

	/// Starts it again, in the same folder, and waits until it is healthy. `before` is put before its
	/// command line: another program that runs it.
	pub async fn resume(&mut self, before: &[&str]) {
		self.spawn(before);
		let url = format!("{}/health", self.url);
		eventually(&format!("{url} is fine"), || async {
			reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success())
		})
		.await;
	}

	/// Starts it again, healthy or not.
	pub fn spawn(&mut self, before: &[&str]) {
		let log = File::options().create(true).append(true).open(self.log()).expect("a log file");
		let binary = binary("medblock-gateway");
		let mut words: Vec<&std::ffi::OsStr> = before.iter().map(|word| word.as_ref()).collect();
		words.push(binary.as_os_str());
		let process = Command::new(words[0])
			.args(&words[1..])
			.args(&self.arguments)
			.stdin(Stdio::null())
			.stdout(log.try_clone().expect("a log file"))
			.stderr(log)
			.spawn()
			.expect("the gateway starts");
		self.process = Some(process);
	}

	/// Ends it as a power failure would.
	pub fn kill(&mut self) {
		if let Some(mut process) = self.process.take() {
			let _ = process.kill();
			let _ = process.wait();
		}
	}

	/// Its process id.
	pub fn pid(&self) -> u32 {
		self.process.as_ref().expect("it runs").id()
	}

	/// Its address.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Where it keeps everything.
	pub fn path(&self) -> &Path {
		self.folder.path()
	}

	/// What it has written so far.
	pub fn log(&self) -> PathBuf {
		self.path().join("log")
	}
}

impl Drop for Gateway {
	fn drop(&mut self) {
		if std::thread::panicking() {
			eprintln!("{}", std::fs::read_to_string(self.log()).unwrap_or_default());
		}
		self.kill();
	}
}

/// A program that was built with the tests.
pub fn binary(name: &str) -> PathBuf {
	crate::node_binary().with_file_name(name)
}
