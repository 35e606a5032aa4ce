//! What was begun, and is perhaps not over: the same command, run again, goes on with it.
//!
//! A command is known by the account and by what it is to do: for files, by their places, lengths and times of change. Its
//! entry, `KEY.begun`, says what it has made so far. It holds no title, no name of a file and no key. `KEY.lock` is held as
//! long as a program works on it; the system frees it when the program is killed.
//!
//! An entry is forgotten a day after its last change. A running command renews its own, so that what it uploads outlives
//! other commands for as long as that takes.

use super::{A_DAY, Outbox, Source, UPLOAD, extension, is_old, stem};
use crate::{Result, chain::Signed};
use futures::future::{Either, select};
use medblock_platform::{
	clock::{self, Duration},
	files::Hold,
	storage::Found,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, convert::Infallible, pin::pin};

const BEGUN: &str = "begun";
const LOCK: &str = "lock";

/// The longest entry: of 128 files, in bytes.
const LONGEST: usize = 1024 * 1024;

/// The time between two renewals of an entry.
const RENEWED: Duration = Duration::from_secs(10 * 60);

/// A command: the account, and what it is to do.
pub(crate) type Key = [u8; 32];

/// What a command has made so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Begun {
	/// The time at which it made the last of it, in milliseconds since 1970.
	pub(crate) at: u64,
	/// The sources of the files that it encrypts, in hex.
	sources: BTreeSet<String>,
	/// What its transaction names.
	pub(crate) named: Vec<Named>,
	/// Its transaction, once it is signed.
	sent: Option<Sent>,
}

/// What a transaction names: ciphertext, or a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Named {
	/// The SHA-256, in hex.
	digest: String,
	/// Its name in the outbox, until a transaction names it; empty for a key.
	pub(crate) unnamed: String,
}

impl Named {
	pub(crate) fn new(digest: &[u8; 32], unnamed: &str) -> Self {
		Self { digest: hex::encode(digest), unnamed: unnamed.to_owned() }
	}

	pub(crate) fn is(&self, digest: &[u8; 32]) -> bool {
		self.digest == hex::encode(digest)
	}
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
	call: String,
	/// In hex.
	transaction: String,
	first: u32,
	last: u64,
	nonce: u64,
	/// Earlier programs did not write it down.
	spec_version: Option<u32>,
}

impl Begun {
	/// Notes the sources of what will be encrypted.
	pub(crate) fn encrypts(&mut self, sources: impl IntoIterator<Item = Source>) {
		self.sources = sources.into_iter().map(hex::encode).collect();
	}

	/// Notes what a transaction is going to name. None is signed yet.
	pub(crate) fn names(&mut self, named: Vec<Named>) {
		(self.named, self.sent, self.at) = (named, None, clock::now());
	}

	/// Notes that no block contains a transaction that names something, or ever will.
	pub(crate) fn starts_anew(&mut self) {
		self.names(Vec::new());
	}

	/// Notes the signed transaction.
	pub(crate) fn signs(&mut self, signed: &Signed) {
		let Signed { call, transaction, first, last, nonce, spec_version } = signed.clone();
		let transaction = hex::encode(transaction);
		self.sent = Some(Sent { call, transaction, first, last, nonce, spec_version });
		self.at = clock::now();
	}

	/// The signed transaction, if there is one.
	pub(crate) fn signed(&self) -> Option<Signed> {
		let Sent { call, transaction, first, last, nonce, spec_version } = self.sent.clone()?;
		let transaction = hex::decode(transaction).ok()?;
		Some(Signed { call, transaction, first, last, nonce, spec_version })
	}
}

/// A command that this program works on, and no other does.
pub(crate) struct Work {
	pub(crate) key: Key,
	pub(crate) begun: Begun,
	_hold: Hold,
}

impl Outbox {
	/// Begins a command, or goes on with it. Nothing if another program works on it.
	pub(crate) async fn begin(&self, key: Key) -> Result<Option<Work>> {
		let Some(hold) = self.files.hold(&self.of(&key, LOCK)).await? else { return Ok(None) };
		let entry = self.files.read(&self.of(&key, BEGUN), LONGEST).await;
		// One that can't be read says nothing.
		let entry = entry.ok().flatten();
		let begun = entry.and_then(|entry| serde_json::from_slice(&entry).ok());
		Ok(Some(Work { key, begun: begun.unwrap_or_default(), _hold: hold }))
	}

	/// Writes down what the command has made.
	pub(crate) async fn note(&self, key: &Key, begun: &Begun) -> Result<()> {
		let entry = serde_json::to_vec(begun).unwrap_or_default();
		Ok(self.files.replace(&self.of(key, BEGUN), &entry).await?)
	}

	/// The command is over: the same one begins anew.
	pub(crate) async fn over(&self, key: &Key) -> Result<()> {
		self.forget(&self.of(key, BEGUN)).await
	}

	/// Does some of a command's work, and renews its entry meanwhile.
	pub(crate) async fn renewing<T>(&self, work: &Work, doing: impl Future<Output = T>) -> T {
		match select(pin!(doing), pin!(self.renewed(work))).await {
			Either::Left((done, _)) => done,
			Either::Right((never, _)) => match never {},
		}
	}

	async fn renewed(&self, work: &Work) -> Infallible {
		loop {
			clock::sleep(RENEWED).await;
			if let Err(why) = self.note(&work.key, &work.begun).await {
				tracing::debug!("an entry was not renewed: {why}");
			}
		}
	}

	/// The name that ciphertext had before a transaction named it, if a command knows.
	pub(crate) async fn unnamed(&self, digest: &[u8; 32]) -> Result<Option<String>> {
		for found in self.all().await? {
			let named = self.entry(&found).await.map(|begun| begun.named).unwrap_or_default();
			if let Some(one) = named.into_iter().find(|one| one.is(digest)) {
				return Ok(Some(one.unnamed).filter(|name| !name.is_empty()));
			}
		}
		Ok(None)
	}

	/// Of these old files, the names of those that a command needs.
	pub(super) async fn needed(&self, old: &[Found]) -> Result<BTreeSet<String>> {
		let mut needed = BTreeSet::new();
		if old.is_empty() {
			return Ok(needed);
		}
		for found in self.all().await? {
			if is_old(&found) {
				continue;
			}
			let Some(begun) = self.entry(&found).await else { continue };
			needed.insert(format!("{}/{}.{LOCK}", self.folder, stem(&found.name)));
			let is_source = |name: &str| {
				let source = stem(name).split('-').nth(2);
				extension(name) == UPLOAD && source.is_some_and(|one| begun.sources.contains(one))
			};
			needed.extend(old.iter().map(|one| one.name.clone()).filter(|name| is_source(name)));
		}
		Ok(needed)
	}

	async fn entry(&self, found: &Found) -> Option<Begun> {
		if extension(&found.name) != BEGUN {
			return None;
		}
		let entry = self.files.read(&found.name, LONGEST).await.ok()??;
		serde_json::from_slice(&entry).ok()
	}

	fn of(&self, key: &Key, extension: &str) -> String {
		format!("{}/{}.{extension}", self.folder, hex::encode(key))
	}
}

impl Begun {
	/// Whether the last of it was made so long ago that the same command means something else.
	pub(crate) fn is_older_than(&self, limit: Duration) -> bool {
		let limit = u64::try_from(limit.as_millis()).unwrap_or(A_DAY);
		clock::now().saturating_sub(self.at) > limit
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_platform::Folder;
	use medblock_primitives::PatientId;
	use std::{fs, path::Path, sync::Arc, time::SystemTime};

	const KEY: Key = [3; 32];

	async fn outbox(home: &Path) -> Outbox {
		Outbox::open(Arc::new(Folder::new(home)), &[1; 32]).await.unwrap()
	}

	fn signed() -> Signed {
		let call = "MedicalRecords.add_records".to_owned();
		let transaction = vec![1, 2, 255];
		Signed { call, transaction, first: 11, last: 75, nonce: 7, spec_version: Some(1) }
	}

	#[test]
	fn entry_of_an_earlier_program_is_read() {
		let mut begun = Begun::default();
		begun.signs(&signed());
		let entry = serde_json::to_string(&begun).unwrap();
		let earlier = entry.replace(r#","specVersion":1"#, "");
		assert_ne!(earlier, entry);
		let read: Begun = serde_json::from_str(&earlier).unwrap();
		assert_eq!(read.signed(), Some(Signed { spec_version: None, ..signed() }));
	}

	/// Makes a file that was changed so many hours ago, or makes one that is there so old.
	fn age(home: &Path, name: &str, hours: u64) {
		let path = home.join(name);
		fs::create_dir_all(path.parent().unwrap()).unwrap();
		let file = fs::File::options().create(true).append(true).open(path).unwrap();
		file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3_600)).unwrap();
	}

	#[tokio::test]
	async fn command_goes_on_where_a_killed_one_has_ended() {
		let home = tempfile::tempdir().unwrap();
		let first = outbox(home.path()).await;
		let mut work = first.begin(KEY).await.unwrap().unwrap();
		assert_eq!(work.begun, Begun::default());
		assert!(outbox(home.path()).await.begin(KEY).await.unwrap().is_none(), "it is at work");
		work.begun.names(vec![Named::new(&[9; 32], "a.upload")]);
		work.begun.signs(&signed());
		first.note(&KEY, &work.begun).await.unwrap();
		let kept = work.begun.clone();
		drop(work);

		let second = outbox(home.path()).await;
		let work = second.begin(KEY).await.unwrap().unwrap();
		assert_eq!((&work.begun, work.begun.signed()), (&kept, Some(signed())));
		assert!(work.begun.named[0].is(&[9; 32]) && !work.begun.named[0].is(&[8; 32]));
		assert_eq!(second.unnamed(&[9; 32]).await.unwrap().as_deref(), Some("a.upload"));
		assert_eq!(second.unnamed(&[8; 32]).await.unwrap(), None);
		assert!(second.begin([4; 32]).await.unwrap().unwrap().begun.named.is_empty(), "another");
		second.over(&KEY).await.unwrap();
		drop(work);
		assert_eq!(second.begin(KEY).await.unwrap().unwrap().begun, Begun::default());
	}

	/// Another command that ran a day after its beginning deleted what an upload was sending.
	#[tokio::test]
	async fn upload_of_days_outlives_other_commands() {
		let home = tempfile::tempdir().unwrap();
		let here = outbox(home.path()).await;
		let sent = here.upload(PatientId(3), 4, &[7; 32], &[8; 32]);
		let abandoned = here.upload(PatientId(3), 4, &[6; 32], &[8; 32]);
		let mut work = here.begin(KEY).await.unwrap().unwrap();
		work.begun.encrypts([[7; 32]]);
		here.note(&KEY, &work.begun).await.unwrap();
		for name in [&sent, &abandoned, &here.of(&KEY, LOCK)] {
			age(home.path(), name, 50);
		}
		outbox(home.path()).await;
		assert!(home.path().join(&sent).exists());
		assert!(home.path().join(here.of(&KEY, LOCK)).exists(), "a second lock could be had");
		assert!(!home.path().join(&abandoned).exists());

		// A command that was never run again.
		for name in [&sent, &here.of(&KEY, LOCK), &here.of(&KEY, BEGUN)] {
			age(home.path(), name, 50);
		}
		outbox(home.path()).await;
		assert!(here.all().await.unwrap().is_empty());
	}
}
