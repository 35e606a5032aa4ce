//! Accounts and their roles.

use crate::*;
use frame_support::traits::Get;
use medblock_primitives::{Role, Roles};

impl<T: Config> Pallet<T> {
	/// Creates an account, for ever. An account that was removed would start again at nonce 0, and its
	/// old transactions would be valid again.
	pub(crate) fn admit(who: &T::AccountId) {
		if frame_system::Pallet::<T>::providers(who) == 0 {
			frame_system::Pallet::<T>::inc_providers(who);
		}
	}

	/// Changes an account's entry, after bringing its used units up to date under its previous roles.
	/// Afterwards it has used at most its whole allowance, or an account that lost a role could not
	/// even revoke access for days.
	fn change(who: &T::AccountId, change: impl FnOnce(&mut AccountData)) {
		Self::admit(who);
		frame_system::Account::<T>::mutate(who, |account| {
			let all = T::Allowances::get();
			account.data.debit(0, Self::now(), &all);
			change(&mut account.data);
			let capacity = account.data.allowance(&all).capacity;
			account.data.used = account.data.used.min(u32::try_from(capacity).unwrap_or(u32::MAX));
		});
	}
}

impl<T: Config> Roles<T::AccountId> for Pallet<T> {
	fn gained(who: &T::AccountId, role: Role) {
		Self::change(who, |data| data.roles = data.roles.with(role));
	}

	fn lost(who: &T::AccountId, role: Role) {
		Self::change(who, |data| data.roles = data.roles.suspended(role));
	}

	fn succeeded(old: &T::AccountId, new: &T::AccountId, role: Option<Role>) {
		let mut before = AccountData::default();
		Self::change(old, |data| {
			before = *data;
			if let Some(role) = role {
				data.roles = data.roles.without(role);
			}
		});
		Self::change(new, |data| {
			data.used = data.used.max(before.used);
			data.roles = match role {
				Some(role) => data.roles.with(role),
				None => data.roles.or_suspended_of(before.roles),
			};
		});
	}
}
