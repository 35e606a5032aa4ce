//! A wallet that only the page can ask: this side of the conversation.
//!
//! The page's function gets a request, and gives a promise of the wallet's signature in hexadecimal, or of a
//! problem. One request is under way at a time, so that its owner has one question to answer. The next one is a
//! revocation or a sign-in, which a revocation may need, if one waits: taking access back comes before everything else.

use crate::{failure::Failure, running::JSON, session::Session};
use futures::{
	FutureExt, StreamExt,
	channel::{mpsc, oneshot},
	future::BoxFuture,
};
use js_sys::{Function, Promise, Reflect};
use medblock_client::{
	Error, Told, Wallet,
	chain::{AccountId, NotSigned, Unsigned},
	keys,
	medblock_primitives::may_be_address,
};
use medblock_platform::tasks;
use serde::Serialize;
use std::sync::{Mutex, PoisonError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The kind of key that an account of this chain signs with, in front of a signature.
const SR25519: u8 = 1;

/// What the page is to ask the wallet.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Request {
	/// To sign a text in `<Bytes>`: a sign-in at a gateway.
	Text { address: String, text: String },
	/// To sign a transaction.
	Transaction {
		/// The call's name.
		call: String,
		/// What wallets take.
		payload: Box<Payload>,
		/// Whether the wallet was asked for the same before, and the chain was upgraded since.
		#[serde(rename = "isAgain")]
		is_again: bool,
	},
}

/// A transaction as wallets take it: the `SignerPayloadJSON` of `@polkadot/types`. Numbers and bytes are `0x` and
/// hex digits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
	address: String,
	block_hash: String,
	block_number: String,
	era: String,
	genesis_hash: String,
	metadata_hash: Option<String>,
	method: String,
	mode: u8,
	nonce: String,
	signed_extensions: Vec<String>,
	spec_version: String,
	tip: String,
	transaction_version: String,
	version: u8,
	with_signed_transaction: bool,
}

impl From<&Unsigned> for Payload {
	fn from(transaction: &Unsigned) -> Self {
		let bytes = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
		let number = |number: u64| format!("0x{number:08x}");
		Self {
			address: transaction.account.to_string(),
			block_hash: bytes(&transaction.block.0),
			block_number: number(transaction.number.into()),
			era: bytes(&transaction.era()),
			genesis_hash: bytes(&transaction.genesis.0),
			metadata_hash: None,
			method: bytes(&transaction.call),
			mode: 0,
			nonce: number(transaction.nonce),
			signed_extensions: transaction.extensions.clone(),
			spec_version: number(transaction.spec_version.into()),
			tip: "0x00".to_owned(),
			transaction_version: number(transaction.transaction_version.into()),
			// Signed transactions of this version are what the chain's metadata names first.
			version: 4,
			// A wallet that changes what it signs is found out by its signature.
			with_signed_transaction: false,
		}
	}
}

struct Ask {
	request: Request,
	answer: oneshot::Sender<Result<[u8; 64], NotSigned>>,
}

/// The wallet that the page asks. What it holds may go to other threads, as the client's keys have to; the page's
/// function stays where it is.
pub(crate) struct PageWallet {
	account: AccountId,
	/// Revocations and sign-ins.
	urgent: mpsc::UnboundedSender<Ask>,
	/// Other transactions.
	other: mpsc::UnboundedSender<Ask>,
	/// The call that the wallet was asked for last, and the runtime's version then.
	last: Mutex<Option<(Vec<u8>, u32)>>,
}

impl PageWallet {
	/// The wallet with this account, behind a function of the page.
	pub(crate) fn new(account: AccountId, page: Function) -> Self {
		let (urgent, urgent_asks) = mpsc::unbounded();
		let (other, other_asks) = mpsc::unbounded();
		let mut asked = tasks::urgent_first(urgent_asks, other_asks);
		// It ends with the keys.
		spawn_local(async move {
			while let Some(Ask { request, answer }) = asked.next().await {
				// Nothing waits for an answer any more if the account was locked, or the call cancelled.
				if !answer.is_canceled() {
					let _ = answer.send(put(&page, &request).await);
				}
			}
		});
		Self { account, urgent, other, last: Mutex::default() }
	}

	/// Whether the transaction was the last one that the wallet was asked for, before the chain was upgraded.
	fn is_again(&self, transaction: &Unsigned) -> bool {
		let now = (transaction.call.clone(), transaction.spec_version);
		let before = self.last.lock().unwrap_or_else(PoisonError::into_inner).replace(now);
		before.is_some_and(|(call, version)| {
			call == transaction.call && version != transaction.spec_version
		})
	}

	fn ask(
		&self,
		request: Request,
		is_urgent: bool,
	) -> BoxFuture<'static, Result<[u8; 64], NotSigned>> {
		let (answer, answered) = oneshot::channel();
		let ended = || NotSigned("The account was locked".to_owned());
		let asks = if is_urgent { &self.urgent } else { &self.other };
		let sent = asks.unbounded_send(Ask { request, answer });
		async move {
			sent.map_err(|_| ended())?;
			answered.await.unwrap_or_else(|_| Err(ended()))
		}
		.boxed()
	}
}

impl Wallet for PageWallet {
	fn sign<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<[u8; 64], Error>> {
		let (address, text) = (self.account.to_string(), text.to_owned());
		self.ask(Request::Text { address, text }, true)
			.map(|answer| answer.map_err(|why| Error::Keys(keys::Error::NotSigned(why))))
			.boxed()
	}

	fn signs_transactions(&self) -> bool {
		true
	}

	fn sign_transaction<'a>(
		&'a self,
		transaction: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
		let (call, payload) = (transaction.name.clone(), Box::new(transaction.into()));
		let is_again = self.is_again(transaction);
		self.ask(Request::Transaction { call, payload, is_again }, transaction.is_revocation())
	}
}

/// Asks the page, and waits.
async fn put(page: &Function, request: &Request) -> Result<[u8; 64], NotSigned> {
	let strange = || NotSigned("The wallet's answer is no signature".to_owned());
	let request = request.serialize(&JSON).map_err(|_| strange())?;
	let promise = page.call1(&JsValue::NULL, &request).map_err(said)?;
	let answer = JsFuture::from(Promise::resolve(&promise)).await.map_err(said)?;
	answer.as_string().and_then(|text| signature(&text)).ok_or_else(strange)
}

/// The page's own sentence on why there is no signature.
fn said(problem: JsValue) -> NotSigned {
	let sentence =
		Reflect::get(&problem, &"sentence".into()).ok().and_then(|text| text.as_string());
	let sentence = sentence.unwrap_or_else(|| "The wallet did not sign".to_owned());
	NotSigned(sentence.trim_end_matches('.').to_owned())
}

/// A signature in hexadecimal, with the kind of key in front or without.
fn signature(text: &str) -> Option<[u8; 64]> {
	let bytes = hex::decode(text.strip_prefix("0x")?).ok()?;
	match bytes.as_slice() {
		[SR25519, rest @ ..] if rest.len() == 64 => rest.try_into().ok(),
		all => all.try_into().ok(),
	}
}

/// An account's address in the form that this chain uses; nothing if it is none.
#[wasm_bindgen(js_name = addressOf)]
pub fn address_of(text: &str) -> Option<String> {
	let text = text.trim();
	let account = may_be_address(text).then(|| text.parse::<AccountId>().ok()).flatten();
	account.map(|account| account.to_string())
}

#[wasm_bindgen]
impl Session {
	/// The runtime's metadata in version 14, with which a wallet can show what it signs.
	pub async fn metadata(&self) -> Result<Vec<u8>, Failure> {
		Ok(self.at().await?.metadata().await?)
	}

	/// The runtime's version.
	#[wasm_bindgen(js_name = specVersion)]
	pub async fn spec_version(&self) -> Result<u32, Failure> {
		Ok(self.at().await?.spec_version().await?)
	}

	/// The hash of the chain's first block, as 0x and hex digits.
	pub fn genesis(&self) -> String {
		format!("0x{}", hex::encode(self.client.chain().genesis()))
	}
}

/// The failure for an account whose wallet the page has not offered.
pub(crate) fn not_here() -> Failure {
	let sentence = "This account's key is in a wallet, which this page can't ask to sign.";
	Failure::of("wallet", Told::new("web.no-wallet", sentence))
}
