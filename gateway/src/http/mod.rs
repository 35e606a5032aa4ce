//! The HTTP interface: the protocol of [`medblock_vault_protocol`], and the metrics.

mod challenge;
mod documents;
mod health;
mod listing;
mod observe;
mod request;
mod uploads;

use crate::{
	authority::Authority,
	disclosures::Disclosures,
	downloads::Downloads,
	errors::Refusal,
	metrics::Metrics,
	sessions::Sessions,
	vault::{Vault, slots::Slots},
};
use axum::{
	Router,
	extract::DefaultBodyLimit,
	http::{HeaderName, HeaderValue, Response, header},
	middleware,
	routing::{get, head, post},
};
use medblock_vault_protocol::{MAX_JSON, headers, paths};
use std::{path::PathBuf, sync::Arc};
use tokio_util::task::TaskTracker;

/// The header with the number of the final block by which an answer was decided.
const FINALIZED_BLOCK: HeaderName = HeaderName::from_static(headers::FINALIZED_BLOCK);

/// The parts of the gateway that answer requests.
pub struct App {
	/// Decides access.
	pub authority: Authority,
	/// Authenticates accounts.
	pub sessions: Sessions,
	/// Keeps files.
	pub vault: Vault,
	/// Records what was given out.
	pub disclosures: Disclosures,
	/// Limits downloads.
	pub downloads: Downloads,
	/// Counts requests and failures.
	pub metrics: Arc<Metrics>,
	/// The folder of the vault's own files.
	pub data: PathBuf,
	/// Limits uploads at once.
	pub uploads: Arc<Slots>,
	/// Work that continues when the client's connection is lost.
	pub tasks: TaskTracker,
}

/// The routes of the vault's protocol.
pub fn router(app: Arc<App>) -> Router {
	let upload = head(uploads::progress).patch(uploads::receive).delete(uploads::discard);
	let paths = Router::new()
		.route(paths::HEALTH, get(health::health))
		.route(paths::CHALLENGE, get(challenge::challenge))
		.route(paths::SESSION, post(challenge::open).delete(challenge::close))
		.route(paths::UPLOAD, upload)
		.route(paths::RECORD, get(documents::record))
		.route(paths::PROFILE, get(documents::profile))
		.route(paths::DISCLOSURES, get(listing::disclosures));
	guarded(paths, app)
}

/// The route of the metrics, at an address of its own: the clients of a vault must not see them.
pub fn metrics_router(app: Arc<App>) -> Router {
	guarded(Router::new().route("/metrics", get(health::metrics)), app)
}

/// Adds what holds for every request: refusals in JSON, limits, logging, hardened headers.
fn guarded(paths: Router<Arc<App>>, app: Arc<App>) -> Router {
	paths
		.fallback(|| async { Refusal::NotFound })
		.method_not_allowed_fallback(refuse_method)
		.layer(DefaultBodyLimit::max(MAX_JSON))
		.layer(middleware::from_fn_with_state(app.clone(), observe::observe))
		.layer(middleware::map_response(harden))
		.with_state(app)
}

async fn refuse_method() -> Refusal {
	Refusal::MethodNotAllowed
}

/// Forbids browsers and proxies to guess an answer's type or to store it.
async fn harden<B>(mut response: Response<B>) -> Response<B> {
	let headers = response.headers_mut();
	let no_store = HeaderValue::from_static("no-store");
	headers.insert(header::CACHE_CONTROL, no_store);
	let no_sniff = HeaderValue::from_static("nosniff");
	headers.insert(header::X_CONTENT_TYPE_OPTIONS, no_sniff);
	response
}

/// The header that names the final block of a decision.
fn decided_by(number: u32) -> [(HeaderName, HeaderValue); 1] {
	[(FINALIZED_BLOCK, HeaderValue::from(number))]
}
