//! Signing in and out.

use super::{App, request};
use crate::errors::{Refusal, SignInRefusal};
use axum::{
	Json,
	extract::{Query, Request, State},
	http::{HeaderMap, StatusCode},
	response::IntoResponse,
};
use medblock_client::chain::AccountId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Who {
	account: String,
}

#[derive(Serialize)]
struct Asked {
	domain: String,
	genesis: String,
	account: String,
	nonce: String,
	issued: u64,
	expires: u64,
}

/// `GET /v1/challenge`: the parts of the text to sign. The client puts them together itself, so that
/// it can't be made to sign anything else.
pub(super) async fn challenge(
	State(app): State<Arc<App>>,
	who: Result<Query<Who>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
	let bad = || Refusal::BadRequest("?account= has to be an account's SS58 address");
	let Query(who) = who.map_err(|_| bad())?;
	let account: AccountId = who.account.parse().map_err(|_| bad())?;
	let realm = app.authority.realm().await?;
	let challenge = app.sessions.challenge(&realm, &account, request::now())?;
	Ok(Json(Asked {
		domain: challenge.domain,
		genesis: format!("0x{}", hex::encode(challenge.genesis)),
		account: challenge.account,
		nonce: challenge.nonce,
		issued: challenge.issued,
		expires: challenge.expires,
	}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
	challenge: String,
	signature: String,
}

#[derive(Serialize)]
struct SignedIn {
	token: String,
	expires: u64,
}

/// `POST /v1/session`: a token for a signed challenge.
pub(super) async fn open(
	State(app): State<Arc<App>>,
	request: Request,
) -> Result<impl IntoResponse, Refusal> {
	let malformed = "the body has to be JSON with a challenge and a signature, at most 4 KiB";
	let SignIn { challenge, signature } = request::json(&app, request, malformed).await?;
	let realm = app.authority.realm().await?;
	let signed = app.sessions.check(&realm, &challenge, &signature, request::now())?;
	if !app.authority.knows(signed.account()).await? {
		return Err(SignInRefusal::UnknownAccount.into());
	}
	let token = app.sessions.open(signed, request::now())?;
	let body = SignedIn { token: token.token.to_string(), expires: token.expires };
	Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /v1/session`: the token is void.
pub(super) async fn close(
	State(app): State<Arc<App>>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	request::session(&app, &headers)?;
	app.sessions.close(request::token(&headers)?);
	Ok(StatusCode::NO_CONTENT)
}
