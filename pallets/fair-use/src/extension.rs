//! The nonce and the allowance, checked together.

use crate::*;
use alloc::{vec, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::iter::once;
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
		TransactionExtension, UniqueSaturatedInto, ValidateResult,
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

/// The order of transactions in a block. No other account's transactions delay a revocation, or the stop of
/// a change of account: that ranks with revocations. A revocation signed with the account's next nonce replaces the transaction that waits with that nonce.
/// Accounts that no hospital knows come last.
mod priority {
	use super::TransactionPriority;

	pub const REVOCATION: TransactionPriority = TransactionPriority::MAX;
	/// A hospital's controller, before the staff with which it shares a part of each block.
	pub const CONTROLLER: TransactionPriority = 5;
	pub const HOSPITAL: TransactionPriority = 4;
	pub const VERIFIED: TransactionPriority = 3;
	pub const SPONSORED: TransactionPriority = 2;
	pub const PENDING: TransactionPriority = 1;
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

/// The allowance that pays for a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
	/// The account's own allowance.
	Account,
	/// The allowance of a hospital.
	Hospital(HospitalId),
	/// The allowance of all newcomers without a sponsor.
	OpenLane,
}

/// The finding of `validate`, for `prepare`.
#[derive(DebugNoBound)]
pub enum Val<T: Config> {
	/// The transaction is unsigned.
	Unsigned,
	/// The transaction is an account's.
	Signed {
		/// The account.
		who: T::AccountId,
		/// The allowance that pays.
		payer: Payer,
		/// The cost of the transaction.
		cost: Cost,
		/// The chain's time, in seconds since 1970.
		now: u32,
		/// Whether the account has an entry that stays.
		is_admitted: bool,
	},
}

/// A transaction that may pass.
struct Passed {
	/// The answer to the pool.
	valid: ValidTransaction,
	/// The allowance that pays.
	payer: Payer,
	/// The chain's time, in seconds since 1970.
	now: u32,
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
		/// The allowance that paid.
		payer: Payer,
		/// The hospital whose sponsorship of the account ends if the call succeeds: a registration that
		/// may have needed it.
		sponsor: Option<HospitalId>,
		/// The part of the extension's weight that this transaction did not need.
		unspent: Weight,
	},
}

/// The microseconds in this weight.
fn microseconds(weight: Weight) -> u32 {
	(weight.ref_time() / PICOSECONDS_PER_UNIT).unique_saturated_into()
}

/// Fails if this many units are not left. After `ExhaustsResources` in a block, the author would take the
/// block for full.
fn ensure_left(cost: u64, left: u64, source: TransactionSource) -> Result<(), InvalidTransaction> {
	match source {
		_ if cost <= left => Ok(()),
		TransactionSource::InBlock => Err(InvalidTransaction::Custom(ALLOWANCE_SPENT)),
		_ => Err(InvalidTransaction::ExhaustsResources),
	}
}

/// Fails in a block of which the hospital that has used this has had its share. The author then goes on with the next
/// transaction, and the pool offers this one again for the next block.
fn ensure_share<T: Config>(
	used: &HospitalUse,
	cost: &Cost,
	source: TransactionSource,
) -> Result<(), InvalidTransaction> {
	let has_room = || used.has_room(cost, Pallet::<T>::block(), &Pallet::<T>::hospital_share());
	ensure!(source != TransactionSource::InBlock || has_room(), InvalidTransaction::Future);
	Ok(())
}

impl<T: Config> FairUse<T> {
	/// Validates a registration of an account that no hospital knows. It has to be the account's next
	/// transaction, and one that will succeed.
	fn validate_newcomer(
		&self,
		who: &T::AccountId,
		next: T::Nonce,
		call: &T::RuntimeCall,
		cost: &Cost,
		source: TransactionSource,
	) -> Result<Passed, TransactionValidityError> {
		ensure!(self.0 >= next, InvalidTransaction::Stale);
		ensure!(self.0 == next, InvalidTransaction::Future);
		ensure!(T::Calls::can_register(who, call).is_ok(), InvalidTransaction::Call);
		let now = Pallet::<T>::now();
		// A hospital that has nothing left can't sponsor an account for now.
		let sponsor = Pallet::<T>::lane_of(who, call)
			.map(|hospital| (hospital, HospitalUses::<T>::get(hospital)))
			.filter(|(_, used)| cost.units <= Pallet::<T>::left_of_hospital(used, 0, now));
		let (payer, priority, longevity) = match sponsor {
			Some((hospital, used)) => {
				ensure_share::<T>(&used, cost, source)?;
				(Payer::Hospital(hospital), priority::SPONSORED, TransactionLongevity::MAX)
			},
			None => (Payer::OpenLane, priority::OPEN, OPEN_LANE_LONGEVITY),
		};
		let crowd = sponsor.map_or(Crowd::Newcomers, |(hospital, _)| Crowd::Hospital(hospital));
		let (requires, provides) = (vec![], self.provided(who, Some(crowd)));
		let valid = ValidTransaction { priority, requires, provides, longevity, propagate: true };
		Ok(Passed { valid, payer, now })
	}

	/// Validates any other transaction.
	fn validate_known(
		&self,
		who: &T::AccountId,
		account: &frame_system::AccountInfo<T::Nonce, AccountData>,
		call: &T::RuntimeCall,
		cost: &Cost,
		source: TransactionSource,
	) -> Result<Passed, TransactionValidityError> {
		ensure!(self.0 >= account.nonce, InvalidTransaction::Stale);
		let waiting: u32 = self.0.saturating_sub(account.nonce).unique_saturated_into();
		ensure!(waiting <= T::NonceWindow::get(), InvalidTransaction::Future);

		let is_urgent = T::Calls::is_urgent(who, call);
		// The calls that protect a person: revoking, rotating, stopping a change of account. They are the
		// person's own, and never wait for the hospital that pays for the account.
		let protects = is_urgent || T::Calls::is_retraction(who, call);
		// A vault's key lies on a machine that everybody can reach. In the wrong hands it could otherwise spend
		// all that its hospital's registrars need.
		let is_own = protects
			|| (account.data.roles.is_vault_alone() && !T::Calls::is_vaults_work(who, call));
		let pays_for_account = || Pallet::<T>::payer(who, &account.data);
		let hospital = match is_own {
			true => None,
			false => pays_for_account(),
		};
		let is_controller = account.data.roles.contains(Role::Controller);
		let priority = if is_urgent {
			priority::REVOCATION
		} else if hospital.is_some() {
			if is_controller { priority::CONTROLLER } else { priority::HOSPITAL }
		} else if protects || account.data.roles.is_person() {
			priority::VERIFIED
		} else if T::Calls::is_correction(who, call) {
			priority::PENDING
		} else {
			return Err(InvalidTransaction::Call.into());
		};

		let now = Pallet::<T>::now();
		let paying = hospital.map(|hospital| (hospital, HospitalUses::<T>::get(hospital)));
		let remaining = Pallet::<T>::remaining_of(&account.data, paying, now);
		let left = match paying {
			// A thief of the account's key could spend all of the allowance on anything else.
			_ if protects => remaining.left_for_revocation,
			// Otherwise a registrar's key in the wrong hands could take every unit that comes back, and
			// the controller could neither remove that registrar nor vote.
			Some((_, used)) if is_controller => {
				let reserve = T::Allowances::get().controller_reserve;
				Pallet::<T>::left_of_hospital(&used, reserve, now)
			},
			_ => remaining.left,
		};
		let ahead = match source {
			TransactionSource::InBlock => 0,
			// The estimate for each transaction that waits before this one is the same cost.
			_ => waiting,
		};
		let expected = cost.units.saturating_mul(u64::from(ahead).saturating_add(1));
		ensure_left(expected, left, source).or_else(|spent| {
			// The thief could spend the reserve, too. So what undoes runs into debt, and waits for nothing.
			// The debt is repaid before anything else can be done that could be undone. Those that wait
			// before this one could undo the same. What staff do, their hospital pays for, so they could do and
			// undo without end: the debt has a limit, which nothing reaches that an account paid for itself.
			let is_open = protects
				&& waiting == 0
				&& account.data.may_owe(now, &T::Allowances::get())
				&& T::Calls::undoes(who, call);
			is_open.then_some(()).ok_or(spent)
		})?;
		let payer = match paying {
			Some((hospital, used)) => {
				// A runtime is larger, and only a controller would send one.
				ensure!(
					is_controller || Self::may_wait(cost, ahead, source),
					InvalidTransaction::ExhaustsResources
				);
				ensure_share::<T>(&used, cost, source)?;
				Payer::Hospital(hospital)
			},
			None => Payer::Account,
		};

		let requires = match waiting {
			0 => vec![],
			_ => vec![self.tag(who, self.0.saturating_sub(One::one()))],
		};
		let crowd = match source {
			// A block asks no pool for room.
			TransactionSource::InBlock => None,
			_ if is_controller => None,
			// The account's, also if this is its own: a revocation that takes the place of another transaction then
			// keeps what waits for that one.
			_ => hospital.or_else(pays_for_account).map(Crowd::Hospital),
		};
		let valid = ValidTransaction {
			priority,
			requires,
			provides: self.provided(who, crowd),
			longevity: TransactionLongevity::MAX,
			propagate: true,
		};
		Ok(Passed { valid, payer, now })
	}

	/// Whether the pool has room for another transaction of a hospital's account, of which so many wait. A
	/// hospital's allowance is large, and its transactions come before those of people. A few large
	/// ones would fill the pool, and nodes would refuse everybody else's. What all its accounts have waiting
	/// together, the nodes bound: see [`Crowd`].
	fn may_wait(cost: &Cost, ahead: u32, source: TransactionSource) -> bool {
		let bytes = u64::from(cost.length).saturating_mul(u64::from(ahead).saturating_add(1));
		let most = u64::from(T::HospitalShare::get().length);
		source == TransactionSource::InBlock || bytes <= most
	}

	fn tag(&self, who: &T::AccountId, nonce: T::Nonce) -> Vec<u8> {
		(who, nonce).encode()
	}

	/// The tags of the transaction: its place among those of its account, and the crowd that it comes from.
	fn provided(&self, who: &T::AccountId, crowd: Option<Crowd>) -> Vec<Vec<u8>> {
		once(self.tag(who, self.0)).chain(crowd.map(|crowd| crowd.tag((who, self.0)))).collect()
	}

	/// Counts the transaction, and debits these units to the account.
	fn count(
		&self,
		who: &T::AccountId,
		units: u64,
		now: u32,
	) -> Result<(), TransactionValidityError> {
		let next = self.0.checked_add(&One::one()).ok_or(InvalidTransaction::Stale)?;
		frame_system::Account::<T>::try_mutate(who, |account| {
			ensure!(self.0 <= account.nonce, InvalidTransaction::Future);
			account.nonce = next;
			if units > 0 {
				account.data.debit(units, now, &T::Allowances::get());
			}
			Ok(())
		})
	}

	/// The weight of the extension for a transaction that this allowance pays for.
	fn needed(payer: Payer, call: &T::RuntimeCall) -> Weight {
		let weight = match payer {
			Payer::Account => <T as Config>::WeightInfo::known(),
			Payer::Hospital(_) | Payer::OpenLane => <T as Config>::WeightInfo::hospital(),
		};
		let registration = match T::Calls::is_registration(call) {
			true => <T as Config>::WeightInfo::newcomer(),
			false => Weight::zero(),
		};
		weight.max(registration).saturating_add(T::Calls::weight(call))
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

	/// The weight for staff, which is the higher one: the call does not tell who sends it.
	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		Self::needed(Payer::OpenLane, call)
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
		let Some(who) = origin.as_system_origin_signer().cloned() else {
			return Ok((ValidTransaction::default(), Val::Unsigned, origin));
		};
		ensure!(T::Calls::is_allowed(call), InvalidTransaction::Call);
		let base = T::BlockWeights::get().get(info.class).base_extrinsic;
		let computation = microseconds(info.total_weight().saturating_add(base));
		let cost = Cost::new(computation, len.unique_saturated_into(), T::UnitsPerByte::get());
		let account = frame_system::Account::<T>::get(&who);
		let is_newcomer = T::Calls::is_registration(call)
			&& !account.data.roles.is_person()
			&& Pallet::<T>::payer(&who, &account.data).is_none();
		let is_new = account.providers == 0 && account.sufficients == 0;
		ensure!(is_newcomer || !is_new, InvalidTransaction::Call);
		let Passed { valid, payer, now } = match is_newcomer {
			true => self.validate_newcomer(&who, account.nonce, call, &cost, source)?,
			false => self.validate_known(&who, &account, call, &cost, source)?,
		};
		let is_admitted = account.providers > 0;
		Ok((valid, Val::Signed { who, payer, cost, now, is_admitted }, origin))
	}

	fn prepare(
		self,
		val: Self::Val,
		_: &T::RuntimeOrigin,
		call: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		let Val::Signed { who, payer, cost, now, is_admitted } = val else {
			return Ok(Pre::Unsigned);
		};
		let Allowances { open_lane, hospital: allowance, .. } = T::Allowances::get();
		let own = match payer {
			Payer::Account => cost.units,
			Payer::Hospital(hospital) => {
				let (block, share) = (Pallet::<T>::block(), Pallet::<T>::hospital_share());
				HospitalUses::<T>::mutate(hospital, |used| {
					used.debit(&cost, now, block, &allowance, &share);
				});
				0
			},
			Payer::OpenLane => {
				let block = Pallet::<T>::block();
				OpenLane::<T>::try_mutate(|lane| {
					let left = open_lane.capacity.saturating_sub(lane.used_at(now, &open_lane));
					// These come last in a block, so ending it here keeps out no other transaction.
					// They stay in the pool for the next block.
					ensure!(cost.units <= left, InvalidTransaction::ExhaustsResources);
					lane.debit(cost.units, now, block, &open_lane);
					Ok::<(), InvalidTransaction>(())
				})?;
				0
			},
		};
		if !is_admitted {
			Pallet::<T>::admit(&who);
		}
		self.count(&who, own, now)?;
		// Asked before the call: afterwards no hospital waits for it any more.
		let sponsor = Pallet::<T>::sponsor_used_by(&who, call);
		let unspent = self.weight(call).saturating_sub(Self::needed(payer, call));
		Ok(Pre::Debited { who, payer, sponsor, unspent })
	}

	fn post_dispatch_details(
		pre: Self::Pre,
		info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &PostDispatchInfoOf<T::RuntimeCall>,
		_: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		let Pre::Debited { who, payer, sponsor, unspent } = pre else {
			return Ok(Weight::zero());
		};
		let back = microseconds(post_info.calc_unspent(info).saturating_add(unspent));
		if back > 0 {
			match payer {
				Payer::Account => frame_system::Account::<T>::mutate(&who, |account| {
					account.data.used = account.data.used.saturating_sub(back);
				}),
				Payer::Hospital(hospital) => {
					HospitalUses::<T>::mutate(hospital, |used| used.give_back(back));
				},
				Payer::OpenLane => OpenLane::<T>::mutate(|lane| {
					lane.used = lane.used.saturating_sub(back.into());
				}),
			}
		}
		if let (Some(hospital), Ok(())) = (sponsor, result) {
			Pallet::<T>::end_sponsorship_of(&who, hospital);
		}
		Ok(unspent)
	}
}
