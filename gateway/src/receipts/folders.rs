//! The logs in the data folder of a vault's only gateway.

use super::{charts::Charts, storage::Log};
use medblock_primitives::Moment;
use medblock_receipts::LogId;
use medblock_vault_protocol::paths::parse_number;
use std::{
	fs, io,
	path::{Path, PathBuf},
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A folder with logs, by their numbers. What is done with them blocks.
///
/// Two that write into one log would give the same places to different leaves. So each is opened once and stays open: a
/// request may still write there when a block names another log, and the next block may name the first one again.
pub struct Folders {
	folder: PathBuf,
	/// The open logs. Locked while one is opened, and while old lines of a chart are removed from one that is not open.
	open: Mutex<Vec<Arc<Log>>>,
}

impl Folders {
	/// Those in this folder. None is open yet.
	pub fn new(folder: PathBuf) -> Self {
		Self { folder, open: Mutex::default() }
	}

	/// The log of this name.
	pub fn log(&self, id: LogId) -> io::Result<Arc<Log>> {
		let mut open = self.open();
		if let Some(log) = open.iter().find(|log| log.id() == id) {
			return Ok(log.clone());
		}
		let log = Arc::new(Log::open(&self.folder.join(id.number.to_string()), id)?);
		open.push(log.clone());
		Ok(log)
	}

	/// Removes what is from before a time from all of them.
	pub fn forget(&self, before: Moment) -> io::Result<()> {
		for entry in fs::read_dir(&self.folder)? {
			let entry = entry?;
			let Some(number) = entry.file_name().to_str().and_then(parse_number) else { continue };
			let open = self.forget_unless_open(number, &entry.path(), before)?;
			if let Some(Log::Folder(log)) = open.as_deref() {
				log.forget(before)?;
			}
		}
		Ok(())
	}

	/// Removes what is from before a time from a log, as long as it is not open. Gives it if it is, or is opened meanwhile.
	fn forget_unless_open(
		&self,
		number: u32,
		log: &Path,
		before: Moment,
	) -> io::Result<Option<Arc<Log>>> {
		let charts = Charts::open(log.join("charts"))?;
		for patient in charts.patients()? {
			// One chart at a time: the first readers after a start wait for the log to be opened.
			let open = self.open();
			if let Some(log) = open.iter().find(|log| log.id().number == number) {
				return Ok(Some(log.clone()));
			}
			charts.forget(patient, before)?;
		}
		Ok(None)
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn open(&self) -> MutexGuard<'_, Vec<Arc<Log>>> {
		self.open.lock().unwrap_or_else(PoisonError::into_inner)
	}
}
