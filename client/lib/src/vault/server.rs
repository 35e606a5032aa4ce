//! A vault's server: what it answers, with or without a sign-in.

use super::{Error, NO_VAULT, Patience};
use crate::Result;
use futures::StreamExt;
use medblock_platform::{
	clock::{self, Duration},
	http,
};
use medblock_vault_protocol::{Address, Problem, Reason};
use reqwest::{RequestBuilder, Response, StatusCode, header::RETRY_AFTER};
use url::Url;

/// The sentence for a status that comes without a reason: a proxy's before the vault.
fn unsaid(status: StatusCode) -> &'static str {
	match status {
		StatusCode::PAYLOAD_TOO_LARGE => "the proxy before it takes no request of this size",
		StatusCode::BAD_GATEWAY => "the proxy before it can't reach it: try again later",
		StatusCode::GATEWAY_TIMEOUT => "the proxy before it got no answer in time: try again later",
		// An answer to HEAD has no body (RFC 9110, §9.3.2), so that a vault's own reason gets lost, too.
		StatusCode::UNAUTHORIZED => "it wants a new sign-in: do it again",
		StatusCode::FORBIDDEN => {
			"this account may not do that, or a proxy before the vault forbids it: ask your hospital"
		},
		StatusCode::NOT_FOUND => "it does not have that, or this is not the vault's address",
		StatusCode::SERVICE_UNAVAILABLE => {
			"it is being restarted, or can't answer now: try again later"
		},
		status if status.is_server_error() => {
			"it has failed, or a proxy before it has: try again later, and tell its operator if it stays so"
		},
		_ => "a program before it answered, and gave no reason: tell its operator",
	}
}

/// The longest answer other than a document, in bytes. A page of disclosures has a quarter of that.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The time that such an answer may take, beside that for its bytes.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// The slowest pace at which it may come, in bytes a second: a server that sends a byte a minute is not waited for.
const SLOWEST: u64 = 4 * 1024;

/// A vault's server.
pub(super) struct Server {
	pub(super) http: reqwest::Client,
	pub(super) address: Address,
	pub(super) patience: Patience,
}

impl Server {
	/// The URL of one of the protocol's paths.
	pub(super) fn at(&self, path: &str) -> Url {
		self.address.at(path)
	}

	/// Turns a refusal into an error.
	pub(super) async fn checked(&self, answer: Response) -> Result<Response> {
		let status = answer.status();
		if status.is_success() {
			return Ok(answer);
		}
		let retry_after =
			answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
		let problem: Option<Problem> = self.json(answer).await.ok();
		let (code, message) = match problem {
			Some(problem) => (problem.error, problem.message),
			None => (Reason::Unknown(status.as_str().to_owned()), unsaid(status).to_owned()),
		};
		let url = self.address.to_string();
		Err(Error::Refused { url, status: status.as_u16(), code, message, retry_after }.into())
	}

	/// Reads a JSON answer, within bounds of length and time.
	pub(super) async fn json<T: serde::de::DeserializeOwned>(&self, answer: Response) -> Result<T> {
		let bytes = self.bytes(answer, LONGEST_ANSWER).await?;
		serde_json::from_slice(&bytes).map_err(|_| self.strange(NO_VAULT))
	}

	/// Sends a request, and waits for the beginning of the answer.
	pub(super) async fn sent(&self, request: RequestBuilder) -> Result<Response> {
		let sending = http::send(request);
		let answer = match self.patience.beginning() {
			Some(limit) => clock::timeout(limit, sending)
				.await
				.map_err(|_| self.strange("it does not answer soon"))?,
			None => sending.await,
		};
		answer.map_err(|why| self.unreachable(why))
	}

	pub(super) fn unreachable(&self, why: http::Error) -> crate::Error {
		self.strange(&why.0)
	}

	/// The error for a server that does not answer as a vault does.
	pub(super) fn strange(&self, why: &str) -> crate::Error {
		Error::Unreachable { url: self.address.to_string(), why: why.to_owned() }.into()
	}

	/// Reads a whole answer of at most `limit` bytes, in the time that it may take.
	pub(super) async fn bytes(&self, answer: Response, limit: usize) -> Result<Vec<u8>> {
		let reading = async {
			let mut bytes = Vec::new();
			let mut stream = http::pieces(answer);
			while let Some(piece) = stream.next().await {
				bytes.extend_from_slice(&piece.map_err(|why| self.unreachable(why))?);
				if bytes.len() > limit {
					return Err(self.strange("its answer is too long"));
				}
			}
			Ok(bytes)
		};
		let time = ANSWER_TIME.saturating_add(Duration::from_secs(limit as u64 / SLOWEST));
		let read = clock::timeout(time, reading).await;
		read.map_err(|_| self.strange("its answer doesn't end"))?
	}
}
