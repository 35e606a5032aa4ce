//! The log of everything that the vault gives out, in the database that its gateways share.
//!
//! One gateway at a time writes: leaves, hashes and lines of charts in one change. They are on disk before the first byte is
//! sent.

use super::{
	Draft, Page, Written,
	charts::{self, End},
	log::{disclosure, kept_from},
	tree::{before, place},
};
use crate::{
	disclosures,
	state::{self, Change, Lock, Row, State, Value, places, values},
};
use medblock_primitives::{Moment, PatientId};
use medblock_receipts::{
	ChartHead, Edge, Hash, Line, LogHead, LogId, Span, Subtree, Tree, consistency_spans,
	inclusion_spans, prove,
};
use std::{
	collections::{BTreeMap, HashMap},
	convert::Infallible,
	io,
	ops::Range,
};
use tokio::{
	runtime::Handle,
	sync::{
		mpsc::{Receiver, Sender, channel, error::TrySendError},
		oneshot,
	},
};

/// The most disclosures that wait to be written. Beyond that, answers are refused.
const QUEUE: usize = 1_024;
/// The rows that one statement reads or writes.
const ROWS: usize = 256;

/// A log in a database.
pub struct DatabaseLog {
	tables: Tables,
	runtime: Handle,
	queue: Sender<Order>,
}

struct Order {
	draft: Draft,
	done: oneshot::Sender<io::Result<Written>>,
}

/// What the database has of a log.
#[derive(Clone)]
struct Tables {
	state: State,
	id: LogId,
}

impl DatabaseLog {
	/// The log of this name. Starts the task that writes there.
	pub fn new(state: State, id: LogId) -> Self {
		let tables = Tables { state, id };
		let (queue, orders) = channel(QUEUE);
		tokio::spawn(write_all(tables.clone(), orders));
		Self { tables, runtime: Handle::current(), queue }
	}

	/// The log's name.
	pub fn id(&self) -> LogId {
		self.tables.id
	}

	/// Writes a disclosure. When this returns, it is on disk, and has its place for ever.
	pub async fn append(&self, draft: Draft) -> io::Result<Written> {
		let (done, written) = oneshot::channel();
		let gone = || io::Error::other("the writer of the log is gone");
		self.queue.try_send(Order { draft, done }).map_err(|why| match why {
			TrySendError::Full(_) => io::Error::other("too many disclosures at once"),
			TrySendError::Closed(_) => gone(),
		})?;
		written.await.map_err(|_| gone())?
	}

	/// The present tree. Blocks on the database, as all that follows, and so must not be called by a task.
	pub fn tree(&self) -> io::Result<Tree> {
		self.runtime.block_on(async {
			let size = self.tables.size().await?;
			self.tables.tree(size).await
		})
	}

	/// The tree of this size; none if the log has never had it.
	pub fn tree_of(&self, size: u64) -> io::Result<Option<Tree>> {
		self.runtime.block_on(async {
			match size <= self.tables.size().await? {
				true => self.tables.tree(size).await.map(Some),
				false => Ok(None),
			}
		})
	}

	/// The proof that the tree of one size has grown to that of another; none if the log has never had them.
	pub fn growth(&self, from: u64, to: u64) -> io::Result<Option<Vec<Hash>>> {
		self.runtime.block_on(async {
			let now = self.tables.size().await?;
			match consistency_spans(from, to).filter(|_| to <= now) {
				Some(spans) => self.tables.prove(&[spans]).await.map(|mut all| all.pop()),
				None => Ok(None),
			}
		})
	}

	/// The proof that the tree of a size has this leaf at its place; none if it has not.
	pub fn place(&self, leaf: &Hash, index: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
		self.runtime.block_on(async {
			let now = self.tables.size().await?;
			let spans = inclusion_spans(index, size).filter(|_| size <= now);
			let Some(spans) = spans else { return Ok(None) };
			let tree = self.tables.tree(size).await?;
			let proof = self.tables.prove(&[spans]).await?.pop().unwrap_or_default();
			Ok(tree.includes(index, leaf, &proof).then_some(proof))
		})
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
		self.runtime.block_on(async {
			let now = self.tables.size().await?;
			let size = size.unwrap_or(now);
			if size > now {
				return Ok(None);
			}
			let tree = self.tables.tree(size).await?;
			let (count, last) = self.tables.chart(patient, size).await?;
			let head = LogHead { log: self.id(), size: tree.size, root: tree.root, time };
			let kept_from = kept_from(self.tables.first(patient).await?, count);
			let Some(kept_from) = kept_from else { return Ok(None) };
			let head = ChartHead { head, patient, first: kept_from, count, last };
			let first = after.map_or(0, |after| after.saturating_add(1));
			let mut items = self.tables.lines(patient, first..count, limit).await?;
			let spans = items.iter().map(|line| inclusion_spans(line.index, size));
			let spans: Option<Vec<Vec<Span>>> = spans.collect();
			let proofs = self.tables.prove(&spans.ok_or_else(damaged)?).await?;
			for (line, proof) in items.iter_mut().zip(proofs) {
				line.proof = proof;
			}
			let last = items.last().map(|line| line.link.number);
			let next = last.filter(|last| last + 1 < count);
			Ok(Some(Page { head, items, next }))
		})
	}
}

impl Tables {
	fn number(&self) -> u64 {
		self.id.number.into()
	}

	async fn size(&self) -> io::Result<u64> {
		let row = self.state.one("SELECT size FROM logs WHERE log = $1", values![self.number()]);
		row.await?.map_or(Ok(0), |row| row.number(0))
	}

	async fn tree(&self, size: u64) -> io::Result<Tree> {
		let peaks = peaks(size);
		let hashes = self.hashes(&peaks).await?;
		let edge = Edge::of(size, |subtree| hash_in(&hashes, subtree))?;
		Ok(Tree { size, root: edge.root() })
	}

	/// The hashes of proofs.
	async fn prove(&self, all: &[Vec<Span>]) -> io::Result<Vec<Vec<Hash>>> {
		let subtrees: Vec<Subtree> =
			all.iter().flatten().flat_map(|span| span.subtrees()).collect();
		let hashes = self.hashes(&subtrees).await?;
		let proof = |spans: &Vec<Span>| prove(spans, |subtree| hash_in(&hashes, subtree));
		all.iter().map(proof).collect()
	}

	/// The hashes of subtrees, by their places.
	async fn hashes(&self, subtrees: &[Subtree]) -> io::Result<HashMap<u64, Hash>> {
		let mut found = HashMap::new();
		for subtrees in subtrees.chunks(ROWS) {
			let (statement, values) = self.wanted(subtrees);
			for row in self.state.all(&statement, values).await? {
				found.insert(row.number(0)?, row.bytes(1)?);
			}
		}
		Ok(found)
	}

	/// The statement that reads these hashes.
	fn wanted(&self, subtrees: &[Subtree]) -> (String, Vec<Value>) {
		let mut values = subtrees.iter().map(|one| Value::from(place(*one))).collect::<Vec<_>>();
		let log = values.len() + 1;
		values.extend(values![self.number()]);
		let among = places(1, subtrees.len());
		(
			format!("SELECT place, hash FROM log_hashes WHERE place IN {among} AND log = ${log}"),
			values,
		)
	}

	/// The number of a chart's disclosures in the tree of this size, and the leaf of the last one.
	async fn chart(&self, patient: PatientId, size: u64) -> io::Result<(u64, Hash)> {
		let statement = "SELECT line FROM log_lines \
			WHERE log = $1 AND patient = $2 AND leaf < $3 ORDER BY number DESC LIMIT 1";
		let row = self.state.one(statement, values![self.number(), patient.0, size]).await?;
		row.map_or(Ok((0, Hash::default())), |row| after(&row))
	}

	/// The number of the first line that there is of a chart; 0 if there is none.
	async fn first(&self, patient: PatientId) -> io::Result<u64> {
		let statement = "SELECT min(number) FROM log_lines WHERE log = $1 AND patient = $2";
		let row = self.state.one(statement, values![self.number(), patient.0]).await?;
		Ok(row.map(|row| row.optional(0)).transpose()?.flatten().unwrap_or_default())
	}

	async fn lines(
		&self,
		patient: PatientId,
		numbers: Range<u64>,
		limit: usize,
	) -> io::Result<Vec<Line>> {
		let statement = "SELECT line FROM log_lines WHERE log = $1 AND patient = $2 \
			AND number >= $3 AND number < $4 ORDER BY number LIMIT $5";
		let values = values![self.number(), patient.0, numbers.start, numbers.end, limit as u64];
		let rows = self.state.all(statement, values).await?;
		rows.iter().map(line_in).collect()
	}

	/// Writes disclosures.
	async fn write(&self, drafts: Vec<Draft>) -> io::Result<Vec<Written>> {
		let mut change = self.state.change().await?;
		change.lock(Lock::Log).await?;
		let mut edge = self.edge(&mut change).await?;
		let begins = before(edge.size());
		let mut ends = BTreeMap::<PatientId, End>::new();
		let (mut completed, mut lines, mut written) = (Vec::new(), Vec::new(), Vec::new());
		for draft in drafts {
			let patient = draft.asked.request.patient;
			let end = match ends.get(&patient) {
				Some(end) => *end,
				None => self.end(&mut change, patient).await?,
			};
			let (disclosure, link) = disclosure(draft, &end);
			let index = edge.size();
			let line = charts::line(disclosure.clone(), link, index)?;
			let line = String::from_utf8(line).map_err(io::Error::other)?;
			let leaf = disclosure.leaf();
			completed.extend(edge.append(leaf).into_iter().map(|(_, hash)| hash));
			lines.push((patient, end.count, index, disclosure.time, line));
			ends.insert(patient, End { length: 0, count: end.count + 1, last: leaf });
			written.push((index, disclosure));
		}
		for (chunk, hashes) in completed.chunks(ROWS).enumerate() {
			let mut values: Vec<Value> = Vec::new();
			for (index, hash) in hashes.iter().enumerate() {
				let place = begins + (chunk * ROWS + index) as u64;
				values.extend(values![self.number(), place, *hash]);
			}
			let places = places(hashes.len(), 3);
			let statement = format!("INSERT INTO log_hashes (log, place, hash) VALUES {places}");
			change.run(&statement, values).await?;
		}
		for lines in lines.chunks(ROWS) {
			let mut values: Vec<Value> = Vec::new();
			for (patient, number, index, time, line) in lines {
				let line = line.trim_end();
				values.extend(values![self.number(), patient.0, *number, *index, *time, line]);
			}
			let places = places(lines.len(), 6);
			let statement = format!(
				"INSERT INTO log_lines (log, patient, number, leaf, time, line) VALUES {places}"
			);
			change.run(&statement, values).await?;
		}
		let statement = "INSERT INTO logs (log, size) VALUES ($1, $2) \
			ON CONFLICT (log) DO UPDATE SET size = excluded.size";
		change.run(statement, values![self.number(), edge.size()]).await?;
		change.commit().await?;
		Ok(written)
	}

	/// The edge of the present tree.
	async fn edge(&self, change: &mut Change) -> io::Result<Edge> {
		let statement = "SELECT size FROM logs WHERE log = $1";
		let row = change.run(statement, values![self.number()]).await?;
		let size = row.map_or(Ok(0), |row| row.number(0))?;
		let peaks = peaks(size);
		let mut hashes = HashMap::new();
		if !peaks.is_empty() {
			let (statement, values) = self.wanted(&peaks);
			for row in change.all(&statement, values).await? {
				hashes.insert(row.number(0)?, row.bytes(1)?);
			}
		}
		Edge::of(size, |subtree| hash_in(&hashes, subtree))
	}

	/// What a chart's next disclosure follows.
	async fn end(&self, change: &mut Change, patient: PatientId) -> io::Result<End> {
		let statement = "SELECT line FROM log_lines \
			WHERE log = $1 AND patient = $2 ORDER BY number DESC LIMIT 1";
		let row = change.run(statement, values![self.number(), patient.0]).await?;
		let (count, last) = row.map_or(Ok((0, Hash::default())), |row| after(&row))?;
		Ok(End { length: 0, count, last })
	}
}

/// Deletes lines of charts from before a time, of all logs. The trees keep their leaves, and each chart its last line, which
/// the next one follows.
pub(super) async fn forget(state: &State, before: Moment) -> io::Result<()> {
	for row in state.all("SELECT log FROM logs", values![]).await? {
		let of = format!("log_lines WHERE log = {}", row.number(0)?);
		let next = format!("SELECT min(patient) FROM {of} AND time < $1 AND patient >= $2");
		let delete = format!(
			"DELETE FROM {of} AND patient = $1 \
			 AND number < (SELECT COALESCE(min(number), $3) FROM {of} AND patient = $1 AND time >= $2) \
			 AND number < (SELECT max(number) FROM {of} AND patient = $1)"
		);
		disclosures::forget(state, &next, &delete, before).await?;
	}
	Ok(())
}

/// Writes what is ordered. What came meanwhile is written in one change.
async fn write_all(tables: Tables, mut orders: Receiver<Order>) {
	let mut batch = Vec::new();
	while orders.recv_many(&mut batch, QUEUE).await > 0 {
		let (drafts, waiting): (Vec<_>, Vec<_>) =
			batch.drain(..).map(|Order { draft, done }| (draft, done)).unzip();
		match tables.write(drafts).await {
			Ok(written) => {
				for (done, written) in waiting.into_iter().zip(written) {
					// The request may be gone.
					let _ = done.send(Ok(written));
				}
			},
			Err(why) => {
				for done in waiting {
					let _ = done.send(Err(state::again(&why)));
				}
			},
		}
	}
}

/// The subtrees that make a tree of this size up.
fn peaks(size: u64) -> Vec<Subtree> {
	let mut peaks = Vec::new();
	let _ = Edge::of(size, |subtree| -> Result<Hash, Infallible> {
		peaks.push(subtree);
		Ok(Hash::default())
	});
	peaks
}

fn line_in(row: &Row) -> io::Result<Line> {
	charts::parse(row.text(0)?.as_bytes())
}

/// The number of disclosures up to a line, and its leaf.
fn after(row: &Row) -> io::Result<(u64, Hash)> {
	let line = line_in(row)?;
	Ok((line.link.number + 1, line.disclosure.leaf()))
}

fn hash_in(hashes: &HashMap<u64, Hash>, subtree: Subtree) -> io::Result<Hash> {
	hashes.get(&place(subtree)).copied().ok_or_else(damaged)
}

fn damaged() -> io::Error {
	io::Error::new(io::ErrorKind::InvalidData, "the log in the database is damaged")
}
