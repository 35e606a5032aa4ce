//! Ciphertext in flight, kept on this device until the chain names it and the vault has it; and after that, until a
//! mirror or a back-up has it, too.
//!
//! Each chain has a folder of its own, because patients' numbers are specific to a chain. Beside what commands that were
//! begun write down ([`begun`]), a file in it has one of three names:
//!
//! - `PATIENT-EPOCH-SOURCE-DIGEST.upload` before any transaction names it. SOURCE identifies the plaintext
//!   and, of a due chart, the doctors that it is encrypted to. So the same command resumes the upload as
//!   long as these and the chart's epoch are the same. The outbox deletes the file after a day, unless a command that
//!   needs it is still at work.
//! - `PATIENT-DIGEST-UNTIL.age` from then on. UNTIL is a block after which no transaction that names it
//!   can be included any more. A clock would not do: the chain may stand still for days.
//! - `PATIENT-ITEM-DIGEST-SINCE.kept` once the chain names it and its vault has it, until there is a second copy. ITEM is
//!   the record's number, or `profile`. SINCE is the chain's time when the vault had it, in milliseconds.

pub(crate) mod begun;

use crate::{Result, vault::Item};
use medblock_platform::{
	Files, clock,
	files::{File, Scratch},
	storage::Found,
};
use medblock_primitives::*;
use std::sync::Arc;

const UPLOAD: &str = "upload";
const SENT: &str = "age";
const KEPT: &str = "kept";

/// The bytes of copies that are kept although a vault has them. Browsers give less room.
const MOST_KEPT: u64 = if cfg!(target_family = "wasm") { 512 << 20 } else { 16 << 30 };

/// The milliseconds for which the outbox keeps ciphertext that no transaction names.
const A_DAY: u64 = 24 * 60 * 60 * 1_000;

/// A digest of the plaintext, or of data that identifies it.
pub(crate) type Source = [u8; 32];

/// A folder for ciphertext in flight.
pub(crate) struct Outbox {
	files: Arc<dyn Files>,
	folder: String,
}

/// Ciphertext that a transaction may name.
pub(crate) struct Waiting {
	pub(crate) name: String,
	pub(crate) digest: [u8; 32],
	/// The block after which a transaction that names it can't be included any more.
	pub(crate) until: u32,
}

/// A copy of what a vault has, until there is a second one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
	pub(crate) name: String,
	pub(crate) item: Item,
	pub(crate) digest: [u8; 32],
	/// The chain's time when the vault had it.
	pub(crate) since: Moment,
}

impl Outbox {
	/// The folder for a chain. Deletes the old attempts that were left there, and the oldest copies if there are too
	/// many.
	pub(crate) async fn open(files: Arc<dyn Files>, genesis: &[u8; 32]) -> Result<Self> {
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		let outbox = Self { files, folder: format!("outbox/{chain}") };
		let (mut copies, mut old) = (Vec::new(), Vec::new());
		for found in outbox.all().await? {
			match extension(&found.name) {
				SENT => {},
				KEPT => copies.push(found),
				_ if is_old(&found) => old.push(found),
				_ => {},
			}
		}
		let needed = outbox.needed(&old).await?;
		let old = old.into_iter().map(|found| found.name).filter(|name| !needed.contains(name));
		for name in old.chain(too_many(copies)) {
			// In a home that can't be written to, what can be read is to be read all the same.
			if let Err(why) = outbox.forget(&name).await {
				tracing::debug!("what is old was not deleted: {why}");
			}
		}
		Ok(outbox)
	}

	/// Whether files are there when the program is started again.
	pub(crate) fn lasts(&self) -> bool {
		self.files.lasts()
	}

	/// A file without a name, for ciphertext in the making, and for downloads.
	pub(crate) async fn scratch(&self) -> Result<Scratch> {
		Ok(self.files.scratch(&self.folder).await?)
	}

	/// Names a scratch file.
	pub(crate) async fn keep(&self, scratch: Scratch, name: &str) -> Result<()> {
		Ok(self.files.keep(scratch, name).await?)
	}

	/// Opens a file; nothing if it is not there.
	pub(crate) async fn file(&self, name: &str) -> Result<Option<File>> {
		Ok(self.files.open(name).await?)
	}

	/// Gives a file another name.
	pub(crate) async fn rename(&self, from: &str, to: &str) -> Result<()> {
		Ok(self.files.rename(from, to).await?)
	}

	/// Deletes a file.
	pub(crate) async fn forget(&self, name: &str) -> Result<()> {
		Ok(self.files.remove(name).await?)
	}

	/// The name and digest of the ciphertext that an earlier attempt made of this source for the
	/// same epoch.
	pub(crate) async fn encrypted(
		&self,
		patient: PatientId,
		epoch: Epoch,
		source: &Source,
	) -> Result<Option<(String, [u8; 32])>> {
		let prefix = format!("{}-{epoch}-{}-", patient.0, hex::encode(source));
		for Found { name, .. } in self.all().await? {
			let digest = stem(&name).strip_prefix(&prefix).and_then(digest_of);
			if let (UPLOAD, Some(digest)) = (extension(&name), digest) {
				return Ok(Some((name, digest)));
			}
		}
		Ok(None)
	}

	/// The name of ciphertext before its upload.
	pub(crate) fn upload(
		&self,
		patient: PatientId,
		epoch: Epoch,
		source: &Source,
		digest: &[u8; 32],
	) -> String {
		let (source, digest) = (hex::encode(source), hex::encode(digest));
		format!("{}/{}-{epoch}-{source}-{digest}.{UPLOAD}", self.folder, patient.0)
	}

	/// The name of ciphertext once a transaction is about to name it.
	pub(crate) fn sent(&self, patient: PatientId, digest: &[u8; 32], until: u32) -> String {
		format!("{}/{}-{}-{until}.{SENT}", self.folder, patient.0, hex::encode(digest))
	}

	/// The name of a copy of what a vault has.
	pub(crate) fn kept(
		&self,
		patient: PatientId,
		item: Item,
		digest: &[u8; 32],
		since: Moment,
	) -> String {
		let item = match item {
			Item::Profile => PROFILE.to_owned(),
			Item::Record(index) => index.to_string(),
		};
		let digest = hex::encode(digest);
		format!("{}/{}-{item}-{digest}-{since}.{KEPT}", self.folder, patient.0)
	}

	/// The copies of what vaults have of a chart, the newest first.
	pub(crate) async fn copies(&self, patient: PatientId) -> Result<Vec<Kept>> {
		let all = self.all().await?.into_iter().filter_map(|found| copy(found.name));
		let mut copies: Vec<Kept> =
			all.filter(|(of, _)| *of == patient).map(|(_, kept)| kept).collect();
		copies.sort_by_key(|kept| std::cmp::Reverse(kept.since));
		Ok(copies)
	}

	/// The patients of whose charts something is here that a vault may need.
	pub(crate) async fn patients(&self) -> Result<Vec<PatientId>> {
		let all = self.all().await?.into_iter();
		let sent = all.filter(|found| [SENT, KEPT].contains(&extension(&found.name)));
		let patient = |found: Found| stem(&found.name).split_once('-')?.0.parse().ok();
		let mut patients: Vec<_> = sent.filter_map(patient).map(PatientId).collect();
		patients.sort_unstable();
		patients.dedup();
		Ok(patients)
	}

	/// The files that transactions about a chart may name.
	pub(crate) async fn waiting(&self, patient: PatientId) -> Result<Vec<Waiting>> {
		let prefix = format!("{}-", patient.0);
		let mut waiting = Vec::new();
		for Found { name, .. } in self.all().await? {
			if extension(&name) != SENT {
				continue;
			}
			let parts = stem(&name).strip_prefix(&prefix).and_then(|rest| rest.split_once('-'));
			let Some((digest, until)) = parts else { continue };
			if let (Some(digest), Ok(until)) = (digest_of(digest), until.parse()) {
				waiting.push(Waiting { name, digest, until });
			}
		}
		Ok(waiting)
	}

	async fn all(&self) -> Result<Vec<Found>> {
		Ok(self.files.list(&format!("{}/", self.folder)).await?)
	}
}

/// What stands for the profile in a name.
const PROFILE: &str = "profile";

/// The patient and the copy that a name tells of.
fn copy(name: String) -> Option<(PatientId, Kept)> {
	if extension(&name) != KEPT {
		return None;
	}
	let mut parts = stem(&name).splitn(4, '-');
	let patient = PatientId(parts.next()?.parse().ok()?);
	let item = match parts.next()? {
		PROFILE => Item::Profile,
		index => Item::Record(index.parse().ok()?),
	};
	let (digest, since) = (digest_of(parts.next()?)?, parts.next()?.parse().ok()?);
	Some((patient, Kept { name, item, digest, since }))
}

/// The oldest of these copies, of which the others leave no room.
fn too_many(mut copies: Vec<Found>) -> Vec<String> {
	copies.sort_by_key(|found| std::cmp::Reverse(found.modified));
	let mut bytes = 0_u64;
	copies.retain(|found| {
		bytes = bytes.saturating_add(found.length);
		bytes > MOST_KEPT
	});
	copies.into_iter().map(|found| found.name).collect()
}

fn extension(name: &str) -> &str {
	name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The name without its folder and its extension.
fn stem(name: &str) -> &str {
	let base = name.rsplit_once('/').map_or(name, |(_, base)| base);
	base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

fn digest_of(text: &str) -> Option<[u8; 32]> {
	let mut digest = [0; 32];
	hex::decode_to_slice(text, &mut digest).ok().map(|()| digest)
}

fn is_old(found: &Found) -> bool {
	// A file of which that is not known is kept.
	found.modified > 0 && clock::now().saturating_sub(found.modified) > A_DAY
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_platform::Folder;
	use std::{
		fs,
		path::Path,
		time::{Duration, SystemTime},
	};

	const ANA: PatientId = PatientId(3);
	const BEN: PatientId = PatientId(31);

	async fn outbox(home: &Path, genesis: u8) -> Outbox {
		Outbox::open(Arc::new(Folder::new(home)), &[genesis; 32]).await.unwrap()
	}

	fn touch(home: &Path, name: &str, hours_ago: u64) {
		let path = home.join(name);
		fs::create_dir_all(path.parent().unwrap()).unwrap();
		let file = fs::File::create(path).unwrap();
		file.set_modified(SystemTime::now() - Duration::from_secs(hours_ago * 3_600)).unwrap();
	}

	#[tokio::test]
	async fn earlier_attempt_is_found_for_the_same_source_chart_and_epoch_only() {
		let home = tempfile::tempdir().unwrap();
		let here = outbox(home.path(), 1).await;
		let name = here.upload(ANA, 4, &[7; 32], &[9; 32]);
		touch(home.path(), &name, 1);
		assert_eq!(here.encrypted(ANA, 4, &[7; 32]).await.unwrap(), Some((name, [9; 32])));
		for (patient, epoch, source, why) in [
			(ANA, 5, 7, "sealed to another key"),
			(ANA, 4, 8, "of another file"),
			(BEN, 4, 7, "of another chart"),
		] {
			assert_eq!(here.encrypted(patient, epoch, &[source; 32]).await.unwrap(), None, "{why}");
		}
		let elsewhere = outbox(home.path(), 2).await;
		assert_eq!(elsewhere.encrypted(ANA, 4, &[7; 32]).await.unwrap(), None, "on another chain");
		assert_eq!(here.waiting(ANA).await.unwrap().len(), 0, "nothing names it");
	}

	#[tokio::test]
	async fn what_a_transaction_may_name_outlives_every_clock() {
		let home = tempfile::tempdir().unwrap();
		let before = outbox(home.path(), 1).await;
		touch(home.path(), &before.sent(ANA, &[9; 32], 700), 24 * 30);
		touch(home.path(), &before.upload(ANA, 4, &[7; 32], &[8; 32]), 25);
		touch(home.path(), &format!("{}/.tmp1234", before.folder), 25);
		touch(home.path(), &format!("{}/.tmp5678", before.folder), 23);
		let after = outbox(home.path(), 1).await;
		let waiting = after.waiting(ANA).await.unwrap();
		assert_eq!(
			waiting.iter().map(|one| (one.digest, one.until)).collect::<Vec<_>>(),
			[([9; 32], 700)]
		);
		assert_eq!(after.waiting(BEN).await.unwrap().len(), 0);
		assert_eq!(after.all().await.unwrap().len(), 2, "what was left behind long ago is gone");
	}

	/// Each command failed from the second day on.
	#[tokio::test]
	async fn what_is_not_ours_stops_no_command() {
		let home = tempfile::tempdir().unwrap();
		let before = outbox(home.path(), 1).await;
		let name = format!("{}/1-0-0.age:Zone.Identifier", before.folder);
		touch(home.path(), &name, 25);
		let after = outbox(home.path(), 1).await;
		assert!(after.all().await.unwrap().is_empty());
		assert!(home.path().join(&name).exists());
	}

	#[cfg(unix)]
	#[tokio::test]
	async fn home_that_can_not_be_written_to_can_be_read() {
		use std::os::unix::fs::PermissionsExt;
		let home = tempfile::tempdir().unwrap();
		let before = outbox(home.path(), 1).await;
		let name = before.upload(ANA, 4, &[7; 32], &[8; 32]);
		touch(home.path(), &name, 25);
		let folder = home.path().join(&before.folder);
		let set_mode = |mode| {
			fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
		};
		set_mode(0o500);
		// Root may write everywhere: there, the file goes.
		let is_root = fs::write(folder.join("new"), "").is_ok();
		let opened = Outbox::open(Arc::new(Folder::new(home.path())), &[1; 32]).await;
		set_mode(0o700);
		opened.unwrap();
		assert_eq!(home.path().join(&name).exists(), !is_root);
	}

	#[tokio::test]
	async fn copies_are_found_by_their_chart_and_outlive_a_day() {
		let home = tempfile::tempdir().unwrap();
		let before = outbox(home.path(), 1).await;
		touch(home.path(), &before.kept(ANA, Item::Record(7), &[9; 32], 1_000), 24 * 20);
		touch(home.path(), &before.kept(ANA, Item::Profile, &[8; 32], 2_000), 1);
		touch(home.path(), &before.kept(BEN, Item::Record(7), &[9; 32], 3_000), 1);
		touch(home.path(), &before.sent(PatientId(2), &[9; 32], 700), 1);
		for bad in ["3-7-99-1", "3-x-99-1", "3-7", "-"] {
			touch(home.path(), &format!("{}/{bad}.kept", before.folder), 1);
		}
		let after = outbox(home.path(), 1).await;
		let copies = after.copies(ANA).await.unwrap();
		let found: Vec<_> = copies.iter().map(|one| (one.item, one.digest, one.since)).collect();
		let expected = [(Item::Profile, [8; 32], 2_000), (Item::Record(7), [9; 32], 1_000)];
		assert_eq!(found, expected);
		assert_eq!(after.waiting(ANA).await.unwrap().len(), 0, "they wait for nothing");
		let patients = after.patients().await.unwrap();
		assert_eq!(patients, [PatientId(2), ANA, BEN]);
	}

	#[test]
	fn oldest_copies_go_first_when_there_are_too_many() {
		let found = |name: &str, length, modified| Found { name: name.into(), length, modified };
		let half = MOST_KEPT / 2;
		assert!(too_many(vec![found("a", half, 1), found("b", half, 2)]).is_empty());
		let copies = vec![found("a", half, 1), found("b", half, 3), found("c", half, 2)];
		assert_eq!(too_many(copies), ["a"]);
		assert_eq!(too_many(vec![found("a", MOST_KEPT + 1, 1)]), ["a"]);
	}
}
