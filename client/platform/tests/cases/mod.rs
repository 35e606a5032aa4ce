//! What every storage does.

use medblock_platform::Files;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};

/// Makes a test of each case, by a macro that gets its name.
macro_rules! for_each_case {
	($test:ident) => {
		$test!(created_value_is_not_overwritten);
		$test!(replaced_value_is_the_new_one);
		$test!(long_value_is_refused);
		$test!(list_has_what_lies_in_a_folder);
		$test!(names_that_lead_elsewhere_are_refused);
		$test!(scratch_file_disappears_unless_it_is_kept);
		$test!(file_is_read_while_it_is_written);
		$test!(long_file_is_read_and_changed_at_any_place);
		$test!(range_beyond_the_end_is_refused);
		$test!(renamed_file_replaces_what_has_the_name);
		$test!(open_file_survives_its_removal);
		$test!(cleared_folder_is_empty_and_others_are_not);
	};
}

pub(crate) use for_each_case;

pub async fn created_value_is_not_overwritten(storage: &dyn Files) {
	assert!(storage.read("a/one", 9).await.unwrap().is_none());
	storage.create("a/one", b"first").await.unwrap();
	let refused = storage.create("a/one", b"second").await.unwrap_err();
	assert_eq!(refused.why.kind(), ErrorKind::AlreadyExists);
	assert_eq!(**storage.read("a/one", 9).await.unwrap().unwrap(), *b"first");
	storage.remove("a/one").await.unwrap();
	storage.remove("a/one").await.unwrap();
	assert!(storage.find("a/one").await.unwrap().is_none());
}

pub async fn replaced_value_is_the_new_one(storage: &dyn Files) {
	storage.replace("a/one", b"first").await.unwrap();
	storage.replace("a/one", b"second").await.unwrap();
	assert_eq!(**storage.read("a/one", 9).await.unwrap().unwrap(), *b"second");
	let found = storage.find("a/one").await.unwrap().unwrap();
	assert_eq!((found.base(), found.length), ("one", 6));
	assert!(found.modified.abs_diff(medblock_platform::clock::now()) < 60_000);
}

pub async fn long_value_is_refused(storage: &dyn Files) {
	storage.create("a/one", b"12345").await.unwrap();
	assert_eq!(storage.read("a/one", 5).await.unwrap().unwrap().len(), 5);
	let refused = storage.read("a/one", 4).await.unwrap_err();
	assert_eq!(refused.why.kind(), ErrorKind::InvalidData);
}

pub async fn list_has_what_lies_in_a_folder(storage: &dyn Files) {
	assert_eq!(storage.list("a/").await.unwrap(), []);
	for name in ["a/one", "a/other", "a/b/deep", "b/one"] {
		storage.create(name, name.as_bytes()).await.unwrap();
	}
	let names = async |prefix: &str| {
		let mut names: Vec<String> =
			storage.list(prefix).await.unwrap().into_iter().map(|found| found.name).collect();
		names.sort();
		names
	};
	assert_eq!(names("a/").await, ["a/one", "a/other"]);
	assert_eq!(names("a/ot").await, ["a/other"]);
	assert_eq!(names("a/b/").await, ["a/b/deep"]);
	assert_eq!(names("c/").await, [""; 0]);
}

pub async fn names_that_lead_elsewhere_are_refused(storage: &dyn Files) {
	for name in ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", "a\\b", "c:d", "a\0b"] {
		let refused = storage.create(name, b"").await.unwrap_err();
		assert_eq!(refused.why.kind(), ErrorKind::InvalidInput, "{name:?}");
		assert!(storage.read(name, 9).await.is_err(), "{name:?}");
		assert!(storage.open(name).await.is_err(), "{name:?}");
		assert!(storage.remove(name).await.is_err(), "{name:?}");
	}
}

pub async fn scratch_file_disappears_unless_it_is_kept(storage: &dyn Files) {
	let kept = storage.scratch("a").await.unwrap();
	let dropped = storage.scratch("a").await.unwrap();
	kept.file.writer().write_all(b"kept").unwrap();
	dropped.file.writer().write_all(b"dropped").unwrap();
	drop(dropped);
	storage.keep(kept, "a/one").await.unwrap();
	let found = storage.list("a/").await.unwrap();
	assert_eq!(found.iter().map(|found| found.base()).collect::<Vec<_>>(), ["one"]);
	let file = storage.open("a/one").await.unwrap().unwrap();
	assert_eq!(file.read_range(0, 4).unwrap(), b"kept");
	assert!(storage.open("a/two").await.unwrap().is_none());
}

pub async fn file_is_read_while_it_is_written(storage: &dyn Files) {
	let scratch = storage.scratch("a").await.unwrap();
	let (mut writer, mut reader) = (scratch.file.writer(), scratch.file.reader());
	let mut read = String::new();
	for piece in ["one ", "two ", "three"] {
		writer.write_all(piece.as_bytes()).unwrap();
		reader.read_to_string(&mut read).unwrap();
	}
	assert_eq!(read, "one two three");
	reader.seek(SeekFrom::End(-5)).unwrap();
	read.clear();
	reader.read_to_string(&mut read).unwrap();
	assert_eq!(read, "three");
	assert_eq!(scratch.file.length().unwrap(), 13);
	scratch.file.write_at(b"T", 4).unwrap();
	scratch.file.sync().unwrap();
	assert_eq!(scratch.file.read_range(4, 3).unwrap(), b"Two");
}

pub async fn long_file_is_read_and_changed_at_any_place(storage: &dyn Files) {
	let file = storage.scratch("a").await.unwrap().file;
	let mut content: Vec<u8> = (0..2_500_000u32).map(|index| (index / 7) as u8).collect();
	let mut writer = file.writer();
	for part in content.chunks(300_000) {
		writer.write_all(part).unwrap();
	}
	assert_eq!(file.length().unwrap(), 2_500_000);
	// Over several mebibytes, up to the end of one, and from there on.
	for (at, length) in [(1_000_000, 1_200_000), (1_048_570, 6), (1_048_576, 10)] {
		content[at..at + length].fill(length as u8);
		file.write_at(&content[at..at + length], at as u64).unwrap();
		assert!(
			file.read_range(at as u64 - 5, length + 10).unwrap()
				== content[at - 5..at + length + 5]
		);
	}
	assert_eq!(file.length().unwrap(), 2_500_000);
	content.resize(3_000_000, 7);
	content[2_400_000..].fill(7);
	file.write_at(&content[2_400_000..], 2_400_000).unwrap();
	let mut read = Vec::new();
	file.reader().read_to_end(&mut read).unwrap();
	assert!(read == content, "all of it is as it was written");
}

pub async fn range_beyond_the_end_is_refused(storage: &dyn Files) {
	let file = storage.scratch("a").await.unwrap().file;
	file.write_at(b"12345", 0).unwrap();
	let refused = file.read_range(3, 3).unwrap_err();
	assert_eq!(refused.kind(), ErrorKind::UnexpectedEof);
	assert_eq!(file.read_at(&mut [0; 3], 9).unwrap(), 0);
	assert!(file.write_at(b"7", 6).is_err(), "there would be a hole");
}

pub async fn renamed_file_replaces_what_has_the_name(storage: &dyn Files) {
	for name in ["a/one", "a/two"] {
		let scratch = storage.scratch("a").await.unwrap();
		scratch.file.write_at(name.as_bytes(), 0).unwrap();
		storage.keep(scratch, name).await.unwrap();
	}
	storage.rename("a/one", "a/two").await.unwrap();
	assert!(storage.find("a/one").await.unwrap().is_none());
	let file = storage.open("a/two").await.unwrap().unwrap();
	assert_eq!(file.read_range(0, 5).unwrap(), b"a/one");
	let refused = storage.rename("a/one", "a/two").await.unwrap_err();
	assert_eq!(refused.why.kind(), ErrorKind::NotFound);
}

pub async fn open_file_survives_its_removal(storage: &dyn Files) {
	let scratch = storage.scratch("a").await.unwrap();
	scratch.file.write_at(b"here", 0).unwrap();
	storage.keep(scratch, "a/one").await.unwrap();
	let file = storage.open("a/one").await.unwrap().unwrap();
	storage.remove("a/one").await.unwrap();
	assert_eq!(file.read_range(0, 4).unwrap(), b"here");
}

pub async fn cleared_folder_is_empty_and_others_are_not(storage: &dyn Files) {
	for name in ["a/one", "a/b/deep", "b/one"] {
		storage.create(name, name.as_bytes()).await.unwrap();
	}
	let scratch = storage.scratch("a/b").await.unwrap();
	storage.keep(scratch, "a/b/file").await.unwrap();
	storage.clear("a").await.unwrap();
	storage.clear("a").await.unwrap();
	for name in ["a/one", "a/b/deep", "a/b/file"] {
		assert!(storage.find(name).await.unwrap().is_none(), "{name}");
	}
	assert!(storage.find("b/one").await.unwrap().is_some());
	assert!(storage.clear("../b").await.is_err());
	assert!(storage.clear("").await.is_err());
}
