//! The people of each hospital, in order of their ids, so that a page costs what it returns.

use crate::*;
use alloc::vec::Vec;
use frame_support::storage::{IterableStorageDoubleMap, StorageDoubleMap};

/// The place of a person in an index: the id, its most significant byte first. So the order of the
/// keys is the order of the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(codec::Encode, codec::Decode, codec::MaxEncodedLen, scale_info::TypeInfo)]
pub struct Place([u8; 4]);

impl From<u32> for Place {
	fn from(id: u32) -> Self {
		Self(id.to_be_bytes())
	}
}

impl From<Place> for u32 {
	fn from(place: Place) -> Self {
		Self::from_be_bytes(place.0)
	}
}

/// One of the indices.
pub(crate) trait Index:
	StorageDoubleMap<HospitalId, Place, (), Query = Option<()>>
	+ IterableStorageDoubleMap<HospitalId, Place, ()>
{
	/// Lists a person, or no longer lists them, if `listed` says otherwise than `was`.
	fn list(hospital: HospitalId, place: Place, was: bool, listed: bool) {
		match (was, listed) {
			(false, true) => Self::insert(hospital, place, ()),
			(true, false) => Self::remove(hospital, place),
			_ => (),
		}
	}

	/// The entries of the first `limit` people of a hospital whose ids follow `after`, or of fewer, if it
	/// takes `most` work to find these. `find` says how much each takes.
	fn page<Item, Key: Copy>(
		hospital: HospitalId,
		after: Option<u32>,
		limit: u32,
		most: u32,
		key: impl Fn(u32) -> Key,
		find: impl Fn(Key) -> (Option<Item>, u32),
	) -> Page<Item, Key> {
		let listed = match after {
			Some(after) => {
				let from: Vec<u8> = Self::hashed_key_for(hospital, Place::from(after));
				Self::iter_key_prefix_from(hospital, from)
			},
			None => Self::iter_key_prefix(hospital),
		};
		Page::within(most, listed.map(|place| key(place.into())), limit, find)
	}
}

impl<Map> Index for Map where
	Map: StorageDoubleMap<HospitalId, Place, (), Query = Option<()>>
		+ IterableStorageDoubleMap<HospitalId, Place, ()>
{
}

impl<T: Config> Pallet<T> {
	/// Brings the indices, and the end of a request to move, up to date with a person's registration, which was
	/// `before` and is `after`. None is for a person who is not registered.
	pub(crate) fn reindex<Id: PersonId<T>>(
		id: Id,
		before: Option<&Registration<T::AccountId>>,
		after: Option<&Registration<T::AccountId>>,
	) {
		let place = id.place();
		let mut hospitals: Vec<_> = before
			.into_iter()
			.chain(after)
			.flat_map(|person| [Some(person.hospital), person.moving_to])
			.flatten()
			.collect();
		hospitals.sort();
		hospitals.dedup();
		for hospital in hospitals {
			let awaits = |person: Option<&Registration<_>>| {
				person.is_some_and(|person| person.awaits(hospital))
			};
			let belongs = |person: Option<&Registration<_>>| {
				person.is_some_and(|person| person.hospital == hospital)
			};
			Id::Awaiting::list(hospital, place, awaits(before), awaits(after));
			Id::list_at(hospital, place, belongs(before), belongs(after));
		}
		let asked = |person: Option<&Registration<_>>| person.and_then(|person| person.moving_to);
		let person: Person = id.into();
		match asked(after) {
			now if now == asked(before) => (),
			Some(_) => Self::date_request(person),
			None => MoveRequests::<T>::remove(person),
		}
	}
}
