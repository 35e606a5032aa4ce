//! Questions to a node.

use crate::{Error, Result};
use reqwest::Client;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// JSON-RPC 2.0 over HTTP, at a node on this machine.
#[derive(Clone, Debug)]
pub struct Rpc {
	http: Client,
	url: String,
}

/// A block, as far as a launcher has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
	/// Its number.
	pub number: u32,
	/// Its hash, in hexadecimal.
	pub hash: String,
}

impl Rpc {
	/// The node that listens on this port.
	pub fn at(port: u16) -> Self {
		Self { http: local_client(), url: format!("http://127.0.0.1:{port}") }
	}

	/// What a method answers. An error of the node is an error.
	pub async fn ask<T: DeserializeOwned>(&self, method: &str, parameters: Value) -> Result<T> {
		let question = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
		let answer: Value = self.http.post(&self.url).json(&question).send().await?.json().await?;
		match answer.get("result") {
			Some(result) => Ok(serde_json::from_value(result.clone())?),
			None => Err(Error::other(format!("{method}: {}", answer["error"]))),
		}
	}

	/// The best block.
	pub async fn best(&self) -> Result<Block> {
		let hash = self.ask("chain_getBlockHash", json!([])).await?;
		self.block(hash).await
	}

	/// The last final block.
	pub async fn finalized(&self) -> Result<Block> {
		let hash = self.ask("chain_getFinalizedHead", json!([])).await?;
		self.block(hash).await
	}

	async fn block(&self, hash: String) -> Result<Block> {
		let header: Value = self.ask("chain_getHeader", json!([hash])).await?;
		let digits = header["number"].as_str().and_then(|number| number.strip_prefix("0x"));
		let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
		let number = number.ok_or_else(|| Error::other(format!("no block {hash}")))?;
		Ok(Block { number, hash })
	}

	/// The number of nodes that it is connected to.
	pub async fn peers(&self) -> Result<u32> {
		let health: Value = self.ask("system_health", json!([])).await?;
		serde_json::from_value(health["peers"].clone()).map_err(Error::from)
	}
}

/// A client for this machine alone.
pub(crate) fn local_client() -> Client {
	let builder = Client::builder().no_proxy().tls_built_in_root_certs(false).timeout(PATIENCE);
	builder.build().unwrap_or_default()
}
