//! A real PostgreSQL server, in a folder of its own.

use medblock_tether::Tethered;
use std::{
	fs,
	os::unix::{
		fs::{MetadataExt, chown},
		process::CommandExt,
	},
	path::{Path, PathBuf},
	process::{Command, Stdio},
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// Where Debian has the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The account `nobody`: the server does not run as root.
const NOBODY: u32 = 65_534;
/// The user that the database belongs to.
const USER: &str = "vault";

/// A server that is reached by a socket in its folder alone. It ends when it is dropped.
pub struct Server {
	folder: TempDir,
	process: Tethered,
}

impl Server {
	/// Makes a database, and starts a server for it.
	pub fn start() -> Self {
		Self::start_in(tempfile::tempdir().unwrap(), &[])
	}

	/// As [`Self::start`], in this folder, with more options for `initdb`.
	pub fn start_in(folder: TempDir, options: &[&str]) -> Self {
		if is_root(folder.path()) {
			chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
		}
		let made = command(folder.path(), "initdb")
			.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
			.arg(format!("--username={USER}"))
			.args(options)
			.arg(folder.path().join("data"))
			.output()
			.unwrap();
		assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
		let process = serve(folder.path());
		let mut server = Self { folder, process };
		server.until_ready();
		let made = server.ask("CREATE DATABASE vault");
		assert!(made, "it makes a database");
		server
	}

	/// The URL of its database.
	pub fn url(&self) -> String {
		format!("postgres://{USER}@localhost/vault?host={}", self.folder.path().display())
	}

	/// Ends it as a power failure would.
	pub fn kill(&mut self) {
		self.process.kill().unwrap();
		self.process.wait().unwrap();
	}

	/// Starts it again with the same database, unless it goes on by itself.
	pub fn go_on(&mut self) {
		if !self.becomes_ready() {
			self.start_again();
		}
	}

	/// Starts it again with the same database.
	pub fn start_again(&mut self) {
		// What a killed server leaves is in its way until its last process is gone.
		let deadline = Instant::now() + Duration::from_secs(90);
		loop {
			self.process = serve(self.folder.path());
			if self.becomes_ready() {
				return;
			}
			assert!(Instant::now() < deadline, "it does not start again");
		}
	}

	fn until_ready(&mut self) {
		assert!(self.becomes_ready(), "the server ends at once");
	}

	/// Waits until it answers, or has ended.
	fn becomes_ready(&mut self) -> bool {
		let deadline = Instant::now() + Duration::from_secs(60);
		while !self.ask("SELECT 1") {
			if self.process.try_wait().unwrap().is_some() {
				return false;
			}
			assert!(Instant::now() < deadline, "the server does not answer");
			std::thread::sleep(Duration::from_millis(50));
		}
		true
	}

	/// Whether it does what a statement says.
	fn ask(&self, statement: &str) -> bool {
		let asked = command(self.folder.path(), "psql")
			.args(["--no-psqlrc", "--dbname=postgres", "--username", USER, "--host"])
			.arg(self.folder.path())
			.args(["--command", statement])
			.output();
		asked.unwrap().status.success()
	}
}

impl Drop for Server {
	fn drop(&mut self) {
		// Its other processes end by themselves.
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

fn serve(folder: &Path) -> Tethered {
	let mut server = command(folder, "postgres");
	server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
	server.args(["-c", "listen_addresses="]);
	Tethered::spawn(&server, |started| {
		started.stdout(Stdio::null()).stderr(Stdio::null());
		be_no_root(started);
	})
	.unwrap()
}

/// A program of the newest version, which may use the folder.
fn command(folder: &Path, program: &str) -> Command {
	let mut command = Command::new(programs().join(program));
	command.current_dir(folder).stdin(Stdio::null());
	be_no_root(&mut command);
	command
}

fn be_no_root(command: &mut Command) {
	if is_root(Path::new("/proc/self")) {
		command.uid(NOBODY).gid(NOBODY);
	}
}

fn programs() -> PathBuf {
	let versions = fs::read_dir(DEBIAN).expect("scripts/setup --tests installs PostgreSQL");
	let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
	let versions = versions.map(|one| one.unwrap().path());
	let newest = versions.filter(|path| path.join("bin/initdb").exists()).max_by_key(version);
	newest.expect("scripts/setup --tests installs PostgreSQL").join("bin")
}

fn is_root(of: &Path) -> bool {
	fs::metadata(of).unwrap().uid() == 0
}
