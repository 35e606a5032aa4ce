//! The store of complete files: a folder, or a bucket of a service that speaks S3's protocol.
//!
//! A file appears in the store in one step, and never changes.

use super::receive::blocking;
use crate::{blob::BlobId, errors::Refusal, files};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use medblock_primitives::PatientId;
use medblock_vault_protocol::{is_private, paths::parse_number};
use object_store::{
	GetOptions, GetRange, GetResultPayload, MultipartUpload, ObjectStore, ObjectStoreExt,
	RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Key,
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

/// Bytes that are read at a time.
const CHUNK: u64 = 512 * 1024;
/// The least bytes that are sent to a bucket at a time.
const PART: u64 = 8 * 1024 * 1024;
/// The most parts of an object in S3's protocol.
const MAX_PARTS: u64 = 10_000;

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
			Self::Lost => self.to_string(),
		}
	}

	/// The refusal of a request for which the store failed.
	pub fn refusal(&self) -> Refusal {
		match self {
			Self::Disk(why) => Refusal::from_io(why),
			Self::Service(_) | Self::Lost => Refusal::StoreFailed,
		}
	}
}

pub(super) type Result<T> = std::result::Result<T, Error>;

/// The store of complete files.
#[derive(Clone)]
pub struct Store {
	pub(super) objects: Arc<dyn ObjectStore>,
	pub(super) prefix: Key,
	/// The folder, unless it is a bucket.
	pub(super) folder: Option<PathBuf>,
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
		let objects = Arc::new(LocalFileSystem::new_with_prefix(folder)?);
		Ok(Self { objects, prefix: Key::default(), folder: Some(folder.to_owned()) })
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
		let retry = RetryConfig {
			max_retries: 3,
			retry_timeout: Duration::from_secs(20),
			..Default::default()
		};
		let mut builder =
			builder.with_bucket_name(url.host_str().unwrap_or_default()).with_retry(retry);
		if let Some(endpoint) = endpoint {
			builder = builder
				.with_endpoint(endpoint.as_str().trim_end_matches('/'))
				.with_allow_http(endpoint.scheme() == "http" && is_private(endpoint));
		}
		let prefix = Key::parse(url.path().trim_matches('/'))
			.map_err(|why| Error::Disk(io::Error::other(why)))?;
		Ok(Self { objects: Arc::new(builder.build()?), prefix, folder: None })
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
		match self.objects.head(&self.key(blob)).await {
			Ok(meta) => Ok(Some(meta.size)),
			Err(object_store::Error::NotFound { .. }) => Ok(None),
			Err(why) => Err(why.into()),
		}
	}

	/// Sends a file on this machine to the bucket, in full or not at all.
	pub async fn send(&self, blob: &BlobId, from: &Path) -> Result<()> {
		let mut upload = self.objects.put_multipart(&self.key(blob)).await?;
		let sent = send_parts(upload.as_mut(), from).await;
		if let Err(why) = sent {
			let _ = upload.abort().await;
			return Err(why);
		}
		upload.complete().await?;
		Ok(())
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
		let root = folder.clone();
		blocking(move || {
			make_folders(&root, &to)?;
			files::rename(&from, &to)
		})
		.await?;
		Ok(())
	}

	/// Removes a file, if it is in the store.
	pub async fn delete(&self, blob: &BlobId) -> Result<()> {
		match self.objects.delete(&self.key(blob)).await {
			Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
			Err(why) => Err(why.into()),
		}
	}

	/// A range of bytes of a file in the store.
	pub async fn read(&self, blob: &BlobId, range: Range<u64>) -> Result<Segment> {
		let options =
			GetOptions { range: Some(GetRange::Bounded(range.clone())), ..Default::default() };
		let found = self.objects.get_opts(&self.key(blob), options).await?;
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
		let name = move |key: &Key| {
			let parts = key.prefix_match(&prefix)?;
			let parts: Vec<_> = parts.map(|part| part.as_ref().to_owned()).collect();
			BlobId::at_path(&parts.join("/"))
		};
		self.objects
			.list(Some(&below))
			.map_err(Error::from)
			.try_filter_map(move |meta| {
				futures::future::ready(Ok(name(&meta.location).map(|blob| (blob, meta.size))))
			})
			.boxed()
	}
}

impl Segment {
	/// The next bytes; none at the end.
	pub async fn next(&mut self) -> Result<Option<Bytes>> {
		match self {
			Self::Stream(stream) => Ok(stream.try_next().await?),
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
