//! Which one of several gateways does what one has to do: it collects garbage, and renews the hold on the bucket.
//!
//! It is the one whose connection to the database has a lock, so that another one gets it when the process, its machine or
//! its line is gone. For a moment two may lead: what they do is a change, or marked before it is done.

use super::{Pool, State, failure, values};
use crate::state::value::for_postgres;
use sqlx::{ConnectOptions, PgConnection, PgPool, Row as _};
use std::{
	io,
	sync::atomic::{AtomicBool, Ordering},
	time::Duration,
};
use tokio::time::{sleep, timeout};

/// The lock's number. No [`Lock`](super::Lock) has it.
const LEADER: i64 = 1 << 34;
/// The time until a gateway asks again whether it leads.
const AGAIN: Duration = Duration::from_secs(2);
/// How long the database may take to answer that.
const PATIENCE: Duration = Duration::from_secs(5);
/// Has the database end a connection that asks nothing for so long: of a machine that is gone, or a process that stands
/// still, it hears nothing, and the lock would stay for hours. PostgreSQL 13 has no such setting, and leaves it at that.
const SILENCE: &str = "SELECT set_config(name, '20s', false) FROM pg_settings \
	WHERE name = 'idle_session_timeout'";

/// Whether this gateway leads.
pub struct Leader(AtomicBool);

impl Leader {
	/// One with a state of its own leads: its data folder has a lock. Others have to be asked.
	pub fn new(state: &State) -> Self {
		Self(AtomicBool::new(!state.is_shared()))
	}

	/// Whether it does now.
	pub fn leads(&self) -> bool {
		self.0.load(Ordering::Relaxed)
	}

	/// Leads as soon and as long as no other gateway with the same state does. Does not return.
	pub async fn campaign(&self, state: &State) {
		let pool = match &state.0 {
			Pool::Sqlite { .. } => return std::future::pending().await,
			Pool::Postgres(pool) => pool,
		};
		loop {
			let why = self.hold(pool).await;
			self.set(false);
			tracing::warn!(%why, "the database can't be asked which gateway leads");
			sleep(AGAIN).await;
		}
	}

	/// Asks for the lock again and again on one connection, and returns why that is gone.
	async fn hold(&self, pool: &PgPool) -> io::Error {
		let options = pool.connect_options();
		let mut connection = match timeout(PATIENCE, options.connect()).await {
			Ok(Ok(connection)) => connection,
			Ok(Err(why)) => return failure(why),
			Err(_) => return io::ErrorKind::TimedOut.into(),
		};
		match timeout(PATIENCE, for_postgres(SILENCE, values![]).execute(&mut connection)).await {
			Ok(Ok(_)) => (),
			Ok(Err(why)) => return failure(why),
			Err(_) => return io::ErrorKind::TimedOut.into(),
		}
		loop {
			match timeout(PATIENCE, has_lock(&mut connection)).await {
				Ok(Ok(leads)) => self.set(leads),
				Ok(Err(why)) => return why,
				Err(_) => return io::ErrorKind::TimedOut.into(),
			}
			sleep(AGAIN).await;
		}
	}

	fn set(&self, leads: bool) {
		if self.0.swap(leads, Ordering::Relaxed) != leads {
			tracing::info!(leads, "this gateway leads those of its vault, or does no more");
		}
	}
}

/// Takes the lock if no other connection has it, and says whether this one does.
async fn has_lock(connection: &mut PgConnection) -> io::Result<bool> {
	// One that has it gets it once more, and loses all with the connection.
	let statement = "SELECT pg_try_advisory_lock($1)";
	let row = for_postgres(statement, values![LEADER]).fetch_one(connection).await;
	row.and_then(|row| row.try_get::<bool, usize>(0)).map_err(failure)
}
