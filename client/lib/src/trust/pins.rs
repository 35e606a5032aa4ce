//! Which encryption keys doctors had when something was last sealed to them.
//!
//! The chain vouches for a doctor's key, and two nodes for what is on the chain. A pin is the third
//! check: once seen, a version's key can't become another one, nor an older version come back.

use crate::{Error, Result, trust};
use medblock_primitives::DoctorId;
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	io::Write,
	path::{Path, PathBuf},
};

/// The keys that were seen, in a JSON file.
#[derive(Debug)]
pub struct Pins {
	path: PathBuf,
	chains: BTreeMap<String, BTreeMap<u32, Pin>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
	version: u32,
	digest: String,
}

impl Pins {
	/// Reads the file, if it is there.
	pub fn open(path: &Path) -> Result<Self> {
		let chains = match std::fs::read(path) {
			Ok(bytes) => serde_json::from_slice(&bytes).map_err(|why| Error::File {
				path: path.to_owned(),
				why: std::io::Error::new(std::io::ErrorKind::InvalidData, why),
			})?,
			Err(why) if why.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
			Err(why) => return Err(Error::file(path)(why)),
		};
		Ok(Self { path: path.to_owned(), chains })
	}

	/// Compares a doctor's key with what was seen before.
	///
	/// # Errors
	///
	/// [`trust::Error::PinMismatch`] if this version had another key, or a newer version was seen already.
	pub fn check(
		&self,
		genesis: [u8; 32],
		doctor: DoctorId,
		version: u32,
		digest: [u8; 32],
	) -> Result<()> {
		let pinned = self.chains.get(&hex::encode(genesis)).and_then(|one| one.get(&doctor.0));
		match pinned {
			Some(pin) if pin.version > version => Err(mismatch(doctor)),
			Some(pin) if pin.version == version && pin.digest != hex::encode(digest) => {
				Err(mismatch(doctor))
			},
			_ => Ok(()),
		}
	}

	/// Remembers a doctor's key. The file is replaced as a whole.
	pub fn keep(
		&mut self,
		genesis: [u8; 32],
		doctor: DoctorId,
		version: u32,
		digest: [u8; 32],
	) -> Result<()> {
		self.check(genesis, doctor, version, digest)?;
		let pin = Pin { version, digest: hex::encode(digest) };
		let chain = self.chains.entry(hex::encode(genesis)).or_default();
		if chain.insert(doctor.0, pin.clone()) == Some(pin) {
			return Ok(());
		}
		let folder = self.path.parent().unwrap_or(Path::new("."));
		let write = || -> std::io::Result<()> {
			let mut file = tempfile::NamedTempFile::new_in(folder)?;
			serde_json::to_writer_pretty(&mut file, &self.chains)?;
			file.flush()?;
			file.as_file().sync_all()?;
			file.persist(&self.path).map_err(|failed| failed.error)?;
			Ok(())
		};
		write().map_err(Error::file(&self.path))
	}
}

fn mismatch(doctor: DoctorId) -> Error {
	Error::Trust(trust::Error::PinMismatch { whose: format!("doctor {}", doctor.0) })
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const CHAIN: [u8; 32] = [7; 32];

	#[test]
	fn key_of_one_version_never_changes_and_older_versions_never_return() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("pins.json");
		let mut pins = Pins::open(&path).unwrap();
		pins.keep(CHAIN, DoctorId(3), 2, [1; 32]).unwrap();
		let pins = Pins::open(&path).unwrap();
		assert!(pins.check(CHAIN, DoctorId(3), 2, [1; 32]).is_ok());
		assert!(pins.check(CHAIN, DoctorId(3), 2, [2; 32]).is_err(), "another key");
		assert!(pins.check(CHAIN, DoctorId(3), 1, [1; 32]).is_err(), "an older version");
		assert!(pins.check(CHAIN, DoctorId(3), 3, [2; 32]).is_ok(), "a newer version");
		assert!(pins.check(CHAIN, DoctorId(4), 1, [2; 32]).is_ok(), "another doctor");
		assert!(pins.check([8; 32], DoctorId(3), 1, [2; 32]).is_ok(), "another chain");
	}

	#[test]
	fn damaged_file_is_refused_and_not_replaced() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("pins.json");
		std::fs::write(&path, "{").unwrap();
		assert!(matches!(Pins::open(&path), Err(Error::File { .. })));
		assert_eq!(std::fs::read(&path).unwrap(), b"{");
	}
}
