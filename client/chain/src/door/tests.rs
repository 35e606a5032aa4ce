//! The client's manners at a door that has had too many requests.

#![allow(clippy::unwrap_used)]

use super::*;
use futures::stream;
use std::sync::atomic::AtomicU32;
use subxt_rpcs::UserError;

/// A door that has had too many requests, over and over again, and that wants a sign-in.
struct Busy {
	/// How often it refuses each request before it lets one through.
	times: u32,
	asked: AtomicU32,
	is_signed_in: AtomicU32,
	retry_after: u64,
}

impl Busy {
	fn refuse(&self, refused: Refused) -> Error {
		let data =
			format!(r#"{{"error":"{}","retryAfter":{}}}"#, refused.as_str(), self.retry_after);
		Error::User(UserError {
			code: refused.code(),
			message: refused.sentence().to_owned(),
			data: RawValue::from_string(data).ok(),
		})
	}

	fn let_through(&self, method: &str) -> Result<(), Error> {
		let before = self.asked.fetch_add(1, Ordering::Relaxed);
		if !(before + 1).is_multiple_of(self.times + 1) {
			return Err(self.refuse(Refused::TooManyRequests));
		}
		match method {
			SIGN_IN => self.is_signed_in.store(1, Ordering::Relaxed),
			"chain_getBlockHash" => {},
			_ if self.is_signed_in.load(Ordering::Relaxed) == 0 => {
				return Err(self.refuse(Refused::NotSignedIn));
			},
			_ => {},
		}
		Ok(())
	}
}

impl RpcClientT for Busy {
	fn request_raw<'a>(
		&'a self,
		method: &'a str,
		_params: Option<Box<RawValue>>,
	) -> RawRpcFuture<'a, Box<RawValue>> {
		async move {
			self.let_through(method)?;
			let genesis = format!(r#""0x{}""#, "00".repeat(32));
			let answer = if method == "chain_getBlockHash" { genesis } else { "true".to_owned() };
			Ok(RawValue::from_string(answer).unwrap())
		}
		.boxed()
	}

	fn subscribe_raw<'a>(
		&'a self,
		sub: &'a str,
		_params: Option<Box<RawValue>>,
		_unsub: &'a str,
	) -> RawRpcFuture<'a, RawRpcSubscription> {
		async move {
			self.let_through(sub)?;
			Ok(RawRpcSubscription { stream: Box::pin(stream::empty()), id: None })
		}
		.boxed()
	}
}

/// A gateway that signs everybody in.
struct Anybody;

impl Tokens for Anybody {
	fn token(
		&self,
		_gateway: &Address,
		_genesis: [u8; 32],
		_refused: bool,
	) -> BoxFuture<'static, Result<Option<String>, String>> {
		async { Ok(Some("token".to_owned())) }.boxed()
	}
}

fn door(times: u32, retry_after: u64) -> RpcClient {
	let (asked, is_signed_in) = Default::default();
	let busy = RpcClient::new(Busy { times, asked, is_signed_in, retry_after });
	let gateway = "https://gateway.example".parse().unwrap();
	RpcClient::new(Door::new(busy, gateway, Some(Arc::new(Anybody))))
}

#[tokio::test]
async fn a_door_that_has_had_too_many_requests_is_asked_again() {
	let door = door(3, 0);
	assert!(door.request::<bool>("author_submitExtrinsic", rpc_params![]).await.unwrap());
	assert!(door.request::<bool>("state_call", rpc_params![]).await.unwrap());
	let heads = door.subscribe::<bool>("chain_subscribeNewHeads", rpc_params![], "x").await;
	assert!(heads.is_ok());
}

#[tokio::test]
async fn a_subscription_alone_signs_in_at_a_busy_door() {
	let door = door(3, 0);
	let inbox = door.subscribe::<bool>("medicalRecords_subscribeInbox", rpc_params![], "x").await;
	assert!(inbox.is_ok());
}

#[tokio::test]
async fn a_door_that_wants_a_longer_pause_than_callers_wait_is_not_asked_again() {
	let door = door(1, 60);
	let refused = door.request::<bool>("state_call", rpc_params![]).await.unwrap_err();
	assert!(is(&refused, Refused::TooManyRequests), "{refused}");
}
