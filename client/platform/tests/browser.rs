//! What storage, clock and tasks do in a browser.

#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used)]

mod cases;

use futures::{FutureExt, future::join};
use js_sys::Uint8Array;
use medblock_platform::{
	Blobs, Browser, Files, Memory, Storage,
	clock::{Duration, Instant, TimedOut, now, sleep, timeout},
	files::UserFile,
	tasks::{blocking, spawn},
};
use std::{cell::Cell, io::ErrorKind, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

macro_rules! test_in_browser {
	($case:ident) => {
		#[wasm_bindgen_test]
		async fn $case() {
			cases::$case(&empty(stringify!($case)).await).await;
		}
	};
}

cases::for_each_case!(test_in_browser);

/// Storage in which nothing is left of an earlier run.
async fn empty(name: &str) -> Browser {
	let storage = Browser::open(name).await.unwrap();
	for folder in ["a/", "a/b/", "b/"] {
		for found in storage.list(folder).await.unwrap() {
			storage.remove(&found.name).await.unwrap();
		}
	}
	storage
}

#[wasm_bindgen_test]
async fn what_is_named_is_there_when_the_storage_is_opened_again() {
	let storage = empty("again").await;
	storage.create("a/one", b"value").await.unwrap();
	let scratch = storage.scratch("a").await.unwrap();
	scratch.file.write_at(b"file", 0).unwrap();
	storage.keep(scratch, "a/two").await.unwrap();
	drop(storage);
	let storage = Browser::open("again").await.unwrap();
	assert_eq!(**storage.read("a/one", 9).await.unwrap().unwrap(), *b"value");
	let file = storage.open("a/two").await.unwrap().unwrap();
	assert_eq!(file.read_range(0, 4).unwrap(), b"file");
}

#[wasm_bindgen_test]
async fn who_stops_waiting_for_storage_breaks_nothing() {
	let storage = empty("left").await;
	storage.create("a/one", b"value").await.unwrap();
	for _ in 0..20 {
		// Each is asked once, and its answer comes when nobody is there any more.
		assert!(storage.read("a/one", 9).now_or_never().is_none());
		assert!(storage.list("a/").now_or_never().is_none());
		assert!(storage.replace("a/one", b"other").now_or_never().is_none());
	}
	// Answers come in the order of the questions: this one's after all of theirs.
	assert_eq!(**storage.read("a/one", 9).await.unwrap().unwrap(), *b"other");
}

#[wasm_bindgen_test]
async fn storage_that_another_tab_clears_takes_new_values_and_files() {
	let storage = empty("cleared").await;
	storage.create("a/one", b"value").await.unwrap();
	let clearing = idb::Factory::new().unwrap().delete("cleared").unwrap();
	timeout(Duration::from_secs(10), clearing.into_future()).await.unwrap().unwrap();
	let worker: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
	let root = JsFuture::from(worker.navigator().storage().get_directory()).await.unwrap();
	let root: web_sys::FileSystemDirectoryHandle = root.unchecked_into();
	let options = web_sys::FileSystemRemoveOptions::new();
	options.set_recursive(true);
	JsFuture::from(root.remove_entry_with_options("cleared", &options)).await.unwrap();

	// All that is asked at once finds it closed.
	let (one, other) = join(storage.read("a/one", 9), storage.list("a/")).await;
	assert!(one.unwrap().is_none() && other.unwrap().is_empty());
	storage.create("a/one", b"again").await.unwrap();
	let scratch = storage.scratch("a").await.unwrap();
	scratch.file.write_at(b"file", 0).unwrap();
	storage.keep(scratch, "a/two").await.unwrap();
	drop(storage);
	let storage = Browser::open("cleared").await.unwrap();
	assert_eq!(**storage.read("a/one", 9).await.unwrap().unwrap(), *b"again");
	assert_eq!(storage.open("a/two").await.unwrap().unwrap().read_range(0, 4).unwrap(), b"file");
}

/// The bytes of a blob.
fn read(blob: &web_sys::Blob) -> Vec<u8> {
	let reader = web_sys::FileReaderSync::new().unwrap();
	Uint8Array::new(&reader.read_as_array_buffer(blob).unwrap()).to_vec()
}

#[wasm_bindgen_test]
async fn content_of_many_pieces_becomes_one_blob() {
	// More than is handed over at a time, and a part of a piece; written in parts that fit no piece.
	let content: Vec<u8> = (0..20_000_000u32).map(|index| (index / 7) as u8).collect();
	let scratch = Blobs::new().scratch("").await.unwrap();
	let mut at = 0;
	for part in content.chunks(262_143) {
		scratch.file.write_at(part, at).unwrap();
		at += part.len() as u64;
	}
	scratch.file.sync().unwrap();
	assert_eq!(scratch.file.length().unwrap(), 20_000_000);
	let blob = scratch.into_blob().unwrap();
	assert_eq!((blob.size(), blob.type_()), (20_000_000.0, "application/octet-stream".to_owned()));
	assert!(read(&blob) == content, "the pieces are in their order");
}

#[wasm_bindgen_test]
async fn content_that_was_not_finished_becomes_a_blob_too() {
	for content in [&b""[..], b"one"] {
		let scratch = Blobs::new().scratch("").await.unwrap();
		scratch.file.write_at(content, 0).unwrap();
		assert_eq!(read(&scratch.into_blob().unwrap()), content);
	}
}

#[wasm_bindgen_test]
async fn blob_grows_at_its_end_alone_and_is_not_read_meanwhile() {
	let scratch = Blobs::new().scratch("").await.unwrap();
	scratch.file.write_at(b"one", 0).unwrap();
	for at in [0, 2, 4] {
		assert_eq!(scratch.file.write_at(b"two", at).unwrap_err().kind(), ErrorKind::InvalidInput);
	}
	assert!(scratch.file.read_at(&mut [0; 3], 0).is_err());
	scratch.file.write_at(b"two", 3).unwrap();
	assert_eq!(read(&scratch.into_blob().unwrap()), b"onetwo");
}

#[wasm_bindgen_test]
async fn other_scratch_files_are_no_blobs_and_blobs_get_no_names() {
	let storage = empty("no-blobs").await;
	for other in [&storage as &dyn Files, &Memory::new()] {
		assert!(other.scratch("a").await.unwrap().into_blob().is_err());
		let blob = Blobs::new().scratch("a").await.unwrap();
		assert!(other.keep(blob, "a/one").await.is_err());
	}
	let blobs = Blobs::new();
	let scratch = blobs.scratch("a").await.unwrap();
	assert!(blobs.keep(scratch, "a/one").await.is_err());
	assert!(blobs.find("a/one").await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn time_passes() {
	let (started, at) = (Instant::now(), now());
	sleep(Duration::from_millis(50)).await;
	assert!(started.elapsed() >= Duration::from_millis(49));
	assert!(now() - at >= 49);
	let late = timeout(Duration::from_millis(1), sleep(Duration::from_secs(60))).await;
	assert_eq!(late, Err(TimedOut));
}

#[wasm_bindgen_test]
async fn long_work_runs_when_it_is_awaited() {
	let done = Rc::new(Cell::new(false));
	let (seen, mark) = (done.clone(), done.clone());
	let work = blocking(move || seen.get());
	spawn(async move { mark.set(true) });
	sleep(Duration::ZERO).await;
	assert!(work.await.unwrap(), "the other work was done before");
}

#[wasm_bindgen_test]
fn picked_file_is_read_in_pieces() {
	let piece = Uint8Array::new_with_length(1_000_000).fill(7, 0, 1_000_000);
	let parts = js_sys::Array::of3(&piece, &piece, &piece);
	let file = web_sys::File::new_with_buffer_source_sequence(&parts, "one.dcm").unwrap();
	let file = UserFile::Given(file);
	let (length, mut contents) = file.open().unwrap();
	let mut read = Vec::new();
	contents.read_to_end(&mut read).unwrap();
	assert_eq!((length, read.len()), (3_000_000, 3_000_000));
	assert!(read.iter().all(|byte| *byte == 7));
	assert_eq!(file.place(), "one.dcm");
	assert!(file.version().is_some());
}

#[wasm_bindgen_test]
fn content_tells_files_of_one_name_length_and_time_apart() {
	let version = |last: u8| {
		let bytes = Uint8Array::from(&[1, 2, last][..]);
		let options = web_sys::FilePropertyBag::new();
		options.set_last_modified(1_000.0);
		let parts = js_sys::Array::of1(&bytes);
		let file =
			web_sys::File::new_with_buffer_source_sequence_and_options(&parts, "1", &options);
		UserFile::Given(file.unwrap()).version().unwrap()
	};
	assert_eq!(version(3), version(3));
	assert_ne!(version(3), version(4));
}
