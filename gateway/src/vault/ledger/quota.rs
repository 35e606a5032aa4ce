//! The use of quotas.

use super::UploadId;
use crate::{
	errors::Refusal,
	state::{Change, State, Value, values},
};
use medblock_primitives::PatientId;
use std::io;

/// The most uploads of an account that no final block names.
const MAX_UPLOADS: u64 = 8_192;

/// Quotas, in bytes.
#[derive(Clone, Debug)]
pub struct Quotas {
	/// The quota of an account's uploads that no final block names yet, incomplete ones included.
	pub per_account: u64,
	/// The quota of all files of a chart.
	pub per_patient: u64,
	/// The quota of all files of a chart whose patient is not verified yet.
	pub pending: u64,
	/// The quota of all accounts' uploads together that no final block names yet: many accounts that each keep to
	/// their own could fill a disk.
	pub unnamed: u64,
}

/// What uses a quota.
#[derive(Clone, Copy)]
pub(super) enum Subject {
	/// All uploads that no final block names yet.
	All,
	/// An account's uploads that no final block names yet.
	Account([u8; 32]),
	/// A patient's files.
	Patient(PatientId),
}

impl Subject {
	fn values(self) -> Vec<Value> {
		match self {
			Self::All => values![0u32, Vec::<u8>::new()],
			Self::Account(account) => values![1u32, account],
			Self::Patient(patient) => values![2u32, patient.0.to_be_bytes()],
		}
	}
}

/// How much is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Used {
	/// The bytes.
	pub(super) bytes: u64,
	/// The number of uploads, where that is counted.
	pub(super) uploads: u64,
}

/// Reserves quota for an upload, or refuses it. A change that is refused must not be committed.
pub(super) async fn reserve(
	change: &mut Change,
	id: &UploadId,
	length: u64,
	pending: bool,
	quotas: &Quotas,
) -> io::Result<Result<(), Refusal>> {
	if add(change, Subject::All, length, 1).await?.bytes > quotas.unnamed {
		return Ok(Err(Refusal::QuotaExceeded(
			"the vault keeps as much as it may that no transaction names yet: try again later",
		)));
	}
	let own = add(change, Subject::Account(id.account), length, 1).await?;
	if own.bytes > quotas.per_account || own.uploads > MAX_UPLOADS {
		return Ok(Err(Refusal::QuotaExceeded(
			"this account has uploaded as much as it may before transactions name it: send the \
			 transactions, or discard uploads",
		)));
	}
	let quota = if pending { quotas.pending.min(quotas.per_patient) } else { quotas.per_patient };
	if add(change, Subject::Patient(id.blob.patient), length, 0).await?.bytes > quota {
		return Ok(Err(Refusal::QuotaExceeded(
			"the patient's files fill the quota that this vault has for one patient",
		)));
	}
	Ok(Ok(()))
}

/// Whether the account, and all accounts together, have quota left for another upload.
pub(super) async fn has_room(
	state: &State,
	id: &UploadId,
	length: u64,
	quotas: &Quotas,
) -> io::Result<bool> {
	let all = used(state, Subject::All).await?;
	let own = used(state, Subject::Account(id.account)).await?;
	Ok(all.bytes.saturating_add(length) <= quotas.unnamed
		&& own.bytes.saturating_add(length) <= quotas.per_account
		&& own.uploads < MAX_UPLOADS)
}

/// How much a subject uses.
pub(super) async fn used(state: &State, subject: Subject) -> io::Result<Used> {
	let statement = "SELECT bytes, uploads FROM quota_use WHERE kind = $1 AND subject = $2";
	match state.one(statement, subject.values()).await? {
		Some(row) => Ok(Used { bytes: row.number(0)?, uploads: row.number(1)? }),
		None => Ok(Used::default()),
	}
}

/// Adds an account's upload that no final block names yet.
pub(super) async fn add_account(
	change: &mut Change,
	account: [u8; 32],
	bytes: u64,
) -> io::Result<()> {
	add(change, Subject::All, bytes, 1).await?;
	add(change, Subject::Account(account), bytes, 1).await?;
	Ok(())
}

/// Takes such an upload away.
pub(super) async fn take_account(
	change: &mut Change,
	account: [u8; 32],
	bytes: u64,
) -> io::Result<()> {
	take(change, Subject::All, bytes, 1).await?;
	take(change, Subject::Account(account), bytes, 1).await
}

/// Adds to what a subject uses, and returns all of it.
pub(super) async fn add(
	change: &mut Change,
	subject: Subject,
	bytes: u64,
	uploads: u64,
) -> io::Result<Used> {
	let statement = "INSERT INTO quota_use (kind, subject, bytes, uploads) VALUES ($1, $2, $3, $4) \
		ON CONFLICT (kind, subject) DO UPDATE SET bytes = quota_use.bytes + excluded.bytes, \
		uploads = quota_use.uploads + excluded.uploads RETURNING bytes, uploads";
	let mut values = subject.values();
	values.extend(values![bytes, uploads]);
	let row = change.run(statement, values).await?;
	let row = row.ok_or_else(|| io::Error::other("the database says nothing of a quota"))?;
	Ok(Used { bytes: row.number(0)?, uploads: row.number(1)? })
}

/// Takes from what a subject uses.
pub(super) async fn take(
	change: &mut Change,
	subject: Subject,
	bytes: u64,
	uploads: u64,
) -> io::Result<()> {
	let statement = "UPDATE quota_use SET bytes = bytes - $3, uploads = uploads - $4 \
		WHERE kind = $1 AND subject = $2";
	let mut values = subject.values();
	values.extend(values![bytes, uploads]);
	change.run(statement, values).await?;
	let statement = "DELETE FROM quota_use \
		WHERE kind = $1 AND subject = $2 AND bytes = 0 AND uploads = 0";
	change.run(statement, subject.values()).await.map(drop)
}
