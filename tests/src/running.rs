//! Any program that a story needs.

use medblock_launcher::{Daemon, Lifetime};
use std::{path::Path, process::Command};

/// A program that is killed when this is dropped, and whose log is shown when the story has failed.
pub struct Running(Daemon);

impl Running {
	/// Starts it in a folder, where its log is, too.
	pub fn start(command: Command, folder: &Path) -> Self {
		let daemon = Daemon::named(folder, "program");
		daemon.start(command, Lifetime::Attached).unwrap_or_else(|why| panic!("{why}"));
		Self(daemon)
	}

	/// One that was started already.
	pub fn guard(daemon: Daemon) -> Self {
		Self(daemon)
	}

	/// Its number at the system.
	pub fn pid(&self) -> u32 {
		self.0.pid().expect("it runs")
	}

	/// Ends it as a power failure would.
	pub fn kill(&self) {
		self.0.kill();
	}
}

impl Drop for Running {
	fn drop(&mut self) {
		self.kill();
		if std::thread::panicking() {
			eprintln!("{}:\n{}", self.0.log().display(), self.0.last_lines(40));
		}
	}
}
