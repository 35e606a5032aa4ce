//! What waits for a client to take it, bounded by bytes.

use super::places::Place;
use std::sync::{
	Arc,
	atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{
	Notify,
	mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::tungstenite::Message;

/// The bytes that wait for a client, and that its requests in flight may add. Beyond these, the door reads no further
/// request of it.
const MOST: usize = 2 * 1024 * 1024;
/// What a message takes besides its text.
const OVERHEAD: usize = 256;

/// A client's messages to come.
pub(super) struct Outbox {
	messages: UnboundedSender<Outgoing>,
	room: Arc<Room>,
}

/// A message that waits.
pub(super) struct Outgoing {
	pub(super) message: Message,
	/// Its bytes, which are free when this is dropped.
	pub(super) kept: Bytes,
}

struct Room {
	taken: AtomicUsize,
	freed: Notify,
	place: Arc<Place>,
}

/// Bytes that are kept for the client.
pub(super) struct Bytes {
	count: usize,
	room: Arc<Room>,
}

/// Bytes that the answer to a request may have.
pub(super) struct Reserved {
	bytes: usize,
	room: Arc<Room>,
}

impl Outbox {
	/// The outbox of the connection in this place, and the messages that the client gets.
	pub(super) fn new(place: Arc<Place>) -> (Self, UnboundedReceiver<Outgoing>) {
		let (messages, waiting) = unbounded_channel();
		let room = Room { taken: AtomicUsize::new(0), freed: Notify::new(), place };
		(Self { messages, room: Arc::new(room) }, waiting)
	}

	/// Whether the client may have more.
	pub(super) fn has_room(&self) -> bool {
		self.room.taken.load(Ordering::Acquire) < MOST
	}

	/// Waits until the client may have more.
	pub(super) async fn room(&self) {
		loop {
			let freed = self.room.freed.notified();
			if self.has_room() {
				return;
			}
			freed.await;
		}
	}

	/// Reserves what the answer to a request may take, until it is sent.
	pub(super) fn reserve(&self, bytes: usize) -> Reserved {
		self.room.taken.fetch_add(bytes, Ordering::AcqRel);
		Reserved { bytes, room: self.room.clone() }
	}

	/// Hands over a message. Returns nothing if the client can't get it any more.
	pub(super) fn send(&self, message: Message) -> Option<()> {
		let count = message.len().saturating_add(OVERHEAD);
		self.room.taken.fetch_add(count, Ordering::AcqRel);
		self.room.place.keep(count);
		let kept = Bytes { count, room: self.room.clone() };
		self.messages.send(Outgoing { message, kept }).ok()
	}
}

impl Room {
	fn free(&self, bytes: usize) {
		self.taken.fetch_sub(bytes, Ordering::AcqRel);
		self.freed.notify_waiters();
	}
}

impl Drop for Bytes {
	fn drop(&mut self) {
		self.room.place.took(self.count);
		self.room.free(self.count);
	}
}

impl Drop for Reserved {
	fn drop(&mut self) {
		self.room.free(self.bytes);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::door::{limits::Caller, places::Places};
	use futures::FutureExt;

	fn outbox() -> (Outbox, UnboundedReceiver<Outgoing>) {
		let address = Caller::at([192, 0, 2, 1].into());
		Outbox::new(Arc::new(Places::new(8).enter(address).unwrap()))
	}

	#[test]
	fn answers_are_bounded_by_their_bytes_until_the_client_has_taken_them() {
		let (outbox, mut waiting) = outbox();
		for _ in 0..2 {
			outbox.send(Message::text("x".repeat(MOST / 2))).unwrap();
		}
		assert!(outbox.room().now_or_never().is_none());
		let taken = waiting.try_recv().unwrap();
		assert!(!outbox.has_room(), "it is being sent");
		drop(taken);
		assert!(outbox.room().now_or_never().is_some());
	}

	#[test]
	fn small_messages_count_too() {
		let (outbox, _waiting) = outbox();
		let mut count = 0;
		while outbox.has_room() {
			outbox.send(Message::Ping(Vec::new().into())).unwrap();
			count += 1;
		}
		assert_eq!(count, MOST / OVERHEAD);
	}

	#[test]
	fn answers_in_flight_have_their_room() {
		let (outbox, _waiting) = outbox();
		let reserved = [(); 2].map(|()| outbox.reserve(MOST / 2));
		assert!(!outbox.has_room());
		drop(reserved);
		assert!(outbox.has_room());
	}

	#[test]
	fn nothing_waits_for_a_client_that_is_gone() {
		let (outbox, waiting) = outbox();
		outbox.send(Message::text("first")).unwrap();
		drop(waiting);
		assert_eq!(outbox.send(Message::text("second")), None);
		assert_eq!(outbox.room.taken.load(Ordering::Relaxed), 0);
	}
}
