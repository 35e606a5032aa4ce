//! Copies of accounts' keys, each sealed to a passkey.

use super::{App, challenge, request};
use crate::{
	door::Caller,
	errors::{Refusal, SignInRefusal},
	proxies,
};
use axum::{
	body::Body,
	extract::{ConnectInfo, Path, Request, State},
	http::{HeaderMap, StatusCode, header},
	response::IntoResponse,
};
use medblock_vault_protocol::{
	copies::{LOCATOR_LENGTH, MAX_LENGTH, is_age_file},
	headers::DOCUMENT,
	paths::parse_digest,
};
use std::{net::SocketAddr, sync::Arc};
use tokio::task::JoinHandle;

/// `GET /v1/keys/{locator}`: a copy, for any caller who knows its locator.
pub(super) async fn get(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	Path(locator): Path<String>,
	headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
	let client = proxies::client(peer.ip(), &headers, &app.proxies);
	app.copies.count_reader(&Caller::at(client), request::now())?;
	let file = app.copies.find(&parsed(&locator)?).await?;
	let described = [(header::CONTENT_TYPE, DOCUMENT), (header::CONTENT_DISPOSITION, "attachment")];
	Ok((described, file))
}

/// `PUT /v1/keys/{locator}`: keeps a copy of the account's, or replaces it.
pub(super) async fn put(
	State(app): State<Arc<App>>,
	Path(locator): Path<String>,
	headers: HeaderMap,
	body: Body,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers).await?;
	let locator = parsed(&locator)?;
	app.copies.count_writer(&session.account.0, request::now())?;
	let length = request::number(&headers, header::CONTENT_LENGTH.as_str())?;
	if length.is_some_and(|length| length > MAX_LENGTH as u64) {
		return Err(Refusal::TooLarge { limit: MAX_LENGTH as u64 });
	}
	if !app.authority.knows(&session.account).await? {
		return Err(SignInRefusal::UnknownAccount.into());
	}
	let file = request::bytes(&app, body, MAX_LENGTH).await?;
	if !is_age_file(&file) {
		return Err(Refusal::NotAnAgeFile);
	}
	let (of_task, account) = (app.clone(), session.account.0);
	let putting = async move { of_task.copies.put(&locator, &account, &file).await };
	ended(app.tasks.spawn(putting)).await
}

/// `DELETE /v1/keys/{locator}`: removes a copy of the account's. The chain is not asked again, so an account may do
/// this as long as its session lasts. Once the chain does not know an account any more, it gets no new session.
pub(super) async fn remove(
	State(app): State<Arc<App>>,
	Path(locator): Path<String>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers).await?;
	app.copies.count_writer(&session.account.0, request::now())?;
	let (locator, of_task, account) = (parsed(&locator)?, app.clone(), session.account.0);
	let removing = async move { of_task.copies.remove(&locator, &account).await };
	ended(app.tasks.spawn(removing)).await
}

/// `DELETE /v1/keys`: removes all copies of the account's.
pub(super) async fn remove_all(
	State(app): State<Arc<App>>,
	headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
	let session = request::session(&app, &headers).await?;
	app.copies.count_writer(&session.account.0, request::now())?;
	remove_all_of(app, session.account.0).await
}

/// `POST /v1/keys/removal`: removes all copies of the account that signed the challenge. It needs no session, which the
/// chain's strangers do not get: an account that the chain does not know any more may still have copies here.
pub(super) async fn remove_signed(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	request: Request,
) -> Result<StatusCode, Refusal> {
	let (signed, _) = challenge::signed(&app, peer, request).await?;
	let account = app.sessions.use_up(signed, request::now()).await?;
	app.copies.count_writer(&account.0, request::now())?;
	remove_all_of(app, account.0).await
}

async fn remove_all_of(app: Arc<App>, account: [u8; 32]) -> Result<StatusCode, Refusal> {
	let of_task = app.clone();
	let removing = async move { of_task.copies.remove_all(&account).await };
	ended(app.tasks.spawn(removing)).await
}

/// Waits for a change of copies. It is made to its end even if the connection, and this request with it, is lost:
/// otherwise a copy could reach the store after its account is no longer locked, and be counted nowhere.
async fn ended(change: JoinHandle<Result<(), Refusal>>) -> Result<StatusCode, Refusal> {
	change.await.map_err(|_| Refusal::ShuttingDown)??;
	Ok(StatusCode::NO_CONTENT)
}

/// The locator in a path. One of another form is as unknown as any.
fn parsed(locator: &str) -> Result<[u8; LOCATOR_LENGTH], Refusal> {
	parse_digest(locator).ok_or(Refusal::NoSuchCopy)
}
