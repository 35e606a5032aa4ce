//! A chain for the tests: blocks in a row, and transactions that say what the runtime would say about them.

#![allow(clippy::unwrap_used)]

use super::{
	Limits,
	validation::{Background, Tips},
};
use async_trait::async_trait;
use codec::{Decode, Encode};
use futures::{channel::oneshot, future::Shared};
use medblock_primitives::HospitalId;
use medblock_runtime::{Hash, Header, OpaqueBlock as Block};
use pallet_fair_use::Crowd;
use sc_transaction_pool::{ChainApi, ForkAwareTxPool, Options, ValidateTransactionPriority};
use sc_transaction_pool_api::error::Error;
use sp_blockchain::{HashAndNumber, TreeRoute};
use sp_core::testing::TaskExecutor;
use sp_runtime::{
	OpaqueExtrinsic,
	generic::BlockId,
	traits::{BlakeTwo256, Hash as _, Header as _},
	transaction_validity::{
		InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidity,
		ValidTransaction,
	},
};
use std::{
	collections::{HashMap, HashSet},
	iter::once,
	sync::{Arc, Mutex, MutexGuard},
};

/// The first part of each account's nonces that the chain takes, as its nonce window does.
pub const WINDOW: u32 = 100;

/// A chain in the test's hands.
#[derive(Clone)]
pub struct Chain(Arc<Mutex<State>>);

pub struct State {
	blocks: Vec<Header>,
	/// The transactions in blocks that have some.
	bodies: HashMap<Hash, Vec<OpaqueExtrinsic>>,
	/// How often the chain was asked whether a transaction is valid.
	pub asked: usize,
	/// The blocks whose state the database has dropped.
	pub gone: HashSet<Hash>,
	/// The blocks at which allowances don't suffice.
	pub spent: HashSet<Hash>,
	/// The number by which the window has moved on.
	pub moved: u32,
	/// The number of the last final block.
	pub last_final: usize,
	/// What the chain waits for before it shows a block.
	pub gate: Option<oneshot::Receiver<()>>,
	/// What the chain waits for before it says of a transaction again that it is valid.
	pub gate_of_known: Option<Shared<oneshot::Receiver<()>>>,
	/// The transactions that it was asked about.
	known: HashSet<Vec<u8>>,
}

/// A transaction of an account.
#[derive(Encode, Decode)]
struct Transaction {
	account: u32,
	nonce: u32,
	priority: TransactionPriority,
	crowd: Option<Crowd>,
	/// Bytes that say nothing.
	rest: Vec<u8>,
}

/// A transaction, as the pool takes it.
pub fn transaction(account: u32, nonce: u32, priority: TransactionPriority) -> OpaqueExtrinsic {
	let (crowd, rest) = (None, Vec::new());
	let one = Transaction { account, nonce, priority, crowd, rest };
	OpaqueExtrinsic::from_blob(one.encode())
}

/// A transaction of a hospital's staff, with so many bytes.
pub fn of_staff(hospital: u32, account: u32, nonce: u32, bytes: usize) -> OpaqueExtrinsic {
	let crowd = Some(Crowd::Hospital(HospitalId(hospital)));
	let one = Transaction { account, nonce, priority: 4, crowd, rest: vec![0; bytes] };
	OpaqueExtrinsic::from_blob(one.encode())
}

impl Chain {
	/// A chain of so many blocks, the first among them.
	pub fn of(blocks: u32) -> Self {
		let state = State {
			blocks: Vec::new(),
			bodies: HashMap::new(),
			asked: 0,
			gone: HashSet::new(),
			spent: HashSet::new(),
			moved: 0,
			last_final: 0,
			gate: None,
			gate_of_known: None,
			known: HashSet::new(),
		};
		let chain = Self(Arc::new(Mutex::new(state)));
		for _ in 0..blocks {
			chain.grow();
		}
		chain
	}

	pub fn state(&self) -> MutexGuard<'_, State> {
		self.0.lock().unwrap()
	}

	/// Adds a block, which is the best one then.
	pub fn grow(&self) -> Hash {
		let mut state = self.state();
		let number = state.blocks.len() as u32;
		let parent = state.blocks.last().map(Header::hash).unwrap_or_default();
		let block =
			Header::new(number, Default::default(), Default::default(), parent, Default::default());
		state.blocks.push(block);
		state.blocks.last().unwrap().hash()
	}

	/// Adds a block with these transactions.
	pub fn grow_with(&self, body: Vec<OpaqueExtrinsic>) -> Hash {
		let hash = self.grow();
		self.state().bodies.insert(hash, body);
		hash
	}

	pub fn hash(&self, number: usize) -> Hash {
		self.state().blocks[number].hash()
	}

	/// The closure that [`super::Validation`] takes.
	pub fn tips(&self) -> Box<dyn Fn() -> Tips<Hash> + Send + Sync> {
		let chain = self.clone();
		Box::new(move || {
			let state = chain.state();
			let best = state.blocks.last().unwrap().hash();
			Tips { best, last_final: state.blocks[state.last_final].hash() }
		})
	}

	fn place(&self, hash: Hash) -> Option<usize> {
		self.state().blocks.iter().position(|block| block.hash() == hash)
	}
}

/// A pool with one view, at this block.
pub fn pool<A: ChainApi<Block = Block> + 'static>(
	chain: A,
	at: Hash,
	options: Options,
) -> Arc<ForkAwareTxPool<A, Block>> {
	Arc::new(ForkAwareTxPool::new_with_background_worker(
		options,
		true.into(),
		Arc::new(chain),
		None,
		Background(TaskExecutor::new()),
		at,
		at,
	))
}

/// The limits with room for so many transactions.
pub fn room_for(transactions: usize) -> Limits {
	Limits { transactions, ..Limits::default() }
}

#[async_trait]
impl ChainApi for Chain {
	type Block = Block;
	type Error = Error;

	async fn validate_transaction(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: Arc<OpaqueExtrinsic>,
		_: ValidateTransactionPriority,
	) -> Result<TransactionValidity, Error> {
		let gate = {
			let mut state = self.state();
			let is_new = state.known.insert(transaction.inner().to_vec());
			state.gate_of_known.clone().filter(|_| !is_new)
		};
		if let Some(gate) = gate {
			gate.await.unwrap();
		}
		self.validate_transaction_blocking(at, source, transaction)
	}

	fn validate_transaction_blocking(
		&self,
		at: Hash,
		_: TransactionSource,
		transaction: Arc<OpaqueExtrinsic>,
	) -> Result<TransactionValidity, Error> {
		let mut state = self.state();
		state.asked += 1;
		if state.gone.contains(&at) {
			return Err(Error::InvalidBlockId("State already discarded".into()));
		}
		if state.spent.contains(&at) {
			return Ok(Err(InvalidTransaction::ExhaustsResources.into()));
		}
		let Transaction { account, nonce, priority, crowd, .. } =
			Transaction::decode(&mut transaction.inner()).unwrap();
		if nonce >= state.moved + WINDOW {
			return Ok(Err(InvalidTransaction::Future.into()));
		}
		let before = nonce.checked_sub(1).map(|nonce| (account, nonce).encode());
		let of_crowd = crowd.map(|crowd| crowd.tag((account, nonce)));
		Ok(Ok(ValidTransaction {
			priority,
			requires: before.into_iter().collect(),
			provides: once((account, nonce).encode()).chain(of_crowd).collect(),
			longevity: u64::MAX,
			propagate: true,
		}))
	}

	fn block_id_to_number(&self, at: &BlockId<Block>) -> Result<Option<u32>, Error> {
		Ok(match at {
			BlockId::Hash(hash) => self.place(*hash).map(|place| place as u32),
			BlockId::Number(number) => Some(*number),
		})
	}

	fn block_id_to_hash(&self, at: &BlockId<Block>) -> Result<Option<Hash>, Error> {
		Ok(match at {
			BlockId::Hash(hash) => Some(*hash),
			BlockId::Number(number) => Some(self.hash(*number as usize)),
		})
	}

	fn hash_and_length(&self, transaction: &OpaqueExtrinsic) -> (Hash, usize) {
		let encoded = transaction.encode();
		(BlakeTwo256::hash(&encoded), encoded.len())
	}

	async fn block_body(&self, at: Hash) -> Result<Option<Vec<OpaqueExtrinsic>>, Error> {
		let gate = self.state().gate.take();
		if let Some(gate) = gate {
			gate.await.unwrap();
		}
		Ok(Some(self.state().bodies.get(&at).cloned().unwrap_or_default()))
	}

	fn block_header(&self, at: Hash) -> Result<Option<Header>, Error> {
		Ok(self.place(at).map(|place| self.state().blocks[place].clone()))
	}

	fn tree_route(&self, from: Hash, to: Hash) -> Result<TreeRoute<Block>, Error> {
		let (from, to) = (self.place(from).unwrap(), self.place(to).unwrap());
		let block = |place: usize| HashAndNumber { number: place as u32, hash: self.hash(place) };
		let (route, pivot): (Vec<_>, _) = match from <= to {
			true => ((from..=to).map(block).collect(), 0),
			false => ((to..=from).rev().map(block).collect(), from - to),
		};
		Ok(TreeRoute::new(route, pivot).unwrap())
	}
}
