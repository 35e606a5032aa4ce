//! What clients and stored data rely on changes only with an announcement.
//!
//! `tests/layout` has the layout of this runtime, and `tests/released/<spec_version>` that of the last one
//! that chains were begun or upgraded with. `UPDATE_LAYOUT=1` writes the former. ADR 34 says what else a
//! change needs, and the tests here ask for it.

#[path = "common/layout.rs"]
mod lines;

use crate::common::{local, metadata};
use lines::Files;
use medblock_runtime::VERSION;
use std::{
	collections::{BTreeMap, BTreeSet},
	fs,
	path::{Path, PathBuf},
};

/// The last released runtime.
const RELEASED: Released = Released { spec_version: 100, transaction_version: 1 };

struct Released {
	spec_version: u32,
	transaction_version: u32,
}

/// Items of the SDK's pallets that have no entries, since the types of ours for their values say so.
const NEVER_STORED: [(&str, &str); 1] = [("Council", "item CostOf")];

fn tests() -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The layout of this runtime.
fn current() -> Files {
	let metadata = metadata();
	local().execute_with(|| lines::files(&metadata, lines::stored_version))
}

fn read(folder: &Path) -> Files {
	let Ok(entries) = fs::read_dir(folder) else { return Files::new() };
	let files = entries.map(|entry| entry.unwrap().path());
	let texts = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
	texts
		.map(|path| {
			let name = path.file_name().unwrap().to_str().unwrap().to_owned();
			(name, fs::read_to_string(path).unwrap())
		})
		.collect()
}

fn released() -> Files {
	let files = read(&tests().join("released").join(RELEASED.spec_version.to_string()));
	assert!(!files.is_empty(), "the last release has a layout");
	files
}

#[test]
fn layout_is_the_one_that_is_written_down() {
	let folder = tests().join("layout");
	let current = current();
	if std::env::var_os("UPDATE_LAYOUT").is_some() {
		let _ = fs::remove_dir_all(&folder);
		fs::create_dir_all(&folder).unwrap();
		for (name, text) in &current {
			fs::write(folder.join(name), text).unwrap();
		}
	}
	let written = read(&folder);
	let mut differences = Vec::new();
	for name in current.keys().chain(written.keys()).collect::<BTreeSet<_>>() {
		let lines = |files: &Files| -> BTreeSet<String> {
			files.get(name).into_iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
		};
		let (now, before) = (lines(&current), lines(&written));
		differences.extend(before.difference(&now).map(|line| format!("- {name}: {line}")));
		differences.extend(now.difference(&before).map(|line| format!("+ {name}: {line}")));
	}
	assert!(
		differences.is_empty(),
		"the runtime's layout has changed. If that is meant, announce it in CHANGELOG.md, run this test \
		 with UPDATE_LAYOUT=1, and see ADR 34:\n{}",
		differences.join("\n")
	);
}

/// What a line is about, `call register_patient` for instance, and the rest of it.
fn entries(text: &str) -> BTreeMap<String, String> {
	let entry = |line: &str| -> Option<(String, String)> {
		let (kind, rest) = line.split_once(' ')?;
		let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
		Some((format!("{kind} {}", &rest[..end]), rest[end..].to_owned()))
	};
	text.lines().filter_map(entry).collect()
}

/// The entries of each pallet that are not as they were in the last release, of this kind if one is given. Of a
/// pallet that is new as a whole, its name is the only one.
fn changed(kind: &str) -> BTreeMap<String, BTreeSet<String>> {
	let (before, now) = (released(), current());
	let mut all = BTreeMap::new();
	for file in before.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
		if ["functions.txt", "types.txt"].contains(&file.as_str()) {
			continue;
		}
		let of = |files: &Files| files.get(file).map(|text| entries(text));
		let pallet = file.trim_end_matches(".txt");
		let differ: BTreeSet<String> = match (of(&before), of(&now)) {
			(Some(before), Some(now)) => {
				let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
				let differ = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
				differ.filter(|name| name.starts_with(kind)).cloned().collect()
			},
			_ => [format!("pallet {pallet}")].into(),
		};
		if !differ.is_empty() {
			all.insert(pallet.to_owned(), differ);
		}
	}
	all
}

#[test]
fn changed_layout_has_a_higher_spec_version() {
	let has_higher_version = VERSION.spec_version > RELEASED.spec_version;
	assert!(released() == current() || has_higher_version);
}

/// A wallet signs the version along, so that none signs a call that means something else by now.
#[test]
fn changed_calls_have_another_transaction_version() {
	let changed = changed("call ");
	let is_other = VERSION.transaction_version != RELEASED.transaction_version;
	assert!(changed.is_empty() || is_other, "transaction_version has to change: {changed:?}");
}

/// The clients in this repository send these calls.
#[test]
fn clients_know_the_transaction_version() {
	let client = fs::read_to_string(tests().join("../../client/chain/src/lib.rs")).unwrap();
	let known = format!("TRANSACTION_VERSION: u32 = {};", VERSION.transaction_version);
	assert!(client.contains(&known), "client/chain has to say: {known}");
}

/// Stored entries of another shape need a migration, and that a version. Items that only came along don't.
#[test]
fn changed_items_have_another_storage_version() {
	let (before, now) = (released(), current());
	for (pallet, items) in changed("item ") {
		let file = format!("{pallet}.txt");
		let (Some(before), Some(now)) = (before.get(&file), now.get(&file)) else { continue };
		let (before, now) = (entries(before), entries(now));
		let is_stored = |item: &&String| !NEVER_STORED.contains(&(pallet.as_str(), item.as_str()));
		let reshaped: Vec<_> =
			items.iter().filter(|item| before.contains_key(*item)).filter(is_stored).collect();
		let version = format!("pallet {pallet}");
		assert!(
			reshaped.is_empty() || before[&version] != now[&version],
			"{pallet} needs a migration and another storage version for {reshaped:?}"
		);
	}
}

/// An event or error without its number, which clients take from the metadata.
fn without_number(rest: &str) -> String {
	rest.trim_start_matches(|c: char| c == '=' || c == ' ' || c.is_ascii_digit()).to_owned()
}

/// Readers of the changelog learn of each call, event, error, constant and item that came, went or changed.
#[test]
fn each_change_since_the_last_release_is_announced() {
	let changelog = fs::read_to_string(tests().join("../../CHANGELOG.md")).unwrap();
	let unreleased = changelog.split("\n## ").nth(1).unwrap();
	let (before, now) = (released(), current());
	let mut missing = BTreeSet::new();
	for (pallet, entries) in changed("") {
		let of = |files: &Files, entry: &str| {
			let entries = files.get(&format!("{pallet}.txt")).map(|text| self::entries(text));
			entries.unwrap_or_default().get(entry).map(|rest| without_number(rest))
		};
		for entry in entries {
			let (kind, name) = entry.split_once(' ').unwrap();
			let is_renumbered = of(&before, &entry) == of(&now, &entry);
			let announcement = match kind {
				"event" | "error" if is_renumbered => {
					format!("`{pallet}`: other numbers of {kind}s")
				},
				_ => format!("`{name}`"),
			};
			if !unreleased.contains(&announcement) {
				missing.insert(format!("{pallet}, {entry}: {announcement}"));
			}
		}
	}
	assert!(missing.is_empty(), "CHANGELOG.md does not name these changes: {missing:#?}");
}
