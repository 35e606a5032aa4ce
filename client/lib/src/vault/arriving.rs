//! Reading a file while it is being downloaded.

use medblock_platform::files::{File, Reader};
use std::{
	io::{self, Read},
	sync::{Arc, Condvar, Mutex, PoisonError},
};

/// The part of a download that has arrived. If this is dropped before the end, readers that wait
/// for more get an error.
pub(crate) struct Arriving(Arc<Arrived>);

#[derive(Default)]
struct Arrived {
	state: Mutex<State>,
	more: Condvar,
}

#[derive(Clone, Copy, Default)]
struct State {
	bytes: u64,
	end: End,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum End {
	#[default]
	NotYet,
	Reached,
	BrokenOff,
}

impl Arriving {
	pub(crate) fn new() -> Self {
		Self(Arc::default())
	}

	/// Records that so many more bytes are in the file.
	pub(super) fn add(&self, bytes: usize) {
		self.0.change(|state| state.bytes = state.bytes.saturating_add(bytes as u64));
	}

	/// Records that all bytes are there and are the right ones.
	pub(super) fn end(&self) {
		self.0.change(|state| state.end = End::Reached);
	}

	/// Follows the file from its beginning.
	pub(crate) fn follower(&self) -> Follower {
		Follower(self.0.clone())
	}
}

impl Drop for Arriving {
	fn drop(&mut self) {
		self.0.change(|state| {
			if state.end == End::NotYet {
				state.end = End::BrokenOff;
			}
		});
	}
}

impl Arrived {
	fn change(&self, change: impl FnOnce(&mut State)) {
		change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
		self.more.notify_all();
	}

	/// Waits until more than `read` bytes are there, or no more will come. Returns how many more
	/// there are.
	fn beyond(&self, read: u64) -> io::Result<u64> {
		let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
		let waits = |state: &mut State| state.bytes <= read && state.end == End::NotYet;
		let state = self.more.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner);
		match state.end {
			End::BrokenOff => Err(io::Error::other("the download was broken off")),
			End::NotYet | End::Reached => Ok(state.bytes.saturating_sub(read)),
		}
	}
}

/// A reader for another thread, which reads a file while it arrives.
pub(crate) struct Follower(Arc<Arrived>);

impl Follower {
	/// Reads the file from its beginning, waiting for bytes that have not arrived yet.
	pub(crate) fn follow(&self, file: &File) -> impl Read {
		Following { arrived: self.0.clone(), file: file.reader(), read: 0 }
	}
}

struct Following {
	arrived: Arc<Arrived>,
	file: Reader,
	read: u64,
}

impl Read for Following {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		let there = self.arrived.beyond(self.read)?;
		let room = usize::try_from(there).unwrap_or(usize::MAX).min(buffer.len());
		let read = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
		self.read = self.read.saturating_add(read as u64);
		Ok(read)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_platform::{Files, Memory};
	use std::io::Write;

	fn followed(
		write: impl FnOnce(&mut dyn FnMut(&[u8]), Arriving),
	) -> (io::Result<usize>, Vec<u8>) {
		let scratch = futures::executor::block_on(Memory::new().scratch("")).unwrap();
		let (file, mut writer) = (scratch.file.clone(), scratch.file.writer());
		let arriving = Arriving::new();
		let follower = arriving.follower();
		let reading = std::thread::spawn(move || {
			let mut read = Vec::new();
			let outcome = follower.follow(&file).read_to_end(&mut read);
			(outcome, read)
		});
		write(&mut |bytes| writer.write_all(bytes).unwrap(), arriving);
		reading.join().unwrap()
	}

	#[test]
	fn file_is_read_as_it_grows_and_to_its_end() {
		let (outcome, read) = followed(|write, arriving| {
			for piece in [&b"one "[..], b"two ", b"three"] {
				write(piece);
				arriving.add(piece.len());
			}
			arriving.end();
		});
		assert_eq!((outcome.unwrap(), &read[..]), (13, &b"one two three"[..]));
	}

	#[test]
	fn download_that_breaks_off_is_no_end() {
		let (outcome, _) = followed(|write, arriving| {
			write(b"one");
			arriving.add(3);
		});
		assert!(outcome.is_err());
	}
}
