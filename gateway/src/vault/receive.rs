//! Receiving a file: to disk and through SHA-256 as it comes, in constant memory.

use super::{Claim, Uploader, Vault, ledger::Upload, pace::Pace, pieces::Spill, staging::UploadId};
use crate::errors::Refusal;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use medblock_primitives::Moment;
use sha2::{Digest as _, Sha256};
use std::{
	fs::File,
	io::{self, Read, Seek, SeekFrom, Write},
	pin::pin,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
	time::Instant,
};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes that are written at a time.
const BATCH: usize = 512 * 1024;
/// Pieces that are written at a time: small ones take more memory than their bytes.
const PIECES: usize = 512;
/// Bytes after which they are synced to the disk, so that little is left to sync at the end.
const SYNC_EVERY: u64 = 32 * 1024 * 1024;
/// Bytes after which the free disk is looked at again: other uploads fill it, too.
const LOOK_EVERY: u64 = 8 * 1024 * 1024;
/// The bytes at the beginning of a file that tell whether it is an age file.
const BEGINNING: u64 = medblock_crypto::MAX_HEADER as u64 + 1;

/// The part of an upload that a request brings.
#[derive(Clone, Copy, Debug)]
pub struct Part {
	/// The offset at which it begins.
	pub offset: u64,
	/// The length of the whole file, if the request says it.
	pub length: Option<u64>,
	/// The length of the part, if the request says it.
	pub body: Option<u64>,
	/// Whether the transaction that names the file is signed elsewhere, later.
	pub prepared: bool,
}

/// The outcome of receiving a part.
pub enum Received {
	/// Bytes of the file are missing.
	Part {
		/// The offset at which the upload continues.
		offset: u64,
		/// The length of the whole file.
		length: u64,
	},
	/// The file is complete, and has the right digest.
	Whole(Whole),
}

/// A file that was received in full and checked, and is not stored yet.
pub struct Whole {
	claim: Claim,
	upload: Upload,
}

impl Whole {
	/// The upload.
	pub fn id(&self) -> UploadId {
		*self.claim.id()
	}

	/// The file's length.
	pub fn length(&self) -> u64 {
		self.upload.length
	}

	/// Whether the transaction that names the file is signed elsewhere, later.
	pub fn prepared(&self) -> bool {
		self.upload.prepared
	}
}

impl Vault {
	/// Receives a part of an upload. Bytes that have arrived stay when this fails, unless the file is complete and
	/// wrong, or the disk could not keep them. `now` is the final block's time.
	pub async fn receive<E>(
		&self,
		uploader: &Uploader,
		part: Part,
		body: impl Stream<Item = Result<Bytes, E>>,
		now: Moment,
	) -> Result<Received, Refusal> {
		let id = uploader.id;
		let claim = self.writers.claim(&id).await?;
		if part.offset > 0 {
			claim.preparing();
		}
		let upload = self.begin(uploader, part, now).await?;
		let remaining = upload.length.saturating_sub(part.offset);
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
		claim.prepared();
		let mut spill = self.spill(&id, offset);
		let (mut sink, ended) = self.pour(&claim, sink, body, upload.length, &mut spill).await;
		if let Some(sink) = &mut sink
			&& let Err(why) = sink.synced().await
		{
			if let Some(spill) = spill {
				spill.end().await;
			}
			// Which bytes are not on the disk is not known.
			self.give_up(&id).await?;
			return Err(self.failed(&why));
		}
		if let Some(sink) = &sink {
			claim.park(sink.offset, sink.hash.clone());
			match spill {
				Some(spill) if sink.offset < upload.length => spill.finish(sink.offset).await,
				Some(spill) => spill.end().await,
				None => (),
			}
		}
		ended?;
		let sink = sink.ok_or(Refusal::StoreFailed)?;
		if sink.offset < upload.length {
			return Ok(Received::Part { offset: sink.offset, length: upload.length });
		}
		claim.finishing();
		if let Err(why) = self.check(&id, sink).await {
			// Also if the disk failed: it says only once what it could not write, and the next check would pass.
			self.give_up(&id).await?;
			return Err(why);
		}
		Ok(Received::Whole(Whole { claim, upload }))
	}

	/// Resumes the upload, or begins it.
	async fn begin(&self, uploader: &Uploader, part: Part, now: Moment) -> Result<Upload, Refusal> {
		let id = &uploader.id;
		let gateway = self.name.clone();
		if let Some((before, arrived)) = self.incomplete(id).await? {
			let Upload { length, prepared, .. } = before;
			if part.length.is_some_and(|claimed| claimed != length) {
				return Err(Refusal::WrongLength { length });
			}
			// A client that another gateway has told to begin anew may come here, where it need not.
			let begins_anew = self.is_shared && part.offset == 0;
			if part.offset != arrived && !begins_anew {
				return Err(Refusal::WrongOffset { offset: arrived });
			}
			// What has arrived in full may always be finished.
			if part.offset < length {
				self.ensure_room_for(length.saturating_sub(part.offset))?;
			}
			if part.offset == 0 {
				self.forget_pieces(id).await?;
			} else if before.gateway != gateway {
				self.fetch(id).await?;
			}
			let prepared = prepared || part.prepared;
			let upload = Upload { length, prepared, active: now, gateway };
			let resumed = self.ledger.resume(id, &upload).await;
			resumed.and_then(|()| self.staging.create(id)).map_err(|why| self.failed(&why))?;
			return Ok(upload);
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
		self.ensure_room_for(length)?;
		let upload = Upload { length, prepared: part.prepared, active: now, gateway };
		let quotas = &self.limits.quotas;
		let begun = self.ledger.begin(id, &upload, uploader.pending, quotas).await;
		begun.map_err(|why| self.failed(&why))??;
		if let Err(why) = self.staging.create(id) {
			let _ = self.give_up(id).await;
			return Err(self.failed(&why));
		}
		Ok(upload)
	}

	/// Receives the body until it ends, comes too slowly or fails. Writes one batch while the next arrives.
	async fn pour<E>(
		&self,
		claim: &Claim,
		sink: Sink,
		body: impl Stream<Item = Result<Bytes, E>>,
		length: u64,
		spill: &mut Option<Spill>,
	) -> (Option<Sink>, Result<(), Refusal>) {
		let mut body = pin!(body);
		let mut room = length.saturating_sub(sink.offset);
		let mut writing = Writing::new(sink);
		let mut batch = Batch::default();
		let mut pace = Pace::new(self.limits.idle);
		let mut unlooked = 0;
		let (mut written, mut underway) = (writing.offset(), 0);
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
			unlooked += piece.len() as u64;
			batch.push(piece);
			if unlooked >= LOOK_EVERY {
				unlooked = 0;
				if let Err(why) = self.ensure_room_for(0) {
					break Err(why);
				}
			}
			if over {
				break Err(Refusal::OverLong);
			}
			// The last bytes are welcome however late they are.
			if !keeps_pace && room > 0 {
				break Err(Refusal::BodyTimeout);
			}
			if batch.is_full() {
				let next = batch.bytes as u64;
				if let Err(why) = writing.write(std::mem::take(&mut batch)).await {
					break Err(self.failed(&why));
				}
				// The one before is written by now.
				written += underway;
				underway = next;
				if let Some(spill) = spill {
					spill.written(written);
				}
			}
		};
		let last = writing.write(batch).await;
		let (sink, written) = writing.finish().await;
		// An error of the disk says more than that the client broke off.
		(sink, written.and(last).map_err(|why| self.failed(&why)).and(ended))
	}

	/// Checks that the bytes have the right digest, and are an age file.
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
			// An acknowledged file survives a power failure.
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

/// A file that is being written and hashed.
struct Sink {
	file: File,
	offset: u64,
	hash: Sha256,
	unsynced: u64,
	syncing: Option<JoinHandle<()>>,
	/// Whether a sync has failed.
	lost: Arc<AtomicBool>,
}

impl Sink {
	/// Continues at `offset`. The hash of the bytes before it is computed unless it is known.
	fn open(mut file: File, offset: u64, known: Option<Sha256>) -> io::Result<Self> {
		// A crash may have left more than was counted.
		file.set_len(offset)?;
		let hash = match known {
			Some(hash) => hash,
			None => hash_of(&file, offset)?,
		};
		file.seek(SeekFrom::Start(offset))?;
		let lost = Arc::default();
		Ok(Self { file, offset, hash, unsynced: 0, syncing: None, lost })
	}

	fn write(&mut self, batch: Batch) -> io::Result<()> {
		for piece in batch.pieces {
			if let Err(why) = self.file.write_all(&piece) {
				// A part of the piece may be on disk, and is not hashed.
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

	/// Syncs from time to time, without waiting for the disk.
	fn sync_now_and_then(&mut self) -> io::Result<()> {
		let done = self.syncing.as_ref().is_none_or(JoinHandle::is_finished);
		if self.unsynced >= SYNC_EVERY && done {
			self.unsynced = 0;
			let (file, lost) = (self.file.try_clone()?, self.lost.clone());
			// The system reports an error of the disk to one sync alone, and not to the last one, too.
			self.syncing = Some(spawn_blocking(move || {
				if file.sync_data().is_err() {
					lost.store(true, Ordering::Relaxed);
				}
			}));
		}
		Ok(())
	}

	/// Waits for the sync that is under way. Fails if one has failed.
	async fn synced(&mut self) -> io::Result<()> {
		if let Some(syncing) = self.syncing.take() {
			syncing.await.map_err(io::Error::other)?;
		}
		match self.lost.load(Ordering::Relaxed) {
			true => Err(io::Error::other("the disk could not keep what it was given")),
			false => Ok(()),
		}
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

/// A sink, which another thread owns while it writes.
struct Writing {
	idle: Option<Sink>,
	busy: Option<JoinHandle<(Sink, io::Result<()>)>>,
}

impl Writing {
	fn new(sink: Sink) -> Self {
		Self { idle: Some(sink), busy: None }
	}

	/// The offset at which it begins.
	fn offset(&self) -> u64 {
		self.idle.as_ref().map_or(0, |sink| sink.offset)
	}

	/// Starts to write, once the batch before is written.
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

	/// Returns the sink as far as it was written.
	async fn finish(mut self) -> (Option<Sink>, io::Result<()>) {
		let ended = self.wait().await;
		(self.idle, ended)
	}
}

/// Runs work that waits for the disk, on a thread for blocking work.
pub(super) async fn blocking<T: Send + 'static>(
	work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
	spawn_blocking(work).await.map_err(io::Error::other)?
}
