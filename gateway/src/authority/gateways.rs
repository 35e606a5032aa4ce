//! The gateways of the active hospitals, kept for a minute.

use crate::errors::Refusal;
use medblock_chain::HospitalInfo;
use medblock_portal_files::Origin;
use medblock_vault_protocol::{Address, is_loopback};
use std::{
	future::Future,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};

/// How long the list is kept. Pages of a hospital that was expelled may ask for that much longer.
const LIFETIME: Duration = Duration::from_secs(60);
/// How long to wait before a node that could not be asked is asked again.
const RETRY: Duration = Duration::from_secs(5);

/// The list, and when to ask for it again.
#[derive(Default)]
pub struct Gateways {
	known: Mutex<Option<Known>>,
	/// Held while a node is asked: many requests at once cause one question.
	asking: tokio::sync::Mutex<()>,
}

/// The end of the list's lifetime, and the list.
type Known = (Instant, Arc<[Origin]>);

impl Gateways {
	/// The list, with this gateway's own address. `ask` gives a new one.
	pub async fn read<F>(&self, own: Option<&Address>, ask: impl FnOnce() -> F) -> Arc<[Origin]>
	where
		F: Future<Output = Result<Vec<Address>, Refusal>>,
	{
		let known = self.known();
		if let Some(list) = fresh(known.as_ref()) {
			return list;
		}
		let _turn = match (self.asking.try_lock(), &known) {
			(Ok(turn), _) => turn,
			// Another request asks: the list of before does until there is a new one.
			(Err(_), Some((_, list))) => return list.clone(),
			(Err(_), None) => self.asking.lock().await,
		};
		if let Some(list) = fresh(self.known().as_ref()) {
			return list;
		}
		let (list, lifetime) = match ask().await {
			Ok(found) => {
				let mut list: Vec<Origin> = Vec::new();
				for origin in own.into_iter().chain(&found).map(Origin::from) {
					if !list.contains(&origin) {
						list.push(origin);
					}
				}
				(list.into(), LIFETIME)
			},
			Err(_) => {
				let before = known.map(|(_, list)| list);
				let own = || own.map(Origin::from).into_iter().collect();
				(before.unwrap_or_else(own), RETRY)
			},
		};
		let until = Instant::now() + lifetime;
		let mut slot = self.known.lock().unwrap_or_else(PoisonError::into_inner);
		*slot = Some((until, Arc::clone(&list)));
		list
	}

	fn known(&self) -> Option<Known> {
		self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
	}
}

/// The list, if it need not be asked for again.
fn fresh(known: Option<&Known>) -> Option<Arc<[Origin]>> {
	known.filter(|(until, _)| Instant::now() < *until).map(|(_, list)| list.clone())
}

/// The address of a hospital's gateway, if the chain names one that can be used.
pub fn address_of(hospital: &HospitalInfo) -> Option<Address> {
	std::str::from_utf8(&hospital.gateway).ok()?.parse().ok()
}

/// The address of another hospital's gateway, if it may be asked. Hospitals may reach each other in a private network, so
/// private addresses are asked like any other (docs/adr/0019). A loopback address would be this machine's own: it is
/// asked only in a network of which this gateway, too, is on one machine.
pub fn reachable(other: Option<Address>, own: Option<&Address>) -> Result<Address, String> {
	let other = other.ok_or_else(|| "has no address".to_owned())?;
	let is_local = |address: &Address| is_loopback(address.as_url());
	if is_local(&other) && !own.is_some_and(is_local) {
		return Err("has an address that is this machine's own".to_owned());
	}
	Ok(other)
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::sync::atomic::{AtomicU32, Ordering};

	fn address(text: &str) -> Address {
		text.parse().unwrap()
	}

	#[tokio::test]
	async fn own_address_is_listed_once_and_without_a_node_too() {
		let own = address("https://own.example");
		let down = Gateways::default();
		let list = down.read(Some(&own), async || Err(Refusal::NodeUnreachable)).await;
		assert_eq!(*list, [Origin::from(&own)]);

		let up = Gateways::default();
		let found = vec![address("https://own.example/med"), address("https://north.example")];
		let list = up.read(Some(&own), async || Ok(found)).await;
		assert_eq!(*list, [Origin::from(&own), Origin::from(&address("https://north.example"))]);
		let again = up.read(Some(&own), async || panic!("it is known for a minute")).await;
		assert_eq!(*again, *list);
	}

	#[tokio::test]
	async fn many_requests_at_once_cause_one_question() {
		let (gateways, asked) = (Gateways::default(), AtomicU32::new(0));
		let ask = || async {
			asked.fetch_add(1, Ordering::Relaxed);
			tokio::task::yield_now().await;
			Ok(vec![address("https://north.example")])
		};
		let all = futures::future::join_all((0..20).map(|_| gateways.read(None, ask))).await;
		assert!(all.iter().all(|list| list.len() == 1));
		assert_eq!(asked.into_inner(), 1);
	}

	#[test]
	fn loopback_addresses_are_asked_in_networks_of_one_machine_only() {
		let address = |text: &str| text.parse::<Address>().ok();
		let public = address("https://north.example").unwrap();
		let local = address("http://127.0.0.1:8440").unwrap();
		for (other, own, is_asked) in [
			("https://south.example", Some(&public), true),
			("https://10.0.0.7:8440", Some(&public), true),
			("https://south.example", None, true),
			("http://127.0.0.1:9615", Some(&public), false),
			("http://localhost:9615", Some(&public), false),
			("https://[::1]:9615", Some(&public), false),
			("http://127.0.0.1:9615", None, false),
			("http://127.0.0.1:8441", Some(&local), true),
		] {
			assert_eq!(reachable(address(other), own).is_ok(), is_asked, "{other}");
		}
		assert!(reachable(None, Some(&public)).is_err());
	}
}
