//! The interface over HTTP; the README lists it.

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
use std::{path::PathBuf, sync::Arc};
use tokio_util::task::TaskTracker;

/// The largest body that is read as JSON.
const MAX_JSON: usize = 4 * 1024;

/// The final block's number, in answers that were decided by it.
const FINALIZED_BLOCK: HeaderName = HeaderName::from_static("x-finalized-block");

/// What requests are answered with.
pub struct App {
	/// Asks the chain.
	pub authority: Authority,
	/// Knows who asks.
	pub sessions: Sessions,
	/// Keeps files.
	pub vault: Vault,
	/// Remembers who was given what.
	pub disclosures: Disclosures,
	/// Says how much of that an account gets.
	pub downloads: Downloads,
	/// Counts.
	pub metrics: Arc<Metrics>,
	/// Where its own files lie.
	pub data: PathBuf,
	/// Lets so many uploads in at once.
	pub uploads: Arc<Slots>,
	/// What goes on when the client's connection does not.
	pub tasks: TaskTracker,
}

/// What everybody may ask.
pub fn router(app: Arc<App>) -> Router {
	let records = "/v1/patients/{patient}/records/{record}";
	let uploads = "/v1/patients/{patient}/uploads/{digest}";
	let upload = head(uploads::progress).patch(uploads::receive).delete(uploads::discard);
	let paths = Router::new()
		.route("/health", get(health::health))
		.route("/v1/challenge", get(challenge::challenge))
		.route("/v1/session", post(challenge::open).delete(challenge::close))
		.route(uploads, upload)
		.route(records, get(documents::record))
		.route("/v1/patients/{patient}/profile", get(documents::profile))
		.route("/v1/patients/{patient}/disclosures", get(listing::disclosures));
	guarded(paths, app)
}

/// The figures. They are served elsewhere, since who reaches a vault is not who watches it.
pub fn figures(app: Arc<App>) -> Router {
	guarded(Router::new().route("/metrics", get(health::metrics)), app)
}

/// These paths alone, with what holds for every request.
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

/// Nothing is shown inline, guessed at or kept by whoever is in between.
async fn harden<B>(mut response: Response<B>) -> Response<B> {
	let headers = response.headers_mut();
	let no_store = HeaderValue::from_static("no-store");
	headers.insert(header::CACHE_CONTROL, no_store);
	let no_sniff = HeaderValue::from_static("nosniff");
	headers.insert(header::X_CONTENT_TYPE_OPTIONS, no_sniff);
	response
}

/// The number of the block that decided, for an answer's headers.
fn decided_by(number: u32) -> [(HeaderName, HeaderValue); 1] {
	[(FINALIZED_BLOCK, HeaderValue::from(number))]
}
