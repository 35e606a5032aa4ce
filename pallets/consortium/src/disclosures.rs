//! Vaults' accounts, and the logs of what vaults gave out.
//!
//! A hospital's gateway signs receipts with the key of its vault's account, and puts size and root of its log on the
//! chain. That key lies on a machine that everybody can reach, so it may do nothing else.

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::*, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{
	ANCHOR_INTERVAL, MAX_ANCHORS, Moment, Role, Roles, vault_account_message,
};
use sp_runtime::traits::Verify;

impl DisclosureLog {
	/// The last anchor of this very log.
	pub(crate) fn current(&self) -> Option<DisclosureAnchor> {
		self.last.filter(|last| last.log == self.number)
	}

	/// The numbers of the anchors that are kept.
	pub(crate) fn kept(&self) -> core::ops::Range<u32> {
		self.anchors.saturating_sub(MAX_ANCHORS)..self.anchors
	}
}

impl<T: Config> Pallet<T> {
	/// The bytes that an account signs before it can be the account of this hospital's vault:
	/// [`vault_account_message`] with this chain's genesis hash.
	pub fn vault_account_message(hospital: HospitalId, account: &T::AccountId) -> Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
		vault_account_message(&genesis, hospital, account)
	}

	/// The active hospital whose vault's account this is.
	pub fn vault_of(account: &T::AccountId) -> Option<HospitalId> {
		VaultOf::<T>::get(account)
	}

	pub(crate) fn do_set_vault_account(
		hospital: HospitalId,
		account: T::AccountId,
		proof: T::Signature,
	) -> DispatchResult {
		let message = Self::vault_account_message(hospital, &account);
		ensure!(proof.verify(&message[..], &account), Error::<T>::InvalidProof);
		ensure!(Self::acting_for(&account).is_none(), Error::<T>::AlreadyStaff);
		Self::install_vault(hospital, account);
		Ok(())
	}

	/// Lets the account be the vault's, in place of the one before.
	pub(crate) fn install_vault(hospital: HospitalId, account: T::AccountId) {
		Self::dismiss_vault(hospital);
		VaultAccounts::<T>::insert(hospital, &account);
		VaultOf::<T>::insert(&account, hospital);
		T::Roles::gained(&account, Role::Vault);
		Self::deposit_event(Event::VaultAccountSet { hospital, account });
	}

	/// Ends the work of the vault's account, if the hospital has one.
	pub(crate) fn dismiss_vault(hospital: HospitalId) {
		if let Some(account) = VaultAccounts::<T>::take(hospital) {
			VaultOf::<T>::remove(&account);
			T::Roles::lost(&account, Role::Vault);
		}
	}

	/// Whether the account can anchor this size and root now. Writes nothing.
	pub fn can_anchor(who: &T::AccountId, size: u64, root: [u8; 32]) -> DispatchResult {
		let hospital = Self::vault_of(who).ok_or(Error::<T>::NotVault)?;
		Self::ensure_anchor(&DisclosureLogs::<T>::get(hospital), size, root, T::Time::now())
	}

	/// Whether an anchor of this size and root can follow the last one at this time.
	fn ensure_anchor(log: &DisclosureLog, size: u64, root: [u8; 32], at: Moment) -> DispatchResult {
		if let Some(last) = log.current() {
			ensure!(size >= last.size, Error::<T>::LogShrunk);
			ensure!(size > last.size || root == last.root, Error::<T>::LogRewritten);
		}
		let due = log.last.map_or(0, |last| last.at.saturating_add(ANCHOR_INTERVAL));
		ensure!(at >= due, Error::<T>::AnchorTooSoon);
		Ok(())
	}

	pub(crate) fn do_anchor_disclosures(
		who: T::AccountId,
		size: u64,
		root: [u8; 32],
	) -> DispatchResult {
		let hospital = Self::vault_of(&who).ok_or(Error::<T>::NotVault)?;
		let at = T::Time::now();
		DisclosureLogs::<T>::try_mutate(hospital, |log| -> DispatchResult {
			Self::ensure_anchor(log, size, root, at)?;
			let anchor = DisclosureAnchor { log: log.number, size, root, at };
			let number = log.anchors;
			log.last = Some(anchor);
			log.anchors = number.saturating_add(1);
			DisclosureAnchors::<T>::insert(hospital, number, anchor);
			if let Some(oldest) = number.checked_sub(MAX_ANCHORS) {
				DisclosureAnchors::<T>::remove(hospital, oldest);
			}
			let DisclosureAnchor { log, .. } = anchor;
			Self::deposit_event(Event::DisclosuresAnchored { hospital, number, log, size, root });
			Ok(())
		})
	}

	pub(crate) fn do_begin_disclosure_log(hospital: HospitalId) -> DispatchResult {
		let log = DisclosureLogs::<T>::try_mutate(hospital, |log| {
			// One without an anchor needs no successor: it can still be any log.
			ensure!(log.current().is_some(), Error::<T>::LogNotAnchored);
			log.number = log.number.saturating_add(1);
			Ok::<_, DispatchError>(log.number)
		})?;
		Self::deposit_event(Event::DisclosureLogBegun { hospital, log });
		Ok(())
	}
}
