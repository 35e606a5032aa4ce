//! Waiting for a vault that is away, or has no time, and saying so.

use super::{ATTEMPTS, Error, Vault, is_passing};
use crate::{Result, notices::Notice};
use medblock_platform::clock::{self, Duration};

/// The longest rest that a vault, or a proxy before it, may ask for: a vault that is upgraded is back by then.
const LONGEST_REST: Duration = Duration::from_secs(600);

/// Shorter pauses are not told.
const TOLD: Duration = Duration::from_secs(1);

impl Vault<'_> {
	/// Waits before an attempt, counted from 1: longer before each further one, and as long as the vault asks for.
	pub(super) async fn wait(&self, attempt: u32, problem: Option<&crate::Error>) {
		self.rest(before(attempt, problem), problem).await;
	}

	/// Rests for this time, and says so.
	pub(super) async fn rest(&self, time: Duration, problem: Option<&crate::Error>) {
		if time >= TOLD {
			let why = problem.map_or_else(|| self.ends_early(), told);
			self.vaults.notices.tell(&Notice::Waiting { why, time });
		}
		clock::sleep(time).await;
	}

	/// Asks again as long as what is in the way passes. Only for what may be asked twice.
	pub(super) async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T>
	where
		F: Future<Output = Result<T>>,
	{
		let mut attempt = 0;
		loop {
			match ask().await {
				Err(why)
					if is_passing(&why)
						&& attempt + 1 < self.server.patience.attempts(ATTEMPTS) =>
				{
					attempt += 1;
					self.wait(attempt, Some(&why)).await;
				},
				outcome => return outcome,
			}
		}
	}

	fn ends_early(&self) -> String {
		format!("the connection to the vault at {} keeps ending early", self.server.address)
	}
}

/// The pause before an attempt.
fn before(attempt: u32, problem: Option<&crate::Error>) -> Duration {
	let own = Duration::from_millis(200).saturating_mul(2u32.saturating_pow(attempt));
	match problem {
		Some(crate::Error::Vault(Error::Refused {
			status: 429 | 503,
			retry_after: Some(seconds),
			..
		})) => match Duration::from_secs(*seconds) {
			rest if rest <= LONGEST_REST => own.max(rest),
			_ => own,
		},
		_ => own,
	}
}

/// What is in the way, without the advice to do it later: that is being done.
fn told(problem: &crate::Error) -> String {
	match problem {
		crate::Error::Vault(Error::Unreachable { url, why }) => {
			format!("the vault at {url} can't be reached ({why})")
		},
		crate::Error::Vault(Error::Refused { url, message, .. }) => {
			format!("the vault at {url} can't do it now ({message})")
		},
		other => other.to_string(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_vault_protocol::Reason;

	fn refused(status: u16, retry_after: Option<u64>) -> crate::Error {
		let (url, message) = ("https://a.example".to_owned(), "it is upgraded".to_owned());
		let code = Reason::Unknown(status.to_string());
		Error::Refused { url, status, code, message, retry_after }.into()
	}

	#[test]
	fn pause_is_what_the_vault_asks_for_and_grows() {
		let pause = |attempt, problem: &crate::Error| before(attempt, Some(problem)).as_millis();
		let away = refused(502, None);
		assert_eq!([1, 2, 3].map(|attempt| pause(attempt, &away)), [400, 800, 1_600]);
		assert_eq!(pause(1, &refused(503, Some(30))), 30_000);
		assert_eq!(pause(7, &refused(503, Some(3))), 25_600);
		assert_eq!(pause(1, &refused(429, Some(5))), 5_000);
		assert_eq!(pause(1, &refused(503, Some(86_400))), 400, "nobody waits for a day");
		assert_eq!(pause(1, &refused(502, Some(30))), 400, "only these two say it of themselves");
		assert_eq!(before(u32::MAX, None), before(u32::MAX, Some(&away)));
	}

	#[test]
	fn reason_is_told_without_what_to_do() {
		let said = told(&refused(503, None));
		assert_eq!(said, "the vault at https://a.example can't do it now (it is upgraded)");
		let (url, why) = ("https://a.example".to_owned(), "refused".to_owned());
		let said = told(&Error::Unreachable { url, why }.into());
		assert_eq!(said, "the vault at https://a.example can't be reached (refused)");
	}
}
