//! Gives the entries of one map a new shape, one after another, in bounded steps.
//!
//! A pallet implements [`Reshape`] in its `migrations.rs` for each map that changes shape, and the runtime
//! lists [`Stepped`] of it. `pallet-migrations` then calls the steps, block after block, until all entries
//! have the new shape. ADR 34 says when a pallet uses this.
//!
//! ## Properties
//!
//! - A migration runs only from the version of the pallet's storage that it is for. Afterwards the version is
//!   one higher. So each version of a pallet's storage is one change of one map.
//! - A step never fails for what it finds: an entry that can't be decoded stays as it is. A step can only
//!   lack weight, and the runtime's tests check that a block has enough.
//! - No entry is looked at twice: the cursor is the last entry's key, and no transaction adds entries
//!   meanwhile.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, FullCodec, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	weights::{Weight, WeightMeter},
};
use scale_info::TypeInfo;
#[cfg(feature = "try-runtime")]
use sp_runtime::TryRuntimeError;

/// A new shape for the entries of one map.
pub trait Reshape {
	/// The pallet that stores the map.
	type Pallet: GetStorageVersion<InCodeStorageVersion = StorageVersion> + PalletInfoAccess;

	/// The key of an entry.
	type Key: Clone + FullCodec + MaxEncodedLen;

	/// The version of the pallet's storage before. Afterwards it is one higher.
	const FROM: u16;

	/// The storage prefix of the map, for explorers: parts of it may have either shape.
	fn prefix() -> Vec<u8>;

	/// What is done once, before the first entry. Costs no more than [`Reshape::weight`].
	fn begin() {}

	/// The keys of all entries, in the order of the database, from the one after `after` on.
	fn keys(after: Option<&Self::Key>) -> impl Iterator<Item = Self::Key>;

	/// Gives one entry its new shape, or leaves it if it can't be decoded.
	fn reshape(key: &Self::Key);

	/// The maximum weight of finding an entry and of giving it a new shape.
	fn weight() -> Weight;

	/// Facts about the old entries, for [`Reshape::check`]. For tests alone.
	#[cfg(feature = "try-runtime")]
	fn note() -> Result<Vec<u8>, TryRuntimeError> {
		Ok(Vec::new())
	}

	/// Whether those facts hold for the new entries. For tests alone.
	#[cfg(feature = "try-runtime")]
	fn check(_noted: Vec<u8>) -> Result<(), TryRuntimeError> {
		Ok(())
	}
}

/// The name of a migration, under which `pallet-migrations` remembers that it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Name {
	/// The hash of the pallet's name, with which its storage begins.
	pub pallet: [u8; 16],
	/// The version of the pallet's storage before.
	pub from: u16,
}

/// A new shape for a map's entries, as a migration in steps.
pub struct Stepped<R>(PhantomData<R>);

impl<R: Reshape> Stepped<R> {
	/// Whether the pallet's storage has the version that the migration is for.
	fn is_due() -> bool {
		R::Pallet::on_chain_storage_version() == StorageVersion::new(R::FROM)
	}

	fn finish() {
		StorageVersion::new(R::FROM.saturating_add(1)).put::<R::Pallet>();
	}
}

impl<R: Reshape> SteppedMigration for Stepped<R> {
	type Cursor = R::Key;
	type Identifier = Name;

	fn id() -> Name {
		Name { pallet: R::Pallet::name_hash(), from: R::FROM }
	}

	fn migrating_prefixes() -> Option<impl IntoIterator<Item = Vec<u8>>> {
		Some([R::prefix()])
	}

	fn step(
		cursor: Option<R::Key>,
		meter: &mut WeightMeter,
	) -> Result<Option<R::Key>, SteppedMigrationError> {
		let required = R::weight();
		let too_little = || SteppedMigrationError::InsufficientWeight { required };
		if cursor.is_none() {
			if !Self::is_due() {
				return Ok(None);
			}
			meter.try_consume(required).map_err(|()| too_little())?;
			R::begin();
		}
		let mut keys = R::keys(cursor.as_ref());
		let mut last = None;
		while meter.try_consume(required).is_ok() {
			let Some(key) = keys.next() else {
				Self::finish();
				return Ok(None);
			};
			R::reshape(&key);
			last = Some(key);
		}
		last.map(Some).ok_or_else(too_little)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		Ok(Self::is_due().then(R::note).transpose()?.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: Vec<u8>) -> Result<(), TryRuntimeError> {
		let noted = Option::<Vec<u8>>::decode(&mut &state[..]);
		match noted.map_err(|_| "the facts noted before were damaged")? {
			Some(noted) => R::check(noted),
			None => Ok(()),
		}
	}
}
