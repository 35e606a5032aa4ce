//! Where a log is.

use super::{
	database::DatabaseLog,
	log::{Draft, FolderLog, Page, Written},
};
use medblock_primitives::{Moment, PatientId};
use medblock_receipts::{Hash, LogId, Tree};
use std::{io, path::Path};

/// A log of everything that the vault gives out. What reads it may have to wait, and so must not be called by a task.
pub enum Log {
	/// In a folder of the vault's only gateway.
	Folder(FolderLog),
	/// In the database that the vault's gateways share.
	Database(DatabaseLog),
}

impl Log {
	/// Opens the log in a folder.
	pub fn open(folder: &Path, id: LogId) -> io::Result<Self> {
		FolderLog::open(folder, id).map(Self::Folder)
	}

	/// The log's name.
	pub fn id(&self) -> LogId {
		match self {
			Self::Folder(log) => log.id(),
			Self::Database(log) => log.id(),
		}
	}

	/// Writes a disclosure. When this returns, it is on disk, and has its place for ever.
	pub async fn append(&self, draft: Draft) -> io::Result<Written> {
		match self {
			Self::Folder(log) => log.append(draft).await,
			Self::Database(log) => log.append(draft).await,
		}
	}

	/// The present tree.
	pub fn tree(&self) -> io::Result<Tree> {
		match self {
			Self::Folder(log) => Ok(log.tree()),
			Self::Database(log) => log.tree(),
		}
	}

	/// The tree of this size; none if the log has never had it.
	pub fn tree_of(&self, size: u64) -> io::Result<Option<Tree>> {
		match self {
			Self::Folder(log) => log.tree_of(size),
			Self::Database(log) => log.tree_of(size),
		}
	}

	/// The proof that the tree of one size has grown to that of another; none if the log has never had them.
	pub fn growth(&self, from: u64, to: u64) -> io::Result<Option<Vec<Hash>>> {
		match self {
			Self::Folder(log) => log.growth(from, to),
			Self::Database(log) => log.growth(from, to),
		}
	}

	/// The proof that the tree of a size has this leaf at its place; none if it has not.
	pub fn place(&self, leaf: &Hash, index: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
		match self {
			Self::Folder(log) => log.place(leaf, index, size),
			Self::Database(log) => log.place(leaf, index, size),
		}
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
		match self {
			Self::Folder(log) => log.page(patient, size, after, limit, time),
			Self::Database(log) => log.page(patient, size, after, limit, time),
		}
	}
}
