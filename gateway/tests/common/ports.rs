//! Ports that no other test takes.

use std::{
	fs::{self, File},
	net::TcpListener,
};

/// Below the ports that the system gives to programs that want any, and below those of the stories' networks.
const FIRST: u16 = 23_000;
const LAST: u16 = 24_900;

/// A port that belongs to this process as long as this lives, also while no program listens on it.
pub struct Port {
	/// Its number.
	pub number: u16,
	_lock: File,
}

impl Port {
	/// Takes a port that no program listens on.
	pub fn take() -> Self {
		let folder = std::env::temp_dir().join("medblock-gateway-ports");
		fs::create_dir_all(&folder).unwrap();
		for number in FIRST..LAST {
			let lock = File::create(folder.join(number.to_string())).unwrap();
			let is_ours = lock.try_lock().is_ok();
			if is_ours && TcpListener::bind(("127.0.0.1", number)).is_ok() {
				return Self { number, _lock: lock };
			}
		}
		panic!("all ports are taken");
	}

	/// An address with it on this machine.
	pub fn address(&self) -> String {
		format!("127.0.0.1:{}", self.number)
	}
}
