//! Until when the vault's files are in its back-up, as its administrators say: clients keep their copies until then.

use super::Vault;
use crate::files;
use medblock_primitives::Moment;
use medblock_views::Time;
use serde::{Deserialize, Serialize};
use std::{
	io,
	path::{Path, PathBuf},
};

/// What the file in the data folder says.
#[derive(Serialize, Deserialize)]
struct Content {
	/// When the last complete back-up began.
	began: Time,
}

fn file(data: &Path) -> PathBuf {
	data.join("backed-up.json")
}

/// Notes when the last complete back-up began. It can't have been after `now`.
pub fn write(data: &Path, began: &str, now: Moment) -> io::Result<Time> {
	let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
	let read: Time =
		serde_json::from_value(began.into()).map_err(|why| invalid(why.to_string()))?;
	if Moment::from(read) > now {
		return Err(invalid("the back-up can't have begun in the future".to_owned()));
	}
	files::write_json(&file(data), &Content { began: read })?;
	Ok(read)
}

fn read(data: &Path) -> io::Result<Option<Time>> {
	let Some(bytes) = files::read_if_there(&file(data))? else { return Ok(None) };
	Ok(serde_json::from_slice::<Content>(&bytes).ok().map(|content| content.began))
}

impl Vault {
	/// The time before which everything that the vault has is in its back-up, too, if its administrators say so.
	pub async fn backed_up(&self) -> io::Result<Option<Time>> {
		let data = self.data.clone();
		super::receive::blocking(move || read(&data)).await
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: Moment = 1_795_442_700_250;

	#[test]
	fn a_back_up_has_begun_at_some_time_until_now() {
		let folder = tempfile::tempdir().unwrap();
		assert_eq!(read(folder.path()).unwrap(), None);
		for bad in ["yesterday", "", "2026-11-23", "2026-11-23T14:06:00Z", "1969-12-31T23:59:59Z"] {
			assert!(write(folder.path(), bad, NOW).is_err(), "{bad}");
		}
		assert_eq!(read(folder.path()).unwrap(), None);
		write(folder.path(), "2026-11-23T15:05:00.25+01:00", NOW).unwrap();
		assert_eq!(read(folder.path()).unwrap(), Some(NOW.into()));
		std::fs::write(file(folder.path()), "{").unwrap();
		assert_eq!(read(folder.path()).unwrap(), None, "then clients keep their copies");
	}
}
