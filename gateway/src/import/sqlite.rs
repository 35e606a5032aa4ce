//! SQLite's file, taken over into a server's database in one change.

use crate::state::{self, Change, Kind, Place, Row, State, Value, values};
use medblock_primitives::HospitalId;
use std::{io, path::Path};

/// The rows that are read at a time.
const ROWS: u64 = 1_000;

/// A table whose rows are taken over, and its columns.
type Table = (&'static str, &'static [(&'static str, Kind)]);

/// All but sign-ins, which people repeat.
const TABLES: [Table; 6] = [
	(
		"files",
		&[
			("patient", Kind::Number),
			("digest", Kind::Bytes),
			("size", Kind::Number),
			("keep_until", Kind::Number),
			("settled", Kind::Number),
			("quarantined", Kind::Number),
			("deleting", Kind::Number),
		],
	),
	("uploaders", &[("patient", Kind::Number), ("digest", Kind::Bytes), ("account", Kind::Bytes)]),
	(
		"uploads",
		&[
			("patient", Kind::Number),
			("digest", Kind::Bytes),
			("account", Kind::Bytes),
			("length", Kind::Number),
			("prepared", Kind::Number),
			("active", Kind::Number),
			("gateway", Kind::Text),
		],
	),
	(
		"quota_use",
		&[
			("kind", Kind::Number),
			("subject", Kind::Bytes),
			("bytes", Kind::Number),
			("uploads", Kind::Number),
		],
	),
	("disclosed", &[("patient", Kind::Number), ("next", Kind::Number)]),
	(
		"disclosures",
		&[
			("patient", Kind::Number),
			("number", Kind::Number),
			("time", Kind::Number),
			("line", Kind::Text),
		],
	),
];

/// Takes over what is in a file. What is there already stays as it is. Once this returns without an error, nothing has
/// the file open, and there is no log beside it: it may be moved.
pub(super) async fn take_over(file: &Path, to: &State) -> io::Result<()> {
	let hospital = to.one("SELECT hospital FROM vault", values![]).await?;
	let hospital = hospital.ok_or_else(|| io::Error::other("the database says no hospital"))?;
	let place = Place::File(file.to_owned());
	let from = State::open(&place, HospitalId(hospital.short(0)?)).await?;
	let copied = copy_all(&from, to).await;
	let closed = from.close().await;
	copied.and(closed)?;
	state::fold(file).await
}

async fn copy_all(from: &State, to: &State) -> io::Result<()> {
	let mut change = to.change().await?;
	for table in &TABLES {
		copy(from, &mut change, table).await?;
	}
	change.commit().await?;
	match from.identity().await?.genesis {
		Some(genesis) if !to.bind(genesis).await? => {
			Err(io::Error::new(io::ErrorKind::InvalidData, "the database belongs to another chain"))
		},
		_ => Ok(()),
	}
}

async fn copy(from: &State, change: &mut Change, (table, columns): &Table) -> io::Result<()> {
	let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
	let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
	let (names, places) = (names.join(", "), places.join(", "));
	let select =
		format!("SELECT {names}, rowid FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT $2");
	let insert = format!("INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING");
	let mut last = 0_u64;
	loop {
		let rows = from.all(&select, values![last, ROWS]).await?;
		let Some(end) = rows.last() else { return Ok(()) };
		last = end.number(columns.len())?;
		for row in rows {
			change.run(&insert, values_of(&row, columns)?).await?;
		}
	}
}

fn values_of(row: &Row, columns: &[(&str, Kind)]) -> io::Result<Vec<Value>> {
	let columns = columns.iter().enumerate();
	columns.map(|(column, (_, kind))| row.value(column, *kind)).collect()
}
