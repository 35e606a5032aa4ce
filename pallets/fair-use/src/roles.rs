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
	fn update(who: &T::AccountId, change: impl FnOnce(&mut AccountData)) {
		Self::admit(who);
		frame_system::Account::<T>::mutate(who, |account| {
			account.data.debit(0, Self::now(), &T::Allowances::get());
			change(&mut account.data);
		});
	}

	/// As [`Self::update`].
	/// If the hospital has decided about a person, the account has used at most its whole allowance
	/// afterwards, or one that lost a role could not even revoke access for days. A role at a hospital
	/// changes nothing of that: it can be given and taken again and again.
	fn change(who: &T::AccountId, change: impl FnOnce(&mut AccountData)) {
		Self::update(who, |data| {
			let before = data.roles.of_person();
			change(data);
			if data.roles.of_person() != before {
				let capacity = data.allowance(&T::Allowances::get()).capacity;
				let most = u32::try_from(capacity).unwrap_or(u32::MAX);
				data.used = data.used.min(most);
			}
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
		let take_over = |data: &mut AccountData| {
			data.used = data.used.max(before.used);
			data.roles = match role {
				Some(role) => data.roles.with(role),
				None => data.roles.or_suspended_of(before.roles),
			};
		};
		match role {
			// No hospital has decided anything: the person would have the reserve anew with each account, and be rid
			// of a debt.
			Some(_) => Self::update(new, take_over),
			// Without a role the rest of it might take months to come back.
			None => Self::change(new, take_over),
		}
	}
}
