//! The vault on this machine's disk and on a service that speaks S3's protocol, without HTTP and
//! without a chain.

mod bucket;
mod collecting;
mod disk;
mod quotas;
mod uploads;

use super::{
	ledger::Quotas,
	receive::{Part, Received, Whole},
	staging::UploadId,
	store::Store,
	*,
};
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	metrics::Metrics,
	state::{Place, State},
};
use bytes::Bytes;
use futures::stream;
use medblock_crypto::{Headers, Identity, encrypt};
use medblock_primitives::{HospitalId, PatientId};
use sha2::{Digest as _, Sha256};
use std::{io, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;

const PATIENT: PatientId = PatientId(7);
const ALICE: [u8; 32] = [1; 32];
const BOB: [u8; 32] = [2; 32];
const NOW: Moment = 1_780_000_000_000;

/// An encrypted file with a body of so many bytes.
fn age_file(length: usize) -> Vec<u8> {
	let headers = Headers {
		title: "Letter".into(),
		media_type: "text/plain".into(),
		file_name: None,
		written_at: None,
	};
	let body = vec![b'x'; length];
	let mut file = Vec::new();
	let key = Identity::from_seed([9; 32]).public_key();
	encrypt(&[key], &headers, &body[..], length as u64, &mut file).unwrap();
	file
}

fn digest_of(file: &[u8]) -> Digest {
	Digest(Sha256::digest(file).into())
}

/// A vault in a folder of its own.
struct Setup {
	folder: TempDir,
	vault: Vault,
}

impl Setup {
	async fn new() -> Self {
		Self::with(limits()).await
	}

	async fn with(limits: Limits) -> Self {
		let folder = tempfile::tempdir().unwrap();
		prepare(folder.path()).unwrap();
		let vault = open(folder.path(), limits).await;
		Self { folder, vault }
	}

	/// As after the process was killed and started again.
	async fn restarted(self) -> Self {
		let limits = self.vault.limits.clone();
		let Self { folder, vault } = self;
		drop(vault);
		let vault = open(folder.path(), limits).await;
		Self { folder, vault }
	}

	/// As after the database was lost.
	async fn forgets(&self) {
		let state = state(self.folder.path()).await;
		for table in ["files", "uploaders", "uploads", "quota_use"] {
			state.run(&format!("DELETE FROM {table}"), Vec::new()).await.unwrap();
		}
	}

	fn staged(&self) -> usize {
		files_below(&self.folder.path().join("staging"))
	}

	fn blobs(&self) -> usize {
		files_below(&self.folder.path().join("blobs"))
	}
}

fn limits() -> Limits {
	let room = 1 << 30;
	Limits {
		max_file: 64 << 20,
		quotas: Quotas {
			per_account: room,
			per_patient: room,
			pending: 1 << 20,
			unnamed: u64::MAX,
		},
		reserve: 0,
		idle: Duration::from_secs(5),
		sweep_percent: 2,
	}
}

async fn open(folder: &Path, limits: Limits) -> Vault {
	let store = Store::folder(&folder.join("blobs")).unwrap();
	let metrics = Arc::new(Metrics::new().unwrap());
	Vault::open(folder, state(folder).await, store, limits, metrics).unwrap()
}

async fn state(folder: &Path) -> State {
	let place = Place::File(folder.join("state.sqlite"));
	State::open(&place, HospitalId(0)).await.unwrap()
}

fn files_below(folder: &Path) -> usize {
	let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
	entries.map(|one| if one.path().is_dir() { files_below(&one.path()) } else { 1 }).sum()
}

fn uploader(account: [u8; 32], digest: Digest) -> Uploader {
	let id = UploadId { blob: BlobId { patient: PATIENT, digest }, account };
	Uploader { id, is_patient: false, pending: false }
}

fn patient(digest: Digest) -> Uploader {
	Uploader { is_patient: true, ..uploader(ALICE, digest) }
}

fn part(offset: usize, length: usize) -> Part {
	Part { offset: offset as u64, length: Some(length as u64), body: None, prepared: false }
}

/// A body in pieces of a few bytes to many.
fn body(bytes: &[u8]) -> impl futures::Stream<Item = io::Result<Bytes>> + use<> {
	let mut pieces = Vec::new();
	let mut rest = Bytes::copy_from_slice(bytes);
	for size in [1usize, 7, 1_000, 60_000].into_iter().cycle() {
		if rest.is_empty() {
			break;
		}
		pieces.push(Ok(rest.split_to(size.min(rest.len()))));
	}
	stream::iter(pieces)
}

/// A body that breaks off.
fn broken(bytes: &[u8]) -> impl futures::Stream<Item = io::Result<Bytes>> + use<> {
	use futures::StreamExt;
	body(bytes).chain(stream::iter([Err(io::ErrorKind::ConnectionReset.into())]))
}

impl Vault {
	/// Sends bytes as the part that they are.
	async fn send(
		&self,
		who: &Uploader,
		file: &[u8],
		range: std::ops::Range<usize>,
	) -> Result<Received, Refusal> {
		let part = part(range.start, file.len());
		self.receive(who, part, body(&file[range]), NOW).await
	}

	/// Uploads a whole file.
	async fn upload(&self, who: &Uploader, file: &[u8]) -> Result<(), Refusal> {
		let whole = whole(self.send(who, file, 0..file.len()).await?);
		self.keep(whole, NOW).await
	}

	/// What is there under a name.
	async fn content(&self, who: &Uploader) -> Option<Vec<u8>> {
		let blob = who.id.blob;
		let length = self.length(&blob).await.unwrap()?;
		Some(self.bytes(&blob, 0..length).await)
	}

	async fn bytes(&self, blob: &BlobId, range: std::ops::Range<u64>) -> Vec<u8> {
		let mut segment = self.read(blob, range).await.unwrap();
		let mut all = Vec::new();
		while let Some(piece) = self.next(&mut segment).await.unwrap() {
			all.extend_from_slice(&piece);
		}
		all
	}
}

fn whole(received: Received) -> Whole {
	match received {
		Received::Whole(whole) => whole,
		Received::Part { offset, .. } => panic!("only {offset} bytes"),
	}
}

fn offset(received: Received) -> u64 {
	match received {
		Received::Part { offset, .. } => offset,
		Received::Whole(_) => panic!("it is complete"),
	}
}
