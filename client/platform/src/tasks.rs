//! Work beside other work.

use crate::target;
use futures::stream::{PollNext, Stream, select_with_strategy};
use std::io;

#[cfg(not(target_family = "wasm"))]
mod bounds {
	/// `Send` natively. In browsers everything, since all of it runs in one Worker.
	pub trait MaybeSend: Send {}
	impl<T: Send + ?Sized> MaybeSend for T {}

	/// `Sync` natively. In browsers everything, since all of it runs in one Worker.
	pub trait MaybeSync: Sync {}
	impl<T: Sync + ?Sized> MaybeSync for T {}
}

#[cfg(target_family = "wasm")]
mod bounds {
	/// `Send` natively. In browsers everything, since all of it runs in one Worker.
	pub trait MaybeSend {}
	impl<T: ?Sized> MaybeSend for T {}

	/// `Sync` natively. In browsers everything, since all of it runs in one Worker.
	pub trait MaybeSync {}
	impl<T: ?Sized> MaybeSync for T {}
}

pub use bounds::{MaybeSend, MaybeSync};

/// Does something that takes the processor or a disk for a while.
///
/// Natively the work **starts at once**, in a thread. In a browser it runs **when the future is first
/// polled**, and occupies the Worker meanwhile. So work that waits for something else, such as a file
/// that another future writes, is started first and awaited last:
///
/// ```
/// # async fn download() {}
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let decrypting = medblock_platform::tasks::blocking(|| "decrypted");
/// download().await;
/// assert_eq!(decrypting.await?, "decrypted");
/// # Ok::<_, std::io::Error>(()) })?;
/// # Ok::<_, std::io::Error>(())
/// ```
///
/// # Errors
///
/// Only if the work panics.
pub fn blocking<T: MaybeSend + 'static>(
	work: impl FnOnce() -> T + MaybeSend + 'static,
) -> impl Future<Output = io::Result<T>> {
	target::blocking(work)
}

/// Runs a future in the background. Natively, within a Tokio runtime.
pub fn spawn(work: impl Future<Output = ()> + MaybeSend + 'static) {
	target::spawn(work);
}

/// The items of two queues in order: an urgent one comes before the others, whatever their age.
pub fn urgent_first<T>(
	urgent: impl Stream<Item = T> + Unpin,
	other: impl Stream<Item = T> + Unpin,
) -> impl Stream<Item = T> + Unpin {
	select_with_strategy(urgent, other, |(): &mut ()| PollNext::Left)
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::{FutureExt, StreamExt, channel::mpsc};

	#[test]
	fn urgent_item_comes_before_what_has_waited_for_longer() {
		let ((urgent, first), (other, second)) = (mpsc::unbounded(), mpsc::unbounded());
		let mut items = urgent_first(first, second);
		let mut next = || items.next().now_or_never().flatten();
		for item in ["grant", "another grant"] {
			other.unbounded_send(item).unwrap();
		}
		assert_eq!(next(), Some("grant"));
		urgent.unbounded_send("revocation").unwrap();
		assert_eq!([next(), next(), next()], [Some("revocation"), Some("another grant"), None]);
	}
}
