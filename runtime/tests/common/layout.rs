//! The runtime's calls, events, errors, constants, stored items and functions, as lines of text.

#![allow(dead_code, clippy::unwrap_used)]

use frame_metadata::v15::{
	RuntimeMetadataV15, StorageEntryMetadata, StorageEntryModifier, StorageEntryType, StorageHasher,
};
use frame_support::storage::storage_prefix;
use scale_info::{Field, PortableRegistry, TypeDef, Variant, form::PortableForm};
use sp_io::hashing::blake2_256;
use std::{
	collections::{BTreeMap, BTreeSet, HashMap},
	fmt::Write,
};

/// Types that list what pallets have. Each pallet's own lines say that.
const LISTS: [&str; 4] = ["RuntimeCall", "RuntimeEvent", "RuntimeError", "OriginCaller"];

/// The text of each file, by its name.
pub type Files = BTreeMap<String, String>;

/// The whole layout: a file for each pallet, one of the runtime's functions, and one of all types.
/// `version` gives the version of a pallet's storage.
pub fn files(metadata: &RuntimeMetadataV15, version: impl Fn(&str) -> u16) -> Files {
	let mut layout =
		Layout { types: &metadata.types, digests: HashMap::new(), seen: BTreeSet::new() };
	let mut files = Files::new();
	for pallet in &metadata.pallets {
		let mut text = String::new();
		let (name, index) = (&pallet.name, pallet.index);
		writeln!(text, "pallet {name} = {index}, storage version {}", version(name)).unwrap();
		let lists = [
			("call", pallet.calls.as_ref().map(|calls| calls.ty.id)),
			("event", pallet.event.as_ref().map(|events| events.ty.id)),
			("error", pallet.error.as_ref().map(|errors| errors.ty.id)),
		];
		for (kind, list) in lists {
			for variant in list.map(|list| layout.variants(list)).unwrap_or_default() {
				writeln!(text, "{}", layout.variant(kind, &variant)).unwrap();
			}
		}
		for constant in &pallet.constants {
			let ty = layout.name(constant.ty.id);
			let value = match constant.name.as_str() {
				// The version is tested by itself, and measurements may change at any time.
				"BlockWeights" | "DbWeight" | "Version" => String::from("as it is"),
				_ => format!("0x{}", hex(&constant.value)),
			};
			writeln!(text, "constant {}: {ty} = {value}", constant.name).unwrap();
		}
		for item in pallet.storage.iter().flat_map(|storage| &storage.entries) {
			writeln!(text, "{}", layout.item(item)).unwrap();
		}
		files.insert(format!("{name}.txt"), text);
	}
	let mut text = String::new();
	for api in &metadata.apis {
		for method in &api.methods {
			let inputs = method.inputs.iter().map(|one| (one.name.as_str(), one.ty.id));
			let inputs: Vec<_> = inputs.collect();
			let name = format!("{}.{}", api.name, method.name);
			writeln!(text, "{}", layout.function("function", &name, &inputs, method.output.id))
				.unwrap();
		}
	}
	files.insert("functions.txt".to_owned(), text);
	files.insert("types.txt".to_owned(), layout.definitions());
	files
}

/// The version of a pallet's storage in the current externalities.
pub fn stored_version(pallet: &str) -> u16 {
	let key = storage_prefix(pallet.as_bytes(), b":__STORAGE_VERSION__:");
	frame_support::storage::unhashed::get(&key).unwrap_or_default()
}

struct Layout<'a> {
	types: &'a PortableRegistry,
	digests: HashMap<u32, [u8; 32]>,
	/// The types that lines have named.
	seen: BTreeSet<u32>,
}

impl Layout<'_> {
	fn variants(&self, ty: u32) -> Vec<Variant<PortableForm>> {
		match &self.types.resolve(ty).unwrap().type_def {
			TypeDef::Variant(all) => all.variants.clone(),
			_ => panic!("an enumeration"),
		}
	}

	/// A line about a call, an event or an error.
	fn variant(&mut self, kind: &str, variant: &Variant<PortableForm>) -> String {
		let digest = self.digest_of_fields(&variant.fields);
		let fields = self.fields(&variant.fields);
		format!("{kind} {} = {}{fields} {}", variant.name, variant.index, short(&digest))
	}

	/// A line about a stored item.
	fn item(&mut self, item: &StorageEntryMetadata<PortableForm>) -> String {
		let (key, value) = match &item.ty {
			StorageEntryType::Plain(value) => (String::new(), value.id),
			StorageEntryType::Map { hashers, key, value } => {
				let keys = match (&hashers[..], &self.types.resolve(key.id).unwrap().type_def) {
					([_], _) => vec![key.id],
					(_, TypeDef::Tuple(keys)) => keys.fields.iter().map(|one| one.id).collect(),
					_ => panic!("as many keys as hashers"),
				};
				let keys = hashers.iter().zip(keys).map(|(hasher, key)| {
					let digest = self.digest(key);
					format!("[{}({}) {}]", hashing(hasher), self.name(key), short(&digest))
				});
				(keys.collect::<Vec<_>>().concat(), value.id)
			},
		};
		let missing = match item.modifier {
			StorageEntryModifier::Optional => "none",
			StorageEntryModifier::Default => "a default",
		};
		let digest = self.digest(value);
		let value = self.name(value);
		format!("item {}{key}: {value} {}, or {missing}", item.name, short(&digest))
	}

	fn function(&mut self, kind: &str, name: &str, inputs: &[(&str, u32)], output: u32) -> String {
		let mut digest = Vec::new();
		for (_, input) in inputs {
			digest.extend(self.digest(*input));
		}
		digest.extend(self.digest(output));
		let inputs: Vec<_> =
			inputs.iter().map(|(name, ty)| format!("{name}: {}", self.name(*ty))).collect();
		let output = self.name(output);
		let digest = short(&blake2_256(&digest));
		format!("{kind} {name}({}) -> {output} {digest}", inputs.join(", "))
	}

	/// The fields of a type, as a programmer writes them.
	fn fields(&mut self, fields: &[Field<PortableForm>]) -> String {
		if fields.is_empty() {
			return String::new();
		}
		let is_named = fields.iter().all(|field| field.name.is_some());
		let written: Vec<_> = fields
			.iter()
			.map(|field| match &field.name {
				Some(name) => format!("{name}: {}", self.name(field.ty.id)),
				None => self.name(field.ty.id),
			})
			.collect();
		match is_named {
			true => format!(" {{ {} }}", written.join(", ")),
			false => format!("({})", written.join(", ")),
		}
	}

	/// A type's name.
	fn name(&mut self, ty: u32) -> String {
		let found = self.types.resolve(ty).unwrap();
		self.seen.insert(ty);
		let Some(name) = found.path.segments.last() else {
			return match &found.type_def {
				TypeDef::Sequence(items) => format!("[{}]", self.name(items.type_param.id)),
				TypeDef::Array(items) => {
					format!("[{}; {}]", self.name(items.type_param.id), items.len)
				},
				TypeDef::Tuple(items) => {
					let all: Vec<_> = items.fields.iter().map(|one| self.name(one.id)).collect();
					format!("({})", all.join(", "))
				},
				TypeDef::Compact(inner) => format!("Compact<{}>", self.name(inner.type_param.id)),
				TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
				other => panic!("a type without a name: {other:?}"),
			};
		};
		let parameters = found.type_params.iter().filter_map(|parameter| parameter.ty);
		let parameters: Vec<_> = match LISTS.contains(&name.as_str()) {
			true => Vec::new(),
			false => parameters.map(|parameter| self.name(parameter.id)).collect(),
		};
		match parameters.is_empty() {
			true => name.clone(),
			false => format!("{name}<{}>", parameters.join(", ")),
		}
	}

	/// A digest of a type's encoding and of the names in it, at any depth.
	fn digest(&mut self, ty: u32) -> [u8; 32] {
		if let Some(known) = self.digests.get(&ty) {
			return *known;
		}
		let found = self.types.resolve(ty).unwrap().clone();
		let name = found.path.segments.last().cloned().unwrap_or_default();
		// For a type within itself.
		self.digests.insert(ty, blake2_256(name.as_bytes()));
		if LISTS.contains(&name.as_str()) {
			return self.digests[&ty];
		}
		let mut text = String::new();
		let digest_of = |layout: &mut Self, ty: u32| hex(&layout.digest(ty));
		match &found.type_def {
			TypeDef::Composite(composite) => {
				text += &hex(&self.digest_of_fields(&composite.fields));
			},
			TypeDef::Variant(all) => {
				for variant in &all.variants {
					let fields = hex(&self.digest_of_fields(&variant.fields));
					write!(text, "{} {} {fields};", variant.index, variant.name).unwrap();
				}
			},
			TypeDef::Sequence(items) => {
				write!(text, "[{}]", digest_of(self, items.type_param.id)).unwrap();
			},
			TypeDef::Array(items) => {
				write!(text, "[{}; {}]", digest_of(self, items.type_param.id), items.len).unwrap();
			},
			TypeDef::Tuple(items) => {
				for one in &items.fields {
					write!(text, "{},", digest_of(self, one.id)).unwrap();
				}
			},
			TypeDef::Compact(inner) => {
				write!(text, "compact {}", digest_of(self, inner.type_param.id)).unwrap();
			},
			other => write!(text, "{other:?}").unwrap(),
		}
		let digest = blake2_256(text.as_bytes());
		self.digests.insert(ty, digest);
		digest
	}

	fn digest_of_fields(&mut self, fields: &[Field<PortableForm>]) -> [u8; 32] {
		let mut text = String::new();
		for field in fields {
			let digest = hex(&self.digest(field.ty.id));
			write!(text, "{}:{digest},", field.name.as_deref().unwrap_or_default()).unwrap();
		}
		blake2_256(text.as_bytes())
	}

	/// The definitions of all named types that lines name, at any depth.
	fn definitions(&mut self) -> String {
		let mut lines = BTreeSet::new();
		let mut done = BTreeSet::new();
		while let Some(ty) = self.seen.difference(&done).next().copied() {
			done.insert(ty);
			let found = self.types.resolve(ty).unwrap().clone();
			let Some(name) = found.path.segments.last() else { continue };
			if LISTS.contains(&name.as_str()) || found.path.segments.len() < 2 {
				continue;
			}
			let path = found.path.segments.join("::");
			let shown = self.name(ty);
			let definition = match &found.type_def {
				TypeDef::Composite(composite) => self.fields(&composite.fields),
				TypeDef::Variant(all) => {
					let all: Vec<_> = all
						.variants
						.iter()
						.map(|one| {
							format!("{} = {}{}", one.name, one.index, self.fields(&one.fields))
						})
						.collect();
					format!(" = {}", all.join(" | "))
				},
				other => format!(" = {other:?}"),
			};
			lines.insert(format!("{path}: {shown}{definition}"));
		}
		lines.into_iter().map(|line| line + "\n").collect()
	}
}

fn hashing(hasher: &StorageHasher) -> String {
	format!("{hasher:?}")
}

fn short(digest: &[u8]) -> String {
	format!("#{}", hex(&digest[..4]))
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
