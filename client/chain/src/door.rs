//! Connecting to a node through its hospital's door.

use futures::{FutureExt, future::BoxFuture, lock::Mutex};
use medblock_vault_protocol::{
	Address,
	door::{Refused, SIGN_IN},
};
use std::sync::{
	Arc,
	atomic::{AtomicU64, Ordering},
};
use subxt::utils::H256;
use subxt_rpcs::{
	Error, RpcClient,
	client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT, rpc_params},
};

/// A source of bearer tokens, which gateways' sign-in gives.
pub trait Tokens: Send + Sync + 'static {
	/// A token that this gateway gave on the chain with this genesis; none if the chain does not know the account.
	/// `refused` asks for a new one, since the door does not take the last one any more. Fails with the reason why
	/// the gateway gave none.
	fn token(
		&self,
		gateway: &Address,
		genesis: [u8; 32],
		refused: bool,
	) -> BoxFuture<'static, Result<Option<String>, String>>;
}

/// A client that signs in at the door whenever the door asks for it.
pub(crate) struct Door {
	inner: RpcClient,
	gateway: Address,
	tokens: Option<Arc<dyn Tokens>>,
	/// Held while signing in, so that requests that are refused together sign in once.
	turn: Mutex<()>,
	/// How often the client has signed in.
	signed_in: AtomicU64,
}

impl Door {
	pub(crate) fn new(inner: RpcClient, gateway: Address, tokens: Option<Arc<dyn Tokens>>) -> Self {
		Self { inner, gateway, tokens, turn: Mutex::default(), signed_in: AtomicU64::new(0) }
	}

	/// Signs in, unless another request has since `before`. Returns whether asking again is worth it.
	async fn sign_in(&self, before: u64) -> Result<bool, Error> {
		let Some(tokens) = &self.tokens else { return Ok(false) };
		let _turn = self.turn.lock().await;
		if self.signed_in.load(Ordering::Acquire) != before {
			return Ok(true);
		}
		let genesis: H256 = self.inner.request("chain_getBlockHash", rpc_params![0]).await?;
		// The token of before may still be good: a new connection knows of none.
		for refused in [false, true] {
			let token = tokens.token(&self.gateway, genesis.0, refused).await;
			let Some(token) = token.map_err(|why| Error::Client(why.into()))? else {
				return Ok(false);
			};
			match self.inner.request::<bool>(SIGN_IN, rpc_params![&token]).await {
				Ok(_) => {
					self.signed_in.fetch_add(1, Ordering::Release);
					return Ok(true);
				},
				Err(why) if is(&why, Refused::NotSignedIn) => {},
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
