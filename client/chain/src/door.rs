//! Connecting to a node through its hospital's door.

use crate::{Chain, Result, rpc::Rpc};
use futures::{FutureExt, future::BoxFuture, lock::Mutex};
use medblock_vault_protocol::{
	Address,
	door::{Refused, SIGN_IN},
};
use std::sync::{
	Arc,
	atomic::{AtomicU64, Ordering},
};
use subxt_rpcs::{
	Error, RpcClient,
	client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT, rpc_params},
};

/// A source of bearer tokens, which the gateway's sign-in gives.
pub trait Tokens: Send + Sync + 'static {
	/// A token; none while the chain does not know the account. `refused` is a token that the door does not take
	/// any more.
	fn token<'a>(&'a self, refused: Option<&'a str>) -> BoxFuture<'a, Option<String>>;
}

/// A token that is used until it ends.
impl Tokens for String {
	fn token<'a>(&'a self, refused: Option<&'a str>) -> BoxFuture<'a, Option<String>> {
		let token = (refused != Some(self.as_str())).then(|| self.clone());
		std::future::ready(token).boxed()
	}
}

impl Chain {
	/// Connects to the node behind a hospital's gateway: at its `https` address, or at the door's own `wss` one.
	/// With `tokens`, the connection signs in, and again after it was lost or the token has ended. Without, it gets
	/// what a newcomer needs.
	///
	/// # Errors
	///
	/// As [`Chain::connect`], and [`Error::BadAddress`](crate::Error::BadAddress) for an address at which others
	/// could read the token on its way.
	pub async fn connect_door(url: &str, tokens: Option<Arc<dyn Tokens>>) -> Result<Self> {
		let bad = || crate::Error::BadAddress(url.to_owned());
		// A door's own address is as private as the gateway's would be.
		let is_own = url.starts_with("ws://") || url.starts_with("wss://");
		let http = if is_own { url.replacen("ws", "http", 1) } else { url.to_owned() };
		let gateway: Address = http.parse().map_err(|_| bad())?;
		let door = if is_own { url.to_owned() } else { gateway.rpc().to_string() };
		Self::over(Rpc::connect_door(&door, tokens).await?).await
	}
}

/// A client that signs in at the door whenever the door asks for it.
pub(crate) struct Door {
	inner: RpcClient,
	tokens: Option<Arc<dyn Tokens>>,
	/// Held while signing in, so that requests that are refused together sign in once.
	turn: Mutex<()>,
	/// How often the client has signed in.
	signed_in: AtomicU64,
}

impl Door {
	pub(crate) fn new(inner: RpcClient, tokens: Option<Arc<dyn Tokens>>) -> Self {
		Self { inner, tokens, turn: Mutex::default(), signed_in: AtomicU64::new(0) }
	}

	/// Signs in, unless another request has since `before`. Returns whether asking again is worth it.
	async fn sign_in(&self, before: u64) -> Result<bool, Error> {
		let Some(tokens) = &self.tokens else { return Ok(false) };
		let _turn = self.turn.lock().await;
		if self.signed_in.load(Ordering::Acquire) != before {
			return Ok(true);
		}
		// The token of before may still be good: a new connection knows of none.
		let mut refused = None;
		for _ in 0..2 {
			let Some(token) = tokens.token(refused.as_deref()).await else { return Ok(false) };
			match self.inner.request::<bool>(SIGN_IN, rpc_params![&token]).await {
				Ok(_) => {
					self.signed_in.fetch_add(1, Ordering::Release);
					return Ok(true);
				},
				Err(why) if is(&why, Refused::NotSignedIn) => refused = Some(token),
				Err(why) => return Err(why),
			}
		}
		Ok(false)
	}
}

/// Whether the door refused with this number.
pub(crate) fn is(error: &Error, refused: Refused) -> bool {
	matches!(error, Error::User(user) if user.code == refused.code())
}

impl RpcClientT for Door {
	fn request_raw<'a>(
		&'a self,
		method: &'a str,
		params: Option<Box<RawValue>>,
	) -> RawRpcFuture<'a, Box<RawValue>> {
		async move {
			let before = self.signed_in.load(Ordering::Acquire);
			match self.inner.request_raw(method, params.clone()).await {
				Err(why) if is(&why, Refused::NotSignedIn) => match self.sign_in(before).await? {
					true => self.inner.request_raw(method, params).await,
					false => Err(why),
				},
				answer => answer,
			}
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
			let before = self.signed_in.load(Ordering::Acquire);
			match self.inner.subscribe_raw(sub, params.clone(), unsub).await {
				Err(why) if is(&why, Refused::NotSignedIn) => match self.sign_in(before).await? {
					true => self.inner.subscribe_raw(sub, params, unsub).await,
					false => Err(why),
				},
				answer => answer,
			}
		}
		.boxed()
	}
}
