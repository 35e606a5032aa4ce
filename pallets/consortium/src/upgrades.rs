//! The end of a runtime upgrade that a decision has authorized: it is the end of the decision.
//!
//! frame-system keeps an authorized upgrade until it is put in force. A forgotten one would otherwise let any
//! account put an old runtime in force, months later. So it ends at the date that was known when the council
//! decided, however late a hospital carried the decision out.

use crate::*;
use frame_support::{
	storage::{storage_prefix, unhashed},
	traits::{OnTimestampSet, PalletInfoAccess},
};
use medblock_primitives::Moment;

impl<T: Config> Pallet<T> {
	/// Whether a runtime may be put in force now.
	pub(crate) fn is_upgrade_authorized() -> bool {
		frame_system::Pallet::<T>::authorized_upgrade().is_some()
	}

	/// Gives the upgrade that may be put in force an end, if there is one. Asked after a decision was carried
	/// out: only upgrades have to wait.
	pub(crate) fn date_upgrade(void_at: Moment) {
		if Self::is_upgrade_authorized() {
			UpgradeVoidAt::<T>::put(void_at);
		}
	}

	/// Ends an authorized upgrade whose time is over.
	pub(crate) fn end_upgrade(now: Moment) {
		if UpgradeVoidAt::<T>::get().is_none_or(|void_at| now < void_at) {
			return;
		}
		UpgradeVoidAt::<T>::kill();
		if Self::is_upgrade_authorized() {
			unhashed::kill(&authorization::<T>());
			Self::deposit_event(Event::UpgradeLapsed);
		}
	}
}

/// The key of frame-system's item, which is private there.
pub(crate) fn authorization<T: Config>() -> [u8; 32] {
	let system = <frame_system::Pallet<T> as PalletInfoAccess>::name();
	storage_prefix(system.as_bytes(), b"AuthorizedUpgrade")
}

/// Before any other transaction of the block, so that none puts a void upgrade in force, also if the chain stood
/// still until now.
impl<T: Config> OnTimestampSet<Moment> for Pallet<T> {
	fn on_timestamp_set(now: Moment) {
		Self::end_upgrade(now);
	}
}
