//! The calls, and the extension on both of its paths.

use crate::{
	migrations::{SponsorshipsFromV1, v1},
	*,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	dispatch::{DispatchInfo, PostDispatchInfo},
	weights::Weight,
};
use frame_system::RawOrigin;
use medblock_primitives::{AccountBatch, HospitalId, MAX_DESK_BATCH, Role, Roles};
use medblock_reshape::Reshape;
use sp_runtime::traits::{
	AsSystemOriginSigner, AsTransactionAuthorizedOrigin, DispatchTransaction, Dispatchable,
};

/// The parts of the runtime that the measurements need.
pub trait Helper<T: Config> {
	/// A registrar of an active hospital.
	fn registrar() -> T::RuntimeOrigin;
	/// An operator of an institution, whose hospital takes longest to find.
	fn operator() -> T::RuntimeOrigin;
	/// The registration of this account that takes longest to check. The hospital has rejected the person
	/// before, and accepts only people that it sponsors.
	fn registration(who: &T::AccountId) -> T::RuntimeCall;
}

#[benchmarks(where
	T: Send + Sync,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo> + From<Call<T>>,
	<T::RuntimeCall as Dispatchable>::RuntimeOrigin:
		AsSystemOriginSigner<T::AccountId> + AsTransactionAuthorizedOrigin + Clone,
)]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn sponsor() {
		let registrar = T::Helper::registrar();
		let who: T::AccountId = account("newcomer", 0, 0);
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, who.clone());
		assert_eq!(Sponsorships::<T>::iter_prefix(who).count(), 1);
	}

	#[benchmark]
	fn end_sponsorship() {
		let registrar = T::Helper::registrar();
		let who: T::AccountId = account("newcomer", 0, 0);
		assert_ok!(Pallet::<T>::sponsor(registrar.clone(), who.clone()));
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, who.clone());
		assert_eq!(Sponsorships::<T>::iter_prefix(who).count(), 0);
	}

	/// `a` is the number of accounts, for none of which the hospital vouches yet.
	#[benchmark]
	fn sponsor_accounts(a: Linear<1, MAX_DESK_BATCH>) {
		let registrar = T::Helper::registrar();
		let accounts: Vec<T::AccountId> =
			(0..a).map(|number| account("newcomer", number, 0)).collect();
		let named: AccountBatch<T::AccountId> = accounts.clone().try_into().expect("within bounds");
		#[extrinsic_call]
		_(registrar as T::RuntimeOrigin, named);
		let is_sponsored = |who: &T::AccountId| Sponsorships::<T>::iter_prefix(who).count() == 1;
		assert!(accounts.iter().all(is_sponsored));
	}

	/// Around a call of a known account.
	#[benchmark]
	fn known() {
		let who: T::AccountId = account("known", 0, 0);
		Pallet::<T>::gained(&who, Role::Patient);
		let origin =
			<T as frame_system::Config>::RuntimeOrigin::from(RawOrigin::Signed(who.clone()));
		let call = T::RuntimeCall::from(Call::<T>::sponsor { account: who.clone() });
		let info =
			DispatchInfo { call_weight: Weight::from_parts(10_000_000, 0), ..Default::default() };
		let post = PostDispatchInfo { actual_weight: Some(Weight::zero()), ..Default::default() };
		let extension = FairUse::<T>(Default::default());
		#[block]
		{
			let ran = extension.test_run(origin, &call, &info, 0, 0, |_| Ok(post));
			assert!(ran.is_ok_and(|ran| ran.is_ok()));
		}
		assert!(frame_system::Pallet::<T>::account_nonce(who) > Default::default());
	}

	/// Around a call of a hospital's staff.
	#[benchmark]
	fn hospital() {
		let origin = T::Helper::operator();
		let who = origin.as_system_origin_signer().cloned().expect("a signed origin");
		let nonce = frame_system::Pallet::<T>::account_nonce(&who);
		let call = T::RuntimeCall::from(Call::<T>::sponsor { account: who.clone() });
		let info =
			DispatchInfo { call_weight: Weight::from_parts(10_000_000, 0), ..Default::default() };
		let post = PostDispatchInfo { actual_weight: Some(Weight::zero()), ..Default::default() };
		let extension = FairUse::<T>(nonce);
		#[block]
		{
			let ran = extension.test_run(origin, &call, &info, 0, 0, |_| Ok(post));
			assert!(ran.is_ok_and(|ran| ran.is_ok()));
		}
		assert!(frame_system::Pallet::<T>::account_nonce(who) > nonce);
		assert!(HospitalUses::<T>::iter().next().is_some());
	}

	/// Around the registration of an account with a sponsor.
	#[benchmark]
	fn newcomer() {
		let who: T::AccountId = account("newcomer", 0, 0);
		let call = T::Helper::registration(&who);
		assert_ok!(Pallet::<T>::sponsor(T::Helper::registrar(), who.clone()));
		let origin =
			<T as frame_system::Config>::RuntimeOrigin::from(RawOrigin::Signed(who.clone()));
		let info =
			DispatchInfo { call_weight: Weight::from_parts(10_000_000, 0), ..Default::default() };
		let post = PostDispatchInfo { actual_weight: Some(Weight::zero()), ..Default::default() };
		let extension = FairUse::<T>(Default::default());
		#[block]
		{
			let ran = extension.test_run(origin, &call, &info, 0, 0, |_| Ok(post));
			assert!(ran.is_ok_and(|ran| ran.is_ok()));
		}
		assert_eq!(Sponsorships::<T>::iter_prefix(who).count(), 0);
	}

	/// One step of the migration of sponsorships.
	#[benchmark]
	fn reshape_sponsorship() {
		let who: T::AccountId = account("newcomer", 0, 0);
		let the_hospital = HospitalId(0);
		v1::Sponsored::<T>::insert(&who, the_hospital);
		#[block]
		{
			let found = SponsorshipsFromV1::<T>::keys(None).next();
			SponsorshipsFromV1::<T>::reshape(&found.unwrap_or_else(|| who.clone()));
		}
		assert!(Sponsorships::<T>::contains_key(who, the_hospital));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
