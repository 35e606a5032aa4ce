//! Receiving a file: to disk and through SHA-256 at the same pace as it comes, in constant memory.

use super::{
	Claim, Uploader, Vault,
	pace::Pace,
	staging::{Sidecar, UploadId},
};
use crate::errors::Refusal;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use medblock_primitives::Moment;
use sha2::{Digest as _, Sha256};
use std::{
	fs::File,
	io::{self, Read, Seek, SeekFrom, Write},
	pin::pin,
	time::Instant,
};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes that are written at a time.
const BATCH: usize = 512 * 1024;
/// Pieces that are written at a time: small ones take more room than their bytes.
const PIECES: usize = 512;
/// After so many bytes the system is told to write them to the disk, so that little is left at the
/// end.
const SYNC_EVERY: u64 = 32 * 1024 * 1024;
/// How much of a file is looked at to tell whether it is an age file.
const BEGINNING: u64 = medblock_crypto::MAX_HEADER as u64 + 1;

/// What a request wants to add to an upload.
#[derive(Clone, Copy, Debug)]
pub struct Part {
	/// Where its bytes begin.
	pub offset: u64,
	/// How long the whole file is, if the request says so.
	pub length: Option<u64>,
	/// How many bytes it brings, if the request says so.
	pub body: Option<u64>,
	/// Whether the file's transaction is to be signed elsewhere, later.
	pub prepared: bool,
}

/// How far an upload has come.
pub enum Received {
	/// Bytes are missing.
	Part {
		/// Where it goes on.
		offset: u64,
		/// How long it will be.
		length: u64,
	},
	/// Everything is there, and is what the digest says.
	Whole(Whole),
}

/// A file that has been received in full and checked, and has no place in the vault yet.
pub struct Whole {
	claim: Claim,
	sidecar: Sidecar,
}

impl Whole {
	/// Whose upload of what.
	pub fn id(&self) -> UploadId {
		*self.claim.id()
	}

	/// Its length.
	pub fn length(&self) -> u64 {
		self.sidecar.length
	}

	/// Whether its transaction is to be signed elsewhere, later.
	pub fn prepared(&self) -> bool {
		self.sidecar.prepared
	}
}

impl Vault {
	/// Receives bytes of an upload. Whatever has arrived stays when this fails, except if it is
	/// complete and wrong. `now` is the final block's time.
	pub async fn receive<E>(
		&self,
		uploader: &Uploader,
		part: Part,
		body: impl Stream<Item = Result<Bytes, E>>,
		now: Moment,
	) -> Result<Received, Refusal> {
		let id = uploader.id;
		let claim = self.writers.claim(&id).await?;
		let sidecar = self.begin(uploader, part, now)?;
		let remaining = sidecar.length.saturating_sub(part.offset);
		if part.body.is_some_and(|body| body > remaining) {
			return Err(Refusal::OverLong);
		}
		let path = self.staging.data(&id);
		let known = claim.unpark(part.offset);
		let offset = part.offset;
		let sink = blocking(move || {
			Sink::open(File::options().read(true).write(true).open(path)?, offset, known)
		});
		let sink = sink.await.map_err(|why| self.failed(&why))?;
		let (sink, ended) = self.pour(&claim, sink, body, sidecar.length).await;
		if let Some(sink) = &sink {
			claim.park(sink.offset, sink.hash.clone());
		}
		ended?;
		let sink = sink.ok_or(Refusal::StoreFailed)?;
		if sink.offset < sidecar.length {
			return Ok(Received::Part { offset: sink.offset, length: sidecar.length });
		}
		claim.finishing();
		if let Err(why) = self.check(&id, sink).await {
			if matches!(why, Refusal::DigestMismatch | Refusal::NotAnAgeFile) {
				self.discard_staged(&id)?;
			}
			return Err(why);
		}
		Ok(Received::Whole(Whole { claim, sidecar }))
	}

	/// Finds the upload, or begins it.
	fn begin(&self, uploader: &Uploader, part: Part, now: Moment) -> Result<Sidecar, Refusal> {
		let id = &uploader.id;
		let staged = self.staging.find(id).map_err(|why| self.failed(&why))?;
		if let Some(staged) = staged {
			let Sidecar { length, prepared, .. } = staged.sidecar;
			if part.length.is_some_and(|claimed| claimed != length) {
				return Err(Refusal::WrongLength { length });
			}
			if part.offset != staged.offset {
				return Err(Refusal::WrongOffset { offset: staged.offset });
			}
			let sidecar = Sidecar { length, prepared: prepared || part.prepared, active: now };
			self.staging.begin(id, &sidecar).map_err(|why| self.failed(&why))?;
			return Ok(sidecar);
		}
		if part.offset != 0 {
			return Err(Refusal::WrongOffset { offset: 0 });
		}
		let length = part.length.filter(|length| *length > 0).ok_or(Refusal::BadRequest(
			"Upload-Length has to say how long the file is when an upload begins",
		))?;
		if length > self.limits.max_file {
			return Err(Refusal::TooLarge { limit: self.limits.max_file });
		}
		self.ledger.reserve(id, length, uploader.pending, &self.limits.quotas)?;
		let sidecar = Sidecar { length, prepared: part.prepared, active: now };
		if let Err(why) = self.staging.begin(id, &sidecar) {
			self.ledger.release(id, length);
			let _ = self.staging.discard(id);
			return Err(self.failed(&why));
		}
		Ok(sidecar)
	}

	/// Takes the body in until it ends, the file is complete, it comes too slowly, or something
	/// goes wrong. Writes one batch while the next arrives.
	async fn pour<E>(
		&self,
		claim: &Claim,
		sink: Sink,
		body: impl Stream<Item = Result<Bytes, E>>,
		length: u64,
	) -> (Option<Sink>, Result<(), Refusal>) {
		let mut body = pin!(body);
		let mut room = length.saturating_sub(sink.offset);
		let mut writing = Writing::new(sink);
		let mut batch = Batch::default();
		let mut pace = Pace::new(self.limits.idle);
		let ended = loop {
			let asked = Instant::now();
			let next = tokio::select! {
				next = tokio::time::timeout(self.limits.idle, body.next()) => next,
				() = claim.replaced() => break Err(Refusal::Busy),
			};
			let mut piece = match next {
				Ok(Some(Ok(piece))) => piece,
				Ok(Some(Err(_))) => break Err(Refusal::BodyBroken),
				Ok(None) => break Ok(()),
				Err(_) => break Err(Refusal::BodyTimeout),
			};
			let keeps_pace = pace.keeps(piece.len(), asked.elapsed());
			claim.progressed();
			self.metrics.bytes_in.inc_by(piece.len() as u64);
			let over = piece.len() as u64 > room;
			if over {
				piece.truncate(usize::try_from(room).unwrap_or(usize::MAX));
			}
			room = room.saturating_sub(piece.len() as u64);
			batch.push(piece);
			if over {
				break Err(Refusal::OverLong);
			}
			// The last bytes are welcome however late they are.
			if !keeps_pace && room > 0 {
				break Err(Refusal::BodyTimeout);
			}
			if batch.is_full() {
				if let Err(why) = writing.write(std::mem::take(&mut batch)).await {
					break Err(self.failed(&why));
				}
			}
		};
		let last = writing.write(batch).await;
		let (sink, written) = writing.finish().await;
		// A full disk says more than that the client broke off.
		(sink, written.and(last).map_err(|why| self.failed(&why)).and(ended))
	}

	/// Whether all bytes are those of the digest, and of an age file.
	async fn check(&self, id: &UploadId, sink: Sink) -> Result<(), Refusal> {
		let expected = id.blob.digest.0;
		let mut file = sink.file;
		if <[u8; 32]>::from(sink.hash.finalize()) != expected {
			return Err(Refusal::DigestMismatch);
		}
		let beginning = blocking(move || {
			let mut beginning = Vec::new();
			file.seek(SeekFrom::Start(0))?;
			(&file).take(BEGINNING).read_to_end(&mut beginning)?;
			// What is acknowledged survives a power failure.
			file.sync_all()?;
			Ok(beginning)
		});
		let beginning = beginning.await.map_err(|why| self.failed(&why))?;
		medblock_crypto::check_header(&beginning).map_err(|_| Refusal::NotAnAgeFile)?;
		Ok(())
	}
}

/// Pieces to be written together.
#[derive(Default)]
struct Batch {
	pieces: Vec<Bytes>,
	bytes: usize,
}

impl Batch {
	fn push(&mut self, piece: Bytes) {
		self.bytes += piece.len();
		self.pieces.push(piece);
	}

	fn is_full(&self) -> bool {
		self.bytes >= BATCH || self.pieces.len() >= PIECES
	}
}

/// A file that is written and hashed.
struct Sink {
	file: File,
	offset: u64,
	hash: Sha256,
	unsynced: u64,
	syncing: Option<JoinHandle<()>>,
}

impl Sink {
	/// Goes on at `offset`, with the hash of what is before it, which is computed if need be.
	fn open(mut file: File, offset: u64, known: Option<Sha256>) -> io::Result<Self> {
		// A crash may have left more than was counted.
		file.set_len(offset)?;
		let hash = match known {
			Some(hash) => hash,
			None => hash_of(&file, offset)?,
		};
		file.seek(SeekFrom::Start(offset))?;
		Ok(Self { file, offset, hash, unsynced: 0, syncing: None })
	}

	fn write(&mut self, batch: Batch) -> io::Result<()> {
		for piece in batch.pieces {
			if let Err(why) = self.file.write_all(&piece) {
				// Some of the piece may be there, and is not hashed.
				self.file.set_len(self.offset)?;
				self.file.seek(SeekFrom::Start(self.offset))?;
				return Err(why);
			}
			self.hash.update(&piece);
			self.offset += piece.len() as u64;
			self.unsynced += piece.len() as u64;
		}
		Ok(())
	}

	/// Lets the disk keep up, without waiting for it.
	fn sync_now_and_then(&mut self) -> io::Result<()> {
		let done = self.syncing.as_ref().is_none_or(JoinHandle::is_finished);
		if self.unsynced >= SYNC_EVERY && done {
			self.unsynced = 0;
			let file = self.file.try_clone()?;
			// Whether it worked is found out at the end, when the file is synced as a whole.
			self.syncing = Some(spawn_blocking(move || drop(file.sync_data())));
		}
		Ok(())
	}
}

fn hash_of(file: &File, length: u64) -> io::Result<Sha256> {
	let mut hash = Sha256::new();
	let mut buffer = vec![0; BATCH];
	let mut rest = file.take(length);
	loop {
		match rest.read(&mut buffer)? {
			0 => return Ok(hash),
			read => hash.update(&buffer[..read]),
		}
	}
}

/// A sink, which another thread has while it writes.
struct Writing {
	idle: Option<Sink>,
	busy: Option<JoinHandle<(Sink, io::Result<()>)>>,
}

impl Writing {
	fn new(sink: Sink) -> Self {
		Self { idle: Some(sink), busy: None }
	}

	/// Begins to write, once what was begun before is done.
	async fn write(&mut self, batch: Batch) -> io::Result<()> {
		self.wait().await?;
		let mut sink = self.idle.take().ok_or_else(|| io::Error::other("the writer is gone"))?;
		self.busy = Some(spawn_blocking(move || {
			let written = sink.write(batch);
			(sink, written)
		}));
		Ok(())
	}

	async fn wait(&mut self) -> io::Result<()> {
		let Some(busy) = self.busy.take() else { return Ok(()) };
		let (mut sink, written) = busy.await.map_err(io::Error::other)?;
		let synced = sink.sync_now_and_then();
		self.idle = Some(sink);
		written.and(synced)
	}

	/// Gives the sink back as far as it was written.
	async fn finish(mut self) -> (Option<Sink>, io::Result<()>) {
		let ended = self.wait().await;
		(self.idle, ended)
	}
}

/// Does something that waits for the disk, on a thread made for that.
pub(super) async fn blocking<T: Send + 'static>(
	work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
	spawn_blocking(work).await.map_err(io::Error::other)?
}
