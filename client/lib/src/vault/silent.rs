//! Vaults that did not answer, and how long a client waits for one.
//!
//! A document may have several vaults. While others are left to ask, a vault gets one short attempt. Those that
//! did not answer are asked last for a minute. If no vault gives the document, the client waits for the first that did
//! not answer as long as it takes to restart: once, and not for each of a chart's files.

use super::Error;
use medblock_platform::clock::{Duration, Instant};
use medblock_primitives::HospitalId;
use std::{
	collections::HashMap,
	sync::{Mutex, MutexGuard, PoisonError},
};

/// The time after which a vault that did not answer is asked in its turn again.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The time in which an answer has to begin if the client does not wait for the vault.
const BEGINNING: Duration = Duration::from_secs(5);

/// How long a client waits for a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
	/// As long as it takes a vault to restart.
	Long,
	/// For one attempt.
	Short,
}

impl Patience {
	/// The number of attempts in a row that may bring nothing, of `most`.
	pub(super) fn attempts(self, most: u32) -> u32 {
		match self {
			Self::Long => most,
			Self::Short => 1,
		}
	}

	/// The time in which an answer has to begin, if that is limited.
	pub(super) fn beginning(self) -> Option<Duration> {
		match self {
			Self::Long => None,
			Self::Short => Some(BEGINNING),
		}
	}
}

/// Whether the vault did not answer. The proxy of one that is down answers for it.
pub(super) fn is_silence(why: &crate::Error) -> bool {
	matches!(
		why,
		crate::Error::Vault(Error::Unreachable { .. } | Error::Refused { status: 502..=504, .. })
	)
}

/// The vaults that did not answer lately.
#[derive(Default)]
pub(crate) struct Silent(Mutex<HashMap<HospitalId, Silence>>);

/// A vault's silence.
struct Silence {
	/// When the vault is asked in its turn again.
	until: Instant,
	/// Whether the client has waited for it.
	was_waited_for: bool,
}

impl Silent {
	/// Whether the vault did not answer lately.
	pub(super) fn holds(&self, hospital: HospitalId) -> bool {
		self.silence(hospital, Instant::now(), |_| true)
	}

	/// Whether the client has also waited for it in vain.
	pub(super) fn was_waited_for(&self, hospital: HospitalId) -> bool {
		self.silence(hospital, Instant::now(), |silence| silence.was_waited_for)
	}

	/// Notes that a vault did not answer a client of this patience.
	pub(super) fn note(&self, hospital: HospitalId, patience: Patience) {
		self.note_at(hospital, patience, Instant::now());
	}

	/// Notes that a vault has answered.
	pub(super) fn forget(&self, hospital: HospitalId) {
		self.all().remove(&hospital);
	}

	/// Forgets all of them: vaults may have other addresses, or this device another connection.
	pub(super) fn forget_all(&self) {
		self.all().clear();
	}

	fn silence(
		&self,
		hospital: HospitalId,
		now: Instant,
		question: impl Fn(&Silence) -> bool,
	) -> bool {
		let all = self.all();
		all.get(&hospital).is_some_and(|silence| now < silence.until && question(silence))
	}

	fn note_at(&self, hospital: HospitalId, patience: Patience, now: Instant) {
		let was_waited_for = patience == Patience::Long;
		// A vault that is asked out of turn, since no other gave the document, is not put off for it.
		if was_waited_for || !self.silence(hospital, now, |_| true) {
			let until = now + LOOK_AGAIN;
			self.all().insert(hospital, Silence { until, was_waited_for });
		}
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn all(&self) -> MutexGuard<'_, HashMap<HospitalId, Silence>> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NORTH: HospitalId = HospitalId(0);

	#[test]
	fn silent_vault_is_looked_at_again_after_a_minute() {
		let (silent, began) = (Silent::default(), Instant::now());
		let holds =
			|after: u64| silent.silence(NORTH, began + Duration::from_secs(after), |_| true);
		silent.note_at(NORTH, Patience::Short, began);
		assert!(holds(0) && holds(59) && !holds(60));
		// What asks it meanwhile changes nothing.
		silent.note_at(NORTH, Patience::Short, began + Duration::from_secs(50));
		assert!(!holds(60));
		silent.note_at(NORTH, Patience::Short, began + Duration::from_secs(61));
		assert!(holds(120));
		silent.forget(NORTH);
		assert!(!holds(62));
	}

	#[test]
	fn it_is_waited_for_once_in_that_time() {
		let silent = Silent::default();
		silent.note(NORTH, Patience::Short);
		assert!(silent.holds(NORTH) && !silent.was_waited_for(NORTH));
		silent.note(NORTH, Patience::Long);
		assert!(silent.was_waited_for(NORTH));
		silent.note(NORTH, Patience::Short);
		assert!(silent.was_waited_for(NORTH), "it still did not answer");
		silent.forget_all();
		assert!(!silent.holds(NORTH) && !silent.was_waited_for(NORTH));
	}

	#[test]
	fn proxy_of_a_vault_that_is_down_answers_for_it() {
		let refused = |status: u16| {
			let url = "https://a.example".to_owned();
			let code = medblock_vault_protocol::Reason::Unknown(status.to_string());
			let (message, retry_after) = (String::new(), None);
			crate::Error::from(Error::Refused { url, status, code, message, retry_after })
		};
		for (status, expected) in
			[(502, true), (503, true), (504, true), (404, false), (429, false)]
		{
			assert_eq!(is_silence(&refused(status)), expected, "{status}");
		}
	}
}
