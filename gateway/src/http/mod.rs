//! The HTTP interface: the protocol of [`medblock_vault_protocol`], and the metrics.

mod challenge;
mod copies;
mod cors;
mod documents;
mod files;
mod guard;
mod hang_up;
mod heads;
mod health;
mod held;
mod in_flight;
mod limits;
mod listing;
mod log;
mod observe;
mod pages;
pub mod request;
mod rpc;
mod signed;
mod texts;
mod uploads;

use crate::{
	authority::{Authority, View},
	copies::Copies,
	disclosures::Disclosures,
	door::Door,
	downloads::{DownloadSlot, DownloadSlots, Downloads},
	errors::Refusal,
	metrics::{Limit, Metrics},
	portal::Pages,
	proxies::Network,
	receipts::Receipts,
	recent::Recent,
	sessions::{Session, Sessions},
	state::Leader,
	texts::Texts,
	vault::{Vault, slots::Slots},
};

use axum::{
	Router,
	extract::DefaultBodyLimit,
	http::{HeaderMap, HeaderName, HeaderValue, Response, header},
	middleware,
	routing::{delete, get, head, post},
};
pub use hang_up::HangUp;
pub use held::Held;
pub use in_flight::InFlight;
use medblock_vault_protocol::{MAX_JSON, headers, paths};
pub use request::now;
use std::{sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;

/// The header with the number of the final block by which an answer was decided.
const FINALIZED_BLOCK: HeaderName = HeaderName::from_static(headers::FINALIZED_BLOCK);

/// How long the nodes' last word counts for monitoring.
pub const GLANCE: Duration = Duration::from_secs(1);

/// The parts of the gateway that answer requests.
pub struct App {
	/// Decides access.
	pub authority: Authority,
	/// The last word of the nodes, for monitoring: a flood of such requests asks them once a second.
	pub glance: Recent<Result<View, Refusal>>,
	/// Whether the log of disclosures can be used, for monitoring.
	pub log: Recent<Result<(), Refusal>>,
	/// How much is used of the quota for uploads that no final block names, for monitoring.
	pub unnamed: Recent<Result<u64, Refusal>>,
	/// Authenticates accounts.
	pub sessions: Sessions,
	/// Keeps files.
	pub vault: Vault,
	/// Says whether this gateway does what one of several has to do.
	pub leader: Leader,
	/// Keeps copies of accounts' keys.
	pub copies: Copies,
	/// Keeps what doctors tell of emergencies.
	pub texts: Texts,
	/// Records what was given out.
	pub disclosures: Disclosures,
	/// Proves what was given out.
	pub receipts: Receipts,
	/// Limits downloads.
	pub downloads: Downloads,
	/// Limits downloads at once.
	pub download_slots: Arc<DownloadSlots>,
	/// Counts requests and failures.
	pub metrics: Arc<Metrics>,
	/// The door to the node, if it is open.
	pub door: Option<Door>,
	/// The proxies whose word on a client's address counts.
	pub proxies: Vec<Network>,
	/// The web pages, if the gateway has some.
	pub portal: Option<Pages>,
	/// Whether clients reach the gateway over TLS.
	pub is_secure: bool,
	/// Limits requests at once.
	pub in_flight: Arc<InFlight>,
	/// Limits uploads at once.
	pub uploads: Arc<Slots>,
	/// Work that continues when the client's connection is lost.
	pub tasks: TaskTracker,
}

impl App {
	/// Takes so many of the account's downloads, and a slot for them.
	fn download(&self, session: &Session, number: usize) -> Result<DownloadSlot, Refusal> {
		let account = &session.account.0;
		let taken = self.download_slots.take(account).and_then(|slot| {
			self.downloads.take(account, number, request::now())?;
			Ok(slot)
		});
		self.metrics.limited(Limit::Downloads, taken)
	}
}

/// The routes of the vault's protocol.
pub fn router(app: Arc<App>) -> Router {
	let upload = head(uploads::progress).patch(uploads::receive).delete(uploads::discard);
	let paths = Router::new()
		.route(paths::HEALTH, get(health::health))
		.route(paths::LIMITS, get(limits::limits))
		.route(paths::CHALLENGE, get(challenge::challenge))
		.route(paths::SESSION, post(challenge::open).delete(challenge::close))
		.route(paths::UPLOAD, upload)
		.route(paths::RECORD, get(documents::document))
		.route(paths::RECORD_FILE, get(files::file))
		.route(paths::PROFILE_FILE, get(files::file))
		.route(paths::HEADS, post(heads::heads))
		.route(paths::PROFILE, get(documents::document))
		.route(paths::KEY_COPIES, delete(copies::remove_all))
		.route(paths::KEY_COPIES_REMOVAL, post(copies::remove_signed))
		.route(paths::KEY_COPY, get(copies::get).put(copies::put).delete(copies::remove))
		.route(paths::EMERGENCY_TEXT, get(texts::get).put(texts::put))
		.route(paths::RPC, get(rpc::open))
		.route(paths::DISCLOSURES, get(listing::disclosures))
		.route(paths::CHART_LOG, get(log::chart))
		.route(paths::LOG, get(log::log))
		.route(paths::LOG_ACCOUNT, get(log::account))
		.route(paths::LOG_GROWTH, get(log::growth))
		.route(paths::LOG_LEAF, get(log::leaf))
		.method_not_allowed_fallback(refuse_method)
		.layer(middleware::from_fn_with_state(app.clone(), cors::share))
		.fallback(pages::page)
		.layer(middleware::from_fn_with_state(app.clone(), in_flight::limit));
	guarded(paths, app)
}

/// The route of the metrics, at an address of its own: the clients of a vault must not see them.
pub fn metrics_router(app: Arc<App>) -> Router {
	let paths = Router::new().route("/metrics", get(health::metrics));
	let paths = paths.method_not_allowed_fallback(refuse_method);
	guarded(paths.fallback(|| async { Refusal::NotFound }), app)
}

/// Adds what holds for every request: limits, logging, hardened headers.
fn guarded(paths: Router<Arc<App>>, app: Arc<App>) -> Router {
	paths
		.layer(DefaultBodyLimit::max(MAX_JSON))
		.layer(middleware::from_fn_with_state(app.clone(), observe::observe))
		.layer(middleware::map_response(harden))
		.with_state(app)
}

async fn refuse_method() -> Refusal {
	Refusal::MethodNotAllowed
}

/// What holds for every answer that does not say otherwise: browsers and proxies neither guess its type nor store
/// it, and it is no page.
const HARDENED: [(HeaderName, &str); 5] = [
	(header::CACHE_CONTROL, "no-store"),
	(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
	(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
	(header::REFERRER_POLICY, "no-referrer"),
	(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

async fn harden<B>(mut response: Response<B>) -> Response<B> {
	harden_headers(response.headers_mut());
	response
}

fn harden_headers(headers: &mut HeaderMap) {
	for (name, value) in HARDENED {
		headers.entry(name).or_insert(HeaderValue::from_static(value));
	}
}

/// The header that names the final block of a decision.
fn decided_by(number: u32) -> [(HeaderName, HeaderValue); 1] {
	[(FINALIZED_BLOCK, HeaderValue::from(number))]
}
