//! Transactions that were signed before an upgrade, at a node that has it.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{AccountId, call::Funds, rpc::Rpc, turns::Turns};
use codec::Encode;
use futures::{FutureExt, future::ready};
use serde_json::{Value, json};
use std::sync::{
	Arc,
	atomic::{AtomicU8, Ordering},
};
use subxt::utils::H256;
use subxt_rpcs::{
	Error as RpcError, UserError,
	client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClient, RpcClientT},
};

/// The last final block when the story begins.
const FINAL: u8 = 10;
/// The block that brings version 2 of the runtime.
const UPGRADE: u8 = 12;
/// The best block.
const BEST: u8 = 14;

/// A node. All its blocks are empty, and a block's hash consists of its number.
struct Node {
	/// The last final block. The next one becomes final with each question for it.
	finalized: AtomicU8,
	/// The nonce of the account's next transaction, by all blocks.
	nonce: u32,
	/// Whether it takes the transaction, as one does that has not looked at the upgrade yet.
	takes_it: bool,
}

impl Node {
	fn start(nonce: u32, takes_it: bool) -> Arc<Self> {
		Arc::new(Self { finalized: AtomicU8::new(FINAL), nonce, takes_it })
	}

	fn answer(&self, method: &str, given: &[Value]) -> Result<Value, RpcError> {
		let first = given.first().unwrap_or(&Value::Null);
		Ok(match method {
			"chain_getFinalizedHead" => {
				let finalized = self.finalized.load(Ordering::Relaxed);
				self.finalized.store(BEST.min(finalized + 1), Ordering::Relaxed);
				hash(finalized)
			},
			"chain_getBlockHash" => match first.as_u64() {
				Some(number) if number > u64::from(BEST) => Value::Null,
				Some(number) => hash(u8::try_from(number).unwrap()),
				None => hash(BEST),
			},
			"chain_getHeader" => header(number(first)),
			"chain_getBlock" => json!({
				"block": { "header": header(number(first)), "extrinsics": [] },
				"justifications": null,
			}),
			"state_call" => {
				let version: u32 = if number(&given[2]) < UPGRADE { 1 } else { 2 };
				let answer = match first.as_str().unwrap() {
					"Core_version" => ("medblock", "medblock", 1_u32, version, 0_u32).encode(),
					"AccountNonceApi_account_nonce" => self.nonce.encode(),
					other => panic!("{other} is not asked"),
				};
				Value::String(format!("0x{}", hex::encode(answer)))
			},
			"author_submitExtrinsic" if self.takes_it => hash(0),
			"author_submitExtrinsic" => {
				let words = json!("Transaction has a bad signature").to_string();
				return Err(RpcError::User(UserError {
					code: 1010,
					message: "Invalid Transaction".to_owned(),
					data: RawValue::from_string(words).ok(),
				}));
			},
			other => panic!("{other} is not asked"),
		})
	}
}

fn hash(number: u8) -> Value {
	json!(H256([number; 32]))
}

fn number(hash: &Value) -> u8 {
	let H256(bytes) = serde_json::from_value(hash.clone()).unwrap();
	bytes[0]
}

fn header(number: u8) -> Value {
	json!({
		"parentHash": hash(number.saturating_sub(1)),
		"number": number,
		"stateRoot": hash(0),
		"extrinsicsRoot": hash(0),
		"digest": { "logs": [] },
	})
}

impl RpcClientT for Node {
	fn request_raw<'a>(
		&'a self,
		method: &'a str,
		params: Option<Box<RawValue>>,
	) -> RawRpcFuture<'a, Box<RawValue>> {
		let given: Vec<Value> =
			params.map_or_else(Vec::new, |params| serde_json::from_str(params.get()).unwrap());
		let answer = self.answer(method, &given);
		ready(answer.map(|value| RawValue::from_string(value.to_string()).unwrap())).boxed()
	}

	fn subscribe_raw<'a>(
		&'a self,
		sub: &'a str,
		_params: Option<Box<RawValue>>,
		_unsub: &'a str,
	) -> RawRpcFuture<'a, RawRpcSubscription> {
		panic!("{sub} is not asked")
	}
}

async fn chain(node: &Arc<Node>) -> Chain {
	Chain::over(Rpc::of(RpcClient::new(node.clone()))).await.unwrap()
}

/// A transaction with nonce 7, signed at the last final block for this version of the runtime. Each test has an account of
/// its own.
fn sent(account: u8, spec_version: Option<u32>) -> Sent {
	let account = AccountId::from([account; 32]);
	Sent {
		call: "MedicalRecords.add_records".to_owned(),
		transaction: vec![1, 2, 3],
		first: u32::from(FINAL) + 1,
		last: 74,
		started: Instant::now(),
		account,
		nonce: 7,
		spec_version,
		funds: Funds::Allowance,
		is_next: false,
		turns: Turns::of([12; 32], &account),
	}
}

#[tokio::test]
async fn transaction_is_signed_again_once_an_upgrade_is_final() {
	let node = Node::start(7, false);
	let (chain, sent) = (chain(&node).await, sent(1, Some(1)));
	for (nonce, version) in [(7, 1), (8, 1), (9, 2)] {
		sent.turns.took(nonce, Some(version));
	}
	let outcome = chain.hand_over(Until::Final, &sent).await;
	assert!(matches!(outcome, Err(Error::Overtaken)));
	let at = chain.finalized().await.unwrap();
	assert!(at.number() > u32::from(UPGRADE), "it was signed for the old runtime once more");
	assert_eq!(
		[7, 8, 9].map(|said| sent.turns.nonce(said)),
		[7, 8, 10],
		"those before it are lost, too"
	);
}

#[tokio::test]
async fn bad_signature_without_an_upgrade_stands() {
	for spec_version in [Some(2), Some(3), None] {
		let node = Node::start(7, false);
		let outcome = chain(&node).await.hand_over(Until::Final, &sent(2, spec_version)).await;
		assert!(matches!(outcome, Err(Error::NodeRefused { code: 1010, .. })));
	}
}

#[tokio::test]
async fn transaction_whose_nonce_is_in_a_block_is_not_signed_again_before_it_was_looked_for() {
	let node = Node::start(8, false);
	let outcome = chain(&node).await.hand_over(Until::Final, &sent(3, Some(1))).await;
	assert!(matches!(outcome, Ok(Handed::Perhaps(Error::NodeRefused { .. }))));
}

#[tokio::test]
async fn transaction_that_a_node_drops_at_an_upgrade_is_signed_again() {
	let node = Node::start(7, true);
	let (chain, sent) = (chain(&node).await, sent(4, Some(1)));
	assert!(matches!(chain.hand_over(Until::Final, &sent).await, Ok(Handed::Over)));
	assert_eq!(sent.turns.nonce(7), 8, "the node has it");
	let outcome = chain.settle(Until::Final, &sent).await;
	assert!(matches!(outcome, Err(Error::Overtaken)));
	assert!(node.finalized.load(Ordering::Relaxed) > UPGRADE, "it could still be included");
	assert_eq!(sent.turns.nonce(7), 7);
}
