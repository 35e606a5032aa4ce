//! What storage, clock and tasks do in a browser.

#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used)]

mod cases;

use futures::FutureExt;
use medblock_platform::{
	Browser, Files, Storage,
	clock::{Duration, Instant, TimedOut, now, sleep, timeout},
	files::UserFile,
	tasks::{blocking, spawn},
};
use std::{cell::Cell, rc::Rc};
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
async fn another_tab_can_clear_storage_that_is_open() {
	let storage = empty("cleared").await;
	storage.create("a/one", b"value").await.unwrap();
	let clearing = idb::Factory::new().unwrap().delete("cleared").unwrap();
	timeout(Duration::from_secs(10), clearing.into_future()).await.unwrap().unwrap();
	assert!(storage.read("a/one", 9).await.is_err(), "it says that it is closed");
	let again = Browser::open("cleared").await.unwrap();
	assert!(again.read("a/one", 9).await.unwrap().is_none());
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
	let piece = js_sys::Uint8Array::new_with_length(1_000_000).fill(7, 0, 1_000_000);
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
		let bytes = js_sys::Uint8Array::from(&[1, 2, last][..]);
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
