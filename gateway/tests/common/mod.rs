//! A gateway as a process of its own.

// Each test file uses its own part of this.
#![allow(dead_code)]

pub mod balancer;
pub mod chain;
// The stories' own.
#[path = "../../../tests/src/clock.rs"]
pub mod clock;
pub mod portal;
pub mod ports;
pub mod postgres;
pub mod proxy;
pub mod rpc;
pub mod s3;

use medblock_crypto::Challenge;
use medblock_tether::Tethered;
use medblock_vault_protocol::ChallengeOffer;
use std::{
	io::{BufRead, BufReader, Read, Write},
	net::{SocketAddr, TcpStream},
	path::{Path, PathBuf},
	process::{Command, Stdio},
	sync::{Arc, Mutex},
	time::{Duration, Instant},
};

/// A running gateway. It ends when it is dropped.
pub struct Gateway {
	process: Tethered,
	log: Arc<Mutex<String>>,
	/// The address that it listens on.
	pub address: SocketAddr,
	/// The address of its metrics.
	pub metrics_address: SocketAddr,
}

/// A program that was built beside the tests.
pub fn built(name: &str) -> PathBuf {
	let test = std::env::current_exe().unwrap();
	let program = test.ancestors().nth(2).unwrap().join(name);
	assert!(program.is_file(), "there is no {}: build the workspace first", program.display());
	program
}

/// The gateway's program, with its files in `data`.
pub fn command(data: &Path) -> Command {
	let mut command = Command::new(built("medblock-gateway"));
	command
		.args(["--hospital", "0", "--log-format", "json", "--data"])
		.arg(data)
		// For gateways with a bucket.
		.env("AWS_ACCESS_KEY_ID", s3::KEY)
		.env("AWS_SECRET_ACCESS_KEY", s3::SECRET)
		.env("AWS_REGION", s3::REGION)
		.stdin(Stdio::null())
		.stderr(Stdio::piped());
	command
}

impl Gateway {
	/// Starts it on any port, and waits until it listens.
	pub fn start(data: &Path, more: &[&str]) -> Self {
		Self::start_at(data, &[&["--listen", "127.0.0.1:0"], more].concat())
	}

	/// Starts it as the options say, with metrics on any port, and waits until it listens.
	pub fn start_at(data: &Path, more: &[&str]) -> Self {
		let metrics = ["--metrics-listen", "127.0.0.1:0"];
		let mut gateway = command(data);
		gateway.args(metrics).args(more);
		let mut process = Tethered::spawn(&gateway, |started| {
			started.stderr(Stdio::piped());
		})
		.unwrap();
		let mut lines = BufReader::new(process.stderr().unwrap()).lines();
		let log = Arc::new(Mutex::new(String::new()));
		let [address, metrics_address] = loop {
			let line = lines.next().expect("it listens").unwrap();
			let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
			log.lock().unwrap().push_str(&format!("{line}\n"));
			if said["message"] == "listening" {
				break ["address", "metrics"].map(|of| said[of].as_str().unwrap().parse().unwrap());
			}
		};
		let of_thread = log.clone();
		std::thread::spawn(move || {
			for line in lines.map_while(Result::ok) {
				of_thread.lock().unwrap().push_str(&format!("{line}\n"));
			}
		});
		Self { process, log, address, metrics_address }
	}

	/// Its log so far.
	pub fn log(&self) -> String {
		self.log.lock().unwrap().clone()
	}

	/// Waits until its log has this text.
	pub fn wait_for_log(&self, text: &str) {
		let deadline = Instant::now() + Duration::from_secs(90);
		while !self.log().contains(text) {
			assert!(Instant::now() < deadline, "{text} is not in the log: {}", self.log());
			std::thread::sleep(Duration::from_millis(10));
		}
	}

	/// A field of its memory in `/proc`, in KiB.
	pub fn memory(&self, figure: &str) -> u64 {
		let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
		let status = status.unwrap();
		let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
		line.trim_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap()
	}

	/// A URL below it.
	pub fn url(&self, path: &str) -> String {
		format!("http://{}{path}", self.address)
	}

	/// Its metrics, as Prometheus reads them.
	pub async fn metrics(&self) -> String {
		let answer =
			reqwest::get(format!("http://{}/metrics", self.metrics_address)).await.unwrap();
		assert_eq!(answer.status(), 200);
		answer.text().await.unwrap()
	}

	/// Sends it a signal.
	pub fn signal(&self, name: &str) {
		let id = self.process.id().to_string();
		assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
	}

	/// Waits until it has ended, and returns its exit code.
	pub fn wait(&mut self) -> Option<i32> {
		self.process.wait().unwrap().code()
	}

	/// Sends bytes as they are, and returns the answer until the connection ends.
	pub fn raw(&self, request: &[u8]) -> String {
		raw(self.address, request)
	}
}

/// The challenge that the gateway offers in this JSON.
pub fn challenge_in(offer: serde_json::Value) -> Challenge {
	let offer: ChallengeOffer = serde_json::from_value(offer).unwrap();
	let mut genesis = [0; 32];
	hex::decode_to_slice(&offer.genesis[2..], &mut genesis).unwrap();
	Challenge {
		domain: offer.domain,
		account: offer.account,
		genesis,
		nonce: offer.nonce,
		issued: offer.issued,
		expires: offer.expires,
		session_key: None,
	}
}

/// As [`Gateway::raw`], to any address.
pub fn raw(address: SocketAddr, request: &[u8]) -> String {
	let mut stream = TcpStream::connect(address).unwrap();
	stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
	// It may close the connection before it has read everything.
	let _ = stream.write_all(request);
	let mut answer = Vec::new();
	let _ = stream.read_to_end(&mut answer);
	String::from_utf8_lossy(&answer).into_owned()
}

impl Drop for Gateway {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
		if std::thread::panicking() {
			eprintln!("{}", self.log());
		}
	}
}
