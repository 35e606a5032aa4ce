//! Gateways that did not know the account.
//!
//! A door asks a newcomer to sign in at almost every question. Each sign-in would be refused until the chain knows the
//! account, so the client waits a while after each refusal, and asks again at once when the account has registered. The owner of a
//! wallet would be asked to sign each time, so a wallet's account waits until then, or until its owner connects anew.

use medblock_platform::clock::{Duration, Instant};
use medblock_vault_protocol::Address;
use std::{
	collections::HashMap,
	sync::{Mutex, MutexGuard, PoisonError},
};

/// The pause after the first refusal. It doubles with each.
const FIRST: Duration = Duration::from_secs(4);

/// The longest pause: a person may become a registrar without doing anything.
const LONGEST: Duration = Duration::from_secs(30);

/// The refusals of each gateway.
#[derive(Default)]
pub(super) struct Declined(Mutex<HashMap<Address, Pause>>);

/// A pause of sign-ins.
struct Pause {
	/// The end; none if the pause lasts until it is forgotten.
	until: Option<Instant>,
	next: Duration,
}

impl Declined {
	/// Whether signing in at a gateway is not worth it yet.
	pub(super) fn holds(&self, gateway: &Address) -> bool {
		self.holds_at(gateway, Instant::now())
	}

	/// Notes that a gateway did not know the account, whose key may be in a wallet.
	pub(super) fn note(&self, gateway: Address, in_wallet: bool) {
		match in_wallet {
			true => {
				self.all().insert(gateway, Pause { until: None, next: LONGEST });
			},
			false => self.note_at(gateway, Instant::now()),
		}
	}

	/// Forgets all refusals: the chain knows the account now, or may.
	pub(super) fn forget(&self) {
		self.all().clear();
	}

	fn holds_at(&self, gateway: &Address, now: Instant) -> bool {
		self.all().get(gateway).is_some_and(|pause| pause.until.is_none_or(|until| now < until))
	}

	fn note_at(&self, gateway: Address, now: Instant) {
		let mut all = self.all();
		let pause = all.entry(gateway).or_insert(Pause { until: None, next: FIRST });
		pause.until = Some(now + pause.next);
		pause.next = pause.next.saturating_mul(2).min(LONGEST);
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn all(&self) -> MutexGuard<'_, HashMap<Address, Pause>> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn wallets_owner_is_not_asked_again_before_the_registration() {
		let declined = Declined::default();
		let gateway: Address = "https://a.example".parse().unwrap();
		declined.note(gateway.clone(), true);
		let later = Instant::now() + Duration::from_secs(24 * 3_600);
		assert!(declined.holds_at(&gateway, later));
		declined.forget();
		assert!(!declined.holds(&gateway));
	}

	#[test]
	fn newcomer_signs_in_less_and_less_often_until_the_registration() {
		let (declined, started) = (Declined::default(), Instant::now());
		let [gateway, other]: [Address; 2] =
			["https://a.example", "https://b.example"].map(|url| url.parse().unwrap());
		// A portal that looks at the chain each six seconds, for ten minutes.
		let mut sign_ins = 0;
		for look in 0..100 {
			let now = started + Duration::from_secs(6 * look);
			if !declined.holds_at(&gateway, now) {
				sign_ins += 1;
				declined.note_at(gateway.clone(), now);
			}
		}
		assert!((10..=25).contains(&sign_ins), "{sign_ins}");
		let now = started + Duration::from_secs(600);
		declined.note_at(gateway.clone(), now);
		assert!(declined.holds_at(&gateway, now + LONGEST - Duration::from_secs(1)));
		assert!(!declined.holds_at(&gateway, now + LONGEST));
		assert!(!declined.holds_at(&other, now), "another gateway is asked");
		declined.forget();
		assert!(!declined.holds_at(&gateway, now), "it is asked at once after the registration");
	}
}
