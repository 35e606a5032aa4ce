//! What stands where the SDK wants a currency. There is no token: nobody holds anything, every
//! amount is zero, and a deposit of zero is all that can be asked for.

use crate::{AccountId, Balance, RuntimeHoldReason};
use frame_support::traits::{
	fungible::{Dust, Inspect, InspectHold, Mutate, MutateHold, Unbalanced, UnbalancedHold},
	tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
};
use sp_runtime::DispatchResult;

/// A currency that does not exist.
pub struct NoDeposit;

impl Inspect<AccountId> for NoDeposit {
	type Balance = Balance;
	fn total_issuance() -> Balance {
		0
	}
	fn minimum_balance() -> Balance {
		0
	}
	fn total_balance(_: &AccountId) -> Balance {
		0
	}
	fn balance(_: &AccountId) -> Balance {
		0
	}
	fn reducible_balance(_: &AccountId, _: Preservation, _: Fortitude) -> Balance {
		0
	}
	fn can_deposit(_: &AccountId, amount: Balance, _: Provenance) -> DepositConsequence {
		if amount == 0 {
			DepositConsequence::Success
		} else {
			DepositConsequence::UnknownAsset
		}
	}
	fn can_withdraw(_: &AccountId, amount: Balance) -> WithdrawConsequence<Balance> {
		if amount == 0 {
			WithdrawConsequence::Success
		} else {
			WithdrawConsequence::UnknownAsset
		}
	}
}

impl Unbalanced<AccountId> for NoDeposit {
	fn handle_dust(_: Dust<AccountId, Self>) {}
	fn write_balance(
		_: &AccountId,
		_: Balance,
	) -> Result<Option<Balance>, sp_runtime::DispatchError> {
		Ok(None)
	}
	fn set_total_issuance(_: Balance) {}
}

impl Mutate<AccountId> for NoDeposit {}

impl InspectHold<AccountId> for NoDeposit {
	type Reason = RuntimeHoldReason;
	fn total_balance_on_hold(_: &AccountId) -> Balance {
		0
	}
	fn balance_on_hold(_: &RuntimeHoldReason, _: &AccountId) -> Balance {
		0
	}
}

impl UnbalancedHold<AccountId> for NoDeposit {
	fn set_balance_on_hold(_: &RuntimeHoldReason, _: &AccountId, _: Balance) -> DispatchResult {
		Ok(())
	}
}

impl MutateHold<AccountId> for NoDeposit {}
