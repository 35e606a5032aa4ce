//! Titles that were read before, kept on this device, so that a chart that is opened again shows them at once.
//!
//! What is kept of a chart lies in segments of up to 256 records, each in a value of its own:
//! `titles/ACCOUNT/CHAIN/CHART-NUMBER`. CHART is a name that only the account's key gives. A segment is sealed under a
//! key of the account's root secret, and bound to the chain, the account, the chart, whether all of it is open or single
//! records, and the segment's number.
//!
//! It is a cache: a segment that is damaged, or belongs elsewhere, is ignored and written anew, and a failed write is no
//! error. A title is shown only for the very document that the chain names, and only if the chain allows the account to
//! read it in that block.

mod closing;
mod room;
mod segment;
#[cfg(test)]
mod tests;

pub(crate) use segment::{Kept, Listed};

use crate::{
	Keys, Result,
	chain::AccountId,
	client::Done,
	records::{Entry, Title},
};
use codec::Encode;
use futures::lock::Mutex;
use medblock_crypto::CacheKey;
use medblock_platform::{Files, Result as Stored};
use medblock_primitives::*;
use room::{Limits, Room};
use segment::{LONGEST, RECORDS, Segment};
use std::{
	collections::{BTreeMap, BTreeSet},
	sync::{Arc, atomic::AtomicBool},
};

/// The folder of all of them.
const FOLDER: &str = "titles";

/// The first of what a segment is bound to.
const LABEL: &[u8] = b"medblock/v1/titles";

/// Deletes the titles that are kept for an account, of all chains. They are to go when the account is removed.
pub async fn forget(files: &dyn Files, account: AccountId) -> Result<()> {
	Ok(files.clear(&folder_of(account)).await?)
}

fn folder_of(account: AccountId) -> String {
	format!("{FOLDER}/{account}")
}

/// A chart as it is open to the account: all of it, or single records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
	pub(crate) patient: PatientId,
	pub(crate) scope: Scope,
}

/// The titles that are kept for one account of one chain.
pub(crate) struct Titles {
	files: Arc<dyn Files>,
	/// Their folder, with a last `/`.
	folder: String,
	/// None if the account has no secret here. Nothing is kept then.
	key: Option<CacheKey>,
	genesis: [u8; 32],
	account: AccountId,
	limits: Limits,
	/// What is stored, once it was asked. Locked during each change.
	room: Mutex<Option<Room>>,
	/// Whether closed charts were looked for in this run.
	swept: AtomicBool,
}

/// A segment's place.
struct Place {
	name: String,
	bound: Vec<u8>,
}

impl Titles {
	/// Those of the account with these keys. Nothing is read yet.
	pub(crate) fn new(files: Arc<dyn Files>, keys: &Keys, genesis: [u8; 32]) -> Self {
		let account = keys.account();
		let key = keys.root().ok().map(|root| root.titles_key(&genesis, &account.0));
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		Self {
			files,
			folder: format!("{}/{chain}/", folder_of(account)),
			key,
			genesis,
			account,
			limits: Limits::USUAL,
			room: Mutex::default(),
			swept: AtomicBool::new(false),
		}
	}

	/// The titles that are kept of these records. Titles of records that are no longer there, or have other documents,
	/// are dropped. `pages` are records of all segments to look at.
	pub(crate) async fn known(
		&self,
		view: View,
		listed: &Listed<'_>,
		pages: impl Iterator<Item = RecordIndex>,
	) -> BTreeMap<RecordIndex, Title> {
		let mut known = BTreeMap::new();
		let Some(key) = &self.key else { return known };
		let segments: BTreeSet<u32> = pages.map(segment_of).collect();
		for number in segments {
			let place = self.place(key, view, number);
			let Some(segment) = self.read(key, &place).await else { continue };
			if segment.is_stale(listed) {
				self.change(view, number, |segment| segment.sift(listed)).await;
			}
			known.extend(segment.known(listed));
		}
		known
	}

	/// Keeps the titles of a segment's records.
	async fn keep(&self, view: View, number: u32, titles: Vec<(RecordIndex, Kept)>) {
		self.change(view, number, |segment| segment.take(titles)).await;
	}

	/// Drops the titles of records that a transaction of the patient's has withdrawn.
	pub(crate) async fn withdrawn(&self, done: &Done) {
		let events = done.receipt().map_or(&[][..], |receipt| receipt.events.as_slice());
		for event in events.iter().filter(|event| event.name == "RecordWithdrawn") {
			if let (Some(patient), Some(record)) = (event.number("patient"), event.number("record"))
			{
				self.drop_record(PatientId(patient), record).await;
			}
		}
	}

	async fn drop_record(&self, patient: PatientId, record: RecordIndex) {
		let view = View { patient, scope: Scope::Chart };
		self.change(view, segment_of(record), |segment| segment.remove(record)).await;
	}

	/// Drops all titles of a chart.
	pub(crate) async fn drop_chart(&self, patient: PatientId) {
		let Some(key) = &self.key else { return };
		let views = [Scope::Chart, Scope::Records].map(|scope| View { patient, scope });
		let closed = self.charts(key, &views);
		self.drop_if(|name| is_of(name, &closed)).await;
	}

	/// Whether titles of other charts than these are kept.
	pub(crate) async fn has_beside(&self, open: &[View]) -> bool {
		let Some(key) = &self.key else { return false };
		let mut room = self.room.lock().await;
		let Ok(room) = self.filled(&mut room).await else { return false };
		if room.names().next().is_none() {
			return false;
		}
		let open = self.charts(key, open);
		room.names().any(|name| !is_of(name, &open))
	}

	/// Drops the titles of all other charts than these.
	pub(crate) async fn keep_only(&self, open: &[View]) {
		let Some(key) = &self.key else { return };
		let open = self.charts(key, open);
		self.drop_if(|name| !is_of(name, &open)).await;
	}

	async fn drop_if(&self, is_closed: impl Fn(&str) -> bool) {
		let mut room = self.room.lock().await;
		let dropping = async {
			let room = self.filled(&mut room).await?;
			let closed: Vec<String> =
				room.names().filter(|name| is_closed(name)).map(str::to_owned).collect();
			self.remove(room, closed).await
		};
		told(dropping.await);
	}

	/// Changes a segment. Between the reading and the writing, nothing else of this client changes it; another program
	/// may, and what one of the two has added is fetched again another time.
	async fn change(&self, view: View, number: u32, change: impl FnOnce(&mut Segment)) {
		let Some(key) = &self.key else { return };
		let place = self.place(key, view, number);
		let mut room = self.room.lock().await;
		let changing = async {
			let room = self.filled(&mut room).await?;
			let mut segment = self.read(key, &place).await.unwrap_or_default();
			change(&mut segment);
			if segment.is_empty() {
				return self.remove(room, vec![place.name]).await;
			}
			let sealed = segment.seal(key, &place.bound);
			if sealed.len() > LONGEST {
				return Ok(());
			}
			self.files.replace(&place.name, &sealed).await?;
			room.note(place.name, sealed.len());
			let excess = room.excess(self.limits);
			self.remove(room, excess).await
		};
		told(changing.await);
	}

	async fn remove(&self, room: &mut Room, names: Vec<String>) -> Stored<()> {
		for name in names {
			self.files.remove(&name).await?;
			room.forget(&name);
		}
		Ok(())
	}

	/// A segment; nothing if there is none that can be read.
	async fn read(&self, key: &CacheKey, place: &Place) -> Option<Segment> {
		let sealed = self.files.read(&place.name, LONGEST).await.ok().flatten()?;
		Segment::open(key, &place.bound, &sealed)
	}

	async fn filled<'a>(&self, room: &'a mut Option<Room>) -> Stored<&'a mut Room> {
		match room {
			Some(room) => Ok(room),
			None => Ok(room.insert(Room::of(&*self.files, &self.folder).await?)),
		}
	}

	/// What the names of a chart's segments begin with.
	fn chart(&self, key: &CacheKey, view: View) -> String {
		let chart = [&view.patient.0.to_be_bytes()[..], &view.scope.encode()].concat();
		format!("{}{}", self.folder, hex::encode(key.name(&chart)))
	}

	fn charts(&self, key: &CacheKey, views: &[View]) -> BTreeSet<String> {
		views.iter().map(|view| self.chart(key, *view)).collect()
	}

	fn place(&self, key: &CacheKey, view: View, number: u32) -> Place {
		let (patient, scope) = (view.patient.0.to_be_bytes(), view.scope.encode());
		let (chain, account) = (&self.genesis, &self.account.0);
		let bound = [LABEL, chain, account, &patient, &scope[..], &number.to_be_bytes()];
		Place { name: format!("{}-{number}", self.chart(key, view)), bound: bound.concat() }
	}
}

/// The number of the segment that a record's title is in.
fn segment_of(record: RecordIndex) -> u32 {
	record / RECORDS
}

/// Whether a segment is of one of these charts.
fn is_of(name: &str, charts: &BTreeSet<String>) -> bool {
	name.rsplit_once('-').is_some_and(|(chart, _)| charts.contains(chart))
}

/// Failing to keep something costs time, and nothing else.
fn told(outcome: Stored<()>) {
	if let Err(why) = outcome {
		tracing::debug!("titles are not kept: {why}");
	}
}

/// Titles that a listing has fetched, and that are kept segment by segment as they come. Records come in order.
pub(crate) struct Fetched<'a> {
	titles: &'a Titles,
	view: View,
	number: u32,
	waiting: Vec<(RecordIndex, Kept)>,
}

impl<'a> Fetched<'a> {
	pub(crate) fn new(titles: &'a Titles, view: View) -> Self {
		Self { titles, view, number: 0, waiting: Vec::new() }
	}

	/// Takes the title of the next record, if it could be read. Writes a segment that is complete.
	pub(crate) async fn take(&mut self, entry: &Entry) {
		let number = segment_of(entry.index);
		if number != self.number {
			self.finish().await;
			self.number = number;
		}
		let kept = entry.title.as_ref().ok().and_then(|title| Kept::of(&entry.record, title));
		self.waiting.extend(kept.map(|kept| (entry.index, kept)));
	}

	/// Writes what has come.
	pub(crate) async fn finish(&mut self) {
		let waiting = std::mem::take(&mut self.waiting);
		if !waiting.is_empty() {
			self.titles.keep(self.view, self.number, waiting).await;
		}
	}
}
