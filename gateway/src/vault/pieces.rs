//! Bytes of incomplete uploads in the bucket, so that another gateway of the vault can go on with them.
//!
//! A gateway that shares a bucket puts there what it has received, in pieces, while more comes and at the latest when a
//! connection ends. The one that goes on fetches them to its own disk first. A piece counts once the ledger has it, in its
//! place: of the gateway that the upload is at, and right after the one before. One that a crash has kept out of the ledger
//! is removed a day later, when no upload can want it any more.

use super::{
	Vault,
	ledger::{Ledger, Piece},
	receive::blocking,
	staging::UploadId,
	store::{Error, Result, Store, heard},
	sweep::Swept,
};
use crate::errors::Refusal;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::paths::parse_number;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, path::Path as Key};
use sha2::{Digest as _, Sha256};
use std::{
	fs::File,
	io::{self, Read, Seek, SeekFrom, Write},
	path::PathBuf,
	time::Duration,
};
use tokio::{task::JoinHandle, time::timeout};

/// The folder of pieces. No patient's folder has a name like that.
const FOLDER: &str = "pending";
/// The most bytes of a piece.
pub(super) const PIECE: u64 = 8 * 1024 * 1024;
/// How long a piece of no upload stays, in milliseconds by the bucket's clock and this machine's. One that is being put is
/// younger.
const KEPT_ORPHAN: Moment = 24 * 60 * 60 * 1_000;
/// How long removing one may take: no upload of its chart begins meanwhile, and the database waits no longer.
const REMOVAL: Duration = Duration::from_secs(5);

/// A piece as the bucket has it.
struct Stored {
	key: Key,
	patient: PatientId,
	/// The [name](upload_name) of its upload.
	upload: String,
	/// When it was put, by the bucket's clock.
	put: Moment,
}

/// The name of an upload among a chart's. Some services keep a key with more around it in a file's name, which has 255
/// bytes.
fn upload_name(id: &UploadId) -> String {
	let hash = Sha256::new().chain_update(id.blob.digest.0).chain_update(id.account);
	hex::encode(&hash.finalize()[..16])
}

/// The piece that an object below the folder of pieces is.
fn stored(folder: &Key, object: ObjectMeta) -> Option<Stored> {
	let parts = object.location.prefix_match(folder)?;
	let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
	let [patient, upload, _] = parts.as_slice() else { return None };
	Some(Stored {
		patient: parse_number(patient).map(PatientId)?,
		upload: upload.clone(),
		// One from before 1970 is kept.
		put: Moment::try_from(object.last_modified.timestamp_millis()).unwrap_or(Moment::MAX),
		key: object.location,
	})
}

impl Store {
	/// Whether an object is a piece.
	pub(super) fn is_piece(&self, object: &Key) -> bool {
		object.prefix_matches(&self.pieces_folder())
	}

	fn pieces_folder(&self) -> Key {
		self.prefix.clone().join(FOLDER)
	}

	fn piece_key(&self, id: &UploadId, piece: &Piece) -> Key {
		let place = format!("{}.{}", piece.begins, piece.gateway);
		let folder = self.pieces_folder().join(id.blob.patient.0.to_string());
		folder.join(upload_name(id)).join(place)
	}

	/// All pieces: no more than uploads are in flight.
	fn pieces(&self) -> BoxStream<'static, Result<Stored>> {
		let folder = self.pieces_folder();
		let objects = self.objects.list(Some(&folder)).map_err(Error::from);
		let pieces = objects
			.try_filter_map(move |object| futures::future::ready(Ok(stored(&folder, object))));
		pieces.boxed()
	}

	pub(super) async fn put_piece(&self, id: &UploadId, piece: &Piece, bytes: Bytes) -> Result<()> {
		self.ensure_held()?;
		self.transfers.put(&self.piece_key(id, piece), bytes.into()).await?;
		Ok(())
	}

	async fn piece(&self, id: &UploadId, piece: &Piece) -> Result<Bytes> {
		let found = heard(self.transfers.get(&self.piece_key(id, piece))).await??;
		let bytes = found.bytes().await?;
		match bytes.len() as u64 == piece.length {
			true => Ok(bytes),
			false => Err(Error::Lost),
		}
	}

	async fn delete_piece(&self, id: &UploadId, piece: &Piece) -> Result<()> {
		self.delete_piece_at(&self.piece_key(id, piece)).await
	}

	async fn delete_piece_at(&self, key: &Key) -> Result<()> {
		self.ensure_held()?;
		match heard(self.objects.delete(key)).await? {
			Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
			Err(why) => Err(why.into()),
		}
	}
}

/// What puts an upload's bytes into the bucket while they come.
pub(super) struct Spill {
	work: Work,
	/// The offset up to which bytes are there, or on their way.
	until: u64,
	running: Option<JoinHandle<io::Result<()>>>,
}

#[derive(Clone)]
struct Work {
	store: Store,
	ledger: Ledger,
	gateway: String,
	id: UploadId,
	path: PathBuf,
}

impl Spill {
	/// Notes that the file has this many bytes. Puts them into the bucket once they are worth a piece, one after another.
	pub(super) fn written(&mut self, offset: u64) {
		let is_busy = self.running.as_ref().is_some_and(|running| !running.is_finished());
		if offset < self.until.saturating_add(PIECE) || is_busy {
			return;
		}
		self.until = offset;
		let work = self.work.clone();
		self.running = Some(tokio::spawn(async move { work.put(offset).await }));
	}

	/// Waits for what is on its way, since the upload is over.
	pub(super) async fn end(mut self) {
		if let Some(running) = self.running.take() {
			let _ = running.await;
		}
	}

	/// Puts the rest up to this offset into the bucket. What can't be put only costs time: it is sent once more if another
	/// gateway goes on.
	pub(super) async fn finish(mut self, offset: u64) {
		let before = match self.running.take() {
			Some(running) => running.await.map_err(io::Error::other).and_then(|put| put),
			None => Ok(()),
		};
		if let Err(why) = before.and(self.work.put(offset).await) {
			tracing::warn!(%why, "bytes of an upload are on this gateway's disk alone");
		}
	}
}

impl Work {
	/// Puts what is missing up to an offset into the bucket.
	async fn put(&self, until: u64) -> io::Result<()> {
		let mut begins = arrived(&self.ledger.pieces(&self.id).await?);
		while begins < until {
			let length = until.saturating_sub(begins).min(PIECE);
			let path = self.path.clone();
			let bytes = blocking(move || {
				let mut file = File::open(path)?;
				file.seek(SeekFrom::Start(begins))?;
				let mut bytes = Vec::new();
				file.take(length).read_to_end(&mut bytes)?;
				Ok(bytes)
			});
			let bytes = bytes.await?;
			if bytes.len() as u64 != length {
				return Err(io::ErrorKind::UnexpectedEof.into());
			}
			let piece = Piece { begins, length, gateway: self.gateway.clone() };
			let put = self.store.put_piece(&self.id, &piece, bytes.into()).await;
			put.map_err(|why| io::Error::other(why.kind()))?;
			if !self.ledger.add_piece(&self.id, &piece).await? {
				// Another gateway goes on with the upload, or it is over.
				let _ = self.store.delete_piece(&self.id, &piece).await;
				return Ok(());
			}
			begins += length;
		}
		Ok(())
	}
}

/// The number of bytes in an upload's pieces.
pub(super) fn arrived(pieces: &[Piece]) -> u64 {
	pieces.last().map_or(0, |last| last.begins.saturating_add(last.length))
}

impl Vault {
	/// What puts an upload's bytes into the bucket, if others share it. `offset` is where they begin.
	pub(super) fn spill(&self, id: &UploadId, offset: u64) -> Option<Spill> {
		self.is_shared.then(|| Spill {
			work: Work {
				store: self.store.clone(),
				ledger: self.ledger.clone(),
				gateway: self.name.clone(),
				id: *id,
				path: self.staging.data(id),
			},
			until: offset,
			running: None,
		})
	}

	/// Fetches the bytes of an upload that another gateway has received.
	pub(super) async fn fetch(&self, id: &UploadId) -> std::result::Result<(), Refusal> {
		let pieces = self.ledger.pieces(id).await.map_err(|why| self.failed(&why))?;
		self.staging.discard(id).map_err(|why| self.failed(&why))?;
		self.staging.create(id).map_err(|why| self.failed(&why))?;
		// The hash that this gateway knows is of the bytes that it had. The upload may have begun anew since.
		self.writers.forget(id);
		for piece in &pieces {
			let bytes = match self.store.piece(id, piece).await {
				Ok(bytes) => bytes,
				Err(Error::Lost | Error::Service(object_store::Error::NotFound { .. })) => {
					tracing::error!("a piece of an upload is lost, so that it begins anew");
					self.forget_pieces(id).await?;
					return Err(Refusal::WrongOffset { offset: 0 });
				},
				Err(why) => return Err(self.broken(&why)),
			};
			let (path, begins) = (self.staging.data(id), piece.begins);
			let written = blocking(move || {
				let mut file = File::options().write(true).open(path)?;
				file.seek(SeekFrom::Start(begins))?;
				file.write_all(&bytes)
			});
			written.await.map_err(|why| self.failed(&why))?;
		}
		Ok(())
	}

	/// Removes an upload's pieces, which no gateway goes on with any more.
	pub(super) async fn forget_pieces(&self, id: &UploadId) -> std::result::Result<(), Refusal> {
		if !self.is_shared {
			return Ok(());
		}
		for piece in self.ledger.pieces(id).await.map_err(|why| self.failed(&why))? {
			self.store.delete_piece(id, &piece).await.map_err(|why| self.broken(&why))?;
		}
		self.ledger.drop_pieces(id).await.map_err(|why| self.failed(&why))
	}

	/// Removes pieces of which the ledger knows nothing, since a gateway was killed right after it had put them. `clock` is
	/// this machine's time.
	pub(super) async fn sweep_pieces(
		&self,
		clock: Moment,
		swept: &mut Swept,
	) -> std::result::Result<(), Refusal> {
		if self.store.is_local() {
			return Ok(());
		}
		let mut pieces = self.store.pieces();
		while let Some(piece) = pieces.try_next().await.map_err(|why| self.broken(&why))? {
			if piece.put.saturating_add(KEPT_ORPHAN) <= clock && self.remove_orphan(&piece).await? {
				swept.orphaned += 1;
			}
		}
		Ok(())
	}

	/// Removes a piece, unless its upload is still there. Returns whether it did.
	async fn remove_orphan(&self, piece: &Stored) -> std::result::Result<bool, Refusal> {
		let uploads = self.ledger.uploads_of(piece.patient).await;
		// Until this is dropped, none begins that would put a piece of the same name.
		let (uploads, _alone) = uploads.map_err(|why| self.failed(&why))?;
		if uploads.iter().any(|id| upload_name(id) == piece.upload) {
			return Ok(false);
		}
		let removed = timeout(REMOVAL, self.store.delete_piece_at(&piece.key)).await;
		removed.unwrap_or(Err(Error::Silent)).map_err(|why| self.broken(&why))?;
		Ok(true)
	}
}
