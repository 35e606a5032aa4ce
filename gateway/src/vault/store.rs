//! The store of complete files: a folder, or a bucket of a service that speaks S3's protocol.
//!
//! A file appears in the store in one step, and never changes.

use super::{lease::Hold, receive::blocking};
use crate::{blob::BlobId, errors::Refusal, files, metrics::Metrics};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use medblock_primitives::PatientId;
use medblock_vault_protocol::{is_private, paths::parse_number};
use object_store::{
	ClientConfigKey, GetOptions, GetRange, GetResultPayload, MultipartUpload, ObjectStore,
	ObjectStoreExt, RetryConfig,
	aws::{AmazonS3Builder, AmazonS3ConfigKey},
	local::LocalFileSystem,
	path::Path as Key,
};
use std::{
	fs::File,
	io::{self, Read, Seek, SeekFrom},
	ops::Range,
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use url::Url;

/// The folder of files on their way from another file system. No patient's folder has a name like that.
const MOVING: &str = "moving";
/// The folder of damaged files that an administrator has set aside.
const DAMAGED: &str = "damaged";
/// Bytes that are read at a time. An answer keeps a few of these pieces in memory, for as long as its reader takes.
const CHUNK: u64 = 128 * 1024;
/// The least bytes that are sent to a bucket at a time.
const PART: u64 = 8 * 1024 * 1024;
/// How long a bucket's service may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// The most parts of an object in S3's protocol.
const MAX_PARTS: u64 = 10_000;
/// The time limit for a request with a part of a file, either way: a part at 16 KiB a second.
const TRANSFER: Duration = Duration::from_secs(10 * 60);

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The disk failed.
	#[error(transparent)]
	Disk(#[from] io::Error),
	/// The service failed.
	#[error(transparent)]
	Service(#[from] object_store::Error),
	/// The service does not have a file that it was given, or has other bytes.
	#[error("the store doesn't have what it was given")]
	Lost,
	/// This gateway may not change the bucket now: it could not renew its hold, or has none yet.
	#[error("this gateway doesn't hold the bucket now")]
	NotHeld,
	/// The service does not answer.
	#[error("the service says nothing")]
	Silent,
}

impl Error {
	/// The part of the error that may be logged: without paths, which contain digests.
	pub fn kind(&self) -> String {
		match self {
			Self::Disk(why) => why.to_string(),
			Self::Service(why) => match why {
				object_store::Error::NotFound { .. } => "not found".into(),
				object_store::Error::PermissionDenied { .. } => "permission denied".into(),
				object_store::Error::Unauthenticated { .. } => "not authenticated".into(),
				_ => "the service failed".into(),
			},
			Self::Lost | Self::NotHeld | Self::Silent => self.to_string(),
		}
	}

	/// Counts and logs a failure in a request, and gives its refusal.
	pub fn refused(&self, metrics: &Metrics) -> Refusal {
		metrics.failures.with_label_values(&["store"]).inc();
		tracing::error!(why = self.kind(), "the vault's store fails");
		self.refusal()
	}

	/// The refusal of a request for which the store failed.
	pub fn refusal(&self) -> Refusal {
		match self {
			Self::Disk(why) => Refusal::from_io(why),
			Self::Service(_) | Self::Lost | Self::NotHeld | Self::Silent => Refusal::StoreFailed,
		}
	}
}

pub(super) type Result<T> = std::result::Result<T, Error>;

/// The store of complete files.
#[derive(Clone)]
pub struct Store {
	pub(super) objects: Arc<dyn ObjectStore>,
	/// The same objects, for requests with files' bytes, which take as long as a line takes.
	pub(super) transfers: Arc<dyn ObjectStore>,
	pub(super) prefix: Key,
	/// The folder, unless it is a bucket.
	pub(super) folder: Option<PathBuf>,
	/// The hold without which this gateway changes nothing. A folder needs none, since it has a lock.
	pub(super) hold: Option<Arc<Hold>>,
	/// The bucket's name, if it is one.
	pub(super) bucket: Option<String>,
}

/// Bytes of a file, in order.
pub enum Segment {
	/// Bytes of a file on this machine.
	File(Option<std::io::Take<File>>),
	/// Bytes from a service.
	Stream(BoxStream<'static, object_store::Result<Bytes>>),
}

impl Store {
	/// A store in an existing folder.
	pub fn folder(folder: &Path) -> Result<Self> {
		files::remove_folder_if_there(&folder.join(MOVING))?;
		Self::used_folder(folder)
	}

	/// A store in a folder that a gateway may use at the same time.
	pub fn used_folder(folder: &Path) -> Result<Self> {
		let objects = Arc::new(LocalFileSystem::new_with_prefix(folder)?);
		let (transfers, folder) = (objects.clone(), Some(folder.to_owned()));
		Ok(Self { objects, transfers, prefix: Key::default(), folder, hold: None, bucket: None })
	}

	/// A store in a bucket, given as `s3://bucket/prefix`. Keys and region come from the environment
	/// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, …).
	pub fn bucket(url: &Url, endpoint: Option<&Url>) -> Result<Self> {
		Self::with_builder(AmazonS3Builder::from_env(), url, endpoint)
	}

	pub(super) fn with_builder(
		builder: AmazonS3Builder,
		url: &Url,
		endpoint: Option<&Url>,
	) -> Result<Self> {
		// Few: clients wait in the meantime, and try again themselves.
		let retry =
			|retry_timeout| RetryConfig { max_retries: 3, retry_timeout, ..Default::default() };
		let bucket = url.host_str().unwrap_or_default().to_owned();
		let mut builder = builder.with_bucket_name(&bucket);
		if let Some(endpoint) = endpoint {
			builder = builder
				.with_endpoint(endpoint.as_str().trim_end_matches('/'))
				.with_allow_http(endpoint.scheme() == "http" && is_private(endpoint));
		}
		let prefix = Key::parse(url.path().trim_matches('/'))
			.map_err(|why| Error::Disk(io::Error::other(why)))?;
		let limit = AmazonS3ConfigKey::Client(ClientConfigKey::Timeout);
		let slow = builder.clone().with_config(limit, format!("{}s", TRANSFER.as_secs()));
		let transfers = Arc::new(slow.with_retry(retry(TRANSFER)).build()?);
		let objects = Arc::new(builder.with_retry(retry(Duration::from_secs(20))).build()?);
		let bucket = Some(bucket);
		Ok(Self { objects, transfers, prefix, folder: None, hold: None, bucket })
	}

	/// The same store, which is changed only while a [`Lease`](super::lease::Lease) holds it.
	pub fn leased(self) -> Self {
		Self { hold: Some(Arc::default()), ..self }
	}

	/// Fails if this gateway may not change the bucket now.
	pub(super) fn ensure_held(&self) -> Result<()> {
		match &self.hold {
			Some(hold) if !hold.lasts() => Err(Error::NotHeld),
			_ => Ok(()),
		}
	}

	/// Whether this gateway may change the store now.
	pub fn is_held(&self) -> bool {
		self.ensure_held().is_ok()
	}

	/// Whether the store is on this machine's disks.
	pub fn is_local(&self) -> bool {
		self.folder.is_some()
	}

	fn key(&self, blob: &BlobId) -> Key {
		let path = blob.path();
		path.split('/').fold(self.prefix.clone(), |key, part| key.join(part))
	}

	/// A file's length, if it is in the store.
	pub async fn size(&self, blob: &BlobId) -> Result<Option<u64>> {
		match heard(self.objects.head(&self.key(blob))).await? {
			Ok(meta) => Ok(Some(meta.size)),
			Err(object_store::Error::NotFound { .. }) => Ok(None),
			Err(why) => Err(why.into()),
		}
	}

	/// Sends a file on this machine to the bucket, in full or not at all.
	pub async fn send(&self, blob: &BlobId, from: &Path) -> Result<()> {
		self.ensure_held()?;
		let mut upload = self.transfers.put_multipart(&self.key(blob)).await?;
		// Sending may take longer than the hold lasts.
		let sent = send_parts(upload.as_mut(), from).await.and_then(|()| self.ensure_held());
		let completed = match sent {
			Ok(()) => upload.complete().await.map(drop).map_err(Error::from),
			failed => failed,
		};
		// No list of the bucket's files has the parts, and the hospital would pay for them.
		if completed.is_err() {
			let _ = upload.abort().await;
		}
		completed
	}

	/// Moves a file on this machine into the folder. For a bucket, to which it was sent before, checks that it is
	/// there.
	pub async fn put(&self, blob: &BlobId, from: &Path, length: u64) -> Result<()> {
		let Some(folder) = &self.folder else {
			return match self.size(blob).await? {
				Some(size) if size == length => Ok(()),
				_ => Err(Error::Lost),
			};
		};
		let (from, to) = (from.to_owned(), folder.join(blob.path()));
		let (root, beside) = (folder.clone(), blob.path().replace('/', "-"));
		blocking(move || {
			make_folders(&root, &to)?;
			match files::rename(&from, &to) {
				// The folder is a disk of its own.
				Err(why) if why.kind() == io::ErrorKind::CrossesDevices => {
					let moving = root.join(MOVING);
					files::create_folder(&moving)?;
					files::move_over(&from, &moving.join(beside), &to)
				},
				renamed => renamed,
			}
		})
		.await?;
		Ok(())
	}

	/// Removes a file, if it is in the store.
	pub async fn delete(&self, blob: &BlobId) -> Result<()> {
		self.ensure_held()?;
		match heard(self.objects.delete(&self.key(blob))).await? {
			Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
			Err(why) => Err(why.into()),
		}
	}

	/// Moves a file of a folder to where no reader gets it. Returns whether it was still there.
	pub async fn set_aside(&self, blob: &BlobId) -> Result<bool> {
		// A bucket can be changed only by the gateway that holds it.
		let folder = self.folder.clone().ok_or(Error::NotHeld)?;
		let from = folder.join(blob.path());
		let aside = folder.join(DAMAGED);
		let to = aside.join(blob.path().replace('/', "-"));
		blocking(move || {
			files::create_folder(&aside)?;
			match files::rename(&from, &to) {
				// The gateway has deleted it meanwhile.
				Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
				renamed => renamed?,
			}
			files::sync_folder_of(&from)?;
			Ok(true)
		})
		.await
		.map_err(Error::from)
	}

	/// A range of bytes of a file in the store.
	pub async fn read(&self, blob: &BlobId, range: Range<u64>) -> Result<Segment> {
		let options =
			GetOptions { range: Some(GetRange::Bounded(range.clone())), ..Default::default() };
		let found = heard(self.transfers.get_opts(&self.key(blob), options)).await??;
		if found.range != range {
			return Err(Error::Lost);
		}
		Ok(match found.payload {
			GetResultPayload::File(mut file, _) => {
				let from = range.start;
				let file = blocking(move || {
					file.seek(SeekFrom::Start(from))?;
					Ok(file)
				});
				Segment::File(Some(file.await?.take(range.end.saturating_sub(range.start))))
			},
			GetResultPayload::Stream(stream) => Segment::Stream(stream),
		})
	}

	/// The patients with files.
	pub async fn patients(&self) -> Result<Vec<PatientId>> {
		let found = self.objects.list_with_delimiter(Some(&self.prefix)).await?;
		let last = |key: Key| key.filename().and_then(parse_number);
		Ok(found.common_prefixes.into_iter().filter_map(last).map(PatientId).collect())
	}

	/// A patient's files with their lengths.
	pub fn blobs(&self, patient: PatientId) -> BoxStream<'static, Result<(BlobId, u64)>> {
		let below = self.prefix.clone().join(patient.0.to_string());
		let prefix = self.prefix.clone();
		self.objects
			.list(Some(&below))
			.map_err(Error::from)
			.try_filter_map(move |meta| {
				let blob = blob_at(&prefix, &meta.location);
				futures::future::ready(Ok(blob.map(|blob| (blob, meta.size))))
			})
			.boxed()
	}

	/// The file that an object is, if it is one.
	pub(super) fn blob_at(&self, object: &Key) -> Option<BlobId> {
		blob_at(&self.prefix, object)
	}
}

impl Segment {
	/// The next bytes; none at the end.
	pub async fn next(&mut self) -> Result<Option<Bytes>> {
		match self {
			Self::Stream(stream) => Ok(heard(stream.try_next()).await??),
			Self::File(slot) => {
				let Some(mut file) = slot.take() else { return Ok(None) };
				let (file, chunk) = blocking(move || {
					let wanted = file.limit().min(CHUNK);
					let mut chunk = Vec::with_capacity(wanted as usize);
					(&mut file).take(wanted).read_to_end(&mut chunk)?;
					Ok((file, chunk))
				})
				.await?;
				if chunk.is_empty() {
					return match file.limit() {
						0 => Ok(None),
						_ => Err(Error::Lost),
					};
				}
				*slot = Some(file);
				Ok(Some(chunk.into()))
			},
		}
	}
}

fn blob_at(prefix: &Key, object: &Key) -> Option<BlobId> {
	let parts: Vec<_> = object.prefix_match(prefix)?.map(|part| part.as_ref().to_owned()).collect();
	BlobId::at_path(&parts.join("/"))
}

/// Waits for a service, and not for ever.
pub(super) async fn heard<T>(work: impl Future<Output = T>) -> Result<T> {
	tokio::time::timeout(SILENCE, work).await.map_err(|_| Error::Silent)
}

/// Sends a file in parts of equal length, two at a time.
async fn send_parts(upload: &mut dyn MultipartUpload, from: &Path) -> Result<()> {
	let from = from.to_owned();
	let file = blocking(move || {
		let file = File::open(from)?;
		let length = file.metadata()?.len();
		Ok((file, length))
	});
	let (mut file, length) = file.await?;
	let size = PART.max(length.div_ceil(MAX_PARTS));
	let mut sending = None;
	loop {
		let (again, part) = blocking(move || {
			let mut part = Vec::with_capacity(size as usize);
			(&mut file).take(size).read_to_end(&mut part)?;
			Ok((file, part))
		})
		.await?;
		file = again;
		if let Some(before) = sending.take() {
			let before: tokio::task::JoinHandle<object_store::Result<()>> = before;
			before.await.map_err(io::Error::other)??;
		}
		if part.is_empty() {
			return Ok(());
		}
		sending = Some(tokio::spawn(upload.put_part(part.into())));
	}
}

/// Creates the folders above the file durably, before the file.
pub(super) fn make_folders(root: &Path, file: &Path) -> io::Result<()> {
	let Some(folder) = file.parent() else { return Ok(()) };
	if folder.exists() {
		return Ok(());
	}
	files::create_folder(folder)?;
	let mut at = folder;
	while at != root {
		files::sync_folder_of(at)?;
		match at.parent() {
			Some(above) => at = above,
			None => break,
		}
	}
	Ok(())
}
