//! Receipts, and what was seen of vaults' logs, kept on this device.
//!
//! Receipts lie in segments of 64, each in a value of its own: `receipts/ACCOUNT/CHAIN/NUMBER`. What was seen is one value
//! beside them, `logs/ACCOUNT/CHAIN`, and what came without a receipt another, `unreceipted/ACCOUNT/CHAIN`. All of
//! it is sealed under a key of the account's root secret, and bound to the chain, the account and its name.
//! Where two programs of one account write at the same moment, one's last receipts may be lost.

use crate::{Keys, Result, chain::AccountId, vault::Unreceipted};
use codec::{Decode, DecodeAll, Encode};
use futures::lock::Mutex;
use medblock_crypto::CacheKey;
use medblock_platform::Files;
use medblock_primitives::{HospitalId, PatientId};
use medblock_receipts::{MAX_ENCODED, Pin, Receipt, Tree};
use std::{collections::BTreeMap, sync::Arc};

/// The folder of all receipts.
const FOLDER: &str = "receipts";

/// The folder of what was seen of logs.
const LOGS: &str = "logs";

/// The folder of what came without a receipt.
const UNRECEIPTED: &str = "unreceipted";

/// The first of what a value is bound to.
const LABEL: &[u8] = b"medblock/v1/receipts";

/// The receipts of a segment.
const SEGMENT: usize = 64;

/// The most segments. The oldest one makes room for another.
const SEGMENTS: usize = 1_024;

/// The most that is kept of what came without a receipt. The oldest makes room for more.
const MOST_MISSED: usize = 64;

/// The longest value, in bytes: a segment of the longest receipts.
const LONGEST: usize = SEGMENT * (MAX_ENCODED + 1_024);

/// Deletes what is kept for an account, of all chains. It is to go when the account is removed.
pub async fn forget(files: &dyn Files, account: AccountId) -> Result<()> {
	for folder in [FOLDER, LOGS, UNRECEIPTED] {
		files.clear(&format!("{folder}/{account}")).await?;
	}
	Ok(())
}

/// A receipt, and whether the log on the chain was found to have it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Kept {
	pub(super) receipt: Receipt,
	pub(super) is_proven: bool,
}

/// Some receipts, with the name of their value.
pub(super) struct Segment {
	name: String,
	pub(super) receipts: Vec<Kept>,
}

/// What was seen of vaults' logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Seen {
	/// The last tree of each log that was believed, with the log's number.
	logs: BTreeMap<HospitalId, (u32, u64, [u8; 32])>,
	/// The disclosures of charts that were checked: the log's number, how many, and the last one's leaf.
	charts: BTreeMap<(HospitalId, PatientId), (u32, u64, [u8; 32])>,
}

impl Seen {
	/// The tree that was believed last, and the number of its log.
	pub(super) fn tree(&self, hospital: HospitalId) -> Option<(u32, Tree)> {
		let (number, size, root) = *self.logs.get(&hospital)?;
		Some((number, Tree { size, root }))
	}

	/// Remembers a tree, unless a larger one of the same log is remembered.
	pub(super) fn believe(&mut self, hospital: HospitalId, number: u32, tree: Tree) {
		let is_larger = |(log, known): (u32, Tree)| log == number && known.size > tree.size;
		if !self.tree(hospital).is_some_and(is_larger) {
			self.logs.insert(hospital, (number, tree.size, tree.root));
		}
	}

	/// What was checked of a chart in this log.
	pub(super) fn chart(
		&self,
		hospital: HospitalId,
		patient: PatientId,
		number: u32,
	) -> Option<Pin> {
		let (log, count, last) = *self.charts.get(&(hospital, patient))?;
		(log == number).then_some(Pin { count, last })
	}

	/// Remembers what was checked of a chart.
	pub(super) fn remember(
		&mut self,
		hospital: HospitalId,
		patient: PatientId,
		number: u32,
		pin: Pin,
	) {
		self.charts.insert((hospital, patient), (number, pin.count, pin.last));
	}
}

/// The receipts of one account of one chain.
pub(crate) struct Receipts {
	files: Arc<dyn Files>,
	/// The segments' folder, with a last `/`.
	folder: String,
	/// The name of what was seen.
	logs: String,
	/// The name of what came without a receipt.
	unreceipted: String,
	bound: Vec<u8>,
	/// None if the account has no secret here. Nothing is kept then.
	key: Option<CacheKey>,
	/// Locked during each change.
	changing: Mutex<()>,
}

impl Receipts {
	/// Those of the account with these keys. Nothing is read yet.
	pub(crate) fn new(files: Arc<dyn Files>, keys: &Keys, genesis: [u8; 32]) -> Self {
		let account = keys.account();
		let key = keys.root().ok().map(|root| root.receipts_key(&genesis, &account.0));
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		Self {
			files,
			folder: format!("{FOLDER}/{account}/{chain}/"),
			logs: format!("{LOGS}/{account}/{chain}"),
			unreceipted: format!("{UNRECEIPTED}/{account}/{chain}"),
			bound: [LABEL, &genesis[..], &account.0[..]].concat(),
			key,
			changing: Mutex::default(),
		}
	}

	/// Keeps receipts, after those that are there.
	pub(crate) async fn keep(&self, mut received: Vec<Receipt>) -> Result<()> {
		let _changing = self.changing.lock().await;
		let mut names = self.names().await?;
		let last = names.last().and_then(|name| self.number(name));
		let mut number = last.unwrap_or_default();
		let mut receipts = match names.last() {
			Some(name) => self.segment(name).await?,
			None => Some(Vec::new()),
		};
		// An earlier call may have written some before it was dropped.
		received.retain(|one| !receipts.iter().flatten().any(|kept| kept.receipt == *one));
		let mut received = received.into_iter().peekable();
		while received.peek().is_some() {
			let mut open = match receipts.take() {
				Some(open) if open.len() < SEGMENT => open,
				// It is full, or can't be read.
				_ => {
					number = number.saturating_add(1);
					Vec::new()
				},
			};
			while open.len() < SEGMENT
				&& let Some(receipt) = received.next()
			{
				open.push(Kept { receipt, is_proven: false });
			}
			let name = format!("{}{number:08}", self.folder);
			self.write(&name, &open).await?;
			if names.last() != Some(&name) {
				names.push(name);
			}
			receipts = Some(open);
		}
		let excess = names.len().saturating_sub(SEGMENTS);
		for name in &names[..excess] {
			self.files.remove(name).await?;
		}
		Ok(())
	}

	/// All receipts that can be read, the oldest first.
	pub(super) async fn all(&self) -> Result<Vec<Segment>> {
		let mut all = Vec::new();
		for name in self.names().await? {
			if let Some(receipts) = self.segment(&name).await? {
				all.push(Segment { name, receipts });
			}
		}
		Ok(all)
	}

	/// Notes which receipts of a segment were proven. Those that came meanwhile stay.
	pub(super) async fn note_proven(&self, segment: &Segment) -> Result<()> {
		let _changing = self.changing.lock().await;
		let Some(mut now) = self.segment(&segment.name).await? else { return Ok(()) };
		for (kept, proven) in now.iter_mut().zip(&segment.receipts) {
			kept.is_proven |= proven.is_proven && kept.receipt == proven.receipt;
		}
		self.write(&segment.name, &now).await
	}

	/// What was seen of logs.
	pub(super) async fn seen(&self) -> Result<Seen> {
		Ok(self.read(&self.logs).await?.unwrap_or_default())
	}

	/// Remembers more of what was seen of logs, beside what another check has remembered meanwhile.
	pub(super) async fn see(&self, more: impl FnOnce(&mut Seen)) -> Result<()> {
		let _changing = self.changing.lock().await;
		let mut seen = self.seen().await?;
		more(&mut seen);
		self.write(&self.logs, &seen).await
	}

	/// What came without a receipt, the oldest first.
	pub(super) async fn unreceipted(&self) -> Result<Vec<Unreceipted>> {
		Ok(self.read(&self.unreceipted).await?.unwrap_or_default())
	}

	/// Keeps more of that.
	pub(super) async fn miss(&self, without: Vec<Unreceipted>) -> Result<()> {
		if without.is_empty() {
			return Ok(());
		}
		let _changing = self.changing.lock().await;
		let mut all = self.unreceipted().await?;
		for one in without {
			// An earlier call may have written it before it was dropped.
			if !all.contains(&one) {
				all.push(one);
			}
		}
		let excess = all.len().saturating_sub(MOST_MISSED);
		all.drain(..excess);
		self.write(&self.unreceipted, &all).await
	}

	/// The names of all segments, the oldest first.
	async fn names(&self) -> Result<Vec<String>> {
		if self.key.is_none() {
			return Ok(Vec::new());
		}
		let found = self.files.list(&self.folder).await?;
		let mut names: Vec<String> = found.into_iter().map(|one| one.name).collect();
		names.retain(|name| self.number(name).is_some());
		names.sort_unstable();
		Ok(names)
	}

	fn number(&self, name: &str) -> Option<u32> {
		name.strip_prefix(&self.folder)?.parse().ok()
	}

	async fn segment(&self, name: &str) -> Result<Option<Vec<Kept>>> {
		self.read(name).await
	}

	/// A value; nothing if there is none that can be read.
	async fn read<T: Decode>(&self, name: &str) -> Result<Option<T>> {
		let Some(key) = &self.key else { return Ok(None) };
		let Some(sealed) = self.files.read(name, LONGEST).await? else { return Ok(None) };
		let plain = key.open(&self.bound_to(name), &sealed);
		Ok(plain.and_then(|plain| T::decode_all(&mut &plain[..]).ok()))
	}

	async fn write(&self, name: &str, value: &impl Encode) -> Result<()> {
		let Some(key) = &self.key else { return Ok(()) };
		let sealed = key.seal(&self.bound_to(name), &value.encode());
		Ok(self.files.replace(name, &sealed).await?)
	}

	fn bound_to(&self, name: &str) -> Vec<u8> {
		[&self.bound[..], name.as_bytes()].concat()
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{receipts::keep_received, vault::Vaults};
	use futures::FutureExt;
	use medblock_crypto::Mnemonic;
	use medblock_platform::{Memory, Storage};
	use medblock_receipts::{
		Capacity, Disclosure, LogId, Request, Session, SignedRequest, Subject,
	};
	use subxt_signer::sr25519::dev;

	const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
	const LOG: LogId = LogId { genesis: [7; 32], hospital: HospitalId(2), number: 0 };

	fn keys() -> Keys {
		Keys::from_seed(Mnemonic::parse(WORDS).unwrap().seed("")).unwrap()
	}

	fn receipts(files: &Arc<Memory>) -> Receipts {
		Receipts::new(files.clone(), &keys(), LOG.genesis)
	}

	fn receipt(index: u64) -> Receipt {
		let request = Request {
			genesis: LOG.genesis,
			hospital: LOG.hospital,
			patient: PatientId(3),
			subject: Subject::Record { index: 1, digest: [1; 32] },
			time: 1,
			nonce: [2; 16],
		};
		let disclosure = Disclosure {
			salt: [3; 16],
			asked: SignedRequest { request, signature: [4; 64] },
			session: Session { challenge: "a text".into(), signature: [5; 64] },
			capacity: Capacity::Patient,
			from: 0,
			to: index,
			time: 1,
			block: 2,
			block_hash: [6; 32],
			link: [7; 32],
		};
		Receipt::issue(&dev::dave(), LOG, index, disclosure)
	}

	async fn places(receipts: &Receipts) -> Vec<u64> {
		let all = receipts.all().await.unwrap();
		let all = all.iter().flat_map(|segment| &segment.receipts);
		all.map(|kept| kept.receipt.promise.statement.index).collect()
	}

	#[tokio::test]
	async fn receipts_are_kept_in_their_order_and_only_their_account_reads_them() {
		let files = Arc::new(Memory::new());
		let here = receipts(&files);
		assert!(places(&here).await.is_empty());
		here.keep((0..3).map(receipt).collect()).await.unwrap();
		receipts(&files).keep((3..200).map(receipt).collect()).await.unwrap();
		assert!(places(&here).await.into_iter().eq(0..200));
		assert_eq!(here.names().await.unwrap().len(), 4);
		let other = Keys::from_seed(Mnemonic::parse(WORDS).unwrap().seed("other")).unwrap();
		assert!(places(&Receipts::new(files.clone(), &other, LOG.genesis)).await.is_empty());
		let locked = Keys::new(keys().signer().unwrap().clone(), None);
		let locked = Receipts::new(files.clone(), &locked, LOG.genesis);
		locked.keep(vec![receipt(9)]).await.unwrap();
		assert!(places(&locked).await.is_empty());
		assert_eq!(places(&here).await.len(), 200);
	}

	/// A page that is left drops its work.
	#[tokio::test]
	async fn receipts_whose_keeping_was_dropped_are_kept_with_the_next_and_none_twice() {
		let files = Arc::new(Memory::new());
		let (here, vaults) = (receipts(&files), Vaults::new().unwrap());
		let all: Vec<Receipt> = (0..3).map(receipt).collect();
		vaults.return_receipts(all[..2].to_vec());
		let changing = here.changing.lock().await;
		assert!(keep_received(&vaults, &here).now_or_never().is_none(), "it waits");
		drop(changing);
		assert!(places(&here).await.is_empty());
		// The first one was written nevertheless.
		here.keep(all[..1].to_vec()).await.unwrap();
		vaults.return_receipts(all[2..].to_vec());
		keep_received(&vaults, &here).await;
		assert!(vaults.take_receipts().is_empty());
		let mut found = places(&here).await;
		found.sort_unstable();
		assert_eq!(found, [0, 1, 2]);
	}

	#[tokio::test]
	async fn proven_receipts_stay_proven_and_new_ones_stay() {
		let files = Arc::new(Memory::new());
		let here = receipts(&files);
		here.keep((0..2).map(receipt).collect()).await.unwrap();
		let mut all = here.all().await.unwrap();
		all[0].receipts[1].is_proven = true;
		here.keep(vec![receipt(2)]).await.unwrap();
		here.note_proven(&all[0]).await.unwrap();
		let all = here.all().await.unwrap();
		let proven: Vec<bool> = all[0].receipts.iter().map(|kept| kept.is_proven).collect();
		assert_eq!(proven, [false, true, false]);
	}

	#[tokio::test]
	async fn damaged_segment_loses_its_own_receipts_only() {
		let files = Arc::new(Memory::new());
		let here = receipts(&files);
		here.keep((0..70).map(receipt).collect()).await.unwrap();
		let names = here.names().await.unwrap();
		files.replace(&names[1], b"damaged").await.unwrap();
		here.keep(vec![receipt(70)]).await.unwrap();
		assert!(places(&here).await.into_iter().eq((0..64).chain([70])));
	}

	#[tokio::test]
	async fn what_came_without_a_receipt_is_kept_and_the_oldest_makes_room() {
		let files = Arc::new(Memory::new());
		let without = |time: u64| Unreceipted {
			hospital: LOG.hospital,
			patient: PatientId(3),
			subject: Subject::Profile { digest: [1; 32] },
			time,
		};
		let here = receipts(&files);
		assert!(here.unreceipted().await.unwrap().is_empty());
		here.miss((0..60).map(without).collect()).await.unwrap();
		receipts(&files).miss((60..100).map(without).collect()).await.unwrap();
		here.miss(vec![without(99)]).await.unwrap();
		let times = here.unreceipted().await.unwrap().into_iter().map(|one| one.time);
		assert!(times.eq(36..100), "and none is there twice");
		forget(&*files, keys().account()).await.unwrap();
		assert!(here.unreceipted().await.unwrap().is_empty());
	}

	#[tokio::test]
	async fn what_was_seen_is_remembered_for_its_log() {
		let files = Arc::new(Memory::new());
		let here = receipts(&files);
		assert_eq!(here.seen().await.unwrap(), Seen::default());
		let (tree, pin) = (Tree { size: 9, root: [1; 32] }, Pin { count: 4, last: [2; 32] });
		// One check of the receipts, and one of a chart that began before it.
		here.see(|seen| seen.believe(HospitalId(2), 1, tree)).await.unwrap();
		let smaller = Tree { size: 7, root: [3; 32] };
		let chart = |seen: &mut Seen| {
			seen.believe(HospitalId(2), 1, smaller);
			seen.remember(HospitalId(2), PatientId(3), 1, pin);
		};
		here.see(chart).await.unwrap();
		let mut seen = receipts(&files).seen().await.unwrap();
		assert_eq!(seen.tree(HospitalId(2)), Some((1, tree)), "not the smaller one");
		assert_eq!(seen.tree(HospitalId(3)), None);
		assert_eq!(seen.chart(HospitalId(2), PatientId(3), 1), Some(pin));
		assert_eq!(seen.chart(HospitalId(2), PatientId(3), 2), None, "another log");
		seen.believe(HospitalId(2), 2, smaller);
		assert_eq!(seen.tree(HospitalId(2)), Some((2, smaller)), "a log that was begun anew");
	}
}
