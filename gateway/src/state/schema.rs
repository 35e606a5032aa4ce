//! The tables, and the version of the program that they are for.

use super::{Lock, Pool, State, values};
use medblock_primitives::HospitalId;
use rand::{RngCore, rngs::OsRng};
use std::io;

/// The version of the tables that this program knows. Each release that changes them gets a step from the one before.
const VERSION: u64 = 1;

const TABLES: &str = include_str!("schema.sql");

/// Makes the tables if there are none, and checks whose they are.
pub(super) async fn prepare(state: &State, hospital: HospitalId) -> io::Result<()> {
	let bytes = match state.0 {
		Pool::Sqlite { .. } => "BLOB",
		Pool::Postgres(_) => "BYTEA",
	};
	let mut change = state.change().await?;
	// Two gateways may start at once.
	change.lock(Lock::Tables).await?;
	let versions = "CREATE TABLE IF NOT EXISTS medblock (version BIGINT NOT NULL)";
	change.run(versions, values![]).await?;
	match change.run("SELECT version FROM medblock", values![]).await? {
		Some(row) => match row.number(0)? {
			VERSION => (),
			other => {
				return Err(refused(format!(
					"the database has version {other} of the vault's tables, and this program knows version {VERSION}: \
				 install the release that wrote it, or restore a back-up of before that"
				)));
			},
		},
		None => {
			for table in TABLES.replace("BYTES", bytes).split(';') {
				change.run(table, values![]).await?;
			}
			change.run("INSERT INTO medblock (version) VALUES ($1)", values![VERSION]).await?;
		},
	}
	match change.run("SELECT hospital, genesis FROM vault", values![]).await? {
		Some(row) => match row.number(0)? {
			own if own == u64::from(hospital.0) => (),
			// Before the chain has said that it knows the hospital, the number is a guess.
			_ if row.optional_bytes::<32>(1)?.is_none() => {
				change.run("UPDATE vault SET hospital = $1", values![hospital.0]).await?;
			},
			other => return Err(refused(format!("the database belongs to hospital {other}"))),
		},
		None => {
			let (mut holder, mut key) = ([0; 16], [0; 32]);
			OsRng.fill_bytes(&mut holder);
			OsRng.fill_bytes(&mut key);
			let statement =
				"INSERT INTO vault (hospital, holder, challenge_key) VALUES ($1, $2, $3)";
			change.run(statement, values![hospital.0, hex::encode(holder), key]).await?;
		},
	}
	change.commit().await
}

fn refused(why: String) -> io::Error {
	io::Error::new(io::ErrorKind::InvalidData, why)
}
