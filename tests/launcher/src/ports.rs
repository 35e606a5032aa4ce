//! Ports that are free.

use crate::{Error, Result};
use std::{
	fs::{self, File},
	net::{TcpListener, TcpStream},
};

/// Ports that a network may need: eight for its four nodes, two for a fifth, and four each for vaults and
/// for figures.
pub const PORTS: u16 = 20;

/// Below the ports that the system gives to outgoing connections.
const FIRST: u16 = 28_000;
const LAST: u16 = 32_000;

/// Ports in a row that belong to this process as long as this lives.
pub struct Ports {
	/// The first of them.
	pub base: u16,
	_lock: File,
}

impl Ports {
	/// Takes [`PORTS`] ports that no program listens on, and no other process has taken.
	pub fn take() -> Result<Self> {
		let folder = std::env::temp_dir().join("medblock-ports");
		fs::create_dir_all(&folder).map_err(|_| Error::NoFolder(folder.clone()))?;
		for base in (FIRST..LAST).step_by(PORTS.into()) {
			let lock = File::create(folder.join(base.to_string()))?;
			let is_ours = lock.try_lock().is_ok();
			if is_ours && (base..base + PORTS).all(is_free) {
				return Ok(Self { base, _lock: lock });
			}
		}
		Err(Error::other("all ports are taken"))
	}
}

fn is_free(port: u16) -> bool {
	TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Refuses a port on which some program answers.
pub fn refuse_taken(port: u16, program: &str) -> Result<()> {
	match TcpStream::connect(("127.0.0.1", port)) {
		Ok(_) => Err(Error::PortTaken { port, program: program.to_owned() }),
		Err(_) => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn no_port_is_taken_twice() {
		let (one, other) = (Ports::take().expect("ports"), Ports::take().expect("ports"));
		assert!(one.base.abs_diff(other.base) >= PORTS);
		let listener = TcpListener::bind(("127.0.0.1", one.base)).expect("it is free");
		let why = refuse_taken(one.base, "north").expect_err("it is in use");
		let port = one.base;
		assert_eq!(
			why.to_string(),
			format!("port {port}, for north, is in use by another process")
		);
		drop(listener);
		assert!(refuse_taken(port, "north").is_ok());
	}
}
