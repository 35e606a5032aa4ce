//! SQLite's file: how it is opened, how it is closed for certain, and how it becomes one that can be moved.

use super::{PATIENCE, Pool, failure, value::for_sqlite, values};
use crate::files;
use futures::future::try_join_all;
use sqlx::{
	ConnectOptions, Connection, SqlitePool,
	sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{io, path::Path, time::Duration};

/// Connections that read from the file.
const READERS: u32 = 8;
/// Pages after which SQLite writes its log into the file: at most about a megabyte waits.
const CHECKPOINT: &str = "256";
/// The ends of the names of what SQLite keeps beside a file as long as the file needs it.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Opens the file, and makes it if there is none.
///
/// When the disk is full, SQLite itself ends the change that it was about. sqlx then fails to take the change back, and
/// refuses every later one on this connection. So a connection that is in the middle of a change when it is needed for
/// another one is closed, and a new one is opened.
pub(super) async fn open(path: &Path) -> io::Result<Pool> {
	// SQLite's own log beside it gets the same rights.
	files::private().open(path)?;
	let options = options(path).journal_mode(SqliteJournalMode::Wal);
	let pool = |connections| {
		SqlitePoolOptions::new()
			.max_connections(connections)
			.acquire_timeout(PATIENCE)
			.idle_timeout(None::<Duration>)
			.max_lifetime(None::<Duration>)
			.before_acquire(|connection, _| {
				let is_free = !connection.is_in_transaction();
				Box::pin(async move { Ok(is_free) })
			})
	};
	let writer = pool(1).connect_with(options.clone()).await.map_err(failure)?;
	let readers = pool(READERS).connect_with(options).await.map_err(failure)?;
	Ok(Pool::Sqlite { writer, readers })
}

/// Closes all connections of a pool, and says whether that worked.
///
/// The pool's own `close` alone may come back while a connection is on its way into the pool. That one stays open, and
/// its thread closes it at any time after the pool is gone: it then removes the log of whatever file has the name by
/// then. So all are taken out of the pool before.
pub(super) async fn close(pool: &SqlitePool) -> io::Result<()> {
	if pool.is_closed() {
		return Ok(());
	}
	let all = (0..pool.options().get_max_connections()).map(|_| pool.acquire());
	let (connections, mut result) = match try_join_all(all).await {
		Ok(connections) => (connections, Ok(())),
		Err(why) => (Vec::new(), Err(failure(why))),
	};
	// From this call on, the pool opens no other one.
	let closing = pool.close();
	for connection in connections {
		result = result.and(connection.close().await.map_err(failure));
	}
	closing.await;
	result
}

/// Makes a file one that stands for itself: SQLite writes its log into it, and removes the log. Refuses while anything
/// has the file open, in this process or in another one, since SQLite needs it alone for that.
pub async fn fold(path: &Path) -> io::Result<()> {
	let mut connection = options(path).connect().await.map_err(failure)?;
	let alone = "PRAGMA journal_mode = DELETE";
	let folded = for_sqlite(alone, values![]).execute(&mut connection).await.map_err(failure);
	let closed = connection.close().await.map_err(failure);
	folded.and(closed)?;
	for end in BESIDE {
		let mut beside = path.as_os_str().to_owned();
		beside.push(end);
		if Path::new(&beside).try_exists()? {
			return Err(io::Error::other(format!("the database's file has its `{end}` still")));
		}
	}
	Ok(())
}

fn options(path: &Path) -> SqliteConnectOptions {
	SqliteConnectOptions::new()
		.filename(path)
		.synchronous(SqliteSynchronous::Full)
		.pragma("wal_autocheckpoint", CHECKPOINT)
		.busy_timeout(PATIENCE)
		.disable_statement_logging()
}
