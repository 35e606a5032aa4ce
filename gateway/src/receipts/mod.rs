//! Receipts of what the vault gives out, and the log that has all of it.
//!
//! The vault gives them once its hospital's controller has named its account on the chain. That account's key lies with
//! the log in the data folder, and signs receipts and what the vault says of the log. One who has lost both begins again
//! with another account and another log, for all to see.

mod anchors;
mod charts;
mod database;
mod folders;
mod log;
mod reader;
mod storage;
#[cfg(test)]
mod tests;
mod tree;

pub use anchors::keep_anchored;
pub use log::{Draft, Page, Written};
pub use reader::Reader;
pub use storage::Log;

use crate::{
	authority::{Authority, Block},
	errors::Refusal,
	files,
	state::State,
};
use database::DatabaseLog;
use folders::Folders;
use medblock_chain::{AccountId, DisclosureLogInfo};
use medblock_primitives::{HospitalId, Moment, vault_account_message};
use medblock_receipts::{LogId, Tree};
use rand::{RngCore, rngs::OsRng};
use std::{
	io,
	path::Path,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
};
use subxt_signer::sr25519::{Keypair, Signature};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// The vault's key, and its log.
pub struct Receipts {
	key: Keypair,
	hospital: HospitalId,
	/// The database that has all logs of this vault, if several gateways share it.
	shared: Option<State>,
	/// The folder that has them otherwise.
	folders: Arc<Folders>,
	known: Mutex<Known>,
	/// Whether the chain names another account of the vault.
	owes: AtomicBool,
}

/// What the chain said last.
#[derive(Default)]
struct Known {
	/// The block that was asked.
	block: Option<[u8; 32]>,
	/// The account that it named, once that was said.
	told: Option<Option<AccountId>>,
	/// The log, if that is the vault's account.
	log: Option<Arc<Log>>,
	/// Whether the log is not the one on the chain.
	is_other: bool,
}

impl Known {
	/// The log, unless it is not the one on the chain: the same places would get other leaves.
	fn answer(&self) -> Result<Option<Arc<Log>>, Refusal> {
		match self.is_other {
			true => Err(Refusal::OtherLog),
			false => Ok(self.log.clone()),
		}
	}
}

impl Receipts {
	/// Reads the key in a data folder, or makes one.
	pub fn open(data: &Path, hospital: HospitalId) -> io::Result<Self> {
		let (key, folder) = (key_of(&*secret(&data.join("vault-account"))?)?, data.join("log"));
		files::create_folder(&folder)?;
		let folders = Arc::new(Folders::new(folder));
		let (known, owes) = Default::default();
		Ok(Self { key, hospital, shared: None, folders, known, owes })
	}

	/// Those of gateways that share a database. It has one key for all of them: that of the first one's folder.
	pub async fn shared(data: &Path, hospital: HospitalId, state: State) -> io::Result<Self> {
		let own = secret(&data.join("vault-account"))?;
		let common = Zeroizing::new(state.account_key(&own).await?);
		let folders = Arc::new(Folders::new(data.join("log")));
		let (known, owes) = Default::default();
		Ok(Self { key: key_of(&common)?, hospital, shared: Some(state), folders, known, owes })
	}

	/// The vault's account.
	pub fn account(&self) -> AccountId {
		AccountId::from(self.key.public_key().0)
	}

	/// The account's signature that it becomes the vault's of its hospital.
	pub fn proof(&self, genesis: &[u8; 32]) -> [u8; 64] {
		let message = vault_account_message(genesis, self.hospital, &self.account().0);
		let Signature(signature) = self.key.sign(&message);
		signature
	}

	/// The key of the vault's account.
	pub fn key(&self) -> &Keypair {
		&self.key
	}

	/// Whether its readers expect receipts that it can't give, as far as it has asked for the log: the chain names another
	/// account of the vault.
	pub fn owes(&self) -> bool {
		self.owes.load(Ordering::Relaxed)
	}

	/// The log that the vault keeps in the state of a final block. None if the chain does not name its account. Refused if it
	/// is not the one on the chain.
	pub async fn log(
		&self,
		authority: &Authority,
		block: &Block,
	) -> Result<Option<Arc<Log>>, Refusal> {
		let mut known = self.known.lock().await;
		if known.block == Some(block.hash) {
			return known.answer();
		}
		let found = authority.disclosure_log(block).await?;
		known.block = None;
		self.tell(&mut known, found.vault_account);
		let owes = found.vault_account.is_some_and(|named| named != self.account());
		self.owes.store(owes, Ordering::Relaxed);
		if found.vault_account != Some(self.account()) {
			(known.block, known.log, known.is_other) = (Some(block.hash), None, false);
			return Ok(None);
		}
		// The chain knows the hospital, so the vault belongs to the chain.
		let id = LogId {
			genesis: authority.genesis().ok_or(Refusal::NodeUnreachable)?,
			hospital: self.hospital,
			number: found.number,
		};
		let log = match known.log.clone().filter(|log| log.id() == id) {
			Some(log) => log,
			None => {
				let log = self.open_log(id).await.map_err(|why| broken(&why))?;
				known.log = Some(log.clone());
				log
			},
		};
		compare(&mut known, &log, &found).await?;
		known.block = Some(block.hash);
		known.answer()
	}

	async fn open_log(&self, id: LogId) -> io::Result<Arc<Log>> {
		if let Some(state) = &self.shared {
			// Any number of writers take turns there.
			return Ok(Arc::new(Log::Database(DatabaseLog::new(state.clone(), id))));
		}
		let folders = self.folders.clone();
		blocking(move || folders.log(id)).await
	}

	/// Removes from the logs what was given out before a time. Their trees stay as they are, so that receipts can still be
	/// checked.
	pub async fn forget(&self, before: Moment) -> io::Result<()> {
		if let Some(state) = &self.shared {
			return database::forget(state, before).await;
		}
		let folders = self.folders.clone();
		blocking(move || folders.forget(before)).await
	}

	/// Says who signs receipts, where that has changed.
	fn tell(&self, known: &mut Known, account: Option<AccountId>) {
		if known.told == Some(account) {
			return;
		}
		known.told = Some(account);
		let own = self.account();
		match account {
			Some(account) if account == own => {
				tracing::info!(account = %own, "the vault gives receipts");
			},
			Some(account) => {
				tracing::error!(named = %account, %own, "the chain names another account of the vault, so it gives no receipts");
			},
			None => {
				tracing::info!(account = %own, "the vault gives no receipts before its hospital's controller has named its account");
			},
		}
	}
}

/// Finds out whether a log is the one on the chain, and says so where that has changed. It is looked at in each block: a
/// server that takes another one's place may lack what that one wrote last, and would give its places to other leaves.
async fn compare(
	known: &mut Known,
	log: &Arc<Log>,
	found: &DisclosureLogInfo,
) -> Result<(), Refusal> {
	let Some((_, anchor)) = found.last else {
		known.is_other = false;
		return Ok(());
	};
	let of_thread = log.clone();
	let then = blocking(move || of_thread.tree_of(anchor.size)).await;
	let then = then.map_err(|why| broken(&why))?;
	let is_other = then != Some(Tree { size: anchor.size, root: anchor.root });
	match (is_other, known.is_other) {
		(true, false) => tracing::error!(
			"the log of disclosures is not the one that the hospital has put on the chain, perhaps since a back-up was \
			 restored: nothing is given out before the controller begins another"
		),
		(false, true) => tracing::info!("the log of disclosures is the one on the chain again"),
		_ => (),
	}
	known.is_other = is_other;
	Ok(())
}

/// The secret key in a file; a new one if there is none.
fn secret(path: &Path) -> io::Result<Zeroizing<[u8; 32]>> {
	let mut secret = Zeroizing::new([0; 32]);
	match files::read_if_there(path)?.map(Zeroizing::new) {
		Some(text) => hex::decode_to_slice(text.trim_ascii(), secret.as_mut())
			.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "vault-account is damaged"))?,
		None => {
			OsRng.fill_bytes(secret.as_mut());
			let text = Zeroizing::new(hex::encode(secret.as_ref()));
			files::write(path, text.as_bytes())?;
		},
	}
	Ok(secret)
}

fn key_of(secret: &[u8; 32]) -> io::Result<Keypair> {
	Keypair::from_secret_key(*secret).map_err(|why| io::Error::other(why.to_string()))
}

/// Does what may have to wait for a disk.
pub async fn blocking<T: Send + 'static>(
	work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
	tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// The refusal when the log can't be read or written.
pub fn broken(why: &io::Error) -> Refusal {
	tracing::error!(%why, "the log of disclosures can't be read or written, so nothing is disclosed");
	Refusal::from_io(why)
}
