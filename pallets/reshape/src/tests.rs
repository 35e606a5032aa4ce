//! A map of numbers that become texts.

#![allow(clippy::unwrap_used)]

use super::*;
use frame_support::{
	Twox64Concat, pallet_prelude::OptionQuery, storage::storage_prefix, storage_alias,
};
use sp_io::TestExternalities;
use std::collections::BTreeMap;

/// A pallet that stores one map.
struct Pallet;

impl PalletInfoAccess for Pallet {
	fn index() -> usize {
		0
	}
	fn name() -> &'static str {
		"Numbers"
	}
	fn name_hash() -> [u8; 16] {
		sp_io::hashing::twox_128(b"Numbers")
	}
	fn module_name() -> &'static str {
		"numbers"
	}
	fn crate_version() -> frame_support::traits::CrateVersion {
		Default::default()
	}
}

impl GetStorageVersion for Pallet {
	type InCodeStorageVersion = StorageVersion;
	fn in_code_storage_version() -> StorageVersion {
		StorageVersion::new(4)
	}
	fn on_chain_storage_version() -> StorageVersion {
		StorageVersion::get::<Self>()
	}
}

#[storage_alias]
type Old = StorageMap<Numbers, Twox64Concat, u32, u32, OptionQuery>;

/// The number of beginnings.
#[storage_alias]
type Begun = StorageValue<Numbers, u32, OptionQuery>;

#[storage_alias]
type Untouched = StorageValue<Numbers, u32, OptionQuery>;

mod new {
	use super::*;

	#[storage_alias]
	pub type Old = StorageMap<Numbers, Twox64Concat, u32, Vec<u8>, OptionQuery>;
}

/// Numbers become texts.
struct Spelled;

impl Reshape for Spelled {
	type Pallet = Pallet;
	type Key = u32;
	const FROM: u16 = 3;

	fn prefix() -> Vec<u8> {
		storage_prefix(b"Numbers", b"Old").to_vec()
	}

	fn begin() {
		Begun::mutate(|begun| *begun = Some(begun.unwrap_or_default() + 1));
	}

	fn keys(after: Option<&u32>) -> impl Iterator<Item = u32> {
		match after {
			Some(key) => Old::iter_keys_from_key(key),
			None => Old::iter_keys(),
		}
	}

	fn reshape(key: &u32) {
		if let Some(number) = Old::get(key) {
			new::Old::insert(key, number.to_string().into_bytes());
		}
	}

	fn weight() -> Weight {
		Weight::from_parts(10, 0)
	}
}

type Migration = Stepped<Spelled>;

fn version() -> StorageVersion {
	StorageVersion::get::<Pallet>()
}

/// A map of these numbers, at a version.
fn stored(numbers: u32, version: u16) -> TestExternalities {
	let mut all = TestExternalities::default();
	all.execute_with(|| {
		StorageVersion::new(version).put::<Pallet>();
		(0..numbers).for_each(|number| Old::insert(number, number * 1_000));
	});
	// Iteration goes by what is in the database.
	all.commit_all().unwrap();
	all
}

/// Takes steps of so much weight, each in a block of its own; gives their number.
fn steps_of(weight: u64, all: &mut TestExternalities) -> u32 {
	let mut cursor = None;
	for step in 1.. {
		let mut meter = WeightMeter::with_limit(Weight::from_parts(weight, 0));
		cursor = all.execute_with(|| Migration::step(cursor, &mut meter)).unwrap();
		all.commit_all().unwrap();
		if cursor.is_none() {
			return step;
		}
	}
	unreachable!()
}

#[test]
fn every_entry_gets_the_new_shape_once_whatever_a_step_may_take() {
	// Beginning and ending take as much as an entry each.
	for (weight, steps) in [(20, 51), (35, 34), (1_010, 2), (1_020, 1), (1 << 40, 1)] {
		let mut all = stored(100, 3);
		assert_eq!(steps_of(weight, &mut all), steps, "{weight}");
		all.execute_with(|| {
			let found: BTreeMap<_, _> = new::Old::iter().collect();
			let expected = (0..100).map(|key| (key, (key * 1_000).to_string().into_bytes()));
			assert_eq!(found, expected.collect());
			assert_eq!(Begun::get(), Some(1));
			assert_eq!(version(), StorageVersion::new(4));
		});
	}
}

#[test]
fn other_versions_are_left_alone() {
	for version_before in [0, 2, 4, 5] {
		let mut all = stored(3, version_before);
		assert_eq!(steps_of(1_000, &mut all), 1);
		all.execute_with(|| {
			assert_eq!((Old::iter().count(), Begun::get()), (3, None));
			assert_eq!(version(), StorageVersion::new(version_before));
		});
	}
}

#[test]
fn too_little_weight_for_one_entry_is_an_error_and_changes_nothing() {
	stored(3, 3).execute_with(|| {
		let required = Weight::from_parts(10, 0);
		for (cursor, weight) in [(None, 9), (None, 19), (Some(1), 9)] {
			let mut meter = WeightMeter::with_limit(Weight::from_parts(weight, 0));
			let refused = Err(SteppedMigrationError::InsufficientWeight { required });
			// As the pallet calls it: nothing stays of a step that failed.
			assert_eq!(Migration::transactional_step(cursor, &mut meter), refused);
		}
		assert_eq!(Begun::get(), None);
		assert_eq!(version(), StorageVersion::new(3));
	});
}

#[test]
fn damaged_entry_stays_and_stops_nothing() {
	let mut all = stored(10, 3);
	all.execute_with(|| {
		frame_support::storage::unhashed::put_raw(&Old::hashed_key_for(4), &[1, 2]);
	});
	all.commit_all().unwrap();
	assert_eq!(steps_of(30, &mut all), 4);
	all.execute_with(|| {
		let damaged = frame_support::storage::unhashed::get_raw(&Old::hashed_key_for(4)).unwrap();
		assert_eq!(damaged, [1, 2]);
		assert_eq!(new::Old::get(9), Some(b"9000".to_vec()));
		assert_eq!(version(), StorageVersion::new(4));
	});
}

#[test]
fn what_is_beside_the_map_is_not_touched() {
	let mut all = stored(2, 3);
	all.execute_with(|| Untouched::put(7));
	steps_of(1_000, &mut all);
	all.execute_with(|| assert_eq!(Untouched::get(), Some(7)));
}

#[test]
fn migrations_of_one_pallet_have_different_names() {
	struct Later;
	impl Reshape for Later {
		type Pallet = Pallet;
		type Key = u32;
		const FROM: u16 = 4;
		fn prefix() -> Vec<u8> {
			Spelled::prefix()
		}
		fn keys(after: Option<&u32>) -> impl Iterator<Item = u32> {
			Spelled::keys(after)
		}
		fn reshape(_: &u32) {}
		fn weight() -> Weight {
			Spelled::weight()
		}
	}
	assert_ne!(Migration::id(), Stepped::<Later>::id());
	let prefixes: Vec<_> = Migration::migrating_prefixes().unwrap().into_iter().collect();
	assert_eq!(prefixes, [Spelled::prefix()]);
}
