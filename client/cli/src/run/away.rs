//! Vaults that can't be reached while many records are fetched.

use medblock_client::{Error, Kind, medblock_primitives::HospitalId};
use medblock_vault_protocol::uploads::AT_ONCE;
use std::{collections::HashMap, sync::Mutex};

/// How many records of one vault are tried in vain, one after another, before the others of it are not tried any more.
const TRIED: usize = AT_ONCE;

/// The vaults that can't be reached: how many records were tried there in vain since one came, and why the last one did not.
#[derive(Default)]
pub struct Away(Mutex<HashMap<HospitalId, (usize, String)>>);

impl Away {
	/// Why a vault is not asked any more.
	pub fn message(&self, home: Option<HospitalId>) -> Option<String> {
		let vaults = self.0.lock().ok()?;
		let (tried, message) = vaults.get(&home?)?;
		(*tried >= TRIED).then(|| message.clone())
	}

	/// Notes what became of a record whose home this is.
	pub fn note(&self, home: Option<HospitalId>, why: Option<&Error>) {
		let (Ok(mut vaults), Some(home)) = (self.0.lock(), home) else { return };
		match why.filter(|why| why.kind() == Kind::Network) {
			None => drop(vaults.remove(&home)),
			Some(why) => {
				let (tried, message) = vaults.entry(home).or_default();
				*tried += 1;
				*message = why.to_string();
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::{records::Error as RecordError, vault};

	#[test]
	fn a_vault_that_is_away_is_not_asked_for_each_of_thousands() {
		let (away, home, other) = (Away::default(), Some(HospitalId(1)), Some(HospitalId(2)));
		let (url, why) = ("https://a.example".to_owned(), "refused".to_owned());
		let unreached = Error::Vault(vault::Error::Unreachable { url, why });
		for _ in 0..TRIED {
			assert_eq!(away.message(home), None);
			away.note(home, Some(&unreached));
		}
		assert!(away.message(home).is_some_and(|message| message.contains("a.example")));
		assert_eq!((away.message(other), away.message(None)), (None, None));
		// What came late, or was refused for another reason, shows that it is there.
		away.note(home, Some(&Error::Record(RecordError::Withdrawn(3))));
		assert_eq!(away.message(home), None);
	}
}
