//! The nonce and the allowance, checked together.

use crate::*;
use alloc::{vec, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	DebugNoBound,
	dispatch::{DispatchInfo, PostDispatchInfo},
	ensure,
	pallet_prelude::{Get, TransactionSource},
	weights::Weight,
};
use medblock_primitives::{HospitalId, Role};
use scale_info::TypeInfo;
use sp_runtime::{
	DispatchResult, Saturating,
	traits::{
		AsSystemOriginSigner, CheckedAdd, DispatchInfoOf, Dispatchable, One, PostDispatchInfoOf,
		TransactionExtension, UniqueSaturatedInto, ValidateResult, Zero,
	},
	transaction_validity::{
		InvalidTransaction, TransactionLongevity, TransactionPriority, TransactionValidityError,
		ValidTransaction,
	},
};

/// The code of the refusal, when a block is made, of a transaction whose account has used up its
/// allowance: `InvalidTransaction::Custom` of this. At submission the refusal is `ExhaustsResources`.
pub const ALLOWANCE_SPENT: u8 = 1;

/// The number of blocks for which a registration without a sponsor waits for its turn.
const OPEN_LANE_LONGEVITY: TransactionLongevity = 64;

/// The number of picoseconds, the unit of weights, in one unit of allowance.
const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// The order of transactions in a block. No other account's transactions delay a revocation. A
/// revocation signed with the account's next nonce replaces the transaction that waits with that nonce.
/// Accounts that no hospital knows come last.
mod priority {
	use super::TransactionPriority;

	pub const REVOCATION: TransactionPriority = TransactionPriority::MAX;
	pub const HOSPITAL: TransactionPriority = 4;
	pub const VERIFIED: TransactionPriority = 3;
	pub const REGISTERED: TransactionPriority = 2;
	pub const SPONSORED: TransactionPriority = 1;
	pub const OPEN: TransactionPriority = 0;
}

/// Checks that a transaction is its account's next one, and that the account has enough allowance left.
///
/// Encoded as wallets encode `CheckNonce`: the compact number of transactions that the account has sent
/// before.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct FairUse<T: Config>(#[codec(compact)] pub T::Nonce);

impl<T: Config> core::fmt::Debug for FairUse<T> {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		write!(f, "CheckNonce({:?})", self.0)
	}
}

/// The finding of `validate`, for `prepare`.
#[derive(DebugNoBound)]
pub enum Val<T: Config> {
	/// The transaction is unsigned.
	Unsigned,
	/// The account is new, and begins in the open lane or with a sponsor.
	Newcomer {
		/// The account.
		who: T::AccountId,
		/// Whether a hospital vouches for it, or waits for it.
		is_sponsored: bool,
		/// The cost of the transaction, in units.
		cost: u32,
	},
	/// The account is known.
	Known {
		/// The account.
		who: T::AccountId,
		/// The cost of the transaction, in units.
		cost: u32,
	},
}

/// The action of `prepare`, for after the call.
#[derive(DebugNoBound)]
pub enum Pre<T: Config> {
	/// No action: the transaction is unsigned.
	Unsigned,
	/// It debited the maximum cost of the call.
	Debited {
		/// The account.
		who: T::AccountId,
		/// The hospital whose sponsorship of the account ends if the call succeeds: a registration that
		/// may have needed it.
		sponsor: Option<HospitalId>,
	},
}

/// The cost of this weight, in units.
fn units(weight: Weight) -> u32 {
	(weight.ref_time() / PICOSECONDS_PER_UNIT).unique_saturated_into()
}

impl<T: Config> FairUse<T> {
	/// Validates the transaction of a new account, which may begin only with a registration that will
	/// succeed.
	fn validate_newcomer(
		&self,
		who: &T::AccountId,
		call: &T::RuntimeCall,
		cost: u32,
	) -> Result<(ValidTransaction, Val<T>), TransactionValidityError> {
		ensure!(T::Calls::is_registration(call), InvalidTransaction::Call);
		ensure!(self.0.is_zero(), InvalidTransaction::Future);
		ensure!(T::Calls::can_register(who, call).is_ok(), InvalidTransaction::Call);
		let is_sponsored = Pallet::<T>::has_lane(who, call);
		let (priority, longevity) = match is_sponsored {
			true => (priority::SPONSORED, TransactionLongevity::MAX),
			false => (priority::OPEN, OPEN_LANE_LONGEVITY),
		};
		let (requires, provides) = (vec![], vec![self.tag(who, self.0)]);
		let valid = ValidTransaction { priority, requires, provides, longevity, propagate: true };
		Ok((valid, Val::Newcomer { who: who.clone(), is_sponsored, cost }))
	}

	/// Validates the transaction of a known account.
	fn validate_known(
		&self,
		who: &T::AccountId,
		account: &frame_system::AccountInfo<T::Nonce, AccountData>,
		call: &T::RuntimeCall,
		cost: u32,
		source: TransactionSource,
	) -> Result<(ValidTransaction, Val<T>), TransactionValidityError> {
		ensure!(self.0 >= account.nonce, InvalidTransaction::Stale);
		let waiting: u32 = self.0.saturating_sub(account.nonce).unique_saturated_into();
		ensure!(waiting <= T::NonceWindow::get(), InvalidTransaction::Future);

		let is_urgent = T::Calls::is_urgent(who, call);
		let remaining = Pallet::<T>::remaining_of(&account.data);
		let left = if is_urgent { remaining.left_for_revocation } else { remaining.left };
		if source == TransactionSource::InBlock {
			// After `ExhaustsResources`, the author would take the block for full.
			ensure!(cost <= left, InvalidTransaction::Custom(ALLOWANCE_SPENT));
		} else {
			// The estimate for each transaction that waits before this one is the same cost.
			let expected = cost.saturating_mul(waiting.saturating_add(1));
			ensure!(expected <= left, InvalidTransaction::ExhaustsResources);
		}

		let roles = account.data.roles;
		let priority = if is_urgent {
			priority::REVOCATION
		} else if roles.is_hospital() {
			priority::HOSPITAL
		} else if roles.contains(Role::Doctor) || roles.contains(Role::Patient) {
			priority::VERIFIED
		} else {
			priority::REGISTERED
		};
		let requires = match waiting {
			0 => vec![],
			_ => vec![self.tag(who, self.0.saturating_sub(One::one()))],
		};
		let valid = ValidTransaction {
			priority,
			requires,
			provides: vec![self.tag(who, self.0)],
			longevity: TransactionLongevity::MAX,
			propagate: true,
		};
		Ok((valid, Val::Known { who: who.clone(), cost }))
	}

	fn tag(&self, who: &T::AccountId, nonce: T::Nonce) -> Vec<u8> {
		(who, nonce).encode()
	}

	/// Counts the transaction, and debits its cost.
	fn debit(&self, who: &T::AccountId, cost: u32) -> Result<(), TransactionValidityError> {
		let next = self.0.checked_add(&One::one()).ok_or(InvalidTransaction::Stale)?;
		frame_system::Account::<T>::try_mutate(who, |account| {
			ensure!(self.0 <= account.nonce, InvalidTransaction::Future);
			account.nonce = next;
			account.data.debit(cost, Pallet::<T>::now(), &T::Allowances::get());
			Ok(())
		})
	}
}

impl<T: Config> TransactionExtension<T::RuntimeCall> for FairUse<T>
where
	T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
	<T::RuntimeCall as Dispatchable>::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + Clone,
{
	const IDENTIFIER: &'static str = "CheckNonce";
	type Implicit = ();
	type Val = Val<T>;
	type Pre = Pre<T>;

	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		if T::Calls::is_registration(call) {
			<T as Config>::WeightInfo::newcomer()
		} else {
			<T as Config>::WeightInfo::known()
		}
	}

	fn validate(
		&self,
		origin: <T as frame_system::Config>::RuntimeOrigin,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
		_: Self::Implicit,
		_: &impl Encode,
		source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let Some(who) = origin.as_system_origin_signer() else {
			return Ok((ValidTransaction::default(), Val::Unsigned, origin));
		};
		ensure!(T::Calls::is_allowed(call), InvalidTransaction::Call);
		let base = T::BlockWeights::get().get(info.class).base_extrinsic;
		let cost = units(info.total_weight().saturating_add(base))
			.saturating_add(len.unique_saturated_into());
		let account = frame_system::Account::<T>::get(who);
		let (valid, val) = if account.providers == 0 && account.sufficients == 0 {
			self.validate_newcomer(who, call, cost)?
		} else {
			self.validate_known(who, &account, call, cost, source)?
		};
		Ok((valid, val, origin))
	}

	fn prepare(
		self,
		val: Self::Val,
		_: &T::RuntimeOrigin,
		call: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		let (who, cost) = match val {
			Val::Unsigned => return Ok(Pre::Unsigned),
			Val::Newcomer { who, is_sponsored, cost } => {
				if !is_sponsored {
					let used = OpenLaneUsed::<T>::get();
					// These come last in a block, so ending it here keeps out no other transaction.
					// They stay in the pool for the next block.
					ensure!(used < T::OpenLane::get(), InvalidTransaction::ExhaustsResources);
					OpenLaneUsed::<T>::put(used.saturating_add(1));
				}
				Pallet::<T>::admit(&who);
				(who, cost)
			},
			Val::Known { who, cost } => (who, cost),
		};
		self.debit(&who, cost)?;
		// Asked before the call: afterwards no hospital waits for it any more.
		let sponsor = Pallet::<T>::sponsor_used_by(&who, call);
		Ok(Pre::Debited { who, sponsor })
	}

	fn post_dispatch_details(
		pre: Self::Pre,
		info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &PostDispatchInfoOf<T::RuntimeCall>,
		_: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		let Pre::Debited { who, sponsor } = pre else { return Ok(Weight::zero()) };
		let unspent = units(post_info.calc_unspent(info));
		if unspent > 0 {
			frame_system::Account::<T>::mutate(&who, |account| {
				account.data.used = account.data.used.saturating_sub(unspent);
			});
		}
		if let (Some(hospital), Ok(())) = (sponsor, result) {
			Pallet::<T>::end_sponsorship_of(&who, hospital);
		}
		Ok(Weight::zero())
	}
}
