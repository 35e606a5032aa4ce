//! What a program of the operating system has.

mod destination;
pub mod disk;
mod file;
mod folder;
pub(crate) mod http;
mod nameless;
pub mod proxy;
mod unfinished;
pub(crate) mod user_file;

pub use destination::Destination;
pub use folder::Folder;
pub(crate) use nameless::Held;
pub use nameless::{put_bytes, sweep, sweep_own};
pub use unfinished::UnfinishedFolder;

use std::{io, time::Duration};

pub(crate) async fn sleep(time: Duration) {
	tokio::time::sleep(time).await;
}

pub(crate) fn blocking<T: Send + 'static>(
	work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = io::Result<T>> {
	let task = tokio::task::spawn_blocking(work);
	async { task.await.map_err(|_| io::Error::other("this was interrupted")) }
}

pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
	tokio::spawn(work);
}
