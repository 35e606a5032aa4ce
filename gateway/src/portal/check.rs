//! The outcome of a check of one portal.

use medblock_portal_files::{Digest, Fault, Listing, NotAPortal, Served};
use medblock_primitives::PortalRelease;
use std::fmt;

/// What a check has found.
#[derive(Debug)]
pub(super) enum Outcome {
	/// The portal is one of the listed ones, and every file is as its manifest says.
	Right,
	/// The hospital serves no portal.
	NoPortal,
	/// The portal is not listed.
	Unlisted(Served),
	/// The gateway serves something else than its manifest says.
	Changed(Fault),
	/// The portal can't be fetched now.
	Unreachable(String),
	/// The gateway sends a part of the portal, and holds back the rest.
	HeldBack {
		/// The file.
		why: Fault,
		/// Whether it did so when its portal was seen before.
		is_again: bool,
	},
}

impl Outcome {
	/// Judges what a hospital's gateway has served. `was_held_back` says whether it held back a file before.
	pub(super) fn of(
		fetched: Result<Served, Fault>,
		listed: &[PortalRelease],
		was_held_back: bool,
	) -> Self {
		match fetched {
			Ok(served) => match Listing::of(served.digest, listed) {
				Listing::Listed(_) | Listing::NoneYet => Self::Right,
				Listing::Unlisted => Self::Unlisted(served),
			},
			Err(Fault::NoPortal) => Self::NoPortal,
			Err(why @ Fault::HeldBack { .. }) => Self::HeldBack { why, is_again: was_held_back },
			Err(why @ Fault::Unreachable { .. }) => Self::Unreachable(why.to_string()),
			Err(why) => Self::Changed(why),
		}
	}

	/// The label in metrics.
	pub(super) fn label(&self) -> &'static str {
		match self {
			Self::Right => "right",
			Self::NoPortal => "none",
			Self::Unlisted(_) => "unlisted",
			Self::Changed(_) => "changed",
			Self::Unreachable(_) => "unreachable",
			Self::HeldBack { .. } => "held-back",
		}
	}

	/// Whether the hospital serves another portal than a listed one; none if it serves nothing now. A server that stops
	/// serving a changed portal has not shown that it is right again. One that holds back a file twice hides it from those
	/// who look for changes.
	pub(super) fn is_mismatch(&self) -> Option<bool> {
		match self {
			Self::Right => Some(false),
			Self::Unlisted(_) | Self::Changed(_) | Self::HeldBack { is_again: true, .. } => {
				Some(true)
			},
			Self::NoPortal | Self::Unreachable(_) | Self::HeldBack { is_again: false, .. } => None,
		}
	}
}

/// As it follows a gateway's name.
impl fmt::Display for Outcome {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Right => formatter.write_str("serves a listed portal"),
			Self::NoPortal => formatter.write_str("serves no portal"),
			Self::Unlisted(served) => {
				write!(formatter, "serves the unlisted portal {}", served.digest)
			},
			Self::Changed(why) | Self::HeldBack { why, .. } => why.fmt(formatter),
			Self::Unreachable(why) => formatter.write_str(why),
		}
	}
}

/// What is wrong with the gateway's own portal: its folder is read again, and may have changed since the start. What was
/// read then is still served.
pub(super) fn own(
	served: Digest,
	in_folder: Result<Digest, NotAPortal>,
	listed: &[PortalRelease],
) -> Option<String> {
	match in_folder {
		Err(why) => return Some(format!("the folder has changed since the start: {why}")),
		Ok(found) if found != served => {
			return Some(format!("the folder has another portal since the start: {found}"));
		},
		Ok(_) => {},
	}
	let is_unlisted = Listing::of(served, listed) == Listing::Unlisted;
	is_unlisted.then(|| format!("the hospitals do not list {served}"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_portal_files::Manifest;

	fn release(text: &str) -> PortalRelease {
		PortalRelease {
			digest: Digest::of(text.as_bytes()).0,
			version: b"1.0".to_vec().try_into().unwrap(),
			listed_at: 0,
		}
	}

	fn served(text: &str) -> Served {
		Served {
			manifest: Manifest { files: Default::default() },
			digest: Digest::of(text.as_bytes()),
		}
	}

	#[test]
	fn listed_portal_is_no_mismatch_and_no_portal_says_nothing() {
		let listed = [release("right")];
		let unreachable = Fault::Unreachable { name: "a".into(), why: "it is away".into() };
		let differs = Fault::TooLarge { name: "a".into() };
		for (fetched, label, mismatch) in [
			(Ok(served("right")), "right", Some(false)),
			(Ok(served("other")), "unlisted", Some(true)),
			(Err(Fault::NoPortal), "none", None),
			(Err(differs), "changed", Some(true)),
			(Err(unreachable), "unreachable", None),
		] {
			let outcome = Outcome::of(fetched, &listed, false);
			assert_eq!((outcome.label(), outcome.is_mismatch()), (label, mismatch), "{outcome}");
		}
		let young = Outcome::of(Ok(served("other")), &[], false);
		assert_eq!(young.is_mismatch(), Some(false), "the hospitals list none yet");
	}

	#[test]
	fn file_that_is_held_back_twice_is_a_mismatch() {
		for (was_held_back, mismatch) in [(false, None), (true, Some(true))] {
			let why = Fault::HeldBack { name: "a.js".into(), why: "it answered 503".into() };
			let outcome = Outcome::of(Err(why), &[release("right")], was_held_back);
			assert_eq!((outcome.label(), outcome.is_mismatch()), ("held-back", mismatch));
			assert!(outcome.to_string().contains("a.js"), "{outcome}");
		}
	}

	#[test]
	fn own_portal_is_right_while_folder_and_list_stay() {
		let (right, other) = (Digest::of(b"right"), Digest::of(b"other"));
		let listed = [release("right")];
		assert_eq!(own(right, Ok(right), &listed), None);
		assert_eq!(own(right, Ok(right), &[]), None);
		for (served, in_folder, why) in [
			(right, Ok(other), "another portal"),
			(right, Err(NotAPortal::NoIndex), "has changed"),
			(other, Ok(other), "do not list"),
		] {
			assert!(own(served, in_folder, &listed).unwrap().contains(why), "{why}");
		}
	}
}
