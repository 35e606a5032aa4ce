//! Transactions and queries over JSON-RPC.

use crate::{Form, eventually};
use codec::{Decode, Encode};
use frame_support::storage::storage_prefix;
use jsonrpsee::{
	core::{
		client::{ClientT, Error as ClientError},
		params::ArrayParams,
	},
	rpc_params,
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_primitives::HospitalId;
use medblock_runtime::{AccountId, Hash, Header, Nonce, RuntimeCall, RuntimeEvent};
use medblock_views::{Answer, Hospital, Page, SeatStatus};
use serde::de::DeserializeOwned;
use sp_core::{
	Pair, sr25519,
	storage::{StorageChangeSet, StorageKey},
};

/// A node that is spoken to.
pub struct Chain {
	client: WsClient,
	genesis: Hash,
}

impl Chain {
	/// Connects to a node.
	pub async fn connect(url: &str) -> Self {
		let client = eventually(&format!("{url} answers"), || async {
			WsClientBuilder::default().build(url).await.ok()
		})
		.await;
		let genesis = client
			.request("chain_getBlockHash", rpc_params![0])
			.await
			.expect("a node knows its genesis");
		Self { client, genesis }
	}

	/// Calls a method without parameters.
	pub async fn get<T: DeserializeOwned>(&self, method: &str) -> T {
		self.client.request(method, rpc_params![]).await.unwrap_or_else(|why| {
			panic!("{method}: {why}");
		})
	}

	/// The code and message of the error that a request is refused with.
	pub async fn refusal(&self, method: &str, params: ArrayParams) -> Option<(i32, String)> {
		match self.client.request::<serde_json::Value, _>(method, params).await {
			Err(ClientError::Call(error)) => Some((error.code(), error.message().to_owned())),
			_ => None,
		}
	}

	/// The last final block.
	pub async fn finalized(&self) -> (Hash, Header) {
		let hash: Hash = self.get("chain_getFinalizedHead").await;
		let header = self
			.client
			.request("chain_getHeader", rpc_params![hash])
			.await
			.expect("a node has its final block");
		(hash, header)
	}

	/// The best block's header.
	pub async fn best(&self) -> Header {
		self.get("chain_getHeader").await
	}

	/// The hash of a block by its number.
	pub async fn hash_of(&self, number: u32) -> Option<Hash> {
		self.client.request("chain_getBlockHash", rpc_params![number]).await.expect("an answer")
	}

	/// The number of a block.
	pub async fn number_of(&self, block: Hash) -> u32 {
		let header: Header = self
			.client
			.request("chain_getHeader", rpc_params![block])
			.await
			.expect("a block that exists");
		header.number
	}

	/// Which hospital authored a block.
	pub async fn author_of(&self, block: Hash) -> Option<u32> {
		let answer: Answer<Option<HospitalId>> =
			self.client.request("consortium_author", rpc_params![block]).await.expect("an answer");
		answer.value.map(|hospital| hospital.0)
	}

	/// The state of the hospitals' validators in the best block, in order of ids.
	pub async fn seats(&self) -> Vec<SeatStatus> {
		let (start, limit) = (None::<HospitalId>, None::<u32>);
		let params = rpc_params![start, limit, self.best().await.hash()];
		let page: Page<Hospital, HospitalId> =
			self.client.request("consortium_hospitals", params).await.expect("an answer");
		page.items.iter().map(|one| one.seat).collect()
	}

	/// How many nodes this one is connected to.
	pub async fn peers(&self) -> u64 {
		let health: serde_json::Value = self.get("system_health").await;
		health["peers"].as_u64().expect("a number")
	}

	/// A value in storage, in a given block.
	pub async fn storage<T: Decode>(&self, key: &[u8], at: Hash) -> Option<T> {
		let data: Option<sp_core::Bytes> = self
			.client
			.request("state_getStorage", rpc_params![StorageKey(key.to_vec()), at])
			.await
			.expect("an answer");
		data.map(|bytes| T::decode(&mut &bytes[..]).expect("the value's type"))
	}

	/// Whether there is a value in storage, in a given block.
	pub async fn is_stored(&self, key: &[u8], at: Hash) -> bool {
		let data: Option<sp_core::Bytes> = self
			.client
			.request("state_getStorage", rpc_params![StorageKey(key.to_vec()), at])
			.await
			.expect("an answer");
		data.is_some()
	}

	/// What the runtime says to a question of one of its APIs, in a given block.
	pub async fn ask<T: Decode>(&self, method: &str, arguments: impl Encode, at: Hash) -> T {
		let arguments = sp_core::Bytes(arguments.encode());
		let answer: sp_core::Bytes = self
			.client
			.request("state_call", rpc_params![method, arguments, at])
			.await
			.unwrap_or_else(|why| panic!("{method}: {why}"));
		T::decode(&mut &answer[..]).expect("the answer's type")
	}

	/// Every item whose key begins like this, in a given block.
	pub async fn items(&self, prefix: &[u8], at: Hash) -> Vec<(Vec<u8>, Vec<u8>)> {
		const PAGE: usize = 1_000;
		let prefix = StorageKey(prefix.to_vec());
		let mut all = Vec::new();
		let mut after: Option<StorageKey> = None;
		loop {
			let keys: Vec<StorageKey> = self
				.client
				.request("state_getKeysPaged", rpc_params![&prefix, PAGE, after.clone(), at])
				.await
				.expect("an answer");
			let Some(last) = keys.last().cloned() else { return all };
			let found: Vec<StorageChangeSet<Hash>> = self
				.client
				.request("state_queryStorageAt", rpc_params![keys, at])
				.await
				.expect("an answer");
			for (key, value) in found.into_iter().flat_map(|set| set.changes) {
				all.extend(value.map(|value| (key.0, value.0)));
			}
			after = Some(last);
		}
	}

	/// Every value in the state after the last final block but the runtime's code, one after another.
	pub async fn whole_state(&self) -> Vec<u8> {
		const PAGE: usize = 1_000;
		let (at, _) = self.finalized().await;
		let mut all = Vec::new();
		let mut after: Option<StorageKey> = None;
		loop {
			let keys: Vec<StorageKey> = self
				.client
				.request("state_getKeysPaged", rpc_params!["0x", PAGE, after.clone(), at])
				.await
				.expect("an answer");
			for key in keys.iter().filter(|key| key.0 != sp_core::storage::well_known_keys::CODE) {
				let value: Option<sp_core::Bytes> = self
					.client
					.request("state_getStorage", rpc_params![key, at])
					.await
					.expect("an answer");
				all.extend_from_slice(&key.0);
				all.extend(value.into_iter().flat_map(|value| value.0));
			}
			if keys.len() < PAGE {
				return all;
			}
			after = keys.last().cloned();
		}
	}

	/// What the node answers, as JSON, to every question that it takes without signing anything, with
	/// each of these parameters; and every block.
	pub async fn answers(&self, parameters: &[serde_json::Value]) -> Vec<(String, String)> {
		const QUESTIONS: [&str; 8] = [
			"archive_",
			"chain_",
			"consortium_",
			"grandpa_",
			"medicalRecords_",
			"payment_",
			"state_",
			"system_",
		];
		let methods: serde_json::Value = self.get("rpc_methods").await;
		let methods = methods["methods"].as_array().expect("a list");
		let methods = methods.iter().filter_map(|method| method.as_str()).filter(|method| {
			let lasts = method.to_lowercase().contains("subscribe");
			!lasts && QUESTIONS.iter().any(|prefix| method.starts_with(prefix))
		});
		let mut questions: Vec<(String, serde_json::Value)> = methods
			.flat_map(|method| parameters.iter().map(|some| (method.to_owned(), some.clone())))
			.collect();
		for number in 0..=self.best().await.number {
			let hash = self.hash_of(number).await;
			questions.push(("chain_getBlock".to_owned(), serde_json::json!([hash])));
		}
		let mut answers = Vec::new();
		for (method, parameters) in questions {
			let mut some = ArrayParams::new();
			for parameter in parameters.as_array().into_iter().flatten() {
				some.insert(parameter).expect("JSON");
			}
			let answer = self.client.request::<serde_json::Value, _>(&method, some).await;
			if let Ok(answer) = answer {
				answers.push((method, answer.to_string()));
			}
		}
		answers
	}

	/// The events of a block.
	pub async fn events(&self, block: Hash) -> Vec<RuntimeEvent> {
		type Record = frame_system::EventRecord<RuntimeEvent, Hash>;
		let key = storage_prefix(b"System", b"Events");
		let records: Vec<Record> = self.storage(&key, block).await.unwrap_or_default();
		records.into_iter().map(|record| record.event).collect()
	}

	/// Signs a call, sends it and waits until it is in a final block; gives that block's hash.
	/// Fails the test if the call is refused.
	pub async fn send(&self, signer: &sr25519::Pair, call: RuntimeCall) -> Hash {
		self.try_send(signer, call.clone()).await.unwrap_or_else(|why| panic!("{call:?}: {why}"))
	}

	/// As [`Chain::send`]; a refusal is an error.
	pub async fn try_send(
		&self,
		signer: &sr25519::Pair,
		call: RuntimeCall,
	) -> Result<Hash, String> {
		let account = AccountId::from(signer.public());
		let nonce: Nonce = self
			.client
			.request("system_accountNextIndex", rpc_params![account])
			.await
			.map_err(|why| why.to_string())?;
		let extrinsic = self.form().await.sign(signer, nonce, call);
		let encoded = sp_core::Bytes(extrinsic.encode());
		let from = self.finalized().await.1.number;
		self.client
			.request::<Hash, _>("author_submitExtrinsic", rpc_params![encoded.clone()])
			.await
			.map_err(|why| why.to_string())?;
		let (block, index) = self.included(&encoded, from + 1).await;
		let key = storage_prefix(b"System", b"Events");
		let records: Vec<frame_system::EventRecord<RuntimeEvent, Hash>> =
			self.storage(&key, block).await.unwrap_or_default();
		for record in records {
			let own = record.phase == frame_system::Phase::ApplyExtrinsic(index);
			if let (
				true,
				RuntimeEvent::System(frame_system::Event::ExtrinsicFailed {
					dispatch_error, ..
				}),
			) = (own, record.event)
			{
				return Err(format!("{dispatch_error:?}"));
			}
		}
		Ok(block)
	}

	/// Signs a call with this nonce and hands it to the node, without waiting for a block.
	pub async fn submit(
		&self,
		signer: &sr25519::Pair,
		nonce: Nonce,
		call: RuntimeCall,
	) -> Result<Hash, String> {
		let extrinsic = self.form().await.sign(signer, nonce, call);
		let encoded = sp_core::Bytes(extrinsic.encode());
		let sent = self.client.request("author_submitExtrinsic", rpc_params![encoded]).await;
		sent.map_err(|why: ClientError| why.to_string())
	}

	/// The number of transactions that an account has in blocks and in the node's pool.
	pub async fn next_nonce(&self, account: &AccountId) -> Nonce {
		self.client
			.request("system_accountNextIndex", rpc_params![account.clone()])
			.await
			.expect("an answer")
	}

	/// The transactions of a block, encoded.
	pub async fn transactions(&self, block: Hash) -> Vec<sp_core::Bytes> {
		let answer: serde_json::Value =
			self.client.request("chain_getBlock", rpc_params![block]).await.expect("a block");
		serde_json::from_value(answer["block"]["extrinsics"].clone()).expect("a list of bytes")
	}

	/// Sends many calls of one account in their order, and waits until a final block has the last.
	/// Whether they succeeded is for the caller to see.
	pub async fn send_all(&self, signer: &sr25519::Pair, calls: Vec<RuntimeCall>) {
		/// Fewer than an account may have waiting.
		const AT_ONCE: usize = 16;
		let account = AccountId::from(signer.public());
		let mut nonce: Nonce =
			self.ask("AccountNonceApi_account_nonce", &account, self.finalized().await.0).await;
		let mut calls = calls.into_iter().peekable();
		while calls.peek().is_some() {
			for call in calls.by_ref().take(AT_ONCE) {
				let extrinsic = self.form().await.sign(signer, nonce, call);
				let encoded = sp_core::Bytes(extrinsic.encode());
				let sent: Result<Hash, _> =
					self.client.request("author_submitExtrinsic", rpc_params![encoded]).await;
				sent.unwrap_or_else(|why| panic!("nonce {nonce}: {why}"));
				nonce += 1;
			}
			eventually(&format!("transaction {nonce} of {account} is final"), || async {
				let (at, _) = self.finalized().await;
				let sent: Nonce = self.ask("AccountNonceApi_account_nonce", &account, at).await;
				(sent >= nonce).then_some(())
			})
			.await;
		}
	}

	/// Where a transaction is in a final block, looking from a block number on.
	async fn included(&self, extrinsic: &sp_core::Bytes, mut number: u32) -> (Hash, u32) {
		loop {
			eventually(&format!("block {number} is final"), || async {
				(self.finalized().await.1.number >= number).then_some(())
			})
			.await;
			let hash = self.hash_of(number).await.expect("a final block has a hash");
			let block: serde_json::Value = self
				.client
				.request("chain_getBlock", rpc_params![hash])
				.await
				.expect("a final block");
			let wanted = serde_json::to_value(extrinsic).expect("JSON");
			let extrinsics = block["block"]["extrinsics"].as_array().expect("a list").clone();
			if let Some(index) = extrinsics.iter().position(|one| *one == wanted) {
				return (hash, index as u32);
			}
			number += 1;
		}
	}

	/// How transactions are signed for this chain and the runtime in force, which need not be this build's.
	pub async fn form(&self) -> Form {
		let version: serde_json::Value = self.get("state_getRuntimeVersion").await;
		let number = |name: &str| version[name].as_u64().expect("a number") as u32;
		Form::immortal(self.genesis, number("specVersion"), number("transactionVersion"))
	}
}
