//! Calls that the chain refused because another device, or another person, came first: what they were made from is read
//! again, and they are made anew.
//!
//! Below this, a transaction whose nonce another one has taken is signed again with a later one: see
//! [`chain::Error::Overtaken`](crate::chain::Error::Overtaken).

use crate::{Error, Result};

/// The number of times that a call is made.
pub(crate) const ATTEMPTS: u32 = 4;

/// The pallet's errors for what was read before something else changed it.
const CAME_LATE: [&str; 8] = [
	"StaleEpoch",
	"StaleRecipients",
	"RecipientsNeeded",
	"DoctorMissing",
	"DoctorUnexpected",
	"KeyChanged",
	"StaleShare",
	"VaultMoved",
];

/// Whether the chain changed between reading it and executing the call. Another attempt may then succeed.
pub(crate) fn came_late(why: &Error) -> bool {
	CAME_LATE.iter().any(|name| why.is_refusal(name))
}

/// The attempts that a call has left.
pub(crate) struct Attempts(u32);

impl Attempts {
	pub(crate) fn new() -> Self {
		Self(ATTEMPTS)
	}

	/// The outcome of an attempt, or nothing if the call is to be made anew.
	pub(crate) fn settled<T>(&mut self, outcome: Result<T>) -> Result<Option<T>> {
		self.0 = self.0.saturating_sub(1);
		match outcome {
			Err(why) if self.0 > 0 && came_late(&why) => {
				tracing::debug!("something else came first: {why}");
				Ok(None)
			},
			outcome => outcome.map(Some),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::{self, Refusal};

	fn refused(name: &str) -> Result<u8> {
		let (name, sentence) = (name.to_owned(), String::new());
		Err(chain::Error::from(Refusal { pallet: None, name, sentence }).into())
	}

	#[test]
	fn call_that_came_late_is_made_anew_and_not_for_ever() {
		let mut attempts = Attempts::new();
		for _ in 1..ATTEMPTS {
			assert!(matches!(attempts.settled(refused("StaleEpoch")), Ok(None)));
		}
		assert!(attempts.settled(refused("StaleEpoch")).is_err());
		assert!(matches!(Attempts::new().settled(Ok(3)), Ok(Some(3))));
	}

	#[test]
	fn what_was_refused_for_itself_is_not_made_again() {
		for name in ["MaxGrantsExceeded", "AppendBudgetSpent", "ExpiryPassed"] {
			assert!(Attempts::new().settled(refused(name)).is_err(), "{name}");
		}
		assert!(Attempts::new().settled::<u8>(Err(chain::Error::Expired.into())).is_err());
	}
}
