//! The requests that a client's address has under way, so that none holds what others need. Clients behind a proxy come
//! from one address, and over HTTP/2 many requests come through one connection: so it is the requests that count.

use super::{App, held::Held};
use crate::{door::Caller, errors::Refusal, metrics::Limit, proxies};
use axum::{
	extract::{ConnectInfo, Request, State},
	middleware::Next,
	response::{IntoResponse, Response},
};
use std::{
	collections::HashMap,
	net::SocketAddr,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The requests under way, by address.
pub struct InFlight {
	each: usize,
	by_client: Mutex<HashMap<Caller, usize>>,
}

/// A request under way.
struct Running {
	client: Caller,
	all: Arc<InFlight>,
}

impl InFlight {
	/// Lets each address have so many requests under way.
	pub fn new(each: usize) -> Self {
		Self { each, by_client: Mutex::default() }
	}

	fn begin(self: &Arc<Self>, client: Caller) -> Result<Running, Refusal> {
		let mut by_client = self.by_client();
		let own = by_client.get(&client).copied().unwrap_or_default();
		if own >= self.each {
			return Err(Refusal::TooMany { seconds: 1 });
		}
		by_client.insert(client, own + 1);
		Ok(Running { client, all: self.clone() })
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn by_client(&self) -> MutexGuard<'_, HashMap<Caller, usize>> {
		self.by_client.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Drop for Running {
	fn drop(&mut self) {
		let mut by_client = self.all.by_client();
		let left = by_client.get(&self.client).map_or(0, |own| own.saturating_sub(1));
		match left {
			0 => by_client.remove(&self.client),
			left => by_client.insert(self.client, left),
		};
	}
}

/// Middleware around every request of the vault's. A proxy that does not say who its client is has no limit, as it has
/// none of connections.
pub(super) async fn limit(
	State(app): State<Arc<App>>,
	ConnectInfo(peer): ConnectInfo<SocketAddr>,
	request: Request,
	next: Next,
) -> Response {
	let client = proxies::client(peer.ip(), request.headers(), &app.proxies);
	if app.proxies.iter().any(|one| one.contains(client)) {
		return next.run(request).await;
	}
	match app.metrics.limited(Limit::Requests, app.in_flight.begin(Caller::at(client))) {
		Ok(running) => next.run(request).await.map(|body| Held::body(body, running)),
		Err(why) => why.into_response(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn one_address_leaves_the_others_their_requests_and_nothing_behind() {
		let all = Arc::new(InFlight::new(2));
		let at = |address: &str| Caller::at(address.parse().unwrap());
		let mut own = [(); 2].map(|()| Some(all.begin(at("192.0.2.1")).unwrap()));
		assert!(all.begin(at("::ffff:192.0.2.1")).is_err(), "it is the same address");
		let others = all.begin(at("192.0.2.2")).unwrap();
		own[0] = None;
		let again = all.begin(at("192.0.2.1")).unwrap();
		drop((own, others, again));
		assert!(all.by_client().is_empty());
	}
}
