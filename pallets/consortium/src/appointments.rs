//! Offers to accounts, which have to agree before they act for a hospital.

use crate::Appointment;
use frame_support::{BoundedVec, traits::Get};

/// Adds an offer in place of an earlier one to the same account, and forgets those that have expired.
/// Returns whether there was room for it.
pub(crate) fn offer<Account: PartialEq, Block: PartialOrd, Max: Get<u32>>(
	waiting: &mut BoundedVec<Appointment<Account, Block>, Max>,
	new: Appointment<Account, Block>,
	now: Block,
) -> bool {
	waiting.retain(|one| one.until > now && one.account != new.account);
	waiting.try_push(new).is_ok()
}

/// The first block in which the account can no longer accept, if it can now.
pub(crate) fn end_of<Account: PartialEq, Block: PartialOrd + Copy>(
	waiting: &[Appointment<Account, Block>],
	account: &Account,
	now: Block,
) -> Option<Block> {
	waiting.iter().find(|one| one.account == *account && one.until > now).map(|one| one.until)
}

/// Removes an account's offer, and the list if it was the last one.
pub(crate) fn forget<Account: PartialEq, Block, Max: Get<u32>>(
	slot: &mut Option<BoundedVec<Appointment<Account, Block>, Max>>,
	account: &Account,
) {
	if let Some(waiting) = slot {
		waiting.retain(|one| one.account != *account);
	}
	if slot.as_ref().is_some_and(|waiting| waiting.is_empty()) {
		*slot = None;
	}
}
