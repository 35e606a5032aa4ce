//! One module for each concern.

#![allow(clippy::unwrap_used)]

mod allowance;
mod hospitals;
mod invariants;
mod known;
mod migrations;
mod newcomers;
mod sponsorship;
mod waiting;
mod weights;

use crate::{extension::Val, mock::*, *};
use frame_support::{
	dispatch::{DispatchInfo, PostDispatchInfo},
	weights::Weight,
};
use medblock_primitives::{HospitalId, Role, Roles};
use sp_runtime::{
	traits::{TransactionExtension, TxBaseImplication},
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
	},
};

/// A call's information that makes a transaction of no length cost this many units.
fn costs(units: u64) -> DispatchInfo {
	DispatchInfo { call_weight: Weight::from_parts(units * 1_000_000, 0), ..Default::default() }
}

/// The verdict of the pool, or of a block, on such a transaction.
fn validate_as(
	source: TransactionSource,
	who: AccountId,
	nonce: u32,
	call: &RuntimeCall,
	units: u64,
) -> Result<(ValidTransaction, Val<Test>), TransactionValidityError> {
	validate_long(source, who, nonce, call, units, 0)
}

/// The same for a transaction of this many bytes.
fn validate_long(
	source: TransactionSource,
	who: AccountId,
	nonce: u32,
	call: &RuntimeCall,
	units: u64,
	length: usize,
) -> Result<(ValidTransaction, Val<Test>), TransactionValidityError> {
	FairUse::<Test>(nonce)
		.validate(signed(who), call, &costs(units), length, (), &TxBaseImplication(()), source)
		.map(|(valid, val, _)| (valid, val))
}

/// The verdict of the pool.
fn submit(
	who: AccountId,
	nonce: u32,
	call: &RuntimeCall,
	units: u64,
) -> Result<ValidTransaction, TransactionValidityError> {
	validate_as(TransactionSource::External, who, nonce, call, units).map(|(valid, _)| valid)
}

/// Makes the transaction part of a block, as far as the extension is concerned.
fn apply(
	who: AccountId,
	nonce: u32,
	call: &RuntimeCall,
	units: u64,
) -> Result<(), TransactionValidityError> {
	apply_with(who, nonce, call, units, Ok(()), None)
}

/// Ends the call with this result, after it used this many units.
fn apply_with(
	who: AccountId,
	nonce: u32,
	call: &RuntimeCall,
	units: u64,
	result: sp_runtime::DispatchResult,
	taken: Option<u64>,
) -> Result<(), TransactionValidityError> {
	let info = costs(units);
	let (_, val) = validate_as(TransactionSource::InBlock, who, nonce, call, units)?;
	let pre = FairUse::<Test>(nonce).prepare(val, &signed(who), call, &info, 0)?;
	let post = PostDispatchInfo {
		actual_weight: taken.map(|units| Weight::from_parts(units * 1_000_000, 0)),
		pays_fee: Default::default(),
	};
	FairUse::<Test>::post_dispatch_details(pre, &info, &post, 0, &result).map(|_| ())
}

fn refused<T: core::fmt::Debug>(
	result: Result<T, TransactionValidityError>,
	why: InvalidTransaction,
) {
	assert_eq!(result.unwrap_err(), TransactionValidityError::Invalid(why));
}

fn entry(who: AccountId) -> frame_system::AccountInfo<u32, AccountData> {
	frame_system::Account::<Test>::get(who)
}

fn remaining(who: AccountId) -> u64 {
	FairUsage::remaining(who).left
}

fn a_patient(who: AccountId) {
	FairUsage::gained(&who, Role::Patient);
}

/// Makes an account known to the chain by a registration that no hospital has decided about.
fn registers(who: AccountId) {
	apply(who, entry(who).nonce, &registration(), 1).unwrap();
	PENDING.with_borrow_mut(|pending| pending.insert(who));
}

/// The account has made so many calls that it can undo.
fn can_undo(who: AccountId, count: u32) {
	DONE.with_borrow_mut(|done| done.insert(who, count));
}

/// What the hospital's decision, or two weeks without one, do to a pending person.
fn is_rejected(who: AccountId) {
	PENDING.with_borrow_mut(|pending| pending.remove(&who));
}
