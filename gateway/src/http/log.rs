//! What the vault shows of its log.

use super::{App, decided_by, request, signed};
use crate::{
	authority::{Question, wall_clock},
	errors::Refusal,
	receipts::{self, Log, broken},
};
use axum::{
	Json,
	extract::{Path, Query, State, rejection::QueryRejection},
	http::HeaderMap,
	response::IntoResponse,
};
use medblock_receipts::{Hash, LogHead, Signed, Tree};
use medblock_vault_protocol::{
	paths::parse_digest,
	receipts::{
		ChartLog, ChartLogPage, ChartLogQuery, Growth, GrowthQuery, Log as SignedLog, LogLine,
		MAX_LINES, Place, PlaceQuery, VaultAccount,
	},
};
use medblock_views::Hex;
use std::{io, sync::Arc};

/// `GET /v1/log`: the log as it is now.
pub(super) async fn log(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Refusal> {
	let log = current(&app).await?;
	let id = log.id();
	let Tree { size, root } = read(&app, log, Log::tree).await?;
	let head = LogHead { log: id, size, root, time: wall_clock() };
	Ok(Json(SignedLog::from(Signed::by(app.receipts.key(), head))))
}

/// `GET /v1/log/account`: the account that the hospital's controller may name as the vault's.
pub(super) async fn account(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Refusal> {
	let realm = app.authority.realm().await?;
	let (account, proof) = (app.receipts.account().to_string(), app.receipts.proof(&realm.genesis));
	Ok(Json(VaultAccount { account, proof: Hex(proof) }))
}

/// `GET /v1/log/growth`: that the log has grown from one size to another.
pub(super) async fn growth(
	State(app): State<Arc<App>>,
	query: Result<Query<GrowthQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
	let malformed = "?from= and &to= have to be numbers";
	let Query(GrowthQuery { from, to }) = query.map_err(|_| Refusal::BadRequest(malformed))?;
	let log = current(&app).await?;
	let proof = read(&app, log, move |log| log.growth(from, to)).await?;
	Ok(Json(Growth { proof: shown(proof.ok_or(Refusal::NotInLog)?) }))
}

/// `GET /v1/log/leaves/{leaf}`: that the log has a leaf at its place.
pub(super) async fn leaf(
	State(app): State<Arc<App>>,
	Path(leaf): Path<String>,
	query: Result<Query<PlaceQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
	let leaf = parse_digest(&leaf).ok_or(Refusal::NotFound)?;
	let malformed = "?index= and &size= have to be numbers";
	let Query(PlaceQuery { index, size }) = query.map_err(|_| Refusal::BadRequest(malformed))?;
	let log = current(&app).await?;
	let proof = read(&app, log, move |log| log.place(&leaf, index, size)).await?;
	Ok(Json(Place { proof: shown(proof.ok_or(Refusal::NotInLog)?) }))
}

/// `GET /v1/patients/{patient}/log`: what was given out of a chart, for the patient alone.
pub(super) async fn chart(
	State(app): State<Arc<App>>,
	Path(patient): Path<String>,
	query: Result<Query<ChartLogQuery>, QueryRejection>,
	headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
	let session = request::session(&app, &headers).await?;
	let patient = request::patient(&patient)?;
	let malformed = "?size=, &after= and &limit= have to be numbers";
	let Query(ChartLogQuery { size, after, limit }) =
		query.map_err(|_| Refusal::BadRequest(malformed))?;
	let permit = app.authority.check(&session.account, patient, Question::Disclosures).await?;
	let log = signed::log(&app, &permit.finalized).await?.ok_or(Refusal::NoLog)?;
	let limit = limit.unwrap_or(MAX_LINES).clamp(1, MAX_LINES);
	let reading = move |log: &Log| log.page(patient, size, after, limit, wall_clock());
	let page = read(&app, log, reading).await?.ok_or(Refusal::NotInLog)?;
	// What lies between was removed since the page before. Then the client begins anew, or it would miss something.
	if after.is_some_and(|after| after.saturating_add(1) < page.head.first) {
		return Err(Refusal::TooMany { seconds: 1 });
	}
	let body = ChartLogPage {
		head: ChartLog::from(Signed::by(app.receipts.key(), page.head)),
		items: page.items.iter().map(LogLine::from).collect(),
		next: page.next,
	};
	Ok((decided_by(permit.finalized.number), Json(body)))
}

/// The log by the present final block.
async fn current(app: &App) -> Result<Arc<Log>, Refusal> {
	let block = app.authority.view().await?.block();
	signed::log(app, &block).await?.ok_or(Refusal::NoLog)
}

/// Reads something of the log, on a thread that may wait.
async fn read<T: Send + 'static>(
	app: &App,
	log: Arc<Log>,
	reading: impl FnOnce(&Log) -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
	receipts::blocking(move || reading(log.as_ref())).await.map_err(|why| {
		app.metrics.failed(&why);
		broken(&why)
	})
}

fn shown(proof: Vec<Hash>) -> Vec<Hex<32>> {
	proof.into_iter().map(Hex).collect()
}
