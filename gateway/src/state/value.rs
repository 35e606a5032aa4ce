//! What statements take and give, the same for both databases.

use super::failure;
use sqlx::{
	Postgres, Row as _, Sqlite,
	postgres::{PgArguments, PgRow},
	query::Query,
	sqlite::{SqliteArguments, SqliteRow},
};
use std::io;

/// A value that a statement takes. Each type has its own NULL, as PostgreSQL wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
	/// A whole number.
	Number(Option<i64>),
	/// Bytes of any number.
	Bytes(Option<Vec<u8>>),
	/// Text of any length.
	Text(Option<String>),
}

/// The type of a column.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
	/// A whole number, or NULL.
	Number,
	/// Bytes, or NULL.
	Bytes,
	/// Text of any length.
	Text,
}

impl From<i64> for Value {
	fn from(value: i64) -> Self {
		Self::Number(Some(value))
	}
}

/// Lengths and times. None of them comes near the limit of a database's numbers.
impl From<u64> for Value {
	fn from(value: u64) -> Self {
		Self::Number(Some(i64::try_from(value).unwrap_or(i64::MAX)))
	}
}

impl From<u32> for Value {
	fn from(value: u32) -> Self {
		Self::Number(Some(value.into()))
	}
}

impl From<bool> for Value {
	fn from(value: bool) -> Self {
		Self::Number(Some(value.into()))
	}
}

impl From<Option<u64>> for Value {
	fn from(value: Option<u64>) -> Self {
		value.map_or(Self::Number(None), Self::from)
	}
}

impl<const N: usize> From<[u8; N]> for Value {
	fn from(value: [u8; N]) -> Self {
		Self::Bytes(Some(value.to_vec()))
	}
}

impl From<Vec<u8>> for Value {
	fn from(value: Vec<u8>) -> Self {
		Self::Bytes(Some(value))
	}
}

impl From<&str> for Value {
	fn from(value: &str) -> Self {
		Self::Text(Some(value.to_owned()))
	}
}

impl From<String> for Value {
	fn from(value: String) -> Self {
		Self::Text(Some(value))
	}
}

/// The values of a statement, in the order of `$1`, `$2`, ….
macro_rules! values {
	($($value:expr),* $(,)?) => {
		vec![$($crate::state::Value::from($value)),*]
	};
}
pub(crate) use values;

/// The places of the values of so many rows, from `$1` on: `($1, $2), ($3, $4)`.
pub fn places(rows: usize, columns: usize) -> String {
	let row = |row: usize| {
		let columns = (1..=columns).map(|column| format!("${}", row * columns + column));
		format!("({})", columns.collect::<Vec<_>>().join(", "))
	};
	(0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// A statement for SQLite.
pub(super) fn for_sqlite(
	statement: &str,
	values: Vec<Value>,
) -> Query<'_, Sqlite, SqliteArguments<'_>> {
	let mut query = sqlx::query::<Sqlite>(statement);
	for value in values {
		query = match value {
			Value::Number(value) => query.bind(value),
			Value::Bytes(value) => query.bind(value),
			Value::Text(value) => query.bind(value),
		};
	}
	query
}

/// A statement for PostgreSQL.
pub(super) fn for_postgres(
	statement: &str,
	values: Vec<Value>,
) -> Query<'_, Postgres, PgArguments> {
	let mut query = sqlx::query::<Postgres>(statement);
	for value in values {
		query = match value {
			Value::Number(value) => query.bind(value),
			Value::Bytes(value) => query.bind(value),
			Value::Text(value) => query.bind(value),
		};
	}
	query
}

/// A row that a statement gives. Columns are counted from 0.
pub enum Row {
	/// One of SQLite's.
	Sqlite(SqliteRow),
	/// One of PostgreSQL's.
	Postgres(PgRow),
}

impl Row {
	/// What is in a column, whatever it is.
	pub fn value(&self, column: usize, kind: Kind) -> io::Result<Value> {
		match kind {
			Kind::Number => self.optional(column).map(Value::from),
			Kind::Bytes => self.any_bytes(column).map(Value::Bytes),
			Kind::Text => self.text(column).map(Value::from),
		}
	}

	/// A whole number that may be missing.
	pub fn optional(&self, column: usize) -> io::Result<Option<u64>> {
		let found = match self {
			Self::Sqlite(row) => row.try_get::<Option<i64>, usize>(column),
			Self::Postgres(row) => row.try_get::<Option<i64>, usize>(column),
		};
		match found.map_err(failure)? {
			None => Ok(None),
			Some(found) => u64::try_from(found).map(Some).map_err(|_| damaged()),
		}
	}

	/// A whole number.
	pub fn number(&self, column: usize) -> io::Result<u64> {
		self.optional(column)?.ok_or_else(damaged)
	}

	/// A whole number of 32 bits.
	pub fn short(&self, column: usize) -> io::Result<u32> {
		u32::try_from(self.number(column)?).map_err(|_| damaged())
	}

	/// So many bytes that may be missing.
	pub fn optional_bytes<const N: usize>(&self, column: usize) -> io::Result<Option<[u8; N]>> {
		match self.any_bytes(column)? {
			None => Ok(None),
			Some(found) => found.try_into().map(Some).map_err(|_| damaged()),
		}
	}

	/// So many bytes.
	pub fn bytes<const N: usize>(&self, column: usize) -> io::Result<[u8; N]> {
		self.optional_bytes(column)?.ok_or_else(damaged)
	}

	fn any_bytes(&self, column: usize) -> io::Result<Option<Vec<u8>>> {
		let found = match self {
			Self::Sqlite(row) => row.try_get::<Option<Vec<u8>>, usize>(column),
			Self::Postgres(row) => row.try_get::<Option<Vec<u8>>, usize>(column),
		};
		found.map_err(failure)
	}

	/// Text of any length.
	pub fn text(&self, column: usize) -> io::Result<String> {
		let found = match self {
			Self::Sqlite(row) => row.try_get::<String, usize>(column),
			Self::Postgres(row) => row.try_get::<String, usize>(column),
		};
		found.map_err(failure)
	}
}

fn damaged() -> io::Error {
	io::Error::new(io::ErrorKind::InvalidData, "a row of the vault's database is damaged")
}
