//! A node behind the proxy of this machine's environment: each connection goes through a tunnel.

use super::handshake;
use futures::{FutureExt, lock::Mutex};
use jsonrpsee::{
	core::client::{Client, Error as RpcError},
	ws_client::{PingConfig, WsClientBuilder},
};
use medblock_platform::{
	clock::{Duration, sleep},
	proxy::{Proxy, secured},
};
use std::sync::Arc;
use subxt_rpcs::{
	Error,
	client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT},
};
use url::Url;

/// The longest message, in bytes, as without a proxy.
const LONGEST: u32 = 50 * 1024 * 1024;

/// The time between two attempts to connect again.
const AGAIN: Duration = Duration::from_millis(200);

/// A connection through a proxy, which is made again when it was lost.
pub(super) struct Tunnelled {
	url: Url,
	proxy: Proxy,
	client: Mutex<Arc<Client>>,
}

impl Tunnelled {
	/// Connects to a node.
	///
	/// # Errors
	///
	/// With the reason, for people.
	pub(super) async fn connect(url: Url, proxy: Proxy) -> Result<Self, String> {
		let client = Mutex::new(Arc::new(open(&url, &proxy).await?));
		Ok(Self { url, proxy, client })
	}

	/// The present connection, or a new one.
	async fn connected(&self) -> Result<Arc<Client>, Error> {
		let mut client = self.client.lock().await;
		if !client.is_connected() {
			match open(&self.url, &self.proxy).await {
				Ok(new) => *client = Arc::new(new),
				Err(why) => {
					sleep(AGAIN).await;
					return Err(Error::DisconnectedWillReconnect(why));
				},
			}
		}
		Ok(client.clone())
	}
}

/// A connection that was lost is made again with the next request.
fn told(why: Error) -> Error {
	match why {
		Error::Client(why) if matches!(why.downcast_ref(), Some(RpcError::RestartNeeded(_))) => {
			Error::DisconnectedWillReconnect(why.to_string())
		},
		why => why,
	}
}

impl RpcClientT for Tunnelled {
	fn request_raw<'a>(
		&'a self,
		method: &'a str,
		params: Option<Box<RawValue>>,
	) -> RawRpcFuture<'a, Box<RawValue>> {
		async move {
			let client = self.connected().await?;
			client.request_raw(method, params).await.map_err(told)
		}
		.boxed()
	}

	fn subscribe_raw<'a>(
		&'a self,
		sub: &'a str,
		params: Option<Box<RawValue>>,
		unsub: &'a str,
	) -> RawRpcFuture<'a, RawRpcSubscription> {
		async move {
			let client = self.connected().await?;
			client.subscribe_raw(sub, params, unsub).await.map_err(told)
		}
		.boxed()
	}
}

async fn open(url: &Url, proxy: &Proxy) -> Result<Client, String> {
	let host = url.host_str().ok_or("the address names no host")?;
	let port = url.port_or_known_default().unwrap_or(443);
	let tunnel = proxy.connect(host, port).await;
	let tunnel = tunnel.map_err(|why| format!("through the proxy {proxy}: {why}"))?;
	let secured = secured(tunnel, host).await.map_err(|why| why.to_string())?;
	WsClientBuilder::new()
		.max_request_size(LONGEST)
		.max_response_size(LONGEST)
		.max_concurrent_requests(1_024)
		.max_buffer_capacity_per_subscription(4_096)
		.enable_ws_ping(PingConfig::new())
		.build_with_stream(url.as_str(), secured)
		.await
		.map_err(|why| handshake::explained(why, url.scheme()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn lost_connection_is_told_from_other_failures() {
		let lost = RpcError::RestartNeeded(Arc::new(RpcError::RequestTimeout));
		assert!(told(Error::Client(Box::new(lost))).is_disconnected_will_reconnect());
		let slow = Error::Client(Box::new(RpcError::RequestTimeout));
		assert!(!told(slow).is_disconnected_will_reconnect());
	}
}
