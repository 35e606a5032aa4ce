//! The record of disclosures: which bytes the vault gave to which account, with the sign-in that proves it.
//! Each answer is a line of JSON in the database, on disk before the first byte is sent.

use crate::state::{self, Change, Row, State, Value, places, values};
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::{Disclosure, DisclosuresPage, MAX_DISCLOSURES};
use std::{collections::BTreeMap, io};
use tokio::sync::{
	mpsc::{Receiver, Sender, channel, error::TrySendError},
	oneshot,
};

/// The most entries that wait to be written. Beyond that, answers are refused.
const QUEUE: usize = 1_024;
/// The lines that are written by one statement.
const LINES: usize = 256;

/// All charts' disclosures.
pub struct Disclosures {
	state: State,
	queue: Sender<Order>,
}

struct Order {
	patient: PatientId,
	entries: Vec<Disclosure>,
	done: oneshot::Sender<io::Result<u64>>,
}

/// A line of a chart's.
pub(crate) struct Line {
	/// The chart.
	pub(crate) patient: PatientId,
	/// Its place in the chart's.
	pub(crate) number: u64,
	/// When it was given out.
	pub(crate) time: Moment,
	/// The JSON.
	pub(crate) text: String,
}

impl Disclosures {
	/// The disclosures in a database. Starts the task that writes there.
	pub fn new(state: State) -> Self {
		let (queue, orders) = channel(QUEUE);
		tokio::spawn(write_all(state.clone(), orders));
		Self { state, queue }
	}

	/// Writes an entry, and returns its number. When this returns, the entry is on disk.
	pub async fn append(&self, patient: PatientId, entry: Disclosure) -> io::Result<u64> {
		self.append_all(patient, vec![entry]).await
	}

	/// Writes several entries at once, and returns the first one's number.
	pub async fn append_all(
		&self,
		patient: PatientId,
		entries: Vec<Disclosure>,
	) -> io::Result<u64> {
		let (done, written) = oneshot::channel();
		let gone = || io::Error::other("the writer of disclosures is gone");
		self.queue.try_send(Order { patient, entries, done }).map_err(|why| match why {
			TrySendError::Full(_) => io::Error::other("too many disclosures at once"),
			TrySendError::Closed(_) => gone(),
		})?;
		written.await.map_err(|_| gone())?
	}

	/// A page of the entries with numbers greater than `after`, at most [`MAX_DISCLOSURES`] of them.
	pub async fn page(
		&self,
		patient: PatientId,
		after: Option<u64>,
		limit: usize,
	) -> io::Result<DisclosuresPage> {
		let limit = limit.clamp(1, MAX_DISCLOSURES);
		let first = after.map_or(0, |after| after.saturating_add(1));
		let statement = "SELECT number, line FROM disclosures \
			WHERE patient = $1 AND number >= $2 ORDER BY number LIMIT $3";
		let values = values![patient.0, first, limit as u64 + 1];
		let mut rows = self.state.all(statement, values).await?;
		let more = rows.len() > limit;
		rows.truncate(limit);
		let next = rows.last().filter(|_| more).map(|last| last.number(0)).transpose()?;
		let mut items = Vec::with_capacity(rows.len());
		for row in &rows {
			match entry_in(row) {
				Ok(entry) => items.push(entry),
				// A damaged entry must not hide the others.
				Err(_) => tracing::error!("a line of the disclosures is damaged"),
			}
		}
		Ok(DisclosuresPage { items, next })
	}

	/// Deletes the first entries of each chart: those from before a time, up to one that is not. Numbers go on.
	pub async fn forget(&self, before: Moment) -> io::Result<()> {
		let next = "SELECT min(patient) FROM disclosures WHERE time < $1 AND patient >= $2";
		let delete = "DELETE FROM disclosures WHERE patient = $1 AND number < \
			(SELECT COALESCE(min(number), $3) FROM disclosures WHERE patient = $1 AND time >= $2)";
		forget(&self.state, next, delete, before).await
	}
}

/// Deletes what is from before a time chart by chart, so that no change is long. `next` gives the next chart with something
/// old, and `delete` deletes that; `$3` is greater than any number.
pub(crate) async fn forget(
	state: &State,
	next: &str,
	delete: &str,
	before: Moment,
) -> io::Result<()> {
	let mut from = 0_u64;
	loop {
		let row = state.one(next, values![before, from]).await?;
		let patient = row.map(|row| row.optional(0)).transpose()?.flatten();
		let Some(patient) = patient else { return Ok(()) };
		state.run(delete, values![patient, before, u64::MAX]).await?;
		from = patient.saturating_add(1);
	}
}

fn entry_in(row: &Row) -> io::Result<Disclosure> {
	let entry: Disclosure = serde_json::from_str(&row.text(1)?)?;
	Ok(Disclosure { number: row.number(0)?, ..entry })
}

/// Writes the entries that are ordered. Those that came meanwhile are written in one change.
async fn write_all(state: State, mut orders: Receiver<Order>) {
	let mut batch = Vec::new();
	while orders.recv_many(&mut batch, QUEUE).await > 0 {
		let written = write(&state, &batch).await;
		for (index, order) in batch.drain(..).enumerate() {
			let answer = match &written {
				Ok(firsts) => Ok(firsts.get(index).copied().unwrap_or_default()),
				Err(why) => Err(state::again(why)),
			};
			// The request may be gone.
			let _ = order.done.send(answer);
		}
	}
}

/// Writes entries, and returns the first number of each order.
async fn write(state: &State, orders: &[Order]) -> io::Result<Vec<u64>> {
	let mut change = state.change().await?;
	let mut next = BTreeMap::<PatientId, u64>::new();
	for Order { patient, entries, .. } in orders {
		*next.entry(*patient).or_default() += entries.len() as u64;
	}
	// In the order of charts, so that no two gateways wait for each other.
	for (patient, number) in &mut next {
		*number = reserve(&mut change, *patient, *number).await?;
	}
	let (mut firsts, mut lines) = (Vec::with_capacity(orders.len()), Vec::new());
	for Order { patient, entries, .. } in orders {
		let number = next.entry(*patient).or_default();
		firsts.push(*number);
		for entry in entries {
			let entry = Disclosure { number: *number, ..entry.clone() };
			let text = serde_json::to_string(&entry)?;
			lines.push(Line { patient: *patient, number: *number, time: entry.time, text });
			*number += 1;
		}
	}
	insert(&mut change, &lines).await?;
	change.commit().await?;
	Ok(firsts)
}

/// Reserves so many numbers of a chart's, and returns the first.
async fn reserve(change: &mut Change, patient: PatientId, count: u64) -> io::Result<u64> {
	let statement = "INSERT INTO disclosed (patient, next) VALUES ($1, $2) \
		ON CONFLICT (patient) DO UPDATE SET next = disclosed.next + excluded.next RETURNING next";
	let row = change.run(statement, values![patient.0, count]).await?;
	let next = row.ok_or_else(|| io::Error::other("the database says no number"))?.number(0)?;
	Ok(next.saturating_sub(count))
}

/// Writes lines, but for those that are there.
pub(crate) async fn insert(change: &mut Change, lines: &[Line]) -> io::Result<()> {
	for lines in lines.chunks(LINES) {
		let mut values: Vec<Value> = Vec::with_capacity(4 * lines.len());
		for Line { patient, number, time, text } in lines {
			values.extend(values![patient.0, *number, *time, text.as_str()]);
		}
		let statement = format!(
			"INSERT INTO disclosures (patient, number, time, line) VALUES {} \
			 ON CONFLICT (patient, number) DO NOTHING",
			places(lines.len(), 4)
		);
		change.run(&statement, values).await?;
	}
	Ok(())
}

#[cfg(test)]
mod tests;
