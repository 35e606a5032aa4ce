//! A substitute where the SDK wants a currency. There is no token: all balances and amounts are zero,
//! and only deposits of zero succeed.

use codec::Encode;
use core::marker::PhantomData;
use frame_support::traits::{
	fungible::{Dust, Inspect, InspectHold, Mutate, MutateHold, Unbalanced, UnbalancedHold},
	tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
};
use scale_info::TypeInfo;
use sp_runtime::DispatchResult;

type Balance = u128;

/// A currency without money, with the runtime's reasons for holds that never happen.
pub struct NoDeposit<Reason>(PhantomData<Reason>);

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> Inspect<AccountId> for NoDeposit<Reason> {
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
		if amount == 0 { DepositConsequence::Success } else { DepositConsequence::UnknownAsset }
	}
	fn can_withdraw(_: &AccountId, amount: Balance) -> WithdrawConsequence<Balance> {
		if amount == 0 { WithdrawConsequence::Success } else { WithdrawConsequence::UnknownAsset }
	}
}

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> Unbalanced<AccountId>
	for NoDeposit<Reason>
{
	fn handle_dust(_: Dust<AccountId, Self>) {}
	fn write_balance(
		_: &AccountId,
		_: Balance,
	) -> Result<Option<Balance>, sp_runtime::DispatchError> {
		Ok(None)
	}
	fn set_total_issuance(_: Balance) {}
}

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> Mutate<AccountId> for NoDeposit<Reason> {}

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> InspectHold<AccountId>
	for NoDeposit<Reason>
{
	type Reason = Reason;
	fn total_balance_on_hold(_: &AccountId) -> Balance {
		0
	}
	fn balance_on_hold(_: &Reason, _: &AccountId) -> Balance {
		0
	}
}

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> UnbalancedHold<AccountId>
	for NoDeposit<Reason>
{
	fn set_balance_on_hold(_: &Reason, _: &AccountId, _: Balance) -> DispatchResult {
		Ok(())
	}
}

impl<AccountId: Eq, Reason: Encode + TypeInfo + 'static> MutateHold<AccountId>
	for NoDeposit<Reason>
{
}
