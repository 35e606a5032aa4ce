//! What a vault has to remember beside its files: in SQLite in the data folder, or in PostgreSQL, which several gateways
//! share.
//!
//! Each statement is one text that both take. What belongs together changes in one [`Change`], and is on disk when that
//! is committed.

mod file;
mod leader;
mod schema;
mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use file::fold;
pub use leader::Leader;
pub(crate) use value::values;
pub use value::{Kind, Row, Value, places};

use medblock_primitives::{HospitalId, PatientId};
use sqlx::{
	ConnectOptions, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
	postgres::{PgConnectOptions, PgPoolOptions},
	sqlite::SqliteError,
};
use std::{io, path::PathBuf, time::Duration};
use url::Url;
use value::{for_postgres, for_sqlite};

/// How long a request waits for a connection to the database, or for another one's change.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections to PostgreSQL.
const CONNECTIONS: u32 = 16;
/// SQLite's code for a full disk, in the lowest byte of its longer ones.
const SQLITE_FULL: i32 = 13;
/// PostgreSQL's code for a full disk.
const POSTGRES_FULL: &str = "53100";

/// Where the state is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
	/// In a file of SQLite's.
	File(PathBuf),
	/// In a database of a PostgreSQL server.
	Server(Url),
}

impl Place {
	/// Whether several gateways may use it.
	pub fn is_shared(&self) -> bool {
		matches!(self, Self::Server(_))
	}
}

/// A database.
#[derive(Clone)]
pub struct State(Pool);

#[derive(Clone)]
enum Pool {
	/// One connection writes, others read beside it.
	Sqlite {
		writer: SqlitePool,
		readers: SqlitePool,
	},
	Postgres(PgPool),
}

/// The vault that a state belongs to.
pub struct Identity {
	/// The hash of the chain's first block, once it is known.
	pub genesis: Option<[u8; 32]>,
	/// The name under which the gateways of this state hold a bucket.
	pub holder: String,
	/// The key of challenges.
	pub challenge_key: [u8; 32],
}

/// What one change at a time may be about, of all gateways.
#[derive(Clone, Copy)]
pub enum Lock {
	/// The tables themselves.
	Tables,
	/// A chart's files.
	Chart(PatientId),
	/// Sign-ins that are over.
	Sessions,
	/// The log of disclosures.
	Log,
	/// The copies of an account's keys. Two accounts may have the same lock.
	Copies([u8; 32]),
}

impl Lock {
	fn key(self) -> i64 {
		match self {
			Self::Tables => 1 << 33,
			Self::Sessions => (1 << 33) + 1,
			Self::Log => (1 << 33) + 2,
			Self::Chart(patient) => (1 << 32) + i64::from(patient.0),
			// No other lock is below 0.
			Self::Copies([a, b, c, d, e, f, g, h, ..]) => {
				i64::from_be_bytes([a, b, c, d, e, f, g, h]) | i64::MIN
			},
		}
	}
}

impl State {
	/// Opens the state of a hospital's vault. Makes the tables if there are none. Refuses those of another version of the
	/// program, or of another hospital.
	pub async fn open(place: &Place, hospital: HospitalId) -> io::Result<Self> {
		let pool = match place {
			Place::File(path) => file::open(path).await?,
			Place::Server(url) => postgres(url).await?,
		};
		let state = Self(pool);
		schema::prepare(&state, hospital).await?;
		Ok(state)
	}

	/// Whether several gateways may use it.
	pub fn is_shared(&self) -> bool {
		matches!(self.0, Pool::Postgres(_))
	}

	/// Ends all connections to it, once what they do is done. Without an error, nothing of this has SQLite's file open
	/// any more.
	pub async fn close(&self) -> io::Result<()> {
		match &self.0 {
			Pool::Sqlite { writer, readers } => {
				let read = file::close(readers).await;
				let written = file::close(writer).await;
				read.and(written)
			},
			Pool::Postgres(pool) => {
				pool.close().await;
				Ok(())
			},
		}
	}

	/// The vault that it belongs to.
	pub async fn identity(&self) -> io::Result<Identity> {
		let row = self.one("SELECT genesis, holder, challenge_key FROM vault", values![]).await?;
		let row = row.ok_or_else(|| io::Error::other("the database does not say whose it is"))?;
		Ok(Identity {
			genesis: row.optional_bytes(0)?,
			holder: row.text(1)?,
			challenge_key: row.bytes(2)?,
		})
	}

	/// The secret key of the vault's account: this one, if there is none yet.
	pub async fn account_key(&self, own: &[u8; 32]) -> io::Result<[u8; 32]> {
		let first = "UPDATE vault SET account_key = $1 WHERE account_key IS NULL";
		self.run(first, values![*own]).await?;
		let row = self.one("SELECT account_key FROM vault", values![]).await?;
		row.ok_or_else(|| io::Error::other("the database does not say whose it is"))?.bytes(0)
	}

	/// Binds the state to a chain. Returns whether it belongs to that one.
	pub async fn bind(&self, genesis: [u8; 32]) -> io::Result<bool> {
		let statement = "UPDATE vault SET genesis = $1 WHERE genesis IS NULL OR genesis = $1 RETURNING hospital";
		Ok(self.run(statement, values![genesis]).await?.is_some())
	}

	/// All rows that a statement reads.
	pub async fn all(&self, statement: &str, values: Vec<Value>) -> io::Result<Vec<Row>> {
		match &self.0 {
			Pool::Sqlite { readers, .. } => {
				let rows = for_sqlite(statement, values).fetch_all(readers).await;
				Ok(rows.map_err(failure)?.into_iter().map(Row::Sqlite).collect())
			},
			Pool::Postgres(pool) => {
				let rows = for_postgres(statement, values).fetch_all(pool).await;
				Ok(rows.map_err(failure)?.into_iter().map(Row::Postgres).collect())
			},
		}
	}

	/// The first row that a statement reads.
	pub async fn one(&self, statement: &str, values: Vec<Value>) -> io::Result<Option<Row>> {
		Ok(self.all(statement, values).await?.into_iter().next())
	}

	/// As [`Change::run`], as a change by itself.
	pub async fn run(&self, statement: &str, values: Vec<Value>) -> io::Result<Option<Row>> {
		match &self.0 {
			Pool::Sqlite { writer, .. } => {
				let rows = for_sqlite(statement, values).fetch_all(writer).await;
				Ok(rows.map_err(failure)?.into_iter().next().map(Row::Sqlite))
			},
			Pool::Postgres(pool) => {
				let rows = for_postgres(statement, values).fetch_all(pool).await;
				Ok(rows.map_err(failure)?.into_iter().next().map(Row::Postgres))
			},
		}
	}

	/// Begins a change.
	pub async fn change(&self) -> io::Result<Change> {
		match &self.0 {
			// A change that read first, and wrote what another one wrote meanwhile, would fail.
			Pool::Sqlite { writer, .. } => {
				writer.begin_with("BEGIN IMMEDIATE").await.map(Change::Sqlite).map_err(failure)
			},
			Pool::Postgres(pool) => pool.begin().await.map(Change::Postgres).map_err(failure),
		}
	}
}

/// A change of several rows: all of it is on disk once it is committed, or none of it.
pub enum Change {
	/// Of SQLite's file.
	Sqlite(Transaction<'static, Sqlite>),
	/// Of PostgreSQL's database.
	Postgres(Transaction<'static, Postgres>),
}

impl Change {
	/// Waits until no other change has this lock. It is free again when this change is over. SQLite makes one change at
	/// a time anyway.
	pub async fn lock(&mut self, lock: Lock) -> io::Result<()> {
		match self {
			Self::Sqlite(_) => Ok(()),
			Self::Postgres(_) => {
				self.all("SELECT pg_advisory_xact_lock($1)", values![lock.key()]).await.map(drop)
			},
		}
	}

	/// All rows that a statement reads, or gives of what it has changed.
	pub async fn all(&mut self, statement: &str, values: Vec<Value>) -> io::Result<Vec<Row>> {
		match self {
			Self::Sqlite(change) => {
				let rows = for_sqlite(statement, values).fetch_all(&mut **change).await;
				Ok(rows.map_err(failure)?.into_iter().map(Row::Sqlite).collect())
			},
			Self::Postgres(change) => {
				let rows = for_postgres(statement, values).fetch_all(&mut **change).await;
				Ok(rows.map_err(failure)?.into_iter().map(Row::Postgres).collect())
			},
		}
	}

	/// The first of these.
	pub async fn run(&mut self, statement: &str, values: Vec<Value>) -> io::Result<Option<Row>> {
		Ok(self.all(statement, values).await?.into_iter().next())
	}

	/// Ends the change. Once this returns, it is on disk.
	pub async fn commit(self) -> io::Result<()> {
		match self {
			Self::Sqlite(change) => change.commit().await.map_err(failure),
			Self::Postgres(change) => change.commit().await.map_err(failure),
		}
	}
}

async fn postgres(url: &Url) -> io::Result<Pool> {
	let options: PgConnectOptions = url.as_str().parse().map_err(failure)?;
	let options = options
		.application_name("medblock-gateway")
		.options([
			("client_min_messages", "warning"),
			("synchronous_commit", "on"),
			// Whatever the server's own default is: a change that has waited for a lock has to see what the others wrote
			// meanwhile.
			("default_transaction_isolation", r"read\ committed"),
			("statement_timeout", "10s"),
			// Of a gateway that stands still, or whose machine is gone: others wait for what it has locked.
			("idle_in_transaction_session_timeout", "15s"),
		])
		.disable_statement_logging();
	let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
	pool.connect_with(options).await.map(Pool::Postgres).map_err(failure)
}

/// Why the database could not do something, without values: for logs, and to be told from errors of the disk.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
struct Failed(String);

/// Whether it is the database that failed, and not the disk.
pub fn has_failed(why: &io::Error) -> bool {
	why.get_ref().is_some_and(|inner| inner.is::<Failed>())
}

/// The same error once more, for all who waited for one change.
pub fn again(why: &io::Error) -> io::Error {
	match why.get_ref().and_then(|inner| inner.downcast_ref::<Failed>()) {
		Some(failed) => io::Error::new(why.kind(), failed.clone()),
		None => io::Error::new(why.kind(), why.to_string()),
	}
}

/// An error of the database, with its code: SQLite's extended one, or PostgreSQL's. A full disk is one of the disk, and
/// told apart.
fn failure(why: sqlx::Error) -> io::Error {
	let (is_full, text) = match &why {
		sqlx::Error::Database(database) => {
			let code = database.code().unwrap_or_default();
			let is_full = match database.try_downcast_ref::<SqliteError>() {
				Some(_) => code.parse::<i32>().is_ok_and(|code| code & 0xff == SQLITE_FULL),
				None => code == POSTGRES_FULL,
			};
			(is_full, format!("the database says: {} (code {code})", database.message()))
		},
		why => (false, format!("the database can't be asked: {why}")),
	};
	match is_full {
		true => io::Error::new(io::ErrorKind::StorageFull, text),
		false => io::Error::other(Failed(text)),
	}
}
