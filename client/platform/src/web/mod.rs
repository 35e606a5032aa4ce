//! What a browser's Worker has.

mod blobs;
mod browser;
mod database;
pub(crate) mod http;
mod private_file;
pub(crate) mod user_file;

pub use blobs::Blobs;
pub use browser::Browser;

use std::{io, sync::Arc, time::Duration};

/// What a scratch file is.
pub(crate) enum Held {
	/// An open file, which is removed when closed unless it has a name by then.
	File(Arc<private_file::PrivateFile>),
	/// What will be a blob.
	Blob(Arc<blobs::Growing>),
}

pub(crate) async fn sleep(time: Duration) {
	gloo_timers::future::sleep(time).await;
}

pub(crate) async fn blocking<T>(work: impl FnOnce() -> T) -> io::Result<T> {
	Ok(work())
}

pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
	wasm_bindgen_futures::spawn_local(work);
}
