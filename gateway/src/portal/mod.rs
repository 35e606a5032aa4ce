//! The hospital's own portal, and those of the others.
//!
//! The council lists the right portals on the chain, by the digests of their manifests. [`Pages`] serves the own one only
//! while it is listed; [`follow`] keeps that up to date. [`watch()`] compares what all hospitals serve with the list, and
//! sets metrics. That finds changes made for many readers. A server that changes a page for one reader alone can't be
//! found from elsewhere.

mod check;
mod watch;

pub use watch::watch;

use crate::{authority::Authority, errors::Refusal, http::App};
use medblock_portal_files::{Digest, Listing, NotAPortal, Portal};
use std::{
	path::{Path, PathBuf},
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};

/// The longest time until a decision of the council is followed.
const FOLLOW: Duration = Duration::from_secs(60);
/// The pause before the chain is asked again when no node answered.
const RETRY: Duration = Duration::from_secs(5);

/// The portal that this gateway serves, if the hospitals list it.
pub struct Pages {
	portal: Portal,
	folder: PathBuf,
	is_served_unlisted: bool,
	/// The chain's word; none before a node has answered.
	listing: Mutex<Option<Listing>>,
}

impl Pages {
	/// Reads the portal in a folder. If `is_served_unlisted`, it does not matter what the hospitals list.
	pub fn open(folder: &Path, is_served_unlisted: bool) -> Result<Self, NotAPortal> {
		let portal = Portal::open(folder)?;
		tracing::info!(digest = %portal.digest(), files = portal.count(), "the portal was read");
		let (folder, listing) = (folder.to_owned(), Mutex::default());
		Ok(Self { portal, folder, is_served_unlisted, listing })
	}

	/// The portal, if it may be served. Asks the chain if it was not asked yet.
	pub async fn portal(&self, authority: &Authority) -> Result<&Portal, Refusal> {
		if let Some(decided) = self.decided() {
			return decided;
		}
		self.ask(authority).await?;
		self.decided().unwrap_or(Err(Refusal::NodeUnreachable))
	}

	/// Whether the portal may be served; none before the chain was asked. A young chain, which lists none, lets hospitals
	/// serve what they have.
	fn decided(&self) -> Option<Result<&Portal, Refusal>> {
		if self.is_served_unlisted {
			return Some(Ok(&self.portal));
		}
		match self.listing.lock().unwrap_or_else(PoisonError::into_inner).as_ref()? {
			Listing::Listed(_) | Listing::NoneYet => Some(Ok(&self.portal)),
			Listing::Unlisted => Some(Err(Refusal::PortalNotListed)),
		}
	}

	/// Asks the chain whether the hospitals list the portal.
	async fn ask(&self, authority: &Authority) -> Result<(), Refusal> {
		let releases = authority.portal_releases().await?;
		self.note(Listing::of(self.digest(), &releases));
		Ok(())
	}

	/// The digest of the portal's manifest.
	pub fn digest(&self) -> Digest {
		self.portal.digest()
	}

	/// The folder that the portal was read from.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	/// Takes note of the chain's word, and logs it if it is new.
	fn note(&self, listing: Listing) {
		let mut known = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
		if known.as_ref() == Some(&listing) {
			return;
		}
		let digest = self.portal.digest();
		match &listing {
			Listing::Listed(version) => {
				tracing::info!(%digest, version, "the hospitals list the portal, and it is served");
			},
			Listing::NoneYet => {
				tracing::warn!(%digest, "the hospitals list no portal yet, and this one is served");
			},
			Listing::Unlisted if self.is_served_unlisted => {
				tracing::warn!(%digest, "the hospitals do not list the portal; --portal-unlisted serves it");
			},
			Listing::Unlisted => {
				tracing::error!(%digest, "the hospitals do not list the portal, and it is not served");
			},
		}
		*known = Some(listing);
	}
}

/// Follows the chain's list for the own portal, for as long as the gateway runs. While no node answers, the last word
/// stays. The list is read as often as portals are checked, and at least each minute.
pub async fn follow(app: Arc<App>, checked: Option<Duration>) {
	let Some(pages) = &app.portal else { return };
	let pause = checked.unwrap_or(FOLLOW).min(FOLLOW);
	loop {
		let pause = match pages.ask(&app.authority).await {
			Ok(()) => pause,
			Err(_) => pause.min(RETRY),
		};
		tokio::time::sleep(pause).await;
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn pages(is_served_unlisted: bool) -> Pages {
		let folder = tempfile::tempdir().unwrap();
		let page = Digest::of(b"<!doctype html>");
		let manifest = serde_json::json!({ "files": { "index.html": page.to_string() } });
		std::fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
		std::fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
		Pages::open(folder.path(), is_served_unlisted).unwrap()
	}

	#[test]
	fn portal_is_served_while_it_is_listed_or_none_is() {
		let pages = pages(false);
		let refusal = |pages: &Pages| pages.decided().unwrap().err();
		assert!(pages.decided().is_none(), "nobody was asked");
		for (listing, expected) in [
			(Listing::NoneYet, None),
			(Listing::Unlisted, Some(Refusal::PortalNotListed)),
			(Listing::Listed("1.0".into()), None),
			(Listing::Unlisted, Some(Refusal::PortalNotListed)),
		] {
			pages.note(listing);
			assert_eq!(refusal(&pages), expected);
		}
	}

	#[test]
	fn operator_may_serve_an_unlisted_one() {
		let pages = pages(true);
		assert!(pages.decided().unwrap().is_ok());
		pages.note(Listing::Unlisted);
		assert!(pages.decided().unwrap().is_ok());
	}
}
