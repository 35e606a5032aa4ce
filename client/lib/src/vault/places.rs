//! The vaults of a document, asked one after another until one gives it out.

use super::{
	Code, Error, is_passing,
	silent::{Patience, Silent, is_silence},
};
use crate::Result;
use medblock_primitives::{HospitalId, Vaults};

/// A vault of a document, and how long the client waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
	pub(super) hospital: HospitalId,
	pub(super) patience: Patience,
}

/// The vaults of a document that are still to be asked, in the chain's order: its home, its mirror, and
/// those that kept it before. Vaults that did not answer lately come last. A vault that was named only lately may not
/// have fetched the file yet.
pub(crate) struct Places<'a> {
	silent: &'a Silent,
	home: HospitalId,
	now: Place,
	left: std::vec::IntoIter<HospitalId>,
	/// The first of them that did not answer, for which the client waits if no other gives anything.
	last_hope: Option<HospitalId>,
	/// The reason why the home gave nothing, or else the first of those that were asked.
	reason: Option<crate::Error>,
}

impl<'a> Places<'a> {
	/// The first of these vaults, and then the others.
	pub(crate) fn of(vaults: &Vaults, silent: &'a Silent) -> Self {
		let (later, mut order): (Vec<_>, Vec<_>) =
			vaults.all().partition(|hospital| silent.holds(*hospital));
		order.extend(later);
		let mut left = order.into_iter();
		let first = left.next().unwrap_or(vaults.home);
		let patience = match left.as_slice().is_empty() && !silent.was_waited_for(first) {
			true => Patience::Long,
			false => Patience::Short,
		};
		let now = Place { hospital: first, patience };
		Self { silent, home: vaults.home, now, left, last_hope: None, reason: None }
	}

	/// The vault to ask now.
	pub(crate) fn now(&self) -> Place {
		self.now
	}

	/// Notes that this vault has given the document out.
	pub(crate) fn answered(&self) {
		self.silent.forget(self.now.hospital);
	}

	/// Turns to the next vault, after this one has failed for this reason.
	///
	/// # Errors
	///
	/// The reason itself, if another vault would have the same; if none is left, the home's, or else that of the
	/// vault that was asked first.
	pub(crate) fn go_on(&mut self, why: crate::Error) -> Result<()> {
		if !is_of_one_vault(&why) {
			return Err(why);
		}
		let Place { hospital, patience } = self.now;
		tracing::debug!("hospital {hospital} gives nothing: {why}");
		if patience == Patience::Short
			&& (is_silence(&why) || is_passing(&why))
			&& !self.silent.was_waited_for(hospital)
		{
			self.last_hope.get_or_insert(hospital);
		}
		if is_silence(&why) {
			self.silent.note(hospital, patience);
		}
		let reason = match self.reason.take() {
			Some(earlier) if hospital != self.home => earlier,
			_ => why,
		};
		self.now = match (self.left.next(), self.last_hope) {
			(Some(hospital), _) => Place { hospital, patience: Patience::Short },
			(None, Some(hospital)) if patience == Patience::Short => {
				Place { hospital, patience: Patience::Long }
			},
			(None, _) => return Err(reason),
		};
		self.reason = Some(reason);
		Ok(())
	}
}

/// Whether another vault may do what this one did not. All of them decide about access in the same way.
fn is_of_one_vault(why: &crate::Error) -> bool {
	let crate::Error::Vault(why) = why else { return false };
	match why {
		Error::Unreachable { .. }
		| Error::ProxyLimit(_)
		| Error::BadAddress(_)
		| Error::WrongBytes(_) => true,
		Error::Refused { status, code, .. } => {
			let is_absent = matches!(code.code(), Some(Code::BlobMissing | Code::OtherVault));
			let is_busy = matches!(status, 408 | 429);
			is_absent || is_busy || *status >= 500
		},
		Error::BadChallenge(_) | Error::WrongClock { .. } => false,
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const HOME: HospitalId = HospitalId(1);
	const MIRROR: HospitalId = HospitalId(2);
	const FORMER: HospitalId = HospitalId(0);

	fn refused(status: u16, code: Code) -> crate::Error {
		let url = "https://a.example".to_owned();
		let (message, retry_after) = (String::new(), None);
		Error::Refused { url, status, code: code.into(), message, retry_after }.into()
	}

	fn dead() -> crate::Error {
		let (url, why) = ("https://a.example".to_owned(), "connection refused".to_owned());
		Error::Unreachable { url, why }.into()
	}

	fn vaults(mirror: Option<HospitalId>, former: &[HospitalId]) -> Vaults {
		Vaults { home: HOME, mirror, former: former.to_vec() }
	}

	fn asked(places: &Places<'_>) -> (HospitalId, Patience) {
		let Place { hospital, patience } = places.now();
		(hospital, patience)
	}

	#[test]
	fn each_vault_is_asked_and_the_home_has_the_last_word() {
		let silent = Silent::default();
		let mut places = Places::of(&vaults(Some(MIRROR), &[FORMER]), &silent);
		assert_eq!(asked(&places), (HOME, Patience::Short));
		places.go_on(refused(507, Code::StoreFailed)).unwrap();
		assert_eq!(asked(&places), (MIRROR, Patience::Short));
		places.go_on(refused(404, Code::BlobMissing)).unwrap();
		assert_eq!(asked(&places), (FORMER, Patience::Short));
		let why = places.go_on(refused(404, Code::OtherVault)).unwrap_err();
		assert!(matches!(why, crate::Error::Vault(Error::Refused { status: 507, .. })), "{why}");
	}

	#[test]
	fn who_may_not_read_asks_no_other_vault() {
		let silent = Silent::default();
		let mut places = Places::of(&vaults(Some(MIRROR), &[]), &silent);
		let why = places.go_on(refused(403, Code::PatientOnly)).unwrap_err();
		assert!(matches!(why, crate::Error::Vault(Error::Refused { status: 403, .. })), "{why}");
		assert_eq!(places.now().hospital, HOME);
	}

	#[test]
	fn dead_home_is_asked_last_from_then_on() {
		let (silent, both) = (Silent::default(), vaults(Some(MIRROR), &[]));
		let mut first = Places::of(&both, &silent);
		first.go_on(dead()).unwrap();
		assert_eq!(asked(&first), (MIRROR, Patience::Short));
		first.answered();
		let mut second = Places::of(&both, &silent);
		assert_eq!(asked(&second), (MIRROR, Patience::Short), "it is not asked at all");
		second.go_on(refused(404, Code::BlobMissing)).unwrap();
		assert_eq!(asked(&second), (HOME, Patience::Short));
		second.answered();
		assert_eq!(asked(&Places::of(&both, &silent)), (HOME, Patience::Short), "it is back");
	}

	#[test]
	fn client_waits_for_a_vault_once_if_no_other_has_the_document() {
		let (silent, both) = (Silent::default(), vaults(Some(MIRROR), &[]));
		let mut first = Places::of(&both, &silent);
		first.go_on(dead()).unwrap();
		first.go_on(refused(404, Code::BlobMissing)).unwrap();
		assert_eq!(asked(&first), (HOME, Patience::Long));
		let why = first.go_on(dead()).unwrap_err();
		assert!(matches!(why, crate::Error::Vault(Error::Unreachable { .. })), "{why}");

		let mut second = Places::of(&both, &silent);
		second.go_on(refused(404, Code::BlobMissing)).unwrap();
		assert_eq!(asked(&second), (HOME, Patience::Short));
		let why = second.go_on(dead()).unwrap_err();
		assert!(matches!(why, crate::Error::Vault(Error::Unreachable { .. })), "{why}");
	}

	#[test]
	fn only_vault_is_waited_for_once() {
		let (silent, only) = (Silent::default(), vaults(None, &[]));
		let mut first = Places::of(&only, &silent);
		assert_eq!(asked(&first), (HOME, Patience::Long));
		first.go_on(dead()).unwrap_err();
		let second = Places::of(&only, &silent);
		assert_eq!(asked(&second), (HOME, Patience::Short), "and it is asked all the same");
		second.answered();
		assert_eq!(asked(&Places::of(&only, &silent)), (HOME, Patience::Long));
	}
}
