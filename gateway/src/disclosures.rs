//! Who was given which bytes, with the sign-in that proves it: one file for each patient, one line of
//! JSON for each answer, on disk before the first byte is sent.

use crate::files;
use medblock_primitives::PatientId;
use serde::{Deserialize, Serialize};
use std::{
	collections::HashMap,
	fs::File,
	io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
	sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
	thread::JoinHandle,
};
use tokio::sync::oneshot;

/// The most entries on one page.
pub const MAX_PAGE: usize = 256;
/// Entries that wait to be written. Beyond that, answers are refused.
const QUEUE: usize = 1_024;
/// Files whose next number is kept in memory.
const MAX_OPEN: usize = 1_024;
/// The longest line that is read: a challenge has at most 1 KiB.
const MAX_LINE: u64 = 16 * 1024;

/// Bytes that were given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
	/// Counts a patient's disclosures from 0.
	pub number: u64,
	/// When, in milliseconds since 1970.
	pub at: u64,
	/// The final block in whose state they were allowed it.
	pub block: u32,
	/// Its hash, in hex with 0x.
	pub block_hash: String,
	/// The account, in SS58.
	pub account: String,
	/// The doctor whom it acts for, if it was as one.
	pub doctor: Option<u32>,
	/// The hospital for which it is a registrar, if it was as one.
	pub registrar: Option<u32>,
	/// Which record; nothing stands for the profile.
	pub record: Option<u32>,
	/// The first byte.
	pub from: u64,
	/// The byte after the last.
	pub to: u64,
	/// The text with which the account signed in.
	pub challenge: String,
	/// Its signature over that, in hex with 0x.
	pub signature: String,
}

/// Some of a patient's disclosures, in their order.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
	/// The entries.
	pub items: Vec<Disclosure>,
	/// What to ask for next; nothing at the end.
	pub next: Option<u64>,
}

/// All disclosures.
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
	/// Opens the folder, and begins to write there.
	pub fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		let (queue, orders) = sync_channel(QUEUE);
		let of_writer = folder.clone();
		let writer = std::thread::Builder::new()
			.name("disclosures".into())
			.spawn(move || write_all(&of_writer, &orders))?;
		Ok(Self { folder, queue: Some(queue), writer: Some(writer) })
	}

	/// Writes an entry down, and gives it its number. Once this returns, it is on disk.
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

	/// Entries with numbers greater than `after`, at most [`MAX_PAGE`]. Waits for the disk.
	pub fn page(&self, patient: PatientId, after: Option<u64>, limit: usize) -> io::Result<Page> {
		let limit = limit.clamp(1, MAX_PAGE);
		let mut items = Vec::new();
		let file = match File::open(path(&self.folder, patient)) {
			Ok(file) => file,
			Err(why) if why.kind() == io::ErrorKind::NotFound => {
				return Ok(Page { items, next: None });
			},
			Err(why) => return Err(why),
		};
		let mut lines = BufReader::new(file);
		let mut line = Vec::new();
		while items.len() <= limit && read_line(&mut lines, &mut line)? {
			match serde_json::from_slice::<Disclosure>(&line) {
				Ok(entry) if after.is_none_or(|after| entry.number > after) => items.push(entry),
				Ok(_) => (),
				// What is damaged must not hide what is not.
				Err(_) => tracing::error!("a line of a disclosure file is damaged"),
			}
		}
		let more = items.len() > limit;
		items.truncate(limit);
		let next = items.last().filter(|_| more).map(|last| last.number);
		Ok(Page { items, next })
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

/// Reads the next whole line. What has no end is none: it was torn by a crash, nobody was answered,
/// and it is cut off before the next is written.
fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
	line.clear();
	loop {
		let read = io::Read::take(&mut *lines, MAX_LINE).read_until(b'\n', line)?;
		match line.last() {
			Some(b'\n') => return Ok(true),
			_ if read == 0 => return Ok(false),
			// Damaged, and too long to keep: only its end is of interest.
			_ if line.len() as u64 >= MAX_LINE => line.clear(),
			_ => (),
		}
	}
}

/// Writes what is ordered, all that has come meanwhile at once, so that many share one sync.
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
				// Whoever asked may have gone.
				let _ = order.done.send(answer);
			}
		}
	}
}

/// Where a file ends, and the number that comes next.
#[derive(Clone, Copy)]
struct End {
	length: u64,
	next: u64,
}

/// Appends entries; gives the first one's number.
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
	// Cuts off what a crash, or a full disk, has left of a line.
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
		end.next = match serde_json::from_slice::<Disclosure>(&line) {
			Ok(entry) => entry.number + 1,
			Err(_) => end.next + 1,
		};
	}
	Ok(end)
}

#[cfg(test)]
mod tests;
