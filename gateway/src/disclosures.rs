//! The record of disclosures: which bytes the vault gave to which account, with the sign-in that proves it.
//! Each patient has a file, each answer a line of JSON in it, on disk before the first byte is sent.

use crate::files;
use medblock_primitives::PatientId;
use medblock_vault_protocol::{Disclosure, DisclosuresPage, MAX_DISCLOSURES};
use serde_json::Value;
use std::{
	collections::HashMap,
	fs::File,
	io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
	sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
	thread::JoinHandle,
};
use tokio::sync::oneshot;

/// The most entries that wait to be written. Beyond that, answers are refused.
const QUEUE: usize = 1_024;
/// The most files whose next number is kept in memory.
const MAX_OPEN: usize = 1_024;
/// The longest line that is read, in bytes: a challenge has at most 1 KiB.
const MAX_LINE: u64 = 16 * 1024;

/// All charts' disclosures.
pub struct Disclosures {
	folder: PathBuf,
	queue: Option<SyncSender<Order>>,
	writer: Option<JoinHandle<()>>,
}

struct Order {
	patient: PatientId,
	entry: Disclosure,
	done: oneshot::Sender<io::Result<u64>>,
}

impl Disclosures {
	/// Opens the folder, and starts the thread that writes there.
	pub fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		let (queue, orders) = sync_channel(QUEUE);
		let of_writer = folder.clone();
		let writer = std::thread::Builder::new()
			.name("disclosures".into())
			.spawn(move || write_all(&of_writer, &orders))?;
		Ok(Self { folder, queue: Some(queue), writer: Some(writer) })
	}

	/// Writes an entry, and returns its number. When this returns, the entry is on disk.
	pub async fn append(&self, patient: PatientId, entry: Disclosure) -> io::Result<u64> {
		let (done, written) = oneshot::channel();
		let gone = || io::Error::other("the writer of disclosures is gone");
		let queue = self.queue.as_ref().ok_or_else(gone)?;
		queue.try_send(Order { patient, entry, done }).map_err(|why| match why {
			TrySendError::Full(_) => io::Error::other("too many disclosures at once"),
			TrySendError::Disconnected(_) => gone(),
		})?;
		written.await.map_err(|_| gone())?
	}

	/// A page of the entries with numbers greater than `after`, at most [`MAX_DISCLOSURES`] of them. Blocks
	/// on the disk.
	pub fn page(
		&self,
		patient: PatientId,
		after: Option<u64>,
		limit: usize,
	) -> io::Result<DisclosuresPage> {
		let limit = limit.clamp(1, MAX_DISCLOSURES);
		let mut items = Vec::new();
		let file = match File::open(path(&self.folder, patient)) {
			Ok(file) => file,
			Err(why) if why.kind() == io::ErrorKind::NotFound => {
				return Ok(DisclosuresPage { items, next: None });
			},
			Err(why) => return Err(why),
		};
		let mut lines = BufReader::new(file);
		let mut line = Vec::new();
		while items.len() <= limit && read_line(&mut lines, &mut line)? {
			match parse(&line) {
				Ok(entry) if after.is_none_or(|after| entry.number > after) => items.push(entry),
				Ok(_) => (),
				// A damaged entry must not hide the others.
				Err(_) => tracing::error!("a line of a disclosure file is damaged"),
			}
		}
		let more = items.len() > limit;
		items.truncate(limit);
		let next = items.last().filter(|_| more).map(|last| last.number);
		Ok(DisclosuresPage { items, next })
	}
}

impl Drop for Disclosures {
	fn drop(&mut self) {
		self.queue = None;
		if let Some(writer) = self.writer.take() {
			let _ = writer.join();
		}
	}
}

fn path(folder: &Path, patient: PatientId) -> PathBuf {
	folder.join(format!("{}.jsonl", patient.0))
}

/// Reads the next whole line. A line without an end was torn by a crash: no bytes were sent for it, and it is
/// cut off before the next one is written.
fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
	line.clear();
	loop {
		let read = io::Read::take(&mut *lines, MAX_LINE).read_until(b'\n', line)?;
		match line.last() {
			Some(b'\n') => return Ok(true),
			_ if read == 0 => return Ok(false),
			// Damaged, and too long to keep: only its end matters.
			_ if line.len() as u64 >= MAX_LINE => line.clear(),
			_ => (),
		}
	}
}

/// Reads an entry. Vaults of earlier versions wrote its time as `at`, in milliseconds since 1970.
fn parse(line: &[u8]) -> serde_json::Result<Disclosure> {
	serde_json::from_slice(line).or_else(|why| {
		let mut old: Value = serde_json::from_slice(line)?;
		let Some(time) = old["at"].as_u64() else { return Err(why) };
		old["time"] = "1970-01-01T00:00:00Z".into();
		Ok(Disclosure { time, ..serde_json::from_value(old)? })
	})
}

/// Writes the entries that are ordered. Those that came meanwhile are written at once and share one sync.
fn write_all(folder: &Path, orders: &Receiver<Order>) {
	let mut open = HashMap::new();
	while let Ok(first) = orders.recv() {
		let mut by_patient: HashMap<PatientId, Vec<Order>> = HashMap::new();
		for order in std::iter::once(first).chain(orders.try_iter().take(QUEUE)) {
			by_patient.entry(order.patient).or_default().push(order);
		}
		if open.len() > MAX_OPEN {
			open.clear();
		}
		for (patient, orders) in by_patient {
			let result = write_some(&path(folder, patient), open.remove(&patient), &orders);
			let answers: Vec<io::Result<u64>> = match result {
				Ok((first, end)) => {
					open.insert(patient, end);
					(first..).take(orders.len()).map(Ok).collect()
				},
				Err(why) => orders.iter().map(|_| Err(io::Error::from(why.kind()))).collect(),
			};
			for (order, answer) in orders.into_iter().zip(answers) {
				// The request may be gone.
				let _ = order.done.send(answer);
			}
		}
	}
}

/// The end of a file, and the number of its next entry.
#[derive(Clone, Copy)]
struct End {
	length: u64,
	next: u64,
}

/// Appends entries, and returns the first one's number.
fn write_some(path: &Path, end: Option<End>, orders: &[Order]) -> io::Result<(u64, End)> {
	let is_new = !path.exists();
	let mut file = files::private().read(true).open(path)?;
	let mut end = match end {
		Some(end) => end,
		None => find_end(&file)?,
	};
	let first = end.next;
	let mut lines = Vec::new();
	for order in orders {
		let entry = Disclosure { number: end.next, ..order.entry.clone() };
		serde_json::to_writer(&mut lines, &entry)?;
		lines.push(b'\n');
		end.next += 1;
	}
	// Cuts off the part of a line that a crash, or a full disk, has left.
	file.set_len(end.length)?;
	file.seek(SeekFrom::Start(end.length))?;
	file.write_all(&lines)?;
	file.sync_data()?;
	if is_new {
		files::sync_folder_of(path)?;
	}
	end.length += lines.len() as u64;
	Ok((first, end))
}

fn find_end(file: &File) -> io::Result<End> {
	let mut end = End { length: 0, next: 0 };
	let mut lines = BufReader::new(file);
	let mut line = Vec::new();
	while read_line(&mut lines, &mut line)? {
		end.length = lines.stream_position()?;
		end.next = match parse(&line) {
			Ok(entry) => entry.number + 1,
			Err(_) => end.next + 1,
		};
	}
	Ok(end)
}

#[cfg(test)]
mod tests;
