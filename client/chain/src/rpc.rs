//! JSON-RPC with a time limit, and with a retry after a lost connection.

mod handshake;
mod silence;
#[cfg(not(target_family = "wasm"))]
mod tunnelled;

use crate::{AccountId, Error, Health, Result, Tokens, blake2_256, door::Door};
use medblock_platform::clock::{Duration, Instant, timeout};
#[cfg(not(target_family = "wasm"))]
use medblock_platform::proxy::Proxies;
use medblock_vault_protocol::{
	Address,
	door::{Found, TRANSACTION},
};
pub use silence::Silence;
use silence::Silences;
use std::{
	fmt::Display,
	future::Future,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
};
use subxt::{SubstrateConfig, config::RpcConfigFor, utils::H256};
use subxt_rpcs::{
	LegacyRpcMethods,
	client::{
		RpcClient,
		reconnecting_rpc_client::{ExponentialBackoff, RpcClient as Reconnecting},
		rpc_params,
	},
	methods::legacy::NumberOrHex,
};

/// The time limit for an answer, reconnecting included, where another node can be asked instead.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The same where the client depends on this very node. It may stand still for a while, as a busy machine does, or one that
/// sleeps, or whose state is just being saved.
pub(crate) const STANDSTILL: Duration = Duration::from_secs(30);

/// The condition for a retry: an earlier connection. Without one, the caller learns at once why
/// there is none.
#[derive(Clone)]
struct OnceConnected {
	connected: Arc<AtomicBool>,
	delays: ExponentialBackoff,
}

impl Default for OnceConnected {
	fn default() -> Self {
		let delays = ExponentialBackoff::from_millis(50).max_delay(Duration::from_secs(2));
		Self { connected: Arc::default(), delays }
	}
}

impl Iterator for OnceConnected {
	type Item = Duration;

	fn next(&mut self) -> Option<Duration> {
		self.connected.load(Ordering::Relaxed).then(|| self.delays.next())?
	}
}

type Methods = LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>;

#[derive(Clone)]
pub(crate) struct Rpc {
	client: RpcClient,
	methods: Methods,
	url: Arc<str>,
	/// Whether a gateway is between, which gives no whole blocks.
	is_door: bool,
	/// Whether the client signs in there.
	pub(crate) signs_in: bool,
	/// The time limit for an answer, reconnecting included.
	patience: Duration,
	silences: Arc<Silences>,
}

impl Rpc {
	/// Connects within `patience`, which is also the time limit for each answer.
	pub(crate) async fn connect(
		url: &str,
		tokens: Option<Arc<dyn Tokens>>,
		patience: Duration,
	) -> Result<Self> {
		let inner = Self::reach(url, patience).await?;
		let gateway = Address::of_door(url);
		let (is_door, signs_in) = (gateway.is_some(), tokens.is_some());
		let client = match gateway {
			Some(gateway) => RpcClient::new(Door::new(inner, gateway, tokens)),
			None => inner,
		};
		let methods = Methods::new(client.clone());
		let (url, silences) = (url.into(), Arc::default());
		Ok(Self { client, methods, url, is_door, signs_in, patience, silences })
	}

	/// A connection to a node of a test.
	#[cfg(all(test, not(target_family = "wasm")))]
	pub(crate) fn of(client: RpcClient) -> Self {
		let methods = Methods::new(client.clone());
		let (url, silences) = ("ws://test".into(), Arc::default());
		let (is_door, signs_in, patience) = (false, false, PATIENCE);
		Self { client, methods, url, is_door, signs_in, patience, silences }
	}

	/// The same connection, with more time for each answer: the client depends on this very node.
	pub(crate) fn patient(self) -> Self {
		Self { patience: STANDSTILL, ..self }
	}

	/// Has silences of the node told.
	pub(crate) fn on_silence(&self, listener: Silence) {
		self.silences.on(listener);
	}

	async fn reach(url: &str, patience: Duration) -> Result<RpcClient> {
		let parsed = url::Url::parse(url).map_err(|_| Error::BadAddress(url.to_owned()))?;
		if !matches!(parsed.scheme(), "ws" | "wss") {
			return Err(Error::BadAddress(url.to_owned()));
		}
		#[cfg(not(target_family = "wasm"))]
		if let Some(client) = Self::tunnelled(url, &parsed, patience).await? {
			return Ok(client);
		}
		let policy = OnceConnected::default();
		let connecting = Reconnecting::builder().retry_policy(policy.clone()).build(url);
		let client = timeout(patience, connecting)
			.await
			.map_err(|_| silent(url, patience))?
			.map_err(|why| Error::unreachable(url, handshake::explained(why, parsed.scheme())))?;
		policy.connected.store(true, Ordering::Relaxed);
		Ok(RpcClient::new(client))
	}

	/// A connection through the proxy that the environment names for this address, if it does.
	#[cfg(not(target_family = "wasm"))]
	async fn tunnelled(
		url: &str,
		parsed: &url::Url,
		patience: Duration,
	) -> Result<Option<RpcClient>> {
		let proxy = Proxies::of_environment().of_url(parsed);
		let Some(proxy) = proxy.map_err(|why| Error::unreachable(url, why))? else {
			return Ok(None);
		};
		let connecting = tunnelled::Tunnelled::connect(parsed.clone(), proxy);
		let client = timeout(patience, connecting)
			.await
			.map_err(|_| silent(url, patience))?
			.map_err(|why| Error::unreachable(url, why))?;
		Ok(Some(RpcClient::new(client)))
	}

	pub(crate) fn client(&self) -> RpcClient {
		self.client.clone()
	}

	pub(crate) fn url(&self) -> &str {
		&self.url
	}

	pub(crate) fn incomprehensible(&self, what: &'static str) -> Error {
		Error::Incomprehensible { url: self.url.to_string(), what }
	}

	/// Repeats a request until the node answers or refuses, or time is up. Only for requests that
	/// may be repeated.
	async fn ask<T, F>(&self, request: impl Fn() -> F) -> Result<T>
	where
		F: Future<Output = std::result::Result<T, subxt_rpcs::Error>>,
	{
		let asking = async move {
			loop {
				match request().await {
					Ok(answer) => return Ok(answer),
					Err(why) if why.is_disconnected_will_reconnect() => {
						tracing::debug!("the connection to {} was lost", self.url);
					},
					Err(why) => return Err(Error::from_rpc(&self.url, why)),
				}
			}
		};
		match self.silences.limited(self.patience, &self.url, asking).await {
			Ok(answer) => answer,
			Err(_) => Err(silent(&self.url, self.patience)),
		}
	}

	/// Limits the time of a request by subxt, which by itself would wait for a lost connection for
	/// ever.
	pub(crate) async fn within<T, E: Display>(
		&self,
		asked: impl Future<Output = std::result::Result<T, E>>,
	) -> Result<T> {
		match self.silences.limited(self.patience, &self.url, asked).await {
			Ok(answer) => answer.map_err(|why| Error::unreachable(&self.url, why)),
			Err(_) => Err(silent(&self.url, self.patience)),
		}
	}

	pub(crate) async fn finalized_head(&self) -> Result<H256> {
		self.ask(|| self.methods.chain_get_finalized_head()).await
	}

	pub(crate) async fn block_hash(&self, number: u32) -> Result<Option<H256>> {
		let number = || Some(NumberOrHex::Number(number.into()));
		self.ask(|| self.methods.chain_get_block_hash(number())).await
	}

	pub(crate) async fn best(&self) -> Result<H256> {
		let hash = self.ask(|| self.methods.chain_get_block_hash(None)).await?;
		hash.ok_or_else(|| self.incomprehensible("best block"))
	}

	pub(crate) async fn number_of(&self, block: H256) -> Result<u32> {
		let header = self.ask(|| self.methods.chain_get_header(Some(block))).await?;
		let number = header.ok_or(Error::UnknownBlock(block))?.number;
		u32::try_from(number).map_err(|_| self.incomprehensible("block number"))
	}

	/// The place of a transaction in a block, if the block contains it.
	pub(crate) async fn place(&self, block: H256, transaction: &[u8]) -> Result<Option<u32>> {
		if self.is_door {
			return Ok(self.found(block, transaction).await?.map(|found| found.index));
		}
		let body = self.body(block).await?;
		let index = body.iter().position(|one| one == transaction);
		Ok(index.map(|index| u32::try_from(index).unwrap_or(u32::MAX)))
	}

	/// The events of a transaction in a block, encoded, if a door gives just these.
	pub(crate) async fn own_events(
		&self,
		block: H256,
		transaction: &[u8],
	) -> Result<Option<Vec<u8>>> {
		if !self.is_door {
			return Ok(None);
		}
		let strange = || self.incomprehensible("events");
		let found = self.found(block, transaction).await?.ok_or_else(strange)?;
		let events = found.events.strip_prefix("0x").and_then(|text| hex::decode(text).ok());
		events.map(Some).ok_or_else(strange)
	}

	async fn found(&self, block: H256, transaction: &[u8]) -> Result<Option<Found>> {
		let hash = blake2_256(transaction);
		self.ask(|| self.client.request(TRANSACTION, rpc_params![block, hash])).await
	}

	/// The transactions in a block, encoded.
	pub(crate) async fn body(&self, block: H256) -> Result<Vec<Vec<u8>>> {
		let found = self.ask(|| self.methods.chain_get_block(Some(block))).await?;
		let found = found.ok_or(Error::UnknownBlock(block))?;
		Ok(found.block.extrinsics.into_iter().map(|one| one.0).collect())
	}

	/// The answer of a runtime function in the state after a block.
	pub(crate) async fn call(&self, function: &str, arguments: &[u8], at: H256) -> Result<Vec<u8>> {
		self.ask(|| self.methods.state_call(function, Some(arguments), Some(at))).await
	}

	pub(crate) async fn storage(&self, key: &[u8], at: H256) -> Result<Option<Vec<u8>>> {
		self.ask(|| self.methods.state_get_storage(key, Some(at))).await
	}

	/// Hands a transaction to the node. A node that has the transaction already counts as success.
	///
	/// An error means that the node did not take it. [`Handed::Perhaps`] means that it may have
	/// taken it: the connection was lost before the node answered, and its answer to a second copy
	/// may be due to the first.
	pub(crate) async fn submit(&self, transaction: &[u8]) -> Result<Handed> {
		let deadline = Instant::now() + PATIENCE;
		let mut was_lost = false;
		loop {
			let left = deadline.saturating_duration_since(Instant::now());
			match timeout(left, self.methods.author_submit_extrinsic(transaction)).await {
				Ok(Ok(_)) => return Ok(Handed::Over),
				Ok(Err(why)) if why.is_disconnected_will_reconnect() => was_lost = true,
				Ok(Err(why)) => match Error::from_rpc(&self.url, why) {
					Error::NodeRefused { code: ALREADY_IMPORTED, .. } => return Ok(Handed::Over),
					why @ Error::NodeRefused { .. } if !was_lost => return Err(why),
					why => return Ok(Handed::Perhaps(why)),
				},
				// What follows asks the chain, for longer.
				Err(_) => return Ok(Handed::Perhaps(silent(&self.url, PATIENCE))),
			}
		}
	}

	pub(crate) async fn health(&self) -> Result<Health> {
		let health = self.ask(|| self.methods.system_health()).await?;
		Ok(Health { peers: health.peers, is_syncing: health.is_syncing })
	}

	pub(crate) async fn peer_id(&self) -> Result<String> {
		self.ask(|| self.client.request("system_localPeerId", rpc_params![])).await
	}

	/// The nonce of the account's next transaction, after those pending at this node.
	pub(crate) async fn next_nonce(&self, account: &AccountId) -> Result<u64> {
		self.ask(|| self.methods.system_account_next_index(account)).await
	}
}

/// The error of a node that has not answered in time.
fn silent(url: &str, patience: Duration) -> Error {
	Error::unreachable(url, format_args!("no answer within {} seconds", patience.as_secs()))
}

/// Whether a node has a transaction.
pub(crate) enum Handed {
	/// The node has it.
	Over,
	/// Only the chain will tell. The error is the node's answer, or its silence.
	Perhaps(Error),
}

/// The code with which a node says that it already has a transaction.
const ALREADY_IMPORTED: i32 = 1013;
