//! The log of everything that the vault gives out, in a folder of its only gateway.
//!
//! One thread writes. First the leaves, then the lines of charts, both on disk before the first byte is sent. A crash in
//! between leaves a leaf without a line, for which nothing was given: the chart's next line does not follow it.

use super::{
	charts::{self, Charts, End},
	tree::Hashes,
};
use crate::files;
use medblock_primitives::{Moment, PatientId};
use medblock_receipts::{
	Capacity, ChartHead, Disclosure, Edge, Hash, Line, Link, LogHead, LogId, Session,
	SignedRequest, Tree, consistency_spans, inclusion_spans,
};
use rand::{RngCore, rngs::OsRng};
use std::{
	collections::{BTreeMap, HashMap},
	io,
	path::Path,
	sync::{
		Arc, Mutex, MutexGuard, PoisonError, RwLock,
		mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
	},
	thread::JoinHandle,
};
use tokio::sync::oneshot;

/// The most disclosures that wait to be written. Beyond that, answers are refused.
const QUEUE: usize = 1_024;
/// The most charts whose ends are kept in memory, and the most places in charts' files.
const MAX_KEPT: usize = 1_024;

/// What is about to be given out, by which request.
#[derive(Clone, Debug)]
pub struct Draft {
	/// The request.
	pub asked: SignedRequest,
	/// The sign-in.
	pub session: Session,
	/// The person or hospital that the reader acts for.
	pub capacity: Capacity,
	/// [`Disclosure::from`].
	pub from: u64,
	/// [`Disclosure::to`].
	pub to: u64,
	/// The time by the vault's clock, in milliseconds since 1970.
	pub time: Moment,
	/// [`Disclosure::block`].
	pub block: u32,
	/// [`Disclosure::block_hash`].
	pub block_hash: [u8; 32],
}

/// A disclosure that is in the log, and its place there.
pub type Written = (u64, Disclosure);

/// A page of a chart's disclosures.
pub struct Page {
	/// What there is of the chart.
	pub head: ChartHead,
	/// The disclosures.
	pub items: Vec<Line>,
	/// The number of the last one, if there are more.
	pub next: Option<u64>,
}

/// A log in a folder.
pub struct FolderLog {
	inner: Arc<Inner>,
	queue: Option<SyncSender<Order>>,
	writer: Option<JoinHandle<()>>,
}

struct Order {
	draft: Draft,
	done: oneshot::Sender<io::Result<Written>>,
}

struct Inner {
	id: LogId,
	hashes: Hashes,
	charts: Charts,
	/// Locked while old lines are removed, and read-locked by those who know places in charts' files. Taken first.
	reading: RwLock<()>,
	/// Locked while something is written, so that tree and charts belong together.
	state: Mutex<State>,
	places: Mutex<Places>,
}

struct State {
	edge: Edge,
	ends: HashMap<PatientId, End>,
}

/// Places in charts' files, so that a further page need not look for its beginning.
#[derive(Default)]
struct Places {
	/// The place after a disclosure's line, by the disclosure's number.
	after: HashMap<(PatientId, u64), u64>,
	/// What there was of a chart in an earlier tree, by the tree's size.
	heads: HashMap<(PatientId, u64), (u64, Hash)>,
}

impl FolderLog {
	/// Opens the log in a folder, and starts the thread that writes there.
	pub fn open(folder: &Path, id: LogId) -> io::Result<Self> {
		files::create_folder(folder)?;
		let (hashes, edge) = Hashes::open(&folder.join("tree"))?;
		let charts = Charts::open(folder.join("charts"))?;
		let state = Mutex::new(State { edge, ends: HashMap::new() });
		let (reading, places) = Default::default();
		let inner = Arc::new(Inner { id, hashes, charts, reading, state, places });
		let (queue, orders) = sync_channel(QUEUE);
		let of_writer = inner.clone();
		let writer = std::thread::Builder::new()
			.name("log".into())
			.spawn(move || of_writer.write_all(&orders))?;
		Ok(Self { inner, queue: Some(queue), writer: Some(writer) })
	}

	/// The log's name.
	pub fn id(&self) -> LogId {
		self.inner.id
	}

	/// Writes a disclosure. When this returns, it is on disk, and has its place for ever.
	pub async fn append(&self, draft: Draft) -> io::Result<Written> {
		let (done, written) = oneshot::channel();
		let gone = || io::Error::other("the writer of the log is gone");
		let queue = self.queue.as_ref().ok_or_else(gone)?;
		queue.try_send(Order { draft, done }).map_err(|why| match why {
			TrySendError::Full(_) => io::Error::other("too many disclosures at once"),
			TrySendError::Disconnected(_) => gone(),
		})?;
		written.await.map_err(|_| gone())?
	}

	/// The present tree. Blocks on what is being written, as all that follows.
	pub fn tree(&self) -> Tree {
		tree_of(&self.inner.state().edge)
	}

	/// The tree of this size; none if the log has never had it.
	pub fn tree_of(&self, size: u64) -> io::Result<Option<Tree>> {
		match size <= self.tree().size {
			true => Ok(Some(Tree { size, root: self.inner.hashes.root(size)? })),
			false => Ok(None),
		}
	}

	/// The proof that the tree of one size has grown to that of another; none if the log has never had them.
	pub fn growth(&self, from: u64, to: u64) -> io::Result<Option<Vec<Hash>>> {
		match consistency_spans(from, to).filter(|_| to <= self.tree().size) {
			Some(spans) => Ok(Some(self.inner.hashes.prove(&spans)?)),
			None => Ok(None),
		}
	}

	/// The proof that the tree of a size has this leaf at its place; none if it has not.
	pub fn place(&self, leaf: &Hash, index: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
		let hashes = &self.inner.hashes;
		let spans = inclusion_spans(index, size).filter(|_| size <= self.tree().size);
		let Some(spans) = spans else { return Ok(None) };
		let (proof, root) = (hashes.prove(&spans)?, hashes.root(size)?);
		Ok(Tree { size, root }.includes(index, leaf, &proof).then_some(proof))
	}

	/// A page of a chart's disclosures with numbers greater than `after`, in the tree of this size: the present one
	/// without. None if the log has never had that tree, or keeps nothing of what the chart had then.
	pub fn page(
		&self,
		patient: PatientId,
		size: Option<u64>,
		after: Option<u64>,
		limit: usize,
		time: Moment,
	) -> io::Result<Option<Page>> {
		let _reading = self.inner.reading.read().unwrap_or_else(PoisonError::into_inner);
		let Some((tree, count, last)) = self.inner.chart(patient, size)? else { return Ok(None) };
		let kept_from = kept_from(self.inner.charts.first(patient)?, count);
		let Some(kept_from) = kept_from else { return Ok(None) };
		let head = LogHead { log: self.id(), size: tree.size, root: tree.root, time };
		let head = ChartHead { head, patient, first: kept_from, count, last };
		let first = after.map_or(0, |after| after.saturating_add(1));
		let from =
			after.and_then(|after| self.inner.places().after.get(&(patient, after)).copied());
		let mut items = Vec::new();
		let end = self.inner.charts.read(patient, from.unwrap_or_default(), |line| {
			let number = line.link.number;
			if number >= count || items.len() >= limit {
				return false;
			}
			if number >= first {
				items.push(line);
			}
			true
		})?;
		for line in &mut items {
			let spans = inclusion_spans(line.index, tree.size).ok_or_else(|| {
				io::Error::new(io::ErrorKind::InvalidData, "a chart's line is not in the tree")
			})?;
			line.proof = self.inner.hashes.prove(&spans)?;
		}
		let last = items.last().map(|line| line.link.number);
		let next = last.filter(|last| last + 1 < count);
		if let Some(last) = next {
			let mut places = self.inner.places();
			if places.after.len() >= MAX_KEPT {
				places.after.clear();
			}
			places.after.insert((patient, last), end);
		}
		Ok(Some(Page { head, items, next }))
	}

	/// Removes lines of charts from before a time. The tree keeps their leaves.
	pub fn forget(&self, before: Moment) -> io::Result<()> {
		let inner = &self.inner;
		for patient in inner.charts.patients()? {
			// One chart at a time, so that nothing waits for long.
			let _alone = inner.reading.write().unwrap_or_else(PoisonError::into_inner);
			let mut state = inner.state();
			if inner.charts.forget(patient, before)? {
				state.ends.remove(&patient);
				inner.places().after.retain(|(of, _), _| *of != patient);
			}
		}
		Ok(())
	}
}

/// The number of the first disclosure that is kept, of so many in a tree. None if all of these are older: what there was
/// of the chart then is not known any more, and nothing may be signed about it.
pub(super) fn kept_from(first: u64, count: u64) -> Option<u64> {
	(first == 0 || first < count).then_some(first)
}

impl Drop for FolderLog {
	fn drop(&mut self) {
		self.queue = None;
		if let Some(writer) = self.writer.take() {
			let _ = writer.join();
		}
	}
}

impl Inner {
	/// Writes what is ordered. What came meanwhile is written at once.
	fn write_all(&self, orders: &Receiver<Order>) {
		while let Ok(first) = orders.recv() {
			let all = std::iter::once(first).chain(orders.try_iter().take(QUEUE));
			let (drafts, waiting): (Vec<_>, Vec<_>) =
				all.map(|Order { draft, done }| (draft, done)).unzip();
			let written = self.write(drafts);
			for (done, written) in waiting.into_iter().zip(written) {
				// The request may be gone.
				let _ = done.send(written);
			}
		}
	}

	/// Writes disclosures, and gives the outcome of each.
	fn write(&self, drafts: Vec<Draft>) -> Vec<io::Result<Written>> {
		let mut state = self.state();
		if state.ends.len() > MAX_KEPT {
			state.ends.clear();
		}
		let (mut edge, mut completed) = (state.edge.clone(), Vec::new());
		let mut charts: BTreeMap<PatientId, (End, Vec<u8>)> = BTreeMap::new();
		let mut written = Vec::with_capacity(drafts.len());
		for draft in drafts {
			let patient = draft.asked.request.patient;
			let one = match charts.get(&patient) {
				Some((end, _)) => Ok(*end),
				None => {
					state.ends.get(&patient).copied().map_or_else(|| self.charts.end(patient), Ok)
				},
			};
			let one = one.and_then(|end| {
				let (disclosure, link) = disclosure(draft, &end);
				let index = edge.size();
				let line = charts::line(disclosure.clone(), link, index)?;
				let leaf = disclosure.leaf();
				completed.extend(edge.append(leaf).into_iter().map(|(_, hash)| hash));
				let (end, lines) = charts.entry(patient).or_insert((end, Vec::new()));
				lines.extend(line);
				(end.count, end.last) = (end.count + 1, leaf);
				Ok((patient, (index, disclosure)))
			});
			written.push(one);
		}
		let hashed = self.hashes.append(state.edge.size(), &completed);
		let mut failed: HashMap<PatientId, io::ErrorKind> = HashMap::new();
		match hashed {
			// From here on, the leaves have their places, whatever comes of the charts.
			Ok(()) => state.edge = edge,
			Err(why) => failed.extend(charts.keys().map(|patient| (*patient, why.kind()))),
		}
		for (patient, (mut end, lines)) in charts {
			if failed.contains_key(&patient) {
				continue;
			}
			match self.charts.append(patient, &end, &lines) {
				Ok(()) => {
					end.length += lines.len() as u64;
					state.ends.insert(patient, end);
				},
				Err(why) => {
					state.ends.remove(&patient);
					failed.insert(patient, why.kind());
				},
			}
		}
		let outcome = |one: io::Result<(PatientId, Written)>| match one {
			Ok((patient, written)) => match failed.get(&patient) {
				Some(kind) => Err(io::Error::from(*kind)),
				None => Ok(written),
			},
			Err(why) => Err(why),
		};
		written.into_iter().map(outcome).collect()
	}

	/// The tree of this size, the number of a chart's disclosures in it, and the leaf of the last one.
	fn chart(
		&self,
		patient: PatientId,
		size: Option<u64>,
	) -> io::Result<Option<(Tree, u64, Hash)>> {
		let (now, end) = {
			let state = self.state();
			let known = state.ends.get(&patient).copied();
			let end = known.map_or_else(|| self.charts.end(patient), Ok)?;
			(tree_of(&state.edge), end)
		};
		let mut places = self.places();
		if places.heads.len() >= MAX_KEPT {
			places.heads.clear();
		}
		let Some(size) = size.filter(|size| *size != now.size) else {
			places.heads.insert((patient, now.size), (end.count, end.last));
			return Ok(Some((now, end.count, end.last)));
		};
		if size > now.size {
			return Ok(None);
		}
		let tree = Tree { size, root: self.hashes.root(size)? };
		let known = places.heads.get(&(patient, size)).copied();
		drop(places);
		let (count, last) = match known {
			Some(known) => known,
			None => self.chart_then(patient, size)?,
		};
		Ok(Some((tree, count, last)))
	}

	/// Reads what there was of a chart in an earlier tree.
	fn chart_then(&self, patient: PatientId, size: u64) -> io::Result<(u64, Hash)> {
		let mut found = (0, Hash::default());
		self.charts.read(patient, 0, |line| {
			let is_in = line.index < size;
			if is_in {
				found = (line.link.number + 1, line.disclosure.leaf());
			}
			is_in
		})?;
		let mut places = self.places();
		places.heads.insert((patient, size), found);
		Ok(found)
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn state(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap_or_else(PoisonError::into_inner)
	}

	fn places(&self) -> MutexGuard<'_, Places> {
		self.places.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

fn tree_of(edge: &Edge) -> Tree {
	Tree { size: edge.size(), root: edge.root() }
}

/// The disclosure after a chart's last one, with its link to that.
pub(super) fn disclosure(draft: Draft, end: &End) -> (Disclosure, Link) {
	let Draft { asked, session, capacity, from, to, time, block, block_hash } = draft;
	let (mut salt, mut blind) = ([0; 16], [0; 16]);
	OsRng.fill_bytes(&mut salt);
	OsRng.fill_bytes(&mut blind);
	let link = Link { blind, number: end.count, previous: end.last };
	let disclosure = Disclosure {
		salt,
		asked,
		session,
		capacity,
		from,
		to,
		time,
		block,
		block_hash,
		link: link.hash(),
	};
	(disclosure, link)
}
