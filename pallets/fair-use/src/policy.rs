//! The runtime's policy about calls and accounts.

use crate::RoleSet;
use frame_support::{dispatch::DispatchResult, weights::Weight};
use medblock_primitives::HospitalId;

/// The runtime's policy about calls.
pub trait CallPolicy<AccountId, Call> {
	/// Whether transactions may make this call at all.
	fn is_allowed(call: &Call) -> bool;

	/// Whether the call takes away access that this account has granted, or stops a change of the account,
	/// and so precedes all others.
	fn is_urgent(who: &AccountId, call: &Call) -> bool;

	/// Whether this call is still open to the account of a suspended person.
	fn is_retraction(who: &AccountId, call: &Call) -> bool;

	/// Whether this call certainly undoes what the account did by another call, which it paid for. Another
	/// call of the same kind then needs another one to undo. Asked only if the allowance does not suffice.
	fn undoes(who: &AccountId, call: &Call) -> bool;

	/// Whether the account of a person who waits to be verified corrects its own profile by this call.
	fn is_correction(who: &AccountId, call: &Call) -> bool;

	/// Whether the account of a hospital's vault can make this call now. Its hospital pays for no other.
	fn is_vaults_work(who: &AccountId, call: &Call) -> bool;

	/// Whether the call is one with which an account may begin.
	fn is_registration(call: &Call) -> bool;

	/// The hospital that a person's registration names. `None` for other calls.
	fn registers_with(call: &Call) -> Option<HospitalId>;

	/// The hospital that waits for this registration of this very account, and pays for it. The account
	/// then needs neither a sponsor nor a place in the open lane, and ends no sponsorship. Asked of
	/// registrations only.
	fn expected_by(who: &AccountId, call: &Call) -> Option<HospitalId>;

	/// Whether this registration would succeed.
	fn can_register(who: &AccountId, call: &Call) -> DispatchResult;

	/// The maximum weight of the answers above about this call, without those about registrations, but with
	/// whether they are allowed.
	fn weight(call: &Call) -> Weight;
}

/// The hospitals that pay for accounts. Registrars, controllers, the operators of institutions and vaults'
/// accounts draw on their hospital's allowance; all other accounts draw on their own.
pub trait Payers<AccountId> {
	/// The active hospital that pays for the account's transactions. Asked only about accounts with a
	/// role for which hospitals pay.
	fn payer(who: &AccountId) -> Option<HospitalId>;

	/// The roles that the account has by the entries of people and hospitals; none if these can't be read now. Asked
	/// by checks of the state alone.
	fn roles(who: &AccountId) -> Option<RoleSet>;
}
