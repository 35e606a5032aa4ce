//! Checks what a node sends before the node's own metadata says how to decode it.
//!
//! The libraries that decode by metadata descend as deep as bytes and types lead, and make room for as many items as a
//! length announces. A lying node could make a program run out of stack or of memory, which ends it at once.

use codec::{Compact, Decode};
use std::marker::PhantomData;
use subxt::{
	ArcMetadata,
	error::DispatchError,
	events::Phase,
	ext::{
		scale_decode::{
			self, DecodeAsType, IntoVisitor,
			visitor::{DecodeAsTypeResult, Visitor},
		},
		scale_type_resolver::{
			FieldIter, PathIter, Primitive, ResolvedTypeVisitor, TypeResolver, UnhandledKind,
			VariantIter,
		},
		scale_value::Value,
	},
	metadata::Metadata,
	utils::H256,
};

/// The levels of a value at most. A call in a call adds three: the runtime's calls, the pallet's, and its argument.
const DEEPEST: usize = 64;

/// The parts that each byte of a value makes at most: a number in an id in an option, for example.
const PARTS_PER_BYTE: usize = 8;

/// The parts of a value that need no bytes.
const PARTS_WITHOUT_BYTES: usize = 4_096;

/// The parts of a value at most. Decoded, each takes about a hundred bytes.
const MOST_PARTS: usize = 1 << 22;

/// Whether these bytes are exactly one value of this type, and one that can be decoded without harm.
pub(crate) fn is_value<Types: TypeResolver>(
	bytes: &[u8],
	kind: Types::TypeId,
	types: &Types,
) -> bool {
	after_value(bytes, kind, types).is_some_and(<[u8]>::is_empty)
}

/// What follows the value of this type with which the bytes begin, if it can be decoded without harm.
fn after_value<'bytes, Types: TypeResolver>(
	bytes: &'bytes [u8],
	kind: Types::TypeId,
	types: &Types,
) -> Option<&'bytes [u8]> {
	let left = bytes.len().saturating_mul(PARTS_PER_BYTE).saturating_add(PARTS_WITHOUT_BYTES);
	let mut walk = Walk { types, rest: bytes, left: left.min(MOST_PARTS), depth: 0 };
	walk.pass(kind, false)?;
	Some(walk.rest)
}

/// Whether these bytes are a block's events, which can be decoded without harm.
pub(crate) fn are_events(bytes: &[u8], metadata: &Metadata) -> bool {
	let mut rest = bytes;
	// As the library reads them: a block without events has no bytes at all.
	let Ok(Compact(count)) = Compact::<u32>::decode(&mut rest) else { return true };
	for _ in 0..count {
		if rest.is_empty() {
			break;
		}
		match after_event(rest, metadata) {
			Some(after) => rest = after,
			None => return false,
		}
	}
	true
}

/// What follows the event with which the bytes begin.
fn after_event<'bytes>(bytes: &'bytes [u8], metadata: &Metadata) -> Option<&'bytes [u8]> {
	let mut rest = bytes;
	Phase::decode(&mut rest).ok()?;
	let [pallet, variant] = <[u8; 2]>::decode(&mut rest).ok()?;
	let pallet = metadata.pallet_by_event_index(pallet)?;
	for field in &pallet.event_variant_by_index(variant)?.fields {
		rest = after_value(rest, field.ty.id, metadata.types())?;
	}
	// The topics.
	Vec::<H256>::decode(&mut rest).ok()?;
	Some(rest)
}

/// The error with which the bytes begin. `None` if they begin with none.
pub(crate) fn dispatch_error(bytes: &[u8], metadata: ArcMetadata) -> Option<DispatchError> {
	after_value(bytes, metadata.dispatch_error_ty()?, metadata.types())?;
	DispatchError::decode_from(bytes, metadata).ok()
}

/// A value of a type that the metadata name, decoded only if that does no harm.
pub(crate) struct Checked(pub(crate) Value<()>);

/// Decodes a [`Checked`].
pub(crate) struct Checking<Types>(PhantomData<Types>);

impl IntoVisitor for Checked {
	type AnyVisitor<Types: TypeResolver> = Checking<Types>;

	fn into_visitor<Types: TypeResolver>() -> Checking<Types> {
		Checking(PhantomData)
	}
}

impl<Types: TypeResolver> Visitor for Checking<Types> {
	type Value<'scale, 'resolver> = Checked;
	type Error = scale_decode::Error;
	type TypeResolver = Types;

	fn unchecked_decode_as_type<'scale, 'resolver>(
		self,
		input: &mut &'scale [u8],
		kind: Types::TypeId,
		types: &'resolver Types,
	) -> DecodeAsTypeResult<Self, Result<Self::Value<'scale, 'resolver>, Self::Error>> {
		let bytes: &[u8] = input;
		let value = match after_value(bytes, kind.clone(), types) {
			Some(_) => Value::<()>::decode_as_type(input, kind, types).map(Checked),
			None => {
				Err(scale_decode::Error::custom_str("the value has another shape than its type"))
			},
		};
		DecodeAsTypeResult::Decoded(value)
	}
}

/// A walk over a value, along its types.
struct Walk<'types, 'bytes, Types> {
	types: &'types Types,
	rest: &'bytes [u8],
	/// The parts that may follow.
	left: usize,
	depth: usize,
}

impl<'bytes, Types: TypeResolver> Walk<'_, 'bytes, Types> {
	/// Passes a value of this type. `None` if there is none, or if it goes too far.
	fn pass(&mut self, kind: Types::TypeId, is_compact: bool) -> Option<()> {
		self.left = self.left.checked_sub(1)?;
		if self.depth >= DEEPEST {
			return None;
		}
		self.depth = self.depth.saturating_add(1);
		let types = self.types;
		types.resolve_type(kind, Part { walk: self, is_compact }).ok()??;
		self.depth = self.depth.saturating_sub(1);
		Some(())
	}

	/// Passes a number of values.
	fn pass_all(&mut self, count: usize, kind: &Types::TypeId) -> Option<()> {
		// The decoder makes room for all of them before it reads the first.
		if count > self.left {
			return None;
		}
		(0..count).try_for_each(|_| self.pass(kind.clone(), false))
	}

	fn take(&mut self, length: usize) -> Option<&'bytes [u8]> {
		let (taken, rest) = self.rest.split_at_checked(length)?;
		self.rest = rest;
		Some(taken)
	}

	fn read<T: Decode>(&mut self) -> Option<T> {
		T::decode(&mut self.rest).ok()
	}
}

/// A part of a value, whose type is known next. What the decoder would refuse ends the walk: it goes on behind such a
/// part in a way that this walk does not follow.
struct Part<'walk, 'types, 'bytes, Types> {
	walk: &'walk mut Walk<'types, 'bytes, Types>,
	is_compact: bool,
}

impl<'types, Types: TypeResolver> ResolvedTypeVisitor<'types> for Part<'_, 'types, '_, Types> {
	type TypeId = Types::TypeId;
	type Value = Option<()>;

	/// Bits are here, too: no call and no event of this chain has any.
	fn visit_unhandled(self, _kind: UnhandledKind) -> Option<()> {
		None
	}

	fn visit_composite<Path, Fields>(self, _path: Path, mut fields: Fields) -> Option<()>
	where
		Path: PathIter<'types>,
		Fields: FieldIter<'types, Types::TypeId>,
	{
		let Self { walk, is_compact } = self;
		if is_compact && fields.len() != 1 {
			return None;
		}
		fields.try_for_each(|field| walk.pass(field.id, is_compact))
	}

	fn visit_variant<Path, Fields, Variants>(
		self,
		_path: Path,
		mut variants: Variants,
	) -> Option<()>
	where
		Path: PathIter<'types>,
		Fields: FieldIter<'types, Types::TypeId>,
		Variants: VariantIter<'types, Fields>,
	{
		let Self { walk, is_compact } = self;
		if is_compact {
			return None;
		}
		let index = walk.read::<u8>()?;
		let mut found = variants.find(|variant| variant.index == index)?;
		found.fields.try_for_each(|field| walk.pass(field.id, false))
	}

	fn visit_sequence<Path>(self, _path: Path, kind: Types::TypeId) -> Option<()>
	where
		Path: PathIter<'types>,
	{
		if self.is_compact {
			return None;
		}
		let Compact(count) = self.walk.read::<Compact<u64>>()?;
		self.walk.pass_all(usize::try_from(count).ok()?, &kind)
	}

	fn visit_array(self, kind: Types::TypeId, count: usize) -> Option<()> {
		if self.is_compact {
			return None;
		}
		self.walk.pass_all(count, &kind)
	}

	fn visit_tuple<Kinds>(self, mut kinds: Kinds) -> Option<()>
	where
		Kinds: ExactSizeIterator<Item = Types::TypeId>,
	{
		let Self { walk, is_compact } = self;
		if is_compact && kinds.len() != 1 {
			return None;
		}
		kinds.try_for_each(|kind| walk.pass(kind, is_compact))
	}

	fn visit_primitive(self, primitive: Primitive) -> Option<()> {
		let Self { walk, is_compact } = self;
		if is_compact {
			return match primitive {
				Primitive::U8 => walk.read::<Compact<u8>>().map(|_| ()),
				Primitive::U16 => walk.read::<Compact<u16>>().map(|_| ()),
				Primitive::U32 => walk.read::<Compact<u32>>().map(|_| ()),
				Primitive::U64 => walk.read::<Compact<u64>>().map(|_| ()),
				Primitive::U128 => walk.read::<Compact<u128>>().map(|_| ()),
				_ => None,
			};
		}
		let length = match primitive {
			Primitive::Bool => return walk.read::<bool>().map(|_| ()),
			Primitive::Char => return char::from_u32(walk.read()?).map(|_| ()),
			Primitive::Str => {
				let Compact(length) = walk.read::<Compact<u32>>()?;
				let text = walk.take(usize::try_from(length).ok()?)?;
				return std::str::from_utf8(text).ok().map(|_| ());
			},
			// The decoder reads those only at the very end of the bytes, and this chain has none.
			Primitive::U256 | Primitive::I256 => return None,
			Primitive::U8 | Primitive::I8 => 1,
			Primitive::U16 | Primitive::I16 => 2,
			Primitive::U32 | Primitive::I32 => 4,
			Primitive::U64 | Primitive::I64 => 8,
			Primitive::U128 | Primitive::I128 => 16,
		};
		walk.take(length).map(|_| ())
	}

	fn visit_compact(self, kind: Types::TypeId) -> Option<()> {
		self.walk.pass(kind, true)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use codec::Encode;
	use scale_info::{MetaType, PortableRegistry, Registry, TypeInfo};
	use subxt::ext::scale_value::scale::decode_as_type;

	/// As calls are in calls.
	#[derive(Encode, TypeInfo)]
	enum Nested {
		Nothing,
		One(Box<Nested>),
		Many(Vec<Nested>),
		Words { text: String, amount: Compact<u32>, account: [u8; 32], is_new: Option<bool> },
		Units(Vec<()>),
	}

	fn registry<T: TypeInfo + 'static>() -> (u32, PortableRegistry) {
		let mut types = Registry::new();
		let kind = types.register_type(&MetaType::new::<T>()).id;
		(kind, types.into())
	}

	fn is_nested(bytes: &[u8]) -> bool {
		let (kind, types) = registry::<Nested>();
		is_value(bytes, kind, &types)
	}

	#[test]
	fn values_of_ordinary_shape_pass_and_are_decoded() {
		let (kind, types) = registry::<Nested>();
		let words = || Nested::Words {
			text: "Umzug".into(),
			amount: Compact(70_000),
			account: [7; 32],
			is_new: Some(true),
		};
		for value in [
			Nested::Nothing,
			words(),
			Nested::One(Box::new(Nested::Many(vec![words(), Nested::Nothing]))),
			Nested::Units(vec![(); 1_000]),
		] {
			let bytes = value.encode();
			assert!(is_value(&bytes, kind, &types));
			decode_as_type(&mut &bytes[..], kind, &types).unwrap();
			assert!(!is_value(&[&bytes[..], &[0]].concat(), kind, &types));
			assert!(!is_value(&bytes[..bytes.len() - 1], kind, &types));
		}
		let (kind, types) = registry::<Vec<u8>>();
		assert!(is_value(&vec![1_u8; 1_000_000].encode(), kind, &types));
	}

	#[test]
	fn checked_value_is_decoded_or_refused() {
		let (kind, types) = registry::<Nested>();
		let one = Nested::One(Box::new(Nested::Nothing)).encode();
		let Checked(value) = Checked::decode_as_type(&mut &one[..], kind, &types).unwrap();
		let expected = Value::unnamed_variant("One", [Value::unnamed_variant("Nothing", [])]);
		assert_eq!(value, expected);
		let deep = vec![1_u8; 1_000_000];
		assert!(Checked::decode_as_type(&mut &deep[..], kind, &types).is_err());
	}

	#[test]
	fn values_that_nest_too_deep_do_not_pass() {
		// Each is one byte: another one inside.
		let nested = |levels: usize| [vec![1_u8; levels], vec![0]].concat();
		assert!(is_nested(&nested(20)));
		assert!(!is_nested(&nested(DEEPEST)));
		assert!(!is_nested(&nested(10_000_000)));
		// The same by lists of one.
		assert!(!is_nested(&[[2_u8, 4].repeat(1_000_000), vec![0]].concat()));
	}

	#[test]
	fn announced_lengths_get_no_room() {
		let list = |count: u64| [vec![2_u8], Compact(count).encode(), vec![0; 8]].concat();
		assert!(is_nested(&list(8)));
		assert!(!is_nested(&list(9)));
		for count in [1 << 29, u64::from(u32::MAX), u64::MAX] {
			assert!(!is_nested(&list(count)), "{count}");
			// Units take no bytes.
			let units = [vec![4_u8], Compact(count).encode()].concat();
			assert!(!is_nested(&units), "{count}");
		}
		let (kind, types) = registry::<[[(); 60_000]; 60_000]>();
		assert!(!is_value(&[], kind, &types));
	}

	#[test]
	fn type_that_consists_of_itself_is_no_endless_way() {
		/// A node may claim this of its types; no compiler would take it.
		struct Itself;

		impl TypeResolver for Itself {
			type TypeId = u32;
			type Error = &'static str;

			fn resolve_type<'this, V: ResolvedTypeVisitor<'this, TypeId = u32>>(
				&'this self,
				kind: u32,
				visitor: V,
			) -> Result<V::Value, Self::Error> {
				Ok(match kind {
					0 => visitor.visit_tuple(std::iter::once(0)),
					_ => visitor.visit_compact(1),
				})
			}
		}

		assert!(!is_value(&[0; 8], 0, &Itself));
		assert!(!is_value(&[0; 8], 1, &Itself));
	}
}
