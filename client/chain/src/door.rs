//! Connecting to a node through its hospital's door: signing in when the door wants that, and waiting when it has had too
//! many requests.

use futures::{FutureExt, channel::oneshot, future::BoxFuture, lock::Mutex};
use medblock_platform::{
	clock::{Duration, Instant, sleep},
	tasks,
};
use medblock_vault_protocol::{
	Address,
	door::{Problem, Refused, SIGN_IN},
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

/// How long a request is sent again while the door has had too many. It is less than the time that a caller waits for an
/// answer, so that the caller learns the reason.
const WAITING: Duration = Duration::from_secs(8);

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
		let genesis = || self.inner.request("chain_getBlockHash", rpc_params![0]);
		let genesis: H256 = patiently(genesis).await?;
		// The token of before may still be good: a new connection knows of none.
		for refused in [false, true] {
			let token = tokens.token(&self.gateway, genesis.0, refused).await;
			let Some(token) = token.map_err(|why| Error::Client(why.into()))? else {
				return Ok(false);
			};
			let sign_in = || self.inner.request::<bool>(SIGN_IN, rpc_params![&token]);
			match patiently(sign_in).await {
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

/// Sends a request again as long as the door has had too many. The door did nothing with those that it refused.
async fn patiently<T, F>(ask: impl Fn() -> F) -> Result<T, Error>
where
	F: Future<Output = Result<T, Error>>,
{
	let deadline = Instant::now() + WAITING;
	loop {
		match ask().await {
			Err(why) if is(&why, Refused::TooManyRequests) => {
				let time = retry_after(&why);
				if deadline.saturating_duration_since(Instant::now()) < time {
					return Err(why);
				}
				pause(time).await;
			},
			answer => return answer,
		}
	}
}

/// The time after which the door says that trying again is worth it.
fn retry_after(why: &Error) -> Duration {
	let Error::User(user) = why else { return Duration::ZERO };
	let problem = user.data.as_ref().map(|data| serde_json::from_str::<Problem>(data.get()));
	let seconds = problem.and_then(|problem| problem.ok()?.retry_after);
	Duration::from_secs(seconds.unwrap_or(1))
}

/// Waits. In a browser, a timer can't leave its thread, which a request's future may.
async fn pause(time: Duration) {
	let (done, waiting) = oneshot::channel();
	tasks::spawn(async move {
		sleep(time).await;
		// Nothing waits for it any more if the request was given up.
		let _ = done.send(());
	});
	let _ = waiting.await;
}

/// Whether the door refused with this number.
fn is(error: &Error, refused: Refused) -> bool {
	matches!(error, Error::User(user) if user.code == refused.code())
}

impl Door {
	/// Asks, and signs in if the door wants that.
	async fn ask<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Error>
	where
		F: Future<Output = Result<T, Error>>,
	{
		let before = self.signed_in.load(Ordering::Acquire);
		match patiently(&ask).await {
			Err(why) if is(&why, Refused::NotSignedIn) => match self.sign_in(before).await? {
				true => patiently(&ask).await,
				false => Err(why),
			},
			answer => answer,
		}
	}
}

impl RpcClientT for Door {
	fn request_raw<'a>(
		&'a self,
		method: &'a str,
		params: Option<Box<RawValue>>,
	) -> RawRpcFuture<'a, Box<RawValue>> {
		async move { self.ask(|| self.inner.request_raw(method, params.clone())).await }.boxed()
	}

	fn subscribe_raw<'a>(
		&'a self,
		sub: &'a str,
		params: Option<Box<RawValue>>,
		unsub: &'a str,
	) -> RawRpcFuture<'a, RawRpcSubscription> {
		async move { self.ask(|| self.inner.subscribe_raw(sub, params.clone(), unsub)).await }
			.boxed()
	}
}

#[cfg(test)]
mod tests;
