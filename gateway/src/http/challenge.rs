//! Signing in and out.

use super::{App, request};
use crate::{
	door::Caller,
	errors::{Refusal, SignInRefusal},
	metrics::Limit,
	proxies,
	sessions::Signed,
};
use axum::{
	Json,
	extract::{ConnectInfo, Query, Request, State, rejection::QueryRejection},
	http::{HeaderMap, StatusCode},
	response::IntoResponse,
};
use medblock_chain::AccountId;
use medblock_primitives::{Person, may_be_address};
use medblock_vault_protocol::{ChallengeOffer, ChallengeQuery, SignIn, SignedIn};
use std::{net::SocketAddr, sync::Arc};

/// The account of an address. This is read of everyone, before anything else.
fn address(text: &str) -> Option<AccountId> {
	may_be_address(text).then(|| text.parse().ok()).flatten()
}

/// `GET /v1/challenge`: the parts of the text to sign.
pub(super) async fn challenge(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	headers: HeaderMap,
	query: Result<Query<ChallengeQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
	let bad = || Refusal::BadRequest("?account= has to be an account's SS58 address");
	let Query(ChallengeQuery { account }) = query.map_err(|_| bad())?;
	let account = address(&account).ok_or_else(bad)?;
	count(&app, peer, &headers)?;
	let realm = app.authority.realm().await?;
	let challenge = app.sessions.challenge(&realm, &account, request::now());
	let challenge = app.metrics.limited(Limit::SignIns, challenge)?;
	Ok(Json(ChallengeOffer {
		domain: challenge.domain,
		genesis: format!("0x{}", hex::encode(challenge.genesis)),
		account: challenge.account,
		nonce: challenge.nonce,
		issued: challenge.issued,
		expires: challenge.expires,
		session_key: true,
	}))
}

/// `POST /v1/session`: exchanges a signed challenge for a token.
pub(super) async fn open(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	request: Request,
) -> Result<impl IntoResponse, Refusal> {
	let (signed, recovers) = signed(&app, peer, request).await?;
	let is_known = app.authority.knows(signed.account()).await?
		|| match recovers {
			Some(person) => app.authority.recovers(signed.account(), person).await?,
			None => false,
		};
	if !is_known {
		app.sessions.reject(signed, request::now()).await;
		return Err(SignInRefusal::UnknownAccount.into());
	}
	let token = app.sessions.open(signed, request::now()).await?;
	let body = SignedIn { token: token.token.to_string(), expires: token.expires };
	Ok((StatusCode::CREATED, Json(body)))
}

/// Reads a signed challenge, checks it, and counts it. It is not used up yet. With it comes the person that the
/// account asks to take over.
pub(super) async fn signed(
	app: &App,
	peer: SocketAddr,
	request: Request,
) -> Result<(Signed, Option<Person>), Refusal> {
	let address = count(app, peer, request.headers())?;
	let malformed = "the body has to be JSON with a challenge and a signature, at most 4 KiB";
	let SignIn { challenge, signature, recovers } = request::json(app, request, malformed).await?;
	let realm = app.authority.realm().await?;
	let signed = app.sessions.check(&realm, &challenge, &signature, request::now())?;
	let admitted = app.sessions.admit(&signed, address, request::now());
	app.metrics.limited(Limit::SignIns, admitted)?;
	Ok((signed, recovers))
}

/// Counts a request for the address that it comes from, and returns that.
fn count(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Result<Caller, Refusal> {
	let address = Caller::at(proxies::client(peer.ip(), headers, &app.proxies));
	let counted = app.sessions.count_request(address, request::now());
	app.metrics.limited(Limit::SignIns, counted)?;
	Ok(address)
}

/// `DELETE /v1/session`: ends the token.
pub(super) async fn close(
	State(app): State<Arc<App>>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	request::session(&app, &headers).await?;
	app.sessions.close(request::token(&headers)?).await?;
	Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn no_text_is_too_long_to_be_refused() {
		let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		assert!(address(alice).is_some_and(|account| account.to_string() == alice));
		// The library that reads addresses panics on more than 132 of these.
		for bad in
			[String::new(), "1".repeat(64), "1".repeat(133), "1".repeat(100) + &"z".repeat(50)]
		{
			assert!(address(&bad).is_none(), "{bad}");
		}
	}
}
