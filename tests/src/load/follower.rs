//! A node's news of blocks, as they come.

use crate::load::ledger::{Class, Ledger};
use codec::Decode;
use frame_support::{
	dispatch::DispatchClass, storage::storage_prefix, traits::Get, weights::Weight,
};
use frame_system::{ConsumedWeight, EventRecord, Phase, limits::BlockWeights};
use jsonrpsee::{
	core::client::{ClientT, Subscription, SubscriptionClientT},
	rpc_params,
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_runtime::{Hash, Header, Runtime, RuntimeEvent};
use serde::Deserialize;
use sp_core::{
	Bytes,
	storage::{StorageChangeSet, StorageKey},
};
use sp_io::hashing::blake2_256;
use sp_runtime::DigestItem;
use std::{
	collections::HashMap,
	sync::{Arc, Mutex},
	time::Instant,
};
use tokio::{
	sync::mpsc::{UnboundedSender, unbounded_channel},
	task::JoinHandle,
};

/// The engine that numbers slots, in the digests of headers.
const AURA: [u8; 4] = *b"aura";
/// The largest answer that is taken: a full block in hexadecimal, and more.
const LARGEST: u32 = 64 << 20;

/// What was seen, for those that look at it and the one that sees it.
pub type Shared = Arc<Mutex<Seen>>;

/// What was seen.
#[derive(Default)]
pub struct Seen {
	/// The transactions of the present phase.
	pub ledger: Ledger,
	/// The number of the present phase. Blocks of an earlier one say nothing about this one's transactions.
	round: usize,
	/// All blocks, by their hash.
	blocks: HashMap<Hash, Block>,
	/// The final ones, in order.
	pub finals: Vec<Final>,
	last: Option<Hash>,
	/// Why it is not known what became of transactions.
	pub failure: Option<String>,
}

/// A block that was seen.
struct Block {
	number: u32,
	slot: u64,
	seen: Instant,
	round: usize,
	/// The places of its transactions in the ledger; none for those of others.
	places: Vec<Option<usize>>,
	bytes: usize,
}

/// A final block.
#[derive(Clone, Copy, Debug)]
pub struct Final {
	/// Its number.
	pub number: u32,
	/// The slot that it was made in.
	pub slot: u64,
	/// When it was first seen.
	pub seen: Instant,
	/// When it was known to be final.
	pub last: Instant,
	/// The number of its transactions, without the chain's own.
	pub transactions: usize,
	/// The number of those of the present phase's load whose calls succeeded.
	pub ours: usize,
	/// The bytes of all transactions.
	pub bytes: usize,
	/// The part of the room for ordinary transactions that is used.
	pub fill: f64,
	/// Whether a session ended with it.
	pub ends_session: bool,
	/// The part of the whole block that the chain's own work takes.
	pub own: f64,
}

impl Seen {
	/// Begins a phase with these transactions. No block has any of them yet.
	pub fn begin(&mut self, ledger: Ledger) {
		self.ledger = ledger;
		self.round += 1;
		for block in &mut self.finals {
			block.ours = 0;
		}
	}

	/// The number of blocks with a number in this range that were seen and did not become final.
	pub fn forks(&self, first: u32, last: u32) -> usize {
		let range = first..=last;
		let all = self.blocks.values().filter(|block| range.contains(&block.number)).count();
		let finals = self.finals.iter().filter(|block| range.contains(&block.number)).count();
		all.saturating_sub(finals)
	}

	/// The transactions in final blocks after this one, up to that one.
	pub fn transactions(&self, after: u32, last: u32) -> usize {
		let some = self.finals.iter().filter(|block| block.number > after && block.number <= last);
		some.map(|block| block.transactions).sum()
	}

	/// Notes a block, with the hashes of its transactions.
	fn note(&mut self, header: &Header, seen: Instant, transactions: &[([u8; 32], usize)]) {
		let places: Vec<_> = transactions.iter().map(|(hash, _)| self.ledger.place(hash)).collect();
		for place in places.iter().flatten() {
			self.ledger.fate(*place).in_block.get_or_insert(seen);
		}
		let block = Block {
			number: header.number,
			slot: slot(header).unwrap_or_default(),
			seen,
			round: self.round,
			places,
			bytes: transactions.iter().map(|(_, length)| length).sum(),
		};
		self.blocks.entry(header.hash()).or_insert(block);
	}

	/// Notes that a block is final.
	fn close(&mut self, hash: Hash, last: Instant, outcome: &Outcome) {
		let Some(block) = self.blocks.get_mut(&hash) else { return };
		let places = std::mem::take(&mut block.places);
		let mut ours = 0;
		for (number, place) in places.iter().enumerate() {
			let Some(place) = place.filter(|_| block.round == self.round) else { continue };
			let fate = self.ledger.fate(place);
			fate.last = Some(last);
			fate.failed = outcome.failed.contains(&number);
			ours += usize::from(fate.class == Class::Load && !fate.failed);
		}
		self.finals.push(Final {
			number: block.number,
			slot: block.slot,
			seen: block.seen,
			last,
			// Each block has one transaction that its author makes: the time.
			transactions: places.len().saturating_sub(1),
			ours,
			bytes: block.bytes,
			fill: outcome.fill,
			ends_session: outcome.ends_session,
			own: outcome.own,
		});
		self.last = Some(hash);
	}
}

/// What came of a block's transactions.
#[derive(Default)]
struct Outcome {
	/// The numbers of those whose calls failed.
	failed: Vec<usize>,
	fill: f64,
	ends_session: bool,
	own: f64,
}

/// The slot that a block was made in.
fn slot(header: &Header) -> Option<u64> {
	header.digest.logs().iter().find_map(|item| match item {
		DigestItem::PreRuntime(AURA, bytes) => u64::decode(&mut &bytes[..]).ok(),
		_ => None,
	})
}

/// News of a node.
enum News {
	Imported(Header),
	Final(Header),
}

/// Follows a node's blocks until it is dropped.
pub struct Follower {
	/// What it has seen.
	pub shared: Shared,
	tasks: [JoinHandle<()>; 2],
}

impl Drop for Follower {
	fn drop(&mut self) {
		for task in &self.tasks {
			task.abort();
		}
	}
}

impl Follower {
	/// Begins to follow a node.
	pub async fn start(url: &str) -> Result<Self, String> {
		let told = |why: jsonrpsee::core::client::Error| format!("{url}: {why}");
		let builder = WsClientBuilder::default().max_response_size(LARGEST);
		let client = Arc::new(builder.build(url).await.map_err(told)?);
		let imported: Subscription<Header> = client
			.subscribe("chain_subscribeAllHeads", rpc_params![], "chain_unsubscribeAllHeads")
			.await
			.map_err(told)?;
		let finals: Subscription<Header> = client
			.subscribe(
				"chain_subscribeFinalizedHeads",
				rpc_params![],
				"chain_unsubscribeFinalizedHeads",
			)
			.await
			.map_err(told)?;
		let shared = Shared::default();
		let (send, mut receive) = unbounded_channel();
		// Two tasks, so that news are timed when they come, and not when the block before has been read.
		let listening = tokio::spawn(listen(imported, finals, send));
		let noting = {
			let shared = shared.clone();
			async move {
				while let Some((at, news)) = receive.recv().await {
					if let Err(why) = note(&client, &shared, at, news).await {
						shared.lock().expect("no panic").failure = Some(why);
					}
				}
				let ended = "the node that is watched closed the connection".to_owned();
				shared.lock().expect("no panic").failure.get_or_insert(ended);
			}
		};
		Ok(Self { shared, tasks: [listening, tokio::spawn(noting)] })
	}
}

async fn listen(
	mut imported: Subscription<Header>,
	mut finals: Subscription<Header>,
	send: UnboundedSender<(Instant, News)>,
) {
	loop {
		let news = tokio::select! {
			header = imported.next() => header.map(|header| header.map(News::Imported)),
			header = finals.next() => header.map(|header| header.map(News::Final)),
		};
		let Some(Ok(news)) = news else { return };
		if send.send((Instant::now(), news)).is_err() {
			return;
		}
	}
}

async fn note(client: &WsClient, shared: &Shared, at: Instant, news: News) -> Result<(), String> {
	match news {
		News::Imported(header) => read(client, shared, &header, at).await,
		News::Final(header) => close(client, shared, header, at).await,
	}
}

/// A block as nodes tell it, as far as it matters here.
#[derive(Deserialize)]
struct Told {
	block: Body,
}

#[derive(Deserialize)]
struct Body {
	extrinsics: Vec<Bytes>,
}

/// Reads a block, and notes it.
async fn read(
	client: &WsClient,
	shared: &Shared,
	header: &Header,
	at: Instant,
) -> Result<(), String> {
	let hash = header.hash();
	if shared.lock().expect("no panic").blocks.contains_key(&hash) {
		return Ok(());
	}
	let unread = |why: String| format!("block {} was not read: {why}", header.number);
	let told: Option<Told> = client
		.request("chain_getBlock", rpc_params![hash])
		.await
		.map_err(|why| unread(why.to_string()))?;
	let told = told.ok_or_else(|| unread("the node has none".to_owned()))?;
	let transactions = told.block.extrinsics.iter().map(|one| (blake2_256(one), one.len()));
	let transactions: Vec<_> = transactions.collect();
	shared.lock().expect("no panic").note(header, at, &transactions);
	Ok(())
}

/// Notes that a block is final, and those before it that are so with it.
async fn close(
	client: &WsClient,
	shared: &Shared,
	header: Header,
	at: Instant,
) -> Result<(), String> {
	let mut chain = vec![];
	let mut next = Some(header);
	while let Some(header) = next {
		let (hash, parent) = (header.hash(), header.parent_hash);
		read(client, shared, &header, at).await?;
		chain.push((hash, header.number));
		// The first that is told is where this begins.
		let last = shared.lock().expect("no panic").last;
		next = match last {
			Some(last) if last != parent && last != hash => client
				.request("chain_getHeader", rpc_params![parent])
				.await
				.map_err(|why| format!("block {parent} was not read: {why}"))?,
			_ => None,
		};
	}
	for (hash, number) in chain.into_iter().rev() {
		if shared.lock().expect("no panic").last == Some(hash) {
			continue;
		}
		let outcome = outcome(client, hash)
			.await
			.map_err(|why| format!("what came of block {number} was not read: {why}"))?;
		shared.lock().expect("no panic").close(hash, at, &outcome);
	}
	Ok(())
}

/// What came of a block's transactions, from its state.
async fn outcome(client: &WsClient, block: Hash) -> Result<Outcome, String> {
	let keys = [b"Events".as_slice(), b"BlockWeight".as_slice()]
		.map(|name| StorageKey(storage_prefix(b"System", name).to_vec()));
	let [events_key, weight_key] = keys.clone();
	let found: Vec<StorageChangeSet<Hash>> = client
		.request("state_queryStorageAt", rpc_params![keys.to_vec(), block])
		.await
		.map_err(|why| why.to_string())?;
	let mut outcome = Outcome::default();
	for (key, value) in found.into_iter().flat_map(|set| set.changes) {
		let Some(value) = value else { continue };
		let bytes = &mut &value.0[..];
		if key == events_key {
			let events = Vec::<EventRecord<RuntimeEvent, Hash>>::decode(bytes);
			let events = events.map_err(|why| why.to_string())?;
			outcome.failed = events.iter().filter_map(failed).collect();
			outcome.ends_session = events.iter().any(|event| ends_session(&event.event));
		} else if key == weight_key {
			let used = ConsumedWeight::decode(bytes).map_err(|why| why.to_string())?;
			(outcome.fill, outcome.own) = (fill(&used), own(&used));
		}
	}
	Ok(outcome)
}

/// The number of the transaction whose call failed, if the event says that.
fn failed(event: &EventRecord<RuntimeEvent, Hash>) -> Option<usize> {
	let failed =
		matches!(event.event, RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { .. }));
	match event.phase {
		Phase::ApplyExtrinsic(number) if failed => usize::try_from(number).ok(),
		_ => None,
	}
}

/// Whether the event says that a session ended with the block.
fn ends_session(event: &RuntimeEvent) -> bool {
	matches!(event, RuntimeEvent::Session(pallet_session::Event::NewSession { .. }))
}

fn limits() -> BlockWeights {
	type Limits = <Runtime as frame_system::Config>::BlockWeights;
	<Limits as Get<BlockWeights>>::get()
}

/// The room for ordinary transactions in a block.
fn room() -> Option<Weight> {
	limits().get(DispatchClass::Normal).max_total
}

/// The part of the whole block that the chain's own work takes.
fn own(used: &ConsumedWeight) -> f64 {
	let most = limits().max_block.ref_time();
	used.get(DispatchClass::Mandatory).ref_time() as f64 / most.max(1) as f64
}

/// The part of that room that is used.
fn fill(used: &ConsumedWeight) -> f64 {
	let room = room().map_or(0, |most| most.ref_time());
	used.get(DispatchClass::Normal).ref_time() as f64 / room.max(1) as f64
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::load::signing::Packed;
	use codec::Encode;
	use serde_json::value::RawValue;
	use sp_runtime::Digest;

	fn header(number: u32, parent: Hash, slot: u64) -> Header {
		let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA, slot.encode())] };
		let (state_root, extrinsics_root) = (Hash::zero(), Hash::zero());
		Header { parent_hash: parent, number, state_root, extrinsics_root, digest }
	}

	fn ledger(hashes: &[u8]) -> Ledger {
		let mut ledger = Ledger::default();
		let packed = hashes.iter().map(|hash| {
			let body = RawValue::from_string("[]".to_owned()).expect("JSON");
			Packed { hash: [*hash; 32], body, length: 10 }
		});
		ledger.expect(vec![packed.collect()], Class::Load);
		ledger
	}

	#[test]
	fn blocks_tell_what_became_of_transactions() {
		let mut seen = Seen::default();
		seen.begin(ledger(&[1, 2]));
		let (genesis, at) = (Hash::zero(), Instant::now());
		let block = header(1, genesis, 70);
		let time = ([9; 32], 5);
		seen.note(&block, at, &[time, ([1; 32], 10), ([2; 32], 10)]);
		// Another block of the same height, which does not become final.
		seen.note(&header(1, genesis, 71), at, &[time, ([1; 32], 10)]);
		assert!(seen.ledger.fates().iter().all(|fate| fate.in_block == Some(at)));
		let outcome = Outcome { failed: vec![2], fill: 0.5, ends_session: true, own: 0.25 };
		seen.close(block.hash(), at, &outcome);
		let fates = seen.ledger.fates();
		assert!(fates[0].succeeded() && fates[1].failed && !fates[1].succeeded());
		let last = seen.finals[0];
		assert_eq!((last.number, last.slot, last.transactions, last.ours), (1, 70, 2, 1));
		assert_eq!((last.bytes, last.fill), (25, 0.5));
		assert_eq!((last.ends_session, last.own), (true, 0.25));
		assert_eq!((seen.forks(1, 1), seen.forks(2, 9)), (1, 0));
		assert_eq!((seen.transactions(0, 1), seen.transactions(1, 9)), (2, 0));
	}

	#[test]
	fn blocks_of_an_earlier_phase_say_nothing_about_this_one() {
		let mut seen = Seen::default();
		seen.begin(ledger(&[1]));
		let (block, at) = (header(1, Hash::zero(), 70), Instant::now());
		seen.note(&block, at, &[([1; 32], 10)]);
		seen.begin(ledger(&[2]));
		seen.close(block.hash(), at, &Outcome::default());
		assert!(seen.ledger.fates()[0].last.is_none());
		assert_eq!(seen.finals[0].ours, 0);

		// What a final block had of the phase before does not count either.
		let next = header(2, block.hash(), 71);
		seen.note(&next, at, &[([2; 32], 10)]);
		seen.close(next.hash(), at, &Outcome::default());
		assert_eq!(seen.finals[1].ours, 1);
		seen.begin(ledger(&[3]));
		assert_eq!(seen.finals[1].ours, 0);
	}

	#[test]
	fn what_is_sent_beside_the_load_is_none_of_it() {
		let mut seen = Seen::default();
		seen.begin(ledger(&[1, 2]));
		seen.ledger.fate(1).class = Class::Probe;
		let (block, at) = (header(1, Hash::zero(), 70), Instant::now());
		seen.note(&block, at, &[([1; 32], 10), ([2; 32], 10)]);
		seen.close(block.hash(), at, &Outcome::default());
		assert!(seen.ledger.fates().iter().all(|fate| fate.succeeded()));
		assert_eq!(seen.finals[0].ours, 1);
	}

	#[test]
	fn the_fill_is_that_of_the_room_for_ordinary_transactions() {
		let most = room().expect("it is limited");
		let used = |class: DispatchClass| {
			ConsumedWeight::new(|one| if one == class { most } else { Weight::zero() })
		};
		assert_eq!(fill(&used(DispatchClass::Normal)), 1.0);
		assert_eq!(fill(&used(DispatchClass::Mandatory)), 0.0);
		assert_eq!(own(&used(DispatchClass::Normal)), 0.0);
		let part = own(&used(DispatchClass::Mandatory));
		assert!(part > 0.0 && part < 1.0, "{part}");
	}

	#[test]
	fn the_end_of_a_session_is_told_by_its_event() {
		let ends = pallet_session::Event::<Runtime>::NewSession { session_index: 7 };
		assert!(ends_session(&RuntimeEvent::Session(ends)));
		let queued = pallet_session::Event::<Runtime>::NewQueued;
		assert!(!ends_session(&RuntimeEvent::Session(queued)));
	}
}
